// SPDX-License-Identifier: Apache-2.0
//
// What a kind of connector whose buyers pay later brings to the contract tests.
#pragma once

#include "tests/connectors/contract/harness.h"

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace causeway::test {

class CollectingHarness {
  public:
    CollectingHarness() = default;
    CollectingHarness(const CollectingHarness&) = delete;
    CollectingHarness& operator=(const CollectingHarness&) = delete;
    virtual ~CollectingHarness() = default;

    virtual connectors::Connector& connector() = 0;
    virtual Timestamp now() = 0;
    virtual Outcome perform(connectors::Operation operation) = 0;
    /// Somebody whom the provider takes for a payer, whole.
    virtual connectors::Payer payer() = 0;
    virtual ledger::Money amount() = 0;
    /// A buyer pays what the instrument of `charge` asks for.
    virtual void pay(const connectors::Operation& charge) = 0;
    /// Everything that the provider tells now, by whichever way.
    virtual std::vector<connectors::Notice> told() = 0;
    /// Of the operation to come. False when the kind has no such thing: it sends nothing.
    virtual bool arrange(Knob knob) = 0;
};

using MakeCollecting = std::function<std::unique_ptr<CollectingHarness>(connectors::Lifecycle)>;

/// By the name of the kind. A new kind whose buyers pay later adds its line there.
const std::map<std::string, MakeCollecting, std::less<>>& collecting_harnesses();

}  // namespace causeway::test
