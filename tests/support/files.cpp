// SPDX-License-Identifier: Apache-2.0
#include "tests/support/files.h"

#include <fstream>
#include <iterator>
#include <string>

namespace causeway::test {

std::string read_file(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

void write_file(const std::string& path, const std::string& text) {
    std::ofstream(path, std::ios::binary) << text;
}

}  // namespace causeway::test
