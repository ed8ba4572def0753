// SPDX-License-Identifier: Apache-2.0
//
// The append-only file under the sandbox's books. A line reaches the operating system before the
// answer it stands for is sent, so killing the sandbox loses nothing that anybody was told; a
// failure of the machine may.
#pragma once

#include "connectors/card/sandbox/fact.h"

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace causeway::connectors::card::sandbox {

struct FactFile {
    std::vector<Fact> facts;
    std::size_t whole_bytes = 0;  ///< Up to the end of the last whole line.
};

/// Reads every line. A last line without its end was never answered and is left out.
///
/// Errors: `not_found` without such a file; `storage`; `integrity` naming the first damaged line.
[[nodiscard]] Result<FactFile> read_fact_file(const std::string& path);

/// Appends to one file, which no other process can open for appending meanwhile.
class FactWriter {
  public:
    /// Creates the file if need be, readable by its owner alone. Call cut_to() before append().
    ///
    /// Errors: `conflict` while another process writes to it; `storage`.
    static Result<std::unique_ptr<FactWriter>> open(const std::string& path);

    FactWriter(const FactWriter&) = delete;
    FactWriter& operator=(const FactWriter&) = delete;
    ~FactWriter();

    /// Forgets a cut last line. Errors: `storage`.
    [[nodiscard]] Result<void> cut_to(std::size_t whole_bytes);

    /// Writes `line` and its end, whole or not at all.
    ///
    /// Errors: `storage`; afterwards every append fails.
    [[nodiscard]] Result<void> append(std::string line);

  private:
    explicit FactWriter(int file) : file_(file) {}

    int file_;
    std::size_t bytes_ = 0;
    bool broken_ = false;
};

}  // namespace causeway::connectors::card::sandbox
