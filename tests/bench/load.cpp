// SPDX-License-Identifier: Apache-2.0
//
// A load generator for HTTPS: keep-alive connections that each send the next request as soon as
// the last is answered (closed loop), or at a moment that was set beforehand (open loop), or that
// stay idle after one. Prints one JSON object.
//
// In an open loop a request's time counts from the moment it was due: who waits for a connection
// waits like anybody.
//
// Figures are of use only beside others of the same machine and the same hour.
#include "gateway/http/message_parser.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <openssl/ssl.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <unistd.h>
#include <utility>
#include <vector>

namespace asio = boost::asio;
using asio::ip::tcp;
using std::chrono::steady_clock;

namespace {

constexpr auto kAsTuple = asio::as_tuple(asio::use_awaitable);
constexpr std::string_view kMark = "{key}";
constexpr std::chrono::milliseconds kRetryPause{10};
constexpr std::size_t kReadBytes = 16'384;

struct Options {
    std::string host = "127.0.0.1";
    std::uint16_t port = 8443;
    std::string ca;
    std::string path = "/";
    std::string method = "GET";
    std::string body;
    std::vector<std::string> headers;
    std::size_t connections = 64;
    std::uint64_t requests = 0;
    double seconds = 0;
    std::size_t threads = 1;
    int pid = 0;
    double rate = 0;
    bool hold = false;
};

// A request cut at every "{key}", so that filling one in is a few appends. Its length is always
// the same: keys are of one length.
class Template {
  public:
    explicit Template(const Options& options) : prefix_(random_prefix()) {
        std::string text =
            options.method + " " + options.path + " HTTP/1.1\r\nHost: " + options.host + "\r\n";
        for (const std::string& header : options.headers)
            text += header + "\r\n";
        if (!options.body.empty()) {
            const std::size_t length = fill(cut(options.body), 0).size();
            text += "Content-Type: application/json\r\nContent-Length: " + std::to_string(length) +
                    "\r\n";
        }
        pieces_ = cut(text + "\r\n" + options.body);
    }

    [[nodiscard]] std::string next() const { return fill(pieces_, ++count_); }

  private:
    static std::string random_prefix() {
        std::random_device random;
        std::ostringstream text;
        text << std::hex << (random() | 0x80000000U) << "-";
        return text.str();
    }

    static std::vector<std::string> cut(const std::string& text) {
        std::vector<std::string> pieces;
        std::size_t begin = 0;
        for (std::size_t mark = text.find(kMark); mark != std::string::npos;
             mark = text.find(kMark, begin)) {
            pieces.push_back(text.substr(begin, mark - begin));
            begin = mark + kMark.size();
        }
        pieces.push_back(text.substr(begin));
        return pieces;
    }

    [[nodiscard]] std::string fill(const std::vector<std::string>& pieces,
                                   std::uint64_t number) const {
        const std::string digits = std::to_string(number);
        const std::string key = prefix_ + std::string(20 - digits.size(), '0') + digits;
        std::string text = pieces.front();
        for (std::size_t i = 1; i < pieces.size(); ++i)
            text += key + pieces[i];
        return text;
    }

    const std::string prefix_;
    std::vector<std::string> pieces_;
    mutable std::atomic<std::uint64_t> count_ = 0;
};

struct Shared {
    explicit Shared(const Options& options_in)
        : options(options_in), request(options_in), tls(asio::ssl::context::tls_client) {
        tls.set_verify_mode(options.ca.empty() ? asio::ssl::verify_none : asio::ssl::verify_peer);
        if (!options.ca.empty()) tls.load_verify_file(options.ca);
        asio::io_context io;
        tcp::resolver resolver(io);
        server = *resolver.resolve(options.host, std::to_string(options.port)).begin();
    }

    // The moment of the next request, taken off the budget; nothing when that is used up.
    std::optional<steady_clock::time_point> claim() {
        const std::uint64_t number = claimed++;
        if (options.requests > 0 && number >= options.requests) return std::nullopt;
        const auto now = steady_clock::now();
        if (options.rate <= 0) return now < end ? std::optional(now) : std::nullopt;
        const std::chrono::duration<double> after(static_cast<double>(number) / options.rate);
        const auto due = begin + std::chrono::duration_cast<steady_clock::duration>(after);
        return due < end ? std::optional(due) : std::nullopt;
    }

    const Options& options;
    const Template request;
    asio::ssl::context tls;
    tcp::endpoint server;
    steady_clock::time_point begin;
    steady_clock::time_point end = steady_clock::time_point::max();
    std::atomic<std::uint64_t> claimed = 0;
    std::atomic<std::size_t> held = 0;
};

// What one thread saw; nobody else writes to it.
struct Tally {
    std::vector<std::uint32_t> latencies_us;
    std::map<int, std::uint64_t> statuses;
    std::uint64_t errors = 0;
};

using Stream = asio::ssl::stream<tcp::socket>;

asio::awaitable<bool> open(Stream& stream, const Shared& shared) {
    const auto [refused] = co_await stream.next_layer().async_connect(shared.server, kAsTuple);
    if (refused) co_return false;
    boost::system::error_code ignored;
    stream.next_layer().set_option(tcp::no_delay(true), ignored);
    SSL_set_tlsext_host_name(stream.native_handle(), shared.options.host.c_str());
    const auto [untrusted] =
        co_await stream.async_handshake(asio::ssl::stream_base::client, kAsTuple);
    co_return !untrusted;
}

// One request, due at `begin`, and its answer. Returns false when the connection was lost before it
// came.
asio::awaitable<bool> ask(Stream& stream,
                          const Shared& shared,
                          causeway::gateway::ResponseParser& parser,
                          Tally& tally,
                          steady_clock::time_point begin) {
    const std::string request = shared.request.next();
    const auto [lost, sent] = co_await asio::async_write(stream, asio::buffer(request), kAsTuple);
    if (lost) co_return false;
    std::string waiting;
    std::vector<char> space(kReadBytes);
    while (!parser.done()) {
        const auto [cut, count] = co_await stream.async_read_some(asio::buffer(space), kAsTuple);
        if (cut) co_return false;
        waiting.append(space.data(), count);
        waiting.erase(0, parser.put(waiting));
        if (parser.failure()) co_return false;
    }
    const auto took = steady_clock::now() - begin;
    const auto us = std::chrono::duration_cast<std::chrono::microseconds>(took).count();
    tally.latencies_us.push_back(
        static_cast<std::uint32_t>(std::min<std::int64_t>(us, UINT32_MAX)));
    co_return true;
}

asio::awaitable<void> pause_until(asio::io_context& io, steady_clock::time_point due) {
    if (due <= steady_clock::now()) co_return;
    asio::steady_timer timer(io, due);
    co_await timer.async_wait(kAsTuple);
}

// Until somebody closes our standard input.
asio::awaitable<void> stay(asio::io_context& io, Shared& shared) {
    const std::size_t held = ++shared.held;
    if (held == shared.options.connections) std::cout << "holding " << held << std::endl;
    asio::steady_timer timer(io, steady_clock::time_point::max());
    co_await timer.async_wait(kAsTuple);
}

asio::awaitable<void> connection(asio::io_context& io, Shared& shared, Tally& tally) {
    std::optional<steady_clock::time_point> due = shared.claim();
    while (due) {
        Stream stream(io, shared.tls);
        if (!shared.options.ca.empty()) {
            stream.set_verify_callback(asio::ssl::host_name_verification(shared.options.host));
        }
        causeway::gateway::ResponseParser parser({65'536, 200, 64'000'000},
                                                 shared.options.method == "HEAD");
        bool usable = co_await open(stream, shared);
        if (!usable) {
            ++tally.errors;
            asio::steady_timer pause(io, kRetryPause);
            co_await pause.async_wait(kAsTuple);
            due = shared.claim();
        }
        while (usable && due) {
            co_await pause_until(io, *due);
            const bool answered = co_await ask(stream, shared, parser, tally, *due);
            usable = answered && parser.keep_alive();
            if (answered) {
                ++tally.statuses[parser.take().status];
            } else {
                ++tally.errors;
            }
            if (shared.options.hold && answered) co_await stay(io, shared);
            due = shared.claim();
        }
    }
}

// Units: microseconds of CPU time, user and system.
std::uint64_t cpu_us_of(int pid) {
    std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    const std::size_t end = text.rfind(')');
    if (end == std::string::npos) throw std::runtime_error("no such process");
    // The name in brackets may hold spaces; after it come field 3 and the rest.
    std::istringstream fields(text.substr(end + 1));
    std::string skipped;
    for (int field = 3; field < 14; ++field)
        fields >> skipped;
    std::uint64_t user = 0;
    std::uint64_t system = 0;
    fields >> user >> system;
    return (user + system) * 1'000'000 / static_cast<std::uint64_t>(::sysconf(_SC_CLK_TCK));
}

std::uint32_t percentile(std::vector<std::uint32_t>& sorted, double share) {
    if (sorted.empty()) return 0;
    const auto index = static_cast<std::size_t>(static_cast<double>(sorted.size()) * share);
    return sorted[std::min(index, sorted.size() - 1)];
}

std::vector<Tally> run(const Options& options, Shared& shared) {
    std::vector<Tally> tallies(options.threads);
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < options.threads; ++i) {
        threads.emplace_back([&options, &shared, &tally = tallies[i], i] {
            asio::io_context io(1);
            for (std::size_t c = i; c < options.connections; c += options.threads)
                asio::co_spawn(io, connection(io, shared, tally), asio::detached);
            io.run();
        });
    }
    if (options.hold) {
        std::cin.get();
        std::_Exit(EXIT_SUCCESS);
    }
    for (std::thread& thread : threads)
        thread.join();
    return tallies;
}

boost::json::object measure(const Options& options) {
    Shared shared(options);
    const std::uint64_t cpu_before = options.pid > 0 ? cpu_us_of(options.pid) : 0;
    const auto begin = steady_clock::now();
    shared.begin = begin;
    if (options.seconds > 0) {
        shared.end = begin + std::chrono::duration_cast<steady_clock::duration>(
                                 std::chrono::duration<double>(options.seconds));
    }
    const std::vector<Tally> tallies = run(options, shared);
    const std::chrono::duration<double> took = steady_clock::now() - begin;

    std::vector<std::uint32_t> latencies;
    std::map<int, std::uint64_t> statuses;
    std::uint64_t errors = 0;
    for (const Tally& tally : tallies) {
        latencies.insert(latencies.end(), tally.latencies_us.begin(), tally.latencies_us.end());
        for (const auto& [status, count] : tally.statuses)
            statuses[status] += count;
        errors += tally.errors;
    }
    std::sort(latencies.begin(), latencies.end());
    const auto answered = static_cast<double>(latencies.size());

    boost::json::object result;
    result["requests"] = latencies.size();
    result["seconds"] = took.count();
    result["rps"] = answered / took.count();
    result["p50_us"] = percentile(latencies, 0.5);
    result["p99_us"] = percentile(latencies, 0.99);
    result["errors"] = errors;
    boost::json::object& by_status = result["status"].emplace_object();
    for (const auto& [status, count] : statuses)
        by_status[std::to_string(status)] = count;
    if (options.pid > 0 && !latencies.empty()) {
        const auto spent = static_cast<double>(cpu_us_of(options.pid) - cpu_before);
        result["server_cpu_us_per_request"] = spent / answered;
    }
    return result;
}

}  // namespace

int main(int argc, char** argv) {
    Options options;
    CLI::App app("Load generator for HTTPS. {key} in headers and body is unique in each request.");
    app.add_option("--host", options.host, "Host name or address")->capture_default_str();
    app.add_option("--port", options.port)->capture_default_str();
    app.add_option("--ca", options.ca, "Authorities (PEM); without it nothing is checked");
    app.add_option("--path", options.path)->capture_default_str();
    app.add_option("--method", options.method)->capture_default_str();
    app.add_option("--body", options.body, "JSON text");
    app.add_option("--header", options.headers, "\"Name: value\"; may be repeated")
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    app.add_option("--connections", options.connections)
        ->capture_default_str()
        ->check(CLI::PositiveNumber);
    app.add_option("--requests", options.requests, "How many; 0: until the time is up");
    app.add_option("--seconds", options.seconds, "How long; 5 if neither is given");
    app.add_option("--threads", options.threads)->capture_default_str()->check(CLI::PositiveNumber);
    app.add_option("--rate", options.rate, "Requests/s of an open loop; 0: a closed one");
    app.add_flag("--hold", options.hold, "One request each, then idle until standard input ends");
    app.add_option("--pid", options.pid, "The server's process, to tell its CPU time");
    CLI11_PARSE(app, argc, argv);
    if (options.requests == 0 && options.seconds <= 0) options.seconds = 5;
    try {
        const boost::json::object result = measure(options);
        std::cout << boost::json::serialize(result) << std::endl;
        return result.at("errors").to_number<std::uint64_t>() == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
    } catch (const std::exception& error) {
        std::cerr << "load: " << error.what() << '\n';
        return 3;
    }
}
