// SPDX-License-Identifier: Apache-2.0
//
// Files with one column changed: what must not be believed, and what other people's software
// leaves open and must be read all the same.
#include "connectors/boleto/cnab/retorno.h"
#include "tests/connectors/boleto/cnab/collected.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>

namespace causeway::connectors::cnab {
namespace {

constexpr LayoutId kItau = LayoutId::itau400;
constexpr LayoutId kBradesco = LayoutId::bradesco400;
constexpr LayoutId kBb = LayoutId::bb240;

Beneficiary beneficiary(LayoutId layout) {
    Beneficiary who{.name = "SHOP", .branch = "57", .account = "72192", .account_digit = "0"};
    if (layout == kBradesco) who.company_code = "4628596";
    if (layout == kBb) who.agreement = "200685";
    return who;
}

Event paid(LayoutId layout) {
    Event event{.our_number = "12345678",
                .our_number_digit = "8",
                .control = "ORDER-1",
                .wallet = "109",
                .occurrence = "06",
                .title_minor_units = 98'765,
                .occurred_on = Date(std::chrono::year(2026) / 11 / 20)};
    if (layout == kItau) return event;
    event.our_number = layout == kBb ? "200685144057" : "12345678902";
    event.our_number_digit = layout == kBb ? "" : "9";
    event.wallet = layout == kBb ? "" : "9";
    return event;
}

// One title, paid. It is line 2, in CNAB 240 lines 3 and 4; the trailer is -1.
std::string file(LayoutId layout) {
    const auto bytes =
        write_retorno({.header = {.layout = layout,
                                  .beneficiary = beneficiary(layout),
                                  .sequence = 42,
                                  .generated_on = Date(std::chrono::year(2026) / 11 / 20)},
                       .events = {paid(layout)}});
    EXPECT_TRUE(bytes) << bytes.error().detail();
    return *bytes;
}

struct Change {
    int line;
    int column;
    std::string_view text;
};

std::string changed(LayoutId layout, const Change& change) {
    std::string bytes = file(layout);
    const auto length = static_cast<std::size_t>(layout_of(layout).record_length) + 2;
    const std::size_t lines = bytes.size() / length;
    const std::size_t line =
        change.line > 0 ? static_cast<std::size_t>(change.line) - 1 : lines - 1;
    return bytes.replace(line * length + static_cast<std::size_t>(change.column) - 1,
                         change.text.size(),
                         change.text);
}

TEST(DamagedCnab, ARowThatContradictsItselfIsNoEvent) {
    struct Row {
        const char* name;
        LayoutId layout;
        Change change;
        int column;  // Of the fault.
        const char* reason;
    };
    constexpr const char* kElsewhere = "not the number that the row has elsewhere";
    const Row rows[] = {
        {"a letter in the number", kItau, {2, 86, "1A345678"}, 86, "not digits"},
        {"a blank in the number", kItau, {2, 86, "1234 678"}, 86, "not digits"},
        {"no number", kItau, {2, 86, "        "}, 86, "blank"},
        {"another number", kItau, {2, 86, "99999999"}, 63, kElsewhere},
        {"number of zeros beside a true copy", kItau, {2, 86, "00000000"}, 63, kElsewhere},
        {"another first copy", kItau, {2, 63, "12345679"}, 63, kElsewhere},
        {"a letter in the second copy", kItau, {2, 127, "1234567O"}, 127, kElsewhere},
        {"another digit", kItau, {2, 94, "3"}, 94, "does not fit the number"},
        {"a letter for a digit", kItau, {2, 94, "X"}, 94, "does not fit the number"},
        {"another wallet, its zeros blank", kItau, {2, 83, " 09"}, 94, "does not fit the number"},
        {"a letter in the branch", kItau, {2, 18, "OO57"}, 18, "not digits"},
        {"another branch", kItau, {2, 18, "0058"}, 18, "not the account of the header"},
        {"another account", kItau, {2, 24, "72193"}, 24, "not the account of the header"},
        {"a letter in the wallet", kItau, {2, 83, "1O9"}, 83, "not digits"},
        {"reasons out of their columns",
         kItau,
         {2, 378, " 08 15"},
         378,
         "a code that begins with a blank"},
        {"a letter in Bradesco's number", kBradesco, {2, 71, "1234567890I"}, 71, "not digits"},
        {"no number at Bradesco", kBradesco, {2, 71, "            "}, 71, "blank"},
        {"another repetition", kBradesco, {2, 144, "2"}, 127, kElsewhere},
        {"another digit in the repetition", kBradesco, {2, 146, "P"}, 127, kElsewhere},
        {"another digit at Bradesco", kBradesco, {2, 82, "1"}, 127, kElsewhere},
        {"another wallet than the digit's",
         kBradesco,
         {2, 22, "008"},
         82,
         "does not fit the number"},
        {"a letter in Bradesco's branch", kBradesco, {2, 25, "OOO57"}, 25, "not digits"},
        {"a letter in Bradesco's account", kBradesco, {2, 30, "007Z192"}, 30, "not digits"},
        {"a letter in Banco do Brasil's number", kBb, {3, 40, "A"}, 38, "not digits"},
        {"no number at Banco do Brasil", kBb, {3, 38, "                    "}, 38, "blank"},
        {"a number whose digit does not fit", kBb, {3, 49, "8"}, 38, "does not fit the number"},
        {"another branch at Banco do Brasil",
         kBb,
         {3, 18, "00058"},
         18,
         "not the account of the header"},
        {"a day in the year 26", kBb, {3, 74, "01010026"}, 74, "no such day"},
        {"Banco do Brasil's reasons out of their columns",
         kBb,
         {3, 214, " 04 01"},
         214,
         "a code that begins with a blank"},
        {"a segment T of another bank", kBb, {3, 1, "237"}, 1, "another bank"},
        {"a segment U of another bank", kBb, {4, 1, "237"}, 1, "another bank"},
    };
    for (const Row& row : rows) {
        SCOPED_TRACE(row.name);
        const auto got = collect(layout_of(row.layout), changed(row.layout, row.change));
        EXPECT_TRUE(got.events.empty());
        const auto error = std::ranges::find(got.errors, row.change.line, &RowError::line);
        ASSERT_NE(error, got.errors.end());
        EXPECT_EQ(error->column, row.column);
        EXPECT_FALSE(error->field.empty());
        EXPECT_EQ(error->reason, row.reason);
    }
}

TEST(DamagedCnab, WhatNobodyFilledCountsForNothing) {
    struct Row {
        const char* name;
        LayoutId layout;
        Change change;
    };
    const Row rows[] = {
        {"as it was written", kItau, {2, 1, "1"}},
        {"first copy zero", kItau, {2, 63, "00000000"}},
        {"second copy blank", kItau, {2, 127, "        "}},
        {"digit zero", kItau, {2, 94, "0"}},
        {"digit blank", kItau, {2, 94, " "}},
        {"digit without branch and account", kItau, {2, 94, "1"}},
        {"account zero", kItau, {2, 18, "000000000000"}},
        {"species blank", kItau, {2, 174, "  "}},
        {"letters where the bank keeps its own", kItau, {2, 312, "A000000000000"}},
        {"service with its cedilla",
         kItau,
         {1,
          12,
          "COBRAN\xC7"
          "A"}},
        {"as Bradesco writes it", kBradesco, {2, 1, "1"}},
        {"repetition blank", kBradesco, {2, 127, "                    "}},
        {"repetition zero", kBradesco, {2, 127, "00000000000000000000"}},
        {"repetition at the left end", kBradesco, {2, 127, "123456789029        "}},
        {"repetition without its digit", kBradesco, {2, 127, "00000000012345678902"}},
        {"digit blank at Bradesco", kBradesco, {2, 82, " "}},

        {"as Banco do Brasil writes it", kBb, {3, 8, "3"}},
        {"seventeen digits", kBb, {3, 38, "20068500000000001   "}},
        {"account digit X", kBb, {3, 36, "X"}},
        {"version of the layout", kBb, {1, 164, "030"}},
    };
    for (const Row& row : rows) {
        SCOPED_TRACE(row.name);
        const auto got = collect(layout_of(row.layout), changed(row.layout, row.change));
        EXPECT_FALSE(got.summary.error) << to_text(*got.summary.error);
        for (const RowError& error : got.errors)
            ADD_FAILURE() << to_text(error);
        EXPECT_EQ(got.events.size(), 1U);
    }
}

TEST(DamagedCnab, AFeeAndAnUnknownCreditNeedNoNumber) {
    for (const std::string_view occurrence : {"72", "84", "42"}) {
        SCOPED_TRACE(occurrence);
        std::string bytes = changed(kItau, {2, 86, "         "});
        bytes.replace(402 + 108, 2, occurrence);
        const auto got = collect(itau400(), bytes);
        EXPECT_TRUE(got.errors.empty());
        ASSERT_EQ(got.events.size(), 1U);
        EXPECT_EQ(got.events[0].our_number, "");
    }
}

TEST(DamagedCnab, TheSkeletonIsTheFilesFault) {
    struct Row {
        const char* name;
        LayoutId layout;
        Change change;
        int column;
    };
    const Row rows[] = {
        {"another service", kItau, {1, 10, "02"}, 10},
        {"another service by name", kItau, {1, 12, "PAGAMENTO"}, 12},
        {"another service in the trailer", kItau, {-1, 3, "02"}, 3},
        {"letters in a trailer's total", kItau, {-1, 26, "0000000000X000"}, 26},
        {"letters in a trailer's count", kItau, {-1, 18, "0000000X"}, 18},
        {"letters in the header's branch", kItau, {1, 27, "OO57"}, 27},
        {"Bradesco's other service", kBradesco, {1, 10, "02"}, 10},
        {"letters in Bradesco's company code", kBradesco, {1, 40, "X"}, 27},
        {"letters in Bradesco's total", kBradesco, {-1, 26, "0000000000X000"}, 26},
        {"another service of CNAB 240", kBb, {2, 10, "02"}, 10},
        {"a file header with a batch number", kBb, {1, 4, "0001"}, 4},
        {"a file trailer with a batch number", kBb, {-1, 4, "0001"}, 4},
        {"letters for the last batch", kBb, {-1, 4, "99A9"}, 4},
        {"a batch trailer of another bank", kBb, {5, 1, "237"}, 1},
        {"a file trailer of another bank", kBb, {-1, 1, "237"}, 1},
        {"a batch that skips a number", kBb, {2, 4, "0002"}, 4},
        {"no time of day", kBb, {1, 152, "256199"}, 152},
        {"letters in the agreement", kBb, {1, 33, "OOO200685"}, 33},
    };
    for (const Row& row : rows) {
        SCOPED_TRACE(row.name);
        const auto got = collect(layout_of(row.layout), changed(row.layout, row.change));
        ASSERT_TRUE(got.summary.error);
        EXPECT_EQ(got.summary.error->column, row.column) << to_text(*got.summary.error);
        EXPECT_FALSE(got.summary.error->field.empty());
    }
}

std::string with_second_batch(std::string_view number) {
    const std::string bytes = file(kBb);
    constexpr std::size_t kLine = 242;
    std::string all = bytes.substr(0, 5 * kLine);
    for (std::size_t line = 1; line < 5; ++line) {
        all += std::string(bytes.substr(line * kLine, kLine)).replace(3, 4, number);
    }
    return all + std::string(bytes.substr(5 * kLine)).replace(17, 12, "000002000010");
}

// FEBRABAN, G002: batches are counted from 0001.
TEST(DamagedCnab, BatchesAreNumberedWithoutGap) {
    const auto good = collect(bb240(), with_second_batch("0002"));
    EXPECT_FALSE(good.summary.error) << to_text(*good.summary.error);
    EXPECT_EQ(good.events.size(), 2U);
    for (const std::string_view number : {"0001", "0003"}) {
        SCOPED_TRACE(number);
        const auto got = collect(bb240(), with_second_batch(number));
        ASSERT_TRUE(got.summary.error);
        EXPECT_EQ(got.summary.error->line, 6);
        EXPECT_EQ(got.summary.error->field, "lote_de_servico");
        EXPECT_EQ(got.summary.error->expected, "2");
    }
}

TEST(DamagedCnab, ATimeThatNoDayHasIsNotWritten) {
    const auto bytes = write_retorno(
        {.header = {.layout = kBb, .beneficiary = beneficiary(kBb), .generated_at_hhmmss = 126'100},
         .events = {}});
    ASSERT_FALSE(bytes);
    EXPECT_NE(bytes.error().detail().find("no such time"), std::string::npos);
}

}  // namespace
}  // namespace causeway::connectors::cnab
