// SPDX-License-Identifier: Apache-2.0
//
// Files of the scripted provider, a line a record, fields between bars:
//
//     H|scripted|NUMBER|DAY                   the first; number 0: it does not count them
//     R|REFERENCE|MINOR UNITS|CURRENCY|DAY    a buyer paid
//     X|REFERENCE|REASON                      the instrument is refused
//     E|REFERENCE|REASON                      it was taken back
//     F|REFERENCE|MINOR UNITS|CURRENCY|WHY    a fee
//     T|LINES                                 the last; how many came before it
//
// Ours to it: H, and C|REFERENCE|MINOR UNITS|PAYER or W|REFERENCE for each operation, and T. A
// payer's name with a bar in it has no place there.
#pragma once

#include "connectors/files.h"

#include <charconv>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace causeway::test {

class LineFiles final : public connectors::FileExchange {
  public:
    static constexpr std::size_t kOperationsMax = 9;

    explicit LineFiles(std::string provider);

    [[nodiscard]] std::size_t operations_max() const noexcept override { return kOperationsMax; }
    [[nodiscard]] std::string_view partner() const noexcept override { return "line_bank"; }
    [[nodiscard]] bool carries(connectors::OperationKind kind) const noexcept override;

    [[nodiscard]] Result<connectors::WrittenFile> write(
        const connectors::FileOrder& order) const override;

    [[nodiscard]] Result<void> read(std::string_view bytes,
                                    const connectors::FileSink& sink) const override;

  private:
    static std::vector<std::string> split(std::string_view line);

    static void tell(const std::string& number,
                     std::int64_t at,
                     const std::vector<std::string>& fields,
                     const connectors::FileSink& sink);

    std::string provider_;
};

}  // namespace causeway::test
