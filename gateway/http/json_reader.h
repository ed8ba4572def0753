// SPDX-License-Identifier: Apache-2.0
//
// Reads the bodies of API requests, strictly, and says for every field what is wrong with it.
//
// Boost.JSON by itself keeps the last of two equal keys and turns an integer that is too large
// into a double. Both have moved money in other systems: here the first is refused while
// parsing, the second wherever an integer is read.
#pragma once

#include <boost/json/object.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace causeway::gateway {

/// The largest integer that every JSON reader reads alike, 2^53 - 1. Source: RFC 8259 section 6.
inline constexpr std::int64_t kJsonIntegerMax = 9'007'199'254'740'991;

/// No more errors than these are told of one body.
inline constexpr std::size_t kFieldErrorsMax = 50;

/// `code` is API: invalid_json, too_large, too_deep, duplicate_field, required, invalid_type,
/// out_of_range, too_short, too_long, invalid_format, unknown_value, too_many, unknown_field.
struct FieldError {
    std::string pointer;  ///< JSON pointer into the body. Source: RFC 6901.
    std::string code;
    std::string detail;  ///< For the merchant's developer; never repeats what was sent.

    friend bool operator==(const FieldError&, const FieldError&) = default;
};

/// `pointer` and one more step, escaped. The digits of a step that could hide a card number are
/// shown as '*': pointers are stored and logged, and whoever mistook the number for a name may
/// not have it written down here.
[[nodiscard]] std::string append_pointer(std::string_view pointer, std::string_view step);

struct JsonLimits {
    std::size_t bytes_max = 262'144;
    std::size_t depth_max = 32;
};

/// Reads a body that is one object and nothing behind it, in valid UTF-8, no key twice.
[[nodiscard]] std::variant<boost::json::object, FieldError> read_json_object(
    std::string_view body, const JsonLimits& limits = {});

enum class Presence { required, optional };

struct TextRule {
    // Units: Unicode code points.
    std::size_t length_max = 255;
    std::size_t length_min = 1;
    std::function<bool(std::string_view)> accepts = {};  ///< Empty: any text will do.
    std::string_view form = {};  ///< What accepts() wants, as in "must be {a currency code}".
};

struct IntegerRule {
    std::int64_t min = -kJsonIntegerMax;
    std::int64_t max = kJsonIntegerMax;
};

struct StringMapRule {
    std::size_t entries_max = 50;
    std::size_t key_length_max = 40;  ///< Units: Unicode code points, as the next.
    std::size_t value_length_max = 500;
};

using StringMap = std::vector<std::pair<std::string, std::string>>;  ///< In the body's order.

/// Takes the fields of one object, one by one, and collects what is wrong with them. A field
/// that is null counts as absent. A function returns nothing when the field is absent or wrong;
/// which of the two, `errors` tells.
///
///     ObjectReader body(object, "", errors);
///     const auto amount = body.integer("amount", Presence::required, {.min = 1});
///     body.finish();
///     if (!errors.empty()) ...
///
/// Lifetime: the object and `errors` outlive it.
class ObjectReader {
  public:
    ObjectReader(const boost::json::object& object,
                 std::string pointer,
                 std::vector<FieldError>& errors);

    /// Whether the field is there and not null. Does not count as having read it.
    [[nodiscard]] bool has(std::string_view name) const;

    std::optional<std::string> text(std::string_view name,
                                    Presence presence,
                                    const TextRule& rule = {});
    /// A double is refused, however whole it looks.
    std::optional<std::int64_t> integer(std::string_view name,
                                        Presence presence,
                                        const IntegerRule& rule = {});
    std::optional<bool> boolean(std::string_view name, Presence presence);
    std::optional<ObjectReader> object(std::string_view name, Presence presence);
    /// Each element must be an object; those that are not are reported and left out.
    std::vector<ObjectReader> objects(std::string_view name,
                                      Presence presence,
                                      std::size_t count_max);
    std::vector<std::string> texts(std::string_view name,
                                   Presence presence,
                                   std::size_t count_max,
                                   const TextRule& rule = {});
    /// An object whose values are all strings, such as metadata; empty when absent.
    StringMap string_map(std::string_view name, const StringMapRule& rule = {});

    /// A text out of a closed list.
    template <class Enum>
    std::optional<Enum> one_of(std::string_view name,
                               Presence presence,
                               std::span<const std::pair<std::string_view, Enum>> values) {
        const auto spelt = text(name, presence);
        if (!spelt) return std::nullopt;
        for (const auto& [spelling, value] : values) {
            if (spelling == *spelt) return value;
        }
        fail(name, "unknown_value", "is not one of the values listed in the documentation");
        return std::nullopt;
    }

    /// Reports a field for a reason of the caller's own.
    void fail(std::string_view name, std::string_view code, std::string_view detail);

    /// Reports every field that nobody asked for. Call last, on nested readers too.
    void finish();

    [[nodiscard]] const std::string& pointer() const noexcept { return pointer_; }

  private:
    const boost::json::value* take(std::string_view name, Presence presence);
    const boost::json::array* take_array(std::string_view name,
                                         Presence presence,
                                         std::size_t count_max);
    bool check_text(const std::string& pointer, std::string_view text, const TextRule& rule);
    void fail_at(std::string pointer, std::string_view code, std::string_view detail);

    const boost::json::object* object_;
    std::string pointer_;
    std::vector<FieldError>* errors_;
    std::vector<bool> taken_;
};

}  // namespace causeway::gateway
