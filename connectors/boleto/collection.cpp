// SPDX-License-Identifier: Apache-2.0
#include "connectors/boleto/collection.h"

#include "connectors/codes/check_digit.h"
#include "connectors/codes/digits.h"

#include <charconv>

namespace causeway::connectors::boleto {
namespace {

constexpr std::size_t kBlocks = 4;
constexpr std::size_t kBlockSize = 11;  // Without the check digit.
constexpr std::size_t kLineSize = kBlocks * (kBlockSize + 1);
constexpr std::size_t kValueKindAt = 2;
constexpr std::size_t kGeneralDigitAt = 3;
constexpr std::size_t kValueAt = 4;
constexpr std::size_t kValueSize = 11;

Error wrong(std::string_view what) {
    return Error(ErrorCode::invalid_argument, "slip of collection: " + std::string(what));
}

char check_digit(std::string_view digits, char value_kind) {
    const bool mod10 = value_kind == '6' || value_kind == '7';
    return mod10 ? codes::mod10_digit(digits) : codes::mod11_collection_digit(digits);
}

std::string bare_line(std::string_view text) {
    std::string bare;
    for (const char letter : text) {
        if (letter != '-' && letter != ' ' && letter != '.') bare += letter;
    }
    return bare;
}

// The four blocks without their digits.
Result<std::string> checked_barcode(std::string_view line, char value_kind) {
    std::string barcode;
    for (std::size_t block = 0; block < kBlocks; ++block) {
        const std::string_view digits = line.substr(block * (kBlockSize + 1), kBlockSize + 1);
        const std::string_view body = digits.substr(0, kBlockSize);
        if (digits.back() != check_digit(body, value_kind)) {
            return wrong("block " + std::to_string(block + 1) + ": the check digit does not fit");
        }
        barcode += body;
    }
    return barcode;
}

std::optional<ledger::Money> amount_of(std::string_view barcode, char value_kind) {
    if (value_kind != '6' && value_kind != '8') return std::nullopt;
    std::int64_t centavos = 0;
    const std::string_view digits = barcode.substr(kValueAt, kValueSize);
    std::from_chars(digits.data(), digits.data() + digits.size(), centavos);
    return ledger::Money(centavos, *ledger::Currency::from_code("BRL"));
}

}  // namespace

Result<Collection> parse_collection(std::string_view text) {
    const std::string line = bare_line(text);
    if (line.size() != kLineSize || !codes::all_digits(line) || line.front() != '8') {
        return wrong("48 digits that begin with 8 are wanted");
    }
    const char value_kind = line[kValueKindAt];
    if (value_kind < '6') return wrong("position 3: the value's kind is 6, 7, 8 or 9");
    const auto barcode = checked_barcode(line, value_kind);
    if (!barcode) return barcode.error();
    std::string others = *barcode;
    others.erase(kGeneralDigitAt, 1);
    if ((*barcode)[kGeneralDigitAt] != check_digit(others, value_kind)) {
        return wrong("position 4: the general check digit does not fit");
    }
    return Collection{.barcode = *barcode,
                      .segment = (*barcode)[1],
                      .value_kind = value_kind,
                      .amount = amount_of(*barcode, value_kind)};
}

}  // namespace causeway::connectors::boleto
