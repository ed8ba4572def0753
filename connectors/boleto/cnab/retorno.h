// SPDX-License-Identifier: Apache-2.0
//
// A bank's file of what happened to our titles. It is read as it comes: a row that can not be
// believed is reported and the next one read, and no more than one title is held. That the file as
// a whole is good is only known at its end, so whoever books the events books them after
// `finish` has said so, or in one transaction that it may still refuse.
#pragma once

#include "connectors/boleto/cnab/event.h"
#include "connectors/boleto/cnab/fault.h"
#include "ledger/result.h"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace causeway::connectors::cnab {

/// What a file says, in the order of its lines. Belongs to the one who reads.
class RetornoSink {
  public:
    virtual ~RetornoSink() = default;

    /// Comes once, before anything else, and never for a file that is refused.
    virtual void on_header(const FileHeader& header) = 0;
    virtual void on_event(const Event& event) = 0;
    virtual void on_row_error(const RowError& error) = 0;
};

struct RetornoSummary {
    int lines = 0;
    int events = 0;
    int row_errors = 0;
    /// The bank's own sum in the trailer, where it has one. Not compared: it is unclear of what.
    std::int64_t stated_total_minor_units = 0;
    /// Set: believe none of it. A refused file has no rows either.
    std::optional<FileError> error;
};

/// Threads: for one thread. Lifetime: the sink must outlive the reader.
class RetornoReader {
  public:
    RetornoReader(const Layout& layout, RetornoSink& sink);
    ~RetornoReader();

    /// Takes the next bytes, cut anywhere. False when there is no use in more of them.
    bool feed(std::string_view bytes);

    /// Call once, after the last bytes. Compares the trailer's counts, where the bank fills them.
    [[nodiscard]] RetornoSummary finish();

  private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

/// Reads a file that is in memory. A file whose last line is no trailer is refused before any of
/// its rows, which a reader of a stream can not do.
[[nodiscard]] RetornoSummary read_retorno(const Layout& layout,
                                          std::string_view bytes,
                                          RetornoSink& sink);

struct Retorno {
    FileHeader header;
    std::vector<Event> events;
};

/// Writes what `read_retorno` reads, for whoever plays the bank: lines end with CRLF, counts are
/// filled. The texts, the classes and the line numbers of the events are not looked at.
///
/// Errors: `invalid_argument` with line, column and field, when a value does not fit or this bank
/// has no field for it.
[[nodiscard]] Result<std::string> write_retorno(const Retorno& retorno);

}  // namespace causeway::connectors::cnab
