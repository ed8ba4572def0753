// SPDX-License-Identifier: Apache-2.0
//
// posting_process URL SEED COUNT: posts the work of the seed as fast as it is taken, and says on
// standard output what became of each entry as soon as that is durable.
#include "tests/support/posting_process.h"

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <string>
#include <unistd.h>

namespace causeway::test {
namespace {

Said what(const Result<ledger::Posted>& posted) {
    if (posted) return posted->replayed ? Said::replayed : Said::posted;
    return ledger::refusal_of(posted.error()) == ledger::Refusal::debits_exceed_credits
               ? Said::refused
               : Said::failed;
}

// At once and whole: the process may be killed after any of them.
void say(Said said, std::size_t number) {
    const std::string line = static_cast<char>(said) + std::to_string(number) + '\n';
    if (::write(STDOUT_FILENO, line.data(), line.size()) < 0) std::_Exit(1);
}

void work(const std::string& url, std::uint64_t seed, int count) {
    // Many small batches, so that whoever kills it hits it at work.
    const auto database =
        ledger::Database::open(url, ledger::journal_migrations(), {.batch_max = 8});
    if (!database) throw std::runtime_error(database.error().detail());
    ledger::Journal journal(**database);
    const std::vector<ledger::Entry> entries = work_of(seed, count);
    std::atomic<std::size_t> left{entries.size()};
    for (std::size_t i = 0; i < entries.size(); ++i) {
        const ledger::Entry& entry = entries[i];
        const auto hint = i % 2 == 0 ? nullptr
                                     : std::make_shared<ledger::PostHint>(
                                           std::vector{hot_account(), entry.lines[0].account},
                                           std::vector{entry.id});
        const Result<void> queued = (*database)->writer().submit<ledger::Posted>(
            [&journal, &entry](ledger::Transaction& body) { return journal.post(body, entry); },
            [&left, i](const Result<ledger::Posted>& posted) {
                say(what(posted), i);
                --left;
                left.notify_one();
            },
            hint);
        if (!queued) throw std::runtime_error(queued.error().detail());
    }
    for (std::size_t now = left.load(); now > 0; now = left.load())
        left.wait(now);
}

}  // namespace
}  // namespace causeway::test

int main(int argc, char** argv) {
    if (argc != 4) return 2;
    causeway::test::work(argv[1], std::strtoull(argv[2], nullptr, 10), std::atoi(argv[3]));
    return 0;
}
