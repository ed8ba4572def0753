// SPDX-License-Identifier: Apache-2.0
#include "connectors/boleto/cnab/retorno.h"

#include "tests/connectors/boleto/cnab/collected.h"

#include <gtest/gtest.h>

namespace causeway::connectors::cnab {
namespace {

Date on(int year, unsigned month, unsigned day) {
    return {std::chrono::year(year), std::chrono::month(month), std::chrono::day(day)};
}

Event event(LayoutId layout, std::string occurrence) {
    Event result{.our_number = layout == LayoutId::itau400 ? "12345678" : "12345678901",
                 .control = "ORDER-1",
                 .document = "DOC1",
                 .occurrence = std::move(occurrence),
                 .title_minor_units = 98'765,
                 .occurred_on = on(2026, 11, 20)};
    if (layout != LayoutId::bb240) result.our_number_digit = "5";
    return result;
}

std::string file(LayoutId layout, std::vector<Event> events) {
    const auto bytes = write_retorno({.header = {.layout = layout,
                                                 .beneficiary = {.name = "SHOP"},
                                                 .sequence = 42,
                                                 .generated_on = on(2026, 11, 20)},
                                      .events = std::move(events)});
    EXPECT_TRUE(bytes) << bytes.error().detail();
    return *bytes;
}

std::string two_titles(LayoutId layout) {
    return file(layout, {event(layout, "02"), event(layout, "06")});
}

std::string replaced(std::string bytes, std::string_view what, std::string_view with) {
    const auto at = bytes.find(what);
    EXPECT_NE(at, std::string::npos);
    return bytes.replace(at, what.size(), with);
}

TEST(CnabRetorno, TheSameCodeMeansWhatItsBankMeans) {
    struct Row {
        const char* name;
        LayoutId layout;
        const char* code;
        EventClass expected;
    };
    const Row rows[] = {
        {"Itaú 10 is Pix", LayoutId::itau400, "10", EventClass::paid_by_pix},
        {"Bradesco 10 is a write-off", LayoutId::bradesco400, "10", EventClass::written_off},
        {"Itaú 17 is a refusal", LayoutId::itau400, "17", EventClass::rejected},
        {"Bradesco 17 is money", LayoutId::bradesco400, "17", EventClass::paid},
        {"Banco do Brasil 17 is money", LayoutId::bb240, "17", EventClass::paid},
        {"Itaú 95 is no money yet", LayoutId::itau400, "95", EventClass::pending},
        {"Itaú 60 refuses a booklet", LayoutId::itau400, "60", EventClass::rejected},
        {"Itaú 80 is a tariff", LayoutId::itau400, "80", EventClass::fee},
        {"Itaú 84 is a tariff", LayoutId::itau400, "84", EventClass::fee},
        {"a code of the future", LayoutId::bb240, "99", EventClass::unknown},
    };
    for (const Row& row : rows) {
        SCOPED_TRACE(row.name);
        const auto got =
            collect(layout_of(row.layout), file(row.layout, {event(row.layout, row.code)}));
        ASSERT_EQ(got.events.size(), 1U);
        EXPECT_EQ(got.events[0].event_class, row.expected);
        EXPECT_EQ(got.events[0].occurrence, row.code);
    }
}

TEST(CnabRetorno, RefusesAFileBeforeItsRows) {
    const std::string itau = two_titles(LayoutId::itau400);
    struct Row {
        const char* name;
        const Layout& layout;
        std::string bytes;
        const char* reason;
    };
    const Row rows[] = {
        {"nothing", itau400(), "", "empty"},
        {"another bank", itau400(), replaced(itau, "341BANCO", "237BANCO"), "another bank"},
        {"another bank's file", bradesco400(), itau, "another bank"},
        {"another layout", bb240(), itau, "cut: the last line is no trailer"},
        {"a remessa", itau400(), replaced(itau, "02RETORNO", "01REMESSA"), "not a retorno"},
        {"cut in a line", itau400(), itau.substr(0, 700), "cut: there is no trailer"},
        {"cut behind a line", itau400(), itau.substr(0, 804), "cut: there is no trailer"},
    };
    for (const Row& row : rows) {
        SCOPED_TRACE(row.name);
        const auto got = collect(row.layout, row.bytes);
        ASSERT_TRUE(got.summary.error);
        if (std::string_view(row.name) != "another layout") {
            EXPECT_EQ(got.summary.error->reason, row.reason) << to_text(*got.summary.error);
        }
        EXPECT_TRUE(got.headers.empty());
        EXPECT_TRUE(got.events.empty());
        EXPECT_TRUE(got.errors.empty());
    }
}

TEST(CnabRetorno, ABrokenRowDoesNotTouchItsNeighbours) {
    const std::string good = two_titles(LayoutId::itau400);
    struct Row {
        const char* name;
        std::string bytes;
        int column;
        const char* field;
        const char* reason;
    };
    const std::string amount = "0000000098765";
    const Row rows[] = {
        {"a letter in an amount",
         replaced(good, amount, "00000000987O5"),
         153,
         "valor_do_titulo",
         "not digits"},
        {"no such day",
         replaced(good, "02201126", "02310226"),
         111,
         "data_de_ocorrencia",
         "no such day"},
        {"a column too many",
         replaced(good, amount, amount + " "),
         0,
         "",
         "wrong length for cnab400-itau"},
        {"an unknown type",
         replaced(good, "\r\n1", "\r\n7"),
         0,
         "",
         "a record type that this file does not have"},
        {"re-encoded",
         replaced(good, "ORDER-1 ", "ORD\xC3\x89R-1 "),
         0,
         "",
         "re-encoded as UTF-8: right in characters, but its columns have moved"},
    };
    for (const Row& row : rows) {
        SCOPED_TRACE(row.name);
        const auto got = collect(itau400(), row.bytes);
        EXPECT_FALSE(got.summary.error) << to_text(*got.summary.error);
        ASSERT_EQ(got.errors.size(), 1U);
        EXPECT_EQ(got.errors[0].line, 2);
        EXPECT_EQ(got.errors[0].column, row.column);
        EXPECT_EQ(got.errors[0].field, row.field);
        EXPECT_EQ(got.errors[0].reason, row.reason);
        ASSERT_EQ(got.events.size(), 1U);
        EXPECT_EQ(got.events[0].occurrence, "06");
    }
}

TEST(CnabRetorno, TheTrailerIsComparedAndNamesBothNumbers) {
    const std::string good = two_titles(LayoutId::bradesco400);
    // One settled title in the file, two in the trailer.
    const auto trailer = good.rfind("9201237");
    std::string bytes = good;
    bytes.replace(trailer + 86, 5, "00002");
    const auto got = collect(bradesco400(), bytes);
    ASSERT_TRUE(got.summary.error);
    EXPECT_EQ(got.summary.error->field, "quantidade_ocorrencia_06");
    EXPECT_EQ(got.summary.error->expected, "1");
    EXPECT_EQ(got.summary.error->found, "2");
}

TEST(CnabRetorno, TakesTheLineEndsOfRealFiles) {
    for (const LayoutId layout : {LayoutId::itau400, LayoutId::bradesco400, LayoutId::bb240}) {
        const std::string crlf = two_titles(layout);
        std::string lf;
        for (const char c : crlf) {
            if (c != '\r') lf += c;
        }
        const std::string trimmed = crlf.substr(0, crlf.find_last_not_of("\r\n\x1A ") + 1);
        const auto length = static_cast<std::size_t>(layout_of(layout).record_length);
        const std::string bare = crlf.substr(0, (crlf.size() / (length + 2)) * (length + 2) - 2);
        for (const std::string& bytes :
             {crlf, lf, bare, bare + "\x1A", crlf + "\x1A\r\n", crlf + "\r\n"}) {
            const auto got = collect(layout_of(layout), bytes);
            EXPECT_FALSE(got.summary.error) << to_text(*got.summary.error);
            EXPECT_EQ(got.events.size(), 2U);
        }
        EXPECT_TRUE(collect(layout_of(layout), crlf + "more\r\n").summary.error);
    }
}

TEST(CnabRetorno, TheQrCodeBelongsToItsTitle) {
    Event registered = event(LayoutId::itau400, "02");
    registered.pix = PixResult{.copy_and_paste = "00020101", .error = "", .error_text = {}};
    Event without = event(LayoutId::itau400, "02");
    without.pix = PixResult{.copy_and_paste = "", .error = "008", .error_text = {}};
    const auto got = collect(itau400(), file(LayoutId::itau400, {registered, without}));
    ASSERT_EQ(got.events.size(), 2U);
    EXPECT_EQ(got.events[0].pix->copy_and_paste, "00020101");
    EXPECT_EQ(got.events[0].pix->error, "");
    EXPECT_EQ(got.events[1].pix->error_text, "location in use");
    EXPECT_EQ(got.events[1].event_class, EventClass::registered);
}

// It comes unasked where the bank has switched hybrids on for the account.
TEST(CnabRetorno, BradescosPixRecordBelongsToItsTitle) {
    Event registered = event(LayoutId::bradesco400, "02");
    registered.wallet = "9";
    registered.our_number_digit = "0";
    registered.pix = PixResult{};
    registered.pix->url = "qr.example.com/v2/0a1b";
    registered.pix->txid = "TX1";
    const std::string bytes =
        file(LayoutId::bradesco400, {registered, event(LayoutId::bradesco400, "06")});
    const std::string line = bytes.substr(std::size_t{2} * 402, 400);
    EXPECT_EQ(line.substr(0, 4), "4009");
    EXPECT_EQ(line.substr(16, 12), "123456789010");
    EXPECT_EQ(line.substr(28, 77), "qr.example.com/v2/0a1b" + std::string(55, ' '));
    EXPECT_EQ(line.substr(105, 35), "TX1" + std::string(32, ' '));
    EXPECT_EQ(line.substr(394), "000003");

    const auto got = collect(bradesco400(), bytes);
    EXPECT_FALSE(got.summary.error) << to_text(*got.summary.error);
    EXPECT_TRUE(got.errors.empty());
    ASSERT_EQ(got.events.size(), 2U);
    EXPECT_EQ(got.events[0].pix, registered.pix);
    EXPECT_FALSE(got.events[1].pix);

    const auto other = collect(
        bradesco400(), replaced(bytes, line.substr(0, 28), line.substr(0, 16) + "123456789025"));
    ASSERT_EQ(other.errors.size(), 1U);
    EXPECT_EQ(other.errors[0].column, 17);
    EXPECT_EQ(other.errors[0].reason, "not the number of its title");
    ASSERT_EQ(other.events.size(), 2U);
    EXPECT_FALSE(other.events[0].pix);
}

// 18 and 42 are reasons of their own, 1842 is a claim of the payer. Itaú, note 20, table 6.
TEST(CnabRetorno, AReasonIsAsLongAsItsTableSays) {
    for (const std::string_view occurrence : {"03", "24", "25", "79"}) {
        SCOPED_TRACE(occurrence);
        Event told = event(LayoutId::itau400, std::string(occurrence));
        const bool wide = occurrence != "03";
        told.reasons = {{.code = wide ? "1842" : "18", .text = {}},
                        {.code = wide ? "1800" : "42", .text = {}}};
        const auto got = collect(itau400(), file(LayoutId::itau400, {told}));
        ASSERT_EQ(got.events.size(), 1U);
        ASSERT_EQ(got.events[0].reasons.size(), 2U);
        EXPECT_EQ(got.events[0].reasons[0].code, told.reasons[0].code);
        EXPECT_EQ(got.events[0].reasons[1].code, told.reasons[1].code);
    }
}

TEST(CnabRetorno, ABatchNeedsItsPairs) {
    const std::string good = two_titles(LayoutId::bb240);
    // The movement of the first U.
    const auto at = good.find("U 02");
    const auto got = collect(bb240(), std::string(good).replace(at, 4, "U 06"));
    ASSERT_EQ(got.errors.size(), 1U);
    EXPECT_EQ(got.errors[0].reason, "not the movement of its segment T");
    ASSERT_EQ(got.events.size(), 1U);
    EXPECT_EQ(got.events[0].line, 5);
}

// Half a title has no amounts: it would look like a payment of nothing.
TEST(CnabRetorno, HalfATitleIsNoEvent) {
    std::string bytes = two_titles(LayoutId::bb240);
    bytes.erase(std::size_t{3} * 242, 242);
    const auto got = collect(bb240(), bytes);
    ASSERT_EQ(got.errors.size(), 1U);
    EXPECT_EQ(got.errors[0].line, 3);
    EXPECT_EQ(got.errors[0].reason, "segment T without its U");
    ASSERT_EQ(got.events.size(), 1U);
    EXPECT_EQ(got.events[0].line, 4);
    EXPECT_TRUE(got.summary.error);
}

TEST(CnabRetorno, ALineThatIsMissingIsTheFilesFault) {
    std::string bytes = two_titles(LayoutId::itau400);
    bytes.erase(402, 402);
    const auto got = collect(itau400(), bytes);
    ASSERT_TRUE(got.summary.error);
    EXPECT_EQ(to_text(*got.summary.error),
              "line 2 column 395 (numero_sequencial): out of order; expected 2, found 3");
}

TEST(CnabRetorno, WhatABankHasNoColumnForIsNotWritten) {
    Event paid = event(LayoutId::itau400, "06");
    paid.other_expenses_minor_units = 1;
    EXPECT_FALSE(write_retorno({.header = {.layout = LayoutId::itau400}, .events = {paid}}));
}

}  // namespace
}  // namespace causeway::connectors::cnab
