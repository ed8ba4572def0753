// SPDX-License-Identifier: Apache-2.0
//
// A day of an account in Brazil as its bank tells it on paper: camt.053.001.08, written. For the
// sandboxes of banks and providers; what real ones send is read by nobody here yet.
#pragma once

#include "ledger/clock.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace causeway::connectors::codes {

/// What an entry is: the external code set of ISO 20022 (bank transaction codes), and the bank's
/// own word.
struct EntryCode {
    std::string_view domain;
    std::string_view family;
    std::string_view sub_family;
    std::string own;
};

/// Of several payments in one sum, or of one that has a name.
struct StatementEntry {
    std::string id;
    Day day{};
    std::int64_t amount = 0;  ///< Units: centavos, positive for the account's owner.
    EntryCode code;
    std::string reference;  ///< The bank's own, of at most 35 characters.
    std::string text;
    int count = 1;              ///< How many payments or fees it sums up.
    std::string end_to_end_id;  ///< Of the one payment; empty: it is a sum.
    std::string remittance;     ///< Of the one payment: what it was for; may be empty.
};

struct BankStatement {
    std::string id;
    int number = 0;
    Timestamp made;
    std::string clearing_system;  ///< "COMPE", "ISPB"; the bank is one of its members:
    std::string bank;
    std::string account;
    Day day{};
    bool closed = true;  ///< False while the day may bring more.
    std::int64_t opening = 0;
    std::vector<StatementEntry> entries;

    /// The opening balance and all entries.
    [[nodiscard]] std::int64_t closing() const noexcept;
};

/// Source: ISO 20022 camt.053.001.08, whose schema accepts it. The last balance of a day that is
/// not over is an interim one (ITBD).
[[nodiscard]] std::string write_bank_statement(const BankStatement& statement);

}  // namespace causeway::connectors::codes
