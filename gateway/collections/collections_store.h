// SPDX-License-Identifier: Apache-2.0
//
// Rows of instruments that buyers pay later, and of what came in for them.
#pragma once

#include "connectors/collection.h"
#include "connectors/notice.h"
#include "gateway/collections/receipt_rules.h"
#include "ledger/clock.h"
#include "ledger/id.h"
#include "ledger/money.h"
#include "ledger/store/database.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace causeway::gateway {

/// The instrument of a payment. One payment has one at a time: another takes its place.
struct CollectionRow {
    Uuid payment;
    std::string connector;
    std::optional<Uuid> operation;  ///< The `collect` that made it; none before it is begun.
    connectors::CollectionTerms terms;
    connectors::Instrument instrument;  ///< Without details before the provider has agreed.

    friend bool operator==(const CollectionRow&, const CollectionRow&) = default;
};

/// Where the part of a receipt that was not credited stands. The spelling is stored and shown.
enum class ReceiptState {
    credited,    ///< Nothing of it stands apart.
    held,        ///< For a person to look at.
    refund_due,  ///< To be sent back: by the provider when it can, else by hand.
    refunding,   ///< Under way at the provider.
    refunded,
    returned,  ///< The provider took it back: it never was money.
};

[[nodiscard]] std::string_view to_string(ReceiptState state) noexcept;
/// Errors: `not_found`.
[[nodiscard]] Result<ReceiptState> parse_receipt_state(std::string_view text);

struct ReceiptRow {
    Uuid id;
    std::string connector;
    bool livemode = false;
    bool named = false;      ///< Whether the identity is the provider's.
    bool cost_told = false;  ///< By the provider; else it is what its terms say.
    std::string reference;   ///< The instrument's, as the provider named it.
    std::optional<Uuid> payment;
    std::optional<Uuid> operation;
    std::string identity;  ///< The provider's, or "2026-11-22/10000/1": day, amount, which of them.
    std::string way;       ///< How the buyer paid, as connectors::Receipt::way.
    ledger::Money amount;
    Day paid_on{};
    std::optional<Day> credited_on;
    std::int64_t cost = 0;
    ReceiptReason reason = ReceiptReason::exact;
    ReceiptState state = ReceiptState::credited;
    std::int64_t credited = 0;
    std::int64_t surcharge = 0;
    std::int64_t apart = 0;  ///< What was not credited; what became of it says the state.
    std::optional<Uuid> capture;
    std::string note;  ///< What a person wrote when it was decided.
    Timestamp created_at;

    friend bool operator==(const ReceiptRow&, const ReceiptRow&) = default;
};

[[nodiscard]] std::string_view collections_schema_sql();
/// What several channels tell of one payment, with days and names of their own.
[[nodiscard]] std::string_view tellings_schema_sql();
/// The days of fees.
[[nodiscard]] std::string_view fee_days_schema_sql();

/// Puts the row in the place of an earlier one of the same payment.
[[nodiscard]] Result<void> put_collection(ledger::Transaction& tx, const CollectionRow& row);
/// Errors: `not_found`.
[[nodiscard]] Result<CollectionRow> load_collection(ledger::Transaction& tx, const Uuid& payment);
/// Takes and remembers them, so that load_collection() need not ask for each.
[[nodiscard]] Result<void> foresee_collections(ledger::Transaction& tx,
                                               const std::vector<Uuid>& payments);
/// Errors: `conflict` when a receipt of that identity is there.
[[nodiscard]] Result<void> insert_receipt(ledger::Transaction& tx, const ReceiptRow& row);
/// All but its connector, reference, amount, reason and moment.
[[nodiscard]] Result<void> update_receipt(ledger::Transaction& tx, const ReceiptRow& row);
/// Errors: `not_found`.
[[nodiscard]] Result<ReceiptRow> load_receipt(ledger::Transaction& tx, const Uuid& id);
[[nodiscard]] Result<std::optional<ReceiptRow>> find_receipt(ledger::Transaction& tx,
                                                             std::string_view connector,
                                                             std::string_view reference,
                                                             std::string_view identity);
/// Oldest first.
[[nodiscard]] Result<std::vector<ReceiptRow>> receipts_of_payment(ledger::Transaction& tx,
                                                                  const Uuid& payment);
/// Those of an instrument, oldest first.
[[nodiscard]] Result<std::vector<ReceiptRow>> receipts_of_amount(ledger::Transaction& tx,
                                                                 std::string_view connector,
                                                                 std::string_view reference,
                                                                 ledger::Money amount);
/// Newest first; of one state, or of all; of those older than `after`.
[[nodiscard]] Result<std::vector<ReceiptRow>> list_receipts(
    ledger::Transaction& tx,
    std::optional<ReceiptState> state,
    std::int64_t limit,
    const std::optional<Uuid>& after = std::nullopt);

/// Receipts of one state that are not at their end.
struct ReceiptBacklog {
    ReceiptState state = ReceiptState::held;
    std::int64_t count = 0;
    Timestamp oldest;
};
/// Those that are held, to be refunded, or being refunded.
[[nodiscard]] Result<std::vector<ReceiptBacklog>> receipt_backlogs(ledger::Transaction& tx);

/// The receipts of an instrument that `notice` may be about: of its amount, paid within `days` of
/// it, and not told of by its channel. Only those without a name when the notice has one. Oldest
/// first.
[[nodiscard]] Result<std::vector<ReceiptRow>> receipts_like(ledger::Transaction& tx,
                                                            std::string_view connector,
                                                            const connectors::Notice& notice,
                                                            std::chrono::days days);
/// Up to where a provider has told what is new; empty when it was never asked.
[[nodiscard]] Result<std::string> load_cursor(ledger::Transaction& tx, std::string_view connector);
/// No effect when another process has moved it from there already: what both were told is one.
[[nodiscard]] Result<void> move_cursor(ledger::Transaction& tx,
                                       std::string_view connector,
                                       std::string_view from,
                                       std::string_view to);

/// The receipt that a notice has told of before.
[[nodiscard]] Result<std::optional<Uuid>> find_telling(ledger::Transaction& tx,
                                                       std::string_view connector,
                                                       std::string_view notice_id);
/// Writes that a channel has told of a receipt.
[[nodiscard]] Result<void> insert_telling(ledger::Transaction& tx,
                                          const ReceiptRow& receipt,
                                          const connectors::Notice& notice,
                                          Timestamp now);

/// Whether nobody has told of it yet, a fee or money taken back: no other channel, and not this
/// very notice. The third fee of an amount in a file is the third in the messages. Fees whose days
/// lie more than `days_max` apart are two, however alike.
[[nodiscard]] Result<bool> is_first_telling(ledger::Transaction& tx,
                                            std::string_view connector,
                                            const connectors::Notice& notice,
                                            std::chrono::days days_max);
/// Writes that the notice has told of it. No effect when it is written.
[[nodiscard]] Result<void> insert_instrument_telling(ledger::Transaction& tx,
                                                     std::string_view connector,
                                                     const connectors::Notice& notice,
                                                     Timestamp now);

}  // namespace causeway::gateway
