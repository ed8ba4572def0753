// SPDX-License-Identifier: Apache-2.0
#include "gateway/vault/vault.h"

#include "ledger/digest.h"

#include <sodium.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <sys/stat.h>

namespace causeway::gateway {
namespace {

constexpr std::size_t kNonce = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t kTag = crypto_aead_xchacha20poly1305_ietf_ABYTES;
constexpr std::size_t kKey = crypto_aead_xchacha20poly1305_ietf_KEYBYTES;
constexpr std::chrono::minutes kCvcKept{15};
constexpr std::size_t kCvcsMax = 100'000;

const unsigned char* bytes_of(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

}  // namespace

Vault::Vault(std::array<std::uint8_t, 32> key, Entropy& entropy) : key_(key), entropy_(&entropy) {
    const Sha256 name = sha256({reinterpret_cast<const char*>(key_.data()), key_.size()});
    key_name_ = to_hex(std::span(name).first(8));
}

Result<Vault> Vault::open(const std::string& key_file, Entropy& entropy) {
    struct stat facts {};
    if (::stat(key_file.c_str(), &facts) != 0) {
        return Error(ErrorCode::storage, "vault key file " + key_file + " cannot be read");
    }
    if ((facts.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
        return Error(ErrorCode::storage,
                     "vault key file " + key_file + " may be read by others; chmod 600 it");
    }
    std::ifstream file(key_file);
    std::string text{std::istreambuf_iterator<char>(file), {}};
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r'))
        text.pop_back();

    std::array<std::uint8_t, kKey> key{};
    std::size_t length = 0;
    const char* end = nullptr;
    const int failed =
        sodium_hex2bin(key.data(), key.size(), text.data(), text.size(), nullptr, &length, &end);
    const bool whole = failed == 0 && length == kKey && end == text.data() + text.size();
    sodium_memzero(text.data(), text.size());
    if (!whole) {
        return Error(ErrorCode::invalid_argument,
                     "vault key file " + key_file + " must hold 64 hexadecimal digits");
    }
    return Vault(key, entropy);
}

std::vector<std::uint8_t> Vault::seal(std::string_view secret, const Uuid& token) const {
    std::vector<std::uint8_t> sealed(kNonce + secret.size() + kTag);
    entropy_->fill(std::span(sealed).first(kNonce));
    (void)crypto_aead_xchacha20poly1305_ietf_encrypt(sealed.data() + kNonce,
                                                     nullptr,
                                                     bytes_of(secret),
                                                     secret.size(),
                                                     token.bytes.data(),
                                                     token.bytes.size(),
                                                     nullptr,
                                                     sealed.data(),
                                                     key_.data());
    return sealed;
}

Result<std::string> Vault::unseal(std::span<const std::uint8_t> sealed, const Uuid& token) const {
    const Error broken(ErrorCode::integrity, "what is sealed does not open");
    if (sealed.size() < kNonce + kTag) return broken;
    std::string number(sealed.size() - kNonce - kTag, '\0');
    const int failed =
        crypto_aead_xchacha20poly1305_ietf_decrypt(reinterpret_cast<unsigned char*>(number.data()),
                                                   nullptr,
                                                   nullptr,
                                                   sealed.data() + kNonce,
                                                   sealed.size() - kNonce,
                                                   token.bytes.data(),
                                                   token.bytes.size(),
                                                   sealed.data(),
                                                   key_.data());
    if (failed != 0) return broken;
    return number;
}

Sha256 Vault::keyed_digest(std::string_view text) const {
    Sha256 digest{};
    static_assert(sizeof(digest) == crypto_generichash_BYTES);
    (void)crypto_generichash(
        digest.data(), digest.size(), bytes_of(text), text.size(), key_.data(), key_.size());
    return digest;
}

void CvcMemory::drop_expired(Timestamp now) {
    while (!by_age_.empty() && (by_age_.front().until < now || by_age_.size() > kCvcsMax)) {
        by_token_.erase(by_age_.front().token);
        by_age_.pop_front();
    }
}

void CvcMemory::keep(const std::string& token, std::string cvc, Timestamp now) {
    const std::lock_guard lock(mutex_);
    drop_expired(now);
    if (cvc.empty()) return;
    drop(token);
    by_age_.push_back({.token = token, .cvc = std::move(cvc), .until = now + kCvcKept});
    by_token_.emplace(token, std::prev(by_age_.end()));
}

std::string CvcMemory::find(const std::string& token, Timestamp now) {
    const std::lock_guard lock(mutex_);
    drop_expired(now);
    const auto at = by_token_.find(token);
    return at == by_token_.end() ? std::string() : at->second->cvc;
}

void CvcMemory::forget(const std::string& token) {
    const std::lock_guard lock(mutex_);
    drop(token);
}

void CvcMemory::drop(const std::string& token) {
    const auto at = by_token_.find(token);
    if (at == by_token_.end()) return;
    by_age_.erase(at->second);
    by_token_.erase(at);
}

}  // namespace causeway::gateway
