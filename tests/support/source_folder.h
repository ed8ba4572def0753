// SPDX-License-Identifier: Apache-2.0
//
// Where the sources lie. Not a definition that every test is compiled with: another folder would
// then be another command line for each of them, and ccache would know none.
#pragma once

#include <string>

namespace causeway::test {

std::string source_folder();

}  // namespace causeway::test
