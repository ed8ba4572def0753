// SPDX-License-Identifier: Apache-2.0
#include "connectors/pix/agreement.h"

#include "connectors/codes/banking_days.h"
#include "connectors/codes/tax_number.h"

#include <string>
#include <utility>

namespace causeway::connectors::pix {
namespace {

using codes::TaxNumber;

constexpr std::chrono::days kReusableFor{365};
constexpr std::int64_t kDueDaysMax = 366;

void fault(std::vector<FieldFault>& faults,
           std::string pointer,
           std::string code,
           std::string message) {
    faults.push_back(
        {.pointer = std::move(pointer), .code = std::move(code), .message = std::move(message)});
}

void check_payer(const Payer& payer, bool required, std::vector<FieldFault>& faults) {
    const bool named = !payer.name.empty() || !payer.tax_id.empty();
    if (!required && !named) return;
    if (payer.name.empty()) {
        fault(faults, "/billing_details/name", "required", "is required with a tax number");
    }
    if (payer.tax_id.empty()) {
        return fault(faults, "/billing_details/tax_id", "required", "is required: a CPF or CNPJ");
    }
    const Result<TaxNumber> number = TaxNumber::parse(payer.tax_id);
    if (!number) {
        fault(faults, "/billing_details/tax_id", "invalid_format", number.error().detail());
    }
}

void check_surcharges(const CollectionWish& wish, std::vector<FieldFault>& faults) {
    const bool any =
        wish.fine_bps || wish.interest_month_bps || wish.discount_bps || wish.discount_until;
    if (any && !wish.due_on) {
        fault(faults, "/due_date", "required", "is required with a fine, interest or discount");
    }
    if (wish.discount_bps.value_or(0) > 0 && !wish.discount_until) {
        fault(faults, "/discount_until", "required", "is required with a discount");
    }
    if (wish.discount_until && wish.due_on && *wish.discount_until > *wish.due_on) {
        fault(faults, "/discount_until", "out_of_range", "must not be after the due date");
    }
}

}  // namespace

CollectionTerms agree_on(const CollectionWish& wish,
                         const Payer& payer,
                         ledger::Money /*amount*/,
                         Timestamp now,
                         const AgreementLimits& limits,
                         std::vector<FieldFault>& faults) {
    CollectionTerms terms;
    terms.issued_on = codes::day_in_brazil(now);
    terms.reusable = wish.reusable;
    check_payer(payer, wish.due_on.has_value(), faults);
    check_surcharges(wish, faults);
    if (wish.reusable && wish.due_on) {
        fault(faults, "/reusable", "invalid_format", "a code with a due date is paid once");
    }
    if (wish.due_on && wish.open_for) {
        fault(faults, "/expires_in", "unknown_field", "goes without a due date");
    }
    if (!wish.due_on) {
        const std::chrono::seconds usual =
            wish.reusable ? std::chrono::seconds(kReusableFor) : limits.open_for;
        terms.immediate = true;
        terms.open_until = now + wish.open_for.value_or(usual);
        terms.due_on = codes::day_in_brazil(terms.open_until);
        return terms;
    }
    terms.due_on = *wish.due_on;
    const std::int64_t days = (terms.due_on - terms.issued_on).count();
    if (days < 0) fault(faults, "/due_date", "out_of_range", "must not be in the past");
    if (days > kDueDaysMax) fault(faults, "/due_date", "out_of_range", "is more than a year away");
    terms.fine_bps = wish.fine_bps.value_or(0);
    terms.interest_month_bps = wish.interest_month_bps.value_or(0);
    terms.discount_bps = wish.discount_bps.value_or(0);
    terms.discount_until = wish.discount_until;
    // Calendar days, but neither the first nor the last of them is one without banks.
    const Day last =
        codes::banking_day_from(terms.due_on) + std::chrono::days(limits.days_after_due);
    terms.open_until = codes::end_in_brazil(codes::banking_day_from(last));
    return terms;
}

CollectionTerms terms_on(const CollectionTerms& terms) {
    CollectionTerms counted = terms;
    if (terms.immediate) return counted;
    counted.due_on = codes::banking_day_from(terms.due_on);
    if (terms.discount_until) {
        counted.discount_until = codes::banking_day_from(*terms.discount_until);
    }
    return counted;
}

Party party_of(const Payer& payer) {
    Party party;
    if (const Result<TaxNumber> number = TaxNumber::parse(payer.tax_id)) {
        party.tax_number = number->text();
    }
    party.name = payer.name;
    return party;
}

}  // namespace causeway::connectors::pix
