// SPDX-License-Identifier: Apache-2.0
//
// Source: FEBRABAN CNAB 240 version 10.06, C004, C044 and C047. Movement 10 also stops a protest;
// which of the two writes the title off is for the bank to say, so it is not sent. Reason 61 is
// younger than that version: read in the tables of two public readers of later ones.
#include "connectors/boleto/cnab/codes.h"

namespace causeway::connectors::cnab {
namespace {

using enum EventClass;

constexpr CodeText kRefusals[] = {
    {"01", "bank code invalid"},
    {"08", "nosso número invalid"},
    {"09", "nosso número used already"},
    {"10", "wallet invalid"},
    {"16", "due date invalid"},
    {"17", "due date invalid"},
    {"18", "due date invalid"},
    {"20", "amount invalid"},
    {"21", "espécie invalid"},
    {"22", "espécie invalid"},
    {"24", "issue date invalid"},
    {"25", "issue date invalid"},
    {"33", "abatement invalid"},
    {"34", "abatement invalid"},
    {"45", "payer name missing"},
    {"46", "payer CPF or CNPJ invalid"},
    {"47", "payer address missing"},
    {"48", "postal code invalid"},
    {"49", "postal code invalid"},
    {"50", "postal code invalid"},
    {"51", "postal code invalid"},
    {"60", "title unknown"},
    {"63", "registered already"},
    {"86", "seu número invalid"},
    {"A4", "the payer is shown it electronically (DDA)"},
    {"A5", "settled already"},
    {"A6", "agreement with the bank"},
};

constexpr CodeText kFees[] = {
    {"02", "upkeep of an overdue title"},
    {"03", "stop of protest"},
    {"04", "protest"},
    {"08", "notary costs of protest"},
    {"09", "notary costs of a stop"},
    {"13", "registration"},
};

constexpr CodeText kSettlements[] = {
    {"01", "by balance"},
    {"03", "in cash"},
    {"04", "electronic clearing"},
    {"06", "electronic"},
    {"08", "at a notary"},
    {"30", "by cheque"},
    {"31", "at a correspondent"},
    {"32", "at a cash machine"},
    {"33", "on the internet"},
    {"34", "office banking"},
    {"37", "by phone"},
    {"61", "by Pix"},
};

constexpr CodeText kWriteOffs[] = {
    {"09", "by the bank"},
    {"10", "by our file"},
    {"11", "by us online"},
    {"12", "term expired"},
    {"13", "term expired"},
    {"14", "protested"},
    {"15", "excluded"},
};

constexpr Occurrence kOccurrences[] = {
    {"02", registered, "registered", kRefusals},
    {"03", rejected, "registration rejected", kRefusals},
    {"04", info, "moved to another wallet", {}},
    {"05", info, "moved to another wallet", {}},
    {"06", paid, "paid", kSettlements},
    {"07", changed, "discount granted", {}},
    {"08", changed, "discount cancelled", {}},
    {"09", written_off, "written off", kWriteOffs},
    {"11", info, "open", {}},
    {"12", changed, "abatement granted", {}},
    {"13", changed, "abatement cancelled", {}},
    {"14", changed, "due date changed", {}},
    {"17", paid, "paid after write-off or unregistered", kSettlements},
    {"19", protest, "protest instruction received", {}},
    {"20", protest, "stop of protest received", {}},
    {"23", protest, "sent to a notary", {}},
    {"24", protest, "removed from the notary", {}},
    {"25", protest, "protested and written off", {}},
    {"26", rejected, "instruction rejected", kRefusals},
    {"27", changed, "other data changed", {}},
    {"28", fee, "fees and costs", kFees},
    {"29", info, "from the payer", {}},
    {"30", rejected, "change rejected", kRefusals},
    {"44", reversed, "cheque returned", {}},
    {"45", info, "cheque cleared", {}},
    {"50", pending, "paid by cheque, not cleared yet", {}},
    {"51", info, "payer recognised it (DDA)", {}},
    {"52", info, "payer did not recognise it (DDA)", {}},
    {"53", info, "payer refused it (DDA)", {}},
    {"61", changed, "amount changed", {}},
    {"63", protest, "stopped by a court", {}},
};

constexpr CommandCode kCommands[] = {
    {Command::register_title, "01"},
    {Command::write_off, "02"},
    {Command::grant_abatement, "04"},
    {Command::cancel_abatement, "05"},
    {Command::change_due_date, "06"},
    {Command::protest, "09"},
    {Command::stop_protest, "11"},
    {Command::change_terms, "31"},
};

constexpr Codes kCodes{.occurrences = kOccurrences,
                       .commands = kCommands,
                       .pix_errors = {},
                       .reason_is_channel = true};

}  // namespace

const Codes& bb240_codes() noexcept {
    return kCodes;
}

}  // namespace causeway::connectors::cnab
