// SPDX-License-Identifier: Apache-2.0
#include "gateway/cli/text_table.h"

#include "ledger/money.h"

#include <algorithm>
#include <utility>

namespace causeway::gateway {
namespace {

constexpr std::string_view kGap = "  ";
constexpr unsigned char kDelete = 0x7F;
constexpr unsigned char kContinuationMask = 0xC0;
constexpr unsigned char kContinuation = 0x80;

bool is_control(unsigned char c) {
    return c < ' ' || c == kDelete;
}

// Code points of UTF-8: good enough for names and references.
std::size_t width_of(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
        return (static_cast<unsigned char>(c) & kContinuationMask) != kContinuation;
    }));
}

void append_line(std::string& out,
                 const std::vector<std::string>& cells,
                 const std::vector<TextTable::Column>& columns,
                 const std::vector<std::size_t>& widths) {
    std::string line;
    for (std::size_t i = 0; i < columns.size(); ++i) {
        const std::string padding(widths[i] - width_of(cells[i]), ' ');
        if (i > 0) line += kGap;
        if (columns[i].align == TextTable::Align::right) line += padding;
        line += cells[i];
        if (columns[i].align == TextTable::Align::left) line += padding;
    }
    line.erase(line.find_last_not_of(' ') + 1);
    out += line + "\n";
}

}  // namespace

void TextTable::row(std::vector<std::string> cells) {
    cells.resize(columns_.size());
    for (std::string& cell : cells)
        cell = printable(cell);
    rows_.push_back(std::move(cells));
}

std::string TextTable::to_string() const {
    std::vector<std::string> titles;
    std::vector<std::size_t> widths;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
        titles.push_back(columns_[i].title);
        widths.push_back(width_of(columns_[i].title));
        for (const std::vector<std::string>& cells : rows_)
            widths[i] = std::max(widths[i], width_of(cells[i]));
    }
    std::string out;
    append_line(out, titles, columns_, widths);
    for (const std::vector<std::string>& cells : rows_)
        append_line(out, cells, columns_, widths);
    return out;
}

std::string printable(std::string_view text) {
    std::string out(text);
    for (std::size_t i = 0; i < out.size(); ++i) {
        const auto c = static_cast<unsigned char>(out[i]);
        // U+0080 to U+009F are control characters as well; UTF-8 writes them C2 80 to C2 9F.
        const bool high_control = c == 0xC2 && i + 1 < out.size() &&
                                  (static_cast<unsigned char>(out[i + 1]) & 0xE0) == 0x80;
        if (high_control) out.erase(i, 1);
        if (high_control || is_control(c)) out[i] = '?';
    }
    return out;
}

std::string amount_text(std::int64_t minor_units, const ledger::Currency& currency) {
    const std::string named = ledger::Money(minor_units, currency).to_string();
    return named.substr(currency.code().size() + 1);
}

std::string amount_text(const std::optional<std::int64_t>& minor_units,
                        const ledger::Currency& currency) {
    return minor_units ? amount_text(*minor_units, currency) : "-";
}

}  // namespace causeway::gateway
