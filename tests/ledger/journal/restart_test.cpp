// SPDX-License-Identifier: Apache-2.0
//
// What a journal remembers in memory has to come back exactly, whether it was closed or not.
#include "ledger/journal/account_memory.h"
#include "ledger/journal/journal.h"
#include "ledger/journal/stored_entry.h"
#include "tests/support/books.h"
#include "tests/support/case_name.h"
#include "tests/support/temporary_folder.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace causeway::ledger {
namespace {

using test::account;
using test::Books;
using test::capture;
using test::post_of;
using test::reservation;
using test::void_of;

struct RestartCase {
    const char* name;
    JournalOptions options;
    bool closed;  // else the files are taken as they are while the journal is at work
};

class JournalRestart : public testing::TestWithParam<RestartCase> {
  protected:
    // Everything that a journal can do, a few hundred times.
    void live(Books& books) {
        for (int i = 0; i < 100; ++i) {
            const std::string merchant = "mer_" + std::to_string(i % 5);
            Entry entry = capture(ids.next(), 1000 + i, merchant);
            entry.effective -= std::chrono::hours(i * 7 % 50);
            post(books, entry);
            const Uuid pending = ids.next();
            const Timestamp expiry = entry.recorded + std::chrono::hours(1 + i);
            post(books, reservation(pending, 10 + i, expiry));
            if (i % 3 == 0) post(books, post_of(ids.next(), pending, part(5)));
            if (i % 4 == 0) post(books, post_of(ids.next(), pending));
            if (i % 4 == 1) post(books, void_of(ids.next(), pending));
            if (i % 4 > 1) open.push_back(pending);
        }
        flush(books);
        EXPECT_TRUE(books.set_terms(ids.next(), fixed, {.closed = true, .currency_fixed = true}));
    }
    // A few at a time: each commit is a sync.
    void post(Books& books, const Entry& entry) {
        posted.push_back(entry);
        if (posted.size() - committed == 20) flush(books);
    }
    void flush(Books& books) {
        ASSERT_TRUE(books.run<int>([&](Transaction& t) -> Result<int> {
            for (std::size_t i = committed; i < posted.size(); ++i)
                EXPECT_TRUE(books.journal->post(t, posted[i]));
            return 0;
        }));
        committed = posted.size();
    }
    // Whether each entry is answered by its number.
    void expect_replays(Books& books) {
        ASSERT_TRUE(books.run<int>([&](Transaction& t) -> Result<int> {
            for (std::size_t i = 0; i < posted.size(); ++i) {
                const Result<Posted> replay = books.journal->post(t, posted[i]);
                if (!replay) return replay.error();
                EXPECT_TRUE(replay->replayed) << i;
                EXPECT_EQ(replay->sequence, static_cast<Sequence>(i) + 1);
            }
            return 0;
        }));
    }
    std::vector<Line> part(std::int64_t minor_units) {
        Entry entry = capture(ids.next(), minor_units);
        return entry.lines;
    }
    static std::vector<PublishedAccount> accounts(Books& books) {
        return books.read<std::vector<PublishedAccount>>(
            [&](Transaction& snapshot) { return books.journal->accounts(snapshot); });
    }
    // The books as the next process finds them.
    std::string restart(std::unique_ptr<Books>& books) {
        const std::string next = "next.db";
        if (GetParam().closed) {
            books.reset();
            return folder.url();
        }
        for (const char* const suffix : {"", "-wal"})
            std::filesystem::copy_file(folder.file(std::string("books.db") + suffix),
                                       folder.file(next + suffix));
        return folder.url(next);
    }

    test::TemporaryFolder folder;
    test::Ids ids;
    std::vector<Entry> posted;
    std::size_t committed = 0;
    std::vector<Uuid> open;  // pending entries
    const AccountKey fixed = account("mer_fixed", Purpose::dispute);
};

TEST_P(JournalRestart, BringsEverythingBack) {
    auto books = std::make_unique<Books>(folder.url(), GetParam().options);
    live(*books);
    const std::vector<PublishedAccount> before = accounts(*books);
    const auto next_sequence = static_cast<Sequence>(posted.size()) + 2;  // one were the terms
    Books again(restart(books), GetParam().options);
    const std::vector<PublishedAccount> after = accounts(again);
    ASSERT_EQ(after.size(), before.size());
    for (std::size_t i = 0; i < before.size(); ++i) {
        EXPECT_EQ(after[i].id, before[i].id);
        EXPECT_EQ(after[i].key, before[i].key);
        EXPECT_EQ(after[i].state, before[i].state);
    }
    expect_replays(again);
    EXPECT_EQ(again.post(capture(ids.next(), 1))->sequence, next_sequence);
    EXPECT_TRUE(again.verified().findings.empty());
}

TEST_P(JournalRestart, KnowsWhatIsPendingAndWhatIsForbidden) {
    auto books = std::make_unique<Books>(folder.url(), GetParam().options);
    live(*books);
    Books again(restart(books), GetParam().options);
    const auto refusal = [&](const Entry& entry) {
        const Result<Posted> done = again.post(entry);
        return done ? std::nullopt : refusal_of(done.error());
    };
    EXPECT_EQ(refusal(post_of(ids.next(), open.at(0), part(500))), Refusal::pending_exceeded);
    EXPECT_EQ(refusal(post_of(ids.next(), open.at(0), part(1))), std::nullopt);
    EXPECT_EQ(refusal(void_of(ids.next(), open.at(1))), std::nullopt);
    EXPECT_EQ(refusal(void_of(ids.next(), open.at(1))), Refusal::pending_voided);
    EXPECT_EQ(refusal(void_of(ids.next(), posted.at(1).id)), Refusal::pending_posted);
    Entry other = capture(ids.next(), 1);
    other.lines = {{fixed, 1}, {account("mer_9", Purpose::suspense), -1}};
    EXPECT_EQ(refusal(other), Refusal::account_closed);
    other.lines[0].account.currency = *Currency::from_code("USD");
    other.lines[1].account.currency = *Currency::from_code("USD");
    EXPECT_EQ(refusal(other), Refusal::currency_fixed);
    const Timestamp far = capture(ids.next(), 1).recorded + std::chrono::hours(1000);
    EXPECT_EQ(*again.run<std::int64_t>(
                  [&](Transaction& t) { return again.journal->expire(t, far, ids.source); }),
              static_cast<std::int64_t>(open.size()) - 1);
    EXPECT_EQ(again.balance(account("card", Purpose::provider_receivable)).pending_debits, 0);
    EXPECT_TRUE(again.verified().findings.empty());
}

// A chain that went on after a restart has to be the chain that would have been without one.
TEST_P(JournalRestart, GoesOnWithTheSameChain) {
    const auto last_hash = [](Books& books) {
        ChainHash hash{};
        EXPECT_TRUE(books.database->read([&](Transaction& snapshot) {
            return each_entry(snapshot, 0, [&](const StoredEntry& entry) -> Result<bool> {
                hash = entry.hash;
                return true;
            });
        }));
        return hash;
    };
    auto books = std::make_unique<Books>(folder.url(), GetParam().options);
    live(*books);
    const Entry next = capture(ids.next(), 1);
    if (!GetParam().closed) {
        Books again(restart(books), GetParam().options);
        ASSERT_TRUE(again.post(next));
        ASSERT_TRUE(books->post(next));
        EXPECT_EQ(last_hash(again), last_hash(*books));
        return;
    }
    std::filesystem::path twin = folder.file("twin.db");
    books.reset();
    std::filesystem::copy_file(folder.file("books.db"), twin);
    Books once("sqlite:" + twin.string(), GetParam().options);
    ASSERT_TRUE(once.post(next));
    Books twice(folder.url(), {.flush_every = 1});
    ASSERT_TRUE(twice.post(next));
    EXPECT_EQ(last_hash(once), last_hash(twice));
}

INSTANTIATE_TEST_SUITE_P(
    Journal,
    JournalRestart,
    testing::Values(
        RestartCase{"AfterAClose", {}, true},
        RestartCase{"AfterACrash", {}, false},
        RestartCase{"AfterACloseWithManyFlushes", {.flush_every = 1, .ids_per_run = 1}, true},
        RestartCase{"AfterACrashWithManyFlushes", {.flush_every = 1, .ids_per_run = 7}, false},
        RestartCase{"AfterACrashBetweenFlushes", {.flush_every = 37, .ids_per_run = 64}, false},
        RestartCase{"WithRunsThatLagBehind", {.flush_every = 10, .ids_per_run = 100}, false}),
    test::case_name<RestartCase>);

// The sizes of a real journal: the first run of ids, and a tail behind it.
TEST(Journal, FindsAnIdInARunOf65536AndBehindIt) {
    const test::TemporaryFolder folder;
    test::Ids ids;
    std::vector<Entry> entries;
    entries.reserve(66'000);
    for (int i = 0; i < 66'000; ++i)
        entries.push_back(capture(ids.next(), 1));
    {
        Books books(folder.url());
        for (std::size_t first = 0; first < entries.size(); first += 1000) {
            ASSERT_TRUE(books.run<int>([&](Transaction& t) -> Result<int> {
                for (std::size_t i = first; i < first + 1000; ++i)
                    EXPECT_TRUE(books.journal->post(t, entries[i]));
                return 0;
            }));
        }
    }
    Books again(folder.url());
    for (const std::size_t i : {0U, 65'535U, 65'536U, 65'999U}) {
        const Result<Posted> replay = again.post(entries[i]);
        ASSERT_TRUE(replay);
        EXPECT_EQ(replay->sequence, static_cast<Sequence>(i) + 1);
        EXPECT_TRUE(replay->replayed);
    }
    EXPECT_EQ(again.post(capture(ids.next(), 1))->sequence, 66'001);
}

}  // namespace
}  // namespace causeway::ledger
