// SPDX-License-Identifier: Apache-2.0
#include "connectors/boleto/sandbox/server.h"

#include "connectors/boleto/cnab/remessa.h"
#include "tests/connectors/boleto/cnab/collected.h"
#include "tests/connectors/boleto/sandbox/slips.h"
#include "tests/support/bank_house.h"

#include <gtest/gtest.h>

#include <fstream>

namespace causeway::connectors::boleto::sandbox {
namespace {

using cnab::LayoutId;
using test::BankHouse;

BankTitleOrder some_body(int sequence = 1, LayoutId layout = LayoutId::itau400) {
    const SlipOrder order = some_order(layout, sequence);
    return {.agreement = {},
            .wallet = order.wallet,
            .our_number = order.our_number,
            .document = order.document,
            .control = order.control,
            .amount = order.terms.face,
            .due_on = order.terms.due,
            .payable_until = *order.payable_until,
            .issued_on = *order.issued,
            .fine_bps = order.terms.fine_bps,
            .interest_month_bps = order.terms.interest_month_bps,
            .discount_until = std::nullopt,
            .payer = {.name = order.payer.name,
                      .document = order.payer.document,
                      .street = order.payer.street,
                      .district = "Centro",
                      .city = order.payer.city,
                      .state = order.payer.state,
                      .postal_code = order.payer.postal_code}};
}

std::string text_of(const BankTitleOrder& body) {
    return boost::json::serialize(write_body(body));
}

BankTitle title_in(const Result<net::HttpResponse>& answer) {
    EXPECT_TRUE(answer) << answer.error().detail();
    const auto title = pix::parse_body<BankTitle>(answer->body, "boleto");
    EXPECT_TRUE(title) << answer->body;
    return title ? *title : BankTitle();
}

std::string pay_text(int sequence = 1) {
    return R"({"nosso_numero":")" + number_at(LayoutId::itau400, sequence) + R"("})";
}

TEST(BankSandbox, RegistersOnceAndTellsWhatItKnows) {
    BankHouse bank;
    const auto first = bank.call("POST", "/v1/boletos", text_of(some_body()));
    ASSERT_TRUE(first) << first.error().detail();
    EXPECT_EQ(first->status, 201) << first->body;
    const BankTitle title = title_in(first);
    EXPECT_EQ(title.line.size(), 47U);
    EXPECT_EQ(title.barcode.size(), 44U);
    const auto again = bank.call("POST", "/v1/boletos", text_of(some_body()));
    EXPECT_EQ(again->status, 200);
    EXPECT_EQ(title_in(again), title);
    BankTitleOrder other = some_body();
    other.amount += 1;
    EXPECT_EQ(bank.call("POST", "/v1/boletos", text_of(other))->status, 409);
    EXPECT_EQ(title_in(bank.call("GET", "/v1/boletos/00000001")), title);
    EXPECT_EQ(bank.call("GET", "/v1/boletos/00000002")->status, 404);
    EXPECT_EQ(bank.call("GET", "/v1/boletos/00000001", "", "wrong")->status, 401);
    EXPECT_EQ(bank.call("POST", "/v1/boletos", "{")->status, 400);
}

TEST(BankSandbox, RefusesWithReasonAndField) {
    BankHouse bank;
    BankTitleOrder body = some_body();
    body.payer.postal_code = "00000000";
    const auto answer = bank.call("POST", "/v1/boletos", text_of(body));
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 422);
    const auto refusal = pix::parse_body<BankRefusal>(answer->body, "refusal");
    ASSERT_TRUE(refusal);
    EXPECT_EQ(refusal->code, "11");
    EXPECT_EQ(refusal->field, "cep");
}

TEST(BankSandbox, WritesOffUnlessItIsPaid) {
    BankHouse bank;
    (void)bank.call("POST", "/v1/boletos", text_of(some_body(1)));
    (void)bank.call("POST", "/v1/boletos", text_of(some_body(2)));
    const auto first = bank.call("POST", "/v1/boletos/00000001/baixa");
    EXPECT_EQ(first->status, 200);
    EXPECT_EQ(title_in(first).state, BankTitleState::written_off);
    EXPECT_EQ(bank.call("POST", "/v1/boletos/00000001/baixa")->status, 200);
    EXPECT_EQ(bank.call("POST", "/v1/boletos/00000009/baixa")->status, 404);
    bank.admin("pay", pay_text(2));
    EXPECT_EQ(bank.call("POST", "/v1/boletos/00000002/baixa")->status, 409);
    const auto paid = title_in(bank.call("GET", "/v1/boletos/00000002"));
    EXPECT_EQ(paid.state, BankTitleState::paid);
    ASSERT_EQ(paid.payments.size(), 1U);
    EXPECT_EQ(paid.payments[0].amount, 10'000);
}

TEST(BankSandbox, TellsTheWebhookOfAPaymentByItsLine) {
    BankHouse bank;
    const BankTitle title = title_in(bank.call("POST", "/v1/boletos", text_of(some_body())));
    bank.admin("pay", R"({"linha":")" + title.line + R"(","dia":"2026-12-07","canal":"caixa"})");
    const auto news = bank.news();
    ASSERT_EQ(news.size(), 1U);
    EXPECT_EQ(news[0].kind, BankNewsKind::payment);
    EXPECT_EQ(news[0].control, "ORDER-1");
    EXPECT_EQ(news[0].amount, 10'000 + 200 + 10 * 3);
    EXPECT_EQ(news[0].paid_on, on("2026-12-07"));
    EXPECT_EQ(news[0].credited_on, on("2026-12-08"));
    EXPECT_EQ(news[0].tariff, 185);
    EXPECT_EQ(bank.admin_answer("pay", R"({"linha":"123"})", false).status, 400);
}

TEST(BankSandbox, LosesDoublesAndSpoilsNotifications) {
    BankHouse bank;
    for (int i = 1; i <= 5; ++i)
        (void)bank.call("POST", "/v1/boletos", text_of(some_body(i)));
    bank.admin("script", R"({"notices":["lose","twice","hold","bad_signature","stale"]})");
    bank.admin("pay", pay_text(1));
    EXPECT_EQ(bank.news().size(), 0U);
    bank.admin("pay", pay_text(2));
    ASSERT_EQ(bank.news().size(), 2U);
    EXPECT_EQ(bank.news()[0], bank.news()[1]);
    bank.admin("pay", pay_text(3));
    EXPECT_EQ(bank.news().size(), 2U);
    bank.admin("release", "");
    // What was refused comes again, and as it should be.
    bank.admin("notices", "");
    bank.admin("pay", pay_text(4));
    bank.admin("notices", "");
    EXPECT_GE(bank.refused_news(), 2);
    std::set<std::string> told;
    for (const BankNews& news : bank.news())
        told.insert(news.our_number);
    EXPECT_EQ(told, (std::set<std::string>{"00000002", "00000003", "00000004"}));
}

TEST(BankSandbox, MisbehavesWhenItIsAsked) {
    BankHouse bank;
    struct Row {
        const char* trick;
        int status;  // 0: no answer.
        bool done;
    };
    const Row rows[] = {
        {"hang_before", 0, false},
        {"hang_after", 0, true},
        {"cut_before", 0, false},
        {"cut_after", 0, true},
        {"fail_before", 503, false},
        {"fail_after", 500, true},
    };
    int sequence = 0;
    for (const Row& row : rows) {
        ++sequence;
        bank.admin("script", std::string(R"({"requests":[")") + row.trick + R"("]})");
        const auto answer = bank.call("POST", "/v1/boletos", text_of(some_body(sequence)));
        EXPECT_EQ(answer ? answer->status : 0, row.status) << row.trick;
        const auto found =
            bank.call("GET", "/v1/boletos/" + number_at(LayoutId::itau400, sequence));
        EXPECT_EQ(found->status, row.done ? 200 : 404) << row.trick;
    }
    bank.admin("script", R"({"requests":["pay_first"]})");
    const auto paid = title_in(bank.call("POST", "/v1/boletos", text_of(some_body(77))));
    EXPECT_EQ(bank.news().size(), 1U) << "told before the answer";
    EXPECT_EQ(paid.state, BankTitleState::registered) << "an answer of the moment before";
    EXPECT_EQ(bank.admin_answer("script", R"({"requests":["dance"]})", false).status, 400);
}

std::string remessa_of(LayoutId layout, std::vector<SlipOrder> orders, std::int64_t number) {
    cnab::Remessa remessa{.layout = layout,
                          .beneficiary = sample_house(layout).beneficiary,
                          .generated_on = cnab::Date(on("2026-11-23")),
                          .sequence = layout == LayoutId::itau400 ? 0 : number};
    for (const SlipOrder& order : orders) {
        const SlipPayer& payer = order.payer;
        cnab::Instruction instruction{.control = order.control,
                                      .our_number = order.our_number,
                                      .document = order.document,
                                      .due_on = cnab::Date(order.terms.due),
                                      .issued_on = cnab::Date(*order.issued),
                                      .amount_minor_units = order.terms.face,
                                      .payer = {.name = payer.name,
                                                .document = payer.document,
                                                .street = payer.street,
                                                .postal_code = payer.postal_code,
                                                .city = payer.city,
                                                .state = payer.state}};
        const auto known = our_number(
            {.bank = Bank::bradesco, .branch = "1234", .account = "56789", .wallet = "9"},
            order.our_number);
        if (layout == LayoutId::bradesco400) {
            instruction.our_number_digit = std::string(1, *known->check);
        }
        instruction.fine =
            cnab::Charge{.basis = cnab::Charge::Basis::percent, .value = 200, .on = std::nullopt};
        remessa.instructions.push_back(instruction);
    }
    const auto bytes = cnab::write_remessa(remessa);
    EXPECT_TRUE(bytes) << bytes.error().detail();
    return bytes ? *bytes : "";
}

TEST(BankSandbox, TakesAFileByDoorAndByFolderAndAnswersWithAFile) {
    for (const LayoutId layout : {LayoutId::itau400, LayoutId::bradesco400, LayoutId::bb240}) {
        BankHouse bank(layout);
        SlipOrder bad = some_order(layout, 2);
        bad.payer.document = "11111111111";
        const std::string bytes =
            remessa_of(layout, {some_order(layout, 1), bad, some_order(layout, 1)}, 1);
        const auto told = boost::json::parse(bank.admin("remessa", bytes));
        EXPECT_EQ(told.at("aceitos").as_int64(), 1);
        EXPECT_EQ(told.at("rejeitados").as_int64(), 2);
        EXPECT_EQ(bank.admin_answer("remessa", bytes, false).status, 409) << "again";
        EXPECT_EQ(bank.news().size(), 2U);
        std::filesystem::create_directories(bank.folder.file("in"));
        std::ofstream(bank.folder.file("in/second.rem"), std::ios::binary)
            << remessa_of(layout, {some_order(layout, 3)}, 2);
        std::ofstream(bank.folder.file("in/third.rem"), std::ios::binary) << "no such file";
        const auto names = bank.close_day();
        ASSERT_EQ(names.size(), 1U);
        const auto read = cnab::collect(cnab::layout_of(layout), bank.file(names[0]));
        ASSERT_FALSE(read.summary.error) << cnab::to_text(*read.summary.error);
        ASSERT_EQ(read.events.size(), 4U);
        EXPECT_EQ(read.events[0].occurrence, "02");
        EXPECT_EQ(read.events[1].event_class, cnab::EventClass::rejected);
        EXPECT_FALSE(read.events[1].reasons[0].text.empty());
        EXPECT_EQ(read.events[2].event_class, cnab::EventClass::rejected);
        EXPECT_EQ(read.events[3].control, "ORDER-3");
        std::ifstream on_disk(bank.folder.file("out/" + names[0]), std::ios::binary);
        EXPECT_EQ(std::string(std::istreambuf_iterator<char>(on_disk), {}), bank.file(names[0]));
    }
}

// Three titles that are paid on three days, and what becomes of the second day's file.
class SpoiltFile {
  public:
    SpoiltFile(LayoutId layout, const std::string& trick) : layout_(layout), bank(layout) {
        const std::string plain = R"({"files":["deliver",")" + trick + R"("]})";
        bank.admin("script", plain);
        bank.admin(
            "remessa",
            remessa_of(
                layout, {some_order(layout, 1), some_order(layout, 2), some_order(layout, 3)}, 1));
        for (int day = 0; day < 3; ++day) {
            for (int i = 1; i <= 3; ++i) {
                bank.admin("pay",
                           R"({"nosso_numero":")" + number_at(layout, i) + R"(","valor":1000})");
            }
            files[day] = bank.close_day();
        }
    }
    cnab::CollectedRetorno read(const std::string& name) {
        return cnab::collect(cnab::layout_of(layout_), bank.file(name));
    }

  private:
    const LayoutId layout_;

  public:
    BankHouse bank;
    std::vector<std::string> files[3];
};

TEST(BankSandboxFiles, ComeLateTwiceOrNeverAndCanBeHadAgain) {
    SpoiltFile late(LayoutId::itau400, "late");
    EXPECT_EQ(late.files[1].size(), 0U);
    ASSERT_EQ(late.files[2].size(), 2U);
    EXPECT_EQ(late.read(late.files[2][0]).headers[0].sequence, 2);
    EXPECT_EQ(late.read(late.files[2][1]).headers[0].sequence, 3);
    SpoiltFile twice(LayoutId::bradesco400, "twice");
    ASSERT_EQ(twice.files[1].size(), 2U);
    EXPECT_EQ(twice.bank.file(twice.files[1][0]), twice.bank.file(twice.files[1][1]));
    SpoiltFile lost(LayoutId::bb240, "lose");
    EXPECT_EQ(lost.files[1].size(), 0U);
    EXPECT_EQ(lost.read(lost.files[2][0]).headers[0].sequence, 3) << "a gap";
    const auto again = boost::json::parse(lost.bank.admin("resend", R"({"numero":2})"));
    const std::string name(again.at("nome").as_string());
    EXPECT_EQ(lost.read(name).headers[0].sequence, 2);
    EXPECT_EQ(lost.bank.admin_answer("resend", R"({"numero":9})", false).status, 404);
}

TEST(BankSandboxFiles, ComeInPieces) {
    SpoiltFile split(LayoutId::itau400, "split");
    ASSERT_EQ(split.files[1].size(), 2U);
    EXPECT_EQ(split.read(split.files[1][0]).events.size(), 1U);
    EXPECT_EQ(split.read(split.files[1][1]).events.size(), 2U);
    EXPECT_EQ(split.read(split.files[2][0]).headers[0].sequence, 4);
    SpoiltFile halves(LayoutId::bb240, "halves");
    ASSERT_EQ(halves.files[1].size(), 2U);
    EXPECT_TRUE(halves.read(halves.files[1][0]).summary.error);
    EXPECT_TRUE(halves.read(halves.files[1][1]).summary.error);
}

TEST(BankSandboxFiles, ComeWithAWrongCountOrABadLine) {
    for (const LayoutId layout : {LayoutId::itau400, LayoutId::bradesco400, LayoutId::bb240}) {
        SpoiltFile count(layout, "bad_count");
        ASSERT_EQ(count.files[1].size(), 1U);
        EXPECT_TRUE(count.read(count.files[1][0]).summary.error);
        SpoiltFile line(layout, "bad_line");
        ASSERT_EQ(line.files[1].size(), 1U);
        const auto read = line.read(line.files[1][0]);
        EXPECT_EQ(read.errors.size(), 1U);
        EXPECT_EQ(read.events.size(), 2U);
    }
}

TEST(BankSandboxFiles, HaveStatementsThatAgreeWithTheBooks) {
    BankHouse bank;
    (void)bank.call("POST", "/v1/boletos", text_of(some_body()));
    bank.admin("pay", pay_text());
    (void)bank.close_day();
    const auto names = bank.close_day(".xml");
    ASSERT_EQ(names.size(), 1U);
    EXPECT_EQ(names[0], "extrato-341-conta-20261124.xml");
    const std::string text = bank.file(names[0]);
    for (const char* const part :
         {"camt.053.001.08",
          "<Cd>OPBD</Cd></CdOrPrtry></Tp><Amt Ccy=\"BRL\">0.00</Amt><CdtDbtInd>CRDT</CdtDbtInd>",
          "<Cd>CLBD</Cd></CdOrPrtry></Tp><Amt Ccy=\"BRL\">98.15</Amt>",
          "<Amt Ccy=\"BRL\">100.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>",
          "<Amt Ccy=\"BRL\">1.85</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts>",
          "LIQ-2026-11-23"}) {
        EXPECT_NE(text.find(part), std::string::npos) << part;
    }
    const auto books = bank.look("books");
    EXPECT_EQ(books.at("conta").at("saldo").as_int64(), 9'815);
    EXPECT_EQ(books.at("titulos").at(0).at("situacao").as_string(), "LIQUIDADO");
    EXPECT_EQ(bank.admin_answer("close-day", R"({"dia":"2026-11-24"})", false).status, 409);
}

TEST(BankSandbox, WantsAPlainAdminDoorAndAToken) {
    boost::asio::io_context io;
    ManualClock clock(from_microseconds(0));
    SystemEntropy entropy;
    BankSandboxConfig config;
    EXPECT_FALSE(BankSandbox::start(io.get_executor(), config, clock, entropy));
    config.admin.tls = false;
    EXPECT_FALSE(BankSandbox::start(io.get_executor(), config, clock, entropy));
}

}  // namespace
}  // namespace causeway::connectors::boleto::sandbox
