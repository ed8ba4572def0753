// SPDX-License-Identifier: Apache-2.0
#include "gateway/cli/command_table.h"

#include "gateway/cli/chain_commands.h"
#include "gateway/cli/connector_commands.h"
#include "gateway/cli/customer_commands.h"
#include "gateway/cli/db_commands.h"
#include "gateway/cli/doctor.h"
#include "gateway/cli/export_command.h"
#include "gateway/cli/fx_books_commands.h"
#include "gateway/cli/fx_commands.h"
#include "gateway/cli/history_commands.h"
#include "gateway/cli/key_commands.h"
#include "gateway/cli/ledger_commands.h"
#include "gateway/cli/merchant_commands.h"
#include "gateway/cli/payment_commands.h"
#include "gateway/cli/webhook_commands.h"
#include "gateway/collections/receipt_commands.h"
#include "gateway/notifications/notification_commands.h"
#include "gateway/provider_files/file_commands.h"
#include "gateway/reconcile/reconcile_commands.h"
#include "gateway/settlement/settlement_commands.h"

#include <array>
#include <utility>

namespace causeway::gateway {
namespace {

using Function = CommandOutput (*)(CommandContext&, const CommandRequest&);

constexpr std::array<std::pair<std::string_view, Function>, 62> kCommands{{
    {"db backup", db_backup},
    {"merchants create", merchants_create},
    {"merchants list", merchants_list},
    {"merchants show", merchants_show},
    {"keys create", keys_create},
    {"webhooks list", webhooks_list},
    {"webhooks create", webhooks_create},
    {"webhooks delete", webhooks_delete},
    {"webhooks rotate", webhooks_rotate},
    {"events list", events_list},
    {"events show", events_show},
    {"events redeliver", events_redeliver},
    {"events after", events_after},
    {"trigger", trigger_event},
    {"keys list", keys_list},
    {"keys revoke", keys_revoke},
    {"customers create", customers_create},
    {"customers list", customers_list},
    {"customers show", customers_show},
    {"connectors list", connectors_list},
    {"doctor books", doctor_books},
    {"payments list", payments_list},
    {"payments show", payments_show},
    {"payments decide", payments_decide},
    {"payments capture", payments_capture},
    {"payments cancel", payments_cancel},
    {"refunds list", refunds_list},
    {"refunds create", refunds_create},
    {"disputes list", disputes_list},
    {"disputes show", disputes_show},
    {"disputes accept", disputes_accept},
    {"disputes evidence", disputes_evidence},
    {"fx import", fx_import},
    {"fx fetch", fx_fetch},
    {"fx held", fx_held},
    {"fx release", fx_release},
    {"fx reject", fx_reject},
    {"fx rates", fx_rates},
    {"fx quote", fx_quote},
    {"fx convert", fx_convert},
    {"fx positions", fx_positions},
    {"fx trade", fx_trade},
    {"fx revalue", fx_revalue},
    {"notifications list", notifications_list},
    {"notifications show", notifications_show},
    {"boleto remessa", boleto_remessa},
    {"boleto retorno", boleto_retorno},
    {"receipts list", receipts_list},
    {"receipts decide", receipts_decide},
    {"settle run", settle_run},
    {"settle show", settle_show},
    {"settle report", settle_report},
    {"reconcile run", reconcile_run},
    {"reconcile show", reconcile_show},
    {"reconcile exceptions", reconcile_exceptions},
    {"ledger verify", ledger_verify},
    {"ledger trial-balance", ledger_trial_balance},
    {"ledger statement", ledger_statement},
    {"ledger entry", ledger_entry},
    {"ledger export", ledger_export},
    {"ledger head", ledger_head},
    {"ledger prove", ledger_prove},
}};

}  // namespace

CommandOutput run_command(CommandContext& context, const CommandRequest& request) {
    for (const auto& [name, function] : kCommands) {
        if (name == request.name) return function(context, request);
    }
    return usage_error("unknown command: " + request.name);
}

}  // namespace causeway::gateway
