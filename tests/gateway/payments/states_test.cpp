// SPDX-License-Identifier: Apache-2.0
#include "gateway/payments/states.h"

#include "tests/support/payment_desk.h"
#include "tests/support/source_folder.h"

#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <sstream>

namespace causeway::gateway {
namespace {

using test::eur;
using test::PaymentDesk;
using test::Word;

template <class Machine>
void expect_sound() {
    using Status = typename Machine::Status;
    std::set<std::pair<int, int>> seen;
    std::set<int> reached{static_cast<int>(Machine::kInitial)};
    for (const auto& move : Machine::moves()) {
        const auto key = std::pair(static_cast<int>(move.from), static_cast<int>(move.event));
        EXPECT_TRUE(seen.insert(key).second) << Machine::kName << ": " << to_string(move.from)
                                             << " has two moves by " << to_string(move.event);
        reached.insert(static_cast<int>(move.to));
        EXPECT_TRUE(move.told.empty() || is_event_type(move.told)) << move.told;
    }
    for (const auto& move : Machine::moves()) {
        EXPECT_TRUE(reached.contains(static_cast<int>(move.from)))
            << Machine::kName << ": nothing leads to " << to_string(static_cast<Status>(move.from));
    }
}

TEST(States, HaveOneMoveForEveryEventAndNoOrphans) {
    expect_sound<PaymentMachine>();
    expect_sound<AttemptMachine>();
    expect_sound<CaptureMachine>();
    expect_sound<RefundMachine>();
    expect_sound<DisputeMachine>();
}

TEST(States, RefuseAnEventThatTheTableDoesNotHave) {
    State<PaymentMachine> status;
    const Result<void> moved = status.apply(PaymentEvent::captured_in_full);
    ASSERT_FALSE(moved);
    EXPECT_EQ(moved.error().code(), ErrorCode::integrity);
    EXPECT_EQ(status, PaymentStatus::requires_payment_method);
    EXPECT_TRUE(status.taken().empty());
}

TEST(States, AreDrawnInTheDocumentation) {
    std::ifstream file(test::source_folder() + "/docs/states.md");
    std::stringstream page;
    page << file.rdbuf();
    // CAUSEWAY_WRITE_DOCS=1 writes it anew.
    if (std::getenv("CAUSEWAY_WRITE_DOCS") != nullptr) {
        std::ofstream(test::source_folder() + "/docs/states.md") << describe_machines();
    } else {
        EXPECT_EQ(page.str(), describe_machines());
    }
}

TEST(States, AreNotStoredBeforeTheirMoveIsTold) {
    PaymentDesk desk;
    const Uuid id = desk.authorised(eur(100));
    const Result<int> stored =
        desk.database->writer().commit<int>([id](ledger::Transaction& tx) -> Result<int> {
            Result<Payment> payment = load_payment(tx, id);
            if (!payment) return payment.error();
            const Result<void> moved = payment->status.apply(PaymentEvent::cancel_requested);
            if (!moved) return moved.error();
            const Result<void> updated = update_payment(tx, *payment);
            return updated ? Result<int>(0) : Result<int>(updated.error());
        });
    ASSERT_FALSE(stored);
    EXPECT_EQ(stored.error().code(), ErrorCode::integrity);
    EXPECT_EQ(desk.status(id), "requires_capture");
}

TEST(Timeline, NamesEveryMoveWithItsJournalEntry) {
    PaymentDesk desk;
    const Uuid id = desk.captured(eur(10'000));
    const std::vector<TimelineLine> lines = desk.timeline(id);
    std::vector<std::string> told;
    for (const TimelineLine& line : lines) {
        const std::string object = line.object.substr(0, line.object.find('_'));
        told.push_back(object + " " + (line.kind == "move" ? line.event : line.kind));
    }
    const std::vector<std::string> expected{"pay routing",
                                            "pay created",
                                            "pay confirmed",
                                            "op created",
                                            "op approved",
                                            "cap created",
                                            "op created",
                                            "cap succeeded",
                                            "pay captured_in_full",
                                            "op approved"};
    std::vector<std::string> without_method;
    for (const std::string& line : told) {
        if (line != "pay method_attached") without_method.push_back(line);
    }
    EXPECT_EQ(without_method, expected);
    EXPECT_TRUE(lines.back().entry.has_value());
    EXPECT_EQ(
        desk.events(),
        (std::vector<std::string>{"payment.created", "capture.succeeded", "payment.succeeded"}));
}

TEST(Timeline, ExplainsADoubt) {
    PaymentDesk desk;
    desk.provider.next({Word::lost_after});
    const Uuid id = desk.create(PaymentDesk::charge(eur(10'000))).payment();
    desk.sweep_until_dry();
    std::vector<std::string> doubts;
    for (const TimelineLine& line : desk.timeline(id)) {
        if (line.kind == "doubt") doubts.push_back(line.event);
    }
    EXPECT_EQ(doubts, (std::vector<std::string>{"suspended", "cleared"}));
    EXPECT_EQ(
        desk.events(),
        (std::vector<std::string>{"payment.created", "payment.processing", "payment.failed"}));
}

}  // namespace
}  // namespace causeway::gateway
