// SPDX-License-Identifier: Apache-2.0
//
// What the gateway relies on where buyers pay later, whatever the method: every such kind in the
// registry is held to it, each before its own sandbox.
#include "tests/connectors/contract/boleto_collecting.h"
#include "tests/connectors/contract/collecting_harness.h"
#include "tests/connectors/contract/pix_harness.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace causeway::test {

const std::map<std::string, MakeCollecting, std::less<>>& collecting_harnesses() {
    static const std::map<std::string, MakeCollecting, std::less<>> all{
        {"boleto",
         [](connectors::Lifecycle lifecycle) {
             return std::make_unique<BoletoCollecting>(std::move(lifecycle));
         }},
        {"pix",
         [](connectors::Lifecycle lifecycle) {
             return std::make_unique<PixHarness>(std::move(lifecycle));
         }},
    };
    return all;
}

}  // namespace causeway::test

namespace causeway::connectors {
namespace {

using test::CollectingHarness;
using test::Knob;
using test::Outcome;

std::vector<std::string> names() {
    std::vector<std::string> all;
    for (const auto& [name, make] : test::collecting_harnesses())
        all.push_back(name);
    return all;
}

class CollectingContract : public testing::TestWithParam<std::string> {
  protected:
    CollectingHarness& use(Lifecycle lifecycle = {}) {
        harness_ = test::collecting_harnesses().at(GetParam())(std::move(lifecycle));
        return *harness_;
    }
    Connector& connector() { return harness_->connector(); }

    CollectionTerms agreed(const CollectionWish& wish = {}) {
        std::vector<FieldFault> faults;
        CollectionTerms terms = connector().collecting()->agree(
            wish, harness_->payer(), harness_->amount(), harness_->now(), faults);
        for (const FieldFault& fault : faults)
            ADD_FAILURE() << fault.pointer << " " << fault.message;
        terms.seller = "Loja Beta";
        return terms;
    }
    Operation charge(const CollectionWish& wish = {}) {
        Operation operation{OperationKind::collect, "", harness_->amount(), "", {}, {}};
        operation.collection = Collection{.payer = harness_->payer(), .terms = agreed(wish)};
        return named(std::move(operation));
    }
    Operation withdrawal(const Operation& of) {
        Operation operation{OperationKind::withdraw, "", of.amount, of.payment_id, {}, {}};
        operation.original = Original{of.kind, of.reference, "", of.amount};
        operation.collection = of.collection;
        return named(std::move(operation));
    }
    Operation named(Operation operation) {
        ++sequence_;
        if (operation.payment_id.empty()) {
            operation.payment_id = "pay_01JZ8QK3M5X9T2B7C4D6E8F" + std::to_string(sequence_);
        }
        operation.reference = connector().make_reference(sequence_, harness_->now(), operation);
        return operation;
    }
    Outcome perform(const Operation& operation) { return harness_->perform(operation); }
    Answer done(const Operation& operation) {
        const Outcome outcome = perform(operation);
        EXPECT_TRUE(outcome && outcome->approved)
            << (outcome ? outcome->response_code : outcome.error().detail());
        return outcome ? *outcome : Answer{};
    }
    std::vector<Notice> told_of(const Operation& charge) {
        std::vector<Notice> all = harness_->told();
        std::erase_if(all, [&charge](const Notice& notice) {
            return notice.kind != NoticeKind::received || notice.reference != charge.reference;
        });
        return all;
    }

  private:
    std::unique_ptr<CollectingHarness> harness_;
    std::int64_t sequence_ = 122;
};

INSTANTIATE_TEST_SUITE_P(Kinds,
                         CollectingContract,
                         testing::ValuesIn(names()),
                         [](const auto& one) { return one.param; });

TEST_P(CollectingContract, SaysWhatItIs) {
    use();
    const Capability& can = connector().capability();
    EXPECT_FALSE(can.name.empty());
    EXPECT_FALSE(can.method.empty());
    EXPECT_TRUE(can.operations.contains(OperationKind::collect));
    EXPECT_TRUE(can.operations.contains(OperationKind::withdraw));
    EXPECT_FALSE(can.operations.contains(OperationKind::authorise));
    EXPECT_FALSE(connector().first_operation(Card{}, true));
    ASSERT_NE(connector().collecting(), nullptr);
    // Somebody has to tell of the money.
    EXPECT_TRUE(connector().notices() != nullptr || connector().polling() != nullptr ||
                connector().files() != nullptr);
}

TEST_P(CollectingContract, WritesReferencesThatAreUniquePureAndShort) {
    use();
    const Operation some = charge();
    std::set<std::string> seen;
    for (std::int64_t sequence = 1; sequence <= 2'000; ++sequence) {
        const std::string reference =
            connector().make_reference(sequence, test::contract_start(), some);
        EXPECT_EQ(reference, connector().make_reference(sequence, test::contract_start(), some));
        EXPECT_TRUE(seen.insert(reference).second) << reference;
        ASSERT_LE(reference.size(), 64U);
        ASSERT_TRUE(std::ranges::all_of(reference, [](char c) { return c > ' ' && c < 127; }));
    }
}

TEST_P(CollectingContract, NamesEachFieldThatIsWrongAndRepeatsNothing) {
    CollectingHarness& harness = use();
    Payer payer = harness.payer();
    payer.tax_id = "111.111.111-11";
    CollectionWish wish;
    wish.due_on = day_of(harness.now()) - std::chrono::days(3);
    std::vector<FieldFault> faults;
    (void)connector().collecting()->agree(wish, payer, harness.amount(), harness.now(), faults);
    std::set<std::string> pointers;
    for (const FieldFault& fault : faults) {
        pointers.insert(fault.pointer);
        EXPECT_FALSE(fault.code.empty());
        EXPECT_EQ(fault.message.find("111"), std::string::npos) << fault.message;
    }
    EXPECT_TRUE(pointers.contains("/billing_details/tax_id"));
    EXPECT_TRUE(pointers.contains("/due_date"));
}

TEST_P(CollectingContract, MakesOneInstrumentForOneReference) {
    use();
    Operation first = charge();
    const Answer once = done(first);
    ASSERT_TRUE(once.instrument);
    EXPECT_TRUE(once.instrument->action.starts_with("display_"));
    EXPECT_FALSE(once.instrument->details.empty());
    first.repeat = true;
    EXPECT_EQ(done(first).instrument, once.instrument);
    EXPECT_TRUE(told_of(first).empty());
}

TEST_P(CollectingContract, TellsOfAPaymentUnderOneName) {
    CollectingHarness& harness = use();
    const Operation first = charge();
    const Operation second = charge();
    done(first);
    done(second);
    harness.pay(first);
    const std::vector<Notice> told = told_of(first);
    ASSERT_EQ(told.size(), 1U);
    EXPECT_EQ(told[0].amount, harness.amount());
    ASSERT_TRUE(told[0].receipt);
    EXPECT_FALSE(told[0].receipt->channel.empty());
    EXPECT_FALSE(told[0].id.empty());
    EXPECT_TRUE(told_of(second).empty());
    for (const Notice& again : told_of(first))
        EXPECT_EQ(again.id, told[0].id);
}

TEST_P(CollectingContract, TakesAnInstrumentBackOnce) {
    use();
    const Operation first = charge();
    done(first);
    Operation back = withdrawal(first);
    done(back);
    back.repeat = true;
    done(back);
}

TEST_P(CollectingContract, SilenceAfterTheSendingIsUnknownAndMayBeRepeated) {
    CollectingHarness& harness = use();
    if (!harness.arrange(Knob::lost_after)) GTEST_SKIP() << "it sends nothing";
    Operation first = charge();
    const Outcome outcome = perform(first);
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().code(), ErrorCode::outcome_unknown);
    first.repeat = true;
    EXPECT_TRUE(done(first).instrument);
}

TEST_P(CollectingContract, AProviderInTroubleHasSaidNothing) {
    CollectingHarness& harness = use();
    if (!harness.arrange(Knob::cut_before)) GTEST_SKIP() << "it sends nothing";
    const Outcome outcome = perform(charge());
    EXPECT_TRUE(!outcome || outcome->decline == Decline::provider_unavailable);
}

TEST_P(CollectingContract, AfterItsEndItMakesNothingAndStillTakesBack) {
    CollectingHarness& harness = use();
    const Day today = day_of(harness.now());
    use({.stage = LifecycleStage::refund_only, .since = today});
    const Outcome refused = perform(charge());
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code(), ErrorCode::invalid_argument);
}

TEST_P(CollectingContract, ShowsEveryFormItSays) {
    use();
    const Operation first = charge();
    const Answer answer = done(first);
    ASSERT_TRUE(answer.instrument);
    const DocumentRequest request{.reference = first.reference,
                                  .amount = first.amount,
                                  .collection = *first.collection,
                                  .instrument = *answer.instrument,
                                  .payment_id = first.payment_id,
                                  .description = "two chairs"};
    for (const std::string& format : connector().collecting()->formats(*answer.instrument)) {
        const Result<Rendered> document = connector().collecting()->render(request, format);
        ASSERT_TRUE(document) << format << ": " << document.error().detail();
        EXPECT_FALSE(document->bytes.empty());
        EXPECT_NE(document->media_type.find('/'), std::string::npos);
    }
    EXPECT_EQ(connector().collecting()->render(request, "exe").error().code(),
              ErrorCode::not_found);
}

}  // namespace
}  // namespace causeway::connectors
