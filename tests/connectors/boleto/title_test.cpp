// SPDX-License-Identifier: Apache-2.0
#include "connectors/boleto/title.h"

#include "tests/connectors/boleto/any_title.h"
#include "tests/support/amounts.h"

#include <gtest/gtest.h>

#include <functional>
#include <rapidcheck/gtest.h>

namespace causeway::connectors::boleto {
namespace {

using namespace std::chrono_literals;

Title good_title() {
    return {.at = {.bank = Bank::itau, .branch = "57", .account = "72192", .wallet = "109"},
            .our_number = "98712345",
            .your_number = {},
            .due = Day(2026y / 12 / 31),
            .amount = ledger::Money(123'45, test::currency("BRL"))};
}

// What of the account a free field of this layout holds.
BankAccount visible(const Title& title, const std::string& your_number) {
    BankAccount at = title.at;
    if (at.bank == Bank::itau && !your_number.empty()) {
        at.branch.clear();
        at.account.clear();
        return at;
    }
    at.client.clear();
    if (at.bank != Bank::banco_do_brasil) return at;
    if (at.agreement.size() == 7) {
        at.branch.clear();
        at.account.clear();
    } else {
        at.agreement.clear();
    }
    return at;
}

RC_GTEST_PROP(TitleProperties, IsReadAsItWasComposed, ()) {
    const Day reference =
        Day(2000y / 7 / 3) + std::chrono::days(*rc::gen::inRange(3000, 3000 + 2 * 9000));
    const Title title = any_title(reference);
    const auto barcode = compose(title);
    RC_ASSERT(barcode.has_value());
    const auto decoded = decode(*parse_line(to_line(*barcode).printed()), reference);
    RC_ASSERT(decoded.has_value());
    RC_ASSERT(decoded->bank == rules_of(title.at.bank).code);
    RC_ASSERT(decoded->amount == title.amount);
    RC_ASSERT(decoded->due == title.due);
    RC_ASSERT(decoded->free_field.has_value());
    const FreeField& read = *decoded->free_field;
    RC_ASSERT(read.at == visible(title, read.your_number));
    RC_ASSERT(read.our_number.digits == our_number(title.at, title.our_number)->digits);
    if (read.your_number.empty()) {
        RC_ASSERT(read.our_number == *our_number(title.at, title.our_number));
    } else {
        RC_ASSERT(read.your_number == title.your_number);
    }
}

TEST(Title, SaysWhichFieldIsWrong) {
    struct Row {
        const char* name;
        std::function<void(Title&)> change;
        const char* said;
    };
    const Row rows[] = {
        {"no branch", [](Title& it) { it.at.branch = ""; }, "agência: 1 to 4 digits are wanted"},
        {"long branch",
         [](Title& it) { it.at.branch = "12345"; },
         "agência: 1 to 4 digits are wanted"},
        {"a digit with the account",
         [](Title& it) { it.at.account = "7219-2"; },
         "conta: 1 to 5 digits are wanted"},
        {"wallet", [](Title& it) { it.at.wallet = "1o9"; }, "carteira: 1 to 3 digits are wanted"},
        {"number",
         [](Title& it) { it.our_number = "123456789"; },
         "nosso número: 1 to 8 digits are wanted"},
        {"no seu número",
         [](Title& it) { it.at.wallet = "198"; },
         "seu número: 1 to 7 digits are wanted"},
        {"no client",
         [](Title& it) {
             it.at.wallet = "198";
             it.your_number = "1";
         },
         "código do cliente: 1 to 5 digits are wanted"},
        {"agreement of five digits",
         [](Title& it) {
             it.at.bank = Bank::banco_do_brasil;
             it.at.wallet = "17";
             it.at.agreement = "12345";
         },
         "convênio: 4, 6 or 7 digits are wanted"},
        {"agreement of zeros",
         [](Title& it) {
             it.at.bank = Bank::banco_do_brasil;
             it.at.wallet = "17";
             it.at.agreement = "0000";
         },
         "convênio: zeros are none"},
        {"before the first factor",
         [](Title& it) { it.due = Day(2000y / 7 / 2); },
         "due date: before 2000-07-03 there is no factor"},
        {"negative",
         [](Title& it) { it.amount = ledger::Money(-1, test::currency("BRL")); },
         "amount: less than zero"},
        {"another currency",
         [](Title& it) { it.amount = ledger::Money(1, test::currency("EUR")); },
         "amount: a boleto is in BRL"},
        {"fourteen digits and more",
         [](Title& it) { it.amount = ledger::Money(10'000'000'000'000, test::currency("BRL")); },
         "amount: more than 99999999999.99"},
    };
    for (const Row& row : rows) {
        Title title = good_title();
        row.change(title);
        const auto barcode = compose(title);
        ASSERT_FALSE(barcode) << row.name;
        EXPECT_EQ(barcode.error().detail(), row.said) << row.name;
    }
    EXPECT_TRUE(compose(good_title()));
}

TEST(Title, LosesItsDueDateToALargeAmount) {
    Title title = good_title();
    title.amount = ledger::Money(9'999'999'999, test::currency("BRL"));
    EXPECT_EQ(compose(title)->terms(), "16779999999999");
    title.amount = ledger::Money(10'000'000'000, test::currency("BRL"));
    const auto barcode = compose(title);
    EXPECT_EQ(barcode->terms(), "00010000000000");
    const auto decoded = decode(*barcode, title.due);
    ASSERT_TRUE(decoded);
    EXPECT_FALSE(decoded->due.has_value());
    EXPECT_EQ(decoded->amount, title.amount);
}

TEST(Title, IsNotReadFarFromItsDueDate) {
    const auto barcode = compose(good_title());
    const auto decoded = decode(*barcode, Day(2036y / 1 / 1));
    ASSERT_FALSE(decoded);
    EXPECT_EQ(decoded.error().code(), ErrorCode::expired);
}

TEST(Title, OfAnotherBankHasNoFreeFieldThatWeKnow) {
    const auto barcode = Barcode::make("033", "16770000012345", std::string(25, '7'));
    const auto decoded = decode(*barcode, Day(2026y / 11 / 20));
    ASSERT_TRUE(decoded);
    EXPECT_EQ(decoded->bank, "033");
    EXPECT_FALSE(decoded->free_field.has_value());
    // And of ours when its digits do not fit.
    const auto odd = Barcode::make("341", "16770000012345", std::string(25, '7'));
    EXPECT_FALSE(decode(*odd, Day(2026y / 11 / 20))->free_field.has_value());
}

TEST(OurNumber, IsPrintedAsEachBankWantsIt) {
    struct Row {
        const char* name;
        BankAccount at;
        const char* number;
        const char* printed;
    };
    const Row rows[] = {
        {"Itaú, with the account",
         {.bank = Bank::itau, .branch = "0057", .account = "72192", .wallet = "198"},
         "98712345",
         "198/98712345-1"},
        {"Itaú, escritural",
         {.bank = Bank::itau, .branch = "1234", .account = "54321", .wallet = "112"},
         "45987748",
         "112/45987748-9"},
        {"Bradesco",
         {.bank = Bank::bradesco, .branch = "1", .account = "1", .wallet = "19"},
         "1",
         "19/00000000001-P"},
        {"Banco do Brasil, six digits", {.agreement = "050094"}, "01448", "05009401448-1"},
        {"Banco do Brasil, four", {.agreement = "3139"}, "3126015", "31393126015-X"},
        {"Banco do Brasil, seven", {.agreement = "3534238"}, "1992619515", "35342381992619515"},
    };
    for (const Row& row : rows) {
        const auto number = our_number(row.at, row.number);
        ASSERT_TRUE(number) << row.name << ": " << number.error().detail();
        EXPECT_EQ(number->printed, row.printed) << row.name;
    }
}

TEST(PrintedAccount, HasTheDigitsOfItsBank) {
    BankAccount at{.bank = Bank::itau, .branch = "57", .account = "12345", .wallet = "109"};
    EXPECT_EQ(*printed_account(at), "0057 / 12345-7");
    at.bank = Bank::bradesco;
    at.wallet = "9";
    EXPECT_EQ(*printed_account(at), "0057 / 0012345");
    at.wallet.clear();
    EXPECT_FALSE(printed_account(at));
}

}  // namespace
}  // namespace causeway::connectors::boleto
