// SPDX-License-Identifier: Apache-2.0
#include "fx/quote.h"

#include "fx/builtin_rates.h"
#include "tests/support/amounts.h"
#include "tests/support/books.h"
#include "tests/support/case_name.h"

#include <gtest/gtest.h>

#include <array>
#include <functional>
#include <limits>
#include <rapidcheck.h>
#include <string>

namespace causeway::fx {
namespace {

using ledger::Money;
using test::currency;

// The built-in rates of 2026-04-13 and the morning of that day.
class QuoteTest : public testing::Test {
  protected:
    QuoteTest() { rates.publish(*newest_table(builtin_feed(), std::string(kEcb))); }

    [[nodiscard]] Result<Quote> quote(const QuoteRequest& request) {
        return make_quote(request, {.rates = rates, .clock = ids.clock, .ids = ids.source});
    }

    RateBook rates;
    test::Ids ids;
};

QuoteRequest dollars_to_euro() {
    return {.merchant = {},
            .livemode = false,
            .source = currency("USD"),
            .target = currency("EUR"),
            .source_amount = 9710,
            .target_amount = std::nullopt,
            .markup_bps = 80};
}

TEST_F(QuoteTest, PromisesWhatTheRatesOfTheDayAndTheMarkupGive) {
    const Quote made = *quote(dollars_to_euro());
    // 1 / 1.1684 = 0.855871277; less 80 bps 0.8490243068; times 97.10 is 82.4403
    EXPECT_EQ(made.mid_rate.to_string(), "0.855871277");
    EXPECT_EQ(made.rate.to_string(), "0.8490243068");
    EXPECT_EQ(made.source, Money(9710, currency("USD")));
    EXPECT_EQ(made.target, Money(8244, currency("EUR")));
    EXPECT_EQ(made.rate_source, "ECB");
    EXPECT_EQ(to_text(made.rate_date), "2026-04-13");
    EXPECT_EQ(made.expires_at - made.created_at, std::chrono::seconds{300});
    EXPECT_EQ(made.created_at, ids.clock.now());
}

TEST_F(QuoteTest, AWantedTargetIsMetExactlyWithTheSmallestSource) {
    QuoteRequest request = dollars_to_euro();
    request.source_amount.reset();
    request.target_amount = 10000;
    const Quote made = *quote(request);
    EXPECT_EQ(made.target, Money(10000, currency("EUR")));
    EXPECT_EQ(made.source, Money(11778, currency("USD")));
}

TEST_F(QuoteTest, StatusFollowsTheClockAndTheUse) {
    Quote made = *quote(dollars_to_euro());
    EXPECT_EQ(status_at(made, made.expires_at - std::chrono::microseconds{1}), QuoteStatus::open);
    EXPECT_EQ(status_at(made, made.expires_at), QuoteStatus::expired);
    made.consumed_by = Uuid{};
    EXPECT_EQ(status_at(made, made.expires_at), QuoteStatus::consumed);
    EXPECT_EQ(to_string(QuoteStatus::expired), "expired");
}

struct RefuseCase {
    std::string name;
    std::function<void(QuoteRequest&)> change;
    ErrorCode code;
};

class QuoteRefuse : public QuoteTest, public testing::WithParamInterface<RefuseCase> {};

TEST_P(QuoteRefuse, NamesTheReason) {
    QuoteRequest request = dollars_to_euro();
    GetParam().change(request);
    const Result<Quote> made = quote(request);
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().code(), GetParam().code) << made.error().detail();
}

INSTANTIATE_TEST_SUITE_P(
    Request,
    QuoteRefuse,
    testing::Values(RefuseCase{"SameCurrency",
                               [](QuoteRequest& r) { r.target = r.source; },
                               ErrorCode::invalid_argument},
                    RefuseCase{"NoAmount",
                               [](QuoteRequest& r) { r.source_amount.reset(); },
                               ErrorCode::invalid_argument},
                    RefuseCase{"BothAmounts",
                               [](QuoteRequest& r) { r.target_amount = 1; },
                               ErrorCode::invalid_argument},
                    RefuseCase{"Nothing",
                               [](QuoteRequest& r) { r.source_amount = 0; },
                               ErrorCode::invalid_argument},
                    RefuseCase{"Negative",
                               [](QuoteRequest& r) { r.source_amount = -1; },
                               ErrorCode::invalid_argument},
                    RefuseCase{"TooShort",
                               [](QuoteRequest& r) { r.valid_for = std::chrono::seconds{4}; },
                               ErrorCode::invalid_argument},
                    RefuseCase{"TooLong",
                               [](QuoteRequest& r) { r.valid_for = std::chrono::seconds{86'401}; },
                               ErrorCode::invalid_argument},
                    RefuseCase{"WholeMarkup",
                               [](QuoteRequest& r) { r.markup_bps = 10'000; },
                               ErrorCode::invalid_argument},
                    RefuseCase{"UnknownRate",
                               [](QuoteRequest& r) { r.target = currency("KWD"); },
                               ErrorCode::not_found},
                    // One rupiah is half a hundredth of a cent.
                    RefuseCase{"WorthNothing",
                               [](QuoteRequest& r) {
                                   r.source = currency("IDR");
                                   r.source_amount = 100;
                               },
                               ErrorCode::invalid_argument},
                    RefuseCase{"Huge",
                               [](QuoteRequest& r) { r.source_amount = kQuoteAmountMax + 1; },
                               ErrorCode::amount_overflow},
                    RefuseCase{"BecomesHuge",
                               [](QuoteRequest& r) {
                                   r.target = currency("IDR");
                                   r.source_amount = kQuoteAmountMax;
                               },
                               ErrorCode::amount_overflow},
                    RefuseCase{"WantsTooMuch",
                               [](QuoteRequest& r) {
                                   r.source = currency("IDR");
                                   r.source_amount.reset();
                                   r.target_amount = kQuoteAmountMax;
                               },
                               ErrorCode::amount_overflow}),
    test::case_name<RefuseCase>);

TEST_F(QuoteTest, RefusesRatesThatAreTooOldOrMissing) {
    ids.clock.advance(std::chrono::days{7});
    EXPECT_TRUE(quote(dollars_to_euro()));
    ids.clock.advance(std::chrono::days{1});
    const Result<Quote> late = quote(dollars_to_euro());
    ASSERT_FALSE(late);
    EXPECT_EQ(late.error().code(), ErrorCode::expired);
    EXPECT_EQ(late.error().detail(), "the newest rates are of 2026-04-13");
    const RateBook empty;
    EXPECT_EQ(make_quote(dollars_to_euro(), {.rates = empty, .clock = ids.clock, .ids = ids.source})
                  .error()
                  .code(),
              ErrorCode::unavailable);
}

TEST_F(QuoteTest, PartsAreProportionalAndTheWholeIsThePromise) {
    const Quote made = *quote(dollars_to_euro());
    // 3333 * 8244 / 9710 = 2829.789; 6666 * 8244 / 9710 = 5659.578
    EXPECT_EQ(target_of(made, 3333)->minor_units(), 2830);
    EXPECT_EQ(target_of(made, 6666)->minor_units(), 5660);
    EXPECT_EQ(*target_of(made, 9710), made.target);
    EXPECT_EQ(target_of(made, 0)->minor_units(), 0);
    // 9710 * 0.855871277 = 8310.51
    EXPECT_EQ(*mid_value_of(made, 9710), Money(8311, currency("EUR")));
    for (const std::int64_t wrong : {std::int64_t{-1}, std::int64_t{9711}}) {
        EXPECT_EQ(target_of(made, wrong).error().code(), ErrorCode::limit_exceeded);
        EXPECT_EQ(mid_value_of(made, wrong).error().code(), ErrorCode::limit_exceeded);
    }
}

TEST_F(QuoteTest, ATieGoesToTheEvenUnit) {
    Quote made = *quote(dollars_to_euro());
    made.source = Money(4, currency("USD"));
    made.target = Money(2, currency("EUR"));
    EXPECT_EQ(target_of(made, 1)->minor_units(), 0);  // 0.5
    EXPECT_EQ(target_of(made, 3)->minor_units(), 2);  // 1.5
}

// However a payment is cut into captures, the merchant gets the quoted target, and no capture
// takes something back.
TEST_F(QuoteTest, PartialTargetsSumToTheWhole) {
    const auto table = rates.snapshot();
    const bool holds = rc::check([this, &table] {
        const std::size_t count = table->rates().size();
        QuoteRequest request = dollars_to_euro();
        request.source = table->rates()[*rc::gen::inRange<std::size_t>(0, count)].currency;
        request.source_amount = *rc::gen::inRange<std::int64_t>(1, 100'000'000);
        request.markup_bps = *rc::gen::inRange(0, 1'000);
        const Result<Quote> made = quote(request);
        RC_PRE(made.has_value());
        RC_ASSERT(*mid_value_of(*made, *request.source_amount)->compare(made->target) !=
                  std::strong_ordering::less);
        std::int64_t taken = 0;
        std::int64_t sum = 0;
        while (taken < *request.source_amount) {
            const std::int64_t part =
                *rc::gen::inRange<std::int64_t>(1, *request.source_amount - taken + 1);
            const std::int64_t step = target_of(*made, taken + part)->minor_units() -
                                      target_of(*made, taken)->minor_units();
            RC_ASSERT(step >= 0);
            taken += part;
            sum += step;
        }
        RC_ASSERT(sum == made->target.minor_units());
    });
    EXPECT_TRUE(holds);
}

}  // namespace
}  // namespace causeway::fx
