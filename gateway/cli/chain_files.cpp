// SPDX-License-Identifier: Apache-2.0
#include "gateway/cli/chain_files.h"

#include "gateway/http/json_reader.h"
#include "ledger/digest.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

namespace json = boost::json;

namespace causeway::gateway {
namespace {

using ledger::ChainHash;
using ledger::EntryProof;
using ledger::Proof;
using ledger::SignedHead;

constexpr std::string_view kHeadFormat = "causeway-head-1";
constexpr std::string_view kProofFormat = "causeway-proof-1";
constexpr std::size_t kEntriesMax = 10'000;
constexpr std::size_t kLevelsMax = 16;
constexpr JsonLimits kLimits{.bytes_max = 64UL << 20U, .depth_max = 8};
constexpr std::size_t kBytesMax = 1'000'000;  // as base 64
constexpr std::size_t kHashDigits = 2 * sizeof(ChainHash);

std::optional<int> digit_of(char letter) {
    if (letter >= '0' && letter <= '9') return letter - '0';
    if (letter >= 'a' && letter <= 'f') return letter - 'a' + 10;
    return std::nullopt;
}

// Hashes one after the other, 64 digits in lower case each.
std::optional<std::vector<ChainHash>> read_hashes(std::string_view text) {
    if (text.size() % kHashDigits != 0) return std::nullopt;
    std::vector<ChainHash> hashes(text.size() / kHashDigits);
    for (std::size_t i = 0; i < text.size(); ++i) {
        const std::optional<int> digit = digit_of(text[i]);
        if (!digit) return std::nullopt;
        std::uint8_t& byte = hashes[i / kHashDigits][i % kHashDigits / 2];
        byte = static_cast<std::uint8_t>(byte << 4U | *digit);
    }
    return hashes;
}

std::string hashes_text(const std::vector<ChainHash>& hashes) {
    std::string text;
    for (const ChainHash& hash : hashes)
        text += to_hex(hash);
    return text;
}

// The bytes of a field of base 64.
std::vector<std::uint8_t> read_bytes(ObjectReader& object, std::string_view name) {
    const std::optional<std::string> text =
        object.text(name, Presence::required, {.length_max = kBytesMax});
    if (!text) return {};
    const Result<std::string> bytes = from_base64(*text);
    if (!bytes) {
        object.fail(name, "invalid_format", "must be base 64");
        return {};
    }
    return {bytes->begin(), bytes->end()};
}

void read_format(ObjectReader& object, std::string_view format) {
    const std::optional<std::string> found = object.text("format", Presence::required);
    if (found && *found != format) {
        object.fail("format", "unknown_value", "must be " + std::string(format));
    }
}

SignedHead read_head(ObjectReader& object) {
    SignedHead head;
    head.body = read_bytes(object, "body");
    const std::vector<std::uint8_t> signature = read_bytes(object, "signature");
    if (signature.size() == head.signature.size()) {
        std::copy(signature.begin(), signature.end(), head.signature.begin());
    } else {
        object.fail("signature", "invalid_format", "must have 64 bytes");
    }
    return head;
}

EntryProof read_entry(ObjectReader& object) {
    EntryProof entry;
    entry.canonical = read_bytes(object, "canonical");
    const auto previous = read_hashes(object.text("previous", Presence::required).value_or(""));
    if (previous && previous->size() == 1) {
        entry.previous = previous->front();
    } else {
        object.fail("previous", "invalid_format", "must be 64 hexadecimal digits");
    }
    const TextRule level_rule{.length_max = 16 * kHashDigits, .length_min = 0};
    for (const std::string& level :
         object.texts("path", Presence::required, kLevelsMax, level_rule)) {
        auto hashes = read_hashes(level);
        if (!hashes) object.fail("path", "invalid_format", "must be hashes in hexadecimal digits");
        entry.path.push_back(std::move(hashes).value_or(std::vector<ChainHash>()));
    }
    const auto head = object.integer(
        "head", Presence::required, {.min = 0, .max = static_cast<std::int64_t>(kEntriesMax)});
    entry.head = static_cast<std::size_t>(head.value_or(0));
    return entry;
}

Error wrong(std::string_view what, const FieldError& first) {
    return Error(ErrorCode::integrity,
                 "no " + std::string(what) + " file: " + first.pointer + ": " + first.detail);
}

json::object as_json(const SignedHead& head) {
    json::object members;
    members["body"] = to_base64(head.body);
    members["signature"] = to_base64(head.signature);
    return members;
}

json::object as_json(const EntryProof& entry) {
    json::array path;
    for (const std::vector<ChainHash>& level : entry.path)
        path.emplace_back(hashes_text(level));
    json::object members;
    members["canonical"] = to_base64(entry.canonical);
    members["previous"] = to_hex(entry.previous);
    members["path"] = std::move(path);
    members["head"] = entry.head;
    return members;
}

}  // namespace

std::string head_file(const SignedHead& head) {
    json::object members;
    members["format"] = kHeadFormat;
    members["body"] = to_base64(head.body);
    members["signature"] = to_base64(head.signature);
    return json::serialize(members) + "\n";
}

Result<SignedHead> parse_head_file(std::string_view text) {
    const auto parsed = read_json_object(text, kLimits);
    if (const auto* const error = std::get_if<FieldError>(&parsed)) return wrong("head", *error);
    std::vector<FieldError> errors;
    ObjectReader object(std::get<json::object>(parsed), "", errors);
    read_format(object, kHeadFormat);
    SignedHead head = read_head(object);
    object.finish();
    if (!errors.empty()) return wrong("head", errors.front());
    return head;
}

std::string proof_file(const Proof& proof) {
    json::array entries;
    for (const EntryProof& entry : proof.entries)
        entries.push_back(as_json(entry));
    json::array heads;
    for (const SignedHead& head : proof.heads)
        heads.push_back(as_json(head));
    json::object members;
    members["format"] = kProofFormat;
    members["entries"] = std::move(entries);
    members["heads"] = std::move(heads);
    return json::serialize(members) + "\n";
}

Result<Proof> parse_proof_file(std::string_view text) {
    const auto parsed = read_json_object(text, kLimits);
    if (const auto* const error = std::get_if<FieldError>(&parsed)) return wrong("proof", *error);
    std::vector<FieldError> errors;
    ObjectReader object(std::get<json::object>(parsed), "", errors);
    read_format(object, kProofFormat);
    Proof proof;
    for (ObjectReader& entry : object.objects("entries", Presence::required, kEntriesMax)) {
        proof.entries.push_back(read_entry(entry));
        entry.finish();
    }
    for (ObjectReader& head : object.objects("heads", Presence::required, kEntriesMax)) {
        proof.heads.push_back(read_head(head));
        head.finish();
    }
    object.finish();
    if (!errors.empty()) return wrong("proof", errors.front());
    return proof;
}

}  // namespace causeway::gateway
