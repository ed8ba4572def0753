// SPDX-License-Identifier: Apache-2.0
#include "tests/support/vectors.h"

#include "tests/support/source_folder.h"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

namespace causeway::test {

std::filesystem::path vectors_folder() {
    const char* folder = std::getenv("CAUSEWAY_VECTORS");
    if (folder != nullptr) return folder;
    return std::filesystem::path(source_folder()) / "tests/vectors";
}

std::string text_of(const boost::json::object& object, std::string_view name) {
    const boost::json::value* value = object.if_contains(name);
    if (value == nullptr || !value->is_string()) return {};
    return std::string(value->as_string());
}

std::string scalar_of(const boost::json::object& object, std::string_view name) {
    const boost::json::value* value = object.if_contains(name);
    if (value == nullptr || value->is_null() || value->is_string()) return text_of(object, name);
    return boost::json::serialize(*value);
}

void expect_known(const boost::json::object& object,
                  std::initializer_list<std::string_view> known) {
    for (const auto& member : object) {
        const std::string_view key = member.key();
        if (member.value().is_null() || std::ranges::find(known, key) != known.end()) continue;
        ADD_FAILURE() << "a member that this test does not know: " << key;
    }
}

bool either_way(const boost::json::object& line) {
    const boost::json::value* lenient = line.if_contains("lenient_ok");
    return lenient != nullptr && lenient->is_bool() && lenient->as_bool();
}

}  // namespace causeway::test
