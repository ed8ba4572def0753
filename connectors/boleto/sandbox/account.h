// SPDX-License-Identifier: Apache-2.0
//
// One account of the beneficiary's at the bank: what is to be booked on which day, and the days
// that are closed. A day's opening balance is the closing balance of the day before; nothing is
// ever booked on a closed day.
#pragma once

#include "ledger/clock.h"

#include <cstdint>
#include <string>
#include <vector>

namespace causeway::connectors::boleto::sandbox {

/// Units: centavos, positive for the beneficiary.
struct Posting {
    std::string id;
    Day day{};
    std::int64_t amount = 0;
    std::string kind;       ///< "liquidacao", "tarifa_liquidacao", "estorno", ...
    std::string reference;  ///< Of the batch or the payment behind it.
    int count = 1;          ///< How many payments or fees it sums up.
};

struct DayStatement {
    std::string account;
    int number = 0;
    Day day{};
    std::int64_t opening = 0;
    std::int64_t closing = 0;
    std::vector<Posting> postings;
};

class Account {
  public:
    explicit Account(std::string name) : name_(std::move(name)) {}

    /// Nothing is posted when the amount is zero.
    void post(Posting posting);
    /// Books what is due until `day` and closes it.
    DayStatement close(Day day);

    [[nodiscard]] const std::string& name() const noexcept { return name_; }
    [[nodiscard]] std::int64_t balance() const noexcept { return balance_; }
    [[nodiscard]] const std::vector<DayStatement>& statements() const noexcept {
        return statements_;
    }
    [[nodiscard]] const std::vector<Posting>& waiting() const noexcept { return waiting_; }
    [[nodiscard]] bool is_used() const noexcept { return posted_ > 0; }

  private:
    std::string name_;
    std::int64_t balance_ = 0;
    int posted_ = 0;
    std::vector<Posting> waiting_;
    std::vector<DayStatement> statements_;
};

}  // namespace causeway::connectors::boleto::sandbox
