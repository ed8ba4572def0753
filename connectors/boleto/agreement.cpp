// SPDX-License-Identifier: Apache-2.0
#include "connectors/boleto/agreement.h"

#include "connectors/boleto/cnab/text.h"
#include "connectors/boleto/due_factor.h"
#include "connectors/boleto/printable.h"
#include "connectors/codes/banking_days.h"
#include "connectors/codes/tax_number.h"

#include <algorithm>

namespace causeway::connectors::boleto {
namespace {

using Faults = std::vector<FieldFault>;

// Units: characters; what a printed boleto has room for.
constexpr std::size_t kNameMax = 80;
constexpr std::size_t kAddressMax = 120;
// Of a file. A complement may be cut there, the street and its number not.
constexpr std::size_t kStreetMax = 40;
constexpr std::int64_t kBasis = 10'000;

void fault(Faults& faults, std::string_view pointer, std::string_view code, std::string message) {
    faults.push_back({.pointer = std::string(pointer),
                      .code = std::string(code),
                      .message = std::move(message)});
}

std::string at_most(std::size_t count) {
    return "must have at most " + std::to_string(count) + " characters";
}

// A bank's file knows the letters of English; others that have none there would be lost.
bool is_writable(const std::string& text) {
    if (printable(text) != text) return false;
    const std::string written = cnab::to_cnab(text);
    const auto marks = [](const std::string& in) { return std::ranges::count(in, '?'); };
    return marks(written) == marks(text);
}

void check_text(Faults& faults, std::string_view pointer, const std::string& text, bool needed) {
    if (text.find_first_not_of(' ') == std::string::npos) {
        if (needed) fault(faults, pointer, "required", "is required");
        return;
    }
    if (is_writable(text)) return;
    fault(faults, pointer, "invalid_format", "must have Latin letters, digits and signs only");
}

void check_address(Faults& faults, const PayerAddress& address) {
    const std::string at = "/billing_details/address/";
    check_text(faults, at + "line1", address.line1, true);
    check_text(faults, at + "line2", address.line2, false);
    check_text(faults, at + "district", address.district, false);
    check_text(faults, at + "city", address.city, true);
    if (cnab::to_cnab(address.line1).size() > kStreetMax) {
        fault(faults, at + "line1", "out_of_range", at_most(kStreetMax));
    }
    if (address.state.empty()) {
        fault(faults, at + "state", "required", "is required");
    } else if (!codes::is_federative_unit(address.state)) {
        fault(faults, at + "state", "unknown_value", "must be a state of Brazil such as \"SP\"");
    }
    const Result<std::string> postal = codes::parse_postal_code(address.postal_code);
    if (address.postal_code.empty()) {
        fault(faults, at + "postal_code", "required", "is required");
    } else if (!postal) {
        fault(faults, at + "postal_code", "invalid_format", "must be a CEP of eight digits");
    }
    if (!address.country.empty() && address.country != "BR") {
        fault(faults, at + "country", "unknown_value", "must be \"BR\"");
    }
    const std::string printed_text = codes::printed({.street = street_of(address),
                                                     .district = address.district,
                                                     .city = address.city,
                                                     .state = address.state,
                                                     .postal_code = address.postal_code});
    if (characters_of(printed_text) > kAddressMax) {
        fault(faults, "/billing_details/address", "out_of_range", at_most(kAddressMax) + " in all");
    }
}

void check_payer(Faults& faults, const connectors::Payer& payer) {
    check_text(faults, "/billing_details/name", payer.name, true);
    if (characters_of(payer.name) > kNameMax) {
        fault(faults, "/billing_details/name", "out_of_range", at_most(kNameMax));
    }
    const Result<codes::TaxNumber> tax = codes::TaxNumber::parse(payer.tax_id);
    if (payer.tax_id.empty()) {
        fault(faults, "/billing_details/tax_id", "required", "is required");
    } else if (!tax) {
        fault(faults, "/billing_details/tax_id", "invalid_value", "must be a CPF or a CNPJ");
    }
    check_address(faults, payer.address);
}

void check_amount(Faults& faults, const BoletoConfig& config, ledger::Money amount) {
    const bool fits = amount.currency() == brl() && amount.is_positive() &&
                      amount.minor_units() <= amount_max(config);
    if (fits) return;
    fault(faults,
          "",
          "out_of_range",
          "a boleto of this bank is for BRL 0.01 to " +
              ledger::Money(amount_max(config), brl()).to_string());
}

void decide_days(Faults& faults,
                 const BoletoConfig& config,
                 const CollectionWish& wish,
                 Timestamp now,
                 CollectionTerms& terms) {
    using std::chrono::days;
    terms.issued_on = codes::day_in_brazil(now);
    // A file reaches the bank at night: nobody can pay on the day itself.
    const Day least = terms.issued_on + days(config.by_file ? 1 : 0);
    const Day most = terms.issued_on + days(config.due_days_max);
    const std::optional<Day> ends =
        wish.open_for ? std::optional(codes::day_in_brazil(now + *wish.open_for)) : std::nullopt;
    const Day usual = terms.issued_on + days(config.due_days);
    terms.due_on = wish.due_on.value_or(ends ? std::max(least, std::min(usual, *ends)) : usual);
    if (terms.due_on < least || terms.due_on > most || !due_factor(terms.due_on)) {
        fault(faults,
              "/due_date",
              "out_of_range",
              "must be " + to_text(least) + " to " + to_text(most));
    }
    const Day last = ends.value_or(terms.due_on + days(config.open_days));
    terms.open_until = codes::end_in_brazil(codes::banking_day_from(last));
    if (ends && *ends < terms.due_on) {
        fault(faults, "/expires_in", "out_of_range", "must not end before the due date");
    }
    if (ends && *ends > most + days(config.open_days)) {
        fault(faults, "/expires_in", "out_of_range", "is longer than this bank keeps a boleto");
    }
}

// Source: Código de Defesa do Consumidor, art. 52 § 1, for the two percent of a fine.
void decide_rates(Faults& faults,
                  const BoletoConfig& config,
                  const CollectionWish& wish,
                  CollectionTerms& terms) {
    terms.fine_bps = wish.fine_bps.value_or(config.fine_bps);
    terms.interest_month_bps = wish.interest_month_bps.value_or(config.interest_month_bps);
    terms.discount_bps = wish.discount_bps.value_or(0);
    terms.discount_until = wish.discount_until;
    const auto limit = [&](std::string_view pointer, std::int64_t value, std::int64_t most) {
        if (value >= 0 && value <= most) return;
        fault(faults, pointer, "out_of_range", "must be 0 to " + std::to_string(most));
    };
    limit("/fine_bps", terms.fine_bps, config.fine_bps_max);
    limit("/interest_month_bps", terms.interest_month_bps, config.interest_month_bps_max);
    limit("/discount_bps", terms.discount_bps, kBasis - 1);
    if (wish.reusable) fault(faults, "/reusable", "invalid_value", "a boleto is paid once");
}

void check_discount(Faults& faults, const CollectionTerms& terms, ledger::Money amount) {
    if (terms.discount_bps == 0) {
        if (terms.discount_until) {
            fault(faults, "/discount_bps", "required", "is required with discount_until");
        }
        return;
    }
    if (!terms.discount_until) {
        return fault(faults, "/discount_until", "required", "is required with discount_bps");
    }
    if (*terms.discount_until < terms.issued_on || *terms.discount_until > terms.due_on) {
        fault(faults,
              "/discount_until",
              "out_of_range",
              "must be " + to_text(terms.issued_on) + " to " + to_text(terms.due_on));
    }
    const Result<ledger::Money> discount = discount_of(terms, amount);
    const bool something =
        discount && discount->is_positive() && discount->minor_units() < amount.minor_units();
    if (!something) {
        fault(faults,
              "/discount_bps",
              "out_of_range",
              "must come to something, and to less than the amount");
    }
}

}  // namespace

CollectionTerms agree_on(const BoletoConfig& config,
                         const CollectionWish& wish,
                         const connectors::Payer& payer,
                         ledger::Money amount,
                         Timestamp now,
                         std::vector<FieldFault>& faults) {
    CollectionTerms terms;
    check_payer(faults, payer);
    check_amount(faults, config, amount);
    decide_days(faults, config, wish, now, terms);
    decide_rates(faults, config, wish, terms);
    check_discount(faults, terms, amount);
    return terms;
}

}  // namespace causeway::connectors::boleto
