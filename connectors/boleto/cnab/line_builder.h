// SPDX-License-Identifier: Apache-2.0
//
// The skeleton of a file that is being written: line and batch numbers, counts, line ends.
#pragma once

#include "connectors/boleto/cnab/event.h"
#include "connectors/boleto/cnab/record_group.h"
#include "ledger/result.h"

#include <string>

namespace causeway::connectors::cnab {

/// Lifetime: the layout is one of ours and lives for ever.
class LineBuilder {
  public:
    LineBuilder(const Layout& layout, Direction direction)
        : layout_(layout), direction_(direction) {}

    /// The header, and a batch header where the layout has batches.
    void open(const FileHeader& header);

    /// A record that will be the `ahead`-th line from now; 0 is the next one.
    [[nodiscard]] RecordWriter record(RecordKind kind, int ahead) const;

    /// Adds the records of one title, in order.
    void add(RecordGroup<RecordWriter>& title);

    /// A batch trailer where there are batches, then the trailer, which `fill` may complete.
    template <class Fill>
    void close(Fill fill) {
        close_batch();
        RecordWriter trailer = trailer_record();
        fill(trailer);
        add_line(trailer);
    }

    /// Everything, or the first fault.
    [[nodiscard]] Result<std::string> finish() const;

  private:
    void close_batch();
    [[nodiscard]] RecordWriter trailer_record() const;
    void add_line(const RecordWriter& record);

    const Layout& layout_;
    Direction direction_;
    std::string bytes_;
    int lines_ = 0;
    int details_ = 0;  // In the batch.
    std::optional<Fault> fault_;
};

}  // namespace causeway::connectors::cnab
