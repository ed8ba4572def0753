// SPDX-License-Identifier: Apache-2.0
//
// One connection to PostgreSQL, in pipeline mode: what is sent waits in our own memory until
// somebody needs an answer, and then all of it travels together.
//
// After a failure the server skips what was sent behind it, up to where we asked for answers.
#pragma once

#include "ledger/result.h"
#include "ledger/store/database.h"
#include "ledger/store/postgres/fate.h"
#include "ledger/store/postgres/parameters.h"
#include "ledger/store/postgres/result_row.h"
#include "ledger/store/postgres/target.h"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

struct pg_conn;

namespace causeway::ledger::postgres {

/// What came of all that was sent since the last answer.
struct Answer {
    /// The first failure, if any.
    std::optional<Failure> failure = {};
    /// Whether it was the statement that was sent with Wanted::yes, and not one before or after.
    bool wanted_failed = false;
    /// Of the statement that was sent with Wanted::yes; none when that failed or was skipped.
    ResultPtr result = {};

    /// Rows that it changed.
    [[nodiscard]] std::int64_t changed() const;
};

/// Threads: one at a time; may move from one to another.
class Connection {
  public:
    enum class Wanted { no, yes };

    /// Connects and waits for it; seconds at most. A body's words (`/*locked*/`) count when
    /// `writes`.
    ///
    /// Errors: `unavailable`, naming the target and what the server or the network said.
    static Result<std::unique_ptr<Connection>> open(const Target& target, bool writes);

    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;
    ~Connection();

    /// Sends a statement of somebody above, prepared when it is new. Nothing is known of it before
    /// finish(). Throws std::logic_error as parameters_of() and for a wrong number of values.
    void send(std::string_view sql, Parameters& parameters, Wanted wanted);
    /// Sends a command of our own without parameters, such as BEGIN.
    void send_command(const char* sql, Wanted wanted = Wanted::no);

    /// Waits for all that was sent.
    [[nodiscard]] Answer finish();

    /// The same, and hands each row of the wanted statement to `each` as it comes: no more than a
    /// row at a time is in memory, unless `each` itself sends something. Then the rest is fetched
    /// first, since the connection can do one thing at a time.
    [[nodiscard]] std::optional<Failure> stream(const std::function<void(const Row&)>& each);

    /// Runs commands of our own, separated by semicolons; nothing may be in flight.
    [[nodiscard]] std::optional<Failure> run(const std::string& sql);
    /// The first column of the first row as a number; 0 when there is none.
    [[nodiscard]] Result<std::int64_t> number(const std::string& sql);

    /// True when it can not be used again: the server is gone, or a callback threw in the middle.
    [[nodiscard]] bool is_broken();
    [[nodiscard]] bool in_flight() const noexcept { return !sent_.empty(); }
    [[nodiscard]] std::string server_encoding() const;

    /// What the server warned of since the last call; empty when it did not.
    [[nodiscard]] std::string take_warning();

  private:
    struct Statement {
        std::string name;
        int parameters;
    };
    // Something that was sent and has not been answered.
    struct Sent {
        std::string prepares;  // the key in statements_; empty unless it is a Parse
        bool wanted;
    };
    // The rows of a stream() that are still to come, or were fetched before their time.
    struct Stream {
        std::deque<ResultPtr> parked;
        std::optional<Failure> failure;
        bool ended = false;
    };
    struct TextHash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const {
            return std::hash<std::string_view>{}(text);
        }
    };

    Connection(pg_conn* handle, bool writes) : handle_(handle), writes_(writes) {}
    static void hear(void* self, const pg_result* notice);
    [[nodiscard]] const Statement& prepare(std::string_view sql, const Parameters& parameters);
    void settle_stream();
    [[nodiscard]] bool synchronize();
    [[nodiscard]] std::optional<Failure> collect_one(const Sent& sent, ResultPtr* kept);
    [[nodiscard]] bool collect_sync();
    [[nodiscard]] ResultPtr next_row(Stream& stream);
    [[nodiscard]] Failure failure_of(const pg_result* result) const;
    [[nodiscard]] Failure lost();
    void collect_all(Answer& answer);

    pg_conn* handle_;
    const bool writes_;
    bool broken_ = false;
    std::deque<Sent> sent_;
    Stream* stream_ = nullptr;  // the one that still owns the wire
    std::string key_;
    std::string warning_;
    std::uint64_t prepared_count_ = 0;
    // The texts are literals of ours, so this grows no larger than the program.
    std::unordered_map<std::string, Statement, TextHash, std::equal_to<>> statements_;
};

}  // namespace causeway::ledger::postgres
