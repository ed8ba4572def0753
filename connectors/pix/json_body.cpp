// SPDX-License-Identifier: Apache-2.0
#include "connectors/pix/json_body.h"

#include "connectors/pix/amount.h"
#include "connectors/pix/tlv.h"

#include <boost/json/array.hpp>
#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <set>

namespace causeway::connectors::pix {
namespace {

namespace json = boost::json;
using json::error_code;

constexpr std::size_t kDepthMax = 32;

// Walks a text only to see whether a key is there twice, which Boost.JSON would not tell.
class KeyWatch {
  public:
    // NOLINTBEGIN(readability-identifier-naming): Boost.JSON looks for these names.
    static constexpr std::size_t max_object_size = json::object::max_size();
    static constexpr std::size_t max_array_size = json::array::max_size();
    static constexpr std::size_t max_key_size = json::string::max_size();
    static constexpr std::size_t max_string_size = json::string::max_size();
    // NOLINTEND(readability-identifier-naming)

    bool on_document_begin(error_code&) { return true; }
    bool on_document_end(error_code&) { return true; }
    bool on_object_begin(error_code&) {
        open_.emplace_back();
        return true;
    }
    bool on_object_end(std::size_t, error_code&) {
        open_.pop_back();
        return true;
    }
    bool on_array_begin(error_code&) { return true; }
    bool on_array_end(std::size_t, error_code&) { return true; }
    bool on_key_part(json::string_view part, std::size_t, error_code&) {
        key_.append(part.data(), part.size());
        return true;
    }
    bool on_key(json::string_view part, std::size_t, error_code& code) {
        key_.append(part.data(), part.size());
        if (!open_.back().insert(std::exchange(key_, {})).second) {
            code = json::error::exception;
            return false;
        }
        return true;
    }
    bool on_string_part(json::string_view, std::size_t, error_code&) { return true; }
    bool on_string(json::string_view, std::size_t, error_code&) { return true; }
    bool on_number_part(json::string_view, error_code&) { return true; }
    bool on_int64(std::int64_t, json::string_view, error_code&) { return true; }
    bool on_uint64(std::uint64_t, json::string_view, error_code&) { return true; }
    bool on_double(double, json::string_view, error_code&) { return true; }
    bool on_bool(bool, error_code&) { return true; }
    bool on_null(error_code&) { return true; }
    bool on_comment_part(json::string_view, error_code&) { return true; }
    bool on_comment(json::string_view, error_code&) { return true; }

  private:
    std::vector<std::set<std::string>> open_;
    std::string key_;
};

}  // namespace

Result<json::object> read_json_object(std::string_view body) {
    const Error wrong(ErrorCode::invalid_argument, "the body is not one JSON object");
    json::parse_options options;
    options.max_depth = kDepthMax;
    json::basic_parser<KeyWatch> watch(options);
    error_code code;
    const std::size_t used = watch.write_some(false, body.data(), body.size(), code);
    if (code == json::error::exception) {
        return Error(ErrorCode::invalid_argument, "the body has a key twice");
    }
    if (code || used != body.size() || !watch.done()) return wrong;
    json::value value = json::parse(json::string_view(body), code, {}, options);
    if (code || !value.is_object()) return wrong;
    return std::move(value.get_object());
}

std::string moment_text(Timestamp moment) {
    const auto whole = std::chrono::floor<std::chrono::seconds>(moment);
    const auto rest = std::chrono::duration_cast<std::chrono::milliseconds>(moment - whole).count();
    std::string text = to_rfc3339(moment);
    text.pop_back();
    const std::string digits = std::to_string(rest);
    return text + "." + std::string(3 - digits.size(), '0') + digits + "Z";
}

std::size_t text_length(std::string_view utf8) noexcept {
    return character_count(utf8);
}

bool BodyReader::has(std::string_view name) const {
    const json::value* value = object_->if_contains(json::string_view(name));
    return value != nullptr && !value->is_null();
}

const json::value* BodyReader::take(std::string_view name, Need need) {
    const json::value* value = object_->if_contains(json::string_view(name));
    if (value != nullptr && !value->is_null()) return value;
    if (need == Need::required) fail(name, "is missing");
    return nullptr;
}

void BodyReader::fail(std::string_view name, std::string_view reason) {
    violations_->push_back({path_ + "." + std::string(name), std::string(reason)});
}

std::optional<std::string> BodyReader::text(std::string_view name,
                                            Need need,
                                            const TextForm& form) {
    const json::value* value = take(name, need);
    if (value == nullptr) return std::nullopt;
    if (!value->is_string()) {
        fail(name, "must be a string");
        return std::nullopt;
    }
    std::string text(value->get_string());
    if (form.length_max > 0 && text_length(text) > form.length_max) {
        fail(name, "must have at most " + std::to_string(form.length_max) + " characters");
        return std::nullopt;
    }
    if (form.accepts != nullptr && !form.accepts(text)) {
        fail(name, "must be " + std::string(form.form));
        return std::nullopt;
    }
    return text;
}

std::optional<std::int64_t> BodyReader::integer(std::string_view name,
                                                Need need,
                                                std::pair<std::int64_t, std::int64_t> range) {
    const json::value* value = take(name, need);
    if (value == nullptr) return std::nullopt;
    if (!value->is_int64()) {
        fail(name, "must be an integer");
        return std::nullopt;
    }
    if (value->get_int64() < range.first || value->get_int64() > range.second) {
        fail(name,
             "must be " + std::to_string(range.first) + " to " + std::to_string(range.second));
        return std::nullopt;
    }
    return value->get_int64();
}

std::optional<bool> BodyReader::boolean(std::string_view name, Need need) {
    const json::value* value = take(name, need);
    if (value == nullptr) return std::nullopt;
    if (value->is_bool()) return value->get_bool();
    fail(name, "must be true or false");
    return std::nullopt;
}

std::optional<std::int64_t> BodyReader::amount(std::string_view name, Need need) {
    const auto spelt = text(name, need);
    if (!spelt) return std::nullopt;
    const auto amount = parse_amount(*spelt);
    if (amount) return *amount;
    fail(name, amount.error().detail());
    return std::nullopt;
}

std::optional<Timestamp> BodyReader::moment(std::string_view name, Need need) {
    const auto spelt = text(name, need);
    if (!spelt) return std::nullopt;
    const auto moment = parse_rfc3339(*spelt);
    if (moment) return *moment;
    fail(name, "must be a date and time of RFC 3339");
    return std::nullopt;
}

std::optional<Day> BodyReader::day(std::string_view name, Need need) {
    const auto spelt = text(name, need);
    if (!spelt) return std::nullopt;
    const auto day = parse_day(*spelt);
    if (day) return *day;
    fail(name, "must be a day, YYYY-MM-DD");
    return std::nullopt;
}

std::optional<BodyReader> BodyReader::object(std::string_view name, Need need) {
    const json::value* value = take(name, need);
    if (value == nullptr) return std::nullopt;
    if (value->is_object()) {
        return BodyReader(value->get_object(), path_ + "." + std::string(name), *violations_);
    }
    fail(name, "must be an object");
    return std::nullopt;
}

std::vector<BodyReader> BodyReader::objects(std::string_view name,
                                            Need need,
                                            std::size_t count_max) {
    std::vector<BodyReader> found;
    const json::value* value = take(name, need);
    if (value == nullptr) return found;
    if (!value->is_array() || value->get_array().size() > count_max) {
        fail(name, "must be a list of at most " + std::to_string(count_max));
        return found;
    }
    for (const json::value& it : value->get_array()) {
        const std::string step = std::string(name) + "[" + std::to_string(found.size()) + "]";
        if (!it.is_object()) {
            fail(step, "must be an object");
            return found;
        }
        found.emplace_back(it.get_object(), path_ + "." + step, *violations_);
    }
    return found;
}

void BodyReader::into(std::string& to, std::string_view name, Need need, const TextForm& form) {
    if (auto found = text(name, need, form)) to = *std::move(found);
}

}  // namespace causeway::connectors::pix
