// SPDX-License-Identifier: Apache-2.0
#include "connectors/boleto/cnab/event_fields.h"
#include "connectors/boleto/cnab/header_fields.h"
#include "connectors/boleto/cnab/line_builder.h"
#include "connectors/boleto/cnab/retorno.h"

namespace causeway::connectors::cnab {
namespace {

using Group = RecordGroup<RecordWriter>;

Group title_records(const LineBuilder& lines, const Layout& layout, const Event& event) {
    Group group;
    group.add(lines.record(RecordKind::title, 0));
    const auto has = [&layout](RecordKind kind) {
        return layout.find(Direction::retorno, kind) != nullptr;
    };
    if (has(RecordKind::settlement)) group.add(lines.record(RecordKind::settlement, 1));
    if (has(RecordKind::pix) && event.pix) group.add(lines.record(RecordKind::pix, 1));
    return group;
}

std::int64_t count_of(const Tally& tally, const std::vector<Event>& events) {
    std::int64_t count = 0;
    for (const Event& event : events) {
        for (std::size_t at = 0; at + 2 <= tally.occurrences.size(); at += 2) {
            if (tally.occurrences.substr(at, 2) == event.occurrence) ++count;
        }
    }
    return count;
}

void fill_trailer(RecordWriter& trailer, const Layout& layout, const Retorno& retorno) {
    if (trailer.has(Role::file_control)) {
        trailer.number(Role::file_control, retorno.header.sequence);
    }
    if (trailer.has(Role::title_count)) {
        trailer.number(Role::title_count, static_cast<std::int64_t>(retorno.events.size()));
    }
    if (trailer.has(Role::stated_total)) {
        std::int64_t total = 0;
        for (const Event& event : retorno.events)
            total += event.title_minor_units;
        trailer.number(Role::stated_total, total);
    }
    for (const Tally& tally : layout.tallies) {
        trailer.number(tally.count, count_of(tally, retorno.events));
    }
}

}  // namespace

Result<std::string> write_retorno(const Retorno& retorno) {
    const Layout& layout = layout_of(retorno.header.layout);
    LineBuilder lines(layout, Direction::retorno);
    lines.open(retorno.header);
    for (const Event& event : retorno.events) {
        Group title = title_records(lines, layout, event);
        Beneficiary beneficiary = retorno.header.beneficiary;
        beneficiary.wallet.clear();
        for (RecordWriter& record : title.all())
            write_beneficiary(record, beneficiary);
        write_event(title, layout, event);
        lines.add(title);
    }
    lines.close([&](RecordWriter& trailer) { fill_trailer(trailer, layout, retorno); });
    return lines.finish();
}

}  // namespace causeway::connectors::cnab
