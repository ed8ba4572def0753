// SPDX-License-Identifier: Apache-2.0
//
// Who is asking: from the Authorization header to an API key.
#pragma once

#include "gateway/merchants/merchants_store.h"
#include "ledger/store/database.h"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/thread_pool.hpp>

#include <map>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>

namespace causeway::gateway {

/// The key in "Bearer KEY" or in "Basic base64(KEY:)"; nothing for anything else.
[[nodiscard]] std::optional<std::string> key_in_header(std::string_view authorization);

/// Keys by their hash, remembered after the first use. Looking up a hash cannot be timed to learn
/// a key.
///
/// Threads: every method may be called from any thread.
class KeyRing {
  public:
    KeyRing(ledger::Database& database, boost::asio::thread_pool& readers)
        : database_(database), readers_(readers) {}

    /// Errors: `not_found`, and storage errors.
    boost::asio::awaitable<Result<ApiKey>> find(std::string key);

  private:
    ledger::Database& database_;
    boost::asio::thread_pool& readers_;
    std::shared_mutex mutex_;
    std::map<Sha256, ApiKey> known_;
};

}  // namespace causeway::gateway
