// SPDX-License-Identifier: Apache-2.0
//
// A month of payments that come later, with every oddity in random order and by several channels:
// each real is booked once, and what is nobody's explains itself.
//
// CAUSEWAY_MONTH=100000 makes it a real month's size; the test run takes a few hundred;
// CAUSEWAY_MONTH_SEED another one.
#include "gateway/collections/collections_store.h"
#include "tests/support/engines.h"
#include "tests/support/payment_desk.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <random>
#include <vector>

namespace causeway::gateway {
namespace {

using connectors::Notice;
using connectors::NoticeKind;
using ledger::Purpose;
using test::eur;
using test::PaymentDesk;
using test::ScriptedSides;

constexpr std::int64_t kAmount = 10'000;

// What a buyer really paid, once, whoever tells of it and however often.
struct Real {
    std::size_t payment;  // Of `bills`; the last one is nobody's.
    std::int64_t amount;
    Day day;
    bool by_pix;
};

struct Month {
    std::vector<Uuid> bills;
    std::vector<Real> reals;
    std::int64_t paid = 0;  // Units: minor units, over all.
};

// The file knows no names, and dates some by the day on which the bank worked at them.
Notice telling(const Real& real, const std::string& channel, std::size_t number) {
    Notice notice{.kind = NoticeKind::received, .id = channel + "/" + std::to_string(number)};
    const bool file = channel == "retorno";
    notice.amount = eur(real.amount);
    notice.receipt = connectors::Receipt{
        .identity = real.by_pix && !file ? "E" + std::to_string(number) : std::string(),
        .channel = channel,
        .way = real.by_pix ? "pix" : "boleto",
        .paid_on = real.day + std::chrono::days(file && number % 5 == 0 ? 1 : 0),
        .cost = eur(1)};
    return notice;
}

// Oddities by their share: exact, less, more, twice, late, after a cancel, of nobody.
Month live(PaymentDesk& desk, int count, std::mt19937_64& chance) {
    Month month;
    const Day first = day_of(desk.clock.now());
    for (int made = 0; made < count; ++made)
        month.bills.push_back(desk.create(PaymentDesk::bill(eur(kAmount))).payment());
    for (std::size_t at = 0; at <= month.bills.size(); ++at) {
        const auto kind = chance() % 10;
        if (kind == 0 && at < month.bills.size()) continue;  // Never paid.
        if (kind == 1 && at < month.bills.size()) desk.cancel(month.bills[at]);
        const std::int64_t odd = static_cast<std::int64_t>(chance() % 500) + 1;
        const std::int64_t amount = kind == 2 ? kAmount - odd : kind == 3 ? kAmount + odd : kAmount;
        const Day day = first + std::chrono::days(kind == 4 ? 20 : chance() % 4);
        const int times = kind == 5 ? 2 : kind == 6 ? 3 : 1;
        for (int time = 0; time < times; ++time) {
            month.reals.push_back(
                {.payment = at, .amount = amount, .day = day, .by_pix = chance() % 3 == 0});
            month.paid += amount;
        }
    }
    return month;
}

// Both channels tell of everything in orders of their own, and some of it again.
void tell(PaymentDesk& desk, const Month& month, std::mt19937_64& chance) {
    struct Line {
        std::string channel;
        std::size_t real;
    };
    std::vector<Line> lines;
    for (std::size_t at = 0; at < month.reals.size(); ++at) {
        lines.push_back({"retorno", at});
        if (chance() % 3 != 0) lines.push_back({"api", at});
        if (chance() % 4 == 0) lines.push_back({"retorno", at});  // The same file twice.
    }
    std::ranges::shuffle(lines, chance);
    for (const Line& line : lines) {
        const Real& real = month.reals[line.real];
        Notice notice = telling(real, line.channel, line.real);
        if (real.payment < month.bills.size()) {
            (void)desk.notice(month.bills[real.payment], std::move(notice));
        } else {
            notice.reference = "nobody";
            (void)desk.tell(std::move(notice));
        }
    }
}

class CollectionMonth : public test::OnEachEngine {};

TEST_P(CollectionMonth, BooksEachRealOnce) {
    const char* const size = std::getenv("CAUSEWAY_MONTH");
    const int count = size == nullptr ? 150 : std::atoi(size);
    const char* const wanted = std::getenv("CAUSEWAY_MONTH_SEED");
    const auto seed = static_cast<std::uint64_t>(wanted == nullptr ? 1 : std::atoll(wanted));
    std::mt19937_64 chance(seed);
    PaymentDesk desk(seed,
                     ScriptedSides{.collecting = true,
                                   .receipts = {.short_payment = ReceiptPolicy::credit,
                                                .excess = ReceiptPolicy::credit,
                                                .duplicate = ReceiptPolicy::hold}},
                     url());
    const Month month = live(desk, count, chance);
    tell(desk, month, chance);

    const auto all = desk.read<std::vector<ReceiptRow>>(
        [](ledger::Transaction& tx) { return list_receipts(tx, std::nullopt, 1'000'000); });
    EXPECT_EQ(all.size(), month.reals.size());
    std::int64_t credited = 0;
    std::int64_t apart = 0;
    for (const ReceiptRow& receipt : all) {
        EXPECT_EQ(receipt.credited + receipt.surcharge + receipt.apart,
                  receipt.amount.minor_units());
        credited += receipt.credited + receipt.surcharge;
        apart += receipt.apart;
        if (receipt.apart > 0) {
            EXPECT_NE(receipt.state, ReceiptState::credited);
            EXPECT_NE(receipt.reason, ReceiptReason::exact);
        }
    }
    EXPECT_EQ(credited + apart, month.paid);
    const auto costs = static_cast<std::int64_t>(month.reals.size());
    EXPECT_EQ(desk.net("scripted", Purpose::provider_receivable, "EUR"), month.paid - costs);
    EXPECT_EQ(desk.net("scripted", Purpose::unallocated_receipt, "EUR"), -apart);
    std::int64_t sum = 0;
    for (const ledger::AccountBalance& one : desk.balances())
        sum += one.balance.net();
    EXPECT_EQ(sum, 0);
    EXPECT_TRUE(desk.nothing_in_suspense());
    EXPECT_TRUE(desk.books_are_clean());
}

CAUSEWAY_ON_EACH_ENGINE(CollectionMonth);

}  // namespace
}  // namespace causeway::gateway
