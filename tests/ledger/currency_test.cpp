// SPDX-License-Identifier: Apache-2.0
#include "ledger/currency.h"

#include "tests/support/case_name.h"
#include "tests/support/source_folder.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace causeway::ledger {
namespace {

struct CurrencyCase {
    const char* name;  // the code
    int numeric;
    int exponent;
    std::string_view numeric_text;
};

class CurrencyRow : public testing::TestWithParam<CurrencyCase> {};

// A wrong exponent is a payment a hundred times too large.
TEST_P(CurrencyRow, IsAsTheStandardSays) {
    const Result<Currency> currency = Currency::from_code(GetParam().name);
    ASSERT_TRUE(currency);
    EXPECT_EQ(currency->code(), GetParam().name);
    EXPECT_EQ(currency->numeric(), GetParam().numeric);
    EXPECT_EQ(currency->exponent(), GetParam().exponent);
    EXPECT_EQ(currency->numeric_text(), GetParam().numeric_text);
    EXPECT_EQ(Currency::from_numeric(GetParam().numeric)->code(), GetParam().name);
}

// Source: ISO 4217 list one of 2024-06-25, amendment 176.
INSTANTIATE_TEST_SUITE_P(Iso4217,
                         CurrencyRow,
                         testing::Values(CurrencyCase{"EUR", 978, 2, "978"},
                                         CurrencyCase{"ALL", 8, 2, "008"},
                                         CurrencyCase{"AUD", 36, 2, "036"},
                                         CurrencyCase{"JPY", 392, 0, "392"},
                                         CurrencyCase{"ISK", 352, 0, "352"},
                                         CurrencyCase{"UGX", 800, 0, "800"},
                                         CurrencyCase{"KWD", 414, 3, "414"},
                                         CurrencyCase{"BHD", 48, 3, "048"},
                                         CurrencyCase{"CLF", 990, 4, "990"},
                                         CurrencyCase{"UYW", 927, 4, "927"},
                                         CurrencyCase{"XCG", 532, 2, "532"},
                                         CurrencyCase{"HUF", 348, 2, "348"}),
                         test::case_name<CurrencyCase>);

TEST(Currency, TableIsSortedAndWithoutDuplicates) {
    const std::span<const Currency> all = Currency::all();
    const auto not_less = [](const Currency& a, const Currency& b) { return a.code() >= b.code(); };
    EXPECT_EQ(std::ranges::adjacent_find(all, not_less), all.end());
    EXPECT_EQ(all.size(), 167U);  // 166 rows of the list with a minor unit, and XCG
    for (const Currency& currency : all) {
        EXPECT_EQ(*Currency::from_code(currency.code()), currency);
        EXPECT_GE(currency.exponent(), 0);
        EXPECT_LE(currency.exponent(), 4);
    }
}

// Card messages carry the number alone, and since 2025 it means the new currency.
TEST(Currency, ReadsTheSharedNumberAsTheNewCurrency) {
    EXPECT_EQ(Currency::from_numeric(532)->code(), "XCG");
    EXPECT_EQ(Currency::from_code("ANG")->numeric(), 532);
}

struct UnknownCase {
    const char* name;
    std::string_view code;
};

class CurrencyUnknown : public testing::TestWithParam<UnknownCase> {};

TEST_P(CurrencyUnknown, IsNotFound) {
    EXPECT_EQ(Currency::from_code(GetParam().code).error().code(), ErrorCode::not_found);
}

INSTANTIATE_TEST_SUITE_P(Code,
                         CurrencyUnknown,
                         testing::Values(UnknownCase{"Nothing", ""},
                                         UnknownCase{"LowerCase", "eur"},
                                         UnknownCase{"Short", "EU"},
                                         UnknownCase{"Long", "EURO"},
                                         UnknownCase{"Gold", "XAU"},
                                         UnknownCase{"Test", "XTS"},
                                         UnknownCase{"SpecialDrawingRight", "XDR"},
                                         UnknownCase{"Retired", "DEM"},
                                         UnknownCase{"AfterTheLast", "ZZZ"}),
                         test::case_name<UnknownCase>);

TEST(Currency, UnknownNumberIsNotFound) {
    for (const int numeric : {0, -1, 1, 280, 959, 1000, 978'000}) {
        EXPECT_EQ(Currency::from_numeric(numeric).error().code(), ErrorCode::not_found) << numeric;
    }
}

// The list itself is not ours to ship; whoever has it can compare every row.
std::filesystem::path list_one() {
    const char* const named = std::getenv("CAUSEWAY_SHARED");
    const std::filesystem::path shared =
        named != nullptr ? std::filesystem::path(named)
                         : std::filesystem::path(test::source_folder()) / ".." / "shared";
    return shared / "data" / "iso4217" / "iso4217.csv";
}

TEST(Currency, TableEqualsTheListOfTheMaintenanceAgency) {
    std::ifstream file(list_one());
    if (!file) {
        GTEST_SKIP() << "ISO 4217 LIST NOT COMPARED: no " << list_one()
                     << "; name its folder in CAUSEWAY_SHARED";
    }
    std::map<std::string, std::pair<int, int>, std::less<>> listed;
    std::string line;
    std::getline(file, line);
    ASSERT_EQ(line.substr(0, 24), "code,numeric,minor_units");
    while (std::getline(file, line)) {
        const std::size_t second = line.find(',', 4);
        const std::size_t third = line.find(',', second + 1);
        const std::string minor = line.substr(second + 1, third - second - 1);
        if (minor.empty() || minor.find_first_not_of("0123456789") != std::string::npos) continue;
        listed[line.substr(0, 3)] = {std::stoi(line.substr(4, second - 4)), std::stoi(minor)};
    }
    ASSERT_GT(listed.size(), 150U);
    for (const auto& [code, row] : listed) {
        const Result<Currency> currency = Currency::from_code(code);
        ASSERT_TRUE(currency) << code;
        EXPECT_EQ(currency->numeric(), row.first) << code;
        EXPECT_EQ(currency->exponent(), row.second) << code;
    }
    for (const Currency& currency : Currency::all()) {
        // Amendment 176 is younger than the list.
        EXPECT_TRUE(listed.contains(currency.code()) || currency.code() == "XCG")
            << currency.code();
    }
}

}  // namespace
}  // namespace causeway::ledger
