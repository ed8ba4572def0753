// SPDX-License-Identifier: Apache-2.0
#include "gateway/payments/render.h"

#include "gateway/json_writer.h"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace json = boost::json;

namespace causeway::gateway {
namespace {

json::value or_null(const std::optional<std::string>& text) {
    if (!text) return nullptr;
    return json::value(*text);
}

json::value or_null(std::string_view prefix, const std::optional<Uuid>& id) {
    if (!id) return nullptr;
    return json::value(to_text(prefix, *id));
}

// A text of ours that was JSON when it was stored.
json::value stored_json(const std::string& text) {
    if (text.empty()) return nullptr;
    boost::system::error_code failed;
    const json::value value = json::parse(text, failed);
    return failed ? json::value(nullptr) : value;
}

json::object head(std::string_view prefix,
                  const Uuid& id,
                  std::string_view object,
                  Timestamp created_at,
                  bool livemode) {
    json::object members;
    members["id"] = to_text(prefix, id);
    members["object"] = object;
    members["created_at"] = to_rfc3339(created_at);
    members["livemode"] = livemode;
    return members;
}

// The same as stored_json(), into a text. Most have no metadata: nothing to read then.
void write_stored(JsonWriter& out, const std::string& text) {
    if (text.empty()) return out.null();
    if (text == "{}") return out.raw(text);
    out.raw(json::serialize(stored_json(text)));
}

struct Head {
    std::string_view prefix;
    const Uuid& id;
    std::string_view object;
    Timestamp created_at;
    bool livemode;
};

void begin(JsonWriter& out, const Head& head) {
    out.begin_object();
    out.name("id").id(head.prefix, head.id);
    out.name("object").text(head.object);
    out.name("created_at").text(to_rfc3339(head.created_at));
    out.name("livemode").boolean(head.livemode);
}

void write_method(JsonWriter& out, const Payment& payment) {
    if (payment.method.empty()) return out.null();
    out.begin_object();
    out.name("type").text(payment.method);
    if (payment.method != "card") return void(out.end_object());
    out.name("card").begin_object();
    out.name("brand").text(payment.card.brand);
    out.name("last4").text(payment.card.last4);
    out.name("exp_month").number(payment.card.exp_month);
    out.name("exp_year").number(payment.card.exp_year);
    out.end_object();
    out.end_object();
}

std::string_view category_of(std::string_view type) {
    return type;  // A charge is reported as "charge", a refund as "refund".
}

}  // namespace

std::string render_payment(const Payment& p) {
    JsonWriter out(1024);
    begin(out, {"pay", p.id, "payment", p.created_at, p.livemode});
    out.name("merchant").id("mer", p.merchant);
    out.name("amount").number(p.amount.minor_units());
    out.name("currency").text(p.amount.currency().code());
    out.name("amount_capturable").number(p.capturable());
    out.name("amount_captured").number(p.captured);
    out.name("amount_refunded").number(p.refunded);
    out.name("status").text(to_string(p.status.get()));
    out.name("capture_method").text(p.capture_automatic ? "automatic" : "manual");
    write_method(out.name("payment_method"), p);
    out.name("connector").text_or_null(std::string_view(p.connector));
    out.name("customer").text_or_null(p.customer);
    out.name("fx_quote").id_or_null("fxq", p.quote);
    out.name("reference").text_or_null(p.reference);
    out.name("description").text_or_null(p.description);
    out.name("statement_descriptor").text_or_null(p.statement_descriptor);
    const bool acts = p.status == PaymentStatus::requires_action;
    write_stored(out.name("next_action"), acts ? p.next_action : std::string());
    write_stored(out.name("last_error"), p.last_error);
    out.name("return_url").text_or_null(p.return_url);
    write_stored(out.name("metadata"), p.metadata);
    out.end_object();
    return out.take();
}

std::string render_capture(const Capture& c, bool livemode) {
    JsonWriter out;
    begin(out, {"cap", c.id, "capture", c.created_at, livemode});
    out.name("payment").id("pay", c.payment);
    out.name("amount").number(c.amount.minor_units());
    out.name("currency").text(c.amount.currency().code());
    out.name("final").boolean(c.final_capture);
    out.name("status").text(to_string(c.status.get()));
    out.name("balance_transaction").id_or_null("txn", c.balance_transaction);
    out.end_object();
    return out.take();
}

std::string render_refund(const Refund& r) {
    json::object members = head("ref", r.id, "refund", r.created_at, r.livemode);
    members["payment"] = to_text("pay", r.payment);
    members["amount"] = r.amount.minor_units();
    members["currency"] = r.amount.currency().code();
    members["reason"] = or_null(r.reason);
    members["status"] = to_string(r.status.get());
    members["failure_code"] = or_null(r.failure_code);
    members["balance_transaction"] = or_null("txn", r.balance_transaction);
    members["metadata"] = stored_json(r.metadata);
    return json::serialize(members);
}

std::string render_dispute(const Dispute& d) {
    json::object members = head("dp", d.id, "dispute", d.created_at, d.livemode);
    members["payment"] = to_text("pay", d.payment);
    members["amount"] = d.amount.minor_units();
    members["currency"] = d.amount.currency().code();
    members["reason"] = d.reason;
    members["network_reason_code"] = or_null(d.network_reason_code);
    members["status"] = to_string(d.status.get());
    members["evidence_due_at"] =
        d.evidence_due_at ? json::value(to_rfc3339(*d.evidence_due_at)) : json::value(nullptr);
    members["balance_transactions"] = stored_json(d.movements);
    return json::serialize(members);
}

std::string render_balance_transaction(const BalanceTransaction& t) {
    json::object members = head("txn", t.id, "balance_transaction", t.created_at, t.scope.livemode);
    members["merchant"] = to_text("mer", t.scope.merchant);
    members["type"] = t.type;
    members["reporting_category"] = category_of(t.type);
    members["currency"] = t.amount.currency().code();
    members["amount"] = t.amount.minor_units();
    members["fee"] = t.fee;
    members["net"] = t.net();
    json::array fees;
    if (t.fee != 0) {
        json::object fee;
        fee["type"] = "processing";
        fee["amount"] = t.fee;
        fees.push_back(std::move(fee));
    }
    members["fee_details"] = std::move(fees);
    members["exchange_rate"] = or_null(t.exchange_rate);
    members["presentment_amount"] = t.presentment.minor_units();
    members["presentment_currency"] = t.presentment.currency().code();
    members["source"] = t.source;
    members["status"] = t.settlement ? "available" : "pending";
    members["available_on"] = to_text(t.available_on);
    members["settlement"] = or_null("stl", t.settlement);
    members["journal_entry"] = to_text("je", t.entry);
    return json::serialize(members);
}

ListPage render_list(std::string_view url,
                     const std::vector<std::string>& items,
                     bool has_more,
                     std::string_view last_id) {
    std::string data;
    for (const std::string& item : items) {
        if (!data.empty()) data += ',';
        data += item;
    }
    std::string body = R"({"object":"list","url":)";
    body += json::serialize(json::string(url)) + R"(,"data":[)" + data + R"(],"has_more":)";
    body += has_more ? "true" : "false";
    body += R"(,"next_cursor":)";
    body += has_more ? json::serialize(json::string(last_id)) : "null";
    body += "}";
    std::string next;
    if (has_more) next = std::string(url) + "?starting_after=" + std::string(last_id);
    return {.body = std::move(body), .next = std::move(next)};
}

Problem missing(const Error& error, std::string_view what) {
    if (error.code() == ErrorCode::not_found) {
        return make_problem("not_found", "There is no such " + std::string(what) + ".");
    }
    return internal_problem(error);
}

}  // namespace causeway::gateway
