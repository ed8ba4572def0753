// SPDX-License-Identifier: Apache-2.0
#include "connectors/net/http_client.h"
#include "connectors/net/look_up.h"
#include "connectors/net/tls.h"
#include "connectors/net/url.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>

#include <algorithm>
#include <utility>

namespace causeway::net {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using boost::system::error_code;
using PlainStream = beast::tcp_stream;
using TlsStream = beast::ssl_stream<beast::tcp_stream>;
using Message = http::request<http::string_body>;
using SteadyTime = std::chrono::steady_clock::time_point;

constexpr auto kAsTuple = asio::as_tuple(asio::use_awaitable);
constexpr int kInterimMax = 4;
constexpr unsigned kHttp11 = 11;

struct Deadlines {
    SteadyTime connect;
    std::chrono::milliseconds handshake_max{0};
    SteadyTime whole;

    [[nodiscard]] SteadyTime handshake() const {
        return std::min(whole, std::chrono::steady_clock::now() + handshake_max);
    }
};

Error not_sent(std::string_view step, const error_code& error) {
    return Error(ErrorCode::unavailable, std::string(step) + ": " + error.message());
}

Error not_answered(std::string_view step, const error_code& error) {
    return Error(ErrorCode::outcome_unknown, std::string(step) + ": " + error.message());
}

bool is_token(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

bool fits_a_header(const std::pair<std::string, std::string>& header) {
    const auto& [name, value] = header;
    return !name.empty() && std::ranges::all_of(name, is_token) &&
           std::ranges::none_of(value, [](char c) { return c == '\r' || c == '\n' || c == '\0'; });
}

Result<Message> spell(HttpRequest request, const Url& url, const std::string& user_agent) {
    const bool fit = std::ranges::all_of(request.headers, fits_a_header);
    if (!fit || request.method.empty() || !std::ranges::all_of(request.method, is_token)) {
        return Error(ErrorCode::invalid_argument, "a method or a header that cannot be sent");
    }
    Message message;
    message.version(kHttp11);
    message.method_string(request.method);
    message.target(url.target);
    for (const auto& [name, value] : request.headers)
        message.insert(name, value);
    message.set(http::field::host, url.authority);
    if (message.find(http::field::user_agent) == message.end()) {
        message.set(http::field::user_agent, user_agent);
    }
    message.keep_alive(false);
    message.body() = std::move(request.body);
    message.prepare_payload();
    return message;
}

HttpResponse taken(http::response<http::string_body> message) {
    HttpResponse response;
    response.status = static_cast<int>(message.result_int());
    for (const auto& field : message)
        response.headers.emplace_back(field.name_string(), field.value());
    response.body = std::move(message.body());
    return response;
}

using Parser = http::response_parser<http::string_body>;

std::unique_ptr<Parser> make_parser(const HttpLimits& limits, bool to_head) {
    auto parser = std::make_unique<Parser>();
    parser->header_limit(static_cast<std::uint32_t>(limits.head_bytes_max));
    // Beast holds Content-Length against the limit, also when the body is not read.
    if (limits.head_only) {
        parser->body_limit(boost::none);
    } else {
        parser->body_limit(limits.body_bytes_max);
    }
    parser->skip(to_head);
    return parser;
}

// Reads past "100 Continue" and its kin.
template <class Stream>
asio::awaitable<Result<HttpResponse>> receive(std::reference_wrapper<Stream> stream,
                                              HttpLimits limits,
                                              bool to_head) {
    beast::flat_buffer buffer(limits.head_bytes_max + limits.body_bytes_max);
    for (int interim = 0; interim < kInterimMax; ++interim) {
        const std::unique_ptr<Parser> parser = make_parser(limits, to_head);
        const auto [no_head, head_count] =
            co_await http::async_read_header(stream.get(), buffer, *parser, kAsTuple);
        if (no_head) co_return not_answered("receive", no_head);
        const bool is_interim = parser->get().result_int() / 100 == 1;
        if (!is_interim && limits.head_only) co_return taken(parser->release());
        const auto [cut, body_count] =
            co_await http::async_read(stream.get(), buffer, *parser, kAsTuple);
        if (cut) co_return not_answered("receive", cut);
        if (!is_interim) co_return taken(parser->release());
    }
    co_return Error(ErrorCode::outcome_unknown, "receive: no answer but interim ones");
}

template <class Stream>
asio::awaitable<Result<HttpResponse>> exchange(std::reference_wrapper<Stream> stream,
                                               std::reference_wrapper<const Message> message,
                                               HttpLimits limits,
                                               SteadyTime deadline) {
    beast::get_lowest_layer(stream.get()).expires_at(deadline);
    const auto [unsent, count] = co_await http::async_write(stream.get(), message.get(), kAsTuple);
    // Some answer before they have heard all, and close: what they said still counts.
    const bool to_head = message.get().method() == http::verb::head;
    Result<HttpResponse> response = co_await receive(stream, limits, to_head);
    if (!response && unsent) co_return not_answered("send", unsent);
    co_return response;
}

asio::awaitable<Result<void>> connect_to(std::reference_wrapper<beast::tcp_stream> stream,
                                         std::reference_wrapper<const Url> url,
                                         std::reference_wrapper<const AddressCheck> check,
                                         SteadyTime deadline) {
    LookedUp found = co_await look_up(url.get().host, url.get().port, deadline);
    if (found.error) co_return not_sent("resolve", found.error);
    const AddressCheck& may_connect = check.get();
    if (may_connect) {
        std::erase_if(found.endpoints, [&](const auto& e) { return !may_connect(e.address()); });
        if (found.endpoints.empty()) {
            co_return Error(ErrorCode::unavailable, "the host's address is not a public one");
        }
    }
    stream.get().expires_at(deadline);
    const auto [refused, where] = co_await stream.get().async_connect(found.endpoints, kAsTuple);
    if (refused) co_return not_sent("connect", refused);
    error_code ignored;
    stream.get().socket().set_option(asio::ip::tcp::no_delay(true), ignored);
    co_return Result<void>();
}

void expect_name(TlsStream& stream, const std::string& host) {
    stream.set_verify_callback(asio::ssl::host_name_verification(host));
    error_code not_an_address;
    (void)asio::ip::make_address(host, not_an_address);
    if (not_an_address) SSL_set_tlsext_host_name(stream.native_handle(), host.c_str());
}

class BeastHttpClient final : public HttpClient {
  public:
    BeastHttpClient(asio::ssl::context tls, const HttpClientConfig& config)
        : tls_(std::move(tls)), config_(config) {}

    asio::awaitable<Result<HttpResponse>> send(HttpRequest request, HttpLimits limits) override {
        const Result<Url> url = parse_url(request.target);
        if (!url) co_return url.error();
        if (!url->tls && !config_.allow_plain) {
            co_return Error(ErrorCode::invalid_argument, "http:// is not allowed here");
        }
        const Result<Message> message = spell(std::move(request), *url, config_.user_agent);
        if (!message) co_return message.error();
        const SteadyTime now = std::chrono::steady_clock::now();
        Deadlines deadlines;
        deadlines.whole = now + limits.whole_max;
        deadlines.connect = std::min(deadlines.whole, now + limits.connect_max);
        deadlines.handshake_max = limits.handshake_max;
        if (url->tls) co_return co_await over_tls(*url, *message, limits, deadlines);
        co_return co_await over_tcp(*url, *message, limits, deadlines);
    }

  private:
    asio::awaitable<Result<HttpResponse>> over_tcp(std::reference_wrapper<const Url> url,
                                                   std::reference_wrapper<const Message> message,
                                                   HttpLimits limits,
                                                   Deadlines deadlines) {
        PlainStream stream(co_await asio::this_coro::executor);
        const Result<void> connected =
            co_await connect_to(stream, url, config_.may_connect, deadlines.connect);
        if (!connected) co_return connected.error();
        co_return co_await exchange<PlainStream>(stream, message, limits, deadlines.whole);
    }

    asio::awaitable<Result<HttpResponse>> over_tls(std::reference_wrapper<const Url> url,
                                                   std::reference_wrapper<const Message> message,
                                                   HttpLimits limits,
                                                   Deadlines deadlines) {
        const auto executor = co_await asio::this_coro::executor;
        TlsStream stream(executor, tls_);
        expect_name(stream, url.get().host);
        beast::tcp_stream& lowest = beast::get_lowest_layer(stream);
        const Result<void> connected =
            co_await connect_to(lowest, url, config_.may_connect, deadlines.connect);
        if (!connected) co_return connected.error();
        lowest.expires_at(deadlines.handshake());
        const auto [distrusted] =
            co_await stream.async_handshake(asio::ssl::stream_base::client, kAsTuple);
        if (distrusted) co_return not_sent("TLS", distrusted);
        // No close_notify at the end: nothing more is read, and a cut answer was seen as one.
        co_return co_await exchange<TlsStream>(stream, message, limits, deadlines.whole);
    }

    asio::ssl::context tls_;
    HttpClientConfig config_;
};

}  // namespace

Result<std::unique_ptr<HttpClient>> make_http_client(const HttpClientConfig& config) {
    TlsIdentity identity;
    identity.certificate_file = config.certificate_file;
    identity.private_key_file = config.private_key_file;
    Result<asio::ssl::context> tls = client_tls(config.ca_file, identity);
    if (!tls) return tls.error();
    return std::unique_ptr<HttpClient>(std::make_unique<BeastHttpClient>(std::move(*tls), config));
}

}  // namespace causeway::net
