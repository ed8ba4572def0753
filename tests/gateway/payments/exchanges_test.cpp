// SPDX-License-Identifier: Apache-2.0
//
// Payments whose merchant is settled in another currency: which quote they take, and that parts
// of them add up to what was promised, to the cent, there and back.
#include "fx/quotes_store.h"
#include "gateway/payments/money_store.h"
#include "tests/support/payment_desk.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

namespace causeway::gateway {
namespace {

using ledger::Money;
using ledger::Purpose;
using test::Answered;
using test::eur;
using test::PaymentDesk;
using test::Word;

Money usd(std::int64_t cents) {
    return {cents, test::currency("USD")};
}

void keep(PaymentDesk& desk, const fx::Quote& quote) {
    desk.write<int>([&quote](ledger::Transaction& tx) -> Result<int> {
        const Result<void> stored = fx::insert_quote(tx, quote);
        return stored ? Result<int>(0) : Result<int>(stored.error());
    });
}

fx::Quote quoted(PaymentDesk& desk, Money source, std::string_view target = "EUR") {
    const fx::QuoteRequest request{.merchant = desk.merchant,
                                   .livemode = false,
                                   .source = source.currency(),
                                   .target = test::currency(target),
                                   .source_amount = source.minor_units(),
                                   .target_amount = std::nullopt,
                                   .valid_for = std::chrono::seconds(300)};
    const fx::Quote quote = *fx::make_quote(request, desk.service->shop().quotes);
    keep(desk, quote);
    return quote;
}

fx::Quote stored_quote(PaymentDesk& desk, const Uuid& id) {
    return desk.read<fx::Quote>([&desk, id](ledger::Transaction& tx) {
        return fx::load_quote(tx, {.merchant = desk.merchant, .livemode = false}, id);
    });
}

CreatePayment charge(Money amount, const Uuid& quote, bool automatic = true) {
    CreatePayment wanted = PaymentDesk::charge(amount, automatic);
    wanted.quote = quote;
    return wanted;
}

TEST(Exchanges, GiveTheMerchantWhatTheQuotePromised) {
    PaymentDesk desk;
    const fx::Quote quote = quoted(desk, usd(10'000));
    const Answered paid = desk.create(charge(usd(10'000), quote.id));
    EXPECT_EQ(paid.text("status"), "succeeded");
    EXPECT_EQ(paid.text("fx_quote"), to_text("fxq", quote.id));
    EXPECT_EQ(desk.payment(paid.payment()).settlement_currency, test::currency("EUR"));
    const Money fee = *quote.target.scale(290, 10'000, ledger::Rounding::half_even);
    EXPECT_EQ(desk.pending("EUR"), quote.target.minor_units() - fee.minor_units());
    EXPECT_EQ(desk.pending("USD"), 0);
    EXPECT_EQ(desk.net("scripted", Purpose::provider_receivable, "USD"), 9'965);
    EXPECT_TRUE(desk.books_are_clean());
}

// A rate is promised for one payment; used twice, the operator pays the difference.
TEST(Exchanges, AQuoteServesOnePayment) {
    PaymentDesk desk;
    const fx::Quote quote = quoted(desk, usd(10'000));
    const Answered paid = desk.create(charge(usd(10'000), quote.id));
    EXPECT_EQ(stored_quote(desk, quote.id).consumed_by, paid.payment());
    const Answered refused = desk.create(charge(usd(10'000), quote.id));
    EXPECT_EQ(refused.status(), 422);
    EXPECT_EQ(refused.text("code"), "fx_quote_consumed");
}

TEST(Exchanges, AQuoteIsTakenAtTheConfirmationNotBefore) {
    PaymentDesk desk;
    const fx::Quote quote = quoted(desk, usd(10'000));
    CreatePayment wanted = charge(usd(10'000), quote.id);
    wanted.confirm = false;
    const Uuid first = desk.create(wanted).payment();
    const Uuid second = desk.create(wanted).payment();
    EXPECT_EQ(desk.confirm(second).text("status"), "succeeded");
    const Answered late = desk.confirm(first);
    EXPECT_EQ(late.status(), 422);
    EXPECT_EQ(late.text("code"), "fx_quote_consumed");
    EXPECT_EQ(desk.status(first), "requires_confirmation");
}

TEST(Exchanges, AnExpiredQuoteIsRefusedAtTheMomentOfSending) {
    PaymentDesk desk;
    const fx::Quote quote = quoted(desk, usd(10'000));
    CreatePayment wanted = charge(usd(10'000), quote.id);
    wanted.confirm = false;
    const Uuid created_in_time = desk.create(wanted).payment();
    desk.clock.advance(std::chrono::seconds(300));
    EXPECT_EQ(desk.confirm(created_in_time).text("code"), "fx_quote_expired");
    EXPECT_EQ(desk.create(charge(usd(10'000), quote.id)).text("code"), "fx_quote_expired");
    EXPECT_TRUE(desk.provider.heard().empty());
}

Answered confirm_with(PaymentDesk& desk, const Uuid& payment, const Uuid& quote) {
    return desk.confirm(payment, {}, {.method = {}, .quote = quote});
}

TEST(Exchanges, APaymentTakesANewQuoteWhenItsOwnHasEnded) {
    PaymentDesk desk;
    const fx::Quote ended = quoted(desk, usd(10'000));
    CreatePayment wanted = charge(usd(10'000), ended.id);
    wanted.confirm = false;
    const Uuid payment = desk.create(wanted).payment();
    desk.clock.advance(std::chrono::seconds(300));
    EXPECT_EQ(desk.confirm(payment).text("code"), "fx_quote_expired");
    EXPECT_EQ(confirm_with(desk, payment, ended.id).text("code"), "fx_quote_expired");
    const fx::Quote other_amount = quoted(desk, usd(10'001));
    EXPECT_EQ(confirm_with(desk, payment, other_amount.id).text("code"), "fx_quote_mismatch");
    EXPECT_EQ(confirm_with(desk, payment, desk.ids.next()).text("code"), "unknown_reference");
    EXPECT_EQ(desk.payment(payment).quote, ended.id);
    const fx::Quote fresh = quoted(desk, usd(10'000));
    const Answered paid = confirm_with(desk, payment, fresh.id);
    EXPECT_EQ(paid.text("status"), "succeeded");
    EXPECT_EQ(paid.text("fx_quote"), to_text("fxq", fresh.id));
    EXPECT_EQ(stored_quote(desk, fresh.id).consumed_by, payment);
    EXPECT_FALSE(stored_quote(desk, ended.id).consumed_by);
}

TEST(Exchanges, APaymentThatTakesAnotherQuoteGivesItsFirstBack) {
    PaymentDesk desk;
    const fx::Quote first = quoted(desk, usd(10'000));
    desk.provider.next({Word::unavailable});
    EXPECT_EQ(desk.create(charge(usd(10'000), first.id)).status(), 503);
    const Uuid payment = *stored_quote(desk, first.id).consumed_by;
    const fx::Quote second = quoted(desk, usd(10'000));
    EXPECT_EQ(confirm_with(desk, payment, second.id).text("status"), "succeeded");
    EXPECT_FALSE(stored_quote(desk, first.id).consumed_by);
    EXPECT_EQ(stored_quote(desk, second.id).consumed_by, payment);
}

TEST(Exchanges, AQuoteMustFitThePayment) {
    PaymentDesk desk;
    const fx::Quote quote = quoted(desk, usd(10'000));
    EXPECT_EQ(desk.create(charge(usd(10'001), quote.id)).text("code"), "fx_quote_mismatch");
    EXPECT_EQ(desk.create(charge(eur(10'000), quote.id)).text("code"), "fx_quote_mismatch");
    const fx::Quote not_settled = quoted(desk, usd(10'000), "GBP");
    EXPECT_EQ(desk.create(charge(usd(10'000), not_settled.id)).text("code"), "fx_quote_mismatch");
    EXPECT_EQ(desk.create(charge(usd(10'000), desk.ids.next())).text("code"), "unknown_reference");
    EXPECT_FALSE(stored_quote(desk, quote.id).consumed_by);
}

TEST(Exchanges, AnotherMerchantsQuoteIsNotThere) {
    PaymentDesk desk;
    const fx::Quote quote = quoted(desk, usd(10'000));
    desk.merchant = desk.add_merchant(290, {});
    const Answered refused = desk.create(charge(usd(10'000), quote.id));
    EXPECT_EQ(refused.status(), 422);
    EXPECT_EQ(refused.text("code"), "unknown_reference");
}

TEST(Exchanges, APaymentWithoutAQuoteGetsItsOwn) {
    PaymentDesk desk;
    const Uuid id = desk.authorised(usd(10'000));
    const Payment payment = desk.payment(id);
    ASSERT_TRUE(payment.quote);
    const fx::Quote quote = stored_quote(desk, *payment.quote);
    EXPECT_EQ(quote.source, usd(10'000));
    EXPECT_EQ(quote.markup_bps, 80);
    EXPECT_EQ(quote.consumed_by, id);
    // Days later the rate is still that of the authorisation, whatever the market does.
    desk.clock.advance(std::chrono::hours(24 * 6));
    desk.capture(id);
    const Money fee = *quote.target.scale(290, 10'000, ledger::Rounding::half_even);
    EXPECT_EQ(desk.pending("EUR"), quote.target.minor_units() - fee.minor_units());
}

TEST(Exchanges, APaymentInASettlementCurrencyNeedsNoQuote) {
    PaymentDesk desk;
    EXPECT_FALSE(desk.payment(desk.captured(eur(10'000))).quote);
}

TEST(Exchanges, AreRefusedWithoutAFreshRate) {
    PaymentDesk desk;
    const Answered unlisted =
        desk.create(PaymentDesk::charge(Money(10'000, test::currency("KWD"))));
    EXPECT_EQ(unlisted.status(), 422);
    EXPECT_EQ(unlisted.text("code"), "fx_rate_unavailable");
    desk.clock.advance(std::chrono::hours(24 * 30));
    EXPECT_EQ(desk.create(PaymentDesk::charge(usd(10'000))).text("code"), "fx_rate_unavailable");
    EXPECT_EQ(desk.create(PaymentDesk::charge(eur(10'000))).text("status"), "succeeded");
}

// The first try took the quote and sent nothing: the second still has it, but only until its end.
// A payment that could keep an old rate for days would be an option on the currency, for nothing.
TEST(Exchanges, ARepeatedConfirmationKeepsItsQuoteUntilItsEnd) {
    PaymentDesk desk;
    const fx::Quote quote = quoted(desk, usd(10'000));
    desk.provider.next({Word::unavailable});
    EXPECT_EQ(desk.create(charge(usd(10'000), quote.id), "k1").status(), 503);
    desk.clock.set(quote.expires_at);
    const Answered refused = desk.create(charge(usd(10'000), quote.id), "k1");
    EXPECT_EQ(refused.status(), 422);
    EXPECT_EQ(refused.text("code"), "fx_quote_expired");
}

TEST(Exchanges, ARepeatedConfirmationKeepsItsQuote) {
    PaymentDesk desk;
    const fx::Quote quote = quoted(desk, usd(10'000));
    desk.provider.next({Word::unavailable});
    EXPECT_EQ(desk.create(charge(usd(10'000), quote.id), "k1").status(), 503);
    desk.clock.advance(std::chrono::minutes(1));
    const Answered paid = desk.create(charge(usd(10'000), quote.id), "k1");
    EXPECT_EQ(paid.text("status"), "succeeded");
    EXPECT_EQ(stored_quote(desk, quote.id).consumed_by, paid.payment());
}

// A declined card costs the buyer a try, not the rate: the next card pays at the same one.
TEST(Exchanges, ADeclinedPaymentGivesItsQuoteBack) {
    PaymentDesk desk;
    const fx::Quote quote = quoted(desk, usd(10'000));
    desk.provider.next({Word::decline});
    EXPECT_EQ(desk.create(charge(usd(10'000), quote.id)).status(), 402);
    EXPECT_FALSE(stored_quote(desk, quote.id).consumed_by);
    const Answered paid = desk.create(charge(usd(10'000), quote.id));
    EXPECT_EQ(paid.text("status"), "succeeded");
    EXPECT_EQ(stored_quote(desk, quote.id).consumed_by, paid.payment());
}

TEST(Exchanges, APaymentOfWhichAPartWasApprovedGivesItsQuoteBack) {
    PaymentDesk desk;
    const fx::Quote quote = quoted(desk, usd(10'000));
    desk.provider.next({Word::half});
    EXPECT_EQ(desk.create(charge(usd(10'000), quote.id)).status(), 402);
    EXPECT_FALSE(stored_quote(desk, quote.id).consumed_by);
}

// The provider may have meant yes: given back now, one rate would be promised twice.
TEST(Exchanges, APaymentInDoubtKeepsItsQuoteUntilTheDoubtIsOver) {
    PaymentDesk desk;
    const fx::Quote quote = quoted(desk, usd(10'000));
    desk.provider.next({Word::lost_before});
    const Answered doubtful = desk.create(charge(usd(10'000), quote.id));
    EXPECT_EQ(doubtful.text("status"), "processing");
    EXPECT_EQ(stored_quote(desk, quote.id).consumed_by, doubtful.payment());
    desk.sweep();
    ASSERT_EQ(desk.status(doubtful.payment()), "failed");
    EXPECT_FALSE(stored_quote(desk, quote.id).consumed_by);
}

TEST(Exchanges, AQuoteThatHasEndedIsNotGivenBack) {
    PaymentDesk desk;
    const fx::Quote quote = quoted(desk, usd(10'000));
    desk.provider.next({Word::lost_before});
    const Uuid doubtful = desk.create(charge(usd(10'000), quote.id)).payment();
    desk.clock.set(quote.expires_at);
    desk.sweep();
    ASSERT_EQ(desk.status(doubtful), "failed");
    EXPECT_EQ(stored_quote(desk, quote.id).consumed_by, doubtful);
}

TEST(Exchanges, APaymentCanceledBeforeItWasSentGivesItsQuoteBack) {
    PaymentDesk desk;
    const fx::Quote quote = quoted(desk, usd(10'000));
    desk.provider.next({Word::unavailable});
    EXPECT_EQ(desk.create(charge(usd(10'000), quote.id)).status(), 503);
    const Uuid unsent = *stored_quote(desk, quote.id).consumed_by;
    EXPECT_EQ(desk.cancel(unsent).text("status"), "canceled");
    EXPECT_FALSE(stored_quote(desk, quote.id).consumed_by);
}

// Of another gateway, whose clock is ahead.
fx::Quote quoted_ahead(PaymentDesk& desk, Money source) {
    fx::Quote quote = quoted(desk, source);
    quote.id.bytes.front() = 0xFF;
    keep(desk, quote);
    return quote;
}

TEST(Exchanges, AQuoteYoungerThanItsPaymentIsGivenBackToo) {
    PaymentDesk desk;
    const fx::Quote quote = quoted_ahead(desk, usd(10'000));
    desk.provider.next({Word::decline});
    EXPECT_EQ(desk.create(charge(usd(10'000), quote.id)).status(), 402);
    EXPECT_FALSE(stored_quote(desk, quote.id).consumed_by);
}

TEST(Exchanges, AQuoteYoungerThanItsPaymentStaysWithIt) {
    PaymentDesk desk;
    const fx::Quote quote = quoted_ahead(desk, usd(10'000));
    desk.provider.next({Word::unavailable});
    EXPECT_EQ(desk.create(charge(usd(10'000), quote.id), "k1").status(), 503);
    EXPECT_EQ(desk.payment(*stored_quote(desk, quote.id).consumed_by).quote, quote.id);
    const Answered paid = desk.create(charge(usd(10'000), quote.id), "k1");
    EXPECT_EQ(paid.text("fx_quote"), to_text("fxq", quote.id));
}

// Nobody was promised this one but the payment.
TEST(Exchanges, AQuoteOfOurOwnMakingIsNotGivenBack) {
    PaymentDesk desk;
    desk.provider.next({Word::decline});
    const std::string instance = desk.create(PaymentDesk::charge(usd(10'000))).text("instance");
    const Uuid failed = *parse_id("pay", instance.substr(instance.rfind('/') + 1));
    EXPECT_EQ(stored_quote(desk, *desk.payment(failed).quote).consumed_by, failed);
}

// Between the commit and the wire lie a queue and a thread: what is late there is not sent.
TEST(Exchanges, AChargeWhoseQuoteEndsBeforeItIsSentIsNotSent) {
    PaymentDesk desk;
    const fx::Quote quote = quoted(desk, usd(10'000));
    const Caller who = desk.creator("k1");
    const PaymentDesk::Body create = desk.creating(who, charge(usd(10'000), quote.id));
    const Answered late = desk.ask(who, [&desk, &quote, create](ledger::Transaction& tx) {
        desk.clock.set(quote.expires_at - std::chrono::microseconds(1));
        Result<Step> step = create(tx);
        desk.clock.set(quote.expires_at);
        return step;
    });
    EXPECT_EQ(late.status(), 422);
    EXPECT_EQ(late.text("code"), "fx_quote_expired");
    EXPECT_TRUE(desk.provider.heard().empty());
    const Uuid payment = *stored_quote(desk, quote.id).consumed_by;
    EXPECT_EQ(desk.status(payment), "requires_confirmation");
    EXPECT_TRUE(desk.books_are_clean());
}

TEST(Exchanges, AnAmountThatIsWorthNothingIsRefused) {
    PaymentDesk desk;
    const Answered refused = desk.create(PaymentDesk::charge(Money(50, test::currency("HUF"))));
    EXPECT_EQ(refused.status(), 422);
    EXPECT_EQ(refused.text("code"), "amount_out_of_range");
    EXPECT_TRUE(desk.provider.heard().empty());
}

// The fixed fee is a line of its own: neither of the markup nor of the rounding.
TEST(Exchanges, TheFeeOfACorridorIsTheOperators) {
    PaymentDesk desk;
    desk.corridors = *fx::Corridors::make({{.source = test::currency("USD"),
                                            .target = test::currency("EUR"),
                                            .spread_bps = 100,
                                            .fixed_fee = eur(50),
                                            .rate_age_max = std::chrono::days(7)}});
    const Uuid id = desk.captured(usd(10'000));
    const fx::Quote quote = stored_quote(desk, *desk.payment(id).quote);
    EXPECT_EQ(quote.fee, 50);
    // 100 USD are 85.59 EUR at the mid rate
    EXPECT_EQ(desk.net("USD/EUR", Purpose::fx_trading, "EUR"), 8'559);
    EXPECT_EQ(desk.net("USD/EUR", Purpose::fx_result, "EUR"), -86);
    EXPECT_EQ(desk.net("USD/EUR", Purpose::fx_fee, "EUR"), -50);
    EXPECT_EQ(desk.net("operator", Purpose::rounding, "EUR"), 0);
    EXPECT_EQ(quote.target, eur(8'559 - 86 - 50));
    // A refund gives its part of it back.
    ASSERT_EQ(desk.refund(id, 5'000).status(), 201);
    EXPECT_EQ(desk.net("USD/EUR", Purpose::fx_fee, "EUR"), -25);
    EXPECT_EQ(desk.net("USD/EUR", Purpose::fx_result, "EUR"), -43);
    EXPECT_TRUE(desk.books_are_clean());
}

// Cuts `whole` into parts of the weights given, none of them nothing.
std::vector<std::int64_t> cut(std::int64_t whole, const std::vector<int>& weights) {
    std::vector<std::int64_t> parts;
    for (const int weight : weights) {
        const std::int64_t part = std::max<std::int64_t>(1, whole * weight / 100);
        if (part >= whole) break;
        parts.push_back(part);
        whole -= part;
    }
    parts.push_back(whole);
    return parts;
}

// One desk for all cases: what must come back to zero does so between any two of them.
RC_GTEST_PROP(Exchanges, PartsAddUpToTheQuoteAndRefundsDrawDownToZero, ()) {
    static PaymentDesk desk;
    static const Uuid free_of_charge = desk.merchant = desk.add_merchant(0, {});
    RC_ASSERT(desk.merchant == free_of_charge);
    // Five forints are a cent; less may be worth nothing, and such a charge is refused.
    const auto amount = *rc::gen::inRange<std::int64_t>(500, 2'000'000);
    const auto weights = *rc::gen::container<std::vector<int>>(3, rc::gen::inRange(1, 60));
    const auto other_weights = *rc::gen::container<std::vector<int>>(3, rc::gen::inRange(1, 60));
    const std::string code = *rc::gen::element<std::string>("USD", "JPY", "HUF");
    const Uuid id = desk.authorised(Money(amount, test::currency(code)));
    const fx::Quote quote = stored_quote(desk, *desk.payment(id).quote);
    for (const std::int64_t part : cut(amount, weights))
        RC_ASSERT(desk.capture(id, part).text("status") == "succeeded");
    RC_ASSERT(desk.pending("EUR") == quote.target.minor_units());
    for (const std::int64_t part : cut(amount, other_weights))
        RC_ASSERT(desk.refund(id, part).text("status") == "succeeded");
    RC_ASSERT(desk.pending("EUR") == 0);
    RC_ASSERT(desk.net(code + "/EUR", Purpose::fx_trading, code) == 0);
    RC_ASSERT(desk.net(code + "/EUR", Purpose::fx_trading, "EUR") == 0);
    RC_ASSERT(desk.books_are_clean());
}

connectors::Notice scheme_says(connectors::NoticeKind kind, int number, Money amount) {
    connectors::Notice notice{.kind = kind, .id = "n-" + std::to_string(number)};
    notice.amount = amount;
    notice.case_id = "case-" + std::to_string(number);
    notice.reason = "fraudulent";
    return notice;
}

// What the merchant was given for a movement of each kind, less what was taken back.
std::int64_t given_back(PaymentDesk& desk, const Uuid& id) {
    const auto list = [&](ledger::Transaction& tx) {
        return list_balance_transactions(
            tx, {.merchant = desk.merchant, .livemode = false}, Page{.limit = 100});
    };
    std::int64_t sum = 0;
    for (const BalanceTransaction& one : desk.read<Listed<BalanceTransaction>>(list).rows) {
        if (one.payment == id && one.type != "charge") sum -= one.amount.minor_units();
    }
    return sum;
}

// A refund after a dispute that was won drew the units of another refund a second time: the
// merchant paid back a cent more or less than it was given.
RC_GTEST_PROP(Exchanges, WhatDisputesAndRefundsTakeIsTheWholeWhateverWasWonBetween, ()) {
    static PaymentDesk desk;
    static const Uuid free_of_charge = desk.merchant = desk.add_merchant(0, {});
    RC_ASSERT(desk.merchant == free_of_charge);
    static int cases = 0;
    const auto amount = *rc::gen::inRange<std::int64_t>(500, 20'000);
    const std::string code = *rc::gen::element<std::string>("USD", "JPY", "HUF");
    const auto deeds =
        *rc::gen::resize(10,
                         rc::gen::container<std::vector<std::pair<int, int>>>(
                             rc::gen::pair(rc::gen::inRange(0, 4), rc::gen::inRange(1, 60))));
    const ledger::Currency currency = test::currency(code);
    const Uuid id = desk.captured(Money(amount, currency));
    const fx::Quote quote = stored_quote(desk, *desk.payment(id).quote);
    std::vector<std::pair<int, Money>> open;
    using connectors::NoticeKind;
    for (const auto& [kind, percent] : deeds) {
        const std::int64_t left = desk.payment(id).refundable();
        const Money part(std::max<std::int64_t>(1, left * percent / 100), currency);
        if (kind == 0 && !open.empty()) {
            const auto [number, disputed] = open.front();
            open.erase(open.begin());
            const std::int64_t before = given_back(desk, id);
            RC_ASSERT(desk.notice(id, scheme_says(NoticeKind::dispute_won, number, disputed)) ==
                      NoticeVerdict::applied);
            RC_ASSERT(given_back(desk, id) <= before);
        } else if (left > 0 && kind == 1) {
            open.emplace_back(++cases, part);
            RC_ASSERT(desk.notice(id, scheme_says(NoticeKind::dispute_opened, cases, part)) ==
                      NoticeVerdict::applied);
        } else if (left > 0) {
            RC_ASSERT(desk.refund(id, part.minor_units()).text("status") == "succeeded");
        }
    }
    const std::int64_t left = desk.payment(id).refundable();
    if (left > 0) RC_ASSERT(desk.refund(id, left).text("status") == "succeeded");
    RC_ASSERT(given_back(desk, id) == quote.target.minor_units());
    RC_ASSERT(desk.net(code + "/EUR", Purpose::fx_trading, code) == 0);
    RC_ASSERT(desk.net(code + "/EUR", Purpose::fx_trading, "EUR") == 0);
}

}  // namespace
}  // namespace causeway::gateway
