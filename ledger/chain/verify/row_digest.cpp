// SPDX-License-Identifier: Apache-2.0
#include "ledger/chain/verify/row_digest.h"

#include "ledger/chain/hash.h"
#include "ledger/entropy.h"

#include <algorithm>
#include <cstring>

namespace causeway::ledger::verifier {
namespace {

constexpr Personal kRowPersonal = personal("causeway.row");
constexpr std::size_t kNumbersMax = 8;

}  // namespace

RowDigest::RowDigest() {
    SystemEntropy().fill(key_);
}

void RowDigest::add(RowSum& sum, std::span<const std::int64_t> row) const noexcept {
    std::array<std::uint8_t, sizeof(key_) + kNumbersMax * sizeof(std::int64_t)> bytes{};
    std::memcpy(bytes.data(), key_.data(), key_.size());
    std::memcpy(bytes.data() + key_.size(), row.data(), std::min(row.size(), kNumbersMax) * 8);
    const ChainHash hash = chain_hash(kRowPersonal, bytes);
    std::array<std::uint64_t, 2> words{};
    std::memcpy(words.data(), hash.data(), sizeof words);
    sum.sum[0] += words[0];
    sum.sum[1] += words[1];
    ++sum.count;
}

}  // namespace causeway::ledger::verifier
