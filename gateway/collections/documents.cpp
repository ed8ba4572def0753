// SPDX-License-Identifier: Apache-2.0
#include "gateway/collections/documents.h"

#include "gateway/api/exchange.h"
#include "gateway/collections/collection_facts.h"
#include "gateway/collections/next_action.h"
#include "gateway/commit.h"
#include "gateway/payments/operations_store.h"

namespace asio = boost::asio;

namespace causeway::gateway {
namespace {

using connectors::Rendered;
using ledger::Transaction;

Error no_document() {
    return Error(ErrorCode::not_found, "document");
}

// Every difference counts, wherever it is.
bool is_same_key(std::string_view given, std::string_view right) {
    unsigned differs = given.size() == right.size() ? 0 : 1;
    for (std::size_t at = 0; at < right.size(); ++at) {
        const char letter = at < given.size() ? given[at] : '\0';
        differs |= static_cast<unsigned char>(letter ^ right[at]);
    }
    return differs == 0;
}

Result<Rendered> render_document(Transaction& tx,
                                 const Workshop& shop,
                                 const DocumentAddress& address) {
    const Result<Uuid> id = parse_id("pay", address.payment);
    if (!id || !is_same_key(address.key, document_key(shop, *id))) return no_document();
    const Result<Payment> payment = load_payment(tx, *id);
    if (!payment) return payment.error();
    const Result<CollectionRow> row = load_collection(tx, *id);
    if (!row) return row.error();
    if (!row->operation) return no_document();
    const ConnectorEntry* const entry = shop.connectors.find(row->connector);
    const connectors::Collecting* const side =
        entry == nullptr ? nullptr : entry->connector->collecting();
    if (side == nullptr) return no_document();
    const Result<OperationRow> charge = load_operation(tx, *row->operation);
    if (!charge) return charge.error();
    Result<CollectionChoice> choice = load_choice(tx, shop, *id);
    if (!choice) return choice.error();
    return side->render({.reference = charge->reference,
                         .amount = payment->amount,
                         .collection = {.payer = std::move(choice->payer), .terms = row->terms},
                         .instrument = row->instrument,
                         .payment_id = address.payment,
                         .description = payment->description.value_or("")},
                        address.format);
}

InTransaction<Rendered> rendering(const Workshop& shop, DocumentAddress address) {
    return [&shop, address = std::move(address)](Transaction& tx) {
        return render_document(tx, shop, address);
    };
}

// It names the buyer: no cache, no search engine and no other site may keep it or load from it.
net::HttpResponse document_response(Rendered document) {
    net::HttpResponse response;
    response.status = 200;
    response.headers = {
        {"Content-Type", document.media_type},
        {"Cache-Control", "private, no-store"},
        {"X-Robots-Tag", "noindex, nofollow"},
        {"Referrer-Policy", "no-referrer"},
        {"X-Content-Type-Options", "nosniff"},
        {"Content-Security-Policy",
         "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'"}};
    response.body = std::move(document.bytes);
    return response;
}

}  // namespace

asio::awaitable<net::HttpResponse> show_document(const Workshop& shop,
                                                 ledger::Database& database,
                                                 asio::thread_pool& readers,
                                                 DocumentAddress address,
                                                 std::string request_id) {
    InTransaction<Rendered> body = rendering(shop, std::move(address));
    Result<Rendered> document = co_await read<Rendered>(database, readers, std::move(body));
    if (document) co_return document_response(*std::move(document));
    Problem problem = internal_problem(document.error());
    if (document.error().code() == ErrorCode::not_found) {
        problem = make_problem("not_found", "There is no such document.");
    }
    co_return problem_response(problem, request_id);
}

}  // namespace causeway::gateway
