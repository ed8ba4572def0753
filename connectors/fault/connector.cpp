// SPDX-License-Identifier: Apache-2.0
#include "connectors/fault/connector.h"

#include <stdexcept>
#include <utility>

namespace causeway::connectors::fault {
namespace {

namespace asio = boost::asio;

Capability fault_capability(const FaultConfig& config) {
    if (config.common.livemode) {
        throw std::invalid_argument(config.common.name + ": a scripted provider is never live");
    }
    Capability capability;
    capability.name = config.common.name;
    capability.version = "scripted";
    capability.method = config.method;
    capability.currencies = config.currencies;
    capability.countries = config.common.countries;
    capability.lifecycle = config.common.lifecycle;
    capability.authorisation_valid = config.authorisation_valid;
    capability.operations.insert(OperationKind::increment);
    if (config.single_message) {
        capability.operations = {
            OperationKind::sale, OperationKind::refund, OperationKind::reverse};
    }
    return capability;
}

bool starts(OperationKind kind) {
    return kind == OperationKind::authorise || kind == OperationKind::sale;
}

// The documented rules, which a caller breaks by a bug only.
Result<void> check_form(const Operation& operation) {
    const auto wrong = [](const char* what) { return Error(ErrorCode::invalid_argument, what); };
    if (operation.reference.empty()) return wrong("an operation has a reference");
    if (starts(operation.kind) == operation.original.has_value()) {
        return wrong("all but a charge have an original");
    }
    if (starts(operation.kind) && !operation.card) return wrong("a card is needed");
    const std::int64_t units = operation.amount.minor_units();
    const bool may_be_zero = operation.kind == OperationKind::authorise ||
                             operation.kind == OperationKind::reverse ||
                             operation.kind == OperationKind::release;
    if (units < (may_be_zero ? 0 : 1)) return wrong("the amount");
    if (!operation.original) return {};
    const bool same = operation.original->amount.currency() == operation.amount.currency();
    if (!same) return wrong("the currency is not the original's");
    return {};
}

}  // namespace

FaultConnector::FaultConnector(FaultConfig config,
                               std::shared_ptr<FaultProvider> provider,
                               Sleep sleep,
                               const Clock& clock)
    : answer_max_(config.common.answer_max),
      can_be_asked_(config.inquiry),
      capability_(fault_capability(config)),
      provider_(std::move(provider)),
      sleep_(std::move(sleep)),
      clock_(clock) {
    const std::string& secret = provider_->config().notice_secret;
    if (!secret.empty()) reader_ = std::make_unique<FaultNoticeReader>(secret);
}

std::string FaultConnector::make_reference(std::int64_t sequence,
                                           Timestamp /*now*/,
                                           const Operation& /*operation*/) const {
    return "FLT-" + std::to_string(sequence);
}

Result<OperationKind> FaultConnector::first_operation(const Card& /*card*/,
                                                      bool capture_now) const {
    if (capability_.operations.contains(OperationKind::authorise)) return OperationKind::authorise;
    if (capture_now) return OperationKind::sale;
    return Error(ErrorCode::invalid_argument, "charged in one message only");
}

asio::awaitable<Result<Answer>> FaultConnector::perform(Operation operation) {
    const Result<void> offered = check_offered(capability_, operation, day_of(clock_.now()));
    if (!offered) co_return offered.error();
    const Result<void> form = check_form(operation);
    if (!form) co_return form.error();
    const Reaction reaction = provider_->hear(operation, answer_max_);
    if (reaction.delay.count() > 0) co_await sleep_(reaction.delay);
    co_return reaction.outcome;
}

StatementKey FaultConnector::statement_key(const Operation& operation) const {
    return {.provider_reference = operation.payment_id,
            .modification_reference = operation.reference};
}

asio::awaitable<Result<Finding>> FaultConnector::find(Operation operation) {
    co_return provider_->asked(operation);
}

asio::awaitable<Result<Answer>> FaultConnector::represent(DisputeOperation operation) {
    co_return provider_->hear_on_dispute(operation, true);
}

asio::awaitable<Result<Answer>> FaultConnector::accept(DisputeOperation operation) {
    co_return provider_->hear_on_dispute(operation, false);
}

}  // namespace causeway::connectors::fault
