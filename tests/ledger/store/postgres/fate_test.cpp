// SPDX-License-Identifier: Apache-2.0
#include "ledger/store/postgres/fate.h"

#include "tests/support/case_name.h"

#include <gtest/gtest.h>

namespace causeway::ledger::postgres {
namespace {

struct FateCase {
    const char* name;
    const char* sqlstate;
    Fate fate;
};

class FateOf : public testing::TestWithParam<FateCase> {};

TEST_P(FateOf, SaysWhatIsToBeDone) {
    EXPECT_EQ(fate_of(GetParam().sqlstate), GetParam().fate);
}

INSTANTIATE_TEST_SUITE_P(States,
                         FateOf,
                         testing::Values(FateCase{"OfLibpq", "", Fate::lost},
                                         FateCase{"UniqueViolation", "23505", Fate::conflict},
                                         FateCase{"NotNullViolation", "23502", Fate::conflict},
                                         FateCase{"NotUtf8", "22021", Fate::unstorable},
                                         FateCase{"TooLongForAnIndex", "54000", Fate::unstorable},
                                         FateCase{"Serialization", "40001", Fate::again},
                                         FateCase{"Deadlock", "40P01", Fate::again},
                                         FateCase{"CompletionUnknown", "40003", Fate::lost},
                                         FateCase{"Shutdown", "57P01", Fate::lost},
                                         FateCase{"ConnectionFailure", "08006", Fate::lost},
                                         FateCase{"StandbyNow", "25006", Fate::lost},
                                         FateCase{"UnknownColumn", "42703", Fate::bug},
                                         FateCase{"NotAllowed", "42501", Fate::broken},
                                         FateCase{"DivisionByZero", "22012", Fate::bug},
                                         FateCase{"DiskFull", "53100", Fate::broken},
                                         FateCase{"ReadError", "58030", Fate::broken},
                                         FateCase{"Corrupted", "XX001", Fate::broken},
                                         FateCase{"NeverHeardOf", "ZZ999", Fate::broken}),
                         test::case_name<FateCase>);

}  // namespace
}  // namespace causeway::ledger::postgres
