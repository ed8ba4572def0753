// SPDX-License-Identifier: Apache-2.0
#include "connectors/boleto/connector.h"

#include "connectors/boleto/agreement.h"
#include "connectors/boleto/instrument.h"
#include "connectors/boleto/remessa_file.h"
#include "connectors/boleto/retorno_file.h"

#include <utility>

namespace causeway::connectors::boleto {
namespace {

namespace asio = boost::asio;

constexpr std::string_view kExhausted = "no-number-left-";
constexpr std::string_view kWithdrawal = "baixa-";

Capability capability_of(const BoletoConfig& config) {
    Capability capability;
    capability.name = config.common.name;
    capability.version =
        config.by_file ? std::string(cnab::layout_of(layout_of(config.at.bank)).name) : "v1";
    capability.method = "boleto";
    capability.livemode = config.common.livemode;
    capability.operations = {OperationKind::collect, OperationKind::withdraw};
    capability.currencies = {brl()};
    capability.countries = {"BR"};
    if (!config.common.countries.empty()) capability.countries = config.common.countries;
    capability.amount_max = amount_max(config);
    capability.lifecycle = config.common.lifecycle;
    return capability;
}

Error wrong(std::string_view what) {
    return Error(ErrorCode::invalid_argument, std::string(what));
}

}  // namespace

BoletoConnector::BoletoConnector(BoletoConfig config, const Surroundings& world)
    : config_(std::move(config)),
      capability_(capability_of(config_)),
      clock_(world.clock),
      report_([name = config_.common.name, report = world.report](std::string_view event,
                                                                  std::string_view why) {
          if (report) report(event, name, why);
      }) {
    if (!config_.by_file) link_ = std::make_unique<BankLink>(config_, report_);
    if (!config_.webhook_secret.empty()) {
        reader_ = std::make_unique<BankNoticeReader>(config_.at.bank, config_.webhook_secret);
    }
}

std::string BoletoConnector::make_reference(std::int64_t sequence,
                                            Timestamp /*now*/,
                                            const Operation& operation) const {
    if (operation.kind != OperationKind::collect) {
        return std::string(kWithdrawal) + std::to_string(sequence);
    }
    std::string number = number_of(config_, sequence);
    return number.empty() ? std::string(kExhausted) + std::to_string(sequence) : number;
}

Result<OperationKind> BoletoConnector::first_operation(const Card& /*card*/,
                                                       bool /*capture_now*/) const {
    return wrong("a boleto is paid by nobody's card");
}

Result<void> BoletoConnector::check(const Operation& operation) const {
    const Result<void> offered = check_offered(capability_, operation, day_of(clock_.now()));
    if (!offered) return offered.error();
    if (!operation.collection) return wrong("a boleto has a payer and terms");
    const bool collects = operation.kind == OperationKind::collect;
    if (collects == operation.original.has_value()) return wrong("a withdrawal has an original");
    const std::int64_t units = operation.amount.minor_units();
    if (operation.amount.currency() != brl()) return wrong("a boleto is in BRL");
    if (units < 1 || units > capability_.amount_max) return wrong("the amount");
    if (collects && operation.reference.starts_with(kExhausted)) {
        report_("boleto_numbers_used_up", "number_last is reached: the bank has to give more");
    }
    const Result<std::string> part =
        own_part(config_, collects ? operation.reference : operation.original->reference);
    if (!part) return part.error();
    return {};
}

// Nothing is sent: the next file tells the bank.
Result<Answer> BoletoConnector::put_on_file(const Operation& operation) const {
    Answer answer{.approved = true};
    answer.response_code = "remessa";
    if (operation.kind == OperationKind::withdraw) return answer;
    Result<Instrument> instrument = make_instrument(
        config_, operation.reference, operation.collection->terms, operation.amount, {});
    if (!instrument) return instrument.error();
    answer.instrument = *std::move(instrument);
    // What the file can not hold is refused now, and not when it is written.
    const Result<WrittenFile> tried = write_remessa_file(
        config_, {.sequence = 1, .made = clock_.now(), .operations = {operation}});
    if (!tried) return tried.error();
    return answer;
}

asio::awaitable<Result<Answer>> BoletoConnector::perform(Operation operation) {
    const Result<void> sound = check(operation);
    if (!sound) co_return sound.error();
    if (!link_) co_return put_on_file(operation);
    if (operation.kind == OperationKind::withdraw) {
        co_return co_await link_->write_off(std::move(operation));
    }
    co_return co_await link_->register_title(std::move(operation));
}

StatementKey BoletoConnector::statement_key(const Operation& operation) const {
    const std::string& number =
        operation.original ? operation.original->reference : operation.reference;
    return {.provider_reference = number, .modification_reference = operation.reference};
}

asio::awaitable<Result<Finding>> BoletoConnector::find(Operation operation) {
    const Result<void> sound = check(operation);
    if (!sound) co_return sound.error();
    co_return co_await link_->find(std::move(operation));
}

CollectionTerms BoletoConnector::agree(const CollectionWish& wish,
                                       const connectors::Payer& payer,
                                       ledger::Money amount,
                                       Timestamp now,
                                       std::vector<FieldFault>& faults) const {
    return agree_on(config_, wish, payer, amount, now, faults);
}

std::vector<std::string> BoletoConnector::formats(const Instrument& shown) const {
    return instrument_formats(shown);
}

Result<Rendered> BoletoConnector::render(const DocumentRequest& request,
                                         std::string_view format) const {
    return render_instrument(config_, request, format);
}

bool BoletoConnector::carries(OperationKind kind) const noexcept {
    return config_.by_file && (kind == OperationKind::collect || kind == OperationKind::withdraw);
}

Result<WrittenFile> BoletoConnector::write(const FileOrder& order) const {
    return write_remessa_file(config_, order);
}

Result<void> BoletoConnector::read(std::string_view bytes, const FileSink& sink) const {
    return read_retorno_file(config_, bytes, sink);
}

}  // namespace causeway::connectors::boleto
