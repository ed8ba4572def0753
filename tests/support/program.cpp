// SPDX-License-Identifier: Apache-2.0
#include "tests/support/program.h"

#include <array>
#include <cstdio>
#include <stdexcept>
#include <string>
#include <sys/wait.h>

namespace causeway::test {

ProgramOutcome run_program(const std::string& line) {
    std::FILE* const pipe = ::popen(line.c_str(), "r");
    if (pipe == nullptr) throw std::runtime_error("no shell");
    ProgramOutcome outcome{.status = -1, .out = {}};
    std::array<char, 4096> space{};
    while (const std::size_t count = std::fread(space.data(), 1, space.size(), pipe))
        outcome.out.append(space.data(), count);
    const int status = ::pclose(pipe);
    if (WIFEXITED(status)) outcome.status = WEXITSTATUS(status);
    return outcome;
}

}  // namespace causeway::test
