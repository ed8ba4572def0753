// SPDX-License-Identifier: Apache-2.0
#include "ledger/entropy.h"

#include <sodium.h>

#include <algorithm>
#include <stdexcept>

namespace causeway {
namespace {

// Keys are longer than that and come from the system itself.
constexpr std::size_t kSmall = 16;

}  // namespace

SystemEntropy::SystemEntropy() {
    if (sodium_init() < 0) throw std::runtime_error("libsodium cannot start");
}

SystemEntropy::~SystemEntropy() {
    sodium_memzero(stock_.data(), stock_.size());
}

void SystemEntropy::fill(std::span<std::uint8_t> bytes) noexcept {
    if (bytes.size() > kSmall) return randombytes_buf(bytes.data(), bytes.size());
    const std::lock_guard lock(mutex_);
    if (left_ < bytes.size()) {
        randombytes_buf(stock_.data(), stock_.size());
        left_ = stock_.size();
    }
    std::uint8_t* const from = stock_.data() + (stock_.size() - left_);
    std::copy_n(from, bytes.size(), bytes.data());
    sodium_memzero(from, bytes.size());
    left_ -= bytes.size();
}

}  // namespace causeway
