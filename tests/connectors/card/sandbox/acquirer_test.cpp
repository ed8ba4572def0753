// SPDX-License-Identifier: Apache-2.0
#include "connectors/card/sandbox/acquirer.h"

#include "connectors/card/codec.h"
#include "tests/support/card_messages.h"
#include "tests/support/case_name.h"

#include <gtest/gtest.h>

#include <functional>
#include <string>

namespace causeway::connectors::card::sandbox {
namespace {

using test::Counter;
using test::repeat_of;
using test::replacement;
using test::Terminal;

// ---- requests

TEST(Acquirer, ApprovesAndRepeatsTheRequestsFields) {
    Counter counter;
    Terminal terminal;
    const Message request = terminal.purchase(1000);
    const Message answer = counter.ask(request);
    EXPECT_EQ(answer.mti, "0110");
    EXPECT_EQ(answer.get(39), "00");
    EXPECT_EQ(answer.get(38), "000001");
    for (const int field : {2, 3, 4, 7, 11, 32, 37, 41, 42, 49}) {
        EXPECT_EQ(answer.get(field), request.get(field)) << "DE" << field;
    }
    // An answer is a message like any other: a host must be able to send it.
    EXPECT_TRUE(encode(answer, *find_dialect("bcd")));
    EXPECT_EQ(counter.transaction(request).authorised, 1000);
    EXPECT_EQ(counter.transaction(request).captured(), 0);
}

struct Decline {
    std::string name;
    std::function<void(Message&)> change;
    std::string code;
};

class AcquirerDecline : public testing::TestWithParam<Decline> {};

TEST_P(AcquirerDecline, BooksNothingAndGivesNoApprovalCode) {
    for (const std::string mti : {"0100", "0200"}) {
        Counter counter;
        Terminal terminal;
        Message request = terminal.purchase(1000, mti);
        GetParam().change(request);
        const Message answer = counter.ask(request);
        EXPECT_EQ(answer.get(39), GetParam().code);
        EXPECT_FALSE(answer.has(38));
        EXPECT_TRUE(counter.books.transactions().empty());
    }
}

std::function<void(Message&)> set(int field, std::string value) {
    return [field, value](Message& message) { message.fields[field] = value; };
}
std::function<void(Message&)> drop(int field) {
    return [field](Message& message) { message.fields.erase(field); };
}

INSTANTIATE_TEST_SUITE_P(
    Rules,
    AcquirerDecline,
    testing::Values(Decline{"AmountEndsIn51", set(4, "000000001051"), "51"},
                    Decline{"AmountEndsIn05", set(4, "000000000105"), "05"},
                    Decline{"AmountEndsIn54", set(4, "000000009954"), "54"},
                    Decline{"AmountEndsIn91", set(4, "000000009991"), "91"},
                    Decline{"AmountEndsIn61", set(4, "000000000061"), "61"},
                    Decline{"CardDoNotHonour", set(2, "4000000000000002"), "05"},
                    Decline{"CardInsufficientFunds", set(2, "4000000000009995"), "51"},
                    Decline{"CardExpired", set(2, "4000000000000069"), "54"},
                    Decline{"ExpiryInThePast", set(14, "2610"), "54"},
                    Decline{"NumberMistyped", set(2, "4761739001010118"), "14"},
                    Decline{"NoAmount", set(4, "000000000000"), "13"},
                    Decline{"NoSuchCurrency", set(49, "999"), "13"},
                    Decline{"CashAdvance", set(3, "010000"), "12"},
                    Decline{"CardMissing", drop(2), "30"},
                    Decline{"CurrencyMissing", drop(49), "30"},
                    Decline{"ReferenceMissing", drop(37), "30"},
                    Decline{"NoSuchDay", set(7, "0231120000"), "30"},
                    Decline{"NoSuchHour", set(7, "1121240000"), "30"}),
    test::case_name<Decline>);

TEST(Acquirer, ACardIsGoodToTheEndOfItsMonth) {
    Counter counter;
    Terminal terminal;
    Message request = terminal.purchase(1000);
    request.fields[14] = "2611";
    EXPECT_EQ(counter.code(request), "00");
}

TEST(Acquirer, ReadsTheCardNumberFromTrack2) {
    Counter counter;
    Terminal terminal;
    Message request = terminal.purchase(1000);
    request.fields.erase(2);
    request.fields[35] = "4000000000009995=30121010000";
    EXPECT_EQ(counter.code(request), "51");
}

TEST(Acquirer, WantsASignOnFirst) {
    Counter counter;
    Terminal terminal;
    counter.connection.signed_on = false;
    const Message request = terminal.purchase(1000);
    EXPECT_EQ(counter.code(request), "91");
    // An answer would end the sender's repeats of an advice that nobody has booked.
    EXPECT_FALSE(counter.react(terminal.reversal(request)).answer);
    EXPECT_EQ(counter.code(terminal.sign_on()), "00");
    EXPECT_EQ(counter.code(request), "00");
    Message sign_off = terminal.sign_on();
    sign_off.fields[70] = "002";
    EXPECT_EQ(counter.code(sign_off), "00");
    EXPECT_EQ(counter.code(terminal.purchase(1000)), "91");
}

TEST(Acquirer, AnswersEchoAndRefusesUnknownNetworkMessages) {
    Counter counter;
    Terminal terminal;
    Message message = terminal.sign_on();
    message.fields[70] = "301";
    EXPECT_EQ(counter.ask(message).mti, "0810");
    EXPECT_EQ(counter.code(message), "00");
    message.fields[70] = "777";
    EXPECT_EQ(counter.code(message), "12");
}

TEST(Acquirer, NeverAnswersAnAnswer) {
    Counter counter;
    Terminal terminal;
    for (const std::string mti : {"0110", "0210", "0430", "0810", "1100", "0190"}) {
        EXPECT_FALSE(counter.react(terminal.purchase(1000, mti)).answer) << mti;
    }
    EXPECT_EQ(counter.code(terminal.purchase(1000, "0300")), "12");
}

// ---- idempotency

TEST(Acquirer, TheSameRequestAgainIsADuplicateAndARepeatGetsTheFirstAnswer) {
    Counter counter;
    Terminal terminal;
    const Message request = terminal.purchase(1000);
    const Message first = counter.ask(request);
    const Message duplicate = counter.ask(request);
    EXPECT_EQ(duplicate.get(39), "94");
    EXPECT_FALSE(duplicate.has(38));
    EXPECT_EQ(counter.ask(repeat_of(request)), first);
    // The same key with another amount is another purchase, and must not look approved.
    Message other = repeat_of(request);
    other.fields[4] = "000000002000";
    EXPECT_EQ(counter.code(other), "94");
    EXPECT_EQ(counter.books.transactions().size(), 1U);
}

TEST(Acquirer, ARepeatThatComesFirstIsDecidedLikeTheOriginal) {
    Counter counter;
    Terminal terminal;
    const Message request = terminal.purchase(1000);
    EXPECT_EQ(counter.ask(repeat_of(request)).mti, "0110");
    EXPECT_EQ(counter.code(request), "94");
}

TEST(Acquirer, ARetrievalReferenceIsUsedOnce) {
    Counter counter;
    Terminal terminal;
    const Message first = terminal.purchase(1000);
    Message second = terminal.purchase(1000);
    second.fields[37] = first.get(37);
    EXPECT_EQ(counter.code(first), "00");
    EXPECT_EQ(counter.code(second), "94");
}

TEST(Acquirer, AnAdviceAgainGetsTheFirstAnswerAndBooksOnce) {
    Counter counter;
    Terminal terminal;
    const Message request = terminal.purchase(1000);
    const Message capture = terminal.capture(counter.ask(request), 400);
    const Message first = counter.ask(capture);
    EXPECT_EQ(first.mti, "0230");
    EXPECT_EQ(first.get(39), "00");
    EXPECT_EQ(counter.ask(capture), first);
    EXPECT_EQ(counter.ask(repeat_of(capture)), first);
    EXPECT_EQ(counter.transaction(request).captured(), 400);
}

// ---- captures

TEST(Acquirer, CapturesInPartsUpToTheAuthorisedAmount) {
    Counter counter;
    Terminal terminal;
    const Message request = terminal.purchase(1000);
    const Message approved = counter.ask(request);
    EXPECT_EQ(counter.code(terminal.capture(approved, 400)), "00");
    // It cannot decline an advice; it says how much it took instead.
    const Message rest = counter.ask(terminal.capture(approved, 700));
    EXPECT_EQ(rest.get(39), "10");
    EXPECT_EQ(rest.get(4), "000000000600");
    EXPECT_EQ(counter.code(terminal.capture(approved, 1)), "25");
    EXPECT_EQ(counter.transaction(request).captures.size(), 2U);
    EXPECT_EQ(counter.transaction(request).captured(), 1000);
}

TEST(Acquirer, CapturesOnlyWhatItApprovedUnderThatCode) {
    Counter counter;
    Terminal terminal;
    const Message approved = counter.ask(terminal.purchase(1000));
    for (const auto& [field, value] :
         {std::pair{37, "999999999999"}, {38, "ZZZZZZ"}, {49, "840"}}) {
        Message capture = terminal.capture(approved, 100);
        capture.fields[field] = value;
        EXPECT_EQ(counter.code(capture), "25") << "DE" << field;
    }
    EXPECT_EQ(counter.transaction(approved).captured(), 0);
}

TEST(Acquirer, BooksAnOfflineApprovalUnderItsOwnCode) {
    Counter counter;
    Terminal terminal;
    Message advice = terminal.purchase(1000, "0120");
    advice.fields[38] = "OFF001";
    const Message answer = counter.ask(advice);
    EXPECT_EQ(answer.mti, "0130");
    EXPECT_EQ(answer.get(39), "00");
    EXPECT_EQ(answer.get(38), "OFF001");
    EXPECT_EQ(counter.code(terminal.capture(answer, 1000)), "00");
}

// ---- refunds

TEST(Acquirer, RefundsUpToWhatWasCaptured) {
    Counter counter;
    Terminal terminal;
    const Message sale = terminal.purchase(1000, "0200");
    EXPECT_EQ(counter.ask(sale).mti, "0210");
    const Message refund = counter.ask(terminal.refund(sale.get(37), 700));
    EXPECT_EQ(refund.get(39), "00");
    EXPECT_EQ(refund.get(38).size(), 6U);
    EXPECT_EQ(counter.code(terminal.refund(sale.get(37), 301)), "61");
    EXPECT_EQ(counter.code(terminal.refund(sale.get(37), 300)), "00");
    EXPECT_EQ(counter.transaction(sale).refunded(), 1000);
}

TEST(Acquirer, RefundsFollowTheSameAmounts) {
    Counter counter;
    Terminal terminal;
    const Message sale = terminal.purchase(100000, "0200");
    ASSERT_EQ(counter.code(sale), "00");
    EXPECT_EQ(counter.code(terminal.refund(sale.get(37), 151)), "51");
    const Message lost = terminal.refund(sale.get(37), 9999);
    EXPECT_FALSE(counter.react(lost).answer);
    EXPECT_EQ(counter.code(repeat_of(lost)), "00");
    EXPECT_EQ(counter.transaction(sale).refunded(), 9999);
}

TEST(Acquirer, DoesNotRefundWhatItDoesNotKnow) {
    Counter counter;
    Terminal terminal;
    const Message request = terminal.purchase(1000);
    ASSERT_EQ(counter.code(request), "00");
    EXPECT_EQ(counter.code(terminal.refund("000000000000", 100)), "25");
    EXPECT_EQ(counter.code(terminal.refund(request.get(37), 100)), "61") << "nothing is captured";
    Message dollars = terminal.refund(request.get(37), 100);
    dollars.fields[49] = "840";
    EXPECT_EQ(counter.code(dollars), "12");
}

// ---- reversals

TEST(Acquirer, ReversesAnAuthorisation) {
    for (const std::string mti : {"0400", "0420"}) {
        Counter counter;
        Terminal terminal;
        const Message request = terminal.purchase(1000);
        const Message approved = counter.ask(request);
        const Message reversal = terminal.reversal(request, mti);
        const Message answer = counter.ask(reversal);
        EXPECT_EQ(answer.mti, mti == "0400" ? "0410" : "0430");
        EXPECT_EQ(answer.get(39), "00");
        EXPECT_EQ(counter.ask(repeat_of(reversal)), answer);
        EXPECT_TRUE(counter.transaction(request).reversed);
        EXPECT_EQ(counter.transaction(request).authorised, 0);
        EXPECT_EQ(counter.code(terminal.capture(approved, 1000)), "25");
    }
}

TEST(Acquirer, APartialReversalLeavesWhatRemainsCharged) {
    Counter counter;
    Terminal terminal;
    const Message request = terminal.purchase(1000);
    const Message approved = counter.ask(request);
    ASSERT_EQ(counter.code(terminal.capture(approved, 400)), "00");
    Message release = terminal.reversal(request);
    release.fields[95] = replacement(400);
    EXPECT_EQ(counter.code(release), "00");
    EXPECT_EQ(counter.transaction(request).authorised, 400);
    EXPECT_EQ(counter.transaction(request).captured(), 400);
    EXPECT_FALSE(counter.transaction(request).reversed);
    // A replacement amount above the original does not make it grow.
    Message more = terminal.reversal(request);
    more.fields[95] = replacement(5000);
    EXPECT_EQ(counter.code(more), "00");
    EXPECT_EQ(counter.transaction(request).authorised, 400);
}

TEST(Acquirer, UndoesCapturesSalesAndRefunds) {
    Counter counter;
    Terminal terminal;
    const Message request = terminal.purchase(1000);
    const Message capture = terminal.capture(counter.ask(request), 600);
    ASSERT_EQ(counter.code(capture), "00");
    EXPECT_EQ(counter.code(terminal.reversal(capture)), "00");
    EXPECT_EQ(counter.transaction(request).captured(), 0);
    EXPECT_EQ(counter.transaction(request).authorised, 1000) << "it can be captured again";

    const Message sale = terminal.purchase(2000, "0200");
    ASSERT_EQ(counter.code(sale), "00");
    const Message refund = terminal.refund(sale.get(37), 500);
    ASSERT_EQ(counter.code(refund), "00");
    EXPECT_EQ(counter.code(terminal.reversal(refund)), "00");
    EXPECT_EQ(counter.transaction(sale).refunded(), 0);
    EXPECT_EQ(counter.code(terminal.reversal(sale)), "00");
    EXPECT_EQ(counter.transaction(sale).captured(), 0);
    EXPECT_TRUE(counter.transaction(sale).reversed);
}

// The buyer has that money back already; reversing the sale must not give it a second time.
TEST(Acquirer, AReversalStopsAtWhatWasRefunded) {
    Counter counter;
    Terminal terminal;
    const Message sale = terminal.purchase(1000, "0200");
    ASSERT_EQ(counter.code(sale), "00");
    ASSERT_EQ(counter.code(terminal.refund(sale.get(37), 300)), "00");
    EXPECT_EQ(counter.code(terminal.reversal(sale)), "00");
    EXPECT_EQ(counter.transaction(sale).captured(), 300);
    EXPECT_FALSE(counter.transaction(sale).reversed);
}

TEST(Acquirer, AReversalThatOvertakesItsOriginalDeclinesIt) {
    Counter counter;
    Terminal terminal;
    const Message request = terminal.purchase(1000);
    EXPECT_EQ(counter.code(terminal.reversal(request, "0400")), "25");
    EXPECT_EQ(counter.code(terminal.reversal(request)), "00");
    EXPECT_EQ(counter.code(request), "12");
    EXPECT_EQ(counter.code(repeat_of(request)), "12");
    EXPECT_TRUE(counter.books.transactions().empty());
}

TEST(Acquirer, AReversalThatOvertakesACaptureLeavesItWithoutEffect) {
    Counter counter;
    Terminal terminal;
    const Message request = terminal.purchase(1000);
    const Message capture = terminal.capture(counter.ask(request), 600);
    EXPECT_EQ(counter.code(terminal.reversal(capture)), "00");
    EXPECT_EQ(counter.code(capture), "00");
    EXPECT_EQ(counter.transaction(request).captured(), 0);
}

TEST(Acquirer, ReversingADeclinedRequestIsHarmless) {
    Counter counter;
    Terminal terminal;
    const Message request = terminal.purchase(1051);
    ASSERT_EQ(counter.code(request), "51");
    EXPECT_EQ(counter.code(terminal.reversal(request)), "00");
}

// ---- lost and late answers

TEST(Acquirer, BooksWhatItNeverAnswers) {
    for (const std::int64_t amount : {9999, 19997}) {
        Counter counter;
        Terminal terminal;
        const Message request = terminal.purchase(amount);
        const Reaction reaction = counter.react(request);
        EXPECT_FALSE(reaction.answer);
        EXPECT_EQ(reaction.cut, amount == 19997);
        EXPECT_EQ(counter.transaction(request).authorised, amount);
        EXPECT_EQ(counter.code(repeat_of(request)), "00");
        EXPECT_EQ(counter.code(terminal.reversal(request)), "00");
    }
}

TEST(Acquirer, AnswersLate) {
    Counter counter;
    Terminal terminal;
    const Reaction reaction = counter.react(terminal.purchase(9998));
    EXPECT_EQ(reaction.answer->get(39), "00");
    EXPECT_EQ(reaction.delay, AcquirerConfig{}.late);
}

TEST(Acquirer, LosesTheFirstAnswerToEachAdvice) {
    Counter counter;
    Terminal terminal;
    const Message request = terminal.purchase(9996);
    const Message approved = counter.ask(request);
    ASSERT_EQ(approved.get(39), "00");
    const Message capture = terminal.capture(approved, 100);
    EXPECT_FALSE(counter.react(capture).answer);
    EXPECT_EQ(counter.code(repeat_of(capture)), "00");
    const Message reversal = terminal.reversal(capture);
    EXPECT_FALSE(counter.react(reversal).answer);
    EXPECT_EQ(counter.code(repeat_of(reversal)), "00");
    EXPECT_EQ(counter.transaction(request).captured(), 0);
}

TEST(Acquirer, LosesTheFirstAnswerToReversalsOnly) {
    Counter counter;
    Terminal terminal;
    const Message request = terminal.purchase(9995);
    EXPECT_EQ(counter.code(terminal.capture(counter.ask(request), 100)), "00");
    const Message reversal = terminal.reversal(request);
    EXPECT_FALSE(counter.react(reversal).answer);
    EXPECT_EQ(counter.code(repeat_of(reversal)), "00");
}

// ---- reconciliation

TEST(Acquirer, ComparesTheDaysTotals) {
    Counter counter;
    Terminal terminal;
    const Message sale = terminal.purchase(1000, "0200");
    ASSERT_EQ(counter.code(sale), "00");
    ASSERT_EQ(counter.code(terminal.refund(sale.get(37), 300)), "00");
    Message totals = terminal.sign_on();
    totals.mti = "0500";
    totals.fields[15] = "1121";
    totals.fields[50] = "978";
    totals.fields[74] = "0000000001";
    totals.fields[76] = "0000000001";
    totals.fields[86] = "0000000000000300";
    totals.fields[88] = "0000000000001000";
    EXPECT_EQ(counter.ask(totals).mti, "0510");
    EXPECT_EQ(counter.ask(totals).get(66), "1");
    totals.fields[88] = "0000000000001001";
    EXPECT_EQ(counter.ask(totals).get(66), "2");
    EXPECT_EQ(counter.code(totals), "95");
    totals.mti = "0520";
    EXPECT_EQ(counter.code(totals), "00") << "an advice is not declined";
    EXPECT_EQ(counter.ask(totals).get(66), "2");
    totals.fields.erase(50);
    EXPECT_EQ(counter.ask(totals).get(66), "3");
}

// ---- small parts

TEST(ResolveYear, TakesTheNearestYear) {
    EXPECT_EQ(*resolve_year("1231235959", test::at("2027-01-01T00:00:10Z")),
              test::at("2026-12-31T23:59:59Z"));
    EXPECT_EQ(*resolve_year("0101000001", test::at("2026-12-31T23:59:59Z")),
              test::at("2027-01-01T00:00:01Z"));
    EXPECT_EQ(*resolve_year("0229120000", test::at("2027-03-01T00:00:00Z")),
              test::at("2028-02-29T12:00:00Z"));
    EXPECT_FALSE(resolve_year("1301000000", test::at("2026-01-01T00:00:00Z")));
    EXPECT_FALSE(resolve_year("11211200", test::at("2026-01-01T00:00:00Z")));
}

}  // namespace
}  // namespace causeway::connectors::card::sandbox
