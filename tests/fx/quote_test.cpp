// SPDX-License-Identifier: Apache-2.0
#include "fx/quote.h"

#include "fx/builtin_rates.h"
#include "fx/convert.h"
#include "tests/support/amounts.h"
#include "tests/support/books.h"
#include "tests/support/case_name.h"

#include <gtest/gtest.h>

#include <array>
#include <functional>
#include <limits>
#include <rapidcheck.h>
#include <string>
#include <utility>
#include <vector>

namespace causeway::fx {
namespace {

using ledger::Money;
using test::currency;

// The built-in rates of 2026-04-13 and the morning of that day.
class QuoteTest : public testing::Test {
  protected:
    QuoteTest() { rates.publish(*newest_table(builtin_feed(), std::string(kEcb))); }

    [[nodiscard]] Result<Quote> quote(const QuoteRequest& request) {
        return make_quote(request, sources());
    }
    [[nodiscard]] Result<Quote> quote(const QuoteRequest& request, const Corridor& corridor) {
        corridors = *Corridors::make({corridor});
        return make_quote(request, sources());
    }
    [[nodiscard]] QuoteSources sources() {
        return {.rates = rates, .clock = ids.clock, .ids = ids.source, .corridors = corridors};
    }

    RateBook rates;
    test::Ids ids;
    Corridors corridors = Corridors::uniform(80, std::chrono::days{7});
};

QuoteRequest dollars_to_euro() {
    return {.merchant = {},
            .livemode = false,
            .source = currency("USD"),
            .target = currency("EUR"),
            .source_amount = 9710,
            .target_amount = std::nullopt};
}

QuoteRequest euro_for_dollars() {
    QuoteRequest request = dollars_to_euro();
    request.source_amount.reset();
    request.target_amount = 10000;
    return request;
}

TEST_F(QuoteTest, PromisesWhatTheRatesOfTheDayAndTheMarkupGive) {
    const Quote made = *quote(dollars_to_euro());
    // 1 / 1.1684 = 0.855871277, cut 0.8558712769; less 80 bps, cut 0.8490243066; times 97.10 is
    // 82.4403
    EXPECT_EQ(made.mid_rate.to_string(), "0.855871277");
    EXPECT_EQ(made.rate.to_string(), "0.8490243066");
    EXPECT_EQ(made.source, Money(9710, currency("USD")));
    EXPECT_EQ(made.target, Money(8244, currency("EUR")));
    EXPECT_EQ(made.rate_source, "ECB");
    EXPECT_EQ(to_text(made.rate_date), "2026-04-13");
    EXPECT_EQ(made.expires_at - made.created_at, std::chrono::seconds{300});
    EXPECT_EQ(made.created_at, ids.clock.now());
}

TEST_F(QuoteTest, AWantedTargetIsMetExactlyWithTheSmallestSourceThatIsWorthIt) {
    const Quote made = *quote(euro_for_dollars());
    EXPECT_EQ(made.target, Money(10000, currency("EUR")));
    EXPECT_EQ(made.source, Money(11779, currency("USD")));
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
                               [](QuoteRequest& r) { r.valid_for = std::chrono::seconds{29}; },
                               ErrorCode::invalid_argument},
                    RefuseCase{"TooLong",
                               [](QuoteRequest& r) { r.valid_for = std::chrono::seconds{86'401}; },
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
    const QuoteSources nothing{
        .rates = empty, .clock = ids.clock, .ids = ids.source, .corridors = corridors};
    EXPECT_EQ(make_quote(dollars_to_euro(), nothing).error().code(), ErrorCode::unavailable);
}

TEST_F(QuoteTest, TheCorridorSaysTheCostAndIsCopied) {
    const Corridor corridor{.source = currency("USD"),
                            .target = currency("EUR"),
                            .spread_bps = 150,
                            .fixed_fee = Money(25, currency("EUR")),
                            .rounding = RoundingSide::favour_operator,
                            .bearer = Bearer::merchant};
    const Quote made = *quote(dollars_to_euro(), corridor);
    // 0.8558712769 * 0.985 = 0.8430332077 (4); times 97.10 is 81.8585, cut, less 25 cents
    EXPECT_EQ(made.rate.to_string(), "0.8430332077");
    EXPECT_EQ(made.target, Money(8160, currency("EUR")));
    EXPECT_EQ(made.fee, 25);
    EXPECT_EQ(made.markup_bps, 150);
    EXPECT_EQ(made.rounding, RoundingSide::favour_operator);
    EXPECT_EQ(made.bearer, Bearer::merchant);
}

// The merchant's share is measured on what the source is worth, the buyer's on what the target is.
TEST_F(QuoteTest, WhoBearsTheSpreadHasItOnTheOwnAmount) {
    const Corridor buyer{
        .spread_bps = 10'000 / 4, .rounding = RoundingSide::nearest, .bearer = Bearer::buyer};
    // 1.25 times 100 EUR is 125 EUR, times 1.1684 is 146.05 USD
    const Quote made = *quote(euro_for_dollars(), buyer);
    EXPECT_EQ(made.target, Money(10000, currency("EUR")));
    EXPECT_EQ(made.source, Money(14605, currency("USD")));
    const Corridor merchant{
        .spread_bps = 10'000 / 4, .rounding = RoundingSide::nearest, .bearer = Bearer::merchant};
    QuoteRequest request = dollars_to_euro();
    request.source_amount = 11684;
    EXPECT_EQ(quote(request, merchant)->target, Money(7500, currency("EUR")));
}

TEST_F(QuoteTest, AFeeInTheSourceCurrencyIsTakenInTheTargetAtTheMidRate) {
    Corridor corridor{.source = currency("USD"), .fixed_fee = Money(1000, currency("USD"))};
    const Quote made = *quote(dollars_to_euro(), corridor);
    // 10 USD are 8.5587 EUR; 97.10 USD are 83.1051 EUR
    EXPECT_EQ(made.fee, 856);
    EXPECT_EQ(made.target, Money(8310 - 856, currency("EUR")));
    corridor.fixed_fee = Money(9710, currency("USD"));
    const Result<Quote> all_of_it = quote(dollars_to_euro(), corridor);
    ASSERT_FALSE(all_of_it);
    EXPECT_EQ(all_of_it.error().code(), ErrorCode::invalid_argument);
}

struct SideCase {
    std::string name;
    RoundingSide side;
    std::int64_t target;  // Of 97.10 USD, which are 83.1051 EUR.
    std::int64_t source;  // For 100.00 EUR, which are 116.84 USD and a little.
    std::int64_t yen;     // For 0.20 EUR, which are 37.22 yen.
};

class QuoteSide : public QuoteTest, public testing::WithParamInterface<SideCase> {};

TEST_P(QuoteSide, DecidesTheLastUnitOfTheAmountThatWasNotAskedFor) {
    const Corridor corridor{.rounding = GetParam().side};
    EXPECT_EQ(quote(dollars_to_euro(), corridor)->target.minor_units(), GetParam().target);
    const Quote back = *quote(euro_for_dollars(), corridor);
    EXPECT_EQ(back.target.minor_units(), 10000);
    EXPECT_EQ(back.source.minor_units(), GetParam().source);
    QuoteRequest coarse = euro_for_dollars();
    coarse.source = currency("JPY");
    coarse.target_amount = 20;
    EXPECT_EQ(quote(coarse, corridor)->source.minor_units(), GetParam().yen);
}

INSTANTIATE_TEST_SUITE_P(
    All,
    QuoteSide,
    testing::Values(SideCase{"Nearest", RoundingSide::nearest, 8311, 11684, 37},
                    SideCase{"Buyer", RoundingSide::favour_buyer, 8311, 11683, 37},
                    SideCase{"Merchant", RoundingSide::favour_merchant, 8311, 11684, 37},
                    SideCase{"Operator", RoundingSide::favour_operator, 8310, 11685, 38}),
    test::case_name<SideCase>);

// Half a cent is 98 rupiah. Rounded in cents, the buyer of a cent would pay for half of it.
TEST_F(QuoteTest, ASourceOfFineUnitsIsRoundedToItsOwn) {
    QuoteRequest request = euro_for_dollars();
    request.source = currency("IDR");
    request.target_amount = 1;
    const Quote made = *quote(request, Corridor{.rounding = RoundingSide::nearest});
    const Money exact =
        *convert_back(made.target, made.rate, request.source, ledger::Rounding::half_even);
    EXPECT_EQ(made.source, exact);
    EXPECT_LT(amount_for(made.target, made.rate, request.source)->minor_units(),
              exact.minor_units());
}

TEST_F(QuoteTest, KeepsToTheCorridorsLimits) {
    const Corridor corridor{.source = currency("USD"),
                            .source_min = 9710,
                            .source_max = 11685,
                            .valid_min = std::chrono::seconds{60},
                            .valid_max = std::chrono::seconds{120}};
    const Quote made = *quote(dollars_to_euro(), corridor);
    EXPECT_EQ(made.expires_at - made.created_at, std::chrono::seconds{120});
    EXPECT_TRUE(quote(euro_for_dollars(), corridor));
    QuoteRequest request = dollars_to_euro();
    request.source_amount = 9709;
    EXPECT_EQ(quote(request, corridor).error().code(), ErrorCode::limit_exceeded);
    request = euro_for_dollars();
    request.target_amount = 10001;
    EXPECT_EQ(quote(request, corridor).error().code(), ErrorCode::limit_exceeded);
    request = dollars_to_euro();
    request.valid_for = std::chrono::seconds{59};
    const Result<Quote> short_lived = quote(request, corridor);
    ASSERT_FALSE(short_lived);
    EXPECT_EQ(short_lived.error().detail(), "valid_for is 60 to 120 seconds");
    request.longest = true;
    EXPECT_EQ(quote(request, corridor)->expires_at - ids.clock.now(), std::chrono::seconds{120});
    request.source = currency("GBP");
    EXPECT_EQ(quote(request, corridor).error().code(), ErrorCode::not_found);
}

TEST_F(QuoteTest, StillValidUntilItsEndWhateverItsStatus) {
    Quote made = *quote(dollars_to_euro());
    made.consumed_by = Uuid{};
    EXPECT_TRUE(still_valid(made, made.expires_at - std::chrono::microseconds{1}));
    EXPECT_FALSE(still_valid(made, made.expires_at));
}

TEST_F(QuoteTest, APartHasItsShareOfTargetMarginAndFee) {
    const Corridor corridor{.source = currency("USD"),
                            .target = currency("EUR"),
                            .spread_bps = 80,
                            .fixed_fee = Money(30, currency("EUR"))};
    const Quote made = *quote(dollars_to_euro(), corridor);
    ASSERT_EQ(made.target, Money(8214, currency("EUR")));
    const QuotePart whole{.target = 8214, .mid_value = 8311, .margin = 66, .fee = 30};
    EXPECT_EQ(*part_of(made, 0, 9710), whole);
    // A third: 3237 * 8214 / 9710 = 2738.28; 27.70 at the mid rate; 0.22; 0.10
    const QuotePart third{.target = 2738, .mid_value = 2770, .margin = 22, .fee = 10};
    EXPECT_EQ(*part_of(made, 0, 3237), third);
    EXPECT_EQ(*part_of(made, 9710, 0), QuotePart{});
    for (const auto& [before, length] : std::vector<std::pair<std::int64_t, std::int64_t>>{
             {-1, 1}, {0, -1}, {0, 9711}, {9710, 1}, {1, std::numeric_limits<std::int64_t>::max()}})
        EXPECT_EQ(part_of(made, before, length).error().code(), ErrorCode::limit_exceeded);
}

TEST_F(QuoteTest, PartsAreProportionalAndTheWholeIsThePromise) {
    Quote made = *quote(dollars_to_euro());
    made.rounding = RoundingSide::nearest;
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
    made.rounding = RoundingSide::nearest;
    made.source = Money(4, currency("USD"));
    made.target = Money(2, currency("EUR"));
    EXPECT_EQ(target_of(made, 1)->minor_units(), 0);  // 0.5
    EXPECT_EQ(target_of(made, 3)->minor_units(), 2);  // 1.5
}

// 100 yen for 53 cents: the first yen is 0.53 cents, and a cent only where the merchant is
// favoured.
TEST_F(QuoteTest, PartsAreRoundedToTheSideOfTheWhole) {
    Quote made = *quote(dollars_to_euro());
    made.source = Money(100, currency("JPY"));
    made.target = Money(53, currency("EUR"));
    for (const auto& [side, first] :
         std::vector<std::pair<RoundingSide, std::int64_t>>{{RoundingSide::favour_operator, 0},
                                                            {RoundingSide::nearest, 1},
                                                            {RoundingSide::favour_buyer, 1},
                                                            {RoundingSide::favour_merchant, 1}}) {
        made.rounding = side;
        EXPECT_EQ(target_of(made, 1)->minor_units(), first) << to_string(side);
        EXPECT_EQ(target_of(made, 100)->minor_units(), 53) << to_string(side);
    }
    made.rounding = RoundingSide::favour_merchant;
    EXPECT_EQ(target_of(made, 2)->minor_units(), 2);  // 1.06
}

// However a payment is cut into captures, the merchant gets the quoted target, and no capture
// takes something back.
TEST_F(QuoteTest, PartialTargetsSumToTheWhole) {
    const ReferenceTable* const table = &rates.snapshot()->front();
    const bool holds = rc::check([this, &table] {
        const std::size_t count = table->rates().size();
        QuoteRequest request = dollars_to_euro();
        request.source = table->rates()[*rc::gen::inRange<std::size_t>(0, count)].currency;
        request.source_amount = *rc::gen::inRange<std::int64_t>(1, 100'000'000);
        const Result<Quote> made = quote(
            request,
            {.spread_bps = *rc::gen::inRange(0, 1'000), .rate_age_max = std::chrono::days{7}});
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
