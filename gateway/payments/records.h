// SPDX-License-Identifier: Apache-2.0
//
// Writes the rows of a payment together with what they tell: the timeline, and the merchant's
// events with their deliveries.
//
// The stores refuse a row that holds unwritten moves, so this is the only way for a status to reach
// the database.
#pragma once

#include "gateway/payments/payment.h"
#include "gateway/payments/steps.h"
#include "gateway/payments/timeline.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace causeway::gateway {

/// What one step writes of one payment.
///
/// Lifetime: borrows the transaction and the shop; gone before either. finish() is the last call.
class Records {
  public:
    /// `caller` may be null: then nobody waits.
    Records(ledger::Transaction& tx, const Workshop& shop, const Caller* caller)
        : tx_(tx), shop_(shop), caller_(caller) {}
    Records(const Records&) = delete;
    Records& operator=(const Records&) = delete;
    ~Records() = default;

    [[nodiscard]] Result<void> add(Payment& payment);
    [[nodiscard]] Result<void> save(Payment& payment);
    [[nodiscard]] Result<void> add(Capture& capture, const Payment& payment);
    [[nodiscard]] Result<void> save(Capture& capture, const Payment& payment);
    [[nodiscard]] Result<void> add(Refund& refund);
    [[nodiscard]] Result<void> save(Refund& refund);
    [[nodiscard]] Result<void> add(Dispute& dispute);
    [[nodiscard]] Result<void> save(Dispute& dispute);
    [[nodiscard]] Result<void> add(OperationRow& operation);
    [[nodiscard]] Result<void> save(OperationRow& operation);

    [[nodiscard]] ledger::Transaction& tx() const noexcept { return tx_; }
    [[nodiscard]] const Workshop& shop() const noexcept { return shop_; }

    /// The moves that follow caused this journal entry.
    void posted(const Uuid& entry) { entry_ = entry; }
    /// Explains the moves that follow, and something that moved nothing.
    void because(std::string detail) { detail_ = std::move(detail); }
    void note(std::string_view kind,
              std::string object,
              std::string_view event,
              std::string detail);

    /// Writes the timeline of `payment`. Without lines there is nothing to write.
    [[nodiscard]] Result<void> finish(const Uuid& payment);

  private:
    template <class Machine>
    [[nodiscard]] Result<void> tell(State<Machine>& state,
                                    const std::string& object,
                                    const Scope& scope,
                                    const std::string& rendered);
    void born(const std::string& object, std::string_view status, std::string detail);
    [[nodiscard]] Result<void> event(std::string_view type,
                                     const Scope& scope,
                                     const std::string& rendered,
                                     std::string previous = {});

    ledger::Transaction& tx_;
    const Workshop& shop_;
    const Caller* caller_;
    std::vector<TimelineLine> lines_;
    std::optional<Uuid> entry_;
    std::string detail_;
};

}  // namespace causeway::gateway
