// SPDX-License-Identifier: Apache-2.0
//
// The contract between the gateway and one payment method.
//
// The gateway makes every operation durable, with its reference, before the connector sends a
// byte. The reference is the provider's idempotency key: performing an operation again under the
// same reference (`repeat`) can not move money twice. A connector posts no ledger entries,
// chooses no rate and never retries on its own: only the gateway knows what already happened.
#pragma once

#include "connectors/capability.h"
#include "connectors/collection.h"
#include "connectors/files.h"
#include "connectors/notice.h"
#include "connectors/operation.h"
#include "ledger/clock.h"
#include "ledger/money.h"
#include "ledger/result.h"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace causeway::connectors {

/// How a provider's file names an operation; both empty when it never does.
struct StatementKey {
    std::string provider_reference;      ///< Adyen's "Psp Reference": the whole payment.
    std::string modification_reference;  ///< This capture or refund.
};

/// What became of an operation, in the provider's books.
enum class Fate {
    carried_out,    ///< See the answer, which is approved.
    refused,        ///< See the answer.
    never_arrived,  ///< And it never will: the provider refuses the reference from now on.
    under_way,      ///< It is there and not decided; ask again later.
};

[[nodiscard]] std::string_view to_string(Fate fate) noexcept;

struct Finding {
    Fate fate = Fate::under_way;
    Answer answer;
};

/// The side of a connector that can be asked.
class Inquiry {
  public:
    Inquiry() = default;
    Inquiry(const Inquiry&) = delete;
    Inquiry& operator=(const Inquiry&) = delete;
    virtual ~Inquiry() = default;

    /// Asks what became of an operation that was sent, perhaps, under this reference. Moves no
    /// money, however often it is called.
    ///
    /// Errors: `unavailable`, `outcome_unknown`: ask again later. `invalid_argument`: a bug in the
    /// caller.
    virtual boost::asio::awaitable<Result<Finding>> find(Operation operation) = 0;
};

/// Our word in a dispute.
struct DisputeOperation {
    std::string reference;  ///< Durable before the call; the provider's idempotency key.
    std::string case_id;    ///< The provider's, as its notice named it.
    std::string original;   ///< The reference of the operation in dispute.
    ledger::Money amount;
    /// By the names of the API; empty when the dispute is accepted.
    std::vector<std::pair<std::string, std::string>> evidence;
    bool repeat = false;
};

/// The side of a connector that answers disputes. Errors as Connector::perform().
class Disputing {
  public:
    Disputing() = default;
    Disputing(const Disputing&) = delete;
    Disputing& operator=(const Disputing&) = delete;
    virtual ~Disputing() = default;

    /// Contests the case. Approved means received, not won.
    virtual boost::asio::awaitable<Result<Answer>> represent(DisputeOperation operation) = 0;
    /// Gives the case up.
    virtual boost::asio::awaitable<Result<Answer>> accept(DisputeOperation operation) = 0;
};

/// What a provider has told since the last time, and where to go on.
struct Told {
    std::vector<Notice> notices;
    std::string cursor;  ///< In the connector's own words; given back at the next call.
    bool more = false;   ///< There is more to fetch now.
};

/// The side of a connector that can be asked what is new: for providers whose notifications get
/// lost, or carry no signature and are no more than a knock on the door.
class Polling {
  public:
    Polling() = default;
    Polling(const Polling&) = delete;
    Polling& operator=(const Polling&) = delete;
    virtual ~Polling() = default;

    /// Empty: the first time. Windows may overlap: a notice told twice has the same id.
    ///
    /// Errors: `unavailable`, `outcome_unknown`: ask again later, with the same cursor.
    virtual boost::asio::awaitable<Result<Told>> poll(std::string cursor) = 0;
    /// How long to wait between two calls when nobody knocks.
    [[nodiscard]] virtual std::chrono::seconds pause() const noexcept = 0;
};

/// One payment method at one provider.
///
/// Threads: every method may be called from any thread; awaitables resume on the caller's
/// executor.
/// Lifetime: the connector outlives every awaitable it returned.
class Connector {
  public:
    Connector() = default;
    Connector(const Connector&) = delete;
    Connector& operator=(const Connector&) = delete;
    virtual ~Connector() = default;

    /// Begins to connect, where there is something to connect to. Call once, first.
    virtual void start() {}
    /// Lets what is in flight come to its end and hangs up. Call last.
    virtual boost::asio::awaitable<void> stop() { co_return; }

    [[nodiscard]] virtual const Capability& capability() const noexcept = 0;

    /// Writes the provider's reference of a new operation. `sequence` is unique for this
    /// connector for ever and grows. Pure: the same arguments give the same text, of at most 64
    /// visible characters.
    [[nodiscard]] virtual std::string make_reference(std::int64_t sequence,
                                                     Timestamp now,
                                                     const Operation& operation) const = 0;

    /// Which authorising operation suits a payment: `authorise` then `capture`, or `sale`.
    ///
    /// Errors: `invalid_argument` when this card cannot be used in this way.
    [[nodiscard]] virtual Result<OperationKind> first_operation(const Card& card,
                                                                bool capture_now) const = 0;

    /// Sends one operation and awaits the provider's word.
    ///
    /// A decline is an Answer, not an Error. Errors, by what the caller may do next:
    ///   `unavailable`      nothing was sent; perform again later.
    ///   `outcome_unknown`  it may have arrived; resolve it, never assume.
    ///   `invalid_argument` the operation breaks a documented rule and was not sent; trying again
    ///                      would end the same, so it ends as declined (`invalid_request`).
    virtual boost::asio::awaitable<Result<Answer>> perform(Operation operation) = 0;

    /// How the provider's statement will name this operation.
    [[nodiscard]] virtual StatementKey statement_key(const Operation& operation) const = 0;

    /// Whether operations can be sent right now.
    [[nodiscard]] virtual bool ready() const noexcept = 0;

    /// The sides that not every provider has; null where this one has not. Constant for the
    /// connector's whole life, and part of it. Without an inquiry, an operation that has no answer
    /// is repeated if it may be, and reversed if not.
    [[nodiscard]] virtual Inquiry* inquiry() noexcept { return nullptr; }
    [[nodiscard]] virtual const NoticeReader* notices() const noexcept { return nullptr; }
    [[nodiscard]] virtual Disputing* disputing() noexcept { return nullptr; }
    [[nodiscard]] virtual const Collecting* collecting() const noexcept { return nullptr; }
    [[nodiscard]] virtual Polling* polling() noexcept { return nullptr; }
    [[nodiscard]] virtual const FileExchange* files() const noexcept { return nullptr; }
};

}  // namespace causeway::connectors
