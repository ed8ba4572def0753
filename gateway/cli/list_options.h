// SPDX-License-Identifier: Apache-2.0
//
// What the lists of payments, refunds and disputes have in common: whose they are, and how many.
#pragma once

#include "gateway/cli/command.h"
#include "gateway/payments/payments_store.h"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace causeway::gateway {

struct ListOptions {
    std::optional<Uuid> merchant;  ///< Nothing: every merchant.
    std::optional<Uuid> payment;
    int limit = 20;
};

/// Errors: `invalid_argument`.
[[nodiscard]] Result<ListOptions> read_list_options(const CommandRequest& request);

/// An id given as the command's argument. Errors: `invalid_argument`.
[[nodiscard]] Result<Uuid> id_argument(const CommandRequest& request, std::string_view prefix);

/// Of both modes, newest first. `list` is list_payments() or one like it.
template <class T, class List>
[[nodiscard]] Result<std::vector<T>> of_merchant(ledger::Transaction& tx,
                                                 const Uuid& merchant,
                                                 int limit,
                                                 List list) {
    std::vector<T> all;
    for (const bool livemode : {false, true}) {
        Result<Listed<T>> listed =
            list(tx, Scope{.merchant = merchant, .livemode = livemode}, Page{.limit = limit});
        if (!listed) return listed.error();
        for (T& row : listed->rows)
            all.push_back(std::move(row));
    }
    std::ranges::sort(all, [](const T& a, const T& b) { return b.id < a.id; });
    if (all.size() > static_cast<std::size_t>(limit)) {
        all.erase(all.begin() + limit, all.end());
    }
    return all;
}

/// Reads rows and prints them: a table, or with --json a list.
template <class T, class Read>
[[nodiscard]] CommandOutput print_list(CommandContext& context,
                                       const CommandRequest& request,
                                       Read read) {
    std::vector<T> rows;
    const Result<void> done = context.database.read([&](ledger::Transaction& tx) -> Result<void> {
        Result<std::vector<T>> found = read(tx);
        if (!found) return found.error();
        rows = *std::move(found);
        return {};
    });
    if (!done) return failed(done.error());
    if (!request.flag("json")) return {.exit_code = kExitOk, .out = table_of(rows), .err = {}};
    boost::json::array array;
    for (const T& row : rows)
        array.push_back(json_of(row));
    return {.exit_code = kExitOk, .out = boost::json::serialize(array) + "\n", .err = {}};
}

}  // namespace causeway::gateway
