// SPDX-License-Identifier: Apache-2.0
#include "gateway/cli/listen.h"

#include "connectors/net/http_client.h"
#include "connectors/net/url.h"
#include "gateway/cli/command_runner.h"
#include "gateway/webhooks/endpoint.h"
#include "gateway/webhooks/event.h"
#include "gateway/webhooks/signing.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <csignal>
#include <iostream>
#include <memory>
#include <optional>
#include <utility>

namespace asio = boost::asio;
namespace json = boost::json;

namespace causeway::gateway {
namespace {

constexpr std::chrono::milliseconds kAskEvery{500};
constexpr std::chrono::milliseconds kAskAgainMax{30'000};
constexpr std::chrono::seconds kLookBack{10};

std::optional<HeardEvent> heard(const json::value& value) {
    if (!value.is_object()) return std::nullopt;
    json::object members = value.as_object();
    const json::value* const id = members.if_contains("id");
    const json::value* const type = members.if_contains("type");
    const bool fits = id != nullptr && type != nullptr && id->is_string() && type->is_string();
    if (!fits) return std::nullopt;
    HeardEvent one{.id = std::string(id->as_string()), .type = std::string(type->as_string())};
    members.erase("pending_deliveries");
    one.body = json::serialize(members);
    return one;
}

// Runs an awaitable on a loop of its own, as nothing else goes on here.
Result<net::HttpResponse> call(net::HttpClient& client, net::HttpRequest request) {
    asio::io_context io;
    const auto answer = std::make_shared<std::optional<Result<net::HttpResponse>>>();
    auto work = [&client, answer](net::HttpRequest inner) -> asio::awaitable<void> {
        const net::HttpLimits limits;
        answer->emplace(co_await client.send(std::move(inner), limits));
    };
    asio::co_spawn(io, work(std::move(request)), [](const std::exception_ptr&) {});
    io.run();
    if (*answer) return std::move(**answer);
    return Error(ErrorCode::unavailable, "no answer");
}

AskForEvents asking_the_api(const ListenChoice& choice, net::HttpClient& client) {
    return [choice, &client](const std::string& after) -> Result<std::vector<HeardEvent>> {
        net::HttpRequest request;
        request.method = "GET";
        request.target = choice.api + "/v1/events?";
        request.target += after.empty()
                              ? "limit=1"
                              : "limit=" + std::to_string(kEventsAsked) + "&ending_before=" + after;
        request.headers = {{"Authorization", "Bearer " + choice.key}};
        const Result<net::HttpResponse> response = call(client, std::move(request));
        if (!response) return response.error();
        if (response->status == 200) return read_events_json(response->body);
        return Error(ErrorCode::unavailable,
                     "the API answered with status " + std::to_string(response->status));
    };
}

AskForEvents asking_the_database(const ListenChoice& choice) {
    return [choice](const std::string& after) -> Result<std::vector<HeardEvent>> {
        CommandRequest request;
        request.name = "events after";
        request.options["merchant"] = choice.merchant;
        request.options["mode"] = choice.mode;
        if (!after.empty()) request.options["after"] = after;
        const Result<CommandOutput> output = run_command_somewhere(choice.database, request);
        if (!output) return output.error();
        if (output->exit_code == kExitOk) return read_events_json(output->out);
        return Error(ErrorCode::invalid_argument, output->err);
    };
}

// Posts events to the developer's program and tells about it.
class Forwarder {
  public:
    Forwarder(const ListenChoice& choice, net::HttpClient& client, std::string secret)
        : choice_(choice), client_(client) {
        keys_.secrets.push_back(std::move(secret));
    }

    void forward(const HeardEvent& event) {
        net::HttpRequest request;
        request.method = "POST";
        request.target = choice_.forward_to;
        request.headers = webhook_headers(keys_, event.id, clock_.now(), event.body);
        request.body = event.body;
        const Result<net::HttpResponse> response = call(client_, std::move(request));
        if (choice_.print_json) std::cout << event.body << std::endl;
        const std::string result =
            response ? std::to_string(response->status) : response.error().detail();
        std::ostream& told = choice_.print_json ? std::cerr : std::cout;
        told << event.type << " " << event.id << " -> " << result << std::endl;
    }

  private:
    const ListenChoice& choice_;
    net::HttpClient& client_;
    WebhookKeys keys_;
    SystemClock clock_;
};

Result<void> check_choice(const ListenChoice& choice) {
    const Result<net::Url> target = net::parse_url(choice.forward_to);
    if (!target)
        return Error(ErrorCode::invalid_argument, "--forward-to: " + target.error().detail());
    for (const std::string& event : choice.events) {
        if (is_subscription(event)) continue;
        return Error(ErrorCode::invalid_argument, "--events: there is no event type " + event);
    }
    if (choice.api.empty() != choice.key.empty()) {
        return Error(ErrorCode::invalid_argument, "--api and --key belong together");
    }
    if (choice.api.empty() && choice.merchant.empty()) {
        return Error(ErrorCode::invalid_argument,
                     "say whose events: --merchant, or --api and --key");
    }
    return {};
}

// Waits; false when the program is to end.
bool pause(asio::io_context& io, std::chrono::milliseconds time, const bool& ended) {
    asio::steady_timer timer(io, time);
    bool over = false;
    timer.async_wait([&over](const boost::system::error_code&) { over = true; });
    io.restart();
    while (!over && !ended)
        io.run_one();
    return !ended;
}

void follow(EventFollower& follower, Forwarder& forwarder) {
    asio::io_context io;
    asio::signal_set signals(io, SIGINT, SIGTERM);
    bool ended = false;
    signals.async_wait([&ended](const boost::system::error_code&, int) { ended = true; });
    std::chrono::milliseconds wait{0};
    std::chrono::milliseconds trouble{0};
    while (pause(io, wait, ended)) {
        const Result<std::vector<HeardEvent>> events = follower.next();
        if (!events) {
            trouble = std::clamp(trouble * 2, kAskEvery, kAskAgainMax);
            wait = trouble;
            std::cerr << "causeway: " << events.error().detail() << "; trying again" << std::endl;
            continue;
        }
        if (trouble.count() > 0) std::cerr << "causeway: connected again" << std::endl;
        trouble = std::chrono::milliseconds(0);
        wait = kAskEvery;
        for (const HeardEvent& event : *events)
            forwarder.forward(event);
    }
}

}  // namespace

Result<std::vector<HeardEvent>> read_events_json(const std::string& text) {
    boost::system::error_code failed_to;
    const json::value value = json::parse(text, failed_to);
    const json::array* rows = value.if_array();
    const bool is_page = rows == nullptr && value.is_object();
    if (is_page && value.as_object().contains("data")) {
        rows = value.as_object().at("data").if_array();
    }
    if (failed_to || rows == nullptr) {
        return Error(ErrorCode::invalid_argument, "the answer is no list of events");
    }
    std::vector<HeardEvent> events;
    for (const json::value& row : *rows) {
        std::optional<HeardEvent> one = heard(row);
        if (!one) return Error(ErrorCode::invalid_argument, "the answer is no list of events");
        events.push_back(*std::move(one));
    }
    std::ranges::sort(events, {}, &HeardEvent::id);
    return events;
}

EventFollower::EventFollower(AskForEvents ask, std::vector<std::string> filter)
    : ask_(std::move(ask)), filter_(std::move(filter)), from_(to_text(kEventPrefix, Uuid{})) {}

bool EventFollower::is_wanted(const std::string& type) const {
    return filter_.empty() || std::ranges::any_of(filter_, [&type](const std::string& one) {
               const bool family = one.ends_with(".*");
               return one == "*" || one == type ||
                      (family && type.starts_with(one.substr(0, one.size() - 1)));
           });
}

// To the newest that is old enough for nothing to come in before it any more.
void EventFollower::move_on() {
    if (known_.empty()) return;
    const Result<Uuid> newest = parse_id(kEventPrefix, *known_.rbegin());
    if (!newest) return;
    if (!begun_) from_ = *known_.rbegin();
    for (auto one = known_.upper_bound(from_); one != known_.end(); ++one) {
        const Result<Uuid> id = parse_id(kEventPrefix, *one);
        if (!id || time_of(*id) + kLookBack >= time_of(*newest)) break;
        from_ = *one;
    }
    known_.erase(known_.begin(), known_.lower_bound(from_));
}

Result<std::vector<HeardEvent>> EventFollower::next() {
    std::vector<HeardEvent> fresh;
    std::string at = begun_ ? from_ : std::string();
    for (bool more = true; more;) {
        Result<std::vector<HeardEvent>> found = ask_(at);
        if (!found && fresh.empty()) return found;
        if (!found) break;  // What came before the trouble is not to be lost.
        more = found->size() >= kEventsAsked;
        for (HeardEvent& event : *found) {
            at = event.id;
            const bool is_new = known_.insert(event.id).second;
            if (is_new && begun_ && is_wanted(event.type)) fresh.push_back(std::move(event));
        }
    }
    move_on();
    begun_ = true;
    return fresh;
}

int run_listen(const ListenChoice& choice) {
    const auto refuse = [](const Error& error) {
        std::cerr << failed(error).err;
        return kExitUsage;
    };
    const Result<void> fits = check_choice(choice);
    if (!fits) return refuse(fits.error());
    net::HttpClientConfig config{.ca_file = choice.ca};
    config.allow_plain = true;
    const Result<std::unique_ptr<net::HttpClient>> client = net::make_http_client(config);
    if (!client) return refuse(client.error());
    SystemEntropy entropy;
    const std::string secret = make_webhook_key(entropy);
    std::cout << "secret " << webhook_secret_text(secret) << std::endl;
    AskForEvents ask =
        choice.api.empty() ? asking_the_database(choice) : asking_the_api(choice, **client);
    EventFollower follower(std::move(ask), choice.events);
    const Result<std::vector<HeardEvent>> begun = follower.next();
    if (!begun) return refuse(begun.error());
    std::cout << "listening " << choice.forward_to << std::endl;
    Forwarder forwarder(choice, **client, secret);
    follow(follower, forwarder);
    return kExitOk;
}

}  // namespace causeway::gateway
