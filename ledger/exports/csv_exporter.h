// SPDX-License-Identifier: Apache-2.0
//
// One row for each line of each entry, of every type, with everything the chain's hash speaks of:
// who has this file alone can compute every hash again (docs/chain.md).
#pragma once

#include "ledger/exports/exporter.h"

namespace causeway::ledger {

class CsvExporter final : public Exporter {
  public:
    void begin(const ExportStart& start, std::string& out) override;
    void account(const AccountKey& account, std::string& out) override;
    [[nodiscard]] Result<void> entry(const ExportedEntry& entry, std::string& out) override;
    void balance(const AccountKey& account, std::int64_t minor_units, std::string& out) override;
    void end(std::int64_t entry_count, std::string& out) override;

  private:
    // Used again for each row.
    std::string head_;
    std::string tail_;
    std::string cell_;
};

}  // namespace causeway::ledger
