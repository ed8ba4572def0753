// SPDX-License-Identifier: Apache-2.0
//
// Codes and identifiers that other people's packages made and judged. Any folder of such files
// can be held against ours: CAUSEWAY_VECTORS names it.
#include "connectors/pix/amount.h"
#include "connectors/pix/br_code.h"
#include "connectors/pix/crc16.h"
#include "tests/support/pix_bodies.h"
#include "tests/support/source_folder.h"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <string_view>

namespace causeway::connectors::pix {
namespace {

namespace json = boost::json;
namespace fs = std::filesystem;

std::string text(const json::object& object, std::string_view name) {
    const json::value* value = object.if_contains(name);
    return value != nullptr && value->is_string() ? std::string(value->as_string()) : "";
}

CodeMerchant merchant_of(const json::object& input) {
    return {.name = text(input, "merchant_name"), .city = text(input, "merchant_city")};
}

void check_written(const BrCode& code, const std::string& payload) {
    const auto written = write_br_code(code);
    ASSERT_TRUE(written) << written.error().detail();
    EXPECT_EQ(*written, payload);
    const auto read = read_br_code(payload);
    ASSERT_TRUE(read) << read.error().detail();
    EXPECT_TRUE(*read == code);
}

void check_static(const json::object& input, const json::object& expect) {
    StaticCode code{.key = *PixKey::parse(text(input, "key")),
                    .merchant = merchant_of(input),
                    .info = text(input, "description")};
    if (!text(input, "amount").empty()) code.amount = *parse_amount(text(input, "amount"));
    if (!text(input, "txid").empty()) code.txid = *StaticTxid::parse(text(input, "txid"));
    check_written(code, text(expect, "payload"));
}

void check_dynamic(const json::object& input, const json::object& expect) {
    check_written(DynamicCode{*PayloadUrl::parse(text(input, "url")), merchant_of(input), {}},
                  text(expect, "payload"));
}

void check_recurrence(const json::object& input, const json::object& expect) {
    if (!text(input, "payload").empty()) {
        EXPECT_TRUE(read_br_code(text(input, "payload")));
        return;
    }
    const CodeMerchant merchant{.name = text(input, "name"), .city = text(input, "city")};
    const auto recurrence = *PayloadUrl::parse(text(input, "urlRec"));
    if (text(input, "url").empty()) {
        check_written(RecurrenceCode{recurrence, merchant}, text(expect, "payload"));
    } else {
        check_written(DynamicCode{*PayloadUrl::parse(text(input, "url")), merchant, recurrence},
                      text(expect, "payload"));
    }
}

void check_key(const json::object& input, const json::object& expect) {
    const auto key = PixKey::parse(text(input, "key"));
    ASSERT_EQ(key.has_value(), expect.at("valid").as_bool());
    if (key && expect.contains("type")) {
        EXPECT_EQ(to_string(key->kind()), text(expect, "type"));
    }
}

bool accepts(std::string_view kind, const std::string& value) {
    if (kind == "txid_cob") return TxidRule::accepts(value);
    if (kind == "txid_static") return value == "***" || StaticTxidRule::accepts(value);
    if (kind == "e2eid") return EndToEndRule::accepts(value);
    if (kind == "rtrid") return ReturnRule::accepts(value);
    if (kind == "devolucao_id") return RefundRule::accepts(value);
    if (kind == "valor") return parse_amount(value).has_value();
    if (kind == "validate") return read_br_code(value).has_value();
    throw std::runtime_error("a kind of vector that nobody checks: " + std::string(kind));
}

void check_line(const json::object& line) {
    SCOPED_TRACE(text(line, "id"));
    const std::string kind = text(line, "kind");
    const json::object& input = line.at("input").as_object();
    const json::object& expect = line.at("expect").as_object();
    if (kind == "static") return check_static(input, expect);
    if (kind == "dynamic") return check_dynamic(input, expect);
    if (kind == "recurrence") return check_recurrence(input, expect);
    if (kind == "key") return check_key(input, expect);
    if (kind == "crc16") {
        EXPECT_EQ(crc16_text(text(input, "ascii")), text(expect, "value"));
        return;
    }
    const bool accepted =
        kind == "api_body" ? test::reads_pix_body(text(input, "schema"), input.at("body"))
                           : accepts(kind, text(input, kind == "validate" ? "payload" : "value"));
    // Where the sources disagree either verdict is right, as long as there is one.
    const json::value* lenient = line.if_contains("lenient_ok");
    if (lenient != nullptr && lenient->is_bool() && lenient->as_bool()) return;
    EXPECT_EQ(accepted, expect.at("valid").as_bool()) << text(expect, "why");
}

fs::path vectors_folder() {
    const char* folder = std::getenv("CAUSEWAY_VECTORS");
    return folder != nullptr ? fs::path(folder) : fs::path(test::source_folder()) / "tests/vectors";
}

TEST(PixVectors, AgreesWithOtherPeoplesPackages) {
    int lines = 0;
    for (const auto& entry : fs::directory_iterator(vectors_folder())) {
        const std::string name = entry.path().filename().string();
        if (!name.starts_with("pix-") || !name.ends_with(".jsonl")) continue;
        std::ifstream file(entry.path());
        for (std::string line; std::getline(file, line);) {
            if (line.empty()) continue;
            check_line(json::parse(line).as_object());
            ++lines;
        }
    }
    // A wrong folder must not look like agreement.
    EXPECT_GT(lines, 0) << "no vector was read in " << vectors_folder();
    RecordProperty("vectors", lines);
}

}  // namespace
}  // namespace causeway::connectors::pix
