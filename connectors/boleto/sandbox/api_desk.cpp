// SPDX-License-Identifier: Apache-2.0
#include "connectors/boleto/sandbox/api_desk.h"

#include "connectors/boleto/bank_api.h"

#include <boost/json/serialize.hpp>

namespace causeway::connectors::boleto::sandbox {
namespace {

constexpr int kOk = 200;
constexpr int kCreated = 201;
constexpr int kBadRequest = 400;
constexpr int kNotFound = 404;
constexpr int kNotAllowed = 405;
constexpr int kConflict = 409;
constexpr int kRefused = 422;

SlipOrder order_of(const BankTitleOrder& body) {
    return {.our_number = body.our_number,
            .our_number_digit = {},
            .agreement = body.agreement,
            .wallet = body.wallet,
            .document = body.document,
            .control = body.control,
            .terms = {.face = body.amount,
                      .due = body.due_on,
                      .fine_bps = body.fine_bps,
                      .fine_from = std::nullopt,
                      .interest_month_bps = body.interest_month_bps,
                      .interest_from = std::nullopt,
                      .discount_bps = body.discount_bps,
                      .discount_until = body.discount_until},
            .payable_until = body.payable_until,
            .issued = body.issued_on,
            .hybrid = body.hybrid,
            .payer = {.name = body.payer.name,
                      .document = body.payer.document,
                      .street = body.payer.street,
                      .city = body.payer.city,
                      .state = body.payer.state,
                      .postal_code = body.payer.postal_code}};
}

BankTitleState told_state(SlipState state) {
    switch (state) {
        case SlipState::paid: return BankTitleState::paid;
        case SlipState::written_off: return BankTitleState::written_off;
        case SlipState::registered: break;
    }
    return BankTitleState::registered;
}

BankTitle told(const BankBooks& books, const Slip& slip) {
    BankTitle title{.our_number = slip.order.our_number,
                    .line = slip.line,
                    .barcode = slip.barcode,
                    .state = told_state(slip.state),
                    .pix = std::nullopt,
                    .payments = {}};
    if (slip.pix) {
        title.pix = BankPix{.copy_and_paste = slip.pix->copy_and_paste, .txid = slip.pix->txid};
    }
    for (const std::size_t i : slip.receipts) {
        const Receipt& receipt = books.receipts()[i];
        if (receipt.reversed) continue;
        title.payments.push_back({.id = receipt.id,
                                  .amount = receipt.amount,
                                  .paid_on = receipt.day,
                                  .credited_on = receipt.credit_on,
                                  .tariff = receipt.tariff,
                                  .channel = receipt.channel,
                                  .end_to_end_id = receipt.end_to_end_id});
    }
    return title;
}

net::HttpResponse refused(int status, const BankBooks& books, Refusal refusal) {
    return json_answer(
        status,
        write_body(BankRefusal{.code = std::string(reason_of(books.house().layout, refusal)),
                               .field = std::string(field_of(refusal)),
                               .message = std::string(message_of(refusal))}));
}

net::HttpResponse enter(BankBooks& books, const net::HttpRequest& request, Timestamp now) {
    const auto body = pix::parse_body<BankTitleOrder>(request.body, "boleto");
    if (!body) return fault_answer(kBadRequest, "corpo", body.error().detail());
    const SlipOrder order = order_of(*body);
    if (const Slip* const known = books.find(order.our_number)) {
        if (known->order == order) return json_answer(kOk, write_body(told(books, *known)));
        return refused(kConflict, books, Refusal::number_used);
    }
    const SlipOutcome entered = books.enter(order, now);
    if (const auto* refusal = std::get_if<Refusal>(&entered)) {
        return refused(kRefused, books, *refusal);
    }
    return json_answer(kCreated, write_body(told(books, *std::get<const Slip*>(entered))));
}

net::HttpResponse write_off(BankBooks& books, const Slip& slip, Timestamp now) {
    if (slip.state == SlipState::registered) (void)books.write_off(slip.order.our_number, now);
    if (slip.state == SlipState::paid) return refused(kConflict, books, Refusal::title_paid);
    BankTitle title = told(books, slip);
    title.line.clear();
    title.barcode.clear();
    return json_answer(kOk, write_body(title));
}

}  // namespace

net::HttpResponse json_answer(int status, const boost::json::object& body) {
    return {.status = status,
            .headers = {{"Content-Type", "application/json"}},
            .body = boost::json::serialize(body)};
}

net::HttpResponse fault_answer(int status, std::string_view code, std::string_view message) {
    return json_answer(
        status,
        write_body(
            BankRefusal{.code = std::string(code), .field = {}, .message = std::string(message)}));
}

net::HttpResponse serve_titles(BankBooks& books, const net::HttpRequest& request, Timestamp now) {
    std::string_view path = request.target;
    if (!path.starts_with(kTitlesPath)) return fault_answer(kNotFound, "", "Não existe.");
    path.remove_prefix(kTitlesPath.size());
    if (path.empty()) {
        if (request.method == "POST") return enter(books, request, now);
        return fault_answer(kNotAllowed, "", "Método não permitido.");
    }
    const bool writes_off = path.ends_with(kWriteOffPath);
    if (writes_off) path.remove_suffix(kWriteOffPath.size());
    const Slip* const slip =
        path.starts_with('/') ? books.find(std::string(path.substr(1))) : nullptr;
    if (slip == nullptr) return refused(kNotFound, books, Refusal::title_unknown);
    if (writes_off && request.method == "POST") return write_off(books, *slip, now);
    if (!writes_off && request.method == "GET") {
        return json_answer(kOk, write_body(told(books, *slip)));
    }
    return fault_answer(kNotAllowed, "", "Método não permitido.");
}

}  // namespace causeway::connectors::boleto::sandbox
