// SPDX-License-Identifier: Apache-2.0
#include "fx/feed.h"
#include "ledger/calendar/calendar.h"
#include "tests/support/source_folder.h"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <set>
#include <sstream>
#include <string>

namespace causeway::fx {
namespace {

// The days for which the European Central Bank published are the days of TARGET, all of them.
TEST(EcbHistory, HasEveryDayOfTarget) {
    const char* const folder = std::getenv("CAUSEWAY_SHARED");
    const std::string root = folder ? folder : test::source_folder() + "/../shared";
    std::ifstream file(root + "/data/eurofxref-hist.csv", std::ios::binary);
    if (!file) {
        GTEST_SKIP() << "NOT TESTED: no eurofxref-hist.csv; set CAUSEWAY_SHARED to its folder";
    }
    std::ostringstream content;
    content << file.rdbuf();
    const Result<Feed> feed = read_feed(content.str());
    ASSERT_TRUE(feed) << feed.error().detail();
    std::set<Day> published;
    for (const FeedRow& row : feed->rows)
        published.insert(row.day);
    ASSERT_EQ(published.size(), 6'983U);
    for (Day d = *published.begin(); d <= *published.rbegin(); d += std::chrono::days(1))
        EXPECT_EQ(*ledger::target_calendar().is_business_day(d), published.contains(d))
            << to_text(d);
}

}  // namespace
}  // namespace causeway::fx
