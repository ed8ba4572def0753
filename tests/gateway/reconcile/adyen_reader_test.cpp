// SPDX-License-Identifier: Apache-2.0
#include "gateway/reconcile/adyen_reader.h"

#include "tests/support/adyen_file.h"
#include "tests/support/amounts.h"
#include "tests/support/case_name.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <rapidcheck/gtest.h>
#include <string>
#include <vector>

namespace causeway::gateway {
namespace {

using ledger::Money;
using test::adyen_columns;
using test::adyen_file;
using test::adyen_payout;
using test::adyen_refunded;
using test::adyen_settled;
using test::AdyenRow;
using test::currency;

TEST(AdyenReader, ReadsSignedAmountsFromTwoUnsignedColumns) {
    const Result<std::vector<StatementLine>> lines = read_adyen_settlement(
        adyen_file({adyen_settled("P1", "M1"), adyen_refunded("P1", "M2"), adyen_payout("74.70")}));
    ASSERT_TRUE(lines) << lines.error().detail();
    ASSERT_EQ(lines->size(), 3U);
    const StatementLine& settled = lines->at(0);
    EXPECT_EQ(settled.row, 2);
    EXPECT_EQ(settled.batch, "1");
    EXPECT_EQ(settled.provider_reference, "P1");
    EXPECT_EQ(settled.modification_reference, "M1");
    EXPECT_EQ(settled.kind, LineKind::settled);
    EXPECT_EQ(settled.gross, Money(10'000, currency("USD")));
    EXPECT_EQ(settled.net, Money(9970, currency("USD")));
    EXPECT_EQ(settled.cost, 30);
    EXPECT_EQ(to_text(settled.day), "2026-04-13");
    EXPECT_EQ(lines->at(1).kind, LineKind::refunded);
    EXPECT_EQ(lines->at(1).gross, Money(-2500, currency("USD")));
    EXPECT_EQ(lines->at(2).kind, LineKind::payout);
    EXPECT_EQ(lines->at(2).net, Money(-7470, currency("USD")));
}

// Adyen adds columns and moves them between versions: only names count.
TEST(AdyenReader, FindsColumnsByTheirNames) {
    std::vector<std::string> columns = adyen_columns();
    std::reverse(columns.begin(), columns.end());
    columns.insert(columns.begin() + 3, "Reserved4");
    const std::string file = adyen_file({adyen_settled("P1", "M1")}, columns);
    const Result<std::vector<StatementLine>> lines = read_adyen_settlement(file);
    ASSERT_TRUE(lines) << lines.error().detail();
    EXPECT_EQ(lines->at(0).net.minor_units(), 9970);
}

TEST(AdyenReader, NamesTheColumnThatIsMissing) {
    for (const std::string& name : adyen_columns()) {
        std::vector<std::string> columns = adyen_columns();
        columns.erase(std::find(columns.begin(), columns.end(), name));
        const Result<std::vector<StatementLine>> lines =
            read_adyen_settlement(adyen_file({adyen_settled("P1", "M1")}, columns));
        const bool optional =
            name == "Payment Method Variant" || name == "Modification Merchant Reference";
        ASSERT_EQ(lines.has_value(), optional) << name;
        if (optional) continue;
        EXPECT_EQ(lines.error().detail(), "line 1, column \"" + name + "\": the column is missing");
    }
}

struct WrongCell {
    std::string name;
    std::string column;
    std::string value;
    std::string says;
};

class AdyenReaderRefuses : public testing::TestWithParam<WrongCell> {};

TEST_P(AdyenReaderRefuses, NamingLineAndColumn) {
    AdyenRow row = adyen_settled("P2", "M2");
    row[GetParam().column] = GetParam().value;
    const Result<std::vector<StatementLine>> lines =
        read_adyen_settlement(adyen_file({adyen_settled("P1", "M1"), row}));
    ASSERT_FALSE(lines);
    EXPECT_EQ(lines.error().detail().find("line 3, column \"" + GetParam().column + "\": "), 0U)
        << lines.error().detail();
    EXPECT_NE(lines.error().detail().find(GetParam().says), std::string::npos)
        << lines.error().detail();
}

INSTANTIATE_TEST_SUITE_P(
    WrongCells,
    AdyenReaderRefuses,
    testing::Values(
        WrongCell{"Date", "Creation Date", "2026-02-30 10:00:00", "is not a time"},
        WrongCell{"DateWithoutTime", "Creation Date", "2026-04-13", "is not a time"},
        WrongCell{"Zone", "TimeZone", "Mars/Olympus", "IANA"},
        WrongCell{"Type", "Type", "Setled", "unknown type \"Setled\""},
        WrongCell{"GrossCurrency", "Gross Currency", "USX", "unknown currency \"USX\""},
        WrongCell{"NetCurrency", "Net Currency", "", "unknown currency"},
        WrongCell{"LowerCaseCurrency", "Net Currency", "usd", "unknown currency"},
        WrongCell{"TooManyDecimals", "Gross Credit (GC)", "100.001", "at most 2 decimals"},
        WrongCell{"Negative", "Gross Credit (GC)", "-100.00", "negative"},
        WrongCell{"Comma", "Gross Credit (GC)", "100,00", "is not an amount"},
        WrongCell{"Exponent", "Net Credit (NC)", "1e2", "is not an amount"},
        WrongCell{"TooLarge", "Net Credit (NC)", "90071992547409.92", "too large"},
        WrongCell{"Huge", "Net Credit (NC)", "99999999999999999999", "is not an amount"},
        WrongCell{"NoGross", "Gross Credit (GC)", "", "neither debit nor credit"},
        WrongCell{"NoNet", "Net Credit (NC)", "", "neither debit nor credit"},
        WrongCell{"WrongFee", "Interchange (NC)", "x", "is not an amount"},
        WrongCell{"NoReference", "Psp Reference", "", "is empty"},
        WrongCell{"NoModification", "Modification Reference", "", "is empty"},
        WrongCell{"ReferenceWithEscape", "Psp Reference", "P\x1b[2J", "visible"},
        WrongCell{"NoBatch", "Batch Number", "", "is empty"}),
    test::case_name<WrongCell>);

TEST(AdyenReader, RefusesDebitAndCreditInOneRow) {
    AdyenRow row = adyen_settled("P1", "M1");
    row["Net Debit (NC)"] = "1.00";
    EXPECT_EQ(read_adyen_settlement(adyen_file({row})).error().detail(),
              "line 2, column \"Net Credit (NC)\": both debit and credit are set");
    row["Net Debit (NC)"] = "0.00";
    EXPECT_TRUE(read_adyen_settlement(adyen_file({row})));
}

TEST(AdyenReader, TakesTheCurrencysOwnDecimals) {
    AdyenRow row = adyen_settled("P1", "M1");
    row["Gross Currency"] = row["Net Currency"] = "JPY";
    EXPECT_FALSE(read_adyen_settlement(adyen_file({row})));
    row["Gross Credit (GC)"] = row["Net Credit (NC)"] = "12345";
    row["Markup (NC)"] = row["Scheme Fees (NC)"] = row["Interchange (NC)"] = "";
    EXPECT_EQ(read_adyen_settlement(adyen_file({row}))->at(0).gross.minor_units(), 12'345);
    row["Gross Currency"] = row["Net Currency"] = "KWD";
    row["Gross Credit (GC)"] = "1.234";
    EXPECT_EQ(read_adyen_settlement(adyen_file({row}))->at(0).gross.minor_units(), 1'234);
}

// A download that broke off must never reconcile as if it were a short day.
TEST(AdyenReader, RefusesAFileThatWasCutAnywhere) {
    const std::string whole = adyen_file({adyen_settled("P1", "M1"), adyen_payout("99.70")});
    for (std::size_t length = 0; length < whole.size(); ++length) {
        const bool at_line_end = length > 0 && whole[length - 1] == '\n';
        const Result<std::vector<StatementLine>> lines =
            read_adyen_settlement(std::string_view(whole).substr(0, length));
        // After a whole row only the batch's balance can tell, and it does.
        const bool after_a_row = at_line_end && length > whole.find('\n') + 1;
        EXPECT_EQ(lines.has_value(), after_a_row) << length;
    }
    EXPECT_TRUE(read_adyen_settlement(whole));
}

TEST(AdyenReader, NamesWhereARowEndsTooEarly) {
    const std::string file = adyen_file({adyen_settled("P1", "M1")}) + "Acme,AcmeNL,P2\n";
    EXPECT_EQ(read_adyen_settlement(file).error().detail(),
              "line 3, column \"Merchant Reference\": the row ends before this column");
    const std::string long_row =
        adyen_file({adyen_settled("P1", "M1")}) + std::string(40, ',') + "\n";
    EXPECT_EQ(read_adyen_settlement(long_row).error().detail(),
              "line 3: 41 cells where the header has 23");
}

RC_GTEST_PROP(AdyenReader, SurvivesRandomBytes, ()) {
    const std::string head = *rc::gen::element(std::string(), adyen_file({}));
    const std::string noise = *rc::gen::container<std::string>(rc::gen::arbitrary<char>());
    const Result<std::vector<StatementLine>> lines = read_adyen_settlement(head + noise);
    RC_ASSERT(lines || !lines.error().detail().empty());
}

// One byte changed: either the file is refused, or every line is still within its bounds.
RC_GTEST_PROP(AdyenReader, SurvivesAChangedByte, ()) {
    std::string file = adyen_file({adyen_settled("P1", "M1"), adyen_payout("99.70")});
    const auto at = *rc::gen::inRange<std::size_t>(0, file.size());
    file[at] = *rc::gen::arbitrary<char>();
    const Result<std::vector<StatementLine>> lines = read_adyen_settlement(file);
    if (!lines) return;
    for (const StatementLine& line : *lines) {
        RC_ASSERT(!line.batch.empty());
        RC_ASSERT(line.cost >= 0);
    }
}

}  // namespace
}  // namespace causeway::gateway
