// SPDX-License-Identifier: Apache-2.0
#include "gateway/merchants/merchant_view.h"

#include "gateway/vault/personal_store.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>

namespace json = boost::json;

namespace causeway::gateway {
namespace {

using ledger::Currency;

constexpr std::size_t kIbanMin = 15;
constexpr std::size_t kIbanMax = 34;
constexpr std::size_t kNameMax = 200;

bool is_upper(char c) {
    return c >= 'A' && c <= 'Z';
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool is_country(std::string_view text) {
    return text.size() == 2 && std::ranges::all_of(text, is_upper);
}

bool is_bic(std::string_view text) {
    const bool visible =
        std::ranges::all_of(text, [](char c) { return is_upper(c) || is_digit(c); });
    return (text.size() == 8 || text.size() == 11) && visible &&
           std::ranges::all_of(text.substr(0, 6), is_upper);
}

std::optional<BankAccount> read_account(ObjectReader& body) {
    std::optional<ObjectReader> fields = body.object("bank_account", Presence::optional);
    if (!fields) return std::nullopt;
    BankAccount account;
    account.iban =
        fields
            ->text("iban",
                   Presence::required,
                   {.length_max = kIbanMax, .accepts = is_iban, .form = "an IBAN without spaces"})
            .value_or("");
    account.bic =
        fields
            ->text("bic",
                   Presence::optional,
                   {.length_max = 11, .accepts = is_bic, .form = "a BIC of 8 or 11 characters"})
            .value_or("");
    fields->finish();
    return account;
}

json::value shown_account(const std::string& account) {
    if (account.empty()) return nullptr;
    const json::value stored = json::parse(account);
    const std::string_view iban = stored.at("iban").as_string();
    const std::string_view bic = stored.at("bic").as_string();
    json::object shown;
    shown["iban_last4"] = iban.substr(iban.size() - 4);
    if (!bic.empty()) shown["bic"] = bic;
    shown["country"] = iban.substr(0, 2);
    return shown;
}

}  // namespace

bool is_iban(std::string_view text) noexcept {
    if (text.size() < kIbanMin || text.size() > kIbanMax) return false;
    if (!is_upper(text[0]) || !is_upper(text[1]) || !is_digit(text[2]) || !is_digit(text[3])) {
        return false;
    }
    // The first four characters count last; a letter counts as two digits, A as 10.
    int rest = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[(i + 4) % text.size()];
        if (is_digit(c)) {
            rest = (rest * 10 + (c - '0')) % 97;
        } else if (is_upper(c)) {
            rest = (rest * 100 + (c - 'A' + 10)) % 97;
        } else {
            return false;
        }
    }
    return rest == 1;
}

NewMerchant read_new_merchant(ObjectReader& body) {
    const std::optional<std::string> name =
        body.text("name", Presence::required, {.length_max = kNameMax});
    const std::optional<std::string> country =
        body.text("country",
                  Presence::required,
                  {.length_max = 2, .accepts = is_country, .form = "two upper-case letters"});
    const std::optional<std::string> code = body.text("default_currency", Presence::required);
    const Result<Currency> currency = Currency::from_code(code.value_or("USD"));
    if (!currency) {
        body.fail("default_currency", "unknown_value", "is not an ISO 4217 code in upper case");
    }
    const Currency settled = currency ? *currency : Currency::all().front();
    NewMerchant wish{.merchant = {.default_currency = settled, .settlement_currencies = {settled}},
                     .account = read_account(body)};
    wish.merchant.name = name.value_or("");
    wish.merchant.country = country.value_or("");
    return wish;
}

Result<void> store_account(ledger::Transaction& tx,
                           const Vault& vault,
                           const Merchant& merchant,
                           const BankAccount& account) {
    json::object facts;
    facts["iban"] = account.iban;
    facts["bic"] = account.bic;
    return insert_personal(tx, vault, merchant.id, json::serialize(facts), merchant.created_at);
}

std::string render_merchant(const Merchant& merchant, const std::string& account, bool livemode) {
    json::array settles;
    for (const Currency& currency : merchant.settlement_currencies)
        settles.emplace_back(currency.code());
    json::object members;
    members["id"] = to_text("mer", merchant.id);
    members["object"] = "merchant";
    members["created_at"] = to_rfc3339(merchant.created_at);
    members["livemode"] = livemode;
    members["name"] = merchant.name;
    members["country"] = merchant.country;
    members["default_currency"] = merchant.default_currency.code();
    members["settlement_currencies"] = std::move(settles);
    members["status"] = merchant.status;
    members["bank_account"] = shown_account(account);
    members["metadata"] = json::parse(merchant.metadata);
    return json::serialize(members);
}

Result<std::string> merchant_text(ledger::Transaction& tx,
                                  const Vault& vault,
                                  const Uuid& id,
                                  Scope scope) {
    const Result<Merchant> merchant = load_merchant(tx, id);
    if (!merchant) return merchant.error();
    const bool visible = id == scope.merchant || merchant->platform_id == scope.merchant;
    if (!visible) return Error(ErrorCode::not_found, "merchant " + to_text("mer", id));
    const Result<std::string> account = load_personal(tx, vault, id);
    if (!account) return account.error();
    return render_merchant(*merchant, *account, scope.livemode);
}

}  // namespace causeway::gateway
