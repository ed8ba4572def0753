// SPDX-License-Identifier: Apache-2.0
//
// The Pix connector against its provider's sandbox, beyond what the contract tests hold it to.
#include "connectors/pix/connector.h"

#include "connectors/codes/banking_days.h"
#include "connectors/pix/agreement.h"
#include "connectors/pix/older_returns.h"
#include "connectors/pix/reference.h"
#include "connectors/pix/tellings.h"
#include "tests/connectors/contract/pix_harness.h"

#include <gtest/gtest.h>

#include <map>
#include <rapidcheck/gtest.h>
#include <set>

namespace causeway::connectors::pix {
namespace {

using test::PixHarness;
using test::PixHouse;

const std::string kPayment = "pay_01JZ8QK3M5X9T2B7C4D6E8F0G1";

ledger::Money brl(std::int64_t centavos) {
    return {centavos, *ledger::Currency::from_code("BRL")};
}

class PixHouseTest : public testing::Test {
  protected:
    Operation charge(const CollectionWish& wish = {}, std::int64_t amount = 10'000) {
        std::vector<FieldFault> faults;
        Operation operation{OperationKind::collect, "", brl(amount), kPayment, {}, {}};
        CollectionTerms terms = house.connector().collecting()->agree(
            wish, house.payer(), operation.amount, house.now(), faults);
        EXPECT_TRUE(faults.empty());
        operation.collection = Collection{.payer = house.payer(), .terms = std::move(terms)};
        operation.reference = house.connector().make_reference(++sequence, house.now(), operation);
        return operation;
    }
    std::string code_of(const Operation& operation) {
        const test::Outcome outcome = house.perform(operation);
        EXPECT_TRUE(outcome && outcome->instrument);
        return outcome && outcome->instrument ? outcome->instrument->details.at(0).second : "";
    }
    std::string paid(const Operation& operation) {
        return house.house().pay(operation.reference, false).end_to_end_id;
    }
    Operation refund(const Operation& of, const std::string& payment, std::int64_t amount) {
        Operation back{OperationKind::refund, "", brl(amount), kPayment, {}, {}};
        back.original = Original{of.kind, of.reference, payment, of.amount};
        back.reference = house.connector().make_reference(++sequence, house.now(), back);
        return back;
    }
    Result<Finding> find(const Operation& operation) {
        return test::run(house.connector().inquiry()->find(operation));
    }

    Told poll(const std::string& cursor) {
        Result<Told> told = test::run(house.connector().polling()->poll(cursor));
        if (!told) throw std::runtime_error(told.error().detail());
        return *std::move(told);
    }
    std::string take_back(const std::string& payment) {
        return house.house().admin("take-back",
                                   R"({"end_to_end_id":")" + payment + R"(","notify":false})");
    }

    PixHarness house{{}};
    std::int64_t sequence = 0;
};

TEST_F(PixHouseTest, WritesACodeForEachKindOfCharge) {
    const Operation now = charge();
    EXPECT_TRUE(std::holds_alternative<DynamicCode>(*read_br_code(code_of(now))));
    CollectionWish dated;
    dated.due_on = codes::day_in_brazil(house.now()) + std::chrono::days(5);
    dated.fine_bps = 200;
    dated.interest_month_bps = 100;
    const Operation later = charge(dated);
    EXPECT_EQ(kind_of(later.reference), ReferenceKind::by_date);
    EXPECT_TRUE(std::holds_alternative<DynamicCode>(*read_br_code(code_of(later))));
    CollectionWish printed;
    printed.reusable = true;
    const Operation paper = charge(printed);
    const auto code = std::get<StaticCode>(*read_br_code(code_of(paper)));
    EXPECT_EQ(code.amount, 10'000);
    EXPECT_EQ(code.txid->text(), paper.reference);
}

TEST_F(PixHouseTest, RefusesToTakeBackWhatWasPaid) {
    const Operation first = charge();
    code_of(first);
    paid(first);
    Operation back{OperationKind::withdraw, "w", first.amount, kPayment, {}, {}};
    back.original = Original{first.kind, first.reference, "", first.amount};
    back.collection = first.collection;
    const test::Outcome outcome = house.perform(back);
    ASSERT_TRUE(outcome);
    EXPECT_FALSE(outcome->approved);
    EXPECT_EQ(outcome->decline, Decline::not_allowed);
    EXPECT_EQ(outcome->response_code, "CONCLUIDA");
}

TEST_F(PixHouseTest, RefundsInPartsAndFindsOutWhatBecameOfEach) {
    const Operation first = charge();
    code_of(first);
    const std::string payment = paid(first);
    const Operation part = refund(first, payment, 4'000);
    const test::Outcome asked = house.perform(part);
    ASSERT_FALSE(asked);  // Under way: the provider has said no more yet.
    EXPECT_EQ(asked.error().code(), ErrorCode::outcome_unknown);
    EXPECT_EQ(find(part)->fate, Fate::under_way);
    const std::string settling =
        R"({"end_to_end_id":")" + payment + R"(","id":")" + part.reference + R"("})";
    house.house().admin("settle", settling);
    EXPECT_EQ(find(part)->fate, Fate::carried_out);
    // The list tells of it too, under the refund's own reference.
    std::set<std::string> told;
    for (const Notice& notice : house.told())
        if (notice.kind == NoticeKind::outcome) told.insert(notice.reference);
    EXPECT_EQ(told, std::set<std::string>{part.reference});
    const test::Outcome beyond = house.perform(refund(first, payment, 6'001));
    ASSERT_TRUE(beyond);
    EXPECT_FALSE(beyond->approved);
    EXPECT_EQ(find(refund(first, payment, 1))->fate, Fate::never_arrived);
}

TEST_F(PixHouseTest, ReadsAKnockAndBelievesNothingOfIt) {
    const NoticeReader& reader = *house.connector().notices();
    const std::vector<std::pair<std::string, std::string>> headers;
    const std::string lie =
        R"({"pix":[{"endToEndId":"E12345678202611221200aaaaaaaaaaa","txid":"x","valor":"1.00",)"
        R"("chave":"k","horario":"2026-11-22T12:00:00Z"}]})";
    const Result<std::vector<Notice>> knock =
        reader.read({.headers = headers, .body = lie, .received = house.now()});
    ASSERT_TRUE(knock);
    EXPECT_TRUE(knock->empty());
    const Result<std::vector<Notice>> noise =
        reader.read({.headers = headers, .body = "<x/>", .received = house.now()});
    EXPECT_EQ(noise.error().code(), ErrorCode::integrity);
}

// The webhook was lost. A list of new ones is silent about it: it came days ago.
TEST_F(PixHouseTest, HearsWhatWasTakenBackOfAnOldPixWithoutAWebhook) {
    const Operation first = charge();
    code_of(first);
    const std::string payment = paid(first);
    (void)poll("");
    house.house().clock.advance(std::chrono::hours(24 * 20));
    take_back(payment);
    const std::vector<Notice> told = poll(std::to_string(to_microseconds(house.now()))).notices;
    ASSERT_EQ(told.size(), 1U);
    EXPECT_EQ(told[0].kind, NoticeKind::receipt_returned);
    EXPECT_EQ(told[0].reference, first.reference);
    EXPECT_EQ(told[0].receipt->identity, payment);
    EXPECT_EQ(told[0].amount, brl(10'000));
    // All are not listed again within the hour.
    EXPECT_TRUE(poll(std::to_string(to_microseconds(house.now()))).notices.empty());
}

TEST_F(PixHouseTest, AsksAboutAnOldPixThatAKnockNames) {
    const Operation first = charge();
    code_of(first);
    const std::string payment = paid(first);
    house.house().clock.advance(std::chrono::hours(24 * 20));
    const std::string later = std::to_string(to_microseconds(house.now()));
    EXPECT_TRUE(poll(later).notices.empty());
    const std::string body = R"({"pix":[)" + take_back(payment) + "]}";
    const Result<std::vector<Notice>> knock =
        house.connector().notices()->read({.headers = {}, .body = body, .received = house.now()});
    ASSERT_TRUE(knock);
    EXPECT_TRUE(knock->empty()) << "it is asked for, not believed";
    const std::vector<Notice> told = poll(later).notices;
    ASSERT_EQ(told.size(), 2U);
    EXPECT_EQ(told[0].kind, NoticeKind::received);
    EXPECT_EQ(told[1].kind, NoticeKind::receipt_returned);
    EXPECT_TRUE(poll(later).notices.empty());
}

// What anybody made up costs one question, and what is true about it is not found.
TEST_F(PixHouseTest, HearsNothingAboutAPixThatAKnockMadeUp) {
    const std::string lie =
        R"({"pix":[{"endToEndId":"E12345678202611221200aaaaaaaaaaa","txid":"x","valor":"1.00",)"
        R"("chave":"k","horario":"2026-11-22T12:00:00Z","devolucoes":[{"id":"d1","rtrId":)"
        R"("D12345678202611221200aaaaaaaaaaa","valor":"1.00","natureza":"MED_FRAUDE","horario":)"
        R"({"solicitacao":"2026-11-22T12:00:00Z","liquidacao":"2026-11-22T12:00:00Z"},)"
        R"("status":"DEVOLVIDO"}]}]})";
    const Result<std::vector<Notice>> knock =
        house.connector().notices()->read({.headers = {}, .body = lie, .received = house.now()});
    ASSERT_TRUE(knock);
    EXPECT_TRUE(poll("").notices.empty());
}

// Who knocks may be anybody: neither what is new nor new charges wait for what he said.
TEST_F(PixHouseTest, AsksAgainAboutWhatGotNoAnswerAndHoldsUpNothing) {
    const Operation first = charge();
    code_of(first);
    const std::string payment = paid(first);
    house.house().clock.advance(std::chrono::hours(24 * 20));
    const std::string later = std::to_string(to_microseconds(house.now()));
    (void)poll(later);
    const std::string body = R"({"pix":[)" + take_back(payment) + "]}";
    const Operation second = charge();
    code_of(second);
    paid(second);
    (void)house.connector().notices()->read({.headers = {}, .body = body, .received = house.now()});
    house.house().admin("script", R"({"requests":["behave","fail_before"]})");
    const std::vector<Notice> without = poll(later).notices;
    ASSERT_EQ(without.size(), 1U);
    EXPECT_EQ(without[0].reference, second.reference);
    EXPECT_TRUE(house.connector().ready());
    EXPECT_EQ(poll(later).notices.size(), 3U);
}

TEST_F(PixHouseTest, ListsReturnsAgainSoonWhenSomeCouldNotBeHad) {
    const Operation first = charge();
    code_of(first);
    const std::string payment = paid(first);
    house.house().clock.advance(std::chrono::hours(24 * 20));
    take_back(payment);
    const auto now = [&] { return std::to_string(to_microseconds(house.now())); };
    house.house().admin("script", R"({"requests":["behave","behave","behave","fail_before"]})");
    EXPECT_TRUE(poll(now()).notices.empty()) << "the third span has it, and failed";
    EXPECT_TRUE(poll(now()).notices.empty());
    house.house().clock.advance(OlderReturns::kListRetry);
    EXPECT_EQ(poll(now()).notices.size(), 1U);
}

TEST(PixOlderReturns, AreAskedAboutAFewAtATimeAndNotForEver) {
    OlderReturns older;
    for (std::size_t i = 0; i < 3 * OlderReturns::kNamedMax; ++i)
        older.name("E" + std::to_string(i));
    std::map<std::string, int> asked;
    for (std::size_t round = 0; round < 100; ++round) {
        const std::vector<std::string> taken = older.take();
        EXPECT_LE(taken.size(), OlderReturns::kAskedMax);
        for (const std::string& id : taken) {
            ++asked[id];
            older.put_back(id);
        }
    }
    EXPECT_EQ(asked.size(), OlderReturns::kNamedMax);
    for (const auto& [id, tries] : asked)
        EXPECT_EQ(tries, OlderReturns::kTriesMax) << id;
    older.name("E1");
    EXPECT_EQ(older.take(), std::vector<std::string>{"E1"}) << "somebody says it anew";
}

TEST(PixOlderReturns, AreListedFromADayBeforeTheLastList) {
    OlderReturns older;
    const Timestamp now = *parse_rfc3339("2026-11-22T12:00:00Z");
    EXPECT_EQ(older.list_since(now), Timestamp::min());
    older.listed(now, true);
    EXPECT_EQ(older.list_since(now + std::chrono::minutes(59)), std::nullopt);
    EXPECT_EQ(older.list_since(now + OlderReturns::kListPause), now - OlderReturns::kListOverlap);
}

// Else a shop with more than a page in every overlap would be asked without a pause, and about
// nothing else.
TEST(PixTellings, PauseWhenALongListWasReadToItsEnd) {
    const Timestamp begun = *parse_rfc3339("2026-11-22T12:00:00Z");
    Window window =
        window_at(std::to_string(to_microseconds(begun)), begun + std::chrono::seconds(60), {});
    const std::string cursor = cursor_after(window, true);
    window = window_at(cursor, begun + std::chrono::seconds(70), {});
    EXPECT_EQ(window.page, 1);
    EXPECT_FALSE(is_behind(window, begun + std::chrono::seconds(70)));
    EXPECT_TRUE(is_behind(window, begun + std::chrono::hours(2)));
}

TEST(PixTellings, KeepMoneyWithoutAChargeUnderItsOwnName) {
    ReceivedPix pix;
    pix.end_to_end_id = "E1";
    pix.amount = 500;
    std::vector<Notice> notices;
    add_notices(pix, notices);
    ASSERT_EQ(notices.size(), 1U);
    EXPECT_EQ(notices[0].kind, NoticeKind::received);
    EXPECT_EQ(notices[0].reference, "E1");
    EXPECT_EQ(notices[0].receipt->identity, "E1");
}

TEST(PixTellings, CountTheDayByBrazilsClock) {
    ReceivedPix pix;
    pix.end_to_end_id = "E1";
    pix.amount = 500;
    pix.time = *parse_rfc3339("2026-11-23T02:59:59Z");
    std::vector<Notice> notices;
    add_notices(pix, notices);
    EXPECT_EQ(to_text(notices[0].receipt->paid_on), "2026-11-22");
}

TEST(PixTellings, GoThroughALongListPageByPage) {
    const Timestamp now = *parse_rfc3339("2026-11-22T12:00:00Z");
    const Window first = window_at("", now, std::chrono::seconds(300));
    EXPECT_EQ(first.to, now);
    const Window second = window_at(
        cursor_after(first, true), now + std::chrono::minutes(1), std::chrono::seconds(300));
    EXPECT_EQ(second.from, first.from);
    EXPECT_EQ(second.to, first.to);
    EXPECT_EQ(second.page, 1);
    const Timestamp later = now + std::chrono::minutes(2);
    const Window next = window_at(cursor_after(second, false), later, std::chrono::seconds(300));
    EXPECT_EQ(next.from, now - std::chrono::seconds(300));
    EXPECT_EQ(next.to, later);
    EXPECT_EQ(next.page, 0);
}

RC_GTEST_PROP(PixTellings, BeginAnewAtACursorThatIsNone, (const std::string& noise)) {
    const Timestamp now = *parse_rfc3339("2026-11-22T12:00:00Z");
    const Window window = window_at(noise, now, std::chrono::seconds(300));
    RC_ASSERT(window.page >= 0 || noise.find('-') != std::string::npos);
}

TEST(PixTellings, CatchUpSpanBySpanAfterALongSilence) {
    const Timestamp begun = *parse_rfc3339("2026-10-01T12:00:00Z");
    const Timestamp now = begun + std::chrono::days(20);
    const auto overlap = std::chrono::seconds(std::chrono::days(10));
    std::string cursor = std::to_string(to_microseconds(begun));
    Timestamp seen_until = begun;
    int asked = 0;
    for (; seen_until < now; ++asked) {
        ASSERT_LT(asked, 10);
        const Window window = window_at(cursor, now, overlap);
        EXPECT_LE(window.from, seen_until) << "no gap";
        EXPECT_LE(window.to - window.from, kSpanMax + overlap);
        EXPECT_GT(window.to, seen_until);
        seen_until = window.to;
        cursor = cursor_after(window, false);
    }
    EXPECT_EQ(asked, 3);
}

TEST(PixAgreement, WantsAPayerForAChargeByDate) {
    CollectionWish wish;
    wish.due_on = *parse_day("2026-12-01");
    std::vector<FieldFault> faults;
    (void)agree_on(wish,
                   {},
                   brl(100),
                   *parse_rfc3339("2026-11-22T12:00:00Z"),
                   {.open_for = std::chrono::hours(1), .days_after_due = 30},
                   faults);
    std::set<std::string> pointers;
    for (const FieldFault& fault : faults)
        pointers.insert(fault.pointer);
    EXPECT_EQ(pointers,
              (std::set<std::string>{"/billing_details/name", "/billing_details/tax_id"}));
}

TEST(PixAgreement, CountsFromTheNextDayWithBanks) {
    const Payer payer{.name = "João", .tax_id = "529.982.247-25", .email = {}, .address = {}};
    CollectionWish wish{.due_on = *parse_day("2026-12-25"),
                        .fine_bps = 200,
                        .interest_month_bps = 100,
                        .discount_bps = 500,
                        .discount_until = *parse_day("2026-11-28")};
    const AgreementLimits limits{.open_for = std::chrono::hours(1), .days_after_due = 4};
    const Timestamp now = *parse_rfc3339("2026-11-22T12:00:00Z");
    std::vector<FieldFault> faults;
    const CollectionTerms terms = agree_on(wish, payer, brl(10'000), now, limits, faults);
    ASSERT_TRUE(faults.empty());
    EXPECT_EQ(to_text(terms.due_on), "2026-12-25");
    // Christmas is Monday 28; four days behind it is the first of January, a Friday.
    EXPECT_EQ(to_rfc3339(terms.open_until), "2027-01-05T03:00:00Z");
    const auto owed = [&](std::string_view text) {
        const Day paid = *parse_day(text);
        return due_on(terms_on(terms), brl(10'000), paid)->minor_units();
    };
    EXPECT_EQ(owed("2026-11-30"), 9'500);
    EXPECT_EQ(owed("2026-12-28"), 10'000);
    EXPECT_EQ(owed("2026-12-29"), 10'203);
}

TEST(PixReference, FitsTheFormOfEachKind) {
    Operation operation{OperationKind::collect, "", brl(1), kPayment, {}, {}};
    operation.collection = Collection{};
    operation.collection->terms.immediate = true;
    constexpr std::int64_t kLast = 2'821'109'907'455;  // 36^8 - 1
    for (const std::int64_t sequence : {std::int64_t{1}, kLast}) {
        EXPECT_TRUE(Txid::parse(make_pix_reference(sequence, operation)));
        operation.collection->terms.reusable = true;
        EXPECT_TRUE(StaticTxid::parse(make_pix_reference(sequence, operation)));
        operation.collection->terms.reusable = false;
        Operation back = operation;
        back.kind = OperationKind::refund;
        EXPECT_TRUE(RefundId::parse(make_pix_reference(sequence, back)));
    }
}

}  // namespace
}  // namespace causeway::connectors::pix
