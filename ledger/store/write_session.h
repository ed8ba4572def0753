// SPDX-License-Identifier: Apache-2.0
//
// What the writer needs of an engine: one transaction at a time that many bodies share, and from
// which each can be taken back alone.
#pragma once

#include "ledger/store/database.h"

#include <cstddef>

namespace causeway::ledger {

/// Nothing here reports an error: an engine that can not do what it is told calls FailStop. A
/// shared engine may be doomed instead: the batch can not be committed, though a later try may be.
/// Whoever finds it so calls rollback() and starts again with begin().
///
/// Order: begin (begin_body (keep_body | undo_body))* bodies_over (commit | rollback), again and
/// again; rollback() from everywhere.
/// Threads: one at a time.
class WriteSession {
  public:
    WriteSession() = default;
    WriteSession(const WriteSession&) = delete;
    WriteSession& operator=(const WriteSession&) = delete;
    virtual ~WriteSession() = default;

    /// Waits as long as the engine sees fit when the batch is tried again.
    virtual void begin() = 0;
    /// `last` says that no body follows this one before the commit.
    virtual void begin_body(bool last) = 0;
    virtual void keep_body() = 0;
    /// Takes back all that was executed since begin_body().
    virtual void undo_body() = 0;
    /// What is executed from now on stays or falls with the whole batch.
    virtual void bodies_over() = 0;
    /// True when everything kept is durable; false when nothing of it happened and the batch has
    /// to be run again. Returns when it knows.
    [[nodiscard]] virtual bool commit() = 0;
    virtual void rollback() = 0;
    /// See above. A session that is doomed stays so until rollback().
    [[nodiscard]] virtual bool doomed() const noexcept = 0;

    /// Housekeeping between batches; `idle` when nobody waits for the writer.
    virtual void tidy(bool idle) = 0;

    /// Whether one thread may run the bodies of a batch while another commits the one before, as
    /// long as they take turns with this session.
    [[nodiscard]] virtual bool overlaps() const noexcept { return false; }

    /// Whether nobody else writes to the database, so that bodies may remember rows.
    [[nodiscard]] virtual bool alone() const noexcept { return false; }

    /// Where the bodies and the participants execute.
    [[nodiscard]] virtual Transaction& transaction() noexcept = 0;
};

}  // namespace causeway::ledger
