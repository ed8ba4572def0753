// SPDX-License-Identifier: Apache-2.0
#include "tests/crash/entry_maker.h"

#include "ledger/chain/signer.h"
#include "ledger/clock.h"
#include "ledger/entropy.h"
#include "ledger/id.h"
#include "tests/crash/chance.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstring>
#include <string_view>
#include <utility>

namespace causeway::crash {
namespace {

using ledger::AccountKey;
using ledger::Currency;
using ledger::Entry;
using ledger::EntryType;
using ledger::Line;
using ledger::Purpose;

constexpr std::int64_t kStartUs = 1'776'074'460'000'000;
// How many bodies later somebody may still speak of an entry.
constexpr BodyNumber kMemory = 6;

Uuid random_id(Chance& chance) {
    Uuid id;
    const std::array<std::uint64_t, 2> words{chance.next(), chance.next()};
    std::memcpy(id.bytes.data(), words.data(), sizeof words);
    return id;
}

// Three merchants take half of all lines.
std::string merchant(Chance& chance) {
    return "mer_" + std::to_string(chance.percent(50) ? chance.below(3) : chance.below(60));
}

Line line(std::string owner, Purpose purpose, Currency currency, std::int64_t minor_units) {
    return {.account = {.owner = std::move(owner), .purpose = purpose, .currency = currency},
            .minor_units = minor_units};
}

// Time goes on from life to life; of several at once it is the same for all.
Timestamp recorded_at(BodyNumber number, Company company) {
    const BodyNumber place =
        company == Company::none ? number : number % (BodyNumber{1} << kStreamBits);
    return from_microseconds(kStartUs + static_cast<std::int64_t>(place) * 1000 + 500);
}

// What the provider owes for a payment, cut into the parts of one to three merchants; the
// operator's fee adds the three lines that say so in both funds.
Entry make_entry(Chance& chance, BodyNumber number, Company company) {
    constexpr std::array<std::string_view, 3> kCurrencies{"EUR", "USD", "JPY"};
    constexpr std::array<Purpose, 3> kParts{
        Purpose::merchant_pending, Purpose::merchant_available, Purpose::suspense};
    const Currency currency = *Currency::from_code(
        kCurrencies[chance.percent(70) ? 0 : chance.below(kCurrencies.size())]);
    const Timestamp recorded = recorded_at(number, company);
    Entry entry{.id = random_id(chance),
                .kind = "capture",
                .reference = "cap_" + std::to_string(number),
                .effective = recorded - std::chrono::microseconds(500),
                .recorded = recorded,
                .lines = {}};
    std::int64_t sum = 0;
    const auto add = [&](std::string owner, Purpose purpose, std::int64_t minor_units) {
        entry.lines.push_back(line(std::move(owner), purpose, currency, -minor_units));
        sum += minor_units;
    };
    for (std::uint64_t parts = 1 + chance.below(2); parts > 0; --parts)
        add(merchant(chance),
            kParts[chance.below(kParts.size())],
            static_cast<std::int64_t>(1 + chance.below(1'000'000)));
    if (chance.percent(30)) {
        const auto fee = static_cast<std::int64_t>(1 + chance.below(500));
        add("operator", Purpose::operator_share, fee);
        entry.lines.push_back(line("operator", Purpose::client_money_claim, currency, fee));
        entry.lines.push_back(line("operator", Purpose::fee_revenue, currency, -fee));
    }
    entry.lines.push_back(line("card", Purpose::provider_receivable, currency, sum));
    return entry;
}

// Reserves what a provider is going to owe to one merchant; some for a few bodies' time only.
Entry make_pending(Chance& chance, BodyNumber number, Company company) {
    Entry entry = make_entry(chance, number, company);
    const Currency currency = entry.lines.front().account.currency;
    const auto minor_units = static_cast<std::int64_t>(2 + chance.below(1'000'000));
    entry.kind = "authorisation";
    entry.type = EntryType::pending;
    entry.lines = {line(merchant(chance), Purpose::merchant_pending, currency, -minor_units),
                   line("card", Purpose::provider_receivable, currency, minor_units)};
    const auto bodies = static_cast<std::int64_t>(1 + chance.below(2 * kMemory));
    if (chance.percent(40) && company == Company::none)
        entry.expires = entry.recorded + std::chrono::microseconds(1000 * bodies);
    return entry;
}

// Closes an account that nobody has used, or lets one go no further than what it is given.
void add_terms(Plan& plan, Chance& chance, BodyNumber number, Company company) {
    const bool closes = chance.percent(50);
    Entry first = make_entry(chance, number, company);
    Entry terms = make_entry(chance, number, company);
    const auto minor_units = static_cast<std::int64_t>(1 + chance.below(1'000'000));
    const Line own = line((closes ? "gone_" : "held_") + std::to_string(number),
                          Purpose::merchant_reserve,
                          *Currency::from_code("EUR"),
                          -minor_units);
    if (!closes) {
        first.lines = {
            own, line("card", Purpose::provider_receivable, own.account.currency, minor_units)};
        plan.steps.push_back({.how = Step::How::post, .entries = {std::move(first)}});
    }
    terms.kind = "account_terms";
    terms.type = EntryType::account_terms;
    terms.reference = closes ? "closed" : "debits_within_credits";
    terms.effective = terms.recorded;
    terms.lines = {{.account = own.account, .minor_units = 0}};
    plan.steps.push_back({.how = Step::How::terms, .entries = {std::move(terms)}});
}

// A body without what it does about its elders.
struct Base {
    Plan plan;
    const Entry* pending = nullptr;  // in the plan
    BodyNumber settled_after = 0;    // so many bodies later; never when that one is refused
    std::uint64_t settling = 0;      // which way
};

Base make_base(std::uint64_t seed, BodyNumber number, Company company) {
    Chance chance(seed_of(seed, number));
    Base base;
    Plan& plan = base.plan;
    plan.refused = chance.percent(15);
    plan.errs = chance.percent(10);
    plan.quiet = chance.percent(60);
    const bool linked = chance.percent(25);
    const bool reserves = chance.percent(30);
    std::vector<Entry> entries;
    for (std::uint64_t count = 1 + chance.below(3); count > 0; --count)
        entries.push_back(make_entry(chance, number, company));
    if (reserves) entries.push_back(make_pending(chance, number, company));
    if (linked) {
        plan.steps.push_back({.how = Step::How::linked, .entries = std::move(entries)});
    } else {
        for (Entry& entry : entries)
            plan.steps.push_back({.how = Step::How::post, .entries = {std::move(entry)}});
    }
    if (reserves) base.pending = &plan.steps.back().entries.back();
    base.settled_after = 1 + chance.below(kMemory);
    base.settling = chance.below(4);
    // Now and then one that fills pages of its own.
    plan.note.resize(chance.percent(10) ? chance.below(20'000) : chance.below(100));
    for (std::uint8_t& byte : plan.note)
        byte = static_cast<std::uint8_t>(chance.next());
    if (chance.percent(12)) add_terms(plan, chance, number, company);
    if (chance.percent(20) && company == Company::none) {
        plan.expires = recorded_at(number, company);
    }
    return base;
}

Entry about(const Entry& pending, EntryType type, Chance& chance, const Entry& now) {
    Entry entry = now;
    entry.id = random_id(chance);
    entry.kind = type == EntryType::void_pending ? "void" : "capture";
    entry.type = type;
    entry.pending = pending.id;
    entry.lines.clear();
    return entry;
}

// Posts all of it, posts a part, posts a part and voids the rest, or voids it.
void settle(Plan& plan, const Base& elder, Chance& chance, const Entry& now) {
    const Entry& pending = *elder.pending;
    const auto add = [&](EntryType type) -> Entry& {
        plan.steps.push_back(
            {.how = Step::How::post, .entries = {about(pending, type, chance, now)}});
        return plan.steps.back().entries.front();
    };
    if (elder.settling == 0) add(EntryType::post_pending);
    if (elder.settling == 1 || elder.settling == 2) {
        Entry& part = add(EntryType::post_pending);
        part.lines = pending.lines;
        const auto whole = static_cast<std::uint64_t>(pending.lines.back().minor_units);
        const auto minor_units = static_cast<std::int64_t>(1 + chance.below(whole - 1));
        part.lines.front().minor_units = -minor_units;
        part.lines.back().minor_units = minor_units;
    }
    if (elder.settling >= 2) add(EntryType::void_pending);
}

constexpr std::string_view kNotes = R"(
CREATE TABLE notes (number BIGINT NOT NULL PRIMARY KEY, note BYTES NOT NULL) /*clustered*/;
CREATE TABLE tallies (name TEXT NOT NULL PRIMARY KEY, bodies BIGINT NOT NULL) /*clustered*/;
INSERT INTO tallies (name, bodies) VALUES ('all', 0);
)";

/// Entropy that follows from a number.
class NumberEntropy final : public Entropy {
  public:
    explicit NumberEntropy(std::uint64_t number) : chance_(seed_of(0xE, number)) {}
    void fill(std::span<std::uint8_t> bytes) noexcept override {
        for (std::uint8_t& byte : bytes)
            byte = static_cast<std::uint8_t>(chance_.next());
    }

  private:
    Chance chance_;
};

Result<void> expire(ledger::Transaction& body,
                    ledger::Journal& journal,
                    BodyNumber number,
                    Timestamp now) {
    NumberEntropy entropy(number);
    const ManualClock clock(now);
    IdSource ids(clock, entropy);
    const Result<std::int64_t> expired = journal.expire(body, now, ids);
    return expired ? Result<void>() : Result<void>(expired.error());
}

Result<void> post_step(ledger::Transaction& body, ledger::Journal& journal, const Step& step) {
    if (step.how == Step::How::linked) {
        const auto posted = journal.post_linked(body, step.entries);
        return posted ? Result<void>() : Result<void>(posted.error());
    }
    for (const Entry& entry : step.entries) {
        const Result<ledger::Posted> posted = post(body, journal, entry);
        if (!posted) return posted.error();
        if (posted->replayed == (step.how == Step::How::replay)) continue;
        return Error(ErrorCode::integrity,
                     posted->replayed ? "a new entry is a replay" : "a replay is a new entry");
    }
    return {};
}

// What the journal has to refuse, and has to forget.
Result<void> err(ledger::Transaction& body, ledger::Journal& journal, const Step& step) {
    Entry wrong = step.entries.front();
    wrong.id.bytes[0] ^= 0xFFU;
    wrong.lines.resize(wrong.lines.size() + 1, wrong.lines.front());
    if (step.how == Step::How::linked) {
        std::vector<Entry> all = step.entries;
        for (Entry& entry : all)
            entry.id.bytes[1] ^= 0xFFU;
        all.push_back(std::move(wrong));
        if (!journal.post_linked(body, all)) return {};
    } else if (!journal.post(body, wrong)) {
        return {};
    }
    return Error(ErrorCode::integrity, "it does not balance");
}

}  // namespace

std::vector<const Entry*> Plan::entries() const {
    std::vector<const Entry*> all;
    for (const Step& step : steps) {
        if (step.how == Step::How::replay) continue;
        for (const Entry& entry : step.entries)
            all.push_back(&entry);
    }
    return all;
}

Plan make_plan(std::uint64_t seed, BodyNumber number, Company company) {
    Plan plan = make_base(seed, number, company).plan;
    Chance chance(seed_of(~seed, number));
    const Entry now = make_entry(chance, number, company);
    const BodyNumber place = number % (BodyNumber{1} << kStreamBits);
    for (BodyNumber back = 1; back <= std::min(place, kMemory); ++back) {
        const Base elder = make_base(seed, number - back, company);
        if (elder.plan.refused) continue;
        const bool is_settled = elder.pending != nullptr && !elder.pending->expires;
        if (is_settled && elder.settled_after == back) settle(plan, elder, chance, now);
        if (chance.percent(5)) {
            plan.steps.push_back(
                {.how = Step::How::replay, .entries = {elder.plan.steps.front().entries.front()}});
        }
    }
    return plan;
}

const Plan& Plans::at(BodyNumber number) {
    const auto found = made_.find(number);
    if (found != made_.end()) return found->second;
    return made_.emplace(number, make_plan(seed_, number, company_)).first->second;
}

std::vector<ledger::Migration> migrations() {
    const std::span<const ledger::Migration> journal = ledger::journal_migrations();
    std::vector<ledger::Migration> all(journal.begin(), journal.end());
    all.push_back({.version = static_cast<int>(all.size()) + 1, .sql = kNotes});
    return all;
}

Result<void> perform(ledger::Transaction& body,
                     ledger::Journal& journal,
                     BodyNumber number,
                     const Plan& plan) {
    if (!plan.quiet) {
        const auto noted = body.execute(
            "INSERT INTO notes (number, note) VALUES ($1, $2)",
            {static_cast<std::int64_t>(number), std::span<const std::uint8_t>(plan.note)});
        if (!noted) return noted.error();
    }
    for (const Step& step : plan.steps) {
        const Result<void> posted = post_step(body, journal, step);
        if (!posted) return posted.error();
    }
    const Result<void> held = break_terms(body, journal, plan);
    if (!held) return held.error();
    if (plan.expires) {
        const Result<void> expired = expire(body, journal, number, *plan.expires);
        if (!expired) return expired.error();
    }
    if (plan.errs) {
        const Result<void> refused = err(body, journal, plan.steps.front());
        if (!refused) return refused.error();
    }
    if (!plan.quiet) {
        const auto counted =
            body.execute("UPDATE tallies SET bodies = bodies + 1 WHERE name = 'all'", {});
        if (!counted) return counted.error();
    }
    if (plan.refused) return Error(ErrorCode::declined);
    return {};
}

Result<ledger::Posted> post(ledger::Transaction& body,
                            ledger::Journal& journal,
                            const Entry& entry) {
    if (entry.type != EntryType::account_terms) return journal.post(body, entry);
    const Result<ledger::AccountTerms> terms = ledger::parse_terms(entry.reference);
    if (!terms) return terms.error();
    return journal.set_terms(body, entry.id, entry.lines.front().account, *terms, entry.recorded);
}

Result<void> break_terms(ledger::Transaction& body, ledger::Journal& journal, const Plan& plan) {
    for (const Step& step : plan.steps) {
        if (step.how != Step::How::terms) continue;
        Entry wrong = step.entries.front();
        const AccountKey account = wrong.lines.front().account;
        constexpr std::int64_t kTooMuch = 1'000'000'000;
        wrong.id.bytes[0] ^= 0xFFU;
        wrong.type = EntryType::posting;
        wrong.lines = {{.account = account, .minor_units = kTooMuch},
                       line("card", Purpose::provider_receivable, account.currency, -kTooMuch)};
        const Result<ledger::Posted> posted = journal.post(body, wrong);
        const bool closed = step.entries.front().reference == "closed";
        const auto expected =
            closed ? ledger::Refusal::account_closed : ledger::Refusal::debits_exceed_credits;
        if (posted || ledger::refusal_of(posted.error()) != expected)
            return Error(ErrorCode::integrity, "the terms of " + account.owner + " do not hold");
    }
    return {};
}

BodyNumber body_of(const Entry& entry) {
    const std::string_view text = entry.type == EntryType::account_terms
                                      ? std::string_view(entry.lines.front().account.owner)
                                      : std::string_view(entry.reference);
    BodyNumber number = 0;
    const std::string_view digits = text.substr(std::min(text.find('_'), text.size() - 1) + 1);
    (void)std::from_chars(digits.data(), digits.data() + digits.size(), number);
    return number;
}

ledger::JournalOptions journal_options() {
    static const ledger::HeadSigner signer(std::array<std::uint8_t, 32>{1, 2, 3});
    return {.signer = &signer, .head_every = 16, .flush_every = 24};
}

// All but `recorded`, which the journal may move, and the lines that a post or a void of all that
// remains leaves out.
bool same_content(const Entry& stored, const Entry& given) {
    return stored.id == given.id && stored.kind == given.kind &&
           stored.reference == given.reference && stored.effective == given.effective &&
           stored.type == given.type && stored.pending == given.pending &&
           stored.expires == given.expires && (given.lines.empty() || stored.lines == given.lines);
}

}  // namespace causeway::crash
