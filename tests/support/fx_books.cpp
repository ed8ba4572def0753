// SPDX-License-Identifier: Apache-2.0
#include "tests/support/fx_books.h"

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

FxBooks::FxBooks(Engine engine) : GatewayBooks(engine) {
    context.settings = &settings;
}

gateway::CommandOutput FxBooks::run(CommandFunction command,
                                    Options options,
                                    std::vector<std::string> arguments) {
    gateway::CommandRequest request{
        .name = {}, .options = std::move(options), .arguments = std::move(arguments), .files = {}};
    return command(context, request);
}

void FxBooks::dollars_per_euro(const std::string& day, const std::string& rate, bool correct) {
    Options options{{"gaps", "true"}};
    if (correct) options["correct"] = "true";
    gateway::CommandRequest request{
        .name = "fx import",
        .options = std::move(options),
        .arguments = {},
        .files = {{.name = "eurofxref.csv", .content = "Date,USD,\n" + day + "," + rate + ",\n"}}};
    const gateway::CommandOutput output = gateway::fx_import(context, request);
    if (output.exit_code != gateway::kExitOk) throw std::runtime_error(output.err);
}

void FxBooks::pay(std::int64_t base, std::int64_t counter, std::int64_t margin, int direction) {
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

gateway::RevaluationDesk FxBooks::desk() {
    return {.database = context.database,
            .journal = context.journal,
            .clock = clock,
            .ids = ids,
            .settings = &settings.fx};
}

fx::Position FxBooks::position(std::optional<Day> day) {
    const auto all = gateway::positions(context.database, context.journal, day);
    if (!all || all->size() != 1) throw std::runtime_error("there is not one position");
    return all->front();
}

std::int64_t FxBooks::net(ledger::Purpose purpose,
                          std::string_view code,
                          const std::string& owner) {
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

bool FxBooks::verifies() {
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

}  // namespace causeway::test
