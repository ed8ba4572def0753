// SPDX-License-Identifier: Apache-2.0
#include "gateway/settlement/settlement_event.h"

#include "gateway/webhooks/event.h"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace json = boost::json;

namespace causeway::gateway {

std::string render_settlement(const Settlement& settlement) {
    json::object members;
    members["id"] = settlement_name(settlement.id);
    members["object"] = "settlement";
    members["created_at"] = to_rfc3339(settlement.created);
    members["livemode"] = settlement.key.livemode;
    members["merchant"] = merchant_name(settlement.key.merchant_id);
    members["currency"] = settlement.key.currency.code();
    members["period_start"] = to_rfc3339(settlement.period_start);
    members["period_end"] = to_rfc3339(settlement.period_end);
    members["value_date"] = to_text(settlement.value_day);
    members["opening_balance"] = settlement.opening_balance;
    members["gross"] = settlement.gross;
    members["refunds"] = settlement.refunds;
    members["fees"] = settlement.fees;
    members["net"] = settlement.net;
    members["closing_balance"] = settlement.closing_balance;
    members["line_count"] = settlement.line_count;
    members["status"] = "closed";
    members["sha256"] = settlement.sha256;
    return json::serialize(members);
}

Result<void> tell_closed(ledger::Transaction& tx,
                         IdSource& ids,
                         const Clock& clock,
                         const Settlement& settlement) {
    const EventFacts facts{
        .scope = {.merchant = settlement.key.merchant_id, .livemode = settlement.key.livemode},
        .type = "settlement.closed",
        .object = render_settlement(settlement)};
    const Result<Uuid> told = record_event(tx, ids, clock, facts);
    if (!told) return told.error();
    return {};
}

}  // namespace causeway::gateway
