// SPDX-License-Identifier: Apache-2.0
//
// GET /documents/{payment}/{key}/{format}: the boleto to print, its barcode, the QR code.
//
// No API key: buyers open it. The key in the address is 128 bits that only the merchant and the
// buyer were given, and is compared in constant time; a wrong one looks like no document at all.
#pragma once

#include "connectors/net/http.h"
#include "gateway/payments/steps.h"
#include "ledger/store/database.h"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/thread_pool.hpp>

#include <string>

namespace causeway::gateway {

struct DocumentAddress {
    std::string payment;  ///< "pay_..."
    std::string key;
    std::string format;
};

/// Lifetime: everything borrowed outlives the awaitable.
boost::asio::awaitable<net::HttpResponse> show_document(const Workshop& shop,
                                                        ledger::Database& database,
                                                        boost::asio::thread_pool& readers,
                                                        DocumentAddress address,
                                                        std::string request_id);

}  // namespace causeway::gateway
