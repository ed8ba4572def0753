// SPDX-License-Identifier: Apache-2.0
#include "connectors/pix/payload_jws.h"

#include "connectors/net/certificate.h"
#include "tests/support/throwaway_certificate.h"

#include <gtest/gtest.h>

namespace causeway::connectors::pix {
namespace {

constexpr const char* kKeySet = "https://qr.example.com/.well-known/jwks.json";

class PayloadJws : public testing::TestWithParam<bool> {
  protected:
    PayloadJws()
        : certificate_("DNS:qr.example.com", GetParam()),
          key(*net::SigningKey::load(certificate_.certificate_file(),
                                     certificate_.private_key_file())),
          now(*net::certificate_end(certificate_.certificate_file()) - std::chrono::minutes(30)) {}

    test::ThrowawayCertificate certificate_;
    std::unique_ptr<net::SigningKey> key;
    Timestamp now;
};

TEST_P(PayloadJws, IsBelievedAsItWasSigned) {
    const std::string jws = sign_payload(*key, kKeySet, R"({"txid":"1"})");
    const auto payload = verify_payload(jws, key_set_of(*key), now);
    ASSERT_TRUE(payload) << payload.error().detail();
    EXPECT_EQ(*payload, R"({"txid":"1"})");
    EXPECT_EQ(*key_set_url_of(jws, "qr.example.com"), kKeySet);
}

// Whoever changes the key or the amount on its way takes the money.
TEST_P(PayloadJws, IsNotBelievedWithAnyLetterChanged) {
    const std::string jws = sign_payload(*key, kKeySet, R"({"valor":"10.00"})");
    const std::string set = key_set_of(*key);
    for (std::size_t at = 0; at < jws.size(); at += 3) {
        std::string changed = jws;
        changed[at] = changed[at] == 'A' ? 'B' : 'A';
        EXPECT_FALSE(verify_payload(changed, set, now)) << at;
    }
}

TEST_P(PayloadJws, IsNotBelievedFromAnotherKey) {
    const test::ThrowawayCertificate stranger("DNS:qr.example.com", GetParam());
    const auto other =
        *net::SigningKey::load(stranger.certificate_file(), stranger.private_key_file());
    const std::string jws = sign_payload(*key, kKeySet, "{}");
    const auto verified = verify_payload(jws, key_set_of(*other), now);
    ASSERT_FALSE(verified);
    EXPECT_EQ(verified.error().code(), ErrorCode::integrity);
}

TEST_P(PayloadJws, IsNotBelievedAfterItsCertificate) {
    const std::string jws = sign_payload(*key, kKeySet, "{}");
    EXPECT_FALSE(verify_payload(jws, key_set_of(*key), now + std::chrono::hours(1)));
    EXPECT_FALSE(verify_payload(jws, key_set_of(*key), now - std::chrono::hours(4)));
}

INSTANTIATE_TEST_SUITE_P(Keys, PayloadJws, testing::Bool(), [](const auto& is_rsa) {
    return is_rsa.param ? "Rsa" : "P256";
});

TEST(PayloadJwsText, IsRefusedWhenItIsNone) {
    for (const char* text : {"", ".", "..", "a.b", "e30.e30.=", "e30.e30.e30.e30", "WzFd.e30.e30"})
        EXPECT_FALSE(verify_payload(text, "{}", Timestamp())) << text;
}

TEST(PayloadJwsText, WantsItsKeysOnTheHostThatServedIt) {
    const test::ThrowawayCertificate certificate;
    const auto key =
        *net::SigningKey::load(certificate.certificate_file(), certificate.private_key_file());
    const std::string jws = sign_payload(*key, kKeySet, "{}");
    EXPECT_EQ(key_set_url_of(jws, "qr.example.com.evil.test").error().code(), ErrorCode::integrity);
    EXPECT_FALSE(
        key_set_url_of(sign_payload(*key, "http://qr.example.com/", "{}"), "qr.example.com"));
}

TEST(PayloadJwsText, NeverTakesAnAlgorithmThatIsNotASignature) {
    const test::ThrowawayCertificate certificate;
    const auto key =
        *net::SigningKey::load(certificate.certificate_file(), certificate.private_key_file());
    for (const char* algorithm : {"none", "HS256", "es256", ""}) {
        const auto verified =
            net::verify_signature(algorithm, key->certificate(), "a", "", Timestamp());
        EXPECT_EQ(verified.error().code(), ErrorCode::invalid_argument) << algorithm;
    }
}

}  // namespace
}  // namespace causeway::connectors::pix
