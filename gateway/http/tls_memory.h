// SPDX-License-Identifier: Apache-2.0
//
// Where OpenSSL's record and handshake buffers lie: not on the heap.
//
// They are large and short-lived, and the keys of connections that stay are allocated between
// them. On the heap they would leave holes that nobody fills: after a rush of handshakes, a
// gateway with 5,000 silent connections was more hole than memory. In a region of their own, the
// pages of what is free go back to the system.
#pragma once

#include <cstddef>

namespace causeway::gateway {

/// Makes OpenSSL allocate its buffers there, in the whole process. Returns false, and changes
/// nothing, when OpenSSL has allocated something already or there is no address space for it:
/// everything works without, and takes more memory.
///
/// Threads: call first in main(), before there are others.
bool keep_tls_buffers_off_the_heap() noexcept;

/// What that returned; false before.
[[nodiscard]] bool tls_buffers_are_off_the_heap() noexcept;

/// What OpenSSL is given: malloc, realloc and free, with the place in its sources that asks.
/// Threads: any.
struct TlsMemory {
    static void* take(std::size_t bytes, const char* file, int line);
    static void* resize(void* pointer, std::size_t bytes, const char* file, int line);
    static void give_back(void* pointer, const char* file, int line);
    /// Whether it lies in the region, and not on the heap.
    [[nodiscard]] static bool is_apart(const void* pointer);
};

}  // namespace causeway::gateway
