// SPDX-License-Identifier: Apache-2.0
//
// The connector and the bank, which share no decision: what the one writes the other reads, and
// what the bank's files and notifications tell is what its books say.
#include "connectors/boleto/connector.h"

#include "connectors/boleto/instrument.h"
#include "connectors/boleto/remessa_file.h"
#include "connectors/boleto/retorno_file.h"
#include "connectors/boleto/sandbox/api_desk.h"
#include "connectors/boleto/sandbox/remessa_desk.h"
#include "connectors/boleto/sandbox/retorno_desk.h"
#include "tests/connectors/boleto/some_config.h"
#include "tests/support/bank_house.h"
#include "tests/support/books.h"

#include <gtest/gtest.h>

namespace causeway::connectors::boleto::sandbox {
namespace {

// A beneficiary whom both sides know.
HouseConfig house_of(const BoletoConfig& config) {
    HouseConfig house = sample_house(layout_of(config.at.bank));
    house.beneficiary = file_beneficiary(config);
    house.beneficiary.wallet = config.at.wallet;
    return house;
}

struct Told {
    std::vector<Notice> notices;
    std::vector<LineFault> faults;
};

Told told_by(const BoletoConfig& config, const NightWork& night) {
    const auto bytes = write_retorno_of(house_of(config),
                                        {.number = 7,
                                         .day = night.day,
                                         .credit_on = night.credit_on,
                                         .happenings = night.happenings});
    EXPECT_TRUE(bytes) << bytes.error().detail();
    Told told;
    const FileSink sink{
        .header = [](const FileHeader&) {},
        .notice = [&](std::int64_t, Notice notice) { told.notices.push_back(std::move(notice)); },
        .fault = [&](LineFault fault) { told.faults.push_back(std::move(fault)); },
        .progress = [](std::int64_t) {}};
    const auto read = read_retorno_file(config, *bytes, sink);
    EXPECT_TRUE(read) << read.error().detail();
    return told;
}

class ConnectorAndBank : public testing::TestWithParam<Bank> {};

INSTANTIATE_TEST_SUITE_P(Banks,
                         ConnectorAndBank,
                         testing::Values(Bank::banco_do_brasil, Bank::itau, Bank::bradesco),
                         [](const auto& one) {
                             return "Bank" + std::string(rules_of(one.param).code);
                         });

TEST_P(ConnectorAndBank, UnderstandEachOthersFiles) {
    const BoletoConfig config = some_config(GetParam());
    const CollectionWish wish{.fine_bps = 200, .interest_month_bps = 100};
    const Operation paid = some_collect(config, 11, reais(10'000), wish);
    const Operation late = some_collect(config, 12, reais(20'050), wish);
    const Operation off = some_collect(config, 13, reais(999));
    const auto file = write_remessa_file(
        config, {.sequence = 1, .made = some_moment(), .operations = {paid, late, off}});
    ASSERT_TRUE(file) << file.error().detail();
    test::SeededEntropy entropy(5);
    BankBooks books(house_of(config), paid.collection->terms.issued_on, entropy);
    RemessaDesk desk;
    const auto taken = desk.take(books, file->bytes, some_moment());
    ASSERT_TRUE(taken) << taken.error().detail();
    EXPECT_EQ(taken->accepted, 3);
    const auto second = write_remessa_file(
        config, {.sequence = 2, .made = some_moment(), .operations = {some_withdrawal(off, 14)}});
    ASSERT_TRUE(second) << second.error().detail();
    EXPECT_EQ(desk.take(books, second->bytes, some_moment())->accepted, 1);

    const Day too_late = late.collection->terms.due_on + std::chrono::days(9);
    for (const Operation* operation : {&paid, &late}) {
        PayOrder order;
        order.our_number = operation->reference;
        if (operation == &late) order.day = too_late;
        ASSERT_TRUE(books.pay(order, some_moment()));
    }
    EXPECT_EQ(books.receipts()[1].amount,
              due_on(late.collection->terms, late.amount, too_late)->minor_units());
    std::vector<Notice> received;
    bool ended = false;
    const auto nights = books.close(too_late, some_moment());
    for (const NightWork& night : *nights) {
        if (night.happenings.empty()) continue;
        const Told told = told_by(config, night);
        EXPECT_TRUE(told.faults.empty()) << told.faults.front().reason;
        for (const Notice& notice : told.notices) {
            if (notice.kind == NoticeKind::received) received.push_back(notice);
            ended = ended || (notice.kind == NoticeKind::instrument_ended &&
                              notice.reference == off.reference);
        }
    }
    EXPECT_TRUE(ended);
    ASSERT_EQ(received.size(), 2U);
    for (std::size_t i = 0; i < 2; ++i) {
        const sandbox::Receipt& booked = books.receipts()[i];
        EXPECT_EQ(received[i].reference, booked.our_number);
        EXPECT_EQ(received[i].amount->minor_units(), booked.amount);
        EXPECT_EQ(received[i].receipt->cost->minor_units(), booked.tariff);
        EXPECT_EQ(received[i].receipt->paid_on, booked.day);
        EXPECT_EQ(received[i].receipt->credited_on, booked.credit_on);
    }
}

TEST_P(ConnectorAndBank, AgreeOnWhatALineSays) {
    BoletoConfig config = some_config(GetParam());
    const Operation operation = some_collect(config, 42, reais(12'345));
    test::SeededEntropy entropy(5);
    BankBooks books(house_of(config), operation.collection->terms.issued_on, entropy);
    net::HttpRequest request;
    request.method = "POST";
    request.target = kTitlesPath;
    request.body = boost::json::serialize(write_body(order_of(config, operation)));
    const auto answer = serve_titles(books, request, some_moment());
    ASSERT_EQ(answer.status, 201) << answer.body;
    const auto title = pix::parse_body<BankTitle>(answer.body, "boleto");
    ASSERT_TRUE(title);
    const auto ours = make_instrument(
        config, operation.reference, operation.collection->terms, operation.amount, std::string());
    ASSERT_TRUE(ours);
    EXPECT_EQ(title->line, ours->details[0].second);
    EXPECT_EQ(title->barcode, ours->details[1].second);
}

TEST(ConnectorAndBankOnline, RegisterPayAndWithdraw) {
    test::BankHouse bank(cnab::LayoutId::itau400, "2026-11-22");
    BoletoConfig config = some_config(Bank::itau);
    config.at.branch = "57";
    config.at.account = "12345";
    config.account_digit = "7";
    config.by_file = false;
    config.bank = {.port = bank.sandbox->api_port(),
                   .ca_file = bank.ca_file(),
                   .token = test::BankHouse::kToken};
    config.common.answer_max = std::chrono::milliseconds(1500);
    config.webhook_secret = test::BankHouse::kSecret;
    boost::asio::io_context io;
    BoletoConnector connector(config,
                              {.executor = io.get_executor(),
                               .clock = bank.clock,
                               .entropy = bank.entropy,
                               .sleep = real_sleep(),
                               .report = {}});
    const Operation operation = some_collect(config, 42, reais(12'345));
    const auto registered = test::run(connector.perform(operation));
    ASSERT_TRUE(registered) << registered.error().detail();
    EXPECT_TRUE(registered->approved) << registered->response_code;
    bank.admin("script", R"({"requests":["hang_after"]})");
    const Operation lost = some_collect(config, 43, reais(500));
    EXPECT_FALSE(test::run(connector.perform(lost)));
    EXPECT_EQ(test::run(connector.inquiry()->find(lost))->fate, Fate::carried_out);
    bank.admin("pay", R"({"nosso_numero":")" + operation.reference + R"("})");
    ASSERT_EQ(bank.calls().size(), 1U);
    const auto notices = connector.notices()->read({.headers = bank.calls()[0].headers,
                                                    .body = bank.calls()[0].body,
                                                    .received = bank.clock.now()});
    ASSERT_TRUE(notices) << notices.error().detail();
    EXPECT_EQ(notices->front().amount, reais(12'345));
    EXPECT_EQ(notices->front().reference, operation.reference);
    const auto refused = test::run(connector.perform(some_withdrawal(operation, 44)));
    ASSERT_TRUE(refused) << refused.error().detail();
    EXPECT_FALSE(refused->approved);
    EXPECT_TRUE(test::run(connector.perform(some_withdrawal(lost, 45)))->approved);
}

}  // namespace
}  // namespace causeway::connectors::boleto::sandbox
