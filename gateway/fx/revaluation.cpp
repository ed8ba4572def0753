// SPDX-License-Identifier: Apache-2.0
#include "gateway/fx/revaluation.h"

#include "gateway/fx/positions.h"
#include "ledger/store/commit_queue.h"

#include <algorithm>
#include <chrono>
#include <functional>
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

// Requires a rate. Without its entry.
Revaluation made_of(const Target& target, Day day, std::int64_t unrealised, Timestamp now) {
    return {.pair = target.closing.pair,
            .day = day,
            .mid = *target.mid,
            .publisher = target.publishers,
            .rates_day = target.rates_day,
            .open = target.closing.open,
            .cost = target.closing.cost,
            .unrealised = unrealised,
            .entry = {},
            .created = now};
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
    done.booked = made_of(target, day, unrealised->minor_units(), writer.now());
    Result<std::vector<Line>> lines = fx::revaluation_lines(target.closing, *target.mid);
    if (!lines) return lines.error();
    const Result<std::optional<Uuid>> entry =
        writer.post("fx_revaluation", day, end_of(day), *std::move(lines));
    if (!entry) return entry.error();
    done.booked->entry = *entry;
    const Result<void> stored = insert_revaluation(body, *done.booked);
    if (!stored) return stored.error();
    return done;
}

bool says_the_same(const Revaluation& was, const Target& target, std::int64_t unrealised) {
    return was.mid == *target.mid && was.open == target.closing.open &&
           was.cost == target.closing.cost && was.unrealised == unrealised;
}

// What a day is done over by.
struct Over {
    std::optional<Revaluation> was;
    bool stands = false;  ///< No reversal was booked yet.
    Revaluation now;
};

Result<void> book_over(Writer& writer, const Target& target, Over& over) {
    const Pair& pair = target.closing.pair;
    const Day day = over.now.day;
    const std::int64_t before = over.was ? over.was->unrealised : 0;
    const Result<std::optional<Uuid>> undone =
        writer.post("fx_revaluation_undone",
                    day,
                    end_of(day),
                    fx::reversal_lines({.pair = pair, .unrealised = before}));
    if (!undone) return undone.error();
    Result<std::vector<Line>> lines = fx::revaluation_lines(target.closing, *target.mid);
    if (!lines) return lines.error();
    const Result<std::optional<Uuid>> entry =
        writer.post("fx_revaluation", day, end_of(day), *std::move(lines));
    if (!entry) return entry.error();
    over.now.entry = *entry;
    if (over.stands) return {};
    // The reversal took back what had been booked; the difference to what should have been.
    const Result<std::optional<Uuid>> reversed =
        writer.post("fx_revaluation_reversal",
                    day,
                    Timestamp(day + std::chrono::days(1)),
                    fx::reversal_lines({.pair = pair, .unrealised = over.now.unrealised - before}));
    if (!reversed) return reversed.error();
    return {};
}

Result<void> store_over(Transaction& body,
                        const RevaluationDesk& desk,
                        const Over& over,
                        const RevaluationWord& word) {
    if (over.was) {
        const Result<void> undone =
            undo_revaluation(body, desk.ids.next(), *over.was, word, over.now.created);
        if (!undone) return undone.error();
    }
    return insert_revaluation(body, over.now);
}

Result<PairRevalued> revalue_pair_again(Transaction& body,
                                        const RevaluationDesk& desk,
                                        const Target& target,
                                        Day day,
                                        const RevaluationWord& word) {
    const Pair& pair = target.closing.pair;
    const Result<Position> present = position_in(body, desk.journal, pair);
    if (!present) return present.error();
    const Result<std::optional<Day>> last = last_revaluation(body, pair);
    if (!last) return last.error();
    const bool was_nothing = target.closing.open == 0 && target.closing.cost == 0;
    if (!*last || **last < day) {
        if (!was_nothing || present->unrealised != 0) return revalue_pair(body, desk, target, day);
        return PairRevalued{.pair = pair, .outcome = Revalued::known_before};
    }
    Result<std::optional<Revaluation>> was = find_revaluation(body, pair, day);
    if (!was) return was.error();
    PairRevalued done{.pair = pair, .outcome = Revalued::known_before};
    if (!*was && was_nothing) return done;
    if (!target.mid) {
        done.outcome = Revalued::no_rate;
        done.why = target.mid.error().detail();
        return done;
    }
    const Result<ledger::Money> unrealised = fx::unrealised_at(target.closing, *target.mid);
    if (!unrealised) return unrealised.error();
    if (*was && says_the_same(**was, target, unrealised->minor_units())) return done;
    Writer writer(desk, body, pair);
    Over over{.was = *std::move(was),
              .stands = false,
              .now = made_of(target, day, unrealised->minor_units(), writer.now())};
    over.stands = **last == day && over.was && present->unrealised == over.was->unrealised;
    const Result<void> booked = book_over(writer, target, over);
    if (!booked) return booked.error();
    const Result<void> stored = store_over(body, desk, over, word);
    if (!stored) return stored.error();
    done.outcome = Revalued::booked;
    done.reversed = over.was ? over.was->unrealised : 0;
    done.booked = std::move(over.now);
    return done;
}

// Every pair that there is.
Result<std::vector<Target>> all_targets(const RevaluationDesk& desk, Day day) {
    Result<std::vector<Position>> closing = positions(desk.database, desk.journal, day);
    if (!closing) return closing.error();
    const Result<DayRates> rates = rates_of_day(desk.database, desk.settings, day);
    if (!rates) return rates.error();
    std::vector<Target> targets;
    for (Position& position : *closing) {
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

// Those with something at the end of the day, or of which something stands.
Result<std::vector<Target>> targets_of(const RevaluationDesk& desk, Day day) {
    Result<std::vector<Target>> targets = all_targets(desk, day);
    if (!targets) return targets;
    const Result<std::vector<Position>> present = positions(desk.database, desk.journal);
    if (!present) return present.error();
    std::erase_if(*targets, [&present](const Target& target) {
        const auto now = std::ranges::find(*present, target.closing.pair, &Position::pair);
        const bool stands = now != present->end() && now->unrealised != 0;
        return target.closing.open == 0 && target.closing.cost == 0 && !stands;
    });
    return targets;
}

using PairBody = std::function<Result<PairRevalued>(Transaction&, const Target&)>;

Result<std::vector<PairRevalued>> each_alone(const RevaluationDesk& desk,
                                             const std::vector<Target>& targets,
                                             const PairBody& pair_body) {
    std::vector<PairRevalued> all;
    for (const Target& target : targets) {
        Result<PairRevalued> one = desk.database.writer().commit<PairRevalued>(
            [&](Transaction& body) { return pair_body(body, target); });
        all.push_back(one ? *std::move(one)
                          : PairRevalued{.pair = target.closing.pair,
                                         .outcome = Revalued::failed,
                                         .why = one.error().detail()});
    }
    return all;
}

Result<void> check_ended(const RevaluationDesk& desk, Day day) {
    if (day < day_of(desk.clock.now())) return {};
    return Error(ErrorCode::invalid_argument, to_text(day) + " has not ended, by UTC");
}

// What it reversed; 0 when nothing was due after all.
Result<std::int64_t> reverse_pair(Transaction& body,
                                  const RevaluationDesk& desk,
                                  const Pair& pair,
                                  Day until) {
    const Result<Position> present = position_in(body, desk.journal, pair);
    if (!present) return present.error();
    const Result<std::optional<Day>> last = last_revaluation(body, pair);
    if (!last) return last.error();
    if (present->unrealised == 0 || !*last || **last >= until) return std::int64_t{0};
    Writer writer(desk, body, pair);
    return clear(writer, *present, **last, until);
}

}  // namespace

std::string_view to_string(Revalued outcome) noexcept {
    switch (outcome) {
        case Revalued::booked: return "booked";
        case Revalued::known_before: return "known_before";
        case Revalued::no_rate: return "no_rate";
        case Revalued::failed: return "failed";
    }
    return "booked";
}

std::string revaluation_reference(const Pair& pair, Day day) {
    return "fxrev_" + pair.owner() + "_" + to_text(day);
}

Result<std::vector<PairRevalued>> revalue(const RevaluationDesk& desk, Day day) {
    const Result<void> ended = check_ended(desk, day);
    if (!ended) return ended.error();
    const Result<std::vector<Target>> targets = targets_of(desk, day);
    if (!targets) return targets.error();
    return each_alone(desk, *targets, [&desk, day](Transaction& body, const Target& target) {
        return revalue_pair(body, desk, target, day);
    });
}

Result<std::vector<PairRevalued>> revalue_again(const RevaluationDesk& desk,
                                                Day day,
                                                const RevaluationWord& word) {
    const Result<void> ended = check_ended(desk, day);
    if (!ended) return ended.error();
    const Result<std::vector<Target>> targets = all_targets(desk, day);
    if (!targets) return targets.error();
    return each_alone(desk, *targets, [&desk, day, &word](Transaction& body, const Target& target) {
        return revalue_pair_again(body, desk, target, day, word);
    });
}

Result<std::vector<PairReversed>> reverse_due(const RevaluationDesk& desk, Day until) {
    const Result<std::vector<Position>> present = positions(desk.database, desk.journal);
    if (!present) return present.error();
    std::vector<PairReversed> all;
    for (const Position& position : *present) {
        if (position.unrealised == 0) continue;
        const Result<std::int64_t> amount = desk.database.writer().commit<std::int64_t>(
            [&](Transaction& body) { return reverse_pair(body, desk, position.pair, until); });
        if (!amount) return amount.error();
        if (*amount != 0) all.push_back({.pair = position.pair, .amount = *amount});
    }
    return all;
}

MetricCollector revaluation_metrics() {
    return [](Transaction& tx, MetricSink& sink) -> Result<void> {
        const Result<std::vector<LastRevaluation>> all = last_revaluations(tx);
        if (!all) return all.error();
        for (const LastRevaluation& one : *all) {
            sink.gauge("causeway_fx_revalued_day",
                       "Days since 1970-01-01, of the last day that a pair was revalued for.",
                       static_cast<double>(one.day.time_since_epoch().count()),
                       {{"pair", one.pair}});
        }
        return {};
    };
}

}  // namespace causeway::gateway
