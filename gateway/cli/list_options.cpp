// SPDX-License-Identifier: Apache-2.0
#include "gateway/cli/list_options.h"

#include <charconv>

namespace causeway::gateway {
namespace {

constexpr int kLimitMax = 1'000;

Result<std::optional<Uuid>> id_option(const CommandRequest& request,
                                      const std::string& option,
                                      std::string_view prefix) {
    if (!request.flag(option)) return std::optional<Uuid>();
    const Result<Uuid> id = parse_id(prefix, request.option(option));
    if (id) return std::optional<Uuid>(*id);
    return Error(ErrorCode::invalid_argument,
                 "--" + option + " must be an id such as " + std::string(prefix) + "_01J...");
}

// A table's rows without its title.
std::string_view untitled(std::string_view table) {
    const std::size_t end = table.find('\n');
    return end == std::string_view::npos ? std::string_view() : table.substr(end + 1);
}

using NextPage = std::function<Result<PrintedPage>(const ListOptions&)>;

OutputPieces to_the_end(NextPage next, ListOptions from, bool as_json) {
    return [next = std::move(next), from, as_json, first = true](
               std::string& piece) mutable -> Result<bool> {
        const Result<PrintedPage> page = next(from);
        if (!page) return page.error();
        if (as_json) {
            const std::string_view before = first ? "[" : ",";
            if (first || !page->is_empty) piece += before;
            piece += page->text;
            if (!page->has_more) piece += "]\n";
        } else {
            piece += first ? std::string_view(page->text) : untitled(page->text);
        }
        first = false;
        from.after = page->last;
        return page->has_more;
    };
}

}  // namespace

Result<ListOptions> read_list_options(const CommandRequest& request, std::string_view prefix) {
    ListOptions options;
    const Result<std::optional<Uuid>> merchant = id_option(request, "merchant", "mer");
    if (!merchant) return merchant.error();
    const Result<std::optional<Uuid>> payment = id_option(request, "payment", "pay");
    if (!payment) return payment.error();
    const Result<std::optional<Uuid>> after = id_option(request, "starting-after", prefix);
    if (!after) return after.error();
    options.after = *after;
    options.all = request.flag("all");
    options.merchant = *merchant;
    options.payment = *payment;
    if (options.all) options.limit = kLimitMax;
    if (!request.flag("limit")) return options;
    if (options.all) {
        return Error(ErrorCode::invalid_argument, "--all has no --limit");
    }
    const std::string text = request.option("limit");
    const auto [end, wrong] =
        std::from_chars(text.data(), text.data() + text.size(), options.limit);
    const bool whole = wrong == std::errc{} && end == text.data() + text.size();
    if (whole && options.limit >= 1 && options.limit <= kLimitMax) return options;
    return Error(ErrorCode::invalid_argument, "--limit must be 1 to 1000");
}

CommandOutput list_pages(CommandContext& context,
                         const CommandRequest& request,
                         const ListOptions& options,
                         std::string_view prefix,
                         ReadPrintedPage read) {
    const bool as_json = request.flag("json");
    const auto next = [&database = context.database,
                       read = std::move(read)](const ListOptions& from) -> Result<PrintedPage> {
        PrintedPage page;
        const Result<void> done = database.read([&](ledger::Transaction& tx) -> Result<void> {
            Result<PrintedPage> found = read(tx, from);
            if (!found) return found.error();
            page = *std::move(found);
            return {};
        });
        if (!done) return done.error();
        return page;
    };
    if (options.all) return {.files = {}, .pieces = to_the_end(next, options, as_json)};
    const Result<PrintedPage> page = next(options);
    if (!page) return failed(page.error());
    CommandOutput output{.out = as_json ? "[" + page->text + "]\n" : page->text};
    if (page->has_more) {
        output.err = "causeway: there are more: --starting-after " + to_text(prefix, page->last) +
                     " goes on, --all shows all\n";
    }
    return output;
}

Result<Uuid> id_argument(const CommandRequest& request, std::string_view prefix) {
    const std::string text = request.arguments.empty() ? "" : request.arguments.front();
    Result<Uuid> id = parse_id(prefix, text);
    if (id) return id;
    return Error(ErrorCode::invalid_argument,
                 "the id must be one such as " + std::string(prefix) + "_01J...");
}

}  // namespace causeway::gateway
