// SPDX-License-Identifier: Apache-2.0
#include "connectors/boleto/bank_notices.h"

#include "connectors/boleto/cnab/codes.h"
#include "connectors/boleto/config.h"
#include "connectors/boleto/printable.h"
#include "connectors/boleto/remessa_file.h"
#include "connectors/codes/banking_days.h"

namespace causeway::connectors::boleto {
namespace {

Error lacks(std::string_view what) {
    return Error(ErrorCode::invalid_argument, "aviso." + std::string(what) + ": is missing");
}

NoticeKind kind_of(BankNewsKind kind) {
    switch (kind) {
        case BankNewsKind::payment:
        case BankNewsKind::pix_payment: return NoticeKind::received;
        case BankNewsKind::reversal: return NoticeKind::receipt_returned;
        case BankNewsKind::write_off: return NoticeKind::instrument_ended;
        case BankNewsKind::rejection: return NoticeKind::instrument_refused;
        case BankNewsKind::tariff: return NoticeKind::charged;
        case BankNewsKind::protest: return NoticeKind::told;
    }
    return NoticeKind::told;
}

Receipt receipt_of(const BankNews& news) {
    // A message without a tariff does not say that there is none.
    std::optional<ledger::Money> cost;
    if (news.tariff > 0) cost = ledger::Money(news.tariff, brl());
    return {.identity = news.end_to_end_id,
            .channel = "api",
            .way = news.end_to_end_id.empty() ? "boleto" : "pix",
            .paid_on = news.paid_on.value_or(codes::day_in_brazil(news.happened)),
            .credited_on = news.credited_on,
            .cost = cost};
}

// In all three banks' files 03 is an entry that was refused.
std::string_view text_of_refusal(Bank bank, std::string_view code) {
    const cnab::Occurrence* const refused =
        cnab::find_occurrence(cnab::codes_of(layout_of(bank)), "03");
    return refused == nullptr ? std::string_view() : cnab::text_of(refused->reasons, code);
}

std::string reason_of(Bank bank, const BankNews& news) {
    std::string reason = printable(news.reason);
    if (news.kind == BankNewsKind::rejection) {
        const std::string_view text = text_of_refusal(bank, reason);
        if (!text.empty()) reason.append(" ").append(text);
    }
    if (!reason.empty()) return reason;
    switch (news.kind) {
        case BankNewsKind::reversal: return "the bank took the payment back";
        case BankNewsKind::write_off: return "written off at the bank";
        case BankNewsKind::rejection: return "refused by the bank";
        case BankNewsKind::tariff: return "tariff";
        case BankNewsKind::protest: return "protest";
        default: return {};
    }
}

Result<void> check_members(const BankNews& news) {
    const bool paid = news.kind == BankNewsKind::payment || news.kind == BankNewsKind::pix_payment;
    if (news.id.empty()) return lacks("id");
    if (paid && !news.paid_on) return lacks("data_pagamento");
    if ((paid || news.kind == BankNewsKind::reversal) && news.amount == 0) {
        return lacks("valor_pago");
    }
    if (news.kind == BankNewsKind::pix_payment && news.end_to_end_id.empty()) return lacks("e2e");
    if (news.kind == BankNewsKind::payment && !news.end_to_end_id.empty()) {
        return Error(ErrorCode::invalid_argument, "aviso.e2e: only a payment by Pix has one");
    }
    if (news.kind == BankNewsKind::tariff && news.tariff == 0) return lacks("tarifa");
    return {};
}

}  // namespace

Result<Notice> notice_of(Bank bank, const BankNews& news) {
    if (const Result<void> sound = check_members(news); !sound) return sound.error();
    Notice notice;
    notice.kind = kind_of(news.kind);
    notice.id = news.id;
    notice.reference = news.our_number;
    notice.reason = reason_of(bank, news);
    notice.happened = news.happened;
    switch (notice.kind) {
        case NoticeKind::received:
        case NoticeKind::receipt_returned:
            notice.amount = ledger::Money(news.amount, brl());
            notice.receipt = receipt_of(news);
            break;
        case NoticeKind::charged:
            notice.amount = ledger::Money(news.tariff, brl());
            notice.receipt = receipt_of(news);
            break;
        case NoticeKind::instrument_refused:
            notice.answer.decline = Decline::not_allowed;
            notice.answer.response_code = notice.reason;
            break;
        default: break;
    }
    return notice;
}

Result<std::vector<Notice>> BankNoticeReader::read(const NoticeInput& input) const {
    const Result<void> trusted =
        check_news_signature(secret_, input.headers, input.body, input.received);
    if (!trusted) return trusted.error();
    const Result<BankNews> news = pix::parse_body<BankNews>(input.body, "aviso");
    if (!news) return news.error();
    Result<Notice> notice = notice_of(bank_, *news);
    if (!notice) return notice.error();
    return std::vector<Notice>{*std::move(notice)};
}

}  // namespace causeway::connectors::boleto
