// SPDX-License-Identifier: Apache-2.0
#include "connectors/card/sandbox/books.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace causeway::connectors::card::sandbox {
namespace {

namespace json = boost::json;

json::array standing(const std::vector<Movement>& movements) {
    json::array list;
    for (const Movement& movement : movements) {
        list.push_back(json::object{{"modification", movement.modification},
                                    {"sent", to_rfc3339(movement.sent)},
                                    {"booked", movement.amount},
                                    {"amount", movement.standing()}});
    }
    return list;
}

json::object to_json(const Transaction& transaction) {
    json::object object;
    object["rrn"] = transaction.rrn;
    object["approval_code"] = transaction.approval_code;
    object["reference"] = transaction.reference;
    object["currency"] = std::string(transaction.currency.code());
    object["single_message"] = transaction.single_message;
    object["requested"] = transaction.requested;
    object["authorised"] = transaction.authorised;
    object["captured"] = transaction.captured();
    object["refunded"] = transaction.refunded();
    object["reversed"] = transaction.reversed;
    object["captures"] = standing(transaction.captures);
    object["refunds"] = standing(transaction.refunds);
    return object;
}

}  // namespace

Result<std::string> books_as_json(const std::string& path) {
    const auto books = Books::load(path);
    if (!books) return books.error();
    json::array list;
    for (const auto& [rrn, transaction] : books->transactions()) {
        list.push_back(to_json(transaction));
    }
    return json::serialize(json::object{{"transactions", std::move(list)}});
}

}  // namespace causeway::connectors::card::sandbox
