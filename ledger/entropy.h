// SPDX-License-Identifier: Apache-2.0
//
// Chance as it is handed in. The real source is libsodium's; a test hands in a seeded one, so
// that a failing run can be run again.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <mutex>
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

/// The operating system's generator, by way of libsodium. Ids ask for a few bytes at a time, and a
/// system call for each costs more than the id: small wishes are served from a stock, whose bytes
/// are wiped as they go. A forked process would share the stock; nothing here forks.
class SystemEntropy final : public Entropy {
  public:
    /// Throws std::runtime_error if libsodium cannot start: no keys without chance.
    SystemEntropy();
    ~SystemEntropy() override;
    void fill(std::span<std::uint8_t> bytes) noexcept override;

  private:
    std::mutex mutex_;
    std::array<std::uint8_t, 1024> stock_{};
    std::size_t left_ = 0;  ///< At the end of the stock.
};

}  // namespace causeway
