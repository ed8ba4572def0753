// SPDX-License-Identifier: Apache-2.0
#include "gateway/api/rate_limit.h"

#include <algorithm>

namespace causeway::gateway {
namespace {

constexpr std::int64_t kRequest = 1'000'000;  // a bucket's units, and a second's microseconds

std::int64_t ceil_div(std::int64_t dividend, std::int64_t divisor) {
    return (dividend + divisor - 1) / divisor;
}

}  // namespace

std::string RateVerdict::field() const {
    return "\"default\";r=" + std::to_string(remaining) + ";t=" + std::to_string(full_in_s);
}

std::int64_t RateLimiter::full() const noexcept {
    return policy_.burst * kRequest;
}

std::int64_t RateLimiter::level_at(const Bucket& bucket, Timestamp now) const noexcept {
    // A clock that steps back takes nothing away.
    const std::int64_t passed =
        std::max<std::int64_t>(0, to_microseconds(now) - to_microseconds(bucket.filled_at));
    const std::int64_t lacks = full() - bucket.level;
    if (passed >= ceil_div(lacks, policy_.per_second)) return full();
    return bucket.level + passed * policy_.per_second;
}

RateVerdict RateLimiter::take(const Sha256& key, Timestamp now) {
    const std::lock_guard lock(mutex_);
    auto at = buckets_.find(key);
    if (at == buckets_.end()) {
        make_room(now);
        at = buckets_.emplace(key, Bucket{.level = full(), .filled_at = now}).first;
    }
    Bucket& bucket = at->second;
    bucket.level = level_at(bucket, now);
    bucket.filled_at = std::max(bucket.filled_at, now);
    RateVerdict verdict{.allowed = bucket.level >= kRequest};
    if (verdict.allowed) bucket.level -= kRequest;
    const std::int64_t second = policy_.per_second * kRequest;
    verdict.remaining = bucket.level / kRequest;
    verdict.full_in_s = ceil_div(full() - bucket.level, second);
    if (!verdict.allowed) {
        verdict.retry_in_s = std::max<std::int64_t>(1, ceil_div(kRequest - bucket.level, second));
    }
    return verdict;
}

std::string RateLimiter::policy_field() const {
    const std::int64_t window =
        ceil_div(policy_.burst, std::max<std::int64_t>(1, policy_.per_second));
    return "\"default\";q=" + std::to_string(policy_.burst) + ";w=" + std::to_string(window);
}

void RateLimiter::make_room(Timestamp now) {
    if (buckets_.size() < kBucketsMax) return;
    std::erase_if(buckets_, [&](const auto& one) { return level_at(one.second, now) == full(); });
    // All of them busy: forgetting one is generous to its key, keeping all would let memory grow.
    if (buckets_.size() >= kBucketsMax) buckets_.erase(buckets_.begin());
}

std::size_t RateLimiter::buckets() const {
    const std::lock_guard lock(mutex_);
    return buckets_.size();
}

}  // namespace causeway::gateway
