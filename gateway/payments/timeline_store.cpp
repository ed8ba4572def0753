// SPDX-License-Identifier: Apache-2.0
#include "gateway/json_writer.h"
#include "gateway/payments/pages_store.h"
#include "gateway/payments/timeline.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace json = boost::json;

namespace causeway::gateway {
namespace {

using ledger::Row;
using ledger::Transaction;

// Short names: the text is stored for every step of every payment.
void pack(JsonWriter& out, const TimelineLine& line) {
    out.begin_object();
    out.name("k").text(line.kind);
    out.name("o").text(line.object);
    out.name("e").text(line.event);
    if (!line.from.empty()) out.name("f").text(line.from);
    if (!line.to.empty()) out.name("t").text(line.to);
    if (!line.detail.empty()) out.name("d").text(line.detail);
    if (line.entry) out.name("j").id("je", *line.entry);
    out.end_object();
}

std::string text_of(const json::object& packed, std::string_view name) {
    const json::value* const found = packed.if_contains(name);
    return found == nullptr ? std::string() : std::string(found->as_string());
}

TimelineLine unpack(const json::object& packed) {
    TimelineLine line{.kind = text_of(packed, "k"),
                      .object = text_of(packed, "o"),
                      .from = text_of(packed, "f"),
                      .event = text_of(packed, "e"),
                      .to = text_of(packed, "t"),
                      .detail = text_of(packed, "d"),
                      .entry = std::nullopt};
    if (const Result<Uuid> entry = parse_id("je", text_of(packed, "j"))) line.entry = *entry;
    return line;
}

TimelineRow read_row(const Row& row) {
    TimelineRow read{.payment = row.uuid(0),
                     .id = row.uuid(1),
                     .request_id = std::string(row.text(2)),
                     .lines = {},
                     .at = row.moment(4)};
    const json::value lines = json::parse(std::string(row.text(3)));
    for (const json::value& line : lines.as_array())
        read.lines.push_back(unpack(line.as_object()));
    return read;
}

json::value or_null(const std::string& text) {
    return text.empty() ? json::value(nullptr) : json::value(text);
}

// An operator's name and reasons are not the merchant's to know.
std::string detail_for(const TimelineLine& line, TimelineReader reader) {
    if (reader == TimelineReader::operators) return line.detail;
    if (line.kind == "decision") return "by an operator";
    // What the provider pays the operator is between the two.
    return line.kind == "conversion" ? std::string() : line.detail;
}

}  // namespace

Result<void> insert_timeline(Transaction& tx, const TimelineRow& row) {
    JsonWriter lines;
    lines.begin_array();
    for (const TimelineLine& line : row.lines)
        pack(lines, line);
    lines.end_array();
    const std::string text = lines.take();
    return tx.defer(
        "INSERT INTO timeline (payment_id, line_id, request_id, lines, created_us) "
        "VALUES ($1, $2, $3, $4, $5)",
        {row.payment, row.id, row.request_id, text, row.at});
}

Result<Listed<TimelineRow>> list_timeline(Transaction& tx, const Uuid& payment, const Page& page) {
    const PageQuery query(
        "SELECT payment_id, line_id, request_id, lines, created_us "
        "FROM timeline WHERE payment_id = $1 AND $2 = 0 AND ",
        "line_id",
        page);
    return query.run<TimelineRow>(tx, payment, false, read_row);
}

std::string render_timeline(const TimelineRow& row, TimelineReader reader) {
    json::array lines;
    for (const TimelineLine& line : row.lines) {
        json::object shown;
        shown["kind"] = line.kind;
        shown["object"] = line.object;
        shown["from"] = or_null(line.from);
        shown["event"] = line.event;
        shown["to"] = or_null(line.to);
        shown["detail"] = or_null(detail_for(line, reader));
        shown["journal_entry"] =
            line.entry ? json::value(to_text("je", *line.entry)) : json::value(nullptr);
        lines.push_back(std::move(shown));
    }
    json::object members;
    members["id"] = to_text("tl", row.id);
    members["object"] = "timeline_entry";
    members["created_at"] = to_rfc3339(row.at);
    members["payment"] = to_text("pay", row.payment);
    members["request"] = or_null(row.request_id);
    members["lines"] = std::move(lines);
    return json::serialize(members);
}

}  // namespace causeway::gateway
