// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ledger/exports/journal_export.h"
#include "ledger/store/database.h"

#include <stdexcept>
#include <string>

namespace causeway::test {

/// The whole export. Throws when it fails.
inline std::string exported(ledger::Database& database, ledger::ExportFormat format) {
    auto made = ledger::JournalExport::begin(database, format);
    if (!made) throw std::runtime_error(made.error().detail());
    std::string all;
    while (true) {
        const Result<bool> more = (*made)->next(all);
        if (!more) throw std::runtime_error(more.error().detail());
        if (!*more) return all;
    }
}

}  // namespace causeway::test
