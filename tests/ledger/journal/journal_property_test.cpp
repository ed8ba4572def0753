// SPDX-License-Identifier: Apache-2.0
//
// Random entries from several threads, some wrong, some in bodies that fail, against the simplest
// books there are: a map.
#include "ledger/journal/journal.h"
#include "ledger/store/commit_queue.h"
#include "tests/support/books.h"
#include "tests/support/temporary_folder.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdlib>
#include <future>
#include <map>
#include <rapidcheck.h>
#include <string>
#include <thread>
#include <tuple>
#include <vector>

namespace causeway::ledger {
namespace {

using test::account;
using test::Books;
using test::capture;

enum class Fate { sound, one_unit_off, body_fails, refused_then_sound, id_twice, reader_body };

struct Order {
    int merchant;
    int currency;
    std::int64_t minor_units;
    Fate fate;
};

// rapidcheck finds it by this name when it prints a failure.
void showValue(const Order& order, std::ostream& out) {
    out << "{merchant " << order.merchant << ", currency " << order.currency << ", "
        << order.minor_units << ", fate " << static_cast<int>(order.fate) << '}';
}

rc::Gen<Order> any_order() {
    return rc::gen::build<Order>(
        rc::gen::set(&Order::merchant, rc::gen::inRange(0, 4)),
        rc::gen::set(&Order::currency, rc::gen::inRange(0, 3)),
        rc::gen::set(
            &Order::minor_units,
            rc::gen::distinctFrom(rc::gen::inRange<std::int64_t>(-5000, 5000), std::int64_t{0})),
        rc::gen::set(&Order::fate,
                     rc::gen::weightedElement<Fate>({{8, Fate::sound},
                                                     {1, Fate::one_unit_off},
                                                     {2, Fate::body_fails},
                                                     {1, Fate::refused_then_sound},
                                                     {1, Fate::id_twice},
                                                     {1, Fate::reader_body}})));
}

using Name = std::tuple<std::string, Purpose, std::string>;

Name name_of(const AccountKey& key) {
    return {key.owner, key.purpose, std::string(key.currency.code())};
}

/// What the books should say; told only about what was acknowledged, on the writer's thread.
class Model {
  public:
    void add(const Entry& entry) {
        ++entries;
        for (const Line& line : entry.lines) {
            Balance& balance = sums[name_of(line.account)];
            (line.minor_units > 0 ? balance.debits : balance.credits) += std::abs(line.minor_units);
        }
    }

    std::map<Name, Balance> sums;
    std::int64_t entries = 0;
};

Entry entry_of(const Order& order, test::Ids& ids) {
    constexpr std::array<std::string_view, 3> kCurrencies{"EUR", "JPY", "KWD"};
    return capture(ids.next(),
                   order.minor_units,
                   "mer_" + std::to_string(order.merchant),
                   kCurrencies.at(static_cast<std::size_t>(order.currency)));
}

Result<int> run_body(Journal& journal, Transaction& t, const Order& order, const Entry& entry) {
    Entry wrong = entry;
    wrong.lines[0].minor_units += 1;
    if (order.fate == Fate::one_unit_off) {
        const Result<void> posted = journal.post(t, wrong);
        return posted ? Result<int>(0) : Result<int>(posted.error());
    }
    if (order.fate == Fate::refused_then_sound) (void)journal.post(t, wrong);
    if (order.fate == Fate::reader_body) {
        (void)journal.balance(t, entry.lines[0].account);
        return Error(ErrorCode::not_found);
    }
    const Result<void> posted = journal.post(t, entry);
    if (!posted) return posted.error();
    if (order.fate == Fate::id_twice) (void)journal.post(t, entry);
    if (order.fate == Fate::body_fails) return Error(ErrorCode::declined);
    return 0;
}

Result<void> submit(Books& books, Model& model, const Order& order, const Entry& entry) {
    Journal& journal = *books.journal;
    return books.database->writer().submit<int>(
        [&journal, order, entry](Transaction& t) { return run_body(journal, t, order, entry); },
        [&model, entry](Result<int> told) {
            if (told) model.add(entry);
        });
}

// Bodies run in order, so the answer to this one comes after all the others'.
void wait_for(Books& books) {
    (void)books.net(account("mer_0", Purpose::dispute));
}

void compare(Books& books, const Model& model) {
    std::map<Name, Balance> found;
    for (const AccountBalance& row : books.balances())
        found[name_of(row.account)] = row.balance;
    RC_ASSERT(found.size() == model.sums.size());
    for (const auto& [name, expected] : model.sums) {
        RC_ASSERT(found[name].debits == expected.debits);
        RC_ASSERT(found[name].credits == expected.credits);
        const auto& [owner, purpose, currency] = name;
        RC_ASSERT(books.net(account(owner, purpose, currency)) == expected.net());
    }
    const VerifyReport report = books.verified();
    RC_ASSERT(report.findings.empty());
    RC_ASSERT(report.entries == model.entries);
    RC_ASSERT(report.lines == 2 * model.entries);
}

TEST(JournalProperty, AgreesWithAMapWhateverFailsAndWhoeverPosts) {
    const bool held = rc::check("balances and verify agree with the model", [] {
        using Orders = std::vector<std::vector<Order>>;
        const auto orders = *rc::gen::container<Orders>(
            3, rc::gen::scale(0.5, rc::gen::container<std::vector<Order>>(any_order())));
        const test::TemporaryFolder folder;
        test::Ids ids;
        Model model;
        {
            Books books(folder.url());
            std::vector<std::thread> threads;
            for (const std::vector<Order>& mine : orders)
                threads.emplace_back([&] {
                    for (const Order& order : mine)
                        EXPECT_TRUE(submit(books, model, order, entry_of(order, ids)));
                });
            for (std::thread& thread : threads)
                thread.join();
            wait_for(books);
            compare(books, model);
        }
        Books again(folder.url());
        compare(again, model);
    });
    EXPECT_TRUE(held);
}

// With every body waiting at once, one batch holds all the fates side by side.
TEST(JournalProperty, AgreesWithAMapInsideOneBatch) {
    const bool held = rc::check("the model holds when all share one commit", [] {
        const auto orders = *rc::gen::container<std::vector<Order>>(any_order());
        const test::TemporaryFolder folder;
        test::Ids ids;
        Model model;
        Books books(folder.url());
        std::promise<void> gate;
        const std::shared_future<void> opened = gate.get_future().share();
        RC_ASSERT(books.database->writer()
                      .submit<int>(
                          [opened](Transaction&) -> Result<int> {
                              opened.wait();
                              return 0;
                          },
                          [](Result<int>) {})
                      .has_value());
        for (const Order& order : orders)
            RC_ASSERT(submit(books, model, order, entry_of(order, ids)).has_value());
        gate.set_value();
        wait_for(books);
        compare(books, model);
    });
    EXPECT_TRUE(held);
}

}  // namespace
}  // namespace causeway::ledger
