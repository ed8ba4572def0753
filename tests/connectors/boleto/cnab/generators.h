// SPDX-License-Identifier: Apache-2.0
//
// Random remessas and retornos that each bank's layout can carry, in the form a reader gives them
// back: numbers without leading zeros, names in upper-case ASCII.
#pragma once

#include "connectors/boleto/cnab/codes.h"
#include "connectors/boleto/cnab/event_fields.h"
#include "connectors/boleto/cnab/remessa.h"
#include "connectors/boleto/cnab/retorno.h"
#include "connectors/codes/check_digit.h"

#include <rapidcheck.h>
#include <string>
#include <vector>

namespace causeway::connectors::cnab::random {

inline std::string chars(std::string_view alphabet, int least, int most) {
    const int length = *rc::gen::inRange(least, most + 1);
    std::string text;
    for (int i = 0; i < length; ++i) {
        text += alphabet[static_cast<std::size_t>(
            *rc::gen::inRange(0, static_cast<int>(alphabet.size())))];
    }
    return text;
}

inline std::string digits(int length) {
    return chars("0123456789", length, length);
}

/// Without leading zeros.
inline std::string count(int most) {
    return chars("123456789", 1, 1) + chars("0123456789", 0, most - 1);
}

inline std::string word(int most) {
    return chars("ABCDEFGHIJKLMNOPQRSTUVWXYZ", 1, most);
}

inline std::string name() {
    return word(5) + " " + word(5);
}

inline std::string document() {
    return *rc::gen::arbitrary<bool>() ? digits(11) : chars("0123456789ABCXYZ", 12, 12) + digits(2);
}

inline std::int64_t amount() {
    return *rc::gen::inRange<std::int64_t>(0, 9'999'999'999'999);
}

inline Date date() {
    return {std::chrono::year(*rc::gen::inRange(2001, 2069)),
            std::chrono::month(static_cast<unsigned>(*rc::gen::inRange(1, 13))),
            std::chrono::day(static_cast<unsigned>(*rc::gen::inRange(1, 29)))};
}

inline std::optional<Date> maybe_date() {
    return *rc::gen::arbitrary<bool>() ? std::optional(date()) : std::nullopt;
}

inline std::string our_number(LayoutId layout) {
    if (layout == LayoutId::itau400) return digits(8);
    if (layout == LayoutId::bradesco400) return digits(11);
    std::string number = count(17);
    // Twelve digits end with a check digit.
    if (number.size() == 12) {
        number.pop_back();
        number += codes::mod11_banco_do_brasil_digit(number);
    }
    return number;
}

/// Itaú and Bradesco. `wallet` has one to three digits.
inline std::string digit_of(LayoutId layout, std::string wallet, const std::string& number) {
    wallet.insert(0, 3 - wallet.size(), '0');
    return {layout == LayoutId::itau400 ? codes::mod10_digit(wallet + number)
                                        : codes::mod11_bradesco_digit(wallet.substr(1) + number)};
}

inline int time_of_day() {
    return *rc::gen::inRange(0, 24) * 10'000 + *rc::gen::inRange(0, 60) * 100 +
           *rc::gen::inRange(0, 60);
}

inline std::string seu_numero(LayoutId layout) {
    return layout == LayoutId::bb240 ? count(15) : chars("0123456789ABC-", 1, 10);
}

inline Beneficiary beneficiary(LayoutId layout) {
    Beneficiary result{.name = name(), .wallet = count(2)};
    if (layout == LayoutId::itau400) {
        result.document = document();
        result.branch = count(4);
        result.account = count(5);
        result.account_digit = digits(1);
        return result;
    }
    result.branch = count(5);
    result.account = count(7);
    result.account_digit = chars("0123456789PX", 1, 1);
    if (layout == LayoutId::bradesco400) {
        result.company_code = count(20);
        return result;
    }
    result.document = document();
    result.agreement = count(9);
    result.wallet_variation = count(3);
    result.branch_digit = chars("0123456789X", 1, 1);
    return result;
}

inline std::optional<Charge> charge(bool amounts, bool percents, const std::optional<Date>& on) {
    if (*rc::gen::arbitrary<bool>()) return std::nullopt;
    const bool percent = percents && (!amounts || *rc::gen::arbitrary<bool>());
    return Charge{.basis = percent ? Charge::Basis::percent : Charge::Basis::amount,
                  .value = *rc::gen::inRange<std::int64_t>(1, 10'000),
                  .on = on};
}

inline Payer payer(LayoutId layout) {
    Payer result{.name = name(), .document = document(), .street = name(), .postal_code = count(8)};
    while (result.postal_code.size() < 8)
        result.postal_code += '0';
    if (layout == LayoutId::bradesco400) return result;
    result.district = name();
    result.city = name();
    result.state = "SP";
    return result;
}

inline void add_terms(Instruction& instruction, LayoutId layout) {
    const bool bb = layout == LayoutId::bb240;
    const bool bradesco = layout == LayoutId::bradesco400;
    instruction.fine = charge(!bradesco, true, bradesco ? std::nullopt : std::optional(date()));
    if (instruction.fine) instruction.fine->value %= 9'999;
    if (instruction.fine && instruction.fine->value == 0) instruction.fine->value = 1;
    instruction.interest = charge(true, bb, bradesco ? std::nullopt : maybe_date());
    instruction.discount = charge(true, bb, maybe_date());
    if (!bradesco) instruction.days = *rc::gen::inRange(0, 100);
    if (bb) return;
    instruction.first_instruction = digits(2);
    instruction.second_instruction = digits(2);
}

inline Instruction instruction(LayoutId layout) {
    const auto commands = codes_of(layout).commands;
    const auto chosen = *rc::gen::inRange(0, static_cast<int>(commands.size()));
    Instruction result{.command = commands[static_cast<std::size_t>(chosen)].command,
                       .control = chars("0123456789ABCDEFabcdef-/", 0, 25),
                       .our_number = our_number(layout),
                       .document = seu_numero(layout),
                       .kind = digits(2),
                       .due_on = date(),
                       .issued_on = maybe_date(),
                       .amount_minor_units = amount(),
                       .abatement_minor_units = amount(),
                       .payer = payer(layout),
                       .guarantor_name = name()};
    if (layout == LayoutId::bradesco400) result.our_number_digit = chars("0123456789P", 1, 1);
    add_terms(result, layout);
    if (result.command == Command::change_fine && !result.fine) {
        result.fine = Charge{.value = 1, .on = date()};
    }
    if (result.command == Command::register_with_pix) {
        result.pix_key = chars("0123456789abcdef-@.+", 1, 77);
        result.pix_location = *rc::gen::arbitrary<bool>() ? count(64) : std::string();
    }
    return result;
}

inline Remessa remessa(LayoutId layout) {
    Remessa result{.layout = layout, .beneficiary = beneficiary(layout), .generated_on = date()};
    if (layout != LayoutId::itau400) result.sequence = *rc::gen::inRange(0, 999'999);
    if (layout == LayoutId::bb240) result.generated_at_hhmmss = time_of_day();
    const int titles = *rc::gen::inRange(1, 5);
    for (int i = 0; i < titles; ++i)
        result.instructions.push_back(instruction(layout));
    return result;
}

inline void add_amounts(Event& event, LayoutId layout) {
    event.title_minor_units = amount();
    event.interest_minor_units = amount();
    event.discount_minor_units = amount();
    event.abatement_minor_units = amount();
    event.tax_minor_units = amount();
    event.tariff_minor_units = amount();
    event.other_credits_minor_units = amount();
    if (layout != LayoutId::itau400) {
        event.other_expenses_minor_units = amount();
        event.paid_minor_units = amount();
    }
    if (layout != LayoutId::bradesco400) event.credited_minor_units = amount();
    if (layout == LayoutId::bradesco400) event.operation_interest_minor_units = amount();
}

inline Event event(LayoutId layout) {
    const auto occurrences = codes_of(layout).occurrences;
    const auto chosen = *rc::gen::inRange(0, static_cast<int>(occurrences.size()));
    Event result{.our_number = our_number(layout),
                 .control = chars("0123456789ABCDEFabcdef-/", 0, 25),
                 .document = seu_numero(layout),
                 .occurrence = std::string(occurrences[static_cast<std::size_t>(chosen)].code),
                 .occurred_on = date(),
                 .credit_on = maybe_date(),
                 .due_on = maybe_date()};
    if (layout != LayoutId::bb240) {
        result.wallet = count(3);
        result.our_number_digit = digit_of(layout, result.wallet, result.our_number);
        result.channel = layout == LayoutId::itau400 ? word(1) + digits(1) : "1" + digits(2);
    }
    const int reasons = *rc::gen::inRange(0, 5);
    for (int i = 0; i < reasons; ++i) {
        const bool wide = occurrences[static_cast<std::size_t>(chosen)].reason_length > 2;
        if (wide && result.reasons.size() == 2) break;
        result.reasons.push_back(
            {.code = chars("123456789A", 1, 1) + digits(wide ? 3 : 1), .text = {}});
    }
    add_amounts(result, layout);
    if (layout == LayoutId::itau400 && *rc::gen::arbitrary<bool>()) {
        result.pix = PixResult{.copy_and_paste = chars("0123456789abcdefBR.", 1, 390),
                               .error = *rc::gen::element<std::string>("", "008", "999"),
                               .error_text = {}};
    }
    if (layout == LayoutId::bradesco400 && *rc::gen::arbitrary<bool>()) {
        result.pix = PixResult{};
        result.pix->url = chars("0123456789abcdef./", 0, 77);
        result.pix->txid = chars("0123456789abcdefXYZ", 0, 35);
    }
    interpret_event(layout_of(layout), result);
    return result;
}

inline Retorno retorno(LayoutId layout) {
    Retorno result{.header = {.layout = layout,
                              .beneficiary = beneficiary(layout),
                              .sequence = *rc::gen::inRange(0, 99'999),
                              .generated_on = date(),
                              .credit_on = maybe_date()}};
    const int events = *rc::gen::inRange(0, 6);
    for (int i = 0; i < events; ++i)
        result.events.push_back(event(layout));
    return result;
}

}  // namespace causeway::connectors::cnab::random
