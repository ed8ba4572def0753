// SPDX-License-Identifier: Apache-2.0
//
// The record tables of the three banks, as data. A table says of every column of a record what
// picture it has, what the writer puts there unless told otherwise, and which role it plays;
// `Layout` is how the rest of the codec looks into them. A table that does not tile its record
// without gap or overlap does not compile.
#pragma once

#include "connectors/boleto/cnab/role.h"

#include <array>
#include <cstddef>
#include <span>
#include <string_view>

namespace causeway::connectors::cnab {

/// COBOL's picture: `9(11)V9(2)` is thirteen digits, two of them decimals; `X(25)` is text.
struct Picture {
    bool numeric = false;
    int length = 0;
    int decimals = 0;
};

/// Reads "9(11)V9(2)", "9(4)" or "X(25)"; the length is 0 when `text` is none of these.
[[nodiscard]] constexpr Picture parse_picture(std::string_view text) noexcept {
    Picture picture{.numeric = !text.empty() && text.front() == '9'};
    int number = 0;
    bool decimals = false;
    for (const char c : text) {
        if (c == 'V') decimals = true;
        if (c == '(') number = 0;
        if (c >= '0' && c <= '9') number = number * 10 + (c - '0');
        if (c != ')') continue;
        picture.length += number;
        if (decimals) picture.decimals = number;
    }
    return picture;
}

/// One row of a table. Columns count from 1, as the manuals do, and `last` belongs to the field.
struct Field {
    // Without a designated initializer: two hundred rows read better as a table.
    constexpr Field(int from,
                    int to,
                    std::string_view picture_text,
                    std::string_view key_text,
                    Role role_played = Role::none,
                    std::string_view fixed_text = {})
        : key(key_text),
          fixed(fixed_text),
          first(from),
          last(to),
          picture(parse_picture(picture_text)),
          role(role_played) {}

    [[nodiscard]] constexpr int length() const noexcept { return last - first + 1; }

    std::string_view key;    ///< The manual's name, for error messages.
    std::string_view fixed;  ///< What is written unless a value is put; empty: zeros or blanks.
    int first;
    int last;
    Picture picture;
    Role role;
};

/// True when the fields cover 1..length in order and every picture is as long as its columns.
[[nodiscard]] constexpr bool tiles(std::span<const Field> fields, int length) noexcept {
    int next = 1;
    for (const Field& field : fields) {
        if (field.first != next || field.length() != field.picture.length) return false;
        if (static_cast<int>(field.fixed.size()) > field.length()) return false;
        next = field.last + 1;
    }
    return next == length + 1;
}

enum class Direction { remessa, retorno };

/// What a line is. CNAB 400 has no batches, and its title is one line; CNAB 240 spreads a title
/// over `title` + `payer` [+ `terms`] (P, Q, R) or `title` + `settlement` (T, U).
enum class RecordKind {
    header,
    batch_header,
    title,
    payer,
    terms,
    fine,
    pix,
    settlement,
    batch_trailer,
    trailer,
};

struct RecordLayout {
    constexpr RecordLayout(RecordKind record_kind,
                           bool remessa_has,
                           bool retorno_has,
                           std::span<const Field> record_fields)
        : kind(record_kind),
          in_remessa(remessa_has),
          in_retorno(retorno_has),
          fields(record_fields) {
        for (std::size_t i = 0; i < fields.size(); ++i) {
            auto& slot = by_role[static_cast<std::size_t>(fields[i].role)];
            if (slot == 0) slot = static_cast<std::uint8_t>(i + 1);
        }
    }

    /// The field that plays `role`; nullptr when this record has none.
    [[nodiscard]] constexpr const Field* field(Role role) const noexcept {
        const auto slot = by_role[static_cast<std::size_t>(role)];
        return role == Role::none || slot == 0 ? nullptr : &fields[slot - 1U];
    }

    [[nodiscard]] constexpr bool serves(Direction direction) const noexcept {
        return direction == Direction::remessa ? in_remessa : in_retorno;
    }

    RecordKind kind;
    bool in_remessa;
    bool in_retorno;
    std::span<const Field> fields;
    std::array<std::uint8_t, static_cast<std::size_t>(Role::count_of_roles)> by_role{};
};

/// A trailer field that counts the titles with one of some occurrences.
struct Tally {
    Role count;
    std::string_view occurrences;  ///< Two characters each: "0910".
};

enum class LayoutId { itau400, bradesco400, bb240 };

struct Layout {
    LayoutId id;
    std::string_view name;  ///< "cnab400-itau", as in settings and errors.
    std::string_view bank;  ///< COMPE code, three digits.
    int record_length;
    bool ends_with_sub;  ///< A file of this bank ends with 0x1A.
    std::span<const RecordLayout> records;
    std::span<const Tally> tallies;

    // How a fine, an interest and a discount say that they are an amount and a percentage, one
    // character each. A blank: not offered. Empty: there is no column for it, an amount is meant.
    std::string_view fine_codes;
    std::string_view interest_codes;
    std::string_view discount_codes;

    /// A seu número of digits alone travels with zeros in front, and is read without.
    bool pads_documents;

    /// The table of `kind`; nullptr when files of this direction have no such record.
    [[nodiscard]] const RecordLayout* find(Direction direction, RecordKind kind) const noexcept;

    /// The table for `line` by its record type and segment; nullptr when it is none of ours.
    ///
    /// Requires `line` to be `record_length` bytes.
    [[nodiscard]] const RecordLayout* classify(Direction direction,
                                               std::string_view line) const noexcept;

    [[nodiscard]] bool has_batches() const noexcept {
        return find(Direction::retorno, RecordKind::batch_header) != nullptr;
    }
};

[[nodiscard]] const Layout& itau400() noexcept;
[[nodiscard]] const Layout& bradesco400() noexcept;
[[nodiscard]] const Layout& bb240() noexcept;

[[nodiscard]] const Layout& layout_of(LayoutId id) noexcept;

/// By name; nullptr when there is no such layout.
[[nodiscard]] const Layout* find_layout(std::string_view name) noexcept;

}  // namespace causeway::connectors::cnab
