// SPDX-License-Identifier: Apache-2.0
//
// A file that gets its name when it is whole. Until then it has another one beside it, and it goes
// when nobody names it.
#pragma once

#include "ledger/result.h"

#include <string>
#include <utility>

namespace causeway::ledger {

class DraftFile {
  public:
    /// Makes an empty file, readable by its owner alone, in the folder that `path` is in.
    ///
    /// Errors: `conflict` when there is something at `path`; `storage`.
    static Result<DraftFile> make(const std::string& path);

    DraftFile(DraftFile&& other) noexcept
        : path_(std::exchange(other.path_, {})), draft_(std::exchange(other.draft_, {})) {}
    DraftFile& operator=(DraftFile&&) = delete;
    ~DraftFile();

    /// Where to write.
    [[nodiscard]] const std::string& draft() const noexcept { return draft_; }

    /// Gives it its name, durably: file and folder are synced.
    ///
    /// Errors: `conflict` when something has appeared there; `storage`.
    [[nodiscard]] Result<void> publish();

  private:
    DraftFile(std::string path, std::string draft)
        : path_(std::move(path)), draft_(std::move(draft)) {}

    std::string path_;
    std::string draft_;  // empty: there is none any more
};

}  // namespace causeway::ledger
