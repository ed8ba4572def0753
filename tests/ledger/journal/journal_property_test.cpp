// SPDX-License-Identifier: Apache-2.0
//
// Random histories against the model: every verdict, every balance and all that is read back must
// be what a list of entries and arithmetic by definition say.
//
// CAUSEWAY_HISTORIES=5000 runs more of them, CAUSEWAY_HISTORY_SEED=N one alone.
#include "ledger/journal/journal.h"
#include "ledger/store/commit_queue.h"
#include "tests/support/books.h"
#include "tests/support/journal_chance.h"
#include "tests/support/journal_model.h"
#include "tests/support/temporary_folder.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <cstdlib>
#include <deque>
#include <filesystem>
#include <future>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <thread>
#include <vector>

namespace causeway::ledger {

// googletest finds it by this name when it prints a failure.
void PrintTo(const Balance& balance, std::ostream* out) {
    *out << "{debits " << balance.debits << ", credits " << balance.credits << ", pending debits "
         << balance.pending_debits << ", pending credits " << balance.pending_credits << '}';
}

namespace {

using test::AccountName;
using test::BodyPlan;
using test::Books;
using test::JournalChance;
using test::JournalModel;
using test::name_of;
using test::Step;
using Verdict = JournalModel::Verdict;

/// What became of one step.
struct Outcome {
    std::vector<Verdict> verdicts;
    std::string error;  // one that is no refusal
    std::int64_t expired = 0;
    std::optional<Balance> balance;  // of the first account that the step names

    friend bool operator==(const Outcome&, const Outcome&) = default;
};

void PrintTo(const Outcome& outcome, std::ostream* out) {
    for (const Verdict& verdict : outcome.verdicts) {
        *out << (verdict.refusal ? to_string(*verdict.refusal) : "place ") << verdict.place
             << (verdict.replayed ? " again; " : "; ");
    }
    *out << outcome.error << " expired " << outcome.expired << ' ';
    if (outcome.balance) PrintTo(*outcome.balance, out);
}

const AccountKey* first_account(const Step& step) {
    for (const Entry& entry : step.entries) {
        for (const Line& line : entry.lines) {
            if (!line.account.owner.empty()) return &line.account;
        }
    }
    return nullptr;
}

Verdict verdict_of(const Posted& posted) {
    return {.place = place_in_lane(posted.sequence), .replayed = posted.replayed};
}

void put_error(const Error& error, Outcome& outcome) {
    const std::optional<Refusal> refusal = refusal_of(error);
    if (refusal) {
        outcome.verdicts.push_back({.refusal = refusal});
    } else {
        outcome.error = error.detail();
    }
}

bool is_refused(const Outcome& outcome) {
    const auto& verdicts = outcome.verdicts;
    return !outcome.error.empty() || (!verdicts.empty() && verdicts.back().refusal);
}

Outcome run(Journal& journal, Transaction& body, const Step& step, IdSource& ids) {
    Outcome outcome;
    if (step.kind == Step::Kind::expire) {
        const auto expired = journal.expire(body, step.now, ids, step.count_max);
        if (expired) outcome.expired = *expired;
        if (!expired) put_error(expired.error(), outcome);
    } else if (step.kind == Step::Kind::linked) {
        const auto posted = journal.post_linked(body, step.entries);
        if (!posted) put_error(posted.error(), outcome);
        if (posted) {
            for (const Posted& one : *posted)
                outcome.verdicts.push_back(verdict_of(one));
        }
    } else {
        const Entry& entry = step.entries.front();
        const Result<Posted> posted =
            step.kind == Step::Kind::post
                ? journal.post(body, entry)
                : journal.set_terms(body, entry.id, entry.lines[0].account, step.terms, step.now);
        if (posted) outcome.verdicts.push_back(verdict_of(*posted));
        if (!posted) put_error(posted.error(), outcome);
    }
    const AccountKey* const key = first_account(step);
    if (key != nullptr) outcome.balance = *journal.balance(body, *key);
    return outcome;
}

Outcome run(JournalModel& model, const Step& step) {
    Outcome outcome;
    if (step.kind == Step::Kind::expire) {
        outcome.expired = model.expire(step.now, step.count_max);
    } else if (step.kind == Step::Kind::linked) {
        outcome.verdicts = model.post_linked(step.entries);
        // The journal answers with the refusal alone.
        if (is_refused(outcome)) outcome.verdicts = {outcome.verdicts.back()};
    } else {
        const Entry& entry = step.entries.front();
        outcome.verdicts = {
            step.kind == Step::Kind::post
                ? model.post(entry)
                : model.set_terms(entry.id, entry.lines[0].account, step.terms, step.now)};
    }
    const AccountKey* const key = first_account(step);
    if (key != nullptr) outcome.balance = model.sums(*key).balance();
    return outcome;
}

/// A journal and a model that live through the same.
class History {
  public:
    explicit History(std::uint64_t seed) : chance_(seed), seed_(seed) { open("books-0.db"); }

    void live() {
        const std::size_t phases = 1 + chance_.pick(4);
        for (std::size_t phase = 0; phase < phases && !testing::Test::HasFailure(); ++phase) {
            switch (chance_.pick(3)) {
                case 0: one_by_one(); break;
                case 1: in_one_batch(); break;
                default: from_threads();
            }
            compare();
            if (chance_.happens(60)) restart();
        }
    }

    /// How often each verdict was met: refusals by their names, and "posted", "replayed",
    /// "expired".
    [[nodiscard]] const std::map<std::string, int>& met() const { return met_; }

  private:
    void count(const Outcome& outcome) {
        for (const Verdict& verdict : outcome.verdicts) {
            if (verdict.refusal) {
                ++met_[std::string(to_string(*verdict.refusal))];
            } else {
                ++met_[verdict.replayed ? "replayed" : "posted"];
            }
        }
        if (outcome.expired > 0) ++met_["expired"];
    }

    void open(const std::string& name) {
        name_ = name;
        books_ = std::make_unique<Books>(
            folder_.url(name),
            JournalOptions{.flush_every = 1 + static_cast<std::int64_t>(chance_.pick(60)),
                           .ids_per_run = 1 + static_cast<std::int64_t>(chance_.pick(40))});
    }

    // The model hears of a body when it is durable, in the order in which the bodies ran.
    void submit(const BodyPlan& plan) {
        const auto outcomes = std::make_shared<std::vector<Outcome>>();
        const Result<void> queued = books_->database->writer().submit<int>(
            [this, plan, outcomes](Transaction& body) -> Result<int> {
                outcomes->clear();
                for (const Step& step : plan.steps) {
                    outcomes->push_back(run(*books_->journal, body, step, ids_.source));
                    if (plan.stops_when_refused && is_refused(outcomes->back()))
                        return Error(ErrorCode::declined);
                }
                return plan.fails ? Result<int>(Error(ErrorCode::declined)) : Result<int>(0);
            },
            [this, plan, outcomes](const Result<int>& told) {
                const std::size_t before = model_.mark();
                for (std::size_t i = 0; i < outcomes->size(); ++i) {
                    const Outcome expected = run(model_, plan.steps[i]);
                    EXPECT_EQ((*outcomes)[i], expected) << "seed " << seed_;
                    count(expected);
                }
                if (!told) model_.revert(before);
            });
        EXPECT_TRUE(queued);
    }

    // Bodies run in order, so the answer to this one comes after all the others'.
    void wait() { (void)books_->net(test::account("nobody", Purpose::dispute)); }

    void one_by_one() {
        for (std::size_t left = chance_.pick(10); left > 0; --left) {
            submit(chance_.body());
            wait();
        }
    }

    void in_one_batch() {
        std::promise<void> gate;
        const std::shared_future<void> opened = gate.get_future().share();
        EXPECT_TRUE(books_->database->writer().submit<int>(
            [opened](Transaction&) -> Result<int> {
                opened.wait();
                return 0;
            },
            [](const Result<int>&) {}));
        for (std::size_t left = chance_.pick(20); left > 0; --left)
            submit(chance_.body());
        gate.set_value();
        wait();
    }

    void from_threads() {
        std::deque<JournalChance> chances;  // they can not be moved
        for (int i = 0; i < 3; ++i) {
            chances.emplace_back(seed_ * 31 + static_cast<std::uint64_t>(i) + 7 * ++threads_);
            chances.back().learn(chance_);
        }
        std::vector<std::thread> threads;
        for (JournalChance& mine : chances)
            threads.emplace_back([this, &mine] {
                for (std::size_t left = mine.pick(8); left > 0; --left)
                    submit(mine.body());
            });
        for (std::thread& thread : threads)
            thread.join();
        wait();
        for (const JournalChance& other : chances)
            chance_.learn(other);
    }

    // Closed and opened again, or as it is found after a crash.
    void restart() {
        const std::string next = "books-" + std::to_string(++restarts_) + ".db";
        const bool closed = chance_.happens(50);
        if (closed) books_.reset();
        for (const char* const suffix : {"", "-wal"}) {
            if (std::filesystem::exists(folder_.file(name_ + suffix)))
                std::filesystem::copy_file(folder_.file(name_ + suffix),
                                           folder_.file(next + suffix));
        }
        open(next);
        compare();
    }

    void compare() {
        SCOPED_TRACE("seed " + std::to_string(seed_));
        compare_balances();
        compare_entries();
        compare_pendings();
        const VerifyReport report = books_->verified();
        for (const Finding& finding : report.findings)
            ADD_FAILURE() << finding.rule << ": " << finding.detail;
    }

    void compare_balances() {
        const std::map<AccountName, AccountKey> expected = model_.accounts();
        const std::vector<AccountBalance> found = books_->balances();
        // A shared engine keeps the accounts of refused entries.
        if (!books_->database->is_shared()) {
            EXPECT_EQ(found.size(), expected.size());
        }
        std::size_t known = 0;
        for (const AccountBalance& row : found) {
            known += expected.count(name_of(row.account));
            EXPECT_EQ(row.balance, model_.sums(row.account).balance());
            const auto terms = books_->read<AccountTerms>([&](Transaction& snapshot) {
                return books_->journal->terms(snapshot, row.account);
            });
            EXPECT_EQ(to_text(terms), to_text(model_.terms(row.account)));
        }
        EXPECT_EQ(known, expected.size());
    }

    void compare_entries() {
        for (const JournalModel::Event& event : model_.events()) {
            if (event.entry.type == EntryType::expire_pending) continue;  // of an id we never saw
            const Entry found = books_->entry(event.entry.id);
            Entry expected = event.entry;
            if (!event.lines_named) expected.lines = found.lines;
            EXPECT_EQ(found, expected) << to_text("je", expected.id);
        }
    }

    // In a body that fails: posts or voids all that remains of each pending entry.
    void compare_pendings() {
        const Result<int> told = books_->run<int>([&](Transaction& body) -> Result<int> {
            for (const JournalModel::Event& event : model_.events())
                probe(body, event.entry);
            return Error(ErrorCode::declined);
        });
        EXPECT_EQ(told.error().code(), ErrorCode::declined);
    }
    void probe(Transaction& body, const Entry& pending) {
        if (pending.type != EntryType::pending) return;
        JournalModel after = model_;
        for (const Entry& probe :
             {test::post_of(ids_.next(), pending.id), test::void_of(ids_.next(), pending.id)}) {
            Entry now = probe;
            now.recorded = pending.recorded;
            // Linked to an entry that is refused: all is taken back, and only the verdict stays.
            const Entry refused = test::capture(ids_.next(), 0);
            const std::array<Entry, 2> both{now, refused};
            const auto done = books_->journal->post_linked(body, both);
            const Verdict verdict = after.post(now);
            const Refusal expected = verdict.refusal.value_or(Refusal::zero_line);
            EXPECT_EQ(done.error().code(), code_of(expected));
            EXPECT_EQ(done.error().detail().find(to_string(expected)), 0U)
                << done.error().detail() << "; seed " << seed_;
            after = model_;
        }
    }

    // In memory where there is such a folder: what is tested here is not the disk.
    test::TemporaryFolder folder_{std::filesystem::exists("/dev/shm")
                                      ? std::filesystem::path("/dev/shm")
                                      : std::filesystem::temp_directory_path()};
    JournalChance chance_;
    const std::uint64_t seed_;
    test::Ids ids_;
    std::uint64_t threads_ = 0;
    int restarts_ = 0;
    std::string name_;
    JournalModel model_;
    std::map<std::string, int> met_;
    std::unique_ptr<Books> books_;
};

std::uint64_t from_environment(const char* name, std::uint64_t otherwise) {
    const char* const text = std::getenv(name);
    return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

TEST(JournalProperty, AgreesWithTheModelWhateverHappens) {
    const std::uint64_t alone = from_environment("CAUSEWAY_HISTORY_SEED", 0);
    if (alone != 0) {
        History(alone).live();
        return;
    }
    const std::uint64_t count = from_environment("CAUSEWAY_HISTORIES", 150);
    std::map<std::string, int> met;
    for (std::uint64_t seed = 1; seed <= count && !HasFailure(); ++seed) {
        History history(seed);
        history.live();
        for (const auto& [verdict, times] : history.met())
            met[verdict] += times;
    }
    if (count < 150) return;
    // Or the histories are not worth their name.
    for (int i = 0; i <= static_cast<int>(Refusal::balance_overflow); ++i) {
        const auto refusal = static_cast<Refusal>(i);
        if (refusal == Refusal::too_many_lines) continue;
        EXPECT_GT(met[std::string(to_string(refusal))], 0) << to_string(refusal);
    }
    EXPECT_GT(met["replayed"], 0);
    EXPECT_GT(met["expired"], 0);
}

}  // namespace
}  // namespace causeway::ledger
