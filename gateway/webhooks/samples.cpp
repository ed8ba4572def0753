// SPDX-License-Identifier: Apache-2.0
#include "gateway/webhooks/samples.h"

#include "gateway/api/problem.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <chrono>

namespace json = boost::json;

namespace causeway::gateway {
namespace {

constexpr std::int64_t kAmount = 9'710;
constexpr std::int64_t kFee = 312;
constexpr std::chrono::hours kEvidenceTime{24 * 14};

struct Sample {
    const Uuid& merchant;
    IdSource& ids;
    Timestamp now;

    [[nodiscard]] std::string id(std::string_view prefix) const {
        return to_text(prefix, ids.next());
    }
    [[nodiscard]] json::object head(std::string_view prefix, std::string_view object) const {
        json::object members;
        members["id"] = id(prefix);
        members["object"] = object;
        members["created_at"] = to_rfc3339(now);
        members["livemode"] = false;
        return members;
    }
};

json::object payment(const Sample& sample, std::string_view state) {
    const bool taken = state == "succeeded";
    const bool part = state == "partially_captured";
    const bool held = state == "requires_capture" || part;
    json::object members = sample.head("pay", "payment");
    members["merchant"] = to_text("mer", sample.merchant);
    members["amount"] = kAmount;
    members["currency"] = "EUR";
    members["amount_capturable"] = state == "requires_capture" ? kAmount : part ? kAmount / 2 : 0;
    members["amount_captured"] = taken ? kAmount : part ? kAmount / 2 : 0;
    members["amount_refunded"] = 0;
    members["status"] = state == "created" ? "requires_confirmation" : state;
    members["capture_method"] = held ? "manual" : "automatic";
    members["payment_method"] = json::parse(
        R"({"type":"card","card":{"brand":"visa","last4":"4242","exp_month":12,"exp_year":2034}})");
    members["connector"] = "demo_card";
    members["customer"] = nullptr;
    members["fx_quote"] = nullptr;
    members["reference"] = "SAMPLE-1";
    members["description"] = nullptr;
    members["statement_descriptor"] = nullptr;
    members["next_action"] = nullptr;
    members["last_error"] = nullptr;
    if (state == "requires_action") {
        members["next_action"] =
            json::parse(R"({"type":"three_ds","redirect_url":"https://bank.example/"})");
    } else if (state == "failed") {
        Problem declined = make_problem("card_declined", "The issuer declined the payment.");
        declined.decline_code = "insufficient_funds";
        members["last_error"] = json::parse(render(declined, sample.id("req")));
    }
    members["return_url"] = nullptr;
    members["metadata"] = json::object();
    return members;
}

json::object capture(const Sample& sample, std::string_view state) {
    json::object members = sample.head("cap", "capture");
    members["payment"] = sample.id("pay");
    members["amount"] = kAmount;
    members["currency"] = "EUR";
    members["final"] = true;
    members["status"] = state;
    members["balance_transaction"] =
        state == "succeeded" ? json::value(sample.id("txn")) : json::value(nullptr);
    return members;
}

json::object refund(const Sample& sample, std::string_view state) {
    json::object members = sample.head("ref", "refund");
    members["payment"] = sample.id("pay");
    members["amount"] = kAmount;
    members["currency"] = "EUR";
    members["reason"] = "requested_by_customer";
    members["status"] = state == "created" ? "pending" : state;
    members["failure_code"] =
        state == "failed" ? json::value("refund_declined") : json::value(nullptr);
    members["balance_transaction"] =
        state == "succeeded" ? json::value(sample.id("txn")) : json::value(nullptr);
    members["metadata"] = json::object();
    return members;
}

json::object dispute(const Sample& sample, std::string_view state) {
    json::object members = sample.head("dp", "dispute");
    members["payment"] = sample.id("pay");
    members["amount"] = kAmount;
    members["currency"] = "EUR";
    members["reason"] = "fraudulent";
    members["network_reason_code"] = "10.4";
    members["status"] = state == "created"   ? "needs_response"
                        : state == "updated" ? "under_review"
                                             : state;
    members["evidence_due_at"] = to_rfc3339(sample.now + kEvidenceTime);
    members["balance_transactions"] = json::array();
    return members;
}

json::object customer(const Sample& sample) {
    json::object members = sample.head("cus", "customer");
    members["name"] = nullptr;
    members["email"] = nullptr;
    members["country"] = "NL";
    members["verification"] = nullptr;
    members["metadata"] = json::object();
    return members;
}

json::object settlement(const Sample& sample) {
    const Day today = day_of(sample.now);
    json::object members = sample.head("stl", "settlement");
    members["merchant"] = to_text("mer", sample.merchant);
    members["currency"] = "EUR";
    members["period_start"] = to_rfc3339(today - std::chrono::days(1));
    members["period_end"] = to_rfc3339(today);
    members["value_date"] = to_text(today + std::chrono::days(2));
    members["opening_balance"] = 0;
    members["gross"] = kAmount;
    members["refunds"] = 0;
    members["fees"] = kFee;
    members["net"] = kAmount - kFee;
    members["closing_balance"] = kAmount - kFee;
    members["line_count"] = 1;
    members["status"] = "closed";
    return members;
}

json::object endpoint(const Sample& sample) {
    json::object members = sample.head("we", "webhook_endpoint");
    members["url"] = "https://gone.example/hook";
    members["events"] = json::array({"*"});
    members["status"] = "disabled";
    members["secret"] = nullptr;
    members["public_key"] = nullptr;
    return members;
}

json::object object_of(const Sample& sample, std::string_view family, std::string_view what) {
    if (family == "payment") return payment(sample, what);
    if (family == "capture") return capture(sample, what);
    if (family == "refund") return refund(sample, what);
    if (family == "dispute") return dispute(sample, what);
    if (family == "settlement") return settlement(sample);
    if (family == "webhook_endpoint") return endpoint(sample);
    return customer(sample);
}

// As the tables of the machines have it; what is created has nothing before it.
std::string previous_of(std::string_view family, std::string_view what) {
    if (what == "created") return {};
    if (family == "payment") {
        if (what == "processing") return {};
        return what == "expired" ? R"({"status":"requires_capture"})"
                                 : R"({"status":"processing"})";
    }
    if (family == "capture" || family == "refund") return R"({"status":"pending"})";
    if (family != "dispute") return {};
    const bool decided = what == "won" || what == "lost";
    return decided ? R"({"status":"under_review"})" : R"({"status":"needs_response"})";
}

}  // namespace

SampleEvent sample_event(std::string_view type,
                         const Uuid& merchant,
                         IdSource& ids,
                         Timestamp now) {
    const std::size_t dot = type.find('.');
    const std::string_view family = type.substr(0, dot);
    const std::string_view what = type.substr(dot + 1);
    const Sample sample{.merchant = merchant, .ids = ids, .now = now};
    SampleEvent made{.object = json::serialize(object_of(sample, family, what)), .previous = {}};
    made.previous = previous_of(family, what);
    return made;
}

}  // namespace causeway::gateway
