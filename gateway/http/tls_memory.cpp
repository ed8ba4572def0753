// SPDX-License-Identifier: Apache-2.0
#include "gateway/http/tls_memory.h"

#include "gateway/http/slot_region.h"

#include <openssl/crypto.h>

#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <exception>

namespace causeway::gateway {
namespace {

// A handshake's buffer is the largest, 21,848 bytes; a record's is 16.6 KB. The SSL object, which
// stays, is less than 8 KiB.
constexpr SlotRegion::Shape kShape{.slot_bytes = 24'576, .slots = 65'536, .warm_slots = 64};
constexpr std::size_t kServedBytesMin = 8'192;

bool are_apart = false;  // Written before there are other threads.

// Never destroyed: OpenSSL frees its last memory after main() has ended.
SlotRegion& region() {
    static auto* const made = new SlotRegion(kShape);
    return *made;
}

}  // namespace

void* TlsMemory::take(std::size_t bytes, const char*, int) {
    if (bytes == 0) return nullptr;
    const bool large = bytes >= kServedBytesMin && bytes <= kShape.slot_bytes;
    void* const slot = large ? region().take() : nullptr;
    return slot != nullptr ? slot : std::malloc(bytes);
}

void TlsMemory::give_back(void* pointer, const char*, int) {
    if (region().holds(pointer)) {
        region().give_back(pointer);
    } else {
        std::free(pointer);
    }
}

void* TlsMemory::resize(void* pointer, std::size_t bytes, const char* file, int line) {
    if (pointer == nullptr) return take(bytes, file, line);
    if (bytes == 0) {
        give_back(pointer, file, line);
        return nullptr;
    }
    if (!region().holds(pointer)) return std::realloc(pointer, bytes);
    if (bytes <= kShape.slot_bytes) return pointer;
    void* const larger = std::malloc(bytes);
    if (larger == nullptr) return nullptr;
    std::memcpy(larger, pointer, kShape.slot_bytes);
    region().give_back(pointer);
    return larger;
}

bool TlsMemory::is_apart(const void* pointer) {
    return region().holds(pointer);
}

bool keep_tls_buffers_off_the_heap() noexcept {
    try {
        if (!region().usable()) return false;
    } catch (const std::exception&) {
        return false;
    }
    are_apart =
        CRYPTO_set_mem_functions(&TlsMemory::take, &TlsMemory::resize, &TlsMemory::give_back) == 1;
    return are_apart;
}

bool tls_buffers_are_off_the_heap() noexcept {
    return are_apart;
}

}  // namespace causeway::gateway
