// SPDX-License-Identifier: Apache-2.0
//
// Chance as it is handed in. The real source is libsodium's; a test hands in a seeded one, so
// that a failing run can be run again.
#pragma once

#include <cstdint>
#include <span>

namespace causeway {

class Entropy {
  public:
    Entropy() = default;
    Entropy(const Entropy&) = delete;
    Entropy& operator=(const Entropy&) = delete;
    virtual ~Entropy() = default;

    /// Fills `bytes`. Threads: may be called from any thread.
    virtual void fill(std::span<std::uint8_t> bytes) noexcept = 0;
};

/// The operating system's generator, by way of libsodium.
class SystemEntropy final : public Entropy {
  public:
    /// Throws std::runtime_error if libsodium cannot start: no keys without chance.
    SystemEntropy();
    void fill(std::span<std::uint8_t> bytes) noexcept override;
};

}  // namespace causeway
