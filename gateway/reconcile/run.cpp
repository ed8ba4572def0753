// SPDX-License-Identifier: Apache-2.0
#include "gateway/reconcile/run.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <boost/system/error_code.hpp>

namespace causeway::gateway {
namespace {

namespace json = boost::json;

constexpr std::string_view kPayouts = "payouts";
constexpr std::string_view kConversions = "conversions";
constexpr std::string_view kFileRows = "file_rows";

ConversionTotal read_conversion_total(const json::value& one) {
    const auto currency = [&one](std::string_view member) {
        return ledger::Currency::from_code(std::string_view(one.at(member).as_string()));
    };
    const Result<ledger::Currency> from = currency("from");
    const Result<ledger::Currency> to = currency("to");
    return {.from = *from,
            .to = *to,
            .items = one.at("items").as_int64(),
            .paid = one.at("paid").as_int64(),
            .settled = one.at("settled").as_int64(),
            .rate = one.at("rate").as_int64(),
            .rounding = one.at("rounding").as_int64()};
}

// Throws what value::at() throws for a text that is not ours.
MatchSummary read_summary(const json::value& root) {
    MatchSummary summary;
    summary.file_rows = root.at(kFileRows).as_int64();
    summary.payouts = root.at(kPayouts).as_int64();
    // Runs of before a class was known say nothing of it.
    const json::object& counts = root.at("counts").as_object();
    for (std::size_t i = 0; i < kItemStatuses; ++i) {
        const json::value* const counted =
            counts.if_contains(to_string(static_cast<ItemStatus>(i)));
        if (counted != nullptr) summary.counts[i] = counted->as_int64();
    }
    for (const json::value& total : root.at("totals").as_array()) {
        const Result<ledger::Currency> currency =
            ledger::Currency::from_code(std::string_view(total.at("currency").as_string()));
        summary.totals.push_back({.currency = *currency,
                                  .ledger_net = total.at("ledger_net").as_int64(),
                                  .file_net = total.at("file_net").as_int64()});
    }
    const json::value* const conversions = root.as_object().if_contains(kConversions);
    if (conversions == nullptr) return summary;
    for (const json::value& one : conversions->as_array())
        summary.conversions.push_back(read_conversion_total(one));
    return summary;
}

}  // namespace

json::array conversions_array(const MatchSummary& summary) {
    json::array all;
    for (const ConversionTotal& total : summary.conversions) {
        all.push_back(json::object{{"from", total.from.code()},
                                   {"to", total.to.code()},
                                   {"items", total.items},
                                   {"paid", total.paid},
                                   {"settled", total.settled},
                                   {"rate", total.rate},
                                   {"rounding", total.rounding}});
    }
    return all;
}

std::string summary_text(const MatchSummary& summary) {
    json::object counts;
    for (std::size_t i = 0; i < kItemStatuses; ++i)
        counts[to_string(static_cast<ItemStatus>(i))] = summary.counts[i];
    json::array totals;
    for (const CurrencyTotal& total : summary.totals) {
        totals.push_back(json::object{{"currency", total.currency.code()},
                                      {"ledger_net", total.ledger_net},
                                      {"file_net", total.file_net}});
    }
    return json::serialize(json::object{{kFileRows, summary.file_rows},
                                        {kPayouts, summary.payouts},
                                        {"counts", std::move(counts)},
                                        {"totals", std::move(totals)},
                                        {kConversions, conversions_array(summary)}});
}

Result<MatchSummary> parse_summary(std::string_view text) {
    const Error wrong(ErrorCode::integrity, "the stored result of a reconciliation is damaged");
    boost::system::error_code code;
    const json::value root = json::parse(text, code);
    if (code) return wrong;
    try {
        return read_summary(root);
    } catch (const std::exception&) {  // a member is absent or of another kind
        return wrong;
    }
}

}  // namespace causeway::gateway
