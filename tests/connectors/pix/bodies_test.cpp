// SPDX-License-Identifier: Apache-2.0
//
// Bodies both ways, what they may not look like, and the rules that are asked before sending.
#include "connectors/pix/messages.h"
#include "connectors/pix/rules.h"

#include <boost/json/serialize.hpp>
#include <gtest/gtest.h>

#include <functional>
#include <rapidcheck/gtest.h>

namespace causeway::connectors::pix {
namespace {

namespace json = boost::json;

template <class T>
std::optional<T> maybe(const T& value) {
    return *rc::gen::arbitrary<bool>() ? std::optional<T>(value) : std::nullopt;
}

std::int64_t centavos() {
    return *rc::gen::inRange<std::int64_t>(1, 1'000'000'000'000);
}
Timestamp moment() {
    return Timestamp(
        std::chrono::milliseconds(*rc::gen::inRange<std::int64_t>(0, 4'000'000'000'000)));
}
Day some_day() {
    return day_of(moment());
}
std::string words() {
    return *rc::gen::nonEmpty(
        rc::gen::container<std::string>(rc::gen::elementOf(std::string("aZ0 .\"\\/\n"))));
}

void fill(ChargeTerms& terms) {
    terms.amount = centavos();
    terms.key = "7d9f0335-8dcc-4054-9bf9-0dbd61d36906";
    terms.payer_question = words().substr(0, 140);
    if (*rc::gen::arbitrary<bool>()) terms.info.push_back({"Pedido", words().substr(0, 200)});
    terms.location = maybe(Location{.id = *rc::gen::inRange<std::int64_t>(0, INT64_MAX)});
}

ReceivedPix any_pix() {
    ReceivedPix pix{.end_to_end_id = "E12345678202009091221abcdef12345",
                    .amount = centavos(),
                    .time = moment()};
    if (*rc::gen::arbitrary<bool>()) pix.txid = std::string(30, 'a');
    if (*rc::gen::arbitrary<bool>()) pix.payer_note = words().substr(0, 140);
    if (*rc::gen::arbitrary<bool>()) pix.components = {{"original", pix.amount}, {"juros", 1}};
    if (*rc::gen::arbitrary<bool>()) {
        pix.refunds.push_back(
            {.id = "dev1",
             .return_id = "D12345678202009091000abcde123456",
             .amount = centavos(),
             .nature = maybe(RefundNature::med_fraud),
             .requested = moment(),
             .settled = maybe(moment()),
             .status = *rc::gen::elementOf(std::vector<RefundStatus>{
                 RefundStatus::in_process, RefundStatus::refunded, RefundStatus::not_done})});
    }
    return pix;
}

void fill(ChargeRecord& record) {
    record.txid = std::string(35, 'x');
    record.revision = *rc::gen::inRange<std::int64_t>(0, 1000);
    record.created = moment();
    record.url = "pix.example.com/qr/v2/1";
    record.status =
        *rc::gen::elementOf(std::vector<ChargeStatus>{ChargeStatus::active,
                                                      ChargeStatus::concluded,
                                                      ChargeStatus::removed_by_receiver,
                                                      ChargeStatus::removed_by_provider});
    if (*rc::gen::arbitrary<bool>()) record.pix.push_back(any_pix());
}

template <class T>
void expect_same(const T& body) {
    const auto read = parse_body<T>(json::serialize(write_body(body)), "body");
    if (!read) RC_FAIL(read.error().detail());
    RC_ASSERT(*read == body);
}

RC_GTEST_PROP(PixBodyProperty, ReadsTheCobItWrites, ()) {
    Cob cob;
    fill(cob.terms);
    fill(cob.record);
    cob.terms.expires_in = *rc::gen::inRange<std::int64_t>(1, 1'000'000);
    cob.terms.amount_may_change = maybe<std::int64_t>(1);
    cob.terms.payer = maybe(Party{.tax_number = "12ABC34501DE35", .name = "Empresa"});
    cob.terms.withdrawal =
        maybe(Withdrawal{.change = true, .amount = 1, .agent = "AGTEC", .provider = "1234567A"});
    expect_same(cob);
}

RC_GTEST_PROP(PixBodyProperty, ReadsTheCobvItWrites, ()) {
    Cobv cobv;
    fill(cobv.terms);
    fill(cobv.record);
    cobv.terms.due = some_day();
    cobv.terms.days_valid_after_due = *rc::gen::inRange<std::int64_t>(0, 365);
    cobv.terms.payer = Party{.tax_number = "52998224725", .name = "Fulano", .city = "Recife"};
    cobv.terms.fine = maybe(Adjustment{2, centavos()});
    cobv.terms.interest = maybe(Adjustment{8, centavos()});
    cobv.terms.rebate = maybe(Adjustment{1, centavos()});
    cobv.terms.discount =
        maybe(Discount{.mode = 1, .dated = {{some_day(), centavos()}}, .value = {}});
    cobv.receiver = maybe(Party{.tax_number = "12ABC34501DE35", .name = "A", .trade_name = "B"});
    expect_same(cobv);
}

// Their form allows it, and the charge exists all the same.
TEST(PixBody, ReadsAnEmptyNameOrKeyThatAProviderTells) {
    Cob cob;
    cob.terms.amount = 100;
    cob.terms.expires_in = 60;
    cob.terms.payer = Party{.tax_number = "52998224725"};
    cob.record.txid = std::string(35, 'x');
    const auto read = parse_body<Cob>(json::serialize(write_body(cob)), "cob");
    ASSERT_TRUE(read) << read.error().detail();
    EXPECT_EQ(*read, cob);
    Cobv cobv;
    cobv.terms.due = Day(std::chrono::days(20'000));
    cobv.terms.days_valid_after_due = 0;
    cobv.terms.amount = 100;
    cobv.terms.payer = Party{.tax_number = "52998224725"};
    cobv.record.txid = std::string(35, 'x');
    const auto read_due = parse_body<Cobv>(json::serialize(write_body(cobv)), "cobv");
    ASSERT_TRUE(read_due) << read_due.error().detail();
    EXPECT_EQ(*read_due, cobv);
}

RC_GTEST_PROP(PixBodyProperty, ReadsThePixItWrites, ()) {
    expect_same(PixNotice{{any_pix(), any_pix()}});
}

RC_GTEST_PROP(PixBodyProperty, SurvivesAnyText, ()) {
    const auto text = *rc::gen::container<std::string>(rc::gen::arbitrary<char>());
    (void)parse_body<Cob>(text, "cob");
    (void)parse_body<PixNotice>("{\"pix\":[" + text + "]}", "notice");
}

TEST(PixBody, RefusesWhatTwoReadersCouldReadInTwoWays) {
    struct Row {
        const char* name;
        const char* text;
        const char* detail;
    };
    const Row rows[] = {
        {"not JSON", "{", "the body is not one JSON object"},
        {"a list", "[]", "the body is not one JSON object"},
        {"something behind", R"({"valor":"1.00"} x)", "the body is not one JSON object"},
        {"two amounts", R"({"valor":"1.00","valor":"9.00"})", "the body has a key twice"},
        {"two amounts, escaped",
         R"({"valor":"1.00","va\u006cor":"9.00"})",
         "the body has a key twice"},
        {"a number", R"({"valor":1.00})", "devolucao.valor: must be a string"},
        {"null", R"({"valor":null})", "devolucao.valor: is missing"},
        {"nature",
         R"({"valor":"1.00","natureza":"MED_FRAUDE"})",
         "devolucao.natureza: is not one of the values of the API"},
    };
    for (const Row& row : rows) {
        const auto body = parse_body<RefundRequest>(row.text, "devolucao");
        ASSERT_FALSE(body) << row.name;
        EXPECT_EQ(body.error().detail(), row.detail) << row.name;
    }
}

TEST(PixBody, NamesTheElementOfAList) {
    const auto notice = parse_body<PixNotice>(R"({"pix":[{"endToEndId":"E1"}]})", "notice");
    ASSERT_FALSE(notice);
    EXPECT_EQ(notice.error().detail(), "notice.pix[0].endToEndId: must be 32 letters and digits");
}

CobvRequest slip() {
    CobvRequest body;
    body.terms.amount = 10'000;
    body.terms.key = "pix@example.com";
    body.terms.due = *parse_day("2026-12-31");
    body.terms.payer = Party{.tax_number = "52998224725", .name = "Fulano de Tal"};
    return body;
}

struct BrokenRule {
    const char* name;
    std::function<void(CobvTerms&)> spoil;
    const char* property;
};

std::vector<BrokenRule> broken_rules() {
    const Day late = *parse_day("2027-01-01");
    const Day early = *parse_day("2026-12-01");
    return {
        {"no amount", [](auto& it) { it.amount.reset(); }, "cobv.valor.original"},
        {"zero", [](auto& it) { it.amount = 0; }, "cobv.valor.original"},
        {"no key", [](auto& it) { it.key.clear(); }, "cobv.chave"},
        {"no due day", [](auto& it) { it.due.reset(); }, "cobv.calendario.dataDeVencimento"},
        {"no payer", [](auto& it) { it.payer.reset(); }, "cobv.devedor"},
        {"tax number",
         [](auto& it) { it.payer->tax_number = "12ABC34501DE36"; },
         "cobv.devedor.cnpj"},
        {"fine mode",
         [](auto& it) {
             it.fine = Adjustment{3, 100};
         },
         "cobv.valor.multa.modalidade"},
        {"interest mode",
         [](auto& it) {
             it.interest = Adjustment{9, 100};
         },
         "cobv.valor.juros.modalidade"},
        {"rebate of all",
         [](auto& it) {
             it.rebate = Adjustment{1, 10'000};
         },
         "cobv.valor.abatimento.valorPerc"},
        {"discount after due",
         [=](auto& it) {
             it.discount = Discount{1, {{late, 100}}, {}};
         },
         "cobv.valor.desconto.descontoDataFixa.data"},
        {"discount of all",
         [=](auto& it) {
             it.discount = Discount{1, {{early, 10'000}}, {}};
         },
         "cobv.valor.desconto.descontoDataFixa.valorPerc"},
        {"discount of 100%",
         [=](auto& it) {
             it.discount = Discount{2, {{early, 10'000}}, {}};
         },
         "cobv.valor.desconto.descontoDataFixa.valorPerc"},
        {"discount without days",
         [](auto& it) {
             it.discount = Discount{1, {}, {}};
         },
         "cobv.valor.desconto.descontoDataFixa"},
        {"discount without value",
         [](auto& it) {
             it.discount = Discount{3, {}, {}};
         },
         "cobv.valor.desconto.valorPerc"},
        {"question",
         [](auto& it) { it.payer_question = std::string(141, 'x'); },
         "cobv.solicitacaoPagador"},
    };
}

TEST(PixRules, NameTheProperty) {
    ASSERT_TRUE(check(slip()));
    for (const BrokenRule& row : broken_rules()) {
        SCOPED_TRACE(row.name);
        CobvRequest body = slip();
        row.spoil(body.terms);
        const auto kept = check(body);
        ASSERT_FALSE(kept);
        EXPECT_TRUE(kept.error().detail().starts_with(row.property + std::string(":")))
            << kept.error().detail();
    }
}

TEST(PixRules, LetARemovalGoAlone) {
    CobRevision body;
    body.remove = true;
    EXPECT_TRUE(check(body));
    body.terms.amount = 100;
    EXPECT_FALSE(check(body));
    CobRevision cheaper;
    cheaper.terms.amount = 100;
    EXPECT_TRUE(check(cheaper));
}

TEST(PixRules, WantAWebhookThatCanBeAppendedTo) {
    EXPECT_TRUE(check(WebhookRequest{"https://shop.example.com/hook"}));
    EXPECT_FALSE(check(WebhookRequest{"http://shop.example.com/hook"}));
    EXPECT_TRUE(check(WebhookRequest{"https://shop.example.com/hook/pix"}));
}

// A provider's error may repeat what we sent, a person's number among it.
TEST(PixProblem, LogsNoValues) {
    Problem problem;
    problem.type = std::string(kProblemTypes) + "CobOperacaoInvalida";
    problem.status = 400;
    problem.violations = {{"cob.devedor.cpf", "52998224725 é inválido", "52998224725"},
                          {"52998224725", "", ""}};
    EXPECT_EQ(loggable(problem), "CobOperacaoInvalida 400: cob.devedor.cpf, ?");
}

}  // namespace
}  // namespace causeway::connectors::pix
