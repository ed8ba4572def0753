// SPDX-License-Identifier: Apache-2.0
#include "connectors/pix/reference.h"

#include <algorithm>

namespace causeway::connectors::pix {
namespace {

constexpr std::size_t kPaymentLength = 26;
constexpr std::size_t kStaticPart = 16;

// The 26 characters behind "pay_"; anything else is made to look like them.
std::string payment_part(std::string_view payment_id) {
    std::string part(payment_id.substr(payment_id.find('_') + 1));
    std::erase_if(part, [](char c) {
        return !((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'));
    });
    if (part.size() < kPaymentLength) part.insert(0, kPaymentLength - part.size(), '0');
    return part.substr(part.size() - kPaymentLength);
}

std::string in_base36(std::int64_t number) {
    constexpr std::string_view kDigits = "0123456789abcdefghijklmnopqrstuvwxyz";
    std::string text;
    for (auto rest = static_cast<std::uint64_t>(number); rest > 0; rest /= kDigits.size())
        text += kDigits[rest % kDigits.size()];
    std::ranges::reverse(text);
    return text.empty() ? "0" : text;
}

char letter_of(const Operation& operation) {
    switch (operation.kind) {
        case OperationKind::refund: return 'D';
        case OperationKind::withdraw: return 'W';
        default: break;
    }
    const bool at_once = !operation.collection || operation.collection->terms.immediate;
    return at_once ? 'C' : 'V';
}

}  // namespace

std::string make_pix_reference(std::int64_t sequence, const Operation& operation) {
    const std::string payment = payment_part(operation.payment_id);
    const bool reusable = operation.kind == OperationKind::collect && operation.collection &&
                          operation.collection->terms.reusable;
    if (reusable) return payment.substr(kPaymentLength - kStaticPart) + in_base36(sequence);
    return payment + letter_of(operation) + in_base36(sequence);
}

ReferenceKind kind_of(std::string_view reference) noexcept {
    if (reference.size() <= kPaymentLength) return ReferenceKind::static_code;
    switch (reference[kPaymentLength]) {
        case 'V': return ReferenceKind::by_date;
        case 'D': return ReferenceKind::refund;
        case 'W': return ReferenceKind::withdrawal;
        default: return ReferenceKind::at_once;
    }
}

}  // namespace causeway::connectors::pix
