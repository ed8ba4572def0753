// SPDX-License-Identifier: Apache-2.0
//
// Random histories against the model, on each engine: every verdict, every balance and all that is
// read back must be what a list of entries and arithmetic by definition say. On PostgreSQL up to
// three databases share the books, and now and then a connection is cut in the middle of a COMMIT.
//
// CAUSEWAY_HISTORIES=5000 runs more of them, CAUSEWAY_HISTORY_SEED=N one alone.
#include "ledger/journal/journal.h"
#include "ledger/store/commit_queue.h"
#include "tests/support/books.h"
#include "tests/support/chain_segment.h"
#include "tests/support/cutting_proxy.h"
#include "tests/support/engines.h"
#include "tests/support/journal_chance.h"
#include "tests/support/journal_model.h"
#include "tests/support/journal_outcome.h"
#include "tests/support/temporary_folder.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <deque>
#include <filesystem>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace causeway::ledger {
namespace {

using test::AccountName;
using test::BodyPlan;
using test::Books;
using test::CuttingProxy;
using test::Engine;
using test::JournalChance;
using test::JournalModel;
using test::name_of;
using test::Outcome;
using test::PostgresServer;
using test::Step;
using test::to_text;
using Verdict = JournalModel::Verdict;

/// A body that ran.
struct Record {
    BodyPlan plan;
    std::size_t gateway;
    bool contended;  ///< Other gateways wrote at the same time.
    std::vector<Outcome> outcomes = {};
    /// Of the end of its last run. It held all its locks then, so nothing that it depends on or
    /// that depends on it lies on the wrong side.
    std::uint64_t order = 0;
    bool kept = false;
};

/// A journal, or several on the same books, and a model that lives through the same.
class History {
  public:
    History(std::uint64_t seed, Engine engine) : chance_(seed), seed_(seed), engine_(engine) {
        if (engine == Engine::postgres) {
            url_ = PostgresServer::shared().fresh_url();
            gateways_.resize(1 + chance_.pick(3));
            if (chance_.happens(30)) cut_one_off();
        } else {
            gateways_.resize(1);
        }
        for (std::size_t i = 0; i < gateways_.size(); ++i)
            open(i);
    }

    void live() {
        const std::size_t phases = 1 + chance_.pick(4);
        for (std::size_t phase = 0; phase < phases && !testing::Test::HasFailure(); ++phase) {
            if (proxy_ && chance_.happens(50)) {
                proxy_->arm(chance_.happens(50) ? CuttingProxy::Cut::before
                                                : CuttingProxy::Cut::after);
            }
            switch (chance_.pick(gateways_.size() > 1 ? 5 : 3)) {
                case 0: one_by_one(); break;
                case 1: in_one_batch(); break;
                case 2: from_threads(); break;
                default: at_once();
            }
            tell_the_model();
            if (testing::Test::HasFailure()) return;
            compare();
            if (chance_.happens(60)) restart();
        }
    }

    /// How often each verdict was met: refusals by their names, and "posted", "replayed",
    /// "expired"; and "retries", "lanes", "cuts".
    [[nodiscard]] std::map<std::string, int> met() const {
        std::map<std::string, int> all = met_;
        for (const auto& gateway : gateways_)
            all["retries"] += static_cast<int>(gateway->database->writer().statistics().retries);
        all["lanes"] += static_cast<int>(model_.lanes().size());
        if (proxy_) all["cuts"] += proxy_->cuts();
        return all;
    }

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

    // The last gateway talks through a proxy that cuts it off.
    void cut_one_off() {
        const PostgresServer& server = PostgresServer::shared();
        proxy_ = std::make_unique<CuttingProxy>(server.socket());
        cut_url_ = url_;
        cut_url_.replace(cut_url_.find(server.folder()), server.folder().size(), proxy_->folder());
    }

    std::string url_of(std::size_t gateway) {
        if (engine_ == Engine::sqlite) return folder_.url(name_);
        return proxy_ && gateway + 1 == gateways_.size() ? cut_url_ : url_;
    }

    void open(std::size_t gateway) {
        gateways_[gateway] = std::make_unique<Books>(
            url_of(gateway),
            JournalOptions{.signer = &signer_,
                           .head_every = 1 + static_cast<std::int64_t>(chance_.pick(30)),
                           .flush_every = 1 + static_cast<std::int64_t>(chance_.pick(60)),
                           .ids_per_run = 1 + static_cast<std::int64_t>(chance_.pick(40))});
    }

    std::size_t any_gateway() { return chance_.pick(gateways_.size()); }

    void submit(const BodyPlan& plan, std::size_t gateway, bool contended = false) {
        const auto record = std::make_shared<Record>(
            Record{.plan = plan, .gateway = gateway, .contended = contended});
        Journal& journal = *gateways_[gateway]->journal;
        const Result<void> queued = gateways_[gateway]->database->writer().submit<int>(
            [this, &journal, record](Transaction& body) {
                return run_body(journal, body, *record);
            },
            [this, record](const Result<int>& told) {
                record->kept = told.has_value();
                const std::lock_guard lock(mutex_);
                records_.push_back(record);
            },
            hint_of(plan));
        EXPECT_TRUE(queued);
    }

    Result<int> run_body(Journal& journal, Transaction& body, Record& record) {
        record.outcomes.clear();
        bool gave_up = record.plan.fails;
        for (const Step& step : record.plan.steps) {
            record.outcomes.push_back(test::run(journal, body, step, record.contended));
            gave_up =
                gave_up || (record.plan.stops_when_refused && is_refused(record.outcomes.back()));
            if (record.plan.stops_when_refused && is_refused(record.outcomes.back())) break;
        }
        record.order = ++clock_;
        return gave_up ? Result<int>(Error(ErrorCode::declined)) : Result<int>(0);
    }

    // A gateway's bodies run in order, so the answer to this one comes after all the others'.
    void wait() {
        for (const auto& gateway : gateways_)
            EXPECT_TRUE(gateway->run<int>([](Transaction&) { return Result<int>(0); }));
    }

    void one_by_one() {
        for (std::size_t left = chance_.pick(10); left > 0; --left) {
            submit(chance_.body(), any_gateway());
            wait();
        }
    }

    void in_one_batch() {
        const std::size_t gateway = any_gateway();
        std::promise<void> gate;
        const std::shared_future<void> opened = gate.get_future().share();
        EXPECT_TRUE(gateways_[gateway]->database->writer().submit<int>(
            [opened](Transaction&) -> Result<int> {
                opened.wait();
                return 0;
            },
            [](const Result<int>&) {}));
        for (std::size_t left = chance_.pick(20); left > 0; --left)
            submit(chance_.body(), gateway);
        gate.set_value();
        wait();
    }

    void from_threads() {
        const std::size_t gateway = any_gateway();
        run_threads(3, [&, gateway](JournalChance& mine, std::size_t) {
            for (std::size_t left = mine.pick(8); left > 0; --left)
                submit(mine.body(), gateway);
        });
    }

    void at_once() {
        run_threads(gateways_.size(), [&](JournalChance& mine, std::size_t gateway) {
            for (std::size_t left = 1 + mine.pick(12); left > 0; --left)
                submit(without_doubt(mine.body()), gateway, true);
        });
    }

    // What is due when others resolve it is a matter of the moment: to let something expire is a
    // body of its own, and the model is told which.
    static BodyPlan without_doubt(BodyPlan plan) {
        for (const Step& step : plan.steps) {
            if (step.kind == Step::Kind::expire) return {.steps = {step}};
        }
        return plan;
    }

    void run_threads(std::size_t count,
                     const std::function<void(JournalChance&, std::size_t)>& work) {
        std::deque<JournalChance> chances;  // they can not be moved
        for (std::size_t i = 0; i < count; ++i) {
            chances.emplace_back(seed_ * 31 + static_cast<std::uint64_t>(i) + 7 * ++threads_);
            chances.back().learn(chance_);
        }
        std::vector<std::thread> threads;
        for (std::size_t i = 0; i < count; ++i)
            threads.emplace_back([&, i] { work(chances[i], i); });
        for (std::thread& thread : threads)
            thread.join();
        wait();
        for (const JournalChance& other : chances)
            chance_.learn(other);
    }

    // In an order in which they may have run one after the other.
    void tell_the_model() {
        std::vector<std::shared_ptr<Record>> records = std::exchange(records_, {});
        std::ranges::sort(records, {}, [](const auto& record) { return record->order; });
        late_.clear();
        for (const auto& record : records) {
            if (testing::Test::HasFailure()) return;
            if (!record->outcomes.empty()) tell(*record);
            if (record->contended && record->kept) remember_late(*record);
        }
    }

    // What others may not have seen yet, though it stands before them.
    void remember_late(const Record& record) {
        for (const Step& step : record.plan.steps) {
            for (const Entry& entry : step.entries)
                late_[entry.id].insert(record.gateway);
        }
    }

    void tell(const Record& record) {
        if (record.contended && record.plan.steps[0].kind == Step::Kind::expire) {
            tell_of_expiry(record);
            return;
        }
        const std::vector<std::int64_t> lanes = lanes_of(record);
        for (const std::set<Uuid>& hidden : unseen_by(record)) {
            for (const std::int64_t lane : lanes) {
                const std::size_t before = model_.mark();
                if (explains(record, lane, hidden)) return;
                model_.revert(before);
            }
        }
        model_.stand_in(lanes.front());
        for (std::size_t i = 0; i < record.outcomes.size(); ++i) {
            EXPECT_EQ(record.outcomes[i], run(model_, record.plan.steps[i], record.contended))
                << "seed " << seed_ << " gateway " << record.gateway << " step " << i
                << (record.contended ? " among others" : "");
        }
    }

    // Whether the model does the same in that lane; then it has done it.
    bool explains(const Record& record, std::int64_t lane, const std::set<Uuid>& hidden) {
        const std::size_t before = model_.mark();
        model_.stand_in(lane);
        model_.hide(hidden);
        bool same = true;
        for (std::size_t i = 0; i < record.outcomes.size() && same; ++i)
            same = record.outcomes[i] == run(model_, record.plan.steps[i], record.contended);
        model_.hide({});
        if (!same) return false;
        for (const Outcome& outcome : record.outcomes)
            count(outcome);
        if (!record.kept) model_.revert(before);
        return true;
    }

    // Where a body that has posted did so is known, and for one that has not it does not matter.
    std::vector<std::int64_t> lanes_of(const Record& record) {
        for (const Outcome& outcome : record.outcomes) {
            for (const Verdict& verdict : outcome.verdicts) {
                if (!verdict.refusal && !verdict.replayed) return {verdict.lane};
            }
        }
        for (std::size_t i = 0; i < record.outcomes.size() && record.kept; ++i) {
            if (record.outcomes[i].expired > 0)
                return {lane_of(where(test::Ids(record.plan.steps[i].ids_seed).next()))};
        }
        const std::set<std::int64_t> known = model_.lanes();
        std::vector<std::int64_t> all(known.begin(), known.end());
        all.push_back(known.empty() ? 0 : *known.rbegin() + 1);
        return all;
    }

    Sequence where(const Uuid& id) {
        return gateways_[0]->read<Sequence>(
            [&](Transaction& snapshot) { return gateways_[0]->journal->find(snapshot, id); });
    }

    // Every choice of those ids in it that others have posted meanwhile; the empty one first.
    std::vector<std::set<Uuid>> unseen_by(const Record& record) const {
        std::set<Uuid> named;
        for (const Step& step : record.plan.steps) {
            for (const Entry& entry : step.entries) {
                named.insert(entry.id);
                if (entry.pending) named.insert(*entry.pending);
            }
        }
        std::vector<std::set<Uuid>> choices{{}};
        for (const Uuid& id : named) {
            const auto found = late_.find(id);
            if (found == late_.end() || found->second == std::set{record.gateway}) continue;
            for (std::size_t i = 0, count = choices.size(); i < count; ++i) {
                choices.push_back(choices[i]);
                choices.back().insert(id);
            }
        }
        return choices;
    }

    void tell_of_expiry(const Record& record) {
        const Step& step = record.plan.steps[0];
        const Outcome& outcome = record.outcomes[0];
        EXPECT_EQ(outcome.error, "");
        EXPECT_LE(outcome.expired, step.count_max);
        count(outcome);
        test::Ids ids(step.ids_seed);
        for (std::int64_t i = 0; i < outcome.expired; ++i) {
            const Uuid id = ids.next();
            model_.stand_in(lane_of(where(id)));
            EXPECT_TRUE(model_.expire_one(*gateways_[0]->entry(id).pending, step.now, id))
                << "seed " << seed_;
        }
    }

    void restart() {
        if (engine_ == Engine::postgres) {
            for (std::size_t i = 0; i < gateways_.size(); ++i) {
                if (!chance_.happens(50)) continue;
                gateways_[i].reset();
                open(i);
            }
            return;
        }
        // Closed and opened again, or as it is found after a crash.
        const std::string last =
            std::exchange(name_, "books-" + std::to_string(++restarts_) + ".db");
        if (chance_.happens(50)) gateways_[0].reset();
        for (const char* const suffix : {"", "-wal"}) {
            if (std::filesystem::exists(folder_.file(last + suffix)))
                std::filesystem::copy_file(folder_.file(last + suffix),
                                           folder_.file(name_ + suffix));
        }
        open(0);
        compare();
    }

    void compare() {
        SCOPED_TRACE("seed " + std::to_string(seed_));
        compare_balances();
        compare_entries();
        compare_pendings();
        const VerifyReport report = books().verified({.trusted = {signer_.public_key()}});
        for (const Finding& finding : report.findings)
            ADD_FAILURE() << finding.rule << ": " << finding.detail;
    }

    void compare_balances() {
        const std::map<AccountName, AccountKey> expected = model_.accounts();
        const std::vector<AccountBalance> found = books().balances();
        // A shared engine keeps the accounts of refused entries.
        if (engine_ == Engine::sqlite) {
            EXPECT_EQ(found.size(), expected.size());
        }
        std::size_t known = 0;
        for (const AccountBalance& row : found) {
            known += expected.count(name_of(row.account));
            EXPECT_EQ(to_text(row.balance), to_text(model_.sums(row.account).balance()));
            const auto terms = books().read<AccountTerms>([&](Transaction& snapshot) {
                return books().journal->terms(snapshot, row.account);
            });
            EXPECT_EQ(to_text(terms), to_text(model_.terms(row.account)));
        }
        EXPECT_EQ(known, expected.size());
    }

    void compare_entries() {
        for (const JournalModel::Event& event : model_.events()) {
            const Entry found = books().entry(event.entry.id);
            Entry expected = event.entry;
            if (!event.lines_named) expected.lines = found.lines;
            EXPECT_EQ(found, expected) << to_text("je", expected.id);
        }
    }

    // In a body that fails: posts or voids all that remains of each pending entry.
    void compare_pendings() {
        const Result<int> told = books().run<int>([&](Transaction& body) -> Result<int> {
            for (const JournalModel::Event& event : model_.events())
                probe(body, event.entry);
            return Error(ErrorCode::declined);
        });
        EXPECT_EQ(told.error().code(), ErrorCode::declined);
    }
    void probe(Transaction& body, const Entry& pending) {
        if (pending.type != EntryType::pending) return;
        for (const Entry& probe :
             {test::post_of(ids_.next(), pending.id), test::void_of(ids_.next(), pending.id)}) {
            Entry now = probe;
            now.recorded = pending.recorded;
            // Linked to an entry that is refused: all is taken back, and only the verdict stays.
            const Entry refused = test::capture(ids_.next(), 0);
            const std::array<Entry, 2> both{now, refused};
            const auto done = books().journal->post_linked(body, both);
            // By their spelling: the detail begins with it.
            const std::set<std::string_view> expected = verdicts_on(now);
            const std::string& detail = done.error().detail();
            const bool as_expected = std::ranges::any_of(
                expected, [&](std::string_view refusal) { return detail.starts_with(refusal); });
            EXPECT_TRUE(as_expected)
                << detail << ", expected " << *expected.begin() << "; seed " << seed_;
        }
    }

    // In whichever lane it is.
    std::set<std::string_view> verdicts_on(const Entry& entry) {
        std::set<std::string_view> all;
        for (const std::int64_t lane : lanes_of({.gateway = 0})) {
            const std::size_t before = model_.mark();
            model_.stand_in(lane);
            all.insert(to_string(model_.post(entry).refusal.value_or(Refusal::zero_line)));
            model_.revert(before);
        }
        return all;
    }

    // Whom all that is compared is asked.
    Books& books() { return *gateways_[seed_ % gateways_.size()]; }

    // In memory where there is such a folder: what is tested here is not the disk.
    test::TemporaryFolder folder_{std::filesystem::exists("/dev/shm")
                                      ? std::filesystem::path("/dev/shm")
                                      : std::filesystem::temp_directory_path()};
    const HeadSigner signer_ = test::throwaway_signer();
    JournalChance chance_;
    const std::uint64_t seed_;
    const Engine engine_;
    test::Ids ids_;
    std::uint64_t threads_ = 0;
    int restarts_ = 0;
    std::string name_ = "books-0.db";
    std::string url_;
    std::string cut_url_;
    JournalModel model_;
    std::map<std::string, int> met_;
    std::map<Uuid, std::set<std::size_t>> late_;  // who posted it in this phase, or tried to
    std::atomic<std::uint64_t> clock_ = 0;
    std::mutex mutex_;
    std::vector<std::shared_ptr<Record>> records_;
    std::unique_ptr<CuttingProxy> proxy_;
    std::vector<std::unique_ptr<Books>> gateways_;
};

std::uint64_t from_environment(const char* name, std::uint64_t otherwise) {
    const char* const text = std::getenv(name);
    return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

class JournalProperty : public testing::TestWithParam<Engine> {};

TEST_P(JournalProperty, AgreesWithTheModelWhateverHappens) {
    const std::uint64_t alone = from_environment("CAUSEWAY_HISTORY_SEED", 0);
    if (alone != 0) {
        History(alone, GetParam()).live();
        return;
    }
    const bool shared = GetParam() == Engine::postgres;
    const std::uint64_t by_default = shared ? 100 : 200;
    const std::uint64_t count = from_environment("CAUSEWAY_HISTORIES", by_default);
    const std::uint64_t first = from_environment("CAUSEWAY_HISTORIES_FROM", 1);
    std::map<std::string, int> met;
    for (std::uint64_t seed = first; seed < first + count && !HasFailure(); ++seed) {
        History history(seed, GetParam());
        history.live();
        for (const auto& [verdict, times] : history.met())
            met[verdict] += times;
    }
    for (const auto& [what, times] : met)
        RecordProperty(what, times);
    if (count < by_default || HasFailure()) return;
    // Or the histories are not worth their name.
    for (int i = 0; i <= static_cast<int>(Refusal::balance_overflow); ++i) {
        const auto refusal = static_cast<Refusal>(i);
        if (refusal == Refusal::too_many_lines) continue;
        EXPECT_GT(met[std::string(to_string(refusal))], 0) << to_string(refusal);
    }
    EXPECT_GT(met["replayed"], 0);
    EXPECT_GT(met["expired"], 0);
    if (!shared) return;
    EXPECT_GT(met["retries"], 0);
    EXPECT_GT(met["lanes"], static_cast<int>(count)) << "nobody wrote at the same time";
    EXPECT_GT(met["cuts"], 0);
}

CAUSEWAY_ON_EACH_ENGINE(JournalProperty);

}  // namespace
}  // namespace causeway::ledger
