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
constexpr std::string_view kFileRows = "file_rows";

// Throws what value::at() throws for a text that is not ours.
MatchSummary read_summary(const json::value& root) {
    MatchSummary summary;
    summary.file_rows = root.at(kFileRows).as_int64();
    summary.payouts = root.at(kPayouts).as_int64();
    for (std::size_t i = 0; i < kItemStatuses; ++i)
        summary.counts[i] = root.at("counts").at(to_string(static_cast<ItemStatus>(i))).as_int64();
    for (const json::value& total : root.at("totals").as_array()) {
        const Result<ledger::Currency> currency =
            ledger::Currency::from_code(std::string_view(total.at("currency").as_string()));
        summary.totals.push_back({.currency = *currency,
                                  .ledger_net = total.at("ledger_net").as_int64(),
                                  .file_net = total.at("file_net").as_int64()});
    }
    return summary;
}

}  // namespace

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
                                        {"totals", std::move(totals)}});
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
