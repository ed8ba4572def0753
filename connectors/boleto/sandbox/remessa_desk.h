// SPDX-License-Identifier: Apache-2.0
//
// Takes a file of instructions: refuses it whole, or enters what can be entered and rejects the
// rest title by title in the next retorno.
#pragma once

#include "connectors/boleto/sandbox/books.h"
#include "ledger/digest.h"

#include <cstdint>
#include <set>
#include <string>
#include <string_view>

namespace causeway::connectors::boleto::sandbox {

struct RemessaOutcome {
    std::int64_t sequence = 0;  ///< As the file says; 0 where the layout has none.
    int accepted = 0;
    int refused = 0;
};

class RemessaDesk {
  public:
    /// Errors: `invalid_argument` for a file that cannot be read; `conflict` for another account's
    /// and for one that was taken before, by its number or, without one, by its bytes.
    Result<RemessaOutcome> take(BankBooks& books, std::string_view bytes, Timestamp now);

  private:
    std::set<std::int64_t> sequences_;
    std::set<std::string> bytes_;
};

}  // namespace causeway::connectors::boleto::sandbox
