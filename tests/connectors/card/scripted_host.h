// SPDX-License-Identifier: Apache-2.0
//
// A card host that does what a test tells it, on a real socket.
#pragma once

#include "connectors/card/codec.h"
#include "connectors/card/link.h"
#include "connectors/net/framed_channel.h"
#include "tests/support/throwaway_certificate.h"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/strand.hpp>

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace causeway::test {

using connectors::card::Message;

/// What the host does about one message: sends these, in this order, then perhaps hangs up.
struct HostReply {
    std::vector<Message> messages;
    std::vector<net::Frame> garbage;  ///< Sent before the messages.
    bool cut = false;
};

using HostScript = std::function<HostReply(const Message&)>;

/// The answer of a host that agrees with everything.
inline Message approval(const Message& request) {
    Message answer;
    answer.mti = *connectors::card::answer_mti(request.mti);
    for (const int field : {2, 3, 4, 7, 11, 32, 37, 41, 42, 49, 70}) {
        if (request.has(field)) answer.fields[field] = request.get(field);
    }
    answer.fields[39] = "00";
    if (request.mti[1] == '1' || request.mti[1] == '2') {
        answer.fields[38] = "A" + request.get(11).substr(1);
    }
    return answer;
}

inline HostReply agree(const Message& request) {
    HostReply reply;
    reply.messages.push_back(approval(request));
    return reply;
}

/// Agrees with network messages and leaves the rest to `script`.
inline HostScript after_sign_on(HostScript script) {
    return [script = std::move(script)](const Message& request) {
        return request.mti == "0800" ? agree(request) : script(request);
    };
}

class ScriptedHost {
  public:
    ScriptedHost(const boost::asio::any_io_executor& executor, HostScript script, bool tls = false)
        : state_(std::make_shared<State>(executor, listening(tls), std::move(script))) {
        boost::asio::co_spawn(state_->strand, serve(state_), boost::asio::detached);
    }
    ScriptedHost(const ScriptedHost&) = delete;
    ScriptedHost& operator=(const ScriptedHost&) = delete;
    ~ScriptedHost() { state_->listener.close(); }

    /// What the host has decoded. Requires that it is at rest, or on the same thread.
    [[nodiscard]] const std::vector<Message>& seen() const { return state_->seen; }
    [[nodiscard]] int connections() const { return state_->connections; }

    /// A link to this host that loses no time.
    [[nodiscard]] connectors::card::LinkConfig link_config() const {
        connectors::card::LinkConfig config;
        config.connect.port = state_->listener.port();
        config.connect.tls = state_->tls;
        config.connect.ca_file = certificate().certificate_file();
        config.connect.server_name = "bank.test";
        config.dialect = dialect();
        config.backoff_first = std::chrono::milliseconds(1);
        config.backoff_max = std::chrono::milliseconds(4);
        config.sign_on_max = std::chrono::milliseconds(2000);
        return config;
    }

    static connectors::card::Dialect dialect() {
        return *connectors::card::find_dialect("ascii-raw");
    }

  private:
    struct State {
        State(const boost::asio::any_io_executor& executor,
              const net::ListenConfig& config,
              HostScript script_in)
            : strand(boost::asio::make_strand(executor)),
              listener(executor, config),
              script(std::move(script_in)),
              tls(config.tls) {}

        const boost::asio::any_io_executor strand;
        net::FramedListener listener;
        const HostScript script;
        const bool tls;
        std::vector<Message> seen;
        int connections = 0;
    };

    static const ThrowawayCertificate& certificate() {
        static const ThrowawayCertificate made("DNS:bank.test");
        return made;
    }

    static net::ListenConfig listening(bool tls) {
        net::ListenConfig config;
        config.tls = tls;
        config.certificate_file = certificate().certificate_file();
        config.private_key_file = certificate().private_key_file();
        return config;
    }

    static boost::asio::awaitable<void> serve(std::shared_ptr<State> state) {
        for (;;) {
            Result<std::unique_ptr<net::FramedChannel>> channel = co_await state->listener.accept();
            if (!channel) co_return;
            ++state->connections;
            boost::asio::co_spawn(
                state->strand, talk(state, std::move(*channel)), boost::asio::detached);
        }
    }

    static boost::asio::awaitable<void> talk(std::shared_ptr<State> state,
                                             std::unique_ptr<net::FramedChannel> channel) {
        for (;;) {
            const Result<net::Frame> frame = co_await channel->receive();
            if (!frame) co_return;
            const Result<Message> message = connectors::card::decode(*frame, dialect());
            if (!message) continue;
            state->seen.push_back(*message);
            const HostReply reply = state->script(*message);
            for (const net::Frame& bytes : reply.garbage) {
                const Result<void> sent = co_await channel->send(bytes);
                if (!sent) co_return;
            }
            for (const Message& answer : reply.messages) {
                const Result<net::Frame> bytes = connectors::card::encode(answer, dialect());
                const Result<void> sent = co_await channel->send(*bytes);
                if (!sent) co_return;
            }
            if (reply.cut) co_return;
        }
    }

    std::shared_ptr<State> state_;
};

}  // namespace causeway::test
