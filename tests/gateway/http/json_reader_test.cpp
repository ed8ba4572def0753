// SPDX-License-Identifier: Apache-2.0
#include "gateway/http/json_reader.h"

#include "tests/support/case_name.h"

#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <gtest/gtest.h>

#include <array>
#include <ostream>
#include <rapidcheck/gtest.h>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace json = boost::json;

namespace causeway::gateway {
namespace {

std::string repeat(std::string_view text, int times) {
    std::string all;
    for (int i = 0; i < times; ++i)
        all += text;
    return all;
}

struct BodyCase {
    std::string name;
    std::string body;
    std::string pointer;
    std::string code;
};

std::ostream& operator<<(std::ostream& out, const BodyCase& c) {
    return out << c.name;
}

class RefusedBody : public testing::TestWithParam<BodyCase> {};

TEST_P(RefusedBody, IsRefusedAtItsPlace) {
    const BodyCase& c = GetParam();
    const auto read = read_json_object(c.body);
    const auto* error = std::get_if<FieldError>(&read);
    ASSERT_NE(error, nullptr);
    EXPECT_EQ(error->pointer, c.pointer);
    EXPECT_EQ(error->code, c.code);
    EXPECT_FALSE(error->detail.empty());
}

const std::vector<BodyCase> kRefusedBodies{
    {"Empty", "", "", "invalid_json"},
    {"Blank", "  ", "", "invalid_json"},
    {"CutOff", R"({"a":1)", "", "invalid_json"},
    {"CutOffInAString", R"({"a":"b)", "", "invalid_json"},
    {"TrailingData", R"({"a":1} {"b":2})", "", "invalid_json"},
    {"TrailingComma", R"({"a":1,})", "", "invalid_json"},
    {"TrailingNul", std::string("{}\0", 3), "", "invalid_json"},
    {"Comment", R"({/* */"a":1})", "", "invalid_json"},
    {"SingleQuotes", "{'a':1}", "", "invalid_json"},
    {"LeadingZero", R"({"a":01})", "", "invalid_json"},
    {"PlusSign", R"({"a":+1})", "", "invalid_json"},
    {"NotANumber", R"({"a":NaN})", "", "invalid_json"},
    {"Infinite", R"({"a":{"b":[0,1e999]}})", "/a/b/1", "out_of_range"},
    {"ByteOrderMark", "\xEF\xBB\xBF{}", "", "invalid_json"},
    {"BrokenUtf8", "{\"a\":\"\xC3(\"}", "", "invalid_json"},
    {"OverlongUtf8", "{\"a\":\"\xC0\xAF\"}", "", "invalid_json"},
    {"BrokenUtf8Key", "{\"\xFF\":1}", "", "invalid_json"},
    {"Surrogate", "{\"a\":\"\xED\xA0\x80\"}", "", "invalid_json"},
    {"LoneEscapedSurrogate", R"({"a":"\ud800"})", "", "invalid_json"},
    {"RawLineBreak", "{\"a\":\"b\nc\"}", "", "invalid_json"},
    {"Array", "[1]", "", "invalid_type"},
    {"Text", "\"a\"", "", "invalid_type"},
    {"Null", "null", "", "invalid_type"},
    {"TwoKeys", R"({"amount":1,"currency":"EUR","amount":100})", "/amount", "duplicate_field"},
    {"TwoKeysSpeltApart", R"({"amount":1,"\u0061mount":100})", "/amount", "duplicate_field"},
    {"TwoEmptyKeys", R"({"":1,"":2})", "/", "duplicate_field"},
    {"TwoKeysWithin", R"({"x":{"y":[{"a":1},{"b":1,"b":1}]}})", "/x/y/1/b", "duplicate_field"},
    {"TwoKeysEscaped", R"({"a/b":{"~":1,"~":2}})", "/a~1b/~0", "duplicate_field"},
    {"TwoKeysAfterAnObject", R"({"a":{"c":1},"b":2,"a":3})", "/a", "duplicate_field"},
    {"TooDeep", repeat("{\"a\":", 33) + "1" + repeat("}", 33), "", "too_deep"},
    {"MuchTooDeep", "{\"a\":" + repeat("[", 100'000), "", "too_deep"},
    {"TooLarge", "{\"a\":\"" + std::string(262'144, 'x') + "\"}", "", "too_large"},
};

INSTANTIATE_TEST_SUITE_P(JsonReader,
                         RefusedBody,
                         testing::ValuesIn(kRefusedBodies),
                         test::case_name<BodyCase>);

TEST(JsonReader, ReadsWhatIsWithinTheLimits) {
    for (const std::string& body : {std::string("{}"),
                                    std::string(" {\"a\" : [ ] } \r\n"),
                                    std::string(R"({"a":{"b":1},"c":{"b":2},"b":[{"b":3}]})"),
                                    repeat("{\"a\":", 31) + "{}" + repeat("}", 31)}) {
        const auto read = read_json_object(body);
        EXPECT_TRUE(std::holds_alternative<json::object>(read)) << body;
    }
}

// Ten thousand keys in one body must not cost more than reading them.
TEST(JsonReader, ManyKeysCostLittle) {
    std::string body = "{\"k0\":0";
    for (int i = 1; i < 20'000; ++i)
        body += ",\"k" + std::to_string(i) + "\":0";
    const auto read = read_json_object(body + "}");
    ASSERT_TRUE(std::holds_alternative<json::object>(read));
    EXPECT_EQ(std::get<json::object>(read).size(), 20'000U);
}

RC_GTEST_PROP(JsonReader, FindsEveryDuplicateAndNothingElse, ()) {
    const auto keys = *rc::gen::container<std::vector<std::string>>(
        rc::gen::container<std::string>(rc::gen::inRange('a', 'd')));
    std::string body = "{";
    for (const std::string& key : keys)
        body += (body.size() > 1 ? ",\"" : "\"") + key + "\":[{}]";
    const bool all_differ = std::set<std::string>(keys.begin(), keys.end()).size() == keys.size();
    const auto read = read_json_object(body + "}");
    RC_ASSERT(std::holds_alternative<json::object>(read) == all_differ);
}

RC_GTEST_PROP(JsonReader, SurvivesNoise, ()) {
    const auto noise = *rc::gen::container<std::string>(rc::gen::arbitrary<char>());
    std::string body = R"({"a":{"b":[1,"c",null,true,-2.5e3]},"d":"\u00e9"})";
    body.insert(*rc::gen::inRange<std::size_t>(0, body.size()), noise);
    const auto read = read_json_object(body);
    RC_ASSERT(read.index() < 2U);
}

enum class Colour { red, green };
constexpr std::array<std::pair<std::string_view, Colour>, 2> kColours{{
    {"red", Colour::red},
    {"green", Colour::green},
}};

// One reader of every kind, as a handler would write it.
std::vector<FieldError> read_order(const std::string& body) {
    std::vector<FieldError> errors;
    const auto read = read_json_object(body);
    const auto& object = std::get<json::object>(read);
    ObjectReader order(object, "", errors);
    const auto is_upper = [](std::string_view text) { return text == "EUR" || text == "USD"; };
    order.integer("amount", Presence::required, {.min = 1});
    order.text("currency",
               Presence::optional,
               {.length_max = 3, .length_min = 3, .accepts = is_upper, .form = "a currency"});
    order.boolean("capture", Presence::optional);
    order.one_of<Colour>("colour", Presence::optional, kColours);
    order.string_map("metadata", {.entries_max = 3, .key_length_max = 5, .value_length_max = 5});
    order.texts("tags", Presence::optional, 2, {.length_max = 4});
    if (auto card = order.object("card", Presence::optional)) {
        card->text("number", Presence::required);
        card->finish();
    }
    for (ObjectReader& line : order.objects("lines", Presence::optional, 2)) {
        line.integer("quantity", Presence::required);
        line.finish();
    }
    order.finish();
    return errors;
}

class RefusedField : public testing::TestWithParam<BodyCase> {};

TEST_P(RefusedField, IsReportedAtItsPlace) {
    const BodyCase& c = GetParam();
    const std::vector<FieldError> errors = read_order(c.body);
    ASSERT_EQ(errors.size(), 1U);
    EXPECT_EQ(errors[0].pointer, c.pointer);
    EXPECT_EQ(errors[0].code, c.code);
    EXPECT_FALSE(errors[0].detail.empty());
}

const std::vector<BodyCase> kRefusedFields{
    {"Missing", R"({})", "/amount", "required"},
    {"Null", R"({"amount":null})", "/amount", "required"},
    {"TextForInteger", R"({"amount":"100"})", "/amount", "invalid_type"},
    {"DoubleForInteger", R"({"amount":1.5})", "/amount", "invalid_type"},
    {"WholeDouble", R"({"amount":100.0})", "/amount", "invalid_type"},
    {"Exponent", R"({"amount":1e2})", "/amount", "invalid_type"},
    {"BoolForInteger", R"({"amount":true})", "/amount", "invalid_type"},
    {"JustBeyondSafe", R"({"amount":9007199254740992})", "/amount", "out_of_range"},
    {"BeyondInt64", R"({"amount":9223372036854775808})", "/amount", "out_of_range"},
    {"BeyondUint64", R"({"amount":18446744073709551616})", "/amount", "invalid_type"},
    {"Zero", R"({"amount":0})", "/amount", "out_of_range"},
    {"Negative", R"({"amount":-1})", "/amount", "out_of_range"},
    {"ShortText", R"({"amount":1,"currency":"EU"})", "/currency", "too_short"},
    {"LongText", R"({"amount":1,"currency":"EURO"})", "/currency", "too_long"},
    {"OtherText", R"({"amount":1,"currency":"eur"})", "/currency", "invalid_format"},
    {"NumberForText", R"({"amount":1,"currency":978})", "/currency", "invalid_type"},
    {"NumberForBool", R"({"amount":1,"capture":1})", "/capture", "invalid_type"},
    {"OtherColour", R"({"amount":1,"colour":"Red"})", "/colour", "unknown_value"},
    {"TextForMap", R"({"amount":1,"metadata":"a"})", "/metadata", "invalid_type"},
    {"NumberInMap", R"({"amount":1,"metadata":{"a":1}})", "/metadata/a", "invalid_type"},
    {"LongValueInMap", R"({"amount":1,"metadata":{"a":"123456"}})", "/metadata/a", "too_long"},
    {"LongKeyInMap", R"({"amount":1,"metadata":{"123456":""}})", "/metadata/123456", "too_long"},
    {"EmptyKeyInMap", R"({"amount":1,"metadata":{"":"a"}})", "/metadata/", "too_short"},
    {"NulInMap", R"({"amount":1,"metadata":{"a":"\u0000"}})", "/metadata/a", "invalid_format"},
    {"FullMap",
     R"({"amount":1,"metadata":{"a":"","b":"","c":"","d":""}})",
     "/metadata",
     "too_many"},
    {"ManyTags", R"({"amount":1,"tags":["a","b","c"]})", "/tags", "too_many"},
    {"NumberInTags", R"({"amount":1,"tags":["a",2]})", "/tags/1", "invalid_type"},
    {"LongTag", R"({"amount":1,"tags":["abcde"]})", "/tags/0", "too_long"},
    {"TextForTags", R"({"amount":1,"tags":"a"})", "/tags", "invalid_type"},
    {"TextForObject", R"({"amount":1,"card":"4111"})", "/card", "invalid_type"},
    {"MissingWithin", R"({"amount":1,"card":{}})", "/card/number", "required"},
    {"UnknownWithin",
     R"({"amount":1,"card":{"number":"1","cvv":"1"}})",
     "/card/cvv",
     "unknown_field"},
    {"MissingInLine",
     R"({"amount":1,"lines":[{"quantity":1},{}]})",
     "/lines/1/quantity",
     "required"},
    {"TextForLine", R"({"amount":1,"lines":["a"]})", "/lines/0", "invalid_type"},
    {"Unknown", R"({"amount":1,"ammount":2})", "/ammount", "unknown_field"},
    {"UnknownNull", R"({"amount":1,"x":null})", "/x", "unknown_field"},
    {"UnknownEscaped", R"({"amount":1,"a/b~c":2})", "/a~1b~0c", "unknown_field"},
};

INSTANTIATE_TEST_SUITE_P(JsonReader,
                         RefusedField,
                         testing::ValuesIn(kRefusedFields),
                         test::case_name<BodyCase>);

TEST(JsonReader, TakesEveryKindOfField) {
    EXPECT_EQ(read_order(R"({"amount":9007199254740991,"currency":"EUR","capture":false,
                             "colour":"green","metadata":{"a":"","b":"éüñçö"},"tags":["a"],
                             "card":{"number":"1"},"lines":[{"quantity":-1}]})"),
              std::vector<FieldError>{});
    EXPECT_EQ(read_order(R"({"amount":1,"currency":null,"metadata":null,"card":null})"),
              std::vector<FieldError>{});
}

TEST(JsonReader, HandsOutWhatWasSent) {
    std::vector<FieldError> errors;
    const auto read =
        read_json_object(R"({"n":-5,"t":"é","b":true,"c":"red","m":{"z":"1","a":"2"}})");
    ObjectReader reader(std::get<json::object>(read), "", errors);
    EXPECT_TRUE(reader.has("n"));
    EXPECT_EQ(reader.integer("n", Presence::required), -5);
    EXPECT_EQ(reader.text("t", Presence::required, {.length_max = 1}), "é");
    EXPECT_EQ(reader.boolean("b", Presence::required), true);
    EXPECT_EQ(reader.one_of<Colour>("c", Presence::required, kColours), Colour::red);
    EXPECT_EQ(reader.string_map("m"), (StringMap{{"z", "1"}, {"a", "2"}}));
    EXPECT_FALSE(reader.text("absent", Presence::optional));
    reader.finish();
    EXPECT_TRUE(errors.empty());
}

// A developer wants to hear of all mistakes at once, but not of forty thousand.
TEST(JsonReader, ReportsAllMistakesUpToALimit) {
    EXPECT_EQ(read_order(R"({"amount":0,"capture":1,"colour":2,"x":3})").size(), 4U);
    std::string body = "{\"amount\":1";
    for (int i = 0; i < 1000; ++i)
        body += ",\"k" + std::to_string(i) + "\":0";
    EXPECT_EQ(read_order(body + "}").size(), kFieldErrorsMax);
}

// Answers are stored with their idempotency keys: a card number sent as a member's name would end
// up in the database.
TEST(JsonReader, HidesWhatCouldBeACardNumber) {
    EXPECT_EQ(append_pointer("/card", "4242424242424242"), "/card/****************");
    EXPECT_EQ(append_pointer("/card", "4242 4242-4242"), "/card/**** ****-****");
    EXPECT_EQ(append_pointer("/metadata", "order_12345678901"), "/metadata/order_12345678901");
}

}  // namespace
}  // namespace causeway::gateway
