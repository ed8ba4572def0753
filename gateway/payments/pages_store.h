// SPDX-License-Identifier: Apache-2.0
//
// The one way a list is cut into pages, for every table with a time-ordered id.
#pragma once

#include "gateway/payments/payments_store.h"
#include "ledger/store/database.h"

#include <algorithm>
#include <string>
#include <utility>

namespace causeway::gateway {

/// Completes "SELECT ... WHERE a = $1 AND b = $2 AND " with a page's bounds and order.
class PageQuery {
  public:
    PageQuery(std::string select, const std::string& id_column, const Page& page)
        : page_(page), backwards_(page.ending_before.has_value()) {
        // Ids of version 7 grow with time, so both bounds are always there and cost nothing.
        sql_ = std::move(select);
        sql_ += id_column + " < $3 AND " + id_column + " > $4 AND created_us >= $5 AND " +
                "created_us < $6 ORDER BY " + id_column + (backwards_ ? " ASC" : " DESC") +
                " LIMIT $7";
    }

    /// Newest first, whichever way the page was asked for.
    template <class T, class Read>
    [[nodiscard]] Result<Listed<T>> run(ledger::Transaction& tx,
                                        const Uuid& first,
                                        bool second,
                                        Read read) const {
        Uuid last;
        last.bytes.fill(0xFF);
        const Uuid below = page_.starting_after.value_or(last);
        const Uuid above = page_.ending_before.value_or(Uuid{});
        Listed<T> listed;
        const Result<void> outcome =
            tx.query(sql_,
                     {first,
                      second,
                      below,
                      above,
                      page_.created_from.value_or(Timestamp::min()),
                      page_.created_until.value_or(Timestamp::max()),
                      page_.limit + 1},
                     [&](const ledger::Row& row) { listed.rows.push_back(read(row)); });
        if (!outcome) return outcome.error();
        if (listed.rows.size() > static_cast<std::size_t>(page_.limit)) {
            listed.has_more = true;
            listed.rows.pop_back();
        }
        if (backwards_) std::ranges::reverse(listed.rows);
        return listed;
    }

  private:
    Page page_;
    bool backwards_;
    std::string sql_;
};

}  // namespace causeway::gateway
