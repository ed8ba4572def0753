// SPDX-License-Identifier: Apache-2.0
//
// The names by which Pix knows a charge, a payment, a return and a participant. The lengths of a
// static and of a dynamic charge's txid do not meet, so that neither can be taken for the other.
#pragma once

#include "ledger/clock.h"
#include "ledger/entropy.h"
#include "ledger/result.h"

#include <compare>
#include <string>
#include <string_view>
#include <utility>

namespace causeway::connectors::pix {

/// A text that keeps to `Rule`. Comparison is by bytes: case counts.
template <class Rule>
class Identifier {
  public:
    /// Errors: `invalid_argument`; never repeats the text.
    static Result<Identifier> parse(std::string_view text) {
        if (Rule::accepts(text)) return Identifier(std::string(text));
        return Error(ErrorCode::invalid_argument,
                     std::string(Rule::kName) + " must be " + std::string(Rule::kForm));
    }

    [[nodiscard]] const std::string& text() const noexcept { return text_; }

    friend auto operator<=>(const Identifier&, const Identifier&) = default;

  private:
    explicit Identifier(std::string text) : text_(std::move(text)) {}

    std::string text_;
};

struct TxidRule {
    static constexpr std::string_view kName = "txid";
    static constexpr std::string_view kForm = "26 to 35 letters and digits";
    static bool accepts(std::string_view text);
};
struct StaticTxidRule {
    static constexpr std::string_view kName = "txid";
    static constexpr std::string_view kForm = "1 to 25 letters and digits";
    static bool accepts(std::string_view text);
};
struct EndToEndRule {
    static constexpr std::string_view kName = "endToEndId";
    static constexpr std::string_view kForm = "E, an ISPB, yyyyMMddHHmm and 11 letters and digits";
    static bool accepts(std::string_view text);
};
struct ReturnRule {
    static constexpr std::string_view kName = "rtrId";
    static constexpr std::string_view kForm = "D, an ISPB, yyyyMMddHHmm and 11 letters and digits";
    static bool accepts(std::string_view text);
};
struct RefundRule {
    static constexpr std::string_view kName = "devolucao.id";
    static constexpr std::string_view kForm = "1 to 35 letters and digits";
    static bool accepts(std::string_view text);
};
struct IspbRule {
    static constexpr std::string_view kName = "ispb";
    static constexpr std::string_view kForm = "8 digits or upper-case letters";
    static bool accepts(std::string_view text);
};

using Txid = Identifier<TxidRule>;              ///< Of a cob or cobv.
using StaticTxid = Identifier<StaticTxidRule>;  ///< Of a static code.
using EndToEndId = Identifier<EndToEndRule>;    ///< Of one payment, in the whole country.
using ReturnId = Identifier<ReturnRule>;        ///< Of one return of money.
using RefundId = Identifier<RefundRule>;        ///< Ours, unique for one payment.
using Ispb = Identifier<IspbRule>;              ///< Of a participant; letters since API 2.9.

/// Whether it may stand as the txid of a payment that was received: 1 to 35 letters and digits.
[[nodiscard]] bool is_payment_txid(std::string_view text);

/// `moment` becomes minutes in UTC; the settlement system takes it within twelve hours of its own.
[[nodiscard]] EndToEndId make_end_to_end_id(const Ispb& payer, Timestamp moment, Entropy& entropy);
[[nodiscard]] ReturnId make_return_id(const Ispb& returner, Timestamp moment, Entropy& entropy);

/// `length` letters and digits.
[[nodiscard]] std::string random_alphanumeric(std::size_t length, Entropy& entropy);

}  // namespace causeway::connectors::pix
