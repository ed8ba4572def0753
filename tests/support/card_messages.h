// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/card/message.h"
#include "connectors/card/sandbox/acquirer.h"
#include "ledger/clock.h"

#include <cstdint>
#include <string>
#include <utility>

namespace causeway::test {

inline std::string digits(std::int64_t number, std::size_t length) {
    std::string text = std::to_string(number);
    return text.insert(0, length - text.size(), '0');
}

inline Timestamp at(const char* rfc3339) {
    return *parse_rfc3339(rfc3339);
}

/// The messages of one terminal, each with the next trace number.
class Terminal {
  public:
    explicit Terminal(std::string sent = "1121120000") : sent_(std::move(sent)) {}

    connectors::card::Message purchase(std::int64_t amount, std::string mti = "0100") {
        auto message = next(std::move(mti));
        message.fields[2] = "4761739001010119";
        message.fields[3] = "000000";
        message.fields[4] = digits(amount, 12);
        message.fields[14] = "3012";
        message.fields[37] = "632512" + message.get(11);
        message.fields[42] = "MERCHANT0000001";
        message.fields[49] = "978";
        message.fields[60] = "pay_" + message.get(11);
        return message;
    }

    /// `answer` is the 0110 that approved it.
    connectors::card::Message capture(const connectors::card::Message& answer,
                                      std::int64_t amount) {
        auto message = next("0220");
        message.fields[4] = digits(amount, 12);
        message.fields[37] = answer.get(37);
        message.fields[38] = answer.get(38);
        message.fields[49] = answer.get(49);
        return message;
    }

    connectors::card::Message refund(const std::string& rrn, std::int64_t amount) {
        auto message = purchase(amount, "0200");
        message.fields.erase(2);
        message.fields[3] = "200000";
        message.fields[62] = rrn;
        return message;
    }

    connectors::card::Message reversal(const connectors::card::Message& original,
                                       std::string mti = "0420") {
        auto message = next(std::move(mti));
        message.fields[4] = original.get(4);
        message.fields[37] = original.get(37);
        message.fields[49] = original.get(49);
        message.fields[39] = "68";
        message.fields[90] = original.mti + original.get(11) + original.get(7) + "00000423935" +
                             std::string(11, '0');
        return message;
    }

    connectors::card::Message sign_on() {
        auto message = next("0800");
        message.fields[70] = "001";
        return message;
    }

  private:
    connectors::card::Message next(std::string mti) {
        return {
            .mti = std::move(mti),
            .fields = {{7, sent_}, {11, digits(++trace_, 6)}, {32, "423935"}, {41, "TERM0001"}}};
    }

    std::string sent_;
    std::int64_t trace_ = 0;
};

inline connectors::card::Message repeat_of(connectors::card::Message message) {
    message.mti[3] = '1';
    return message;
}

/// DE95 of a reversal after which `kept` remains charged.
inline std::string replacement(std::int64_t kept) {
    return digits(kept, 12) + std::string(12, '0') + "C00000000C00000000";
}

/// An acquirer with books in memory and one connection that has signed on.
struct Counter {
    connectors::card::sandbox::Books books;
    connectors::card::sandbox::Acquirer acquirer{books};
    connectors::card::sandbox::Connection connection{.signed_on = true};
    Timestamp now = at("2026-11-21T12:00:05Z");

    connectors::card::sandbox::Reaction react(const connectors::card::Message& message) {
        return acquirer.handle(message, now, connection);
    }
    /// An empty message when there is no answer.
    connectors::card::Message ask(const connectors::card::Message& message) {
        return react(message).answer.value_or(connectors::card::Message{});
    }
    /// DE39 of the answer.
    std::string code(const connectors::card::Message& message) { return ask(message).get(39); }

    const connectors::card::sandbox::Transaction& transaction(
        const connectors::card::Message& message) const {
        return *books.find(message.get(37));
    }
};

}  // namespace causeway::test
