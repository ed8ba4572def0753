// SPDX-License-Identifier: Apache-2.0
//
// What the sandbox's three doors share; for server.cpp and core.cpp only.
#pragma once

#include "connectors/net/signature.h"
#include "connectors/pix/sandbox/api_desk.h"
#include "connectors/pix/sandbox/notices.h"
#include "connectors/pix/sandbox/server.h"

#include <boost/asio/steady_timer.hpp>

#include <atomic>
#include <deque>
#include <map>
#include <mutex>
#include <optional>

namespace causeway::connectors::pix::sandbox {

struct PixSandbox::Core {
    Core(PixSandboxConfig config_in,
         std::unique_ptr<net::SigningKey> key_in,
         std::unique_ptr<net::HttpClient> client_in,
         const Clock& clock_in,
         Entropy& entropy_in)
        : config(std::move(config_in)),
          key(std::move(key_in)),
          client(std::move(client_in)),
          clock(clock_in),
          entropy(entropy_in),
          notices(*client, config.webhook_limits) {}

    static boost::asio::awaitable<net::HttpReply> serve_api_door(std::shared_ptr<Core> core,
                                                                 net::HttpRequest request);
    static boost::asio::awaitable<net::HttpReply> serve_admin_door(std::shared_ptr<Core> core,
                                                                   net::HttpRequest request);
    net::HttpResponse serve_payload_door(const net::HttpRequest& request);

    net::HttpResponse grant_token(const net::HttpRequest& request);
    bool knows_token(const net::HttpRequest& request);
    RequestTrick next_trick();
    net::HttpResponse carry_out(const net::HttpRequest& request, const Target& target);
    /// A charge that was just made is paid, a refund that was just asked for is settled.
    void settle_at_once(const Target& target);
    /// Refunds whose time has come.
    void settle_due();
    void tell(const ReceivedPix& pix);
    net::HttpResponse admin(const net::HttpRequest& request, const Target& target, bool& notify);
    net::HttpResponse admin_pay(const net::HttpRequest& request, bool& notify);
    net::HttpResponse admin_settle(const net::HttpRequest& request, bool& notify);
    net::HttpResponse admin_take_back(const net::HttpRequest& request, bool& notify);
    net::HttpResponse admin_statement(const Target& target);
    net::HttpResponse admin_script(const net::HttpRequest& request);
    void log(std::string_view door, const net::HttpRequest& request, int status);

    PixSandboxConfig config;
    const std::unique_ptr<net::SigningKey> key;
    const std::unique_ptr<net::HttpClient> client;
    const Clock& clock;
    Entropy& entropy;
    Notices notices;
    std::atomic<bool> stopped = false;

    std::mutex mutex;  ///< Guards what follows.
    std::optional<Books> books;
    std::string payload_host;
    std::map<std::string, Timestamp> tokens;  ///< With their end.
    std::deque<RequestTrick> tricks;

    std::unique_ptr<net::HttpListener> api;
    std::unique_ptr<net::HttpListener> payload;
    std::unique_ptr<net::HttpListener> admin_door;
};

}  // namespace causeway::connectors::pix::sandbox
