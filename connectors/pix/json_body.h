// SPDX-License-Identifier: Apache-2.0
//
// Reads the JSON bodies of the Pix API field by field, and says for each what is wrong with it in
// the API's own manner: a property such as "cob.valor.original" and a reason.
//
// Fields that are not known are passed over: providers add their own. A key that is there twice is
// refused, for two readers would see two amounts.
#pragma once

#include "ledger/clock.h"
#include "ledger/result.h"

#include <boost/json/object.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace causeway::connectors::pix {

/// What is wrong with one property. `value` may hold personal data: it goes to whoever sent it and
/// never into a log.
struct Violation {
    std::string property;
    std::string reason;
    std::string value = {};

    friend bool operator==(const Violation&, const Violation&) = default;
};

/// One object and nothing behind it, no key twice.
///
/// Errors: `invalid_argument`.
[[nodiscard]] Result<boost::json::object> read_json_object(std::string_view body);

/// "2026-11-22T12:05:59.358Z", in milliseconds as the API writes moments.
[[nodiscard]] std::string moment_text(Timestamp moment);

/// Units: Unicode code points.
[[nodiscard]] std::size_t text_length(std::string_view utf8) noexcept;

/// The spellings of an enumeration.
template <class Enum, std::size_t kCount>
using Spellings = std::array<std::pair<std::string_view, Enum>, kCount>;

template <class Enum, std::size_t kCount>
[[nodiscard]] std::string_view spell(const Spellings<Enum, kCount>& spellings, Enum value) {
    for (const auto& [text, it] : spellings) {
        if (it == value) return text;
    }
    return {};
}

enum class Need { required, optional };

struct TextForm {
    std::size_t length_max = 0;  ///< Units: Unicode code points. 0: any length.
    bool (*accepts)(std::string_view) = nullptr;
    std::string_view form = {};  ///< What accepts() wants.
};

/// Takes the fields of one object. A field that is null counts as absent; a function returns
/// nothing when the field is absent or wrong, and the violations tell which.
///
/// Lifetime: the object and `violations` outlive it.
class BodyReader {
  public:
    BodyReader(const boost::json::object& object,
               std::string path,
               std::vector<Violation>& violations)
        : object_(&object), path_(std::move(path)), violations_(&violations) {}

    [[nodiscard]] bool has(std::string_view name) const;

    std::optional<std::string> text(std::string_view name, Need need, const TextForm& form = {});
    std::optional<std::int64_t> integer(std::string_view name,
                                        Need need,
                                        std::pair<std::int64_t, std::int64_t> range);
    std::optional<bool> boolean(std::string_view name, Need need);
    /// Units: centavos, or hundredths of a percent where the API has those.
    std::optional<std::int64_t> amount(std::string_view name, Need need);
    std::optional<Timestamp> moment(std::string_view name, Need need);
    std::optional<Day> day(std::string_view name, Need need);
    std::optional<BodyReader> object(std::string_view name, Need need);
    std::vector<BodyReader> objects(std::string_view name, Need need, std::size_t count_max);

    template <class Enum, std::size_t kCount>
    std::optional<Enum> one_of(std::string_view name,
                               Need need,
                               const Spellings<Enum, kCount>& spellings) {
        const auto spelt = text(name, need);
        if (!spelt) return std::nullopt;
        for (const auto& [spelling, value] : spellings) {
            if (spelling == *spelt) return value;
        }
        fail(name, "is not one of the values of the API");
        return std::nullopt;
    }

    /// For members that are empty when absent.
    void into(std::string& to, std::string_view name, Need need, const TextForm& form = {});

    void fail(std::string_view name, std::string_view reason);

  private:
    const boost::json::value* take(std::string_view name, Need need);

    const boost::json::object* object_;
    std::string path_;
    std::vector<Violation>* violations_;
};

/// Reads a whole body with its read_body(BodyReader&, T&).
///
/// Errors: `invalid_argument` that names the first property that is wrong.
template <class T>
[[nodiscard]] Result<T> parse_body(std::string_view text, std::string_view name) {
    const auto object = read_json_object(text);
    if (!object) return object.error();
    std::vector<Violation> violations;
    BodyReader in(*object, std::string(name), violations);
    T body;
    read_body(in, body);
    if (violations.empty()) return body;
    return Error(ErrorCode::invalid_argument,
                 violations.front().property + ": " + violations.front().reason);
}

}  // namespace causeway::connectors::pix
