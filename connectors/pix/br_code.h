// SPDX-License-Identifier: Apache-2.0
//
// The text behind a Pix QR code, "copia e cola". A dynamic code says next to nothing by itself:
// amount, txid and receiver are behind its URL, signed by the receiver's provider.
//
// Limits count characters: of the code (name 25, city 15, URL and key 77, account template 99).
// What we write is ASCII, so they are bytes too. Names and cities lose their accents (see
// plain_text.h) and are cut at their limit; anything else too long is refused.
#pragma once

#include "connectors/pix/identifiers.h"
#include "connectors/pix/key.h"
#include "ledger/result.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace causeway::connectors::pix {

constexpr std::size_t kMerchantNameMax = 25;
constexpr std::size_t kMerchantCityMax = 15;
constexpr std::size_t kPayloadUrlMax = 77;

/// Where a payload is fetched: host and path, the scheme left out, as the code carries it.
class PayloadUrl {
  public:
    /// Errors: `invalid_argument` for a scheme, a blank, no path, or more than 77 characters.
    static Result<PayloadUrl> parse(std::string_view text);

    [[nodiscard]] const std::string& text() const noexcept { return text_; }

    friend bool operator==(const PayloadUrl&, const PayloadUrl&) = default;

  private:
    explicit PayloadUrl(std::string text) : text_(std::move(text)) {}

    std::string text_;
};

struct CodeMerchant {
    std::string name;         ///< UTF-8; written in ASCII.
    std::string city;         ///< As the name.
    std::string postal_code;  ///< CEP, or empty.
    std::string category = "0000";

    friend bool operator==(const CodeMerchant&, const CodeMerchant&) = default;
};

/// Can be paid any number of times, under the same txid.
struct StaticCode {
    PixKey key;
    CodeMerchant merchant;
    std::optional<std::int64_t> amount;       ///< Units: centavos. None: the payer says.
    std::optional<StaticTxid> txid;           ///< None is written "***".
    std::string info;                         ///< Free text for the payer.
    std::optional<Ispb> withdrawal_provider;  ///< FSS: who hands out cash (Pix Saque).
    bool one_use = false;  ///< Says "12" in field 01, which nobody enforces for static codes.

    friend bool operator==(const StaticCode&, const StaticCode&) = default;
};

/// One charge, whose payload is behind `url`.
struct DynamicCode {
    PayloadUrl url;
    CodeMerchant merchant;
    std::optional<PayloadUrl> recurrence;  ///< Pix Automático offered beside the charge.

    friend bool operator==(const DynamicCode&, const DynamicCode&) = default;
};

/// An agreement to be charged again and again, without a charge of its own.
struct RecurrenceCode {
    PayloadUrl recurrence;
    CodeMerchant merchant;

    friend bool operator==(const RecurrenceCode&, const RecurrenceCode&) = default;
};

using BrCode = std::variant<StaticCode, DynamicCode, RecurrenceCode>;

/// Errors: `invalid_argument` that names the field and never repeats a value.
/// Source: EMV QR Code MPM 1.0; field 26 as the Pix arrangement fills it.
[[nodiscard]] Result<std::string> write_br_code(const BrCode& code);

/// Reads one code, its check first. Fields that Pix does not use are passed over; an amount of
/// 0.00 counts as none, and field 01 of a dynamic code may be missing.
///
/// Errors: `invalid_argument` that names the path of tags and the offset, "62-05 at 140: ...".
[[nodiscard]] Result<BrCode> read_br_code(std::string_view text);

}  // namespace causeway::connectors::pix
