// SPDX-License-Identifier: Apache-2.0
#include "gateway/api/quote_view.h"

#include "fx/disclosure.h"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace json = boost::json;

namespace causeway::gateway {

std::string render_quote(const fx::Quote& quote, Timestamp now) {
    json::object members;
    members["id"] = to_text(fx::kQuotePrefix, quote.id);
    members["object"] = "fx_quote";
    members["created_at"] = to_rfc3339(quote.created_at);
    members["livemode"] = quote.livemode;
    members["source_currency"] = quote.source.currency().code();
    members["target_currency"] = quote.target.currency().code();
    members["source_amount"] = quote.source.minor_units();
    members["target_amount"] = quote.target.minor_units();
    members["mid_rate"] = quote.mid_rate.to_string();
    members["rate"] = quote.rate.to_string();
    members["markup_bps"] = quote.markup_bps;
    members["target_fee"] = quote.fee;
    members["bearer"] = to_string(quote.bearer);
    members["rate_source"] = quote.rate_source;
    members["rate_date"] = to_text(quote.rate_date);
    members["expires_at"] = to_rfc3339(quote.expires_at);
    members["status"] = to_string(fx::status_at(quote, now));
    return json::serialize(members);
}

Result<std::string> render_disclosure(const fx::Quote& quote) {
    const Result<fx::Disclosure> told = fx::disclosure_of(quote);
    if (!told) return told.error();
    json::object members;
    members["object"] = "fx_disclosure";
    members["quote"] = to_text(fx::kQuotePrefix, quote.id);
    members["livemode"] = quote.livemode;
    members["source_currency"] = told->total.currency().code();
    members["target_currency"] = told->receives.currency().code();
    members["source_amount"] = told->total.minor_units();
    members["target_amount"] = told->receives.minor_units();
    members["mid_rate"] = told->mid_rate.to_string();
    members["rate"] = told->rate.to_string();
    members["markup_percent"] = told->markup_percent;
    members["target_fee"] = told->fee.minor_units();
    members["rounding"] = to_string(told->rounding);
    members["bearer"] = to_string(told->bearer);
    members["rate_source"] = told->rate_source;
    members["rate_date"] = to_text(told->rate_date);
    members["valid_until"] = to_rfc3339(told->valid_until);
    return json::serialize(members);
}

std::string render_presentment(const fx::Quote& price) {
    json::object members;
    members["object"] = "presentment";
    members["currency"] = price.source.currency().code();
    members["amount"] = price.source.minor_units();
    members["target_currency"] = price.target.currency().code();
    members["target_amount"] = price.target.minor_units();
    members["mid_rate"] = price.mid_rate.to_string();
    members["rate"] = price.rate.to_string();
    members["markup_bps"] = price.markup_bps;
    members["rate_source"] = price.rate_source;
    members["rate_date"] = to_text(price.rate_date);
    return json::serialize(members);
}

}  // namespace causeway::gateway
