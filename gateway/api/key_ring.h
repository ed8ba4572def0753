// SPDX-License-Identifier: Apache-2.0
//
// Who is asking: from the Authorization header to an API key.
#pragma once

#include "gateway/merchants/keys_store.h"
#include "ledger/clock.h"
#include "ledger/store/database.h"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/thread_pool.hpp>

#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <utility>

namespace causeway::gateway {

/// The key in "Bearer KEY" or in "Basic base64(KEY:)"; nothing for anything else.
[[nodiscard]] std::optional<std::string> key_in_header(std::string_view authorization);

/// The clock on the wall, for those who were given none.
[[nodiscard]] const Clock& system_clock() noexcept;

/// Keys by their hash, remembered for kFresh: so long another process may have revoked one before
/// it is refused here. Looking up a hash cannot be timed to learn a key.
///
/// Threads: every method may be called from any thread.
class KeyRing {
  public:
    static constexpr std::chrono::seconds kFresh{2};
    /// How far behind a key's last use may be.
    static constexpr std::chrono::seconds kUseNoted{60};

    KeyRing(ledger::Database& database,
            boost::asio::thread_pool& readers,
            const Clock& clock = system_clock())
        : database_(database), readers_(readers), clock_(clock) {}

    /// The key, with the version it is pinned to: at its first use that is durable before this
    /// returns.
    ///
    /// Errors: `not_found`, and storage errors.
    boost::asio::awaitable<Result<ApiKey>> find(std::string key);

    /// Whether `platform` may act for `merchant`. That never changes, so a yes is remembered.
    boost::asio::awaitable<Result<bool>> may_act(Uuid platform, Uuid merchant);

    /// Asks the database about every key again: one was revoked.
    void forget();

  private:
    struct Known {
        ApiKey key;
        Timestamp looked_up;
    };

    [[nodiscard]] std::optional<ApiKey> known_key(const Sha256& hash);
    boost::asio::awaitable<Result<void>> note(ApiKey& key);
    void drop(const Sha256& hash);

    ledger::Database& database_;
    boost::asio::thread_pool& readers_;
    const Clock& clock_;
    std::shared_mutex mutex_;
    std::map<Sha256, Known> known_;
    std::set<std::pair<Uuid, Uuid>> connected_;
};

}  // namespace causeway::gateway
