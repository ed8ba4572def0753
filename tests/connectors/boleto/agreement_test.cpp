// SPDX-License-Identifier: Apache-2.0
#include "connectors/boleto/agreement.h"

#include "tests/connectors/boleto/some_config.h"
#include "tests/support/case_name.h"

#include <gtest/gtest.h>

#include <functional>

namespace causeway::connectors::boleto {
namespace {

using namespace std::chrono_literals;

// What a merchant asks, changed by a row of the table.
struct Asked {
    BoletoConfig config = some_config(Bank::bradesco);
    CollectionWish wish;
    connectors::Payer payer = some_payer();
    ledger::Money amount = reais(10'000);
};

CollectionTerms agreed(const Asked& asked, std::vector<FieldFault>& faults) {
    return agree_on(asked.config, asked.wish, asked.payer, asked.amount, some_moment(), faults);
}

CollectionTerms agreed(const Asked& asked) {
    std::vector<FieldFault> faults;
    const CollectionTerms terms = agreed(asked, faults);
    EXPECT_TRUE(faults.empty()) << faults.front().pointer << " " << faults.front().message;
    return terms;
}

TEST(BoletoAgreement, CountsDaysAsBrazilDoes) {
    const CollectionTerms terms = agreed({});
    EXPECT_EQ(terms.issued_on, Day(2026y / 11 / 22));
    EXPECT_EQ(terms.due_on, Day(2026y / 11 / 25));
    // Thirty days lead to Christmas, a Friday.
    EXPECT_EQ(to_rfc3339(terms.open_until), "2026-12-29T03:00:00Z");
    EXPECT_EQ(last_day_of(terms), Day(2026y / 12 / 28));
}

TEST(BoletoAgreement, EndsOnADayOnWhichBanksWork) {
    Asked asked;
    asked.config.open_days = 0;
    asked.wish.due_on = Day(2026y / 11 / 28);
    EXPECT_EQ(agreed(asked).due_on, Day(2026y / 11 / 28));
    EXPECT_EQ(last_day_of(agreed(asked)), Day(2026y / 11 / 30));
    // What was wished ends with the Saturday; the law gives the buyer the Monday.
    asked.wish.open_for = 24h * 6;
    EXPECT_EQ(last_day_of(agreed(asked)), Day(2026y / 11 / 30));
}

struct OwedCase {
    std::string name;
    std::string due;
    std::string paid;
    std::int64_t owed;
};

class BoletoOwed : public testing::TestWithParam<OwedCase> {};

// R$ 100.00 with a fine of 2 %, interest of 1 % a month (3 centavos a day) and a discount of 5 %
// until the day before the due date.
TEST_P(BoletoOwed, CountsDaysAsBanksDo) {
    CollectionTerms terms;
    terms.due_on = *parse_day(GetParam().due);
    terms.fine_bps = 200;
    terms.interest_month_bps = 100;
    terms.discount_bps = 500;
    terms.discount_until = terms.due_on - std::chrono::days(1);
    const Day paid = *parse_day(GetParam().paid);
    EXPECT_EQ(due_on(terms_on(terms, paid), reais(10'000), paid)->minor_units(), GetParam().owed);
}

INSTANTIATE_TEST_SUITE_P(
    Days,
    BoletoOwed,
    testing::Values(OwedCase{"InTime", "2026-11-26", "2026-11-26", 10'000},
                    OwedCase{"LateByAWeekend", "2026-11-27", "2026-11-30", 10'209},
                    OwedCase{"DueOnASaturdayPaidOnIt", "2026-11-28", "2026-11-28", 10'000},
                    OwedCase{"DueOnASaturdayPaidOnMonday", "2026-11-28", "2026-11-30", 10'000},
                    // The grace was for who paid on Monday: three days since Saturday.
                    OwedCase{"DueOnASaturdayPaidOnTuesday", "2026-11-28", "2026-12-01", 10'209},
                    OwedCase{"DueAtChristmasPaidOnMonday", "2026-12-25", "2026-12-28", 10'000},
                    OwedCase{"DueAtChristmasPaidOnTuesday", "2026-12-25", "2026-12-29", 10'212},
                    OwedCase{"DiscountUntilASunday", "2026-11-30", "2026-11-30", 9'500},
                    OwedCase{"DiscountUntilASaturday", "2026-11-29", "2026-11-30", 9'500},
                    OwedCase{"DiscountOnItsDay", "2026-11-26", "2026-11-25", 9'500}),
    test::case_name<OwedCase>);

TEST(BoletoAgreement, HoldsWhatWasWished) {
    Asked asked;
    asked.wish = {.due_on = Day(2026y / 12 / 31),
                  .open_for = 24h * 50,
                  .fine_bps = 150,
                  .interest_month_bps = 50,
                  .discount_bps = 500,
                  .discount_until = Day(2026y / 12 / 31)};
    const CollectionTerms terms = agreed(asked);
    EXPECT_EQ(terms.due_on, Day(2026y / 12 / 31));
    EXPECT_EQ(last_day_of(terms), Day(2027y / 1 / 11));
    EXPECT_EQ(terms.fine_bps, 150);
    EXPECT_EQ(terms.interest_month_bps, 50);
    EXPECT_EQ(terms.discount_bps, 500);
    EXPECT_EQ(terms.discount_until, Day(2026y / 12 / 31));
}

TEST(BoletoAgreement, TakesItsDefaultsFromTheSettings) {
    Asked asked;
    asked.config.due_days = 7;
    asked.config.open_days = 0;
    asked.config.fine_bps = 200;
    asked.config.interest_month_bps = 100;
    const CollectionTerms terms = agreed(asked);
    EXPECT_EQ(terms.due_on, Day(2026y / 11 / 29));
    EXPECT_EQ(last_day_of(terms), Day(2026y / 11 / 30));
    EXPECT_EQ(terms.fine_bps, 200);
    EXPECT_EQ(terms.interest_month_bps, 100);
}

TEST(BoletoAgreement, IsDueNoLaterThanItEnds) {
    Asked asked;
    asked.wish.open_for = 24h;
    const CollectionTerms terms = agreed(asked);
    EXPECT_EQ(terms.due_on, Day(2026y / 11 / 23));
    EXPECT_EQ(last_day_of(terms), terms.due_on);
}

TEST(BoletoAgreement, IsPayableTodayOnlyWhereTheBankKnowsItToday) {
    Asked asked;
    asked.wish.due_on = Day(2026y / 11 / 22);
    std::vector<FieldFault> faults;
    (void)agreed(asked, faults);
    EXPECT_EQ(faults.size(), 1U);
    asked.config.by_file = false;
    EXPECT_EQ(agreed(asked).due_on, Day(2026y / 11 / 22));
}

struct FaultCase {
    std::string name;
    std::string pointer;
    std::string code;
    std::function<void(Asked&)> spoil;
};

class BoletoFaults : public testing::TestWithParam<FaultCase> {};

TEST_P(BoletoFaults, AreToldByTheirField) {
    Asked asked;
    GetParam().spoil(asked);
    std::vector<FieldFault> faults;
    (void)agreed(asked, faults);
    ASSERT_EQ(faults.size(), 1U);
    EXPECT_EQ(faults[0].pointer, GetParam().pointer);
    EXPECT_EQ(faults[0].code, GetParam().code);
    EXPECT_FALSE(faults[0].message.empty());
}

const std::string kAddress = "/billing_details/address";

INSTANTIATE_TEST_SUITE_P(
    Rows,
    BoletoFaults,
    testing::Values(
        FaultCase{
            "NoName", "/billing_details/name", "required", [](Asked& a) { a.payer.name = " "; }},
        FaultCase{"LongName",
                  "/billing_details/name",
                  "out_of_range",
                  [](Asked& a) { a.payer.name = std::string(81, 'a'); }},
        FaultCase{"NameInChinese",
                  "/billing_details/name",
                  "invalid_format",
                  [](Asked& a) { a.payer.name = "李小龙"; }},
        FaultCase{"NameWithALineBreak",
                  "/billing_details/name",
                  "invalid_format",
                  [](Asked& a) { a.payer.name = "Ana\nMaria"; }},
        FaultCase{"NameThatTurnsTheWriting",
                  "/billing_details/name",
                  "invalid_format",
                  [](Asked& a) { a.payer.name = "Ana\u202eMaria"; }},
        FaultCase{"NoTaxNumber",
                  "/billing_details/tax_id",
                  "required",
                  [](Asked& a) { a.payer.tax_id = ""; }},
        FaultCase{"WrongTaxNumber",
                  "/billing_details/tax_id",
                  "invalid_value",
                  [](Asked& a) { a.payer.tax_id = "49473289597"; }},
        FaultCase{"NoStreet",
                  kAddress + "/line1",
                  "required",
                  [](Asked& a) { a.payer.address.line1 = ""; }},
        FaultCase{"LongStreet",
                  kAddress + "/line1",
                  "out_of_range",
                  [](Asked& a) { a.payer.address.line1 = std::string(41, 'a'); }},
        FaultCase{"StrangeComplement",
                  kAddress + "/line2",
                  "invalid_format",
                  [](Asked& a) { a.payer.address.line2 = "☎"; }},
        FaultCase{"StrangeDistrict",
                  kAddress + "/district",
                  "invalid_format",
                  [](Asked& a) { a.payer.address.district = "☎"; }},
        FaultCase{
            "NoCity", kAddress + "/city", "required", [](Asked& a) { a.payer.address.city = ""; }},
        FaultCase{"NoState",
                  kAddress + "/state",
                  "required",
                  [](Asked& a) { a.payer.address.state = ""; }},
        FaultCase{"UnknownState",
                  kAddress + "/state",
                  "unknown_value",
                  [](Asked& a) { a.payer.address.state = "pe"; }},
        FaultCase{"NoPostalCode",
                  kAddress + "/postal_code",
                  "required",
                  [](Asked& a) { a.payer.address.postal_code = ""; }},
        FaultCase{"WrongPostalCode",
                  kAddress + "/postal_code",
                  "invalid_format",
                  [](Asked& a) { a.payer.address.postal_code = "5001-0000"; }},
        FaultCase{"AnotherCountry",
                  kAddress + "/country",
                  "unknown_value",
                  [](Asked& a) { a.payer.address.country = "PT"; }},
        FaultCase{"LongAddress",
                  kAddress,
                  "out_of_range",
                  [](Asked& a) { a.payer.address.line2 = std::string(80, 'a'); }},
        FaultCase{"AnotherCurrency",
                  "",
                  "out_of_range",
                  [](Asked& a) {
                      a.amount = {100, test::currency("EUR")};
                  }},
        FaultCase{"TooMuchForABarcode",
                  "",
                  "out_of_range",
                  [](Asked& a) { a.amount = reais(10'000'000'000); }},
        FaultCase{"TooMuchForItau",
                  "",
                  "out_of_range",
                  [](Asked& a) {
                      a.config = some_config(Bank::itau);
                      a.amount = reais(1'000'000'001);
                  }},
        FaultCase{"DueInThePast",
                  "/due_date",
                  "out_of_range",
                  [](Asked& a) { a.wish.due_on = Day(2026y / 11 / 21); }},
        FaultCase{"DueTooLate",
                  "/due_date",
                  "out_of_range",
                  [](Asked& a) { a.wish.due_on = Day(2027y / 11 / 23); }},
        FaultCase{"EndsBeforeItIsDue",
                  "/expires_in",
                  "out_of_range",
                  [](Asked& a) {
                      a.wish.due_on = Day(2026y / 12 / 1);
                      a.wish.open_for = 24h;
                  }},
        FaultCase{"StaysOpenTooLong",
                  "/expires_in",
                  "out_of_range",
                  [](Asked& a) { a.wish.open_for = 24h * 396; }},
        FaultCase{"FineAboveTheLaw",
                  "/fine_bps",
                  "out_of_range",
                  [](Asked& a) { a.wish.fine_bps = 201; }},
        FaultCase{"InterestAboveTheLimit",
                  "/interest_month_bps",
                  "out_of_range",
                  [](Asked& a) { a.wish.interest_month_bps = 101; }},
        FaultCase{"DiscountOfAll",
                  "/discount_bps",
                  "out_of_range",
                  [](Asked& a) {
                      a.amount = reais(1);
                      a.wish.discount_bps = 9'999;
                      a.wish.discount_until = Day(2026y / 11 / 24);
                  }},
        FaultCase{"DiscountWithoutEnd",
                  "/discount_until",
                  "required",
                  [](Asked& a) { a.wish.discount_bps = 100; }},
        FaultCase{"DiscountWithoutRate",
                  "/discount_bps",
                  "required",
                  [](Asked& a) { a.wish.discount_until = Day(2026y / 11 / 24); }},
        FaultCase{"DiscountAfterItIsDue",
                  "/discount_until",
                  "out_of_range",
                  [](Asked& a) {
                      a.wish.discount_bps = 100;
                      a.wish.discount_until = Day(2026y / 11 / 26);
                  }},
        FaultCase{
            "Reusable", "/reusable", "invalid_value", [](Asked& a) { a.wish.reusable = true; }}),
    test::case_name<FaultCase>);

// The one promise: what was agreed is never refused by the file or by the page.
TEST(BoletoAgreement, LetsNothingThroughThatAFileCouldNotHold) {
    for (const Bank bank : {Bank::banco_do_brasil, Bank::itau, Bank::bradesco}) {
        Asked asked;
        asked.config = some_config(bank);
        asked.payer.name = std::string(80, 'x');
        asked.payer.address.line1 = std::string(40, 'y');
        asked.payer.address.line2 = std::string(20, 'z');
        asked.payer.address.district = "São Cristóvão";
        asked.payer.address.city = "Vitória de S. Antão";
        std::vector<FieldFault> faults;
        (void)agreed(asked, faults);
        EXPECT_TRUE(faults.empty());
    }
}

}  // namespace
}  // namespace causeway::connectors::boleto
