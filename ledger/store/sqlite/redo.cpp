// SPDX-License-Identifier: Apache-2.0
#include "ledger/store/sqlite/redo.h"

#include <variant>

namespace causeway::ledger::sqlite {

void Redo::add(std::string_view sql, std::span<const Value> values) {
    steps_.push_back({.sql = sql, .first_value = recorded_.size(), .first_byte = bytes_.size()});
    for (const Value& value : values)
        recorded_.push_back(record(value));
}

void Redo::shrink(std::size_t count) {
    if (count >= steps_.size()) return;
    recorded_.resize(steps_[count].first_value);
    bytes_.resize(steps_[count].first_byte);
    steps_.resize(count);
}

std::vector<Value> Redo::values(std::size_t step) const {
    const std::size_t first = steps_[step].first_value;
    const std::size_t last =
        step + 1 < steps_.size() ? steps_[step + 1].first_value : recorded_.size();
    std::vector<Value> values;
    values.reserve(last - first);
    for (std::size_t i = first; i < last; ++i)
        values.push_back(value(recorded_[i]));
    return values;
}

Redo::Recorded Redo::record(const Value& value) {
    const Value::State& state = value.state();
    if (const auto* number = std::get_if<std::int64_t>(&state)) {
        return {.kind = Kind::number, .number = *number, .size = 0};
    }
    if (const auto* text = std::get_if<std::string_view>(&state)) {
        const auto* const data = reinterpret_cast<const std::uint8_t*>(text->data());
        return {.kind = Kind::text, .number = copy(data, text->size()), .size = text->size()};
    }
    if (const auto* bytes = std::get_if<std::span<const std::uint8_t>>(&state)) {
        const std::int64_t start = copy(bytes->data(), bytes->size());
        return {.kind = Kind::bytes, .number = start, .size = bytes->size()};
    }
    return {.kind = Kind::none, .number = 0, .size = 0};
}

Value Redo::value(const Recorded& recorded) const {
    if (recorded.kind == Kind::none) return nullptr;
    if (recorded.kind == Kind::number) return recorded.number;
    const std::uint8_t* const data = bytes_.data() + recorded.number;
    if (recorded.kind == Kind::bytes) return std::span<const std::uint8_t>(data, recorded.size);
    return std::string_view(reinterpret_cast<const char*>(data), recorded.size);
}

std::int64_t Redo::copy(const std::uint8_t* data, std::size_t size) {
    const auto start = static_cast<std::int64_t>(bytes_.size());
    bytes_.insert(bytes_.end(), data, data + size);
    return start;
}

}  // namespace causeway::ledger::sqlite
