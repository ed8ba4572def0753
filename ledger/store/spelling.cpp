// SPDX-License-Identifier: Apache-2.0
#include "ledger/store/spelling.h"

#include <algorithm>
#include <cctype>

namespace causeway::ledger {
namespace {

bool is_word(char letter) {
    return std::isalnum(static_cast<unsigned char>(letter)) != 0 || letter == '_';
}

bool stands_alone(std::string_view sql, std::size_t at, std::string_view word) {
    if (!is_word(word.front())) return true;
    const std::size_t end = at + word.size();
    return (at == 0 || !is_word(sql[at - 1])) && (end == sql.size() || !is_word(sql[end]));
}

}  // namespace

std::string respelt(std::string_view sql, std::span<const Spelling> spellings) {
    std::string text;
    for (std::size_t at = 0; at < sql.size();) {
        const auto found = std::ranges::find_if(spellings, [&](const Spelling& spelling) {
            return sql.substr(at).starts_with(spelling.ours) &&
                   stands_alone(sql, at, spelling.ours);
        });
        if (found == spellings.end()) {
            text += sql[at++];
        } else {
            text += found->theirs;
            at += found->ours.size();
        }
    }
    return text;
}

}  // namespace causeway::ledger
