// SPDX-License-Identifier: Apache-2.0
#include "ledger/store/postgres/readers.h"

#include "ledger/store/statement.h"

#include <algorithm>
#include <stdexcept>

namespace causeway::ledger::postgres {

Readers::Readers(const Target& target, int readers_max)
    : target_(target), readers_max_(std::max(readers_max, 1)) {}

Result<std::unique_ptr<Connection>> Readers::take() {
    {
        std::unique_lock lock(mutex_);
        one_is_free_.wait(lock, [this] { return !free_.empty() || open_ < readers_max_; });
        while (!free_.empty()) {
            std::unique_ptr<Connection> connection = std::move(free_.back());
            free_.pop_back();
            if (!connection->is_broken()) return connection;
            --open_;
        }
        ++open_;
    }
    Result<std::unique_ptr<Connection>> opened = Connection::open(target_, false);
    if (opened) return opened;
    give_back(nullptr);
    return Error(ErrorCode::storage, opened.error().detail());
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

// Whatever happened inside, the snapshot ends; a connection that can not even do that is closed.
Snapshot::~Snapshot() {
    if (begun_ && !failed_) {
        connection_->send_command("COMMIT");
        failed_ = connection_->finish().failure.has_value();
    }
    if (failed_ || connection_->is_broken()) connection_.reset();
    readers_.give_back(std::move(connection_));
}

Result<std::int64_t> Snapshot::execute(std::string_view sql, std::initializer_list<Value>) {
    refuse("a reader's snapshot can not write", sql);
}

Result<void> Snapshot::defer(std::string_view sql, std::initializer_list<Value>) {
    refuse("a reader's snapshot can not write", sql);
}

Result<void> Snapshot::insert_rows(const Rows& rows) {
    refuse("a reader's snapshot can not write", rows.table);
}

Result<void> Snapshot::query(std::string_view sql,
                             std::initializer_list<Value> values,
                             const std::function<void(const Row&)>& each) {
    // Not that of the connection: `each` may ask something itself.
    Parameters parameters;
    for (const Value& value : values) {
        Result<void> added = parameters.add(value);
        if (!added) return added;
    }
    if (failed_) return Error(ErrorCode::storage, "an earlier query of this snapshot failed");
    // Before anything is sent: the snapshot is none the worse. What hides behind WITH the server
    // refuses.
    if (!only_reads(sql) && !sql.starts_with("WITH")) {
        refuse("a reader's snapshot can not write", sql);
    }
    if (!begun_) connection_->send_command("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    begun_ = true;
    connection_->send(sql, parameters, Connection::Wanted::yes);
    const std::optional<Failure> failure = connection_->stream(each);
    if (!failure) return {};
    failed_ = true;
    const bool wrote = failure->detail.find("(SQLSTATE 25006)") != std::string::npos;
    if (failure->fate == Fate::bug || wrote) throw std::logic_error(failure->detail);
    return Error(ErrorCode::storage, failure->detail);
}

}  // namespace causeway::ledger::postgres
