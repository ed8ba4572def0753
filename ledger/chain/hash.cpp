// SPDX-License-Identifier: Apache-2.0
#include "ledger/chain/hash.h"

#include <sodium.h>

namespace causeway::ledger {

ChainHash chain_hash(const Personal& personal, std::span<const std::uint8_t> bytes) noexcept {
    ChainHash hash;
    (void)crypto_generichash_blake2b_salt_personal(
        hash.data(), hash.size(), bytes.data(), bytes.size(), nullptr, 0, nullptr, personal.data());
    return hash;
}

}  // namespace causeway::ledger
