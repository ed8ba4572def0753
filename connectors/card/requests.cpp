// SPDX-License-Identifier: Apache-2.0
#include "connectors/card/requests.h"

#include "connectors/card/card_number.h"
#include "connectors/card/reference.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

namespace causeway::connectors::card {
namespace {

constexpr std::int64_t kAmountMax = 999'999'999'999;
constexpr std::string_view kCredentialEntered = "810";  // DE22: electronic commerce, no PIN
constexpr std::string_view kElectronicCommerce = "59";  // DE25

Error wrong(std::string why) {
    return Error(ErrorCode::invalid_argument, std::move(why));
}

bool all_digits(std::string_view text) {
    return text.find_first_not_of("0123456789") == std::string_view::npos;
}

bool printable(std::string_view text, std::size_t length_max) {
    return text.size() <= length_max &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

std::string padded_right(std::string_view text, std::size_t length) {
    std::string padded(text);
    padded.resize(length, ' ');
    return padded;
}

std::string padded_left(std::string_view digits, std::size_t length) {
    return std::string(length - std::min(length, digits.size()), '0') + std::string(digits);
}

std::string amount_text(const ledger::Money& amount) {
    return padded_left(std::to_string(amount.minor_units()), 12);
}

std::string tlv(std::string_view tag, std::string_view value) {
    return std::string(tag) + padded_left(std::to_string(value.size()), 3) + std::string(value);
}

std::string_view reversal_reason(ReversalReason reason) {
    switch (reason) {
        case ReversalReason::customer_cancel: return "17";
        case ReversalReason::no_answer: return "68";
        case ReversalReason::malfunction: return "22";
    }
    return "22";
}

/// The operation with its references read.
struct Parsed {
    Reference own;
    std::optional<Reference> original;
};

bool has_original_of(const Operation& operation) {
    if (!operation.original) return false;
    const OperationKind of = operation.original->kind;
    switch (operation.kind) {
        case OperationKind::authorise:
        case OperationKind::sale:
        case OperationKind::increment:
        case OperationKind::represent:
        case OperationKind::concede:
        case OperationKind::collect:
        case OperationKind::withdraw: return false;
        case OperationKind::capture:
        case OperationKind::release: return of == OperationKind::authorise;
        case OperationKind::refund:
            // Of what was captured, by whichever message: several captures share one RRN.
            return of == OperationKind::authorise || of == OperationKind::capture ||
                   of == OperationKind::sale;
        case OperationKind::reverse:
            return of == OperationKind::authorise || of == OperationKind::sale ||
                   of == OperationKind::refund;
    }
    return false;
}

bool starts_payment(const Operation& operation) {
    return operation.kind == OperationKind::authorise || operation.kind == OperationKind::sale;
}

Result<void> check_amount(const Operation& operation) {
    const std::int64_t units = operation.amount.minor_units();
    // Nothing is a fair amount to authorise (a card is verified) or to leave charged.
    const bool may_be_zero = operation.kind == OperationKind::authorise ||
                             operation.kind == OperationKind::reverse ||
                             operation.kind == OperationKind::release;
    if (units < (may_be_zero ? 0 : 1) || units > kAmountMax) return wrong("amount");
    if (!operation.original) return {};
    const ledger::Money& whole = operation.original->amount;
    if (whole.minor_units() < 0 || whole.minor_units() > kAmountMax) {
        return wrong("the original's amount");
    }
    if (whole.currency() != operation.amount.currency()) return wrong("currency");
    if (units > whole.minor_units()) return wrong("more than the original");
    return {};
}

Result<void> check_card(const Operation& operation) {
    if (!operation.card) {
        if (starts_payment(operation)) return wrong("a card is needed");
        return {};
    }
    const Card& card = *operation.card;
    if (!luhn_valid(card.number)) return wrong("card number");
    if (card.expiry_month < 1 || card.expiry_month > 12) return wrong("expiry month");
    if (card.expiry_year < 1000 || card.expiry_year > 9999) return wrong("expiry year");
    const bool three_or_four = card.cvc.size() == 3 || card.cvc.size() == 4;
    if (!card.cvc.empty() && !(three_or_four && all_digits(card.cvc))) return wrong("cvc");
    return {};
}

Result<Parsed> parse(const Operation& operation) {
    const Result<Reference> own = parse_reference(operation.reference);
    if (!own) return own.error();
    Parsed parsed;
    parsed.own = *own;
    if (!operation.original) return parsed;
    const Result<Reference> original = parse_reference(operation.original->reference);
    if (!original) return wrong("the original's reference");
    parsed.original = *original;
    // A refund is a transaction of its own, everything else belongs to its original's.
    const bool is_same_payment = parsed.own.rrn == original->rrn;
    if (is_same_payment != (operation.kind != OperationKind::refund)) return wrong("RRN");
    return parsed;
}

std::string mti_of(const Operation& operation) {
    std::string mti = "0420";
    switch (operation.kind) {
        case OperationKind::authorise: mti = "0100"; break;
        case OperationKind::sale:
        case OperationKind::refund: mti = "0200"; break;
        case OperationKind::capture: mti = "0220"; break;
        case OperationKind::reverse:
            if (operation.reason == ReversalReason::customer_cancel) mti = "0400";
            break;
        case OperationKind::increment:
        case OperationKind::represent:
        case OperationKind::concede:
        case OperationKind::collect:
        case OperationKind::withdraw:
        case OperationKind::release: break;
    }
    if (operation.repeat) mti[3] = '1';
    return mti;
}

std::string_view original_mti(OperationKind kind) {
    return kind == OperationKind::authorise ? "0100" : "0200";
}

// DE90: type, trace number and time of the original, acquirer, no forwarder.
std::string original_data(const CardAcceptor& acceptor, OperationKind kind, const Reference& of) {
    return std::string(original_mti(kind)) + of.stan + of.transmitted +
           padded_left(acceptor.acquirer_id, 11) + std::string(11, '0');
}

// DE95: what remains, nothing said of settlement and fees.
std::string replacement(const ledger::Money& remains) {
    return amount_text(remains) + std::string(12, '0') + "D00000000" + "D00000000";
}

void add_acceptor(Message& message, const CardAcceptor& acceptor) {
    message.fields[18] = acceptor.mcc;
    message.fields[22] = kCredentialEntered;
    message.fields[25] = kElectronicCommerce;
    message.fields[32] = acceptor.acquirer_id;
    message.fields[41] = padded_right(acceptor.terminal_id, 8);
    message.fields[42] = padded_right(acceptor.card_acceptor_id, 15);
    message.fields[43] = padded_right(acceptor.name, 25) + padded_right(acceptor.city, 13) +
                         padded_right(acceptor.country, 2);
}

void add_card(Message& message, const Operation& operation) {
    if (!operation.card) return;
    const Card& card = *operation.card;
    message.fields[2] = card.number;
    message.fields[14] = padded_left(std::to_string(card.expiry_year % 100), 2) +
                         padded_left(std::to_string(card.expiry_month), 2);
    if (starts_payment(operation) && !card.cvc.empty()) message.fields[48] = tlv("VC", card.cvc);
}

void add_original(Message& message,
                  const CardAcceptor& acceptor,
                  const Operation& operation,
                  const Reference& reference) {
    const Original& original = *operation.original;
    if (operation.kind == OperationKind::refund) {
        message.fields[62] = reference.rrn;
        return;
    }
    // Local time stays the first message's through all that follow it.
    message.fields[12] = reference.local_time();
    message.fields[13] = reference.local_date();
    if (!original.approval_code.empty()) {
        message.fields[38] = padded_right(original.approval_code, 6);
    }
    if (operation.kind == OperationKind::capture) return;
    message.fields[4] = amount_text(original.amount);
    message.fields[39] = reversal_reason(operation.reason);
    message.fields[90] = original_data(acceptor, original.kind, reference);
    if (operation.kind == OperationKind::release) {
        message.fields[95] = replacement(operation.amount);
    }
}

}  // namespace

Result<void> check(const CardAcceptor& acceptor) {
    if (acceptor.acquirer_id.empty() || acceptor.acquirer_id.size() > 11 ||
        !all_digits(acceptor.acquirer_id)) {
        return wrong("acquirer_id");
    }
    if (acceptor.terminal_id.empty() || !printable(acceptor.terminal_id, 8)) {
        return wrong("terminal_id");
    }
    if (acceptor.card_acceptor_id.empty() || !printable(acceptor.card_acceptor_id, 15)) {
        return wrong("card_acceptor_id");
    }
    if (!printable(acceptor.name, 25)) return wrong("name");
    if (!printable(acceptor.city, 13)) return wrong("city");
    if (!printable(acceptor.country, 2)) return wrong("country");
    if (acceptor.mcc.size() != 4 || !all_digits(acceptor.mcc)) return wrong("mcc");
    return {};
}

Result<Message> build_request(const CardAcceptor& acceptor, const Operation& operation) {
    // 0100 always opens a case of its own at this host: it cannot add to one.
    if (operation.kind == OperationKind::increment) return wrong("no increments here");
    const bool needs_original = !starts_payment(operation);
    if (needs_original && !has_original_of(operation)) return wrong("the original does not suit");
    if (!needs_original && operation.original) return wrong("a first operation has no original");
    Message message;
    message.mti = mti_of(operation);
    if (operation.repeat && (message.mti == "0101" || message.mti == "0201")) {
        return wrong("a request is never repeated: reverse it");
    }
    const Result<void> amount = check_amount(operation);
    if (!amount) return amount.error();
    const Result<void> card = check_card(operation);
    if (!card) return card.error();
    const Result<Parsed> parsed = parse(operation);
    if (!parsed) return parsed.error();

    message.fields[3] = operation.kind == OperationKind::refund ? "200000" : "000000";
    message.fields[4] = amount_text(operation.amount);
    message.fields[7] = parsed->own.transmitted;
    message.fields[11] = parsed->own.stan;
    message.fields[12] = parsed->own.local_time();
    message.fields[13] = parsed->own.local_date();
    message.fields[37] = parsed->own.rrn;
    message.fields[49] = operation.amount.currency().numeric_text();
    if (!operation.payment_id.empty()) message.fields[60] = operation.payment_id;
    add_acceptor(message, acceptor);
    add_card(message, operation);
    if (parsed->original) add_original(message, acceptor, operation, *parsed->original);
    return message;
}

}  // namespace causeway::connectors::card
