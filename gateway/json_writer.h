// SPDX-License-Identifier: Apache-2.0
//
// Writes JSON into one string, member by member: no document is built first.
//
// It trusts its caller with the form: a name for every value in an object, an
// end for every beginning. The bytes are those that Boost.JSON would write.
#pragma once

#include "ledger/id.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace causeway::gateway {

/// Appends `text` as a JSON string. Requires UTF-8.
void append_quoted(std::string& out, std::string_view text);

class JsonWriter {
  public:
    explicit JsonWriter(std::size_t reserved = 512) { out_.reserve(reserved); }

    void begin_object() { begin('{'); }
    void end_object() { end('}'); }
    void begin_array() { begin('['); }
    void end_array() { end(']'); }

    /// Requires a name of ours, without anything that JSON escapes.
    JsonWriter& name(std::string_view name);

    void text(std::string_view text);
    void text_or_null(const std::optional<std::string>& text);
    /// An empty text becomes null.
    void text_or_null(std::string_view text);
    void id(std::string_view prefix, const Uuid& id);
    void id_or_null(std::string_view prefix, const std::optional<Uuid>& id);
    void number(std::int64_t number);
    void boolean(bool yes) { raw(yes ? "true" : "false"); }
    void null() { raw("null"); }
    /// Requires JSON.
    void raw(std::string_view json);

    [[nodiscard]] std::string take() { return std::exchange(out_, {}); }

  private:
    void begin(char bracket);
    void end(char bracket);
    void separate();

    std::string out_;
    bool first_ = true;
};

}  // namespace causeway::gateway
