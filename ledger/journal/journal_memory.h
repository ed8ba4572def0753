// SPDX-License-Identifier: Apache-2.0
//
// The journal on the writer's thread: it checks entries against what it remembers, collects those
// of a batch, and writes them all together right before the commit.
//
// A refused entry, a failed body and a failed batch are taken back step by step; Mark says up to
// where. On a shared engine (Sharing) what is remembered of an account is good for one batch.
#pragma once

#include "ledger/chain/canonical.h"
#include "ledger/chain/head.h"
#include "ledger/chain/merkle.h"
#include "ledger/journal/account_memory.h"
#include "ledger/journal/entry_rules.h"
#include "ledger/journal/id_index.h"
#include "ledger/journal/journal.h"
#include "ledger/journal/journal_batch.h"
#include "ledger/journal/pending_memory.h"
#include "ledger/journal/published.h"
#include "ledger/store/database.h"

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <tuple>
#include <vector>

namespace causeway::ledger {

/// Threads: the writer's, but for published().
class Journal::Memory final : public Participant {
  public:
    Memory(bool shared, const JournalOptions& options);

    /// Reads the books. Errors: `integrity`, `storage`.
    [[nodiscard]] Result<void> load(Transaction& snapshot);

    [[nodiscard]] Result<Posted> post(Transaction& body, const Entry& entry);
    [[nodiscard]] Result<std::vector<Posted>> post_linked(Transaction& body,
                                                          std::span<const Entry> entries);
    [[nodiscard]] Result<std::int64_t> expire(Transaction& body,
                                              Timestamp now,
                                              IdSource& ids,
                                              std::int64_t count_max);
    [[nodiscard]] Result<Posted> set_terms(Transaction& body,
                                           const Entry& entry,
                                           const AccountTerms& terms);
    [[nodiscard]] Result<Balance> balance(Transaction& body, const AccountKey& account);
    [[nodiscard]] Result<void> make_head(Transaction& body);

    [[nodiscard]] const Published& published() const noexcept { return published_; }
    [[nodiscard]] bool is_shared() const noexcept { return shared_; }

    void begin_batch(Transaction& transaction, std::span<const Hint* const> hints) override;
    void foresee(std::span<const Hint* const> hints) const override;
    void begin_body() override;
    void keep_body() override;
    void undo_body() override;
    [[nodiscard]] std::unique_ptr<Outgoing> take_outgoing() override;
    [[nodiscard]] bool leaves_early() const override { return !shared_; }
    void before_commit(Transaction& transaction) override;
    void after_commit() noexcept override;
    void undo_batch() override;
    [[nodiscard]] bool wants_close() const override;
    void before_close(Transaction& transaction) override;

  private:
    using Index = AccountMemory::Index;

    struct Mark {
        Batch::Mark batch;
        AccountMemory::Mark accounts = 0;
        PendingMemory::Mark pendings = 0;
        std::size_t marks = 0;
        std::size_t displaced = 0;
        LaneState lane;
        bool lane_locked = false;
        bool head_wanted = false;
    };
    // The entries of the lane since its last head.
    struct Segment {
        MerkleAccumulator tree;
        Sequence last = 0;     // of the entries that the tree has
        ChainHash previous{};  // digest of the last head
    };
    // An entry on its way through append().
    struct Passage {
        const Entry& entry;
        std::int64_t recorded_us = 0;
        Sequence sequence = 0;
        Sequence pending_sequence = 0;
        std::optional<Pending> pending;  // as the entry leaves it
    };

    // journal_memory.cpp: the rules
    [[nodiscard]] Mark mark() const;
    void revert(const Mark& mark);
    [[nodiscard]] Result<Posted> append(Transaction& body, const Entry& entry);
    [[nodiscard]] Result<void> gather(Transaction& body, Passage& passage);
    [[nodiscard]] Result<void> gather_named(Transaction& body, const Entry& entry);
    [[nodiscard]] Result<void> gather_pending(Transaction& body, Passage& passage);
    [[nodiscard]] Result<void> gather_rest(Transaction& body, Pending& pending);
    [[nodiscard]] Result<void> gather_parts(Transaction& body,
                                            const Entry& entry,
                                            Pending& pending);
    [[nodiscard]] Result<void> check_accounts(const Passage& passage) const;
    [[nodiscard]] Result<void> add_lines(Passage& passage);
    [[nodiscard]] Result<void> add_line_to(Index index,
                                           std::int64_t minor_units,
                                           const Passage& passage);
    [[nodiscard]] Result<void> check_limits(const Entry& entry) const;
    void remember_pending(const Passage& passage);
    [[nodiscard]] Result<void> check_fixed(Transaction& body, const AccountKey& key, bool fixing);
    [[nodiscard]] bool same_content(const Entry& entry, const StoredEntry& stored) const;
    [[nodiscard]] StoredEntry stored(const Batch& batch, const Draft& draft) const;

    // journal_find_store.cpp: what a body asks of the database
    [[nodiscard]] std::array<const JournalBatch*, 3> unpublished() const;
    [[nodiscard]] Result<std::optional<Posted>> replay(Transaction& body, const Entry& entry);
    [[nodiscard]] Result<std::optional<Sequence>> find_sequence(Transaction& body, const Uuid& id);
    [[nodiscard]] Result<Pending> find_pending(Transaction& body,
                                               Sequence sequence,
                                               const Uuid& id);
    [[nodiscard]] Result<std::vector<Sequence>> find_due(Transaction& body,
                                                         Timestamp now,
                                                         std::int64_t count_max);
    [[nodiscard]] Result<Index> place(Transaction& body, const AccountKey& key);
    [[nodiscard]] Result<Index> place_by_id(Transaction& body, std::int64_t account_id);

    // shared_journal_store.cpp: what several processes need
    [[nodiscard]] Result<Index> shared_place(Transaction& body, const AccountKey& key);
    [[nodiscard]] Result<Index> known_account(Transaction& body, const AccountKey& key);
    [[nodiscard]] Result<void> shared_open(Transaction& body, const AccountKey& key);
    [[nodiscard]] Result<void> shared_check_fixed(Transaction& body,
                                                  const AccountKey& key,
                                                  bool fixing);
    [[nodiscard]] Result<void> lock_account(Transaction& body, Index index);
    [[nodiscard]] Result<void> lock_lane(Transaction& body);
    [[nodiscard]] Result<void> make_lane(Transaction& body, LaneState& made);
    void lock_hinted(Transaction& transaction, std::span<const Hint* const> hints);
    [[nodiscard]] bool is_fresh(Index index) const;

    // outgoing.cpp: a batch leaves
    class Leaving;
    [[nodiscard]] std::shared_ptr<JournalBatch> detach(Transaction* transaction);
    void seal(JournalBatch& batch);
    void collect(JournalBatch& batch);
    void snapshot(JournalBatch& batch);
    void publish(const JournalBatch& batch) noexcept;
    void forget_published() noexcept;
    void end_batch();

    // head_maker_store.cpp
    void make_due_head(JournalBatch& batch, Transaction* transaction);
    [[nodiscard]] Result<std::vector<LaneTip>> lane_tips(Transaction* transaction) const;
    [[nodiscard]] Result<void> load_segment(Transaction& snapshot);
    [[nodiscard]] Result<void> catch_up_with_heads(const JournalBatch& batch,
                                                   Transaction& transaction);
    [[nodiscard]] Result<void> read_segment(Transaction& snapshot, Sequence end);

    // journal_load_store.cpp
    [[nodiscard]] Result<void> load_accounts(Transaction& snapshot);
    [[nodiscard]] Result<void> load_lane(Transaction& snapshot);
    [[nodiscard]] Result<void> load_id_runs(Transaction& snapshot);
    [[nodiscard]] Result<void> load_pendings(Transaction& snapshot);
    [[nodiscard]] Result<void> load_tail(Transaction& snapshot);
    [[nodiscard]] Result<void> add_tail_entry(const StoredEntry& entry);

    const bool shared_;
    const JournalOptions options_;

    EntryRules rules_;
    AccountMemory accounts_;
    PendingMemory pendings_;
    // The batch in hand, two that are on their way out (one being written, one ready), and one
    // whose buffers can be used again.
    std::array<std::shared_ptr<JournalBatch>, 4> batches_;
    std::size_t turn_ = 0;
    JournalBatch* now_ = nullptr;
    std::array<const JournalBatch*, 2> leaving_{};  // may not be published yet; the newest first
    std::vector<DraftLine> lines_;                  // of the entry in hand
    LaneState lane_;
    Mark body_start_;
    CanonicalWriter canonical_;
    std::int64_t fixed_accounts_ = 0;  // more than zero once some account was fixed

    Segment segment_;
    bool head_wanted_ = false;

    // One process's engine.
    Published published_;
    std::unique_ptr<Outgoing> outgoing_;
    std::vector<std::uint64_t> fingerprints_;  // of entries that are in no run yet
    Sequence indexed_ = 0;                     // runs hold the ids up to here
    Sequence flushed_ = 0;                     // journal_balances speaks of the books up to here
    bool flush_wanted_ = false;

    // Shared engines.
    std::uint64_t round_ = 1;  // of locks: an account is fresh when it was locked in this round
    bool lane_locked_ = false;
    std::vector<Index> opened_;  // accounts that this body opened
    std::vector<Index> opened_in_batch_;
    std::vector<Uuid> absent_ids_;  // hinted, and not in the books when the batch began; sorted
};

}  // namespace causeway::ledger
