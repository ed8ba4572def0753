// SPDX-License-Identifier: Apache-2.0
#include "ledger/store/tables.h"

#include <algorithm>
#include <cctype>
#include <stdexcept>
#include <string_view>

namespace causeway::ledger {
namespace {

[[noreturn]] void refuse(std::string_view what, std::string_view sql) {
    throw std::logic_error(std::string(what) + ": " + std::string(sql.substr(0, 80)));
}

// Words, and each other sign by itself. Comments and white space are left out.
std::vector<std::string_view> tokens_of(std::string_view sql) {
    const auto is_word = [](char letter) {
        return std::isalnum(static_cast<unsigned char>(letter)) != 0 || letter == '_';
    };
    std::vector<std::string_view> tokens;
    for (std::size_t at = 0; at < sql.size();) {
        std::size_t end = at + 1;
        if (sql.substr(at).starts_with("--")) {
            end = std::min(sql.find('\n', at), sql.size());
        } else if (sql.substr(at).starts_with("/*")) {
            const std::size_t close = sql.find("*/", at);
            end = close == std::string_view::npos ? sql.size() : close + 2;
        } else if (sql[at] == '\'') {
            end = std::min(sql.find('\'', at + 1), sql.size() - 1) + 1;
            tokens.push_back(sql.substr(at, end - at));
        } else if (is_word(sql[at])) {
            while (end < sql.size() && is_word(sql[end]))
                ++end;
            tokens.push_back(sql.substr(at, end - at));
        } else if (std::isspace(static_cast<unsigned char>(sql[at])) == 0) {
            tokens.push_back(sql.substr(at, 1));
        }
        at = end;
    }
    return tokens;
}

using Tokens = std::span<const std::string_view>;

bool begins(Tokens tokens, std::initializer_list<std::string_view> words) {
    return tokens.size() >= words.size() && std::equal(words.begin(), words.end(), tokens.begin());
}

// Cuts at `sign`, but not inside parentheses.
std::vector<Tokens> cut(Tokens tokens, std::string_view sign) {
    std::vector<Tokens> parts;
    int depth = 0;
    std::size_t start = 0;
    for (std::size_t at = 0; at <= tokens.size(); ++at) {
        if (at == tokens.size() || (depth == 0 && tokens[at] == sign)) {
            parts.push_back(tokens.subspan(start, at - start));
            start = at + 1;
        } else if (tokens[at] == "(") {
            ++depth;
        } else if (tokens[at] == ")") {
            --depth;
        }
    }
    return parts;
}

// What stands between the first parenthesis and its partner.
Tokens inside(Tokens tokens) {
    const auto open = std::ranges::find(tokens, "(");
    int depth = 0;
    for (auto at = open; at != tokens.end(); ++at) {
        depth += *at == "(" ? 1 : 0;
        depth -= *at == ")" ? 1 : 0;
        if (depth == 0) return {open + 1, at};
    }
    refuse("a parenthesis is not closed", tokens.front());
}

ColumnType type_of(std::string_view word) {
    if (word == "BIGINT" || word == "ROWKEY") return ColumnType::number;
    if (word == "TEXT") return ColumnType::text;
    if (word == "BYTES") return ColumnType::bytes;
    refuse("a type that engines do not share", word);
}

void add_column(Table& table, Tokens item) {
    if (item.size() < 2) refuse("a column without a type", table.name);
    table.columns.push_back({.name = std::string(item[0]), .type = type_of(item[1])});
    const bool is_key = item[1] == "ROWKEY" || std::ranges::find(item, "PRIMARY") != item.end();
    if (is_key) table.key.emplace_back(item[0]);
}

Table new_table(std::string_view name, Tokens body) {
    Table table{.name = std::string(name), .columns = {}, .key = {}};
    for (const Tokens item : cut(body, ",")) {
        if (begins(item, {"UNIQUE"}) || begins(item, {"CHECK"})) continue;
        if (begins(item, {"PRIMARY", "KEY"})) {
            for (const Tokens column : cut(inside(item), ","))
                table.key.emplace_back(column.front());
        } else {
            add_column(table, item);
        }
    }
    if (table.key.empty()) refuse("a table without a primary key", name);
    return table;
}

void apply(std::vector<Table>& tables, Tokens statement) {
    const auto named = [&](std::string_view name) {
        const auto found = std::ranges::find(tables, name, &Table::name);
        if (found == tables.end()) refuse("there is no table", name);
        return found;
    };
    if (begins(statement, {"CREATE", "TABLE"})) {
        tables.push_back(new_table(statement[2], inside(statement)));
    } else if (begins(statement, {"DROP", "TABLE"})) {
        tables.erase(named(statement[2]));
    } else if (begins(statement, {"ALTER", "TABLE"}) &&
               begins(statement.subspan(3), {"ADD", "COLUMN"})) {
        add_column(*named(statement[2]), statement.subspan(5));
    } else if (!begins(statement, {"CREATE", "INDEX"}) && !begins(statement, {"INSERT"}) &&
               !begins(statement, {"CREATE", "UNIQUE", "INDEX"}) &&
               !begins(statement, {"DROP", "INDEX"}) && !begins(statement, {"UPDATE"}) &&
               !begins(statement, {"DELETE"})) {
        refuse("a statement that tells of no table", statement.front());
    }
}

}  // namespace

std::vector<Table> tables_of(std::span<const Migration> migrations) {
    std::vector<Table> tables;
    for (const Migration& step : migrations) {
        const std::vector<std::string_view> tokens = tokens_of(step.sql);
        for (const Tokens statement : cut(tokens, ";")) {
            if (!statement.empty()) apply(tables, statement);
        }
    }
    return tables;
}

}  // namespace causeway::ledger
