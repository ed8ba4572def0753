// SPDX-License-Identifier: Apache-2.0
//
// Where card numbers and personal data are sealed. Nobody outside this room sees a number but the
// connector that sends it.
//
// A number is sealed with XChaCha20-Poly1305 under a key that lives in a file of its own, bound
// to its token: a sealed number copied into another token's row does not open. The card's
// verification value is never written anywhere; it waits in memory for the authorisation.
#pragma once

#include "connectors/connector.h"
#include "ledger/clock.h"
#include "ledger/digest.h"
#include "ledger/entropy.h"
#include "ledger/id.h"
#include "ledger/result.h"

#include <array>
#include <cstdint>
#include <list>
#include <map>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace causeway::gateway {

/// Threads: every method may be called from any thread.
class Vault {
  public:
    /// Reads a key file: 64 hexadecimal digits and a newline.
    ///
    /// Errors: `storage` when the file cannot be read or others may read it;
    /// `invalid_argument` when it holds no key.
    static Result<Vault> open(const std::string& key_file, Entropy& entropy);

    /// Sealed bytes of `secret`, for this token (or other object) alone.
    [[nodiscard]] std::vector<std::uint8_t> seal(std::string_view secret, const Uuid& token) const;

    /// Errors: `integrity` when the bytes were changed, moved or sealed under another key.
    [[nodiscard]] Result<std::string> unseal(std::span<const std::uint8_t> sealed,
                                             const Uuid& token) const;

    /// A digest to compare secrets by, which nobody without the key can try guesses on.
    [[nodiscard]] Sha256 keyed_digest(std::string_view text) const;

    /// Names the key, so that rows tell which one opens them: the first half of its hash.
    [[nodiscard]] const std::string& key_name() const noexcept { return key_name_; }

  private:
    Vault(std::array<std::uint8_t, 32> key, Entropy& entropy);

    std::array<std::uint8_t, 32> key_;
    std::string key_name_;
    Entropy* entropy_;
};

/// Verification values on their way to the authorisation. Memory only, a quarter of an hour.
///
/// Threads: every method may be called from any thread.
class CvcMemory {
  public:
    /// When too many are kept the oldest goes: its payment is sent without it.
    void keep(const std::string& token, std::string cvc, Timestamp now);
    /// Empty when there is none (any more).
    [[nodiscard]] std::string find(const std::string& token, Timestamp now);
    /// The authorisation was sent: the value must not be kept any longer.
    void forget(const std::string& token);

  private:
    struct Kept {
        std::string token;
        std::string cvc;
        Timestamp until;
    };
    void drop_expired(Timestamp now);
    void drop(const std::string& token);

    std::mutex mutex_;
    std::list<Kept> by_age_;  // All live equally long, so the oldest is the first to go.
    std::map<std::string, std::list<Kept>::iterator> by_token_;
};

}  // namespace causeway::gateway
