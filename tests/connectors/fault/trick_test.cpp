// SPDX-License-Identifier: Apache-2.0
#include "connectors/fault/trick.h"

#include "tests/support/amounts.h"
#include "tests/support/case_name.h"

#include <gtest/gtest.h>

namespace causeway::connectors::fault {
namespace {

Operation capture_of(std::int64_t cents) {
    return Operation{OperationKind::capture, "FLT-1", test::eur(cents), "pay_1", {}, {}};
}

TEST(FaultRule, FitsByKindAmountAndCard) {
    const Result<Rule> rule = parse_rule("kind=capture amount=1051: decline expired_card");
    ASSERT_TRUE(rule) << rule.error().detail();
    EXPECT_EQ(rule->act.trick, Trick::decline);
    EXPECT_EQ(rule->act.decline, Decline::expired_card);
    Operation operation = capture_of(1051);
    EXPECT_TRUE(rule->fits(operation));
    EXPECT_FALSE(rule->fits(capture_of(1052)));
    operation.kind = OperationKind::refund;
    EXPECT_FALSE(rule->fits(operation));

    const Result<Rule> card = parse_rule("card=4000000000000002: lost_after");
    ASSERT_TRUE(card);
    EXPECT_FALSE(card->fits(capture_of(1)));
    operation.card = Card{"4000000000000002", 12, 2030, ""};
    EXPECT_TRUE(card->fits(operation));
}

TEST(FaultRule, TakesTheDetailOfItsTrick) {
    EXPECT_EQ(parse_rule("amount=700: partial 500")->act.amount, 500);
    EXPECT_EQ(parse_rule(": delayed 250")->act.delay, std::chrono::milliseconds(250));
    EXPECT_TRUE(parse_rule(": behave")->fits(capture_of(1)));
}

TEST(FaultRule, ReadsEveryTrickItCanWrite) {
    for (int value = 0; value <= static_cast<int>(Trick::wrong_reference); ++value) {
        const auto trick = static_cast<Trick>(value);
        EXPECT_EQ(*parse_trick(to_string(trick)), trick);
    }
}

struct BadRule {
    std::string name;
    std::string text;
};

class BadFaultRule : public testing::TestWithParam<BadRule> {};

INSTANTIATE_TEST_SUITE_P(Texts,
                         BadFaultRule,
                         testing::Values(BadRule{"Nothing", ""},
                                         BadRule{"NoColon", "amount=1 decline"},
                                         BadRule{"NoTrick", "amount=1:"},
                                         BadRule{"UnknownTrick", "amount=1: dance"},
                                         BadRule{"UnknownCondition", "colour=red: behave"},
                                         BadRule{"UnknownKind", "kind=gift: behave"},
                                         BadRule{"Fraction", "amount=1.5: behave"},
                                         BadRule{"NegativeAmount", "amount=-1: behave"},
                                         BadRule{"EmptyCard", "card=: behave"},
                                         BadRule{"UnknownDecline", ": decline because"},
                                         BadRule{"NoDecline", ": decline none"},
                                         BadRule{"DetailTooMany", ": behave 5"},
                                         BadRule{"TwoDetails", ": partial 5 6"}),
                         test::case_name<BadRule>);

TEST_P(BadFaultRule, IsRefused) {
    const Result<Rule> rule = parse_rule(GetParam().text);
    ASSERT_FALSE(rule);
    EXPECT_EQ(rule.error().code(), ErrorCode::invalid_argument);
}

}  // namespace
}  // namespace causeway::connectors::fault
