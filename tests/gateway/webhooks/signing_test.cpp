// SPDX-License-Identifier: Apache-2.0
#include "gateway/webhooks/signing.h"

#include "ledger/digest.h"
#include "tests/support/books.h"
#include "tests/support/temporary_folder.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <gtest/gtest.h>
#include <sodium.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace causeway::gateway {
namespace {

namespace json = boost::json;

const Timestamp kSentAt = from_microseconds(1'776'090'000'123'456);
constexpr std::string_view kBody =
    R"({"type":"payment.succeeded","timestamp":"2026-04-13T14:20:00Z",)"
    R"("data":{"object":{"amount":9710,"currency":"USD"}}})";
constexpr std::string_view kId = "evt_01JZ8QK3M5X9T2B7C4D6E8F0G1";
constexpr std::string_view kSecret = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";

std::string secret() {
    return *parse_webhook_secret(kSecret);
}

// Two implementations of Standard Webhooks that are not ours agree on this one.
TEST(WebhookSigning, SignsAsOthersDo) {
    EXPECT_EQ(webhook_signature({.secrets = {secret()}, .signing_keys = {}}, kId, kSentAt, kBody),
              "v1,ILBdolwu8Pyd6SyuSJX4TmVJ3eqaUg3SXHWOZyp9ML8=");
}

TEST(WebhookSigning, CarriesEveryKeyWhileOneReplacesAnother) {
    const WebhookKeys keys{.secrets = {std::string(32, 'n'), secret()},
                           .signing_keys = {std::string(32, 's')}};
    const std::string signatures = webhook_signature(keys, kId, kSentAt, kBody);
    EXPECT_NE(signatures.find(" v1,ILBdolwu8Pyd6SyuSJX4TmVJ3eqaUg3SXHWOZyp9ML8= v1a,"),
              std::string::npos)
        << signatures;
    EXPECT_TRUE(signatures.starts_with("v1,"));
}

TEST(WebhookSigning, IsVerifiedWithThePublicKeyAlone) {
    const std::string seed(32, 's');
    const std::string signature =
        webhook_signature({.secrets = {}, .signing_keys = {seed}}, kId, kSentAt, kBody);
    const std::string raw = *from_base64(std::string_view(signature).substr(4));
    const std::string open = *from_base64(webhook_public_key_text(seed).substr(5));
    const std::string text = std::string(kId) + ".1776090000." + std::string(kBody);
    const auto bytes = [](const std::string& s) {
        return reinterpret_cast<const unsigned char*>(s.data());
    };
    EXPECT_EQ(crypto_sign_verify_detached(bytes(raw), bytes(text), text.size(), bytes(open)), 0);
}

TEST(WebhookSigning, NamesTheSecondAndNotThePart) {
    const net::HttpHeaders headers = webhook_headers(
        {.secrets = {secret()}, .signing_keys = {}}, std::string(kId), kSentAt, kBody);
    EXPECT_EQ(*net::find_header(headers, "Webhook-Id"), kId);
    EXPECT_EQ(*net::find_header(headers, "Webhook-Timestamp"), "1776090000");
    EXPECT_EQ(*net::find_header(headers, "Content-Type"), "application/json");
}

TEST(WebhookSecret, IsReadBackAndRefusedWhenItIsNone) {
    test::SeededEntropy entropy(3);
    const std::string made = make_webhook_key(entropy);
    EXPECT_EQ(*parse_webhook_secret(webhook_secret_text(made)), made);
    for (const char* const wrong :
         {"", "whsec_", "whsec_AAAA", "MDEyMzQ1Njc4OWFiY2RlZjAx", "whsec_!"})
        EXPECT_FALSE(parse_webhook_secret(wrong)) << wrong;
}

// The judge is npm's standardwebhooks, which knows the present time and nothing of this code. Needs
// node and the folder with `verify-webhook.mjs` and its packages, named by CAUSEWAY_PEERS.
TEST(WebhookSigning, ConvincesTheReferenceLibrary) {
    const char* const folder_of_peers = std::getenv("CAUSEWAY_PEERS");
    if (folder_of_peers == nullptr) {
        GTEST_SKIP() << "NOT TESTED: no folder in CAUSEWAY_PEERS; no third party judged";
    }
    const std::filesystem::path peers = folder_of_peers;
    if (std::system("node --version > /dev/null 2>&1") != 0) GTEST_SKIP() << "NOT TESTED: no node";
    const Timestamp now = SystemClock().now();
    const WebhookKeys keys{.secrets = {std::string(32, 'n'), secret()}, .signing_keys = {}};
    const test::TemporaryFolder folder;
    std::ofstream cases(folder.file("cases.jsonl"));
    for (const bool honest : {true, false}) {
        json::object headers;
        for (const auto& [name, value] : webhook_headers(keys, std::string(kId), now, kBody))
            headers[name] = value;
        json::object one;
        one["scheme"] = "standard";
        one["secret"] = kSecret;
        one["headers"] = std::move(headers);
        one["payload"] = std::string(kBody) + (honest ? "" : " ");
        one["expect"] = honest;
        cases << json::serialize(one) << '\n';
    }
    cases.close();
    const std::string command = "node " + (peers / "verify-webhook.mjs").string() + " " +
                                folder.file("cases.jsonl") + " > " + folder.file("out") + " 2>&1";
    const int code = std::system(command.c_str());
    std::ifstream out(folder.file("out"));
    EXPECT_EQ(code, 0) << std::string(std::istreambuf_iterator<char>(out), {});
}

}  // namespace
}  // namespace causeway::gateway
