// SPDX-License-Identifier: Apache-2.0
//
// Writes the next file for a provider: what was approved since the last one, numbered without a
// gap, in one transaction. Either the file is stored and what it tells has left the queue, or
// nothing happened. What is more than a file holds waits for the next.
//
// An operation that the form can not hold keeps nobody waiting: it leaves the queue, and its
// payment is told that the instrument was refused.
#pragma once

#include "connectors/files.h"
#include "gateway/payments/steps.h"
#include "gateway/provider_files/provider_files_store.h"

#include <optional>
#include <string>
#include <vector>

namespace causeway::gateway {

struct RefusedOperation {
    Uuid operation;
    Uuid payment;
    std::string reference;
    std::string reason;
};

struct WriteOutcome {
    std::optional<ProviderFile> file;  ///< None: there was nothing to tell.
    connectors::WrittenFile content;
    std::vector<RefusedOperation> refused;
    bool more = false;  ///< Something waits that did not fit into this file.
};

/// Errors: `not_found` when the connector exchanges no files; `conflict` when another process wrote
/// a file at the same moment; those of the vault and the storage. Then nothing was changed.
[[nodiscard]] Result<WriteOutcome> write_provider_file(ledger::Transaction& tx,
                                                       const Workshop& shop,
                                                       const std::string& connector,
                                                       Timestamp made);

/// A file as it was written.
///
/// Errors: `not_found`; `integrity` when its seal does not open.
[[nodiscard]] Result<WriteOutcome> write_again(ledger::Transaction& tx,
                                               const Workshop& shop,
                                               const std::string& connector,
                                               std::int64_t sequence);

}  // namespace causeway::gateway
