// SPDX-License-Identifier: Apache-2.0
//
// A disk in memory as running processes see it: files, locks and shared memory, with every change
// told to a log. What of it would survive is not its business; see platter.h.
//
// It can also fail: the n-th call of a kind, once or from then on.
#pragma once

#include "tests/crash/chance.h"
#include "tests/crash/operation_log.h"
#include "tests/crash/platter.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace causeway::crash {

/// `read` gives nothing, `short_read` a part, and both an error. Neither pretends that the file
/// ends there: SQLite would take the rest for zeros, and its own VFS asks the kernel again and
/// again until it has the rest, an error or the true end of the file.
enum class Call : std::uint8_t { open, read, short_read, write, full, sync, truncate, remove };
inline constexpr std::array kCalls{Call::open,
                                   Call::read,
                                   Call::short_read,
                                   Call::write,
                                   Call::full,
                                   Call::sync,
                                   Call::truncate,
                                   Call::remove};
[[nodiscard]] std::string_view to_string(Call call) noexcept;

struct Fault {
    Call call{};
    std::uint64_t at = 0;  ///< 1 is the first call of the kind.
    bool lasting = false;  ///< All later ones fail too.
};

enum class Answer { done, short_read, busy, full, failed };

/// Threads: any.
class MemoryDisk {
  public:
    static constexpr int kShmLocks = 8;

    struct Handle;
    struct File {
        std::uint32_t number = 0;
        std::vector<std::uint8_t> bytes;
        std::vector<Handle*> handles;
        std::vector<std::unique_ptr<std::uint8_t[]>> shm;
        bool logged = true;  // a file without a name is nobody's after a crash
    };
    /// One opening of a file. The levels of `lock` are SQLite's: 0 none, 1 shared, 2 reserved,
    /// 3 pending, 4 exclusive. Bits of the masks are locks of the shared memory.
    struct Handle {
        std::shared_ptr<File> file;
        int lock = 0;
        bool has_shm = false;
        unsigned shm_shared = 0;
        unsigned shm_exclusive = 0;
    };

    /// Lifetime: `log` outlives the disk; without one nobody is told.
    MemoryDisk(DiskImage start, const DiskTraits& traits, OperationLog* log = nullptr);

    void set_fault(const Fault& fault, std::uint64_t seed);
    /// Calls of each kind so far.
    [[nodiscard]] std::uint64_t calls(Call call) const;
    [[nodiscard]] const DiskTraits& traits() const noexcept { return traits_; }

    /// A name that is empty makes a file that ends with its handle.
    [[nodiscard]] Answer open(const std::string& name, bool create, bool durable, Handle& handle);
    void close(Handle& handle);
    [[nodiscard]] Answer remove(const std::string& name, bool durable);
    [[nodiscard]] bool exists(const std::string& name) const;

    [[nodiscard]] Answer read(Handle& handle, std::span<std::uint8_t> to, std::uint64_t offset);
    [[nodiscard]] Answer write(Handle& handle,
                               std::span<const std::uint8_t> from,
                               std::uint64_t offset);
    [[nodiscard]] Answer truncate(Handle& handle, std::uint64_t bytes);
    [[nodiscard]] Answer sync(Handle& handle);
    [[nodiscard]] std::uint64_t size(const Handle& handle) const;

    [[nodiscard]] Answer lock(Handle& handle, int level);
    void unlock(Handle& handle, int level);
    [[nodiscard]] bool is_reserved(const Handle& handle) const;

    /// None when the region is not there and was not to be made.
    [[nodiscard]] void* shm_region(Handle& handle,
                                   std::size_t region,
                                   std::size_t bytes,
                                   bool extend);
    [[nodiscard]] Answer shm_lock(Handle& handle, unsigned mask, bool exclusive);
    void shm_unlock(Handle& handle, unsigned mask, bool exclusive);
    void shm_unmap(Handle& handle);

  private:
    [[nodiscard]] bool fails(Call call);
    void tell(const Record& record);
    [[nodiscard]] static int highest_lock_of_others(const Handle& handle);
    void put(File& file, std::span<const std::uint8_t> from, std::uint64_t offset);

    mutable std::mutex mutex_;
    const DiskTraits traits_;
    OperationLog* const log_;
    std::map<std::string, std::shared_ptr<File>> files_;
    std::uint32_t last_number_ = 0;
    std::optional<Fault> fault_;
    Chance chance_{0};
    std::array<std::uint64_t, kCalls.size()> calls_{};
};

}  // namespace causeway::crash
