// SPDX-License-Identifier: Apache-2.0
//
// What the bank is told by files: each thing once, in order, in files without a gap between them.
#include "gateway/provider_files/write_file.h"

#include "tests/support/engines.h"
#include "tests/support/payment_desk.h"

#include <gtest/gtest.h>

namespace causeway::gateway {
namespace {

using test::eur;
using test::PaymentDesk;
using test::ScriptedSides;
using test::Word;

class ProviderFilesOut : public test::OnEachEngine {
  protected:
    PaymentDesk desk{1, ScriptedSides{.collecting = true, .files = true}, url()};

    Uuid bill(const std::string& name = "Ana Souza") {
        return desk.create(PaymentDesk::bill(eur(10'000), {}, name)).payment();
    }
    WriteOutcome write() {
        return desk.write<WriteOutcome>([this](ledger::Transaction& tx) {
            return write_provider_file(tx, desk.service->shop(), "scripted", desk.clock.now());
        });
    }
    std::string reference(const Uuid& payment) { return desk.charge_of(payment).reference; }
    std::size_t queued() {
        return desk
            .write<std::vector<Uuid>>(
                [](ledger::Transaction& tx) { return queued_for_file(tx, "scripted", 100); })
            .size();
    }
};
CAUSEWAY_ON_EACH_ENGINE(ProviderFilesOut);

TEST_P(ProviderFilesOut, TellWhatWasApprovedSinceTheLastOne) {
    const Uuid first = bill();
    const Uuid second = bill("Bruno Lima");
    const WriteOutcome one = write();
    EXPECT_EQ(one.content.name, "scripted1.txt");
    EXPECT_EQ(one.content.bytes,
              "H|scripted|1|2026-04-14\nC|" + reference(first) + "|10000|Ana Souza\nC|" +
                  reference(second) + "|10000|Bruno Lima\nT|3\n");
    const Uuid third = bill();
    const WriteOutcome two = write();
    EXPECT_EQ(two.content.bytes,
              "H|scripted|2|2026-04-14\nC|" + reference(third) + "|10000|Ana Souza\nT|2\n");
}

TEST_P(ProviderFilesOut, AreNotWrittenForNothing) {
    EXPECT_FALSE(write().file);
    (void)bill();
    EXPECT_TRUE(write().file);
    EXPECT_FALSE(write().file);
    (void)bill();
    EXPECT_EQ(write().file->sequence, 2);
}

// A form holds so many and no more.
TEST_P(ProviderFilesOut, LeaveWhatDoesNotFitToTheNext) {
    for (std::size_t made = 0; made < 2 * test::LineFiles::kOperationsMax + 1; ++made)
        (void)bill();
    const WriteOutcome first = write();
    EXPECT_TRUE(first.more);
    EXPECT_EQ(first.file->counts.applied, test::LineFiles::kOperationsMax);
    EXPECT_TRUE(write().more);
    const WriteOutcome last = write();
    EXPECT_FALSE(last.more);
    EXPECT_EQ(last.file->sequence, 3);
    EXPECT_EQ(last.file->counts.applied, 1);
}

TEST_P(ProviderFilesOut, TellOfACancel) {
    const Uuid id = bill();
    (void)write();
    (void)desk.cancel(id);
    EXPECT_NE(write().content.bytes.find("\nW|" + reference(id) + "\n"), std::string::npos);
}

TEST_P(ProviderFilesOut, TellNothingOfWhatTheProviderRefused) {
    desk.provider.next({Word::decline});
    EXPECT_EQ(desk.create(PaymentDesk::bill(eur(10'000))).status(), 402);
    EXPECT_EQ(queued(), 0U);
}

TEST_P(ProviderFilesOut, LeaveOutWhatTheirFormCanNotHold) {
    const Uuid good = bill();
    const Uuid bad = bill("A|B");
    const WriteOutcome outcome = write();
    ASSERT_EQ(outcome.refused.size(), 1U);
    EXPECT_EQ(outcome.refused[0].payment, bad);
    EXPECT_NE(outcome.content.bytes.find(reference(good)), std::string::npos);
    EXPECT_EQ(outcome.content.bytes.find(reference(bad)), std::string::npos);
    EXPECT_EQ(desk.status(bad), "failed");
    EXPECT_NE(desk.payment(bad).last_error.find("payer's name"), std::string::npos);
    EXPECT_EQ(desk.status(good), "requires_action");
    EXPECT_FALSE(write().file);
}

TEST_P(ProviderFilesOut, UseNoNumberWhenNothingIsLeftOfThem) {
    (void)bill("A|B");
    EXPECT_FALSE(write().file);
    (void)bill();
    EXPECT_EQ(write().file->sequence, 1);
}

TEST_P(ProviderFilesOut, CanBeHadOnceMore) {
    (void)bill();
    const WriteOutcome first = write();
    const auto again = [this](std::int64_t sequence) {
        return desk.database->writer().commit<WriteOutcome>([&](ledger::Transaction& tx) {
            return write_again(tx, desk.service->shop(), "scripted", sequence);
        });
    };
    EXPECT_EQ(again(1)->content.bytes, first.content.bytes);
    EXPECT_EQ(again(1)->content.name, first.content.name);
    EXPECT_EQ(again(2).error().code(), ErrorCode::not_found);
}

TEST_P(ProviderFilesOut, AreSealedInTheDatabase) {
    (void)bill();
    const WriteOutcome outcome = write();
    const std::vector<std::uint8_t>& sealed = outcome.file->sealed;
    const std::string bytes(sealed.begin(), sealed.end());
    EXPECT_EQ(bytes.find("Ana"), std::string::npos);
}

TEST_P(ProviderFilesOut, CanNotBeWrittenForAConnectorWithoutThem) {
    const auto wrong = desk.database->writer().commit<WriteOutcome>([&](ledger::Transaction& tx) {
        return write_provider_file(tx, desk.service->shop(), "nobody", desk.clock.now());
    });
    EXPECT_EQ(wrong.error().code(), ErrorCode::not_found);
}

}  // namespace
}  // namespace causeway::gateway
