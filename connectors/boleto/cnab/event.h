// SPDX-License-Identifier: Apache-2.0
//
// What a bank reports about a title, in no bank's terms. The raw codes stay beside the class that
// we read into them, because the same two digits mean different things at two banks, and at one
// bank in two layouts.
#pragma once

#include "connectors/boleto/cnab/instruction.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace causeway::connectors::cnab {

enum class EventClass {
    registered,
    rejected,     ///< The registration or an instruction was refused; see the reasons.
    paid,         ///< Money comes on `credit_on`.
    paid_by_pix,  ///< Money came at once on the Pix account: never credit it again.
    written_off,
    changed,
    protest,
    fee,
    info,
    pending,    ///< A payment is under way and may still fail.
    reversed,   ///< A payment that was reported has failed.
    unmatched,  ///< Money for a title the bank does not know.
    unknown,    ///< A code that is not in our table.
};

[[nodiscard]] std::string_view to_string(EventClass event_class) noexcept;

struct Reason {
    std::string code;       ///< Two characters; four with some of Itaú's occurrences.
    std::string_view text;  ///< In English; empty when our table does not have the code.

    friend bool operator==(const Reason&, const Reason&) = default;
};

/// What follows the title of a hybrid: Itaú's type 3 has the code or an error, Bradesco's type 4
/// the place of the code.
struct PixResult {
    std::string copy_and_paste;
    std::string error;  ///< Empty, or the reason why there is no QR code. The boleto exists.
    std::string_view error_text;
    std::string url = {};  ///< Of the payload behind the code, without a scheme.
    std::string txid = {};

    friend bool operator==(const PixResult&, const PixResult&) = default;
};

/// Units: all amounts are minor units of the real.
struct Event {
    int line = 0;  ///< Of the title's first line in the file.
    std::string our_number;
    std::string our_number_digit;
    std::string control;
    std::string document;
    std::string wallet;  ///< Without leading zeros; empty where the line has none.
    std::string occurrence;
    EventClass event_class = EventClass::unknown;
    std::string_view occurrence_text;
    std::vector<Reason> reasons;
    std::int64_t title_minor_units = 0;
    std::optional<std::int64_t> paid_minor_units;      ///< By the payer, where the bank says so.
    std::optional<std::int64_t> credited_minor_units;  ///< To the account, where it says so.
    std::int64_t interest_minor_units = 0;             ///< And fine: no layout separates them.
    std::int64_t operation_interest_minor_units = 0;
    std::int64_t discount_minor_units = 0;
    std::int64_t abatement_minor_units = 0;
    std::int64_t tax_minor_units = 0;
    std::int64_t tariff_minor_units = 0;
    std::int64_t other_expenses_minor_units = 0;
    std::int64_t other_credits_minor_units = 0;
    std::optional<Date> occurred_on;
    std::optional<Date> credit_on;
    std::optional<Date> due_on;
    std::string channel;  ///< How it was paid, the bank's own code.
    std::optional<PixResult> pix;

    friend bool operator==(const Event&, const Event&) = default;
};

/// What the header of a retorno says.
struct FileHeader {
    LayoutId layout = LayoutId::itau400;
    Beneficiary beneficiary;    ///< As far as the header goes.
    std::int64_t sequence = 0;  ///< A gap means that a file was not fetched.
    std::optional<Date> generated_on;
    int generated_at_hhmmss = 0;
    std::optional<Date> credit_on;

    friend bool operator==(const FileHeader&, const FileHeader&) = default;
};

}  // namespace causeway::connectors::cnab
