// SPDX-License-Identifier: Apache-2.0
//
// What a field means, whatever a bank calls it and wherever it puts it. A layout table gives each
// of its fields at most one role, and all other code asks for roles: there is no position and no
// field name of a bank outside the tables.
#pragma once

#include <cstdint>

namespace causeway::connectors::cnab {

enum class Role : std::uint8_t {
    none,
    // The skeleton of a file.
    record_type,
    segment,
    batch,
    line_sequence,  ///< CNAB 400: from 1 in the file. CNAB 240: from 1 in the batch.
    direction,      ///< '1' remessa, '2' retorno.
    operation,      ///< 'R' remessa, 'T' retorno, in a batch header.
    literal,
    service,  ///< '01': collection.
    service_literal,
    bank_code,
    // The file and the account it is for.
    file_sequence,
    generated_on,
    generated_at,
    file_credit_on,
    beneficiary_name,
    beneficiary_document_type,
    beneficiary_document,
    company_code,
    agreement,
    wallet,
    wallet_variation,
    branch,
    branch_digit,
    account,
    account_digit,
    // A title.
    occurrence,
    control,  ///< Uso da empresa: ours, 25 characters.
    our_number,
    our_number_digit,
    our_number_copy,  ///< Written like `our_number`; read to compare, in records beside the title.
    our_number_digit_copy,
    our_number_repeated,  ///< With its digit, in one field of the title's own record.
    document,             ///< Seu número.
    due_on,
    title_amount,
    kind,
    issued_on,
    first_instruction,
    second_instruction,
    days,
    protest_kind,
    abatement,
    interest_kind,
    interest_on,
    interest,
    discount_kind,
    discount_on,
    discount,
    fine_kind,
    fine_on,
    fine,
    payer_document_type,
    payer_document,
    payer_name,
    payer_street,
    payer_district,
    postal_code,
    postal_code_suffix,
    payer_city,
    payer_state,
    guarantor_name,
    pix_key,
    pix_location,
    // What a bank reports.
    occurred_on,
    credit_on,
    tariff,
    other_expenses,
    operation_interest,
    tax,
    paid,
    credited,
    other_credits,
    reasons,
    channel,
    pix_code,
    pix_error,
    pix_url,
    pix_txid,
    // Trailers.
    title_count,
    file_control,
    stated_total,
    batch_records,
    batch_count,
    file_records,
    count_02,
    count_06,
    count_09_10,
    count_12,
    count_13,
    count_14,
    count_19,
    count_of_roles,
};

}  // namespace causeway::connectors::cnab
