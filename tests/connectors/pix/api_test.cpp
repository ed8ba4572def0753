// SPDX-License-Identifier: Apache-2.0
//
// The client against the sandbox, over sockets and mutual TLS.
#include "connectors/pix/api.h"

#include "connectors/codes/banking_days.h"
#include "connectors/pix/br_code.h"
#include "connectors/pix/payload_jws.h"
#include "tests/support/pix_house.h"

#include <gtest/gtest.h>

namespace causeway::connectors::pix {
namespace {

using test::PixHouse;
using test::run;

const std::string kTxid = "causeway00000000000000000001";

Txid txid(const std::string& text = kTxid) {
    return *Txid::parse(text);
}

CobRequest ten_reais() {
    CobRequest body;
    body.terms.amount = 1000;
    body.terms.key = PixHouse::kKey;
    body.terms.expires_in = 3600;
    return body;
}

CobvRequest due_on(Day day) {
    CobvRequest body;
    body.terms.amount = 10'000;
    body.terms.key = PixHouse::kKey;
    body.terms.due = day;
    body.terms.payer = Party{.tax_number = "52998224725", .name = "Fulano de Tal"};
    body.terms.fine = Adjustment{2, 200};
    body.terms.interest = Adjustment{3, 100};
    return body;
}

class PixApiTest : public testing::Test {
  protected:
    ReceivedPix paid() {
        EXPECT_TRUE(run(house.api->create_cob(txid(), ten_reais())));
        return house.pay(kTxid);
    }
    std::string refund_body(const ReceivedPix& pix, bool done = true) {
        return R"({"end_to_end_id":")" + pix.end_to_end_id + R"(","id":"dev1","done":)" +
               (done ? "true}" : "false}");
    }
    void misbehave(const std::string& trick) {
        house.admin("script", R"({"requests":[")" + trick + R"("]})");
    }
    void misbehave_on_notice(const std::string& trick) {
        house.admin("script", R"({"notices":[")" + trick + R"("]})");
    }
    void listen() {
        ASSERT_TRUE(run(house.api->set_webhook(*PixKey::parse(PixHouse::kKey),
                                               WebhookRequest{house.webhook_url()})));
    }

    PixHouse house;
};

TEST_F(PixApiTest, FollowsAChargeFromItsCodeToItsRefund) {
    const auto cob = run(house.api->create_cob(txid(), ten_reais()));
    ASSERT_TRUE(cob) << cob.error().detail();
    EXPECT_EQ(cob->record.status, ChargeStatus::active);
    EXPECT_EQ(cob->terms.amount, 1000);
    house.admin("pay", R"({"code":")" + cob->record.copy_and_paste + R"("})");

    const auto found = run(house.api->get_cob(txid()));
    ASSERT_TRUE(found) << found.error().detail();
    EXPECT_EQ(found->record.status, ChargeStatus::concluded);
    ASSERT_EQ(found->record.pix.size(), 1U);
    const std::string payment = found->record.pix[0].end_to_end_id;
    EXPECT_EQ(run(house.api->get_pix(payment))->amount, 1000);

    const auto refund = run(house.api->refund(payment, *RefundId::parse("dev1"), {.amount = 400}));
    ASSERT_TRUE(refund) << refund.error().detail();
    EXPECT_EQ(refund->status, RefundStatus::in_process);
    house.admin("settle", refund_body(found->record.pix[0]));
    const auto settled = run(house.api->get_refund(payment, *RefundId::parse("dev1")));
    EXPECT_EQ(settled->status, RefundStatus::refunded);
    EXPECT_TRUE(settled->settled);
}

TEST_F(PixApiTest, RefundsOnceUnderOneId) {
    const ReceivedPix pix = paid();
    const auto id = *RefundId::parse("dev1");
    ASSERT_TRUE(run(house.api->refund(pix.end_to_end_id, id, {.amount = 1000})));
    EXPECT_TRUE(run(house.api->refund(pix.end_to_end_id, id, {.amount = 1000})));
    const auto more =
        run(house.api->refund(pix.end_to_end_id, *RefundId::parse("dev2"), {.amount = 1}));
    ASSERT_FALSE(more);
    EXPECT_EQ(more.error().code(), ErrorCode::declined);
    // Money that did not go back can be given back again.
    house.admin("settle", refund_body(pix, false));
    EXPECT_TRUE(run(house.api->refund(pix.end_to_end_id, *RefundId::parse("dev3"), {.amount = 1})));
    EXPECT_EQ(run(house.api->get_refund(pix.end_to_end_id, id))->status, RefundStatus::not_done);
}

// The buyer pays what the signed payload says, not what the code says.
TEST_F(PixApiTest, ShowsPayersASignedPayload) {
    const Day due = codes::banking_day_from(codes::day_in_brazil(house.clock.now()));
    const auto cobv = run(house.api->create_cobv(txid(), due_on(due)));
    ASSERT_TRUE(cobv) << cobv.error().detail();
    const auto code = std::get<DynamicCode>(*read_br_code(cobv->record.copy_and_paste));
    const std::string url = code.url.text();
    const auto answer =
        house.fetch("https://" + url + "?DPP=" + to_text(due + std::chrono::days(3)));
    const auto key_set_url = key_set_url_of(answer.body, url.substr(0, url.find('/')));
    ASSERT_TRUE(key_set_url) << key_set_url.error().detail();
    const auto text =
        verify_payload(answer.body, house.fetch(*key_set_url).body, house.clock.now());
    ASSERT_TRUE(text) << text.error().detail();
    const auto payload = parse_body<CobvPayload>(*text, "cobv");
    ASSERT_TRUE(payload) << payload.error().detail();
    // 2% of 100.00 once, and 1% a month for three days: 2.00 + 0.10.
    EXPECT_EQ(payload->fine, 200);
    EXPECT_EQ(payload->interest, 10);
    EXPECT_EQ(payload->final_amount, 10'210);
}

TEST_F(PixApiTest, RevisesAndRemovesCharges) {
    ASSERT_TRUE(run(house.api->create_cob(txid(), ten_reais())));
    CobRevision dearer;
    dearer.terms.amount = 2000;
    const auto revised = run(house.api->revise_cob(txid(), dearer));
    ASSERT_TRUE(revised) << revised.error().detail();
    EXPECT_EQ(revised->terms.amount, 2000);
    EXPECT_EQ(revised->record.revision, 1);
    EXPECT_EQ(run(house.api->remove_cob(txid()))->record.status, ChargeStatus::removed_by_receiver);
    EXPECT_THROW(house.pay(kTxid), std::runtime_error);
    const auto again = run(house.api->remove_cob(txid()));
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error().code(), ErrorCode::declined);
    EXPECT_NE(again.error().detail().find("CobOperacaoInvalida 400"), std::string::npos);

    const std::string other(30, 'b');
    ASSERT_TRUE(run(house.api->create_cobv(txid(other), due_on(day_of(house.clock.now())))));
    EXPECT_EQ(run(house.api->remove_cobv(txid(other)))->record.status,
              ChargeStatus::removed_by_receiver);
    EXPECT_TRUE(run(house.api->get_cobv(txid(other))));
}

TEST_F(PixApiTest, LetsNobodyPayAChargeThatRanOut) {
    ASSERT_TRUE(run(house.api->create_cob(txid(), ten_reais())));
    house.clock.advance(std::chrono::hours(1));
    EXPECT_THROW(house.pay(kTxid), std::runtime_error);
    EXPECT_EQ(run(house.api->get_cob(txid()))->record.status, ChargeStatus::active);
}

TEST_F(PixApiTest, UsesALocationThatWasMadeBefore) {
    const auto location = run(house.api->create_location(LocationKind::cob));
    ASSERT_TRUE(location) << location.error().detail();
    CobRequest body = ten_reais();
    body.terms.location = Location{.id = location->id};
    EXPECT_EQ(run(house.api->create_cob(txid(), body))->record.url, location->url);
    EXPECT_EQ(run(house.api->get_location(location->id))->txid, kTxid);
    EXPECT_TRUE(run(house.api->unlink_location(location->id))->txid.empty());
}

TEST_F(PixApiTest, ListsPaymentsPageByPage) {
    std::vector<std::string> seen;
    for (char c = 'a'; c < 'd'; ++c) {
        const std::string each(28, c);
        ASSERT_TRUE(run(house.api->create_cob(txid(each), ten_reais())));
        house.pay(each);
    }
    PixQuery query;
    query.from = house.clock.now() - std::chrono::minutes(1);
    query.to = house.clock.now() + std::chrono::minutes(1);
    query.page_size = 2;
    for (query.page = 0; query.page < 2; ++query.page) {
        const auto list = run(house.api->list_pix(query));
        ASSERT_TRUE(list) << list.error().detail();
        EXPECT_EQ(list->parameters.paging.pages, 2);
        EXPECT_EQ(list->parameters.paging.items, 3);
        for (const ReceivedPix& pix : list->pix)
            seen.push_back(pix.txid);
    }
    EXPECT_EQ(seen,
              (std::vector<std::string>{
                  std::string(28, 'a'), std::string(28, 'b'), std::string(28, 'c')}));
    EXPECT_EQ(run(house.api->list_cobs(query))->parameters.paging.items, 3);
    query.page = 0;
    query.txid = std::string(28, 'b');
    EXPECT_EQ(run(house.api->list_pix(query))->pix.size(), 1U);
}

// The line is lost when the charge was made: who assumed that it was not would charge twice.
TEST_F(PixApiTest, FindsAChargeWhoseAnswerWasLost) {
    char letter = 'a';
    for (const char* trick : {"hang_after", "cut_after", "fail_after"}) {
        SCOPED_TRACE(trick);
        const Txid each = txid(std::string(28, letter++));
        misbehave(trick);
        const auto lost = run(house.api->create_cob(each, ten_reais()));
        ASSERT_FALSE(lost);
        EXPECT_EQ(lost.error().code(), ErrorCode::outcome_unknown) << lost.error().detail();
        EXPECT_TRUE(run(house.api->get_cob(each)));
    }
}

TEST_F(PixApiTest, FindsNothingWhenTheRequestWasLost) {
    for (const char* trick : {"hang_before", "cut_before", "fail_before"}) {
        SCOPED_TRACE(trick);
        misbehave(trick);
        const auto lost = run(house.api->create_cob(txid(), ten_reais()));
        ASSERT_FALSE(lost);
        EXPECT_EQ(lost.error().code(), ErrorCode::outcome_unknown) << lost.error().detail();
        const auto found = run(house.api->get_cob(txid()));
        ASSERT_FALSE(found);
        EXPECT_EQ(found.error().code(), ErrorCode::not_found);
    }
}

TEST_F(PixApiTest, AsksAgainWithoutFearWhenAQuestionIsLost) {
    misbehave("cut_before");
    const auto found = run(house.api->get_cob(txid()));
    ASSERT_FALSE(found);
    EXPECT_EQ(found.error().code(), ErrorCode::unavailable);
}

TEST_F(PixApiTest, FetchesATokenWhenTheOldOneEnds) {
    ASSERT_TRUE(run(house.api->create_cob(txid(), ten_reais())));
    house.clock.advance(std::chrono::minutes(59) + std::chrono::seconds(45));
    EXPECT_TRUE(run(house.api->get_cob(txid()))) << "used in its last moments";
    house.admin("revoke", "{}");
    EXPECT_TRUE(run(house.api->get_cob(txid()))) << "the provider forgot it before its time";
}

TEST_F(PixApiTest, GivesUpOnCredentialsThatAreRefused) {
    PixApiConfig config = house.api_config();
    config.client_secret = "another-secret";
    PixApi unknown(config, house.client(), house.clock);
    const auto refused = run(unknown.create_cob(txid(), ten_reais()));
    ASSERT_FALSE(refused);
    // Nothing of the charge itself was sent.
    EXPECT_EQ(refused.error().code(), ErrorCode::unavailable);
    EXPECT_EQ(refused.error().detail(), "no token: status 401");
}

TEST_F(PixApiTest, IsNotHeardWithACertificateOfSomebodyElse) {
    const test::ThrowawayCertificate stranger;
    const auto client = house.client_with(stranger);
    PixApi unknown(house.api_config(), *client, house.clock);
    const auto refused = run(unknown.create_cob(txid(), ten_reais()));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code(), ErrorCode::unavailable);
    EXPECT_EQ(run(house.api->get_cob(txid())).error().code(), ErrorCode::not_found);
}

TEST_F(PixApiTest, SendsNothingWhenNobodyListens) {
    PixApiConfig config = house.api_config();
    config.token_url = "https://127.0.0.1:1/oauth/token";
    PixApi lonely(config, house.client(), house.clock);
    EXPECT_EQ(run(lonely.create_cob(txid(), ten_reais())).error().code(), ErrorCode::unavailable);
}

TEST_F(PixApiTest, ChecksABodyBeforeItIsSent) {
    CobRequest body = ten_reais();
    body.terms.payer = Party{.tax_number = "52998224726", .name = "Fulano de Tal"};
    const auto refused = run(house.api->create_cob(txid(), body));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code(), ErrorCode::invalid_argument);
    EXPECT_EQ(refused.error().detail(), "cob.devedor.cpf: is not a tax number");
}

TEST_F(PixApiTest, ConfiguresItsWebhook) {
    const auto key = *PixKey::parse(PixHouse::kKey);
    listen();
    EXPECT_EQ(run(house.api->get_webhook(key))->url, house.webhook_url());
    EXPECT_TRUE(run(house.api->delete_webhook(key)));
    EXPECT_EQ(run(house.api->get_webhook(key)).error().code(), ErrorCode::not_found);
}

TEST_F(PixApiTest, IsToldOfPaymentsAndOfRefundsThatEnded) {
    listen();
    const ReceivedPix pix = paid();
    ASSERT_EQ(house.notices().size(), 1U);
    EXPECT_TRUE(house.notices()[0].starts_with("/hook/pix {"));
    ASSERT_TRUE(run(house.api->refund(pix.end_to_end_id, *RefundId::parse("dev1"), {.amount = 1})));
    EXPECT_EQ(house.notices().size(), 1U) << "a refund in process is not told";
    house.admin("settle", refund_body(pix));
    ASSERT_EQ(house.notices().size(), 2U);
    const std::string body = house.notices()[1].substr(10);
    const auto notice = parse_body<PixNotice>(body, "notice");
    ASSERT_TRUE(notice) << notice.error().detail();
    EXPECT_EQ(notice->pix.at(0).refunds.at(0).status, RefundStatus::refunded);
}

TEST_F(PixApiTest, IsToldInOddWays) {
    listen();
    misbehave_on_notice("lose");
    paid();
    EXPECT_TRUE(house.notices().empty());
    misbehave_on_notice("twice");
    misbehave("settle_first");
    ASSERT_TRUE(run(house.api->create_cob(txid(std::string(28, 'b')), ten_reais())));
    EXPECT_EQ(house.notices().size(), 2U) << "told before the answer, and twice";
    misbehave_on_notice("hold");
    ASSERT_TRUE(run(house.api->create_cob(txid(std::string(28, 'c')), ten_reais())));
    house.pay(std::string(28, 'c'));
    EXPECT_EQ(house.notices().size(), 2U);
    house.admin("release", "{}");
    EXPECT_EQ(house.notices().size(), 3U);
    for (const char c : {'d', 'e'}) {
        ASSERT_TRUE(run(house.api->create_cob(txid(std::string(28, c)), ten_reais())));
        house.pay(std::string(28, c), false);
    }
    house.admin("notices", "{}");
    ASSERT_EQ(house.notices().size(), 4U) << "two payments in one call";
    EXPECT_EQ(parse_body<PixNotice>(house.notices()[3].substr(10), "notice")->pix.size(), 2U);
}

}  // namespace
}  // namespace causeway::connectors::pix
