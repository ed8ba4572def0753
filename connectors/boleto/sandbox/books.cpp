// SPDX-License-Identifier: Apache-2.0
#include "connectors/boleto/sandbox/books.h"

#include "connectors/boleto/title.h"
#include "connectors/codes/brazil.h"
#include "connectors/codes/tax_number.h"
#include "connectors/pix/br_code.h"
#include "connectors/pix/identifiers.h"

#include <algorithm>
#include <utility>

namespace causeway::connectors::boleto::sandbox {
namespace {

using cnab::Command;
using cnab::LayoutId;

constexpr std::int64_t kFaceMax = 1'000'000'000;  // R$ 10 million.
constexpr std::chrono::days kDueMax{3650};
constexpr std::size_t kPixTokenSize = 32;
constexpr std::size_t kRunSize = 8;
constexpr std::string_view kHybridWallet = "109";

std::string_view short_number(std::string_view digits) {
    const std::size_t first = digits.find_first_not_of('0');
    return first == std::string_view::npos ? std::string_view() : digits.substr(first);
}

Bank bank_of(LayoutId layout) {
    switch (layout) {
        case LayoutId::bradesco400: return Bank::bradesco;
        case LayoutId::bb240: return Bank::banco_do_brasil;
        case LayoutId::itau400: break;
    }
    return Bank::itau;
}

Day day_of_date(const cnab::Date& date) {
    return Day(date);
}

void apply(const cnab::Instruction& from, SlipTerms& terms) {
    using Basis = cnab::Charge::Basis;
    const auto split = [](const cnab::Charge& charge, std::int64_t& bps, std::int64_t& amount) {
        bps = charge.basis == Basis::percent ? charge.value : 0;
        amount = charge.basis == Basis::amount ? charge.value : 0;
    };
    const auto day = [](const cnab::Charge& charge) {
        return charge.on ? std::optional(day_of_date(*charge.on)) : std::nullopt;
    };
    if (from.fine) {
        split(*from.fine, terms.fine_bps, terms.fine_amount);
        terms.fine_from = day(*from.fine);
    }
    if (from.interest) {
        split(*from.interest, terms.interest_month_bps, terms.interest_of_a_day);
        terms.interest_from = day(*from.interest);
    }
    if (from.discount) {
        split(*from.discount, terms.discount_bps, terms.discount_amount);
        terms.discount_until = day(*from.discount);
    }
}

}  // namespace

HouseConfig sample_house(LayoutId layout) {
    HouseConfig house;
    house.layout = layout;
    house.beneficiary.name = "CAUSEWAY SANDBOX LTDA";
    house.beneficiary.document = "11222333000181";
    switch (layout) {
        case LayoutId::bradesco400:
            house.beneficiary.company_code = "4412345";
            house.beneficiary.wallet = "9";
            house.beneficiary.branch = "1234";
            house.beneficiary.account = "56789";
            house.beneficiary.account_digit = "2";
            break;
        case LayoutId::bb240:
            house.beneficiary.agreement = "1234567";
            house.beneficiary.wallet = "17";
            house.beneficiary.wallet_variation = "19";
            house.beneficiary.branch = "1234";
            house.beneficiary.branch_digit = "3";
            house.beneficiary.account = "56789";
            house.beneficiary.account_digit = "2";
            break;
        case LayoutId::itau400:
            house.beneficiary.wallet = "109";
            house.beneficiary.branch = "57";
            house.beneficiary.account = "12345";
            house.beneficiary.account_digit = "7";
            break;
    }
    return house;
}

BankBooks::BankBooks(HouseConfig config, Day first, Entropy& entropy)
    : house_(std::move(config)),
      at_{.bank = bank_of(house_.layout),
          .branch = house_.beneficiary.branch,
          .account = house_.beneficiary.account,
          .wallet = house_.beneficiary.wallet,
          .agreement = house_.beneficiary.agreement,
          .client = house_.client},
      entropy_(entropy),
      run_(pix::random_alphanumeric(kRunSize, entropy)),
      open_(first),
      current_("conta"),
      pix_account_("pix") {}

Result<OurNumber> BankBooks::number_of(const SlipOrder& order) const {
    std::string_view part = order.our_number;
    if (at_.bank == Bank::banco_do_brasil) {
        if (!part.starts_with(at_.agreement)) {
            return Error(ErrorCode::invalid_argument, "nosso número: another agreement's");
        }
        part.remove_prefix(at_.agreement.size());
    }
    auto number = our_number(at_, part);
    if (!number) return number.error();
    const std::string digit = number->check ? std::string(1, *number->check) : "";
    if (number->digits != order.our_number ||
        (!order.our_number_digit.empty() && order.our_number_digit != digit)) {
        return Error(ErrorCode::invalid_argument, "nosso número: its check digit does not fit");
    }
    return number;
}

std::optional<Refusal> BankBooks::check_payer(const SlipPayer& payer) const {
    if (payer.name.empty()) return Refusal::payer_name;
    if (!codes::TaxNumber::parse(payer.document)) return Refusal::payer_document;
    if (payer.street.empty()) return Refusal::street;
    // Bradesco knows the state by the postal code.
    const bool needs_state = house_.layout != LayoutId::bradesco400 || !payer.state.empty();
    if (needs_state && !codes::is_federative_unit(payer.state)) return Refusal::state;
    const auto code = codes::parse_postal_code(payer.postal_code);
    // São Paulo's begin with 01, and nobody's are lower.
    if (!code || code->starts_with("00")) return Refusal::postal_code;
    return std::nullopt;
}

std::optional<Refusal> BankBooks::check(const SlipOrder& order, Day today) const {
    // Bradesco's word for the agreement is the company's code.
    const std::string_view told = short_number(order.agreement);
    if (!told.empty() && told != short_number(at_.agreement) &&
        told != short_number(house_.beneficiary.company_code)) {
        return Refusal::agreement;
    }
    if (short_number(order.wallet) != short_number(at_.wallet)) return Refusal::wallet;
    if (!number_of(order)) return Refusal::number_invalid;
    if (slips_.contains(order.our_number)) return Refusal::number_used;
    const SlipTerms& terms = order.terms;
    if (terms.face < 0 || terms.face > kFaceMax || terms.abatement > terms.face) {
        return Refusal::amount;
    }
    if (terms.due < today || terms.due > today + kDueMax ||
        order.payable_until.value_or(terms.due) < terms.due) {
        return Refusal::due_date;
    }
    if (order.issued && *order.issued > today) return Refusal::issue_date;
    SlipTerms early = terms;
    if (early.discount_until && terms.face > 0 &&
        owed_on(early, std::min(today, terms.due)).total <= 0) {
        return Refusal::discount;
    }
    if (order.hybrid && (house_.layout != LayoutId::itau400 || at_.wallet != kHybridWallet)) {
        return Refusal::no_pix;
    }
    return check_payer(order.payer);
}

SlipPix BankBooks::make_pix() {
    const std::string token = pix::random_alphanumeric(kPixTokenSize, entropy_);
    SlipPix made{.copy_and_paste = {}, .txid = pix::random_alphanumeric(kPixTokenSize, entropy_)};
    const auto url = pix::PayloadUrl::parse(house_.pix_location + "/" + token);
    if (!url) return made;
    const auto code = pix::write_br_code(pix::DynamicCode{
        .url = *url,
        .merchant = {.name = house_.beneficiary.name, .city = house_.city, .postal_code = {}},
        .recurrence = std::nullopt});
    if (code) made.copy_and_paste = *code;
    return made;
}

SlipOutcome BankBooks::enter(const SlipOrder& order, Timestamp now) {
    (void)now;
    if (const auto refusal = check(order, open_)) return *refusal;
    Slip slip{.order = order, .terms = order.terms, .payable_until = order.payable_until};
    const auto number = number_of(order);
    if (number->check) slip.digit = std::string(1, *number->check);
    std::string part = order.our_number;
    if (at_.bank == Bank::banco_do_brasil) part.erase(0, at_.agreement.size());
    const auto barcode =
        compose({.at = at_,
                 .our_number = part,
                 .your_number = order.document,
                 .due = order.terms.due,
                 .amount = ledger::Money(order.terms.face, *ledger::Currency::from_code("BRL"))});
    if (!barcode) return Refusal::number_invalid;
    slip.barcode = barcode->digits();
    slip.line = to_line(*barcode).digits();
    if (order.hybrid) slip.pix = make_pix();
    Slip& kept = slips_.emplace(order.our_number, std::move(slip)).first->second;
    Happening told = about(kept, HappeningKind::registered, open_);
    if (kept.pix) told.copy_and_paste = kept.pix->copy_and_paste;
    untold_.push_back(std::move(told));
    return &kept;
}

const Slip* BankBooks::find(const std::string& our_number) const {
    const auto it = slips_.find(our_number);
    return it == slips_.end() ? nullptr : &it->second;
}

void BankBooks::reject(const SlipOrder& order, Refusal refusal, Timestamp now) {
    const Slip slip{.order = order, .digit = order.our_number_digit, .terms = order.terms};
    Happening told = about(slip, HappeningKind::rejected, open_);
    told.reason = reason_of(house_.layout, refusal);
    tell(slip, BankNewsKind::rejection, told.reason, now);
    untold_.push_back(std::move(told));
}

Happening BankBooks::about(const Slip& slip, HappeningKind kind, Day day) const {
    return {.kind = kind,
            .day = day,
            .our_number = slip.order.our_number,
            .digit = slip.digit,
            .wallet = slip.order.wallet,
            .document = slip.order.document,
            .control = slip.order.control,
            .due = slip.terms.due,
            .face = slip.terms.face};
}

void BankBooks::end(Slip& slip, HappeningKind kind, Day day, Timestamp now) {
    slip.state = SlipState::written_off;
    slip.protest = ProtestState::none;
    untold_.push_back(about(slip, kind, day));
    tell(slip,
         BankNewsKind::write_off,
         kind == HappeningKind::written_off ? "pedido" : "prazo",
         now);
}

std::optional<Refusal> BankBooks::write_off(const std::string& our_number, Timestamp now) {
    const auto it = slips_.find(our_number);
    if (it == slips_.end()) return Refusal::title_unknown;
    if (it->second.state == SlipState::paid) return Refusal::title_paid;
    if (it->second.state == SlipState::written_off) return Refusal::title_written_off;
    end(it->second, HappeningKind::written_off, open_, now);
    return std::nullopt;
}

std::optional<Refusal> BankBooks::change(const cnab::Instruction& instruction, Slip& slip) {
    SlipTerms& terms = slip.terms;
    HappeningKind kind = HappeningKind::terms_changed;
    if (instruction.command == Command::change_due_date) {
        if (!instruction.due_on || day_of_date(*instruction.due_on) < open_) {
            return Refusal::due_date;
        }
        terms.due = day_of_date(*instruction.due_on);
        terms.fine_from = terms.interest_from = std::nullopt;
        if (slip.payable_until) slip.payable_until = std::max(*slip.payable_until, terms.due);
        kind = HappeningKind::due_date_changed;
    } else if (instruction.command == Command::grant_abatement) {
        const std::int64_t amount = instruction.abatement_minor_units;
        if (amount <= 0 || amount >= terms.face) return Refusal::discount;
        terms.abatement = amount;
        kind = HappeningKind::abatement_granted;
    } else if (instruction.command == Command::cancel_abatement) {
        terms.abatement = 0;
        kind = HappeningKind::abatement_cancelled;
    } else {
        apply(instruction, terms);
    }
    Happening told = about(slip, kind, open_);
    told.abatement = terms.abatement;
    untold_.push_back(std::move(told));
    return std::nullopt;
}

std::optional<Refusal> BankBooks::protest(const cnab::Instruction& instruction, Slip& slip) {
    if (instruction.command == Command::protest) {
        if (open_ <= slip.terms.due) return Refusal::not_overdue;
        slip.protest = ProtestState::asked;
        slip.protest_asked = open_;
        untold_.push_back(about(slip, HappeningKind::protest_received, open_));
        return std::nullopt;
    }
    if (slip.protest == ProtestState::none) return Refusal::not_in_protest;
    slip.protest = ProtestState::none;
    untold_.push_back(about(slip, HappeningKind::protest_stopped, open_));
    return std::nullopt;
}

std::optional<Refusal> BankBooks::carry_out(const cnab::Instruction& instruction, Timestamp now) {
    const Command command = instruction.command;
    const auto it = slips_.find(instruction.our_number);
    std::optional<Refusal> refusal;
    HappeningKind kind = HappeningKind::change_refused;
    if (it == slips_.end()) {
        refusal = Refusal::title_unknown;
    } else if (it->second.state == SlipState::paid) {
        refusal = Refusal::title_paid;
    } else if (it->second.state == SlipState::written_off) {
        refusal = Refusal::title_written_off;
    }
    if (command == Command::write_off) {
        kind = HappeningKind::write_off_refused;
        if (!refusal) refusal = write_off(instruction.our_number, now);
    } else if (command == Command::protest || command == Command::stop_protest ||
               command == Command::stop_protest_and_write_off) {
        kind = HappeningKind::instruction_refused;
        if (!refusal) refusal = protest(instruction, it->second);
        if (!refusal && command == Command::stop_protest_and_write_off) {
            refusal = write_off(instruction.our_number, now);
        }
        if (!refusal) tell(it->second, BankNewsKind::protest, "", now);
    } else if (!refusal) {
        refusal = change(instruction, it->second);
    }
    if (!refusal) return std::nullopt;
    Slip unknown;
    unknown.order.our_number = instruction.our_number;
    unknown.order.control = instruction.control;
    unknown.digit = instruction.our_number_digit;
    unknown.order.wallet = at_.wallet;
    unknown.terms.due = open_;
    Happening told = about(it == slips_.end() ? unknown : it->second, kind, open_);
    told.reason = reason_of(house_.layout, *refusal);
    untold_.push_back(std::move(told));
    return refusal;
}

void BankBooks::tell(const Slip& slip, BankNewsKind kind, std::string reason, Timestamp now) {
    news_.push_back({.id = next_news_id(),
                     .kind = kind,
                     .our_number = slip.order.our_number,
                     .control = slip.order.control,
                     .reason = std::move(reason),
                     .happened = now});
}

std::string BankBooks::next_news_id() {
    return "N-" + run_ + "-" + std::to_string(++news_count_);
}

std::vector<BankNews> BankBooks::take_news() {
    return std::exchange(news_, {});
}

}  // namespace causeway::connectors::boleto::sandbox
