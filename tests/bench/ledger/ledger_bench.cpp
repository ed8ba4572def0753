// SPDX-License-Identifier: Apache-2.0
//
// How much the journal and the commit queue cost over the engine itself: entries a second through
// them, with ids deduplicated, limits, history, chain and signed heads, against a bare loop that
// writes the same rows in the same batches. The two take turns in one run, because only the ratio
// means something on a machine that is shared.
//
// Usage: causeway_bench_ledger [--only posting|hot|verify|postgres|age] [--batch N] [--rounds N]
//                              [--age-max N] [--json FILE] [--dir FOLDER]
#include "ledger/chain/verify.h"
#include "tests/bench/ledger/bare_postgres.h"
#include "tests/bench/ledger/bare_sqlite.h"
#include "tests/bench/ledger/exporting.h"
#include "tests/bench/ledger/measure.h"
#include "tests/bench/ledger/queue_side.h"
#include "tests/bench/ledger/transfers.h"
#include "tests/support/postgres_server.h"
#include "tests/support/temporary_folder.h"

#include <array>
#include <cstdio>
#include <filesystem>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

namespace causeway::bench {
namespace {

struct Options {
    std::string only;
    std::string json;
    std::string folder;
    int rounds = 5;
    std::size_t batch = 0;  // 0: all
    std::int64_t age_max = 10'000'000;
};

constexpr std::array<std::size_t, 5> kBatches{1, 8, 64, 512, 8190};

std::size_t count_for(std::size_t batch) {
    const std::map<std::size_t, std::size_t> counts{
        {1, 1000}, {8, 8000}, {64, 51'200}, {512, 204'800}, {8190, 409'500}};
    return counts.at(batch);
}

std::string text(std::span<const std::uint8_t> bytes) {
    return {bytes.begin(), bytes.end()};
}

/// The rows that a journal wrote after `after`, for the bare loop to write again.
std::vector<EntryRow> rows_after(ledger::Database& database, std::int64_t after) {
    std::vector<EntryRow> rows;
    const Result<void> read = database.read([&](ledger::Transaction& snapshot) {
        return snapshot.query(
            "SELECT sequence, entry_id, type, kind, reference, effective_us, recorded_us,"
            " postings, hash FROM journal_entries WHERE sequence > $1 ORDER BY sequence",
            {after},
            [&](const ledger::Row& row) {
                rows.push_back({.sequence = row.integer(0),
                                .id = text(row.bytes(1)),
                                .type = row.integer(2),
                                .kind = std::string(row.text(3)),
                                .reference = std::string(row.text(4)),
                                .effective_us = row.integer(5),
                                .recorded_us = row.integer(6),
                                .postings = text(row.bytes(7)),
                                .hash = text(row.bytes(8))});
            });
    });
    if (!read) throw std::runtime_error(read.error().detail());
    return rows;
}

/// Both sides of one comparison, each with a database of its own that starts with the same rows.
class Contest {
  public:
    Contest() = default;
    Contest(const Contest&) = delete;
    Contest& operator=(const Contest&) = delete;
    virtual ~Contest() = default;

    /// The bare loop writes what the queue wrote the round before, so each may go first in turn.
    void round(std::size_t count, bool queue_first) {
        const std::vector<ledger::Entry> entries = transfers().make(count);
        const auto post = [&] { queue_took.push_back(timed([&] { queue().post(entries); })); };
        if (!rows_.empty()) prepare_bare(rows_);
        if (queue_first) post();
        if (!rows_.empty()) bare_took.push_back(timed([&] { post_bare(rows_); }));
        if (!queue_first) post();
        rows_ = rows_after(queue().database(), last_);
        last_ = rows_.back().sequence;
    }

    [[nodiscard]] virtual QueueSide& queue() noexcept = 0;

    std::vector<Took> queue_took;
    std::vector<Took> bare_took;

  protected:
    [[nodiscard]] virtual Transfers& transfers() noexcept = 0;
    virtual void prepare_bare(const std::vector<EntryRow>&) {}
    virtual void post_bare(const std::vector<EntryRow>& rows) = 0;
    void start_after(std::int64_t last) { last_ = last; }

  private:
    std::int64_t last_ = 0;
    std::vector<EntryRow> rows_;
};

class SqliteContest final : public Contest {
  public:
    SqliteContest(const std::string& folder, std::size_t batch, Spread spread)
        : transfers_(batch, spread) {
        const std::string name = folder + "/" + std::to_string(batch) + "_";
        const std::vector<ledger::Entry> opening = transfers_.opening();
        QueueSide("sqlite:" + name + "bare.db", 512).post(opening);
        queue_ = std::make_unique<QueueSide>("sqlite:" + name + "queue.db", batch);
        queue_->post(opening);
        start_after(static_cast<std::int64_t>(opening.size()));
        bare_ = std::make_unique<BareSqlite>(name + "bare.db", batch);
    }
    [[nodiscard]] QueueSide& queue() noexcept override { return *queue_; }
    [[nodiscard]] BareSqlite& bare() noexcept { return *bare_; }

  protected:
    [[nodiscard]] Transfers& transfers() noexcept override { return transfers_; }
    void post_bare(const std::vector<EntryRow>& rows) override { bare_->post(rows); }

  private:
    Transfers transfers_;
    std::unique_ptr<QueueSide> queue_;
    std::unique_ptr<BareSqlite> bare_;
};

class PostgresContest final : public Contest {
  public:
    PostgresContest(test::PostgresServer& server, std::size_t batch) : transfers_(batch) {
        const std::vector<ledger::Entry> opening = transfers_.opening();
        const std::string bare = server.fresh_url();
        QueueSide(bare, 512).post(opening);
        queue_ = std::make_unique<QueueSide>(server.fresh_url(), batch);
        queue_->post(opening);
        start_after(rows_after(queue_->database(), 0).back().sequence);
        bare_ = std::make_unique<BarePostgres>(bare, batch);
    }
    [[nodiscard]] QueueSide& queue() noexcept override { return *queue_; }

  protected:
    [[nodiscard]] Transfers& transfers() noexcept override { return transfers_; }
    void prepare_bare(const std::vector<EntryRow>& rows) override { bare_->prepare(rows); }
    void post_bare(const std::vector<EntryRow>&) override { bare_->post(); }

  private:
    Transfers transfers_;
    std::unique_ptr<QueueSide> queue_;
    std::unique_ptr<BarePostgres> bare_;
};

void compare_posting(
    Report& report, const std::string& name, Contest& contest, std::size_t count, int rounds) {
    contest.round(count, true);  // warms up and makes the bare loop's first rows
    contest.queue_took.clear();
    for (int round = 0; round < rounds; ++round)
        contest.round(count, round % 2 == 0);
    const auto entries = static_cast<double>(count);
    std::vector<double> queue_rates;
    std::vector<double> bare_rates;
    std::vector<double> ratios;
    std::vector<double> cpu;
    std::vector<double> writer;
    std::vector<double> committer;
    for (std::size_t i = 0; i < contest.queue_took.size(); ++i) {
        const Took& queue = contest.queue_took[i];
        const Took& bare = contest.bare_took[i];
        queue_rates.push_back(entries / queue.seconds);
        bare_rates.push_back(entries / bare.seconds);
        ratios.push_back(bare.seconds / queue.seconds);
        cpu.push_back(queue.cpu_seconds * 1e6 / entries);
        writer.push_back(queue.writer_seconds * 1e6 / entries);
        committer.push_back(queue.committer_seconds * 1e6 / entries);
    }
    report.add(name + "_queue", median(queue_rates), "entries/s");
    report.add(name + "_bare", median(bare_rates), "entries/s");
    report.add(name + "_ratio", median(ratios), "queue/bare");
    report.add(name + "_cpu", median(cpu), "us/entry");
    report.add(name + "_writer_cpu", median(writer), "us/entry");
    report.add(name + "_committer_cpu", median(committer), "us/entry");
}

ledger::VerifyReport verified(ledger::Database& database) {
    ledger::VerifyReport found;
    const Result<void> read = database.read([&](ledger::Transaction& snapshot) -> Result<void> {
        Result<ledger::VerifyReport> report = ledger::verify(snapshot);
        if (!report) return report.error();
        if (!report->findings.empty()) {
            return Error(ErrorCode::integrity, report->findings.front().detail);
        }
        found = *std::move(report);
        return {};
    });
    if (!read) throw std::runtime_error("verify: " + read.error().detail());
    return found;
}

void compare_reading(Report& report, SqliteContest& contest, int rounds) {
    std::vector<double> rates;
    std::vector<double> ratios;
    for (int round = 0; round < rounds; ++round) {
        std::int64_t lines = 0;
        std::int64_t entries = 0;
        const Took bare = timed([&] { entries = contest.bare().read_entries(); });
        const Took verify = timed([&] { lines = verified(contest.queue().database()).lines; });
        // The bare file lacks the last round of the queue's.
        const double bare_lines = static_cast<double>(entries) * 2;
        rates.push_back(static_cast<double>(lines) / verify.cpu_seconds);
        ratios.push_back((bare.seconds / bare_lines) /
                         (verify.seconds / static_cast<double>(lines)));
    }
    report.add("ledger_verify", median(rates), "lines/s of CPU");
    report.add("ledger_verify_ratio", median(ratios), "verify/bare reading");
}

/// What an entry costs when the ledger is ten, a hundred times as old.
void measure_age(Report& report, const std::string& folder, std::int64_t age_max) {
    constexpr std::int64_t kStretch = 100'000;
    Transfers transfers(1);
    QueueSide side("sqlite:" + folder + "/age.db", 512);
    side.post(transfers.opening());
    std::int64_t stored = kAccounts / 2;
    double first_cpu = 0;
    for (std::int64_t age = 100'000; age <= age_max; age *= 10) {
        while (stored < age) {
            side.post(transfers.make(kStretch));
            stored += kStretch;
        }
        std::vector<double> cpu;
        for (int i = 0; i < 5; ++i) {
            const std::vector<ledger::Entry> entries = transfers.make(kStretch);
            const Took took = timed([&] { side.post(entries); });
            cpu.push_back(took.cpu_seconds * 1e6 / static_cast<double>(kStretch));
            stored += kStretch;
        }
        if (first_cpu == 0) first_cpu = median(cpu);
        const std::string name = "ledger_age_" + std::to_string(age);
        report.add(name + "_cpu", median(cpu), "us/entry");
        report.add(name + "_ratio", first_cpu / median(cpu), "rate/rate at 100000");
    }
    report.add("ledger_age_memory", peak_memory_mib(), "MiB peak, ids in memory");
    const Took took = timed([&] { (void)verified(side.database()); });
    report.add(
        "ledger_age_verify", static_cast<double>(stored) * 2 / took.cpu_seconds, "lines/s of CPU");
    report.add("ledger_age_verify_memory", peak_memory_mib(), "MiB peak");
    measure_exports(report, side.database(), stored * 2);
}

void measure_postgres(Report& report, const Options& options) {
    if (!test::PostgresServer::is_installed()) return;
    test::PostgresServer server;
    for (const std::size_t batch : kBatches) {
        if (options.batch != 0 && options.batch != batch) continue;
        PostgresContest contest(server, batch);
        const std::string name = "ledger_postgres_" + std::to_string(batch);
        compare_posting(report, name, contest, count_for(batch) / 4, options.rounds);
    }
}

Options parsed(int argc, char** argv) {
    Options options;
    for (int i = 1; i + 1 < argc; i += 2) {
        const std::string_view name = argv[i];
        const std::string value = argv[i + 1];
        if (name == "--json") {
            options.json = value;
        } else if (name == "--dir") {
            options.folder = value;
        } else if (name == "--only") {
            options.only = value;
        } else if (name == "--batch") {
            options.batch = std::stoul(value);
        } else if (name == "--rounds") {
            options.rounds = std::max(1, std::stoi(value));
        } else if (name == "--age-max") {
            options.age_max = std::max(1LL, std::stoll(value));
        } else {
            throw std::runtime_error("unknown option " + std::string(name));
        }
    }
    if (argc % 2 == 0) throw std::runtime_error("every option takes a value");
    return options;
}

void run(const Options& options) {
    const test::TemporaryFolder temporary;
    const std::string base = options.folder.empty() ? temporary.file("") : options.folder;
    const auto wanted = [&](std::string_view part) {
        return options.only.empty() || options.only == part;
    };
    const auto folder = [&](const std::string& name) {
        std::filesystem::create_directories(base + "/" + name);
        return base + "/" + name;
    };
    Report report;
    for (const std::size_t batch : kBatches) {
        if (options.batch != 0 && options.batch != batch) continue;
        if (!wanted("posting") && !(wanted("verify") && batch == 512)) continue;
        SqliteContest contest(folder("uniform"), batch, Spread::uniform);
        const std::string name = "ledger_batch_" + std::to_string(batch);
        compare_posting(report, name, contest, count_for(batch), options.rounds);
        if (batch == 512 && wanted("verify")) compare_reading(report, contest, options.rounds);
    }
    if (wanted("hot")) {
        SqliteContest contest(folder("hot"), 8190, Spread::hot);
        compare_posting(report, "ledger_hot_8190", contest, count_for(8190), options.rounds);
    }
    if (wanted("postgres")) measure_postgres(report, options);
    if (wanted("age")) measure_age(report, folder("age"), options.age_max);
    if (!options.json.empty()) report.write(options.json);
}

}  // namespace
}  // namespace causeway::bench

int main(int argc, char** argv) {
    try {
        causeway::bench::run(causeway::bench::parsed(argc, argv));
        return 0;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "causeway_bench_ledger: %s\n", error.what());
        return 1;
    }
}
