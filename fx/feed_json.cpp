// SPDX-License-Identifier: Apache-2.0
//
// {"base": ..., "date": ..., "rates": {...}}. A reader of its own, because a JSON library turns a
// number into binary floating point before anybody can see its digits.
//
// Source: RFC 8259; of strings only those without escapes mean something here.
#include "fx/feed_parts.h"
#include "fx/printable.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <vector>

namespace causeway::fx {
namespace {

using ledger::Currency;

constexpr int kDepthMax = 16;

struct Token {
    std::string_view text;  // of a string without its quotes
    std::int64_t line = 0;
    bool is_string = false;
};

std::string_view without_digits(std::string_view text) {
    return text.substr(std::min(text.find_first_not_of("0123456789"), text.size()));
}

// RFC 8259, section 6.
bool is_number(std::string_view text) {
    if (text.starts_with('-')) text.remove_prefix(1);
    std::string_view rest = text.starts_with('0') ? text.substr(1) : without_digits(text);
    if (rest.size() == text.size()) return false;
    if (rest.starts_with('.')) {
        const std::string_view fraction = rest.substr(1);
        rest = without_digits(fraction);
        if (rest.size() == fraction.size()) return false;
    }
    if (rest.empty()) return true;
    if (rest.front() != 'e' && rest.front() != 'E') return false;
    rest.remove_prefix(1);
    if (rest.starts_with('+') || rest.starts_with('-')) rest.remove_prefix(1);
    return !rest.empty() && without_digits(rest).empty();
}

bool is_value(std::string_view text) {
    return text == "true" || text == "false" || text == "null" || is_number(text);
}

// Walks over the text; every method leaves it behind what it read.
class Scanner {
  public:
    explicit Scanner(std::string_view text) : text_(text) {}

    [[nodiscard]] std::int64_t line() const { return line_; }
    [[nodiscard]] Error fail(std::string_view what) const {
        return wrong_at({.line = line_}, what);
    }

    /// The next character that is no space, which stays; NUL at the end.
    char peek() {
        while (!text_.empty() &&
               std::string_view(" \t\r\n").find(text_[0]) != std::string_view::npos)
            advance();
        return text_.empty() ? '\0' : text_[0];
    }
    bool at_end() {
        peek();
        return text_.empty();
    }
    bool take(char wanted) {
        if (peek() != wanted) return false;
        advance();
        return true;
    }
    Result<void> expect(char wanted) {
        if (take(wanted)) return {};
        if (text_.empty()) return fail("the JSON is cut");
        return fail(std::string("the JSON is not well-formed: '") + wanted + "' is missing");
    }

    Result<Token> string() {
        const Result<void> opened = expect('"');
        if (!opened) return opened.error();
        const std::string_view start = text_;
        bool escaped = false;
        while (!text_.empty() && (escaped || text_[0] != '"')) {
            if (static_cast<unsigned char>(text_[0]) < 0x20) {
                return fail("the JSON is not well-formed: a control character in a string");
            }
            escaped = !escaped && text_[0] == '\\';
            advance();
        }
        if (text_.empty()) return fail("the JSON is cut");
        const Token token{start.substr(0, start.size() - text_.size()), line_, true};
        advance();
        return token;
    }

    /// A number, true, false or null: what is no string and has no parts.
    Result<Token> word() {
        peek();
        const std::size_t end = std::min(
            text_.find_first_not_of("+-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuv"
                                    "wxyz"),
            text_.size());
        if (text_.empty()) return fail("the JSON is cut");
        if (end == 0) return fail("the JSON is not well-formed: a value is missing");
        const Token token{text_.substr(0, end), line_, false};
        if (!is_value(token.text)) {
            return fail("the JSON is not well-formed: a word that is no value");
        }
        text_.remove_prefix(end);
        return token;
    }

    Result<Token> string_or_word() { return peek() == '"' ? string() : word(); }

    /// Walks over a value of any kind.
    Result<void> skip(int depth = 0) {
        const char first = peek();
        if (first != '{' && first != '[') {
            const Result<Token> token = string_or_word();
            return token ? Result<void>() : Result<void>(token.error());
        }
        if (depth == kDepthMax) return fail("the JSON is nested too deeply");
        const char close = first == '{' ? '}' : ']';
        advance();
        if (take(close)) return {};
        do {
            const Result<void> inner = skip_member(first == '{', depth);
            if (!inner) return inner;
        } while (take(','));
        return expect(close);
    }

  private:
    Result<void> skip_member(bool has_name, int depth) {
        if (has_name) {
            const Result<Token> name = string();
            if (!name) return name.error();
            Result<void> colon = expect(':');
            if (!colon) return colon;
        }
        return skip(depth + 1);
    }
    void advance() {
        if (text_[0] == '\n') ++line_;
        text_.remove_prefix(1);
    }

    std::string_view text_;
    std::int64_t line_ = 1;
};

// A decimal number that may have an exponent: 6.1e-05.
Result<Decimal> number_in(const Token& token) {
    const std::size_t mark =
        token.is_string ? std::string_view::npos : token.text.find_first_of("eE");
    Result<Decimal> value = Decimal::parse(token.text.substr(0, mark));
    if (!value || mark == std::string_view::npos) return value;
    std::string_view digits = token.text.substr(mark + 1);
    if (digits.starts_with('+')) digits.remove_prefix(1);
    int exponent = 0;
    const auto [end, failed] =
        std::from_chars(digits.data(), digits.data() + digits.size(), exponent);
    const bool read = failed == std::errc{} && end == digits.data() + digits.size();
    if (!read || exponent < -Decimal::kScaleMax || exponent > Decimal::kScaleMax) {
        return Error(ErrorCode::invalid_argument,
                     "'" + printable(token.text) + "' is not a decimal number");
    }
    const int scale = value->scale() - exponent;
    const Int128 mantissa = Int128{value->mantissa()} * power_of_ten(std::max(-scale, 0));
    if (mantissa >= power_of_ten(Decimal::kDigitsMax)) {
        return Error(ErrorCode::invalid_argument, "has more than 18 digits");
    }
    return Decimal::from_parts(static_cast<std::int64_t>(mantissa), std::max(scale, 0));
}

struct Members {
    std::optional<Token> base;
    std::optional<Token> date;
    std::optional<std::vector<std::pair<Token, Token>>> rates;
};

Result<std::vector<std::pair<Token, Token>>> read_rates(Scanner& scanner) {
    std::vector<std::pair<Token, Token>> rates;
    const Result<void> opened = scanner.expect('{');
    if (!opened) return opened.error();
    if (scanner.take('}')) return rates;
    do {
        const Result<Token> code = scanner.string();
        if (!code) return code.error();
        const Result<void> colon = scanner.expect(':');
        if (!colon) return colon.error();
        const Result<Token> rate = scanner.string_or_word();
        if (!rate) return rate.error();
        rates.emplace_back(*code, *rate);
    } while (scanner.take(','));
    const Result<void> closed = scanner.expect('}');
    if (!closed) return closed.error();
    return rates;
}

Result<void> read_member(Scanner& scanner, Members& members) {
    const Result<Token> name = scanner.string();
    if (!name) return name.error();
    Result<void> colon = scanner.expect(':');
    if (!colon) return colon;
    const bool is_rates = name->text == "rates";
    std::optional<Token>* const plain = name->text == "base"   ? &members.base
                                        : name->text == "date" ? &members.date
                                                               : nullptr;
    if ((is_rates && members.rates) || (plain && *plain)) {
        return scanner.fail("'" + std::string(name->text) + "' occurs twice");
    }
    if (is_rates) {
        Result<std::vector<std::pair<Token, Token>>> rates = read_rates(scanner);
        if (!rates) return rates.error();
        members.rates = *std::move(rates);
        return {};
    }
    if (plain == nullptr) return scanner.skip();
    const Result<Token> value = scanner.string();
    if (!value) return value.error();
    *plain = *value;
    return {};
}

Result<Members> read_members(std::string_view content) {
    if (content.starts_with("\xEF\xBB\xBF")) content.remove_prefix(3);
    Scanner scanner(content);
    Members members;
    const Result<void> opened = scanner.expect('{');
    if (!opened) return opened.error();
    if (!scanner.take('}')) {
        do {
            const Result<void> read = read_member(scanner, members);
            if (!read) return read.error();
        } while (scanner.take(','));
        const Result<void> closed = scanner.expect('}');
        if (!closed) return closed.error();
    }
    if (!scanner.at_end()) return scanner.fail("there is something behind the JSON");
    const char* const missing = !members.base    ? "base"
                                : !members.date  ? "date"
                                : !members.rates ? "rates"
                                                 : nullptr;
    if (missing) return scanner.fail("'" + std::string(missing) + "' is missing");
    return members;
}

}  // namespace

Result<Feed> read_json_feed(std::string_view content, const FeedLimits& limits) {
    const Result<void> fits = check_size(content);
    if (!fits) return fits.error();
    const Result<Members> members = read_members(content);
    if (!members) return members.error();
    const Result<Currency> base = Currency::from_code(members->base->text);
    if (!base) return wrong_at({.line = members->base->line}, "the base is no listed currency");
    const Result<Day> day = parse_day(members->date->text);
    if (!day) return wrong_at({.line = members->date->line}, "the date is no date");
    FeedBuilder builder(*base, limits);
    for (const auto& [code, rate] : *members->rates) {
        if (!Currency::from_code(code.text)) {
            builder.skip();
            continue;
        }
        const Place place{.line = rate.line};
        const Result<Decimal> value = number_in(rate);
        if (!value) {
            return wrong_at(
                place, "the rate of " + printable(code.text, 8) + " " + value.error().detail());
        }
        const Result<void> added = builder.add(*day, code.text, *value, place);
        if (!added) return added.error();
    }
    return builder.take(FeedFormat::json);
}

}  // namespace causeway::fx
