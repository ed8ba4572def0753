// SPDX-License-Identifier: Apache-2.0
#include "gateway/vault/tokens_store.h"

#include "connectors/card/card_number.h"

#include <array>

namespace causeway::gateway {
namespace {

using ledger::Row;
using ledger::Transaction;

struct TestCard {
    std::string_view token;
    std::string_view number;
};

// Numbers that the card schemes and their processors publish for tests; none belongs to anybody.
constexpr std::array kTestCards{
    TestCard{"tok_visa", "4242424242424242"},
    TestCard{"tok_mastercard", "5555555555554444"},
    TestCard{"tok_maestro", "6759649826438453"},
    TestCard{"tok_visa_declined", "4000000000000002"},
    TestCard{"tok_visa_insufficient_funds", "4000000000009995"},
    TestCard{"tok_visa_expired", "4000000000000069"},
};
constexpr int kTestExpiryMonth = 12;
constexpr int kTestExpiryYear = 2034;

std::optional<ChargeableCard> test_card(std::string_view token) {
    for (const TestCard& known : kTestCards) {
        if (known.token != token) continue;
        const std::string number(known.number);
        return ChargeableCard{
            .facts = {.brand = std::string(to_string(connectors::card::card_brand(number))),
                      .last4 = number.substr(number.size() - 4),
                      .exp_month = kTestExpiryMonth,
                      .exp_year = kTestExpiryYear},
            .card = {.number = number,
                     .expiry_month = kTestExpiryMonth,
                     .expiry_year = kTestExpiryYear,
                     .cvc = {}}};
    }
    return std::nullopt;
}

}  // namespace

Result<void> insert_token(Transaction& tx, const CardToken& t) {
    const Result<std::int64_t> inserted = tx.execute(
        "INSERT INTO card_tokens (token_id, merchant_id, livemode, sealed, vault_key, brand, "
        "first6, last4, exp_month, exp_year, created_us) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        {t.id,
         t.scope.merchant,
         t.scope.livemode,
         std::span<const std::uint8_t>(t.sealed),
         t.vault_key,
         t.card.brand,
         t.first6,
         t.card.last4,
         t.card.exp_month,
         t.card.exp_year,
         t.created_at});
    if (!inserted) return inserted.error();
    return {};
}

Result<CardToken> load_token(Transaction& tx, const Uuid& id, Scope scope) {
    std::optional<CardToken> found;
    const Result<void> read = tx.query(
        "SELECT merchant_id, livemode, sealed, vault_key, brand, first6, last4, exp_month, "
        "exp_year, created_us FROM card_tokens WHERE token_id = $1",
        {id},
        [&](const Row& row) {
            found.emplace();
            found->id = id;
            found->scope = {.merchant = row.uuid(0), .livemode = row.integer(1) != 0};
            found->sealed.assign(row.bytes(2).begin(), row.bytes(2).end());
            found->vault_key = row.text(3);
            found->first6 = row.text(5);
            found->card = {.brand = std::string(row.text(4)),
                           .last4 = std::string(row.text(6)),
                           .exp_month = static_cast<int>(row.integer(7)),
                           .exp_year = static_cast<int>(row.integer(8))};
            found->created_at = row.moment(9);
        });
    if (!read) return read.error();
    if (!found || found->scope != scope) {
        return Error(ErrorCode::not_found, "card token " + to_text("tok", id));
    }
    return *std::move(found);
}

Result<ChargeableCard> chargeable_card(Transaction& tx,
                                       const Vault& vault,
                                       std::string_view token,
                                       Scope scope) {
    if (!scope.livemode) {
        if (std::optional<ChargeableCard> known = test_card(token)) return *std::move(known);
    }
    const Result<Uuid> id = parse_id("tok", token);
    if (!id) return Error(ErrorCode::not_found, "card token");
    const Result<CardToken> stored = load_token(tx, *id, scope);
    if (!stored) return stored.error();
    Result<std::string> number = vault.unseal(stored->sealed, *id);
    if (!number) return number.error();
    return ChargeableCard{.facts = stored->card,
                          .card = {.number = *std::move(number),
                                   .expiry_month = stored->card.exp_month,
                                   .expiry_year = stored->card.exp_year,
                                   .cvc = {}}};
}

}  // namespace causeway::gateway
