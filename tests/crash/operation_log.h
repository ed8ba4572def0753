// SPDX-License-Identifier: Apache-2.0
//
// Everything that a run did to its disk, and when it acknowledged what, in one order.
//
// The log is kept in memory that a forked child shares with its parent, so it outlives a child
// that stops in the middle. One recorded run serves for thousands of power cuts: see platter.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <span>
#include <vector>

namespace causeway::crash {

enum class Operation : std::uint8_t {
    create,        ///< `data` is the name, `file` the new file's number; flag: durable at once.
    write,         ///< `data` goes to offset `number`.
    truncate,      ///< To `number` bytes.
    sync,          ///< What was done to the file so far is durable.
    sync_failed,   ///< What was done so far may be durable or not, and no later sync mends that.
    write_failed,  ///< Some of it may have come before, as a `write`.
    remove,        ///< `data` is the name; flag: durable at once.
    acknowledged,  ///< Body `number` was told that it is durable.
    refused,       ///< Body `number` was told an error.
    stopped,       ///< The process is about to stop; `data` is the line it said.
};

struct Record {
    Operation what{};
    bool flag = false;
    std::uint32_t file = 0;
    std::uint64_t number = 0;
    std::span<const std::uint8_t> data = {};  ///< Lives as long as the log and until clear().
};

/// Threads: add() any; the rest one at a time, and not together with add().
class OperationLog {
  public:
    /// Throws std::runtime_error when there is no memory to share.
    explicit OperationLog(std::size_t bytes_max = std::size_t{256} << 20U);
    OperationLog(const OperationLog&) = delete;
    OperationLog& operator=(const OperationLog&) = delete;
    ~OperationLog();

    /// Stops the process when the log is full.
    void add(const Record& record);
    void clear();
    [[nodiscard]] std::vector<Record> records() const;

  private:
    std::mutex mutex_;
    std::size_t bytes_max_;
    std::uint8_t* memory_;  // its first eight bytes say how many follow
};

}  // namespace causeway::crash
