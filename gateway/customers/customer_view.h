// SPDX-License-Identifier: Apache-2.0
//
// A customer as the API shows it: an address and a date of birth went in and do not come out.
#pragma once

#include "gateway/customers/customers_store.h"
#include "gateway/http/json_reader.h"

#include <string>

namespace causeway::gateway {

[[nodiscard]] std::string render_customer(const Customer& customer);

/// As an event tells of it. Events lie open in the database and go to receivers' logs: who the
/// customer is, only the API says, by its id.
[[nodiscard]] std::string render_customer_in_event(const Customer& customer);

/// Reads the body of POST /v1/customers; what is wrong goes into the reader's errors.
[[nodiscard]] Customer read_new_customer(ObjectReader& body);

}  // namespace causeway::gateway
