// SPDX-License-Identifier: Apache-2.0
#include "ledger/exports/exporter.h"

#include "ledger/exports/beancount_exporter.h"
#include "ledger/exports/csv_exporter.h"
#include "ledger/exports/hledger_exporter.h"

namespace causeway::ledger {

Result<ExportFormat> parse_export_format(std::string_view text) {
    if (text == "hledger") return ExportFormat::hledger;
    if (text == "beancount") return ExportFormat::beancount;
    if (text == "csv") return ExportFormat::csv;
    return Error(ErrorCode::invalid_argument, "the format must be hledger, beancount or csv");
}

std::unique_ptr<Exporter> make_exporter(ExportFormat format) {
    switch (format) {
        case ExportFormat::hledger: return std::make_unique<HledgerExporter>();
        case ExportFormat::beancount: return std::make_unique<BeancountExporter>();
        case ExportFormat::csv: break;
    }
    return std::make_unique<CsvExporter>();
}

}  // namespace causeway::ledger
