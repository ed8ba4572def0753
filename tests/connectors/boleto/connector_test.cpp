// SPDX-License-Identifier: Apache-2.0
//
// The connector before a small bank with real TLS, and by file before nobody.
#include "connectors/boleto/connector.h"

#include "connectors/boleto/barcode.h"
#include "tests/connectors/boleto/fake_bank.h"
#include "tests/connectors/boleto/some_config.h"
#include "tests/support/books.h"
#include "tests/support/case_name.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

namespace causeway::connectors::boleto {
namespace {

using namespace std::chrono_literals;

class BoletoConnectorTest : public testing::Test {
  protected:
    ~BoletoConnectorTest() override {
        if (bank_) bank_->close();
        io_.restart();
        io_.run_for(5s);
    }

    BoletoConnector& use(BoletoConfig config) {
        connector_ = std::make_unique<BoletoConnector>(config, world());
        config_ = std::move(config);
        return *connector_;
    }
    BoletoConnector& use_bank(bool hybrid = false) {
        BoletoConfig config = some_config(Bank::bradesco);
        config.hybrid = hybrid;
        bank_ = std::make_unique<FakeBank>(io_.get_executor(), config);
        return use(bank_->config());
    }
    Result<Answer> perform(const Operation& operation) {
        return await(connector_->perform(operation));
    }
    Operation collect(std::int64_t sequence, std::int64_t centavos = 10'000) {
        return some_collect(config_, sequence, reais(centavos));
    }
    template <class T>
    T await(boost::asio::awaitable<T> work) {
        std::optional<T> value;
        auto keep = [&value](boost::asio::awaitable<T> inner) -> boost::asio::awaitable<void> {
            value.emplace(co_await std::move(inner));
        };
        boost::asio::co_spawn(io_, keep(std::move(work)), boost::asio::detached);
        io_.restart();
        while (!value && io_.run_one_for(5s) > 0) {
        }
        if (!value) throw std::runtime_error("the connector hangs");
        return *std::move(value);
    }
    Surroundings world() {
        return {.executor = io_.get_executor(),
                .clock = clock_,
                .entropy = entropy_,
                .sleep = real_sleep(),
                .report = [this](std::string_view event, std::string_view, std::string_view) {
                    reported_.emplace_back(event);
                }};
    }

    ManualClock clock_{some_moment()};
    test::SeededEntropy entropy_{1};
    boost::asio::io_context io_;
    std::unique_ptr<FakeBank> bank_;
    BoletoConfig config_;
    std::unique_ptr<BoletoConnector> connector_;
    std::vector<std::string> reported_;
};

std::string detail(const Answer& answer, std::string_view name) {
    for (const auto& [key, value] : answer.instrument->details) {
        if (key == name) return value;
    }
    return {};
}

TEST_F(BoletoConnectorTest, RegistersAtTheBankAndShowsTheNumbers) {
    use_bank();
    const Result<Answer> answer = perform(collect(12));
    ASSERT_TRUE(answer) << answer.error().detail();
    ASSERT_TRUE(answer->approved && answer->instrument);
    EXPECT_EQ(answer->instrument->action, "display_boleto");
    EXPECT_EQ(detail(*answer, "bank"), "237");
    EXPECT_EQ(detail(*answer, "our_number"),
              "09/00000000012-" + std::string(1, *our_number(config_.at, "12")->check));
    EXPECT_EQ(parse_line(detail(*answer, "line"))->digits(), detail(*answer, "barcode"));
    EXPECT_EQ(detail(*answer, "qr_data"), "");
    const BankTitleOrder& order = bank_->titles().at("00000000012");
    EXPECT_EQ(order.due_on, Day(2026y / 11 / 25));
    EXPECT_EQ(order.payable_until, Day(2026y / 12 / 28));
    EXPECT_EQ(order.payer.document, "49473289596");
    EXPECT_EQ(order.payer.postal_code, "50010000");
    EXPECT_EQ(order.control, "00000000012");
}

TEST_F(BoletoConnectorTest, ShowsTheCodeOfAHybrid) {
    EXPECT_TRUE(use_bank(true).collecting()->withdraws_when_paid());
    const Result<Answer> answer = perform(collect(12));
    ASSERT_TRUE(answer) << answer.error().detail();
    EXPECT_EQ(detail(*answer, "qr_data"), "00020101021226.pix.000000000126304ABCD");
}

TEST_F(BoletoConnectorTest, TellsTheBanksReasonForARefusal) {
    use_bank();
    const Result<Answer> answer = perform(collect(12, kRefusedAmount));
    ASSERT_TRUE(answer) << answer.error().detail();
    EXPECT_FALSE(answer->approved);
    EXPECT_EQ(answer->decline, Decline::not_allowed);
    EXPECT_EQ(answer->response_code, "48: CEP inválido");
}

TEST_F(BoletoConnectorTest, FindsAndRepeatsWhatHadNoAnswer) {
    use_bank();
    Operation operation = collect(12);
    bank_->lose_next();
    EXPECT_EQ(perform(operation).error().code(), ErrorCode::outcome_unknown);
    const Result<Finding> found = await(connector_->inquiry()->find(operation));
    ASSERT_TRUE(found) << found.error().detail();
    EXPECT_EQ(found->fate, Fate::carried_out);
    EXPECT_TRUE(found->answer.instrument);
    operation.repeat = true;
    EXPECT_TRUE(perform(operation)->approved);
    EXPECT_EQ(bank_->titles().size(), 1U);
    EXPECT_EQ(await(connector_->inquiry()->find(collect(13)))->fate, Fate::under_way);
}

TEST_F(BoletoConnectorTest, BelievesNoBoletoThatIsNotOurs) {
    use_bank();
    (void)perform(collect(12));
    const Result<Answer> other = perform(collect(12, 20'000));
    ASSERT_TRUE(other);
    EXPECT_FALSE(other->approved);
    EXPECT_EQ(other->decline, Decline::provider_error);
    EXPECT_EQ(reported_, std::vector<std::string>{"provider_number_taken"});
    const BankTitle lie{.our_number = "00000000013", .line = std::string(47, '1'), .barcode = {}};
    bank_->say_next(201, boost::json::serialize(write_body(lie)));
    EXPECT_EQ(perform(collect(13)).error().code(), ErrorCode::integrity);
}

// Registered in words of ours that are others today; the line is the same, and so is the boleto.
TEST_F(BoletoConnectorTest, KnowsItsOwnBoletoUnderANumberThatIsUsed) {
    use_bank();
    Operation operation = collect(12);
    (void)perform(operation);
    operation.collection->payer.name = "Outro Nome";
    const Result<Answer> answer = perform(operation);
    ASSERT_TRUE(answer) << answer.error().detail();
    EXPECT_TRUE(answer->approved);
    EXPECT_TRUE(answer->instrument);
    EXPECT_TRUE(reported_.empty());
}

struct StatusCase {
    std::string name;
    int status;
    std::string body;
    ErrorCode code;
};

class BankStatus : public BoletoConnectorTest, public testing::WithParamInterface<StatusCase> {};

TEST_P(BankStatus, IsNoWordAboutTheBoleto) {
    use_bank();
    bank_->say_next(GetParam().status, GetParam().body);
    const Result<Answer> answer = perform(collect(12));
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code(), GetParam().code);
}

INSTANTIATE_TEST_SUITE_P(
    Rows,
    BankStatus,
    testing::Values(StatusCase{"Unauthorised", 401, "", ErrorCode::unavailable},
                    StatusCase{"Forbidden", 403, "", ErrorCode::unavailable},
                    StatusCase{"TooMany", 429, "", ErrorCode::unavailable},
                    StatusCase{"TimedOut", 408, "", ErrorCode::outcome_unknown},
                    StatusCase{"Broken", 500, "", ErrorCode::outcome_unknown},
                    StatusCase{"Resting", 503, "", ErrorCode::outcome_unknown},
                    StatusCase{"Elsewhere", 302, "", ErrorCode::outcome_unknown},
                    StatusCase{"CreatedNonsense", 201, "[", ErrorCode::outcome_unknown}),
    test::case_name<StatusCase>);

TEST_F(BoletoConnectorTest, WithdrawsOnceAndNotWhatWasPaid) {
    use_bank();
    const Operation first = collect(12);
    (void)perform(first);
    const Operation withdrawal = some_withdrawal(first, 13);
    EXPECT_TRUE(perform(withdrawal)->approved);
    EXPECT_TRUE(perform(withdrawal)->approved);
    EXPECT_EQ(await(connector_->inquiry()->find(withdrawal))->fate, Fate::carried_out);

    const Operation second = collect(14);
    (void)perform(second);
    bank_->pay(second.reference);
    const Result<Answer> refused = perform(some_withdrawal(second, 15));
    ASSERT_TRUE(refused) << refused.error().detail();
    EXPECT_EQ(refused->decline, Decline::not_allowed);
    EXPECT_EQ(refused->response_code, "A5: título já liquidado");
    const Result<Answer> unknown = perform(some_withdrawal(collect(16), 17));
    EXPECT_EQ(unknown->decline, Decline::original_not_found);
}

TEST_F(BoletoConnectorTest, ByFileSendsNothing) {
    BoletoConnector& connector = use(some_config(Bank::itau));
    const Operation operation = collect(12);
    const Result<Answer> answer = perform(operation);
    ASSERT_TRUE(answer) << answer.error().detail();
    EXPECT_TRUE(answer->approved && answer->instrument);
    EXPECT_TRUE(perform(some_withdrawal(operation, 13))->approved);
    EXPECT_TRUE(connector.files()->carries(OperationKind::collect));
    EXPECT_TRUE(connector.files()->carries(OperationKind::withdraw));
    EXPECT_EQ(connector.inquiry(), nullptr);
    EXPECT_EQ(connector.notices(), nullptr);
}

TEST_F(BoletoConnectorTest, RefusesWhatHasNoNumberLeft) {
    BoletoConfig config = some_config(Bank::itau);
    config.number_first = 100;
    config.number_last = 109;
    BoletoConnector& connector = use(config);
    Operation operation = collect(10);
    EXPECT_EQ(connector.make_reference(1, {}, operation), "00000100");
    EXPECT_EQ(connector.make_reference(10, {}, operation), "00000109");
    EXPECT_TRUE(perform(operation)->approved);
    operation.reference = connector.make_reference(11, {}, operation);
    const Result<Answer> answer = perform(operation);
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code(), ErrorCode::invalid_argument);
    EXPECT_EQ(reported_, std::vector<std::string>{"boleto_numbers_used_up"});
}

TEST_F(BoletoConnectorTest, RendersWhatItSaysItCan) {
    BoletoConnector& connector = use_bank(true);
    const Operation operation = collect(12);
    const Result<Answer> answer = perform(operation);
    ASSERT_TRUE(answer) << answer.error().detail();
    const DocumentRequest request{.reference = operation.reference,
                                  .amount = operation.amount,
                                  .collection = *operation.collection,
                                  .instrument = *answer->instrument,
                                  .payment_id = "pay_12",
                                  .description = "Pedido 4711 <script>"};
    for (const std::string& format : connector.collecting()->formats(*answer->instrument)) {
        const Result<Rendered> made = connector.collecting()->render(request, format);
        ASSERT_TRUE(made) << format << ": " << made.error().detail();
        EXPECT_FALSE(made->bytes.empty()) << format;
        if (format != "html") continue;
        for (const std::string_view text : {"Vendedor: Flores do Recife",
                                            "Loja de Shenzhen Ltda",
                                            "Não receber após 28/12/2026.",
                                            "Pedido 4711 &lt;script&gt;"})
            EXPECT_NE(made->bytes.find(text), std::string::npos) << text;
    }
    EXPECT_EQ(connector.collecting()->render(request, "docx").error().code(), ErrorCode::not_found);
}

}  // namespace
}  // namespace causeway::connectors::boleto
