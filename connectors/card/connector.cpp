// SPDX-License-Identifier: Apache-2.0
#include "connectors/card/connector.h"

#include "connectors/card/answers.h"
#include "connectors/card/card_number.h"
#include "connectors/card/reference.h"

#include <stdexcept>
#include <utility>

namespace causeway::connectors::card {
namespace {

namespace asio = boost::asio;

CardAcceptor checked(CardAcceptor acceptor) {
    const Result<void> fits = check(acceptor);
    if (!fits) throw std::invalid_argument("card connector: " + fits.error().detail());
    return acceptor;
}

Capability capability_of(const CardConfig& config) {
    Capability capability;
    capability.name = config.name;
    capability.version = "ISO 8583:1987";
    capability.method = "card";
    capability.livemode = config.livemode;
    capability.lifecycle = config.lifecycle;
    capability.countries = config.countries;
    capability.amount_max = 999'999'999'999;  // DE4 has twelve digits.
    return capability;
}

}  // namespace

CardConnector::CardConnector(const asio::any_io_executor& executor,
                             CardConfig config,
                             const Clock& clock)
    : acceptor_(checked(config.acceptor)),
      purchases_(config.purchases),
      answer_max_(config.answer_max),
      capability_(capability_of(config)),
      clock_(clock),
      link_(executor, std::move(config.link), clock) {}

std::string CardConnector::make_reference(std::int64_t sequence,
                                          Timestamp now,
                                          const Operation& operation) const {
    Reference reference = new_reference(sequence, now);
    if (operation.original && operation.kind != OperationKind::refund) {
        const Result<Reference> original = parse_reference(operation.original->reference);
        // One that cannot be read is perform()'s to refuse: this function has no way to fail.
        if (original) reference.rrn = original->rrn;
    }
    return to_text(reference);
}

Result<OperationKind> CardConnector::first_operation(const Card& card, bool capture_now) const {
    const bool maestro = card_brand(card.number) == CardBrand::maestro;
    if (capture_now && (maestro || purchases_)) return OperationKind::sale;
    if (!maestro) return OperationKind::authorise;
    return Error(ErrorCode::invalid_argument, "Maestro is authorised and captured at once");
}

asio::awaitable<Result<Answer>> CardConnector::perform(Operation operation) {
    const Result<void> offered = check_offered(capability_, operation, day_of(clock_.now()));
    if (!offered) co_return offered.error();
    Result<Message> request = build_request(acceptor_, operation);
    if (!request) co_return request.error();
    const Result<Message> answer = co_await link_.exchange(std::move(*request), answer_max_);
    if (!answer) {
        // Two operations under one reference: what became of the first is not known here.
        const bool twice = answer.error().code() == ErrorCode::conflict;
        if (twice) co_return Error(ErrorCode::outcome_unknown, answer.error().detail());
        co_return answer.error();
    }
    co_return read_answer(operation, *answer);
}

StatementKey CardConnector::statement_key(const Operation& operation) const {
    StatementKey key;
    const Result<Reference> own = parse_reference(operation.reference);
    if (!own) return key;
    key.provider_reference = own->rrn;
    key.modification_reference = own->transmitted + own->stan;
    if (operation.kind == OperationKind::refund && operation.original) {
        const Result<Reference> original = parse_reference(operation.original->reference);
        if (original) key.provider_reference = original->rrn;
    }
    return key;
}

}  // namespace causeway::connectors::card
