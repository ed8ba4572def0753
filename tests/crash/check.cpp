// SPDX-License-Identifier: Apache-2.0
#include "tests/crash/check.h"

#include "ledger/chain/verify.h"
#include "ledger/journal/journal.h"
#include "ledger/journal/stored_entry.h"
#include "ledger/store/commit_queue.h"

#include <algorithm>
#include <exception>
#include <functional>
#include <iterator>
#include <map>
#include <memory>
#include <optional>
#include <span>

namespace causeway::crash {
namespace {

using ledger::Database;
using ledger::Entry;
using ledger::EntryType;
using ledger::Row;
using ledger::Transaction;

class Checker {
  public:
    Checker(Database& database,
            ledger::Journal& journal,
            const Expectation& expected,
            Plans& plans,
            Verdict& verdict)
        : database_(database),
          journal_(journal),
          expected_(expected),
          plans_(plans),
          verdict_(verdict) {}

    void run() {
        look([this](Transaction& snapshot) {
            // First, for whoever walks a broken tree may walk for ever.
            check_pages(snapshot);
            if (!verdict_.problems.empty()) return;
            std::map<Uuid, Entry> entries;
            verdict_.stored = numbers(snapshot, entries);
            check_contents(verdict_.stored, entries);
            check_expired(verdict_.stored, entries);
            check_last(snapshot, verdict_.stored);
            check_rows(snapshot, verdict_.stored);
            check_books(snapshot, verdict_.stored);
            check_acknowledged();
            check_order();
        });
        if (!verdict_.problems.empty()) return;
        if (!go_on()) return;
        look([this](Transaction& snapshot) {
            std::vector<BodyNumber> now = verdict_.stored;
            now.insert(std::ranges::upper_bound(now, expected_.probe), expected_.probe);
            std::map<Uuid, Entry> entries;
            if (numbers(snapshot, entries) != now) {
                complain("after one more body others are there");
            }
            check_expired(now, entries);
            check_last(snapshot, {expected_.probe});
            check_rows(snapshot, now);
            if (expected_.verify_again) check_books(snapshot, now);
        });
    }

  private:
    void complain(std::string what) { verdict_.problems.push_back(std::move(what)); }

    void look(const std::function<void(Transaction&)>& body) {
        const Result<void> read = database_.read([&](Transaction& snapshot) -> Result<void> {
            body(snapshot);
            return {};
        });
        if (!read) complain("can not read: " + read.error().detail());
    }

    void query(Transaction& snapshot,
               std::string_view sql,
               const std::function<void(const Row&)>& each) {
        const Result<void> read = snapshot.query(sql, {}, each);
        if (!read) complain("can not read: " + read.error().detail());
    }

    void check_pages(Transaction& snapshot) {
        query(snapshot, "SELECT integrity_check FROM pragma_integrity_check", [&](const Row& row) {
            if (row.text(0) != "ok") complain("SQLite: " + std::string(row.text(0)));
        });
    }

    // Of all bodies that have an entry in the journal, and those entries by id.
    std::vector<BodyNumber> numbers(Transaction& snapshot, std::map<Uuid, Entry>& entries) {
        std::vector<BodyNumber> found;
        const Result<ledger::AccountNames> names = ledger::load_account_names(snapshot);
        if (!names) {
            complain("can not read the accounts: " + names.error().detail());
            return found;
        }
        const auto take = [&](const ledger::StoredEntry& stored) -> Result<bool> {
            Result<Entry> entry = ledger::named(stored, *names);
            if (!entry) return entry.error();
            // Whose doing it was is not to be seen; see check_expired().
            if (entry->type != EntryType::expire_pending) found.push_back(body_of(*entry));
            entries.emplace(entry->id, std::move(*entry));
            return true;
        };
        const Result<void> read = ledger::each_entry(snapshot, 0, take);
        if (!read) complain("can not read the entries: " + read.error().detail());
        std::ranges::sort(found);
        const auto twice = std::ranges::unique(found);
        found.erase(twice.begin(), twice.end());
        for (const BodyNumber number : found)
            if (plans_.at(number).refused) complain(name(number) + " was refused and is there");
        return found;
    }

    void check_contents(const std::vector<BodyNumber>& stored,
                        const std::map<Uuid, Entry>& entries) {
        for (const BodyNumber number : stored) {
            for (const Entry* given : plans_.at(number).entries()) {
                const auto found = entries.find(given->id);
                if (found == entries.end()) {
                    complain(name(number) + " is there without an entry of its own");
                } else if (!same_content(found->second, *given)) {
                    complain(name(number) + " has an entry with another content");
                }
            }
        }
    }

    // What was due when some body let it expire has done so once and whole, and nothing else.
    void check_expired(const std::vector<BodyNumber>& stored,
                       const std::map<Uuid, Entry>& entries) {
        std::optional<Timestamp> latest;
        for (const BodyNumber number : stored)
            latest = std::max(latest, plans_.at(number).expires);
        std::map<Uuid, const Entry*> expired;
        for (const auto& [id, entry] : entries) {
            if (entry.type != EntryType::expire_pending) continue;
            if (!expired.emplace(*entry.pending, &entry).second)
                complain(to_text("je", *entry.pending) + " has expired twice");
        }
        for (const auto& [id, entry] : entries) {
            const bool due = entry.expires && latest && *entry.expires <= *latest;
            const auto found = expired.find(id);
            if (due != (found != expired.end())) {
                complain(to_text("je", id) + (due ? " has not expired" : " has expired"));
            } else if (due && (found->second->lines != entry.lines ||
                               found->second->effective != *entry.expires)) {
                complain(to_text("je", id) + " has expired in another way");
            }
        }
        expired_ = expired.size();
    }

    // By id, as everybody else looks for an entry.
    void check_last(Transaction& snapshot, const std::vector<BodyNumber>& stored) {
        if (stored.empty()) return;
        for (const Entry* given : plans_.at(stored.back()).entries()) {
            const Result<Entry> found = journal_.entry(snapshot, given->id);
            if (!found || !same_content(*found, *given)) {
                complain(name(stored.back()) + " is there and can not be found");
            }
        }
    }

    // The rows beside the journal.
    void check_rows(Transaction& snapshot, const std::vector<BodyNumber>& stored) {
        std::vector<BodyNumber> noted;
        query(snapshot, "SELECT number, note FROM notes ORDER BY number", [&](const Row& row) {
            const auto number = static_cast<BodyNumber>(row.integer(0));
            noted.push_back(number);
            if (!std::ranges::equal(row.bytes(1), plans_.at(number).note)) {
                complain(name(number) + " has a row with another content");
            }
        });
        std::vector<BodyNumber> wanted;
        std::ranges::copy_if(stored, std::back_inserter(wanted), [this](BodyNumber number) {
            return !plans_.at(number).quiet;
        });
        if (noted != wanted) complain("the rows are of other bodies than the entries");
        query(snapshot, "SELECT bodies FROM tallies", [&](const Row& row) {
            if (row.integer(0) != static_cast<std::int64_t>(wanted.size())) {
                complain("the tally is " + std::to_string(row.integer(0)) + " for " +
                         std::to_string(wanted.size()) + " bodies");
            }
        });
    }

    void check_books(Transaction& snapshot, const std::vector<BodyNumber>& stored) {
        std::size_t entries = expired_;
        for (const BodyNumber number : stored)
            entries += plans_.at(number).entries().size();
        const Result<ledger::VerifyReport> report = ledger::verify(snapshot);
        if (!report) {
            complain("can not verify: " + report.error().detail());
            return;
        }
        for (const ledger::Finding& finding : report->findings)
            complain("verify: " + finding.rule + ": " + finding.detail);
        if (report->entries != static_cast<std::int64_t>(entries)) {
            complain("the journal has " + std::to_string(report->entries) + " entries for " +
                     std::to_string(entries));
        }
    }

    void check_acknowledged() {
        for (const auto* wanted : {&expected_.settled, &expected_.acknowledged}) {
            std::vector<BodyNumber> gone;
            std::ranges::set_difference(*wanted, verdict_.stored, std::back_inserter(gone));
            verdict_.lost += gone.size();
            const bool told = wanted == &expected_.acknowledged;
            for (const BodyNumber number : gone) {
                complain(name(number) + (told ? " was acknowledged and is lost"
                                              : " was there after an earlier crash and is lost"));
            }
        }
        for (const BodyNumber number : expected_.refused)
            if (is_stored(number)) complain(name(number) + " was told an error and is there");
    }

    // Backwards from each body to the one before it in its stream.
    void check_order() {
        for (const BodyNumber number : verdict_.stored) {
            if (number == expected_.probe || has(expected_.settled, number)) continue;
            const BodyNumber start = number >> kStreamBits << kStreamBits;
            for (BodyNumber before = number; before > start;) {
                --before;
                if (plans_.at(before).refused || has(expected_.refused, before)) continue;
                if (!is_stored(before)) {
                    complain(name(number) + " is there without " + name(before));
                }
                break;  // the one found answers for those before it
            }
        }
    }

    bool go_on() {
        const Plan& plan = plans_.at(expected_.probe);
        const Result<int> done =
            database_.writer().commit<int>([&](Transaction& body) -> Result<int> {
                const Result<void> performed = perform(body, journal_, expected_.probe, plan);
                if (!performed) return performed.error();
                const Result<void> held = try_terms(body);
                if (!held) return held.error();
                return replay_last(body);
            });
        if (!done) complain("it takes no more: " + done.error().detail());
        return done.has_value();
    }

    // Of the latest body that has set some.
    Result<void> try_terms(Transaction& body) {
        for (auto number = verdict_.stored.rbegin(); number != verdict_.stored.rend(); ++number) {
            const Plan& plan = plans_.at(*number);
            const auto sets = [](const Step& step) { return step.how == Step::How::terms; };
            if (std::ranges::any_of(plan.steps, sets)) return break_terms(body, journal_, plan);
        }
        return {};
    }

    // A client that was not told asks again.
    Result<int> replay_last(Transaction& body) {
        if (verdict_.stored.empty()) return 0;
        for (const Entry* entry : plans_.at(verdict_.stored.back()).entries()) {
            const Result<ledger::Posted> posted = post(body, journal_, *entry);
            if (!posted) return posted.error();
            if (!posted->replayed) complain("a replay of what is there was posted again");
        }
        return 0;
    }

    [[nodiscard]] bool is_stored(BodyNumber number) const { return has(verdict_.stored, number); }
    static bool has(const std::vector<BodyNumber>& all, BodyNumber number) {
        return std::ranges::binary_search(all, number);
    }
    static std::string name(BodyNumber number) {
        return "body " + std::to_string(number >> kStreamBits) + ":" +
               std::to_string(number % (1U << kStreamBits));
    }

    Database& database_;
    ledger::Journal& journal_;
    const Expectation& expected_;
    Plans& plans_;
    Verdict& verdict_;
    std::size_t expired_ = 0;  // entries that say so
};

}  // namespace

BodyNumber probe_of(std::uint64_t stream, Plans& plans) {
    BodyNumber number = first_of_stream(stream);
    while (plans.at(number).refused)
        ++number;
    return number;
}

Verdict check(const std::string& url,
              const std::string& vfs,
              const Expectation& expected,
              Plans& plans) {
    Verdict verdict;
    const std::vector<ledger::Migration> steps = migrations();
    Result<std::unique_ptr<Database>> database = Database::open(url, steps, {.vfs = vfs});
    if (!database) {
        verdict.problems.push_back("can not open: " + database.error().detail());
        verdict.lost = expected.settled.size() + expected.acknowledged.size();
        return verdict;
    }
    try {
        ledger::Journal journal(**database, journal_options());
        Checker(**database, journal, expected, plans, verdict).run();
        database->reset();
    } catch (const std::exception& broken) {
        verdict.problems.push_back(std::string("broken: ") + broken.what());
    }
    return verdict;
}

}  // namespace causeway::crash
