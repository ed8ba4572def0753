// SPDX-License-Identifier: Apache-2.0
//
// Vectors that other people's programs agreed on, one JSON object a line. CAUSEWAY_VECTORS names
// another folder of such files to hold the same code against.
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

namespace causeway::test {

std::filesystem::path vectors_folder();

/// Calls `check(line)` for each line of each file "`prefix`*.jsonl", and returns how many there
/// were. `check` reports by gtest; each line's id stands in the trace.
template <class Check>
int for_each_vector(std::string_view prefix, Check check) {
    int lines = 0;
    for (const auto& entry : std::filesystem::directory_iterator(vectors_folder())) {
        const std::string name = entry.path().filename().string();
        if (!name.starts_with(prefix) || !name.ends_with(".jsonl")) continue;
        std::ifstream file(entry.path());
        std::string text;
        while (std::getline(file, text)) {
            if (text.empty()) continue;
            const boost::json::value value = boost::json::parse(text);
            const boost::json::object& line = value.as_object();
            SCOPED_TRACE(std::string(line.at("id").as_string()));
            check(line);
            ++lines;
        }
    }
    return lines;
}

/// A member of `object` as text; empty if it is not there or null.
std::string text_of(const boost::json::object& object, std::string_view name);

/// Either verdict on this line is as good as the other.
bool either_way(const boost::json::object& line);

}  // namespace causeway::test
