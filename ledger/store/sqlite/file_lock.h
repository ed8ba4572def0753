// SPDX-License-Identifier: Apache-2.0
//
// Who owns a database file: the process that holds the lock on PATH.lock.
//
// SQLite's own locks allow several writers; ours does not, because two connections that write or
// checkpoint at the same moment can damage a WAL file in the SQLite that Debian 12 ships. The
// lock is of the kernel's "open file description" kind: it ends with the process however that
// ends, a second open in the same process meets it too, and looking at it does not take it.
//
// Source: fcntl(2), F_OFD_SETLK; https://sqlite.org/wal.html#walresetbug.
#pragma once

#include "ledger/result.h"

#include <string>

namespace causeway::ledger::sqlite {

class FileLock {
  public:
    /// Takes PATH.lock, making the file (mode 0600) when it is not there.
    ///
    /// Errors: `conflict` when somebody holds it; `storage` when it can not be opened.
    static Result<FileLock> take(const std::string& path);

    FileLock(FileLock&& other) noexcept;
    FileLock& operator=(FileLock&&) = delete;
    /// Lets go. The file stays: removing it would let two processes lock two files of one name.
    ~FileLock();

    [[nodiscard]] static bool is_held(const std::string& path);

  private:
    explicit FileLock(int file) noexcept : file_(file) {}

    int file_;
};

/// The path without links and dots, so that one file has one lock. Relative to the folder that
/// the process is in when the file does not exist yet.
[[nodiscard]] std::string resolved(const std::string& path);

}  // namespace causeway::ledger::sqlite
