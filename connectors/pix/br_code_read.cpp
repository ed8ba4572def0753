// SPDX-License-Identifier: Apache-2.0
//
// The reading half of br_code.h.
#include "connectors/codes/digits.h"
#include "connectors/pix/amount.h"
#include "connectors/pix/br_code.h"
#include "connectors/pix/crc16.h"
#include "connectors/pix/tlv.h"

#include <algorithm>
#include <vector>

namespace causeway::connectors::pix {
namespace {

using Fields = std::vector<TlvField>;

constexpr std::string_view kDomain = "br.gov.bcb.pix";
constexpr std::size_t kCrcFieldSize = 8;
constexpr std::size_t kCodeBytesMax = 512;
constexpr std::size_t kCategorySize = 4;
constexpr std::size_t kPostalCodeSize = 8;
constexpr std::size_t kPostalHyphen = 5;

Error wrong(std::string_view path, const TlvField* field, std::string_view why) {
    std::string detail(path);
    if (field != nullptr) detail += " at " + std::to_string(field->offset);
    return Error(ErrorCode::invalid_argument, detail + ": " + std::string(why));
}

bool same_letters(std::string_view one, std::string_view other) {
    const auto lower = [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    };
    return std::ranges::equal(one, other, {}, lower, lower);
}

Result<Fields> nested(const TlvField& field) {
    return read_tlv(field.value, field.tag, field.offset + 4);
}

// The template within [first, last] whose 00 names Pix; none when there is none.
struct Template {
    std::string tag;
    Fields fields;
};
Result<std::optional<Template>> find_template(const Fields& code,
                                              std::string_view first,
                                              std::string_view last) {
    for (const TlvField& field : code) {
        if (field.tag < first || field.tag > last) continue;
        auto inner = nested(field);
        if (!inner) {
            // Other arrangements may fill their own templates as they like.
            if (field.tag == first) return inner.error();
            continue;
        }
        const TlvField* domain = find_field(*inner, "00");
        if (domain != nullptr && same_letters(domain->value, kDomain)) {
            return std::optional<Template>(Template{field.tag, *std::move(inner)});
        }
    }
    return std::optional<Template>();
}

Result<void> check_crc(std::string_view text) {
    if (text.size() < kCrcFieldSize || text.substr(text.size() - kCrcFieldSize, 4) != "6304") {
        return wrong("63", nullptr, "the code does not end with its check");
    }
    if (crc16_text(text.substr(0, text.size() - 4)) != text.substr(text.size() - 4)) {
        const TlvField at{"63", "", text.size() - kCrcFieldSize};
        return wrong("63", &at, "does not fit the code");
    }
    return {};
}

Result<void> expect(const Fields& code, std::string_view tag, std::string_view value) {
    const TlvField* field = find_field(code, tag);
    if (field == nullptr) return wrong(tag, nullptr, "is missing");
    if (field->value != value) return wrong(tag, field, "must be " + std::string(value));
    return {};
}

Result<std::string> text_of(const Fields& code, std::string_view tag, std::size_t max) {
    const TlvField* field = find_field(code, tag);
    if (field == nullptr) return wrong(tag, nullptr, "is missing");
    if (character_count(field->value) > max) {
        return wrong(tag, field, "has more than " + std::to_string(max) + " characters");
    }
    return field->value;
}

// "01310-100" is read as it is written: eight digits.
Result<std::string> read_postal_code(const Fields& code) {
    const TlvField* field = find_field(code, "61");
    if (field == nullptr) return std::string();
    std::string digits = field->value;
    if (digits.size() == kPostalCodeSize + 1 && digits[kPostalHyphen] == '-') {
        digits.erase(kPostalHyphen, 1);
    }
    if (digits.size() == kPostalCodeSize && codes::all_digits(digits)) return digits;
    return wrong("61", field, "must have eight digits");
}

Result<CodeMerchant> read_merchant(const Fields& code) {
    CodeMerchant merchant;
    auto category = text_of(code, "52", kCategorySize);
    if (!category) return category.error();
    if (category->size() != kCategorySize || !codes::all_digits(*category)) {
        return wrong("52", find_field(code, "52"), "must have four digits");
    }
    auto name = text_of(code, "59", kMerchantNameMax);
    if (!name) return name.error();
    auto city = text_of(code, "60", kMerchantCityMax);
    if (!city) return city.error();
    auto postal_code = read_postal_code(code);
    if (!postal_code) return postal_code.error();
    merchant.category = *std::move(category);
    merchant.name = *std::move(name);
    merchant.city = *std::move(city);
    merchant.postal_code = *std::move(postal_code);
    return merchant;
}

Result<void> check_frame(const Fields& code) {
    if (code.empty() || code.front().tag != "00") return wrong("00", nullptr, "must come first");
    if (const auto format = expect(code, "00", "01"); !format) return format.error();
    const TlvField* initiation = find_field(code, "01");
    if (initiation != nullptr && initiation->value != "11" && initiation->value != "12") {
        return wrong("01", initiation, "must be 11 or 12");
    }
    if (const auto currency = expect(code, "53", "986"); !currency) return currency.error();
    return expect(code, "58", "BR");
}

Result<std::optional<std::int64_t>> read_amount(const Fields& code) {
    const TlvField* field = find_field(code, "54");
    if (field == nullptr) return std::optional<std::int64_t>();
    // EMV lets decimals be left out, one by one.
    std::string text = field->value;
    const std::size_t point = text.find('.');
    if (point == std::string::npos) {
        text += ".00";
    } else if (point + 2 == text.size()) {
        text += '0';
    }
    const auto centavos = parse_amount(text);
    if (!centavos) return wrong("54", field, "is not an amount");
    if (*centavos == 0) return std::optional<std::int64_t>();
    return std::optional<std::int64_t>(*centavos);
}

Result<std::optional<StaticTxid>> read_txid(const Fields& code) {
    const TlvField* field = find_field(code, "62");
    if (field == nullptr) return wrong("62-05", nullptr, "is missing");
    const auto inner = nested(*field);
    if (!inner) return inner.error();
    const TlvField* txid = find_field(*inner, "05");
    if (txid == nullptr) return wrong("62-05", field, "is missing");
    if (txid->value == "***") return std::optional<StaticTxid>();
    auto parsed = StaticTxid::parse(txid->value);
    if (!parsed) return wrong("62-05", txid, parsed.error().detail());
    return std::optional<StaticTxid>(*std::move(parsed));
}

Result<PayloadUrl> read_url(const std::string& tag, const TlvField& field) {
    auto url = PayloadUrl::parse(field.value);
    if (!url) return wrong(tag + "-25", &field, url.error().detail());
    return url;
}

Result<std::optional<PayloadUrl>> read_recurrence(const Fields& code) {
    const auto found = find_template(code, "80", "99");
    if (!found) return found.error();
    if (!*found) return std::optional<PayloadUrl>();
    const TlvField* field = find_field((*found)->fields, "25");
    if (field == nullptr) return wrong((*found)->tag + "-25", nullptr, "is missing");
    auto url = read_url((*found)->tag, *field);
    if (!url) return url.error();
    return std::optional<PayloadUrl>(*std::move(url));
}

Result<BrCode> read_static(const Fields& code, const Template& account, CodeMerchant merchant) {
    const TlvField* field = find_field(account.fields, "01");
    if (field == nullptr) return wrong(account.tag, nullptr, "has neither a key nor a URL");
    auto key = PixKey::parse(field->value);
    if (!key) return wrong(account.tag + "-01", field, key.error().detail());
    const auto amount = read_amount(code);
    if (!amount) return amount.error();
    auto txid = read_txid(code);
    if (!txid) return txid.error();
    StaticCode read{.key = *std::move(key), .merchant = std::move(merchant)};
    read.amount = *amount;
    read.txid = *std::move(txid);
    if (const TlvField* info = find_field(account.fields, "02")) read.info = info->value;
    if (const TlvField* provider = find_field(account.fields, "03")) {
        auto ispb = Ispb::parse(provider->value);
        if (!ispb) return wrong(account.tag + "-03", provider, ispb.error().detail());
        read.withdrawal_provider = *std::move(ispb);
    }
    const TlvField* initiation = find_field(code, "01");
    read.one_use = initiation != nullptr && initiation->value == "12";
    return BrCode(std::move(read));
}

Result<BrCode> read_fields(const Fields& code) {
    if (const auto frame = check_frame(code); !frame) return frame.error();
    auto merchant = read_merchant(code);
    if (!merchant) return merchant.error();
    auto account = find_template(code, "26", "51");
    if (!account) return account.error();
    if (!*account) return wrong("26", nullptr, "no account of Pix is there");
    auto recurrence = read_recurrence(code);
    if (!recurrence) return recurrence.error();
    // The payload behind the URL has txid and amount; what a code says of them is not used, but a
    // code that says nonsense is not used either.
    if (const auto txid = read_txid(code); !txid) return txid.error();
    if (const auto amount = read_amount(code); !amount) return amount.error();
    const TlvField* location = find_field((*account)->fields, "25");
    if (location != nullptr) {
        if (find_field((*account)->fields, "01") != nullptr) {
            return wrong((*account)->tag + "-25", location, "must not stand beside a key");
        }
        auto url = read_url((*account)->tag, *location);
        if (!url) return url.error();
        return BrCode(DynamicCode{*std::move(url), *std::move(merchant), *std::move(recurrence)});
    }
    if (*recurrence && find_field((*account)->fields, "01") == nullptr) {
        return BrCode(RecurrenceCode{**std::move(recurrence), *std::move(merchant)});
    }
    return read_static(code, **account, *std::move(merchant));
}

}  // namespace

Result<PayloadUrl> PayloadUrl::parse(std::string_view text) {
    const std::size_t slash = text.find('/');
    const bool visible = std::ranges::all_of(text, [](char c) { return c > ' ' && c < '\x7f'; });
    if (slash == 0 || slash == std::string_view::npos || !visible || text.size() > kPayloadUrlMax ||
        text.find("://") != std::string_view::npos) {
        return Error(ErrorCode::invalid_argument,
                     "a payload's URL must be a host and a path without scheme, at most 77 "
                     "characters");
    }
    return PayloadUrl(std::string(text));
}

Result<BrCode> read_br_code(std::string_view text) {
    if (text.size() > kCodeBytesMax) {
        return Error(ErrorCode::invalid_argument, "code: has more than 512 bytes");
    }
    if (const auto crc = check_crc(text); !crc) return crc.error();
    const auto code = read_tlv(text);
    if (!code) return code.error();
    if (code->back().tag != "63") return wrong("63", nullptr, "must come last");
    return read_fields(*code);
}

}  // namespace causeway::connectors::pix
