// SPDX-License-Identifier: Apache-2.0
#include "connectors/net/signature.h"

#include "ledger/digest.h"

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <array>
#include <ctime>
#include <span>
#include <stdexcept>

namespace causeway::net {
namespace {

template <auto kFree>
struct Freeing {
    template <class T>
    void operator()(T* it) const noexcept {
        kFree(it);
    }
};
using Bio = std::unique_ptr<BIO, Freeing<BIO_free>>;
using Certificate = std::unique_ptr<X509, Freeing<X509_free>>;
using Key = std::unique_ptr<EVP_PKEY, Freeing<EVP_PKEY_free>>;
using Digest = std::unique_ptr<EVP_MD_CTX, Freeing<EVP_MD_CTX_free>>;
using EcSignature = std::unique_ptr<ECDSA_SIG, Freeing<ECDSA_SIG_free>>;
using Number = std::unique_ptr<BIGNUM, Freeing<BN_free>>;

constexpr int kHalf = 32;  // Bytes of R, S, X and Y on P-256.

const unsigned char* bytes_of(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* bytes_of(std::string& text) {
    return reinterpret_cast<unsigned char*>(text.data());
}

bool is_p256(const EVP_PKEY* key) {
    std::array<char, 32> name{};
    std::size_t size = 0;
    return EVP_PKEY_get_base_id(key) == EVP_PKEY_EC &&
           EVP_PKEY_get_group_name(key, name.data(), name.size(), &size) == 1 &&
           std::string_view(name.data(), size) == "prime256v1";
}

bool use_pss(EVP_PKEY_CTX* context) {
    return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) == 1 &&
           EVP_PKEY_CTX_set_rsa_pss_saltlen(context, RSA_PSS_SALTLEN_DIGEST) == 1;
}

Certificate read_der(std::string_view der) {
    const unsigned char* at = bytes_of(der);
    Certificate certificate(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
    return certificate;
}

std::string raw_of_der(const std::string& der) {
    const unsigned char* at = bytes_of(std::string_view(der));
    const EcSignature parts(d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size())));
    std::string raw(std::size_t{2} * kHalf, '\0');
    const bool fits =
        parts && BN_bn2binpad(ECDSA_SIG_get0_r(parts.get()), bytes_of(raw), kHalf) == kHalf &&
        BN_bn2binpad(ECDSA_SIG_get0_s(parts.get()), bytes_of(raw) + kHalf, kHalf) == kHalf;
    if (!fits) throw std::runtime_error("a signature cannot be spelt");
    return raw;
}

// Empty when it is not one.
std::string der_of_raw(std::string_view raw) {
    if (raw.size() != std::size_t{2} * kHalf) return {};
    const EcSignature parts(ECDSA_SIG_new());
    BIGNUM* const r = BN_bin2bn(bytes_of(raw), kHalf, nullptr);
    BIGNUM* const s = BN_bin2bn(bytes_of(raw) + kHalf, kHalf, nullptr);
    if (!parts || ECDSA_SIG_set0(parts.get(), r, s) != 1) return {};
    const int size = i2d_ECDSA_SIG(parts.get(), nullptr);
    if (size <= 0) return {};
    std::string der(static_cast<std::size_t>(size), '\0');
    unsigned char* to = bytes_of(der);
    i2d_ECDSA_SIG(parts.get(), &to);
    return der;
}

bool valid_at(const X509& certificate, Timestamp now) {
    std::time_t moment = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
    return X509_cmp_time(X509_get0_notBefore(&certificate), &moment) < 0 &&
           X509_cmp_time(X509_get0_notAfter(&certificate), &moment) > 0;
}

Result<std::string> number_of(const EVP_PKEY* key, const char* name, int size) {
    BIGNUM* raw = nullptr;
    if (EVP_PKEY_get_bn_param(key, name, &raw) != 1) {
        return Error(ErrorCode::invalid_argument, "a public key that cannot be read");
    }
    const Number number(raw);
    const int width = size > 0 ? size : BN_num_bytes(number.get());
    std::string bytes(static_cast<std::size_t>(width), '\0');
    BN_bn2binpad(number.get(), bytes_of(bytes), width);
    return to_base64url(bytes);
}

}  // namespace

std::string to_base64url(std::string_view bytes) {
    std::string text = to_base64(std::span(bytes_of(bytes), bytes.size()));
    while (!text.empty() && text.back() == '=')
        text.pop_back();
    for (char& c : text) {
        if (c == '+') c = '-';
        if (c == '/') c = '_';
    }
    return text;
}

Result<std::string> from_base64url(std::string_view text) {
    const Error wrong(ErrorCode::invalid_argument, "is not base64url");
    std::string padded;
    for (const char c : text) {
        if (c == '+' || c == '/' || c == '=') return wrong;
        padded += c == '-' ? '+' : c == '_' ? '/' : c;
    }
    while (padded.size() % 4 != 0)
        padded += '=';
    auto bytes = from_base64(padded);
    if (!bytes || to_base64url(*bytes) != text) return wrong;
    return bytes;
}

struct SigningKey::Parts {
    Key key;
    std::string certificate;
    bool rsa = false;
};

SigningKey::SigningKey(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
SigningKey::~SigningKey() = default;

Result<std::unique_ptr<SigningKey>> SigningKey::load(const std::string& certificate_file,
                                                     const std::string& private_key_file) {
    const Bio certificates(BIO_new_file(certificate_file.c_str(), "r"));
    const Bio keys(BIO_new_file(private_key_file.c_str(), "r"));
    if (!certificates || !keys) {
        return Error(ErrorCode::invalid_argument, "a signing key's files cannot be read");
    }
    const Certificate leaf(PEM_read_bio_X509(certificates.get(), nullptr, nullptr, nullptr));
    auto parts = std::make_unique<Parts>();
    parts->key.reset(PEM_read_bio_PrivateKey(keys.get(), nullptr, nullptr, nullptr));
    if (!leaf || !parts->key || X509_check_private_key(leaf.get(), parts->key.get()) != 1) {
        return Error(ErrorCode::invalid_argument, "a signing key does not fit its certificate");
    }
    parts->rsa = EVP_PKEY_get_base_id(parts->key.get()) == EVP_PKEY_RSA;
    if (!parts->rsa && !is_p256(parts->key.get())) {
        return Error(ErrorCode::invalid_argument, "a signing key must be RSA or on P-256");
    }
    unsigned char* der = nullptr;
    const int size = i2d_X509(leaf.get(), &der);
    if (size <= 0) throw std::runtime_error("a certificate cannot be written");
    parts->certificate.assign(reinterpret_cast<char*>(der), static_cast<std::size_t>(size));
    OPENSSL_free(der);
    return std::unique_ptr<SigningKey>(new SigningKey(std::move(parts)));
}

std::string_view SigningKey::algorithm() const noexcept {
    return parts_->rsa ? "PS256" : "ES256";
}

const std::string& SigningKey::certificate() const noexcept {
    return parts_->certificate;
}

std::string SigningKey::sign(std::string_view text) const {
    const Digest digest(EVP_MD_CTX_new());
    EVP_PKEY_CTX* context = nullptr;
    std::size_t size = 0;
    const bool ready =
        digest &&
        EVP_DigestSignInit(digest.get(), &context, EVP_sha256(), nullptr, parts_->key.get()) == 1 &&
        (!parts_->rsa || use_pss(context)) &&
        EVP_DigestSign(digest.get(), nullptr, &size, bytes_of(text), text.size()) == 1;
    std::string signature(size, '\0');
    if (!ready || EVP_DigestSign(
                      digest.get(), bytes_of(signature), &size, bytes_of(text), text.size()) != 1) {
        throw std::runtime_error("signing failed");
    }
    signature.resize(size);
    return parts_->rsa ? signature : raw_of_der(signature);
}

Result<void> verify_signature(std::string_view algorithm,
                              std::string_view certificate_der,
                              std::string_view text,
                              std::string_view signature,
                              Timestamp now) {
    const bool elliptic = algorithm == "ES256";
    if (!elliptic && algorithm != "PS256" && algorithm != "RS256") {
        return Error(ErrorCode::invalid_argument, "a signature's algorithm that is not taken");
    }
    const Certificate leaf = read_der(certificate_der);
    EVP_PKEY* const key = leaf ? X509_get0_pubkey(leaf.get()) : nullptr;
    if (key == nullptr || (elliptic ? !is_p256(key) : EVP_PKEY_get_base_id(key) != EVP_PKEY_RSA)) {
        return Error(ErrorCode::invalid_argument, "a certificate that does not suit the algorithm");
    }
    if (!valid_at(*leaf, now)) {
        return Error(ErrorCode::integrity, "the signer's certificate is not valid now");
    }
    const std::string spelt = elliptic ? der_of_raw(signature) : std::string(signature);
    const Digest digest(EVP_MD_CTX_new());
    EVP_PKEY_CTX* context = nullptr;
    const bool fits =
        digest && EVP_DigestVerifyInit(digest.get(), &context, EVP_sha256(), nullptr, key) == 1 &&
        (algorithm != "PS256" || use_pss(context)) &&
        EVP_DigestVerify(digest.get(),
                         bytes_of(std::string_view(spelt)),
                         spelt.size(),
                         bytes_of(text),
                         text.size()) == 1;
    if (!fits) return Error(ErrorCode::integrity, "the signature does not fit");
    return {};
}

std::string certificate_thumbprint(std::string_view certificate_der) {
    std::string digest(EVP_MAX_MD_SIZE, '\0');
    unsigned int size = 0;
    if (EVP_Digest(certificate_der.data(),
                   certificate_der.size(),
                   bytes_of(digest),
                   &size,
                   EVP_sha1(),
                   nullptr) != 1) {
        throw std::runtime_error("SHA-1 failed");
    }
    digest.resize(size);
    return digest;
}

Result<std::vector<std::pair<std::string, std::string>>> public_key_members(
    std::string_view certificate_der) {
    const Certificate leaf = read_der(certificate_der);
    const EVP_PKEY* const key = leaf ? X509_get0_pubkey(leaf.get()) : nullptr;
    if (key == nullptr) return Error(ErrorCode::invalid_argument, "not a certificate");
    const bool elliptic = is_p256(key);
    const auto first = elliptic ? number_of(key, OSSL_PKEY_PARAM_EC_PUB_X, kHalf)
                                : number_of(key, OSSL_PKEY_PARAM_RSA_N, 0);
    if (!first) return first.error();
    const auto second = elliptic ? number_of(key, OSSL_PKEY_PARAM_EC_PUB_Y, kHalf)
                                 : number_of(key, OSSL_PKEY_PARAM_RSA_E, 0);
    if (!second) return second.error();
    using Members = std::vector<std::pair<std::string, std::string>>;
    if (elliptic) {
        return Members{{"kty", "EC"}, {"crv", "P-256"}, {"x", *first}, {"y", *second}};
    }
    return Members{{"kty", "RSA"}, {"n", *first}, {"e", *second}};
}

}  // namespace causeway::net
