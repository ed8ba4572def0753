// SPDX-License-Identifier: Apache-2.0
//
// The bank's own books: titles, payments, tariffs and two accounts, apart from the gateway's ledger
// on purpose: two sets of books that share code would agree on their mistakes. In memory.
//
// A day is open until it is closed. What happens on it is told in that day's retorno, and the money
// of its payments is credited on the next working day; Pix is credited at once, on the other
// account.
#pragma once

#include "connectors/boleto/bank_api.h"
#include "connectors/boleto/cnab/instruction.h"
#include "connectors/boleto/free_field.h"
#include "connectors/boleto/sandbox/account.h"
#include "connectors/boleto/sandbox/slip.h"
#include "ledger/clock.h"
#include "ledger/entropy.h"
#include "ledger/result.h"

#include <boost/json/object.hpp>

#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace causeway::connectors::boleto::sandbox {

/// Units: centavos.
struct Tariffs {
    std::int64_t settlement = 185;  ///< Not taken of a payment that it would eat up.
    std::int64_t pix = 99;
    std::int64_t registration = 0;
    std::int64_t maintenance = 0;  ///< Each month, on its last day.
};

struct HouseConfig {
    cnab::LayoutId layout = cnab::LayoutId::itau400;
    cnab::Beneficiary beneficiary;  ///< Whose account it is, with its wallet.
    std::string client;             ///< Itaú, the carteiras with seu número.
    Tariffs tariffs = {};
    std::string pix_location = "pix.bank.test/qr/v2";  ///< Host and path, without scheme.
    std::string city = "SAO PAULO";
};

/// A beneficiary by which the sandbox can be tried without thinking of one.
[[nodiscard]] HouseConfig sample_house(cnab::LayoutId layout);

struct PayOrder {
    std::string line;                    ///< As typed, or
    std::string our_number;              ///< the title itself.
    std::optional<std::int64_t> amount;  ///< Units: centavos. None: what is owed.
    std::optional<Day> day;              ///< None: the day that is open.
    /// The day of the retorno that tells of it, and that the retorno says. None: the same.
    std::optional<Day> told_on;
    std::string channel = "internet";
    int times = 1;
};

/// What a closed day leaves behind.
struct NightWork {
    Day day{};
    Day credit_on{};
    std::vector<Happening> happenings;
    std::vector<DayStatement> statements;
};

/// What was asked for, or the bank's reason.
using SlipOutcome = std::variant<const Slip*, Refusal>;

/// Threads: none of its own; one at a time. Lifetime: entropy outlives it.
class BankBooks {
  public:
    /// `first` is the first day that is open.
    BankBooks(HouseConfig config, Day first, Entropy& entropy);

    SlipOutcome enter(const SlipOrder& order, Timestamp now);
    [[nodiscard]] const Slip* find(const std::string& our_number) const;

    /// Every command but the two that register. A refusal is told in the retorno too.
    std::optional<Refusal> carry_out(const cnab::Instruction& instruction, Timestamp now);
    /// As the API asks for it: a refusal is its answer and told nowhere else.
    std::optional<Refusal> write_off(const std::string& our_number, Timestamp now);
    /// A registration by file that was refused.
    void reject(const SlipOrder& order, Refusal refusal, Timestamp now);

    /// Errors: `invalid_argument` for a line that was mistyped or is another bank's, an amount or a
    /// channel that is none; `conflict` when the day is closed or the Pix code is not payable.
    Result<std::vector<Receipt>> pay(const PayOrder& order, Timestamp now);
    /// A payment fails after it was told. Errors: `not_found`, `conflict`.
    Result<Receipt> reverse(const std::string& receipt, Timestamp now);

    /// Closes the days until `day`, one by one.
    ///
    /// Errors: `conflict` when it is closed; `limit_exceeded` for more than 400 days.
    Result<std::vector<NightWork>> close(Day day, Timestamp now);

    [[nodiscard]] Day open_day() const noexcept { return open_; }
    [[nodiscard]] const HouseConfig& house() const noexcept { return house_; }
    [[nodiscard]] const BankAccount& account() const noexcept { return at_; }
    [[nodiscard]] const std::vector<Receipt>& receipts() const noexcept { return receipts_; }
    /// What the webhook has not been told yet. It is taken.
    std::vector<BankNews> take_news();
    [[nodiscard]] boost::json::object as_json() const;

  private:
    [[nodiscard]] std::optional<Refusal> check(const SlipOrder& order, Day today) const;
    [[nodiscard]] std::optional<Refusal> check_payer(const SlipPayer& payer) const;
    [[nodiscard]] Result<OurNumber> number_of(const SlipOrder& order) const;
    [[nodiscard]] std::string number_in(const PayOrder& order, std::optional<Error>& wrong) const;
    std::optional<Refusal> change(const cnab::Instruction& instruction, Slip& slip);
    std::optional<Refusal> protest(const cnab::Instruction& instruction, Slip& slip);
    void end(Slip& slip, HappeningKind kind, Day day, Timestamp now);
    Result<Receipt> pay_once(const PayOrder& order, const std::string& number, Timestamp now);
    void settle(Slip& slip, const Receipt& receipt, std::int64_t owed_in_all, Happening& told);
    [[nodiscard]] std::int64_t paid_on(const Slip& slip) const;
    [[nodiscard]] HappeningKind kind_of(const Slip* slip,
                                        const Receipt& receipt,
                                        std::int64_t left) const;
    void tell(const Receipt& receipt, BankNewsKind kind, Timestamp now);
    void tell(const Slip& slip, BankNewsKind kind, std::string reason, Timestamp now);
    [[nodiscard]] Happening about(const Slip& slip, HappeningKind kind, Day day) const;
    [[nodiscard]] SlipPix make_pix();
    [[nodiscard]] std::string next_news_id();
    NightWork close_one(Day day, Timestamp now);
    void expire(Day day, Timestamp now);
    void charge_fees(Day day, Timestamp now, std::vector<Happening>& told);
    void post_batch(const NightWork& night);

    HouseConfig house_;
    BankAccount at_;
    Entropy& entropy_;
    const std::string run_;  ///< Ids of two runs do not meet.
    Day open_;
    Account current_;
    Account pix_account_;
    std::map<std::string, Slip> slips_;
    std::vector<Receipt> receipts_;
    std::vector<Happening> untold_;
    std::vector<BankNews> news_;
    std::int64_t news_count_ = 0;
};

}  // namespace causeway::connectors::boleto::sandbox
