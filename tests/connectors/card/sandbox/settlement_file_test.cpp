// SPDX-License-Identifier: Apache-2.0
#include "connectors/card/sandbox/settlement_file.h"

#include "ledger/csv.h"
#include "ledger/money.h"
#include "tests/support/amounts.h"
#include "tests/support/card_messages.h"
#include "tests/support/files.h"
#include "tests/support/iso8583.h"
#include "tests/support/temporary_folder.h"

#include <gtest/gtest.h>

#include <map>
#include <rapidcheck/gtest.h>
#include <string>
#include <vector>

namespace causeway::connectors::card::sandbox {
namespace {

using test::Counter;
using test::Terminal;
using Record = std::map<std::string, std::string>;

const Day kDay = *parse_day("2026-11-21");
const Day kNextDay = *parse_day("2026-11-22");

std::vector<Record> records(const std::string& text) {
    std::vector<Record> records;
    auto table = *ledger::CsvTable::open(ledger::CsvReader(text, {.refuse_cut = true}));
    ledger::CsvRow row;
    while (*table.next(row)) {
        Record record;
        for (std::size_t i = 0; i < row.size(); ++i)
            record[table.names()[i]] = row[i];
        records.push_back(std::move(record));
    }
    return records;
}

std::vector<Record> settle(const Books& books, Day day, CostPlan plan = {}) {
    return records(*settlement_csv(books, day, plan));
}

std::int64_t minor(const Record& record, const std::string& column) {
    const std::string& text = record.at(column);
    if (text.empty()) return 0;
    return ledger::Money::parse(text, test::currency(record.at("Net Currency")))->minor_units();
}

TEST(SettlementFile, IsByteForByteWhatTheLayoutSays) {
    Counter counter;
    Terminal terminal;
    const Message request = terminal.purchase(10000);
    const Message approved = counter.ask(request);
    ASSERT_EQ(counter.code(terminal.capture(approved, 6050)), "00");
    ASSERT_EQ(counter.code(terminal.refund(request.get(37), 1000)), "00");
    EXPECT_EQ(*settlement_csv(counter.books, kDay),
              "Company Account,Merchant Account,Psp Reference,Merchant Reference,Payment Method,"
              "Creation Date,TimeZone,Type,Modification Reference,Gross Currency,Gross Debit (GC),"
              "Gross Credit (GC),Exchange Rate,Net Currency,Net Debit (NC),Net Credit (NC),"
              "Commission (NC),Markup (NC),Scheme Fees (NC),Interchange (NC),"
              "Payment Method Variant,Modification Merchant Reference,Batch Number\n"
              "CausewaySandbox,MERCHANT0000001,632512000001,pay_000001,visa,2026-11-21 12:00:00,"
              "UTC,Settled,1121120000000002,EUR,,60.50,1,EUR,,59.83,0.00,0.12,0.07,0.48,visa,,"
              "20261121\n"
              "CausewaySandbox,MERCHANT0000001,632512000001,pay_000001,visa,2026-11-21 12:00:00,"
              "UTC,Refunded,1121120000000003,EUR,10.00,,1,EUR,10.00,,0.00,0.00,0.00,0.00,visa,"
              "pay_000003,20261121\n"
              "CausewaySandbox,,,,,2026-11-21 23:59:59,UTC,MerchantPayout,payout-20261121-EUR,,,,,"
              "EUR,49.83,,,,,,,,20261121\n");
}

TEST(SettlementFile, WritesMajorUnitsWithTheCurrencysDecimals) {
    Counter counter;
    Terminal terminal;
    Message yen = terminal.purchase(5000, "0200");
    yen.fields[49] = "392";
    Message dinar = terminal.purchase(5000, "0200");
    dinar.fields[49] = "414";
    ASSERT_EQ(counter.code(yen), "00");
    ASSERT_EQ(counter.code(dinar), "00");
    const auto rows = settle(counter.books, kDay);
    ASSERT_EQ(rows.size(), 4U) << "a payout for each currency";
    EXPECT_EQ(rows[0].at("Gross Credit (GC)"), "5000");
    EXPECT_EQ(rows[1].at("Gross Credit (GC)"), "5.000");
    EXPECT_EQ(rows[1].at("Interchange (NC)"), "0.040");
}

TEST(SettlementFile, BelongsToOneDay) {
    Counter counter;
    Terminal early("1121235959");
    Terminal late("1122000000");
    ASSERT_EQ(counter.code(early.purchase(1000, "0200")), "00");
    Message next = late.purchase(2000, "0200");
    next.fields[37] = "632600000001";
    ASSERT_EQ(counter.code(next), "00");
    EXPECT_EQ(settle(counter.books, kDay)[0].at("Psp Reference"), "632512000001");
    EXPECT_EQ(settle(counter.books, kNextDay)[0].at("Psp Reference"), "632600000001");
    EXPECT_TRUE(settle(counter.books, *parse_day("2026-11-20")).empty());
}

// Yesterday's file has been sent and cannot change; today's takes the money back.
TEST(SettlementFile, AReversalOnALaterDayIsARowOfItsOwn) {
    Counter counter;
    Terminal today("1121120000");
    Terminal tomorrow("1122120000");
    const Message kept = today.purchase(1000, "0200");
    const Message undone = today.purchase(2000, "0200");
    ASSERT_EQ(counter.code(kept), "00");
    ASSERT_EQ(counter.code(undone), "00");
    ASSERT_EQ(counter.code(today.reversal(undone)), "00");
    ASSERT_EQ(settle(counter.books, kDay).size(), 2U);
    const std::string before = *settlement_csv(counter.books, kDay);
    ASSERT_EQ(counter.code(tomorrow.reversal(kept)), "00");
    EXPECT_EQ(*settlement_csv(counter.books, kDay), before);
    const auto rows = settle(counter.books, kNextDay);
    ASSERT_EQ(rows.size(), 2U);
    EXPECT_EQ(rows[0].at("Type"), "Refunded");
    EXPECT_EQ(rows[0].at("Gross Debit (GC)"), "10.00");
    // More refunded than settled: the merchant owes, and the payout is a credit.
    EXPECT_EQ(rows[1].at("Net Credit (NC)"), "10.00");
}

TEST(SettlementFile, CostsAboveTheAmountAreADebit) {
    Counter counter;
    Terminal terminal;
    ASSERT_EQ(counter.code(terminal.purchase(10, "0200")), "00");
    const auto rows = settle(counter.books, kDay, {.commission_minor_units = 25});
    EXPECT_EQ(rows[0].at("Commission (NC)"), "0.25");
    EXPECT_EQ(rows[0].at("Net Debit (NC)"), "0.15");
    EXPECT_EQ(rows[0].at("Net Credit (NC)"), "");
}

TEST(SettlementFile, IsWrittenWholeOrNotAtAll) {
    const test::TemporaryFolder folder;
    const std::string out = folder.file("settlement.csv");
    EXPECT_EQ(write_settlement_file(folder.file("none"), kDay, out).error().code(),
              ErrorCode::not_found);
    test::write_file(folder.file("books"), "");
    EXPECT_EQ(
        write_settlement_file(folder.file("books"), kDay, folder.file("no/such")).error().code(),
        ErrorCode::storage);
    EXPECT_TRUE(write_settlement_file(folder.file("books"), kDay, out));
    EXPECT_EQ(test::read_file(out), *settlement_csv(Books(), kDay));
    EXPECT_EQ(test::read_file(out + ".part"), "");
}

// The invariant that every reader of such a file checks first.
RC_GTEST_PROP(SettlementFileProperty, DebitsEqualCreditsInEachCurrency, (std::uint64_t seed)) {
    test::Dice dice(seed);
    Counter counter;
    Terminal terminal;
    std::map<std::string, std::int64_t> expected;
    for (int i = 0; i < 30; ++i) {
        const auto amount = static_cast<std::int64_t>(dice.below(1'000'000));
        Message sale = terminal.purchase(amount, "0200");
        const std::string currency = dice.below(2) == 0 ? "978" : "392";
        sale.fields[49] = currency;
        (void)counter.ask(sale);
        Message refund = terminal.refund(sale.get(37), amount / 2);
        refund.fields[49] = currency;
        if (dice.below(2) == 0) (void)counter.ask(refund);
    }
    for (const auto& [rrn, transaction] : counter.books.transactions()) {
        expected[std::string(transaction.currency.code())] +=
            transaction.captured() - transaction.refunded();
    }
    std::map<std::string, std::int64_t> debits_over_credits;
    std::map<std::string, std::int64_t> gross;
    for (const Record& row : settle(counter.books, kDay)) {
        const std::string& currency = row.at("Net Currency");
        debits_over_credits[currency] +=
            minor(row, "Net Debit (NC)") - minor(row, "Net Credit (NC)");
        gross[currency] += minor(row, "Gross Credit (GC)") - minor(row, "Gross Debit (GC)");
    }
    for (const auto& [currency, difference] : debits_over_credits)
        RC_ASSERT(difference == 0);
    RC_ASSERT(gross == expected);
}

}  // namespace
}  // namespace causeway::connectors::card::sandbox
