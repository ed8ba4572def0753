// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fstream>
#include <iterator>
#include <string>

namespace causeway::test {

/// Empty when there is no such file.
std::string read_file(const std::string& path);

void write_file(const std::string& path, const std::string& text);

}  // namespace causeway::test
