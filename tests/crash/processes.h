// SPDX-License-Identifier: Apache-2.0
//
// Children, and what they share with their parent.
#pragma once

#include <array>
#include <cstddef>
#include <functional>
#include <new>
#include <stdexcept>
#include <string>
#include <sys/mman.h>
#include <sys/types.h>
#include <type_traits>

namespace causeway::crash {

/// A T that a child forked later writes and its parent reads.
template <class T>
class Shared {
    static_assert(std::is_trivially_copyable_v<T>);

  public:
    /// Throws std::runtime_error when there is no memory to share.
    Shared() {
        void* const memory =
            ::mmap(nullptr, sizeof(T), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        if (memory == MAP_FAILED) throw std::runtime_error("no memory to share");
        value_ = new (memory) T{};
    }
    Shared(const Shared&) = delete;
    Shared& operator=(const Shared&) = delete;
    ~Shared() { ::munmap(value_, sizeof(T)); }

    [[nodiscard]] T& operator*() const noexcept { return *value_; }
    [[nodiscard]] T* operator->() const noexcept { return value_; }

  private:
    T* value_;
};

/// What a worker is doing and what it has found, for a parent that may outlive it.
struct Watch {
    std::array<char, 256> looking_at{};
    std::array<char, 4096> failure{};

    /// Says how to see again what comes next.
    void look(const std::string& how);
    /// Keeps the first.
    void fail(const std::string& why);
};

/// Runs `work` in a child, which then ends with what it returns, or with 99 when it throws.
///
/// Throws std::runtime_error when there can be no child.
/// Requires that the caller has no other thread.
[[nodiscard]] pid_t start_child(const std::function<int()>& work);

/// How a child ended: its exit status, or minus the signal that ended it.
[[nodiscard]] int wait_for(pid_t child);

/// Runs `work` in `count` children at once, each with a number from 0 and a watch of its own.
/// Returns the first failure that one of them reported, or how one of them ended before its time;
/// empty when all is well.
[[nodiscard]] std::string run_workers(std::size_t count,
                                      const std::function<void(std::size_t, Watch&)>& work);

}  // namespace causeway::crash
