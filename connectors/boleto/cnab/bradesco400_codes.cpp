// SPDX-License-Identifier: Apache-2.0
//
// Source: Bradesco manual 4008.524.0121, version 11. The codes of commands, reason 04, the reasons
// of payments and write-offs, and those of Pix (P1 to P8): ACBr (ACBrBancoBradesco.pas); the first
// two in the constants of eduardokum/laravel-boleto as well. Other reasons carry no text.
#include "connectors/boleto/cnab/codes.h"

namespace causeway::connectors::cnab {
namespace {

using enum EventClass;

constexpr CodeText kConfirmedReasons[] = {
    {"00", "accepted"},
    {"76", "the payer is shown it electronically (DDA)"},
    {"P1", "registered with a Pix code"},
    {"P2", "registered without a Pix code"},
    {"P3", "Pix key invalid"},
    {"P4", "Pix key not in the DICT"},
    {"P5", "Pix key of another CPF, CNPJ or account"},
    {"P6", "txid used already"},
    {"P7", "txid invalid or unknown"},
    {"P8", "not allowed: the Pix code is paid or removed"},
};

constexpr CodeText kPaidReasons[] = {
    {"15", "by cheque"},
};

constexpr CodeText kBranchReasons[] = {
    {"14", "protested"},
    {"15", "excluded"},
    {"16", "term expired"},
    {"20", "moved to discount"},
};

constexpr CodeText kChangeReasons[] = {
    {"P8", "not allowed: the Pix code is paid or removed"},
};

constexpr CodeText kEntryReasons[] = {
    {"02", "record code invalid"},
    {"03", "occurrence invalid"},
    {"04", "occurrence not allowed for this wallet"},
    {"05", "occurrence not numeric"},
    {"07", "branch or account invalid"},
    {"08", "nosso número invalid"},
    {"09", "nosso número used already"},
    {"10", "wallet invalid"},
    {"13", "way of issue invalid"},
    {"16", "due date invalid"},
    {"18", "due date out of range"},
    {"20", "amount invalid"},
    {"21", "espécie invalid"},
    {"22", "espécie not allowed for this wallet"},
    {"24", "issue date invalid"},
    {"28", "discount code invalid"},
    {"38", "protest term invalid"},
    {"44", "beneficiary branch unknown"},
    {"45", "payer name missing"},
    {"46", "payer CPF or CNPJ invalid"},
    {"47", "payer address missing"},
    {"48", "postal code invalid"},
    {"50", "postal code served by another bank"},
    {"63", "registered already"},
    {"65", "limit exceeded"},
};

constexpr Occurrence kOccurrences[] = {
    {"02", registered, "registered", kConfirmedReasons},
    {"03", rejected, "registration rejected", kEntryReasons},
    {"06", paid, "paid", kPaidReasons},
    {"09", written_off, "written off by file", {}},
    {"10", written_off, "written off by the branch", kBranchReasons},
    {"11", info, "open", {}},
    {"12", changed, "abatement granted", kChangeReasons},
    {"13", changed, "abatement cancelled", kChangeReasons},
    {"14", changed, "due date changed", kChangeReasons},
    {"15", paid, "paid at a notary", kPaidReasons},
    {"16", pending, "paid by cheque, not cleared yet", {}},
    {"17", paid, "paid after write-off or unregistered", kPaidReasons},
    {"18", info, "depositary corrected", {}},
    {"19", protest, "protest instruction received", {}},
    {"20", protest, "stop of protest received", {}},
    {"21", changed, "control number changed", {}},
    {"22", reversed, "payment cancelled", {}},
    {"23", protest, "sent to a notary", {}},
    {"24", rejected, "registration rejected for its postal code", {}},
    {"25", protest, "bankruptcy protest received", {}},
    {"27", rejected, "write-off rejected", {}},
    {"28", fee, "fees and costs", {}},
    {"29", info, "from the payer", {}},
    {"30", rejected, "change rejected", {}},
    {"32", rejected, "instruction rejected", {}},
    {"33", changed, "other data changed", {}},
    {"34", protest, "removed from the notary", {}},
    {"35", info, "debit unscheduled", {}},
    {"40", reversed, "payment reversed", {}},
    {"55", protest, "stopped by a court", {}},
    {"68", info, "split corrected", {}},
    {"69", info, "split cancelled", {}},
    {"73", info, "negative listing confirmed", {}},
    {"74", info, "end of the negative listing confirmed", {}},
};

constexpr CommandCode kCommands[] = {
    {Command::register_title, "01"},
    {Command::write_off, "02"},
    {Command::grant_abatement, "04"},
    {Command::cancel_abatement, "05"},
    {Command::change_due_date, "06"},
    {Command::protest, "09"},
    {Command::stop_protest, "19"},
    {Command::stop_protest_and_write_off, "18"},
    {Command::change_terms, "31"},
};

constexpr Codes kCodes{.occurrences = kOccurrences,
                       .commands = kCommands,
                       .pix_errors = {},
                       .reason_is_channel = false};

}  // namespace

const Codes& bradesco400_codes() noexcept {
    return kCodes;
}

}  // namespace causeway::connectors::cnab
