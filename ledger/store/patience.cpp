// SPDX-License-Identifier: Apache-2.0
#include "ledger/store/patience.h"

#include <algorithm>
#include <optional>
#include <random>
#include <thread>

namespace causeway::ledger {
namespace {

using std::chrono::microseconds;
using std::chrono::steady_clock;

constexpr microseconds kFirst{5'000};
constexpr microseconds kLongest{1'000'000};

class DoublingPatience final : public Patience {
  public:
    DoublingPatience(std::chrono::milliseconds at_most, std::uint64_t seed)
        : at_most_(at_most), random_(seed) {}

    [[nodiscard]] bool wait() override {
        const steady_clock::time_point now = steady_clock::now();
        if (!since_) since_ = now;
        if (now - *since_ > at_most_) return false;
        std::uniform_int_distribution<std::int64_t> some(next_.count() / 2, next_.count());
        std::this_thread::sleep_for(microseconds(some(random_)));
        next_ = std::min(next_ * 2, kLongest);
        return true;
    }
    void forget() noexcept override {
        since_.reset();
        next_ = kFirst;
    }

  private:
    const std::chrono::milliseconds at_most_;
    std::mt19937_64 random_;
    std::optional<steady_clock::time_point> since_;  // the first of the tries
    microseconds next_ = kFirst;
};

}  // namespace

std::unique_ptr<Patience> make_patience(std::chrono::milliseconds at_most, std::uint64_t seed) {
    return std::make_unique<DoublingPatience>(at_most, seed);
}

}  // namespace causeway::ledger
