// SPDX-License-Identifier: Apache-2.0
//
// What a merchant may say in a dispute: a JSON object of texts. What they are called is between the
// merchant and the scheme.
#pragma once

#include "gateway/http/json_reader.h"

#include <boost/json/object.hpp>

#include <vector>

namespace causeway::gateway {

/// What is wrong with it; nothing when it may be kept.
[[nodiscard]] std::vector<FieldError> check_evidence(const boost::json::object& evidence);

}  // namespace causeway::gateway
