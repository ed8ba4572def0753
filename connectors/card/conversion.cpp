// SPDX-License-Identifier: Apache-2.0
#include "connectors/card/conversion.h"

#include <algorithm>
#include <charconv>
#include <cstdint>

namespace causeway::connectors::card {
namespace {

constexpr std::size_t kRateDigits = 7;

bool all_digits(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

std::string_view without_leading_zeros(std::string_view digits) {
    return digits.substr(std::min(digits.find_first_not_of('0'), digits.size()));
}

// The elements of one side of the message.
struct Side {
    int amount;
    int rate;
    int currency;
};
constexpr Side kSettlement{.amount = 5, .rate = 9, .currency = 50};
constexpr Side kBilling{.amount = 6, .rate = 10, .currency = 51};

std::int64_t number_of(const std::string& digits) {
    std::int64_t number = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), number);
    return number;
}

std::string element(int field) {
    return "DE" + std::to_string(field);
}

Result<ToldAmount> read_side(const Message& answer, Side side) {
    const auto wrong = [](std::string why) {
        return Error(ErrorCode::invalid_argument, std::move(why));
    };
    for (const int field : {side.amount, side.rate, side.currency}) {
        if (!answer.has(field)) return wrong(element(field) + " is missing");
    }
    const std::string code = answer.get(side.currency);
    const auto currency = ledger::Currency::from_numeric(static_cast<int>(number_of(code)));
    if (!currency) return wrong(element(side.currency) + ": " + code + " is no currency");
    Result<std::string> rate = read_rate(answer.get(side.rate));
    if (!rate) return wrong(element(side.rate) + ": " + rate.error().detail());
    const std::int64_t amount = number_of(answer.get(side.amount));
    if (amount == 0) return wrong(element(side.amount) + " is zero");
    return ToldAmount{.amount = ledger::Money(amount, *currency), .rate = *std::move(rate)};
}

void take(const Message& answer, Side side, std::optional<ToldAmount>& out, std::string& fault) {
    if (!answer.has(side.amount) && !answer.has(side.rate)) return;
    Result<ToldAmount> told = read_side(answer, side);
    if (told) {
        out.emplace(*std::move(told));
        return;
    }
    if (!fault.empty()) fault += "; ";
    fault += told.error().detail();
}

}  // namespace

Result<std::string> read_rate(std::string_view digits) {
    const Error wrong(ErrorCode::invalid_argument, "a rate is eight digits, not zero");
    if (digits.size() != kRateDigits + 1 || !all_digits(digits)) return wrong;
    const auto decimals = static_cast<std::size_t>(digits.front() - '0');
    digits.remove_prefix(1);
    if (without_leading_zeros(digits).empty()) return wrong;
    std::string padded(decimals >= kRateDigits ? decimals - kRateDigits + 1 : 0, '0');
    padded += digits;
    const std::size_t whole = padded.size() - decimals;
    std::string rate(without_leading_zeros(std::string_view(padded).substr(0, whole)));
    if (rate.empty()) rate = "0";
    return decimals == 0 ? rate : rate + "." + padded.substr(whole);
}

Result<std::string> write_rate(std::string_view rate) {
    const Error wrong(ErrorCode::invalid_argument, "a rate is up to seven digits, above zero");
    const std::size_t point = rate.find('.');
    const std::string_view whole = rate.substr(0, point);
    const std::string_view fraction =
        point == std::string_view::npos ? std::string_view() : rate.substr(point + 1);
    const bool dangles = point != std::string_view::npos && fraction.empty();
    if (whole.empty() || dangles || !all_digits(whole) || !all_digits(fraction)) return wrong;
    const std::string together = std::string(whole).append(fraction);
    const std::string_view digits = without_leading_zeros(together);
    if (digits.empty() || digits.size() > kRateDigits || fraction.size() > 9) return wrong;
    return std::to_string(fraction.size()) + std::string(kRateDigits - digits.size(), '0') +
           std::string(digits);
}

std::optional<Conversion> read_conversion(const Message& answer) {
    Conversion told;
    take(answer, kSettlement, told.settlement, told.fault);
    take(answer, kBilling, told.billing, told.fault);
    if (!told.settlement && !told.billing && told.fault.empty()) return std::nullopt;
    return told;
}

}  // namespace causeway::connectors::card
