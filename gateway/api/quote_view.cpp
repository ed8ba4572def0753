// SPDX-License-Identifier: Apache-2.0
#include "gateway/api/quote_view.h"

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
    members["rate_source"] = quote.rate_source;
    members["rate_date"] = to_text(quote.rate_date);
    members["expires_at"] = to_rfc3339(quote.expires_at);
    members["status"] = to_string(fx::status_at(quote, now));
    return json::serialize(members);
}

}  // namespace causeway::gateway
