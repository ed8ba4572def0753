// SPDX-License-Identifier: Apache-2.0
#include "gateway/fx/revaluation.h"

#include "gateway/fx/positions.h"
#include "ledger/store/commit_queue.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace causeway::gateway {
namespace {

using fx::Pair;
using fx::Position;
using ledger::Line;
using ledger::Transaction;

// The pair at the end of the day, by what is known now.
struct Target {
    Position closing;
    Result<fx::Decimal> mid;
    std::string publishers;
    Day rates_day;
};

// What a body writes, in the transaction and with the clock's time it was given.
class Writer {
  public:
    Writer(const RevaluationDesk& desk, Transaction& body, const Pair& pair)
        : desk_(desk), body_(body), pair_(pair), now_(desk.clock.now()) {}

    [[nodiscard]] Timestamp now() const { return now_; }

    // None when there are no lines.
    Result<std::optional<Uuid>> post(const char* kind,
                                     Day day,
                                     Timestamp effective,
                                     std::vector<Line> lines) {
        if (lines.empty()) return std::optional<Uuid>();
        const Uuid id = desk_.ids.next();
        const Result<ledger::Posted> posted =
            desk_.journal.post(body_,
                               {.id = id,
                                .kind = kind,
                                .reference = revaluation_reference(pair_, day),
                                .effective = effective,
                                .recorded = now_,
                                .lines = std::move(lines)});
        if (!posted) return posted.error();
        return std::optional(id);
    }

  private:
    const RevaluationDesk& desk_;
    Transaction& body_;
    const Pair& pair_;
    Timestamp now_;
};

// What stands in the books of an earlier day, and the cost that refunds left with nothing open.
Result<std::int64_t> clear(Writer& writer, const Position& present, Day last, Day day) {
    const Result<std::optional<Uuid>> reversed = writer.post("fx_revaluation_reversal",
                                                             last,
                                                             Timestamp(last + std::chrono::days(1)),
                                                             fx::reversal_lines(present));
    if (!reversed) return reversed.error();
    const Result<std::optional<Uuid>> swept =
        writer.post("fx_residue", day, writer.now(), fx::residue_lines(present));
    if (!swept) return swept.error();
    return present.unrealised;
}

Result<PairRevalued> revalue_pair(Transaction& body,
                                  const RevaluationDesk& desk,
                                  const Target& target,
                                  Day day) {
    const Pair& pair = target.closing.pair;
    // Locks the pair: what was done before is read after nobody else can do it any more.
    const Result<Position> present = position_in(body, desk.journal, pair);
    if (!present) return present.error();
    const Result<std::optional<Day>> last = last_revaluation(body, pair);
    if (!last) return last.error();
    PairRevalued done{.pair = pair};
    if (*last && **last >= day) {
        done.outcome = Revalued::known_before;
        return done;
    }
    Writer writer(desk, body, pair);
    const Result<std::int64_t> cleared =
        clear(writer, *present, last->value_or(day - std::chrono::days(1)), day);
    if (!cleared) return cleared.error();
    done.reversed = *cleared;
    if (!target.mid) {
        done.outcome = Revalued::no_rate;
        done.why = target.mid.error().detail();
        return done;
    }
    const Result<ledger::Money> unrealised = fx::unrealised_at(target.closing, *target.mid);
    if (!unrealised) return unrealised.error();
    Result<std::vector<Line>> lines = fx::revaluation_lines(target.closing, *target.mid);
    if (!lines) return lines.error();
    const Result<std::optional<Uuid>> entry =
        writer.post("fx_revaluation", day, end_of(day), *std::move(lines));
    if (!entry) return entry.error();
    done.booked = Revaluation{.pair = pair,
                              .day = day,
                              .mid = *target.mid,
                              .publisher = target.publishers,
                              .rates_day = target.rates_day,
                              .open = target.closing.open,
                              .cost = target.closing.cost,
                              .unrealised = unrealised->minor_units(),
                              .entry = *entry,
                              .created = writer.now()};
    const Result<void> stored = insert_revaluation(body, *done.booked);
    if (!stored) return stored.error();
    return done;
}

Result<std::vector<Target>> targets_of(const RevaluationDesk& desk, Day day) {
    Result<std::vector<Position>> closing = positions(desk.database, desk.journal, day);
    if (!closing) return closing.error();
    const Result<std::vector<Position>> present = positions(desk.database, desk.journal);
    if (!present) return present.error();
    const Result<DayRates> rates = rates_of_day(desk.database, desk.settings, day);
    if (!rates) return rates.error();
    std::vector<Target> targets;
    for (Position& position : *closing) {
        const auto now = std::ranges::find(*present, position.pair, &Position::pair);
        const bool stands = now != present->end() && now->unrealised != 0;
        if (position.open == 0 && position.cost == 0 && !stands) continue;
        // Whatever stands in the books of an earlier day is reversed first.
        position.unrealised = 0;
        const Result<fx::MidRate> mid = rates->mid(position.pair);
        targets.push_back({.closing = position,
                           .mid = mid ? Result<fx::Decimal>(mid->value) : mid.error(),
                           .publishers = mid ? mid->publishers() : std::string(),
                           .rates_day = mid ? mid->day : day});
    }
    return targets;
}

}  // namespace

std::string_view to_string(Revalued outcome) noexcept {
    switch (outcome) {
        case Revalued::booked: return "booked";
        case Revalued::known_before: return "known_before";
        case Revalued::no_rate: return "no_rate";
    }
    return "booked";
}

std::string revaluation_reference(const Pair& pair, Day day) {
    return "fxrev_" + pair.owner() + "_" + to_text(day);
}

Result<std::vector<PairRevalued>> revalue(const RevaluationDesk& desk, Day day) {
    if (day >= day_of(desk.clock.now())) {
        return Error(ErrorCode::invalid_argument, to_text(day) + " has not ended, by UTC");
    }
    const Result<std::vector<Target>> targets = targets_of(desk, day);
    if (!targets) return targets.error();
    std::vector<PairRevalued> all;
    for (const Target& target : *targets) {
        Result<PairRevalued> one = desk.database.writer().commit<PairRevalued>(
            [&](Transaction& body) { return revalue_pair(body, desk, target, day); });
        if (!one) return one.error();
        all.push_back(*std::move(one));
    }
    return all;
}

}  // namespace causeway::gateway
