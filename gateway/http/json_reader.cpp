// SPDX-License-Identifier: Apache-2.0
#include "gateway/http/json_reader.h"

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include <algorithm>

namespace json = boost::json;

namespace causeway::gateway {
namespace {

std::string_view to_std(json::string_view text) {
    return {text.data(), text.size()};
}

// Units: code points. The text is valid UTF-8: the parser saw to it.
std::size_t length_of(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char byte) {
        return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U;
    }));
}

// The shortest card number.
constexpr std::size_t kCardDigitsMin = 12;

bool is_digit(char letter) {
    return letter >= '0' && letter <= '9';
}

std::string at_most(std::size_t count, std::string_view what) {
    return "must have at most " + std::to_string(count) + " " + std::string(what);
}

}  // namespace

std::string append_pointer(std::string_view pointer, std::string_view step) {
    const auto digits = std::count_if(step.begin(), step.end(), is_digit);
    const bool hide = static_cast<std::size_t>(digits) >= kCardDigitsMin;
    std::string path(pointer);
    path += '/';
    for (const char letter : step) {
        if (hide && is_digit(letter)) {
            path += '*';
        } else if (letter == '~') {
            path += "~0";
        } else if (letter == '/') {
            path += "~1";
        } else {
            path += letter;
        }
    }
    return path;
}

ObjectReader::ObjectReader(const json::object& object,
                           std::string pointer,
                           std::vector<FieldError>& errors)
    : object_(&object), pointer_(std::move(pointer)), errors_(&errors), taken_(object.size()) {}

bool ObjectReader::has(std::string_view name) const {
    const json::value* value = object_->if_contains(name);
    return value != nullptr && !value->is_null();
}

const json::value* ObjectReader::take(std::string_view name, Presence presence) {
    const auto found = object_->find(name);
    if (found != object_->end()) {
        taken_[static_cast<std::size_t>(found - object_->begin())] = true;
        if (!found->value().is_null()) return &found->value();
    }
    if (presence == Presence::required) fail(name, "required", "is required");
    return nullptr;
}

const json::array* ObjectReader::take_array(std::string_view name,
                                            Presence presence,
                                            std::size_t count_max) {
    const json::value* value = take(name, presence);
    if (value == nullptr) return nullptr;
    const json::array* array = value->if_array();
    if (array == nullptr) {
        fail(name, "invalid_type", "must be an array");
        return nullptr;
    }
    if (array->size() > count_max) {
        fail(name, "too_many", at_most(count_max, "elements"));
        return nullptr;
    }
    return array;
}

bool ObjectReader::check_text(const std::string& at, std::string_view text, const TextRule& rule) {
    const std::size_t length = length_of(text);
    if (length < rule.length_min) {
        const std::string least = std::to_string(rule.length_min);
        fail_at(at, "too_short", "must have at least " + least + " characters");
        return false;
    }
    if (length > rule.length_max) {
        fail_at(at, "too_long", at_most(rule.length_max, "characters"));
        return false;
    }
    // Not every database can store the character NUL.
    if (text.find('\0') != std::string_view::npos) {
        fail_at(at, "invalid_format", "must not hold the character NUL");
        return false;
    }
    if (rule.accepts && !rule.accepts(text)) {
        const std::string_view form = rule.form.empty() ? "in the documented form" : rule.form;
        fail_at(at, "invalid_format", "must be " + std::string(form));
        return false;
    }
    return true;
}

std::optional<std::string> ObjectReader::text(std::string_view name,
                                              Presence presence,
                                              const TextRule& rule) {
    const json::value* value = take(name, presence);
    if (value == nullptr) return std::nullopt;
    if (!value->is_string()) {
        fail(name, "invalid_type", "must be a string");
        return std::nullopt;
    }
    const std::string_view text = to_std(value->get_string());
    if (!check_text(append_pointer(pointer_, name), text, rule)) return std::nullopt;
    return std::string(text);
}

std::optional<std::int64_t> ObjectReader::integer(std::string_view name,
                                                  Presence presence,
                                                  const IntegerRule& rule) {
    const json::value* value = take(name, presence);
    if (value == nullptr) return std::nullopt;
    if (!value->is_int64() && !value->is_uint64()) {
        // An integer beyond 64 bits comes as a double too, and is refused with it.
        fail(name, "invalid_type", "must be an integer of at most 2^53 - 1");
        return std::nullopt;
    }
    const bool beyond =
        value->is_uint64() || value->get_int64() < rule.min || value->get_int64() > rule.max;
    if (beyond) {
        fail(name,
             "out_of_range",
             "must be from " + std::to_string(rule.min) + " to " + std::to_string(rule.max));
        return std::nullopt;
    }
    return value->get_int64();
}

std::optional<bool> ObjectReader::boolean(std::string_view name, Presence presence) {
    const json::value* value = take(name, presence);
    if (value == nullptr) return std::nullopt;
    if (!value->is_bool()) {
        fail(name, "invalid_type", "must be true or false");
        return std::nullopt;
    }
    return value->get_bool();
}

std::optional<ObjectReader> ObjectReader::object(std::string_view name, Presence presence) {
    const json::value* value = take(name, presence);
    if (value == nullptr) return std::nullopt;
    if (!value->is_object()) {
        fail(name, "invalid_type", "must be an object");
        return std::nullopt;
    }
    return ObjectReader(value->get_object(), append_pointer(pointer_, name), *errors_);
}

std::vector<ObjectReader> ObjectReader::objects(std::string_view name,
                                                Presence presence,
                                                std::size_t count_max) {
    std::vector<ObjectReader> readers;
    const json::array* array = take_array(name, presence, count_max);
    if (array == nullptr) return readers;
    const std::string at = append_pointer(pointer_, name);
    for (std::size_t i = 0; i < array->size(); ++i) {
        const std::string element = append_pointer(at, std::to_string(i));
        if ((*array)[i].is_object()) {
            readers.emplace_back((*array)[i].get_object(), element, *errors_);
        } else {
            fail_at(element, "invalid_type", "must be an object");
        }
    }
    return readers;
}

std::vector<std::string> ObjectReader::texts(std::string_view name,
                                             Presence presence,
                                             std::size_t count_max,
                                             const TextRule& rule) {
    std::vector<std::string> found;
    const json::array* array = take_array(name, presence, count_max);
    if (array == nullptr) return found;
    const std::string at = append_pointer(pointer_, name);
    for (std::size_t i = 0; i < array->size(); ++i) {
        const std::string element = append_pointer(at, std::to_string(i));
        if (!(*array)[i].is_string()) {
            fail_at(element, "invalid_type", "must be a string");
            continue;
        }
        const std::string_view text = to_std((*array)[i].get_string());
        if (check_text(element, text, rule)) found.emplace_back(text);
    }
    return found;
}

StringMap ObjectReader::string_map(std::string_view name, const StringMapRule& rule) {
    StringMap map;
    const json::value* value = take(name, Presence::optional);
    if (value == nullptr) return map;
    const json::object* entries = value->if_object();
    if (entries == nullptr) {
        fail(name, "invalid_type", "must be an object of strings");
        return map;
    }
    if (entries->size() > rule.entries_max) {
        fail(name, "too_many", at_most(rule.entries_max, "entries"));
        return map;
    }
    const std::string at = append_pointer(pointer_, name);
    const TextRule key_rule{.length_max = rule.key_length_max};
    const TextRule value_rule{.length_max = rule.value_length_max, .length_min = 0};
    for (const auto& entry : *entries) {
        const std::string_view key = to_std(entry.key());
        const std::string element = append_pointer(at, key);
        if (!check_text(element, key, key_rule)) continue;
        if (!entry.value().is_string()) {
            fail_at(element, "invalid_type", "must be a string");
            continue;
        }
        const std::string_view text = to_std(entry.value().get_string());
        if (check_text(element, text, value_rule)) map.emplace_back(key, text);
    }
    return map;
}

void ObjectReader::fail(std::string_view name, std::string_view code, std::string_view detail) {
    fail_at(append_pointer(pointer_, name), code, detail);
}

void ObjectReader::fail_at(std::string at, std::string_view code, std::string_view detail) {
    if (errors_->size() >= kFieldErrorsMax) return;
    errors_->push_back({std::move(at), std::string(code), std::string(detail)});
}

void ObjectReader::finish() {
    std::size_t index = 0;
    for (const auto& member : *object_) {
        if (!taken_[index++]) fail(to_std(member.key()), "unknown_field", "is not a known field");
    }
}

}  // namespace causeway::gateway
