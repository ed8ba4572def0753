// SPDX-License-Identifier: Apache-2.0
//
// Signatures by the key of a certificate, as JSON Web Signatures carry them. OpenSSL stays behind
// this header.
#pragma once

#include "ledger/clock.h"
#include "ledger/result.h"

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace causeway::net {

/// Without padding. Source: RFC 4648 section 5.
[[nodiscard]] std::string to_base64url(std::string_view bytes);
/// Errors: `invalid_argument`, also for padding and for bits that are left over.
[[nodiscard]] Result<std::string> from_base64url(std::string_view text);

/// A private key and the certificate that belongs to it.
///
/// Threads: immutable once loaded.
class SigningKey {
  public:
    /// Reads PEM files. RSA keys sign PS256, P-256 keys ES256; the first certificate of a chain
    /// must be the key's.
    ///
    /// Errors: `invalid_argument` when a file cannot be used, without what it holds.
    static Result<std::unique_ptr<SigningKey>> load(const std::string& certificate_file,
                                                    const std::string& private_key_file);
    SigningKey(const SigningKey&) = delete;
    SigningKey& operator=(const SigningKey&) = delete;
    ~SigningKey();

    /// "PS256" or "ES256". Source: RFC 7518 section 3.1.
    [[nodiscard]] std::string_view algorithm() const noexcept;
    /// The raw signature; for ES256 the 64 bytes of R and S. Throws std::runtime_error when the
    /// library fails.
    [[nodiscard]] std::string sign(std::string_view text) const;
    /// DER.
    [[nodiscard]] const std::string& certificate() const noexcept;

  private:
    struct Parts;
    explicit SigningKey(std::unique_ptr<Parts> parts);
    std::unique_ptr<Parts> parts_;
};

/// Whether a signature of PS256, RS256 or ES256 is by the key of a certificate, which must be
/// valid at `now`. Whom the certificate belongs to and who issued it is not asked.
///
/// Errors: `integrity` when it is not; `invalid_argument` for another algorithm, a certificate
/// that cannot be read, or one whose key does not suit the algorithm.
[[nodiscard]] Result<void> verify_signature(std::string_view algorithm,
                                            std::string_view certificate_der,
                                            std::string_view text,
                                            std::string_view signature,
                                            Timestamp now);

/// SHA-1 of a certificate: the "x5t" of JOSE, which names it and proves nothing.
[[nodiscard]] std::string certificate_thumbprint(std::string_view certificate_der);

/// The public key as members of a JSON Web Key: "kty", then "n" and "e", or "crv", "x" and "y".
///
/// Errors: `invalid_argument`.
[[nodiscard]] Result<std::vector<std::pair<std::string, std::string>>> public_key_members(
    std::string_view certificate_der);

}  // namespace causeway::net
