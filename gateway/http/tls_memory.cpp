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

// Never destroyed: OpenSSL frees its last memory after main() has ended.
SlotRegion& region() {
    static auto* const made = new SlotRegion(kShape);
    return *made;
}

void* take_memory(std::size_t bytes, const char*, int) {
    if (bytes == 0) return nullptr;
    const bool large = bytes >= kServedBytesMin && bytes <= kShape.slot_bytes;
    void* const slot = large ? region().take() : nullptr;
    return slot != nullptr ? slot : std::malloc(bytes);
}

void give_memory_back(void* pointer, const char*, int) {
    if (region().holds(pointer)) {
        region().give_back(pointer);
    } else {
        std::free(pointer);
    }
}

void* resize_memory(void* pointer, std::size_t bytes, const char* file, int line) {
    if (pointer == nullptr) return take_memory(bytes, file, line);
    if (bytes == 0) {
        give_memory_back(pointer, file, line);
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

}  // namespace

bool keep_tls_buffers_off_the_heap() noexcept {
    try {
        if (!region().usable()) return false;
    } catch (const std::exception&) {
        return false;
    }
    return CRYPTO_set_mem_functions(&take_memory, &resize_memory, &give_memory_back) == 1;
}

}  // namespace causeway::gateway
