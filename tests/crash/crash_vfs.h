// SPDX-License-Identifier: Apache-2.0
//
// Hands SQLite a MemoryDisk for a file system.
#pragma once

#include "tests/crash/memory_disk.h"

#include <cstdint>
#include <memory>
#include <string>

struct sqlite3_vfs;

namespace causeway::crash {

/// Registered under a name of its own as long as it lives.
///
/// Lifetime: the disk outlives it, and it outlives every connection to it.
class CrashVfs {
  public:
    explicit CrashVfs(MemoryDisk& disk);
    CrashVfs(const CrashVfs&) = delete;
    CrashVfs& operator=(const CrashVfs&) = delete;
    ~CrashVfs();

    [[nodiscard]] const std::string& name() const noexcept { return name_; }

  private:
    std::string name_;
    std::unique_ptr<sqlite3_vfs> vfs_;
};

/// SQLite salts a WAL by chance; from here on that chance hangs on `seed`, in the whole process.
void seed_sqlite(std::uint64_t seed);

}  // namespace causeway::crash
