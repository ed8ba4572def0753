// SPDX-License-Identifier: Apache-2.0
#include "gateway/reconcile/reconcile_commands.h"

#include "tests/support/adyen_file.h"
#include "tests/support/amounts.h"
#include "tests/support/case_name.h"
#include "tests/support/gateway_store.h"

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
using test::adyen_file;
using test::adyen_payout;
using test::adyen_refunded;
using test::adyen_settled;
using test::AdyenRow;
using test::currency;
using test::GatewayBooks;

using Options = std::map<std::string, std::string>;

class ReconcileRunTest : public testing::TestWithParam<test::Engine> {};
CAUSEWAY_ON_EACH_ENGINE(ReconcileRunTest);

class ReconcileCommandsTest : public testing::TestWithParam<test::Engine> {};
CAUSEWAY_ON_EACH_ENGINE(ReconcileCommandsTest);

CommandOutput run(GatewayBooks& books, const std::string& file, Options options = {}) {
    options.try_emplace("profile", "adyen");
    return reconcile_run(books.context,
                         {.name = "reconcile run",
                          .options = std::move(options),
                          .arguments = {},
                          .files = {{.name = "settlement.csv", .content = file}}});
}

json::value run_json(GatewayBooks& books, const std::string& file, Options options = {}) {
    options["json"] = "true";
    return json::parse(run(books, file, std::move(options)).out);
}

Expectation expectation(GatewayBooks& books, const std::string& modification) {
    const bool refund = modification.starts_with("R");
    return {.id = books.ids.next(),
            .connector = "demo_card",
            .kind = refund ? ExpectationKind::refunded : ExpectationKind::settled,
            .provider_reference = "P1",
            .modification_reference = modification,
            .source = refund ? "ref_1" : "cap_1",
            .payment_id = {},
            .amount = Money(refund ? 2500 : 10'000, currency("USD")),
            .cost = refund ? 0 : 30,
            .day = *parse_day("2026-04-13"),
            .batch = {},
            .run_id = {},
            .created = books.clock.now()};
}

// Two captures and a refund of one payment, as the true file below reports them.
void expect_day(GatewayBooks& books) {
    for (const char* modification : {"M1", "M2", "R1"})
        books.expect(expectation(books, modification));
}

std::vector<AdyenRow> true_rows() {
    return {adyen_settled("P1", "M1"),
            adyen_settled("P1", "M2"),
            adyen_refunded("P1", "R1"),
            adyen_payout("174.40")};
}

TEST_P(ReconcileRunTest, ConfirmsWhatMatchesAndExpectsThePayoutAtTheBank) {
    GatewayBooks books(GetParam());
    expect_day(books);
    const CommandOutput output = run(books, adyen_file(true_rows()));
    EXPECT_EQ(output.exit_code, kExitOk) << output.out << output.err;
    EXPECT_NE(output.out.find("4 rows, 3 matched, 0 exceptions"), std::string::npos) << output.out;
    EXPECT_EQ(books.number("SELECT COUNT(*) FROM expectations WHERE status = 'confirmed' "
                           "AND batch = '1' AND run_id IS NOT NULL"),
              3);
    EXPECT_EQ(books.number("SELECT amount FROM expectations WHERE kind = 'deposit' AND "
                           "provider_reference = '1' AND modification_reference = 'USD' AND "
                           "status = 'open'"),
              17'440);
}

TEST_P(ReconcileRunTest, TheSameFileAgainChangesNothingAndSaysTheSame) {
    GatewayBooks books(GetParam());
    expect_day(books);
    std::vector<AdyenRow> rows = true_rows();
    rows[0]["Gross Credit (GC)"] = "100.01";
    for (const std::string& file : {adyen_file(true_rows()), adyen_file(rows)}) {
        const CommandOutput first = run(books, file);
        const std::string before = books.dump();
        books.clock.advance(std::chrono::hours(1));
        const CommandOutput second = run(books, file);
        EXPECT_EQ(books.dump(), before);
        EXPECT_EQ(second.exit_code, first.exit_code);
        EXPECT_EQ(second.out, first.out);
        EXPECT_NE(second.err.find("reconciled before"), std::string::npos);
    }
}

TEST_P(ReconcileRunTest, DryRunFindsTheSameAndChangesNothing) {
    GatewayBooks books(GetParam());
    expect_day(books);
    std::vector<AdyenRow> rows = true_rows();
    rows.erase(rows.begin());
    const std::string before = books.dump();
    const json::value dry = run_json(books, adyen_file(rows), {{"dry-run", "true"}});
    EXPECT_EQ(books.dump(), before);
    const json::value real = run_json(books, adyen_file(rows));
    EXPECT_EQ(dry.at("counts"), real.at("counts"));
    EXPECT_EQ(dry.at("totals"), real.at("totals"));
    EXPECT_TRUE(dry.at("id").is_null());
    EXPECT_EQ(run(books, adyen_file(rows), {{"dry-run", "true"}}).exit_code, kExitFound);
}

// Adyen regenerates a report: other bytes, same batch. Nothing is claimed twice.
TEST_P(ReconcileRunTest, AnotherFileOfTheSameBatchOnlyAddsWhatIsNew) {
    GatewayBooks books(GetParam());
    expect_day(books);
    const std::vector<AdyenRow> whole = true_rows();
    const std::vector<AdyenRow> part{whole[0], whole[3]};
    const json::value first = run_json(books, adyen_file(part));
    EXPECT_EQ(first.at("counts").at("matched").as_int64(), 1);
    EXPECT_EQ(first.at("counts").at("missing_in_file").as_int64(), 2);
    const json::value second = run_json(books, adyen_file(whole));
    EXPECT_EQ(second.at("counts").at("matched").as_int64(), 3);
    EXPECT_EQ(second.at("counts").at("missing_in_file").as_int64(), 0);
    EXPECT_EQ(second.at("exceptions").as_array().size(), 0U);
    EXPECT_EQ(books.number("SELECT COUNT(*) FROM expectations WHERE kind = 'deposit'"), 1);
}

TEST_P(ReconcileRunTest, TheSameLineInAnotherBatchIsADuplicate) {
    GatewayBooks books(GetParam());
    expect_day(books);
    std::vector<AdyenRow> rows = true_rows();
    ASSERT_EQ(run(books, adyen_file(rows)).exit_code, kExitOk);
    for (AdyenRow& row : rows)
        row["Batch Number"] = "2";
    const json::value second = run_json(books, adyen_file(rows));
    EXPECT_EQ(second.at("counts").at("duplicate").as_int64(), 3);
    EXPECT_EQ(books.number("SELECT COUNT(*) FROM expectations WHERE batch = '1'"), 3);
}

struct Tampering {
    std::string name;
    std::function<void(std::vector<AdyenRow>&)> tamper;
    std::string status;
    std::int64_t difference;  ///< Of the exception. Units: minor units.
};

class ReconcileFinds : public testing::TestWithParam<Tampering> {};

TEST_P(ReconcileFinds, TheTamperedRow) {
    GatewayBooks books;
    expect_day(books);
    std::vector<AdyenRow> rows = true_rows();
    GetParam().tamper(rows);
    const CommandOutput output = run(books, adyen_file(rows), {{"json", "true"}});
    EXPECT_EQ(output.exit_code, kExitFound);
    const json::value found = json::parse(output.out);
    EXPECT_EQ(found.at("counts").at(GetParam().status).as_int64(), 1) << output.out;
    const json::value& item = found.at("exceptions").at(0);
    EXPECT_EQ(item.at("status").as_string(), GetParam().status);
    EXPECT_EQ(item.at("difference").as_int64(), GetParam().difference) << output.out;
    EXPECT_FALSE(item.at("note").as_string().empty());

    // It is shown again by its id, and in the list of its class.
    CommandRequest show{.name = "reconcile show",
                        .options = {{"json", "true"}},
                        .arguments = {std::string(found.at("id").as_string())},
                        .files = {}};
    EXPECT_EQ(reconcile_show(books.context, show).out, output.out);
    const CommandRequest list{.name = "reconcile exceptions",
                              .options = {{"status", GetParam().status}, {"json", "true"}},
                              .arguments = {},
                              .files = {}};
    const json::value listed = json::parse(reconcile_exceptions(books.context, list).out);
    ASSERT_EQ(listed.at("data").as_array().size(), 1U);
    EXPECT_EQ(listed.at("data").at(0), item);
}

INSTANTIATE_TEST_SUITE_P(
    Tampered,
    ReconcileFinds,
    testing::Values(
        Tampering{"Removed",
                  [](auto& rows) {
                      rows.erase(rows.begin());
                      rows.back()["Net Debit (NC)"] = "74.70";
                  },
                  "missing_in_file",
                  -9970},
        Tampering{"Added",
                  [](auto& rows) { rows.insert(rows.begin(), adyen_settled("P9", "M9")); },
                  "missing_in_ledger",
                  9970},
        Tampering{
            "Repeated", [](auto& rows) { rows.insert(rows.begin(), rows[0]); }, "duplicate", 9970},
        Tampering{"Amount",
                  [](auto& rows) {
                      rows[0]["Gross Credit (GC)"] = "100.01";
                      rows[0]["Net Credit (NC)"] = "99.71";
                  },
                  "amount_mismatch",
                  1},
        Tampering{"OnlyTheGross",
                  [](auto& rows) { rows[0]["Gross Credit (GC)"] = "1000.00"; },
                  "amount_mismatch",
                  0},
        Tampering{"Fee",
                  [](auto& rows) {
                      rows[0]["Markup (NC)"] = "0.06";
                      rows[0]["Net Credit (NC)"] = "99.69";
                  },
                  "fee_mismatch",
                  -1},
        Tampering{"Currency",
                  [](auto& rows) { rows[0]["Gross Currency"] = rows[0]["Net Currency"] = "EUR"; },
                  "currency_mismatch",
                  -9970},
        Tampering{"Payout",
                  [](auto& rows) { rows.back()["Net Debit (NC)"] = "174.39"; },
                  "batch_out_of_balance",
                  1}),
    test::case_name<Tampering>);

TEST_P(ReconcileRunTest, PrintsAReadableTable) {
    GatewayBooks books(GetParam());
    expect_day(books);
    std::vector<AdyenRow> rows = true_rows();
    rows[0]["Markup (NC)"] = "0.06";
    rows[0]["Net Credit (NC)"] = "99.69";
    const CommandOutput output = run(books, adyen_file(rows));
    for (const char* expected :
         {"settlement.csv with demo_card, 4 rows, 2 matched, 2 exceptions",
          "\nmatched                   2\n",
          "\nUSD        174.40       174.39       -0.01\n",
          "\n   2  fee_mismatch          P1            M1                USD         99.70        "
          "99.69       -0.01  the provider kept USD 0.31"})
        EXPECT_NE(output.out.find(expected), std::string::npos) << expected << "\n" << output.out;
}

// One wrong cell in the second file: the first must not be half of a night's work.
TEST_P(ReconcileRunTest, AppliesNoFileWhenOneCannotBeRead) {
    GatewayBooks books(GetParam());
    expect_day(books);
    const std::string before = books.dump();
    std::vector<AdyenRow> rows = true_rows();
    rows[2]["Creation Date"] = "yesterday";
    const CommandOutput output =
        reconcile_run(books.context,
                      {.name = "reconcile run",
                       .options = {{"profile", "adyen"}},
                       .arguments = {},
                       .files = {{.name = "good.csv", .content = adyen_file(true_rows())},
                                 {.name = "bad.csv", .content = adyen_file(rows)}}});
    EXPECT_EQ(output.exit_code, kExitUsage);
    EXPECT_EQ(output.err,
              "bad.csv: line 4, column \"Creation Date\": \"yesterday\" is not a time such as "
              "2026-04-13 10:01:00\n");
    EXPECT_EQ(books.dump(), before);
}

TEST_P(ReconcileRunTest, AsksWhichConnectorWhenThereAreTwo) {
    GatewayBooks books(GetParam());
    const std::string file = adyen_file(true_rows());
    EXPECT_EQ(run(books, file).err, "--connector: nothing is expected of any connector yet\n");
    expect_day(books);
    Expectation other = expectation(books, "M7");
    other.connector = "other_card";
    books.expect(other);
    EXPECT_EQ(run(books, file).exit_code, kExitUsage);
    EXPECT_EQ(run(books, file).err, "--connector: which of demo_card, other_card?\n");
    EXPECT_EQ(run(books, file, {{"connector", "x"}}).err,
              "--connector: nothing is expected of 'x'; known: demo_card, other_card\n");
    EXPECT_EQ(run(books, file, {{"connector", "demo_card"}}).exit_code, kExitOk);
}

TEST_P(ReconcileCommandsTest, NameTheOptionThatIsWrong) {
    GatewayBooks books(GetParam());
    expect_day(books);
    EXPECT_EQ(run(books, "", {{"profile", "paypal"}}).err,
              "--profile: there is no 'paypal'; known: adyen\n");
    CommandRequest request{.name = "reconcile run", .options = {}, .arguments = {}, .files = {}};
    EXPECT_EQ(reconcile_run(books.context, request).err, "--profile: is missing; known: adyen\n");
    request.options["profile"] = "adyen";
    EXPECT_EQ(reconcile_run(books.context, request).err, "reconcile run wants at least one FILE\n");
    request.options = {{"status", "matched"}};
    EXPECT_EQ(reconcile_exceptions(books.context, request).exit_code, kExitUsage);
    EXPECT_EQ(reconcile_show(books.context, request).exit_code, kExitUsage);
    request.arguments = {"rec_01JZ8QK3M5X9T2B7C4D6E8F0G1"};
    EXPECT_EQ(reconcile_show(books.context, request).err,
              "rec_01JZ8QK3M5X9T2B7C4D6E8F0G1 does not exist\n");
}

// A damaged file either is refused whole or is a file of its own; never half of one.
TEST_P(ReconcileRunTest, NeverAppliesPartOfADamagedFile) {
    GatewayBooks books(GetParam());
    expect_day(books);
    const std::string whole = adyen_file(true_rows());
    EXPECT_TRUE(rc::check("a refused file leaves nothing behind", [&books, &whole] {
        const auto length = *rc::gen::inRange<std::size_t>(0, whole.size());
        const std::string noise = *rc::gen::container<std::string>(rc::gen::arbitrary<char>());
        const std::string before = books.dump();
        const CommandOutput output = run(books, whole.substr(0, length) + noise);
        if (output.exit_code == kExitUsage) RC_ASSERT(books.dump() == before);
        RC_ASSERT(output.exit_code == kExitUsage || output.exit_code == kExitFound);
    }));
    const std::string before = books.dump();
    for (std::size_t length = 1; length < whole.size(); length += 7) {
        if (whole[length - 1] == '\n') continue;
        EXPECT_EQ(run(books, whole.substr(0, length)).exit_code, kExitUsage) << length;
    }
    EXPECT_EQ(books.dump(), before);
}

}  // namespace
}  // namespace causeway::gateway
