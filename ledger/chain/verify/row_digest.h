// SPDX-License-Identifier: Apache-2.0
//
// Compares two sets of rows that come in different orders, without holding either: each row is
// hashed under a key that nobody could know when the rows were written, and the hashes are added.
#pragma once

#include "ledger/chain/verify/accounts.h"

#include <array>
#include <cstdint>
#include <span>

namespace causeway::ledger::verifier {

class RowDigest {
  public:
    /// With a new key. Throws std::runtime_error when there is no chance to be had.
    RowDigest();

    /// Requires at most eight numbers.
    void add(RowSum& sum, std::span<const std::int64_t> row) const noexcept;

  private:
    std::array<std::uint8_t, 16> key_{};
};

}  // namespace causeway::ledger::verifier
