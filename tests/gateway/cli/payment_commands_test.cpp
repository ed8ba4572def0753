// SPDX-License-Identifier: Apache-2.0
//
// What an operator sees of payments, and what becomes of what he begins.
#include "gateway/cli/payment_commands.h"

#include "gateway/cli/by_hand.h"
#include "tests/support/case_name.h"
#include "tests/support/payment_desk.h"

#include <boost/json/serialize.hpp>
#include <gtest/gtest.h>

namespace causeway::gateway {
namespace {

namespace json = boost::json;
using connectors::Notice;
using connectors::NoticeKind;
using test::currency;
using test::eur;
using test::PaymentDesk;
using test::Word;
using Options = std::map<std::string, std::string>;

struct Office {
    PaymentDesk desk;
    bool has_gateway = true;
    int woken = 0;

    CommandOutput run(CommandOutput (*command)(CommandContext&, const CommandRequest&),
                      Options options,
                      std::vector<std::string> arguments = {},
                      std::vector<InputFile> files = {}) {
        CommandContext context{.database = *desk.database,
                               .journal = *desk.journal,
                               .clock = desk.clock,
                               .entropy = desk.entropy,
                               .ids = desk.ids};
        if (has_gateway) context.shop = &desk.service->shop();
        context.work_left = [this] { ++woken; };
        CommandRequest request{.name = {},
                               .options = std::move(options),
                               .arguments = std::move(arguments),
                               .files = std::move(files)};
        return command(context, request);
    }
    json::value read(CommandOutput (*command)(CommandContext&, const CommandRequest&),
                     Options options,
                     std::vector<std::string> arguments = {},
                     std::vector<InputFile> files = {}) {
        options["json"] = "true";
        const CommandOutput output =
            run(command, std::move(options), std::move(arguments), std::move(files));
        EXPECT_EQ(output.exit_code, kExitOk) << output.err;
        return json::parse(output.out);
    }
    Uuid disputed() {
        const Uuid id = desk.captured(eur(10'000));
        Notice notice{.kind = NoticeKind::dispute_opened, .id = "n-1"};
        notice.amount = eur(4'000);
        notice.case_id = "case-1";
        notice.reason = "fraudulent";
        EXPECT_EQ(desk.notice(id, notice), NoticeVerdict::applied);
        return id;
    }
    std::string doubtful() {
        desk.provider.next({Word::lost_after});
        (void)desk.create(PaymentDesk::charge(eur(10'000), false));
        const auto rows = desk.read<std::vector<OperationRow>>(
            [](ledger::Transaction& tx) { return operations_in_doubt(tx, 10); });
        return to_text("op", rows.at(0).id);
    }
};

std::string pay(const Uuid& id) {
    return to_text("pay", id);
}

struct AmountCase {
    std::string name;
    std::string text;
    std::string code;
    std::optional<std::int64_t> minor_units;
};

class HandAmount : public testing::TestWithParam<AmountCase> {};

INSTANTIATE_TEST_SUITE_P(Amounts,
                         HandAmount,
                         testing::Values(AmountCase{"Cents", "12.30", "EUR", 1'230},
                                         AmountCase{"Whole", "12", "JPY", 12},
                                         AmountCase{"ThreeDecimals", "1.234", "KWD", 1'234},
                                         AmountCase{"MinorUnits", "1230", "EUR", {}},
                                         AmountCase{"TooFew", "12.3", "EUR", {}},
                                         AmountCase{"TooMany", "12.300", "EUR", {}},
                                         AmountCase{"PointWithoutNeed", "12.00", "JPY", {}},
                                         AmountCase{"EmptyFraction", "12.", "JPY", {}},
                                         AmountCase{"Nothing", "0.00", "EUR", {}},
                                         AmountCase{"Negative", "-1.00", "EUR", {}},
                                         AmountCase{"Comma", "12,30", "EUR", {}},
                                         AmountCase{"Empty", "", "EUR", {}},
                                         AmountCase{
                                             "TooLarge", "99999999999999999999.00", "EUR", {}}),
                         test::case_name<AmountCase>);

TEST_P(HandAmount, HasExactlyTheCurrencysDecimals) {
    const Result<std::int64_t> read = read_hand_amount(GetParam().text, currency(GetParam().code));
    ASSERT_EQ(static_cast<bool>(read), GetParam().minor_units.has_value());
    if (!read) return;
    EXPECT_EQ(*read, *GetParam().minor_units);
}

TEST(PaymentCommands, ListTheNewestFirstAndWhatIsInDoubt) {
    Office office;
    const Uuid first = office.desk.captured(eur(1'000));
    office.desk.clock.advance(std::chrono::seconds(1));
    const std::string operation = office.doubtful();
    const json::array all = office.read(payments_list, {}).as_array();
    ASSERT_EQ(all.size(), 2U);
    EXPECT_EQ(all[0].at("status"), "processing");
    EXPECT_EQ(all[1].at("id").as_string(), pay(first));
    EXPECT_EQ(office.read(payments_list, {{"limit", "1"}}).as_array().size(), 1U);
    const std::string merchant = to_text("mer", office.desk.merchant);
    const std::string nobody = to_text("mer", office.desk.ids.next());
    EXPECT_EQ(office.read(payments_list, {{"merchant", merchant}}).as_array(), all);
    EXPECT_TRUE(office.read(payments_list, {{"merchant", nobody}}).as_array().empty());
    const json::array doubt = office.read(payments_list, {{"in-doubt", "true"}}).as_array();
    ASSERT_EQ(doubt.size(), 1U);
    EXPECT_EQ(doubt[0].at("id").as_string(), operation);
    EXPECT_EQ(doubt[0].at("payment"), all[0].at("id"));
    EXPECT_EQ(office.read(payments_list, {{"in-doubt", "true"}, {"merchant", merchant}}).as_array(),
              doubt);
    EXPECT_TRUE(office.read(payments_list, {{"in-doubt", "true"}, {"merchant", nobody}})
                    .as_array()
                    .empty());
    EXPECT_EQ(office.run(payments_list, {{"limit", "0"}}).exit_code, kExitUsage);
    EXPECT_EQ(office.run(payments_list, {{"merchant", "mer_x"}}).exit_code, kExitUsage);
}

TEST(PaymentCommands, ShowEverythingButWhatSpeaksOfPeople) {
    Office office;
    CreatePayment wanted = PaymentDesk::charge(eur(10'000));
    wanted.description = "For Jane Roe";
    wanted.return_url = "https://shop.example/?who=Jane-Roe";
    wanted.metadata = R"({"buyer":"Jane Roe"})";
    const Uuid id = office.desk.create(wanted).payment();
    ASSERT_EQ(office.desk.refund(id, 2'500).status(), 201);
    const json::object shown = office.read(payments_show, {}, {pay(id)}).as_object();
    EXPECT_EQ(shown.at("payment").at("amount_refunded"), 2'500);
    EXPECT_EQ(shown.at("captures").as_array().size(), 1U);
    EXPECT_EQ(shown.at("refunds").as_array().size(), 1U);
    EXPECT_EQ(shown.at("operations").as_array().size(), 3U);
    std::size_t lines = 0;
    bool has_entry = false;
    for (const json::value& row : shown.at("timeline").as_array()) {
        for (const json::value& line : row.at("lines").as_array()) {
            ++lines;
            has_entry = has_entry || line.at("journal_entry").is_string();
        }
    }
    EXPECT_EQ(lines, office.desk.timeline(id).size());
    EXPECT_TRUE(has_entry);
    const CommandOutput text = office.run(payments_show, {}, {pay(id)});
    for (const std::string& out : {json::serialize(shown), text.out}) {
        EXPECT_EQ(out.find("Jane"), std::string::npos) << out;
        EXPECT_EQ(out.find("exp_"), std::string::npos);
        EXPECT_NE(out.find("je_"), std::string::npos);
    }
    EXPECT_NE(text.out.find("captured 100.00, refunded 25.00"), std::string::npos) << text.out;
    EXPECT_EQ(office.run(payments_show, {}, {pay(office.desk.ids.next())}).exit_code, kExitUsage);
}

TEST(PaymentCommands, ADecisionEndsADoubtAndIsSigned) {
    Office office;
    const std::string operation = office.doubtful();
    const Options options{{"outcome", "approved"}, {"reason", "on the statement"}, {"by", "ada"}};
    const json::value decided = office.read(payments_decide, options, {operation});
    EXPECT_EQ(decided.at("payment").at("status"), "requires_capture");
    EXPECT_TRUE(office.desk.nothing_in_suspense());
    EXPECT_EQ(office.woken, 1);
    const Uuid id = *parse_id("pay", decided.at("payment").at("id").as_string().c_str());
    bool is_signed = false;
    for (const TimelineLine& line : office.desk.timeline(id))
        is_signed = is_signed || line.detail == "ada: on the statement";
    EXPECT_TRUE(is_signed);
    EXPECT_TRUE(office.read(payments_list, {{"in-doubt", "true"}}).as_array().empty());
    const CommandOutput again = office.run(payments_decide, options, {operation});
    EXPECT_EQ(again.exit_code, kExitUsage);
    EXPECT_NE(again.err.find("not in doubt"), std::string::npos);
    for (const Options& wrong : {Options{{"outcome", "maybe"}, {"reason", "x"}},
                                 Options{{"outcome", "approved"}, {"reason", ""}}}) {
        EXPECT_EQ(office.run(payments_decide, wrong, {operation}).exit_code, kExitUsage);
    }
}

TEST(PaymentCommands, ACaptureIsReservedAtOnceAndSentByTheJanitor) {
    Office office;
    const Uuid id = office.desk.authorised(eur(10'000));
    const json::value begun =
        office.read(payments_capture, {{"amount", "40.00"}, {"by", "ada"}}, {pay(id)});
    EXPECT_TRUE(begun.at("sent").as_bool());
    EXPECT_EQ(office.woken, 1);
    EXPECT_EQ(office.desk.payment(id).capturing, 4'000);
    EXPECT_EQ(office.desk.sweep(), 1);
    EXPECT_EQ(office.desk.payment(id).captured, 4'000);
    bool is_signed = false;
    for (const TimelineLine& line : office.desk.timeline(id))
        is_signed = is_signed || line.detail == "ada: capture";
    EXPECT_TRUE(is_signed);
    EXPECT_EQ(office.desk.charge_of(id).payment, id);
    // The rest with it: nothing more can be captured then.
    (void)office.read(payments_capture, {{"amount", "10.00"}, {"final", "true"}}, {pay(id)});
    office.desk.sweep_until_dry();
    EXPECT_EQ(office.desk.payment(id).captured, 5'000);
    EXPECT_EQ(office.desk.status(id), "succeeded");
    EXPECT_TRUE(office.desk.books_are_clean());
}

TEST(PaymentCommands, ARefusalWritesNothing) {
    Office office;
    const Uuid id = office.desk.authorised(eur(10'000));
    const std::size_t before = office.desk.timeline(id).size();
    const CommandOutput too_much = office.run(payments_capture, {{"amount", "100.01"}}, {pay(id)});
    EXPECT_EQ(too_much.exit_code, kExitUsage);
    EXPECT_FALSE(too_much.err.empty());
    EXPECT_EQ(office.run(payments_capture, {{"amount", "4000"}}, {pay(id)}).exit_code, kExitUsage);
    EXPECT_EQ(office.run(refunds_create, {{"payment", pay(id)}, {"amount", "1.00"}}).exit_code,
              kExitUsage);
    EXPECT_EQ(office.run(refunds_create, {{"payment", pay(id)}, {"reason", "whim"}}).exit_code,
              kExitUsage);
    EXPECT_EQ(office.desk.timeline(id).size(), before);
    EXPECT_EQ(office.desk.open_operations(), 0);
    EXPECT_EQ(office.woken, 0);
}

TEST(PaymentCommands, ACancelGivesTheAuthorisationBack) {
    Office office;
    const Uuid id = office.desk.authorised(eur(10'000));
    (void)office.read(payments_cancel, {}, {pay(id)});
    office.desk.sweep_until_dry();
    EXPECT_EQ(office.desk.status(id), "canceled");
    EXPECT_EQ(office.run(payments_cancel, {}, {pay(id)}).exit_code, kExitUsage);
}

TEST(PaymentCommands, ARefundIsListedWhereverItIsLookedFor) {
    Office office;
    const Uuid id = office.desk.captured(eur(10'000));
    const json::array made =
        office
            .read(refunds_create, {{"payment", pay(id)}, {"amount", "25.00"}, {"reason", "other"}})
            .as_array();
    ASSERT_EQ(made.size(), 1U);
    EXPECT_EQ(made[0].at("status"), "pending");
    office.desk.sweep_until_dry();
    const std::string merchant = to_text("mer", office.desk.merchant);
    for (const Options& options :
         {Options{}, Options{{"merchant", merchant}}, Options{{"payment", pay(id)}}}) {
        const json::array listed = office.read(refunds_list, options).as_array();
        ASSERT_EQ(listed.size(), 1U);
        EXPECT_EQ(listed[0].at("id"), made[0].at("id"));
        EXPECT_EQ(listed[0].at("status"), "succeeded");
    }
    EXPECT_EQ(office.desk.payment(id).refunded, 2'500);
}

TEST(PaymentCommands, ADisputeIsContestedWithTextsAndNothingElse) {
    Office office;
    const Uuid id = office.disputed();
    const std::string dispute =
        std::string(office.read(disputes_list, {}).as_array().at(0).at("id").as_string());
    EXPECT_EQ(office.read(disputes_list, {{"payment", pay(id)}}).as_array().size(), 1U);
    EXPECT_TRUE(office.read(disputes_show, {}, {dispute}).at("evidence_at").is_null());
    for (const char* const content : {"", "[]", "{}", R"({"a":1})", R"({"":"x"})"}) {
        EXPECT_EQ(office.run(disputes_evidence, {}, {dispute}, {{"file", content}}).exit_code,
                  kExitUsage)
            << content;
    }
    EXPECT_EQ(office.run(disputes_evidence, {}, {dispute}).exit_code, kExitUsage);
    const json::value sent =
        office.read(disputes_evidence, {}, {dispute}, {{"file", R"({"note":"Jane has it"})"}});
    EXPECT_TRUE(sent.at("evidence_at").is_string());
    EXPECT_EQ(json::serialize(sent).find("Jane"), std::string::npos);
    if (office.desk.open_operations() > 0) office.desk.sweep_until_dry();
    EXPECT_EQ(office.desk.disputes()[0].status, DisputeStatus::under_review);
}

TEST(PaymentCommands, ADisputeIsGivenUp) {
    Office office;
    (void)office.disputed();
    const std::string dispute = to_text("dp", office.desk.disputes()[0].id);
    (void)office.read(disputes_accept, {{"by", "ada"}}, {dispute});
    if (office.desk.open_operations() > 0) office.desk.sweep_until_dry();
    EXPECT_EQ(office.desk.disputes()[0].status, DisputeStatus::accepted);
    EXPECT_EQ(office.run(disputes_accept, {}, {dispute}).exit_code, kExitUsage);
    EXPECT_TRUE(office.desk.books_are_clean());
}

TEST(PaymentCommands, NeedTheGatewayToChangeAnything) {
    Office office;
    office.has_gateway = false;
    const std::string id = pay(office.desk.authorised(eur(10'000)));
    using Command = CommandOutput (*)(CommandContext&, const CommandRequest&);
    for (const Command command : {payments_decide,
                                  payments_capture,
                                  payments_cancel,
                                  refunds_create,
                                  disputes_accept,
                                  disputes_evidence}) {
        const CommandOutput output = office.run(command, {{"payment", id}}, {id});
        EXPECT_EQ(output.exit_code, kExitEnvironment);
        EXPECT_NE(output.err.find("start the gateway"), std::string::npos);
    }
    EXPECT_EQ(office.run(payments_show, {}, {id}).exit_code, kExitOk);
}

}  // namespace
}  // namespace causeway::gateway
