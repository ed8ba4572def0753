// SPDX-License-Identifier: Apache-2.0
//
// Random work for a journal: sound for the most part, with the mistakes that callers make.
#pragma once

#include "ledger/clock.h"
#include "ledger/journal/entry.h"
#include "tests/support/books.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace causeway::test {

/// One thing that a body does.
struct Step {
    enum class Kind { post, linked, terms, expire, head };
    Kind kind = Kind::post;
    std::vector<ledger::Entry> entries = {};  ///< One for `post`; for `terms` its id and account.
    ledger::AccountTerms terms = {};
    Timestamp now = {};
    std::int64_t count_max = 0;
    std::uint64_t ids_seed = 0;  ///< Of the ids of the entries by which others expire.
};

struct BodyPlan {
    std::vector<Step> steps;
    bool stops_when_refused = false;  ///< And fails then.
    bool fails = false;               ///< In the end, whatever it did.
    bool hints = false;               ///< Says before what it is going to touch.
};

/// All that it does follows from the seed.
///
/// Threads: none of its own. Give each thread one, with a seed of its own.
class JournalChance {
  public:
    explicit JournalChance(std::uint64_t seed) : random_(seed), ids_(seed) {}

    /// Below `bound`.
    std::size_t pick(std::size_t bound) {
        return std::uniform_int_distribution<std::size_t>(0, bound - 1)(random_);
    }
    bool happens(int percent) { return static_cast<int>(pick(100)) < percent; }

    /// Entries that others made, which this one may name too.
    void learn(const JournalChance& other) {
        made_.insert(made_.end(), other.made_.begin(), other.made_.end());
        now_ = std::max(now_, other.now_);
    }

    BodyPlan body() {
        BodyPlan plan{.stops_when_refused = happens(40), .fails = happens(8), .hints = happens(50)};
        for (std::size_t left = 1 + pick(4); left > 0; --left)
            plan.steps.push_back(step());
        return plan;
    }

    ledger::AccountKey any_account() { return account_of(happens(85), currency()); }
    Timestamp now() const { return now_; }

  private:
    using Type = ledger::EntryType;

    static constexpr std::array<const char*, 2> kCurrencies{"EUR", "JPY"};

    const char* currency() { return happens(80) ? kCurrencies[0] : kCurrencies[1]; }

    ledger::AccountKey account_of(bool client, const char* in) {
        using ledger::Purpose;
        const std::string number = std::to_string(pick(3));
        if (!client)
            return account("operator", happens(70) ? Purpose::fee_revenue : Purpose::rounding, in);
        switch (pick(4)) {
            case 0: return account("card", Purpose::provider_receivable, in);
            case 1: return account("mer_" + number, Purpose::merchant_pending, in);
            case 2: return account("mer_" + number, Purpose::merchant_available, in);
            default: return account("mer_" + number, Purpose::merchant_reserve, in);
        }
    }

    // The turnover of what is pending has to fit into 64 bits too; posted amounts may fill them.
    std::int64_t amount(Type type) {
        if (type == Type::posting && happens(3)) return INT64_MAX / 2;
        return 1 + static_cast<std::int64_t>(pick(100));
    }

    // Balanced, between two to four accounts of one fund.
    void add_lines(ledger::Entry& entry, bool client) {
        const char* const in = currency();
        std::int64_t sum = 0;
        for (std::size_t left = 1 + pick(3); left > 0; --left) {
            const std::int64_t signed_amount =
                happens(50) ? amount(entry.type) : -amount(entry.type);
            if (__builtin_add_overflow(sum, signed_amount, &sum)) return;
            entry.lines.push_back(
                {.account = account_of(client, in), .minor_units = signed_amount});
        }
        if (sum == 0) return;
        entry.lines.push_back({.account = account_of(client, in), .minor_units = -sum});
    }

    ledger::Entry bare(Type type) {
        now_ += std::chrono::seconds(pick(20));
        const auto off = std::chrono::seconds(pick(40));
        const auto back = std::chrono::hours(happens(30) ? pick(72) : 0);
        const auto ahead = std::chrono::hours(happens(5) ? pick(72) : 0);
        return {.id = ids_.next(),
                .kind = "kind_" + std::to_string(pick(3)),
                .reference = "ref_" + std::to_string(pick(5)),
                .effective = now_ - back + ahead,
                .recorded = now_ - off,
                .lines = {},
                .type = type};
    }

    ledger::Entry fresh(Type type) {
        ledger::Entry entry = bare(type);
        const bool client = happens(90);
        add_lines(entry, client);
        if (happens(10)) add_lines(entry, !client);
        if (type == Type::pending && happens(50))
            entry.expires = now_ + std::chrono::seconds(pick(200));
        return entry;
    }

    // Two lines that go together, and their amounts so that they do; some or all of the lines.
    std::vector<ledger::Line> part_of(const std::vector<ledger::Line>& lines) {
        if (lines.size() < 2 || happens(20)) return lines;
        const ledger::Line& one = lines[pick(lines.size())];
        ledger::Line other = lines[pick(lines.size())];
        if (happens(10)) other.account = any_account();
        const std::int64_t amount = 1 + static_cast<std::int64_t>(pick(60));
        const std::int64_t sign = one.minor_units < 0 ? -1 : 1;
        return {{.account = one.account, .minor_units = sign * amount},
                {.account = other.account, .minor_units = -sign * amount}};
    }

    ledger::Entry about_a_pending(Type type) {
        ledger::Entry entry = bare(type);
        entry.pending = ids_.next();
        std::vector<const ledger::Entry*> pendings;
        for (const ledger::Entry& known : made_) {
            if (known.type == Type::pending || happens(1)) pendings.push_back(&known);
        }
        if (pendings.empty()) return entry;
        // The latest ones are the likeliest to be open still.
        const std::size_t back = std::min(pick(pendings.size()), pick(pendings.size()));
        const ledger::Entry& pending = *pendings[pendings.size() - 1 - back];
        entry.pending = pending.id;
        if (type == Type::post_pending && happens(65)) entry.lines = part_of(pending.lines);
        return entry;
    }

    ledger::Entry once_more() {
        if (made_.empty()) return fresh(Type::posting);
        ledger::Entry entry = made_[pick(made_.size())];
        entry.recorded += std::chrono::seconds(pick(100));
        if (happens(70)) return entry;
        switch (pick(5)) {
            case 0: entry.kind += "_other"; break;
            case 1: entry.reference += "_other"; break;
            case 2: entry.effective += std::chrono::microseconds(1); break;
            case 3: entry.type = Type::posting; break;
            default: std::ranges::reverse(entry.lines);
        }
        return entry;
    }

    void spoil(ledger::Entry& entry) {
        switch (pick(9)) {
            case 0: entry.kind.clear(); break;
            case 1: entry.kind = std::string(65, 'k'); break;
            case 2: entry.reference = "\xFF"; break;
            case 3: entry.lines.push_back({.account = any_account(), .minor_units = 0}); break;
            case 4: entry.lines.push_back({.account = any_account(), .minor_units = 1}); break;
            case 5: entry.type = Type::expire_pending; break;
            case 6:
                entry.pending = entry.pending ? std::nullopt : std::optional(ids_.next());
                break;
            case 7: entry.expires = now_; break;
            default:
                if (!entry.lines.empty()) entry.lines[0].account.owner.clear();
        }
    }

    ledger::Entry entry() {
        const std::size_t chance = pick(100);
        ledger::Entry made = chance < 35   ? fresh(Type::posting)
                             : chance < 58 ? fresh(Type::pending)
                             : chance < 80 ? about_a_pending(Type::post_pending)
                             : chance < 88 ? about_a_pending(Type::void_pending)
                                           : once_more();
        if (happens(6)) spoil(made);
        made_.push_back(made);
        return made;
    }

    Step step() {
        const std::size_t chance = pick(100);
        if (chance < 5) {
            now_ += std::chrono::seconds(pick(60));
            return {.kind = Step::Kind::expire,
                    .now = now_,
                    .count_max = 1 + static_cast<std::int64_t>(pick(4)),
                    .ids_seed = random_()};
        }
        if (chance < 13) return terms_step();
        if (chance < 20) {
            Step linked{.kind = Step::Kind::linked};
            for (std::size_t left = pick(4); left > 0; --left)
                linked.entries.push_back(entry());
            return linked;
        }
        if (chance < 22) return {.kind = Step::Kind::head};
        return {.kind = Step::Kind::post, .entries = {entry()}};
    }

    Step terms_step() {
        ledger::Entry target = bare(Type::account_terms);
        target.lines = {{.account = any_account(), .minor_units = 0}};
        if (!terms_made_.empty() && happens(15)) {
            Step again = terms_made_[pick(terms_made_.size())];
            again.now += std::chrono::seconds(1);
            if (happens(30)) again.terms.closed = !again.terms.closed;
            return again;
        }
        Step step{.kind = Step::Kind::terms,
                  .entries = {target},
                  .terms = {.debits_within_credits = happens(35),
                            .credits_within_debits = happens(20),
                            .closed = happens(12),
                            .currency_fixed = happens(15)},
                  .now = now_};
        terms_made_.push_back(step);
        return step;
    }

    std::mt19937_64 random_;
    Ids ids_;
    Timestamp now_ = from_microseconds(1'776'074'460'000'000);
    std::vector<ledger::Entry> made_;
    std::vector<Step> terms_made_;
};

}  // namespace causeway::test
