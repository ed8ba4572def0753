// SPDX-License-Identifier: Apache-2.0
#include "ledger/store/database.h"

#include <algorithm>

namespace causeway::ledger {

bool Row::holds(int column, ColumnType /*type*/) const {
    return !is_null(column);
}

Uuid Row::uuid(int column) const {
    Uuid id;
    const std::span<const std::uint8_t> found = bytes(column);
    if (found.size() == id.bytes.size()) std::ranges::copy(found, id.bytes.begin());
    return id;
}

std::optional<Uuid> Row::maybe_uuid(int column) const {
    if (is_null(column)) return std::nullopt;
    return uuid(column);
}

std::optional<std::string> Row::maybe_text(int column) const {
    if (is_null(column)) return std::nullopt;
    return std::string(text(column));
}

std::optional<std::int64_t> Row::maybe_integer(int column) const {
    if (is_null(column)) return std::nullopt;
    return integer(column);
}

std::optional<Timestamp> Row::maybe_moment(int column) const {
    if (is_null(column)) return std::nullopt;
    return moment(column);
}

Result<void> Database::copy_to(const std::string&) {
    return Error(ErrorCode::invalid_argument, "this engine keeps no file that could be copied");
}

void Participant::begin_batch(Transaction&, std::span<const Hint* const>) {}

void Participant::foresee(std::span<const Hint* const>) const {}

void Participant::before_close(Transaction&) {}

}  // namespace causeway::ledger
