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

    explicit FxBooks(Engine engine = Engine::sqlite) : GatewayBooks(engine) {
        context.settings = &settings;
    }
    FxBooks(const FxBooks&) = delete;
    FxBooks& operator=(const FxBooks&) = delete;

    gateway::CommandOutput run(CommandFunction command,
                               Options options = {},
                               std::vector<std::string> arguments = {}) {
        gateway::CommandRequest request{.name = {},
                                        .options = std::move(options),
                                        .arguments = std::move(arguments),
                                        .files = {}};
        return command(context, request);
    }

    /// Dollars for one euro on a day, as the European Central Bank publishes them.
    void dollars_per_euro(const std::string& day, const std::string& rate, bool correct = false) {
        Options options{{"gaps", "true"}};
        if (correct) options["correct"] = "true";
        gateway::CommandRequest request{
            .name = "fx import",
            .options = std::move(options),
            .arguments = {},
            .files = {
                {.name = "eurofxref.csv", .content = "Date,USD,\n" + day + "," + rate + ",\n"}}};
        const gateway::CommandOutput output = gateway::fx_import(context, request);
        if (output.exit_code != gateway::kExitOk) throw std::runtime_error(output.err);
    }

    /// A capture of USD `base` for which we took EUR `counter` over; with -1 a refund.
    void pay(std::int64_t base, std::int64_t counter, std::int64_t margin, int direction = 1) {
        const gateway::Parties parties{
            .connector = "demo_card", .merchant = "mer_1", .livemode = false};
        const gateway::Exchange exchange{.mid_value = counter, .margin = margin};
        std::vector<ledger::Line> lines =
            direction > 0 ? gateway::capture_lines({.parties = parties,
                                                    .presentment = usd(base),
                                                    .provider_cost = 0,
                                                    .settlement = eur(counter - margin),
                                                    .fee = 0,
                                                    .exchange = exchange})
                          : gateway::refund_lines({.parties = parties,
                                                   .presentment = usd(base),
                                                   .settlement = eur(counter - margin),
                                                   .exchange = exchange});
        write([&](ledger::Transaction& body) -> Result<void> {
            const Result<ledger::Posted> posted = context.journal.post(body,
                                                                       {.id = ids.next(),
                                                                        .kind = "capture",
                                                                        .reference = "cap_1",
                                                                        .effective = clock.now(),
                                                                        .recorded = clock.now(),
                                                                        .lines = lines});
            if (!posted) return posted.error();
            return {};
        });
    }

    gateway::RevaluationDesk desk() {
        return {.database = context.database,
                .journal = context.journal,
                .clock = clock,
                .ids = ids,
                .settings = &settings.fx};
    }

    /// The only position there is.
    fx::Position position(std::optional<Day> day = {}) {
        const auto all = gateway::positions(context.database, context.journal, day);
        if (!all || all->size() != 1) throw std::runtime_error("there is not one position");
        return all->front();
    }

    std::int64_t net(ledger::Purpose purpose,
                     std::string_view code,
                     const std::string& owner = "test/USD/EUR") {
        std::int64_t sum = 0;
        const Result<void> read =
            context.database.read([&](ledger::Transaction& snapshot) -> Result<void> {
                const auto all = context.journal.balances_of(snapshot, owner);
                if (!all) return all.error();
                for (const ledger::AccountBalance& one : *all) {
                    const bool wanted =
                        one.account.purpose == purpose && one.account.currency == currency(code);
                    if (wanted) sum += one.balance.net();
                }
                return {};
            });
        if (!read) throw std::runtime_error(read.error().detail());
        return sum;
    }

    bool verifies() {
        bool whole = false;
        const ledger::VerifyOptions options{.shared = context.database.is_shared()};
        const Result<void> read =
            context.database.read([&](ledger::Transaction& snapshot) -> Result<void> {
                const auto report = ledger::verify(snapshot, options);
                if (!report) return report.error();
                whole = report->findings.empty();
                return {};
            });
        return read && whole;
    }

    gateway::Settings settings;
};

}  // namespace causeway::test
