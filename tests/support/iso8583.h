// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/card/field_table.h"
#include "connectors/card/message.h"

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>

namespace causeway::test {

/// Chance of one test run. Seeded by rapidcheck, which prints the seed of a failure: its own
/// generators take a second for one message of some thousand characters.
class Dice {
  public:
    explicit Dice(std::uint64_t seed) : engine_(seed) {}

    /// 0 to `count` - 1.
    std::size_t below(std::size_t count) { return static_cast<std::size_t>(engine_() % count); }

    std::string text(std::size_t length, std::string_view alphabet) {
        std::string text;
        while (text.size() < length)
            text += alphabet[below(alphabet.size())];
        return text;
    }

  private:
    std::mt19937_64 engine_;
};

/// Any value that the field table allows for one data element.
inline std::string any_value(Dice& dice, const connectors::card::FieldFormat& format) {
    using connectors::card::Content;
    using connectors::card::Prefix;
    const auto most = static_cast<std::size_t>(format.length_max);
    const std::size_t length = format.prefix == Prefix::fixed ? most : dice.below(most + 1);
    switch (format.content) {
        case Content::n:
        case Content::currency: return dice.text(length, "0123456789");
        case Content::an: return dice.text(length, "09AMZamz");
        case Content::anp: return dice.text(length, "09AMZamz ");
        case Content::ans: return dice.text(length, " 09AMZamz=|~\"\\@#\xa0\xe9\xff");
        case Content::z: return dice.text(length, "0123456789=");
        case Content::xn: return dice.text(1, "CD") + dice.text(length - 1, "0123456789");
        case Content::b:
        case Content::icc: return dice.text(2 * length, "0123456789ABCDEF");
    }
    return {};
}

/// A message with any elements, each with any value its format allows.
inline connectors::card::Message any_message(Dice& dice) {
    connectors::card::Message message;
    message.mti = dice.text(4, "0123456789");
    // Half of them with primary elements only, so that both shapes of the bitmap occur.
    const std::size_t elements = dice.below(2) == 0 ? 63 : 127;
    for (std::size_t i = dice.below(24); i > 0; --i) {
        const int field = 2 + static_cast<int>(dice.below(elements));
        message.fields[field] = any_value(dice, *connectors::card::field_format(field));
    }
    return message;
}

}  // namespace causeway::test
