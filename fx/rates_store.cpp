// SPDX-License-Identifier: Apache-2.0
#include "fx/rates_store.h"

#include "fx/builtin_rates.h"
#include "fx/rates_rows.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace causeway::fx {
namespace {

using ledger::Column;
using ledger::ColumnType;
using ledger::Currency;
using ledger::Row;
using ledger::Transaction;
using ledger::Value;

constexpr int kTwiceBps = 10'000;  // 100 % more, or half.

// day: days since 1970-01-01. A rate is mantissa / 10^scale units of the currency per euro.
constexpr std::string_view kSchema = R"(
CREATE TABLE rates (
    source TEXT NOT NULL,
    day BIGINT NOT NULL,
    currency TEXT NOT NULL,
    mantissa BIGINT NOT NULL,
    scale BIGINT NOT NULL,
    PRIMARY KEY (source, day, currency)
) /*clustered*/;
)";

// Of one source, day and currency one revision at most is current, and one at most held.
// recorded_us is NULL for rates of the first edition.
constexpr std::string_view kSecondSchema = R"(
CREATE TABLE fx_rates (
    source TEXT NOT NULL,
    day BIGINT NOT NULL,
    currency TEXT NOT NULL,
    revision BIGINT NOT NULL,
    base TEXT NOT NULL,
    mantissa BIGINT NOT NULL,
    scale BIGINT NOT NULL,
    status TEXT NOT NULL,
    reason TEXT NOT NULL,
    recorded_us BIGINT,
    decided_us BIGINT,
    decision TEXT NOT NULL,
    PRIMARY KEY (source, day, currency, revision)
) /*clustered*/;
INSERT INTO fx_rates (source, day, currency, revision, base, mantissa, scale, status, reason,
    recorded_us, decided_us, decision)
    SELECT source, day, currency, 1, 'EUR', mantissa, scale, 'current', '', NULL, NULL, ''
    FROM rates ORDER BY source, day, currency;
DROP TABLE rates;
CREATE INDEX fx_rates_by_currency ON fx_rates (source, currency, day);
CREATE INDEX fx_rates_held ON fx_rates (source, day, currency) WHERE status = 'held';
)";

// Where there are two, the later one counts.
constexpr std::string_view kThirdSchema = R"(
UPDATE fx_rates SET status = 'superseded' WHERE status IN ('current', 'held') AND revision <
    (SELECT MAX(later.revision) FROM fx_rates later WHERE later.source = fx_rates.source AND
    later.day = fx_rates.day AND later.currency = fx_rates.currency AND
    later.status = fx_rates.status);
DROP INDEX fx_rates_held;
CREATE UNIQUE INDEX fx_rates_one_current ON fx_rates (source, day, currency)
    WHERE status = 'current';
CREATE UNIQUE INDEX fx_rates_one_held ON fx_rates (source, day, currency) WHERE status = 'held';
)";

constexpr std::array<Column, 11> kNewColumns{{{"source", ColumnType::text},
                                              {"day", ColumnType::number},
                                              {"currency", ColumnType::text},
                                              {"revision", ColumnType::number},
                                              {"base", ColumnType::text},
                                              {"mantissa", ColumnType::number},
                                              {"scale", ColumnType::number},
                                              {"status", ColumnType::text},
                                              {"reason", ColumnType::text},
                                              {"recorded_us", ColumnType::number},
                                              {"decision", ColumnType::text}}};

std::int64_t key_of(Day day, Currency currency) noexcept {
    constexpr std::int64_t kNumericEnd = 1'000;
    return day_number(day) * kNumericEnd + currency.numeric();
}

// What the revisions of one day and currency come to.
struct Known {
    std::int64_t revision = 0;
    std::optional<Decimal> current = {};
    std::optional<Decimal> held = {};
    std::vector<Decimal> rejected = {};
};

using KnownRates = std::unordered_map<std::int64_t, Known>;

struct NewRow {
    const FeedRow* rate;
    std::int64_t revision;
    RateStatus status;
    std::string reason;
};

// One import: the known rates of its days, what each currency's are compared with, the rows to
// come. Comparing asks no table, because the rows before may not be written yet.
class Importer {
  public:
    Importer(Transaction& transaction, const RateImport& wish)
        : transaction_(transaction), wish_(wish) {}

    Result<ImportOutcome> run() {
        Result<void> done = prepare();
        for (const FeedRow& row : wish_.rows) {
            if (!done) break;
            done = take(row);
            if (done && fresh_.size() == kChunk) done = flush();
        }
        if (done) done = flush();
        if (!done) return done.error();
        return outcome_;
    }

  private:
    static constexpr std::size_t kChunk = 4'096;

    // The current rates of one currency: on the days of the file, those of this import among them,
    // and on the days around it that have one.
    struct Track {
        std::map<Day, Decimal> current;
        std::optional<Day> newest;  // stored before this import
        Day last_in_file{};
    };

    Result<void> prepare() {
        std::optional<std::string> base;
        Result<void> read =
            transaction_.query("SELECT base FROM fx_rates WHERE source = $1 LIMIT 1",
                               {wish_.source},
                               [&base](const Row& row) { base = row.text(0); });
        if (!read) return read;
        if (base && *base != wish_.base.code()) {
            return Error(ErrorCode::integrity,
                         std::string(wish_.source) + " is known with the base " + *base);
        }
        read = read_newest_day();
        if (!read) return read;
        for (const FeedRow& row : wish_.rows) {
            const auto [place, is_new] = tracks_.try_emplace(row.currency.numeric());
            place->second.last_in_file = std::max(place->second.last_in_file, row.day);
            if (is_new) read = read_around(row.currency, place->second);
            if (!read) return read;
        }
        return read_known();
    }

    // Of what is quoted by now; before the first import of what will be.
    Result<void> read_newest_day() {
        newest_ = wish_.rows.back().day;
        return transaction_.query(
            "SELECT day FROM fx_rates WHERE source = $1 AND status = 'current'"
            " ORDER BY day DESC LIMIT 1",
            {wish_.source},
            [this](const Row& row) { newest_ = day_in(row, 0); });
    }

    // What of a currency stands outside of the days of the file.
    Result<void> read_around(Currency currency, Track& track) {
        constexpr std::string_view kBefore =
            "SELECT day, currency, mantissa, scale FROM fx_rates WHERE source = $1 AND"
            " currency = $2 AND day < $3 AND status = 'current' ORDER BY day DESC LIMIT 1";
        constexpr std::string_view kAfter =
            "SELECT day, currency, mantissa, scale FROM fx_rates WHERE source = $1 AND"
            " currency = $2 AND day > $3 AND status = 'current' ORDER BY day LIMIT 1";
        bool sound = true;
        const auto read = [&](std::string_view sql, Day day) {
            return transaction_.query(
                sql, {wish_.source, currency.code(), day_number(day)}, [&](const Row& row) {
                    const std::optional<ReferenceRate> rate = rate_in(row, 1);
                    sound = sound && rate;
                    if (rate) track.current.emplace(day_in(row, 0), rate->per_base);
                });
        };
        Result<void> done = read(kBefore, Day::max());
        if (done && sound && !track.current.empty()) {
            track.newest = track.current.rbegin()->first;
            done = read(kBefore, wish_.rows.front().day);
            if (done) done = read(kAfter, wish_.rows.back().day);
        }
        if (done && !sound) return senseless_rate();
        return done;
    }

    Result<void> read_known() {
        bool sound = true;
        Result<void> read = transaction_.query(
            "SELECT day, currency, mantissa, scale, revision, status FROM fx_rates"
            " WHERE source = $1 AND day >= $2 AND day <= $3 ORDER BY day, currency, revision "
            "/*locked*/",
            {wish_.source, day_number(wish_.rows.front().day), day_number(wish_.rows.back().day)},
            [this, &sound](const Row& row) {
                if (!is_listed(row, 1)) return;
                const std::optional<ReferenceRate> rate = rate_in(row, 1);
                sound = sound && rate;
                if (!rate) return;
                Known& known = known_[key_of(day_in(row, 0), rate->currency)];
                known.revision = row.integer(4);
                const std::string_view status = row.text(5);
                if (status == "current") learn(day_in(row, 0), *rate, known);
                if (status == "held") known.held = rate->per_base;
                if (status == "rejected") known.rejected.push_back(rate->per_base);
            });
        if (read && !sound) return senseless_rate();
        return read;
    }

    void learn(Day day, const ReferenceRate& rate, Known& known) {
        known.current = rate.per_base;
        const auto track = tracks_.find(rate.currency.numeric());
        if (track != tracks_.end()) track->second.current.insert_or_assign(day, rate.per_base);
    }

    Result<void> take(const FeedRow& row) {
        Known& known = known_[key_of(row.day, row.currency)];
        Track& track = tracks_.at(row.currency.numeric());
        if (known.current == row.per_base) {
            ++outcome_.unchanged;
            return {};
        }
        const bool was_rejected =
            std::ranges::find(known.rejected, row.per_base) != known.rejected.end();
        if (known.held == row.per_base || was_rejected) {
            ++outcome_.unchanged;
            return {};
        }
        if (known.current && !wish_.correct) {
            return Error(ErrorCode::integrity,
                         to_text(row.day) + ", " + std::string(row.currency.code()) +
                             ": known as " + known.current->to_string() + ", now " +
                             row.per_base.to_string());
        }
        return add(row, known, track, leap(row, known, track));
    }

    // The rate from which this one leaps, if it is one that is compared and does.
    [[nodiscard]] std::optional<PairRate> leap(const FeedRow& row,
                                               const Known& known,
                                               const Track& track) const {
        const auto& known_days = track.current;
        const auto from = known_days.lower_bound(row.day);
        const auto after = known_days.upper_bound(row.day);
        const bool compared = is_quoted_by(row, track);
        if (compared && from != known_days.begin() && leaps(std::prev(from)->second, row)) {
            return PairRate{std::prev(from)->first, std::prev(from)->second};
        }
        if (known.current && leaps(*known.current, row)) return PairRate{row.day, *known.current};
        if (compared && after != known_days.end() && leaps(after->second, row)) {
            return PairRate{after->first, after->second};
        }
        const bool is_first = known_days.empty() && !known.current;
        return compared && is_first ? leap_from_builtin(row) : std::nullopt;
    }

    // A currency's first rate has nothing before it but what the program knows by itself, which may
    // be years old: only what is more than twice as much or less than half is held, as a slipped
    // point or a pair the other way round.
    [[nodiscard]] std::optional<PairRate> leap_from_builtin(const FeedRow& row) const {
        if (wish_.source != kEcb) return std::nullopt;
        const auto& known = builtin_feed().rows;
        const auto newest =
            std::ranges::find(known.rbegin(), known.rend(), row.currency, &FeedRow::currency);
        if (newest == known.rend() || wish_.jump_limit_bps == 0) return std::nullopt;
        const int limit = std::max(wish_.jump_limit_bps, kTwiceBps);
        if (!is_jump(newest->per_base, row.per_base, limit)) return std::nullopt;
        return PairRate{newest->day, newest->per_base};
    }

    // Whether load_recent_rates() would give it.
    [[nodiscard]] bool is_quoted_by(const FeedRow& row, const Track& track) const {
        return row.day > newest_ - kRecentDays ||
               row.day >= track.newest.value_or(track.last_in_file);
    }

    [[nodiscard]] bool leaps(const Decimal& from, const FeedRow& row) const {
        return is_jump(from, row.per_base, wish_.jump_limit_bps);
    }

    Result<void> add(const FeedRow& row,
                     Known& known,
                     Track& track,
                     const std::optional<PairRate>& leapt_from) {
        if (leapt_from) {
            const Result<void> done = supersede(row, known.held ? "held" : "");
            if (!done) return done;
            fresh_.push_back(
                {&row,
                 ++known.revision,
                 RateStatus::held,
                 "it was " + leapt_from->value.to_string() + " on " + to_text(leapt_from->day)});
            known.held = row.per_base;
            ++outcome_.held;
            return {};
        }
        for (const char* const status :
             {known.current ? "current" : "", known.held ? "held" : ""}) {
            const Result<void> done = supersede(row, status);
            if (!done) return done;
        }
        ++(known.current ? outcome_.corrected : outcome_.inserted);
        fresh_.push_back({&row, ++known.revision, RateStatus::current, ""});
        known.current = row.per_base;
        known.held.reset();
        track.current.insert_or_assign(row.day, row.per_base);
        return {};
    }

    Result<void> supersede(const FeedRow& row, std::string_view status) {
        if (status.empty()) return {};
        // What is to give way may be among the rows that are not written yet.
        const Result<void> written = flush();
        if (!written) return written;
        return transaction_.defer(
            "UPDATE fx_rates SET status = 'superseded' WHERE source = $1 AND day = $2 AND"
            " currency = $3 AND status = $4",
            {wish_.source, day_number(row.day), row.currency.code(), status});
    }

    Result<void> flush() {
        if (fresh_.empty()) return {};
        std::vector<Value> values;
        values.reserve(fresh_.size() * kNewColumns.size());
        for (const NewRow& one : fresh_) {
            for (const Value& value : {Value(wish_.source),
                                       Value(day_number(one.rate->day)),
                                       Value(one.rate->currency.code()),
                                       Value(one.revision),
                                       Value(wish_.base.code()),
                                       Value(one.rate->per_base.mantissa()),
                                       Value(one.rate->per_base.scale()),
                                       Value(to_string(one.status)),
                                       Value(one.reason),
                                       Value(wish_.now),
                                       Value("")})
                values.push_back(value);
        }
        const Result<void> done = transaction_.insert_rows(
            {.table = "fx_rates", .columns = kNewColumns, .tail = {}, .values = values});
        fresh_.clear();
        return done;
    }

    Transaction& transaction_;
    const RateImport& wish_;
    KnownRates known_;
    std::unordered_map<int, Track> tracks_;
    Day newest_{};
    std::vector<NewRow> fresh_;
    ImportOutcome outcome_;
};

}  // namespace

std::string_view rates_schema_sql() {
    return kSchema;
}

std::string_view rates_second_schema_sql() {
    return kSecondSchema;
}

std::string_view rates_third_schema_sql() {
    return kThirdSchema;
}

std::string_view to_string(RateStatus status) noexcept {
    switch (status) {
        case RateStatus::current: return "current";
        case RateStatus::held: return "held";
        case RateStatus::superseded: return "superseded";
        case RateStatus::rejected: return "rejected";
    }
    return "current";
}

bool is_jump(const Decimal& before, const Decimal& fresh, int limit_bps) {
    constexpr int kWhole = 10'000;
    if (limit_bps == 0) return false;
    const auto [less, more] = std::minmax(before, fresh);
    const Result<Decimal> ratio = more.divide(less, kRateDigits);
    // What can not even be written with ten digits has leapt.
    if (!ratio) return true;
    return *ratio > *Decimal::from_parts(std::int64_t{kWhole} + limit_bps, 4);
}

Result<ImportOutcome> import_rates(Transaction& transaction, const RateImport& wish) {
    if (wish.rows.empty()) return ImportOutcome{};
    return Importer(transaction, wish).run();
}

}  // namespace causeway::fx
