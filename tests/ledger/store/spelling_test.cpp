// SPDX-License-Identifier: Apache-2.0
#include "ledger/store/spelling.h"

#include "tests/support/case_name.h"

#include <gtest/gtest.h>

#include <array>
#include <string_view>

namespace causeway::ledger {
namespace {

constexpr std::array kSpellings{Spelling{"BYTES", "BLOB"},
                                Spelling{"/*clustered*/", "WITHOUT ROWID"}};

struct SpellingCase {
    const char* name;
    std::string_view ours;
    std::string_view theirs;
};

class Respelt : public testing::TestWithParam<SpellingCase> {};

TEST_P(Respelt, ReadsAsTheEngineWantsIt) {
    EXPECT_EQ(respelt(GetParam().ours, kSpellings), GetParam().theirs);
}

INSTANTIATE_TEST_SUITE_P(Cases,
                         Respelt,
                         testing::Values(SpellingCase{"Nothing", "", ""},
                                         SpellingCase{"Alone", "BYTES", "BLOB"},
                                         SpellingCase{"Twice", "a BYTES,b BYTES", "a BLOB,b BLOB"},
                                         SpellingCase{"EndOfAWord", "NUMBYTES", "NUMBYTES"},
                                         SpellingCase{"StartOfAWord", "BYTES_MAX", "BYTES_MAX"},
                                         SpellingCase{
                                             "NoWord", ")/*clustered*/;", ")WITHOUT ROWID;"},
                                         SpellingCase{"Lower", "bytes", "bytes"}),
                         test::case_name<SpellingCase>);

}  // namespace
}  // namespace causeway::ledger
