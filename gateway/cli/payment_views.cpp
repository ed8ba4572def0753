// SPDX-License-Identifier: Apache-2.0
#include "gateway/cli/payment_views.h"

#include "gateway/cli/text_table.h"
#include "gateway/payments/disputes_store.h"
#include "gateway/payments/operator_store.h"
#include "gateway/payments/payments_store.h"
#include "gateway/payments/render.h"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>

#include <algorithm>

namespace json = boost::json;

namespace causeway::gateway {
namespace {

using ledger::Transaction;
using Align = TextTable::Align;

constexpr int kPageLength = 200;

json::object parsed(const std::string& rendered) {
    return json::parse(rendered).as_object();
}

json::value or_null(const std::optional<Timestamp>& moment) {
    if (!moment) return nullptr;
    return json::value(to_rfc3339(*moment));
}

std::string amount_of(const ledger::Money& amount) {
    return amount_text(amount.minor_units(), amount.currency());
}

std::string mode_of(bool livemode) {
    return livemode ? "live" : "test";
}

std::string state_of(const OperationRow& operation) {
    const std::string state(to_string(operation.state.get()));
    return operation.in_doubt ? state + ", in doubt" : state;
}

std::string card_of(const Payment& payment) {
    if (payment.method.empty()) return "no method yet";
    return payment.method + " " + payment.card.brand + " " + payment.card.last4;
}

// A line for each thing that happened, its entry behind it.
std::string text_of(const TimelineRow& row) {
    std::string text;
    for (const TimelineLine& line : row.lines) {
        text += "  " + to_rfc3339(row.at) + "  " + line.kind + "  " + line.object + "  ";
        if (!line.to.empty()) text += (line.from.empty() ? "" : line.from + " ") + "-> " + line.to;
        text += (line.to.empty() ? "" : "  ") + ("(" + line.event + ")");
        if (line.entry) text += "  " + to_text("je", *line.entry);
        if (!line.detail.empty()) text += "  " + printable(line.detail);
        text += "\n";
    }
    return text;
}

std::string table_of(const std::vector<Capture>& captures) {
    TextTable table({{"CAPTURE"}, {"CREATED"}, {"STATUS"}, {"AMOUNT", Align::right}, {"FINAL"}});
    for (const Capture& one : captures) {
        table.row({to_text("cap", one.id),
                   to_rfc3339(one.created_at),
                   std::string(to_string(one.status.get())),
                   amount_of(one.amount),
                   one.final_capture ? "yes" : "no"});
    }
    return table.empty() ? std::string() : table.to_string();
}

template <class T>
json::array array_of(const std::vector<T>& rows) {
    json::array array;
    for (const T& row : rows)
        array.push_back(json_of(row));
    return array;
}

Result<std::vector<TimelineRow>> whole_timeline(Transaction& tx, const Uuid& payment) {
    std::vector<TimelineRow> all;
    Page page{.limit = kPageLength};
    for (bool more = true; more;) {
        Result<Listed<TimelineRow>> listed = list_timeline(tx, payment, page);
        if (!listed) return listed.error();
        more = listed->has_more;
        for (TimelineRow& row : listed->rows)
            all.push_back(std::move(row));
        if (more) page.starting_after = all.back().id;
    }
    std::ranges::reverse(all);
    return all;
}

Result<std::vector<Capture>> all_captures(Transaction& tx, const Uuid& payment) {
    std::vector<Capture> all;
    Page page{.limit = kPageLength};
    for (bool more = true; more;) {
        Result<Listed<Capture>> listed = list_captures(tx, payment, page);
        if (!listed) return listed.error();
        more = listed->has_more;
        all.insert(all.end(), listed->rows.begin(), listed->rows.end());
        if (more) page.starting_after = all.back().id;
    }
    std::ranges::reverse(all);
    return all;
}

}  // namespace

Result<PaymentFile> read_payment_file(Transaction& tx, const Uuid& id) {
    Result<Payment> payment = load_payment(tx, id);
    if (!payment) return payment.error();
    Result<std::vector<Capture>> captures = all_captures(tx, id);
    if (!captures) return captures.error();
    Result<std::vector<Refund>> refunds = refunds_of_payment(tx, id);
    if (!refunds) return refunds.error();
    Result<std::vector<Dispute>> disputes = disputes_of_payment(tx, id);
    if (!disputes) return disputes.error();
    Result<std::vector<OperationRow>> operations = operations_of_payment(tx, id);
    if (!operations) return operations.error();
    Result<std::vector<TimelineRow>> timeline = whole_timeline(tx, id);
    if (!timeline) return timeline.error();
    return PaymentFile{.payment = *std::move(payment),
                       .captures = *std::move(captures),
                       .refunds = *std::move(refunds),
                       .disputes = *std::move(disputes),
                       .operations = *std::move(operations),
                       .timeline = *std::move(timeline)};
}

std::string text_of(const PaymentFile& file) {
    const Payment& p = file.payment;
    const ledger::Currency& currency = p.amount.currency();
    std::string text = to_text("pay", p.id) + "  " + std::string(to_string(p.status.get())) + "  " +
                       amount_of(p.amount) + " " + std::string(currency.code()) + "  " +
                       mode_of(p.livemode) + "  " + to_text("mer", p.merchant) + "  " +
                       to_rfc3339(p.created_at) + "\n";
    text += card_of(p) + ", connector " + (p.connector.empty() ? "-" : p.connector) + "\n";
    text += "authorised " + amount_text(p.authorised, currency) + ", captured " +
            amount_text(p.captured, currency) + ", refunded " + amount_text(p.refunded, currency) +
            ", disputed " + amount_text(p.disputed, currency) + "; can be captured " +
            amount_text(p.capturable(), currency) + ", refunded " +
            amount_text(p.refundable(), currency) + "\n";
    if (p.expires_at) text += "the authorisation ends " + to_rfc3339(*p.expires_at) + "\n";
    for (const std::string& part : {table_of(file.captures),
                                    table_of(file.refunds),
                                    table_of(file.disputes),
                                    table_of(file.operations)}) {
        if (!part.empty()) text += "\n" + part;
    }
    text += "\ntimeline\n";
    for (const TimelineRow& row : file.timeline)
        text += text_of(row);
    return text;
}

json::object json_of(const PaymentFile& file) {
    json::array captures;
    for (const Capture& capture : file.captures)
        captures.push_back(parsed(render_capture(capture, file.payment.livemode)));
    json::array timeline;
    for (const TimelineRow& row : file.timeline)
        timeline.push_back(parsed(render_timeline(row, TimelineReader::operators)));
    json::object members;
    members["payment"] = json_of(file.payment);
    members["captures"] = std::move(captures);
    members["refunds"] = array_of(file.refunds);
    members["disputes"] = array_of(file.disputes);
    members["operations"] = array_of(file.operations);
    members["timeline"] = std::move(timeline);
    return members;
}

json::object json_of(const Payment& payment) {
    json::object members = parsed(render_payment(payment));
    for (const char* const theirs : {"description", "metadata", "return_url", "next_action"})
        members.erase(theirs);
    if (json::value& method = members["payment_method"]; method.is_object()) {
        json::object& card = method.as_object()["card"].as_object();
        card.erase("exp_month");
        card.erase("exp_year");
    }
    members["amount_authorised"] = payment.authorised;
    members["amount_disputed"] = payment.disputed;
    members["amount_refundable"] = payment.refundable();
    members["expires_at"] = or_null(payment.expires_at);
    return members;
}

json::object json_of(const Refund& refund) {
    json::object members = parsed(render_refund(refund));
    members.erase("metadata");
    members["merchant"] = to_text("mer", refund.merchant);
    return members;
}

json::object json_of(const Dispute& dispute) {
    json::object members = parsed(render_dispute(dispute));
    members["merchant"] = to_text("mer", dispute.merchant);
    members["connector"] = dispute.connector;
    members["case_id"] = dispute.case_id;
    members["round"] = dispute.round;
    members["acting"] = dispute.acting.empty() ? json::value(nullptr) : json::value(dispute.acting);
    return members;
}

json::object json_of(const OperationRow& o) {
    json::object members;
    members["id"] = to_text("op", o.id);
    members["object"] = "operation";
    members["created_at"] = to_rfc3339(o.created_at);
    members["payment"] = to_text("pay", o.payment);
    members["subject"] = o.subject.empty() ? json::value(nullptr) : json::value(o.subject);
    members["kind"] = connectors::to_string(o.kind);
    members["amount"] = o.amount.minor_units();
    members["currency"] = o.amount.currency().code();
    members["state"] = to_string(o.state.get());
    members["in_doubt"] = o.in_doubt;
    members["connector"] = o.connector;
    members["reference"] = o.reference;
    members["response_code"] = o.response_code;
    members["tries"] = o.tries;
    members["next_try_at"] = or_null(o.next_try);
    members["answered_at"] = or_null(o.answered_at);
    return members;
}

std::string table_of(const std::vector<Payment>& payments) {
    TextTable table({{"PAYMENT"},
                     {"CREATED"},
                     {"MODE"},
                     {"STATUS"},
                     {"AMOUNT", Align::right},
                     {""},
                     {"CAPTURED", Align::right},
                     {"REFUNDED", Align::right},
                     {"CONNECTOR"},
                     {"MERCHANT"}});
    for (const Payment& one : payments) {
        const ledger::Currency& currency = one.amount.currency();
        table.row({to_text("pay", one.id),
                   to_rfc3339(one.created_at),
                   mode_of(one.livemode),
                   std::string(to_string(one.status.get())),
                   amount_of(one.amount),
                   std::string(currency.code()),
                   amount_text(one.captured, currency),
                   amount_text(one.refunded, currency),
                   one.connector.empty() ? "-" : one.connector,
                   to_text("mer", one.merchant)});
    }
    return table.empty() ? std::string() : table.to_string();
}

std::string table_of(const std::vector<Refund>& refunds) {
    TextTable table({{"REFUND"},
                     {"CREATED"},
                     {"MODE"},
                     {"STATUS"},
                     {"AMOUNT", Align::right},
                     {""},
                     {"REASON"},
                     {"PAYMENT"}});
    for (const Refund& one : refunds) {
        table.row({to_text("ref", one.id),
                   to_rfc3339(one.created_at),
                   mode_of(one.livemode),
                   std::string(to_string(one.status.get())),
                   amount_of(one.amount),
                   std::string(one.amount.currency().code()),
                   printable(one.reason.value_or("-")),
                   to_text("pay", one.payment)});
    }
    return table.empty() ? std::string() : table.to_string();
}

std::string table_of(const std::vector<Dispute>& disputes) {
    TextTable table({{"DISPUTE"},
                     {"CREATED"},
                     {"MODE"},
                     {"STATUS"},
                     {"AMOUNT", Align::right},
                     {""},
                     {"ROUND"},
                     {"ANSWER UNTIL"},
                     {"REASON"},
                     {"PAYMENT"}});
    for (const Dispute& one : disputes) {
        table.row({to_text("dp", one.id),
                   to_rfc3339(one.created_at),
                   mode_of(one.livemode),
                   std::string(to_string(one.status.get())),
                   amount_of(one.amount),
                   std::string(one.amount.currency().code()),
                   std::to_string(one.round),
                   one.evidence_due_at ? to_rfc3339(*one.evidence_due_at) : "-",
                   printable(one.reason),
                   to_text("pay", one.payment)});
    }
    return table.empty() ? std::string() : table.to_string();
}

std::string table_of(const std::vector<OperationRow>& operations) {
    TextTable table({{"OPERATION"},
                     {"CREATED"},
                     {"KIND"},
                     {"STATE"},
                     {"AMOUNT", Align::right},
                     {""},
                     {"TRIES", Align::right},
                     {"NEXT TRY"},
                     {"CONNECTOR"},
                     {"PAYMENT"}});
    for (const OperationRow& one : operations) {
        table.row({to_text("op", one.id),
                   to_rfc3339(one.created_at),
                   std::string(connectors::to_string(one.kind)),
                   state_of(one),
                   amount_of(one.amount),
                   std::string(one.amount.currency().code()),
                   std::to_string(one.tries),
                   one.next_try ? to_rfc3339(*one.next_try) : "-",
                   one.connector,
                   to_text("pay", one.payment)});
    }
    return table.empty() ? std::string() : table.to_string();
}

}  // namespace causeway::gateway
