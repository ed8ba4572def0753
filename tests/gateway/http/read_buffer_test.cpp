// SPDX-License-Identifier: Apache-2.0
#include "gateway/http/read_buffer.h"

#include <gtest/gtest.h>

#include <cstring>
#include <string_view>

namespace causeway::gateway {
namespace {

void put(ReadBuffer& buffer, std::string_view bytes) {
    const std::span<char> space = buffer.space();
    ASSERT_GE(space.size(), bytes.size());
    std::memcpy(space.data(), bytes.data(), bytes.size());
    buffer.commit(bytes.size());
}

TEST(ReadBuffer, KeepsWhatIsNotUsedUp) {
    BufferPool pool(8);
    ReadBuffer buffer(pool);
    put(buffer, "abcdef");
    buffer.consume(4);
    EXPECT_EQ(buffer.view(), "ef");
    EXPECT_EQ(buffer.space().size(), 6U);
    put(buffer, "ghijkl");
    EXPECT_EQ(buffer.view(), "efghijkl");
    EXPECT_TRUE(buffer.full());
    EXPECT_TRUE(buffer.space().empty());
}

TEST(ReadBuffer, AtRestLendsItsSpaceToOthers) {
    BufferPool pool(8);
    ReadBuffer first(pool);
    const char* const space = first.space().data();
    first.rest();
    ReadBuffer second(pool);
    EXPECT_EQ(second.space().data(), space);
    put(first, "ab");
    EXPECT_EQ(first.view(), "ab");
}

TEST(ReadBuffer, DoesNotRestOnBytes) {
    BufferPool pool(8);
    ReadBuffer first(pool);
    put(first, "ab");
    first.rest();
    // What one merchant sent would be read as another's.
    ReadBuffer second(pool);
    put(second, "xy");
    EXPECT_EQ(first.view(), "ab");
}

TEST(ReadBuffer, LendsNothingOfWhoHadTheSpaceBefore) {
    BufferPool pool(8);
    ReadBuffer first(pool);
    put(first, "42424242");
    first.consume(8);
    first.rest();
    ReadBuffer second(pool);
    const std::span<char> space = second.space();
    EXPECT_EQ(std::string_view(space.data(), space.size()),
              std::string_view("\0\0\0\0\0\0\0\0", 8));
}

}  // namespace
}  // namespace causeway::gateway
