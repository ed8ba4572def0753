// SPDX-License-Identifier: Apache-2.0
#include "gateway/cli/by_hand.h"
#include "gateway/cli/list_options.h"
#include "gateway/cli/payment_commands.h"
#include "gateway/cli/payment_views.h"
#include "gateway/cli/text_table.h"
#include "gateway/payments/disputes.h"
#include "gateway/payments/disputes_store.h"
#include "gateway/payments/evidence.h"
#include "gateway/payments/operator_store.h"

#include <boost/json/parse.hpp>

namespace json = boost::json;

namespace causeway::gateway {
namespace {

using ledger::Transaction;

// One more than the limit: then there are more.
Result<std::vector<Dispute>> wanted_disputes(Transaction& tx, const ListOptions& options) {
    const int count = options.limit + 1;
    if (options.payment) {
        Result<std::vector<Dispute>> disputes = disputes_of_payment(tx, *options.payment);
        if (disputes) leave_behind(*disputes, options.after);
        return disputes;
    }
    if (!options.merchant) return newest_disputes(tx, count, options.after);
    return of_merchant<Dispute>(tx, *options.merchant, options.after, count, &list_disputes);
}

// One dispute, and when something was last said for it.
CommandOutput shown_dispute(CommandContext& context,
                            const CommandRequest& request,
                            const Uuid& id) {
    std::optional<Dispute> dispute;
    std::optional<Timestamp> evidence;
    const Result<void> read = context.database.read([&](Transaction& tx) -> Result<void> {
        const Result<Dispute> found = load_dispute(tx, id);
        if (!found) return found.error();
        const Result<EvidenceRow> said = load_evidence(tx, id);
        if (!said && said.error().code() != ErrorCode::not_found) return said.error();
        dispute = *found;
        if (said) evidence = said->created_at;
        return {};
    });
    if (!read) return failed(read.error());
    if (request.flag("json")) {
        json::object members = json_of(*dispute);
        members["evidence_at"] = nullptr;
        if (evidence) members["evidence_at"] = to_rfc3339(*evidence);
        return {.exit_code = kExitOk, .out = json::serialize(members) + "\n", .err = {}};
    }
    std::string text = table_of(std::vector<Dispute>{*dispute});
    text += "case " + printable(dispute->case_id) + " of " + dispute->connector +
            "; evidence: " + (evidence ? to_rfc3339(*evidence) : std::string("none")) + "\n";
    if (!dispute->acting.empty()) text += "the provider is being told: " + dispute->acting + "\n";
    return {.exit_code = kExitOk, .out = text, .err = {}};
}

CommandOutput act(CommandContext& context,
                  const CommandRequest& request,
                  const std::string& what,
                  const std::function<Result<Step>(const HandCase&, const Uuid&)>& step) {
    const Result<Uuid> id = id_argument(request, "dp");
    if (!id) return failed(id.error());
    std::optional<Uuid> payment;
    const Result<void> read = context.database.read([&](Transaction& tx) -> Result<void> {
        const Result<Uuid> found = payment_of_dispute(tx, *id);
        if (!found) return found.error();
        payment = *found;
        return {};
    });
    if (!read) return failed(read.error());
    const HandWish wish{.payment = *payment,
                        .object = to_text("dp", *id),
                        .what = what,
                        .step = [&](const HandCase& c) { return step(c, *id); }};
    const Result<HandResult> done = do_by_hand(context, request, wish);
    return done ? shown_dispute(context, request, *id) : refused(done.error());
}

Result<std::string> read_evidence_file(const CommandRequest& request) {
    if (request.files.size() != 1) {
        return Error(ErrorCode::invalid_argument, "--file must name one file");
    }
    boost::system::error_code failed_to;
    const json::value evidence = json::parse(request.files.front().content, failed_to);
    if (failed_to || !evidence.is_object()) {
        return Error(ErrorCode::invalid_argument, "the file must be a JSON object of texts");
    }
    const std::vector<FieldError> errors = check_evidence(evidence.as_object());
    if (errors.empty()) return json::serialize(evidence);
    return Error(ErrorCode::invalid_argument,
                 "the evidence " + errors.front().pointer +
                     (errors.front().pointer.empty() ? "" : " ") + errors.front().detail);
}

}  // namespace

CommandOutput disputes_list(CommandContext& context, const CommandRequest& request) {
    const Result<ListOptions> options = read_list_options(request, "dp");
    if (!options) return failed(options.error());
    return list_rows<Dispute>(context, request, *options, "dp", &wanted_disputes);
}

CommandOutput disputes_show(CommandContext& context, const CommandRequest& request) {
    const Result<Uuid> id = id_argument(request, "dp");
    return id ? shown_dispute(context, request, *id) : failed(id.error());
}

CommandOutput disputes_accept(CommandContext& context, const CommandRequest& request) {
    if (context.shop == nullptr) return no_gateway();
    return act(context, request, "accept", [](const HandCase& c, const Uuid& id) {
        return accept_dispute(c.tx, c.shop, c.caller, id);
    });
}

CommandOutput disputes_evidence(CommandContext& context, const CommandRequest& request) {
    if (context.shop == nullptr) return no_gateway();
    const Result<std::string> evidence = read_evidence_file(request);
    if (!evidence) return failed(evidence.error());
    return act(context, request, "evidence", [&evidence](const HandCase& c, const Uuid& id) {
        return submit_evidence(c.tx, c.shop, c.caller, id, *evidence);
    });
}

}  // namespace causeway::gateway
