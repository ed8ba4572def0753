// SPDX-License-Identifier: Apache-2.0
#include "ledger/store/fail_stop.h"

#include <unistd.h>

namespace causeway::ledger {

void FailStop::stop(const std::string& why) const noexcept {
    const std::string line = "causeway stops: " + why;
    if (listener_) {
        listener_(line);
    } else {
        const std::string ended = line + '\n';
        const ssize_t written = ::write(STDERR_FILENO, ended.data(), ended.size());
        (void)written;  // nobody is left to tell
    }
    ::_exit(kExitStatus);
}

}  // namespace causeway::ledger
