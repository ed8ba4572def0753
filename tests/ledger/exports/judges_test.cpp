// SPDX-License-Identifier: Apache-2.0
//
// Two programs that know nothing of us read our books and add them up: hledger and Beancount.
// Each accepts the file whole, and comes to the journal's own balances to the unit.
#include "ledger/csv.h"
#include "ledger/exports/account_names.h"
#include "ledger/money.h"
#include "tests/support/books.h"
#include "tests/support/exports.h"
#include "tests/support/files.h"
#include "tests/support/postgres_server.h"
#include "tests/support/program.h"
#include "tests/support/random_books.h"
#include "tests/support/source_folder.h"
#include "tests/support/temporary_folder.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <map>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>

namespace causeway::ledger {
namespace {

using test::Books;
using test::run_program;

constexpr std::array<std::uint64_t, 3> kSeeds{1, 2, 3};

bool is_there(const std::string& program) {
    return run_program("command -v " + program).status == 0;
}

#define CAUSEWAY_NEEDS(program) \
    if (!is_there(program))     \
    GTEST_SKIP() << "NOT CHECKED: there is no " << (program) << " here; Debian has it"

/// Units: minor units, by account. An account at zero is not told by everybody: none is here.
using Sums = std::map<std::string, std::int64_t>;

std::int64_t minor_units(const std::string& number, const std::string& code) {
    return Money::parse(number, *Currency::from_code(code))->minor_units();
}

/// Random books, and what the programs say about a file.
class Court {
  public:
    explicit Court(std::uint64_t seed) : books_(folder_.url()) {
        test::fill_at_random(books_, seed);
    }
    /// Books that are there already.
    explicit Court(const std::string& url) : books_(url) {}

    [[nodiscard]] std::string text(ExportFormat format) {
        return test::exported(*books_.database, format);
    }

    /// What the journal itself says.
    [[nodiscard]] Sums sums(void (*append_account)(const AccountKey&, std::string&)) {
        Sums sums;
        for (const AccountBalance& row : books_.balances()) {
            std::string name;
            append_account(row.account, name);
            if (row.balance.net() != 0) sums.emplace(name, row.balance.net());
        }
        return sums;
    }

    // Both in the C locale, where a byte that is not ASCII is an error.
    [[nodiscard]] test::ProgramOutcome hledger_says(const std::string& text) const {
        return run_program("LC_ALL=C hledger check --strict ordereddates -f " + written(text) +
                           " 2>&1");
    }
    [[nodiscard]] test::ProgramOutcome beancount_says(const std::string& text) const {
        return run_program("LC_ALL=C bean-check --no-cache " + written(text) + " 2>&1");
    }

    [[nodiscard]] Sums hledger_sums(const std::string& text) const {
        const test::ProgramOutcome outcome =
            run_program("LC_ALL=C hledger bal --flat -N --layout=bare -O csv -f " + written(text));
        EXPECT_EQ(outcome.status, 0);
        CsvTable table = *CsvTable::open(CsvReader(outcome.out));
        Sums sums;
        for (CsvRow row; *table.next(row);)
            sums.emplace(row[0], minor_units(std::string(row[2]), std::string(row[1])));
        return sums;
    }
    [[nodiscard]] Sums beancount_sums(const std::string& text) const {
        // Debian's own Python: the one that has the module.
        const test::ProgramOutcome outcome =
            run_program("/usr/bin/python3 " + test::source_folder() +
                        "/tests/support/beancount_balances.py " + written(text));
        EXPECT_EQ(outcome.status, 0);
        std::istringstream lines(outcome.out);
        Sums sums;
        for (std::string account, code, number; lines >> account >> code >> number;)
            sums.emplace(account, minor_units(number, code));
        return sums;
    }

  private:
    [[nodiscard]] std::string written(const std::string& text) const {
        const std::string path = folder_.file("books.txt");
        test::write_file(path, text);
        return path;
    }

    test::TemporaryFolder folder_;
    Books books_;
};

/// The same text with another last digit in the amount that ends the line at `at`.
std::string one_unit_off(std::string text, std::size_t at) {
    constexpr std::size_t kCode = 4;  // " EUR"
    char& digit = text.at(text.find('\n', at) - kCode - 1);
    digit = digit == '9' ? '8' : static_cast<char>(digit + 1);
    return text;
}

/// Where the `count`th posting stands; `indent` is what begins the line of one.
std::size_t find_posting(std::string_view text, std::string_view indent, int count) {
    std::size_t at = 0;
    while (count > 0) {
        at = text.find(indent, at + 1);
        if (at == std::string_view::npos) throw std::runtime_error("not so many postings");
        const std::string_view rest = text.substr(at + indent.size());
        const std::string_view line = rest.substr(0, rest.find('\n'));
        if (line.front() != ';' && line.find("  ") != std::string_view::npos) --count;
    }
    return at + indent.size();
}

TEST(Judges, HledgerComesToTheSameBalances) {
    CAUSEWAY_NEEDS("hledger");
    for (const std::uint64_t seed : kSeeds) {
        SCOPED_TRACE(seed);
        Court court(seed);
        const std::string text = court.text(ExportFormat::hledger);
        const test::ProgramOutcome verdict = court.hledger_says(text);
        EXPECT_EQ(verdict.status, 0) << verdict.out;
        EXPECT_EQ(court.hledger_sums(text), court.sums(append_hledger_account));
        for (const std::string_view part : {", posts: ",
                                            "; pending ",
                                            "; void_pending ",
                                            "; expire_pending ",
                                            ":fx_trading:",
                                            "%0A"})
            EXPECT_NE(text.find(part), std::string::npos) << part << " is not among the books";
    }
}

TEST(Judges, BeancountComesToTheSameBalances) {
    CAUSEWAY_NEEDS("bean-check");
    for (const std::uint64_t seed : kSeeds) {
        SCOPED_TRACE(seed);
        Court court(seed);
        const std::string text = court.text(ExportFormat::beancount);
        const test::ProgramOutcome verdict = court.beancount_says(text);
        EXPECT_EQ(verdict.status, 0);
        EXPECT_EQ(verdict.out, "");
        EXPECT_EQ(court.beancount_sums(text), court.sums(append_beancount_account));
    }
}

// Judges that let an error pass would be no judges.
TEST(Judges, HledgerFindsOneUnit) {
    CAUSEWAY_NEEDS("hledger");
    Court court(1);
    const std::string text = court.text(ExportFormat::hledger);
    for (const int posting : {1, 30, 200}) {
        const test::ProgramOutcome verdict =
            court.hledger_says(one_unit_off(text, find_posting(text, "\n    ", posting)));
        EXPECT_NE(verdict.status, 0);
        EXPECT_NE(verdict.out.find("could not balance this transaction"), std::string::npos);
    }
}

TEST(Judges, BeancountFindsOneUnit) {
    CAUSEWAY_NEEDS("bean-check");
    Court court(1);
    const std::string text = court.text(ExportFormat::beancount);
    for (const int posting : {1, 30, 200}) {
        const test::ProgramOutcome verdict =
            court.beancount_says(one_unit_off(text, find_posting(text, "\n  ", posting)));
        EXPECT_NE(verdict.status, 0);
        EXPECT_NE(verdict.out.find("Transaction does not balance"), std::string::npos);
    }
}

// A unit that went to the wrong account leaves its transaction balanced.
TEST(Judges, BeancountHoldsTheLinesAgainstTheJournalsBalances) {
    CAUSEWAY_NEEDS("bean-check");
    Court court(1);
    const std::string text = court.text(ExportFormat::beancount);
    const std::size_t at = text.find(" balance ");
    ASSERT_NE(at, std::string::npos);
    const test::ProgramOutcome verdict = court.beancount_says(one_unit_off(text, at));
    EXPECT_NE(verdict.status, 0);
    EXPECT_NE(verdict.out.find("Balance failed"), std::string::npos);
}

/// Books on PostgreSQL that two processes write, each in a lane of its own.
std::string books_of_two_processes() {
    const std::string url = test::PostgresServer::shared().fresh_url();
    Books one(url);
    Books other(url);
    test::Ids ids(99);
    const Uuid first = ids.next();
    const Uuid second = ids.next();
    EXPECT_TRUE(one.post(test::capture(ids.next(), 3, "mer_x")));  // in lane 0
    // While the one holds its lane the other takes a new one.
    const auto posted = one.run<Posted>([&](Transaction& body) {
        const Result<Posted> done = one.journal->post(body, test::capture(first, 5, "mer_x"));
        EXPECT_TRUE(other.post(test::capture(second, 7, "mer_y", "USD")));
        return done;
    });
    EXPECT_TRUE(posted);
    for (int year = 1; year <= 4; ++year) {
        Books& turn = year % 2 == 0 ? one : other;
        test::fill_at_random(turn, static_cast<std::uint64_t>(year), year);
    }
    return url;
}

TEST(Judges, AcceptTheBooksOfSeveralProcesses) {
    CAUSEWAY_NEEDS("hledger");
    CAUSEWAY_NEEDS("bean-check");
    if (!test::PostgresServer::is_installed()) GTEST_SKIP() << "NOT CHECKED: no PostgreSQL here";
    Court court(books_of_two_processes());
    const std::string text = court.text(ExportFormat::hledger);
    EXPECT_NE(text.find(" * (1) "), std::string::npos);
    EXPECT_NE(text.find(" * (" + std::to_string(first_of_lane(1)) + ") "), std::string::npos);
    const test::ProgramOutcome verdict = court.hledger_says(text);
    EXPECT_EQ(verdict.status, 0) << verdict.out;
    EXPECT_EQ(court.hledger_sums(text), court.sums(append_hledger_account));
    EXPECT_EQ(court.beancount_says(court.text(ExportFormat::beancount)).out, "");
}

}  // namespace
}  // namespace causeway::ledger
