// SPDX-License-Identifier: Apache-2.0
//
// The night: what ran out is written off, fees are taken, and a day's payments become one credit.
#include "connectors/boleto/sandbox/books.h"
#include "connectors/codes/banking_days.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace causeway::connectors::boleto::sandbox {
namespace {

constexpr std::chrono::days kDaysMax{400};

bool is_last_of_month(Day day) {
    const std::chrono::year_month_day date(day);
    return day == Day(date.year() / date.month() / std::chrono::last);
}

}  // namespace

void BankBooks::expire(Day day, Timestamp now) {
    for (auto& [number, slip] : slips_) {
        if (slip.state != SlipState::registered) continue;
        if (slip.payable_until && *slip.payable_until <= day) {
            end(slip, HappeningKind::written_off_by_bank, day, now);
        } else if (slip.protest == ProtestState::asked && slip.protest_asked < day) {
            slip.protest = ProtestState::at_notary;
            untold_.push_back(about(slip, HappeningKind::sent_to_notary, day));
        }
    }
}

void BankBooks::charge_fees(Day day, Timestamp now, std::vector<Happening>& told) {
    const std::int64_t fee = house_.tariffs.registration;
    const std::size_t count = told.size();
    int charged = 0;
    for (std::size_t i = 0; i < count && fee > 0; ++i) {
        if (told[i].kind != HappeningKind::registered) continue;
        // Named beside the entry and in a line of its own, as banks do; taken once.
        told[i].tariff = fee;
        Happening line = told[i];
        line.kind = HappeningKind::fee;
        line.tariff = fee;
        line.reason = registration_fee_reason(house_.layout);
        line.copy_and_paste.clear();
        BankNews news{.id = next_news_id(),
                      .kind = BankNewsKind::tariff,
                      .our_number = line.our_number,
                      .control = line.control,
                      .tariff = fee,
                      .reason = "registro",
                      .happened = now};
        news_.push_back(std::move(news));
        told.push_back(std::move(line));
        ++charged;
    }
    current_.post({.id = {},
                   .day = day,
                   .amount = -fee * charged,
                   .kind = "tarifa_registro",
                   .reference = "REG-" + to_text(day),
                   .count = charged});
    if (is_last_of_month(day)) {
        current_.post({.id = {},
                       .day = day,
                       .amount = -house_.tariffs.maintenance,
                       .kind = "tarifa_manutencao",
                       .reference = "MAN-" + to_text(day)});
    }
}

void BankBooks::post_batch(const NightWork& night) {
    Posting credit{.id = {},
                   .day = night.credit_on,
                   .kind = "liquidacao",
                   .reference = "LIQ-" + to_text(night.day),
                   .count = 0};
    Posting tariff = credit;
    tariff.kind = "tarifa_liquidacao";
    for (const Receipt& receipt : receipts_) {
        if (receipt.day != night.day || !receipt.end_to_end_id.empty()) continue;
        credit.amount += receipt.amount;
        ++credit.count;
        tariff.amount -= receipt.tariff;
        tariff.count += receipt.tariff > 0 ? 1 : 0;
    }
    current_.post(std::move(credit));
    current_.post(std::move(tariff));
}

NightWork BankBooks::close_one(Day day, Timestamp now) {
    NightWork night{
        .day = day, .credit_on = codes::next_banking_day(day), .happenings = {}, .statements = {}};
    expire(day, now);
    const auto later = std::stable_partition(
        untold_.begin(), untold_.end(), [&](const Happening& it) { return it.day <= day; });
    night.happenings.assign(std::make_move_iterator(untold_.begin()),
                            std::make_move_iterator(later));
    untold_.erase(untold_.begin(), later);
    charge_fees(day, now, night.happenings);
    post_batch(night);
    open_ = day + std::chrono::days(1);
    night.statements.push_back(current_.close(day));
    // An account of its own is of no interest until there is something on it.
    if (pix_account_.is_used()) night.statements.push_back(pix_account_.close(day));
    return night;
}

Result<std::vector<NightWork>> BankBooks::close(Day day, Timestamp now) {
    if (day < open_) return Error(ErrorCode::conflict, "the day is closed");
    if (day - open_ > kDaysMax) return Error(ErrorCode::limit_exceeded, "400 days at once");
    std::vector<NightWork> nights;
    while (open_ <= day)
        nights.push_back(close_one(open_, now));
    return nights;
}

}  // namespace causeway::connectors::boleto::sandbox
