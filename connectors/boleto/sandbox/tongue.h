// SPDX-License-Identifier: Apache-2.0
//
// What the three banks call the same things: occurrences, reasons and ways of paying. Kept apart
// from the codec's tables on purpose: those say what a code means to us, these what a bank writes.
#pragma once

#include "connectors/boleto/cnab/layout.h"

#include <string_view>

namespace causeway::connectors::boleto::sandbox {

enum class HappeningKind {
    registered,
    rejected,
    paid,
    paid_in_part,
    paid_at_notary,
    paid_by_pix,
    paid_unexpected,  ///< For a title that is paid, written off or unknown.
    written_off,
    written_off_by_bank,
    write_off_refused,
    instruction_refused,
    change_refused,
    abatement_granted,
    abatement_cancelled,
    due_date_changed,
    terms_changed,
    protest_received,
    protest_stopped,
    sent_to_notary,
    reversed,
    fee,
};

/// Empty when the bank does not tell of it.
[[nodiscard]] std::string_view occurrence_of(cnab::LayoutId bank, HappeningKind kind) noexcept;

enum class Refusal {
    agreement,
    wallet,
    number_invalid,
    number_used,
    number_twice,  ///< In one file.
    amount,
    due_date,
    issue_date,
    discount,
    payer_name,
    payer_document,
    street,
    state,
    postal_code,
    no_pix,
    title_unknown,
    title_paid,
    title_written_off,
    not_overdue,
    not_in_protest,
    other_account,
};

/// The bank's own reason.
[[nodiscard]] std::string_view reason_of(cnab::LayoutId bank, Refusal refusal) noexcept;
/// The API's name of what is wrong: "cep".
[[nodiscard]] std::string_view field_of(Refusal refusal) noexcept;
/// For people, in the bank's language.
[[nodiscard]] std::string_view message_of(Refusal refusal) noexcept;

/// "internet", "caixa", "loterica", "autoatendimento", "cartorio" or "pix".
[[nodiscard]] bool is_channel(std::string_view name) noexcept;
[[nodiscard]] std::string_view channel_code(cnab::LayoutId bank, std::string_view name) noexcept;

/// The reason of an occurrence `fee` for a registration; empty where the bank gives none.
[[nodiscard]] std::string_view registration_fee_reason(cnab::LayoutId bank) noexcept;

}  // namespace causeway::connectors::boleto::sandbox
