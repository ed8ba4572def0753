// SPDX-License-Identifier: Apache-2.0
#include "gateway/settlement/report.h"

#include "gateway/cli/text_table.h"
#include "ledger/csv.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <array>
#include <map>

namespace causeway::gateway {
namespace {

namespace json = boost::json;
using ledger::Currency;

constexpr std::array<std::string_view, 26> kHeader{
    "settlement_id",
    "line",
    "balance_transaction_id",
    "created_utc",
    "available_on",
    "type",
    "reporting_category",
    "source_id",
    "payment_id",
    "merchant_reference",
    "connector",
    "payment_method",
    "payment_method_variant",
    "issuer_country",
    "presentment_currency",
    "presentment_amount",
    "mid_rate",
    "exchange_rate",
    "currency",
    "gross",
    "fee",
    "fx_fee_included",
    "net",
    "running_balance",
    "payout_id",
    "description",
};

void append_row(ledger::CsvWriter& csv, const Settlement& settlement, const SettlementLine& line) {
    const Currency& currency = settlement.key.currency;
    const Currency buyers = line.presentment.currency();
    csv.cell(settlement_name(settlement.id)).cell(line.number).cell(to_text("txn", line.txn_id));
    csv.cell(to_rfc3339(line.created)).cell(to_text(line.available_on));
    csv.cell(line.type).cell(reporting_category(line)).cell(line.source);
    csv.cell(to_text("pay", line.payment_id)).cell(spreadsheet_text(line.merchant_reference));
    csv.cell(line.connector).cell(line.payment_method).cell(line.payment_method_variant);
    csv.cell(std::string_view());  // issuer_country: no connector tells it yet
    csv.cell(buyers.code()).cell(amount_text(line.presentment.minor_units(), buyers));
    csv.cell(line.mid_rate).cell(line.exchange_rate).cell(currency.code());
    csv.cell(amount_text(line.gross, currency)).cell(amount_text(line.fee, currency));
    csv.cell(amount_text(line.fx_fee, currency)).cell(amount_text(line.net, currency));
    csv.cell(amount_text(line.running_balance, currency));
    csv.cell(std::string_view());  // payout_id: nothing has been paid out yet
    csv.cell(description(line));
    csv.end_row();
}

json::value text_or_null(const std::string& text) {
    return text.empty() ? json::value(nullptr) : json::value(text);
}

json::object line_object(const Settlement& settlement, const SettlementLine& line) {
    return json::object{
        {"id", to_text("txn", line.txn_id)},
        {"object", "balance_transaction"},
        {"line", line.number},
        {"created_at", to_rfc3339(line.created)},
        {"livemode", settlement.key.livemode},
        {"merchant", merchant_name(settlement.key.merchant_id)},
        {"type", line.type},
        {"reporting_category", reporting_category(line)},
        {"currency", settlement.key.currency.code()},
        {"amount", line.gross},
        {"fee", line.fee},
        {"fx_fee_included", line.fx_fee},
        {"net", line.net},
        {"running_balance", line.running_balance},
        {"presentment_currency", line.presentment.currency().code()},
        {"presentment_amount", line.presentment.minor_units()},
        {"mid_rate", text_or_null(line.mid_rate)},
        {"exchange_rate", text_or_null(line.exchange_rate)},
        {"source", line.source},
        {"payment", to_text("pay", line.payment_id)},
        {"merchant_reference", text_or_null(line.merchant_reference)},
        {"connector", line.connector},
        {"payment_method", line.payment_method},
        {"payment_method_variant", text_or_null(line.payment_method_variant)},
        {"issuer_country", nullptr},
        {"status", "available"},
        {"available_on", to_text(line.available_on)},
        {"settlement", settlement_name(settlement.id)},
        {"payout", nullptr},
        {"description", description(line)},
    };
}

struct CategoryTotal {
    std::int64_t count = 0;
    std::int64_t gross = 0;
    std::int64_t fee = 0;
    std::int64_t net = 0;
};

// The sums fit: add_up() has added more of the same.
json::array totals_by_category(const SettlementReport& report) {
    std::map<std::string_view, CategoryTotal> totals;
    for (const SettlementLine& line : report.lines) {
        CategoryTotal& total = totals[reporting_category(line)];
        ++total.count;
        total.gross += line.gross;
        total.fee += line.fee;
        total.net += line.net;
    }
    json::array out;
    for (const auto& [category, total] : totals) {
        out.push_back(json::object{{"reporting_category", category},
                                   {"count", total.count},
                                   {"gross", total.gross},
                                   {"fee", total.fee},
                                   {"net", total.net}});
    }
    return out;
}

}  // namespace

std::string settlement_csv(const SettlementReport& report) {
    std::string out;
    ledger::CsvWriter csv(out);
    for (const std::string_view name : kHeader)
        csv.cell(name);
    csv.end_row();
    for (const SettlementLine& line : report.lines)
        append_row(csv, report.settlement, line);
    return out;
}

json::object settlement_object(const SettlementReport& report) {
    const Settlement& s = report.settlement;
    return json::object{
        {"id", settlement_name(s.id)},
        {"object", "settlement"},
        {"created_at", to_rfc3339(s.created)},
        {"livemode", s.key.livemode},
        {"merchant", merchant_name(s.key.merchant_id)},
        {"currency", s.key.currency.code()},
        {"period_start", to_rfc3339(s.period_start)},
        {"period_end", to_rfc3339(s.period_end)},
        {"value_date", to_text(s.value_day)},
        {"opening_balance", s.opening_balance},
        {"gross", s.gross},
        {"refunds", s.refunds},
        {"disputes", 0},
        {"fees", s.fees},
        {"reserves", 0},
        {"adjustments", 0},
        {"net", s.net},
        {"closing_balance", s.closing_balance},
        {"line_count", s.line_count},
        {"status", "closed"},
        {"payout", nullptr},
        {"totals_by_category", totals_by_category(report)},
        {"sha256", s.sha256},
    };
}

std::string settlement_json(const SettlementReport& report) {
    json::object object = settlement_object(report);
    json::array lines;
    lines.reserve(report.lines.size());
    for (const SettlementLine& line : report.lines)
        lines.push_back(line_object(report.settlement, line));
    object["lines"] = std::move(lines);
    return json::serialize(object) + "\n";
}

std::string spreadsheet_text(std::string_view text) {
    constexpr std::string_view kStartsFormula = "=+-@\t\r\n";
    const std::size_t first = text.find_first_not_of('\'');
    const bool dangerous =
        first != text.npos && kStartsFormula.find(text[first]) != kStartsFormula.npos;
    return (dangerous ? "'" : "") + std::string(text);
}

}  // namespace causeway::gateway
