// SPDX-License-Identifier: Apache-2.0
#include "gateway/connectors_view.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace json = boost::json;

namespace causeway::gateway {

std::vector<std::string> capabilities_of(connectors::Connector& connector) {
    std::vector<std::string> words;
    for (const connectors::OperationKind kind : connector.capability().operations)
        words.emplace_back(to_string(kind));
    words.emplace_back(connector.inquiry() != nullptr ? "inquiry" : "reversal");
    if (connector.notices() != nullptr) words.emplace_back("notices");
    if (connector.disputing() != nullptr) words.emplace_back("disputes");
    return words;
}

std::string render_connector(connectors::Connector& connector) {
    const connectors::Capability& capability = connector.capability();
    json::array currencies;
    for (const ledger::Currency& currency : capability.currencies)
        currencies.emplace_back(currency.code());
    json::array words;
    for (const std::string& word : capabilities_of(connector))
        words.emplace_back(word);
    json::object members;
    members["object"] = "connector";
    members["name"] = capability.name;
    members["version"] = capability.version;
    members["payment_methods"] = json::array{json::value(capability.method)};
    members["currencies"] = std::move(currencies);
    members["capabilities"] = std::move(words);
    members["healthy"] = connector.ready();
    return json::serialize(members);
}

}  // namespace causeway::gateway
