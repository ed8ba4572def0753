// SPDX-License-Identifier: Apache-2.0
#include "tests/crash/memory_disk.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace causeway::crash {
namespace {

enum Level { none, shared, reserved, pending, exclusive };

std::span<const std::uint8_t> bytes_of(const std::string& text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

}  // namespace

std::string_view to_string(Call call) noexcept {
    constexpr std::array<std::string_view, kCalls.size()> kNames{
        "open", "read", "short read", "write", "disk full", "sync", "truncate", "delete"};
    return kNames[static_cast<std::size_t>(call)];
}

MemoryDisk::MemoryDisk(DiskImage start, const DiskTraits& traits, OperationLog* log)
    : traits_(traits), log_(log) {
    for (auto& [name, bytes] : start) {
        auto file = std::make_shared<File>();
        file->number = ++last_number_;
        file->bytes = std::move(bytes);
        files_.emplace(name, std::move(file));
    }
}

void MemoryDisk::set_fault(const Fault& fault, std::uint64_t seed) {
    const std::lock_guard held(mutex_);
    fault_ = fault;
    chance_ = Chance(seed);
}

std::uint64_t MemoryDisk::calls(Call call) const {
    const std::lock_guard held(mutex_);
    return calls_[static_cast<std::size_t>(call)];
}

bool MemoryDisk::fails(Call call) {
    const std::uint64_t now = ++calls_[static_cast<std::size_t>(call)];
    if (!fault_ || fault_->call != call) return false;
    return fault_->lasting ? now >= fault_->at : now == fault_->at;
}

void MemoryDisk::tell(const Record& record) {
    if (log_ != nullptr) log_->add(record);
}

Answer MemoryDisk::open(const std::string& name, bool create, bool durable, Handle& handle) {
    const std::lock_guard held(mutex_);
    if (fails(Call::open)) return Answer::failed;
    std::shared_ptr<File> file;
    if (const auto found = files_.find(name); found != files_.end()) {
        file = found->second;
    } else {
        if (!create) return Answer::failed;
        file = std::make_shared<File>();
        file->number = ++last_number_;
        file->logged = !name.empty();
        if (!name.empty()) {
            files_.emplace(name, file);
            tell({.what = Operation::create,
                  .flag = durable,
                  .file = file->number,
                  .data = bytes_of(name)});
        }
    }
    file->handles.push_back(&handle);
    handle.file = std::move(file);
    return Answer::done;
}

void MemoryDisk::close(Handle& handle) {
    shm_unmap(handle);
    const std::lock_guard held(mutex_);
    std::erase(handle.file->handles, &handle);
    handle.file.reset();
}

Answer MemoryDisk::remove(const std::string& name, bool durable) {
    const std::lock_guard held(mutex_);
    if (fails(Call::remove)) return Answer::failed;
    if (files_.erase(name) > 0) {
        tell({.what = Operation::remove, .flag = durable, .data = bytes_of(name)});
    }
    return Answer::done;
}

bool MemoryDisk::exists(const std::string& name) const {
    const std::lock_guard held(mutex_);
    return files_.contains(name);
}

Answer MemoryDisk::read(Handle& handle, std::span<std::uint8_t> to, std::uint64_t offset) {
    const std::lock_guard held(mutex_);
    if (fails(Call::read)) return Answer::failed;
    const std::vector<std::uint8_t>& bytes = handle.file->bytes;
    const std::size_t there = bytes.size() - std::min<std::size_t>(bytes.size(), offset);
    std::size_t got = std::min(there, to.size());
    const bool broken = fails(Call::short_read);
    if (broken) got = chance_.below(to.size());
    const auto from = bytes.begin() + static_cast<std::ptrdiff_t>(std::min(offset, bytes.size()));
    got = std::min(got, there);
    std::copy_n(from, got, to.begin());
    std::ranges::fill(to.subspan(got), std::uint8_t{0});
    if (broken) return Answer::failed;
    return got == to.size() ? Answer::done : Answer::short_read;
}

void MemoryDisk::put(File& file, std::span<const std::uint8_t> from, std::uint64_t offset) {
    if (from.empty()) return;
    if (file.bytes.size() < offset + from.size()) file.bytes.resize(offset + from.size());
    std::memcpy(file.bytes.data() + offset, from.data(), from.size());
    if (!file.logged) return;
    tell({.what = Operation::write, .file = file.number, .number = offset, .data = from});
}

// Some of a write that failed may have been done.
Answer MemoryDisk::write(Handle& handle, std::span<const std::uint8_t> from, std::uint64_t offset) {
    const std::lock_guard held(mutex_);
    const bool broken = fails(Call::write);
    const bool full = fails(Call::full);
    if (broken || full) {
        put(*handle.file, from.first(chance_.below(from.size() + 1)), offset);
        tell({.what = Operation::write_failed, .file = handle.file->number});
        return broken ? Answer::failed : Answer::full;
    }
    put(*handle.file, from, offset);
    return Answer::done;
}

Answer MemoryDisk::truncate(Handle& handle, std::uint64_t bytes) {
    const std::lock_guard held(mutex_);
    if (fails(Call::truncate)) return Answer::failed;
    File& file = *handle.file;
    file.bytes.resize(bytes);
    if (file.logged) tell({.what = Operation::truncate, .file = file.number, .number = bytes});
    return Answer::done;
}

Answer MemoryDisk::sync(Handle& handle) {
    const std::lock_guard held(mutex_);
    const bool failed = fails(Call::sync);
    if (handle.file->logged) {
        tell({.what = failed ? Operation::sync_failed : Operation::sync,
              .file = handle.file->number});
    }
    return failed ? Answer::failed : Answer::done;
}

std::uint64_t MemoryDisk::size(const Handle& handle) const {
    const std::lock_guard held(mutex_);
    return handle.file->bytes.size();
}

int MemoryDisk::highest_lock_of_others(const Handle& handle) {
    int highest = none;
    for (const Handle* other : handle.file->handles)
        if (other != &handle) highest = std::max(highest, other->lock);
    return highest;
}

Answer MemoryDisk::lock(Handle& handle, int level) {
    const std::lock_guard held(mutex_);
    if (level <= handle.lock) return Answer::done;
    const int others = highest_lock_of_others(handle);
    if (level == shared) {
        if (others >= pending) return Answer::busy;
        handle.lock = shared;
        return Answer::done;
    }
    if (others >= reserved) return Answer::busy;
    if (level == exclusive && others >= shared) {
        handle.lock = pending;  // no new readers, and these will go
        return Answer::busy;
    }
    handle.lock = level;
    return Answer::done;
}

void MemoryDisk::unlock(Handle& handle, int level) {
    const std::lock_guard held(mutex_);
    handle.lock = std::min(handle.lock, level);
}

bool MemoryDisk::is_reserved(const Handle& handle) const {
    const std::lock_guard held(mutex_);
    return std::max(handle.lock, highest_lock_of_others(handle)) >= reserved;
}

void* MemoryDisk::shm_region(Handle& handle, std::size_t region, std::size_t bytes, bool extend) {
    const std::lock_guard held(mutex_);
    handle.has_shm = true;
    File& file = *handle.file;
    if (region >= file.shm.size() && !extend) return nullptr;
    while (file.shm.size() <= region)
        file.shm.push_back(std::make_unique<std::uint8_t[]>(bytes));
    return file.shm[region].get();
}

Answer MemoryDisk::shm_lock(Handle& handle, unsigned mask, bool exclusively) {
    const std::lock_guard held(mutex_);
    for (const Handle* other : handle.file->handles) {
        if (other == &handle) continue;
        const unsigned bars = other->shm_exclusive | (exclusively ? other->shm_shared : 0U);
        if ((bars & mask) != 0) return Answer::busy;
    }
    (exclusively ? handle.shm_exclusive : handle.shm_shared) |= mask;
    return Answer::done;
}

void MemoryDisk::shm_unlock(Handle& handle, unsigned mask, bool exclusively) {
    const std::lock_guard held(mutex_);
    (exclusively ? handle.shm_exclusive : handle.shm_shared) &= ~mask;
}

// Whoever comes after the last one builds the index of the WAL anew, as after a crash.
void MemoryDisk::shm_unmap(Handle& handle) {
    const std::lock_guard held(mutex_);
    handle.has_shm = false;
    handle.shm_shared = 0;
    handle.shm_exclusive = 0;
    const auto uses = [](const Handle* other) { return other->has_shm; };
    if (std::ranges::none_of(handle.file->handles, uses)) handle.file->shm.clear();
}

}  // namespace causeway::crash
