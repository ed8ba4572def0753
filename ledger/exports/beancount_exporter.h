// SPDX-License-Identifier: Apache-2.0
//
// Beancount's format. It ends with a balance assertion for each account, on the day after the last
// entry: bean-check then compares the journal's own balances with the sum of the lines, to the
// unit.
//
// Source: "Beancount Language Syntax"; tests/ledger/exports/judges_test.cpp asks the program
// itself.
#pragma once

#include "ledger/exports/exporter.h"

namespace causeway::ledger {

class BeancountExporter final : public Exporter {
  public:
    void begin(const ExportStart& start, std::string& out) override;
    void account(const AccountKey& account, std::string& out) override;
    [[nodiscard]] Result<void> entry(const ExportedEntry& entry, std::string& out) override;
    void balance(const AccountKey& account, std::int64_t minor_units, std::string& out) override;
    void end(std::int64_t entry_count, std::string& out) override;

  private:
    Day first_;
    Day last_;
    bool asserting_ = false;
};

}  // namespace causeway::ledger
