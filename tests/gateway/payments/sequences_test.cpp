// SPDX-License-Identifier: Apache-2.0
#include "gateway/payments/sequences.h"

#include "gateway/instances/instances_store.h"
#include "tests/support/crowd.h"

#include <gtest/gtest.h>

#include <set>

namespace causeway::gateway {
namespace {

using test::Engine;
using test::eur;
using test::PaymentDesk;

class Numbers : public testing::TestWithParam<Engine> {
  protected:
    Result<std::int64_t> next(bool keep) {
        return desk.database->writer().commit<std::int64_t>(
            [this, keep](ledger::Transaction& tx) -> Result<std::int64_t> {
                const Result<std::int64_t> number =
                    desk.service->shop().sequences.next(tx, "somebody");
                if (number) last = *number;
                if (!keep) return Error(ErrorCode::conflict, "taken back");
                return number;
            });
    }
    /// What is reserved in the database, as another process would find it.
    std::int64_t others() {
        return desk.write<std::int64_t>([](ledger::Transaction& tx) {
            return reserve_sequences(tx, "somebody", Sequences::kRange);
        });
    }

    test::Place place{GetParam()};
    PaymentDesk desk{20260413, place.url()};
    std::int64_t last = 0;
};

CAUSEWAY_ON_EACH_ENGINE(Numbers);

TEST_P(Numbers, StartAtOneAndGrow) {
    for (std::int64_t expected = 1; expected <= 3 * Sequences::kRange; ++expected)
        EXPECT_EQ(*next(true), expected);
}

TEST_P(Numbers, StayOutsideOfTheRangesOfOthers) {
    std::set<std::int64_t> theirs;
    std::set<std::int64_t> ours;
    for (int turn = 0; turn < 3; ++turn) {
        const std::int64_t first = others();
        for (std::int64_t i = 0; i < Sequences::kRange; ++i) {
            theirs.insert(first + i);
            ours.insert(*next(true));
        }
    }
    for (const std::int64_t number : ours)
        EXPECT_FALSE(theirs.contains(number)) << number;
}

// The database has forgotten the reservation, and another process gets the same range.
TEST_P(Numbers, ARangeThatWasRolledBackIsNotUsed) {
    ASSERT_FALSE(next(false));
    const std::int64_t first = others();
    const std::int64_t number = *next(true);
    EXPECT_GE(number, first + Sequences::kRange);
}

TEST_P(Numbers, ANumberIsSpentEvenWhenItsBodyIsRolledBack) {
    ASSERT_TRUE(next(true));
    const std::int64_t before = last;
    ASSERT_FALSE(next(false));
    EXPECT_GT(*next(true), before);
    EXPECT_GT(last, before + 1);
}

TEST_P(Numbers, GoOnBehindTheHighestThatWasUsed) {
    const Uuid id = desk.authorised(eur(1'000));
    const std::int64_t used = desk.read<std::int64_t>(
        [](ledger::Transaction& tx) { return last_sequence(tx, "scripted"); });
    desk.write<int>([&](ledger::Transaction& tx) -> Result<int> {
        Result<OperationRow> row = authorising_operation(tx, id);
        row->id = desk.ids.next();
        row->sequence = used + 1'000;
        row->reference = "ref-" + std::to_string(row->sequence);
        const Result<void> inserted = insert_operation(tx, *row);
        return inserted ? Result<int>(0) : Result<int>(inserted.error());
    });
    EXPECT_EQ(desk.write<std::int64_t>([](ledger::Transaction& tx) {
        return reserve_sequences(tx, "scripted", Sequences::kRange);
    }),
              used + 1'001);
}

// As after a restore of older books: nobody hears of it.
TEST_P(Numbers, ANumberThatWasUsedIsPassedOver) {
    const Uuid id = desk.authorised(eur(1'000));
    desk.write<int>([&](ledger::Transaction& tx) -> Result<int> {
        Result<OperationRow> row = authorising_operation(tx, id);
        row->id = desk.ids.next();
        ++row->sequence;
        row->reference = "ref-" + std::to_string(row->sequence);
        const Result<void> inserted = insert_operation(tx, *row);
        return inserted ? Result<int>(0) : Result<int>(inserted.error());
    });
    const test::Answered paid = desk.create(PaymentDesk::charge(eur(1'000)));
    EXPECT_EQ(paid.text("status"), "succeeded") << paid.reply.body;
}

// A notice names an operation by its reference: two of one name would be two truths.
TEST(References, NameOneOperationOfAConnector) {
    test::PaymentDesk desk;
    const Uuid id = desk.authorised(test::eur(1'000));
    OperationRow twin = desk.charge_of(id);
    twin.id = desk.ids.next();
    twin.sequence += 1'000;
    const auto insert = [&desk](const OperationRow& row) {
        return desk.database->writer().commit<int>([row](ledger::Transaction& tx) -> Result<int> {
            const Result<void> done = insert_operation(tx, row);
            return done ? Result<int>(0) : Result<int>(done.error());
        });
    };
    const Result<int> refused = insert(twin);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code(), ErrorCode::conflict);
    twin.connector = "another";
    EXPECT_TRUE(insert(twin));
}

}  // namespace
}  // namespace causeway::gateway
