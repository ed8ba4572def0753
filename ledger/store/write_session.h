// SPDX-License-Identifier: Apache-2.0
//
// What the writer needs of an engine: one transaction at a time that many bodies share, and from
// which each can be taken back alone.
#pragma once

#include "ledger/store/database.h"

#include <cstddef>

namespace causeway::ledger {

/// Nothing here reports an error: an engine that can not do what it is told calls FailStop.
///
/// Order: begin (begin_body (keep_body | undo_body))* (commit | rollback), again and again.
/// Threads: belongs to the writer's thread.
class WriteSession {
  public:
    WriteSession() = default;
    WriteSession(const WriteSession&) = delete;
    WriteSession& operator=(const WriteSession&) = delete;
    virtual ~WriteSession() = default;

    virtual void begin() = 0;
    /// `last` says that no body follows this one before the commit.
    virtual void begin_body(bool last) = 0;
    virtual void keep_body() = 0;
    /// Takes back all that was executed since begin_body().
    virtual void undo_body() = 0;
    /// Returns when everything kept is durable.
    virtual void commit() = 0;
    virtual void rollback() = 0;

    /// Housekeeping between batches; `idle` when nobody waits for the writer.
    virtual void tidy(bool idle) = 0;

    /// Where the bodies and the participants execute.
    [[nodiscard]] virtual Transaction& transaction() noexcept = 0;
};

}  // namespace causeway::ledger
