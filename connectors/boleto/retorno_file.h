// SPDX-License-Identifier: Apache-2.0
//
// What a bank's file of what happened means to us.
//
// A rejection is of an entry or of an instruction, and only the first ends a boleto. Itaú does not
// say what was paid, only what it credited: the tariff that it kept is added again.
#pragma once

#include "connectors/boleto/cnab/event.h"
#include "connectors/boleto/config.h"
#include "connectors/files.h"

#include <string>
#include <vector>

namespace causeway::connectors::boleto {

/// Which file an event stands in.
struct FileIdentity {
    std::int64_t sequence = 0;
    Day made_on{};
};

/// What a line means: what happened, and where it is not a line of money or of fees what the bank
/// takes for that. Their ids are those of every such line of the title in the file.
///
/// A tariff beside an entry (02) and one that a line of tariffs names for the same title with the
/// same amount are two tellings of one.
/// Source: public readers of Bradesco's files, which take columns 176 to 188 of a retorno for the
/// charge of occurrences 02 and 28.
/// Errors: `invalid_argument` when the line says less than it must; the detail is for a LineFault.
[[nodiscard]] Result<std::vector<Notice>> notices_of(const BoletoConfig& config,
                                                     const FileIdentity& file,
                                                     const cnab::Event& event);

/// As FileExchange::read(). A file of another account or contract is refused as a whole.
[[nodiscard]] Result<void> read_retorno_file(const BoletoConfig& config,
                                             std::string_view bytes,
                                             const FileSink& sink);

}  // namespace causeway::connectors::boleto
