// SPDX-License-Identifier: Apache-2.0
//
// The simplest journal there is: the list of what was accepted. Whatever it is asked it works out
// from the whole list by definition, in 128 bits, and remembers nothing else. It shares the public
// types with ledger/ and no code, so the two can only agree by both being right.
#pragma once

#include "ledger/clock.h"
#include "ledger/id.h"
#include "ledger/journal/entry.h"
#include "ledger/journal/refusal.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

namespace causeway::test {

__extension__ using Wide = __int128;

/// An account as a key of ordered containers.
using AccountName = std::tuple<ledger::Purpose, std::string, std::string>;

inline AccountName name_of(const ledger::AccountKey& key) {
    return {key.purpose, key.owner, std::string(key.currency.code())};
}

class JournalModel {
  public:
    /// An accepted entry as it turned out: with the time it was recorded at and with all its lines.
    struct Event {
        ledger::Entry entry;
        bool lines_named;  ///< False: the lines are what remained.
        ledger::AccountTerms terms = {};
        std::int64_t lane = 0;
    };
    struct Verdict {
        std::optional<ledger::Refusal> refusal;
        std::int64_t lane = 0;
        std::int64_t place = 0;  ///< In its lane: 1, 2, 3, ...
        bool replayed = false;

        friend bool operator==(const Verdict&, const Verdict&) = default;
    };
    /// Units: minor units.
    struct Sums {
        Wide debits = 0;
        Wide credits = 0;
        Wide pending_debits = 0;
        Wide pending_credits = 0;

        [[nodiscard]] bool fits() const {
            constexpr Wide kMax = std::numeric_limits<std::int64_t>::max();
            return std::max({debits, credits, pending_debits, pending_credits}) <= kMax;
        }
        [[nodiscard]] ledger::Balance balance() const {
            return {.debits = static_cast<std::int64_t>(debits),
                    .credits = static_cast<std::int64_t>(credits),
                    .pending_debits = static_cast<std::int64_t>(pending_debits),
                    .pending_credits = static_cast<std::int64_t>(pending_credits)};
        }
    };

    [[nodiscard]] const std::vector<Event>& events() const { return events_; }
    [[nodiscard]] std::size_t mark() const { return events_.size(); }
    void revert(std::size_t mark) { events_.erase(at(mark), events_.end()); }

    /// What follows is posted in that lane.
    void stand_in(std::int64_t lane) { lane_ = lane; }
    [[nodiscard]] std::set<std::int64_t> lanes() const {
        std::set<std::int64_t> all;
        for (const Event& event : events_)
            all.insert(event.lane);
        return all;
    }
    /// What follows does not find entries by these ids: somebody else posted them so late that
    /// they were not to be seen yet.
    void hide(std::set<Uuid> ids) { hidden_ = std::move(ids); }

    Verdict post(const ledger::Entry& entry) {
        if (const auto refusal = refusal_of_form(entry)) return {.refusal = refusal};
        if (const auto known = known_already(entry)) return *known;
        Event event{.entry = entry, .lines_named = !entry.lines.empty()};
        if (const auto refusal = refusal_of_pending(event)) return {.refusal = refusal};
        event.entry.recorded = recorded(entry.recorded, event.entry.lines);
        return append(event);
    }

    /// The verdicts up to the first refusal.
    std::vector<Verdict> post_linked(std::span<const ledger::Entry> entries) {
        const std::size_t start = mark();
        std::vector<Verdict> verdicts;
        for (const ledger::Entry& entry : entries) {
            verdicts.push_back(post(entry));
            if (!verdicts.back().refusal) continue;
            revert(start);
            break;
        }
        return verdicts;
    }

    Verdict set_terms(const Uuid& id,
                      const ledger::AccountKey& key,
                      const ledger::AccountTerms& terms,
                      Timestamp now) {
        const std::vector<ledger::Line> lines{{.account = key, .minor_units = 0}};
        Event event{.entry = {.id = id,
                              .kind = "account_terms",
                              .reference = to_text(terms),
                              .effective = now,
                              .recorded = recorded(now, lines),
                              .lines = lines,
                              .type = ledger::EntryType::account_terms},
                    .lines_named = true,
                    .terms = terms};
        if (const auto known = known_already(event.entry)) return *known;
        if (terms.currency_fixed && !others(key).empty()) {
            return {.refusal = ledger::Refusal::currency_fixed};
        }
        return append(event);
    }

    /// How many have expired. `next_id` names the entries that say so.
    std::int64_t expire(Timestamp now,
                        std::int64_t count_max,
                        const std::function<Uuid()>& next_id) {
        // When they are due at the same time, those of the first lane come first.
        std::vector<std::tuple<Timestamp, std::int64_t, std::size_t>> due;
        for (std::size_t i = 0; i < events_.size(); ++i) {
            if (is_due(events_[i].entry, now))
                due.emplace_back(*events_[i].entry.expires, events_[i].lane, i);
        }
        std::ranges::sort(due);
        std::int64_t count = 0;
        for (const auto& [expiry, lane, index] : due) {
            if (count == count_max) break;
            append_expiry(events_[index].entry, now, next_id());
            ++count;
        }
        return count;
    }

    /// This one, and whether it was due.
    bool expire_one(const Uuid& pending, Timestamp now, const Uuid& id) {
        const Event* const found = find(pending);
        if (found == nullptr || !is_due(found->entry, now)) return false;
        append_expiry(found->entry, now, id);
        return true;
    }

    using Filter = std::function<bool(const ledger::Entry&)>;
    /// What the lines on an account add up to, of those entries that `counts` lets through.
    [[nodiscard]] Sums sums(const ledger::AccountKey& key, const Filter& counts = {}) const {
        Sums sums;
        for (const Event& event : events_) {
            if (counts && !counts(event.entry)) continue;
            for (const ledger::Line& line : event.entry.lines) {
                if (line.account == key) add(sums, event.entry.type, line.minor_units);
            }
        }
        return sums;
    }

    /// Those that have a line.
    [[nodiscard]] std::map<AccountName, ledger::AccountKey> accounts() const {
        std::map<AccountName, ledger::AccountKey> all;
        for (const Event& event : events_) {
            for (const ledger::Line& line : event.entry.lines)
                all.emplace(name_of(line.account), line.account);
        }
        return all;
    }

    [[nodiscard]] ledger::AccountTerms terms(const ledger::AccountKey& key) const {
        ledger::AccountTerms terms;
        for (const Event& event : events_) {
            const bool sets = event.entry.type == ledger::EntryType::account_terms;
            if (sets && event.entry.lines[0].account == key) terms = event.terms;
        }
        return terms;
    }

    /// What remains of a pending entry, one line for each side of each account.
    [[nodiscard]] std::vector<ledger::Line> remaining(const Uuid& pending) const {
        std::vector<ledger::Line> left;
        const auto place = [&](const ledger::Line& line) -> std::int64_t& {
            for (ledger::Line& known : left) {
                const bool same_side = (known.minor_units >= 0) == (line.minor_units > 0);
                if (known.account == line.account && same_side) return known.minor_units;
            }
            left.push_back({.account = line.account, .minor_units = 0});
            return left.back().minor_units;
        };
        for (const Event& event : events_) {
            if (event.entry.id != pending) continue;
            for (const ledger::Line& line : event.entry.lines)
                place(line) += line.minor_units;
        }
        for (ledger::Line& line : left)
            line.minor_units -= taken(pending, line);
        std::erase_if(left, [](const ledger::Line& line) { return line.minor_units == 0; });
        return left;
    }

    /// The refusal that speaks of its state; none while it is open.
    [[nodiscard]] std::optional<ledger::Refusal> state_of(const Uuid& pending) const {
        if (!remaining(pending).empty()) return std::nullopt;
        std::optional<ledger::Refusal> state;
        for (const Event& event : events_) {
            if (event.entry.pending != pending) continue;
            switch (event.entry.type) {
                case ledger::EntryType::void_pending:
                    state = ledger::Refusal::pending_voided;
                    break;
                case ledger::EntryType::expire_pending:
                    state = ledger::Refusal::pending_expired;
                    break;
                default: state = ledger::Refusal::pending_posted;
            }
        }
        return state;
    }

  private:
    using Refusal = ledger::Refusal;
    using Type = ledger::EntryType;
    using MaybeRefusal = std::optional<Refusal>;

    [[nodiscard]] std::vector<Event>::const_iterator at(std::size_t place) const {
        return events_.begin() + static_cast<std::ptrdiff_t>(place);
    }

    static void add(Sums& sums, Type type, Wide amount) {
        const Wide debit = amount > 0 ? amount : 0;
        const Wide credit = amount < 0 ? -amount : 0;
        const bool posts = type == Type::posting || type == Type::post_pending;
        const bool reserves = type == Type::pending;
        const bool releases = type == Type::post_pending || type == Type::void_pending ||
                              type == Type::expire_pending;
        if (posts) sums.debits += debit;
        if (posts) sums.credits += credit;
        if (reserves) sums.pending_debits += debit;
        if (reserves) sums.pending_credits += credit;
        if (releases) sums.pending_debits -= debit;
        if (releases) sums.pending_credits -= credit;
    }

    // What other entries took of a line.
    [[nodiscard]] std::int64_t taken(const Uuid& pending, const ledger::Line& of) const {
        std::int64_t sum = 0;
        for (const Event& event : events_) {
            if (event.entry.pending != pending) continue;
            for (const ledger::Line& line : event.entry.lines) {
                const bool same_side = (line.minor_units > 0) == (of.minor_units > 0);
                if (line.account == of.account && same_side) sum += line.minor_units;
            }
        }
        return sum;
    }

    // Time runs forward in a lane and on an account.
    [[nodiscard]] Timestamp recorded(Timestamp given, std::span<const ledger::Line> lines) const {
        Timestamp latest = given;
        for (const Event& event : events_) {
            if (event.lane == lane_ || share_account(event.entry.lines, lines))
                latest = std::max(latest, event.entry.recorded);
        }
        return latest;
    }

    static bool share_account(std::span<const ledger::Line> some,
                              std::span<const ledger::Line> others) {
        return std::ranges::any_of(some, [&](const ledger::Line& one) {
            return std::ranges::any_of(
                others, [&](const ledger::Line& other) { return one.account == other.account; });
        });
    }

    [[nodiscard]] bool is_due(const ledger::Entry& entry, Timestamp now) const {
        return entry.type == Type::pending && entry.expires && *entry.expires <= now &&
               !state_of(entry.id);
    }

    void append_expiry(const ledger::Entry& pending, Timestamp now, const Uuid& id) {
        std::vector<ledger::Line> lines = remaining(pending.id);
        const Timestamp when = recorded(now, lines);
        events_.push_back({.entry = {.id = id,
                                     .kind = "expiry",
                                     .reference = to_text("je", pending.id),
                                     .effective = *pending.expires,
                                     .recorded = when,
                                     .lines = std::move(lines),
                                     .type = Type::expire_pending,
                                     .pending = pending.id},
                           .lines_named = false,
                           .lane = lane_});
    }

    // Of the event at `index`.
    [[nodiscard]] std::int64_t place(std::size_t index) const {
        const std::int64_t lane = events_[index].lane;
        return std::count_if(
            events_.begin(), at(index + 1), [&](const Event& event) { return event.lane == lane; });
    }

    static bool storable(std::string_view text) {
        return text.find('\0') == std::string_view::npos &&
               text.find('\xFF') == std::string_view::npos;
    }

    [[nodiscard]] static MaybeRefusal refusal_of_form(const ledger::Entry& entry) {
        const bool resolves = entry.type == Type::post_pending || entry.type == Type::void_pending;
        const bool starts = entry.type == Type::posting || entry.type == Type::pending;
        if (!resolves && !starts) return Refusal::type_not_allowed;
        if (resolves && !entry.pending) return Refusal::pending_not_named;
        if (starts && entry.pending) return Refusal::pending_not_allowed;
        if (entry.type != Type::pending && entry.expires) return Refusal::expiry_not_allowed;
        if (entry.kind.empty()) return Refusal::no_kind;
        if (entry.kind.size() > 64 || entry.reference.size() > 255) return Refusal::text_too_long;
        if (!storable(entry.kind) || !storable(entry.reference)) return Refusal::text_not_storable;
        for (const ledger::Line& line : entry.lines) {
            if (line.account.owner.empty()) return Refusal::no_owner;
            if (line.account.owner.size() > 255) return Refusal::text_too_long;
            if (!storable(line.account.owner)) return Refusal::text_not_storable;
        }
        return refusal_of_lines(entry);
    }

    [[nodiscard]] static MaybeRefusal refusal_of_lines(const ledger::Entry& entry) {
        if (entry.type == Type::void_pending) {
            return entry.lines.empty() ? MaybeRefusal() : Refusal::lines_not_allowed;
        }
        if (entry.type == Type::post_pending && entry.lines.empty()) return std::nullopt;
        if (entry.lines.size() < 2) return Refusal::too_few_lines;
        if (entry.lines.size() > 1000) return Refusal::too_many_lines;
        std::map<std::pair<bool, std::string>, Wide> sums;
        for (const ledger::Line& line : entry.lines) {
            if (line.minor_units == 0) return Refusal::zero_line;
            if (line.minor_units == INT64_MIN) return Refusal::balance_overflow;
            const bool own = line.account.purpose >= ledger::Purpose::client_money_claim;
            sums[{own, std::string(line.account.currency.code())}] += line.minor_units;
        }
        for (const auto& [what, sum] : sums) {
            if (sum != 0) return Refusal::unbalanced;
        }
        return std::nullopt;
    }

    [[nodiscard]] std::optional<Verdict> known_already(const ledger::Entry& entry) const {
        for (std::size_t i = 0; i < events_.size(); ++i) {
            const ledger::Entry& known = events_[i].entry;
            if (known.id != entry.id || hidden_.contains(known.id)) continue;
            const bool when =
                known.effective == entry.effective || known.type == Type::account_terms;
            const bool same = when && known.type == entry.type && known.kind == entry.kind &&
                              known.reference == entry.reference &&
                              known.pending == entry.pending && known.expires == entry.expires &&
                              (entry.lines.empty() || known.lines == entry.lines);
            if (!same) return Verdict{.refusal = Refusal::id_reused};
            return Verdict{.lane = events_[i].lane, .place = place(i), .replayed = true};
        }
        return std::nullopt;
    }

    [[nodiscard]] const Event* find(const Uuid& id) const {
        if (hidden_.contains(id)) return nullptr;
        const auto found =
            std::ranges::find_if(events_, [&](const Event& event) { return event.entry.id == id; });
        return found == events_.end() ? nullptr : &*found;
    }

    // Fills in what remains when the entry names no lines.
    MaybeRefusal refusal_of_pending(Event& event) const {
        ledger::Entry& entry = event.entry;
        if (!entry.pending) return std::nullopt;
        const Event* const pending = find(*entry.pending);
        if (pending == nullptr) return Refusal::pending_unknown;
        if (pending->entry.type != Type::pending) return Refusal::not_pending;
        if (const MaybeRefusal closed = state_of(*entry.pending)) return closed;
        const std::optional<Timestamp>& expiry = pending->entry.expires;
        const auto late = [&](Timestamp now) {
            return entry.type == Type::post_pending && expiry && *expiry <= now;
        };
        if (late(entry.recorded)) return Refusal::pending_expired;
        if (entry.lines.empty()) {
            entry.lines = remaining(*entry.pending);
        } else if (const MaybeRefusal refusal = refusal_of_parts(entry, *pending)) {
            return refusal;
        }
        return late(recorded(entry.recorded, entry.lines)) ? Refusal::pending_expired
                                                           : MaybeRefusal();
    }

    [[nodiscard]] MaybeRefusal refusal_of_parts(const ledger::Entry& entry,
                                                const Event& pending) const {
        if (breaks_currency(entry.lines)) return Refusal::currency_fixed;
        std::vector<ledger::Line> left = remaining(*entry.pending);
        for (const ledger::Line& line : entry.lines) {
            const auto on_account = [&](const ledger::Line& other) {
                return other.account == line.account;
            };
            if (!std::ranges::any_of(pending.entry.lines, on_account)) {
                return Refusal::line_not_pending;
            }
            const auto found = std::ranges::find_if(left, [&](const ledger::Line& other) {
                return on_account(other) && (other.minor_units > 0) == (line.minor_units > 0);
            });
            const auto size = [](Wide amount) { return amount < 0 ? -amount : amount; };
            if (found == left.end() || size(found->minor_units) < size(line.minor_units)) {
                return Refusal::pending_exceeded;
            }
            found->minor_units -= line.minor_units;
            if (found->minor_units == 0) left.erase(found);
        }
        return std::nullopt;
    }

    // The same owner's accounts of that purpose in other currencies.
    [[nodiscard]] std::vector<ledger::AccountKey> others(const ledger::AccountKey& key) const {
        std::vector<ledger::AccountKey> found;
        for (const auto& [name, account] : accounts()) {
            const bool same = account.owner == key.owner && account.purpose == key.purpose;
            if (same && account.currency != key.currency) found.push_back(account);
        }
        return found;
    }

    [[nodiscard]] bool breaks_currency(std::span<const ledger::Line> lines) const {
        const auto all = accounts();
        return std::ranges::any_of(lines, [&](const ledger::Line& line) {
            if (all.contains(name_of(line.account))) return false;
            const auto same = others(line.account);
            return std::ranges::any_of(
                same, [&](const ledger::AccountKey& key) { return terms(key).currency_fixed; });
        });
    }

    // The event is what it will be; may it be?
    Verdict append(Event event) {
        event.lane = lane_;
        const ledger::Entry& entry = event.entry;
        const bool frees = entry.type == Type::void_pending;
        const bool sets = entry.type == Type::account_terms;
        if (breaks_currency(entry.lines)) return {.refusal = Refusal::currency_fixed};
        if (entry.expires && *entry.expires <= entry.recorded) {
            return {.refusal = Refusal::expiry_passed};
        }
        for (const ledger::Line& line : entry.lines) {
            if (!frees && !sets && terms(line.account).closed)
                return {.refusal = Refusal::account_closed};
        }
        events_.push_back(event);
        if (const MaybeRefusal refusal = refusal_of_sums(entry)) {
            events_.pop_back();
            return {.refusal = refusal};
        }
        return {.lane = lane_, .place = place(events_.size() - 1)};
    }

    [[nodiscard]] MaybeRefusal refusal_of_sums(const ledger::Entry& entry) const {
        for (const ledger::Line& line : entry.lines) {
            if (!sums(line.account).fits()) return Refusal::balance_overflow;
        }
        if (entry.pending) return std::nullopt;
        for (const ledger::Line& line : entry.lines) {
            const ledger::AccountTerms terms_now = terms(line.account);
            const Sums now = sums(line.account);
            const bool sets = entry.type == Type::account_terms;
            if (terms_now.debits_within_credits && (line.minor_units > 0 || sets) &&
                now.debits + now.pending_debits > now.credits) {
                return Refusal::debits_exceed_credits;
            }
            if (terms_now.credits_within_debits && (line.minor_units < 0 || sets) &&
                now.credits + now.pending_credits > now.debits) {
                return Refusal::credits_exceed_debits;
            }
        }
        return std::nullopt;
    }

    std::vector<Event> events_;
    std::int64_t lane_ = 0;
    std::set<Uuid> hidden_;
};

}  // namespace causeway::test
