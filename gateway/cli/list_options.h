// SPDX-License-Identifier: Apache-2.0
//
// What the lists of payments, refunds, disputes and receipts have in common: whose they are, how
// many, and where they go on. A list that does not show everything says so on standard error.
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
    std::optional<Uuid> after;  ///< Only what stands behind it in the list.
    bool all = false;           ///< Page by page to the end.
    int limit = 20;
};

/// `prefix`: of the ids of what is listed. Errors: `invalid_argument`.
[[nodiscard]] Result<ListOptions> read_list_options(const CommandRequest& request,
                                                    std::string_view prefix);

/// An id given as the command's argument. Errors: `invalid_argument`.
[[nodiscard]] Result<Uuid> id_argument(const CommandRequest& request, std::string_view prefix);

/// A page of a list, printed.
struct PrintedPage {
    std::string text;  ///< A table; with --json objects, separated by commas.
    bool is_empty = true;
    bool has_more = false;
    Uuid last;
};
/// `options` hold where the page begins and how long it is at most.
using ReadPrintedPage =
    std::function<Result<PrintedPage>(ledger::Transaction&, const ListOptions&)>;

/// One page, or with --all every one.
[[nodiscard]] CommandOutput list_pages(CommandContext& context,
                                       const CommandRequest& request,
                                       const ListOptions& options,
                                       std::string_view prefix,
                                       ReadPrintedPage read);

/// `rows` are at least one more than the limit when there are more.
template <class T, class Table, class Json>
[[nodiscard]] PrintedPage page_of(
    std::vector<T> rows, const ListOptions& options, bool as_json, Table table, Json json) {
    PrintedPage page{.is_empty = rows.empty(), .has_more = std::ssize(rows) > options.limit};
    if (page.has_more) rows.erase(rows.begin() + options.limit, rows.end());
    if (!rows.empty()) page.last = rows.back().id;
    if (!as_json) {
        page.text = table(rows);
        return page;
    }
    for (const T& row : rows)
        page.text += (page.text.empty() ? "" : ",") + boost::json::serialize(json(row));
    return page;
}

/// Those of a short list, newest first, that stand behind the cursor.
template <class T>
void leave_behind(std::vector<T>& rows, const std::optional<Uuid>& after) {
    std::ranges::sort(rows, [](const T& a, const T& b) { return b.id < a.id; });
    if (after) std::erase_if(rows, [&after](const T& row) { return !(row.id < *after); });
}

/// Of both modes, newest first. `list` is list_payments() or one like it.
template <class T, class List>
[[nodiscard]] Result<std::vector<T>> of_merchant(ledger::Transaction& tx,
                                                 const Uuid& merchant,
                                                 const std::optional<Uuid>& after,
                                                 int limit,
                                                 List list) {
    std::vector<T> all;
    for (const bool livemode : {false, true}) {
        Result<Listed<T>> listed = list(tx,
                                        Scope{.merchant = merchant, .livemode = livemode},
                                        Page{.limit = limit, .starting_after = after});
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

/// As list_pages(), of rows that have a table_of() and a json_of(). `read` gives one more than the
/// limit when there are more.
template <class T, class Read>
[[nodiscard]] CommandOutput list_rows(CommandContext& context,
                                      const CommandRequest& request,
                                      const ListOptions& options,
                                      std::string_view prefix,
                                      Read read) {
    return list_pages(context,
                      request,
                      options,
                      prefix,
                      [read, as_json = request.flag("json")](
                          ledger::Transaction& tx, const ListOptions& from) -> Result<PrintedPage> {
                          Result<std::vector<T>> rows = read(tx, from);
                          if (!rows) return rows.error();
                          return page_of(
                              *std::move(rows),
                              from,
                              as_json,
                              [](const std::vector<T>& all) { return table_of(all); },
                              [](const T& row) { return json_of(row); });
                      });
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
