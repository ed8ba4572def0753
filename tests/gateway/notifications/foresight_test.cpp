// SPDX-License-Identifier: Apache-2.0
//
// What is asked for at once changes nothing: many notices in one message do what they do one by
// one.
#include "gateway/notifications/foresight.h"

#include "gateway/collections/collections_store.h"
#include "gateway/notifications/inbox.h"
#include "tests/support/engines.h"
#include "tests/support/messages.h"
#include "tests/support/payment_desk.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <tuple>

namespace causeway::gateway {
namespace {

using connectors::Notice;
using connectors::NoticeKind;
using ledger::Purpose;
using test::eur;
using test::PaymentDesk;
using test::receive;
using test::ScriptedSides;

constexpr std::size_t kBills = 5;
constexpr std::int64_t kFace = 10'000;

/// A connector's books with some bills, of which the first sells many times.
class Shop {
  public:
    explicit Shop(const std::string& url)
        : desk(7,
               ScriptedSides{.collecting = true,
                             .receipts = {.short_payment = ReceiptPolicy::credit,
                                          .duplicate = ReceiptPolicy::refund}},
               url) {
        for (std::size_t i = 0; i < kBills; ++i)
            payments.push_back(
                desk.create(PaymentDesk::bill(eur(kFace), {.reusable = i == 0})).payment());
    }
    Notice about(std::size_t bill, Notice notice) {
        notice.reference = bill < kBills ? desk.charge_of(payments[bill]).reference
                                         : "nobodys-" + std::to_string(bill);
        return notice;
    }

    using Row = std::tuple<std::string, std::string, std::int64_t, std::int64_t, std::int64_t>;
    std::multiset<Row> receipts() {
        std::multiset<Row> rows;
        for (const ReceiptRow& it : desk.read<std::vector<ReceiptRow>>(
                 [](ledger::Transaction& tx) { return list_receipts(tx, std::nullopt, 500); })) {
            rows.emplace(
                std::string(to_string(it.reason)), it.identity, it.credited, it.apart, it.cost);
        }
        return rows;
    }
    std::vector<std::int64_t> payments_state() {
        std::vector<std::int64_t> all;
        for (const Uuid& id : payments) {
            const Payment payment = desk.payment(id);
            all.insert(all.end(),
                       {static_cast<std::int64_t>(payment.status.get()),
                        payment.captured,
                        payment.disputed});
        }
        return all;
    }

    PaymentDesk desk;
    std::vector<Uuid> payments;
};

Notice some_notice(std::mt19937& random, std::size_t number) {
    const std::string name = "E" + std::to_string(random() % 12);
    Notice notice{.kind = NoticeKind::received, .id = "n" + std::to_string(number)};
    // Some are told again under the same id.
    if (random() % 8 == 0) notice.id = "n" + std::to_string(random() % (number + 1));
    notice.amount = eur(random() % 4 == 0 ? kFace / 2 : kFace);
    notice.receipt = connectors::Receipt{.identity = random() % 4 == 0 ? "" : name,
                                         .channel = random() % 2 == 0 ? "api" : "retorno",
                                         .paid_on = *parse_day("2026-04-15")};
    const auto kind = random() % 8;
    if (kind == 0) notice.kind = NoticeKind::receipt_returned;
    if (kind == 1) notice.kind = NoticeKind::charged;
    if (kind == 2) notice.kind = NoticeKind::told;
    notice.reason = "by chance";
    return notice;
}

// Only a shared engine foresees anything.
class ForesightTest : public testing::Test {
  protected:
    void SetUp() override {
        if (!test::PostgresServer::is_installed()) GTEST_SKIP() << "nothing is foreseen on a file";
    }
};

TEST_F(ForesightTest, ChangesNothing) {
    for (unsigned seed = 1; seed <= 6; ++seed) {
        std::mt19937 random(seed);
        const test::Place place(test::Engine::postgres);
        Shop together{place.url()};
        Shop alone{std::string()};
        std::vector<Notice> notices;
        for (std::size_t i = 0; i < 40; ++i) {
            const std::size_t bill = random() % (kBills + 1);
            const Notice notice = some_notice(random, i);
            notices.push_back(together.about(bill, notice));
            const Intake one = receive(alone.desk, {alone.about(bill, notice)});
            ASSERT_EQ(one.each.size(), 1U);
        }
        for (std::size_t first = 0; first < notices.size(); first += 20) {
            const std::ptrdiff_t at = static_cast<std::ptrdiff_t>(first);
            receive(together.desk, {notices.begin() + at, notices.begin() + at + 20});
        }
        EXPECT_EQ(together.receipts(), alone.receipts()) << seed;
        EXPECT_EQ(together.payments_state(), alone.payments_state()) << seed;
        EXPECT_TRUE(together.desk.books_are_clean());
        EXPECT_EQ(together.desk.net("scripted", Purpose::unallocated_receipt, "EUR"),
                  alone.desk.net("scripted", Purpose::unallocated_receipt, "EUR"));
        if (HasFailure()) return;
    }
}

// In one message, as a bank may list it.
TEST_F(ForesightTest, ComparesAgainWhatCameEarlierInTheSameMessage) {
    const test::Place place(test::Engine::postgres);
    Shop shop(place.url());
    std::vector<Notice> notices;
    Notice back{.kind = NoticeKind::receipt_returned, .id = "back"};
    back.amount = eur(kFace);
    back.receipt = connectors::Receipt{
        .identity = "E1", .channel = "api", .paid_on = *parse_day("2026-04-15")};
    notices.push_back(shop.about(1, back));
    for (std::size_t bill = 0; bill < kBills; ++bill) {
        for (const char* const name : {"E1", "E2"}) {
            Notice paid = back;
            paid.kind = NoticeKind::received;
            paid.id = name + std::to_string(bill);
            paid.receipt->identity = name;
            notices.push_back(shop.about(bill, paid));
        }
    }
    const Intake intake = receive(shop.desk, notices);
    EXPECT_EQ(intake.each.at(0).verdict, NoticeVerdict::move_not_allowed);
    EXPECT_EQ(shop.desk.payment(shop.payments[1]).disputed, kFace);
    EXPECT_TRUE(shop.desk.books_are_clean());
}

}  // namespace
}  // namespace causeway::gateway
