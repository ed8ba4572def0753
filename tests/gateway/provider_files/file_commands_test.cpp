// SPDX-License-Identifier: Apache-2.0
//
// What an operator does with files and receipts: exit codes are what scripts go by.
#include "gateway/provider_files/file_commands.h"

#include "gateway/collections/receipt_commands.h"
#include "tests/support/payment_desk.h"

#include <boost/json/parse.hpp>
#include <gtest/gtest.h>

namespace causeway::gateway {
namespace {

namespace json = boost::json;
using test::eur;
using test::PaymentDesk;
using test::ScriptedSides;
using Options = std::map<std::string, std::string>;

struct FileOffice {
    PaymentDesk desk{1, ScriptedSides{.collecting = true, .files = true}};
    bool has_gateway = true;
    int woken = 0;
    std::string notes;

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
        CommandOutput output = command(context,
                                       {.name = {},
                                        .options = std::move(options),
                                        .arguments = std::move(arguments),
                                        .files = std::move(files)});
        while (output.work) {
            CommandOutput rest;
            if (!output.work(notes, rest)) output = std::move(rest);
        }
        return output;
    }
    CommandOutput read(const std::string& content, Options options = {}) {
        return run(boleto_retorno, std::move(options), {}, {{"in/ret.txt", content}});
    }
    Uuid bill(const std::string& name = "Ana Souza") {
        return desk.create(PaymentDesk::bill(eur(10'000), {}, name)).payment();
    }
    std::string paid(const Uuid& payment, std::int64_t amount) {
        return "H|scripted|1|2026-04-15\nR|" + desk.charge_of(payment).reference + "|" +
               std::to_string(amount) + "|EUR|2026-04-15\nT|2\n";
    }
};

TEST(Remessa, GivesTheFile) {
    FileOffice office;
    (void)office.bill();
    const CommandOutput output = office.run(boleto_remessa, {});
    EXPECT_EQ(output.exit_code, kExitOk) << output.err;
    ASSERT_EQ(output.files.size(), 1U);
    EXPECT_EQ(output.files[0].name, "scripted1.txt");
    EXPECT_NE(output.out.find("number 1"), std::string::npos);
    const CommandOutput again = office.run(boleto_remessa, {{"again", "1"}, {"json", "true"}});
    ASSERT_EQ(again.files.size(), 1U);
    EXPECT_EQ(again.files[0].content, output.files[0].content);
    EXPECT_EQ(json::parse(again.out).at("file").at("sequence").as_int64(), 1);
}

TEST(Remessa, GivesAsManyFilesAsItTakes) {
    FileOffice office;
    for (std::size_t made = 0; made < test::LineFiles::kOperationsMax + 1; ++made)
        (void)office.bill();
    const CommandOutput output = office.run(boleto_remessa, {});
    EXPECT_EQ(output.exit_code, kExitOk) << output.err;
    ASSERT_EQ(output.files.size(), 2U);
    EXPECT_EQ(output.files[1].name, "scripted2.txt");
    EXPECT_NE(output.out.find("number 1, of 2026-04-14, 9 operations"), std::string::npos)
        << output.out;
    EXPECT_NE(output.out.find("number 2, of 2026-04-14, 1 operation"), std::string::npos)
        << output.out;
}

TEST(Remessa, SaysThatThereIsNothingToTell) {
    FileOffice office;
    const CommandOutput output = office.run(boleto_remessa, {});
    EXPECT_EQ(output.exit_code, kExitOk);
    EXPECT_TRUE(output.files.empty());
    EXPECT_NE(output.out.find("nothing"), std::string::npos);
}

TEST(Remessa, BearsTheDateThatIsWanted) {
    FileOffice office;
    (void)office.bill();
    const CommandOutput output = office.run(boleto_remessa, {{"date", "2026-05-02"}});
    ASSERT_EQ(output.files.size(), 1U);
    EXPECT_EQ(output.files[0].content.substr(0, 23), "H|scripted|1|2026-05-02");
}

TEST(Remessa, NamesWhatItsFormCanNotHold) {
    FileOffice office;
    (void)office.bill("A|B");
    (void)office.bill();
    const CommandOutput output = office.run(boleto_remessa, {});
    EXPECT_EQ(output.exit_code, kExitPartly);
    EXPECT_EQ(output.files.size(), 1U);
    EXPECT_NE(output.out.find("payer's name"), std::string::npos);
}

TEST(Remessa, KnowsAConnectorByItsBank) {
    FileOffice office;
    (void)office.bill();
    const CommandOutput output = office.run(boleto_remessa, {{"bank", "line_bank"}});
    EXPECT_EQ(output.exit_code, kExitOk) << output.err;
    EXPECT_EQ(output.files.size(), 1U);
    EXPECT_NE(output.out.find(", 1 operation\n"), std::string::npos) << output.out;
}

TEST(Remessa, IsRefusedWrongWords) {
    FileOffice office;
    (void)office.bill();
    const std::vector<Options> wrong{{{"bank", "nobody"}},
                                     {{"date", "tomorrow"}},
                                     {{"again", "0"}},
                                     {{"again", "x"}},
                                     {{"again", "9"}},
                                     {{"again", "1"}, {"date", "today"}}};
    for (const Options& options : wrong) {
        const CommandOutput output = office.run(boleto_remessa, options);
        EXPECT_EQ(output.exit_code, kExitUsage) << output.out << output.err;
    }
    office.has_gateway = false;
    EXPECT_EQ(office.run(boleto_remessa, {}).exit_code, kExitEnvironment);
}

TEST(Retorno, ReportsWhatBecameOfTheLines) {
    FileOffice office;
    const Uuid id = office.bill();
    const CommandOutput output = office.read(office.paid(id, 10'000));
    EXPECT_EQ(output.exit_code, kExitOk) << output.err;
    EXPECT_NE(output.out.find("received"), std::string::npos);
    EXPECT_EQ(office.desk.status(id), "succeeded");
    const CommandOutput again = office.read(office.paid(id, 10'000));
    EXPECT_EQ(again.exit_code, kExitOk);
    EXPECT_NE(again.err.find("was read before, at 2026-04-14"), std::string::npos);
}

TEST(Retorno, EndsWithOneWhenMoneyIsHeld) {
    FileOffice office;
    const CommandOutput output = office.read(office.paid(office.bill(), 9'000), {{"json", "true"}});
    EXPECT_EQ(output.exit_code, kExitFound);
    const json::value report = json::parse(output.out);
    EXPECT_EQ(report.at("apart").at(0).at("amount").as_int64(), 9'000);
    EXPECT_EQ(report.at("kinds").at("received").at("applied").as_int64(), 1);
}

TEST(Retorno, EndsWithFourWhenLinesAreBad) {
    FileOffice office;
    const CommandOutput output = office.read("H|scripted|1|2026-04-15\nR|x|ten|EUR|y\nT|2\n");
    EXPECT_EQ(output.exit_code, kExitPartly);
    EXPECT_NE(output.out.find("line 2, column 3, amount: is no amount"), std::string::npos);
}

TEST(Retorno, UsesNothingOfAFileThatNobodyCanRead) {
    FileOffice office;
    const Uuid id = office.bill();
    const std::string good = office.paid(id, 10'000);
    const CommandOutput output =
        office.run(boleto_retorno, {}, {}, {{"good.txt", good}, {"bad.txt", good.substr(0, 40)}});
    EXPECT_EQ(output.exit_code, kExitUsage);
    EXPECT_NE(output.err.find("bad.txt: scripted: "), std::string::npos);
    EXPECT_EQ(office.desk.status(id), "requires_action");
    EXPECT_EQ(office.run(boleto_retorno, {}).exit_code, kExitUsage);
}

TEST(Retorno, RefusesASecondFileOfANumber) {
    FileOffice office;
    const Uuid id = office.bill();
    (void)office.read("H|scripted|1|2026-04-15\nT|1\n");
    const CommandOutput output = office.read(office.paid(id, 10'000));
    EXPECT_EQ(output.exit_code, kExitUsage);
    EXPECT_NE(output.err.find("has number 1"), std::string::npos);
}

TEST(Receipts, AreDecidedByHand) {
    FileOffice office;
    const Uuid id = office.bill();
    (void)office.read(office.paid(id, 9'000));
    const CommandOutput listed = office.run(receipts_list, {{"state", "held"}, {"json", "true"}});
    const json::value rows = json::parse(listed.out);
    ASSERT_EQ(rows.as_array().size(), 1U);
    const std::string receipt(rows.at(0).at("id").as_string());
    EXPECT_EQ(rows.at(0).at("reason").as_string(), "short_payment");
    const CommandOutput decided = office.run(
        receipts_decide, {{"as", "credit"}, {"reason", "she called"}, {"by", "eva"}}, {receipt});
    EXPECT_EQ(decided.exit_code, kExitOk) << decided.err;
    EXPECT_EQ(office.desk.payment(id).captured, 9'000);
    const CommandOutput again =
        office.run(receipts_decide, {{"as", "hold"}, {"reason", "why not"}}, {receipt});
    EXPECT_EQ(again.exit_code, kExitUsage);
    EXPECT_NE(again.err.find("credited"), std::string::npos);
    const CommandOutput of_payment = office.run(receipts_list, {{"payment", to_text("pay", id)}});
    EXPECT_NE(of_payment.out.find(receipt), std::string::npos);
}

TEST(Receipts, AreRefusedWrongWords) {
    FileOffice office;
    (void)office.read(office.paid(office.bill(), 9'000));
    const std::string id = std::string(
        json::parse(office.run(receipts_list, {{"json", "true"}}).out).at(0).at("id").as_string());
    const std::vector<Options> wrong{
        {{"as", "keep"}, {"reason", "x"}},
        {{"as", "credit"}},
        {{"as", "credit"}, {"reason", "x"}, {"sent-back-as", "E1"}},
        {{"as", "refund"}, {"reason", "x"}, {"sent-back-as", ""}},
    };
    for (const Options& options : wrong) {
        EXPECT_EQ(office.run(receipts_decide, options, {id}).exit_code, kExitUsage);
    }
    EXPECT_EQ(office.run(receipts_decide, {{"as", "hold"}, {"reason", "x"}}, {"rcp_1"}).exit_code,
              kExitUsage);
    EXPECT_EQ(office.run(receipts_list, {{"state", "lost"}}).exit_code, kExitUsage);
    EXPECT_EQ(office.run(receipts_list, {{"limit", "0"}}).exit_code, kExitUsage);
    office.has_gateway = false;
    EXPECT_EQ(office.run(receipts_list, {}).exit_code, kExitOk);
    EXPECT_EQ(office.run(receipts_decide, {{"as", "hold"}, {"reason", "x"}}, {id}).exit_code,
              kExitEnvironment);
}

}  // namespace
}  // namespace causeway::gateway
