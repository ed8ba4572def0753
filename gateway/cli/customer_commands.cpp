// SPDX-License-Identifier: Apache-2.0
#include "gateway/cli/customer_commands.h"

#include "gateway/cli/text_table.h"
#include "gateway/customers/customer_view.h"
#include "gateway/merchants/merchants_store.h"
#include "gateway/webhooks/event.h"
#include "ledger/store/commit_queue.h"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <charconv>

namespace json = boost::json;

namespace causeway::gateway {
namespace {

using ledger::Transaction;

constexpr int kLimitMax = 100;

CommandOutput no_vault() {
    return usage_error("personal data are sealed: say --config FILE, which names the vault's key");
}

Result<Scope> scope_of(const CommandRequest& request) {
    const Result<Uuid> merchant = parse_id("mer", request.option("merchant"));
    if (!merchant) return Error(ErrorCode::invalid_argument, "--merchant must be mer_01J...");
    const std::string mode = request.option("mode");
    if (mode != "test" && mode != "live") {
        return Error(ErrorCode::invalid_argument, "--mode must be test or live");
    }
    return Scope{.merchant = *merchant, .livemode = mode == "live"};
}

// The options as the body that POST /v1/customers would have had: one set of checks for both.
Result<Customer> read_options(const CommandRequest& request) {
    json::object body;
    for (const auto& [option, field] : {std::pair("name", "name"),
                                        std::pair("email", "email"),
                                        std::pair("country", "country"),
                                        std::pair("date-of-birth", "date_of_birth")}) {
        if (request.flag(option)) body[field] = request.option(option);
    }
    std::vector<FieldError> errors;
    ObjectReader reader(body, "", errors);
    Customer customer = read_new_customer(reader);
    if (errors.empty()) return customer;
    return Error(ErrorCode::invalid_argument,
                 "--" + errors.front().pointer.substr(1) + " " + errors.front().detail);
}

Result<Page> read_page(const CommandRequest& request) {
    Page page;
    if (request.flag("limit")) {
        const std::string text = request.option("limit");
        const auto [end, failed_to] =
            std::from_chars(text.data(), text.data() + text.size(), page.limit);
        const bool whole = failed_to == std::errc{} && end == text.data() + text.size();
        if (!whole || page.limit < 1 || page.limit > kLimitMax) {
            return Error(ErrorCode::invalid_argument, "--limit must be 1 to 100");
        }
    }
    if (request.flag("starting-after")) {
        const Result<Uuid> id = parse_id("cus", request.option("starting-after"));
        if (!id) return Error(ErrorCode::invalid_argument, "--starting-after must be cus_01J...");
        page.starting_after = *id;
    }
    return page;
}

std::string table_of(const std::vector<Customer>& customers) {
    TextTable table({{"ID"}, {"CREATED"}, {"COUNTRY"}, {"NAME"}, {"E-MAIL"}});
    for (const Customer& one : customers) {
        table.row({to_text("cus", one.id),
                   to_rfc3339(one.created_at),
                   one.country.value_or("-"),
                   printable(one.person.name.value_or("-")),
                   printable(one.person.email.value_or("-"))});
    }
    return table.empty() ? std::string() : table.to_string();
}

CommandOutput shown(const CommandRequest& request, const Customer& customer) {
    const std::string text =
        request.flag("json") ? render_customer(customer) + "\n" : table_of({customer});
    return {.exit_code = kExitOk, .out = text, .err = {}};
}

// As the API tells it, and no request caused it.
EventFacts created_event(const Customer& customer) {
    return {.scope = customer.scope,
            .type = "customer.created",
            .object = render_customer_in_event(customer),
            .previous = {},
            .request_id = {},
            .idempotency_key = std::nullopt};
}

}  // namespace

CommandOutput customers_create(CommandContext& context, const CommandRequest& request) {
    if (context.vault == nullptr) return no_vault();
    const Result<Scope> scope = scope_of(request);
    if (!scope) return failed(scope.error());
    Result<Customer> customer = read_options(request);
    if (!customer) return failed(customer.error());
    customer->id = context.ids.next();
    customer->scope = *scope;
    customer->created_at = context.clock.now();
    const Result<int> stored =
        context.database.writer().commit<int>([&](Transaction& tx) -> Result<int> {
            const Result<Merchant> known = load_merchant(tx, scope->merchant);
            if (!known) return known.error();
            const Result<void> inserted = insert_customer(tx, *context.vault, *customer);
            if (!inserted) return inserted.error();
            const Result<Uuid> told =
                record_event(tx, context.ids, context.clock, created_event(*customer));
            if (!told) return told.error();
            return 0;
        });
    if (!stored) return failed(stored.error());
    return shown(request, *customer);
}

CommandOutput customers_list(CommandContext& context, const CommandRequest& request) {
    if (context.vault == nullptr) return no_vault();
    const Result<Scope> scope = scope_of(request);
    if (!scope) return failed(scope.error());
    const Result<Page> page = read_page(request);
    if (!page) return failed(page.error());
    std::vector<Customer> customers;
    const Result<void> read = context.database.read([&](Transaction& tx) -> Result<void> {
        Result<Listed<Customer>> listed = list_customers(tx, *context.vault, *scope, *page);
        if (!listed) return listed.error();
        customers = std::move(listed->rows);
        return {};
    });
    if (!read) return failed(read.error());
    if (!request.flag("json")) return {.exit_code = kExitOk, .out = table_of(customers), .err = {}};
    std::string rows;
    for (const Customer& customer : customers)
        rows += (rows.empty() ? "" : ",") + render_customer(customer);
    return {.exit_code = kExitOk, .out = "[" + rows + "]\n", .err = {}};
}

CommandOutput customers_show(CommandContext& context, const CommandRequest& request) {
    if (context.vault == nullptr) return no_vault();
    const Result<Uuid> id = parse_id("cus", request.arguments.empty() ? "" : request.arguments[0]);
    if (!id) return usage_error("the id must be one such as cus_01J...");
    std::optional<Customer> customer;
    const Result<void> read = context.database.read([&](Transaction& tx) -> Result<void> {
        const Result<Scope> scope = scope_of_customer(tx, *id);
        if (!scope) return scope.error();
        Result<Customer> found = load_customer(tx, *context.vault, *id, *scope);
        if (!found) return found.error();
        customer = *std::move(found);
        return {};
    });
    if (!read) return failed(read.error());
    return shown(request, *customer);
}

}  // namespace causeway::gateway
