// SPDX-License-Identifier: Apache-2.0
#include "connectors/boleto/sandbox/books.h"

#include "connectors/boleto/sandbox/retorno_desk.h"
#include "tests/connectors/boleto/cnab/collected.h"
#include "tests/connectors/boleto/sandbox/slips.h"
#include "tests/support/books.h"

#include <gtest/gtest.h>

#include <rapidcheck/gtest.h>
#include <set>

namespace causeway::connectors::boleto::sandbox {
namespace {

using cnab::EventClass;
using cnab::LayoutId;

constexpr LayoutId kLayouts[] = {LayoutId::itau400, LayoutId::bradesco400, LayoutId::bb240};
const Timestamp kNow = *parse_rfc3339("2026-11-23T12:00:00Z");

// What the payer gave: Itaú tells what is left of it.
std::int64_t amount_in(const cnab::Event& event) {
    if (event.paid_minor_units) return *event.paid_minor_units;
    const std::int64_t credited = event.credited_minor_units.value_or(0);
    return credited > 0 ? credited + event.tariff_minor_units : 0;
}

class Bank {
  public:
    explicit Bank(LayoutId of, Tariffs tariffs = {})
        : layout(of), books(house(of, tariffs), on("2026-11-23"), entropy_) {}

    const Slip& enter(const SlipOrder& order) {
        const auto entered = books.enter(order, kNow);
        if (std::holds_alternative<Refusal>(entered)) throw std::runtime_error("refused");
        return *std::get<const Slip*>(entered);
    }
    Receipt pay(const std::string& number, std::optional<std::int64_t> amount = {}) {
        PayOrder order;
        order.our_number = number;
        order.amount = amount;
        const auto paid = books.pay(order, kNow);
        if (!paid) throw std::runtime_error(paid.error().detail());
        return paid->front();
    }
    NightWork close() { return books.close(books.open_day(), kNow)->front(); }
    std::vector<cnab::Event> told(const NightWork& night) {
        const RetornoFile file{.number = 1,
                               .day = night.day,
                               .credit_on = night.credit_on,
                               .happenings = night.happenings};
        const auto bytes = write_retorno_of(books.house(), file);
        if (!bytes) throw std::runtime_error(bytes.error().detail());
        const auto read = cnab::collect(cnab::layout_of(layout), *bytes);
        EXPECT_FALSE(read.summary.error) << cnab::to_text(*read.summary.error);
        EXPECT_TRUE(read.errors.empty());
        return read.events;
    }

    const LayoutId layout;

  private:
    static HouseConfig house(LayoutId of, Tariffs tariffs) {
        HouseConfig config = sample_house(of);
        config.tariffs = tariffs;
        return config;
    }
    test::SeededEntropy entropy_{7};

  public:
    BankBooks books;
};

TEST(BankBooks, RefuseWithTheBanksOwnReason) {
    struct Row {
        const char* name;
        void (*spoil)(SlipOrder&);
        const char* itau;
        const char* bradesco;
        const char* bb;
    };
    const Row rows[] = {
        {"CEP", [](SlipOrder& it) { it.payer.postal_code = "00000001"; }, "11", "48", "48"},
        {"document", [](SlipOrder& it) { it.payer.document = "52998224724"; }, "37", "46", "46"},
        {"name", [](SlipOrder& it) { it.payer.name.clear(); }, "08", "45", "45"},
        {"street", [](SlipOrder& it) { it.payer.street.clear(); }, "10", "47", "47"},
        {"state", [](SlipOrder& it) { it.payer.state = "XX"; }, "04", "47", "47"},
        {"past", [](SlipOrder& it) { it.terms.due = on("2026-11-20"); }, "05", "18", "18"},
        {"limit before due",
         [](SlipOrder& it) { it.payable_until = on("2026-11-26"); },
         "05",
         "18",
         "18"},
        {"amount", [](SlipOrder& it) { it.terms.face = 1'000'000'001; }, "67", "20", "20"},
        {"wallet", [](SlipOrder& it) { it.wallet = "175"; }, "68", "10", "10"},
        {"agreement", [](SlipOrder& it) { it.agreement = "7654321"; }, "26", "07", "06"},
        {"digit", [](SlipOrder& it) { it.our_number_digit = "Z"; }, "42", "08", "08"},
        {"number", [](SlipOrder& it) { it.our_number = "77"; }, "42", "08", "08"},
        {"issued tomorrow", [](SlipOrder& it) { it.issued = on("2026-11-24"); }, "64", "24", "24"},
        {"discount",
         [](SlipOrder& it) {
             it.terms.discount_amount = 10'000;
             it.terms.discount_until = it.terms.due;
         },
         "62",
         "28",
         "29"},
    };
    for (const Row& row : rows) {
        const char* const expected[] = {row.itau, row.bradesco, row.bb};
        for (std::size_t i = 0; i < 3; ++i) {
            Bank bank(kLayouts[i]);
            SlipOrder order = some_order(kLayouts[i]);
            row.spoil(order);
            const auto outcome = bank.books.enter(order, kNow);
            const auto* const refusal = std::get_if<Refusal>(&outcome);
            ASSERT_NE(refusal, nullptr) << row.name;
            EXPECT_EQ(reason_of(kLayouts[i], *refusal), expected[i]) << row.name;
        }
    }
}

TEST(BankBooks, TakeWhatTheyAreGiven) {
    struct Row {
        const char* name;
        std::vector<std::optional<std::int64_t>> payments;
        bool written_off;
        std::vector<std::vector<const char*>> codes;  // By bank.
        SlipState state;
    };
    const Row rows[] = {
        {"whole", {std::nullopt}, false, {{"06"}, {"06"}, {"06"}}, SlipState::paid},
        {"in part", {4'000}, false, {{"07"}, {"06"}, {"06"}}, SlipState::registered},
        {"in two parts",
         {4'000, 6'000},
         false,
         {{"07", "06"}, {"06", "06"}, {"06", "06"}},
         SlipState::paid},
        {"too much", {15'000}, false, {{"06"}, {"06"}, {"06"}}, SlipState::paid},
        {"twice",
         {std::nullopt, std::nullopt},
         false,
         {{"06", "72"}, {"06", "17"}, {"06", "17"}},
         SlipState::paid},
        {"after the write-off",
         {10'000},
         true,
         {{"09", "72"}, {"09", "17"}, {"09", "17"}},
         SlipState::written_off},
    };
    for (const Row& row : rows) {
        for (std::size_t i = 0; i < 3; ++i) {
            Bank bank(kLayouts[i]);
            const std::string number = bank.enter(some_order(kLayouts[i])).order.our_number;
            if (row.written_off) (void)bank.books.write_off(number, kNow);
            std::int64_t given = 0;
            for (const auto& amount : row.payments)
                given += bank.pay(number, amount).amount;
            EXPECT_EQ(bank.books.find(number)->state, row.state) << row.name;
            const auto events = bank.told(bank.close());
            ASSERT_EQ(events.size(), row.codes[i].size() + 1) << row.name;
            std::int64_t told = 0;
            for (std::size_t e = 1; e < events.size(); ++e) {
                EXPECT_EQ(events[e].occurrence, row.codes[i][e - 1]) << row.name;
                EXPECT_EQ(events[e].control, "ORDER-1");
                told += amount_in(events[e]);
            }
            EXPECT_EQ(told, given) << row.name;
            // The money of a Monday comes on Tuesday.
            const NightWork next = bank.close();
            EXPECT_EQ(next.statements[0].closing,
                      given - 185 * static_cast<std::int64_t>(row.payments.size()));
        }
    }
}

TEST(BankBooks, TakeMoneyForALineOfTheirsThatTheyDoNotKnow) {
    for (const LayoutId layout : kLayouts) {
        Bank known(layout);
        Bank stranger(layout);
        PayOrder order;
        order.line = known.enter(some_order(layout)).line;
        const auto paid = stranger.books.pay(order, kNow);
        ASSERT_TRUE(paid) << paid.error().detail();
        EXPECT_EQ(paid->front().amount, 10'000);
        const auto events = stranger.told(stranger.close());
        ASSERT_EQ(events.size(), 1U);
        EXPECT_EQ(events[0].occurrence, layout == LayoutId::itau400 ? "72" : "17");
        EXPECT_EQ(events[0].our_number, number_at(layout, 1));
        EXPECT_EQ(events[0].control, "");
    }
}

TEST(BankBooks, RefuseAMistypedLineAndAnotherBanks) {
    Bank itau(LayoutId::itau400);
    Bank bradesco(LayoutId::bradesco400);
    PayOrder order;
    order.line = itau.enter(some_order(LayoutId::itau400)).line;
    EXPECT_FALSE(bradesco.books.pay(order, kNow));
    order.line[12] = order.line[12] == '9' ? '0' : static_cast<char>(order.line[12] + 1);
    EXPECT_FALSE(itau.books.pay(order, kNow));
    EXPECT_TRUE(itau.books.receipts().empty());
}

TEST(BankBooks, PutPixOnItsOwnAccountAndTellItByNight) {
    Bank bank(LayoutId::itau400);
    SlipOrder hybrid = some_order(LayoutId::itau400);
    hybrid.hybrid = true;
    const Slip& slip = bank.enter(hybrid);
    ASSERT_TRUE(slip.pix);
    EXPECT_TRUE(slip.pix->copy_and_paste.starts_with("000201"));
    PayOrder order;
    order.our_number = slip.order.our_number;
    order.channel = "pix";
    ASSERT_TRUE(bank.books.pay(order, kNow));
    const auto news = bank.books.take_news();
    ASSERT_EQ(news.size(), 1U);
    EXPECT_EQ(news[0].kind, BankNewsKind::pix_payment);
    EXPECT_EQ(news[0].end_to_end_id.size(), 32U);
    EXPECT_FALSE(bank.books.pay(order, kNow)) << "the code is paid";
    const NightWork night = bank.close();
    const auto events = bank.told(night);
    ASSERT_EQ(events.size(), 2U);
    EXPECT_EQ(events[0].pix->copy_and_paste, slip.pix->copy_and_paste);
    EXPECT_EQ(events[1].event_class, EventClass::paid_by_pix);
    ASSERT_EQ(night.statements.size(), 2U);
    EXPECT_EQ(night.statements[1].closing, 10'000 - 99);
    EXPECT_EQ(bank.close().statements[0].closing, 0);
}

TEST(BankBooks, WriteOffWhatNobodyPaidInTime) {
    for (const LayoutId layout : kLayouts) {
        Bank bank(layout);
        const std::string number = bank.enter(some_order(layout)).order.our_number;
        const auto nights = bank.books.close(on("2026-12-27"), kNow);
        ASSERT_TRUE(nights);
        EXPECT_EQ(bank.books.find(number)->state, SlipState::written_off);
        const auto events = bank.told(nights->back());
        ASSERT_EQ(events.size(), 1U);
        EXPECT_EQ(events[0].event_class, EventClass::written_off);
    }
}

TEST(BankBooks, DoNotSettleAfterTheLastDay) {
    Bank bank(LayoutId::bradesco400);
    const std::string number = bank.enter(some_order(bank.layout)).order.our_number;
    PayOrder order;
    order.our_number = number;
    order.day = on("2026-12-28");
    ASSERT_TRUE(bank.books.pay(order, kNow));
    EXPECT_EQ(bank.books.find(number)->state, SlipState::registered);
    const auto nights = bank.books.close(on("2026-12-28"), kNow);
    EXPECT_EQ(bank.books.find(number)->state, SlipState::written_off);
    EXPECT_EQ(bank.told(nights->back()).front().occurrence, "17");
}

TEST(BankBooks, TellOfAPaymentInTheFileOfALaterDay) {
    Bank bank(LayoutId::itau400);
    const std::string number = bank.enter(some_order(bank.layout)).order.our_number;
    PayOrder order;
    order.our_number = number;
    order.told_on = on("2026-11-22");
    EXPECT_FALSE(bank.books.pay(order, kNow)) << "before it is paid";
    order.told_on = on("2026-11-25");
    const auto paid = bank.books.pay(order, kNow);
    ASSERT_TRUE(paid);
    EXPECT_EQ(bank.books.take_news().back().paid_on, on("2026-11-23"));
    EXPECT_EQ(bank.told(bank.close()).size(), 1U) << "the entry alone";
    EXPECT_EQ(bank.close().statements[0].closing, 10'000 - paid->front().tariff);
    const auto events = bank.told(bank.close());
    ASSERT_EQ(events.size(), 1U);
    EXPECT_EQ(events[0].occurrence, "06");
    EXPECT_EQ(Day(*events[0].occurred_on), on("2026-11-25"));
}

TEST(BankBooks, KeepTheDigitOfAShortAgreementApart) {
    HouseConfig house = sample_house(LayoutId::bb240);
    house.beneficiary.agreement = "123456";
    test::SeededEntropy entropy(3);
    BankBooks books(house, on("2026-11-23"), entropy);
    SlipOrder order = some_order(LayoutId::bb240);
    order.our_number = "12345600001";
    const auto entered = books.enter(order, kNow);
    const auto* const slip = std::get_if<const Slip*>(&entered);
    ASSERT_NE(slip, nullptr);
    const auto night = books.close(books.open_day(), kNow)->front();
    const auto bytes = write_retorno_of(house,
                                        {.number = 1,
                                         .day = night.day,
                                         .credit_on = night.credit_on,
                                         .happenings = night.happenings});
    ASSERT_TRUE(bytes) << bytes.error().detail();
    const auto read = cnab::collect(cnab::bb240(), *bytes);
    ASSERT_EQ(read.events.size(), 1U);
    EXPECT_EQ(read.events[0].our_number, "12345600001" + (*slip)->digit);
}

TEST(BankBooks, CarryOutInstructions) {
    for (const LayoutId layout : kLayouts) {
        Bank bank(layout);
        const std::string number = bank.enter(some_order(layout)).order.our_number;
        cnab::Instruction later{.command = cnab::Command::change_due_date, .our_number = number};
        later.due_on = cnab::Date(on("2026-12-04"));
        EXPECT_FALSE(bank.books.carry_out(later, kNow));
        cnab::Instruction early{.command = cnab::Command::protest, .our_number = number};
        EXPECT_EQ(bank.books.carry_out(early, kNow), Refusal::not_overdue);
        (void)bank.books.close(on("2026-12-06"), kNow);
        EXPECT_FALSE(bank.books.carry_out(early, kNow));
        EXPECT_EQ(bank.told(bank.close()).back().occurrence, "19");
        EXPECT_EQ(bank.told(bank.close()).back().occurrence, "23") << "to the notary a night later";
        cnab::Instruction stop{.command = cnab::Command::stop_protest, .our_number = number};
        EXPECT_FALSE(bank.books.carry_out(stop, kNow));
        EXPECT_EQ(bank.books.carry_out(stop, kNow), Refusal::not_in_protest);
        const auto events = bank.told(bank.close());
        EXPECT_EQ(events.front().occurrence, "20");
        EXPECT_EQ(events.back().event_class, EventClass::rejected);
        const Receipt receipt = bank.pay(number);
        EXPECT_EQ(receipt.amount, 10'000 + 200 + 6 * 3);
        cnab::Instruction off{.command = cnab::Command::write_off, .our_number = number};
        EXPECT_EQ(bank.books.carry_out(off, kNow), Refusal::title_paid);
    }
}

TEST(BankBooks, GiveAPaymentBackThatFailed) {
    for (const LayoutId layout : kLayouts) {
        Bank bank(layout);
        const std::string number = bank.enter(some_order(layout)).order.our_number;
        const Receipt receipt = bank.pay(number);
        (void)bank.close();
        ASSERT_TRUE(bank.books.reverse(receipt.id, kNow));
        EXPECT_FALSE(bank.books.reverse(receipt.id, kNow)) << "once";
        EXPECT_EQ(bank.books.find(number)->state, SlipState::registered);
        EXPECT_EQ(bank.told(bank.close()).back().event_class, EventClass::reversed);
        EXPECT_EQ(bank.close().statements[0].closing, -receipt.tariff);
    }
}

// What the files of a month tell, and what its statements say.
struct MonthSums {
    std::int64_t paid = 0;
    std::int64_t pix = 0;
    std::int64_t settlement_tariffs = 0;
    std::int64_t fees = 0;
    std::int64_t reversed = 0;
    std::int64_t credits = 0;
    std::int64_t pix_credits = 0;
    std::int64_t debits = 0;
    std::int64_t reversals = 0;
};

void add_events(Bank& bank, const NightWork& night, MonthSums& sums) {
    for (const cnab::Event& event : bank.told(night)) {
        const std::int64_t amount = amount_in(event);
        switch (event.event_class) {
            case EventClass::paid:
            case EventClass::unmatched:
                sums.paid += amount;
                sums.settlement_tariffs += event.tariff_minor_units;
                break;
            case EventClass::paid_by_pix: sums.pix += amount; break;
            case EventClass::reversed: sums.reversed += amount; break;
            case EventClass::fee: sums.fees += event.tariff_minor_units; break;
            default: break;
        }
    }
}

void add_statements(const NightWork& night,
                    std::map<std::string, std::int64_t>& balance,
                    MonthSums& sums) {
    for (const DayStatement& statement : night.statements) {
        RC_ASSERT(statement.opening == balance[statement.account]);
        std::int64_t sum = statement.opening;
        for (const Posting& posting : statement.postings) {
            sum += posting.amount;
            if (posting.kind == "liquidacao") sums.credits += posting.amount;
            if (posting.kind == "pix") sums.pix_credits += posting.amount;
            if (posting.kind == "estorno") sums.reversals -= posting.amount;
            if (posting.kind == "tarifa_liquidacao" || posting.kind == "tarifa_registro") {
                sums.debits -= posting.amount;
            }
        }
        RC_ASSERT(statement.closing == sum);
        balance[statement.account] = sum;
    }
}

void any_event(Bank& bank, int& sequence) {
    const int dice = *rc::gen::inRange(0, 10);
    if (dice < 4 || sequence == 0) {
        SlipOrder order = some_order(bank.layout, ++sequence);
        order.terms.face = *rc::gen::inRange<std::int64_t>(500, 500'000);
        order.terms.due = bank.books.open_day() + std::chrono::days(*rc::gen::inRange(0, 10));
        order.payable_until = order.terms.due + std::chrono::days(*rc::gen::inRange(0, 10));
        order.hybrid = bank.layout == LayoutId::itau400 && *rc::gen::arbitrary<bool>();
        (void)bank.enter(order);
        return;
    }
    PayOrder order;
    order.our_number = number_at(bank.layout, *rc::gen::inRange(1, sequence + 1));
    if (dice == 8) (void)bank.books.write_off(order.our_number, kNow);
    if (dice == 9 && !bank.books.receipts().empty()) {
        (void)bank.books.reverse(bank.books.receipts().back().id, kNow);
    }
    if (dice >= 8) return;
    if (dice == 4) order.amount = *rc::gen::inRange<std::int64_t>(1, 600'000);
    if (dice == 5) order.channel = "pix";
    if (dice == 6) order.times = 2;
    (void)bank.books.pay(order, kNow);
}

RC_GTEST_PROP(BankBooksProperty, FilesBooksAndStatementsAgreeAfterAnyMonth, ()) {
    const LayoutId layout =
        *rc::gen::element(LayoutId::itau400, LayoutId::bradesco400, LayoutId::bb240);
    Bank bank(layout, {.registration = 45, .maintenance = 4'900});
    MonthSums sums;
    std::map<std::string, std::int64_t> balance;
    int sequence = 0;
    const int days = *rc::gen::inRange(5, 31);
    for (int day = 0; day < days + 5; ++day) {
        const int events = day < days ? *rc::gen::inRange(0, 5) : 0;
        for (int i = 0; i < events; ++i)
            any_event(bank, sequence);
        const NightWork night = bank.close();
        add_events(bank, night, sums);
        add_statements(night, balance, sums);
    }
    std::int64_t booked = 0;
    std::int64_t booked_pix = 0;
    std::int64_t reversed = 0;
    for (const Receipt& receipt : bank.books.receipts()) {
        (receipt.end_to_end_id.empty() ? booked : booked_pix) += receipt.amount;
        if (receipt.reversed) reversed += receipt.amount;
    }
    RC_ASSERT(sums.paid == booked);
    RC_ASSERT(sums.credits == booked);
    RC_ASSERT(sums.pix == booked_pix);
    RC_ASSERT(sums.pix_credits == booked_pix);
    RC_ASSERT(sums.reversals == reversed);
    RC_ASSERT(sums.reversed == reversed);
    RC_ASSERT(sums.debits == sums.settlement_tariffs + sums.fees);
}

}  // namespace
}  // namespace causeway::connectors::boleto::sandbox
