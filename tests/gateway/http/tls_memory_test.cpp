// SPDX-License-Identifier: Apache-2.0
#include "gateway/http/tls_memory.h"

#include "tests/support/case_name.h"

#include <gtest/gtest.h>

#include <cstring>
#include <string>

namespace causeway::gateway {
namespace {

constexpr std::size_t kRecord = 16'704;
constexpr std::size_t kLargest = 24'576;

void* take(std::size_t bytes) {
    return TlsMemory::take(bytes, __FILE__, __LINE__);
}
void* resize(void* pointer, std::size_t bytes) {
    return TlsMemory::resize(pointer, bytes, __FILE__, __LINE__);
}
void give_back(void* pointer) {
    TlsMemory::give_back(pointer, __FILE__, __LINE__);
}
void write(void* to, const std::string& text) {
    std::memcpy(to, text.c_str(), text.size() + 1);
}
std::string text_in(const void* pointer) {
    return static_cast<const char*>(pointer);
}

struct Taking {
    std::string name;
    std::size_t bytes;
    bool apart;
};

class TlsMemoryOf : public testing::TestWithParam<Taking> {};

INSTANTIATE_TEST_SUITE_P(Sizes,
                         TlsMemoryOf,
                         testing::Values(Taking{"ASessionThatStays", 8'191, false},
                                         Taking{"TheSmallestBuffer", 8'192, true},
                                         Taking{"ARecord", kRecord, true},
                                         Taking{"TheLargestBuffer", kLargest, true},
                                         Taking{"MoreThanASlot", kLargest + 1, false}),
                         test::case_name<Taking>);

TEST_P(TlsMemoryOf, LiesWhereItsSizeBelongs) {
    void* const taken = take(GetParam().bytes);
    ASSERT_NE(taken, nullptr);
    std::memset(taken, 1, GetParam().bytes);
    EXPECT_EQ(TlsMemory::is_apart(taken), GetParam().apart);
    give_back(taken);
}

TEST(TlsMemory, OfNothingIsNothing) {
    EXPECT_EQ(take(0), nullptr);
    give_back(nullptr);
    EXPECT_EQ(resize(take(kRecord), 0), nullptr);
    EXPECT_EQ(resize(take(100), 0), nullptr);
}

TEST(TlsMemory, ThatGrowsFromNothingIsTaken) {
    void* const taken = resize(nullptr, kRecord);
    EXPECT_TRUE(TlsMemory::is_apart(taken));
    give_back(taken);
}

TEST(TlsMemory, GrowsInItsSlotWhereItIs) {
    void* const taken = take(kRecord);
    write(taken, "hello");
    void* const grown = resize(taken, kLargest);
    EXPECT_EQ(grown, taken);
    EXPECT_EQ(text_in(grown), "hello");
    give_back(grown);
}

TEST(TlsMemory, GrowsOutOfItsSlotWithWhatIsInIt) {
    void* const taken = take(kLargest);
    auto* const bytes = static_cast<char*>(taken);
    write(bytes, "hello");
    write(bytes + kLargest - 4, "end");
    void* const grown = resize(taken, 2 * kLargest);
    ASSERT_NE(grown, nullptr);
    EXPECT_FALSE(TlsMemory::is_apart(grown));
    EXPECT_EQ(text_in(grown), "hello");
    EXPECT_EQ(text_in(static_cast<const char*>(grown) + kLargest - 4), "end");
    // Its slot is free again: the next one gets it.
    void* const next = take(kRecord);
    EXPECT_EQ(next, taken);
    give_back(next);
    give_back(grown);
}

TEST(TlsMemory, GrowsOnTheHeap) {
    void* const taken = take(100);
    write(taken, "hello");
    void* const grown = resize(taken, kRecord);
    EXPECT_EQ(text_in(grown), "hello");
    EXPECT_FALSE(TlsMemory::is_apart(grown));
    give_back(grown);
}

}  // namespace
}  // namespace causeway::gateway
