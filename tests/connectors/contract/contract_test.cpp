// SPDX-License-Identifier: Apache-2.0
//
// What the gateway relies on, whatever the payment method: every kind of connector in the
// registry that charges at once is held to it by these tests, each before its own sandbox; see
// collecting_test.cpp for the others.
#include "connectors/registry.h"
#include "tests/connectors/contract/boleto_harness.h"
#include "tests/connectors/contract/card_harness.h"
#include "tests/connectors/contract/collecting_harness.h"
#include "tests/connectors/contract/fault_harness.h"
#include "tests/connectors/contract/harness.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <set>

namespace causeway::connectors {
namespace {

using test::Believed;
using test::Harness;
using test::Knob;
using test::Outcome;

using MakeHarness = std::function<std::unique_ptr<Harness>(Lifecycle)>;

template <class Kind>
std::unique_ptr<Harness> make(Lifecycle lifecycle) {
    return std::make_unique<Kind>(lifecycle);
}

// A new kind of connector adds its line here, and has its contract tests.
const std::map<std::string, MakeHarness, std::less<>>& harnesses() {
    static const std::map<std::string, MakeHarness, std::less<>> all{
        {"boleto", make<test::BoletoHarness>},
        {"card", make<test::CardHarness>},
        {"fault", make<test::FaultHarness>},
    };
    return all;
}

std::vector<std::string> kind_names() {
    std::vector<std::string> names;
    for (const ConnectorKind& kind : connector_kinds()) {
        const bool elsewhere = test::collecting_harnesses().contains(kind.name);
        if (!elsewhere || harnesses().contains(kind.name)) names.emplace_back(kind.name);
    }
    return names;
}

TEST(ConnectorRegistry, HasAHarnessForEveryKind) {
    for (const std::string& name : kind_names())
        EXPECT_TRUE(harnesses().contains(name)) << name;
    std::set<std::string> all;
    for (const auto& [name, make] : harnesses())
        all.insert(name);
    for (const auto& [name, make] : test::collecting_harnesses())
        all.insert(name);
    EXPECT_EQ(all.size(), connector_kinds().size());
}

class ConnectorContract : public testing::TestWithParam<std::string> {
  protected:
    Harness& use(Lifecycle lifecycle = {}) {
        harness_ = harnesses().at(GetParam())(lifecycle);
        return *harness_;
    }
    Connector& connector() { return harness_->connector(); }

    static Card card() { return Card{"4761739001010119", 12, 2030, "123"}; }

    /// A charge, in the way in which this connector begins a payment that is captured later.
    Operation charge(ledger::Money amount) {
        if (collects()) return collection(amount);
        const Result<OperationKind> first = connector().first_operation(card(), false);
        Operation operation{first ? *first : OperationKind::sale, "", amount, "", {}, {}};
        operation.card = card();
        return named(std::move(operation));
    }

    /// The same where buyers pay later.
    Operation collection(ledger::Money amount) {
        Operation operation{OperationKind::collect, "", amount, "", {}, {}};
        std::vector<FieldFault> faults;
        const Payer payer = harness_->payer();
        const CollectionTerms terms =
            connector().collecting()->agree({}, payer, amount, harness_->clock().now(), faults);
        EXPECT_TRUE(faults.empty()) << faults.front().pointer << " " << faults.front().message;
        operation.collection = Collection{.payer = payer, .terms = terms};
        return named(std::move(operation));
    }
    [[nodiscard]] bool collects() { return connector().collecting() != nullptr; }
    [[nodiscard]] ledger::Money money(std::int64_t units) { return harness_->money(units); }

    Operation about(const Operation& of, OperationKind kind, ledger::Money amount) {
        Operation operation{kind, "", amount, of.payment_id, {}, {}};
        operation.original = Original{of.kind, of.reference, approvals_[of.reference], of.amount};
        operation.collection = of.collection;
        return named(std::move(operation));
    }

    Operation named(Operation operation) {
        ++sequence_;
        if (operation.payment_id.empty()) operation.payment_id = "pay_" + std::to_string(sequence_);
        operation.reference =
            connector().make_reference(sequence_, harness_->clock().now(), operation);
        return operation;
    }

    Outcome perform(const Operation& operation) {
        const Outcome outcome = harness_->perform(operation);
        if (outcome) approvals_[operation.reference] = outcome->approval_code;
        return outcome;
    }
    /// Performs what has to be approved.
    Operation done(const Operation& operation) {
        const Outcome outcome = perform(operation);
        EXPECT_TRUE(outcome && outcome->approved)
            << (outcome ? outcome->response_code : outcome.error().detail());
        return operation;
    }
    [[nodiscard]] Believed believed(const Operation& charge) { return harness_->believed(charge); }
    [[nodiscard]] bool offers(OperationKind kind) {
        return connector().capability().operations.contains(kind);
    }

  private:
    std::unique_ptr<Harness> harness_;
    std::int64_t sequence_ = 122;
    std::map<std::string, std::string> approvals_;
};

INSTANTIATE_TEST_SUITE_P(Kinds,
                         ConnectorContract,
                         testing::ValuesIn(kind_names()),
                         [](const auto& one) { return one.param; });

TEST_P(ConnectorContract, SaysWhatItIs) {
    const Capability& can = use().connector().capability();
    EXPECT_FALSE(can.name.empty());
    EXPECT_FALSE(can.version.empty());
    EXPECT_FALSE(can.method.empty());
    EXPECT_FALSE(can.livemode);
    EXPECT_GT(can.amount_max, 0);
    if (collects()) {
        EXPECT_TRUE(offers(OperationKind::collect));
        EXPECT_TRUE(offers(OperationKind::withdraw));
        EXPECT_FALSE(connector().first_operation(card(), true));
        return;
    }
    EXPECT_TRUE(offers(OperationKind::authorise) || offers(OperationKind::sale));
    EXPECT_TRUE(offers(OperationKind::refund));
    // Without an inquiry a reversal is the only way out of doubt.
    EXPECT_TRUE(connector().inquiry() != nullptr || offers(OperationKind::reverse));
    const Result<OperationKind> later = connector().first_operation(card(), false);
    EXPECT_TRUE(!later || can.operations.contains(*later));
    const Result<OperationKind> now = connector().first_operation(card(), true);
    ASSERT_TRUE(now);
    EXPECT_TRUE(can.operations.contains(*now));
}

TEST_P(ConnectorContract, WritesReferencesThatAreUniquePureAndShort) {
    use();
    const Operation some = charge(money(1000));
    const Timestamp start = test::contract_start();
    std::set<std::string> seen;
    for (std::int64_t at = 1; at <= 3'000; ++at) {
        // Far apart: a count that wraps around must not come back to an old reference.
        const std::int64_t sequence = at * 999'983;
        const Timestamp now = start + std::chrono::seconds(at);
        const std::string reference = connector().make_reference(sequence, now, some);
        EXPECT_EQ(reference, connector().make_reference(sequence, now, some));
        EXPECT_TRUE(seen.insert(reference).second) << reference;
        ASSERT_LE(reference.size(), 64U);
        const bool visible =
            std::ranges::all_of(reference, [](char c) { return c > ' ' && c < 127; });
        ASSERT_TRUE(visible) << reference;
    }
}

TEST_P(ConnectorContract, MovesMoneyOnceForOneReference) {
    use();
    const Operation first = done(charge(money(1000)));
    const Believed once = believed(first);
    EXPECT_EQ(once.authorised, 1000);
    (void)perform(first);
    Operation repeat = first;
    repeat.repeat = true;
    (void)perform(repeat);
    EXPECT_EQ(believed(first), once);
}

TEST_P(ConnectorContract, CapturesAndRefundsInParts) {
    use();
    const Operation first = done(charge(money(1000)));
    if (first.kind != OperationKind::authorise) GTEST_SKIP() << "one message";
    Operation capture = done(about(first, OperationKind::capture, money(600)));
    EXPECT_EQ(believed(first), (Believed{.authorised = 1000, .captured = 600, .refunded = 0}));
    capture.repeat = true;
    const Outcome again = perform(capture);
    EXPECT_TRUE(again && again->approved);
    EXPECT_EQ(believed(first).captured, 600);
    const Operation refund = done(about(capture, OperationKind::refund, money(200)));
    EXPECT_EQ(believed(first), (Believed{.authorised = 1000, .captured = 600, .refunded = 200}));
    done(about(capture, OperationKind::refund, money(400)));
    EXPECT_EQ(believed(first).refunded, 600);
}

TEST_P(ConnectorContract, GivesTheRestOfAnAuthorisationBack) {
    use();
    const Operation first = done(charge(money(1000)));
    if (!offers(OperationKind::release)) GTEST_SKIP() << "nothing to release";
    done(about(first, OperationKind::capture, money(600)));
    done(about(first, OperationKind::release, money(600)));
    EXPECT_EQ(believed(first), (Believed{.authorised = 600, .captured = 600, .refunded = 0}));
}

TEST_P(ConnectorContract, RaisesAnAuthorisationWhereItSaysSo) {
    use();
    const Operation first = done(charge(money(1000)));
    const Operation more = about(first, OperationKind::increment, money(500));
    if (offers(OperationKind::increment)) {
        done(more);
        done(more);
        EXPECT_EQ(believed(first).authorised, 1500);
        return;
    }
    const Outcome refused = perform(more);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code(), ErrorCode::invalid_argument);
    EXPECT_EQ(believed(first).authorised, 1000);
}

TEST_P(ConnectorContract, ADeclineIsAnAnswer) {
    Harness& harness = use();
    Operation first = charge(money(1000));
    harness.arrange(Knob::decline, first);
    const Outcome outcome = perform(first);
    ASSERT_TRUE(outcome) << outcome.error().detail();
    EXPECT_FALSE(outcome->approved);
    EXPECT_NE(outcome->decline, Decline::none);
    EXPECT_FALSE(outcome->response_code.empty());
    EXPECT_EQ(believed(first), Believed{});
}

TEST_P(ConnectorContract, SilenceAfterTheSendingIsUnknownAndNeverADecline) {
    Harness& harness = use();
    Operation first = charge(money(1000));
    harness.arrange(Knob::lost_after, first);
    const Outcome outcome = perform(first);
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().code(), ErrorCode::outcome_unknown);
    EXPECT_EQ(believed(first).authorised, first.amount.minor_units());
}

TEST_P(ConnectorContract, ALineThatIsGoneBeforeTheSendingIsUnavailable) {
    Harness& harness = use();
    Operation first = charge(money(1000));
    harness.arrange(Knob::cut_before, first);
    const Outcome outcome = perform(first);
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().code(), ErrorCode::unavailable);
    EXPECT_EQ(believed(first), Believed{});
}

TEST_P(ConnectorContract, AReversalUndoesWhatHadNoAnswerOnce) {
    Harness& harness = use();
    if (!offers(OperationKind::reverse)) GTEST_SKIP() << "nothing is reversed";
    Operation first = charge(money(1000));
    harness.arrange(Knob::lost_after, first);
    ASSERT_FALSE(perform(first));
    Operation reversal = about(first, OperationKind::reverse, first.amount);
    harness.until_ready();
    const Outcome outcome = perform(reversal);
    ASSERT_TRUE(outcome) << outcome.error().detail();
    EXPECT_TRUE(outcome->approved);
    EXPECT_EQ(believed(first).authorised, 0);
    reversal.repeat = true;
    (void)perform(reversal);
    EXPECT_EQ(believed(first).authorised, 0);
}

TEST_P(ConnectorContract, NothingMovesForAnOriginalThatNeverWas) {
    use();
    Operation ghost = charge(money(1000));
    ghost.kind = offers(OperationKind::authorise) ? OperationKind::authorise : OperationKind::sale;
    for (const OperationKind kind : {OperationKind::capture,
                                     OperationKind::refund,
                                     OperationKind::release,
                                     OperationKind::reverse}) {
        if (!offers(kind)) continue;
        const Outcome outcome = perform(about(ghost, kind, money(500)));
        ASSERT_TRUE(outcome) << to_string(kind) << ": " << outcome.error().detail();
        // A reversal of nothing may be said to have succeeded, nothing else may.
        const bool undoes = kind == OperationKind::reverse || kind == OperationKind::release;
        EXPECT_TRUE(undoes || !outcome->approved) << to_string(kind);
        EXPECT_EQ(believed(ghost), Believed{}) << to_string(kind);
    }
}

TEST_P(ConnectorContract, FindsWhatBecameOfEachOperation) {
    Harness& harness = use();
    if (connector().inquiry() == nullptr) GTEST_SKIP() << "it cannot be asked";
    const Operation approved = done(charge(money(1000)));
    EXPECT_EQ(harness.find(approved)->fate, Fate::carried_out);
    EXPECT_TRUE(harness.find(approved)->answer.approved);

    Operation declined = charge(money(1000));
    harness.arrange(Knob::decline, declined);
    (void)perform(declined);
    // Who keeps no word of what it refused may say that it does not know it.
    const Finding refused = *harness.find(declined);
    EXPECT_NE(refused.fate, Fate::carried_out);
    EXPECT_TRUE(collects() || refused.fate == Fate::refused);
    EXPECT_EQ(refused.fate == Fate::refused, refused.answer.decline != Decline::none);

    Operation lost = charge(money(1000));
    harness.arrange(Knob::lost_after, lost);
    (void)perform(lost);
    EXPECT_EQ(harness.find(lost)->fate, Fate::carried_out);

    if (collects()) {
        const Operation ended = done(about(approved, OperationKind::withdraw, approved.amount));
        EXPECT_EQ(harness.find(ended)->fate, Fate::carried_out);
        return;
    }
    const Operation refund = done(about(done(about(approved, OperationKind::capture, money(700))),
                                        OperationKind::refund,
                                        money(50)));
    EXPECT_EQ(harness.find(refund)->fate, Fate::carried_out);
    EXPECT_EQ(believed(approved).refunded, 50);
}

TEST_P(ConnectorContract, WhatItCallsNeverArrivedIsRefusedWhenItComes) {
    Harness& harness = use();
    if (connector().inquiry() == nullptr) GTEST_SKIP() << "it cannot be asked";
    const Operation late = charge(money(1000));
    if (harness.find(late)->fate == Fate::under_way) GTEST_SKIP() << "it promises nothing";
    ASSERT_EQ(harness.find(late)->fate, Fate::never_arrived);
    const Outcome outcome = perform(late);
    ASSERT_TRUE(outcome);
    EXPECT_FALSE(outcome->approved);
    EXPECT_EQ(believed(late), Believed{});
    EXPECT_EQ(harness.find(late)->fate, Fate::never_arrived);
}

TEST_P(ConnectorContract, CarriesCurrenciesOfEveryExponent) {
    use();
    for (const std::string_view code : {"JPY", "CLP", "KWD", "EUR", "BRL"}) {
        if (!connector().capability().takes(test::currency(code))) continue;
        const ledger::Money amount{1234, test::currency(code)};
        const Operation first = done(charge(amount));
        EXPECT_EQ(believed(first).authorised, 1234) << code;
        if (first.kind != OperationKind::authorise) continue;
        const Operation capture = done(about(first, OperationKind::capture, amount));
        done(about(capture, OperationKind::refund, {1, amount.currency()}));
        EXPECT_EQ(believed(first), (Believed{.authorised = 1234, .captured = 1234, .refunded = 1}))
            << code;
    }
}

TEST_P(ConnectorContract, AfterItsEndItChargesNobodyAndStillRefunds) {
    const Day tomorrow = day_of(test::contract_start()) + std::chrono::days(1);
    Harness& harness = use({.stage = LifecycleStage::retired, .since = tomorrow});
    const Operation first = done(charge(money(1000)));
    const bool two = first.kind == OperationKind::authorise;
    const Operation taken = two ? done(about(first, OperationKind::capture, money(800))) : first;
    const std::int64_t captured = believed(first).captured;

    harness.clock().set(Timestamp(tomorrow) + std::chrono::hours(1));
    const Operation another = charge(money(1000));
    const Outcome refused = perform(another);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code(), ErrorCode::invalid_argument);
    EXPECT_EQ(believed(another), Believed{});
    if (collects()) {
        done(about(first, OperationKind::withdraw, first.amount));
        return;
    }
    EXPECT_FALSE(two && perform(about(first, OperationKind::capture, money(100))).has_value());
    EXPECT_EQ(believed(first).captured, captured);
    done(about(taken, OperationKind::refund, money(300)));
    EXPECT_EQ(believed(first).refunded, 300);
}

TEST_P(ConnectorContract, NamesOperationsApartInItsStatement) {
    use();
    const Operation first = charge(money(1000));
    if (collects()) GTEST_SKIP() << "nothing is captured";
    const Operation capture = about(first, OperationKind::capture, money(1000));
    const Operation refund = about(capture, OperationKind::refund, money(10));
    const StatementKey taken = connector().statement_key(capture);
    const StatementKey given = connector().statement_key(refund);
    EXPECT_EQ(taken.provider_reference, connector().statement_key(first).provider_reference);
    EXPECT_EQ(taken.provider_reference, given.provider_reference);
    if (!taken.modification_reference.empty()) {
        EXPECT_NE(taken.modification_reference, given.modification_reference);
    }
}

ErrorCode code_of(const Result<std::vector<Notice>>& read) {
    return read ? ErrorCode::not_found : read.error().code();
}

TEST_P(ConnectorContract, BelievesNoNoticeWithoutItsSignature) {
    Harness& harness = use();
    const NoticeReader* const reader = connector().notices();
    if (reader == nullptr) GTEST_SKIP() << "it does not notify";
    const Timestamp now = harness.clock().now();
    const Notice sample = harness.sample(1);
    const test::SignedNotices good = *harness.sign({sample});
    const Result<std::vector<Notice>> read =
        reader->read({.headers = good.headers, .body = good.body, .received = now});
    ASSERT_TRUE(read) << read.error().detail();
    ASSERT_EQ(read->size(), 1U);
    EXPECT_EQ(read->front().kind, sample.kind);
    EXPECT_EQ(read->front().id, sample.id);
    EXPECT_EQ(read->front().reference, sample.reference);
    EXPECT_EQ(read->front().amount, sample.amount);
    EXPECT_EQ(read->front().answer.approved, sample.answer.approved);

    const std::vector<std::pair<std::string, std::string>> none;
    EXPECT_EQ(code_of(reader->read({.headers = none, .body = good.body, .received = now})),
              ErrorCode::integrity);
    for (std::size_t at = 0; at < good.body.size(); ++at) {
        std::string changed = good.body;
        changed[at] = static_cast<char>(changed[at] ^ 1);
        EXPECT_EQ(
            code_of(reader->read({.headers = good.headers, .body = changed, .received = now})),
            ErrorCode::integrity);
    }
    for (std::size_t at = 0; at < good.headers[0].second.size(); ++at) {
        auto changed = good.headers;
        changed[0].second[at] = static_cast<char>(changed[0].second[at] ^ 1);
        EXPECT_EQ(code_of(reader->read({.headers = changed, .body = good.body, .received = now})),
                  ErrorCode::integrity);
    }
}

TEST_P(ConnectorContract, ReadsASignedMessageTheSameWayTwiceAndRefusesNonsense) {
    Harness& harness = use();
    const NoticeReader* const reader = connector().notices();
    if (reader == nullptr) GTEST_SKIP() << "it does not notify";
    const Timestamp now = harness.clock().now();
    const test::SignedNotices two = *harness.sign({harness.sample(1), harness.sample(2)});
    const NoticeInput input{.headers = two.headers, .body = two.body, .received = now};
    ASSERT_EQ(reader->read(input)->size(), harness.notices_of_a_message());
    EXPECT_EQ(reader->read(input)->back().reference, reader->read(input)->back().reference);
    const test::SignedNotices nonsense = *harness.sign_nonsense();
    EXPECT_EQ(code_of(reader->read(
                  {.headers = nonsense.headers, .body = nonsense.body, .received = now})),
              ErrorCode::invalid_argument);
}

}  // namespace
}  // namespace causeway::connectors
