// SPDX-License-Identifier: Apache-2.0
//
// How much the journal and the commit queue cost over SQLite itself: entries a second through
// them, against a bare loop that writes the same rows in the same batches. The two take turns in
// one run, because only the ratio means something on a machine that is shared.
//
// Usage: causeway_bench_ledger [--json FILE] [--rounds N] [--scale N] [--dir FOLDER]
#include "ledger/journal/journal.h"
#include "ledger/store/commit_queue.h"
#include "tests/support/books.h"
#include "tests/support/temporary_folder.h"

#include <sqlite3.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <map>
#include <mutex>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace causeway::bench {
namespace {

using ledger::Entry;
using ledger::Purpose;
using ledger::Transaction;
using test::account;

constexpr int kMerchants = 1000;

struct Figure {
    std::string name;
    double value;
    std::string unit;
};

struct Options {
    std::string json;
    std::string folder;
    int rounds = 5;
    int scale = 1;
};

// One timed stretch.
struct Took {
    double seconds = 0;
    double cpu_seconds = 0;
};

double cpu_now() {
    timespec now{};
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

template <class Work>
Took timed(const Work& work) {
    const double cpu = cpu_now();
    const auto start = std::chrono::steady_clock::now();
    work();
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    return {.seconds = took.count(), .cpu_seconds = cpu_now() - cpu};
}

double median(std::vector<double> values) {
    std::ranges::sort(values);
    return values[values.size() / 2];
}

/// The same captures for both, with merchants taken in turn.
class Captures {
  public:
    explicit Captures(std::uint64_t seed) : ids_(seed) {
        for (int i = 0; i < kMerchants; ++i)
            merchants_.push_back(to_text("mer", ids_.next()));
    }

    std::vector<Entry> make(std::size_t count) {
        std::vector<Entry> entries;
        entries.reserve(count);
        for (std::size_t i = 0; i < count; ++i, ++made_) {
            ids_.clock.advance(std::chrono::microseconds(100));
            Entry entry = test::capture(ids_.next(), 1234, merchants_[made_ % kMerchants]);
            entry.reference = to_text("cap", entry.id);
            entries.push_back(std::move(entry));
        }
        return entries;
    }

    [[nodiscard]] std::size_t made() const noexcept { return made_; }

  private:
    test::Ids ids_;
    std::vector<std::string> merchants_;
    std::size_t made_ = 0;
};

/// How many may be on their way. Whoever waits wakes when half of them are back, as an event loop
/// wakes for a batch of answers and not for each.
class Window {
  public:
    explicit Window(std::size_t size) : size_(size) {}

    void enter() {
        if (++entered_ - left_.load() > size_) wait_for(entered_ - size_ / 2 - 1);
    }
    void leave() {
        if (left_.fetch_add(1) + 1 == wake_at_.load()) {
            const std::lock_guard lock(mutex_);
            enough_.notify_one();
        }
    }
    void wait_until_empty() { wait_for(entered_); }

  private:
    void wait_for(std::size_t count) {
        std::unique_lock lock(mutex_);
        wake_at_ = count;
        enough_.wait(lock, [&] { return left_.load() >= count; });
    }

    const std::size_t size_;
    std::size_t entered_ = 0;
    std::atomic<std::size_t> left_{0};
    std::atomic<std::size_t> wake_at_{0};
    std::mutex mutex_;
    std::condition_variable enough_;
};

/// Entries through the queue, with as many waiting as fill a batch and the next.
class Queue {
  public:
    Queue(const std::string& url, std::size_t batch)
        : window_(std::min<std::size_t>(4 * batch, 2048)) {
        auto opened = ledger::Database::open(
            url, ledger::journal_migrations(), {.queue_max = 4096, .batch_max = batch});
        if (!opened) throw std::runtime_error(opened.error().detail());
        database_ = std::move(*opened);
        journal_ = std::make_unique<ledger::Journal>(*database_);
    }

    void post(const std::vector<Entry>& entries) {
        ledger::CommitQueue& queue = database_->writer();
        ledger::Journal& journal = *journal_;
        Window window(window_);
        for (const Entry& entry : entries) {
            window.enter();
            const Result<void> queued = queue.submit<int>(
                [&journal, &entry](Transaction& t) -> Result<int> {
                    const Result<void> posted = journal.post(t, entry);
                    return posted ? Result<int>(0) : Result<int>(posted.error());
                },
                [&window](Result<int> told) {
                    if (!told) std::abort();
                    window.leave();
                });
            if (!queued) throw std::runtime_error(queued.error().detail());
        }
        window.wait_until_empty();
    }

    [[nodiscard]] ledger::Database& database() noexcept { return *database_; }

  private:
    std::size_t window_;
    std::unique_ptr<ledger::Database> database_;
    std::unique_ptr<ledger::Journal> journal_;
};

void check(bool sound, sqlite3* handle) {
    if (!sound) throw std::runtime_error(sqlite3_errmsg(handle));
}

/// The bare loop. It knows the numbers of the accounts and keeps the balances, so that all it does
/// in the measured stretch is to hand rows to SQLite.
class Bare {
  public:
    Bare(const std::string& path, std::size_t batch) : batch_(batch) {
        check(sqlite3_open_v2(
                  path.c_str(), &handle_, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr) ==
                  SQLITE_OK,
              handle_);
        run("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=2000;"
            "PRAGMA temp_store=MEMORY; PRAGMA cache_size=-65536; PRAGMA cell_size_check=ON");
        begin_ = prepared("BEGIN IMMEDIATE");
        commit_ = prepared("COMMIT");
        entry_ = prepared(
            "INSERT INTO entries (entry_id, kind, reference, effective_us,"
            " recorded_us) VALUES ($1, $2, $3, $4, $5)");
        line_ = prepared(
            "INSERT INTO lines (entry_id, line_no, account_id, amount)"
            " VALUES ($1, $2, $3, $4)");
        balance_ = prepared("UPDATE balances SET debits = $1, credits = $2 WHERE account_id = $3");
        balances_.resize(kMerchants + 1);
    }
    Bare(const Bare&) = delete;
    Bare& operator=(const Bare&) = delete;
    ~Bare() {
        for (sqlite3_stmt* statement : {begin_, commit_, entry_, line_, balance_})
            sqlite3_finalize(statement);
        sqlite3_close(handle_);
    }

    /// `first` is the place of the first entry among all: it says whose merchant it is.
    void post(const std::vector<Entry>& entries, std::size_t first) {
        for (std::size_t at = 0; at < entries.size(); at += batch_) {
            const std::size_t end = std::min(at + batch_, entries.size());
            step(begin_);
            for (std::size_t i = at; i < end; ++i)
                insert(entries[i], (first + i) % kMerchants);
            for (const std::size_t touched : touched_)
                write_balance(touched);
            touched_.clear();
            step(commit_);
        }
    }

    /// What a `verify` would have to read, and nothing else done with it.
    std::int64_t read_lines() {
        sqlite3_stmt* const lines = prepared(
            "SELECT entry_id, line_no, account_id, amount FROM lines"
            " ORDER BY entry_id, line_no");
        sqlite3_stmt* const entries = prepared("SELECT entry_id FROM entries ORDER BY entry_id");
        std::int64_t count = 0;
        std::int64_t sum = 0;
        while (sqlite3_step(entries) == SQLITE_ROW)
            sum += sqlite3_column_bytes(entries, 0);
        while (sqlite3_step(lines) == SQLITE_ROW) {
            sum += sqlite3_column_bytes(lines, 0) + sqlite3_column_int64(lines, 1) +
                   sqlite3_column_int64(lines, 2) + sqlite3_column_int64(lines, 3);
            ++count;
        }
        sqlite3_finalize(lines);
        sqlite3_finalize(entries);
        return sum == 0 ? 0 : count;
    }

  private:
    struct Sums {
        std::int64_t debits = 0;
        std::int64_t credits = 0;
        bool touched = false;
    };

    void run(const char* sql) {
        check(sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr) == SQLITE_OK, handle_);
    }
    sqlite3_stmt* prepared(const char* sql) {
        sqlite3_stmt* statement = nullptr;
        check(sqlite3_prepare_v3(
                  handle_, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr) == SQLITE_OK,
              handle_);
        return statement;
    }
    void step(sqlite3_stmt* statement) {
        check(sqlite3_step(statement) == SQLITE_DONE, handle_);
        sqlite3_reset(statement);
    }

    void insert(const Entry& entry, std::size_t merchant) {
        sqlite3_bind_blob(entry_, 1, entry.id.bytes.data(), 16, SQLITE_STATIC);
        sqlite3_bind_text(entry_, 2, entry.kind.data(), size(entry.kind), SQLITE_STATIC);
        sqlite3_bind_text(entry_, 3, entry.reference.data(), size(entry.reference), SQLITE_STATIC);
        sqlite3_bind_int64(entry_, 4, to_microseconds(entry.effective));
        sqlite3_bind_int64(entry_, 5, to_microseconds(entry.recorded));
        step(entry_);
        insert_line(entry, 0, 0);
        insert_line(entry, 1, merchant + 1);
    }
    void insert_line(const Entry& entry, std::size_t line, std::size_t place) {
        const std::int64_t amount = entry.lines[line].minor_units;
        sqlite3_bind_blob(line_, 1, entry.id.bytes.data(), 16, SQLITE_STATIC);
        sqlite3_bind_int64(line_, 2, static_cast<std::int64_t>(line + 1));
        sqlite3_bind_int64(line_, 3, static_cast<std::int64_t>(place + 1));
        sqlite3_bind_int64(line_, 4, amount);
        step(line_);
        Sums& sums = balances_[place];
        (amount > 0 ? sums.debits : sums.credits) += amount > 0 ? amount : -amount;
        if (!sums.touched) touched_.push_back(place);
        sums.touched = true;
    }
    void write_balance(std::size_t place) {
        Sums& sums = balances_[place];
        sums.touched = false;
        sqlite3_bind_int64(balance_, 1, sums.debits);
        sqlite3_bind_int64(balance_, 2, sums.credits);
        sqlite3_bind_int64(balance_, 3, static_cast<std::int64_t>(place + 1));
        step(balance_);
    }
    static int size(const std::string& text) { return static_cast<int>(text.size()); }

    std::size_t batch_;
    sqlite3* handle_ = nullptr;
    sqlite3_stmt* begin_ = nullptr;
    sqlite3_stmt* commit_ = nullptr;
    sqlite3_stmt* entry_ = nullptr;
    sqlite3_stmt* line_ = nullptr;
    sqlite3_stmt* balance_ = nullptr;
    std::vector<Sums> balances_;
    std::vector<std::size_t> touched_;
};

/// Both sides of one comparison, each with a file of its own that starts with the same rows.
class Contest {
  public:
    Contest(const std::string& folder, std::size_t batch)
        : captures_(batch), path_(folder + "/bare_" + std::to_string(batch) + ".db") {
        const std::vector<Entry> first = captures_.make(kMerchants);
        Queue("sqlite:" + path_, 512).post(first);  // makes the tables and every account
        const std::string other = folder + "/queue_" + std::to_string(batch) + ".db";
        queue_ = std::make_unique<Queue>("sqlite:" + other, batch);
        queue_->post(first);
        bare_ = std::make_unique<Bare>(path_, batch);
    }

    void round(std::size_t count, bool queue_first) {
        const std::size_t first = captures_.made();
        const std::vector<Entry> entries = captures_.make(count);
        const auto queue = [&] { queue_took.push_back(timed([&] { queue_->post(entries); })); };
        if (queue_first) queue();
        bare_took.push_back(timed([&] { bare_->post(entries, first); }));
        if (!queue_first) queue();
    }

    [[nodiscard]] Queue& queue() noexcept { return *queue_; }
    [[nodiscard]] Bare& bare() noexcept { return *bare_; }

    std::vector<Took> queue_took;
    std::vector<Took> bare_took;

  private:
    Captures captures_;
    std::string path_;
    std::unique_ptr<Queue> queue_;
    std::unique_ptr<Bare> bare_;
};

class Report {
  public:
    void add(std::string name, double value, std::string unit) {
        std::printf("%-36s %14.3f %s\n", name.c_str(), value, unit.c_str());
        (void)std::fflush(stdout);
        figures_.push_back({std::move(name), value, std::move(unit)});
    }

    void write(const std::string& path) const {
        std::ofstream file(path);
        file << "[";
        for (std::size_t i = 0; i < figures_.size(); ++i) {
            file << (i == 0 ? "\n" : ",\n") << "  {\"name\": \"" << figures_[i].name
                 << "\", \"value\": " << figures_[i].value << ", \"unit\": \"" << figures_[i].unit
                 << "\"}";
        }
        file << "\n]\n";
        if (!file) throw std::runtime_error("can not write " + path);
    }

  private:
    std::vector<Figure> figures_;
};

void compare_posting(Report& report, Contest& contest, std::size_t batch, const Options& options) {
    const std::map<std::size_t, std::size_t> counts{
        {1, 500}, {8, 4000}, {64, 25'600}, {512, 51'200}};
    const std::size_t count = counts.at(batch) * static_cast<std::size_t>(options.scale);
    contest.round(count / 4 + 1, false);  // warms up
    contest.queue_took.clear();
    contest.bare_took.clear();
    for (int round = 0; round < options.rounds; ++round)
        contest.round(count, round % 2 == 0);

    const auto entries = static_cast<double>(count);
    std::vector<double> queue_rates;
    std::vector<double> bare_rates;
    std::vector<double> ratios;
    std::vector<double> cpu_ratios;
    for (std::size_t i = 0; i < contest.queue_took.size(); ++i) {
        const Took& queue = contest.queue_took[i];
        const Took& bare = contest.bare_took[i];
        queue_rates.push_back(entries / queue.seconds);
        bare_rates.push_back(entries / bare.seconds);
        ratios.push_back(bare.seconds / queue.seconds);
        cpu_ratios.push_back(queue.cpu_seconds / bare.cpu_seconds);
    }
    const std::string name = "ledger_batch_" + std::to_string(batch);
    report.add(name + "_queue", median(queue_rates), "entries/s");
    report.add(name + "_bare", median(bare_rates), "entries/s");
    report.add(name + "_ratio", median(ratios), "queue/bare");
    report.add(name + "_cpu_ratio", median(cpu_ratios), "queue/bare");
}

void compare_reading(Report& report, Contest& contest, const Options& options) {
    std::vector<double> rates;
    std::vector<double> ratios;
    for (int round = 0; round < options.rounds; ++round) {
        std::int64_t lines = 0;
        const Took bare = timed([&] { lines = contest.bare().read_lines(); });
        const Took verify = timed([&] {
            const Result<void> read =
                contest.queue().database().read([&](Transaction& snapshot) -> Result<void> {
                    const auto verified = ledger::verify(snapshot);
                    if (!verified) return verified.error();
                    const bool sound = verified->lines == lines && verified->findings.empty();
                    if (!sound) return Error(ErrorCode::integrity, "the books differ");
                    return {};
                });
            if (!read) throw std::runtime_error(read.error().detail());
        });
        rates.push_back(static_cast<double>(lines) / verify.seconds);
        ratios.push_back(bare.seconds / verify.seconds);
    }
    report.add("ledger_verify", median(rates), "lines/s");
    report.add("ledger_verify_ratio", median(ratios), "verify/bare reading");
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
        } else if (name == "--rounds") {
            options.rounds = std::max(1, std::stoi(value));
        } else if (name == "--scale") {
            options.scale = std::max(1, std::stoi(value));
        } else {
            throw std::runtime_error("unknown option " + std::string(name));
        }
    }
    if (argc % 2 == 0) throw std::runtime_error("every option takes a value");
    return options;
}

void run(const Options& options) {
    const test::TemporaryFolder temporary;
    const std::string folder = options.folder.empty() ? temporary.file("") : options.folder;
    Report report;
    for (const std::size_t batch : {1U, 8U, 64U, 512U}) {
        Contest contest(folder, batch);
        compare_posting(report, contest, batch, options);
        if (batch == 512) compare_reading(report, contest, options);
    }
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
