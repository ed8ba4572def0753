// SPDX-License-Identifier: Apache-2.0
//
// The signed answer behind a dynamic code: a compact JWS by the receiver's provider, and the set of
// keys (JWKS) that its header points to.
//
// The key set proves nothing by itself: whoever can answer for the host can sign. That the
// certificate was issued by an authority the payer trusts is for the payer's app to check.
#pragma once

#include "connectors/net/signature.h"
#include "ledger/clock.h"
#include "ledger/result.h"

#include <string>
#include <string_view>

namespace causeway::connectors::pix {

/// Header "alg", "kid", "x5t" and "jku", then the payload. Source: RFC 7515; Bacen, Manual de
/// Segurança do Pix, section 4.2, for which members there are.
[[nodiscard]] std::string sign_payload(const net::SigningKey& key,
                                       std::string_view key_set_url,
                                       std::string_view payload);

/// The document at `key_set_url` for one key.
[[nodiscard]] std::string key_set_of(const net::SigningKey& key);

/// Where the key set of a payload is, which must be on the host that served the payload.
///
/// Errors: `invalid_argument` for what is no JWS; `integrity` when the key set is elsewhere.
[[nodiscard]] Result<std::string> key_set_url_of(std::string_view jws, std::string_view host);

/// The payload of a JWS whose signature is by the key that its "kid" and "x5t" name in `key_set`.
///
/// Errors: `invalid_argument` for what is no JWS or key set; `integrity` when it is not to be
/// believed.
[[nodiscard]] Result<std::string> verify_payload(std::string_view jws,
                                                 std::string_view key_set,
                                                 Timestamp now);

}  // namespace causeway::connectors::pix
