// SPDX-License-Identifier: Apache-2.0
//
// One life of the program on a disk: it opens the books, takes its load and closes them.
//
// The load is the same each time, down to which bodies share a commit: the completion of a chunk's
// last body submits the whole next chunk, while the writer can not yet take any of it. A chunk may
// be several batches, so that the writer runs one while another is being committed.
#pragma once

#include "tests/crash/entry_maker.h"
#include "tests/crash/operation_log.h"

#include <cstddef>
#include <cstdint>
#include <string>

namespace causeway::crash {

inline constexpr const char* kUrl = "sqlite:books.db";

struct LifeScript {
    std::uint64_t plans_seed = 0;
    std::uint64_t seed = 0;    ///< Of how the bodies fall into batches, and of the reader.
    std::uint64_t stream = 0;  ///< Whose numbers the bodies have.
    std::uint64_t bodies = 0;
    std::size_t batch_max = 8;
    int checkpoint_pages = 500;
};

struct LifeEnd {
    bool opened = false;
    std::string why;      ///< When it could not open the books.
    std::string problem;  ///< What it saw that can not be, such as a snapshot that changed.
};

/// Tells `log` what was acknowledged and what refused; a failed write or sync stops the process.
[[nodiscard]] LifeEnd live(const std::string& vfs, const LifeScript& script, OperationLog& log);

}  // namespace causeway::crash
