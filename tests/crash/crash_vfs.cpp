// SPDX-License-Identifier: Apache-2.0
#include "tests/crash/crash_vfs.h"

#include <sqlite3.h>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <new>
#include <stdexcept>

namespace causeway::crash {
namespace {

static_assert(MemoryDisk::kShmLocks == SQLITE_SHM_NLOCK);

// SQLite gives the memory and knows its first member alone.
struct OpenFile {
    sqlite3_file base;
    MemoryDisk* disk;
    MemoryDisk::Handle handle;
    std::string removed_at_close;
};

OpenFile& of(sqlite3_file* file) {
    return *reinterpret_cast<OpenFile*>(file);
}

MemoryDisk& disk_of(sqlite3_vfs* vfs) {
    return *static_cast<MemoryDisk*>(vfs->pAppData);
}

int code(Answer answer, int failure) {
    switch (answer) {
        case Answer::done: return SQLITE_OK;
        case Answer::short_read: return SQLITE_IOERR_SHORT_READ;
        case Answer::busy: return SQLITE_BUSY;
        case Answer::full: return SQLITE_FULL;
        case Answer::failed: break;
    }
    return failure;
}

int close(sqlite3_file* file) {
    OpenFile& open = of(file);
    open.disk->close(open.handle);
    if (!open.removed_at_close.empty()) (void)open.disk->remove(open.removed_at_close, false);
    open.~OpenFile();
    return SQLITE_OK;
}

int read(sqlite3_file* file, void* to, int size, sqlite3_int64 offset) {
    OpenFile& open = of(file);
    const std::span bytes(static_cast<std::uint8_t*>(to), static_cast<std::size_t>(size));
    return code(open.disk->read(open.handle, bytes, static_cast<std::uint64_t>(offset)),
                SQLITE_IOERR_READ);
}

int write(sqlite3_file* file, const void* from, int size, sqlite3_int64 offset) {
    OpenFile& open = of(file);
    const std::span bytes(static_cast<const std::uint8_t*>(from), static_cast<std::size_t>(size));
    return code(open.disk->write(open.handle, bytes, static_cast<std::uint64_t>(offset)),
                SQLITE_IOERR_WRITE);
}

int truncate(sqlite3_file* file, sqlite3_int64 size) {
    OpenFile& open = of(file);
    return code(open.disk->truncate(open.handle, static_cast<std::uint64_t>(size)),
                SQLITE_IOERR_TRUNCATE);
}

int sync(sqlite3_file* file, int) {
    OpenFile& open = of(file);
    return code(open.disk->sync(open.handle), SQLITE_IOERR_FSYNC);
}

int file_size(sqlite3_file* file, sqlite3_int64* size) {
    OpenFile& open = of(file);
    *size = static_cast<sqlite3_int64>(open.disk->size(open.handle));
    return SQLITE_OK;
}

int lock(sqlite3_file* file, int level) {
    OpenFile& open = of(file);
    return code(open.disk->lock(open.handle, level), SQLITE_IOERR_LOCK);
}

int unlock(sqlite3_file* file, int level) {
    OpenFile& open = of(file);
    open.disk->unlock(open.handle, level);
    return SQLITE_OK;
}

int check_reserved_lock(sqlite3_file* file, int* answer) {
    OpenFile& open = of(file);
    *answer = open.disk->is_reserved(open.handle) ? 1 : 0;
    return SQLITE_OK;
}

int file_control(sqlite3_file*, int, void*) {
    return SQLITE_NOTFOUND;
}

int sector_size(sqlite3_file* file) {
    return static_cast<int>(of(file).disk->traits().sector_bytes);
}

int device_characteristics(sqlite3_file* file) {
    return of(file).disk->traits().powersafe_overwrite ? SQLITE_IOCAP_POWERSAFE_OVERWRITE : 0;
}

int shm_map(sqlite3_file* file, int region, int size, int extend, volatile void** address) {
    OpenFile& open = of(file);
    *address = open.disk->shm_region(
        open.handle, static_cast<std::size_t>(region), static_cast<std::size_t>(size), extend != 0);
    return SQLITE_OK;
}

int shm_lock(sqlite3_file* file, int first, int count, int flags) {
    OpenFile& open = of(file);
    const unsigned mask = ((1U << static_cast<unsigned>(count)) - 1U)
                          << static_cast<unsigned>(first);
    const bool exclusive = (flags & SQLITE_SHM_EXCLUSIVE) != 0;
    if ((flags & SQLITE_SHM_UNLOCK) != 0) {
        open.disk->shm_unlock(open.handle, mask, exclusive);
        return SQLITE_OK;
    }
    return code(open.disk->shm_lock(open.handle, mask, exclusive), SQLITE_IOERR_SHMLOCK);
}

void shm_barrier(sqlite3_file*) {
    std::atomic_thread_fence(std::memory_order_seq_cst);
}

int shm_unmap(sqlite3_file* file, int) {
    OpenFile& open = of(file);
    open.disk->shm_unmap(open.handle);
    return SQLITE_OK;
}

constexpr sqlite3_io_methods kMethods{.iVersion = 2,
                                      .xClose = close,
                                      .xRead = read,
                                      .xWrite = write,
                                      .xTruncate = truncate,
                                      .xSync = sync,
                                      .xFileSize = file_size,
                                      .xLock = lock,
                                      .xUnlock = unlock,
                                      .xCheckReservedLock = check_reserved_lock,
                                      .xFileControl = file_control,
                                      .xSectorSize = sector_size,
                                      .xDeviceCharacteristics = device_characteristics,
                                      .xShmMap = shm_map,
                                      .xShmLock = shm_lock,
                                      .xShmBarrier = shm_barrier,
                                      .xShmUnmap = shm_unmap,
                                      .xFetch = nullptr,
                                      .xUnfetch = nullptr};

// A new main file is durable at once, as DatabaseOptions::vfs asks of us.
int open(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* out_flags) {
    OpenFile* const made = new (file) OpenFile{};
    made->disk = &disk_of(vfs);
    const std::string path = name == nullptr ? "" : name;
    const bool create = (flags & SQLITE_OPEN_CREATE) != 0;
    const bool durable = (flags & SQLITE_OPEN_MAIN_DB) != 0;
    const Answer answer = made->disk->open(path, create, durable, made->handle);
    if (answer != Answer::done) {
        made->~OpenFile();
        file->pMethods = nullptr;
        return SQLITE_CANTOPEN;
    }
    if ((flags & SQLITE_OPEN_DELETEONCLOSE) != 0) made->removed_at_close = path;
    if (out_flags != nullptr) *out_flags = flags;
    file->pMethods = &kMethods;
    return SQLITE_OK;
}

int remove(sqlite3_vfs* vfs, const char* name, int sync_folder) {
    return code(disk_of(vfs).remove(name, sync_folder != 0), SQLITE_IOERR_DELETE);
}

int access(sqlite3_vfs* vfs, const char* name, int, int* answer) {
    *answer = disk_of(vfs).exists(name) ? 1 : 0;
    return SQLITE_OK;
}

int full_path(sqlite3_vfs*, const char* name, int size, char* to) {
    const std::size_t length = std::strlen(name) + 1;
    if (length > static_cast<std::size_t>(size)) return SQLITE_CANTOPEN;
    std::memcpy(to, name, length);
    return SQLITE_OK;
}

int randomness(sqlite3_vfs*, int size, char* to) {
    std::fill_n(to, size, '\x5A');  // seed_sqlite() says what is drawn
    return size;
}

int pause(sqlite3_vfs*, int microseconds) {
    sqlite3_vfs* const system = sqlite3_vfs_find(nullptr);
    return system->xSleep(system, microseconds);
}

int julian_day(sqlite3_vfs*, double* day) {
    *day = 2461143.5;
    return SQLITE_OK;
}

int last_error(sqlite3_vfs*, int, char*) {
    return 0;
}

}  // namespace

CrashVfs::CrashVfs(MemoryDisk& disk) : vfs_(std::make_unique<sqlite3_vfs>()) {
    static std::atomic<std::uint64_t> last{0};
    name_ = "crash-" + std::to_string(++last);
    *vfs_ = {.iVersion = 1,
             .szOsFile = sizeof(OpenFile),
             .mxPathname = 512,
             .zName = name_.c_str(),
             .pAppData = &disk,
             .xOpen = open,
             .xDelete = remove,
             .xAccess = access,
             .xFullPathname = full_path,
             .xRandomness = randomness,
             .xSleep = pause,
             .xCurrentTime = julian_day,
             .xGetLastError = last_error};
    if (sqlite3_vfs_register(vfs_.get(), 0) != SQLITE_OK) {
        throw std::runtime_error("SQLite takes no more file systems");
    }
}

CrashVfs::~CrashVfs() {
    sqlite3_vfs_unregister(vfs_.get());
}

void seed_sqlite(std::uint64_t seed) {
    // Zero would mean the system's chance.
    const int wanted = static_cast<int>(seed % 0x7FFFFFFFU) + 1;
    sqlite3* const none = nullptr;
    sqlite3_test_control(SQLITE_TESTCTRL_PRNG_SEED, wanted, none);
}

}  // namespace causeway::crash
