// SPDX-License-Identifier: Apache-2.0
//
// Entries through the CommitQueue, one body each, with as many on their way as fill some batches.
#pragma once

#include "ledger/chain/signer.h"
#include "ledger/journal/journal.h"
#include "ledger/store/commit_queue.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <condition_variable>
#include <cstdlib>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <vector>

namespace causeway::bench {

/// How many may be on their way. Whoever waits wakes when half of them are back, as an event loop
/// wakes for a batch of answers and not for each.
class Window {
  public:
    explicit Window(std::size_t size) : size_(size) {}

    void enter() {
        if (++entered_ - seen_left_ <= size_) return;
        seen_left_ = left_.load();
        if (entered_ - seen_left_ > size_) wait_for(entered_ - size_ / 2 - 1);
    }
    void leave() {
        if (left_.fetch_add(1) + 1 == wake_at_.load()) {
            const std::lock_guard lock(mutex_);
            enough_.notify_one();
        }
    }
    void wait_until_empty() { wait_for(entered_); }

  private:
    void wait_for(std::size_t count) {
        std::unique_lock lock(mutex_);
        wake_at_ = count;
        enough_.wait(lock, [&] { return left_.load() >= count; });
    }

    const std::size_t size_;
    std::size_t entered_ = 0;
    std::size_t seen_left_ = 0;
    // Each in a cache line of its own: two threads write them all the time.
    alignas(64) std::atomic<std::size_t> left_{0};
    alignas(64) std::atomic<std::size_t> wake_at_{0};
    std::mutex mutex_;
    std::condition_variable enough_;
};

/// A database with a journal that signs heads, as `serve` has it.
class QueueSide {
  public:
    QueueSide(const std::string& url, std::size_t batch) : window_(batch == 1 ? 1 : 4 * batch) {
        auto opened = ledger::Database::open(
            url, ledger::journal_migrations(), {.queue_max = 65'536, .batch_max = batch});
        if (!opened) throw std::runtime_error(opened.error().detail());
        database_ = std::move(*opened);
        journal_ = std::make_unique<ledger::Journal>(*database_,
                                                     ledger::JournalOptions{.signer = &signer_});
    }

    void post(const std::vector<ledger::Entry>& entries) {
        ledger::CommitQueue& queue = database_->writer();
        Window window(window_);
        std::deque<ledger::PostHint> hints;  // outlive the jobs, and are freed all at once
        for (const ledger::Entry& entry : entries) {
            window.enter();
            const Result<void> queued = submit(queue, entry, hints.emplace_back(entry), window);
            if (!queued) throw std::runtime_error(queued.error().detail());
        }
        window.wait_until_empty();
    }

    [[nodiscard]] ledger::Database& database() noexcept { return *database_; }
    [[nodiscard]] ledger::Journal& journal() noexcept { return *journal_; }

  private:
    Result<void> submit(ledger::CommitQueue& queue,
                        const ledger::Entry& entry,
                        const ledger::Hint& hint,
                        Window& window) {
        const auto body = [journal = journal_.get(), &entry](ledger::Transaction& transaction) {
            return journal->post(transaction, entry);
        };
        const auto done = [&window](const Result<ledger::Posted>& told) {
            if (!told) std::abort();
            window.leave();
        };
        return queue.submit<ledger::Posted>(
            body, done, std::shared_ptr<const ledger::Hint>(std::shared_ptr<void>(), &hint));
    }

    static constexpr std::array<std::uint8_t, 32> kSeed{7};
    ledger::HeadSigner signer_{kSeed};
    std::size_t window_;
    std::unique_ptr<ledger::Database> database_;
    std::unique_ptr<ledger::Journal> journal_;
};

}  // namespace causeway::bench
