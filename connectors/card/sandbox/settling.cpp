// SPDX-License-Identifier: Apache-2.0
#include "connectors/card/sandbox/settling.h"

#include "connectors/card/conversion.h"

#include <charconv>
#include <cstdint>
#include <utility>

namespace causeway::connectors::card::sandbox {
namespace {

Error wrong(std::string_view text) {
    return Error(ErrorCode::invalid_argument,
                 "\"" + std::string(text) + "\" is not [ACCOUNT:]FROM=TO@RATE");
}

std::int64_t power_of_ten(int exponent) {
    std::int64_t power = 1;
    for (; exponent > 0; --exponent)
        power *= 10;
    return power;
}

std::int64_t digits_of(const std::string& rate) {
    std::int64_t digits = 0;
    std::from_chars(rate.data() + 1, rate.data() + rate.size(), digits);
    return digits;
}

}  // namespace

Result<SettlingRule> parse_settling_rule(std::string_view text) {
    const std::size_t colon = text.find(':');
    const std::string_view account =
        colon == std::string_view::npos ? std::string_view() : text.substr(0, colon);
    const std::string_view pair = colon == std::string_view::npos ? text : text.substr(colon + 1);
    if (pair.size() < 9 || pair[3] != '=' || pair[7] != '@') return wrong(text);
    const auto from = ledger::Currency::from_code(pair.substr(0, 3));
    const auto to = ledger::Currency::from_code(pair.substr(4, 3));
    Result<std::string> rate = write_rate(pair.substr(8));
    if (!from || !to || !rate || *from == *to) return wrong(text);
    return SettlingRule{.account = std::string(account),
                        .from = *from,
                        .settling = {.currency = *to, .rate = *std::move(rate)}};
}

const Settling* find_settling(std::span<const SettlingRule> rules,
                              std::string_view account,
                              std::string_view numeric_currency) {
    for (const SettlingRule& rule : rules) {
        const bool fits = rule.account.empty() || rule.account == account;
        if (fits && rule.from.numeric_text() == numeric_currency) return &rule.settling;
    }
    return nullptr;
}

std::string settling_text(const Settling& settling) {
    return std::string(settling.currency.code()) + "@" + settling.rate;
}

Result<Settling> parse_settling(std::string_view text) {
    if (text.size() != 12 || text[3] != '@') return wrong(text);
    const auto currency = ledger::Currency::from_code(text.substr(0, 3));
    const std::string rate(text.substr(4));
    if (!currency || !read_rate(rate)) return wrong(text);
    return Settling{.currency = *currency, .rate = rate};
}

Result<ledger::Money> settle(const ledger::Money& amount, const Settling& settling) {
    const int decimals = settling.rate.front() - '0' + amount.currency().exponent();
    const Result<ledger::Money> converted =
        amount.scale(digits_of(settling.rate) * power_of_ten(settling.currency.exponent()),
                     power_of_ten(decimals),
                     ledger::Rounding::half_even);
    if (!converted) return converted.error();
    return ledger::Money(converted->minor_units(), settling.currency);
}

Settling worse_than(const Settling& settling) {
    Settling worse = settling;
    const std::string digits = std::to_string(digits_of(settling.rate) * 99 / 100);
    worse.rate.replace(1, worse.rate.size() - 1, std::string(7 - digits.size(), '0') + digits);
    return worse;
}

}  // namespace causeway::connectors::card::sandbox
