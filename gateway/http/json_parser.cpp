// SPDX-License-Identifier: Apache-2.0
//
// The parsing half of json_reader.h: builds the value and watches over keys and numbers.
#include "gateway/http/json_reader.h"

#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/error.hpp>
#include <boost/json/value_stack.hpp>

#include <algorithm>
#include <cmath>

namespace json = boost::json;

namespace causeway::gateway {
namespace {

using json::error_code;

// What json::basic_parser calls for each thing it finds. Mirrors Boost.JSON's own handler, and
// beyond that keeps the keys of every object that is open.
class Builder {
  public:
    // NOLINTBEGIN(readability-identifier-naming): Boost.JSON looks for these names.
    static constexpr std::size_t max_object_size = json::object::max_size();
    static constexpr std::size_t max_array_size = json::array::max_size();
    static constexpr std::size_t max_key_size = json::string::max_size();
    static constexpr std::size_t max_string_size = json::string::max_size();
    // NOLINTEND(readability-identifier-naming)

    json::value release() { return stack_.release(); }
    [[nodiscard]] const std::optional<FieldError>& refusal() const { return refusal_; }

    bool on_document_begin(error_code&) { return true; }
    bool on_document_end(error_code&) { return true; }

    bool on_object_begin(error_code&) {
        open_.push_back({true, keys_.size(), 0});
        return true;
    }
    bool on_object_end(std::size_t count, error_code& code) {
        if (!keys_differ(code)) return false;
        keys_.resize(open_.back().first_key);
        open_.pop_back();
        stack_.push_object(count);
        return end_value();
    }
    bool on_array_begin(error_code&) {
        open_.push_back({false, keys_.size(), 0});
        return true;
    }
    bool on_array_end(std::size_t count, error_code&) {
        open_.pop_back();
        stack_.push_array(count);
        return end_value();
    }

    bool on_key_part(json::string_view text, std::size_t, error_code&) {
        key_.append(text.data(), text.size());
        stack_.push_chars(text);
        return true;
    }
    bool on_key(json::string_view text, std::size_t, error_code&) {
        key_.append(text.data(), text.size());
        stack_.push_key(text);
        keys_.push_back(std::move(key_));
        key_.clear();
        return true;
    }
    bool on_string_part(json::string_view text, std::size_t, error_code&) {
        stack_.push_chars(text);
        return true;
    }
    bool on_string(json::string_view text, std::size_t, error_code&) {
        stack_.push_string(text);
        return end_value();
    }
    bool on_number_part(json::string_view, error_code&) { return true; }
    bool on_int64(std::int64_t number, json::string_view, error_code&) {
        stack_.push_int64(number);
        return end_value();
    }
    bool on_uint64(std::uint64_t number, json::string_view, error_code&) {
        stack_.push_uint64(number);
        return end_value();
    }
    bool on_double(double number, json::string_view, error_code& code) {
        // 1e999 is within JSON's grammar; as a number it is not one.
        if (!std::isfinite(number)) {
            return refuse(pointer(), "out_of_range", "is not a finite number", code);
        }
        stack_.push_double(number);
        return end_value();
    }
    bool on_bool(bool value, error_code&) {
        stack_.push_bool(value);
        return end_value();
    }
    bool on_null(error_code&) {
        stack_.push_null();
        return end_value();
    }
    bool on_comment_part(json::string_view, error_code&) { return true; }
    bool on_comment(json::string_view, error_code&) { return true; }

  private:
    struct Open {
        bool object;
        std::size_t first_key;  // of this object, in keys_
        std::size_t index;      // of the element that comes next, in an array
    };

    bool end_value() {
        if (!open_.empty()) ++open_.back().index;
        return true;
    }

    // Where the value stands that is being read.
    [[nodiscard]] std::string pointer() const {
        std::string path;
        for (std::size_t depth = 0; depth < open_.size(); ++depth) {
            const Open& open = open_[depth];
            const bool last = depth + 1 == open_.size();
            const std::size_t next = last ? keys_.size() : open_[depth + 1].first_key;
            if (!open.object) {
                path = append_pointer(path, std::to_string(open.index));
            } else if (next > open.first_key) {
                path = append_pointer(path, keys_[next - 1]);
            }
        }
        return path;
    }

    // Sorting at the end costs less than looking for each key among those before it, which
    // would take a body of forty thousand keys a minute.
    bool keys_differ(error_code& code) {
        const auto first = keys_.begin() + static_cast<std::ptrdiff_t>(open_.back().first_key);
        if (keys_.end() - first < 2) return true;
        std::sort(first, keys_.end());
        const auto twin = std::adjacent_find(first, keys_.end());
        if (twin == keys_.end()) return true;
        const std::string key = *twin;
        keys_.resize(open_.back().first_key);
        return refuse(append_pointer(pointer(), key), "duplicate_field", "is there twice", code);
    }

    bool refuse(std::string at, const char* why, const char* detail, error_code& code) {
        refusal_ = FieldError{std::move(at), why, detail};
        code = json::error::exception;
        return false;
    }

    json::value_stack stack_;
    std::vector<Open> open_;
    std::vector<std::string> keys_;
    std::string key_;
    std::optional<FieldError> refusal_;
};

FieldError explain(const error_code& code) {
    if (code == json::error::too_deep) {
        return {"", "too_deep", "The body is nested too deeply."};
    }
    if (code == json::error::extra_data) {
        return {"", "invalid_json", "There is something behind the JSON text."};
    }
    return {"", "invalid_json", "The body is not valid JSON in UTF-8."};
}

}  // namespace

std::variant<json::object, FieldError> read_json_object(std::string_view body,
                                                        const JsonLimits& limits) {
    if (body.size() > limits.bytes_max) {
        return FieldError{"", "too_large", "The body is too large."};
    }
    json::parse_options options;
    options.max_depth = limits.depth_max;
    json::basic_parser<Builder> parser(options);
    error_code code;
    const std::size_t used = parser.write_some(false, body.data(), body.size(), code);
    if (parser.handler().refusal()) return *parser.handler().refusal();
    if (!code && used < body.size()) code = json::error::extra_data;
    if (!code && !parser.done()) code = json::error::incomplete;
    if (code) return explain(code);
    json::value value = parser.handler().release();
    if (!value.is_object()) return FieldError{"", "invalid_type", "The body is not an object."};
    return std::move(value.get_object());
}

}  // namespace causeway::gateway
