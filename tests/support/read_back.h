// SPDX-License-Identifier: Apache-2.0
//
// Programs of others that read what was drawn: zbarimg for symbols, pdftotext for documents. A
// machine may lack them, so a test asks has_program() first and skips itself aloud.
#pragma once

#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <unistd.h>

namespace causeway::test {

inline bool has_program(const std::string& name) {
    return std::system(("command -v " + name + " >/dev/null 2>&1").c_str()) == 0;
}

/// What `command` prints when it is given a file of `bytes`; "FILE" in the command is its path.
inline std::string read_back(std::string command, std::string_view bytes) {
    std::string path = std::filesystem::temp_directory_path() / "causeway-read-back-XXXXXX";
    const int handle = ::mkstemp(path.data());
    EXPECT_GE(handle, 0) << "no temporary file";
    ::close(handle);
    std::ofstream(path, std::ios::binary) << bytes;
    command.replace(command.find("FILE"), 4, path);
    std::string output;
    FILE* pipe = ::popen((command + " 2>/dev/null").c_str(), "r");
    if (pipe != nullptr) {
        char buffer[4096];
        std::size_t size = 0;
        while ((size = std::fread(buffer, 1, sizeof buffer, pipe)) > 0)
            output.append(buffer, size);
        ::pclose(pipe);
    }
    std::filesystem::remove(path);
    return output;
}

}  // namespace causeway::test
