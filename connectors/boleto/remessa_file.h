// SPDX-License-Identifier: Apache-2.0
//
// What we tell a bank by file: the boletos to register and to write off, and the file's name.
#pragma once

#include "connectors/boleto/cnab/instruction.h"
#include "connectors/boleto/cnab/layout.h"
#include "connectors/boleto/config.h"
#include "connectors/files.h"

namespace causeway::connectors::boleto {

[[nodiscard]] cnab::LayoutId layout_of(Bank bank) noexcept;

[[nodiscard]] cnab::Beneficiary file_beneficiary(const BoletoConfig& config);

/// The bank's code for "DM" and "DS"; empty for others.
[[nodiscard]] std::string_view species_code(Bank bank, std::string_view species) noexcept;

/// Requires an operation of kind `collect` or `withdraw` as the gateway hands it out.
///
/// Errors: `invalid_argument`, `amount_overflow`.
[[nodiscard]] Result<cnab::Instruction> instruction_of(const BoletoConfig& config,
                                                       const Operation& operation);

/// As FileExchange::write().
[[nodiscard]] Result<WrittenFile> write_remessa_file(const BoletoConfig& config,
                                                     const FileOrder& order);

}  // namespace causeway::connectors::boleto
