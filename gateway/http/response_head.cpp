// SPDX-License-Identifier: Apache-2.0
#include "gateway/http/response_head.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <utility>

namespace causeway::gateway {
namespace {

constexpr std::array<std::pair<int, std::string_view>, 31> kReasons{{
    {200, "OK"},
    {201, "Created"},
    {202, "Accepted"},
    {204, "No Content"},
    {206, "Partial Content"},
    {301, "Moved Permanently"},
    {302, "Found"},
    {303, "See Other"},
    {304, "Not Modified"},
    {307, "Temporary Redirect"},
    {308, "Permanent Redirect"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {402, "Payment Required"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {406, "Not Acceptable"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {410, "Gone"},
    {412, "Precondition Failed"},
    {413, "Content Too Large"},
    {415, "Unsupported Media Type"},
    {422, "Unprocessable Content"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {500, "Internal Server Error"},
    {502, "Bad Gateway"},
    {503, "Service Unavailable"},
    {504, "Gateway Timeout"},
}};

void append_number(std::string& out, std::size_t number) {
    std::array<char, 20> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    out.append(digits.data(), end);
}

bool is_ours(std::string_view name) {
    return net::same_header_name(name, "Content-Length") ||
           net::same_header_name(name, "Connection") ||
           net::same_header_name(name, "Transfer-Encoding");
}

// Source: RFC 9110 section 5.6.2 (token).
bool is_token_char(char letter) {
    const bool alphanumeric = (letter >= '0' && letter <= '9') ||
                              (letter >= 'A' && letter <= 'Z') || (letter >= 'a' && letter <= 'z');
    return alphanumeric || std::string_view("!#$%&'*+-.^_`|~").find(letter) != std::string::npos;
}

bool is_value_char(char letter) {
    const auto byte = static_cast<unsigned char>(letter);
    return byte == '\t' || (byte >= 0x20 && byte != 0x7F);
}

}  // namespace

std::string_view reason_phrase(int status) noexcept {
    for (const auto& [known, reason] : kReasons) {
        if (known == status) return reason;
    }
    return "";
}

bool has_body(int status) noexcept {
    return status >= 200 && status != 204 && status != 304;
}

bool headers_are_safe(const net::HttpHeaders& headers) noexcept {
    return std::all_of(headers.begin(), headers.end(), [](const auto& header) {
        const auto& [name, value] = header;
        return !name.empty() && std::all_of(name.begin(), name.end(), is_token_char) &&
               std::all_of(value.begin(), value.end(), is_value_char);
    });
}

void append_head(std::string& out, const net::HttpResponse& response, const ResponseFrame& frame) {
    // Always our own highest version, also to HTTP/1.0: RFC 9110 section 6.2.
    out += "HTTP/1.1 ";
    append_number(out, static_cast<std::size_t>(response.status));
    out += ' ';
    out += reason_phrase(response.status);
    out += "\r\n";
    for (const auto& [name, value] : response.headers) {
        if (is_ours(name)) continue;
        out += name;
        out += ": ";
        out += value;
        out += "\r\n";
    }
    if (has_body(response.status) && !response.more) {
        out += "Content-Length: ";
        append_number(out, response.body.size());
        out += "\r\n";
    }
    if (!frame.keep_alive) out += "Connection: close\r\n";
    if (frame.keep_alive && frame.http_1_0) out += "Connection: keep-alive\r\n";
    out += "\r\n";
}

}  // namespace causeway::gateway
