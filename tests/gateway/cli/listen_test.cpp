// SPDX-License-Identifier: Apache-2.0
#include "gateway/cli/listen.h"

#include "gateway/webhooks/event.h"
#include "tests/support/books.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace causeway::gateway {
namespace {

using std::chrono::seconds;

// A gateway's list of events, with the time of each in its id.
class Listen : public testing::Test {
  protected:
    std::string make(const std::string& type = "payment.created") {
        const std::string id = to_text(kEventPrefix, ids.next());
        all.push_back({.id = id, .type = type, .body = "{}"});
        return id;
    }
    AskForEvents asking() {
        return [this](const std::string& after) -> Result<std::vector<HeardEvent>> {
            if (down) return Error(ErrorCode::unavailable, "down");
            std::ranges::sort(all, {}, &HeardEvent::id);
            if (after.empty()) {
                const bool none = all.empty();
                return none ? std::vector<HeardEvent>() : std::vector<HeardEvent>{all.back()};
            }
            std::vector<HeardEvent> page;
            for (const HeardEvent& one : all) {
                if (one.id > after && page.size() < kEventsAsked) page.push_back(one);
            }
            return page;
        };
    }
    static std::vector<std::string> ids_of(const Result<std::vector<HeardEvent>>& events) {
        std::vector<std::string> found;
        for (const HeardEvent& one : *events)
            found.push_back(one.id);
        return found;
    }
    using Ids = std::vector<std::string>;

    ManualClock clock{from_microseconds(1'776'074'460'000'000)};
    test::SeededEntropy entropy{5};
    IdSource ids{clock, entropy};
    std::vector<HeardEvent> all;
    bool down = false;
};

TEST_F(Listen, HearsOnlyWhatIsNewAndThatOnce) {
    make();
    EventFollower follower(asking(), {});
    EXPECT_EQ(ids_of(follower.next()), Ids{});
    const std::string first = make();
    const std::string second = make();
    EXPECT_EQ(ids_of(follower.next()), (Ids{first, second}));
    EXPECT_EQ(ids_of(follower.next()), Ids{});
    clock.advance(seconds(60));
    const std::string third = make();
    EXPECT_EQ(ids_of(follower.next()), Ids{third});
    EXPECT_EQ(ids_of(follower.next()), Ids{});
}

TEST_F(Listen, BeginsWhereNothingHasHappenedYet) {
    EventFollower follower(asking(), {});
    EXPECT_EQ(ids_of(follower.next()), Ids{});
    const std::string first = make();
    EXPECT_EQ(ids_of(follower.next()), Ids{first});
}

// Two processes on one database: the id was made first, its commit came second.
TEST_F(Listen, HearsWhatWasCommittedLate) {
    make();
    EventFollower follower(asking(), {});
    EXPECT_EQ(ids_of(follower.next()), Ids{});
    const std::string slow = to_text(kEventPrefix, ids.next());
    clock.advance(seconds(3));
    const std::string quick = make();
    EXPECT_EQ(ids_of(follower.next()), Ids{quick});
    all.push_back({.id = slow, .type = "payment.created", .body = "{}"});
    EXPECT_EQ(ids_of(follower.next()), Ids{slow});
}

TEST_F(Listen, HearsABurstLongerThanAPage) {
    make();
    EventFollower follower(asking(), {});
    EXPECT_EQ(ids_of(follower.next()), Ids{});
    Ids burst;
    for (int i = 0; i < 350; ++i)
        burst.push_back(make());
    EXPECT_EQ(ids_of(follower.next()), burst);
    burst.assign(1, make());
    EXPECT_EQ(ids_of(follower.next()), burst);
}

TEST_F(Listen, GoesOnFromTheSamePlaceAfterTrouble) {
    make();
    EventFollower follower(asking(), {});
    EXPECT_EQ(ids_of(follower.next()), Ids{});
    down = true;
    const std::string missed = make();
    EXPECT_FALSE(follower.next());
    down = false;
    EXPECT_EQ(ids_of(follower.next()), Ids{missed});
}

TEST_F(Listen, KeepsToWhatIsWanted) {
    EventFollower follower(asking(), {"refund.*", "payment.succeeded"});
    EXPECT_EQ(ids_of(follower.next()), Ids{});
    const std::string refund = make("refund.created");
    make("payment.created");
    make("refundable.created");
    const std::string payment = make("payment.succeeded");
    EXPECT_EQ(ids_of(follower.next()), (Ids{refund, payment}));
}

TEST(ReadEventsJson, TakesAPageOrAListAndNothingElse) {
    const std::string one = R"({"id":"evt_2","type":"a.b","pending_deliveries":1})";
    const std::string two = R"({"id":"evt_1","type":"a.c","pending_deliveries":0})";
    for (const std::string& text : {"[" + one + "," + two + "]",
                                    R"({"data":[)" + one + "," + two + R"(],"has_more":false})"}) {
        const auto events = read_events_json(text);
        ASSERT_TRUE(events) << text;
        ASSERT_EQ(events->size(), 2U);
        EXPECT_EQ(events->front().id, "evt_1");
        EXPECT_EQ(events->back().body, R"({"id":"evt_2","type":"a.b"})");
    }
    for (const char* const wrong : {"", "{}", "null", "[1]", R"([{"id":1,"type":"a"}])", "[{}]"})
        EXPECT_FALSE(read_events_json(wrong)) << wrong;
}

}  // namespace
}  // namespace causeway::gateway
