// SPDX-License-Identifier: Apache-2.0
//
// What the bank keeps of a title: as it was ordered, as it stands, and what was paid on it.
#pragma once

#include "connectors/boleto/sandbox/terms.h"
#include "connectors/boleto/sandbox/tongue.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace causeway::connectors::boleto::sandbox {

struct SlipPayer {
    std::string name;
    std::string document;
    std::string street;
    std::string city;
    std::string state;  ///< Empty where the layout has no column for it.
    std::string postal_code;

    friend bool operator==(const SlipPayer&, const SlipPayer&) = default;
};

struct SlipOrder {
    std::string our_number;
    std::string our_number_digit;  ///< Empty: not said.
    std::string agreement;         ///< Empty: not said.
    std::string wallet;
    std::string document;  ///< Seu número.
    std::string control;
    SlipTerms terms;
    std::optional<Day> payable_until;  ///< The bank writes it off at the end of this day.
    std::optional<Day> issued;
    bool hybrid = false;
    SlipPayer payer;

    friend bool operator==(const SlipOrder&, const SlipOrder&) = default;
};

enum class SlipState { registered, paid, written_off };
enum class ProtestState { none, asked, at_notary };

struct SlipPix {
    std::string copy_and_paste;
    std::string txid;
};

struct Slip {
    SlipOrder order;
    std::string digit;
    std::string barcode;
    std::string line;
    SlipState state = SlipState::registered;
    ProtestState protest = ProtestState::none;
    Day protest_asked{};
    SlipTerms terms;  ///< As they are now.
    std::optional<Day> payable_until;
    std::optional<SlipPix> pix;
    std::vector<std::size_t> receipts;
};

/// One payment, of a title that we know or of none.
struct Receipt {
    std::string id;
    std::string our_number;
    std::string control;
    HappeningKind kind = HappeningKind::paid;
    std::int64_t amount = 0;
    Day day{};
    Day told_on{};  ///< In the retorno, which may put it on a later day than the notification.
    Day credit_on{};
    std::int64_t tariff = 0;
    std::string channel;
    std::string end_to_end_id;  ///< By Pix only, and then the money is on the Pix account.
    bool reversed = false;
};

/// What the next retorno tells. Units: centavos.
struct Happening {
    HappeningKind kind = HappeningKind::registered;
    Day day{};
    std::string our_number;
    std::string digit;
    std::string wallet;
    std::string document;
    std::string control;
    std::optional<Day> due;
    std::int64_t face = 0;
    std::int64_t paid = 0;
    std::int64_t interest = 0;  ///< And fine.
    std::int64_t discount = 0;
    std::int64_t abatement = 0;
    std::int64_t tariff = 0;
    std::optional<Day> credit_on;
    std::string channel;
    std::string reason;  ///< The bank's code.
    std::string copy_and_paste;
};

}  // namespace causeway::connectors::boleto::sandbox
