// SPDX-License-Identifier: Apache-2.0
//
// Providers that are told, and tell, by files: the remessa and the retorno of a bank.
//
// The gateway numbers the files, keeps their digests and applies what they tell; a connector knows
// the form alone.
#pragma once

#include "connectors/notice.h"
#include "connectors/operation.h"
#include "ledger/clock.h"
#include "ledger/result.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace causeway::connectors {

/// What one file is to tell.
struct FileOrder {
    std::int64_t sequence;  ///< Of the connector's outgoing files; without gaps, from 1.
    Timestamp made;
    std::vector<Operation> operations;  ///< In the order in which they were begun.
};

struct WrittenFile {
    std::string name;
    std::string bytes;
};

/// Which file it is, as its header says.
struct FileHeader {
    std::int64_t sequence = 0;  ///< Of the provider's files to us; 0 when it does not count them.
    std::optional<Day> made_on;
    std::string what;  ///< For people: "Itau CNAB 400 retorno, account 0057/12345-7".
};

/// A line that can not be used; the others can.
struct LineFault {
    std::int64_t line = 0;  ///< From 1; 0 for the file as a whole.
    int column = 0;         ///< From 1; 0 when it is not about one place.
    std::string field;
    std::string reason;  ///< Never repeats personal data.
};

/// What a file holds, as it is read. Called in the order of the lines.
struct FileSink {
    std::function<void(const FileHeader&)> header;
    std::function<void(std::int64_t line, Notice)> notice;
    std::function<void(LineFault)> fault;
    std::function<void(std::int64_t bytes_done)> progress;
};

/// The side of a connector that exchanges files.
///
/// Threads: every method may be called from any thread.
class FileExchange {
  public:
    FileExchange() = default;
    FileExchange(const FileExchange&) = delete;
    FileExchange& operator=(const FileExchange&) = delete;
    virtual ~FileExchange() = default;

    /// Who writes and reads the files, as the configuration spells it, such as "itau".
    [[nodiscard]] virtual std::string_view partner() const noexcept = 0;

    /// Whether this operation reaches the provider by file. perform() answers it at once then, as
    /// approved, and sends nothing.
    [[nodiscard]] virtual bool carries(OperationKind kind) const noexcept = 0;

    /// The most that one file tells; what is more goes into the next. No form in use here holds
    /// fewer, and nobody else waits long while one is written.
    [[nodiscard]] virtual std::size_t operations_max() const noexcept { return 20'000; }

    /// Requires: at most operations_max() of them.
    ///
    /// Errors: `invalid_argument` naming the operation and the field that the form can not hold.
    [[nodiscard]] virtual Result<WrittenFile> write(const FileOrder& order) const = 0;

    /// Reads a file of the provider's. A notice's id is made of what the file says of itself and of
    /// its line, so that the same line has the same id however often it is read.
    ///
    /// Errors: `invalid_argument` when it is not such a file or not a whole one: then nothing of it
    /// may be used, whatever the sink was given.
    [[nodiscard]] virtual Result<void> read(std::string_view bytes, const FileSink& sink) const = 0;
};

}  // namespace causeway::connectors
