// SPDX-License-Identifier: Apache-2.0
//
// How many requests a key may send: a bucket a key, in this process's memory. Several processes
// on one database each give the whole allowance.
//
// Source: draft-ietf-httpapi-ratelimit-headers-11, whose two fields are lists of named policies.
#pragma once

#include "ledger/clock.h"
#include "ledger/digest.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>

namespace causeway::gateway {

/// `burst` requests at once, and `per_second` more every second after that.
struct RatePolicy {
    std::int64_t per_second = 0;  ///< 0: no limit.
    std::int64_t burst = 1;
};

struct RateVerdict {
    bool allowed = true;
    std::int64_t remaining = 0;
    std::int64_t full_in_s = 0;   ///< Until the whole burst is there again. Units: seconds.
    std::int64_t retry_in_s = 0;  ///< Of a refusal: until the next request. Units: seconds.

    /// The RateLimit field: "default";r=199;t=1
    [[nodiscard]] std::string field() const;
};

/// Threads: every method may be called from any thread.
class RateLimiter {
  public:
    /// More buckets than these are not kept: those that are full again go first.
    static constexpr std::size_t kBucketsMax = 10'000;

    explicit RateLimiter(RatePolicy policy) : policy_(policy) {}

    [[nodiscard]] bool limits() const noexcept { return policy_.per_second > 0; }

    /// Takes one request out of the key's bucket, if there is one in it.
    [[nodiscard]] RateVerdict take(const Sha256& key, Timestamp now);

    /// The RateLimit-Policy field: "default";q=200;w=2 with the seconds that fill an empty bucket.
    [[nodiscard]] std::string policy_field() const;

    [[nodiscard]] std::size_t buckets() const;

  private:
    // Units: millionths of a request, so that a microsecond adds a whole number of them.
    struct Bucket {
        std::int64_t level = 0;
        Timestamp filled_at;
    };

    [[nodiscard]] std::int64_t level_at(const Bucket& bucket, Timestamp now) const noexcept;
    [[nodiscard]] std::int64_t full() const noexcept;
    void make_room(Timestamp now);

    RatePolicy policy_;
    mutable std::mutex mutex_;
    std::map<Sha256, Bucket> buckets_;
};

}  // namespace causeway::gateway
