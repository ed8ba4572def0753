// SPDX-License-Identifier: Apache-2.0
#include "connectors/net/url.h"

#include <boost/asio/ip/address.hpp>

#include <algorithm>
#include <charconv>

namespace causeway::net {
namespace {

constexpr std::size_t kUrlBytesMax = 2048;
constexpr std::size_t kHostBytesMax = 253;
constexpr std::uint16_t kHttpPort = 80;
constexpr std::uint16_t kHttpsPort = 443;

Error wrong(std::string_view what) {
    return Error(ErrorCode::invalid_argument, "the URL " + std::string(what));
}

bool is_visible(char c) {
    return c > ' ' && c < '\x7F' && c != '\\' && c != '"' && c != '<' && c != '>';
}

bool is_host_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
}

void lower(std::string& text) {
    for (char& c : text) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
}

// A last label of digits is an address, and then it must be one in the usual form: "127.1" and
// "2130706433" are loopback to some and names to others.
bool is_plain_name_or_address(const std::string& host) {
    boost::system::error_code not_an_address;
    (void)boost::asio::ip::make_address_v4(host, not_an_address);
    if (!not_an_address) return true;
    const std::string last = host.substr(host.rfind('.') + 1);
    const bool number = std::ranges::all_of(last, [](char c) { return c >= '0' && c <= '9'; });
    const bool hex = last.starts_with("0x");
    return !last.empty() && !number && !hex;
}

Result<std::uint16_t> read_port(std::string_view text) {
    std::uint16_t port = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), port);
    if (failed != std::errc{} || end != text.data() + text.size() || port == 0) {
        return wrong("has an impossible port");
    }
    return port;
}

Result<void> read_host(std::string_view text, Url& url) {
    url.host = std::string(text);
    lower(url.host);
    if (url.host.starts_with('[')) {
        if (!url.host.ends_with(']')) return wrong("has no whole IPv6 address");
        url.host = url.host.substr(1, url.host.size() - 2);
        boost::system::error_code not_an_address;
        (void)boost::asio::ip::make_address_v6(url.host, not_an_address);
        if (not_an_address || url.host.find('%') != std::string::npos) {
            return wrong("has no IPv6 address in its brackets");
        }
        return {};
    }
    const bool letters = std::ranges::all_of(url.host, is_host_letter);
    if (url.host.empty() || url.host.size() > kHostBytesMax || !letters ||
        !is_plain_name_or_address(url.host)) {
        return wrong("has no host that can be looked up");
    }
    return {};
}

}  // namespace

Result<Url> parse_url(std::string_view text) {
    if (text.size() > kUrlBytesMax) return wrong("is longer than 2048 bytes");
    if (!std::ranges::all_of(text, is_visible)) return wrong("holds a character it must not");
    Url url;
    url.tls = text.starts_with("https://");
    if (!url.tls && !text.starts_with("http://")) return wrong("must begin with https://");
    text.remove_prefix(url.tls ? 8 : 7);
    if (text.find('#') != std::string_view::npos) return wrong("must have no fragment");
    const std::size_t path = std::min(text.find_first_of("/?"), text.size());
    std::string_view authority = text.substr(0, path);
    url.target = std::string(text.substr(path));
    if (!url.target.starts_with('/')) url.target.insert(0, "/");
    if (authority.find('@') != std::string_view::npos) return wrong("must have no user name");
    url.authority = std::string(authority);
    lower(url.authority);
    url.port = url.tls ? kHttpsPort : kHttpPort;
    const std::size_t bracket = authority.find(']');
    const std::size_t colon = authority.find(':', bracket == std::string_view::npos ? 0 : bracket);
    if (colon != std::string_view::npos) {
        const Result<std::uint16_t> port = read_port(authority.substr(colon + 1));
        if (!port) return port.error();
        url.port = *port;
        authority = authority.substr(0, colon);
    }
    const Result<void> host = read_host(authority, url);
    if (!host) return host.error();
    return url;
}

}  // namespace causeway::net
