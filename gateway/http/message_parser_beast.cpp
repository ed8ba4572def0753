// SPDX-License-Identifier: Apache-2.0
#include "gateway/http/message_parser.h"

#include <boost/asio/buffer.hpp>
#include <boost/beast/core/error.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>

#include <algorithm>
#include <limits>
#include <string>
#include <utility>

namespace asio = boost::asio;
namespace http = boost::beast::http;
using boost::beast::error_code;
using boost::beast::string_view;

namespace causeway::gateway {
namespace {

// A declared length is only a promise: no more than this is set aside on its word.
constexpr std::uint64_t kReserveBytesMax = 65'536;
// "0", line end, line end: in a chunked body at least as much is always to come. Beast 1.81
// asserts that it gets so much at once, and so could be stopped by a client that sends less.
constexpr std::size_t kLastChunkBytes = 5;
constexpr std::size_t kFieldOverheadBytes = 4;  // ": " and the line's end.

std::string_view to_std(string_view text) {
    return {text.data(), text.size()};
}

ParseFailure to_failure(const error_code& code) {
    if (code == http::error::body_limit) return ParseFailure::body_too_large;
    if (code == http::error::header_limit) return ParseFailure::header_too_large;
    return ParseFailure::malformed;
}

// Collects one message's fields and body; the start line is the derived class's.
template <bool is_request, class Message>
class Collector : public http::basic_parser<is_request> {
  public:
    explicit Collector(const ParserLimits& limits) : limits_(limits) {
        this->eager(true);
        this->body_limit(limits.body_bytes_max);
        this->header_limit(static_cast<std::uint32_t>(std::min<std::size_t>(
            limits.header_bytes_max, std::numeric_limits<std::uint32_t>::max())));
    }

    [[nodiscard]] bool body_begun() const { return body_begun_; }
    [[nodiscard]] bool expects_continue() const { return expects_continue_; }

    Message message;

  protected:
    void count_header_bytes(std::size_t bytes, error_code& code) {
        header_bytes_ += bytes;
        if (header_bytes_ > limits_.header_bytes_max) code = http::error::header_limit;
    }
    [[nodiscard]] int hosts() const { return hosts_; }

  private:
    void on_field_impl(http::field field,
                       string_view name,
                       string_view value,
                       error_code& code) final {
        count_header_bytes(name.size() + value.size() + kFieldOverheadBytes, code);
        if (++fields_ > limits_.header_count_max) code = http::error::header_limit;
        if (code) return;
        // A trailer must not pass for a header: nobody checked it when the header was judged.
        if (header_done_) return;
        if (field == http::field::transfer_encoding &&
            !boost::beast::iequals(value, string_view("chunked"))) {
            code = http::error::bad_transfer_encoding;
        }
        if (field == http::field::host) ++hosts_;
        if (field == http::field::expect) {
            expects_continue_ = boost::beast::iequals(value, string_view("100-continue"));
        }
        message.headers.emplace_back(to_std(name), to_std(value));
    }

    void on_header_impl(error_code& code) override {
        header_done_ = true;
        fields_ = 0;
        header_bytes_ = 0;
        check_header(code);
    }
    virtual void check_header(error_code&) {}

    void on_body_init_impl(const boost::optional<std::uint64_t>& length, error_code&) final {
        const std::uint64_t promised = length.value_or(0);
        message.body.reserve(static_cast<std::size_t>(std::min(promised, kReserveBytesMax)));
    }
    std::size_t on_body_impl(string_view piece, error_code&) final {
        body_begun_ = true;
        message.body.append(piece.data(), piece.size());
        return piece.size();
    }
    void on_chunk_header_impl(std::uint64_t, string_view, error_code&) final { body_begun_ = true; }
    std::size_t on_chunk_body_impl(std::uint64_t, string_view piece, error_code& code) final {
        return on_body_impl(piece, code);
    }
    void on_finish_impl(error_code&) final {}

    const ParserLimits& limits_;
    std::size_t header_bytes_ = 0;
    std::size_t fields_ = 0;
    int hosts_ = 0;
    bool header_done_ = false;
    bool body_begun_ = false;
    bool expects_continue_ = false;
};

class RequestCollector final : public Collector<true, net::HttpRequest> {
  public:
    using Collector::Collector;

    [[nodiscard]] bool http_1_0() const { return http_1_0_; }

  private:
    void on_request_impl(http::verb,
                         string_view method,
                         string_view target,
                         int version,
                         error_code& code) override {
        http_1_0_ = version < 11;
        count_header_bytes(method.size() + target.size(), code);
        message.method = to_std(method);
        message.target = to_std(target);
    }
    void on_response_impl(int, string_view, int, error_code&) override {}

    void check_header(error_code& code) override {
        // RFC 9112 section 3.2 wants exactly one Host, section 6.1 no coding in HTTP/1.0.
        if (hosts() > 1 || (hosts() == 0 && !http_1_0_)) code = http::error::bad_field;
        if (http_1_0_ && chunked()) code = http::error::bad_transfer_encoding;
    }

    bool http_1_0_ = false;
};

class ResponseCollector final : public Collector<false, net::HttpResponse> {
  public:
    using Collector::Collector;

  private:
    void on_request_impl(http::verb, string_view, string_view, int, error_code&) override {}
    void on_response_impl(int status, string_view reason, int, error_code& code) override {
        count_header_bytes(reason.size(), code);
        message.status = status;
    }
};

// Puts bytes in until nothing more can be used; returns how many were.
template <class Parser>
std::size_t put_all(Parser& parser, std::string_view bytes, std::optional<ParseFailure>& failure) {
    std::size_t used = 0;
    while (!parser.is_done() && used < bytes.size()) {
        error_code code;
        const std::string_view rest = bytes.substr(used);
        if (parser.is_header_done() && parser.chunked() && rest.size() < kLastChunkBytes) break;
        const std::size_t step = parser.put(asio::buffer(rest.data(), rest.size()), code);
        used += step;
        if (code == http::error::need_more) break;
        if (code) failure = to_failure(code);
        if (code || step == 0) break;
    }
    return used;
}

}  // namespace

struct RequestParser::State {
    explicit State(ParserLimits limits_in) : limits(limits_in) { parser.emplace(limits); }

    const ParserLimits limits;
    std::optional<RequestCollector> parser;
    std::optional<ParseFailure> failure;
};

RequestParser::RequestParser(ParserLimits limits) : state_(std::make_unique<State>(limits)) {}
RequestParser::~RequestParser() = default;

std::size_t RequestParser::put(std::string_view bytes) {
    if (state_->failure || state_->parser->is_done()) return 0;
    std::size_t blank = 0;
    // RFC 9112 section 2.2: an empty line before the request line is passed over.
    if (!state_->parser->got_some()) {
        if (bytes == "\r") return 0;
        if (bytes.starts_with("\r\n")) blank = 2;
    }
    return blank + put_all(*state_->parser, bytes.substr(blank), state_->failure);
}

bool RequestParser::done() const noexcept {
    return !state_->failure && state_->parser->is_done();
}
std::optional<ParseFailure> RequestParser::failure() const noexcept {
    return state_->failure;
}
bool RequestParser::awaits_continue() const noexcept {
    const RequestCollector& parser = *state_->parser;
    return !state_->failure && parser.is_header_done() && !parser.is_done() &&
           parser.expects_continue() && !parser.body_begun() && !parser.http_1_0();
}
bool RequestParser::keep_alive() const noexcept {
    return state_->parser->keep_alive();
}
bool RequestParser::http_1_0() const noexcept {
    return state_->parser->http_1_0();
}

net::HttpRequest RequestParser::take() {
    net::HttpRequest request = std::move(state_->parser->message);
    state_->parser.emplace(state_->limits);
    return request;
}

struct ResponseParser::State {
    State(ParserLimits limits_in, bool to_head_in) : limits(limits_in), to_head(to_head_in) {
        restart();
    }
    void restart() {
        parser.emplace(limits);
        parser->skip(to_head);
    }

    const ParserLimits limits;
    const bool to_head;
    std::optional<ResponseCollector> parser;
    std::optional<ParseFailure> failure;
};

ResponseParser::ResponseParser(ParserLimits limits, bool to_head)
    : state_(std::make_unique<State>(limits, to_head)) {}
ResponseParser::~ResponseParser() = default;

std::size_t ResponseParser::put(std::string_view bytes) {
    std::size_t used = 0;
    while (!state_->failure && !state_->parser->is_done() && used < bytes.size()) {
        const std::size_t step = put_all(*state_->parser, bytes.substr(used), state_->failure);
        used += step;
        const int status = state_->parser->message.status;
        if (!state_->parser->is_done()) break;
        if (status / 100 == 1 && status != 101) state_->restart();
    }
    return used;
}

void ResponseParser::put_end() {
    if (state_->failure || state_->parser->is_done()) return;
    error_code code = http::error::partial_message;
    if (state_->parser->got_some()) state_->parser->put_eof(code);
    if (code) state_->failure = to_failure(code);
}

bool ResponseParser::done() const noexcept {
    return !state_->failure && state_->parser->is_done();
}
std::optional<ParseFailure> ResponseParser::failure() const noexcept {
    return state_->failure;
}
bool ResponseParser::keep_alive() const noexcept {
    return state_->parser->keep_alive();
}

std::string ResponseParser::take_body() {
    return std::exchange(state_->parser->message.body, {});
}

net::HttpResponse ResponseParser::take() {
    net::HttpResponse response = std::move(state_->parser->message);
    state_->restart();
    return response;
}

}  // namespace causeway::gateway
