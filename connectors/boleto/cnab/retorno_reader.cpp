// SPDX-License-Identifier: Apache-2.0
#include "connectors/boleto/cnab/codes.h"
#include "connectors/boleto/cnab/event_fields.h"
#include "connectors/boleto/cnab/header_fields.h"
#include "connectors/boleto/cnab/line_source.h"
#include "connectors/boleto/cnab/retorno.h"
#include "connectors/boleto/cnab/skeleton.h"

#include <array>

namespace causeway::connectors::cnab {
namespace {

constexpr std::size_t kTalliesMax = 8;

// The last line with anything in it.
std::string_view last_line(std::string_view bytes) {
    while (!bytes.empty()) {
        const auto begin = bytes.rfind('\n');
        const auto line = begin == std::string_view::npos ? bytes : bytes.substr(begin + 1);
        if (!LineSource::is_end(line)) return line;
        if (begin == std::string_view::npos) break;
        bytes = bytes.substr(0, begin);
    }
    return {};
}

// What is wrong with a file without a trailer: its header, or that.
std::optional<FileError> refusal_of(const Layout& layout, std::string_view bytes) {
    Skeleton skeleton(layout, Direction::retorno);
    std::string_view first = bytes.substr(0, bytes.find('\n'));
    if (first.ends_with('\r')) first.remove_suffix(1);
    if (!bytes.empty()) static_cast<void>(skeleton.take(first));
    skeleton.finish();
    return skeleton.error();
}

}  // namespace

class RetornoReader::Impl {
  public:
    Impl(const Layout& layout, RetornoSink& sink)
        : layout_(layout), skeleton_(layout, Direction::retorno), sink_(sink) {}

    bool feed(std::string_view bytes) {
        if (stopped_) return false;
        stopped_ = !source_.feed(bytes, [this](std::string_view line) { return take(line); });
        return !stopped_;
    }

    RetornoSummary finish() {
        if (!stopped_) source_.finish([this](std::string_view line) { return take(line); });
        skeleton_.finish();
        end_title();
        summary_.lines = skeleton_.lines();
        summary_.error = skeleton_.error();
        return summary_;
    }

  private:
    bool take(std::string_view line) {
        switch (skeleton_.take(line)) {
            case Skeleton::Step::skip: end_title(); break;
            case Skeleton::Step::header: sink_.on_header(skeleton_.header()); break;
            case Skeleton::Step::detail: take_detail(line); break;
            case Skeleton::Step::trailer:
                end_title();
                check_trailer(line);
                break;
            case Skeleton::Step::broken:
                end_title();
                ++broken_;
                report(skeleton_.row_error());
                break;
            case Skeleton::Step::refuse: end_title(); return false;
        }
        return true;
    }

    void take_detail(std::string_view line) {
        RecordReader record(skeleton_.record(), line, skeleton_.lines());
        ++details_;
        switch (skeleton_.record().kind) {
            case RecordKind::title: begin_title(record); break;
            case RecordKind::settlement: take_settlement(record); break;
            default: take_pix(record); break;
        }
    }

    void begin_title(RecordReader& record) {
        end_title();
        ++titles_;
        Event event;
        event.line = skeleton_.lines();
        check_account(record, skeleton_.header().beneficiary);
        read_event(record, layout_, event);
        if (record.fault()) {
            broken_title_ = true;
            return report(*record.fault());
        }
        pending_ = std::move(event);
        wants_settlement_ = layout_.find(Direction::retorno, RecordKind::settlement) != nullptr;
    }

    void take_settlement(RecordReader& record) {
        if (broken_title_) return drop_title();
        if (!pending_ || !wants_settlement_) {
            end_title();
            return report({.line = skeleton_.lines(), .reason = "segment U without its T"});
        }
        if (record.raw(Role::occurrence) != pending_->occurrence) {
            record.refuse(Role::occurrence, "not the movement of its segment T");
        }
        read_event(record, layout_, *pending_);
        wants_settlement_ = false;
        if (!record.fault()) return;
        drop_title();
        report(*record.fault());
    }

    void take_pix(RecordReader& record) {
        if (broken_title_) return drop_title();
        if (!pending_ || pending_->pix) {
            end_title();
            return report({.line = skeleton_.lines(), .reason = "a Pix record without its title"});
        }
        Event with_pix = *pending_;
        read_event(record, layout_, with_pix);
        // A QR code that can not be read takes nothing away from what happened to the title.
        if (record.fault()) return report(*record.fault());
        pending_ = std::move(with_pix);
    }

    void drop_title() {
        pending_.reset();
        broken_title_ = false;
    }

    void end_title() {
        broken_title_ = false;
        if (!pending_) return;
        if (wants_settlement_) {
            report({.line = pending_->line, .reason = "segment T without its U"});
        } else {
            deliver(*pending_);
        }
        pending_.reset();
    }

    void deliver(Event& event) {
        interpret_event(layout_, event);
        for (std::size_t i = 0; i < layout_.tallies.size() && i < kTalliesMax; ++i) {
            const std::string_view codes = layout_.tallies[i].occurrences;
            for (std::size_t at = 0; at + 2 <= codes.size(); at += 2) {
                if (codes.substr(at, 2) == event.occurrence) ++tallies_[i];
            }
        }
        ++summary_.events;
        sink_.on_event(event);
    }

    void report(const RowError& error) {
        ++summary_.row_errors;
        sink_.on_row_error(error);
    }

    void check_trailer(std::string_view line) {
        const auto length = static_cast<std::size_t>(layout_.record_length);
        RecordReader record(skeleton_.record(), line.substr(0, length), skeleton_.lines());
        const std::int64_t control = record.number(Role::file_control);
        if (control != 0) {
            skeleton_.expect(record, Role::file_control, control, skeleton_.header().sequence);
        }
        // The manual calls titles and Pix records both "registro de transação", and a line that
        // can not be read may have been a title.
        const std::int64_t count = record.number(Role::title_count);
        const bool agrees = count >= titles_ && count <= titles_ + broken_;
        if (count != 0 && !agrees && count != details_) {
            skeleton_.expect(record, Role::title_count, count, titles_);
        }
        check_tallies(record);
        summary_.stated_total_minor_units = record.number(Role::stated_total);
        if (record.fault()) skeleton_.note(*record.fault());
    }

    // Filled or not, but then all of them.
    void check_tallies(RecordReader& record) {
        bool filled = false;
        for (const Tally& tally : layout_.tallies) {
            filled = filled || record.number(tally.count) != 0;
        }
        if (!filled || summary_.row_errors > 0) return;
        for (std::size_t i = 0; i < layout_.tallies.size() && i < kTalliesMax; ++i) {
            const Role role = layout_.tallies[i].count;
            skeleton_.expect(record, role, record.number(role), tallies_[i]);
        }
    }

    const Layout& layout_;
    Skeleton skeleton_;
    RetornoSink& sink_;
    LineSource source_;
    RetornoSummary summary_;
    std::optional<Event> pending_;
    bool wants_settlement_ = false;
    bool broken_title_ = false;  // Its second record is not a fault of its own.
    bool stopped_ = false;
    std::int64_t titles_ = 0;
    std::int64_t details_ = 0;
    std::int64_t broken_ = 0;
    std::array<std::int64_t, kTalliesMax> tallies_{};
};

RetornoReader::RetornoReader(const Layout& layout, RetornoSink& sink)
    : impl_(std::make_unique<Impl>(layout, sink)) {}

RetornoReader::~RetornoReader() = default;

bool RetornoReader::feed(std::string_view bytes) {
    return impl_->feed(bytes);
}

RetornoSummary RetornoReader::finish() {
    return impl_->finish();
}

RetornoSummary read_retorno(const Layout& layout, std::string_view bytes, RetornoSink& sink) {
    const auto length = static_cast<std::size_t>(layout.record_length);
    const std::string_view last = last_line(bytes);
    const RecordLayout* record = last.size() < length
                                     ? nullptr
                                     : layout.classify(Direction::retorno, last.substr(0, length));
    if (record == nullptr || record->kind != RecordKind::trailer) {
        return {.error = refusal_of(layout, bytes)};
    }
    RetornoReader reader(layout, sink);
    reader.feed(bytes);
    return reader.finish();
}

}  // namespace causeway::connectors::cnab
