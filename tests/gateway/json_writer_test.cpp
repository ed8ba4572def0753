// SPDX-License-Identifier: Apache-2.0
#include "gateway/json_writer.h"

#include <boost/json/serialize.hpp>
#include <boost/json/string.hpp>
#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <rapidcheck/gtest.h>
#include <string>
#include <string_view>
#include <vector>

namespace causeway::gateway {
namespace {

RC_GTEST_PROP(JsonWriter, QuotesAsBoostDoes, (const std::vector<std::uint8_t>& letters)) {
    std::string text;
    for (const std::uint8_t letter : letters)
        text += static_cast<char>(letter & 0x7FU);
    std::string quoted;
    append_quoted(quoted, text);
    RC_ASSERT(quoted == boost::json::serialize(boost::json::string(text)));
}

TEST(JsonWriter, LeavesLettersBeyondAsciiAsTheyAre) {
    std::string quoted;
    append_quoted(quoted, "Köln €");
    EXPECT_EQ(quoted, "\"Köln €\"");
}

TEST(JsonWriter, PutsCommasBetweenAndNowhereElse) {
    JsonWriter out;
    out.begin_object();
    out.name("empty").begin_array();
    out.end_array();
    out.name("inner").begin_object();
    out.name("a").number(-1);
    out.name("b").boolean(true);
    out.end_object();
    out.name("list").begin_array();
    out.text("x");
    out.null();
    out.begin_object();
    out.end_object();
    out.raw("{}");
    out.end_array();
    out.end_object();
    EXPECT_EQ(out.take(), R"({"empty":[],"inner":{"a":-1,"b":true},"list":["x",null,{},{}]})");
}

TEST(JsonWriter, WritesNothingThereAsNull) {
    JsonWriter out;
    out.begin_array();
    out.text_or_null(std::optional<std::string>());
    out.text_or_null(std::optional<std::string>(""));
    out.text_or_null(std::string_view());
    out.id_or_null("pay", std::nullopt);
    out.end_array();
    EXPECT_EQ(out.take(), R"([null,"",null,null])");
}

}  // namespace
}  // namespace causeway::gateway
