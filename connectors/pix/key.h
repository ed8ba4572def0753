// SPDX-License-Identifier: Apache-2.0
//
// A Pix key: what a receiver's account is found by. Its kind is read off its form, and no text
// has two. Keys are personal data: no error here repeats one.
#pragma once

#include "ledger/result.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace causeway::connectors::pix {

enum class KeyKind {
    cpf,
    cnpj,   ///< May hold upper-case letters, since July 2026.
    phone,  ///< "+5511987654321".
    email,  ///< Lower case.
    evp,    ///< A random UUID in lower case.
};

/// The enumerator's spelling.
[[nodiscard]] std::string_view to_string(KeyKind kind) noexcept;

/// Units: bytes, of which every one is a character in a key that is valid.
constexpr std::size_t kKeyBytesMax = 77;

class PixKey {
  public:
    /// Reads the form that stands in codes and in the API: no points, hyphens or brackets in
    /// numbers, the phone with its plus sign.
    ///
    /// Errors: `invalid_argument`, also when the check digits of a CPF or CNPJ do not fit.
    static Result<PixKey> parse(std::string_view text);

    [[nodiscard]] KeyKind kind() const noexcept { return kind_; }
    [[nodiscard]] const std::string& text() const noexcept { return text_; }

    friend bool operator==(const PixKey&, const PixKey&) = default;

  private:
    PixKey(KeyKind kind, std::string text) : kind_(kind), text_(std::move(text)) {}

    KeyKind kind_;
    std::string text_;
};

/// Whether it is a CPF (11 digits) or CNPJ (14 characters), as the API writes them, whose check
/// digits fit.
[[nodiscard]] bool is_cpf(std::string_view text);
[[nodiscard]] bool is_cnpj(std::string_view text);

}  // namespace causeway::connectors::pix
