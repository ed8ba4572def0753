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
#include <exception>
#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <string>
#include <string_view>

namespace causeway::test {

std::filesystem::path vectors_folder();

/// A member of `object` as text; empty if it is not there or null.
std::string text_of(const boost::json::object& object, std::string_view name);

/// The same of a member that some writers make a number.
std::string scalar_of(const boost::json::object& object, std::string_view name);

/// Calls `check(line)` for each line of each file "`prefix`*.jsonl", and returns how many there
/// were. `check` reports by gtest; each line's id stands in the trace. What a line throws is its
/// own failure: the lines behind it are checked all the same.
template <class Check>
int for_each_vector(std::string_view prefix, Check check) {
    int lines = 0;
    for (const auto& entry : std::filesystem::directory_iterator(vectors_folder())) {
        const std::string name = entry.path().filename().string();
        if (!name.starts_with(prefix) || !name.ends_with(".jsonl")) continue;
        std::ifstream file(entry.path());
        std::string text;
        for (int number = 1; std::getline(file, text); ++number) {
            if (text.empty()) continue;
            SCOPED_TRACE(name + " line " + std::to_string(number));
            ++lines;
            try {
                const boost::json::value value = boost::json::parse(text);
                const boost::json::object& line = value.as_object();
                SCOPED_TRACE(text_of(line, "id"));
                check(line);
            } catch (const std::exception& thrown) {
                ADD_FAILURE() << "nothing can be said of this line: " << thrown.what();
            }
        }
    }
    return lines;
}

/// Fails for a member that is not null and not in `known`, which a check would pass over.
void expect_known(const boost::json::object& object, std::initializer_list<std::string_view> known);

/// Either verdict on this line is as good as the other.
bool either_way(const boost::json::object& line);

}  // namespace causeway::test
