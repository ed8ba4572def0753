// SPDX-License-Identifier: Apache-2.0
//
// An ISO 8583:1987 message as fields, before and after the wire.
//
// Values are text as the standard's tables write it: numbers as digits at full length
// ("000000012345"), binary fields (52, 64, 128) and DE55 as upper-case hexadecimal of their bytes,
// track 2 with '='. Which bytes they become is the dialect's business; see dialect.h and codec.h.
#pragma once

#include <map>
#include <string>

namespace causeway::connectors::card {

/// The message type indicator and the data elements by number, 2 to 128 (1 is the codec's own).
///
/// Contains card numbers: never logged as it is; see codec.h for what may be shown.
struct Message {
    std::string mti;  ///< Four digits.
    std::map<int, std::string> fields;

    [[nodiscard]] bool has(int field) const { return fields.contains(field); }
    /// The field's text; empty when it is absent.
    [[nodiscard]] std::string get(int field) const {
        const auto at = fields.find(field);
        return at == fields.end() ? std::string() : at->second;
    }

    friend bool operator==(const Message&, const Message&) = default;
};

}  // namespace causeway::connectors::card
