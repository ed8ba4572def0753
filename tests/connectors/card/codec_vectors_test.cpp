// SPDX-License-Identifier: Apache-2.0
//
// Messages that other people's libraries packed (jPOS, npm iso_8583) and a third one read again.
// Any folder of such files can be held against the codec: CAUSEWAY_VECTORS names it.
#include "connectors/card/codec.h"
#include "tests/support/source_folder.h"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

namespace causeway::connectors::card {
namespace {

namespace json = boost::json;
namespace fs = std::filesystem;

std::vector<std::uint8_t> from_hex(std::string_view hex) {
    std::vector<std::uint8_t> bytes;
    for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
        bytes.push_back(
            static_cast<std::uint8_t>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16)));
    }
    return bytes;
}

std::string to_hex(const std::vector<std::uint8_t>& bytes) {
    std::string hex;
    for (const std::uint8_t byte : bytes) {
        hex += "0123456789ABCDEF"[byte >> 4];
        hex += "0123456789ABCDEF"[byte & 0xf];
    }
    return hex;
}

// The files are UTF-8; our values are one byte a character.
std::string latin1(std::string_view utf8) {
    std::string text;
    for (std::size_t i = 0; i < utf8.size(); ++i) {
        const auto byte = static_cast<unsigned char>(utf8[i]);
        if (byte < 0x80 || i + 1 == utf8.size()) {
            text += utf8[i];
        } else {
            const auto low = static_cast<unsigned char>(utf8[++i]) & 0x3fU;
            text += static_cast<char>((byte & 3U) << 6U | low);
        }
    }
    return text;
}

Message message_of(const json::object& line) {
    Message message{.mti = std::string(line.at("mti").as_string()), .fields = {}};
    for (const auto& field : line.at("fields").as_object()) {
        message.fields.emplace(std::stoi(std::string(field.key())),
                               latin1(field.value().as_string()));
    }
    return message;
}

void check_valid(const json::object& line, const Dialect& dialect) {
    const Message expected = message_of(line);
    const std::string hex(line.at("hex").as_string());
    const auto decoded = decode(from_hex(hex), dialect);
    ASSERT_TRUE(decoded) << decoded.error().detail();
    EXPECT_EQ(decoded->mti, expected.mti);
    EXPECT_EQ(decoded->fields, expected.fields);
    const auto encoded = encode(expected, dialect);
    ASSERT_TRUE(encoded) << encoded.error().detail();
    EXPECT_EQ(to_hex(*encoded), hex);
}

void check_line(const std::string& text) {
    const json::value value = json::parse(text);
    const json::object& line = value.as_object();
    SCOPED_TRACE(std::string(line.at("id").as_string()));
    const auto dialect = find_dialect(std::string(line.at("dialect").as_string()));
    ASSERT_TRUE(dialect) << dialect.error().detail();
    if (line.at("kind").as_string() == "valid") return check_valid(line, *dialect);
    const auto decoded = decode(from_hex(std::string(line.at("hex").as_string())), *dialect);
    EXPECT_FALSE(decoded) << "read, and should have been refused";
}

fs::path vectors_folder() {
    const char* folder = std::getenv("CAUSEWAY_VECTORS");
    return folder != nullptr ? fs::path(folder) : fs::path(test::source_folder()) / "tests/vectors";
}

TEST(CodecVectors, AgreesWithOtherPeoplesLibraries) {
    int lines = 0;
    for (const auto& entry : fs::directory_iterator(vectors_folder())) {
        const std::string name = entry.path().filename().string();
        if (!name.starts_with("iso8583-") || !name.ends_with(".jsonl")) continue;
        std::ifstream file(entry.path());
        std::string text;
        while (std::getline(file, text)) {
            if (text.empty()) continue;
            check_line(text);
            ++lines;
        }
    }
    // A wrong folder must not look like agreement.
    EXPECT_GT(lines, 0) << "no vector was read in " << vectors_folder();
    RecordProperty("vectors", lines);
}

}  // namespace
}  // namespace causeway::connectors::card
