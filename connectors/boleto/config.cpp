// SPDX-License-Identifier: Apache-2.0
#include "connectors/boleto/config.h"

#include "connectors/codes/banking_days.h"
#include "connectors/codes/digits.h"

#include <charconv>

namespace causeway::connectors::boleto {
namespace {

constexpr std::size_t kDocumentDigits = 10;   // What every layout has room for.
constexpr std::size_t kYourNumberDigits = 7;  // Where it stands in the barcode.
constexpr std::size_t kLongAgreement = 7;
constexpr std::size_t kLongNumber = 17;
constexpr std::size_t kShortNumber = 11;
constexpr std::int64_t kBarcodeMax = 9'999'999'999;
constexpr std::int64_t kItauMax = 1'000'000'000;  // Its reason 07 for a refused entry.

std::int64_t value_of(std::string_view digits) {
    std::int64_t value = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return value;
}

}  // namespace

ledger::Currency brl() {
    static const ledger::Currency currency = *ledger::Currency::from_code("BRL");
    return currency;
}

std::int64_t amount_max(const BoletoConfig& config) noexcept {
    return config.at.bank == Bank::itau ? kItauMax : kBarcodeMax;
}

std::size_t number_size(const BankAccount& at) noexcept {
    if (at.bank != Bank::banco_do_brasil) return rules_of(at.bank).number_size;
    const std::size_t whole = at.agreement.size() == kLongAgreement ? kLongNumber : kShortNumber;
    return whole - at.agreement.size();
}

std::string number_of(const BoletoConfig& config, std::int64_t sequence) {
    const std::int64_t room = config.number_last - config.number_first;
    if (sequence < 1 || sequence - 1 > room) return {};
    const std::string part = std::to_string(config.number_first + sequence - 1);
    const Result<OurNumber> number = our_number(config.at, part);
    return number ? number->digits : std::string();
}

Result<std::string> own_part(const BoletoConfig& config, std::string_view reference) {
    const std::string& agreement = config.at.agreement;
    const std::size_t ahead = config.at.bank == Bank::banco_do_brasil ? agreement.size() : 0;
    const bool ours = reference.size() == ahead + number_size(config.at) &&
                      codes::all_digits(reference) &&
                      reference.substr(0, ahead) == std::string_view(agreement).substr(0, ahead);
    const std::string part(ours ? reference.substr(ahead) : std::string_view());
    const std::int64_t number = value_of(part);
    if (!ours || number < config.number_first || number > config.number_last) {
        return Error(ErrorCode::invalid_argument, "there is no nosso número for this boleto");
    }
    return part;
}

std::string document_number(const BoletoConfig& config, std::string_view reference) {
    const std::size_t size = config.at.client.empty() ? kDocumentDigits : kYourNumberDigits;
    const Result<std::string> part = own_part(config, reference);
    std::string_view digits = part ? std::string_view(*part) : reference;
    if (digits.size() > size) digits.remove_prefix(digits.size() - size);
    const std::size_t first = digits.find_first_not_of('0');
    return first == std::string_view::npos ? "0" : std::string(digits.substr(first));
}

Result<Title> title_of(const BoletoConfig& config,
                       std::string_view reference,
                       Day due_on,
                       ledger::Money amount) {
    Result<std::string> part = own_part(config, reference);
    if (!part) return part.error();
    return Title{.at = config.at,
                 .our_number = *std::move(part),
                 .your_number = document_number(config, reference),
                 .due = due_on,
                 .amount = amount};
}

std::string street_of(const PayerAddress& address) {
    return address.line2.empty() ? address.line1 : address.line1 + ", " + address.line2;
}

Day last_day_of(const CollectionTerms& terms) noexcept {
    return codes::day_in_brazil(terms.open_until - std::chrono::microseconds(1));
}

CollectionTerms terms_on(const CollectionTerms& terms, Day paid_on) {
    CollectionTerms counted = terms;
    const Day in_time = codes::banking_day_from(terms.due_on);
    if (paid_on <= in_time) counted.due_on = in_time;
    if (terms.discount_until) {
        counted.discount_until = codes::banking_day_from(*terms.discount_until);
    }
    return counted;
}

}  // namespace causeway::connectors::boleto
