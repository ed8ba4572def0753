// SPDX-License-Identifier: Apache-2.0
#include "gateway/collections/next_action.h"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>

namespace json = boost::json;

namespace causeway::gateway {
namespace {

// "barcode.png" is found under "barcode_png_url".
std::string member_of(std::string_view format) {
    std::string name(format);
    std::ranges::replace(name, '.', '_');
    return name + "_url";
}

}  // namespace

bool is_collected(const Workshop& shop, const Payment& payment) {
    const ConnectorEntry* const entry = shop.connectors.find(payment.connector);
    return entry != nullptr && entry->connector->collecting() != nullptr;
}

std::string document_key(const Workshop& shop, const Uuid& payment) {
    constexpr std::size_t kLength = 32;  // 128 bits
    return to_hex(shop.vault.keyed_digest("document of " + to_text("pay", payment)))
        .substr(0, kLength);
}

std::string render_next_action(const Workshop& shop,
                               const Payment& payment,
                               const CollectionRow& collection) {
    json::object members;
    members["type"] = collection.instrument.action;
    for (const auto& [name, value] : collection.instrument.details)
        members[name] = value;
    members["due_date"] = to_text(collection.terms.due_on);
    members["expires_at"] = to_rfc3339(collection.terms.open_until);
    const ConnectorEntry* const entry = shop.connectors.find(collection.connector);
    const connectors::Collecting* const side =
        entry == nullptr ? nullptr : entry->connector->collecting();
    if (side != nullptr) {
        const std::string base = shop.public_url + "/documents/" + to_text("pay", payment.id) +
                                 "/" + document_key(shop, payment.id) + "/";
        for (const std::string& format : side->formats(collection.instrument))
            members[member_of(format)] = base + format;
    }
    return json::serialize(members);
}

}  // namespace causeway::gateway
