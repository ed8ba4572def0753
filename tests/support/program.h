// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdio>
#include <stdexcept>
#include <string>
#include <sys/wait.h>

namespace causeway::test {

struct ProgramOutcome {
    int status;  ///< 127: there is no such program.
    std::string out;
};

/// Runs a line of the shell; what the program says on standard error belongs to `out` only where
/// the line says so.
ProgramOutcome run_program(const std::string& line);

}  // namespace causeway::test
