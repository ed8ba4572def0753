// SPDX-License-Identifier: Apache-2.0
//
// One step of a random history, done by a journal or by the model, and what came of it in the same
// words.
#pragma once

#include "ledger/journal/journal.h"
#include "ledger/journal/refusal.h"
#include "tests/support/books.h"
#include "tests/support/journal_chance.h"
#include "tests/support/journal_model.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

namespace causeway::test {

/// What became of one step.
struct Outcome {
    std::vector<JournalModel::Verdict> verdicts;
    std::string error;  ///< One that is no refusal.
    std::int64_t expired = 0;
    std::optional<ledger::Balance> balance;  ///< Of the first account that the step names.

    friend bool operator==(const Outcome&, const Outcome&) = default;
};

inline std::string to_text(const ledger::Balance& balance) {
    return "debits " + std::to_string(balance.debits) + ", credits " +
           std::to_string(balance.credits) + ", pending debits " +
           std::to_string(balance.pending_debits) + ", pending credits " +
           std::to_string(balance.pending_credits);
}

// googletest finds it by this name when it prints a failure.
inline void PrintTo(const Outcome& outcome, std::ostream* out) {
    for (const JournalModel::Verdict& verdict : outcome.verdicts) {
        *out << (verdict.refusal ? to_string(*verdict.refusal) : "lane ");
        if (!verdict.refusal) *out << verdict.lane << " place " << verdict.place;
        *out << (verdict.replayed ? " again; " : "; ");
    }
    *out << outcome.error << " expired " << outcome.expired << ' ';
    if (outcome.balance) *out << to_text(*outcome.balance);
}

inline bool is_refused(const Outcome& outcome) {
    const auto& verdicts = outcome.verdicts;
    return !outcome.error.empty() || (!verdicts.empty() && verdicts.back().refusal);
}

inline const ledger::AccountKey* first_account(const Step& step) {
    for (const ledger::Entry& entry : step.entries) {
        for (const ledger::Line& line : entry.lines) {
            if (!line.account.owner.empty()) return &line.account;
        }
    }
    return nullptr;
}

inline JournalModel::Verdict verdict_of(const ledger::Posted& posted) {
    return {.lane = ledger::lane_of(posted.sequence),
            .place = ledger::place_in_lane(posted.sequence),
            .replayed = posted.replayed};
}

inline void put_error(const Error& error, Outcome& outcome) {
    const std::optional<ledger::Refusal> refusal = ledger::refusal_of(error);
    if (refusal) {
        outcome.verdicts.push_back({.refusal = refusal});
    } else {
        outcome.error = error.detail();
    }
}

inline void put_posted(const Result<ledger::Posted>& posted, Outcome& outcome) {
    if (posted) outcome.verdicts.push_back(verdict_of(*posted));
    if (!posted) put_error(posted.error(), outcome);
}

/// The balance of what was refused is not asked for when `contended`: an account that was not
/// there can not be locked, and somebody else may open it at this moment.
inline Outcome run(ledger::Journal& journal,
                   ledger::Transaction& body,
                   const Step& step,
                   bool contended) {
    Outcome outcome;
    switch (step.kind) {
        case Step::Kind::expire: {
            Ids ids(step.ids_seed);
            const auto expired = journal.expire(body, step.now, ids.source, step.count_max);
            if (expired) outcome.expired = *expired;
            if (!expired) put_error(expired.error(), outcome);
            break;
        }
        case Step::Kind::linked: {
            const auto posted = journal.post_linked(body, step.entries);
            if (!posted) put_error(posted.error(), outcome);
            if (posted) {
                for (const ledger::Posted& one : *posted)
                    outcome.verdicts.push_back(verdict_of(one));
            }
            break;
        }
        case Step::Kind::head: {
            const Result<void> made = journal.make_head(body);
            if (!made) put_error(made.error(), outcome);
            break;
        }
        case Step::Kind::post: put_posted(journal.post(body, step.entries.front()), outcome); break;
        case Step::Kind::terms: {
            const ledger::Entry& entry = step.entries.front();
            put_posted(
                journal.set_terms(body, entry.id, entry.lines[0].account, step.terms, step.now),
                outcome);
        }
    }
    const ledger::AccountKey* const key = first_account(step);
    if (key == nullptr || (contended && is_refused(outcome))) return outcome;
    const Result<ledger::Balance> balance = journal.balance(body, *key);
    if (balance) outcome.balance = *balance;
    if (!balance) outcome.error = balance.error().detail();
    return outcome;
}

inline Outcome run(JournalModel& model, const Step& step, bool contended) {
    Outcome outcome;
    switch (step.kind) {
        case Step::Kind::expire: {
            Ids ids(step.ids_seed);
            outcome.expired = model.expire(step.now, step.count_max, [&] { return ids.next(); });
            break;
        }
        case Step::Kind::linked:
            outcome.verdicts = model.post_linked(step.entries);
            // The journal answers with the refusal alone.
            if (is_refused(outcome)) outcome.verdicts = {outcome.verdicts.back()};
            break;
        case Step::Kind::head: break;
        case Step::Kind::post: outcome.verdicts = {model.post(step.entries.front())}; break;
        case Step::Kind::terms: {
            const ledger::Entry& entry = step.entries.front();
            outcome.verdicts = {
                model.set_terms(entry.id, entry.lines[0].account, step.terms, step.now)};
        }
    }
    const ledger::AccountKey* const key = first_account(step);
    if (key != nullptr && !(contended && is_refused(outcome)))
        outcome.balance = model.sums(*key).balance();
    return outcome;
}

/// All that the steps name, for a hint.
inline std::shared_ptr<const ledger::PostHint> hint_of(const BodyPlan& plan) {
    if (!plan.hints) return nullptr;
    std::vector<ledger::AccountKey> accounts;
    std::vector<Uuid> ids;
    for (const Step& step : plan.steps) {
        for (const ledger::Entry& entry : step.entries) {
            ids.push_back(entry.id);
            for (const ledger::Line& line : entry.lines)
                accounts.push_back(line.account);
        }
    }
    return std::make_shared<ledger::PostHint>(std::move(accounts), std::move(ids));
}

}  // namespace causeway::test
