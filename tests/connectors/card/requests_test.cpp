// SPDX-License-Identifier: Apache-2.0
#include "connectors/card/requests.h"

#include "connectors/card/answers.h"
#include "connectors/card/codec.h"
#include "connectors/card/reference.h"
#include "tests/connectors/card/operations.h"
#include "tests/support/case_name.h"

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <string>

namespace causeway::connectors::card {
namespace {

using test::authorise;
using test::capture_of;
using test::demo_acceptor;
using test::eur;
using test::jpy;
using test::refund_of;
using test::release_of;
using test::reverse_of;

// What every message of the demo acceptor says; the operations below add to it.
const std::map<int, std::string> kAlways{
    {2, "4761739001010119"},
    {3, "000000"},
    {14, "2812"},
    {18, "5999"},
    {22, "810"},
    {25, "59"},
    {32, "454545"},
    {37, "63250500003G"},
    {41, "TERM0001"},
    {42, "MERCHANT-000001"},
    {43, "Causeway Demo Shop       Lisboa       PT"},
    {49, "978"},
    {60, "pay_1"},
};

struct RequestCase {
    std::string name;
    Operation operation;
    std::string mti;
    std::map<int, std::string> fields;  ///< Beside or instead of kAlways.
};

class CardRequest : public testing::TestWithParam<RequestCase> {};

TEST_P(CardRequest, SaysExactlyThis) {
    const RequestCase& row = GetParam();
    const Result<Message> message = build_request(demo_acceptor(), row.operation);
    ASSERT_TRUE(message) << message.error().detail();
    EXPECT_EQ(message->mti, row.mti);
    std::map<int, std::string> expected = row.fields;
    expected.insert(kAlways.begin(), kAlways.end());
    EXPECT_EQ(message->fields, expected);
    // Every dialect can write it.
    for (const Dialect& dialect : all_dialects())
        EXPECT_TRUE(encode(*message, dialect)) << dialect.name;
}

Operation sale() {
    Operation operation = authorise(eur(1234));
    operation.kind = OperationKind::sale;
    return operation;
}

Operation yen() {
    return authorise(jpy(500));
}

Operation repeated(Operation operation) {
    operation.repeat = true;
    return operation;
}

Operation cancelled(Operation operation) {
    operation.reason = ReversalReason::customer_cancel;
    return operation;
}

Operation broken_down(Operation operation) {
    operation.reason = ReversalReason::malfunction;
    return operation;
}

Operation unanswered(Operation operation) {
    operation.original->approval_code.clear();
    return operation;
}

const std::string kOriginal =
    "0100"
    "000124"
    "1121054500"
    "00000454545"
    "00000000000";
const std::string kRemains1000 =
    "000000001000"
    "000000000000"
    "D00000000"
    "D00000000";

// The first message is sent at 05:45:00 as number 124, the one about it at 07:00:01 as 125.
const std::map<int, std::string> kFirst{
    {4, "000000001234"}, {7, "1121054500"}, {11, "000124"}, {12, "054500"}, {13, "1121"}};

std::map<int, std::string> first_and(std::map<int, std::string> more) {
    more.insert(kFirst.begin(), kFirst.end());
    return more;
}

std::map<int, std::string> second_and(std::map<int, std::string> more) {
    more.insert({{7, "1121070001"}, {11, "000125"}, {12, "054500"}, {13, "1121"}});
    return more;
}

const std::map<int, std::string> kReversal{
    {4, "000000001234"}, {38, "A00124"}, {39, "68"}, {90, kOriginal}};

std::map<int, std::string> reversal_and(std::map<int, std::string> more) {
    more.insert(kReversal.begin(), kReversal.end());
    return second_and(more);
}

std::map<int, std::string> unanswered_reversal() {
    std::map<int, std::string> fields = reversal_and({});
    fields.erase(38);
    return fields;
}

INSTANTIATE_TEST_SUITE_P(
    Of,
    CardRequest,
    testing::Values(
        RequestCase{"Authorise", authorise(eur(1234)), "0100", first_and({{48, "VC003123"}})},
        RequestCase{"AuthoriseYen",
                    yen(),
                    "0100",
                    first_and({{4, "000000000500"}, {48, "VC003123"}, {49, "392"}})},
        RequestCase{"Sale", sale(), "0200", first_and({{48, "VC003123"}})},
        RequestCase{"Capture",
                    capture_of(eur(1234), eur(1000)),
                    "0220",
                    second_and({{4, "000000001000"}, {38, "A00124"}})},
        RequestCase{"CaptureAgain",
                    repeated(capture_of(eur(1234), eur(1000))),
                    "0221",
                    second_and({{4, "000000001000"}, {38, "A00124"}})},
        RequestCase{"Refund",
                    refund_of(eur(1234), eur(200)),
                    "0200",
                    {{3, "200000"},
                     {4, "000000000200"},
                     {7, "1121070001"},
                     {11, "000125"},
                     {12, "070001"},
                     {13, "1121"},
                     {37, "63250700003H"},
                     {62, "63250500003G"}}},
        RequestCase{"ReverseUnanswered",
                    unanswered(reverse_of(authorise(eur(1234)))),
                    "0420",
                    unanswered_reversal()},
        RequestCase{"ReverseAnswered", reverse_of(authorise(eur(1234))), "0420", reversal_and({})},
        RequestCase{
            "ReverseAgain", repeated(reverse_of(authorise(eur(1234)))), "0421", reversal_and({})},
        RequestCase{"ReverseCancelled",
                    cancelled(reverse_of(authorise(eur(1234)))),
                    "0400",
                    reversal_and({{39, "17"}})},
        RequestCase{"ReverseCancelledAgain",
                    repeated(cancelled(reverse_of(authorise(eur(1234))))),
                    "0401",
                    reversal_and({{39, "17"}})},
        RequestCase{"ReverseAfterMalfunction",
                    broken_down(reverse_of(authorise(eur(1234)))),
                    "0420",
                    reversal_and({{39, "22"}})},
        RequestCase{"ReverseSale",
                    reverse_of(sale()),
                    "0420",
                    reversal_and({{90, "0200" + kOriginal.substr(4)}})},
        RequestCase{"Release",
                    cancelled(release_of(eur(1234), eur(1000))),
                    "0420",
                    reversal_and({{39, "17"}, {95, kRemains1000}})},
        RequestCase{"ReleaseAgain",
                    repeated(cancelled(release_of(eur(1234), eur(1000)))),
                    "0421",
                    reversal_and({{39, "17"}, {95, kRemains1000}})}),
    test::case_name<RequestCase>);

TEST(CardRequest, NamesTheAcceptorInExactlyFortyCharacters) {
    EXPECT_EQ(build_request(demo_acceptor(), sale())->get(43).size(), 40u);
}

// The verification code may be stored nowhere, and a message that is kept to be repeated is.
TEST(CardRequest, CarriesTheVerificationCodeOnlyOnce) {
    for (const Operation& operation : {capture_of(eur(1234), eur(1000)),
                                       refund_of(eur(1234), eur(200)),
                                       reverse_of(authorise(eur(1234))),
                                       release_of(eur(1234), eur(1000))}) {
        ASSERT_EQ(operation.card->cvc, "123");
        EXPECT_FALSE(build_request(demo_acceptor(), operation)->has(48));
    }
}

struct RefusedCase {
    std::string name;
    Operation operation;
    std::function<void(Operation&)> change;
    std::string detail;
};

class CardRequestRefuses : public testing::TestWithParam<RefusedCase> {};

TEST_P(CardRequestRefuses, WithTheRule) {
    Operation operation = GetParam().operation;
    GetParam().change(operation);
    const Result<Message> message = build_request(demo_acceptor(), operation);
    ASSERT_FALSE(message);
    EXPECT_EQ(message.error().code(), ErrorCode::invalid_argument);
    EXPECT_EQ(message.error().detail(), GetParam().detail);
}

const std::string kNeverRepeated = "a request is never repeated: reverse it";
const std::string kUnsuited = "the original does not suit";

INSTANTIATE_TEST_SUITE_P(
    Breaking,
    CardRequestRefuses,
    testing::Values(
        RefusedCase{"RepeatedAuthorise",
                    authorise(eur(1)),
                    [](Operation& o) { o.repeat = true; },
                    kNeverRepeated},
        RefusedCase{"RepeatedSale", sale(), [](Operation& o) { o.repeat = true; }, kNeverRepeated},
        RefusedCase{"RepeatedRefund",
                    refund_of(eur(9), eur(1)),
                    [](Operation& o) { o.repeat = true; },
                    kNeverRepeated},
        RefusedCase{
            "NoCard", authorise(eur(1)), [](Operation& o) { o.card.reset(); }, "a card is needed"},
        RefusedCase{"WrongCheckDigit",
                    authorise(eur(1)),
                    [](Operation& o) { o.card->number.back() = '8'; },
                    "card number"},
        RefusedCase{"MonthThirteen",
                    authorise(eur(1)),
                    [](Operation& o) { o.card->expiry_month = 13; },
                    "expiry month"},
        RefusedCase{"YearOfTwoDigits",
                    authorise(eur(1)),
                    [](Operation& o) { o.card->expiry_year = 28; },
                    "expiry year"},
        RefusedCase{
            "LongCvc", authorise(eur(1)), [](Operation& o) { o.card->cvc = "12345"; }, "cvc"},
        RefusedCase{"NegativeAmount", authorise(eur(-1)), [](Operation&) {}, "amount"},
        RefusedCase{
            "ThirteenDigits", authorise(eur(1'000'000'000'000)), [](Operation&) {}, "amount"},
        RefusedCase{"CaptureOfNothing", capture_of(eur(9), eur(0)), [](Operation&) {}, "amount"},
        RefusedCase{"CaptureOfMore",
                    capture_of(eur(9), eur(10)),
                    [](Operation&) {},
                    "more than the original"},
        RefusedCase{"RefundOfMore",
                    refund_of(eur(9), eur(10)),
                    [](Operation&) {},
                    "more than the original"},
        RefusedCase{"AnotherCurrency", capture_of(eur(9), jpy(9)), [](Operation&) {}, "currency"},
        RefusedCase{"NoOriginal",
                    capture_of(eur(9), eur(9)),
                    [](Operation& o) { o.original.reset(); },
                    kUnsuited},
        RefusedCase{"CaptureOfASale",
                    capture_of(eur(9), eur(9)),
                    [](Operation& o) { o.original->kind = OperationKind::sale; },
                    kUnsuited},
        RefusedCase{"RefundOfARelease",
                    refund_of(eur(9), eur(9)),
                    [](Operation& o) { o.original->kind = OperationKind::release; },
                    kUnsuited},
        RefusedCase{"ReferenceOfSomebodyElse",
                    authorise(eur(1)),
                    [](Operation& o) { o.reference = "ch_1"; },
                    "not a card reference"},
        RefusedCase{"OriginalOfAnotherPayment",
                    capture_of(eur(9), eur(9)),
                    [](Operation& o) { o.original->reference.back() = '5'; },
                    "RRN"}),
    test::case_name<RefusedCase>);

struct AcceptorCase {
    std::string name;
    std::function<void(CardAcceptor&)> change;
};

class CardAcceptorCheck : public testing::TestWithParam<AcceptorCase> {};

TEST_P(CardAcceptorCheck, NamesTheMemberThatDoesNotFit) {
    CardAcceptor acceptor = demo_acceptor();
    EXPECT_TRUE(check(acceptor));
    GetParam().change(acceptor);
    const Result<void> fits = check(acceptor);
    ASSERT_FALSE(fits);
    EXPECT_EQ(fits.error().detail(), GetParam().name);
}

INSTANTIATE_TEST_SUITE_P(
    Of,
    CardAcceptorCheck,
    testing::Values(
        AcceptorCase{"acquirer_id", [](CardAcceptor& a) { a.acquirer_id = "123456789012"; }},
        AcceptorCase{"terminal_id", [](CardAcceptor& a) { a.terminal_id = "TERM00001"; }},
        AcceptorCase{"card_acceptor_id", [](CardAcceptor& a) { a.card_acceptor_id.clear(); }},
        AcceptorCase{"name", [](CardAcceptor& a) { a.name = "Caf\xC3\xA9"; }},
        AcceptorCase{"city", [](CardAcceptor& a) { a.city = "Llanfairpwllgwyn"; }},
        AcceptorCase{"country", [](CardAcceptor& a) { a.country = "PRT"; }},
        AcceptorCase{"mcc", [](CardAcceptor& a) { a.mcc = "599"; }}),
    test::case_name<AcceptorCase>);

struct AnswerCase {
    std::string name;
    std::string response_code;
    bool approved;
    Decline decline;
};

class CardAnswer : public testing::TestWithParam<AnswerCase> {};

TEST_P(CardAnswer, IsPutIntoOurWords) {
    Message message;
    message.mti = "0110";
    message.fields[39] = GetParam().response_code;
    const Result<Answer> answer = read_answer(authorise(eur(1234)), message);
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->approved, GetParam().approved);
    EXPECT_EQ(answer->decline, GetParam().decline);
    EXPECT_EQ(answer->response_code, GetParam().response_code);
    EXPECT_EQ(answer->approval_code, "");
}

INSTANTIATE_TEST_SUITE_P(
    Of,
    CardAnswer,
    testing::Values(AnswerCase{"Approved", "00", true, Decline::none},
                    AnswerCase{"HonourWithIdentification", "08", true, Decline::none},
                    AnswerCase{"ApprovedVip", "11", true, Decline::none},
                    AnswerCase{"NoReasonToDeclineAnAmount", "85", false, Decline::provider_error},
                    AnswerCase{"CallIssuer", "01", false, Decline::call_issuer},
                    AnswerCase{"InvalidMerchant", "03", false, Decline::not_allowed},
                    AnswerCase{"PickUp", "04", false, Decline::fraud},
                    AnswerCase{"DoNotHonour", "05", false, Decline::do_not_honour},
                    AnswerCase{"InvalidAmount", "13", false, Decline::invalid_amount},
                    AnswerCase{"InvalidCard", "14", false, Decline::invalid_card},
                    AnswerCase{"ScaRequired", "1A", false, Decline::authentication_required},
                    AnswerCase{"OriginalNotFound", "25", false, Decline::original_not_found},
                    AnswerCase{"FormatError", "30", false, Decline::provider_error},
                    AnswerCase{"Stolen", "43", false, Decline::fraud},
                    AnswerCase{"Insufficient", "51", false, Decline::insufficient_funds},
                    AnswerCase{"Expired", "54", false, Decline::expired_card},
                    AnswerCase{"Pin", "55", false, Decline::incorrect_pin},
                    AnswerCase{"AmountLimit", "61", false, Decline::limit_exceeded},
                    AnswerCase{"CountLimit", "65", false, Decline::limit_exceeded},
                    AnswerCase{"IssuerDown", "91", false, Decline::provider_unavailable},
                    AnswerCase{"NoRoute", "92", false, Decline::provider_unavailable},
                    AnswerCase{"Duplicate", "94", false, Decline::duplicate},
                    AnswerCase{"SystemDown", "96", false, Decline::provider_unavailable},
                    AnswerCase{"Unheard", "Z9", false, Decline::provider_error}),
    test::case_name<AnswerCase>);

TEST(CardAnswer, ReadsSixtyFivePerScheme) {
    Message message;
    message.fields[39] = "65";
    Operation operation = authorise(eur(1234));
    operation.card->number = "5555555555554444";
    EXPECT_EQ(read_answer(operation, message)->decline, Decline::authentication_required);
}

TEST(CardAnswer, AcceptsEightyFiveForACardThatWasOnlyVerified) {
    Message message;
    message.fields[39] = "85";
    EXPECT_TRUE(read_answer(authorise(eur(0)), message)->approved);
}

TEST(CardAnswer, ApprovesAPart) {
    Message message;
    message.fields = {{4, "000000000500"}, {38, "AB12  "}, {39, "10"}};
    const Result<Answer> answer = read_answer(authorise(eur(1234)), message);
    ASSERT_TRUE(answer);
    EXPECT_TRUE(answer->approved);
    EXPECT_EQ(answer->approval_code, "AB12");
    EXPECT_EQ(answer->approved_amount, eur(500));
}

TEST(CardAnswer, DoubtsWhatItCannotUnderstand) {
    for (const std::map<int, std::string>& fields :
         {std::map<int, std::string>{},
          std::map<int, std::string>{{39, "68"}},
          std::map<int, std::string>{{39, "10"}},
          std::map<int, std::string>{{4, "000000001235"}, {39, "10"}}}) {
        Message message;
        message.fields = fields;
        const Result<Answer> answer = read_answer(authorise(eur(1234)), message);
        ASSERT_FALSE(answer);
        EXPECT_EQ(answer.error().code(), ErrorCode::outcome_unknown);
    }
}

}  // namespace
}  // namespace causeway::connectors::card
