// SPDX-License-Identifier: Apache-2.0
//
// The receiver's side of the API Pix: one provider, spoken to over mutual TLS with a token that is
// fetched when one is needed.
//
// It sends nothing twice on its own but one thing: a request that was refused because its token
// had run out, which by that was not carried out.
#pragma once

#include "connectors/net/http_client.h"
#include "connectors/pix/identifiers.h"
#include "connectors/pix/key.h"
#include "connectors/pix/messages.h"
#include "ledger/clock.h"
#include "ledger/result.h"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace causeway::connectors::pix {

struct PixApiConfig {
    std::string base_url;   ///< "https://pix.example.com/api/v2", without a slash at the end.
    std::string token_url;  ///< Of the OAuth2 server.
    std::string client_id;
    std::string client_secret;
    std::string scopes =
        "cob.read cob.write cobv.read cobv.write pix.read pix.write webhook.read "
        "webhook.write payloadlocation.read payloadlocation.write";
    /// A token is not used for its last moments: the request takes some of them.
    std::chrono::seconds token_margin{30};
    net::HttpLimits limits = {};
};

/// Which payments or charges to list: those of [from, to], page by page from 0.
struct PixQuery {
    Timestamp from;
    Timestamp to;
    std::int64_t page = 0;
    std::int64_t page_size = 100;
    std::string txid;  ///< Payments only; empty: any.
    std::optional<bool> has_txid;
    std::optional<bool> has_refund;
};

/// Errors, of every method:
///   `invalid_argument` the body breaks a rule (see rules.h) and was not sent.
///   `unavailable`      nothing was carried out; do it again later. So are refused credentials,
///                      and every question that got no answer.
///   `outcome_unknown`  the request may have been carried out: ask with the get_ method.
///   `declined`         the provider refused; the detail has its kind of error and the properties.
///   `not_found`        there is no such thing, at the provider.
///   `integrity`        a question was answered with what was not asked for or cannot be read.
/// Errors hold neither tokens nor secrets nor values of a body.
///
/// Threads: every method may be called from any thread; awaitables resume as net::HttpClient's.
/// Lifetime: client and clock outlive it, and it outlives its awaitables.
class PixApi {
  public:
    PixApi(PixApiConfig config, net::HttpClient& client, const Clock& clock);

    /// The provider refuses a txid that it has seen: after `outcome_unknown` get_cob() tells.
    boost::asio::awaitable<Result<Cob>> create_cob(Txid txid, CobRequest body);
    boost::asio::awaitable<Result<Cob>> revise_cob(Txid txid, CobRevision body);
    /// Can be paid no more. `declined` when it was paid already.
    boost::asio::awaitable<Result<Cob>> remove_cob(Txid txid);
    boost::asio::awaitable<Result<Cob>> get_cob(Txid txid);
    boost::asio::awaitable<Result<CobList>> list_cobs(PixQuery query);

    boost::asio::awaitable<Result<Cobv>> create_cobv(Txid txid, CobvRequest body);
    boost::asio::awaitable<Result<Cobv>> revise_cobv(Txid txid, CobvRevision body);
    boost::asio::awaitable<Result<Cobv>> remove_cobv(Txid txid);
    boost::asio::awaitable<Result<Cobv>> get_cobv(Txid txid);

    boost::asio::awaitable<Result<Location>> create_location(LocationKind kind);
    boost::asio::awaitable<Result<Location>> get_location(std::int64_t id);
    /// Frees the location of its charge. The charge stays, and its code leads nowhere.
    boost::asio::awaitable<Result<Location>> unlink_location(std::int64_t id);

    /// Takes the id as the provider wrote it, so that a payment with an odd one can be asked for.
    boost::asio::awaitable<Result<ReceivedPix>> get_pix(std::string end_to_end_id);
    boost::asio::awaitable<Result<PixList>> list_pix(PixQuery query);

    /// Asking again under the same id refunds nothing more.
    boost::asio::awaitable<Result<Refund>> refund(std::string end_to_end_id,
                                                  RefundId id,
                                                  RefundRequest body);
    boost::asio::awaitable<Result<Refund>> get_refund(std::string end_to_end_id, RefundId id);

    boost::asio::awaitable<Result<void>> set_webhook(PixKey key, WebhookRequest body);
    boost::asio::awaitable<Result<Webhook>> get_webhook(PixKey key);
    boost::asio::awaitable<Result<void>> delete_webhook(PixKey key);

  private:
    struct Call {
        std::string method;
        std::string path;
        std::string body;
        bool changes = false;  ///< Whether it may change something at the provider.
    };
    struct Token {
        std::string text;
        Timestamp end;
    };

    boost::asio::awaitable<Result<std::string>> call(Call what);
    template <class T>
    boost::asio::awaitable<Result<T>> ask(Call what, std::string name);
    template <class T, class Body>
    boost::asio::awaitable<Result<T>> put(Call what, std::string txid, Body body);
    template <class T>
    boost::asio::awaitable<Result<T>> charge(Call what, std::string txid);
    boost::asio::awaitable<Result<std::string>> token();
    boost::asio::awaitable<Result<Token>> fetch_token();
    void forget(const std::string& token);

    const PixApiConfig config_;
    net::HttpClient& client_;
    const Clock& clock_;
    std::mutex mutex_;
    Token token_;  ///< Guarded by mutex_.
};

}  // namespace causeway::connectors::pix
