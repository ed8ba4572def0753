// SPDX-License-Identifier: Apache-2.0
#include "ledger/csv.h"

#include "tests/support/case_name.h"

#include <gtest/gtest.h>

#include <rapidcheck.h>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace causeway::ledger {
namespace {

using Rows = std::vector<std::vector<std::string>>;

Result<Rows> read_all(CsvReader reader) {
    Rows rows;
    CsvRow row;
    for (;;) {
        const Result<bool> read = reader.next(row);
        if (!read) return read.error();
        if (!*read) return rows;
        rows.emplace_back();
        for (std::size_t i = 0; i < row.size(); ++i)
            rows.back().emplace_back(row[i]);
    }
}

Result<Rows> read_all(std::string_view text, CsvOptions options = {}) {
    return read_all(CsvReader(text, options));
}

struct ReadCase {
    std::string name;
    std::string text;
    Rows rows;
};

class CsvRead : public testing::TestWithParam<ReadCase> {};

TEST_P(CsvRead, ReadsTheSameFromTextAndStream) {
    const Result<Rows> from_text = read_all(GetParam().text);
    ASSERT_TRUE(from_text) << from_text.error().detail();
    EXPECT_EQ(*from_text, GetParam().rows);
    std::istringstream stream(GetParam().text);
    const Result<Rows> from_stream = read_all(CsvReader(stream));
    ASSERT_TRUE(from_stream) << from_stream.error().detail();
    EXPECT_EQ(*from_stream, GetParam().rows);
}

INSTANTIATE_TEST_SUITE_P(
    File,
    CsvRead,
    testing::Values(ReadCase{"Nothing", "", {}},
                    ReadCase{"LineFeed", "a,b\n1,2\n", {{"a", "b"}, {"1", "2"}}},
                    ReadCase{"CarriageReturn", "a,b\r\n1,2\r\n", {{"a", "b"}, {"1", "2"}}},
                    ReadCase{"NoLastLineFeed", "a\nb", {{"a"}, {"b"}}},
                    ReadCase{"TrailingSeparator", "a,\n", {{"a", ""}}},
                    ReadCase{"TrailingSeparatorCut", "a,", {{"a", ""}}},
                    ReadCase{"EmptyLine", "\na\n", {{""}, {"a"}}},
                    ReadCase{"Quotes", "\"a,\"\"b\"\"\",\"\"\n", {{"a,\"b\"", ""}}},
                    ReadCase{"LinesInQuotes", "\"a\nb\r\nc\",d\n", {{"a\nb\r\nc", "d"}}},
                    ReadCase{"QuoteEndsTheFile", "a,\"b\"", {{"a", "b"}}},
                    ReadCase{"ByteOrderMark", "\xEF\xBB\xBF\"a\",b\n", {{"a", "b"}}},
                    ReadCase{"Spaces", " a , b\n", {{" a ", " b"}}}),
    test::case_name<ReadCase>);

struct RefuseCase {
    std::string name;
    std::string text;
    std::string detail;
};

class CsvRefuse : public testing::TestWithParam<RefuseCase> {};

TEST_P(CsvRefuse, NamesLineAndColumn) {
    CsvOptions options;
    options.row_bytes_max = 8;
    options.columns_max = 3;
    options.refuse_cut = true;
    const Result<Rows> rows = read_all(GetParam().text, options);
    ASSERT_FALSE(rows);
    EXPECT_EQ(rows.error().code(), ErrorCode::invalid_argument);
    EXPECT_EQ(rows.error().detail(), GetParam().detail);
}

INSTANTIATE_TEST_SUITE_P(
    File,
    CsvRefuse,
    testing::Values(
        RefuseCase{"QuoteNotClosed", "a\n\"b\nc\n", "line 2, column 1: quote not closed"},
        RefuseCase{"QuoteInside", "a\nb,c\"d\n", "line 2, column 2: a quote in an unquoted cell"},
        RefuseCase{
            "TextAfterQuote", "a\n\"b\n\"x\n", "line 3, column 1: text after a closing quote"},
        RefuseCase{"BareCarriageReturn",
                   "a\rb\n",
                   "line 1, column 1: a carriage return without a line feed"},
        RefuseCase{"CutAfterCarriageReturn",
                   "a\n\nb\r",
                   "line 3, column 1: a carriage return without a line feed"},
        RefuseCase{"RowTooLong", "12345678\n1234,56789\n", "line 2, column 2: the row is too long"},
        RefuseCase{"QuotedRowTooLong", "\"123456789\"\n", "line 1, column 1: the row is too long"},
        RefuseCase{"TooManyColumns", "1,2,3\n1,2,3,4\n", "line 2, column 3: too many columns"},
        // Half of "1000" is "10": a cut file must not become a smaller amount.
        RefuseCase{
            "Cut", "a,b\n1,10", "line 2, column 2: the last line is cut: it has no line feed"}),
    test::case_name<RefuseCase>);

TEST(Csv, RepeatsItsErrorInsteadOfGoingOn) {
    CsvReader reader("a\"\nb\n");
    CsvRow row;
    const Result<bool> first = reader.next(row);
    const Result<bool> second = reader.next(row);
    ASSERT_FALSE(first);
    ASSERT_FALSE(second);
    EXPECT_EQ(first.error(), second.error());
}

TEST(Csv, TellsWhetherTheLastLineIsCut) {
    for (const auto& [text, cut] : {std::pair("a\nb\n", false), std::pair("a\nb", true)}) {
        CsvReader reader{std::string_view(text)};
        CsvRow row;
        while (*reader.next(row)) {
        }
        EXPECT_EQ(reader.ends_cut(), cut) << text;
    }
}

TEST(Csv, CountsLinesThroughQuotedCells) {
    CsvReader reader("\"a\nb\"\nc\n", CsvOptions{});
    CsvRow row;
    ASSERT_TRUE(*reader.next(row));
    EXPECT_EQ(row.line(), 1);
    ASSERT_TRUE(*reader.next(row));
    EXPECT_EQ(row.line(), 3);
}

TEST(Csv, ReadsCellsAcrossTheBlocksOfAStream) {
    // Every two-byte mark of the format meets the edge of a 64 KiB block once.
    for (std::size_t pad = 65'530; pad < 65'540; ++pad) {
        const std::string text = std::string(pad, 'x') + ",\"a\"\"b\"\r\nc\n";
        std::istringstream stream(text);
        const Result<Rows> rows = read_all(CsvReader(stream));
        ASSERT_TRUE(rows) << pad << ": " << rows.error().detail();
        ASSERT_EQ(*rows, (Rows{{std::string(pad, 'x'), "a\"b"}, {"c"}})) << pad;
    }
}

TEST(Csv, TakesAnotherSeparator) {
    EXPECT_EQ(*read_all("a;b,c\n", {.separator = ';'}), (Rows{{"a", "b,c"}}));
}

TEST(CsvTable, FindsColumnsByNameAndSaysWhichIsMissing) {
    Result<CsvTable> table = CsvTable::open(CsvReader("id,amount\n1,20\n"));
    ASSERT_TRUE(table);
    EXPECT_EQ(*table->column("amount"), 1U);
    EXPECT_EQ(table->column("fee").error().detail(), "line 1: the column 'fee' is missing");
    CsvRow row;
    ASSERT_TRUE(*table->next(row));
    EXPECT_EQ(row[1], "20");
    EXPECT_FALSE(*table->next(row));
}

TEST(CsvTable, RefusesAHeaderThatIsMissingOrNamesAColumnTwice) {
    EXPECT_EQ(CsvTable::open(CsvReader("")).error().detail(), "line 1: there is no header");
    EXPECT_EQ(CsvTable::open(CsvReader("a,b,a\n")).error().detail(),
              "line 1, column 3: the name 'a' occurs twice");
}

TEST(CsvTable, RefusesRowsWithMoreOrFewerCells) {
    for (const std::string_view row_text : {"1\n", "1,2,3\n", "\n"}) {
        const std::string text = "a,b\n1,2\n" + std::string(row_text);
        Result<CsvTable> table = CsvTable::open(CsvReader(text));
        ASSERT_TRUE(table);
        CsvRow row;
        ASSERT_TRUE(*table->next(row));
        const Result<bool> odd = table->next(row);
        ASSERT_FALSE(odd) << row_text;
        EXPECT_TRUE(odd.error().detail().starts_with("line 3: ")) << odd.error().detail();
    }
}

TEST(CsvWriter, QuotesOnlyWhereItMust) {
    std::string out;
    CsvWriter writer(out);
    writer.cell("a").cell("").cell("b,c").cell("d\"e").cell(" f").cell(-12).end_row();
    writer.cell("").end_row();
    EXPECT_EQ(out, "a,,\"b,c\",\"d\"\"e\",\" f\",-12\n\"\"\n");
}

// What we wrote, anybody reads back: bytes of every kind, any separator, both ways of reading.
TEST(Csv, ReadsBackWhatItWrote) {
    const auto any_cell = rc::gen::container<std::string>(
        rc::gen::weightedOneOf<char>({{3, rc::gen::element(',', ';', '"', '\r', '\n', ' ')},
                                      {1, rc::gen::just('\xEF')},
                                      {4, rc::gen::arbitrary<char>()}}));
    const auto any_row = rc::gen::nonEmpty(rc::gen::container<std::vector<std::string>>(any_cell));
    const bool holds = rc::check([&any_row] {
        // A dozen of each at most: three nested sizes of a hundred would take seconds.
        const Rows rows = *rc::gen::scale(0.12, rc::gen::container<Rows>(any_row));
        const char separator = *rc::gen::element(',', ';', '\t', '|');
        std::string text;
        CsvWriter writer(text, separator);
        for (const std::vector<std::string>& row : rows) {
            for (const std::string& cell : row)
                writer.cell(cell);
            writer.end_row();
        }
        const CsvOptions options{.separator = separator, .refuse_cut = true};
        std::istringstream stream(text);
        const Result<Rows> from_text = read_all(text, options);
        const Result<Rows> from_stream = read_all(CsvReader(stream, options));
        RC_ASSERT(from_text.has_value());
        RC_ASSERT(from_stream.has_value());
        RC_ASSERT(*from_text == rows);
        RC_ASSERT(*from_stream == rows);
    });
    EXPECT_TRUE(holds);
}

// Random bytes are rows or an error, never a crash, and never more than the limits allow.
TEST(Csv, SurvivesRandomBytes) {
    const auto any_text = rc::gen::container<std::string>(rc::gen::weightedOneOf<char>(
        {{3, rc::gen::element(',', '"', '\r', '\n')}, {2, rc::gen::arbitrary<char>()}}));
    const bool holds = rc::check([&any_text] {
        const std::string text = *any_text;
        const CsvOptions options{.row_bytes_max = 16, .columns_max = 4};
        const Result<Rows> rows = read_all(text, options);
        if (!rows) {
            RC_ASSERT(rows.error().detail().starts_with("line "));
            return;
        }
        std::size_t bytes = 0;
        for (const std::vector<std::string>& row : *rows) {
            RC_ASSERT(!row.empty());
            RC_ASSERT(row.size() <= 4U);
            for (const std::string& cell : row)
                bytes += cell.size();
        }
        RC_ASSERT(bytes <= text.size());
    });
    EXPECT_TRUE(holds);
}

}  // namespace
}  // namespace causeway::ledger
