// SPDX-License-Identifier: Apache-2.0
//
// When a certificate ends.
#pragma once

#include "ledger/clock.h"
#include "ledger/result.h"

#include <string>

namespace causeway::net {

/// The end of the first certificate to end in a PEM file, which may hold a chain.
///
/// Errors: `storage` when the file cannot be read; `invalid_argument` when it holds none.
[[nodiscard]] Result<Timestamp> certificate_end(const std::string& path);

}  // namespace causeway::net
