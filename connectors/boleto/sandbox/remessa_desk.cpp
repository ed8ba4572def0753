// SPDX-License-Identifier: Apache-2.0
#include "connectors/boleto/sandbox/remessa_desk.h"

#include "connectors/boleto/cnab/remessa.h"

#include <utility>

namespace causeway::connectors::boleto::sandbox {
namespace {

using cnab::Charge;
using cnab::Command;
using cnab::Instruction;

std::string_view short_number(std::string_view digits) {
    const std::size_t first = digits.find_first_not_of('0');
    return first == std::string_view::npos ? std::string_view() : digits.substr(first);
}

bool is_same(std::string_view one, std::string_view other) {
    return short_number(one) == short_number(other);
}

std::optional<Day> day_of(const std::optional<cnab::Date>& date) {
    return date ? std::optional(Day(*date)) : std::nullopt;
}

struct ChargeParts {
    std::int64_t bps = 0;
    std::int64_t amount = 0;
    std::optional<Day> on = {};
};

ChargeParts parts_of(const std::optional<Charge>& charge) {
    ChargeParts parts;
    if (!charge) return parts;
    (charge->basis == Charge::Basis::percent ? parts.bps : parts.amount) = charge->value;
    parts.on = day_of(charge->on);
    return parts;
}

SlipTerms terms_of(const Instruction& instruction) {
    SlipTerms terms{.face = instruction.amount_minor_units,
                    .abatement = instruction.abatement_minor_units,
                    .due = day_of(instruction.due_on).value_or(Day())};
    const ChargeParts fine = parts_of(instruction.fine);
    terms.fine_bps = fine.bps;
    terms.fine_amount = fine.amount;
    terms.fine_from = fine.on;
    const ChargeParts interest = parts_of(instruction.interest);
    terms.interest_month_bps = interest.bps;
    terms.interest_of_a_day = interest.amount;
    terms.interest_from = interest.on;
    const ChargeParts discount = parts_of(instruction.discount);
    terms.discount_bps = discount.bps;
    terms.discount_amount = discount.amount;
    terms.discount_until = discount.on;
    if (instruction.discount && !terms.discount_until) terms.discount_until = terms.due;
    return terms;
}

// Banco do Brasil's eleven digits travel with their check digit behind them.
Instruction with_digit_apart(Instruction instruction, const BankBooks& books) {
    constexpr std::size_t kShortAndDigit = 12;
    if (books.house().layout == cnab::LayoutId::bb240 &&
        instruction.our_number.size() == kShortAndDigit) {
        instruction.our_number_digit = instruction.our_number.substr(kShortAndDigit - 1);
        instruction.our_number.pop_back();
    }
    return instruction;
}

SlipOrder order_of(const Instruction& instruction, const BankBooks& books) {
    const cnab::Payer& payer = instruction.payer;
    return {.our_number = instruction.our_number,
            .our_number_digit = instruction.our_number_digit,
            .agreement = {},
            .wallet = books.account().wallet,
            .document = instruction.document,
            .control = instruction.control,
            .terms = terms_of(instruction),
            .payable_until = std::nullopt,
            .issued = day_of(instruction.issued_on),
            .hybrid = instruction.command == Command::register_with_pix,
            .payer = {.name = payer.name,
                      .document = payer.document,
                      .street = payer.street,
                      .city = payer.city,
                      .state = payer.state,
                      .postal_code = payer.postal_code}};
}

bool is_our_account(const cnab::Beneficiary& told, const cnab::Beneficiary& ours) {
    return is_same(told.account, ours.account) && is_same(told.branch, ours.branch) &&
           (told.agreement.empty() || is_same(told.agreement, ours.agreement)) &&
           (told.company_code.empty() || is_same(told.company_code, ours.company_code)) &&
           (told.wallet.empty() || is_same(told.wallet, ours.wallet));
}

std::string digest_of(std::string_view bytes) {
    const auto digest = sha256(bytes);
    return {digest.begin(), digest.end()};
}

}  // namespace

Result<RemessaOutcome> RemessaDesk::take(BankBooks& books, std::string_view bytes, Timestamp now) {
    const auto file = cnab::read_remessa(cnab::layout_of(books.house().layout), bytes);
    if (!file) return file.error();
    if (!is_our_account(file->beneficiary, books.house().beneficiary)) {
        return Error(ErrorCode::conflict, "the file is of another account");
    }
    const bool is_new = file->sequence != 0 ? sequences_.insert(file->sequence).second
                                            : bytes_.insert(digest_of(bytes)).second;
    if (!is_new) return Error(ErrorCode::conflict, "the file was taken before");
    RemessaOutcome outcome{.sequence = file->sequence};
    std::set<std::string> seen;
    for (const Instruction& told : file->instructions) {
        const Instruction instruction = with_digit_apart(told, books);
        const bool enters = instruction.command == Command::register_title ||
                            instruction.command == Command::register_with_pix;
        bool good = false;
        if (enters) {
            const SlipOrder order = order_of(instruction, books);
            const bool twice = !seen.insert(order.our_number).second;
            const SlipOutcome entered = twice ? Refusal::number_twice : books.enter(order, now);
            const auto* const refusal = std::get_if<Refusal>(&entered);
            if (refusal != nullptr) books.reject(order, *refusal, now);
            good = refusal == nullptr;
        } else {
            good = !books.carry_out(instruction, now);
        }
        ++(good ? outcome.accepted : outcome.refused);
    }
    return outcome;
}

}  // namespace causeway::connectors::boleto::sandbox
