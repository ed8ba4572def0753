// SPDX-License-Identifier: Apache-2.0
//
// The writing half of br_code.h.
#include "connectors/pix/amount.h"
#include "connectors/pix/br_code.h"
#include "connectors/pix/crc16.h"
#include "connectors/pix/plain_text.h"
#include "connectors/pix/tlv.h"

#include <algorithm>

namespace causeway::connectors::pix {
namespace {

constexpr std::string_view kDomain = "br.gov.bcb.pix";

// Collects fields; the first error stays.
class Writer {
  public:
    explicit Writer(std::string path = {}) : path_(std::move(path)) {}

    Writer& field(std::string_view tag, std::string_view value) {
        if (failure_) return *this;
        const std::string path = path_.empty() ? std::string(tag) : path_ + "-" + std::string(tag);
        const auto written = write_tlv(path, tag, value);
        if (!written) {
            failure_ = written.error();
        } else {
            text_ += *written;
        }
        return *this;
    }
    Writer& optional(std::string_view tag, std::string_view value) {
        return value.empty() ? *this : field(tag, value);
    }
    Writer& part(std::string_view tag, const Writer& inner) {
        if (inner.failure_ && !failure_) failure_ = inner.failure_;
        return field(tag, inner.text_);
    }
    void refuse(std::string detail) {
        if (!failure_) failure_ = Error(ErrorCode::invalid_argument, std::move(detail));
    }
    [[nodiscard]] Result<std::string> closed() const {
        if (failure_) return *failure_;
        const std::string covered = text_ + "6304";
        return covered + crc16_text(covered);
    }

  private:
    std::string path_;
    std::string text_;
    std::optional<Error> failure_;
};

bool is_digits(std::string_view text, std::size_t size) {
    return text.size() == size &&
           std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

void write_tail(Writer& out,
                const CodeMerchant& merchant,
                const std::optional<std::int64_t>& amount,
                std::string_view txid) {
    if (!is_digits(merchant.category, 4)) out.refuse("52: must have four digits");
    if (!merchant.postal_code.empty() && !is_digits(merchant.postal_code, 8)) {
        out.refuse("61: must have eight digits");
    }
    out.field("52", merchant.category).field("53", "986");
    if (amount && (*amount <= 0 || *amount > kAmountMax)) {
        out.refuse("54: must be more than zero and have at most ten digits before the point");
    } else if (amount) {
        out.field("54", amount_text(*amount));
    }
    out.field("58", "BR")
        .field("59", plain_text(merchant.name, kMerchantNameMax))
        .field("60", plain_text(merchant.city, kMerchantCityMax))
        .optional("61", merchant.postal_code)
        .part("62", Writer("62").field("05", txid));
}

Writer recurrence_template(const PayloadUrl& url) {
    Writer part("80");
    part.field("00", kDomain).field("25", url.text());
    return part;
}

Result<std::string> write(const StaticCode& code) {
    Writer account("26");
    account.field("00", kDomain).field("01", code.key.text()).optional("02", plain_text(code.info));
    if (code.withdrawal_provider) account.field("03", code.withdrawal_provider->text());
    Writer out;
    out.field("00", "01");
    if (code.one_use) out.field("01", "12");
    out.part("26", account);
    write_tail(out, code.merchant, code.amount, code.txid ? code.txid->text() : "***");
    return out.closed();
}

Result<std::string> write(const DynamicCode& code) {
    Writer out;
    out.field("00", "01")
        .field("01", "12")
        .part("26", Writer("26").field("00", kDomain).field("25", code.url.text()));
    write_tail(out, code.merchant, std::nullopt, "***");
    if (code.recurrence) out.part("80", recurrence_template(*code.recurrence));
    return out.closed();
}

Result<std::string> write(const RecurrenceCode& code) {
    Writer out;
    out.field("00", "01").part("26", Writer("26").field("00", kDomain));
    write_tail(out, code.merchant, std::nullopt, "***");
    out.part("80", recurrence_template(code.recurrence));
    return out.closed();
}

}  // namespace

Result<std::string> write_br_code(const BrCode& code) {
    return std::visit([](const auto& it) { return write(it); }, code);
}

}  // namespace causeway::connectors::pix
