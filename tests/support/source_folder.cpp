// SPDX-License-Identifier: Apache-2.0
#include "tests/support/source_folder.h"

namespace causeway::test {

std::string source_folder() {
    return CAUSEWAY_SOURCE_DIR;
}

}  // namespace causeway::test
