// SPDX-License-Identifier: Apache-2.0
//
// What must be true of the books after any crash.
//
//  1. Every acknowledged body is there, with the same content.
//  2. Every other body is there whole, entries and rows, or not at all; a refused one is not.
//  3. Of each stream a beginning is there: no body without those that were kept before it.
//  4. Nothing else is there, and `verify` has no findings.
//  5. The program goes on: one more body is taken, and all of the above is still true.
#pragma once

#include "tests/crash/entry_maker.h"

#include <cstdint>
#include <string>
#include <vector>

namespace causeway::crash {

/// What is known of the time before the crash. All in ascending order.
struct Expectation {
    std::vector<BodyNumber> settled;       ///< Found after an earlier crash, so they stay.
    std::vector<BodyNumber> acknowledged;  ///< Since then.
    std::vector<BodyNumber> refused;       ///< Told an error, whatever the plan said.
    BodyNumber probe = 0;                  ///< The number of the one more body.
    bool verify_again = true;              ///< After that one; `verify` takes half of the time.
};

struct Verdict {
    std::vector<BodyNumber> stored;     ///< Before the probe, in ascending order.
    std::uint64_t lost = 0;             ///< Acknowledged and gone.
    std::vector<std::string> problems;  ///< Empty when all is well.
};

/// The first number of `stream` whose plan is not refused.
[[nodiscard]] BodyNumber probe_of(std::uint64_t stream, Plans& plans);

/// Opens the books as the program would, which recovers them, looks, and closes them.
[[nodiscard]] Verdict check(const std::string& url,
                            const std::string& vfs,
                            const Expectation& expected,
                            Plans& plans);

}  // namespace causeway::crash
