// SPDX-License-Identifier: Apache-2.0
//
// Titles as the tests of the bank order them: right unless they are meant not to be.
#pragma once

#include "connectors/boleto/sandbox/books.h"

#include <string>

namespace causeway::connectors::boleto::sandbox {

inline Day on(const char* text) {
    return *parse_day(text);
}

/// `sequence` up to 99999.
inline std::string number_at(cnab::LayoutId layout, int sequence) {
    std::string tail = std::to_string(sequence);
    const std::size_t size = layout == cnab::LayoutId::itau400       ? 8
                             : layout == cnab::LayoutId::bradesco400 ? 11
                                                                     : 10;
    tail.insert(0, size - tail.size(), '0');
    return layout == cnab::LayoutId::bb240 ? "1234567" + tail : tail;
}

/// R$ 100,00, due on Friday 2026-11-27, fine 2 %, interest 1 % a month.
inline SlipOrder some_order(cnab::LayoutId layout, int sequence = 1) {
    SlipOrder order;
    order.our_number = number_at(layout, sequence);
    order.wallet = sample_house(layout).beneficiary.wallet;
    order.document = "DOC" + std::to_string(sequence);
    order.control = "ORDER-" + std::to_string(sequence);
    order.terms = {
        .face = 10'000, .due = on("2026-11-27"), .fine_bps = 200, .interest_month_bps = 100};
    order.payable_until = on("2026-12-27");
    order.issued = on("2026-11-23");
    order.payer = {.name = "Maria da Silva",
                   .document = "52998224725",
                   .street = "Rua das Flores, 1",
                   .city = "Recife",
                   .state = "PE",
                   .postal_code = "50030230"};
    return order;
}

}  // namespace causeway::connectors::boleto::sandbox
