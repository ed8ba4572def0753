// SPDX-License-Identifier: Apache-2.0
#include "connectors/card/sandbox/books.h"

#include "connectors/card/codec.h"
#include "tests/support/card_messages.h"
#include "tests/support/files.h"
#include "tests/support/iso8583.h"
#include "tests/support/temporary_folder.h"

#include <gtest/gtest.h>

#include <rapidcheck/gtest.h>
#include <string>
#include <vector>

namespace causeway::connectors::card::sandbox {
namespace {

using test::Dice;
using test::read_file;
using test::repeat_of;
using test::TemporaryFolder;
using test::Terminal;
using test::write_file;

/// Merchants, their mistakes and the network's: messages in any order, lost and repeated.
class Traffic {
  public:
    explicit Traffic(Dice& dice) : dice_(dice) {}

    Message next() {
        const std::size_t choice = sent_.empty() ? 0 : dice_.below(7);
        switch (choice) {
            case 0: return remember(terminal_.purchase(amount(), dice_.below(2) ? "0100" : "0200"));
            case 1:
            case 2: return remember(terminal_.capture(approved(), amount()));
            case 3: return remember(terminal_.refund(any().get(37), amount()));
            case 4: return remember(reversal());
            case 5: return repeat_of(any());
            default: return any();
        }
    }

    void heard(const Message& answer) {
        if (!answer.get(38).empty()) approved_.push_back(answer);
    }

  private:
    Message remember(Message message) {
        // A mistaken merchant leaves out what it does not know; an empty element does not encode.
        std::erase_if(message.fields, [](const auto& field) { return field.second.empty(); });
        sent_.push_back(message);
        return message;
    }
    Message reversal() {
        // Now and then of something that was not sent yet.
        if (dice_.below(4) == 0) return terminal_.reversal(remember(terminal_.purchase(amount())));
        Message message = terminal_.reversal(any(), dice_.below(2) ? "0400" : "0420");
        if (dice_.below(2) == 0) message.fields[95] = test::replacement(amount());
        return message;
    }
    Message any() { return sent_[dice_.below(sent_.size())]; }
    Message approved() {
        return approved_.empty() ? any() : approved_[dice_.below(approved_.size())];
    }
    // Small enough to collide with limits, large enough for every scripted ending.
    std::int64_t amount() { return static_cast<std::int64_t>(dice_.below(12'000)); }

    Dice& dice_;
    Terminal terminal_;
    std::vector<Message> sent_;
    std::vector<Message> approved_;
};

void check_limits(const Books& books) {
    for (const auto& [rrn, transaction] : books.transactions()) {
        RC_ASSERT(0 <= transaction.refunded());
        RC_ASSERT(transaction.refunded() <= transaction.captured());
        RC_ASSERT(transaction.captured() <= transaction.authorised);
        RC_ASSERT(transaction.authorised <= transaction.requested);
    }
}

RC_GTEST_PROP(BooksProperty, NoSequenceOfMessagesBreaksALimit, (std::uint64_t seed)) {
    Dice dice(seed);
    test::Counter counter;
    Traffic traffic(dice);
    const Dialect dialect = *find_dialect("bcd");
    for (int i = 0; i < 120; ++i) {
        const Message message = traffic.next();
        const Message answer = counter.ask(message);
        check_limits(counter.books);
        if (answer.mti.empty()) continue;
        traffic.heard(answer);
        RC_ASSERT(encode(answer, dialect).has_value());
        RC_ASSERT(answer.get(11) == message.get(11));
    }
}

RC_GTEST_PROP(BooksProperty, ComeBackFromTheFileAsTheyWere, (std::uint64_t seed)) {
    Dice dice(seed);
    const TemporaryFolder folder;
    const std::string path = folder.file("books");
    Traffic traffic(dice);
    test::Counter counter;
    Message last;
    Message last_answer;
    {
        Books books = *Books::open(path);
        Acquirer acquirer(books);
        for (int i = 0; i < 40; ++i) {
            const Message message = traffic.next();
            const auto reaction = acquirer.handle(message, counter.now, counter.connection);
            if (!reaction.answer) continue;
            traffic.heard(*reaction.answer);
            if (message.mti != "0421" && message.mti != "0221") continue;
            last = message;
            last_answer = *reaction.answer;
        }
        counter.books = std::move(books);
    }
    const Books read = *Books::load(path);
    RC_ASSERT(read.transactions() == counter.books.transactions());
    RC_ASSERT(read.approvals() == counter.books.approvals());
    // The answers must survive too, or a repeat after a restart would be booked twice.
    if (last.mti.empty()) return;
    counter.books = *Books::load(path);
    RC_ASSERT(counter.ask(last) == last_answer);
}

RC_GTEST_PROP(BooksProperty, AnyDecodableMessageIsSurvived, (std::uint64_t seed)) {
    Dice dice(seed);
    test::Counter counter;
    const Dialect dialect = *find_dialect("ascii");
    for (int i = 0; i < 40; ++i) {
        Message message = test::any_message(dice);
        if (dice.below(4) != 0) message.mti = "0" + dice.text(1, "12458") + dice.text(2, "0123");
        for (const int field : {3, 4, 7, 11, 32, 37, 41, 42, 49, 90}) {
            if (dice.below(8) == 0) continue;
            message.fields[field] = test::any_value(dice, *field_format(field));
        }
        const auto decoded = decode(*encode(message, dialect), dialect);
        RC_ASSERT(decoded.has_value());
        if (const auto answer = counter.react(*decoded).answer) {
            RC_ASSERT(encode(*answer, dialect).has_value());
        }
        check_limits(counter.books);
    }
}

class BooksFile : public testing::Test {
  protected:
    // Two purchases and a capture: three lines.
    void SetUp() override {
        Books books = *Books::open(path_);
        Acquirer acquirer(books);
        Connection connection{.signed_on = true};
        const auto now = test::at("2026-11-21T12:00:05Z");
        const auto first = acquirer.handle(terminal_.purchase(1000), now, connection);
        (void)acquirer.handle(terminal_.purchase(2000), now, connection);
        (void)acquirer.handle(terminal_.capture(*first.answer, 600), now, connection);
        text_ = read_file(path_);
    }

    Error load_error(const std::string& text) {
        write_file(path_, text);
        return Books::load(path_).error();
    }

    TemporaryFolder folder_;
    std::string path_ = folder_.file("books");
    Terminal terminal_;
    std::string text_;
};

TEST_F(BooksFile, HoldsNoCardNumber) {
    EXPECT_EQ(text_.find("4761739001010119"), std::string::npos);
    EXPECT_NE(text_.find("476173******0119"), std::string::npos);
}

// The process died in the middle of a write: that message was never answered.
TEST_F(BooksFile, ForgetsACutLastLineAndGoesOn) {
    write_file(path_, text_.substr(0, text_.size() - 20));
    {
        Books books = *Books::open(path_);
        EXPECT_EQ(books.transactions().begin()->second.captured(), 0);
        Fact fact;
        fact.key = "x";
        EXPECT_TRUE(books.record(fact));
    }
    EXPECT_TRUE(Books::load(path_)) << "the next line stands on a line of its own";
}

TEST_F(BooksFile, NamesTheDamagedLine) {
    const std::size_t second = text_.find('\n') + 1;
    const std::size_t third = text_.find('\n', second) + 1;
    EXPECT_EQ(load_error(text_.substr(0, second) + "garbage\n").detail(),
              "books, line 2: not a JSON object");
    EXPECT_EQ(load_error(text_.substr(second)).detail(),
              "books, line 1: lines are missing or out of order");
    std::string text = text_;
    text.replace(text.find("\"captured\""), 10, "\"vanished\"");
    EXPECT_EQ(load_error(text).detail(), "books, line 3: kind");
    text = text_;
    text.replace(text.find("\"amount\":600", third), 12, "\"amount\":6000");
    EXPECT_EQ(load_error(text).detail(), "books, line 3: more captured than authorised");
    EXPECT_EQ(load_error(text).code(), ErrorCode::integrity);
}

TEST_F(BooksFile, HasOneWriter) {
    const auto first = Books::open(path_);
    ASSERT_TRUE(first);
    EXPECT_EQ(Books::open(path_).error().code(), ErrorCode::conflict);
    EXPECT_TRUE(Books::load(path_)) << "reading is always possible";
}

TEST_F(BooksFile, ShowsItselfAsJson) {
    EXPECT_EQ(Books::load(folder_.file("none")).error().code(), ErrorCode::not_found);
    const std::string json = *books_as_json(path_);
    EXPECT_EQ(json,
              R"({"transactions":[)"
              R"({"rrn":"632512000001","approval_code":"000001","reference":"pay_000001",)"
              R"("currency":"EUR","single_message":false,"requested":1000,"authorised":1000,)"
              R"("captured":600,"refunded":0,"reversed":false,"captures":[)"
              R"({"modification":"1121120000000003","sent":"2026-11-21T12:00:00Z",)"
              R"("booked":600,"amount":600}],"refunds":[]},)"
              R"({"rrn":"632512000002","approval_code":"000002","reference":"pay_000002",)"
              R"("currency":"EUR","single_message":false,"requested":2000,"authorised":2000,)"
              R"("captured":0,"refunded":0,"reversed":false,"captures":[],"refunds":[]}]})");
}

}  // namespace
}  // namespace causeway::connectors::card::sandbox
