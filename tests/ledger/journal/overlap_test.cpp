// SPDX-License-Identifier: Apache-2.0
//
// Small batches, many at once: while bodies run, the batches before theirs are on their way to the
// disk and not yet among what is known to be durable.
#include "tests/support/books.h"
#include "tests/support/temporary_folder.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <future>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace causeway::ledger {
namespace {

constexpr std::size_t kBatchMax = 4;
constexpr std::size_t kEntries = 1'500;

TEST(JournalOverlap, FindsAnIdWhereverItsBatchIs) {
    const test::TemporaryFolder folder;
    auto database = Database::open(
        "sqlite:" + folder.file("books.db"), journal_migrations(), {.batch_max = kBatchMax});
    ASSERT_TRUE(database) << database.error().detail();
    Journal journal(**database);
    test::Ids ids;
    std::deque<Entry> entries;
    std::deque<PostHint> hints;
    std::deque<std::promise<Result<Posted>>> answers;
    const auto submit = [&](const Entry& entry) {
        std::promise<Result<Posted>>& answer = answers.emplace_back();
        const PostHint& hint = hints.emplace_back(entry);
        ASSERT_TRUE((*database)->writer().submit<Posted>(
            [&](Transaction& body) { return journal.post(body, entry); },
            [&answer](Result<Posted> posted) { answer.set_value(std::move(posted)); },
            std::shared_ptr<const Hint>(std::shared_ptr<void>(), &hint)));
    };
    // Each is submitted again when up to four more batches have been.
    for (std::size_t i = 0; i < kEntries; ++i) {
        entries.push_back(test::capture(ids.next(), 1, "mer_" + std::to_string(i % 40)));
        submit(entries.back());
        submit(entries[i - std::min(i, i % (4 * kBatchMax))]);
    }
    std::vector<Sequence> sequences;
    for (std::size_t i = 0; i < kEntries; ++i) {
        const Result<Posted> first = answers[2 * i].get_future().get();
        const Result<Posted> again = answers[2 * i + 1].get_future().get();
        ASSERT_TRUE(first && again);
        EXPECT_FALSE(first->replayed);
        EXPECT_TRUE(again->replayed);
        sequences.push_back(first->sequence);
        EXPECT_EQ(again->sequence, sequences[i - std::min(i, i % (4 * kBatchMax))]);
        EXPECT_EQ(first->sequence, static_cast<Sequence>(i) + 1);
    }
}

}  // namespace
}  // namespace causeway::ledger
