// SPDX-License-Identifier: Apache-2.0
//
// The connections that read: opened when first needed, at most so many, handed round.
#pragma once

#include "ledger/result.h"
#include "ledger/store/sqlite/connection.h"

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace causeway::ledger::sqlite {

/// Threads: any.
class Readers {
  public:
    Readers(std::string path, std::string vfs, int readers_max);

    /// Waits while all are taken.
    ///
    /// Errors: `storage` when one more can not be opened.
    [[nodiscard]] Result<std::unique_ptr<Connection>> take();
    void give_back(std::unique_ptr<Connection> connection);

  private:
    const std::string path_;
    const std::string vfs_;
    const int readers_max_;
    std::mutex mutex_;
    std::condition_variable one_is_free_;
    std::vector<std::unique_ptr<Connection>> free_;
    int open_ = 0;
};

}  // namespace causeway::ledger::sqlite
