// SPDX-License-Identifier: Apache-2.0
#include "gateway/reconcile/run_view.h"

#include "gateway/cli/text_table.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <optional>
#include <utility>

namespace causeway::gateway {
namespace {

namespace json = boost::json;
using Align = TextTable::Align;

std::int64_t difference(const Item& item) {
    return item.file_net.value_or(0) - item.ledger_net.value_or(0);
}

json::value number_or_null(const std::optional<std::int64_t>& number) {
    return number ? json::value(*number) : json::value(nullptr);
}

json::value id_or_null(std::string_view prefix, const Uuid& id) {
    return id == Uuid{} ? json::value(nullptr) : json::value(to_text(prefix, id));
}

json::object item_object(const ReconciliationItem& stored) {
    const Item& item = stored.item;
    return json::object{
        {"id", id_or_null("exc", stored.id)},
        {"object", "reconciliation_item"},
        {"created_at", to_rfc3339(stored.created)},
        {"run", id_or_null("rec", stored.run_id)},
        {"status", to_string(item.status)},
        {"file_row", number_or_null(item.row)},
        {"provider_reference", item.provider_reference},
        {"modification_reference", item.modification_reference},
        {"currency", item.currency.code()},
        {"ledger_net", number_or_null(item.ledger_net)},
        {"file_net", number_or_null(item.file_net)},
        {"difference", difference(item)},
        {"note", item.note},
    };
}

json::object counts_object(const MatchSummary& summary) {
    json::object counts{{"file_rows", summary.file_rows}};
    for (std::size_t i = 0; i < kItemStatuses; ++i)
        counts[to_string(static_cast<ItemStatus>(i))] = summary.counts[i];
    counts["payouts"] = summary.payouts;
    return counts;
}

json::array items_array(std::span<const ReconciliationItem> items) {
    json::array out;
    out.reserve(items.size());
    for (const ReconciliationItem& item : items)
        out.push_back(item_object(item));
    return out;
}

std::string counts_table(const MatchSummary& summary) {
    TextTable table({{"CLASS"}, {"ITEMS", Align::right}});
    for (std::size_t i = 0; i < kItemStatuses; ++i) {
        table.row({std::string(to_string(static_cast<ItemStatus>(i))),
                   std::to_string(summary.counts[i])});
    }
    table.row({"(payouts)", std::to_string(summary.payouts)});
    return table.to_string();
}

std::string totals_table(const MatchSummary& summary) {
    TextTable table({{"CUR"},
                     {"EXPECTED NET", Align::right},
                     {"IN THE FILE", Align::right},
                     {"DIFFERENCE", Align::right}});
    for (const CurrencyTotal& total : summary.totals) {
        table.row({std::string(total.currency.code()),
                   amount_text(total.ledger_net, total.currency),
                   amount_text(total.file_net, total.currency),
                   amount_text(total.file_net - total.ledger_net, total.currency)});
    }
    return table.to_string();
}

std::string conversions_table(const MatchSummary& summary) {
    TextTable table({{"CONVERTED"},
                     {"ITEMS", Align::right},
                     {"PAID", Align::right},
                     {"SETTLED", Align::right},
                     {"BY RATE", Align::right},
                     {"BY ROUNDING", Align::right}});
    for (const ConversionTotal& total : summary.conversions) {
        table.row({std::string(total.from.code()) + "/" + std::string(total.to.code()),
                   std::to_string(total.items),
                   amount_text(total.paid, total.from),
                   amount_text(total.settled, total.to),
                   amount_text(total.rate, total.to),
                   amount_text(total.rounding, total.to)});
    }
    return table.to_string();
}

std::string items_table(std::span<const ReconciliationItem> items, bool with_run) {
    std::vector<TextTable::Column> columns{{"LINE", Align::right},
                                           {"CLASS"},
                                           {"PROVIDER REF"},
                                           {"MODIFICATION REF"},
                                           {"CUR"},
                                           {"EXPECTED NET", Align::right},
                                           {"IN THE FILE", Align::right},
                                           {"DIFFERENCE", Align::right},
                                           {"NOTE"}};
    if (with_run) columns.insert(columns.begin(), TextTable::Column{.title = "RUN"});
    TextTable table(std::move(columns));
    for (const ReconciliationItem& stored : items) {
        const Item& item = stored.item;
        std::vector<std::string> cells{item.row ? std::to_string(*item.row) : "-",
                                       std::string(to_string(item.status)),
                                       item.provider_reference,
                                       item.modification_reference,
                                       std::string(item.currency.code()),
                                       amount_text(item.ledger_net, item.currency),
                                       amount_text(item.file_net, item.currency),
                                       amount_text(difference(item), item.currency),
                                       item.note};
        if (with_run) cells.insert(cells.begin(), to_text("rec", stored.run_id));
        table.row(std::move(cells));
    }
    return table.to_string();
}

}  // namespace

std::string run_text(const ReconciliationRun& run, bool dry_run) {
    const std::int64_t exceptions = run.summary.exceptions();
    std::string out = dry_run && run.id == Uuid{} ? "Dry run" : to_text("rec", run.id);
    out += ": " + printable(run.file_name) + " with " + printable(run.connector) + ", " +
           std::to_string(run.summary.file_rows) + " rows, " +
           std::to_string(run.summary.count(ItemStatus::matched)) + " matched, " +
           std::to_string(exceptions) + (exceptions == 1 ? " exception" : " exceptions") + "\n" +
           "sha256 " + run.file_sha256 + "\n\n" + counts_table(run.summary);
    if (!run.summary.totals.empty()) out += "\n" + totals_table(run.summary);
    if (!run.summary.conversions.empty()) out += "\n" + conversions_table(run.summary);
    if (!run.exceptions.empty()) out += "\n" + items_table(run.exceptions, false);
    return out;
}

std::string run_json(const ReconciliationRun& run, bool dry_run) {
    json::array totals;
    for (const CurrencyTotal& total : run.summary.totals) {
        totals.push_back(json::object{{"currency", total.currency.code()},
                                      {"ledger_net", total.ledger_net},
                                      {"file_net", total.file_net},
                                      {"difference", total.file_net - total.ledger_net}});
    }
    const json::object object{
        {"id", id_or_null("rec", run.id)},
        {"object", "reconciliation_run"},
        {"created_at", to_rfc3339(run.created)},
        {"livemode", run.livemode},
        {"profile", run.profile},
        {"connector", run.connector},
        {"file_name", printable(run.file_name)},
        {"file_sha256", run.file_sha256},
        {"status", "completed"},
        {"dry_run", dry_run},
        {"counts", counts_object(run.summary)},
        {"totals", std::move(totals)},
        {"conversions", conversions_array(run.summary)},
        {"completed_at", to_rfc3339(run.created)},
        {"exceptions", items_array(run.exceptions)},
    };
    return json::serialize(object) + "\n";
}

std::string exceptions_text(std::span<const ReconciliationItem> items) {
    return items.empty() ? "No exceptions.\n" : items_table(items, true);
}

std::string exceptions_json(std::span<const ReconciliationItem> items) {
    return json::serialize(json::object{
               {"object", "list"}, {"has_more", false}, {"data", items_array(items)}}) +
           "\n";
}

}  // namespace causeway::gateway
