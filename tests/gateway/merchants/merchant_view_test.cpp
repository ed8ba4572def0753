// SPDX-License-Identifier: Apache-2.0
#include "gateway/merchants/merchant_view.h"

#include "tests/support/amounts.h"
#include "tests/support/case_name.h"

#include <gtest/gtest.h>

namespace causeway::gateway {
namespace {

struct IbanCase {
    std::string name;
    std::string text;
    bool good;
};

class Iban : public testing::TestWithParam<IbanCase> {};

// The good ones are the examples of the SWIFT IBAN registry.
INSTANTIATE_TEST_SUITE_P(Numbers,
                         Iban,
                         testing::Values(IbanCase{"Germany", "DE89370400440532013000", true},
                                         IbanCase{"Norway", "NO9386011117947", true},
                                         IbanCase{"Malta", "MT84MALT011000012345MTLCAST001S", true},
                                         IbanCase{"DigitChanged", "DE89370400440532013001", false},
                                         IbanCase{"TwoSwapped", "DE89370400440532010300", false},
                                         IbanCase{"Spaces", "DE89 3704 0044 0532 0130 00", false},
                                         IbanCase{"LowerCase", "de89370400440532013000", false},
                                         IbanCase{"Short", "DE893704004405", false},
                                         IbanCase{"NoCountry", "8937040044053201300000", false},
                                         IbanCase{"Empty", "", false}),
                         test::case_name<IbanCase>);

TEST_P(Iban, IsOneWhenItsCheckDigitsAreRight) {
    EXPECT_EQ(is_iban(GetParam().text), GetParam().good);
}

TEST(MerchantView, ShowsAnAccountWithoutItsNumber) {
    const Merchant merchant{.name = "Acme",
                            .country = "NL",
                            .default_currency = test::currency("EUR"),
                            .settlement_currencies = {test::currency("EUR")}};
    const std::string shown =
        render_merchant(merchant, R"({"iban":"DE89370400440532013000","bic":"COBADEFFXXX"})", true);
    EXPECT_NE(shown.find(R"("iban_last4":"3000")"), std::string::npos);
    EXPECT_NE(shown.find(R"("livemode":true)"), std::string::npos);
    EXPECT_EQ(shown.find("37040044"), std::string::npos);
    EXPECT_NE(render_merchant(merchant, "", false).find(R"("bank_account":null)"),
              std::string::npos);
}

}  // namespace
}  // namespace causeway::gateway
