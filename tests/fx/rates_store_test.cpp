// SPDX-License-Identifier: Apache-2.0
#include "fx/rates_store.h"

#include "fx/builtin_rates.h"
#include "fx/held_rates_store.h"
#include "ledger/store/commit_queue.h"
#include "tests/support/amounts.h"
#include "tests/support/engines.h"
#include "tests/support/source_folder.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <rapidcheck.h>
#include <sstream>
#include <string>
#include <tuple>
#include <vector>

namespace causeway::fx {
namespace {

using ledger::Currency;
using ledger::Database;
using ledger::Transaction;
using test::currency;

FeedRow row(std::string_view date, std::string_view code, std::string_view per_base) {
    return {*parse_day(date), currency(code), *Decimal::parse(per_base)};
}

Day day(std::string_view text) {
    return *parse_day(text);
}

const std::array<ledger::Migration, 3> kSteps{{{.version = 1, .sql = rates_schema_sql()},
                                               {.version = 2, .sql = rates_second_schema_sql()},
                                               {.version = 3, .sql = rates_third_schema_sql()}}};

class RatesStore : public test::OnEachEngine {
  protected:
    RatesStore() : database(std::move(*Database::open(url(), kSteps))) {}

    [[nodiscard]] RateImport wish(const std::vector<FeedRow>& rows) const {
        return {.source = kEcb, .base = currency("EUR"), .rows = rows, .now = now};
    }
    template <class T>
    [[nodiscard]] Result<T> write(const std::function<Result<T>(Transaction&)>& body) const {
        return database->writer().commit<T>(body);
    }
    [[nodiscard]] Result<ImportOutcome> import_as(const RateImport& what) const {
        return write<ImportOutcome>([&](Transaction& tx) { return import_rates(tx, what); });
    }
    [[nodiscard]] Result<ImportOutcome> import_all(const std::vector<FeedRow>& rows) const {
        return import_as(wish(rows));
    }
    [[nodiscard]] Result<ImportOutcome> correct(const std::vector<FeedRow>& rows) const {
        RateImport what = wish(rows);
        what.correct = true;
        return import_as(what);
    }
    template <class T>
    [[nodiscard]] Result<T> read(const std::function<Result<T>(Transaction&)>& body) const {
        std::optional<Result<T>> found;
        const Result<void> done = database->read([&](Transaction& tx) {
            found.emplace(body(tx));
            return Result<void>();
        });
        if (!done) return done.error();
        return *std::move(found);
    }
    [[nodiscard]] Result<ReferenceTable> load(std::string_view date) const {
        return read<ReferenceTable>(
            [&](Transaction& tx) { return load_rates(tx, kEcb, day(date)); });
    }
    [[nodiscard]] std::string rate_of(std::string_view date, std::string_view code) const {
        return load(date)->per_base(currency(code))->to_string();
    }
    /// "1.1684 superseded, 1.1685 current".
    [[nodiscard]] std::string revisions(std::string_view date, std::string_view code) const {
        const auto all = read<std::vector<StoredRate>>([&](Transaction& tx) {
            return load_rate_revisions(tx, kEcb, day(date), currency(code));
        });
        std::string text;
        for (const StoredRate& one : *all) {
            text += (text.empty() ? "" : ", ") + one.per_base.to_string() + " " +
                    std::string(to_string(one.status));
        }
        return text;
    }
    [[nodiscard]] std::vector<StoredRate> held() const {
        return *read<std::vector<StoredRate>>(list_held_rates);
    }
    [[nodiscard]] RateDecision about(std::string_view date, std::string_view code) const {
        return {.source = kEcb,
                .day = day(date),
                .currency = currency(code),
                .reason = "seen on the news",
                .now = now + std::chrono::hours(1)};
    }
    [[nodiscard]] Result<std::vector<StoredRate>> release(const RateDecision& it) const {
        return write<std::vector<StoredRate>>(
            [&](Transaction& tx) { return release_rate(tx, it); });
    }
    [[nodiscard]] Result<void> reject(const RateDecision& it) const {
        const Result<int> done = write<int>([&](Transaction& tx) -> Result<int> {
            const Result<void> rejected = reject_rate(tx, it);
            if (!rejected) return rejected.error();
            return 0;
        });
        return done ? Result<void>() : Result<void>(done.error());
    }

    Timestamp now = *parse_rfc3339("2026-04-14T15:00:00Z");
    std::unique_ptr<Database> database;
};

CAUSEWAY_ON_EACH_ENGINE(RatesStore);

TEST_P(RatesStore, GivesBackTheNewestTableUpToADay) {
    const std::vector<FeedRow>& rows = builtin_feed().rows;
    const Result<ImportOutcome> imported = import_all(rows);
    ASSERT_TRUE(imported);
    EXPECT_EQ(imported->inserted, std::ssize(rows));
    const std::string publisher(kEcb);
    EXPECT_EQ(*load("2030-01-01"), *newest_table(builtin_feed(), publisher));
    // The twelfth was a Sunday: the rates of Friday hold.
    EXPECT_EQ(*load("2026-04-12"), *table_of(builtin_feed(), publisher, day("2026-04-10")));
    EXPECT_EQ(to_text(load("2026-04-10")->day()), "2026-04-10");
    EXPECT_EQ(load("2026-04-06").error().code(), ErrorCode::not_found);
}

TEST_P(RatesStore, TheSameFileTwiceChangesNothing) {
    ASSERT_TRUE(import_all(builtin_feed().rows));
    const Result<ImportOutcome> again = import_all(builtin_feed().rows);
    ASSERT_TRUE(again);
    EXPECT_EQ(again->inserted, 0);
    EXPECT_EQ(again->unchanged, std::ssize(builtin_feed().rows));
}

// A published rate does not change: who says otherwise is wrong, or somebody else.
TEST_P(RatesStore, AnotherRateForAKnownDayIsRefusedAndNothingIsHalfDone) {
    ASSERT_TRUE(import_all({row("2026-04-13", "USD", "1.1684")}));
    const Result<ImportOutcome> wrong = import_all({row("2026-04-13", "JPY", "186.75"),
                                                    row("2026-04-13", "USD", "1.1685"),
                                                    row("2026-04-14", "USD", "1.17")});
    ASSERT_FALSE(wrong);
    EXPECT_EQ(wrong.error().code(), ErrorCode::integrity);
    EXPECT_EQ(wrong.error().detail(), "2026-04-13, USD: known as 1.1684, now 1.1685");
    const ReferenceTable table = *load("2026-04-14");
    EXPECT_EQ(to_text(table.day()), "2026-04-13");
    EXPECT_EQ(table.rates().size(), 1U);
}

TEST_P(RatesStore, AnotherBaseIsRefused) {
    ASSERT_TRUE(import_all({row("2026-04-13", "JPY", "186.75")}));
    RateImport dollars = wish({});
    const std::vector<FeedRow> rows{row("2026-04-14", "JPY", "159.84")};
    dollars.rows = rows;
    dollars.base = currency("USD");
    EXPECT_EQ(import_as(dollars).error().detail(), "ECB is known with the base EUR");
}

TEST_P(RatesStore, NothingToImportIsFine) {
    const Result<ImportOutcome> imported = import_all({});
    ASSERT_TRUE(imported);
    EXPECT_EQ(imported->inserted, 0);
}

// What an auditor asks for: which rate did you convert by, and which is it now?
TEST_P(RatesStore, ACorrectionIsANewRevision) {
    ASSERT_TRUE(import_all({row("2026-04-10", "USD", "1.17"), row("2026-04-13", "USD", "1.1684")}));
    now += std::chrono::hours(24);
    const std::vector<FeedRow> better{row("2026-04-10", "USD", "1.1711"),
                                      row("2026-04-13", "USD", "1.1684")};
    const Result<ImportOutcome> corrected = correct(better);
    ASSERT_TRUE(corrected) << corrected.error().detail();
    EXPECT_EQ(corrected->corrected, 1);
    EXPECT_EQ(corrected->unchanged, 1);
    EXPECT_EQ(revisions("2026-04-10", "USD"), "1.17 superseded, 1.1711 current");
    EXPECT_EQ(rate_of("2026-04-10", "USD"), "1.1711");
    const auto all = *read<std::vector<StoredRate>>([&](Transaction& tx) {
        return load_rate_revisions(tx, kEcb, day("2026-04-10"), currency("USD"));
    });
    EXPECT_EQ(all[1].recorded, now);
    EXPECT_EQ(all[0].recorded, now - std::chrono::hours(24));
    // The corrected rate is what is known now; the first one contradicts it.
    EXPECT_EQ(import_all(better)->unchanged, 2);
    EXPECT_EQ(import_all({row("2026-04-10", "USD", "1.17")}).error().code(), ErrorCode::integrity);
}

// A slipped decimal point must not sell dollars at a tenth.
TEST_P(RatesStore, ARateThatLeapsIsHeldAndTheOneBeforeStays) {
    ASSERT_TRUE(
        import_all({row("2026-04-10", "USD", "1.1711"), row("2026-04-10", "JPY", "186.4")}));
    const Result<ImportOutcome> imported =
        import_all({row("2026-04-13", "JPY", "186.7"), row("2026-04-13", "USD", "11.684")});
    ASSERT_TRUE(imported) << imported.error().detail();
    EXPECT_EQ(imported->inserted, 1);
    EXPECT_EQ(imported->held, 1);
    EXPECT_FALSE(load("2026-04-13")->has(currency("USD")));
    ASSERT_EQ(held().size(), 1U);
    EXPECT_EQ(held()[0].reason, "it was 1.1711 on 2026-04-10");
    // It is known: tomorrow's file of ninety days brings it again.
    EXPECT_EQ(import_all({row("2026-04-13", "USD", "11.684")})->unchanged, 1);
    // And when the source corrects itself, no human is needed.
    EXPECT_EQ(import_all({row("2026-04-13", "USD", "1.1684")})->inserted, 1);
    EXPECT_EQ(revisions("2026-04-13", "USD"), "11.684 superseded, 1.1684 current");
    EXPECT_TRUE(held().empty());
}

TEST_P(RatesStore, TheFirstRateIsComparedWithTheBuiltInOnes) {
    EXPECT_EQ(
        import_all({row("2026-04-14", "USD", "11.684"), row("2026-04-14", "RUB", "90")})->held, 1);
    ASSERT_EQ(held().size(), 1U);
    EXPECT_EQ(held()[0].reason, "it was 1.1684 on 2026-04-13");
    // Years later a rate may be far away and no mistake.
    EXPECT_EQ(import_all({row("2026-04-14", "TRY", "99")})->held, 0);
    RateImport desk = wish({});
    const std::vector<FeedRow> rows{row("2026-04-14", "USD", "11.684")};
    desk.rows = rows;
    desk.source = "desk";
    EXPECT_EQ(import_as(desk)->held, 0);
}

TEST_P(RatesStore, TheLimitItselfIsNoLeap) {
    ASSERT_TRUE(import_all({row("2026-04-10", "RUB", "1")}));
    EXPECT_EQ(import_all({row("2026-04-13", "RUB", "1.1")})->held, 0);
    EXPECT_EQ(import_all({row("2026-04-14", "RUB", "1.21000001")})->held, 1);
    EXPECT_EQ(import_all({row("2026-04-15", "RUB", "1")})->held, 0);
    EXPECT_EQ(import_all({row("2026-04-16", "RUB", "0.909")})->held, 1);
    RateImport any = wish({});
    const std::vector<FeedRow> rows{row("2026-04-17", "RUB", "99")};
    any.rows = rows;
    any.jump_limit_bps = 0;
    EXPECT_EQ(import_as(any)->held, 0);
}

// A wide limit holds a rate that falls as well as one that rises.
TEST_P(RatesStore, ALimitOfMoreThanTheWholeHoldsBothWays) {
    for (const char* const fresh : {"2.1", "0.4"}) {
        const Decimal one = *Decimal::parse("1");
        const Decimal other = *Decimal::parse(fresh);
        EXPECT_TRUE(is_jump(one, other, 10'000)) << fresh;
        EXPECT_TRUE(is_jump(other, one, 10'000)) << fresh;
        EXPECT_FALSE(is_jump(one, other, 15'000)) << fresh;
    }
}

// After a devaluation every day's rate leaps from the last that is believed; one release frees all.
TEST_P(RatesStore, ReleasingALeapReleasesWhatFollowsIt) {
    ASSERT_TRUE(import_all({row("2026-04-09", "TRY", "50")}));
    EXPECT_EQ(import_all({row("2026-04-10", "TRY", "70"),
                          row("2026-04-13", "TRY", "71"),
                          row("2026-04-14", "TRY", "90")})
                  ->held,
              3);
    const Result<std::vector<StoredRate>> released = release(about("2026-04-10", "TRY"));
    ASSERT_TRUE(released) << released.error().detail();
    ASSERT_EQ(released->size(), 2U);
    EXPECT_EQ((*released)[0].decision, "seen on the news");
    EXPECT_EQ((*released)[0].decided, now + std::chrono::hours(1));
    EXPECT_EQ((*released)[1].decision, "follows the rate of 2026-04-10, which was released");
    EXPECT_EQ(rate_of("2026-04-14", "TRY"), "71");
    ASSERT_EQ(held().size(), 1U);
    EXPECT_EQ(to_text(held()[0].day), "2026-04-14");
    EXPECT_EQ(import_all({row("2026-04-15", "TRY", "72")})->held, 0);
}

// 72 leapt from the 51 before it, not from the 70 that was released.
TEST_P(RatesStore, AReleaseEndsAtTheFirstDayThatHasARate) {
    ASSERT_TRUE(import_all({row("2026-04-08", "TRY", "50"), row("2026-04-09", "TRY", "50")}));
    EXPECT_EQ(import_all({row("2026-04-10", "TRY", "70"),
                          row("2026-04-13", "TRY", "51"),
                          row("2026-04-14", "TRY", "72")})
                  ->held,
              2);
    EXPECT_EQ(release(about("2026-04-10", "TRY"))->size(), 1U);
    EXPECT_EQ(rate_of("2026-04-14", "TRY"), "51");
    EXPECT_EQ(held().size(), 1U);
}

TEST_P(RatesStore, WithoutALimitARateIsReleasedAlone) {
    ASSERT_TRUE(import_all({row("2026-04-09", "TRY", "50")}));
    ASSERT_TRUE(import_all({row("2026-04-10", "TRY", "70"), row("2026-04-13", "TRY", "71")}));
    RateDecision decision = about("2026-04-10", "TRY");
    decision.jump_limit_bps = 0;
    EXPECT_EQ(release(decision)->size(), 1U);
}

TEST_P(RatesStore, ARejectedRateStaysOut) {
    ASSERT_TRUE(import_all({row("2026-04-10", "USD", "1.17")}));
    ASSERT_TRUE(import_all({row("2026-04-13", "USD", "11.7")}));
    ASSERT_TRUE(reject(about("2026-04-13", "USD")));
    EXPECT_TRUE(held().empty());
    EXPECT_EQ(import_all({row("2026-04-13", "USD", "11.7")})->unchanged, 1);
    EXPECT_EQ(rate_of("2026-04-13", "USD"), "1.17");
    EXPECT_EQ(import_all({row("2026-04-13", "USD", "1.16")})->inserted, 1);
    EXPECT_EQ(revisions("2026-04-13", "USD"), "11.7 rejected, 1.16 current");
}

// The source goes on saying it for ninety days, and each of its files brings new days as well.
TEST_P(RatesStore, ARejectedCorrectionDoesNotBlockItsSource) {
    ASSERT_TRUE(import_all({row("2026-04-10", "USD", "1.17"), row("2026-04-13", "USD", "1.16")}));
    for (const char* const wrong : {"11.6", "0.116"}) {
        ASSERT_EQ(correct({row("2026-04-13", "USD", wrong)})->held, 1);
        ASSERT_TRUE(reject(about("2026-04-13", "USD")));
    }
    for (const char* const wrong : {"11.6", "0.116"}) {
        const Result<ImportOutcome> again =
            import_all({row("2026-04-13", "USD", wrong), row("2026-04-14", "USD", "1.16")});
        ASSERT_TRUE(again) << again.error().detail();
        EXPECT_GE(again->unchanged, 1);
        EXPECT_EQ(correct({row("2026-04-13", "USD", wrong)})->unchanged, 1);
    }
    EXPECT_EQ(rate_of("2026-04-13", "USD"), "1.16");
}

TEST_P(RatesStore, ACorrectionOfTheNewestRateMayLeapToo) {
    ASSERT_TRUE(import_all({row("2026-04-10", "USD", "1.17"), row("2026-04-13", "USD", "1.16")}));
    const Result<ImportOutcome> corrected = correct({row("2026-04-13", "USD", "1.61")});
    ASSERT_TRUE(corrected) << corrected.error().detail();
    EXPECT_EQ(corrected->held, 1);
    EXPECT_EQ(rate_of("2026-04-13", "USD"), "1.16");
    ASSERT_EQ(held().size(), 1U);
    EXPECT_EQ(held()[0].reason, "it was 1.17 on 2026-04-10");
    ASSERT_TRUE(release(about("2026-04-13", "USD")));
    EXPECT_EQ(revisions("2026-04-13", "USD"), "1.16 superseded, 1.61 current");
}

// The older day's correction is no way around the comparison: its rate is not written yet.
TEST_P(RatesStore, AFileOfCorrectionsIsComparedDayByDay) {
    ASSERT_TRUE(import_all({row("2026-04-10", "USD", "1.17"), row("2026-04-13", "USD", "1.16")}));
    const Result<ImportOutcome> corrected =
        correct({row("2026-04-10", "USD", "1.18"), row("2026-04-13", "USD", "11.6")});
    ASSERT_TRUE(corrected) << corrected.error().detail();
    EXPECT_EQ(corrected->corrected, 1);
    EXPECT_EQ(corrected->held, 1);
    EXPECT_EQ(rate_of("2026-04-13", "USD"), "1.16");
    ASSERT_EQ(held().size(), 1U);
    EXPECT_EQ(held()[0].reason, "it was 1.18 on 2026-04-10");
}

TEST_P(RatesStore, ACorrectionIsComparedWithWhatItReplaces) {
    ASSERT_TRUE(import_all({row("2026-02-10", "USD", "1.17"), row("2026-04-13", "USD", "1.16")}));
    EXPECT_EQ(correct({row("2026-02-10", "USD", "11.7")})->held, 1);
    ASSERT_EQ(held().size(), 1U);
    EXPECT_EQ(held()[0].reason, "it was 1.17 on 2026-02-10");
    EXPECT_EQ(revisions("2026-02-10", "USD"), "1.17 current, 11.7 held");
}

TEST_P(RatesStore, DecisionsWantAHeldRateAndAReason) {
    ASSERT_TRUE(import_all({row("2026-04-10", "USD", "1.17")}));
    EXPECT_EQ(release(about("2026-04-10", "USD")).error().detail(),
              "no rate for USD of 2026-04-10 is held");
    EXPECT_EQ(reject(about("2026-04-10", "USD")).error().code(), ErrorCode::not_found);
    RateDecision silent = about("2026-04-10", "USD");
    silent.reason = "";
    EXPECT_EQ(release(silent).error().code(), ErrorCode::invalid_argument);
    EXPECT_EQ(reject(silent).error().code(), ErrorCode::invalid_argument);
}

// The rouble of 1998 is no reason to wake anybody.
TEST_P(RatesStore, HistoryIsTakenAsItIs) {
    EXPECT_EQ(import_all({row("2026-03-02", "TRY", "10"),
                          row("2026-03-03", "TRY", "50"),
                          row("2026-03-20", "TRY", "51")})
                  ->held,
              0);
    EXPECT_EQ(import_all({row("2026-02-02", "TRY", "1"), row("2026-02-03", "TRY", "9")})->held, 0);
    // But the newest rate of a first import is compared with the one before it.
    EXPECT_EQ(import_all({row("2026-03-03", "JPY", "186"), row("2026-03-04", "JPY", "18.6")})->held,
              1);
}

// MXN/BRL is quoted by the thirteenth, the newest day that has both.
TEST_P(RatesStore, ADayThatFillsAGapIsComparedWithBothItsNeighbours) {
    ASSERT_TRUE(import_all({row("2026-04-10", "BRL", "5.92"), row("2026-04-13", "MXN", "20.3")}));
    ASSERT_TRUE(import_all({row("2026-04-14", "BRL", "5.87")}));
    EXPECT_EQ(import_all({row("2026-04-13", "BRL", "58.8")})->held, 1);
    ASSERT_EQ(held().size(), 1U);
    EXPECT_EQ(held()[0].reason, "it was 5.92 on 2026-04-10");
    EXPECT_EQ(import_all({row("2026-04-13", "BRL", "5.88")})->inserted, 1);
    // Before the first one there is only the one behind it.
    EXPECT_EQ(import_all({row("2026-04-09", "BRL", "0.59")})->held, 1);
    EXPECT_EQ(held()[0].reason, "it was 5.92 on 2026-04-10");
}

// A file that begins before what is known and leaves that out is no way around the comparison.
TEST_P(RatesStore, AnOlderDayInTheFileIsNotWhatTheNewestIsComparedWith) {
    ASSERT_TRUE(import_all({row("2026-04-09", "TRY", "50")}));
    EXPECT_EQ(import_all({row("2026-03-20", "TRY", "70"), row("2026-04-10", "TRY", "70")})->held,
              1);
    ASSERT_EQ(held().size(), 1U);
    EXPECT_EQ(held()[0].reason, "it was 50 on 2026-04-09");
}

// HRK was listed when it was stored.
TEST_P(RatesStore, ACodeThatIsNoLongerListedIsLeftOut) {
    ASSERT_TRUE(import_all({row("2026-04-13", "USD", "1.1684")}));
    for (const char* const status : {"current", "held"}) {
        const Result<std::int64_t> done = write<std::int64_t>([&](Transaction& tx) {
            return tx.execute(
                "INSERT INTO fx_rates (source, day, currency, revision, base, mantissa, scale,"
                " status, reason, decision) VALUES ('ECB', $1, $2, 1, 'EUR', 75, 1, $3, '', '')",
                {std::int64_t{20'556},
                 std::string_view(status).starts_with('c') ? "HRK" : "CYP",
                 status});
        });
        ASSERT_TRUE(done) << done.error().detail();
    }
    EXPECT_EQ(load("2026-04-13")->rates().size(), 1U);
    EXPECT_TRUE(held().empty());
    EXPECT_EQ(import_all({row("2026-04-13", "USD", "1.1684")})->unchanged, 1);
}

TEST_P(RatesStore, RecentRatesReachEveryCurrencyOnce) {
    ASSERT_TRUE(import_all({row("2022-02-28", "RUB", "115.4842"),
                            row("2022-03-01", "RUB", "117.201"),
                            row("2026-03-20", "USD", "1.14"),
                            row("2026-04-10", "JPY", "186.43"),
                            row("2026-04-10", "USD", "1.1711"),
                            row("2026-04-13", "USD", "1.1684")}));
    const auto recent = [&](std::string_view date) {
        const auto tables = read<std::vector<ReferenceTable>>(
            [&](Transaction& tx) { return load_recent_rates(tx, kEcb, day(date)); });
        std::string text;
        for (const ReferenceTable& table : *tables) {
            text += to_text(table.day());
            for (const ReferenceRate& rate : table.rates())
                text += " " + std::string(rate.currency.code()) + rate.per_base.to_string();
            text += "; ";
        }
        return text;
    };
    EXPECT_EQ(recent("2026-04-30"),
              "2026-04-13 USD1.1684; 2026-04-10 JPY186.43 USD1.1711; 2022-03-01 RUB117.201; ");
    EXPECT_EQ(recent("2026-04-12"), "2026-04-10 JPY186.43 USD1.1711; 2022-03-01 RUB117.201; ");
    EXPECT_EQ(recent("2022-02-28"), "2022-02-28 RUB115.4842; ");
    EXPECT_EQ(recent("2021-12-31"), "");
}

TEST_P(RatesStore, APairsHistoryHasTheDaysOfBoth) {
    ASSERT_TRUE(import_all({row("2026-04-08", "BRL", "5.8"),
                            row("2026-04-09", "BRL", "5.9"),
                            row("2026-04-09", "USD", "1.18"),
                            row("2026-04-10", "USD", "1.17"),
                            row("2026-04-13", "BRL", "5.85"),
                            row("2026-04-13", "USD", "1.17")}));
    const auto pair = [&](std::string_view from, std::string_view to) {
        return *read<std::vector<PairRate>>([&](Transaction& tx) {
            return load_pair_rates(
                tx, kEcb, {currency(from), currency(to), day("2026-04-08"), day("2026-04-13")});
        });
    };
    EXPECT_EQ(pair("USD", "BRL"),
              (std::vector<PairRate>{{day("2026-04-09"), *Decimal::parse("5")},
                                     {day("2026-04-13"), *Decimal::parse("5")}}));
    EXPECT_EQ(pair("EUR", "BRL").size(), 3U);
    EXPECT_EQ(pair("BRL", "EUR").back().value.to_string(), "0.1709401709");
    EXPECT_TRUE(pair("EUR", "CHF").empty());
}

// Databases in the field have the first edition, and every rate in it was quoted by.
TEST_P(RatesStore, TheFirstEditionsRatesStay) {
    const test::Place place(GetParam());
    {
        const auto first = std::move(*Database::open(place.url(), std::span(kSteps).first(1)));
        const Result<std::int64_t> done =
            first->writer().commit<std::int64_t>([&](Transaction& tx) {
                return tx.execute(
                    "INSERT INTO rates (source, day, currency, mantissa, scale) VALUES"
                    " ('ECB', $1, 'USD', 11684, 4), ('ECB', $1, 'JPY', 18675, 2)",
                    {std::int64_t{20'556}});
            });
        ASSERT_TRUE(done) << done.error().detail();
    }
    database = std::move(*Database::open(place.url(), kSteps));
    EXPECT_EQ(to_text(load("2026-04-14")->day()), "2026-04-13");
    EXPECT_EQ(rate_of("2026-04-13", "JPY"), "186.75");
    EXPECT_EQ(rate_of("2026-04-13", "USD"), "1.1684");
    EXPECT_EQ(import_all({row("2026-04-13", "USD", "1.1684")})->unchanged, 1);
    const auto all = *read<std::vector<StoredRate>>([&](Transaction& tx) {
        return load_rate_revisions(tx, kEcb, day("2026-04-13"), currency("USD"));
    });
    ASSERT_EQ(all.size(), 1U);
    EXPECT_EQ(all[0].base, currency("EUR"));
    EXPECT_FALSE(all[0].recorded);
}

constexpr std::string_view kInsertRevision =
    "INSERT INTO fx_rates (source, day, currency, revision, base, mantissa, scale, status, reason,"
    " decision) VALUES ('ECB', 20556, 'USD', $1, 'EUR', $1, 0, $2, '', '')";

TEST_P(RatesStore, TwoRevisionsAreNeverCurrentOrHeldAtOnce) {
    for (const char* const status : {"current", "held"}) {
        const auto add = [&](std::int64_t revision) {
            return write<std::int64_t>([&](Transaction& tx) {
                return tx.execute(kInsertRevision, {revision, status});
            });
        };
        const std::int64_t first = std::string_view(status).starts_with('c') ? 1 : 3;
        EXPECT_TRUE(add(first));
        EXPECT_FALSE(add(first + 1));
    }
}

// What two processes may have left behind before there was an index.
TEST_P(RatesStore, OfTwoCurrentRevisionsTheLaterCounts) {
    const test::Place place(GetParam());
    {
        const auto second = std::move(*Database::open(place.url(), std::span(kSteps).first(2)));
        for (const std::int64_t revision : {1, 2}) {
            ASSERT_TRUE(second->writer().commit<std::int64_t>([&](Transaction& tx) {
                return tx.execute(kInsertRevision, {revision, "current"});
            }));
        }
    }
    database = std::move(*Database::open(place.url(), kSteps));
    EXPECT_EQ(revisions("2026-04-13", "USD"), "1 superseded, 2 current");
}

// Against a model that knows nothing of tables: the last accepted revision is the rate.
TEST_P(RatesStore, AgreesWithAModelOverRandomImports) {
    int round = 0;
    EXPECT_TRUE(rc::check("imports and corrections", [&] {
        const std::string source = "s" + std::to_string(++round);
        std::map<std::pair<int, int>, int> model;
        for (int step = *rc::gen::inRange(1, 5); step > 0; --step) {
            const int first = *rc::gen::inRange(0, 20);
            std::vector<FeedRow> rows;
            std::map<std::pair<int, int>, int> wanted;
            for (int d = first; d < first + 5; ++d) {
                for (int c = 0; c < 2; ++c) {
                    const int value = *rc::gen::inRange(100, 103);
                    wanted[{d, c}] = value;
                    rows.push_back({day("2026-01-01") + std::chrono::days(d),
                                    currency(c == 0 ? "JPY" : "USD"),
                                    *Decimal::from_parts(value, 0)});
                }
            }
            RateImport what = wish(rows);
            what.source = source;
            what.correct = *rc::gen::arbitrary<bool>();
            bool contradicts = false;
            for (const auto& [key, value] : wanted)
                contradicts = contradicts || (model.contains(key) && model.at(key) != value);
            const Result<ImportOutcome> done = import_as(what);
            RC_ASSERT(done.has_value() == (what.correct || !contradicts));
            if (!done) continue;
            RC_ASSERT(done->inserted + done->unchanged + done->corrected == std::ssize(rows));
            for (const auto& [key, value] : wanted)
                model[key] = value;
        }
        for (const auto& [key, value] : model) {
            const Day of = day("2026-01-01") + std::chrono::days(key.first);
            const ReferenceTable table =
                *read<ReferenceTable>([&](Transaction& tx) { return load_rates(tx, source, of); });
            RC_ASSERT(table.day() == of);
            RC_ASSERT(table.per_base(currency(key.second == 0 ? "JPY" : "USD"))->mantissa() ==
                      value);
        }
    }));
}

TEST_P(RatesStore, TakesTheWholeHistoryAtOnce) {
    const char* const folder = std::getenv("CAUSEWAY_SHARED");
    const std::string root = folder ? folder : test::source_folder() + "/../shared";
    std::ifstream file(root + "/data/eurofxref-hist.csv", std::ios::binary);
    if (!file) {
        GTEST_SKIP() << "NOT TESTED: no eurofxref-hist.csv; set CAUSEWAY_SHARED to its folder";
    }
    std::ostringstream content;
    content << file.rdbuf();
    const Feed feed = *read_feed(content.str());
    const Result<ImportOutcome> imported = import_all(feed.rows);
    ASSERT_TRUE(imported) << imported.error().detail();
    EXPECT_EQ(imported->inserted, 189'576);
    EXPECT_EQ(imported->held, 0);
    EXPECT_EQ(*load("2026-04-13"), *newest_table(feed, "ECB"));
    EXPECT_EQ(import_all(feed.rows)->unchanged, 189'576);
}

}  // namespace
}  // namespace causeway::fx
