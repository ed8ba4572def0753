// SPDX-License-Identifier: Apache-2.0
//
// Buyers pay. A bank takes what it is given: too little, too much, late, twice, or for a title that
// it has written off or never knew.
#include "connectors/boleto/sandbox/books.h"
#include "connectors/boleto/title.h"
#include "connectors/codes/banking_days.h"
#include "connectors/pix/identifiers.h"

#include <algorithm>
#include <utility>

namespace causeway::connectors::boleto::sandbox {
namespace {

constexpr int kTimesMax = 100;
constexpr std::int64_t kAmountMax = 9'999'999'999'999;
constexpr std::string_view kPix = "pix";
constexpr std::string_view kNotary = "cartorio";

Error wrong(std::string_view what) {
    return Error(ErrorCode::invalid_argument, std::string(what));
}

std::string reason_text(HappeningKind kind, const Slip* slip) {
    if (kind == HappeningKind::paid_in_part) return "parcial";
    if (kind != HappeningKind::paid_unexpected) return "";
    if (slip == nullptr) return "nao_cadastrado";
    return slip->state == SlipState::paid ? "ja_liquidado" : "baixado";
}

}  // namespace

std::int64_t BankBooks::paid_on(const Slip& slip) const {
    std::int64_t sum = 0;
    for (const std::size_t i : slip.receipts) {
        const Receipt& receipt = receipts_[i];
        if (!receipt.reversed && receipt.kind != HappeningKind::paid_unexpected) {
            sum += receipt.amount;
        }
    }
    return sum;
}

std::string BankBooks::number_in(const PayOrder& order, std::optional<Error>& failed) const {
    if (order.line.empty()) {
        if (!order.our_number.empty() && find(order.our_number) != nullptr) {
            return order.our_number;
        }
        failed = wrong("neither a line nor the nosso número of a title");
        return {};
    }
    const auto barcode = parse_line(order.line);
    if (!barcode) {
        failed = barcode.error();
        return {};
    }
    const auto decoded = decode(*barcode, order.day.value_or(open_));
    if (!decoded) {
        failed = decoded.error();
        return {};
    }
    if (!decoded->free_field || decoded->free_field->at.bank != at_.bank) {
        failed = wrong("a line of another bank, or of none");
        return {};
    }
    return decoded->free_field->our_number.digits;
}

HappeningKind BankBooks::kind_of(const Slip* slip,
                                 const Receipt& receipt,
                                 std::int64_t left) const {
    if (slip == nullptr || slip->state != SlipState::registered ||
        receipt.day > slip->payable_until.value_or(receipt.day)) {
        return HappeningKind::paid_unexpected;
    }
    if (receipt.channel == kPix) return HappeningKind::paid_by_pix;
    if (receipt.channel == kNotary) return HappeningKind::paid_at_notary;
    return receipt.amount < left ? HappeningKind::paid_in_part : HappeningKind::paid;
}

void BankBooks::settle(Slip& slip,
                       const Receipt& receipt,
                       std::int64_t owed_in_all,
                       Happening& told) {
    const std::int64_t before = paid_on(slip);
    slip.receipts.push_back(receipts_.size());
    const std::int64_t plain = slip.terms.face - slip.terms.abatement;
    told.abatement = slip.terms.abatement;
    const std::int64_t in_all = before + receipt.amount;
    told.interest = std::clamp<std::int64_t>(in_all - plain, 0, receipt.amount);
    if (receipt.kind == HappeningKind::paid_unexpected) {
        told.interest = told.abatement = 0;
    } else if (in_all >= owed_in_all) {
        slip.state = SlipState::paid;
        told.discount = std::max<std::int64_t>(0, plain - in_all);
    }
}

Result<Receipt> BankBooks::pay_once(const PayOrder& order,
                                    const std::string& number,
                                    Timestamp now) {
    const auto it = slips_.find(number);
    Slip* const slip = it == slips_.end() ? nullptr : &it->second;
    Receipt receipt{.id = "R" + std::to_string(receipts_.size() + 1),
                    .our_number = number,
                    .day = order.day.value_or(open_),
                    .tariff = house_.tariffs.settlement,
                    .channel = order.channel};
    receipt.told_on = order.told_on.value_or(receipt.day);
    const std::int64_t owed = slip != nullptr ? owed_on(slip->terms, receipt.day).total : 0;
    const bool open = slip != nullptr && slip->state == SlipState::registered;
    const std::int64_t left = open ? std::max<std::int64_t>(0, owed - paid_on(*slip)) : owed;
    receipt.amount = order.amount.value_or(left);
    if (receipt.amount <= 0 || receipt.amount > kAmountMax) return wrong("valor: say how much");
    receipt.credit_on = codes::next_banking_day(receipt.day);
    if (order.channel == kPix) receipt.tariff = house_.tariffs.pix;
    if (receipt.tariff >= receipt.amount) receipt.tariff = 0;
    if (order.channel == kPix) {
        if (!open || !slip->pix || receipt.amount != left) {
            return Error(ErrorCode::conflict, "there is no Pix code to pay, or not with that");
        }
        receipt.credit_on = receipt.day;
        const auto payer = *pix::Ispb::parse("99999012");
        receipt.end_to_end_id = pix::make_end_to_end_id(payer, now, entropy_).text();
        pix_account_.post({.id = {},
                           .day = receipt.day,
                           .amount = receipt.amount,
                           .kind = "pix",
                           .reference = receipt.end_to_end_id});
        pix_account_.post({.id = {},
                           .day = receipt.day,
                           .amount = -receipt.tariff,
                           .kind = "tarifa_pix",
                           .reference = receipt.end_to_end_id});
    }
    receipt.kind = kind_of(slip, receipt, left);
    const std::string reason = reason_text(receipt.kind, slip);
    Slip unknown;
    unknown.order.our_number = number;
    unknown.order.wallet = at_.wallet;
    unknown.terms.due = receipt.day;
    if (slip != nullptr) receipt.control = slip->order.control;
    Happening told = about(slip != nullptr ? *slip : unknown, receipt.kind, receipt.told_on);
    told.paid = receipt.amount;
    told.tariff = receipt.tariff;
    told.channel = channel_code(house_.layout, receipt.channel);
    told.credit_on = receipt.credit_on;
    if (slip != nullptr) settle(*slip, receipt, owed, told);
    untold_.push_back(std::move(told));
    receipts_.push_back(receipt);
    tell(receipt, order.channel == kPix ? BankNewsKind::pix_payment : BankNewsKind::payment, now);
    news_.back().reason = reason;
    return receipt;
}

Result<std::vector<Receipt>> BankBooks::pay(const PayOrder& order, Timestamp now) {
    if (!is_channel(order.channel)) return wrong("canal: no such way to pay");
    if (order.times < 1 || order.times > kTimesMax) return wrong("vezes: 1 to 100");
    if (order.day && *order.day < open_) {
        return Error(ErrorCode::conflict, "the day is closed");
    }
    if (order.told_on && *order.told_on < order.day.value_or(open_)) {
        return wrong("dia_retorno: before the payment");
    }
    std::optional<Error> failed;
    const std::string number = number_in(order, failed);
    if (failed) return *failed;
    PayOrder one = order;
    if (!one.amount && find(number) == nullptr && !order.line.empty()) {
        const auto decoded = decode(*parse_line(order.line), order.day.value_or(open_));
        if (decoded) one.amount = decoded->amount.minor_units();
    }
    std::vector<Receipt> paid;
    for (int i = 0; i < order.times; ++i) {
        auto receipt = pay_once(one, number, now);
        if (!receipt) return receipt.error();
        paid.push_back(*std::move(receipt));
    }
    return paid;
}

Result<Receipt> BankBooks::reverse(const std::string& id, Timestamp now) {
    const auto it = std::find_if(receipts_.begin(), receipts_.end(), [&](const Receipt& receipt) {
        return receipt.id == id;
    });
    if (it == receipts_.end()) return Error(ErrorCode::not_found, "payment " + id);
    if (it->reversed || !it->end_to_end_id.empty()) {
        return Error(ErrorCode::conflict, "it is reversed already, or came by Pix");
    }
    it->reversed = true;
    const Day day = std::max(open_, it->day);
    const auto slip = slips_.find(it->our_number);
    Slip unknown;
    unknown.order.our_number = it->our_number;
    unknown.order.wallet = at_.wallet;
    unknown.terms.due = it->day;
    Happening told =
        about(slip == slips_.end() ? unknown : slip->second, HappeningKind::reversed, day);
    told.paid = it->amount;
    told.credit_on = std::max(it->credit_on, codes::next_banking_day(day));
    if (slip != slips_.end() && slip->second.state == SlipState::paid &&
        it->kind != HappeningKind::paid_unexpected) {
        slip->second.state = SlipState::registered;
    }
    current_.post({.id = {},
                   .day = *told.credit_on,
                   .amount = -it->amount,
                   .kind = "estorno",
                   .reference = it->id});
    Receipt reversal = *it;
    reversal.day = day;
    reversal.credit_on = *told.credit_on;
    tell(reversal, BankNewsKind::reversal, now);
    untold_.push_back(std::move(told));
    return *it;
}

void BankBooks::tell(const Receipt& receipt, BankNewsKind kind, Timestamp now) {
    news_.push_back({.id = next_news_id(),
                     .kind = kind,
                     .our_number = receipt.our_number,
                     .control = receipt.control,
                     .amount = receipt.amount,
                     .paid_on = receipt.day,
                     .credited_on = receipt.credit_on,
                     .tariff = kind == BankNewsKind::reversal ? 0 : receipt.tariff,
                     .channel = receipt.channel,
                     .end_to_end_id = receipt.end_to_end_id,
                     .reason = {},
                     .happened = now});
}

}  // namespace causeway::connectors::boleto::sandbox
