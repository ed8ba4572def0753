// SPDX-License-Identifier: Apache-2.0
//
// Two processes on one database that hear of the same money at the same moment.
#include "gateway/collections/collections_store.h"
#include "tests/support/crowd.h"
#include "tests/support/messages.h"

#include <gtest/gtest.h>

#include <barrier>
#include <thread>

namespace causeway::gateway {
namespace {

using connectors::Notice;
using connectors::NoticeKind;
using test::eur;
using test::PaymentDesk;

Notice stray(std::int64_t amount, std::string id, std::string channel, std::string name) {
    Notice notice{.kind = NoticeKind::received, .id = std::move(id)};
    notice.reference = "nobody's";
    notice.amount = eur(amount);
    notice.receipt = connectors::Receipt{.identity = std::move(name),
                                         .channel = std::move(channel),
                                         .paid_on = *parse_day("2026-04-15")};
    return notice;
}

// No payment is there whose row one of them would wait for.
TEST(CollectionsOfSeveral, HoldMoneyOfNobodyOnceThatBothHearOf) {
    if (!test::PostgresServer::is_installed()) GTEST_SKIP() << "a file has one owner";
    const test::Place place(test::Engine::postgres);
    PaymentDesk first(1, test::ScriptedSides{.collecting = true}, place.url());
    PaymentDesk second(first, 2);
    constexpr std::int64_t kRounds = 20;
    for (std::int64_t round = 1; round <= kRounds; ++round) {
        const std::string number = std::to_string(round);
        const Notice named = stray(round, "p" + number, "api", "E" + number);
        const Notice nameless = stray(round, "f" + number, "retorno", "");
        std::barrier start(2);
        std::jthread rival([&] {
            start.arrive_and_wait();
            second.tell(nameless);
        });
        start.arrive_and_wait();
        first.tell(named);
    }
    const auto rows = first.read<std::vector<ReceiptRow>>(
        [](ledger::Transaction& tx) { return list_receipts(tx, std::nullopt, 1'000); });
    ASSERT_EQ(rows.size(), kRounds);
    for (const ReceiptRow& row : rows)
        EXPECT_EQ(row.identity, "E" + std::to_string(row.amount.minor_units()));
    EXPECT_EQ(-first.net("scripted", ledger::Purpose::unallocated_receipt, "EUR"),
              kRounds * (kRounds + 1) / 2);
    EXPECT_TRUE(first.books_are_clean());
}

// Each takes the rows of all of them before it begins.
TEST(CollectionsOfSeveral, BookEachPaymentOnceThatAFileAndAMessageTellOf) {
    if (!test::PostgresServer::is_installed()) GTEST_SKIP() << "a file has one owner";
    const test::Place place(test::Engine::postgres);
    PaymentDesk first(1, test::ScriptedSides{.collecting = true}, place.url());
    PaymentDesk second(first, 2);
    constexpr std::size_t kRounds = 4;
    constexpr std::size_t kBills = 20;
    for (std::size_t round = 0; round < kRounds; ++round) {
        std::vector<Uuid> payments;
        std::vector<Notice> file;
        std::vector<Notice> message;
        for (std::size_t i = 0; i < kBills; ++i) {
            payments.push_back(first.create(PaymentDesk::bill(eur(10'000))).payment());
            const std::string number = std::to_string(round) + "/" + std::to_string(i);
            Notice line = stray(10'000, "f" + number, "retorno", "");
            line.reference = first.charge_of(payments.back()).reference;
            Notice told = stray(10'000, "m" + number, "api", "E" + number);
            told.reference = line.reference;
            file.push_back(line);
            // In the other order, and the file's lines once more.
            message.insert(message.begin(), {told, line});
        }
        std::barrier start(2);
        const auto until_taken = [&start](PaymentDesk& desk, const std::vector<Notice>& notices) {
            start.arrive_and_wait();
            // Who writes a line that the other one has just written begins anew, as a file does.
            for (int tries = 0; tries < 5; ++tries)
                if (test::try_receive(desk, notices)) return true;
            return false;
        };
        bool rival_done = false;
        {
            std::jthread rival([&] { rival_done = until_taken(second, message); });
            EXPECT_TRUE(until_taken(first, file));
        }
        EXPECT_TRUE(rival_done);
        for (const Uuid& payment : payments) {
            EXPECT_EQ(first.payment(payment).captured, 10'000);
            EXPECT_EQ(first.payment(payment).status, PaymentStatus::succeeded);
        }
    }
    const auto rows = first.read<std::vector<ReceiptRow>>(
        [](ledger::Transaction& tx) { return list_receipts(tx, std::nullopt, 1'000); });
    EXPECT_EQ(rows.size(), kRounds * kBills);
    for (const ReceiptRow& row : rows)
        EXPECT_TRUE(row.identity.starts_with("E")) << row.identity;
    EXPECT_EQ(first.net("scripted", ledger::Purpose::unallocated_receipt, "EUR"), 0);
    EXPECT_TRUE(first.books_are_clean());
}

}  // namespace
}  // namespace causeway::gateway
