// SPDX-License-Identifier: Apache-2.0
//
// The row by which a writer finds out what became of a COMMIT whose answer it never got.
//
// Every batch moves the row from the number it knows to the next. Whoever asks afterwards on a new
// connection locks the row, which waits for the old transaction to end, and reads how it ended.
// What the server had not even read by then comes too late: the row has been moved on, and the old
// batch, which no longer finds the number it knows, fails.
#pragma once

#include "ledger/id.h"
#include "ledger/result.h"
#include "ledger/store/postgres/connection.h"

#include <cstdint>
#include <optional>

namespace causeway::ledger::postgres {

/// Threads: the writer's only.
class WriterRow {
  public:
    /// `id` is this process's own, made by chance.
    explicit WriterRow(const Uuid& id) : id_(id) {}

    /// Errors: `storage`.
    [[nodiscard]] Result<void> insert(Connection& connection);
    /// Best effort: a row that stays harms nobody.
    void remove(Connection& connection) const noexcept;

    /// Sends the step that makes the transaction ours; COMMIT follows at once.
    void send_step(Connection& connection);
    /// COMMIT was answered.
    void stepped() noexcept;
    /// The transaction was rolled back, and the server said so.
    void taken_back() noexcept { tried_.reset(); }

    enum class Past {
        committed,
        taken_back,  ///< And it can not be committed any more.
        unknown,     ///< The connection is lost again, or somebody holds the row: ask again.
        impossible,  ///< The row says what we never wrote: commits were lost, or it is not ours.
    };
    /// What became of the last step; on a connection newer than that.
    [[nodiscard]] Past resolve(Connection& connection);

  private:
    [[nodiscard]] Past move_on(Connection& connection);

    Uuid id_;
    std::int64_t batch_ = 0;             // what the row holds as far as we know
    std::int64_t top_ = 0;               // the highest number ever tried
    std::optional<std::int64_t> tried_;  // a step whose fate is not known
    std::optional<std::int64_t> moved_;  // from here on: numbers that move_on() has tried
    Parameters parameters_;
};

}  // namespace causeway::ledger::postgres
