// SPDX-License-Identifier: Apache-2.0
//
// Were two accounts to share a name, one's money would stand in the other's books.
#include "ledger/exports/account_names.h"

#include "tests/support/books.h"
#include "tests/support/case_name.h"
#include "tests/support/percent.h"

#include <gtest/gtest.h>

#include <cctype>
#include <rapidcheck.h>
#include <set>
#include <string>
#include <vector>

namespace causeway::ledger {
namespace {

using test::account;

std::string in_hledger(const AccountKey& key) {
    std::string out;
    append_hledger_account(key, out);
    return out;
}

std::string in_beancount(const AccountKey& key) {
    std::string out;
    append_beancount_account(key, out);
    return out;
}

std::vector<std::string> parts_of(const std::string& name) {
    std::vector<std::string> parts(1);
    for (const char letter : name) {
        if (letter == ':') {
            parts.emplace_back();
        } else {
            parts.back() += letter;
        }
    }
    return parts;
}

// What docs/exports.md tells the reader to do.
std::string beancount_owner(std::string part) {
    if (part.front() == '0') {
        part.erase(0, 1);
    } else {
        part.front() = static_cast<char>(std::tolower(part.front()));
    }
    std::string plain;
    for (std::size_t at = 0; at < part.size(); ++at) {
        if (part.substr(at, 2) == "--") {
            plain += "-5F";
            ++at;
        } else if (part[at] == '-') {
            plain += part.substr(at, 3);
            at += 2;
        } else {
            plain += part[at];
        }
    }
    return test::without_percent(plain, '-');
}

struct NameCase {
    std::string name;
    AccountKey key;
    std::string hledger;
    std::string beancount;
};

struct AccountNamesTest : testing::TestWithParam<NameCase> {};

TEST_P(AccountNamesTest, SpellsAnAccount) {
    EXPECT_EQ(in_hledger(GetParam().key), GetParam().hledger);
    EXPECT_EQ(in_beancount(GetParam().key), GetParam().beancount);
}

INSTANTIATE_TEST_SUITE_P(
    AccountNames,
    AccountNamesTest,
    testing::Values(NameCase{"merchant",
                             account("mer_01J9", Purpose::merchant_pending),
                             "client:merchant_pending:mer_01J9:EUR",
                             "Liabilities:Client:MerchantPending:Mer--01J9:EUR"},
                    NameCase{"pair",
                             account("EUR/USD", Purpose::fx_trading, "USD"),
                             "own:fx_trading:EUR/USD:USD",
                             "Equity:Own:FxTrading:0EUR-2FUSD:USD"},
                    NameCase{"bank",
                             account("main bank", Purpose::bank_client, "JPY"),
                             "client:bank_client:main%20bank:JPY",
                             "Assets:Client:Bank:Main-20bank:JPY"},
                    NameCase{"no_ascii",
                             account("\xC3\xA4:1;", Purpose::rounding, "KWD"),
                             "own:rounding:%C3%A4%3A1%3B:KWD",
                             "Expenses:Own:Rounding:0-C3-A4-3A1-3B:KWD"}),
    test::case_name<NameCase>);

rc::Gen<std::string> any_owner() {
    // Mostly the letters between which an encoding could be confused.
    return rc::gen::nonEmpty(rc::gen::oneOf(
        rc::gen::container<std::string>(rc::gen::elementOf(std::string("aAzZ0059-_%:fF 2D"))),
        rc::gen::arbitrary<std::string>()));
}

// The owner can be read from the name, so no two owners share one.
TEST(AccountNames, TellTheirOwner) {
    const bool held = rc::check("the owner is read back", [] {
        const std::string owner = *any_owner();
        const AccountKey key = account(owner, Purpose::dispute);
        const std::vector<std::string> hledger = parts_of(in_hledger(key));
        const std::vector<std::string> beancount = parts_of(in_beancount(key));
        RC_ASSERT(hledger.size() == 4U);
        RC_ASSERT(beancount.size() == 5U);
        RC_ASSERT(test::without_percent(hledger[2]) == owner);
        RC_ASSERT(beancount_owner(beancount[3]) == owner);
    });
    EXPECT_TRUE(held);
}

// Source: Beancount Language Syntax, "Accounts".
TEST(AccountNames, AreNamesToBeancount) {
    const bool held = rc::check("every part is a part to Beancount", [] {
        const AccountKey key = account(*any_owner(), Purpose::fee_revenue);
        for (const std::string& part : parts_of(in_beancount(key))) {
            const auto first = static_cast<unsigned char>(part.at(0));
            RC_ASSERT(std::isupper(first) != 0 || std::isdigit(first) != 0);
            for (const char letter : part)
                RC_ASSERT(std::isalnum(static_cast<unsigned char>(letter)) != 0 || letter == '-');
        }
    });
    EXPECT_TRUE(held);
}

TEST(AccountNames, DifferByPurposeAndCurrency) {
    std::set<std::string> hledger;
    std::set<std::string> beancount;
    const std::set<std::string> roots{"Assets", "Liabilities", "Equity", "Income", "Expenses"};
    const std::string types = "ALERX";
    std::size_t count = 0;
    for (int i = 0; i <= static_cast<int>(Purpose::fx_fee); ++i) {
        const auto purpose = static_cast<Purpose>(i);
        for (const std::string_view currency : {"EUR", "JPY"}) {
            const AccountKey key = account("x", purpose, currency);
            hledger.insert(in_hledger(key));
            const std::vector<std::string> parts = parts_of(in_beancount(key));
            EXPECT_EQ(parts[1], fund_of(purpose) == Fund::client ? "Client" : "Own");
            EXPECT_TRUE(roots.contains(parts[0])) << parts[0];
            // "Revenue" is hledger's word for Beancount's "Income", "eXpenses" its X.
            const char letter = parts[0] == "Income"     ? 'R'
                                : parts[0] == "Expenses" ? 'X'
                                                         : parts[0][0];
            EXPECT_EQ(hledger_account_type(purpose), letter);
            beancount.insert(in_beancount(key));
            ++count;
        }
    }
    EXPECT_EQ(hledger.size(), count);
    EXPECT_EQ(beancount.size(), count);
}

}  // namespace
}  // namespace causeway::ledger
