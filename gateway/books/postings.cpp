// SPDX-License-Identifier: Apache-2.0
#include "gateway/books/postings.h"

namespace causeway::gateway {
namespace {

using ledger::Currency;
using ledger::Line;
using ledger::Money;
using ledger::Purpose;

// Collects lines for one side of an entry and leaves out those of nothing.
class Lines {
  public:
    explicit Lines(const Parties& parties)
        : connector_(owner_name(parties.connector, parties.livemode)),
          merchant_(owner_name(parties.merchant, parties.livemode)),
          operator_(owner_name("operator", parties.livemode)) {}

    void connector(Purpose purpose, Currency currency, std::int64_t minor_units) {
        add(connector_, purpose, currency, minor_units);
    }
    void merchant(Purpose purpose, Currency currency, std::int64_t minor_units) {
        add(merchant_, purpose, currency, minor_units);
    }
    void operators(Purpose purpose, Currency currency, std::int64_t minor_units) {
        add(operator_, purpose, currency, minor_units);
    }
    void add(const std::string& owner, Purpose purpose, Currency currency, std::int64_t minor) {
        if (minor == 0) return;
        const ledger::AccountKey account{owner, purpose, currency};
        for (Line& line : lines_) {
            if (line.account == account) {
                line.minor_units += minor;
                return;
            }
        }
        lines_.push_back({.account = account, .minor_units = minor});
    }
    [[nodiscard]] std::vector<Line> take() { return std::move(lines_); }

  private:
    std::string connector_;
    std::string merchant_;
    std::string operator_;
    std::vector<Line> lines_;
};

std::string pair_owner(const Parties& parties, const Money& from, const Money& to) {
    const std::string pair =
        std::string(from.currency().code()) + "/" + std::string(to.currency().code());
    return owner_name(pair, parties.livemode);
}

std::vector<Line> capture_in_one_currency(const CaptureFacts& facts) {
    const Currency currency = facts.presentment.currency();
    const std::int64_t gross = facts.presentment.minor_units();
    Lines lines(facts.parties);
    lines.connector(Purpose::provider_receivable, currency, gross - facts.provider_cost);
    lines.merchant(Purpose::merchant_pending, currency, facts.fee - gross);
    lines.operators(Purpose::operator_share, currency, facts.provider_cost - facts.fee);

    lines.operators(Purpose::client_money_claim, currency, facts.fee - facts.provider_cost);
    lines.connector(Purpose::provider_cost, currency, facts.provider_cost);
    lines.operators(Purpose::fee_revenue, currency, -facts.fee);
    return lines.take();
}

// The exchange in the own fund: `direction` is +1 when we take presentment money and give
// settlement money, -1 for the way back.
void exchange_lines(Lines& lines, const RefundFacts& facts, std::int64_t direction) {
    const std::string pair = pair_owner(facts.parties, facts.presentment, facts.settlement);
    const Currency settlement = facts.settlement.currency();
    const Exchange& exchange = *facts.exchange;
    const std::int64_t rounding =
        exchange.mid_value - exchange.margin - exchange.fee - facts.settlement.minor_units();
    lines.add(pair,
              Purpose::fx_trading,
              facts.presentment.currency(),
              -direction * facts.presentment.minor_units());
    lines.add(pair, Purpose::fx_trading, settlement, direction * exchange.mid_value);
    lines.add(pair, Purpose::fx_result, settlement, -direction * exchange.margin);
    lines.add(pair, Purpose::fx_fee, settlement, -direction * exchange.fee);
    lines.operators(Purpose::rounding, settlement, -direction * rounding);
}

std::vector<Line> capture_with_exchange(const CaptureFacts& facts) {
    const Currency from = facts.presentment.currency();
    const Currency to = facts.settlement.currency();
    const std::int64_t received = facts.presentment.minor_units() - facts.provider_cost;
    const std::int64_t earned = facts.settlement.minor_units() - facts.fee;
    Lines lines(facts.parties);
    lines.connector(Purpose::provider_receivable, from, received);
    lines.operators(Purpose::operator_share, from, -received);
    lines.operators(Purpose::operator_share, to, earned);
    lines.merchant(Purpose::merchant_pending, to, -earned);

    lines.operators(Purpose::client_money_claim, from, received);
    lines.connector(Purpose::provider_cost, from, facts.provider_cost);
    lines.operators(Purpose::client_money_claim, to, -earned);
    lines.operators(Purpose::fee_revenue, to, -facts.fee);
    const RefundFacts exchanged{.parties = facts.parties,
                                .presentment = facts.presentment,
                                .settlement = facts.settlement,
                                .exchange = facts.exchange};
    exchange_lines(lines, exchanged, 1);
    return lines.take();
}

// The buyer gets money back out of what the merchant has, or, at -1, the other way round.
void give_back(Lines& lines, const RefundFacts& facts, std::int64_t direction) {
    const Currency from = facts.presentment.currency();
    const Currency to = facts.settlement.currency();
    const std::int64_t returned = direction * facts.presentment.minor_units();
    const std::int64_t given = direction * facts.settlement.minor_units();
    lines.merchant(Purpose::merchant_pending, to, given);
    lines.connector(Purpose::provider_receivable, from, -returned);
    if (!facts.exchange) return;

    lines.operators(Purpose::operator_share, to, -given);
    lines.operators(Purpose::operator_share, from, returned);
    lines.operators(Purpose::client_money_claim, to, given);
    lines.operators(Purpose::client_money_claim, from, -returned);
    exchange_lines(lines, facts, -direction);
}

// What is under dispute stands on both sides, where anyone can see it.
void expose(Lines& lines, const Money& amount, std::int64_t direction) {
    const std::int64_t exposed = direction * amount.minor_units();
    lines.connector(Purpose::dispute, amount.currency(), exposed);
    lines.merchant(Purpose::dispute, amount.currency(), -exposed);
}

RefundFacts back_of(const DisputeFacts& facts) {
    return {.parties = facts.parties,
            .presentment = facts.presentment,
            .settlement = facts.settlement,
            .exchange = facts.exchange};
}

}  // namespace

std::string owner_name(std::string_view name, bool livemode) {
    return (livemode ? "" : "test/") + std::string(name);
}

std::vector<Line> capture_lines(const CaptureFacts& facts) {
    return facts.exchange ? capture_with_exchange(facts) : capture_in_one_currency(facts);
}

std::vector<Line> refund_lines(const RefundFacts& facts) {
    Lines lines(facts.parties);
    give_back(lines, facts, 1);
    return lines.take();
}

std::vector<Line> dispute_lines(const DisputeFacts& facts) {
    const Currency settlement = facts.settlement.currency();
    Lines lines(facts.parties);
    give_back(lines, back_of(facts), 1);
    lines.merchant(Purpose::merchant_pending, settlement, facts.fee);
    lines.operators(Purpose::operator_share, settlement, -facts.fee);
    lines.operators(Purpose::client_money_claim, settlement, facts.fee);
    lines.operators(Purpose::fee_revenue, settlement, -facts.fee);
    expose(lines, facts.presentment, 1);
    return lines.take();
}

std::vector<Line> dispute_won_lines(const DisputeFacts& facts) {
    Lines lines(facts.parties);
    give_back(lines, back_of(facts), -1);
    expose(lines, facts.presentment, -1);
    return lines.take();
}

std::vector<Line> dispute_over_lines(const Parties& parties, Money amount) {
    Lines lines(parties);
    expose(lines, amount, -1);
    return lines.take();
}

std::vector<Line> doubt_lines(const Parties& parties, Money amount) {
    Lines lines(parties);
    lines.connector(Purpose::suspense, amount.currency(), amount.minor_units());
    lines.merchant(Purpose::suspense, amount.currency(), -amount.minor_units());
    return lines.take();
}

std::vector<Line> doubt_cleared_lines(const Parties& parties, Money amount) {
    Lines lines(parties);
    lines.connector(Purpose::suspense, amount.currency(), -amount.minor_units());
    lines.merchant(Purpose::suspense, amount.currency(), amount.minor_units());
    return lines.take();
}

std::vector<Line> receipt_apart_lines(const Parties& parties, Money amount) {
    Lines lines(parties);
    lines.connector(Purpose::provider_receivable, amount.currency(), amount.minor_units());
    lines.connector(Purpose::unallocated_receipt, amount.currency(), -amount.minor_units());
    return lines.take();
}

std::vector<Line> receipt_released_lines(const Parties& parties, Money amount) {
    Lines lines(parties);
    lines.connector(Purpose::unallocated_receipt, amount.currency(), amount.minor_units());
    lines.connector(Purpose::provider_receivable, amount.currency(), -amount.minor_units());
    return lines.take();
}

std::vector<Line> surcharge_lines(const Parties& parties, Money amount) {
    Lines lines(parties);
    lines.connector(Purpose::provider_receivable, amount.currency(), amount.minor_units());
    lines.merchant(Purpose::merchant_pending, amount.currency(), -amount.minor_units());
    return lines.take();
}

Result<std::vector<Line>> provider_conversion_lines(const ProviderConversionFacts& facts) {
    const Currency from = facts.conversion.paid.currency();
    const Currency to = facts.conversion.settled.currency();
    const std::string owner = owner_name("operator", facts.parties.livemode);
    const fx::TradeAccounts claims{
        .base = {.owner = owner, .purpose = Purpose::client_money_claim, .currency = from},
        .counter = {.owner = owner, .purpose = Purpose::client_money_claim, .currency = to}};
    const Result<std::vector<Line>> traded =
        fx::settlement_lines(facts.position, facts.conversion, facts.gap, claims, owner);
    if (!traded) return traded.error();
    const Result<Money> owed = facts.conversion.paid.subtract(Money(facts.expected_cost, from));
    if (!owed) return owed.error();
    const Result<Money> owes = facts.conversion.settled.subtract(Money(facts.cost, to));
    if (!owes) return owes.error();

    Lines lines(facts.parties);
    for (const Line& line : *traded)
        lines.add(
            line.account.owner, line.account.purpose, line.account.currency, line.minor_units);
    lines.operators(Purpose::client_money_claim, from, facts.expected_cost);
    lines.connector(Purpose::provider_cost, from, -facts.expected_cost);
    lines.operators(Purpose::client_money_claim, to, -facts.cost);
    lines.connector(Purpose::provider_cost, to, facts.cost);

    lines.connector(Purpose::provider_receivable, from, -owed->minor_units());
    lines.operators(Purpose::operator_share, from, owed->minor_units());
    lines.connector(Purpose::provider_receivable, to, owes->minor_units());
    lines.operators(Purpose::operator_share, to, -owes->minor_units());
    std::vector<Line> all = lines.take();
    std::erase_if(all, [](const Line& line) { return line.minor_units == 0; });
    return all;
}

std::vector<Line> provider_cost_lines(const Parties& parties, const Money& more) {
    const Currency currency = more.currency();
    const std::int64_t amount = more.minor_units();
    Lines lines(parties);
    lines.operators(Purpose::client_money_claim, currency, -amount);
    lines.connector(Purpose::provider_cost, currency, amount);
    lines.connector(Purpose::provider_receivable, currency, -amount);
    lines.operators(Purpose::operator_share, currency, amount);
    return lines.take();
}

std::vector<Line> settlement_lines(const Parties& parties, Money net) {
    Lines lines(parties);
    lines.merchant(Purpose::merchant_pending, net.currency(), net.minor_units());
    lines.merchant(Purpose::merchant_available, net.currency(), -net.minor_units());
    return lines.take();
}

}  // namespace causeway::gateway
