// SPDX-License-Identifier: Apache-2.0
//
// A file that is whole or not there: it has no name until it is complete and durable, so that
// nothing is left of it however the program ends. Only its owner may read it.
#pragma once

#include "ledger/result.h"

#include <string>
#include <string_view>

namespace causeway::gateway {

class OutputFile {
  public:
    /// Errors: `invalid_argument` when there is something at `path` that is no file; `storage`.
    static Result<OutputFile> create(const std::string& path);

    OutputFile(OutputFile&& other) noexcept;
    OutputFile(const OutputFile&) = delete;
    OutputFile& operator=(const OutputFile&) = delete;
    ~OutputFile();

    /// Errors: `storage`.
    [[nodiscard]] Result<void> write(std::string_view bytes);

    /// Puts the file into its place, over the one that may be there. Call it last.
    ///
    /// Errors: `storage`; then the place is as it was.
    [[nodiscard]] Result<void> keep();

  private:
    OutputFile(std::string path, std::string draft, int number, bool named);
    [[nodiscard]] bool give_name();

    std::string path_;
    std::string draft_;  // beside the place
    int number_;         // of the open file, or -1
    bool named_;         // the draft is there
};

}  // namespace causeway::gateway
