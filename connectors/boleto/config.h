// SPDX-License-Identifier: Apache-2.0
//
// What a boleto connector was told: the account and the contract with the bank, the numbers that
// are ours to give, and what holds for a boleto unless the merchant wishes otherwise.
#pragma once

#include "connectors/boleto/free_field.h"
#include "connectors/boleto/title.h"
#include "connectors/codes/brazil.h"
#include "connectors/operation.h"
#include "connectors/registry.h"
#include "ledger/result.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace causeway::connectors::boleto {

/// How a bank is reached that registers boletos by its interface.
struct BankAddress {
    std::string host = "127.0.0.1";
    std::int64_t port = 0;
    bool tls = true;      ///< False only to a loopback address.
    std::string ca_file;  ///< Empty: the system's authorities.
    std::string certificate_file;
    std::string private_key_file;
    std::string token;
};

struct BoletoConfig {
    CommonSettings common;
    BankAccount at;
    std::string branch_digit;
    std::string account_digit;
    std::string wallet_variation;  ///< Banco do Brasil.
    std::string company_code;      ///< Bradesco.
    std::string beneficiary_name;
    std::string beneficiary_tax_id;  ///< Without punctuation.
    codes::BrazilianAddress beneficiary_address;

    bool by_file = true;            ///< Registered by the remessa; else by the bank's interface.
    std::int64_t number_first = 1;  ///< The nosso números that are this connector's own.
    std::int64_t number_last = 0;
    std::string species = "DM";

    std::int64_t due_days = 3;        ///< Without a wish.
    std::int64_t due_days_max = 365;  ///< So far ahead may a due date lie.
    std::int64_t open_days = 30;      ///< Payable so long after it.
    std::int64_t fine_bps = 0;
    std::int64_t fine_bps_max = 200;
    std::int64_t interest_month_bps = 0;
    std::int64_t interest_month_bps_max = 100;
    /// The bank's own, written into the remessa as they are; at most two.
    std::vector<std::string> instruction_codes;
    std::int64_t instruction_days = 0;

    bool hybrid = false;  ///< With a Pix code beside the barcode.
    std::string pix_key;
    BankAddress bank;
    std::string webhook_secret;
};

[[nodiscard]] ledger::Currency brl();

/// What one boleto can ask for: what its barcode holds beside a due date, and the bank takes.
/// Units: centavos.
[[nodiscard]] std::int64_t amount_max(const BoletoConfig& config) noexcept;

/// How many digits the beneficiary's part of a nosso número has. Requires a known agreement size.
[[nodiscard]] std::size_t number_size(const BankAccount& at) noexcept;

/// The nosso número of the operation with this sequence, as the bank's files name it; empty when
/// the range has none left.
[[nodiscard]] std::string number_of(const BoletoConfig& config, std::int64_t sequence);

/// The beneficiary's part of a nosso número of ours.
///
/// Errors: `invalid_argument` when it is not such a number, or outside of the range.
[[nodiscard]] Result<std::string> own_part(const BoletoConfig& config, std::string_view reference);

/// Seu número: the last digits of ours, without zeros in front.
[[nodiscard]] std::string document_number(const BoletoConfig& config, std::string_view reference);

/// Errors: those of own_part().
[[nodiscard]] Result<Title> title_of(const BoletoConfig& config,
                                     std::string_view reference,
                                     Day due_on,
                                     ledger::Money amount);

/// Of the payer: what the files and the interface call logradouro.
[[nodiscard]] std::string street_of(const PayerAddress& address);

/// The last day on which the instrument may be paid.
[[nodiscard]] Day last_day_of(const CollectionTerms& terms) noexcept;
/// As Collecting::terms_on(). What ends on a day without banks ends on the next one with them. Who
/// pays later than that owes interest from the due date all the same.
/// Source: Lei 7.089/1983, art. 1; Superior Tribunal de Justiça, REsp 1.954.924. For the discount
/// the Manual de Padrões para Iniciação do Pix (bacen/pix-api, issue 412); of boletos none is
/// known.
[[nodiscard]] CollectionTerms terms_on(const CollectionTerms& terms, Day paid_on);

}  // namespace causeway::connectors::boleto
