// SPDX-License-Identifier: Apache-2.0
//
// What currency exchange costs on one core: look-ups, conversions and quotes a second, and how long
// the whole history of the European Central Bank takes to read and to store.
//
// Usage: causeway_bench_fx [--rounds N] [--history FILE] [--json FILE]
//
// Without --history it takes eurofxref-hist.csv from CAUSEWAY_SHARED or ../shared/data, and makes
// up a file of the same size where there is none.
#include "fx/builtin_rates.h"
#include "fx/convert.h"
#include "fx/quote.h"
#include "fx/rates_store.h"
#include "ledger/store/commit_queue.h"
#include "tests/bench/ledger/measure.h"
#include "tests/support/amounts.h"
#include "tests/support/books.h"
#include "tests/support/postgres_server.h"
#include "tests/support/temporary_folder.h"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace causeway::bench {
namespace {

using fx::RateBook;
using ledger::Money;
using test::currency;

struct Options {
    int rounds = 5;
    std::string history;
    std::string json;
};

constexpr int kTurns = 200'000;

const std::array kPairs{std::pair("USD", "BRL"),
                        std::pair("EUR", "JPY"),
                        std::pair("MXN", "EUR"),
                        std::pair("GBP", "IDR")};

// The median of `work` in thousands a second of CPU time, which a busy neighbour does not change.
template <class Work>
void rate_of(Report& report, const std::string& name, int rounds, const Work& work) {
    std::vector<double> rates;
    for (int round = 0; round < rounds; ++round) {
        const Took took = timed([&work] {
            for (int turn = 0; turn < kTurns; ++turn)
                work(turn);
        });
        rates.push_back(kTurns / took.cpu_seconds / 1'000);
    }
    report.add(name, median(rates), "k/s on one core");
}

template <class T>
const T& sure(const Result<T>& result) {
    if (!result) throw std::runtime_error(result.error().detail());
    return *result;
}

void measure_memory(Report& report, int rounds) {
    RateBook book;
    book.publish(sure(fx::newest_table(fx::builtin_feed(), std::string(fx::kEcb))));
    test::Ids ids;
    const fx::Corridors corridors = fx::Corridors::uniform(80);
    const fx::QuoteSources from{
        .rates = book, .clock = ids.clock, .ids = ids.source, .corridors = corridors};
    std::vector<fx::QuoteRequest> wishes;
    for (const auto& [source, target] : kPairs) {
        wishes.push_back({.merchant = {},
                          .source = currency(source),
                          .target = currency(target),
                          .source_amount = 123'456});
    }
    const fx::Freshness freshness{.today = day_of(ids.clock.now())};
    rate_of(report, "fx_lookups", rounds, [&](int turn) {
        const auto& wish = wishes[static_cast<std::size_t>(turn) % wishes.size()];
        (void)sure(book.snapshot()->mid(wish.source, wish.target, freshness));
    });
    const fx::Decimal rate = sure(book.mid_rate(currency("USD"), currency("BRL")));
    rate_of(report, "fx_conversions", rounds, [&](int turn) {
        (void)sure(fx::convert(Money(100 + turn, currency("USD")), rate, currency("BRL")));
    });
    rate_of(report, "fx_quotes", rounds, [&](int turn) {
        (void)sure(fx::make_quote(wishes[static_cast<std::size_t>(turn) % wishes.size()], from));
    });
}

std::string read_file(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::ostringstream content;
    content << file.rdbuf();
    return content.str();
}

// As many days, currencies and bytes as the bank's own, roughly.
std::string made_up_history() {
    std::string text = "Date";
    std::vector<std::string_view> codes;
    for (const ledger::Currency& one : ledger::Currency::all()) {
        if (one.code() == "EUR" || codes.size() == 41) continue;
        codes.push_back(one.code());
        (text += ',') += one.code();
    }
    text += ",\n";
    Day day = *parse_day("2026-04-13");
    for (int row = 0; row < 6'983; ++row) {
        text += to_text(day);
        for (std::size_t i = 0; i < codes.size(); ++i)
            text += "," + std::to_string(1 + i) + "." + std::to_string(1'000 + row % 37);
        text += ",\n";
        day = sure(ledger::target_calendar().previous_business_day(day));
    }
    return text;
}

std::string history_for(const Options& options) {
    if (!options.history.empty()) return read_file(options.history);
    const char* const folder = std::getenv("CAUSEWAY_SHARED");
    const std::string content =
        read_file(std::string(folder ? folder : "../shared") + "/data/eurofxref-hist.csv");
    if (!content.empty()) return content;
    (void)std::fputs("no eurofxref-hist.csv: measuring a file that was made up\n", stderr);
    return made_up_history();
}

void import_into(const std::string& url, const fx::Feed& feed) {
    const std::array<ledger::Migration, 2> steps{
        {{.version = 1, .sql = fx::rates_schema_sql()},
         {.version = 2, .sql = fx::rates_second_schema_sql()}}};
    const auto database = ledger::Database::open(url, steps);
    if (!database) throw std::runtime_error(database.error().detail());
    const Result<fx::ImportOutcome> done =
        (*database)->writer().commit<fx::ImportOutcome>([&feed](ledger::Transaction& transaction) {
            return fx::import_rates(
                transaction,
                {.source = fx::kEcb, .base = feed.base, .rows = feed.rows, .now = Timestamp()});
        });
    if (sure(done).inserted == 0) throw std::runtime_error("nothing was imported");
}

void measure_import(Report& report, const Options& options) {
    const std::string content = history_for(options);
    std::vector<double> reading;
    std::vector<double> sqlite;
    std::vector<double> sqlite_cpu;
    std::vector<double> postgres;
    for (int round = 0; round < options.rounds; ++round) {
        reading.push_back(timed([&] { (void)sure(fx::read_feed(content)); }).seconds);
        const fx::Feed feed = sure(fx::read_feed(content));
        const test::TemporaryFolder folder;
        const Took took = timed([&] { import_into(folder.url(), feed); });
        sqlite.push_back(took.seconds);
        sqlite_cpu.push_back(took.cpu_seconds);
        if (!test::PostgresServer::is_installed()) continue;
        const std::string url = test::PostgresServer::shared().fresh_url();
        postgres.push_back(timed([&] { import_into(url, feed); }).seconds);
    }
    report.add("fx_history_read", median(reading), "s");
    report.add("fx_history_import_sqlite", median(sqlite), "s");
    report.add("fx_history_import_sqlite_cpu", median(sqlite_cpu), "s of CPU");
    if (!postgres.empty()) report.add("fx_history_import_postgres", median(postgres), "s");
}

Options read_options(int count, char** words) {
    Options options;
    for (int i = 1; i + 1 < count; i += 2) {
        const std::string_view name = words[i];
        if (name == "--rounds") {
            options.rounds = std::max(1, std::atoi(words[i + 1]));
        } else if (name == "--history") {
            options.history = words[i + 1];
        } else if (name == "--json") {
            options.json = words[i + 1];
        } else {
            throw std::runtime_error("unknown option " + std::string(name));
        }
    }
    return options;
}

}  // namespace
}  // namespace causeway::bench

int main(int count, char** words) {
    try {
        const causeway::bench::Options options = causeway::bench::read_options(count, words);
        causeway::bench::Report report;
        causeway::bench::measure_memory(report, options.rounds);
        causeway::bench::measure_import(report, options);
        if (!options.json.empty()) report.write(options.json);
        return 0;
    } catch (const std::exception& error) {
        (void)std::fprintf(stderr, "%s\n", error.what());
        return 1;
    }
}
