// SPDX-License-Identifier: Apache-2.0
//
// Two processes on one database: neither takes the other's work for abandoned, and what one leaves
// behind the other takes over.
#include "gateway/instances/instances_store.h"
#include "tests/support/crowd.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <set>

namespace causeway::gateway {
namespace {

using std::chrono::seconds;
using test::Answered;
using test::Engine;
using test::eur;
using test::PaymentDesk;
using test::Processes;
using test::Word;

class Several : public testing::Test {
  protected:
    void SetUp() override {
        if (!test::PostgresServer::is_installed()) GTEST_SKIP() << "PostgreSQL 15 is not installed";
        all.emplace(Engine::postgres);
    }
    PaymentDesk& a() { return all->first(); }
    PaymentDesk& b() { return all->second(); }

    /// A charge whose intent is durable at `desk`, and nothing more.
    Step begun(PaymentDesk& desk, const std::string& key = "begun") {
        const Caller who = desk.creator(key);
        return desk.begin(desk.creating(who, PaymentDesk::charge(eur(10'000))));
    }
    /// What the key is answered with now.
    Answered asked_again(PaymentDesk& desk, const std::string& key = "begun") {
        return desk.create(PaymentDesk::charge(eur(10'000)), key);
    }
    OperationRow only_open() {
        const std::vector<OperationRow> rows = a().open_rows();
        EXPECT_EQ(rows.size(), 1U);
        return rows.at(0);
    }

    std::optional<Processes> all;
};

TEST_F(Several, AStartLeavesTheOthersWorkAlone) {
    begun(a());
    const Result<Recovered> recovered = recover(*b().database, b().service->shop());
    ASSERT_TRUE(recovered);
    EXPECT_EQ(recovered->operations, 0);
    EXPECT_EQ(recovered->requests, 0);
    EXPECT_EQ(only_open().state, OperationState::intent);
    EXPECT_EQ(asked_again(b()).text("code"), "idempotency_key_in_flight");
}

TEST_F(Several, WhoBeatsKeepsItsWork) {
    begun(a());
    for (int beats = 0; beats < 20; ++beats) {
        a().live(a().lease.beat);
        b().live(b().lease.beat);
    }
    EXPECT_FALSE(a().lost);
    EXPECT_EQ(only_open().state, OperationState::intent);
    EXPECT_EQ(asked_again(b()).text("code"), "idempotency_key_in_flight");
}

TEST_F(Several, WhatADeadOneLeavesIsResolved) {
    begun(a());
    b().live(seconds(30));
    // The request has its answer before the provider has been asked.
    EXPECT_EQ(asked_again(b()).text("status"), "processing");
    b().sweep_until_dry();
    EXPECT_EQ(b().status(asked_again(b()).payment()), "failed");
    EXPECT_TRUE(b().nothing_in_suspense());
    EXPECT_TRUE(b().books_are_clean());
}

TEST_F(Several, WhoWasTakenOverLearnsSoFromItsNextBeat) {
    b().live(seconds(30));
    EXPECT_FALSE(a().lost);
    a().beat();
    EXPECT_TRUE(a().lost);
    EXPECT_FALSE(b().lost);
}

// It does not know yet that the other has reversed its charge: the buyer would pay for nothing.
TEST_F(Several, WhoWasStoppedForTooLongSendsNothing) {
    a().uptime = a().uptime.load() + a().lease.hold;
    const Answered refused = a().create(PaymentDesk::charge(eur(10'000)));
    EXPECT_EQ(refused.status(), 503);
    EXPECT_TRUE(a().provider.heard().empty());
    a().beat();
    EXPECT_EQ(a().create(PaymentDesk::charge(eur(10'000))).text("status"), "succeeded");
}

// What a dead one writes before it learns that it is dead has to be found as well.
TEST_F(Several, WhatIsBegunAfterTheTakeOverIsTakenOverToo) {
    b().live(seconds(30));
    begun(a());
    b().live(b().lease.beat);
    EXPECT_EQ(asked_again(b()).text("status"), "processing");
}

// Books that one process kept alone, moved here: nobody who lives or died works on its requests.
TEST_F(Several, WhatNobodyWorksOnIsAnsweredThoughNobodyDied) {
    begun(a());
    b().write<std::int64_t>([](ledger::Transaction& tx) {
        return tx.execute("UPDATE idempotency_keys SET worker = NULL", {});
    });
    b().live(b().lease.beat);
    const Answered again = asked_again(b());
    EXPECT_TRUE(again.reply.replayed) << again.reply.body;
    EXPECT_EQ(again.text("status"), "processing");
}

TEST_F(Several, ALateOutcomeTellsWhatOthersHaveAnswered) {
    const Step step = begun(a());
    b().live(seconds(30));
    const std::string told = asked_again(b()).reply.body;
    // The provider's word comes back to the one that everybody takes for dead.
    const Caller who = a().creator("begun");
    const PaymentDesk::Body carry_on = [&](ledger::Transaction&) { return Result<Step>(step); };
    const Answered late = a().ask(who, carry_on);
    EXPECT_EQ(late.reply.body, told);
    EXPECT_EQ(asked_again(a()).reply.body, told);
    EXPECT_EQ(asked_again(b()).reply.body, told);
    b().sweep_until_dry();
    const test::ProviderCase theirs = b().provider.believes(late.text("id"));
    EXPECT_EQ(theirs.captured, b().payment(late.payment()).captured);
    EXPECT_TRUE(b().nothing_in_suspense());
}

TEST_F(Several, TwoJanitorsTakeAnOperationUpOnce) {
    a().provider.next({Word::lost_after});
    a().create(PaymentDesk::charge(eur(10'000)));
    const OperationRow reversal = only_open();
    const Timestamp now = a().clock.now();
    const auto claimed = [&](PaymentDesk& desk) {
        return desk.write<bool>([&](ledger::Transaction& tx) {
            return claim_due(tx,
                             {.operation = reversal.id,
                              .worker = desk.instance->id(),
                              .now = now,
                              .lease_end = now + seconds(60)});
        });
    };
    EXPECT_TRUE(claimed(a()));
    EXPECT_FALSE(claimed(b()));
    EXPECT_EQ(only_open().worker, a().instance->id());
}

TEST_F(Several, NumberTheirOperationsApart) {
    std::set<std::int64_t> numbers;
    for (int i = 0; i < 300; ++i) {
        PaymentDesk& desk = all->desk(i);
        const Uuid id = desk.authorised(eur(1'000));
        const OperationRow row = desk.read<OperationRow>(
            [&](ledger::Transaction& tx) { return authorising_operation(tx, id); });
        EXPECT_TRUE(numbers.insert(row.sequence).second) << row.sequence;
    }
    EXPECT_EQ(numbers.size(), 300U);
    EXPECT_LT(*numbers.rbegin(), 300 + 2 * Sequences::kRange) << "ranges are wasted";
}

TEST_F(Several, GoInPeaceLeavesNothingToWaitFor) {
    const Uuid gone = a().instance->id();
    b().write<int>([&](ledger::Transaction& tx) -> Result<int> {
        const Result<void> removed = remove_instance(tx, gone);
        return removed ? Result<int>(0) : Result<int>(removed.error());
    });
    const Beats living = b().read<Beats>(&living_instances);
    EXPECT_EQ(living.size(), 1U);
    EXPECT_TRUE(living.contains(b().instance->id()));
}

}  // namespace
}  // namespace causeway::gateway
