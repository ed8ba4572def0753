// SPDX-License-Identifier: Apache-2.0
//
// Small books in which every table of the journal has rows, and every type of entry stands.
#pragma once

#include "ledger/chain/heads_store.h"
#include "tests/support/books.h"
#include "tests/support/chain_segment.h"

#include <chrono>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

namespace causeway::test {

struct SampleOptions {
    bool with_heads = true;
    std::uint8_t signer = 0;          ///< The first byte of the key's seed.
    std::int64_t first_amount = 100;  ///< Of the first entry; the others are always the same.
};

/// Units: seconds after the first entry.
inline Timestamp sample_time(std::int64_t seconds) {
    return from_microseconds(1'776'074'460'000'000) + std::chrono::seconds(seconds);
}

class SampleBooks {
  public:
    static constexpr std::int64_t kCaptures = 270;  // so that one account comes to a mark
    static constexpr std::int64_t kHeadEvery = 64;
    static constexpr std::int64_t kFlushEvery = 150;
    static constexpr std::int64_t kIdsPerRun = 40;

    explicit SampleBooks(const std::string& url, const SampleOptions& options = {})
        : signer_(throwaway_signer(options.signer)),
          books(url,
                {.signer = options.with_heads ? &signer_ : nullptr,
                 .head_every = kHeadEvery,
                 .flush_every = kFlushEvery,
                 .ids_per_run = kIdsPerRun}) {
        post_captures(options.first_amount);
        post_pendings();
        post_displaced();
        post_others();
    }

    [[nodiscard]] ledger::VerifyOptions trusting() const {
        return {.shared = books.database->is_shared(), .trusted = {signer_.public_key()}};
    }
    [[nodiscard]] const ledger::HeadSigner& signer() const { return signer_; }

    /// The last head, as somebody else may have kept it.
    ledger::SignedHead exported(std::int64_t lane = 0) {
        using Head = std::optional<ledger::SignedHead>;
        return *books.read<Head>(
            [&](ledger::Transaction& snapshot) { return ledger::last_head(snapshot, lane); });
    }

  private:
    ledger::HeadSigner signer_;

  public:
    Books books;
    Ids ids;

  private:
    void post(ledger::Entry entry, std::int64_t seconds) {
        entry.effective = sample_time(seconds);
        post_late(std::move(entry), seconds);
    }
    void post_late(ledger::Entry entry, std::int64_t seconds) {
        entry.recorded = sample_time(seconds + 1);
        const auto posted = books.post(entry);
        if (!posted) throw std::runtime_error(posted.error().detail());
    }

    // A few in each commit: a disk is slow.
    void post_captures(std::int64_t first_amount) {
        constexpr std::int64_t kAtOnce = 30;
        for (std::int64_t start = 0; start < kCaptures; start += kAtOnce) {
            std::vector<ledger::Entry> entries;
            for (std::int64_t i = start; i < start + kAtOnce; ++i) {
                const std::int64_t amount = i == 0 ? first_amount : 100 + i;
                entries.push_back(capture(ids.next(), amount, "mer_" + std::to_string(i % 3)));
                entries.back().effective = sample_time(i);
                entries.back().recorded = sample_time(i + 1);
            }
            const auto posted = books.run<int>([&](ledger::Transaction& body) -> Result<int> {
                const auto done = books.journal->post_linked(body, entries);
                return done ? Result<int>(0) : Result<int>(done.error());
            });
            if (!posted) throw std::runtime_error(posted.error().detail());
        }
    }

    // One posted whole; one in parts and voided; one expired; two open, of which one in parts.
    void post_pendings() {
        std::vector<Uuid> pendings;
        for (std::int64_t i = 0; i < 5; ++i) {
            const std::int64_t seconds = 300 + i;
            pendings.push_back(ids.next());
            const auto expires =
                i == 2 || i == 3 ? std::optional(sample_time(400 + i)) : std::nullopt;
            post(reservation(pendings.back(), 1000 + i, expires), seconds);
        }
        post(post_of(ids.next(), pendings[0]), 320);
        post(post_of(ids.next(), pendings[1], capture(ids.next(), 300).lines), 321);
        post(void_of(ids.next(), pendings[1]), 322);
        post(post_of(ids.next(), pendings[4], capture(ids.next(), 400).lines), 323);
        const auto expired =
            books.run<std::int64_t>([&](ledger::Transaction& body) -> Result<std::int64_t> {
                return books.journal->expire(body, sample_time(402), ids.source);
            });
        if (!expired || *expired != 1) throw std::runtime_error("nothing expired");
    }

    // Effective long before they are known, and one long after.
    void post_displaced() {
        constexpr std::int64_t kDay = 86'400;
        for (const std::int64_t days : {-1, -1, -2, -40, -2000, 1}) {
            ledger::Entry entry = capture(ids.next(), 77);
            entry.effective = sample_time(days * kDay);
            post_late(std::move(entry), 500);
        }
    }

    void post_others() {
        using ledger::Purpose;
        const auto terms = books.set_terms(ids.next(),
                                           account("mer_2", Purpose::merchant_pending),
                                           {.credits_within_debits = false, .closed = true},
                                           to_microseconds(sample_time(600)));
        if (!terms) throw std::runtime_error(terms.error().detail());
        ledger::Entry shared = capture(ids.next(), 1000, "mer_1", "JPY");
        shared.lines.push_back({account("mer_1", Purpose::merchant_pending, "JPY"), 30});
        shared.lines.push_back({account("operator", Purpose::operator_share, "JPY"), -30});
        shared.lines.push_back({account("operator", Purpose::client_money_claim, "JPY"), 30});
        shared.lines.push_back({account("operator", Purpose::fee_revenue, "JPY"), -30});
        post(std::move(shared), 601);
    }
};

}  // namespace causeway::test
