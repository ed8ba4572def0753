// SPDX-License-Identifier: Apache-2.0
//
// The files that leave the house: an exported head and a proof, as JSON. docs/chain.md is the
// contract; reading is strict, so that there is nothing in a file that was not checked.
#pragma once

#include "ledger/chain/proof.h"
#include "ledger/result.h"

#include <string>
#include <string_view>

namespace causeway::gateway {

[[nodiscard]] std::string head_file(const ledger::SignedHead& head);
/// Errors: `integrity`, saying what is wrong with the form; its contents are unchecked.
[[nodiscard]] Result<ledger::SignedHead> parse_head_file(std::string_view text);

[[nodiscard]] std::string proof_file(const ledger::Proof& proof);
/// Errors: `integrity`, saying what is wrong with the form; its contents are unchecked.
[[nodiscard]] Result<ledger::Proof> parse_proof_file(std::string_view text);

}  // namespace causeway::gateway
