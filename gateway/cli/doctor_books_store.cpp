// SPDX-License-Identifier: Apache-2.0
#include "fx/rate_book.h"
#include "gateway/cli/doctor.h"
#include "gateway/config.h"
#include "gateway/fx/rate_desk.h"
#include "gateway/metrics_store.h"
#include "gateway/payments/connector_set.h"
#include "gateway/payments/told_conversion_store.h"
#include "ledger/chain/heads_store.h"
#include "ledger/chain/signer.h"

#include <fstream>
#include <iterator>
#include <optional>

namespace causeway::gateway {
namespace {

using ledger::Transaction;

constexpr std::chrono::seconds kClockSlack{5};

std::string count_of(std::int64_t number, std::string_view what) {
    return std::to_string(number) + " " + std::string(what);
}

// What the books say was recorded cannot be later than now.
Result<Diagnosis> check_clock(Transaction& tx, Timestamp now) {
    std::optional<Timestamp> last;
    const Result<void> read = tx.query(
        "SELECT MAX(last_recorded_us) FROM journal_lanes", {}, [&last](const ledger::Row& row) {
            last = row.maybe_moment(0);
        });
    if (!read) return read.error();
    if (last && *last > now + kClockSlack) {
        return Diagnosis{
            "clock", Health::failed, "the books' last entry is of " + to_rfc3339(*last)};
    }
    return Diagnosis{"clock", Health::ok, to_rfc3339(now)};
}

Diagnosis check_rates(const fx::RateBook& rates, const FxSettings& settings, Timestamp now) {
    const auto snapshot = rates.snapshot();
    if (!snapshot) return {"rates", Health::warning, "none: no quotes, no conversions"};
    const fx::Freshness freshness{.today = day_of(now),
                                  .age_max = std::chrono::days(settings.rates_age_max_days)};
    const bool stale = snapshot->is_stale(freshness);
    return {"rates",
            stale ? Health::warning : Health::ok,
            "of " + to_text(snapshot->day()) + (stale ? ", too old to quote by" : "")};
}

Result<Diagnosis> check_operations(Transaction& tx, Timestamp now) {
    const Result<OperationCounts> counts = count_operations(tx);
    if (!counts) return counts.error();
    return Diagnosis{"operations",
                     counts->in_doubt == 0 ? Health::ok : Health::warning,
                     count_of(counts->open, "open, ") + doubt_text(*counts, now)};
}

Result<Diagnosis> check_conversions(Transaction& tx) {
    const Result<std::int64_t> wrong = count_disbelieved_conversions(tx);
    if (!wrong) return wrong.error();
    return Diagnosis{"conversions",
                     *wrong == 0 ? Health::ok : Health::warning,
                     count_of(*wrong, "of providers' answers not believed and not settled yet")};
}

// The public half beside the signing key, which may trust older keys too.
Result<std::vector<ledger::PublicKey>> trusted_keys(const std::string& signing_key_file) {
    if (signing_key_file.empty()) return std::vector<ledger::PublicKey>();
    std::ifstream file(signing_key_file + ".pub");
    if (file) {
        const std::string text{std::istreambuf_iterator<char>(file), {}};
        return ledger::parse_public_keys(text);
    }
    const auto signer = ledger::HeadSigner::load(signing_key_file);
    if (!signer) return signer.error();
    return std::vector{(*signer)->public_key()};
}

// Whether the journal still ends a head's segment where the head says.
Result<bool> tip_holds(Transaction& tx, const ledger::Head& head) {
    const ledger::LaneTip& tip = ledger::own_tip(head);
    bool same = false;
    const Result<void> read = tx.query(
        "SELECT hash FROM journal_entries WHERE sequence = $1",
        {tip.last_sequence},
        [&](const ledger::Row& row) { same = std::ranges::equal(row.bytes(0), tip.hash); });
    if (!read) return read.error();
    return same;
}

Result<Diagnosis> check_chain(Transaction& tx, const std::string& signing_key_file) {
    const Result<std::vector<ledger::SignedHead>> heads = ledger::last_heads(tx);
    if (!heads) return heads.error();
    if (heads->empty()) return Diagnosis{"chain", Health::ok, "no head has been signed yet"};
    const Result<std::vector<ledger::PublicKey>> keys = trusted_keys(signing_key_file);
    if (!keys) return Diagnosis{"chain", Health::failed, keys.error().detail()};
    std::string detail;
    for (const ledger::SignedHead& signed_head : *heads) {
        const Result<ledger::Head> head = keys->empty() ? ledger::parse_head(signed_head.body)
                                                        : ledger::check_signed(signed_head, *keys);
        if (!head) return Diagnosis{"chain", Health::failed, head.error().detail()};
        const Result<bool> holds = tip_holds(tx, *head);
        if (!holds) return holds.error();
        if (!*holds) {
            return Diagnosis{"chain",
                             Health::failed,
                             "the last head does not fit the journal; run `ledger verify`"};
        }
        detail = "last head of " + to_rfc3339(head->made) + " fits the journal";
    }
    return Diagnosis{"chain", Health::ok, detail};
}

void check_links(const CommandContext& context, std::vector<Diagnosis>& found) {
    if (context.connectors == nullptr) return;
    for (const ConnectorEntry& entry : context.connectors->all()) {
        const bool up = entry.connector->ready();
        found.push_back({"link of " + entry.connector->capability().name,
                         up ? Health::ok : Health::failed,
                         up ? "connected" : "not connected"});
    }
}

}  // namespace

CommandOutput doctor_books(CommandContext& context, const CommandRequest&) {
    const Timestamp now = context.clock.now();
    std::vector<Diagnosis> found{
        {"database", Health::ok, "its schema is this program's, and it can be read"}};
    const std::string key_file =
        context.settings == nullptr ? std::string() : context.settings->signing_key_file;
    const FxSettings fx_settings =
        context.settings == nullptr ? FxSettings() : context.settings->fx;
    const Result<void> read = context.database.read([&](Transaction& tx) -> Result<void> {
        for (const Result<Diagnosis>& one : {check_clock(tx, now),
                                             check_operations(tx, now),
                                             check_conversions(tx),
                                             check_chain(tx, key_file)}) {
            if (!one) return one.error();
            found.push_back(*one);
        }
        return {};
    });
    if (!read) found.push_back({"books", Health::failed, read.error().detail()});
    fx::RateBook rates;
    const Result<void> loaded =
        load_rate_book(context.database, sources_of(&fx_settings), day_of(now), rates);
    if (loaded) {
        found.push_back(check_rates(rates, fx_settings, now));
    } else {
        found.push_back({"rates", Health::failed, loaded.error().detail()});
    }
    check_links(context, found);
    return report(found, true);
}

}  // namespace causeway::gateway
