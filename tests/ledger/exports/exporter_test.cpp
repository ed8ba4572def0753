// SPDX-License-Identifier: Apache-2.0
//
// The same small books in each format, to the byte.
#include "ledger/exports/exporter.h"

#include "ledger/chain/canonical.h"
#include "ledger/csv.h"
#include "ledger/money.h"
#include "tests/support/books.h"
#include "tests/support/exports.h"
#include "tests/support/hex.h"
#include "tests/support/temporary_folder.h"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <vector>

namespace causeway::ledger {
namespace {

using test::account;
using test::Books;
using test::exported;

Uuid id_of(int number) {
    Uuid id;
    id.bytes = {1};
    id.bytes[15] = static_cast<std::uint8_t>(number);
    return id;
}

constexpr std::int64_t kTenOClock = 1'776'074'460'000'250;  // 2026-04-13, about
constexpr std::int64_t kDay = 86'400'000'000;

/// A sale, a payout that is reserved, posted and released, and an account's terms.
struct ExporterTest : testing::Test {
    ExporterTest() {
        Entry sale = test::capture(id_of(1), 1234);
        sale.reference = "cap \"1\"";
        sale.effective = from_microseconds(kTenOClock - kDay);
        sale.recorded = from_microseconds(kTenOClock);
        Entry payout = sale;
        payout.id = id_of(2);
        payout.type = EntryType::pending;
        payout.kind = "payout";
        payout.reference = "po_1";
        payout.recorded = from_microseconds(kTenOClock + kDay);
        payout.expires = from_microseconds(kTenOClock + 2 * kDay);
        payout.lines = {{account("mer_1", Purpose::merchant_pending, "JPY"), 500},
                        {account("main", Purpose::bank_client, "JPY"), -500}};
        Entry part = test::post_of(id_of(3), payout.id, payout.lines);
        part.recorded = payout.recorded;
        part.lines[0].minor_units = 200;
        part.lines[1].minor_units = -200;
        Entry rest = test::void_of(id_of(4), payout.id);
        rest.recorded = payout.recorded;
        for (const Entry& entry : {sale, payout, part, rest})
            EXPECT_TRUE(books.post(entry));
        EXPECT_TRUE(books.set_terms(id_of(5),
                                    account("mer_1", Purpose::merchant_pending),
                                    {.debits_within_credits = true},
                                    kTenOClock + kDay));
    }

    test::TemporaryFolder folder;
    Books books{folder.url()};
};

TEST_F(ExporterTest, WritesForHledger) {
    EXPECT_EQ(exported(*books.database, ExportFormat::hledger),
              R"(; Causeway journal for hledger

decimal-mark .
commodity 1000.00 EUR
commodity 1000. JPY

account client:provider_receivable:card:EUR  ; type:A
account client:bank_client:main:JPY  ; type:A
account client:merchant_pending:mer_1:EUR  ; type:L
account client:merchant_pending:mer_1:JPY  ; type:L

2026-04-13=2026-04-12 * (1) capture | cap %221%22
    ; entry: je_01000000000000000000000001
    client:provider_receivable:card:EUR  12.34 EUR
    client:merchant_pending:mer_1:EUR  -12.34 EUR

; pending 2 payout | po_1
;   entry je_01000000000000000000000002
;   recorded 2026-04-14T10:01:00.000250Z, effective 2026-04-12T10:01:00.000250Z
;   expires 2026-04-15T10:01:00.000250Z
;   client:merchant_pending:mer_1:JPY  500 JPY
;   client:bank_client:main:JPY  -500 JPY

2026-04-14=2026-04-13 * (3) capture | cap_1
    ; entry: je_01000000000000000000000003, posts: je_01000000000000000000000002
    client:merchant_pending:mer_1:JPY  200 JPY
    client:bank_client:main:JPY  -200 JPY

; void_pending 4 void | cap_1
;   entry je_01000000000000000000000004, of je_01000000000000000000000002
;   recorded 2026-04-14T10:01:00.000250Z, effective 2026-04-13T10:01:00.000000Z
;   client:merchant_pending:mer_1:JPY  300 JPY
;   client:bank_client:main:JPY  -300 JPY

; account_terms 5 account_terms | debits_within_credits
;   entry je_01000000000000000000000005
;   recorded 2026-04-14T10:01:00.000250Z, effective 2026-04-14T10:01:00.000250Z
;   client:merchant_pending:mer_1:EUR  0.00 EUR

; The end: entries 5
)");
}

TEST_F(ExporterTest, WritesForBeancount) {
    EXPECT_EQ(exported(*books.database, ExportFormat::beancount),
              R"(; Causeway journal for Beancount

option "title" "Causeway journal"
option "inferred_tolerance_multiplier" "0"

2026-04-13 open Assets:Client:ProviderReceivable:Card:EUR EUR
2026-04-13 open Assets:Client:Bank:Main:JPY JPY
2026-04-13 open Liabilities:Client:MerchantPending:Mer--1:EUR EUR
2026-04-13 open Liabilities:Client:MerchantPending:Mer--1:JPY JPY

2026-04-13 * "capture" "cap %221%22"
  sequence: 1
  entry: "je_01000000000000000000000001"
  effective: 2026-04-12
  Assets:Client:ProviderReceivable:Card:EUR  12.34 EUR
  Liabilities:Client:MerchantPending:Mer--1:EUR  -12.34 EUR

; pending 2 payout | po_1
;   entry je_01000000000000000000000002
;   recorded 2026-04-14T10:01:00.000250Z, effective 2026-04-12T10:01:00.000250Z
;   expires 2026-04-15T10:01:00.000250Z
;   Liabilities:Client:MerchantPending:Mer--1:JPY  500 JPY
;   Assets:Client:Bank:Main:JPY  -500 JPY

2026-04-14 * "capture" "cap_1"
  sequence: 3
  entry: "je_01000000000000000000000003"
  effective: 2026-04-13
  posts: "je_01000000000000000000000002"
  Liabilities:Client:MerchantPending:Mer--1:JPY  200 JPY
  Assets:Client:Bank:Main:JPY  -200 JPY

; void_pending 4 void | cap_1
;   entry je_01000000000000000000000004, of je_01000000000000000000000002
;   recorded 2026-04-14T10:01:00.000250Z, effective 2026-04-13T10:01:00.000000Z
;   Liabilities:Client:MerchantPending:Mer--1:JPY  300 JPY
;   Assets:Client:Bank:Main:JPY  -300 JPY

; account_terms 5 account_terms | debits_within_credits
;   entry je_01000000000000000000000005
;   recorded 2026-04-14T10:01:00.000250Z, effective 2026-04-14T10:01:00.000250Z
;   Liabilities:Client:MerchantPending:Mer--1:EUR  0.00 EUR

2026-04-15 balance Assets:Client:ProviderReceivable:Card:EUR  12.34 EUR
2026-04-15 balance Assets:Client:Bank:Main:JPY  -200 JPY
2026-04-15 balance Liabilities:Client:MerchantPending:Mer--1:EUR  -12.34 EUR
2026-04-15 balance Liabilities:Client:MerchantPending:Mer--1:JPY  200 JPY

; The end: entries 5
)");
}

TEST_F(ExporterTest, WritesCsv) {
    const std::string all = exported(*books.database, ExportFormat::csv);
    EXPECT_TRUE(all.starts_with(
        "sequence,entry_id,type,kind,reference,effective,recorded,pending_id,expires,"
        "line_no,owner,purpose,currency,minor_units,amount,hash\n"
        "1,je_01000000000000000000000001,posting,capture,\"cap \"\"1\"\"\","
        "2026-04-12T10:01:00.000250Z,2026-04-13T10:01:00.000250Z,,,"
        "1,card,provider_receivable,EUR,1234,12.34,"))
        << all;
}

EntryType type_called(std::string_view name) {
    for (int number = 1; number <= static_cast<int>(EntryType::account_terms); ++number) {
        if (to_string(static_cast<EntryType>(number)) == name)
            return static_cast<EntryType>(number);
    }
    throw std::runtime_error("no such type");
}

/// The entries of a CSV export and the hashes that stand beside them.
struct ReadBack {
    explicit ReadBack(std::string_view csv) : table(*CsvTable::open(CsvReader(csv))) {
        for (CsvRow row; *table.next(row);)
            add(row);
    }

    void add(const CsvRow& row) {
        const auto cell = [&](std::string_view name) { return row[*table.column(name)]; };
        const auto number = [&](std::string_view name) {
            return std::stoll(std::string(cell(name)));
        };
        if (cell("line_no") == "1") {
            Entry entry{.id = *parse_id("je", cell("entry_id")),
                        .kind = std::string(cell("kind")),
                        .reference = std::string(cell("reference")),
                        .effective = *parse_rfc3339(cell("effective")),
                        .recorded = *parse_rfc3339(cell("recorded")),
                        .lines = {},
                        .type = type_called(cell("type"))};
            if (!cell("pending_id").empty()) entry.pending = *parse_id("je", cell("pending_id"));
            if (!cell("expires").empty()) entry.expires = *parse_rfc3339(cell("expires"));
            entries.push_back(std::move(entry));
            sequences.push_back(number("sequence"));
            hashes.emplace_back(cell("hash"));
        }
        const Currency currency = *Currency::from_code(cell("currency"));
        entries.back().lines.push_back({.account = {.owner = std::string(cell("owner")),
                                                    .purpose = *parse_purpose(cell("purpose")),
                                                    .currency = currency},
                                        .minor_units = number("minor_units")});
        EXPECT_EQ(entries.back().lines.size(), static_cast<std::size_t>(number("line_no")));
        EXPECT_EQ(Money::parse(cell("amount"), currency)->minor_units(), number("minor_units"));
    }

    CsvTable table;
    std::vector<Entry> entries;
    std::vector<Sequence> sequences;
    std::vector<std::string> hashes;
};

// Who has the file alone can prove that it is what was signed.
TEST_F(ExporterTest, CsvHasAllThatTheChainSpeaksOf) {
    const std::string csv = exported(*books.database, ExportFormat::csv);
    const ReadBack read(csv);
    ASSERT_EQ(read.entries.size(), 5U);
    ChainHash previous{};
    for (std::size_t i = 0; i < read.entries.size(); ++i) {
        std::vector<std::uint8_t> canonical;
        append_canonical(read.entries[i], read.sequences[i], canonical);
        previous = entry_hash(previous, canonical);
        EXPECT_EQ(previous, test::array_from_hex<32>(read.hashes[i]))
            << "entry " << read.sequences[i];
    }
}

// An export that says a year which its reader takes for another would be believed.
TEST_F(ExporterTest, RefusesAYearThatCanNotBeSaid) {
    Entry late = test::capture(id_of(9), 1);
    late.recorded = Timestamp(*parse_day("9999-12-31"));
    ASSERT_TRUE(books.post(late));
    for (const ExportFormat format : {ExportFormat::hledger, ExportFormat::beancount}) {
        auto made = JournalExport::begin(*books.database, format);
        ASSERT_TRUE(made);
        std::string out;
        const Result<bool> more = (*made)->next(out);
        ASSERT_FALSE(more);
        EXPECT_EQ(more.error().code(), ErrorCode::invalid_argument);
        EXPECT_EQ(more.error().detail(),
                  "entry 6 was recorded in a year that the format can not say");
    }
    EXPECT_NE(exported(*books.database, ExportFormat::csv).find("253402214400000000"),
              std::string::npos);
}

TEST(Exporter, WritesEmptyBooks) {
    const test::TemporaryFolder folder;
    const Books books(folder.url());
    EXPECT_EQ(exported(*books.database, ExportFormat::hledger),
              "; Causeway journal for hledger\n\ndecimal-mark .\n\n\n; The end: entries 0\n");
    EXPECT_EQ(exported(*books.database, ExportFormat::csv),
              "sequence,entry_id,type,kind,reference,effective,recorded,pending_id,expires,"
              "line_no,owner,purpose,currency,minor_units,amount,hash\n");
}

TEST(Exporter, KnowsItsFormats) {
    EXPECT_EQ(*parse_export_format("hledger"), ExportFormat::hledger);
    EXPECT_EQ(*parse_export_format("beancount"), ExportFormat::beancount);
    EXPECT_EQ(*parse_export_format("csv"), ExportFormat::csv);
    EXPECT_FALSE(parse_export_format("CSV"));
    EXPECT_FALSE(parse_export_format(""));
}

}  // namespace
}  // namespace causeway::ledger
