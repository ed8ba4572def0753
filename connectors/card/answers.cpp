// SPDX-License-Identifier: Apache-2.0
#include "connectors/card/answers.h"

#include "connectors/card/card_number.h"
#include "connectors/card/conversion.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>
#include <utility>

namespace causeway::connectors::card {
namespace {

struct Row {
    std::string_view code;
    Decline decline;
};

constexpr std::array kDeclines{
    Row{"01", Decline::call_issuer},
    Row{"02", Decline::call_issuer},
    Row{"03", Decline::not_allowed},
    Row{"04", Decline::fraud},
    Row{"05", Decline::do_not_honour},
    Row{"07", Decline::fraud},
    Row{"12", Decline::not_allowed},
    Row{"13", Decline::invalid_amount},
    Row{"14", Decline::invalid_card},
    Row{"15", Decline::invalid_card},
    Row{"1A", Decline::authentication_required},
    Row{"25", Decline::original_not_found},
    Row{"33", Decline::fraud},
    Row{"34", Decline::fraud},
    Row{"35", Decline::fraud},
    Row{"36", Decline::fraud},
    Row{"37", Decline::fraud},
    Row{"38", Decline::fraud},
    Row{"41", Decline::fraud},
    Row{"43", Decline::fraud},
    Row{"51", Decline::insufficient_funds},
    Row{"54", Decline::expired_card},
    Row{"55", Decline::incorrect_pin},
    Row{"57", Decline::do_not_honour},
    Row{"58", Decline::not_allowed},
    Row{"61", Decline::limit_exceeded},
    Row{"62", Decline::do_not_honour},
    Row{"63", Decline::do_not_honour},
    Row{"65", Decline::limit_exceeded},
    Row{"70", Decline::call_issuer},
    Row{"75", Decline::incorrect_pin},
    Row{"91", Decline::provider_unavailable},
    Row{"92", Decline::provider_unavailable},
    Row{"94", Decline::duplicate},
    Row{"96", Decline::provider_unavailable},
};

Error unknown(std::string why) {
    return Error(ErrorCode::outcome_unknown, std::move(why));
}

bool is_mastercard(const Operation& operation) {
    if (!operation.card) return false;
    const CardBrand brand = card_brand(operation.card->number);
    return brand == CardBrand::mastercard || brand == CardBrand::maestro;
}

bool is_approval(std::string_view code, const Operation& operation) {
    if (code == "85") return operation.amount.minor_units() == 0;
    return code == "00" || code == "08" || code == "10" || code == "11";
}

std::string without_trailing_spaces(std::string text) {
    text.erase(text.find_last_not_of(' ') + 1);
    return text;
}

}  // namespace

Decline decline_of(std::string_view response_code, bool is_mastercard) noexcept {
    if (response_code == "65" && is_mastercard) return Decline::authentication_required;
    const auto* const row = std::find_if(
        kDeclines.begin(), kDeclines.end(), [=](const Row& r) { return r.code == response_code; });
    return row == kDeclines.end() ? Decline::provider_error : row->decline;
}

Result<Answer> read_answer(const Operation& operation, const Message& answer) {
    Answer read;
    read.response_code = answer.get(39);
    if (read.response_code.empty()) return unknown("the answer has no response code");
    if (read.response_code == "68") return unknown("the host waits for the issuer itself (68)");
    if (!is_approval(read.response_code, operation)) {
        read.decline = decline_of(read.response_code, is_mastercard(operation));
        return read;
    }
    read.approved = true;
    read.approval_code = without_trailing_spaces(answer.get(38));
    read.provider_conversion = read_conversion(answer);
    if (read.response_code != "10") return read;

    const std::string text = answer.get(4);
    std::int64_t units = 0;
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), units);
    if (fault != std::errc() || end != text.data() + text.size() || units < 0) {
        return unknown("a partial approval without an amount");
    }
    if (units > operation.amount.minor_units()) return unknown("approved more than was asked");
    if (units != operation.amount.minor_units()) {
        read.approved_amount = ledger::Money(units, operation.amount.currency());
    }
    return read;
}

}  // namespace causeway::connectors::card
