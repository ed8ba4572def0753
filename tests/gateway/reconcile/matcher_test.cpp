// SPDX-License-Identifier: Apache-2.0
#include "gateway/reconcile/matcher.h"

#include "tests/support/amounts.h"

#include <gtest/gtest.h>

#include <map>
#include <rapidcheck/gtest.h>
#include <string>
#include <vector>

namespace causeway::gateway {
namespace {

using ledger::Currency;
using ledger::Money;
using test::currency;

const Day kDay = *parse_day("2026-04-13");

Uuid id_of(std::uint8_t number) {
    Uuid id;
    id.bytes[15] = number;
    return id;
}

Expectation expect_settled(std::uint8_t number, std::int64_t amount = 10'000) {
    return {.id = id_of(number),
            .connector = "demo_card",
            .kind = ExpectationKind::settled,
            .provider_reference = "P" + std::to_string(number),
            .modification_reference = "M" + std::to_string(number),
            .source = "cap_" + std::to_string(number),
            .payment_id = {},
            .amount = Money(amount, currency("USD")),
            .cost = 30,
            .day = kDay,
            .batch = {},
            .run_id = {},
            .created = {}};
}

Expectation expect_refunded(std::uint8_t number, std::int64_t amount = 2'500) {
    Expectation expectation = expect_settled(number, amount);
    expectation.kind = ExpectationKind::refunded;
    expectation.cost = 0;
    return expectation;
}

// The row that says exactly what was expected.
StatementLine true_line(const Expectation& e, std::int64_t row) {
    const std::int64_t sign = e.kind == ExpectationKind::refunded ? -1 : 1;
    const std::int64_t gross = sign * e.amount.minor_units();
    const bool refund = e.kind == ExpectationKind::refunded;
    return {.row = row,
            .batch = "1",
            .provider_reference = e.provider_reference,
            .modification_reference = e.modification_reference,
            .kind = refund ? LineKind::refunded : LineKind::settled,
            .type = refund ? "Refunded" : "Settled",
            .gross = Money(gross, e.amount.currency()),
            .cost = e.cost,
            .net = Money(gross - e.cost, e.amount.currency()),
            .day = e.day};
}

// One payout a currency, so that every batch is in balance.
void append_payouts(std::vector<StatementLine>& lines) {
    std::map<std::string, std::int64_t> nets;
    for (const StatementLine& line : lines)
        nets[std::string(line.net.currency().code())] += line.net.minor_units();
    for (const auto& [code, net] : nets) {
        lines.push_back({.row = static_cast<std::int64_t>(lines.size()) + 2,
                         .batch = "1",
                         .provider_reference = {},
                         .modification_reference = {},
                         .kind = LineKind::payout,
                         .type = "MerchantPayout",
                         .gross = Money(-net, currency(code)),
                         .net = Money(-net, currency(code)),
                         .day = kDay + std::chrono::days(1)});
    }
}

std::vector<StatementLine> true_file(const std::vector<Expectation>& expectations) {
    std::vector<StatementLine> lines;
    for (const Expectation& each : expectations)
        lines.push_back(true_line(each, static_cast<std::int64_t>(lines.size()) + 2));
    append_payouts(lines);
    return lines;
}

const Item& only_exception(const Match& match) {
    const Item* found = nullptr;
    for (const Item& item : match.items)
        if (item.status != ItemStatus::matched) found = &item;
    EXPECT_EQ(match.summary.exceptions(), 1);
    if (found == nullptr) throw std::runtime_error("there is no exception");
    return *found;
}

TEST(Matcher, MatchesATrueFileAndExpectsItsPayoutAtTheBank) {
    const std::vector<Expectation> expected{expect_settled(1), expect_refunded(2)};
    const Match found = *match(true_file(expected), expected);
    EXPECT_EQ(found.summary.exceptions(), 0);
    EXPECT_EQ(found.summary.count(ItemStatus::matched), 2);
    EXPECT_EQ(found.summary.file_rows, 3);
    EXPECT_EQ(found.confirmations.size(), 2U);
    ASSERT_EQ(found.deposits.size(), 1U);
    EXPECT_EQ(found.deposits[0].amount, Money(7470, currency("USD")));
}

TEST(Matcher, SaysWhatIsMissingInTheFile) {
    const std::vector<Expectation> expected{expect_settled(1), expect_settled(2)};
    std::vector<StatementLine> lines = true_file({expected[0]});
    const Match found = *match(lines, expected);
    const Item& item = only_exception(found);
    EXPECT_EQ(item.status, ItemStatus::missing_in_file);
    EXPECT_EQ(item.ledger_net, 9970);
    EXPECT_EQ(item.file_net, std::nullopt);
    EXPECT_EQ(item.note,
              "cap_2 of 2026-04-13: USD 100.00 was to be settled at a cost of USD 0.30; no row "
              "names it");
}

// Tomorrow's captures are not missing in today's file, though its payout is dated tomorrow.
TEST(Matcher, AsksOnlyForTheDaysThatTheFileCovers) {
    Expectation tomorrow = expect_settled(2);
    tomorrow.day += std::chrono::days(1);
    const std::vector<Expectation> expected{expect_settled(1), tomorrow};
    EXPECT_EQ(match(true_file({expected[0]}), expected)->summary.exceptions(), 0);
}

TEST(Matcher, SaysWhatIsMissingInTheLedger) {
    const Match found = *match(true_file({expect_settled(1)}), {});
    const Item& item = only_exception(found);
    EXPECT_EQ(item.status, ItemStatus::missing_in_ledger);
    EXPECT_EQ(item.file_net, 9970);
    EXPECT_EQ(item.note,
              "no operation of ours has these references; the row settles USD 100.00 and pays "
              "USD 99.70 net");
}

TEST(Matcher, ExplainsAWrongAmountToTheCent) {
    const std::vector<Expectation> expected{expect_settled(1), expect_refunded(2)};
    std::vector<StatementLine> lines{true_line(expect_settled(1, 10'001), 2),
                                     true_line(expect_refunded(2, 2'600), 3)};
    append_payouts(lines);
    const Match found = *match(lines, expected);
    ASSERT_EQ(found.summary.count(ItemStatus::amount_mismatch), 2);
    EXPECT_EQ(found.items[0].note,
              "the row settles USD 100.01 where USD 100.00 was expected: USD 0.01 more");
    EXPECT_EQ(found.items[1].note,
              "the row refunds USD 26.00 where USD 25.00 was expected: USD 1.00 more");
    EXPECT_EQ(found.items[1].ledger_net, -2500);
    EXPECT_EQ(found.items[1].file_net, -2600);
    EXPECT_TRUE(found.confirmations.empty());
}

TEST(Matcher, ExplainsAWrongFeeToTheCent) {
    const std::vector<Expectation> expected{expect_settled(1)};
    Expectation dearer = expected[0];
    dearer.cost = 45;
    const Match found = *match(true_file({dearer}), expected);
    EXPECT_EQ(only_exception(found).status, ItemStatus::fee_mismatch);
    EXPECT_EQ(only_exception(found).note,
              "the provider kept USD 0.45 of the gross where USD 0.30 was expected: USD 0.15 more");
}

// Somebody edits the gross and forgets the net.
TEST(Matcher, SaysWhenTheNetDoesNotFollowTheGross) {
    const std::vector<Expectation> expected{expect_settled(1)};
    std::vector<StatementLine> lines = true_file(expected);
    lines[0].gross = Money(10'100, currency("USD"));
    const Match found = *match(lines, expected);
    EXPECT_EQ(only_exception(found).status, ItemStatus::amount_mismatch);
    EXPECT_EQ(only_exception(found).note,
              "the row settles USD 101.00 where USD 100.00 was expected: USD 1.00 more; the net "
              "does not follow, it leaves a cost of USD 1.30 where USD 0.30 was expected");
}

// The net is right, but the itemised fees tell another story: somebody edited a column.
TEST(Matcher, SeesFeesThatDoNotAddUp) {
    const std::vector<Expectation> expected{expect_settled(1)};
    std::vector<StatementLine> lines = true_file(expected);
    lines[0].cost = 20;
    const Match found = *match(lines, expected);
    EXPECT_EQ(only_exception(found).status, ItemStatus::fee_mismatch);
    EXPECT_EQ(only_exception(found).note,
              "its fee columns add up to USD 0.20 but gross less net is USD 0.30");
}

TEST(Matcher, NeverComparesAcrossCurrencies) {
    const std::vector<Expectation> expected{expect_settled(1)};
    Expectation other = expected[0];
    other.amount = Money(10'000, currency("EUR"));
    const Match found = *match(true_file({other}), expected);
    const Item& item = only_exception(found);
    EXPECT_EQ(item.status, ItemStatus::currency_mismatch);
    EXPECT_EQ(item.ledger_net, 9970);
    EXPECT_EQ(item.file_net, std::nullopt);
    EXPECT_EQ(item.note,
              "the row settles EUR 100.00 and comes to EUR 99.70 net where USD 100.00 was "
              "expected");
}

TEST(Matcher, CountsALineOnceInOneFile) {
    const std::vector<Expectation> expected{expect_settled(1)};
    std::vector<StatementLine> lines{true_line(expected[0], 2), true_line(expected[0], 3)};
    append_payouts(lines);
    const Match found = *match(lines, expected);
    EXPECT_EQ(only_exception(found).status, ItemStatus::duplicate);
    EXPECT_EQ(only_exception(found).row, 3);
    EXPECT_EQ(found.confirmations.size(), 1U);
}

TEST(Matcher, KnowsABatchThatIsDeliveredAgainFromASecondClaim) {
    Expectation confirmed = expect_settled(1);
    confirmed.confirmed = true;
    confirmed.batch = "1";
    const std::vector<StatementLine> lines = true_file({confirmed});
    const std::vector<Expectation> same{confirmed};
    const Match again = *match(lines, same);
    EXPECT_EQ(again.summary.exceptions(), 0);
    EXPECT_TRUE(again.confirmations.empty());

    confirmed.batch = "7";
    const std::vector<Expectation> other{confirmed};
    const Match twice = *match(lines, other);
    EXPECT_EQ(only_exception(twice).status, ItemStatus::duplicate);
    EXPECT_EQ(only_exception(twice).note,
              "batch 7 already confirmed this Settled; batch 1 counts USD 99.70 again");
}

// A corrected file that drops a payment takes the money back, and nobody would look for it.
TEST(Matcher, MissesWhatABatchHadBeforeAndHasNoMore) {
    Expectation confirmed = expect_settled(2);
    confirmed.confirmed = true;
    confirmed.batch = "1";
    const std::vector<Expectation> expected{expect_settled(1), confirmed};
    const Match again = *match(true_file({expected[0]}), expected);
    EXPECT_EQ(only_exception(again).status, ItemStatus::missing_in_file);
    EXPECT_NE(only_exception(again).note.find("an earlier file of batch 1"), std::string::npos);

    std::vector<Expectation> elsewhere = expected;
    elsewhere[1].batch = "7";
    EXPECT_EQ(match(true_file({expected[0]}), elsewhere)->summary.exceptions(), 0);
}

TEST(Matcher, HoldsEachBatchsCreditsAgainstItsDebits) {
    const std::vector<Expectation> expected{expect_settled(1)};
    std::vector<StatementLine> lines = true_file(expected);
    lines.back().net = Money(-9870, currency("USD"));
    const Match found = *match(lines, expected);
    EXPECT_EQ(only_exception(found).status, ItemStatus::batch_out_of_balance);
    EXPECT_EQ(only_exception(found).file_net, 100);
    EXPECT_EQ(only_exception(found).note,
              "batch 1: net credits USD 99.70, net debits USD 98.70, its payout included: the "
              "credits are USD 1.00 more");
}

TEST(Matcher, AnnouncesADepositOnce) {
    const std::vector<Expectation> expected{expect_settled(1)};
    const std::vector<StatementLine> lines = true_file(expected);
    Expectation deposit = expect_settled(9, 9970);
    deposit.kind = ExpectationKind::deposit;
    deposit.provider_reference = "1";
    deposit.modification_reference = "USD";
    EXPECT_TRUE(match(lines, std::vector<Expectation>{expected[0], deposit})->deposits.empty());

    deposit.amount = Money(9000, currency("USD"));
    const Match differs = *match(lines, std::vector<Expectation>{expected[0], deposit});
    EXPECT_EQ(only_exception(differs).status, ItemStatus::amount_mismatch);
    EXPECT_TRUE(differs.deposits.empty());
}

TEST(Matcher, ShowsFeesAndCorrectionsThatNobodyForesaw) {
    std::vector<StatementLine> lines = true_file({expect_settled(1)});
    lines[0].kind = LineKind::fee;
    lines[0].type = "InvoiceDeduction";
    const Match found = *match(lines, {});
    EXPECT_EQ(only_exception(found).status, ItemStatus::missing_in_ledger);
    EXPECT_EQ(only_exception(found).note,
              "nothing of ours foresees this InvoiceDeduction; the row pays USD 99.70");
}

TEST(Matcher, RefusesSumsBeyond64Bits) {
    std::vector<StatementLine> lines(2, true_line(expect_settled(1), 2));
    for (StatementLine& line : lines) {
        line.kind = LineKind::other;
        line.net = Money(std::numeric_limits<std::int64_t>::max(), currency("USD"));
    }
    EXPECT_EQ(match(lines, {}).error().code(), ErrorCode::amount_overflow);
}

// What one mutation of a true file must come to.
struct Mutated {
    std::vector<StatementLine> lines;  // without payouts
    ItemStatus status;
};

Mutated mutate(std::vector<StatementLine> lines, std::size_t at, int kind, std::int64_t by) {
    StatementLine& line = lines[at];
    const Currency currency = line.net.currency();
    const auto shifted = [by](const Money& money) {
        return Money(money.minor_units() + by, money.currency());
    };
    switch (kind) {
        case 0:
            lines.erase(lines.begin() + static_cast<std::ptrdiff_t>(at));
            return {std::move(lines), ItemStatus::missing_in_file};
        case 1:
            line.gross = shifted(line.gross);
            line.net = shifted(line.net);
            return {std::move(lines), ItemStatus::amount_mismatch};
        case 2:
            line.net = shifted(line.net);
            line.cost -= by;
            return {std::move(lines), ItemStatus::fee_mismatch};
        case 3:
            line.gross = Money(line.gross.minor_units(), test::currency("EUR"));
            line.net = Money(line.net.minor_units(), test::currency("EUR"));
            return {std::move(lines), ItemStatus::currency_mismatch};
        case 4: {
            StatementLine again = line;
            again.row = 1'000;
            lines.push_back(std::move(again));
            return {std::move(lines), ItemStatus::duplicate};
        }
        default: {
            StatementLine stranger = line;
            stranger.row = 1'000;
            stranger.modification_reference = "unknown";
            stranger.net = Money(by, currency);
            lines.push_back(std::move(stranger));
            return {std::move(lines), ItemStatus::missing_in_ledger};
        }
    }
}

// Whatever happens to one row, exactly that is reported, and the amounts explain the difference
// between the file and the ledger to the last minor unit.
RC_GTEST_PROP(Matcher, EveryMutationIsItsOwnClassAndAddsUp, ()) {
    std::vector<Expectation> expected;
    const auto count = static_cast<std::uint8_t>(*rc::gen::inRange(2, 20));
    for (std::uint8_t i = 1; i <= count; ++i) {
        const std::int64_t amount = *rc::gen::inRange<std::int64_t>(100, 100'000'000);
        expected.push_back(*rc::gen::arbitrary<bool>() ? expect_settled(i, amount)
                                                       : expect_refunded(i, amount));
    }
    std::vector<StatementLine> lines;
    for (const Expectation& each : expected)
        lines.push_back(true_line(each, static_cast<std::int64_t>(lines.size()) + 2));
    const auto at = *rc::gen::inRange<std::size_t>(0, lines.size());
    const auto kind = *rc::gen::inRange(0, 6);
    const std::int64_t by = *rc::gen::element<std::int64_t>(-29, -1, 1, 20);
    Mutated mutated = mutate(lines, at, kind, by);
    append_payouts(mutated.lines);

    const Match found = *match(mutated.lines, expected);
    RC_ASSERT(found.summary.exceptions() == 1);
    RC_ASSERT(found.summary.count(mutated.status) == 1);
    std::int64_t difference = 0;
    for (const Item& item : found.items) {
        difference += item.file_net.value_or(0) - item.ledger_net.value_or(0);
        RC_ASSERT((item.status == ItemStatus::matched) == item.note.empty());
    }
    for (const CurrencyTotal& total : found.summary.totals) {
        if (total.currency == currency("USD"))
            RC_ASSERT(total.file_net - total.ledger_net == difference);
    }
}

}  // namespace
}  // namespace causeway::gateway
