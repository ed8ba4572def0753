// SPDX-License-Identifier: Apache-2.0
#include "gateway/http/read_buffer.h"

#include <openssl/crypto.h>

namespace causeway::gateway {

void BufferPool::give_back(Space space) {
    if (!space) return;
    OPENSSL_cleanse(space.get(), bytes_each_);
    if (spare_.size() < kSpareMax) spare_.push_back(std::move(space));
}

}  // namespace causeway::gateway
