// SPDX-License-Identifier: Apache-2.0
#include "gateway/settlement/settlement_commands.h"

#include "gateway/settlement/report.h"
#include "ledger/csv.h"
#include "ledger/digest.h"
#include "tests/support/amounts.h"
#include "tests/support/case_name.h"
#include "tests/support/gateway_store.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <gtest/gtest.h>

#include <map>
#include <rapidcheck/gtest.h>
#include <string>
#include <vector>

namespace causeway::gateway {
namespace {

namespace json = boost::json;
using ledger::Money;
using ledger::Purpose;
using test::currency;
using test::eur;
using test::GatewayBooks;
using test::MoneyMove;

CommandRequest request(std::string name, std::map<std::string, std::string> options = {}) {
    return {.name = std::move(name), .options = std::move(options), .arguments = {}, .files = {}};
}

CommandOutput run(GatewayBooks& books, std::map<std::string, std::string> options = {}) {
    return settle_run(books.context, request("settle run", std::move(options)));
}

CommandOutput one(CommandOutput (*command)(CommandContext&, const CommandRequest&),
                  GatewayBooks& books,
                  const std::string& id,
                  std::map<std::string, std::string> options = {}) {
    CommandRequest wanted = request("settle show", std::move(options));
    wanted.arguments.push_back(id);
    return command(books.context, wanted);
}

using CsvLine = std::map<std::string, std::string>;

class SettleRunTest : public testing::TestWithParam<test::Engine> {};
CAUSEWAY_ON_EACH_ENGINE(SettleRunTest);

class SettleReportTest : public testing::TestWithParam<test::Engine> {};
CAUSEWAY_ON_EACH_ENGINE(SettleReportTest);

std::vector<CsvLine> parse_csv(const std::string& text) {
    ledger::CsvTable table =
        std::move(*ledger::CsvTable::open(ledger::CsvReader(text, {.refuse_cut = true})));
    std::vector<CsvLine> lines;
    ledger::CsvRow row;
    while (*table.next(row)) {
        CsvLine line;
        for (std::size_t i = 0; i < row.size(); ++i)
            line[table.names()[i]] = row[i];
        lines.push_back(std::move(line));
    }
    return lines;
}

std::int64_t minor(const std::string& text, const std::string& code) {
    return Money::parse(text, currency(code))->minor_units();
}

std::int64_t balance(GatewayBooks& books, const std::string& owner, Purpose purpose) {
    std::int64_t net = 0;
    const Result<void> read = books.database().read([&](ledger::Transaction& snapshot) {
        const Result<std::vector<ledger::AccountBalance>> all =
            books.context.journal.balances(snapshot);
        for (const ledger::AccountBalance& each : *all) {
            const bool wanted = each.account.owner == owner && each.account.purpose == purpose;
            if (wanted) net += each.balance.net();
        }
        return Result<void>();
    });
    EXPECT_TRUE(read);
    return net;
}

// The sums of the CSV, of the JSON and of the settlement must be one and the same.
void expect_report_adds_up(const std::string& csv, const std::string& text) {
    const json::value report = json::parse(text);
    const std::vector<CsvLine> lines = parse_csv(csv);
    const std::string code(report.at("currency").as_string());
    const json::array& json_lines = report.at("lines").as_array();
    ASSERT_EQ(lines.size(), json_lines.size());
    std::int64_t sum = 0;
    std::int64_t running = report.at("opening_balance").as_int64();
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const std::int64_t net = minor(lines[i].at("net"), code);
        sum += net;
        running += net;
        EXPECT_EQ(minor(lines[i].at("gross"), code) - minor(lines[i].at("fee"), code), net);
        EXPECT_EQ(minor(lines[i].at("running_balance"), code), running);
        EXPECT_EQ(lines[i].at("line"), std::to_string(i + 1));
        EXPECT_EQ(json_lines[i].at("net").as_int64(), net);
        EXPECT_EQ(json_lines[i].at("running_balance").as_int64(), running);
        EXPECT_EQ(lines[i].at("balance_transaction_id"), json_lines[i].at("id").as_string());
    }
    EXPECT_EQ(sum, report.at("net").as_int64());
    EXPECT_EQ(running, report.at("closing_balance").as_int64());
    EXPECT_EQ(report.at("gross").as_int64() + report.at("refunds").as_int64() -
                  report.at("fees").as_int64(),
              sum);
    EXPECT_EQ(report.at("sha256").as_string(), to_hex(sha256(csv)));
}

TEST_P(SettleRunTest, ReportsEveryBalanceTransactionInTheColumnsOfTheTrade) {
    GatewayBooks books(GetParam());
    const Uuid merchant = books.merchant();
    const MoneyMove sale{.gross = eur(8490),
                         .fee = 271,
                         .presentment = Money(10'000, currency("USD")),
                         .fx_fee = 66};
    const Uuid payment = books.sale(merchant, sale);
    MoneyMove refund = sale;
    refund.type = "refund";
    refund.gross = eur(-2123);
    refund.fee = 0;
    refund.fx_fee = -17;
    refund.presentment = Money(-2500, currency("USD"));
    refund.created += std::chrono::hours(1);
    books.move(merchant, payment, refund);

    const CommandOutput output = run(books);
    ASSERT_EQ(output.exit_code, kExitOk) << output.err;
    ASSERT_EQ(output.files.size(), 2U);
    const std::string& csv = output.files[0].content;
    EXPECT_EQ(csv.substr(0, csv.find('\n')),
              "settlement_id,line,balance_transaction_id,created_utc,available_on,type,"
              "reporting_category,source_id,payment_id,merchant_reference,connector,"
              "payment_method,payment_method_variant,issuer_country,presentment_currency,"
              "presentment_amount,mid_rate,exchange_rate,currency,gross,fee,fx_fee_included,net,"
              "running_balance,payout_id,description");
    const std::vector<CsvLine> lines = parse_csv(csv);
    ASSERT_EQ(lines.size(), 2U);
    EXPECT_EQ(lines[0].at("settlement_id") + ".csv", output.files[0].name);
    EXPECT_EQ(lines[0].at("created_utc"), "2026-04-13T10:01:00Z");
    EXPECT_EQ(lines[0].at("available_on"), "2026-04-15");
    EXPECT_EQ(lines[0].at("presentment_amount"), "100.00");
    EXPECT_EQ(lines[0].at("mid_rate"), "0.85587128");
    EXPECT_EQ(lines[0].at("fx_fee_included"), "0.66");
    EXPECT_EQ(lines[0].at("net"), "82.19");
    EXPECT_EQ(lines[0].at("payment_method_variant"), "visa");
    EXPECT_EQ(lines[0].at("payout_id"), "");
    EXPECT_EQ(lines[0].at("description"), "Payment " + to_text("pay", payment));
    EXPECT_EQ(lines[1].at("description"), "Refund of " + to_text("pay", payment));
    EXPECT_EQ(lines[1].at("presentment_amount"), "-25.00");
    EXPECT_EQ(lines[1].at("running_balance"), "60.96");
    expect_report_adds_up(csv, output.files[1].content);
}

// A merchant in Tokyo and one in Kuwait: no decimals, three decimals, never two of both.
TEST_P(SettleRunTest, ClosesEachMerchantModeAndCurrencyApart) {
    GatewayBooks books(GetParam());
    const Uuid first = books.merchant();
    const Uuid second = books.merchant();
    books.sale(first, {.gross = Money(500, currency("JPY")), .fee = 15});
    books.sale(first, {.gross = Money(12'345, currency("KWD")), .fee = 358});
    books.sale(first, {.gross = eur(100), .fee = 3, .livemode = true});
    books.sale(second, {.gross = eur(100), .fee = 3});
    books.sale(second, {.gross = eur(200), .fee = 6});

    const CommandOutput output = run(books);
    ASSERT_EQ(output.exit_code, kExitOk) << output.err;
    ASSERT_EQ(output.files.size(), 8U);
    std::map<std::string, std::string> gross;
    for (std::size_t i = 0; i < output.files.size(); i += 2) {
        expect_report_adds_up(output.files[i].content, output.files[i + 1].content);
        const std::vector<CsvLine> lines = parse_csv(output.files[i].content);
        gross[lines[0].at("currency")] = lines[0].at("gross");
        // Shown for payments in the merchant's own currency too, without a rate.
        EXPECT_EQ(lines[0].at("presentment_amount"), lines[0].at("gross"));
        EXPECT_EQ(lines[0].at("exchange_rate"), "");
    }
    EXPECT_EQ(gross["JPY"], "500");
    EXPECT_EQ(gross["KWD"], "12.345");
    EXPECT_EQ(balance(books, "test/" + to_text("mer", second), Purpose::merchant_pending), 0);
    EXPECT_EQ(balance(books, "test/" + to_text("mer", second), Purpose::merchant_available), -291);
    EXPECT_EQ(balance(books, to_text("mer", first), Purpose::merchant_available), -97);
    const bool shared = books.database().is_shared();
    const Result<void> verified = books.database().read([&](ledger::Transaction& snapshot) {
        EXPECT_TRUE(ledger::verify(snapshot, {.shared = shared})->findings.empty());
        return Result<void>();
    });
    EXPECT_TRUE(verified);
}

TEST_P(SettleRunTest, FindsNothingTheSecondTimeAndChangesNothing) {
    GatewayBooks books(GetParam());
    books.sale(books.merchant(), {});
    ASSERT_EQ(run(books).files.size(), 2U);
    const std::string before = books.dump();
    const CommandOutput again = run(books);
    EXPECT_EQ(again.exit_code, kExitOk);
    EXPECT_TRUE(again.files.empty());
    EXPECT_EQ(again.out.substr(0, 17), "Nothing to settle");
    EXPECT_EQ(books.dump(), before);
}

TEST_P(SettleRunTest, DryRunShowsTheSameFiguresAndChangesNothing) {
    GatewayBooks books(GetParam());
    books.sale(books.merchant(), {});
    const std::string before = books.dump();
    const CommandOutput dry = run(books, {{"dry-run", "true"}, {"json", "true"}});
    EXPECT_EQ(dry.exit_code, kExitOk);
    EXPECT_TRUE(dry.files.empty());
    EXPECT_EQ(books.dump(), before);
    const json::value would = json::parse(dry.out);
    EXPECT_EQ(would.at("settlements").at(0).at("net").as_int64(), 9710);
    EXPECT_TRUE(would.at("settlements").at(0).at("id").is_null());
    EXPECT_NE(run(books, {{"dry-run", "true"}}).out.find("97.10"), std::string::npos);
}

TEST_P(SettleRunTest, OpensWithTheClosingBalanceOfTheSettlementBefore) {
    GatewayBooks books(GetParam());
    const Uuid merchant = books.merchant();
    books.sale(merchant, {});
    ASSERT_EQ(run(books).files.size(), 2U);
    books.sale(merchant, {.gross = eur(500), .fee = 10, .created = books.clock.now()});
    books.clock.advance(std::chrono::days(1));
    const CommandOutput second = run(books);
    ASSERT_EQ(second.files.size(), 2U);
    const json::value report = json::parse(second.files[1].content);
    EXPECT_EQ(report.at("opening_balance").as_int64(), 9710);
    EXPECT_EQ(report.at("closing_balance").as_int64(), 9710 + 490);
    EXPECT_EQ(report.at("period_start").as_string(), "2026-04-14T00:00:00Z");
    EXPECT_EQ(report.at("period_end").as_string(), "2026-04-15T00:00:00Z");

    // Recorded late, from before the last cut: paid all the same, and the period says so.
    books.sale(merchant, {.gross = eur(1000), .fee = 0});
    const CommandOutput third = run(books);
    ASSERT_EQ(third.files.size(), 2U);
    const json::value late = json::parse(third.files[1].content);
    EXPECT_EQ(late.at("opening_balance").as_int64(), 10'200);
    EXPECT_EQ(late.at("closing_balance").as_int64(), 11'200);
    EXPECT_EQ(late.at("period_start").as_string(), "2026-04-13T10:01:00Z");
}

// The last microsecond of a day belongs to it, the first of the next does not.
TEST_P(SettleRunTest, CutsAtTheEndOfTheUtcDay) {
    GatewayBooks books(GetParam());
    const Uuid merchant = books.merchant();
    const Timestamp midnight = *parse_rfc3339("2026-04-14T00:00:00Z");
    books.sale(merchant, {.created = midnight - std::chrono::microseconds(1)});
    books.sale(merchant, {.created = midnight});
    const CommandOutput output = run(books, {{"date", "2026-04-13"}});
    ASSERT_EQ(output.files.size(), 2U);
    EXPECT_EQ(parse_csv(output.files[0].content).size(), 1U);
    const CommandOutput today = run(books, {{"date", "today"}});
    ASSERT_EQ(today.files.size(), 2U);
    EXPECT_EQ(parse_csv(today.files[0].content).size(), 1U);
}

TEST_P(SettleRunTest, PostsNoEntryForANetOfZero) {
    GatewayBooks books(GetParam());
    const Uuid merchant = books.merchant();
    const Uuid payment = books.sale(merchant, {.gross = eur(100), .fee = 0});
    books.move(merchant, payment, {.type = "refund", .gross = eur(-100), .fee = 0});
    const CommandOutput output = run(books);
    ASSERT_EQ(output.exit_code, kExitOk) << output.err;
    EXPECT_EQ(parse_csv(output.files[0].content).size(), 2U);
    EXPECT_EQ(books.number("SELECT COUNT(*) FROM settlements WHERE entry_id IS NULL"), 1);
}

// One merchant's trouble must not keep the money of the others.
TEST_P(SettleRunTest, SettlesTheOthersWhenOneCannotBe) {
    GatewayBooks books(GetParam());
    const Uuid broken = books.merchant();
    books.sale(broken, {});
    books.execute("UPDATE balance_transactions SET type = $1", {"mystery"});
    books.sale(books.merchant(), {});
    const CommandOutput output = run(books);
    EXPECT_EQ(output.exit_code, kExitPartly);
    EXPECT_NE(output.err.find(to_text("mer", broken)), std::string::npos);
    EXPECT_NE(output.err.find("mystery"), std::string::npos);
    EXPECT_EQ(output.files.size(), 2U);
    EXPECT_EQ(books.number("SELECT COUNT(*) FROM settlements"), 1);
}

struct WrongUse {
    std::string name;
    std::map<std::string, std::string> options;
    std::string says;
};

class SettleRunRefuses : public testing::TestWithParam<WrongUse> {};

TEST_P(SettleRunRefuses, NamingTheOption) {
    GatewayBooks books;
    books.sale(books.merchant(), {});
    const std::string before = books.dump();
    const CommandOutput output = run(books, GetParam().options);
    EXPECT_EQ(output.exit_code, kExitUsage);
    EXPECT_NE(output.err.find(GetParam().says), std::string::npos) << output.err;
    EXPECT_EQ(books.dump(), before);
}

INSTANTIATE_TEST_SUITE_P(
    WrongUse,
    SettleRunRefuses,
    testing::Values(
        WrongUse{"AWrongDay", {{"date", "2026-02-30"}}, "--date: '2026-02-30'"},
        WrongUse{"AWord", {{"date", "tomorrow"}}, "--date: 'tomorrow'"},
        WrongUse{"AFutureDay", {{"date", "2026-04-15"}}, "--date: 2026-04-15 is in the future"},
        WrongUse{"AWrongMerchant", {{"merchant", "mer_1"}}, "--merchant: 'mer_1'"},
        WrongUse{"AnUnknownMerchant",
                 {{"merchant", "mer_01JZ8QK3M5X9T2B7C4D6E8F0G1"}},
                 "--merchant: there is no mer_01JZ8QK3M5X9T2B7C4D6E8F0G1"}),
    test::case_name<WrongUse>);

TEST_P(SettleRunTest, OfOneMerchantLeavesTheOthersOpen) {
    GatewayBooks books(GetParam());
    const Uuid wanted = books.merchant();
    books.sale(wanted, {});
    books.sale(books.merchant(), {});
    const CommandOutput output = run(books, {{"merchant", to_text("mer", wanted)}});
    EXPECT_EQ(output.files.size(), 2U);
    EXPECT_EQ(run(books).files.size(), 2U);
}

TEST_P(SettleReportTest, GivesAgainWhatWasClosed) {
    GatewayBooks books(GetParam());
    books.sale(books.merchant(), {});
    const CommandOutput closed = run(books);
    const std::string id = closed.files[0].name.substr(0, closed.files[0].name.find('.'));
    EXPECT_EQ(one(&settle_report, books, id).out, closed.files[0].content);
    EXPECT_EQ(one(&settle_report, books, id, {{"format", "json"}}).out, closed.files[1].content);
    const CommandOutput shown = one(&settle_show, books, id);
    EXPECT_EQ(shown.exit_code, kExitOk);
    EXPECT_NE(shown.out.find("ORDER-1"), std::string::npos);
}

// Somebody edits a closed line in the database: the digest of the day it was closed tells.
TEST_P(SettleReportTest, SaysWhenItIsNoLongerTheOneThatWasClosed) {
    GatewayBooks books(GetParam());
    books.sale(books.merchant(), {});
    const std::string name = run(books).files[0].name;
    books.execute("UPDATE balance_transactions SET fee = fee + $1", {1});
    const CommandOutput output = one(&settle_report, books, name.substr(0, name.find('.')));
    EXPECT_EQ(output.exit_code, kExitFound);
    EXPECT_NE(output.err.find("is not the one that was closed"), std::string::npos);
}

TEST_P(SettleReportTest, RefusesWhatIsNotThere) {
    GatewayBooks books(GetParam());
    const std::string unknown = "stl_01JZ8QK3M5X9T2B7C4D6E8F0G1";
    for (const auto command : {&settle_show, &settle_report}) {
        EXPECT_EQ(one(command, books, unknown).exit_code, kExitUsage);
        EXPECT_NE(one(command, books, unknown).err.find(unknown), std::string::npos);
        EXPECT_EQ(one(command, books, "pay_1").exit_code, kExitUsage);
        EXPECT_EQ(command(books.context, request("settle show")).exit_code, kExitUsage);
    }
    EXPECT_EQ(one(&settle_report, books, unknown, {{"format", "xlsx"}}).err,
              "--format: 'xlsx' is neither csv nor json\n");
}

// A buyer who types =HYPERLINK(...) as an order reference must not reach the accountant's Excel.
TEST_P(SettleReportTest, KeepsFormulasOutOfSpreadsheetsAndExactInJson) {
    GatewayBooks books(GetParam());
    const std::string formula = "=HYPERLINK(\"http://x\",\"a\")";
    books.sale(books.merchant(), {.reference = formula});
    const CommandOutput output = run(books);
    EXPECT_EQ(parse_csv(output.files[0].content)[0].at("merchant_reference"), "'" + formula);
    const json::value report = json::parse(output.files[1].content);
    EXPECT_EQ(report.at("lines").at(0).at("merchant_reference").as_string(), formula);

    for (const char* risky : {"+1", "-1", "@a", "\ta", "\ra", "'=a"})
        EXPECT_EQ(spreadsheet_text(risky), "'" + std::string(risky));
    for (const char* plain : {"", "a=1", "'", "it's", "ORDER-1"})
        EXPECT_EQ(spreadsheet_text(plain), plain);
}

RC_GTEST_PROP(SettleReport, AddsUpWhateverTheLinesAre, ()) {
    SettlementReport report{.settlement = {.id = {},
                                           .key = {.merchant_id = {}, .currency = currency("KWD")},
                                           .period_start = {},
                                           .period_end = {},
                                           .value_day = {},
                                           .sha256 = {},
                                           .entry_id = {},
                                           .created = {}},
                            .lines = {}};
    report.settlement.opening_balance = *rc::gen::inRange<std::int64_t>(-1'000'000, 1'000'000);
    const auto count = *rc::gen::inRange(1, 30);
    for (int i = 0; i < count; ++i) {
        const bool refund = *rc::gen::arbitrary<bool>();
        const std::int64_t gross = *rc::gen::inRange<std::int64_t>(1, 1'000'000'000);
        SettlementLine line{.txn_id = {},
                            .created = {},
                            .available_on = {},
                            .type = refund ? "refund" : "charge",
                            .source = {},
                            .payment_id = {},
                            .merchant_reference = *rc::gen::string<std::string>(),
                            .connector = {},
                            .payment_method = {},
                            .payment_method_variant = {},
                            .presentment = Money(gross, currency("KWD")),
                            .mid_rate = {},
                            .exchange_rate = {}};
        line.gross = refund ? -gross : gross;
        line.fee = *rc::gen::inRange<std::int64_t>(0, 1'000);
        // The CSV is text: a carriage return alone or a NUL in it is not our subject here.
        for (char& c : line.merchant_reference)
            if (c < ' ') c = '_';
        report.lines.push_back(std::move(line));
    }
    RC_ASSERT(static_cast<bool>(add_up(report)));
    const std::string csv = settlement_csv(report);
    std::int64_t sum = report.settlement.opening_balance;
    for (const CsvLine& line : parse_csv(csv))
        sum += minor(line.at("net"), "KWD");
    RC_ASSERT(sum == report.settlement.closing_balance);
    RC_ASSERT(sum == minor(parse_csv(csv).back().at("running_balance"), "KWD"));
    const Settlement& s = report.settlement;
    RC_ASSERT(s.net == s.gross + s.refunds - s.fees);
    RC_ASSERT(s.closing_balance == s.opening_balance + s.net);
}

}  // namespace
}  // namespace causeway::gateway
