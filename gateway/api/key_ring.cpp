// SPDX-License-Identifier: Apache-2.0
#include "gateway/api/key_ring.h"

#include "gateway/commit.h"

#include <mutex>

namespace asio = boost::asio;

namespace causeway::gateway {
namespace {

constexpr std::size_t kHeaderMax = 512;

bool strip_scheme(std::string_view& text, std::string_view scheme) {
    if (text.size() <= scheme.size() || text[scheme.size()] != ' ') return false;
    for (std::size_t i = 0; i < scheme.size(); ++i) {
        // Schemes match without regard to case; both are ASCII letters.
        if ((text[i] | 0x20) != scheme[i]) return false;
    }
    text.remove_prefix(scheme.size() + 1);
    return true;
}

InTransaction<ApiKey> finding(const Sha256& hash) {
    return [hash](ledger::Transaction& tx) { return find_key(tx, hash); };
}

}  // namespace

std::optional<std::string> key_in_header(std::string_view authorization) {
    if (authorization.size() > kHeaderMax) return std::nullopt;
    if (strip_scheme(authorization, "bearer")) return std::string(authorization);
    if (!strip_scheme(authorization, "basic")) return std::nullopt;
    const Result<std::string> pair = from_base64(authorization);
    if (!pair) return std::nullopt;
    return pair->substr(0, pair->find(':'));
}

asio::awaitable<Result<ApiKey>> KeyRing::find(std::string key) {
    const Sha256 hash = sha256(key);
    {
        const std::shared_lock lock(mutex_);
        const auto at = known_.find(hash);
        if (at != known_.end()) co_return at->second;
    }
    InTransaction<ApiKey> body = finding(hash);
    Result<ApiKey> found = co_await read<ApiKey>(database_, readers_, std::move(body));
    if (found) {
        const std::unique_lock lock(mutex_);
        known_.insert_or_assign(hash, *found);
    }
    co_return found;
}

}  // namespace causeway::gateway
