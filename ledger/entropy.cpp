// SPDX-License-Identifier: Apache-2.0
#include "ledger/entropy.h"

#include <sodium.h>

#include <stdexcept>

namespace causeway {

SystemEntropy::SystemEntropy() {
    if (sodium_init() < 0) throw std::runtime_error("libsodium cannot start");
}

void SystemEntropy::fill(std::span<std::uint8_t> bytes) noexcept {
    randombytes_buf(bytes.data(), bytes.size());
}

}  // namespace causeway
