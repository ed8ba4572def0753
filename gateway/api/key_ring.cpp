// SPDX-License-Identifier: Apache-2.0
#include "gateway/api/key_ring.h"

#include "gateway/api/version.h"
#include "gateway/commit.h"
#include "gateway/merchants/merchants_store.h"

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

InTransaction<std::string> noting(const Sha256& hash, Timestamp now) {
    return [hash, now](ledger::Transaction& tx) { return note_use(tx, hash, kApiVersion, now); };
}

InTransaction<bool> asking(const Uuid& platform, const Uuid& merchant) {
    return [platform, merchant](ledger::Transaction& tx) {
        return is_connected(tx, merchant, platform);
    };
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

const Clock& system_clock() noexcept {
    static const SystemClock clock;
    return clock;
}

std::optional<ApiKey> KeyRing::known_key(const Sha256& hash) {
    const Timestamp now = clock_.now();
    {
        const std::shared_lock lock(mutex_);
        const auto at = known_.find(hash);
        if (at == known_.end()) return std::nullopt;
        if (now - at->second.looked_up < kFresh) return at->second.key;
    }
    const std::unique_lock lock(mutex_);
    const auto at = known_.find(hash);
    if (at == known_.end()) return std::nullopt;
    if (now - at->second.looked_up < kFresh) return at->second.key;
    // We are the one to look it up again. The others go on meanwhile with what they know.
    at->second.looked_up = now;
    return std::nullopt;
}

asio::awaitable<Result<void>> KeyRing::note(ApiKey& key) {
    const Timestamp now = clock_.now();
    const bool first = key.version.empty();
    if (!first && key.last_used_at && now - *key.last_used_at < kUseNoted) {
        co_return Result<void>();
    }
    key.last_used_at = now;
    InTransaction<std::string> body = noting(key.hash, now);
    if (!first) {
        // Nobody waits for it: the next use would note it again.
        (void)database_.writer().submit<std::string>(std::move(body), [](Result<std::string>) {});
        co_return Result<void>();
    }
    Result<std::string> pinned = co_await commit<std::string>(database_, std::move(body));
    if (!pinned) co_return pinned.error();
    key.version = *std::move(pinned);
    co_return Result<void>();
}

void KeyRing::drop(const Sha256& hash) {
    const std::unique_lock lock(mutex_);
    known_.erase(hash);
}

asio::awaitable<Result<ApiKey>> KeyRing::find(std::string key) {
    if (!is_api_key(key)) co_return Error(ErrorCode::not_found, "API key");
    const Sha256 hash = sha256(key);
    if (std::optional<ApiKey> known = known_key(hash)) co_return *std::move(known);
    InTransaction<ApiKey> body = finding(hash);
    Result<ApiKey> found = co_await read<ApiKey>(database_, readers_, std::move(body));
    if (!found) {
        drop(hash);
        co_return found;
    }
    const Result<void> noted = co_await note(*found);
    if (!noted) {
        drop(hash);
        co_return noted.error();
    }
    const std::unique_lock lock(mutex_);
    Known known{.key = *found, .looked_up = clock_.now()};
    known_.insert_or_assign(hash, std::move(known));
    co_return found;
}

asio::awaitable<Result<bool>> KeyRing::may_act(Uuid platform, Uuid merchant) {
    const std::pair<Uuid, Uuid> pair(platform, merchant);
    {
        const std::shared_lock lock(mutex_);
        if (connected_.contains(pair)) co_return true;
    }
    InTransaction<bool> body = asking(platform, merchant);
    Result<bool> connected = co_await read<bool>(database_, readers_, std::move(body));
    if (connected && *connected) {
        const std::unique_lock lock(mutex_);
        connected_.insert(pair);
    }
    co_return connected;
}

void KeyRing::forget() {
    const std::unique_lock lock(mutex_);
    known_.clear();
}

}  // namespace causeway::gateway
