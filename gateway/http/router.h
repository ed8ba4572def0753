// SPDX-License-Identifier: Apache-2.0
//
// Finds the handler of a request by its method and path.
//
// A path is cut into segments at "/" before anything is decoded, so that an encoded slash stays
// inside its segment. A literal segment goes before a parameter: "/v1/payments/search" is not
// the payment named "search".
#pragma once

#include "connectors/net/http.h"

#include <boost/asio/awaitable.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace causeway::gateway {

/// Decoded names and values in the order they were sent.
using Parameters = std::vector<std::pair<std::string, std::string>>;

/// The first value of that name, or nullptr. Lifetime: points into `parameters`.
[[nodiscard]] const std::string* find_parameter(const Parameters& parameters,
                                                std::string_view name) noexcept;

struct RouteMatch {
    std::string_view path_template;  ///< As added; lives as long as the router. For metrics too.
    Parameters params;               ///< Of the path, by the names in the template.
    Parameters query;
};

using RouteHandler =
    std::function<boost::asio::awaitable<net::HttpResponse>(net::HttpRequest, RouteMatch)>;

/// A request target in its parts, decoded.
struct Target {
    std::vector<std::string> segments;  ///< "/" has one, which is empty.
    Parameters query;
};

/// Reads the origin-form, and the absolute-form of which the host is passed over. Returns nothing
/// for another form, a broken percent-encoding, an encoded NUL, or text that is not UTF-8. A "+"
/// in the query is a space.
///
/// Source: RFC 9112 section 3.2, RFC 3986; WHATWG URL section 5.1 for the query.
[[nodiscard]] std::optional<Target> parse_target(std::string_view target);

/// Threads: add() on one thread before the first find(); then find() from any.
class Router {
  public:
    enum class Outcome { found, bad_target, not_found, method_not_allowed };

    struct Found {
        Outcome outcome = Outcome::not_found;
        const RouteHandler* handler = nullptr;  ///< Set when found.
        RouteMatch match;
        std::string allow;  ///< For the Allow header when the method is not allowed.
    };

    Router();
    Router(const Router&) = delete;
    Router& operator=(const Router&) = delete;
    ~Router();

    /// `path_template` begins with "/"; "{name}" stands for one whole segment that is not empty.
    /// A GET handler answers HEAD too, unless there is one for HEAD.
    ///
    /// Throws std::logic_error for a template that is broken, or is there already with this
    /// method, or names a parameter other than an earlier one does at the same place.
    void add(std::string_view method, std::string_view path_template, RouteHandler handler);

    [[nodiscard]] Found find(std::string_view method, std::string_view target) const;

  private:
    struct Node;
    std::unique_ptr<Node> root_;
};

}  // namespace causeway::gateway
