// SPDX-License-Identifier: Apache-2.0
#include "ledger/store/statement.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <stdexcept>
#include <string>

namespace causeway::ledger {
namespace {

bool same_letter(char a, char b) {
    return std::toupper(static_cast<unsigned char>(a)) == b;
}

bool begins_with(std::string_view sql, std::string_view word) {
    const std::size_t start = sql.find_first_not_of(" \n\t\r");
    const std::string_view rest = sql.substr(std::min(start, sql.size()));
    return rest.size() > word.size() &&
           std::equal(word.begin(), word.end(), rest.begin(), [](char ours, char theirs) {
               return same_letter(theirs, ours);
           });
}

// Behind the text or the name in quotes that begins at `at`.
std::size_t behind_quoted(std::string_view sql, std::size_t at) {
    const std::size_t end = sql.find(sql[at], at + 1);
    return end == std::string_view::npos ? sql.size() : end + 1;
}

}  // namespace

void refuse(std::string_view why, std::string_view sql) {
    throw std::logic_error(std::string(why) + ": " + std::string(sql.substr(0, 200)));
}

bool only_reads(std::string_view sql) noexcept {
    return begins_with(sql, "SELECT");
}

int parameters_of(std::string_view sql) {
    constexpr std::array<std::string_view, 5> kWords{
        "SELECT", "INSERT", "UPDATE", "DELETE", "WITH"};
    if (std::ranges::none_of(kWords, [sql](auto word) { return begins_with(sql, word); })) {
        refuse("no statement for a body", sql);
    }
    int last = 0;
    for (std::size_t at = 0; at < sql.size();) {
        if (sql[at] == '\'' || sql[at] == '"') {
            at = behind_quoted(sql, at);
            continue;
        }
        if (sql[at++] != '$') continue;
        int number = 0;
        for (; at < sql.size() && sql[at] >= '0' && sql[at] <= '9' && number < 1000; ++at)
            number = number * 10 + (sql[at] - '0');
        if (number < 1 || number > last + 1) {
            refuse("parameters are $1, $2, ... in order of first use", sql);
        }
        last = std::max(last, number);
    }
    return last;
}

}  // namespace causeway::ledger
