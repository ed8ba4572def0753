// SPDX-License-Identifier: Apache-2.0
#include "connectors/pix/payload_jws.h"

#include "connectors/net/url.h"
#include "connectors/pix/json_body.h"
#include "ledger/digest.h"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <optional>
#include <span>

namespace causeway::connectors::pix {
namespace {

namespace json = boost::json;

std::string key_id(const net::SigningKey& key) {
    return to_hex(sha256(key.certificate())).substr(0, 16);
}

std::string text(const json::object& object, std::string_view name) {
    const json::value* value = object.if_contains(name);
    return value != nullptr && value->is_string() ? std::string(value->get_string()) : "";
}

struct Jws {
    json::object header;
    std::string_view signed_text;
    std::string payload;
    std::string signature;
};

Result<Jws> take_apart(std::string_view text) {
    const Error wrong(ErrorCode::invalid_argument, "not a compact JWS");
    const std::size_t first = text.find('.');
    const std::size_t second = text.find('.', first == std::string_view::npos ? first : first + 1);
    if (second == std::string_view::npos) return wrong;
    const auto header = net::from_base64url(text.substr(0, first));
    auto payload = net::from_base64url(text.substr(first + 1, second - first - 1));
    auto signature = net::from_base64url(text.substr(second + 1));
    if (!header || !payload || !signature) return wrong;
    auto members = read_json_object(*header);
    if (!members) return wrong;
    // "crit" would name something that must be understood; nothing of the kind is.
    if (members->contains("crit")) return wrong;
    return Jws{
        *std::move(members), text.substr(0, second), *std::move(payload), *std::move(signature)};
}

// The certificate (DER) that a set holds for these names; nothing when it holds none.
std::optional<std::string> find_certificate(const json::object& set,
                                            const std::string& kid,
                                            const std::string& x5t) {
    const json::value* keys = set.if_contains("keys");
    if (keys == nullptr || !keys->is_array()) return std::nullopt;
    for (const json::value& it : keys->get_array()) {
        if (!it.is_object()) continue;
        const json::object& key = it.get_object();
        if (text(key, "kid") != kid || text(key, "x5t") != x5t) continue;
        const json::value* chain = key.if_contains("x5c");
        if (chain == nullptr || !chain->is_array() || chain->get_array().empty()) continue;
        const json::value& first = chain->get_array().front();
        if (!first.is_string()) continue;
        auto der = from_base64(std::string_view(first.get_string()));
        if (der && net::to_base64url(net::certificate_thumbprint(*der)) == x5t) {
            return *std::move(der);
        }
    }
    return std::nullopt;
}

}  // namespace

std::string sign_payload(const net::SigningKey& key,
                         std::string_view key_set_url,
                         std::string_view payload) {
    const json::object header{
        {"alg", key.algorithm()},
        {"typ", "JOSE"},
        {"kid", key_id(key)},
        {"x5t", net::to_base64url(net::certificate_thumbprint(key.certificate()))},
        {"jku", key_set_url}};
    const std::string signed_text =
        net::to_base64url(json::serialize(header)) + "." + net::to_base64url(payload);
    return signed_text + "." + net::to_base64url(key.sign(signed_text));
}

std::string key_set_of(const net::SigningKey& key) {
    const std::string& der = key.certificate();
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(der.data());
    json::object members{{"kid", key_id(key)},
                         {"x5t", net::to_base64url(net::certificate_thumbprint(der))},
                         {"x5c", json::array{to_base64(std::span(bytes, der.size()))}},
                         {"key_ops", json::array{"verify"}},
                         {"alg", key.algorithm()}};
    if (const auto parts = net::public_key_members(der)) {
        for (const auto& [name, value] : *parts)
            members[name] = value;
    }
    return json::serialize(json::object{{"keys", json::array{std::move(members)}}});
}

Result<std::string> key_set_url_of(std::string_view jws, std::string_view host) {
    const auto parts = take_apart(jws);
    if (!parts) return parts.error();
    std::string url = text(parts->header, "jku");
    const auto parsed = net::parse_url(url);
    if (!parsed || !parsed->tls || parsed->authority != host) {
        return Error(ErrorCode::integrity, "the key set is not on the payload's host");
    }
    return url;
}

Result<std::string> verify_payload(std::string_view jws, std::string_view key_set, Timestamp now) {
    auto parts = take_apart(jws);
    if (!parts) return parts.error();
    const auto set = read_json_object(key_set);
    if (!set) return Error(ErrorCode::invalid_argument, "not a key set");
    const std::string kid = text(parts->header, "kid");
    const std::string x5t = text(parts->header, "x5t");
    const auto certificate =
        kid.empty() || x5t.empty() ? std::nullopt : find_certificate(*set, kid, x5t);
    if (!certificate) return Error(ErrorCode::integrity, "the key set does not hold the key");
    const auto verified = net::verify_signature(
        text(parts->header, "alg"), *certificate, parts->signed_text, parts->signature, now);
    if (!verified) return verified.error();
    return std::move(parts->payload);
}

}  // namespace causeway::connectors::pix
