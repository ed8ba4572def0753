// SPDX-License-Identifier: Apache-2.0
#include "gateway/merchants/permissions.h"

#include <algorithm>
#include <array>
#include <set>
#include <stdexcept>

namespace causeway::gateway {
namespace {

constexpr std::string_view kRoot = "/v1/";
constexpr std::string_view kRead = ":read";
constexpr std::string_view kWrite = ":write";

constexpr std::array<std::string_view, 20> kResources{
    "balance",
    "balance_transactions",
    "checkout_sessions",
    "connectors",
    "currencies",
    "customers",
    "disputes",
    "events",
    "fx",
    "merchants",
    "payment_methods",
    "payments",
    "payouts",
    "reconciliation_items",
    "reconciliation_runs",
    "refunds",
    "settlements",
    "verifications",
    "webhook_endpoints",
    "notifications",
};

bool is_resource(std::string_view text) {
    return std::ranges::find(kResources, text) != kResources.end();
}

bool is_permission(std::string_view text) {
    const std::size_t colon = text.find(':');
    if (colon == std::string_view::npos) return false;
    const std::string_view resource = text.substr(0, colon);
    const std::string_view right = text.substr(colon);
    return (resource == "*" || is_resource(resource)) && (right == kRead || right == kWrite);
}

// The next element of a comma list, taken off its front.
std::string_view take_element(std::string_view& list) {
    const std::size_t comma = list.find(',');
    const std::string_view element = list.substr(0, comma);
    list.remove_prefix(comma == std::string_view::npos ? list.size() : comma + 1);
    return element;
}

}  // namespace

std::string_view resource_of(std::string_view path_template) {
    std::string_view rest = path_template;
    if (rest.starts_with(kRoot)) rest.remove_prefix(kRoot.size());
    const std::string_view resource = rest.substr(0, rest.find('/'));
    if (!is_resource(resource)) {
        throw std::logic_error("no permission names " + std::string(path_template));
    }
    return resource;
}

Result<std::string> parse_permissions(std::string_view list) {
    std::set<std::string_view> wanted;
    while (!list.empty()) {
        const std::string_view element = take_element(list);
        if (!is_permission(element)) {
            return Error(ErrorCode::invalid_argument,
                         "\"" + std::string(element) +
                             "\" is no permission; one is payments:read, refunds:write, *:read");
        }
        wanted.insert(element);
    }
    if (wanted.empty()) return Error(ErrorCode::invalid_argument, "no permission is named");
    std::string text;
    for (const std::string_view one : wanted) {
        if (!text.empty()) text += ',';
        text += one;
    }
    return text;
}

bool permits(std::string_view list, std::string_view resource, bool write) noexcept {
    while (!list.empty()) {
        const std::string_view element = take_element(list);
        const std::size_t colon = element.find(':');
        if (colon == std::string_view::npos) continue;
        const std::string_view named = element.substr(0, colon);
        const bool right = element.substr(colon) == (write ? kWrite : kRead);
        if (right && (named == "*" || named == resource)) return true;
    }
    return false;
}

}  // namespace causeway::gateway
