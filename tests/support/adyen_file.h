// SPDX-License-Identifier: Apache-2.0
//
// Settlement details files as Adyen writes them, with a place to spoil one cell.
#pragma once

#include "ledger/csv.h"

#include <map>
#include <string>
#include <vector>

namespace causeway::test {

inline const std::vector<std::string>& adyen_columns() {
    static const std::vector<std::string> names{
        "Company Account",
        "Merchant Account",
        "Psp Reference",
        "Merchant Reference",
        "Payment Method",
        "Creation Date",
        "TimeZone",
        "Type",
        "Modification Reference",
        "Gross Currency",
        "Gross Debit (GC)",
        "Gross Credit (GC)",
        "Exchange Rate",
        "Net Currency",
        "Net Debit (NC)",
        "Net Credit (NC)",
        "Commission (NC)",
        "Markup (NC)",
        "Scheme Fees (NC)",
        "Interchange (NC)",
        "Payment Method Variant",
        "Modification Merchant Reference",
        "Batch Number",
    };
    return names;
}

using AdyenRow = std::map<std::string, std::string>;

/// USD 100.00 captured on 2026-04-13 at a cost of 0.30, in batch 1.
inline AdyenRow adyen_settled(const std::string& psp, const std::string& modification) {
    return {{"Company Account", "Acme"},
            {"Merchant Account", "AcmeNL"},
            {"Psp Reference", psp},
            {"Merchant Reference", "ORDER, \"1\""},
            {"Payment Method", "visa"},
            {"Creation Date", "2026-04-13 10:01:00"},
            {"TimeZone", "UTC"},
            {"Type", "Settled"},
            {"Modification Reference", modification},
            {"Gross Currency", "USD"},
            {"Gross Credit (GC)", "100.00"},
            {"Exchange Rate", "1"},
            {"Net Currency", "USD"},
            {"Net Credit (NC)", "99.70"},
            {"Markup (NC)", "0.05"},
            {"Scheme Fees (NC)", "0.05"},
            {"Interchange (NC)", "0.20"},
            {"Batch Number", "1"}};
}

/// USD 25.00 given back, without cost.
inline AdyenRow adyen_refunded(const std::string& psp, const std::string& modification) {
    AdyenRow row = adyen_settled(psp, modification);
    row["Type"] = "Refunded";
    for (const char* name : {"Gross Credit (GC)",
                             "Net Credit (NC)",
                             "Markup (NC)",
                             "Scheme Fees (NC)",
                             "Interchange (NC)"})
        row[name].clear();
    row["Gross Debit (GC)"] = row["Net Debit (NC)"] = "25.00";
    return row;
}

/// The whole balance leaves for the bank.
inline AdyenRow adyen_payout(const std::string& amount, const std::string& currency = "USD") {
    return {{"Company Account", "Acme"},
            {"Merchant Account", "AcmeNL"},
            {"Creation Date", "2026-04-14 01:00:00"},
            {"TimeZone", "UTC"},
            {"Type", "MerchantPayout"},
            {"Net Currency", currency},
            {"Net Debit (NC)", amount},
            {"Batch Number", "1"}};
}

inline std::string adyen_file(const std::vector<AdyenRow>& rows,
                              const std::vector<std::string>& columns = adyen_columns()) {
    std::string out;
    ledger::CsvWriter csv(out);
    for (const std::string& name : columns)
        csv.cell(name);
    csv.end_row();
    for (const AdyenRow& row : rows) {
        for (const std::string& name : columns) {
            const auto cell = row.find(name);
            csv.cell(std::string_view(cell == row.end() ? std::string_view() : cell->second));
        }
        csv.end_row();
    }
    return out;
}

}  // namespace causeway::test
