// SPDX-License-Identifier: Apache-2.0
#include "connectors/pix/identifiers.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <stdexcept>

namespace causeway::connectors::pix {
namespace {

constexpr std::size_t kStaticTxidMax = 25;
constexpr std::size_t kTxidMax = 35;
constexpr std::size_t kIspbSize = 8;
constexpr std::size_t kSettlementIdSize = 32;
constexpr std::size_t kMinuteSize = 12;
constexpr std::size_t kSettlementTailSize = 11;
constexpr int kYearMin = 2000;

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
bool is_upper(char c) {
    return c >= 'A' && c <= 'Z';
}
bool is_alphanumeric(char c) {
    return is_digit(c) || is_upper(c) || (c >= 'a' && c <= 'z');
}

bool alphanumeric_between(std::string_view text, std::size_t min, std::size_t max) {
    return text.size() >= min && text.size() <= max && std::ranges::all_of(text, is_alphanumeric);
}

int number_at(std::string_view text, std::size_t from, std::size_t length) {
    int number = 0;
    const std::string_view part = text.substr(from, length);
    std::from_chars(part.data(), part.data() + part.size(), number);
    return number;
}

// yyyyMMddHHmm, a minute that the calendar has. Pix began in 2020; its tests were dated earlier.
bool is_minute(std::string_view text) {
    if (!std::ranges::all_of(text, is_digit)) return false;
    const std::chrono::year_month_day day{
        std::chrono::year(number_at(text, 0, 4)),
        std::chrono::month(static_cast<unsigned>(number_at(text, 4, 2))),
        std::chrono::day(static_cast<unsigned>(number_at(text, 6, 2)))};
    return day.ok() && number_at(text, 0, 4) >= kYearMin && number_at(text, 8, 2) < 24 &&
           number_at(text, 10, 2) < 60;
}

bool is_settlement_id(std::string_view text, char first) {
    return text.size() == kSettlementIdSize && text.front() == first &&
           IspbRule::accepts(text.substr(1, kIspbSize)) &&
           is_minute(text.substr(1 + kIspbSize, kMinuteSize)) &&
           alphanumeric_between(
               text.substr(1 + kIspbSize + kMinuteSize), kSettlementTailSize, kSettlementTailSize);
}

std::string settlement_id(char first, const Ispb& ispb, Timestamp moment, Entropy& entropy) {
    std::string minute = to_rfc3339(moment).substr(0, 16);  // "2026-04-13T10:01"
    std::erase_if(minute, [](char c) { return !is_digit(c); });
    return std::string(1, first) + ispb.text() + minute +
           random_alphanumeric(kSettlementTailSize, entropy);
}

template <class Id>
Id made(const std::string& text) {
    auto id = Id::parse(text);
    if (!id) throw std::logic_error("an identifier of our own making breaks its rule");
    return *std::move(id);
}

}  // namespace

bool TxidRule::accepts(std::string_view text) {
    return alphanumeric_between(text, kStaticTxidMax + 1, kTxidMax);
}
bool StaticTxidRule::accepts(std::string_view text) {
    return alphanumeric_between(text, 1, kStaticTxidMax);
}
bool EndToEndRule::accepts(std::string_view text) {
    return is_settlement_id(text, 'E');
}
bool ReturnRule::accepts(std::string_view text) {
    return is_settlement_id(text, 'D');
}
bool RefundRule::accepts(std::string_view text) {
    return alphanumeric_between(text, 1, kTxidMax);
}
bool IspbRule::accepts(std::string_view text) {
    return text.size() == kIspbSize &&
           std::ranges::all_of(text, [](char c) { return is_digit(c) || is_upper(c); });
}

bool is_payment_txid(std::string_view text) {
    return alphanumeric_between(text, 1, kTxidMax);
}

EndToEndId make_end_to_end_id(const Ispb& payer, Timestamp moment, Entropy& entropy) {
    return made<EndToEndId>(settlement_id('E', payer, moment, entropy));
}
ReturnId make_return_id(const Ispb& returner, Timestamp moment, Entropy& entropy) {
    return made<ReturnId>(settlement_id('D', returner, moment, entropy));
}

std::string random_alphanumeric(std::size_t length, Entropy& entropy) {
    constexpr std::string_view kAlphabet =
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    // Bytes beyond the last whole alphabet would make the first letters likelier.
    constexpr unsigned kFair = 256 / kAlphabet.size() * kAlphabet.size();
    std::string text;
    std::array<std::uint8_t, 32> bytes{};
    while (text.size() < length) {
        entropy.fill(bytes);
        for (const std::uint8_t byte : bytes) {
            if (byte < kFair && text.size() < length) text += kAlphabet[byte % kAlphabet.size()];
        }
    }
    return text;
}

}  // namespace causeway::connectors::pix
