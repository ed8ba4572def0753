// SPDX-License-Identifier: Apache-2.0
//
// The journal format of hledger. A transaction's date is the day on which it was recorded, because
// that never runs backwards; the day on which it took effect is its second date.
//
// Source: hledger's manual, "journal format"; tests/ledger/exports/judges_test.cpp asks the
// program itself.
#pragma once

#include "ledger/exports/exporter.h"

namespace causeway::ledger {

class HledgerExporter final : public Exporter {
  public:
    void begin(const ExportStart& start, std::string& out) override;
    void account(const AccountKey& account, std::string& out) override;
    [[nodiscard]] Result<void> entry(const ExportedEntry& entry, std::string& out) override;
    /// Nothing: here a balance is asserted by a posting alone, and that would be one more entry.
    void balance(const AccountKey& account, std::int64_t minor_units, std::string& out) override;
    void end(std::int64_t entry_count, std::string& out) override;
};

}  // namespace causeway::ledger
