// SPDX-License-Identifier: Apache-2.0
//
// Random days of a shop: charges, captures, refunds, cancels, a provider that misbehaves, crashes
// between intent and outcome, restarts. A model of a few integers says what must stand after each
// step; at the end the provider's own books must say the same as ours.
#include "tests/support/payment_desk.h"

#include <gtest/gtest.h>

#include <ostream>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

namespace causeway::gateway {
namespace {

using test::Answered;
using test::eur;
using test::PaymentDesk;
using test::Word;

enum class Act { charge, capture, capture_final, refund, cancel, crash, sweep, outage, restart };

struct Order {
    Act act;
    std::size_t payment;
    std::int64_t amount;
    Word word;
    Word second;
    bool flag;
};

// rapidcheck finds it by this name when it prints a failure.
void showValue(const Order& order, std::ostream& out) {
    out << "{act " << static_cast<int>(order.act) << ", payment " << order.payment << ", amount "
        << order.amount << ", words " << static_cast<int>(order.word) << ' '
        << static_cast<int>(order.second) << ", flag " << order.flag << '}';
}

rc::Gen<Word> any_word() {
    return rc::gen::weightedElement<Word>({{6, Word::approve},
                                           {1, Word::decline},
                                           {1, Word::lost_before},
                                           {1, Word::lost_after},
                                           {1, Word::unavailable}});
}

rc::Gen<Order> any_order() {
    return rc::gen::build<Order>(
        rc::gen::set(&Order::act,
                     rc::gen::weightedElement<Act>({{3, Act::charge},
                                                    {5, Act::capture},
                                                    {2, Act::capture_final},
                                                    {5, Act::refund},
                                                    {2, Act::cancel},
                                                    {2, Act::crash},
                                                    {2, Act::sweep},
                                                    {1, Act::outage},
                                                    {1, Act::restart}})),
        rc::gen::set(&Order::payment, rc::gen::inRange<std::size_t>(0, 3)),
        rc::gen::set(&Order::amount, rc::gen::inRange<std::int64_t>(1, 1'500)),
        rc::gen::set(&Order::word, any_word()),
        rc::gen::set(&Order::second, any_word()),
        rc::gen::set(&Order::flag, rc::gen::arbitrary<bool>()));
}

/// What must be true of one payment. Units: minor units.
struct Modelled {
    Uuid id;
    bool alive = false;  ///< Authorised and neither cancelled nor about to be.
    std::int64_t authorised = 0;
    std::int64_t captured = 0;
    std::int64_t capturing = 0;
    std::int64_t refunded = 0;
    std::int64_t refunds_to_go = 0;      ///< Not sent yet; they will be.
    std::int64_t refunds_to_undo = 0;    ///< In doubt; they will be reversed.
    std::int64_t captures_in_doubt = 0;  ///< Of `capturing`.
    std::int64_t charge_in_doubt = 0;
    bool closed = false;
    bool cancelling = false;

    [[nodiscard]] std::int64_t capturable() const {
        return alive && !closed ? authorised - captured - capturing : 0;
    }
    [[nodiscard]] std::int64_t refunding() const { return refunds_to_go + refunds_to_undo; }
    [[nodiscard]] std::int64_t refundable() const { return captured - refunded - refunding(); }
    [[nodiscard]] std::int64_t suspense() const {
        return charge_in_doubt + captures_in_doubt + refunds_to_undo;
    }
    /// The janitor came round and every provider answered.
    void resolve() {
        captured += capturing;
        refunded += refunds_to_go;
        capturing = refunds_to_go = refunds_to_undo = captures_in_doubt = charge_in_doubt = 0;
        if (cancelling) authorised = 0;
        cancelling = false;
    }
    [[nodiscard]] test::ProviderCase expected() const {
        return {.authorised = closed ? captured : authorised,
                .captured = captured,
                .refunded = refunded};
    }
};

bool is_lost(Word word) {
    return word == Word::lost_before || word == Word::lost_after;
}

/// One shop under test beside its model.
class Shop {
  public:
    explicit Shop(PaymentDesk& desk) : desk_(desk) {}

    void run(const Order& order) {
        if (order.act == Act::charge || payments_.empty()) return charge(order);
        Modelled& p = payments_[order.payment % payments_.size()];
        switch (order.act) {
            case Act::capture: return capture(p, order, false);
            case Act::capture_final: return capture(p, order, true);
            case Act::refund: return refund(p, order);
            case Act::cancel: return cancel(p, order);
            case Act::crash: return crash(p, order);
            case Act::sweep: return sweep();
            case Act::outage: return outage();
            case Act::restart: (void)desk_.restart(); return;
            case Act::charge: return;
        }
    }

    void check() {
        std::int64_t suspense = 0;
        for (const Modelled& p : payments_) {
            const Payment real = desk_.payment(p.id);
            RC_ASSERT(real.captured + real.capturing <= real.authorised);
            RC_ASSERT(real.authorised <= real.amount.minor_units());
            RC_ASSERT(real.refunded + real.refunding <= real.captured);
            RC_ASSERT(real.captured == p.captured);
            RC_ASSERT(real.capturing == p.capturing);
            RC_ASSERT(real.refunded == p.refunded);
            RC_ASSERT(real.refunding == p.refunding());
            suspense += p.suspense();
        }
        RC_ASSERT(desk_.suspense() == suspense);
        RC_ASSERT(!desk_.provider.overdrawn());
    }

    /// Everything settled: two sets of books, one truth.
    void close() {
        desk_.provider.calm_down();
        desk_.sweep_until_dry();
        for (Modelled& p : payments_)
            p.resolve();
        check();
        for (const Modelled& p : payments_)
            RC_ASSERT(desk_.provider.believes(to_text("pay", p.id)) == p.expected());
        RC_ASSERT(desk_.nothing_in_suspense());
        RC_ASSERT(desk_.books_are_clean());
    }

  private:
    void charge(const Order& order) {
        const std::int64_t amount = 1'000 + order.amount;
        desk_.provider.next({order.word});
        if (order.word == Word::approve && order.flag) desk_.provider.next({order.second});
        const Answered got = desk_.create(PaymentDesk::charge(eur(amount), order.flag));
        Modelled p;
        p.id = id_in(got);
        p.alive = order.word == Word::approve;
        if (is_lost(order.word)) p.charge_in_doubt = amount;
        if (p.alive) p.authorised = amount;
        if (p.alive && order.flag) captured_by(p, amount, order.second, true);
        const bool declined =
            order.word == Word::decline || (p.alive && order.flag && order.second == Word::decline);
        RC_ASSERT(got.status() == (declined ? 402 : order.word == Word::unavailable ? 503 : 201));
        payments_.push_back(p);
    }

    static Uuid id_in(const Answered& got) {
        const std::string id = got.text("id");
        const std::string instance = got.text("instance");
        return *parse_id("pay", id.empty() ? instance.substr(instance.rfind('/') + 1) : id);
    }

    static void captured_by(Modelled& p, std::int64_t amount, Word word, bool final_capture) {
        p.closed = final_capture || amount == p.capturable();
        if (word == Word::approve) p.captured += amount;
        if (word == Word::decline) p.closed = false;
        if (word == Word::unavailable || is_lost(word)) p.capturing += amount;
        if (is_lost(word)) p.captures_in_doubt += amount;
    }

    void capture(Modelled& p, const Order& order, bool final_capture) {
        const bool fits = order.amount <= p.capturable();
        if (fits) desk_.provider.next({order.word});
        const Answered got = desk_.capture(p.id, order.amount, final_capture);
        if (!fits) RC_ASSERT((got.status() == 409 || got.status() == 422));
        if (!fits) return;
        RC_ASSERT(got.status() == (order.word == Word::decline ? 402 : 201));
        captured_by(p, order.amount, order.word, final_capture);
    }

    void refund(Modelled& p, const Order& order) {
        const bool fits = order.amount <= p.refundable();
        if (fits) desk_.provider.next({order.word});
        const Answered got = desk_.refund(p.id, order.amount);
        RC_ASSERT((fits ? got.status() == 201 : got.status() == 409 || got.status() == 422));
        if (!fits) return;
        if (order.word == Word::approve) p.refunded += order.amount;
        if (order.word == Word::unavailable) p.refunds_to_go += order.amount;
        if (is_lost(order.word)) p.refunds_to_undo += order.amount;
    }

    static bool may_be_cancelled(const Modelled& p) {
        return p.alive && p.capturing == 0 && (p.captured == 0 || p.capturable() > 0);
    }

    void cancel(Modelled& p, const Order& order) {
        // A payment that was not sent may be cancelled too; the model has nothing to say of it.
        if (!p.alive) return;
        const bool may = may_be_cancelled(p);
        // Only a reversal can be refused; what is left over is released by an advice.
        const bool refused = p.captured == 0 && order.word == Word::decline;
        const bool advice = p.captured > 0 && order.word == Word::decline;
        if (may) desk_.provider.next({advice ? Word::approve : order.word});
        const Answered got = desk_.cancel(p.id);
        if (!may) RC_ASSERT(got.status() == 409);
        if (!may) return;
        RC_ASSERT(got.status() == (refused ? 402 : 200));
        if (!refused) cancelled(p);
    }

    static void cancelled(Modelled& p) {
        p.closed = p.captured > 0;
        p.alive = p.captured > 0;
        p.cancelling = p.captured == 0;
    }

    // The intent is durable, perhaps the provider did it, and then we died.
    void crash(Modelled& p, const Order& order) {
        Step step;
        if (order.flag && order.amount <= p.capturable()) {
            step = desk_.begin(desk_.capturing(desk_.capturer(), p.id, {{}, order.amount, false}));
            p.closed = order.amount == p.capturable();
            p.capturing += order.amount;
        } else if (order.amount <= p.refundable()) {
            step = desk_.begin(desk_.refunding(
                desk_.refunder(), {.payment = p.id, .amount = order.amount, .reason = {}}));
            p.refunds_to_undo += order.amount;
        } else if (may_be_cancelled(p)) {
            step = desk_.begin(desk_.canceling(desk_.canceler(), p.id));
            cancelled(p);
        }
        if (step.send && order.word == Word::lost_after) {
            desk_.provider.next({Word::approve});
            (void)desk_.provider.hear(step.send->operation);
        }
        (void)desk_.restart();
    }

    void sweep() {
        desk_.clock.advance(std::chrono::minutes(6));
        desk_.sweep();
        for (Modelled& p : payments_)
            p.resolve();
    }

    // The line is down: nothing gets through, and nothing may change.
    void outage() {
        for (std::int64_t i = desk_.open_operations(); i > 0; --i)
            desk_.provider.next({Word::unavailable});
        desk_.clock.advance(std::chrono::minutes(6));
        desk_.sweep();
        desk_.provider.calm_down();
    }

    PaymentDesk& desk_;
    std::vector<Modelled> payments_;
};

// One desk for all cases, since each ends with nothing open.
RC_GTEST_PROP(PaymentModel, HoldsOverRandomDaysCrashesAndRestarts, ()) {
    static PaymentDesk desk;
    const auto orders = *rc::gen::container<std::vector<Order>>(any_order());
    Shop shop(desk);
    for (const Order& order : orders) {
        shop.run(order);
        shop.check();
    }
    shop.close();
}

}  // namespace
}  // namespace causeway::gateway
