// SPDX-License-Identifier: Apache-2.0
//
// A gateway's books with payments of dollars for merchants paid in euros, and the rates of a day.
#pragma once

#include "gateway/cli/fx_books_commands.h"
#include "gateway/cli/fx_commands.h"
#include "gateway/config.h"
#include "gateway/fx/positions.h"
#include "gateway/fx/revaluation.h"
#include "ledger/chain/verify.h"
#include "tests/support/gateway_store.h"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <chrono>
#include <map>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace causeway::test {

class FxBooks : public GatewayBooks {
  public:
    using Options = std::map<std::string, std::string>;
    using CommandFunction = gateway::CommandOutput (*)(gateway::CommandContext&,
                                                       const gateway::CommandRequest&);

    explicit FxBooks(Engine engine = Engine::sqlite);
    FxBooks(const FxBooks&) = delete;
    FxBooks& operator=(const FxBooks&) = delete;

    gateway::CommandOutput run(CommandFunction command,
                               Options options = {},
                               std::vector<std::string> arguments = {});

    /// Dollars for one euro on a day, as the European Central Bank publishes them.
    void dollars_per_euro(const std::string& day, const std::string& rate, bool correct = false);

    /// A capture of USD `base` for which we took EUR `counter` over; with -1 a refund.
    void pay(std::int64_t base, std::int64_t counter, std::int64_t margin, int direction = 1);

    gateway::RevaluationDesk desk();

    /// The only position there is.
    fx::Position position(std::optional<Day> day = {});

    std::int64_t net(ledger::Purpose purpose,
                     std::string_view code,
                     const std::string& owner = "test/USD/EUR");

    bool verifies();

    gateway::Settings settings;
};

}  // namespace causeway::test
