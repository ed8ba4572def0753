// SPDX-License-Identifier: Apache-2.0
#include "tests/support/line_files.h"

#include "connectors/files.h"

#include <charconv>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace causeway::test {

LineFiles::LineFiles(std::string provider) : provider_(std::move(provider)) {}

bool LineFiles::carries(connectors::OperationKind kind) const noexcept {
    return kind == connectors::OperationKind::collect ||
           kind == connectors::OperationKind::withdraw;
}

Result<connectors::WrittenFile> LineFiles::write(const connectors::FileOrder& order) const {
    std::string bytes = "H|" + provider_ + "|" + std::to_string(order.sequence) + "|" +
                        to_text(day_of(order.made)) + "\n";
    for (const connectors::Operation& operation : order.operations) {
        if (operation.collection->payer.name.find('|') != std::string::npos) {
            return Error(ErrorCode::invalid_argument,
                         operation.reference + ": the payer's name can not be written");
        }
        const bool withdraws = operation.kind == connectors::OperationKind::withdraw;
        bytes += withdraws ? "W|" + operation.original->reference
                           : "C|" + operation.reference + "|" +
                                 std::to_string(operation.amount.minor_units()) + "|" +
                                 operation.collection->payer.name;
        bytes += "\n";
    }
    bytes += "T|" + std::to_string(order.operations.size() + 1) + "\n";
    return connectors::WrittenFile{.name = provider_ + std::to_string(order.sequence) + ".txt",
                                   .bytes = bytes};
}

Result<void> LineFiles::read(std::string_view bytes, const connectors::FileSink& sink) const {
    const Error no_file(ErrorCode::invalid_argument, "not a file of " + provider_);
    std::string number;
    std::int64_t at = 0;
    std::size_t done = 0;
    bool ended = false;
    while (done < bytes.size()) {
        const std::size_t end = bytes.find('\n', done);
        if (end == std::string_view::npos) return no_file;
        const std::vector<std::string> fields = split(bytes.substr(done, end - done));
        done = end + 1;
        ++at;
        if (at == 1) {
            if (fields.size() != 4 || fields[0] != "H" || fields[1] != provider_) {
                return no_file;
            }
            number = fields[2];
            sink.header({.sequence = std::stoll(number),
                         .made_on = *parse_day(fields[3]),
                         .what = provider_ + " lines"});
        } else if (fields[0] == "T") {
            ended = fields.size() == 2 && fields[1] == std::to_string(at - 1);
        } else {
            tell(number, at, fields, sink);
        }
        sink.progress(static_cast<std::int64_t>(done));
    }
    if (ended) return {};
    return Error(ErrorCode::invalid_argument, "the file is cut off");
}

std::vector<std::string> LineFiles::split(std::string_view line) {
    std::vector<std::string> fields;
    for (std::size_t bar = 0; bar != std::string_view::npos;) {
        bar = line.find('|');
        fields.emplace_back(line.substr(0, bar));
        if (bar != std::string_view::npos) line.remove_prefix(bar + 1);
    }
    return fields;
}

void LineFiles::tell(const std::string& number,
                     std::int64_t at,
                     const std::vector<std::string>& fields,
                     const connectors::FileSink& sink) {
    using connectors::NoticeKind;
    connectors::Notice notice;
    notice.id = "f" + number + ":" + std::to_string(at);
    if (fields.size() > 1) notice.reference = fields[1];
    const bool money = (fields[0] == "R" || fields[0] == "F") && fields.size() == 5;
    if (money) {
        const Result<ledger::Currency> currency = ledger::Currency::from_code(fields[3]);
        std::int64_t amount = 0;
        const char* const end = fields[2].data() + fields[2].size();
        const auto [stop, wrong] = std::from_chars(fields[2].data(), end, amount);
        if (!currency || stop != end || wrong != std::errc{}) {
            return sink.fault(
                {.line = at, .column = 3, .field = "amount", .reason = "is no amount"});
        }
        notice.amount = ledger::Money(amount, *currency);
    }
    if (money && fields[0] == "R") {
        notice.kind = NoticeKind::received;
        notice.receipt =
            connectors::Receipt{.channel = "retorno", .paid_on = *parse_day(fields[4])};
    } else if (money) {
        notice.kind = NoticeKind::charged;
        notice.receipt = connectors::Receipt{.channel = "retorno"};
        notice.reason = fields[4];
    } else if ((fields[0] == "X" || fields[0] == "E") && fields.size() == 3) {
        notice.kind =
            fields[0] == "X" ? NoticeKind::instrument_refused : NoticeKind::instrument_ended;
        notice.reason = fields[2];
    } else {
        return sink.fault(
            {.line = at, .column = 1, .field = "record", .reason = "is none that we know"});
    }
    sink.notice(at, std::move(notice));
}

}  // namespace causeway::test
