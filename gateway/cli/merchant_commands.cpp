// SPDX-License-Identifier: Apache-2.0
#include "gateway/cli/merchant_commands.h"

#include "gateway/merchants/merchants_store.h"
#include "ledger/store/commit_queue.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <charconv>

namespace json = boost::json;

namespace causeway::gateway {
namespace {

using ledger::Currency;
using ledger::Transaction;

constexpr std::int64_t kFeeBpsMax = 10'000;
constexpr std::int64_t kFixedFeeMax = 1'000'000'000;
constexpr std::size_t kNameMax = 200;

std::vector<std::string> split(std::string_view text, char separator) {
    std::vector<std::string> parts;
    while (!text.empty()) {
        const std::size_t at = text.find(separator);
        parts.emplace_back(text.substr(0, at));
        text.remove_prefix(at == std::string_view::npos ? text.size() : at + 1);
    }
    return parts;
}

Result<std::int64_t> parse_number(std::string_view text,
                                  std::string_view option,
                                  std::int64_t most) {
    std::int64_t number = 0;
    const auto [end, failed_to] = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool whole = failed_to == std::errc{} && end == text.data() + text.size();
    if (!whole || number < 0 || number > most) {
        return Error(ErrorCode::invalid_argument,
                     "--" + std::string(option) + " must be a whole number from 0 to " +
                         std::to_string(most));
    }
    return number;
}

Result<Currency> parse_currency(const std::string& code, std::string_view option) {
    Result<Currency> currency = Currency::from_code(code);
    if (currency) return currency;
    return Error(ErrorCode::invalid_argument,
                 "--" + std::string(option) + ": " + code + " is no ISO 4217 currency");
}

Result<void> read_fees(const CommandRequest& request, Merchant& merchant) {
    if (request.flag("fee-bps")) {
        const Result<std::int64_t> bps =
            parse_number(request.option("fee-bps"), "fee-bps", kFeeBpsMax);
        if (!bps) return bps.error();
        merchant.fee_bps = *bps;
    }
    for (const std::string& part : split(request.option("fee-fixed"), ',')) {
        const std::size_t equals = part.find('=');
        if (equals == std::string::npos) {
            return Error(ErrorCode::invalid_argument,
                         "--fee-fixed is a list such as USD=30,EUR=25");
        }
        const Result<Currency> currency = parse_currency(part.substr(0, equals), "fee-fixed");
        if (!currency) return currency.error();
        const Result<std::int64_t> fixed =
            parse_number(std::string_view(part).substr(equals + 1), "fee-fixed", kFixedFeeMax);
        if (!fixed) return fixed.error();
        merchant.fixed_fees[std::string(currency->code())] = *fixed;
    }
    return {};
}

Result<Merchant> read_merchant(CommandContext& context, const CommandRequest& request) {
    const std::string name = request.option("name");
    if (name.empty() || name.size() > kNameMax) {
        return Error(ErrorCode::invalid_argument, "--name must have 1 to 200 bytes");
    }
    const std::string country = request.option("country");
    const bool letters = std::ranges::all_of(country, [](char c) { return c >= 'A' && c <= 'Z'; });
    if (country.size() != 2 || !letters) {
        return Error(ErrorCode::invalid_argument, "--country must be two upper-case letters");
    }
    const Result<Currency> currency = parse_currency(request.option("currency"), "currency");
    if (!currency) return currency.error();
    Merchant merchant{.default_currency = *currency, .settlement_currencies = {*currency}};
    for (const std::string& code : split(request.option("settles"), ',')) {
        const Result<Currency> settled = parse_currency(code, "settles");
        if (!settled) return settled.error();
        if (!merchant.settles_in(*settled)) merchant.settlement_currencies.push_back(*settled);
    }
    const Result<void> fees = read_fees(request, merchant);
    if (!fees) return fees.error();
    merchant.platform = request.flag("platform");
    if (request.flag("of")) {
        const Result<Uuid> platform = parse_id("mer", request.option("of"));
        if (!platform) return Error(ErrorCode::invalid_argument, "--of must be a platform's id");
        merchant.platform_id = *platform;
    }
    if (merchant.platform && merchant.platform_id) {
        return Error(ErrorCode::invalid_argument, "a platform's merchant is no platform itself");
    }
    merchant.id = context.ids.next();
    merchant.name = name;
    merchant.country = country;
    merchant.created_at = context.clock.now();
    return merchant;
}

Result<void> check_platform(Transaction& tx, const Merchant& merchant) {
    if (!merchant.platform_id) return {};
    const Result<Merchant> platform = load_merchant(tx, *merchant.platform_id);
    if (!platform) return platform.error();
    if (platform->platform) return {};
    return Error(ErrorCode::invalid_argument, "--of names a merchant that is no platform");
}

json::object as_json(const Merchant& merchant) {
    json::array settles;
    for (const Currency& currency : merchant.settlement_currencies)
        settles.emplace_back(currency.code());
    json::object members;
    members["id"] = to_text("mer", merchant.id);
    members["object"] = "merchant";
    members["created_at"] = to_rfc3339(merchant.created_at);
    members["name"] = merchant.name;
    members["country"] = merchant.country;
    members["default_currency"] = merchant.default_currency.code();
    members["settlement_currencies"] = std::move(settles);
    members["fee_bps"] = merchant.fee_bps;
    members["status"] = merchant.status;
    members["is_platform"] = merchant.platform;
    members["platform"] = merchant.platform_id ? json::value(to_text("mer", *merchant.platform_id))
                                               : json::value(nullptr);
    return members;
}

std::string one_line(const Merchant& merchant) {
    std::string settles;
    for (const Currency& currency : merchant.settlement_currencies)
        settles += (settles.empty() ? "" : ",") + std::string(currency.code());
    return to_text("mer", merchant.id) + "  " + merchant.country + "  " + settles + "  " +
           merchant.name + "\n";
}

}  // namespace

CommandOutput merchants_create(CommandContext& context, const CommandRequest& request) {
    const Result<Merchant> merchant = read_merchant(context, request);
    if (!merchant) return failed(merchant.error());
    const Result<int> stored =
        context.database.writer().commit<int>([&](Transaction& tx) -> Result<int> {
            const Result<void> fits = check_platform(tx, *merchant);
            if (!fits) return fits.error();
            const Result<void> inserted = insert_merchant(tx, *merchant);
            if (!inserted) return inserted.error();
            return 0;
        });
    if (!stored) return failed(stored.error());
    const std::string text =
        request.flag("json") ? json::serialize(as_json(*merchant)) + "\n" : one_line(*merchant);
    return {.exit_code = kExitOk, .out = text, .err = {}};
}

CommandOutput merchants_list(CommandContext& context, const CommandRequest& request) {
    std::vector<Merchant> merchants;
    const Result<void> read = context.database.read([&](Transaction& tx) -> Result<void> {
        Result<std::vector<Merchant>> all = list_merchants(tx);
        if (!all) return all.error();
        merchants = *std::move(all);
        return {};
    });
    if (!read) return failed(read.error());
    CommandOutput output;
    json::array rows;
    for (const Merchant& merchant : merchants) {
        rows.push_back(as_json(merchant));
        output.out += one_line(merchant);
    }
    if (request.flag("json")) output.out = json::serialize(rows) + "\n";
    return output;
}

CommandOutput merchants_show(CommandContext& context, const CommandRequest& request) {
    const Result<Uuid> id = parse_id("mer", request.arguments.empty() ? "" : request.arguments[0]);
    if (!id) return usage_error("the id must be one such as mer_01J...");
    std::optional<Merchant> merchant;
    const Result<void> read = context.database.read([&](Transaction& tx) -> Result<void> {
        Result<Merchant> found = load_merchant(tx, *id);
        if (!found) return found.error();
        merchant = *std::move(found);
        return {};
    });
    if (!read) return failed(read.error());
    const std::string text =
        request.flag("json") ? json::serialize(as_json(*merchant)) + "\n" : one_line(*merchant);
    return {.exit_code = kExitOk, .out = text, .err = {}};
}

}  // namespace causeway::gateway
