// SPDX-License-Identifier: Apache-2.0
//
// Source: Itaú, "Cobrança CNAB 400", July 2021: notes 6, 17, 20 (tables 1, 4 and 10) and 41; the
// occurrences and reasons read once more in the bank's text, and in the lists of ACBr and
// eduardokum/laravel-boleto, which agree. Reason 62 stands in the latter alone. The reasons of
// other occurrences are in tables of their own and carry no text here.
#include "connectors/boleto/cnab/codes.h"

namespace causeway::connectors::cnab {
namespace {

using enum EventClass;

constexpr CodeText kEntryReasons[] = {
    {"03", "no branch serves this postal code"},
    {"04", "state invalid"},
    {"05", "due date out of range"},
    {"07", "amount above 10,000,000.00"},
    {"08", "payer name missing"},
    {"09", "branch closed"},
    {"10", "street missing"},
    {"11", "postal code invalid"},
    {"12", "guarantor name missing"},
    {"13", "postal code is of another state"},
    {"14", "nosso número used already or out of range"},
    {"15", "nosso número twice in this file"},
    {"18", "entry date invalid for this wallet"},
    {"19", "occurrence invalid, or Pix not allowed"},
    {"22", "wallet not allowed"},
    {"26", "account not enabled for collection"},
    {"27", "beneficiary CNPJ not in good standing"},
    {"29", "account category invalid"},
    {"30", "entries blocked, account suspended"},
    {"31", "account may not protest"},
    {"35", "tax above 5 percent"},
    {"37", "payer CPF or CNPJ invalid"},
    {"42", "nosso número out of range"},
    {"60", "abatement invalid"},
    {"61", "interest too high"},
    {"62", "discount above the amount"},
    {"63", "daily discount not allowed"},
    {"64", "issue date invalid"},
    {"65", "financing rate invalid"},
    {"66", "due date out of range"},
    {"67", "amount invalid"},
    {"68", "wallet invalid"},
};

constexpr CodeText kConfirmedReasons[] = {
    {"01", "no protest served at this postal code"},
    {"02", "listed later than asked, by a law of the state"},
    {"03", "not discounted, moved to simple collection"},
};

constexpr CodeText kWriteOffReasons[] = {
    {"01", "wallet or number not numeric"},
    {"04", "nosso número twice in this file"},
    {"05", "written off or paid already"},
    {"06", "title unknown"},
    {"07", "title unknown"},
    {"08", "paid, the money not yet released"},
    {"10", "pledged for a loan"},
    {"11", "paid by credit in account, not written off"},
};

constexpr CodeText kPixErrors[] = {
    {"001", "amount too high for Pix"},
    {"002", "not compatible with the CNPJ"},
    {"003", "Pix key invalid"},
    {"004", "Pix key not in the DICT"},
    {"005", "Pix key of another CNPJ"},
    {"006", "QR code not allowed"},
    {"007", "discount date after the due date"},
    {"008", "location in use"},
    {"009", "location made for a cobv"},
    {"010", "not with partial payment"},
    {"011", "wallet not allowed"},
    {"999", "Pix platform failed"},
};

constexpr Occurrence kOccurrences[] = {
    {"02", registered, "registered", kConfirmedReasons},
    {"03", rejected, "registration rejected", kEntryReasons},
    {"04", changed, "change accepted", {}},
    {"05", info, "change of data: written off", {}},
    {"06", paid, "paid", {}},
    {"07", paid, "paid in part", {}},
    {"08", paid, "paid at a notary", {}},
    {"09", written_off, "written off", {}},
    {"10", paid_by_pix, "written off because it was paid by Pix or directly", {}},
    {"11", info, "open", {}},
    {"12", changed, "abatement granted", {}},
    {"13", changed, "abatement cancelled", {}},
    {"14", changed, "due date changed", {}},
    {"15", rejected, "write-off rejected", kWriteOffReasons},
    {"16", rejected, "instruction rejected", {}},
    {"17", rejected, "change rejected", {}},
    {"18", rejected, "contractual instruction rejected", {}},
    {"19", protest, "protest instruction received", {}},
    {"20", protest, "stop of protest received", {}},
    {"21", protest, "no-protest instruction received", {}},
    {"23", protest, "sent to a notary", {}},
    {"24", protest, "protest rejected, stopped or pending", {}, 4},
    {"25", info, "claim of the payer", {}, 4},
    {"26", fee, "fee", {}},
    {"27", fee, "fee", {}},
    {"28", fee, "fee", {}},
    {"29", fee, "fee", {}},
    {"30", fee, "fee", {}},
    {"32", protest, "written off as protested", {}},
    {"33", fee, "notary costs", {}},
    {"34", fee, "notary costs", {}},
    {"35", fee, "notary costs", {}},
    {"36", fee, "notary costs", {}},
    {"37", fee, "fee", {}},
    {"38", fee, "fee", {}},
    {"39", fee, "fee", {}},
    {"40", fee, "fee", {}},
    {"41", fee, "fee", {}},
    {"42", fee, "fee", {}},
    {"43", fee, "fee", {}},
    {"44", fee, "fee", {}},
    {"45", fee, "fee", {}},
    {"46", fee, "fee", {}},
    {"47", written_off, "written off, transferred to discount", {}},
    {"48", fee, "notary costs", {}},
    {"51", fee, "fee", {}},
    {"52", fee, "fee", {}},
    {"53", fee, "fee", {}},
    {"54", fee, "fee", {}},
    {"55", fee, "fee", {}},
    {"56", fee, "notary costs", {}},
    {"57", info, "instruction cancelled", {}, 4},
    {"59", paid, "paid by credit in account", {}},
    {"60", rejected, "registration rejected", kEntryReasons},
    {"61", fee, "fee", {}},
    {"62", fee, "fee", {}},
    {"63", protest, "stopped by a court", {}},
    {"64", registered, "registered with split", {}},
    {"65", pending, "paid by cheque, not cleared yet", {}},
    {"69", reversed, "cheque returned", {}},
    {"71", registered, "registered, being assessed", {}},
    {"72", unmatched, "credit without a title", {}},
    {"73", registered, "registered for simple collection", {}},
    {"74", rejected, "negative listing rejected", {}, 4},
    {"75", info, "negative listing received", {}},
    {"76", info, "cheque cleared", {}},
    {"77", info, "end of the negative listing received", {}},
    {"78", info, "negative listing cancelled", {}},
    {"79", info, "news of the negative listing", {}, 4},
    {"80", fee, "fee of a negative listing", {}},
    {"82", fee, "fee of a negative listing", {}},
    {"83", fee, "fee of a negative listing", {}},
    {"84", fee, "fee", {}},
    {"85", fee, "fee", {}},
    {"86", fee, "fee", {}},
    {"87", fee, "fee", {}},
    {"88", fee, "fee", {}},
    {"89", fee, "fee", {}},
    {"90", fee, "fee", {}},
    {"91", fee, "fee", {}},
    {"92", fee, "fee", {}},
    {"93", fee, "fee", {}},
    {"95", pending, "payment under way, not settled", {}},
};

constexpr CommandCode kCommands[] = {
    {Command::register_title, "01"},
    {Command::register_with_pix, "71"},
    {Command::write_off, "02"},
    {Command::grant_abatement, "04"},
    {Command::cancel_abatement, "05"},
    {Command::change_due_date, "06"},
    {Command::protest, "09"},
    {Command::stop_protest, "18"},
    {Command::change_fine, "49"},
    {Command::change_terms, "31"},
};

constexpr Codes kCodes{.occurrences = kOccurrences,
                       .commands = kCommands,
                       .pix_errors = kPixErrors,
                       .reason_is_channel = false};

}  // namespace

const Codes& itau400_codes() noexcept {
    return kCodes;
}

}  // namespace causeway::connectors::cnab
