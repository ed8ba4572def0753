// SPDX-License-Identifier: Apache-2.0
//
// What is written is read back as the bank would read it, and what a bank tells of it becomes the
// notices that the gateway applies.
#include "connectors/boleto/cnab/remessa.h"
#include "connectors/boleto/cnab/retorno.h"
#include "connectors/boleto/remessa_file.h"
#include "connectors/boleto/retorno_file.h"
#include "connectors/pix/br_code.h"
#include "tests/connectors/boleto/some_config.h"
#include "tests/support/case_name.h"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <iostream>
#include <set>

namespace causeway::connectors::boleto {
namespace {

using namespace std::chrono_literals;
using cnab::Event;

// What a file told.
struct Told {
    Result<void> outcome;
    std::vector<FileHeader> headers;
    std::vector<std::pair<std::int64_t, Notice>> notices;
    std::vector<LineFault> faults;
    std::int64_t bytes = 0;
};

Told read(const BoletoConfig& config, std::string_view bytes) {
    Told told;
    const FileSink sink{
        .header = [&](const FileHeader& header) { told.headers.push_back(header); },
        .notice = [&](std::int64_t line,
                      Notice notice) { told.notices.emplace_back(line, std::move(notice)); },
        .fault = [&](LineFault fault) { told.faults.push_back(std::move(fault)); },
        .progress = [&](std::int64_t done) { told.bytes = done; }};
    told.outcome = read_retorno_file(config, bytes, sink);
    return told;
}

cnab::FileHeader header_of(const BoletoConfig& config, std::int64_t sequence) {
    return {.layout = layout_of(config.at.bank),
            .beneficiary = file_beneficiary(config),
            .sequence = sequence,
            .generated_on = cnab::Date(2026y / 11 / 26)};
}

// As a bank tells of a boleto of ours.
Event event_of(const BoletoConfig& config, std::int64_t sequence, std::string occurrence) {
    Operation collect = some_collect(config, sequence, reais(10'000));
    const cnab::Instruction told = *instruction_of(config, collect);
    const OurNumber number = *our_number(config.at, *own_part(config, collect.reference));
    Event event{.our_number = told.our_number,
                .control = told.control,
                .document = told.document,
                .wallet = config.at.bank == Bank::banco_do_brasil ? "" : config.at.wallet,
                .occurrence = std::move(occurrence),
                .title_minor_units = 10'000,
                .occurred_on = cnab::Date(2026y / 11 / 25),
                .credit_on = cnab::Date(2026y / 11 / 26),
                .due_on = told.due_on};
    if (config.at.bank != Bank::banco_do_brasil) event.our_number_digit = *number.check;
    return event;
}

std::string file_of(const BoletoConfig& config, std::vector<Event> events, int sequence = 7) {
    const auto bytes =
        cnab::write_retorno({.header = header_of(config, sequence), .events = std::move(events)});
    EXPECT_TRUE(bytes) << bytes.error().detail();
    return *bytes;
}

Notice only_notice(const BoletoConfig& config, const Event& event) {
    const Told told = read(config, file_of(config, {event}));
    EXPECT_TRUE(told.outcome) << told.outcome.error().detail();
    EXPECT_EQ(told.notices.size(), 1U)
        << (told.faults.empty() ? std::string() : told.faults[0].reason);
    return told.notices.at(0).second;
}

class EachBank : public testing::TestWithParam<Bank> {};

INSTANTIATE_TEST_SUITE_P(Banks,
                         EachBank,
                         testing::Values(Bank::banco_do_brasil, Bank::itau, Bank::bradesco),
                         [](const auto& one) {
                             return "Bank" + std::string(rules_of(one.param).code);
                         });

TEST_P(EachBank, ReadsWhatWeWrote) {
    BoletoConfig config = some_config(GetParam());
    const CollectionWish wish{.fine_bps = 200,
                              .interest_month_bps = 100,
                              .discount_bps = 500,
                              .discount_until = Day(2026y / 11 / 24)};
    const Operation collect = some_collect(config, 4711, reais(12'345), wish);
    const Operation old = some_collect(config, 4712, reais(999));
    const FileOrder order{
        .sequence = 12, .made = some_moment(), .operations = {collect, some_withdrawal(old, 4713)}};
    const auto written = write_remessa_file(config, order);
    ASSERT_TRUE(written) << written.error().detail();
    EXPECT_TRUE(written->name.ends_with("221112.REM")) << written->name;
    EXPECT_EQ(written->name.size(), 12U);

    const auto read = cnab::read_remessa(cnab::layout_of(layout_of(GetParam())), written->bytes);
    ASSERT_TRUE(read) << read.error().detail();
    ASSERT_EQ(read->instructions.size(), 2U);
    const cnab::Instruction& title = read->instructions[0];
    EXPECT_EQ(title.command, cnab::Command::register_title);
    EXPECT_EQ(title.control, collect.reference);
    EXPECT_TRUE(title.our_number.starts_with(collect.reference));
    EXPECT_EQ(title.amount_minor_units, 12'345);
    EXPECT_EQ(title.due_on, cnab::Date(2026y / 11 / 25));
    EXPECT_EQ(title.issued_on, cnab::Date(2026y / 11 / 22));
    EXPECT_EQ(title.document, "4711");
    EXPECT_EQ(title.payer.document, "49473289596");
    EXPECT_EQ(title.payer.postal_code, "50010000");
    EXPECT_EQ(title.payer.name, "JOAO DA CONCEICAO");
    ASSERT_TRUE(title.fine && title.interest && title.discount);
    EXPECT_EQ(title.fine->value, 200);
    EXPECT_EQ(title.interest->value, 4);  // 123.45 at 1 % a month is 0.04115 a day.
    EXPECT_EQ(title.interest->basis, cnab::Charge::Basis::amount);
    EXPECT_EQ(title.discount->value, 617);
    EXPECT_EQ(read->instructions[1].command, cnab::Command::write_off);
    EXPECT_EQ(read->instructions[1].control, old.reference);
}

TEST_P(EachBank, TellsOfAPaymentWithWhatThePayerGave) {
    const BoletoConfig config = some_config(GetParam());
    Event event = event_of(config, 4711, "06");
    event.tariff_minor_units = 150;
    if (GetParam() == Bank::itau) {
        event.credited_minor_units = 10'082;
        event.interest_minor_units = 232;
    } else {
        event.paid_minor_units = 10'232;
        if (GetParam() == Bank::banco_do_brasil) event.credited_minor_units = 10'082;
    }
    const Notice notice = only_notice(config, event);
    EXPECT_EQ(notice.kind, NoticeKind::received);
    EXPECT_EQ(notice.reference, number_of(config, 4711));
    EXPECT_EQ(notice.amount, reais(10'232));
    ASSERT_TRUE(notice.receipt);
    EXPECT_EQ(notice.receipt->identity, "");
    EXPECT_EQ(notice.receipt->channel, "retorno");
    EXPECT_EQ(notice.receipt->paid_on, Day(2026y / 11 / 25));
    EXPECT_EQ(notice.receipt->credited_on, Day(2026y / 11 / 26));
    EXPECT_EQ(notice.receipt->cost, reais(150));
}

TEST_P(EachBank, GivesTheSameLineTheSameIdAndAnotherAnother) {
    const BoletoConfig config = some_config(GetParam());
    Event event = event_of(config, 4711, "06");
    event.credited_minor_units = GetParam() == Bank::bradesco ? std::nullopt : std::optional(9'900);
    if (GetParam() != Bank::itau) event.paid_minor_units = 10'000;
    const std::string bytes = file_of(config, {event, event, event_of(config, 4712, "02")});
    std::set<std::string> ids;
    for (const auto& [line, notice] : read(config, bytes).notices)
        EXPECT_TRUE(ids.insert(notice.id).second) << notice.id;
    for (const auto& [line, notice] : read(config, bytes).notices)
        EXPECT_TRUE(ids.contains(notice.id)) << notice.id;
    for (const auto& [line, notice] : read(config, file_of(config, {event, event}, 8)).notices)
        EXPECT_FALSE(ids.contains(notice.id)) << notice.id;
}

// A bank that corrects a file may have its lines elsewhere in it.
TEST_P(EachBank, KnowsALineWhereverItStands) {
    const BoletoConfig config = some_config(GetParam());
    Event event = event_of(config, 4711, "06");
    event.credited_minor_units = GetParam() == Bank::bradesco ? std::nullopt : std::optional(9'900);
    if (GetParam() != Bank::itau) event.paid_minor_units = 10'000;
    const Event other = event_of(config, 4712, "02");
    const Told before = read(config, file_of(config, {event}));
    const Told after = read(config, file_of(config, {other, event}));
    ASSERT_EQ(after.notices.size(), 2U);
    EXPECT_EQ(before.notices.at(0).second.id, after.notices.at(1).second.id);
}

TEST_P(EachBank, EndsABoletoThatItRefuses) {
    const BoletoConfig config = some_config(GetParam());
    Event event = event_of(config, 4711, "03");
    event.reasons = {{.code = "08", .text = {}}};
    const Notice notice = only_notice(config, event);
    EXPECT_EQ(notice.kind, NoticeKind::instrument_refused);
    EXPECT_NE(notice.reason.find("03 registration rejected; 08 "), std::string::npos)
        << notice.reason;
    EXPECT_EQ(notice.answer.decline, Decline::not_allowed);
}

TEST_P(EachBank, IsRefusedWithAFileOfAnotherAccount) {
    BoletoConfig other = some_config(GetParam());
    other.at.branch = "4321";
    other.company_code = other.company_code.empty() ? "" : "4712";
    const BoletoConfig config = some_config(GetParam());
    const Told told = read(config, file_of(other, {event_of(other, 4711, "02")}));
    ASSERT_FALSE(told.outcome);
    EXPECT_EQ(told.outcome.error().code(), ErrorCode::invalid_argument);
    EXPECT_TRUE(told.notices.empty());
    EXPECT_TRUE(told.headers.empty());
}

TEST_P(EachBank, IsRefusedWithACutFile) {
    const BoletoConfig config = some_config(GetParam());
    const std::string bytes = file_of(config, {event_of(config, 4711, "02")});
    for (const std::size_t size : {std::size_t{0}, bytes.size() / 3, bytes.size() / 2}) {
        EXPECT_FALSE(read(config, bytes.substr(0, size)).outcome) << size;
    }
}

TEST_P(EachBank, TellsWhichOperationAFileCouldNotHold) {
    const BoletoConfig config = some_config(GetParam());
    Operation bad = some_collect(config, 2, reais(100));
    bad.collection->terms.due_on = Day(1969y / 1 / 1);
    if (GetParam() == Bank::banco_do_brasil) bad.collection->terms.due_on = Day(1800y / 1 / 1);
    const auto written =
        write_remessa_file(config,
                           {.sequence = 1,
                            .made = some_moment(),
                            .operations = {some_collect(config, 1, reais(100)), bad}});
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().code(), ErrorCode::invalid_argument);
    EXPECT_TRUE(written.error().detail().starts_with(bad.reference + ": "))
        << written.error().detail();
}

struct MeaningCase {
    std::string name;
    Bank bank;
    std::string occurrence;
    NoticeKind kind;
};

class Meanings : public testing::TestWithParam<MeaningCase> {};

TEST_P(Meanings, AreTheBanksOwn) {
    const BoletoConfig config = some_config(GetParam().bank);
    Event event = event_of(config, 4711, GetParam().occurrence);
    event.tariff_minor_units = 100;
    if (GetParam().bank == Bank::itau) event.credited_minor_units = 900;
    if (GetParam().bank != Bank::itau) event.paid_minor_units = 1'000;
    const Notice notice = only_notice(config, event);
    EXPECT_EQ(notice.kind, GetParam().kind);
    EXPECT_TRUE(notice.reason.starts_with(GetParam().occurrence + " ")) << notice.reason;
    if (notice.kind == NoticeKind::charged) {
        EXPECT_EQ(notice.amount, reais(100));
    }
}

INSTANTIATE_TEST_SUITE_P(
    Rows,
    Meanings,
    testing::Values(
        MeaningCase{"Itau06", Bank::itau, "06", NoticeKind::received},
        MeaningCase{"Itau10", Bank::itau, "10", NoticeKind::received},
        MeaningCase{"Itau09", Bank::itau, "09", NoticeKind::instrument_ended},
        MeaningCase{"Itau15", Bank::itau, "15", NoticeKind::told},
        MeaningCase{"Itau17", Bank::itau, "17", NoticeKind::told},
        MeaningCase{"Itau28", Bank::itau, "28", NoticeKind::charged},
        MeaningCase{"Itau60", Bank::itau, "60", NoticeKind::instrument_refused},
        MeaningCase{"Itau65", Bank::itau, "65", NoticeKind::told},
        MeaningCase{"Itau69", Bank::itau, "69", NoticeKind::receipt_returned},
        MeaningCase{"Itau80", Bank::itau, "80", NoticeKind::charged},
        MeaningCase{"Itau71", Bank::itau, "71", NoticeKind::told},
        MeaningCase{"Itau98", Bank::itau, "98", NoticeKind::told},
        MeaningCase{"Bradesco10", Bank::bradesco, "10", NoticeKind::instrument_ended},
        MeaningCase{"Bradesco15", Bank::bradesco, "15", NoticeKind::received},
        MeaningCase{"Bradesco16", Bank::bradesco, "16", NoticeKind::told},
        MeaningCase{"Bradesco17", Bank::bradesco, "17", NoticeKind::received},
        MeaningCase{"Bradesco24", Bank::bradesco, "24", NoticeKind::instrument_refused},
        MeaningCase{"Bradesco27", Bank::bradesco, "27", NoticeKind::told},
        MeaningCase{"Bradesco40", Bank::bradesco, "40", NoticeKind::receipt_returned},
        MeaningCase{"BancoDoBrasil17", Bank::banco_do_brasil, "17", NoticeKind::received},
        MeaningCase{"BancoDoBrasil26", Bank::banco_do_brasil, "26", NoticeKind::told},
        MeaningCase{"BancoDoBrasil28", Bank::banco_do_brasil, "28", NoticeKind::charged},
        MeaningCase{"BancoDoBrasil50", Bank::banco_do_brasil, "50", NoticeKind::told}),
    test::case_name<MeaningCase>);

TEST(BoletoFiles, KnowsAPixOfBancoDoBrasilByItsReason) {
    const BoletoConfig config = some_config(Bank::banco_do_brasil);
    Event event = event_of(config, 4711, "06");
    event.paid_minor_units = 500;
    event.reasons = {{.code = "61", .text = {}}};
    const Notice pix = only_notice(config, event);
    ASSERT_TRUE(pix.receipt);
    EXPECT_EQ(pix.receipt->way, "pix");
    EXPECT_NE(pix.reason.find("61 by Pix"), std::string::npos) << pix.reason;
    event.reasons = {{.code = "33", .text = {}}};
    const Notice internet = only_notice(config, event);
    ASSERT_TRUE(internet.receipt);
    EXPECT_EQ(internet.receipt->way, "boleto");
}

TEST(BoletoFiles, TakesMoneyForNoTitleAsNobodys) {
    const BoletoConfig config = some_config(Bank::itau);
    Event event = event_of(config, 4711, "72");
    event.credited_minor_units = 500;
    const Notice notice = only_notice(config, event);
    EXPECT_EQ(notice.kind, NoticeKind::received);
    // Paid after its write-off, say: the bank knows no title, and the number is ours all the same.
    EXPECT_EQ(notice.reference, "00004711");
    EXPECT_EQ(notice.amount, reais(500));
    event.our_number = "00000000";
    EXPECT_EQ(only_notice(config, event).reference, "unmatched");
}

struct WayCase {
    std::string name;
    Bank bank;
    bool hybrid;
    std::string occurrence;
    std::string way;
};

class Ways : public testing::TestWithParam<WayCase> {};

// Two ways are two payments; a bank that does not say tells of either.
TEST_P(Ways, AreSaidWhereTheBankSaysThem) {
    BoletoConfig config = some_config(GetParam().bank);
    config.hybrid = GetParam().hybrid;
    Event event = event_of(config, 4711, GetParam().occurrence);
    event.credited_minor_units = 1'000;
    if (GetParam().bank != Bank::itau) event.paid_minor_units = 1'000;
    if (GetParam().bank == Bank::bradesco) event.credited_minor_units.reset();
    const Notice notice = only_notice(config, event);
    EXPECT_EQ(notice.kind, NoticeKind::received);
    EXPECT_EQ(notice.receipt->way, GetParam().way);
}

INSTANTIATE_TEST_SUITE_P(
    Rows,
    Ways,
    testing::Values(WayCase{"ItauByPix", Bank::itau, true, "10", "pix"},
                    WayCase{"ItauHybrid", Bank::itau, true, "06", "boleto"},
                    WayCase{"BradescoHybrid", Bank::bradesco, true, "06", ""},
                    WayCase{"BradescoPlain", Bank::bradesco, false, "06", "boleto"},
                    WayCase{"BancoDoBrasilHybrid", Bank::banco_do_brasil, true, "06", ""}),
    test::case_name<WayCase>);

TEST(BoletoFiles, OnlyNotesAPixWhoseAmountTheBankDoesNotSay) {
    const BoletoConfig config = some_config(Bank::itau);
    EXPECT_EQ(only_notice(config, event_of(config, 4711, "10")).kind, NoticeKind::told);
}

// The same number is another title in another wallet.
TEST(BoletoFiles, TakesNoTitleOfAnotherWalletForOurs) {
    const BoletoConfig config = some_config(Bank::itau);
    Event event = event_of(config, 4711, "06");
    event.credited_minor_units = 500;
    event.wallet = "112";
    BankAccount other = config.at;
    other.wallet = event.wallet;
    event.our_number_digit = *our_number(other, event.our_number)->check;
    EXPECT_EQ(only_notice(config, event).reference, "112/00004711");
}

TEST(BoletoFiles, AsksForALookAtAPaymentOfNothing) {
    const BoletoConfig config = some_config(Bank::bradesco);
    Event nothing = event_of(config, 4711, "06");
    Event something = event_of(config, 4712, "06");
    something.paid_minor_units = 1;
    const Told told = read(config, file_of(config, {nothing, something}));
    ASSERT_TRUE(told.outcome) << told.outcome.error().detail();
    ASSERT_EQ(told.faults.size(), 1U);
    EXPECT_EQ(told.faults[0].line, 2);
    EXPECT_EQ(told.faults[0].reason, "a payment of nothing");
    ASSERT_EQ(told.notices.size(), 1U);
    EXPECT_EQ(told.notices[0].first, 3);
}

TEST(BoletoFiles, GoesOnAfterALineThatCanNotBeRead) {
    const BoletoConfig config = some_config(Bank::itau);
    std::string bytes = file_of(
        config, {event_of(config, 1, "02"), event_of(config, 2, "02"), event_of(config, 3, "02")});
    bytes[402 * 2 + 152] = 'X';  // In the amount of the second title.
    const Told told = read(config, bytes);
    ASSERT_TRUE(told.outcome) << told.outcome.error().detail();
    EXPECT_EQ(told.notices.size(), 2U);
    ASSERT_EQ(told.faults.size(), 1U);
    EXPECT_EQ(told.faults[0].line, 3);
    EXPECT_EQ(told.faults[0].column, 153);
    EXPECT_EQ(told.faults[0].field, "valor_do_titulo");
}

TEST(BoletoFiles, RegistersAHybridAtItauWithItsKey) {
    BoletoConfig config = some_config(Bank::itau);
    config.hybrid = true;
    config.pix_key = "12ABC34501DE35";
    const auto written = write_remessa_file(
        config,
        {.sequence = 1, .made = some_moment(), .operations = {some_collect(config, 1, reais(1))}});
    ASSERT_TRUE(written) << written.error().detail();
    const auto read = cnab::read_remessa(cnab::itau400(), written->bytes);
    EXPECT_EQ(read->instructions[0].command, cnab::Command::register_with_pix);
    EXPECT_EQ(read->instructions[0].pix_key, "12ABC34501DE35");

    Event event = event_of(config, 1, "71");
    event.pix = cnab::PixResult{.copy_and_paste = "000201.pix"};
    const Notice notice = only_notice(config, event);
    EXPECT_EQ(notice.kind, NoticeKind::told);
    EXPECT_NE(notice.reason.find("Pix 000201.pix"), std::string::npos) << notice.reason;
}

TEST(BoletoFiles, BringTheCodeOfAHybrid) {
    BoletoConfig config = some_config(Bank::itau);
    config.hybrid = true;
    const std::string code = *pix::write_br_code(
        pix::DynamicCode{.url = *pix::PayloadUrl::parse("pix.bank.test/qr/v2/cobv/4711"),
                         .merchant = {.name = "LOJA", .city = "RECIFE", .postal_code = {}},
                         .recurrence = std::nullopt});
    Event event = event_of(config, 1, "02");
    event.pix = cnab::PixResult{.copy_and_paste = code};
    const Notice notice = only_notice(config, event);
    EXPECT_EQ(notice.kind, NoticeKind::instrument_completed);
    ASSERT_TRUE(notice.answer.instrument);
    const std::vector<std::pair<std::string, std::string>> details{{"qr_data", code}};
    EXPECT_EQ(notice.answer.instrument->details, details);
    // A code that was mutilated on its way leads a buyer nowhere, or elsewhere.
    event.pix->copy_and_paste.back() ^= 1;
    EXPECT_EQ(only_notice(config, event).kind, NoticeKind::told);
}

TEST_P(EachBank, NamesTheTariffBesideAnEntry) {
    const BoletoConfig config = some_config(GetParam());
    Event entry = event_of(config, 1, "02");
    entry.tariff_minor_units = 150;
    Event tariff = event_of(config, 1, GetParam() == Bank::itau ? "30" : "28");
    tariff.tariff_minor_units = 150;
    const Told told = read(config, file_of(config, {entry, tariff}));
    ASSERT_EQ(told.notices.size(), 3U);
    EXPECT_EQ(told.notices[0].second.kind, NoticeKind::told);
    const Notice& beside = told.notices[1].second;
    const Notice& alone = told.notices[2].second;
    for (const Notice* charged : {&beside, &alone}) {
        EXPECT_EQ(charged->kind, NoticeKind::charged);
        EXPECT_EQ(charged->amount, reais(150));
        EXPECT_EQ(charged->reference, told.notices[0].second.reference);
    }
    EXPECT_NE(beside.id, told.notices[0].second.id);
    // One tariff that two channels tell of is booked once.
    EXPECT_NE(beside.receipt->channel, alone.receipt->channel);
}

TEST(BoletoFiles, SaysWhoseFileItIs) {
    const BoletoConfig config = some_config(Bank::itau);
    const Told told = read(config, file_of(config, {event_of(config, 1, "02")}));
    ASSERT_EQ(told.headers.size(), 1U);
    EXPECT_EQ(told.headers[0].sequence, 7);
    EXPECT_EQ(told.headers[0].made_on, Day(2026y / 11 / 26));
    EXPECT_EQ(told.headers[0].what, "Banco Itaú cnab400-itau retorno, account 0057/72192");
}

// How long it takes is printed; nothing depends on it. Minutes without optimisation, so a few
// a file is the rule: CAUSEWAY_TITLES=100000 asks for a whole one.
TEST(BoletoFiles, HoldThousandsOfTitles) {
    const BoletoConfig config = some_config(Bank::itau);
    const char* const wanted = std::getenv("CAUSEWAY_TITLES");
    const int titles = wanted == nullptr ? 2'000 : std::stoi(wanted);
    FileOrder order{.sequence = 1, .made = some_moment(), .operations = {}};
    std::vector<Event> events;
    const Operation first = some_collect(config, 1, reais(10'000));
    const Event paid = event_of(config, 1, "06");
    for (int at = 1; at <= titles; ++at) {
        Operation operation = first;
        operation.reference = number_of(config, at);
        order.operations.push_back(std::move(operation));
        Event event = paid;
        event.our_number = number_of(config, at);
        event.our_number_digit = *our_number(config.at, event.our_number)->check;
        event.credited_minor_units = 10'000 + at;
        events.push_back(std::move(event));
    }
    const auto milliseconds = [](auto since) {
        return std::chrono::duration_cast<std::chrono::milliseconds>(
                   std::chrono::steady_clock::now() - since)
            .count();
    };
    const auto began = std::chrono::steady_clock::now();
    const auto written = write_remessa_file(config, order);
    ASSERT_TRUE(written) << written.error().detail();
    const auto write_ms = milliseconds(began);
    EXPECT_EQ(written->bytes.size(), static_cast<std::size_t>(titles + 2) * 402U);

    const std::string bytes = file_of(config, std::move(events));
    const auto back = std::chrono::steady_clock::now();
    const Told told = read(config, bytes);
    const auto read_ms = milliseconds(back);
    ASSERT_TRUE(told.outcome) << told.outcome.error().detail();
    ASSERT_EQ(told.notices.size(), static_cast<std::size_t>(titles));
    EXPECT_EQ(told.notices.back().second.amount, reais(10'000 + titles));
    EXPECT_EQ(told.bytes, static_cast<std::int64_t>(bytes.size()));
    std::cout << titles << " titles: written in " << write_ms << " ms, read in " << read_ms
              << " ms\n";
}

}  // namespace
}  // namespace causeway::connectors::boleto
