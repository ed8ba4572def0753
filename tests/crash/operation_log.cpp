// SPDX-License-Identifier: Apache-2.0
#include "tests/crash/operation_log.h"

#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <sys/mman.h>

namespace causeway::crash {
namespace {

struct Head {
    std::uint64_t number;
    std::uint64_t bytes;
    std::uint32_t file;
    Operation what;
    bool flag;
};
constexpr std::size_t kStart = sizeof(std::uint64_t);

std::size_t padded(std::size_t bytes) {
    return (bytes + 7) / 8 * 8;
}

std::uint64_t used(const std::uint8_t* memory) {
    std::uint64_t bytes = 0;
    std::memcpy(&bytes, memory, sizeof bytes);
    return bytes;
}

}  // namespace

OperationLog::OperationLog(std::size_t bytes_max) : bytes_max_(bytes_max) {
    void* const memory = ::mmap(nullptr,
                                bytes_max,
                                PROT_READ | PROT_WRITE,
                                MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE,
                                -1,
                                0);
    if (memory == MAP_FAILED) throw std::runtime_error("no memory for the log of operations");
    memory_ = static_cast<std::uint8_t*>(memory);
}

OperationLog::~OperationLog() {
    ::munmap(memory_, bytes_max_);
}

void OperationLog::add(const Record& record) {
    const Head head{.number = record.number,
                    .bytes = record.data.size(),
                    .file = record.file,
                    .what = record.what,
                    .flag = record.flag};
    const std::lock_guard lock(mutex_);
    const std::uint64_t start = used(memory_);
    const std::uint64_t end = start + sizeof head + padded(record.data.size());
    if (kStart + end > bytes_max_) std::abort();
    std::uint8_t* const at = memory_ + kStart + start;
    std::memcpy(at, &head, sizeof head);
    if (!record.data.empty()) {
        std::memcpy(at + sizeof head, record.data.data(), record.data.size());
    }
    // Last, so that a child that stops in the middle leaves whole records.
    std::memcpy(memory_, &end, sizeof end);
}

void OperationLog::clear() {
    std::memset(memory_, 0, kStart);
}

std::vector<Record> OperationLog::records() const {
    std::vector<Record> found;
    const std::uint64_t end = used(memory_);
    for (std::uint64_t at = 0; at < end;) {
        Head head{};
        std::memcpy(&head, memory_ + kStart + at, sizeof head);
        found.push_back({.what = head.what,
                         .flag = head.flag,
                         .file = head.file,
                         .number = head.number,
                         .data = {memory_ + kStart + at + sizeof head, head.bytes}});
        at += sizeof head + padded(head.bytes);
    }
    return found;
}

}  // namespace causeway::crash
