// SPDX-License-Identifier: Apache-2.0
#include "gateway/http/router.h"

#include "gateway/http/utf8.h"

#include <algorithm>
#include <map>
#include <span>
#include <stdexcept>

namespace causeway::gateway {
namespace {

int hex_digit(char letter) {
    if (letter >= '0' && letter <= '9') return letter - '0';
    if (letter >= 'A' && letter <= 'F') return letter - 'A' + 10;
    if (letter >= 'a' && letter <= 'f') return letter - 'a' + 10;
    return -1;
}

std::optional<std::string> decode(std::string_view encoded, bool plus_is_space) {
    std::string text;
    text.reserve(encoded.size());
    for (std::size_t i = 0; i < encoded.size(); ++i) {
        if (encoded[i] == '+' && plus_is_space) {
            text += ' ';
        } else if (encoded[i] != '%') {
            text += encoded[i];
        } else {
            if (encoded.size() - i < 3) return std::nullopt;
            const int high = hex_digit(encoded[i + 1]);
            const int low = hex_digit(encoded[i + 2]);
            if (high < 0 || low < 0) return std::nullopt;
            text += static_cast<char>(high * 16 + low);
            i += 2;
        }
    }
    if (text.find('\0') != std::string::npos || !is_utf8(text)) return std::nullopt;
    return text;
}

// The part of `rest` before `mark`, which is taken off together with it.
std::string_view cut(std::string_view& rest, char mark) {
    const std::string_view part = rest.substr(0, rest.find(mark));
    rest.remove_prefix(std::min(part.size() + 1, rest.size()));
    return part;
}

bool parse_query(std::string_view text, Parameters& query) {
    while (!text.empty()) {
        std::string_view value = cut(text, '&');
        if (value.empty()) continue;
        auto name = decode(cut(value, '='), true);
        auto decoded = decode(value, true);
        if (!name || !decoded) return false;
        query.emplace_back(std::move(*name), std::move(*decoded));
    }
    return true;
}

// Without scheme and host: what is left begins with "/", or there is no path.
std::string_view strip_host(std::string_view target) {
    for (const std::string_view scheme : {"https://", "http://"}) {
        if (!net::same_header_name(target.substr(0, scheme.size()), scheme)) continue;
        const std::size_t end = target.find_first_of("/?", scheme.size());
        return end == std::string_view::npos ? "/" : target.substr(end);
    }
    return target;
}

bool is_parameter(std::string_view segment) {
    return segment.size() > 2 && segment.front() == '{' && segment.back() == '}';
}

}  // namespace

const std::string* find_parameter(const Parameters& parameters, std::string_view name) noexcept {
    for (const auto& [key, value] : parameters) {
        if (key == name) return &value;
    }
    return nullptr;
}

std::optional<Target> parse_target(std::string_view target) {
    std::string_view query = strip_host(target);
    std::string_view path = cut(query, '?');
    if (path.empty() && target != path) path = "/";
    if (!path.starts_with('/') || target.find('#') != std::string_view::npos) return std::nullopt;
    Target parts;
    path.remove_prefix(1);
    for (bool more = true; more;) {
        more = path.find('/') != std::string_view::npos;
        auto segment = decode(cut(path, '/'), false);
        if (!segment) return std::nullopt;
        parts.segments.push_back(std::move(*segment));
    }
    if (!parse_query(query, parts.query)) return std::nullopt;
    return parts;
}

struct Router::Node {
    struct Route {
        std::string path_template;
        RouteHandler handler;
    };
    using Segments = std::span<const std::string>;

    // The node at the end of `segments` that has routes, literals before parameters.
    const Node* walk(Segments segments, std::vector<std::string_view>& values) const {
        if (segments.empty()) return routes.empty() ? nullptr : this;
        const std::string& first = segments.front();
        if (const auto child = literals.find(first); child != literals.end()) {
            if (const Node* end = child->second.walk(segments.subspan(1), values)) return end;
        }
        if (parameter == nullptr || first.empty()) return nullptr;
        values.push_back(first);
        if (const Node* end = parameter->walk(segments.subspan(1), values)) return end;
        values.pop_back();
        return nullptr;
    }

    [[nodiscard]] const Route* route_for(std::string_view method) const {
        auto route = routes.find(method);
        if (route == routes.end() && method == "HEAD") route = routes.find("GET");
        return route == routes.end() ? nullptr : &route->second;
    }

    [[nodiscard]] std::string allowed() const {
        std::string list;
        const auto add = [&list](std::string_view method) {
            list += list.empty() ? "" : ", ";
            list += method;
        };
        for (const auto& [method, route] : routes) {
            add(method);
            if (method == "GET" && !routes.contains("HEAD")) add("HEAD");
        }
        return list;
    }

    std::map<std::string, Node, std::less<>> literals;
    std::string parameter_name;
    std::unique_ptr<Node> parameter;
    std::map<std::string, Route, std::less<>> routes;  // by method
};

Router::Router() : root_(std::make_unique<Node>()) {}
Router::~Router() = default;

void Router::add(std::string_view method, std::string_view path_template, RouteHandler handler) {
    const std::string name(path_template);
    if (!path_template.starts_with('/')) throw std::logic_error("not a path: " + name);
    Node* node = root_.get();
    std::string_view rest = path_template.substr(1);
    for (bool more = true; more;) {
        more = rest.find('/') != std::string_view::npos;
        const std::string_view segment = cut(rest, '/');
        if (!is_parameter(segment)) {
            if (segment.find_first_of("{}") != std::string_view::npos) {
                throw std::logic_error("a broken parameter: " + name);
            }
            node = &node->literals[std::string(segment)];
            continue;
        }
        const std::string_view parameter = segment.substr(1, segment.size() - 2);
        if (node->parameter == nullptr) {
            node->parameter = std::make_unique<Node>();
            node->parameter_name = parameter;
        }
        if (node->parameter_name != parameter) throw std::logic_error("two names: " + name);
        node = node->parameter.get();
    }
    if (node->routes.contains(method)) throw std::logic_error("a second route: " + name);
    node->routes.emplace(method, Node::Route{name, std::move(handler)});
}

Router::Found Router::find(std::string_view method, std::string_view target) const {
    Found found;
    auto parts = parse_target(target);
    if (!parts) {
        found.outcome = Outcome::bad_target;
        return found;
    }
    std::vector<std::string_view> values;
    const Node* end = root_->walk(parts->segments, values);
    if (end == nullptr) return found;
    const Node::Route* route = end->route_for(method);
    if (route == nullptr) {
        found.outcome = Outcome::method_not_allowed;
        found.allow = end->allowed();
        return found;
    }
    found.outcome = Outcome::found;
    found.handler = &route->handler;
    found.match.path_template = route->path_template;
    found.match.query = std::move(parts->query);
    // The names stand in the template, in the order of the values.
    std::string_view names = route->path_template;
    for (const std::string_view value : values) {
        names.remove_prefix(names.find('{') + 1);
        found.match.params.emplace_back(cut(names, '}'), value);
    }
    return found;
}

}  // namespace causeway::gateway
