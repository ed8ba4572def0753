// SPDX-License-Identifier: Apache-2.0
#include "gateway/provider_files/file_report.h"

#include "gateway/cli/command.h"
#include "gateway/cli/text_table.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>

namespace json = boost::json;

namespace causeway::gateway {
namespace {

using connectors::LineFault;
using Align = TextTable::Align;

// More of them do not help who reads: --json has all.
constexpr std::size_t kShownMax = 100;

std::string named(const ProviderFile& file) {
    std::string text = printable(file.name) + ": " + file.connector;
    if (file.sequence) text += ", number " + std::to_string(*file.sequence);
    if (file.corrects) text += ", corrects number " + std::to_string(*file.corrects);
    if (file.day) text += ", of " + to_text(*file.day);
    return text;
}

json::object json_of(const FileCounts& counts) {
    return {{"lines", counts.lines},
            {"applied", counts.applied},
            {"known", counts.known},
            {"unmatched", counts.unmatched},
            {"not_believed", counts.disbelieved}};
}

json::object json_of(const ProviderFile& file) {
    json::object out{{"id", to_text("pvf", file.id)},
                     {"connector", file.connector},
                     {"direction", to_string(file.direction)},
                     {"name", file.name},
                     {"sha256", to_hex(file.digest)},
                     {"state", to_string(file.state)}};
    if (file.sequence) out["sequence"] = *file.sequence;
    if (file.corrects) out["corrects"] = *file.corrects;
    if (file.day) out["date"] = to_text(*file.day);
    out["created_at"] = to_rfc3339(file.created);
    return out;
}

json::object json_of(const LineFault& fault) {
    return {{"line", fault.line},
            {"column", fault.column},
            {"field", fault.field},
            {"reason", fault.reason}};
}

json::object json_of(const DisbelievedLine& line) {
    return {{"line", line.line},
            {"kind", connectors::to_string(line.kind)},
            {"reference", line.reference},
            {"verdict", to_string(line.verdict)}};
}

json::object json_of(const ApartTold& sort) {
    return {{"reason", sort.reason},
            {"state", sort.state},
            {"currency", sort.currency},
            {"receipts", sort.count},
            {"amount", sort.amount}};
}

template <class T>
json::array list_of(const std::vector<T>& all) {
    json::array list;
    for (const T& each : all)
        list.push_back(json_of(each));
    return list;
}

std::vector<std::string> cells_of(std::string title, const FileCounts& counts) {
    return {std::move(title),
            std::to_string(counts.lines),
            std::to_string(counts.applied),
            std::to_string(counts.known),
            std::to_string(counts.unmatched),
            std::to_string(counts.disbelieved)};
}

std::string counts_table(const ReadReport& report) {
    TextTable table({{"WHAT"},
                     {"LINES", Align::right},
                     {"APPLIED", Align::right},
                     {"KNOWN", Align::right},
                     {"UNMATCHED", Align::right},
                     {"NOT BELIEVED", Align::right}});
    for (const auto& [kind, counts] : report.kinds)
        table.row(cells_of(std::string(connectors::to_string(kind)), counts));
    return table.empty() ? "It tells nothing.\n" : table.to_string();
}

std::string text_of(const LineFault& fault) {
    std::string text = fault.line > 0 ? "line " + std::to_string(fault.line) : "the file";
    if (fault.column > 0) text += ", column " + std::to_string(fault.column);
    if (!fault.field.empty()) text += ", " + printable(fault.field);
    return text + ": " + printable(fault.reason);
}

std::string text_of(const DisbelievedLine& line) {
    return "line " + std::to_string(line.line) + ": " + std::string(to_string(line.verdict)) +
           ", " + std::string(connectors::to_string(line.kind)) + " " + printable(line.reference);
}

std::string text_of(const ApartTold& sort) {
    const Result<ledger::Currency> currency = ledger::Currency::from_code(sort.currency);
    const std::string amount =
        currency ? amount_text(sort.amount, *currency) : std::to_string(sort.amount);
    return sort.currency + " " + amount + " in " + std::to_string(sort.count) + ": " + sort.reason +
           ", " + sort.state;
}

template <class T>
std::string paragraph(const std::string& title, const std::vector<T>& all) {
    if (all.empty()) return {};
    std::string text = "\n" + title + "\n";
    for (std::size_t at = 0; at < std::min(all.size(), kShownMax); ++at)
        text += "  " + text_of(all[at]) + "\n";
    if (all.size() > kShownMax) {
        text += "  and " + std::to_string(all.size() - kShownMax) + " more; --json has all\n";
    }
    return text;
}

}  // namespace

std::string written_text(const WriteOutcome& outcome) {
    std::string text = "There is nothing to tell: no file.\n";
    if (outcome.file) {
        const std::int64_t count = outcome.file->counts.applied;
        text = named(*outcome.file) + ", " + std::to_string(count) +
               (count == 1 ? " operation\n" : " operations\n");
    }
    if (outcome.refused.empty()) return text;
    text += "\nNot in the file, for its form can not hold them\n";
    for (const RefusedOperation& each : outcome.refused) {
        text += "  " + to_text("pay", each.payment) + " " + printable(each.reference) + ": " +
                printable(each.reason) + "\n";
    }
    return text;
}

std::string written_json(const WriteOutcome& outcome) {
    json::object out;
    out["file"] = nullptr;
    if (outcome.file) {
        json::object file = json_of(*outcome.file);
        file["operations"] = outcome.file->counts.applied;
        out["file"] = std::move(file);
    }
    json::array refused;
    for (const RefusedOperation& each : outcome.refused) {
        refused.push_back(json::object{{"operation", to_text("op", each.operation)},
                                       {"payment", to_text("pay", each.payment)},
                                       {"reference", each.reference},
                                       {"reason", each.reason}});
    }
    out["refused"] = std::move(refused);
    return json::serialize(out) + "\n";
}

std::string read_text(const ReadReport& report) {
    std::string text = named(report.file) + "\n";
    if (report.read_before) return text;
    if (!report.what.empty()) text += printable(report.what) + "\n";
    text += counts_table(report);
    text += paragraph("Stands apart", report.apart);
    text += paragraph("Not believed", report.disbelieved);
    text += paragraph("Lines that can not be used", report.faults);
    return text;
}

std::string read_json(const ReadReport& report) {
    json::object out{
        {"file", json_of(report.file)}, {"what", report.what}, {"read_before", report.read_before}};
    out["counts"] = json_of(report.file.counts);
    json::object kinds;
    for (const auto& [kind, counts] : report.kinds)
        kinds[connectors::to_string(kind)] = json_of(counts);
    out["kinds"] = std::move(kinds);
    out["apart"] = list_of(report.apart);
    out["not_believed"] = list_of(report.disbelieved);
    out["faults"] = list_of(report.faults);
    json::array warnings;
    for (const std::string& warning : report.warnings)
        warnings.emplace_back(warning);
    out["warnings"] = std::move(warnings);
    return json::serialize(out) + "\n";
}

int exit_code_of(const ReadReport& report) {
    if (report.read_before) return kExitOk;
    if (!report.faults.empty()) return kExitPartly;
    const bool waits = std::ranges::any_of(report.apart, [](const ApartTold& sort) {
        return sort.state == "held" || sort.state == "refund_due";
    });
    return waits || !report.disbelieved.empty() ? kExitFound : kExitOk;
}

}  // namespace causeway::gateway
