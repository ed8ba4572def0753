// SPDX-License-Identifier: Apache-2.0
//
// Books with everything in them that a journal can hold, made from a seed.
#pragma once

#include "tests/support/books.h"

#include <array>
#include <cstdint>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

namespace causeway::test {

/// Posts sales with fees, conversions, and pending entries that are posted in parts, voided, or
/// expire: in currencies with 0, 2 and 3 decimals, between owners and with references of the worst
/// kind, and entries that are recorded days after they took effect.
class RandomBooks {
  public:
    /// `year`: entries of one year are older than those of the next.
    RandomBooks(ledger::Journal& journal, ledger::Transaction& body, std::uint64_t seed, int year)
        : journal_(journal), body_(body), ids_(seed), random_(seed) {
        now_us_ += year * std::int64_t{366} * 86'400'000'000;
    }

    void post_some(int count) {
        for (int i = 0; i < count; ++i) {
            now_us_ += pick(0, 9) * 3'600'000'000;
            switch (pick(0, 5)) {
                case 0: convert(); break;
                case 1: reserve(); break;
                case 2: resolve(); break;
                case 3: expire(); break;
                default: sell(); break;
            }
        }
        (void)journal_.set_terms(
            body_, ids_.next(), merchant("EUR"), {}, from_microseconds(now_us_));
    }

  private:
    std::int64_t pick(std::int64_t from, std::int64_t to) {
        return std::uniform_int_distribution<std::int64_t>(from, to)(random_);
    }
    template <std::size_t count>
    std::string one_of(const std::array<std::string, count>& all) {
        return all[static_cast<std::size_t>(pick(0, count - 1))];
    }
    std::string currency() {
        static const std::array<std::string, 6> kCodes{"EUR", "USD", "JPY", "KWD", "TND", "SGD"};
        return one_of(kCodes);
    }
    std::int64_t amount() {
        static constexpr std::array<std::int64_t, 5> kMost{
            9, 999, 123'456, 99'999'999, 1'000'000'000'000'000};
        return pick(1, kMost[static_cast<std::size_t>(pick(0, 4))]);
    }
    ledger::AccountKey merchant(std::string_view code) {
        static const std::array<std::string, 9> kOwners{"mer_1",
                                                        "mer_2",
                                                        "Mer--1",
                                                        "mer:1",
                                                        "mer 1",
                                                        "\xC3\xA9t\xC3\xA9",
                                                        "1;\"|\\",
                                                        "\n  x  1 EUR",
                                                        "*(a)"};
        return account(one_of(kOwners), ledger::Purpose::merchant_pending, code);
    }
    ledger::Entry entry(std::vector<ledger::Line> lines) {
        static const std::array<std::string, 8> kReferences{"cap_1",
                                                            "",
                                                            " ",
                                                            "; comment: no",
                                                            "2026-04-13 open Assets:X\n",
                                                            "\"quoted\\",
                                                            "100 % | 2",
                                                            "\xE2\x80\xA8\xF0\x9F\x92\xB6"};
        static const std::array<std::string, 3> kKinds{"capture", "! odd", "(1) = 2026-01-01"};
        ledger::Entry made = capture(ids_.next(), 1);
        made.kind = one_of(kKinds);
        made.reference = one_of(kReferences);
        made.recorded = from_microseconds(now_us_);
        made.effective = from_microseconds(now_us_ - pick(0, 5) * 86'400'000'000);
        made.lines = std::move(lines);
        return made;
    }
    Uuid post(const ledger::Entry& made) {
        const Result<ledger::Posted> posted = journal_.post(body_, made);
        if (!posted) throw std::runtime_error(posted.error().detail());
        return made.id;
    }

    void sell() {
        using ledger::Purpose;
        const std::string code = currency();
        const std::int64_t gross = amount();
        const std::int64_t fee = gross / 7 + 1;
        post(entry({{account("card", Purpose::provider_receivable, code), gross},
                    {merchant(code), -gross},
                    {merchant(code), fee},
                    {account("operator", Purpose::operator_share, code), -fee},
                    {account("operator", Purpose::client_money_claim, code), fee},
                    {account("operator", Purpose::fee_revenue, code), -fee}}));
    }

    // Sells one currency for another: each balances by itself, through the pair's accounts.
    void convert() {
        using ledger::Purpose;
        const std::string sold = currency();
        const std::string bought = currency();
        const std::string pair = sold + "/" + bought;
        const std::int64_t from = amount();
        const std::int64_t to = amount();
        post(entry({{account("operator", Purpose::client_money_claim, sold), from},
                    {account(pair, Purpose::fx_trading, sold), -from},
                    {account(pair, Purpose::fx_trading, bought), to},
                    {account("operator", Purpose::client_money_claim, bought), -to}}));
    }

    void reserve() {
        const std::string code = currency();
        const std::int64_t reserved = amount() + 1;
        ledger::Entry made =
            entry({{merchant(code), reserved},
                   {account("main", ledger::Purpose::bank_client, code), -reserved}});
        made.type = ledger::EntryType::pending;
        if (pick(0, 1) == 0) made.expires = from_microseconds(now_us_ + 40 * 3'600'000'000);
        // Refused when it would expire before what these books have recorded already.
        if (journal_.post(body_, made)) open_.push_back(made);
    }

    void resolve() {
        if (open_.empty()) return;
        const ledger::Entry pending = open_.back();
        ledger::Entry made = entry({});
        made.pending = pending.id;
        made.type = ledger::EntryType::post_pending;
        if (pick(0, 2) == 0) made.type = ledger::EntryType::void_pending;
        if (made.type == ledger::EntryType::post_pending && pick(0, 1) == 0) {
            made.lines = {{pending.lines[0].account, 1}, {pending.lines[1].account, -1}};
            (void)journal_.post(body_, made);
            return;
        }
        open_.pop_back();
        (void)journal_.post(body_, made);  // Refused when it has expired.
    }

    void expire() { (void)journal_.expire(body_, from_microseconds(now_us_), ids_.source); }

    ledger::Journal& journal_;
    ledger::Transaction& body_;
    Ids ids_;
    std::mt19937_64 random_;
    std::int64_t now_us_ = 1'776'074'460'000'000;
    std::vector<ledger::Entry> open_;
};

inline void fill_at_random(Books& books, std::uint64_t seed, int year = 0) {
    // In one commit: what is tested is what is in the books, not how it came there.
    const auto done = books.run<int>([&](ledger::Transaction& body) -> Result<int> {
        RandomBooks(*books.journal, body, seed, year).post_some(150);
        return 0;
    });
    if (!done) throw std::runtime_error(done.error().detail());
}

}  // namespace causeway::test
