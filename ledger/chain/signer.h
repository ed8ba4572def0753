// SPDX-License-Identifier: Apache-2.0
//
// The key that signs heads, and the files that keys live in.
//
// A signing key file is the line "causeway-signing-key-1" and a line of 64 hexadecimal digits, the
// seed; nobody but its owner may read it. A public key file is the line "causeway-public-key-1" and
// a line of 64 hexadecimal digits for each key that is trusted: the present one, and those that
// signed older heads.
#pragma once

#include "ledger/chain/head.h"
#include "ledger/entropy.h"
#include "ledger/result.h"

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace causeway::ledger {

/// Signs heads. The secret lives in memory that is not swapped out and is wiped when it goes.
///
/// Threads: sign() may be called from any thread.
class HeadSigner {
  public:
    /// Reads a signing key file.
    ///
    /// Errors: `storage` when the file cannot be read or others may read it; `invalid_argument`
    /// when it holds no key.
    static Result<std::unique_ptr<HeadSigner>> load(const std::string& path);

    /// load(), or none when there is no path.
    static Result<std::unique_ptr<HeadSigner>> load_if_any(const std::string& path);

    /// Throws std::runtime_error when libsodium can not start or there is no memory to lock.
    explicit HeadSigner(std::span<const std::uint8_t, 32> seed);

    [[nodiscard]] Signature sign(std::span<const std::uint8_t> body) const noexcept;
    [[nodiscard]] const PublicKey& public_key() const noexcept { return public_key_; }

    /// `head` with this signer's key, as it is stored.
    [[nodiscard]] SignedHead sign(Head head) const;

  private:
    struct Wipe {
        void operator()(unsigned char* secret) const noexcept;
    };
    std::unique_ptr<unsigned char, Wipe> secret_;
    PublicKey public_key_{};
};

/// Makes a signing key file that was not there, readable by its owner alone.
///
/// Errors: `conflict` when the file exists; `storage` when it cannot be written.
[[nodiscard]] Result<PublicKey> make_signing_key(const std::string& path, Entropy& entropy);

/// What a public key file holds.
[[nodiscard]] std::string public_key_text(std::span<const PublicKey> keys);
/// Errors: `invalid_argument`.
[[nodiscard]] Result<std::vector<PublicKey>> parse_public_keys(std::string_view text);

[[nodiscard]] bool signature_holds(std::span<const std::uint8_t> body,
                                   const Signature& signature,
                                   const PublicKey& key) noexcept;

}  // namespace causeway::ledger
