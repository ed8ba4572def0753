// SPDX-License-Identifier: Apache-2.0
//
// TLS settings in one place: version 1.2 or newer, and on our side of a connection always a
// check of who the other side is. Slow to compile; include it from few files.
#pragma once

#include "ledger/result.h"

#include <boost/asio/ssl/context.hpp>

#include <string>

namespace causeway::net {

/// PEM files of one side's own certificate chain and key; both empty for none.
struct TlsIdentity {
    std::string certificate_file;
    std::string private_key_file;
};

/// Settings for a connection that we open. `ca_file` holds the authorities to trust; empty: the
/// system's.
///
/// Errors: `invalid_argument` when a file cannot be used.
[[nodiscard]] Result<boost::asio::ssl::context> client_tls(const std::string& ca_file,
                                                           const TlsIdentity& identity);

/// Settings for connections that we accept.
///
/// Throws boost::system::system_error when a file cannot be used.
[[nodiscard]] boost::asio::ssl::context server_tls(const TlsIdentity& identity);

}  // namespace causeway::net
