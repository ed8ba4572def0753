// SPDX-License-Identifier: Apache-2.0
//
// What a kind of connector brings to the contract tests: itself, its provider's side with books of
// its own, and the knobs that make the provider or the line misbehave.
//
// A kind in the registry without a harness fails the tests: see contract_test.cpp.
#pragma once

#include "connectors/connector.h"
#include "ledger/clock.h"
#include "tests/support/amounts.h"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace causeway::test {

/// What the provider's own books say of one payment. Units: minor units.
struct Believed {
    std::int64_t authorised = 0;
    std::int64_t captured = 0;
    std::int64_t refunded = 0;

    friend bool operator==(const Believed&, const Believed&) = default;
};

/// Misbehaviour that every harness can arrange.
enum class Knob {
    decline,     ///< The provider says no.
    cut_before,  ///< The line is gone before anything is sent.
    lost_after,  ///< The provider does it, and its answer never comes.
};

struct SignedNotices {
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;
};

using Outcome = Result<connectors::Answer>;

class Harness {
  public:
    Harness() = default;
    Harness(const Harness&) = delete;
    Harness& operator=(const Harness&) = delete;
    virtual ~Harness() = default;

    virtual connectors::Connector& connector() = 0;
    virtual ManualClock& clock() = 0;
    virtual Outcome perform(connectors::Operation operation) = 0;
    virtual Result<connectors::Finding> find(connectors::Operation operation) = 0;
    /// Of the payment that `charge` began.
    virtual Believed believed(const connectors::Operation& charge) = 0;
    /// May change the amount of the operation to come, where amounts rule the provider.
    virtual void arrange(Knob knob, connectors::Operation& next) = 0;
    /// What its amounts are in.
    virtual ledger::Currency currency() { return test::currency("EUR"); }
    [[nodiscard]] ledger::Money money(std::int64_t units) { return {units, currency()}; }
    /// Who pays, where buyers pay later.
    virtual connectors::Payer payer() { return {}; }
    /// Waits until a line that was cut is there again.
    virtual void until_ready() {}
    /// A notice that the provider could send.
    virtual connectors::Notice sample(int number) {
        connectors::Notice notice;
        notice.id = "n-" + std::to_string(number);
        notice.reference = "ref-" + std::to_string(number);
        notice.amount = money(1000);
        notice.answer.approved = true;
        return notice;
    }
    /// How many one message can hold; two are enough.
    virtual std::size_t notices_of_a_message() { return 2; }
    /// Nothing when the kind does not notify.
    virtual std::optional<SignedNotices> sign(const std::vector<connectors::Notice>& notices) {
        (void)notices;
        return std::nullopt;
    }
    /// A body that is well signed and not in the provider's form.
    virtual std::optional<SignedNotices> sign_nonsense() { return std::nullopt; }
};

/// The day on which every harness begins.
inline Timestamp contract_start() {
    return *parse_rfc3339("2026-11-21T12:00:05Z");
}

}  // namespace causeway::test
