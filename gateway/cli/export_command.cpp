// SPDX-License-Identifier: Apache-2.0
#include "gateway/cli/export_command.h"

#include "ledger/exports/journal_export.h"

#include <memory>
#include <utility>

namespace causeway::gateway {

CommandOutput ledger_export(CommandContext& context, const CommandRequest& request) {
    const Result<ledger::ExportFormat> format =
        ledger::parse_export_format(request.option("format"));
    if (!format) return failed(format.error());
    Result<std::unique_ptr<ledger::JournalExport>> begun =
        ledger::JournalExport::begin(context.database, *format);
    if (!begun) return failed(begun.error());
    CommandOutput output;
    output.pieces = [running = std::shared_ptr(*std::move(begun))](std::string& piece) {
        return running->next(piece);
    };
    return output;
}

}  // namespace causeway::gateway
