// SPDX-License-Identifier: Apache-2.0
//
// From what happened on a day to the bytes of a retorno in the bank's layout, and the same bytes
// spoilt in one place.
#pragma once

#include "connectors/boleto/sandbox/books.h"

#include <cstdint>
#include <string>
#include <vector>

namespace causeway::connectors::boleto::sandbox {

struct RetornoFile {
    std::int64_t number = 0;  ///< Of the bank's files for this account, from 1.
    Day day{};
    Day credit_on{};
    std::vector<Happening> happenings = {};
};

/// What the bank does not tell in its layout is left out.
///
/// Errors: `invalid_argument` as cnab::write_retorno().
[[nodiscard]] Result<std::string> write_retorno_of(const HouseConfig& house,
                                                   const RetornoFile& file);

/// The trailer counts one more than there is.
[[nodiscard]] std::string with_wrong_count(const HouseConfig& house, std::string bytes);
/// A title in the middle has letters where its amount should be.
[[nodiscard]] std::string with_bad_line(const HouseConfig& house, std::string bytes);

}  // namespace causeway::connectors::boleto::sandbox
