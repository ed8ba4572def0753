// SPDX-License-Identifier: Apache-2.0
//
// What the sandbox's two doors share; for server.cpp and core.cpp only.
#pragma once

#include "connectors/boleto/sandbox/api_desk.h"
#include "connectors/boleto/sandbox/file_desk.h"
#include "connectors/boleto/sandbox/remessa_desk.h"
#include "connectors/boleto/sandbox/server.h"

#include <deque>
#include <mutex>
#include <set>

namespace causeway::connectors::boleto::sandbox {

struct BankSandbox::Core {
    Core(BankSandboxConfig config_in,
         std::unique_ptr<net::HttpClient> client_in,
         const Clock& clock_in,
         Entropy& entropy);

    static boost::asio::awaitable<net::HttpReply> serve_api_door(std::shared_ptr<Core> core,
                                                                 net::HttpRequest request);
    static boost::asio::awaitable<net::HttpReply> serve_admin_door(std::shared_ptr<Core> core,
                                                                   net::HttpRequest request);

    net::HttpResponse carry_out(const net::HttpRequest& request);
    RequestTrick next_trick();
    /// The title that a request has just registered is paid.
    void pay_at_once(const net::HttpRequest& request);

    net::HttpResponse admin(const net::HttpRequest& request, bool& notify);
    net::HttpResponse admin_get(std::string_view what);
    net::HttpResponse admin_pay(const net::HttpRequest& request);
    net::HttpResponse admin_reverse(const net::HttpRequest& request);
    net::HttpResponse admin_remessa(const net::HttpRequest& request);
    net::HttpResponse admin_close(const net::HttpRequest& request);
    net::HttpResponse admin_resend(const net::HttpRequest& request);
    net::HttpResponse admin_script(const net::HttpRequest& request);
    /// Takes the remessas that are new in the folder, in the order of their names.
    boost::json::array read_folder();
    void log(std::string_view door, const net::HttpRequest& request, int status);

    const BankSandboxConfig config;
    const std::unique_ptr<net::HttpClient> client;
    const Clock& clock;
    NewsDesk news;

    std::mutex mutex;  ///< Guards what follows.
    BankBooks books;
    RemessaDesk remessas;
    FileDesk files;
    std::set<std::string> read_names;
    std::deque<RequestTrick> tricks;

    std::unique_ptr<net::HttpListener> api;
    std::unique_ptr<net::HttpListener> admin_door;
};

}  // namespace causeway::connectors::boleto::sandbox
