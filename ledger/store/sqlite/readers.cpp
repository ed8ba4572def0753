// SPDX-License-Identifier: Apache-2.0
#include "ledger/store/sqlite/readers.h"

#include <algorithm>

namespace causeway::ledger::sqlite {

Readers::Readers(std::string path, std::string vfs, int readers_max)
    : path_(std::move(path)), vfs_(std::move(vfs)), readers_max_(std::max(readers_max, 1)) {}

Result<std::unique_ptr<Connection>> Readers::take() {
    {
        std::unique_lock lock(mutex_);
        one_is_free_.wait(lock, [this] { return !free_.empty() || open_ < readers_max_; });
        if (!free_.empty()) {
            std::unique_ptr<Connection> connection = std::move(free_.back());
            free_.pop_back();
            return connection;
        }
        ++open_;
    }
    Result<std::unique_ptr<Connection>> opened =
        Connection::open(path_, Connection::Role::reader, vfs_);
    if (!opened) give_back(nullptr);
    return opened;
}

void Readers::give_back(std::unique_ptr<Connection> connection) {
    {
        const std::lock_guard lock(mutex_);
        if (connection) {
            free_.push_back(std::move(connection));
        } else {
            --open_;
        }
    }
    one_is_free_.notify_one();
}

}  // namespace causeway::ledger::sqlite
