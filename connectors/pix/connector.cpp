// SPDX-License-Identifier: Apache-2.0
#include "connectors/pix/connector.h"

#include "connectors/codes/banking_days.h"
#include "connectors/codes/symbol.h"
#include "connectors/pix/agreement.h"
#include "connectors/pix/amount.h"
#include "connectors/pix/reference.h"
#include "connectors/pix/tellings.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include <algorithm>
#include <iterator>
#include <stdexcept>
#include <utility>

namespace causeway::connectors::pix {
namespace {

namespace asio = boost::asio;

// Longer than anything is given back after: Bacen's API refuses refunds after 90 days.
constexpr std::chrono::days kReturnedMax{90};
// Of a span of a week; a provider that counts wrongly would have us ask for ever.
constexpr std::int64_t kPagesMax = 1'000;

Capability pix_capability(const PixConfig& config) {
    Capability capability;
    capability.name = config.common.name;
    capability.version = "2.9.0";
    capability.method = "pix";
    capability.livemode = config.common.livemode;
    capability.operations = {
        OperationKind::collect, OperationKind::withdraw, OperationKind::refund};
    capability.currencies = {*ledger::Currency::from_code("BRL")};
    capability.countries = config.common.countries;
    capability.amount_max = kAmountMax;
    capability.lifecycle = config.common.lifecycle;
    return capability;
}

// By the page that was asked for: what a provider says of it may be wrong, and would never end.
bool has_more(const PixList& list, std::int64_t page) {
    return !list.pix.empty() && page + 1 < list.parameters.paging.pages;
}

PixKey key_in(const std::string& text) {
    const Result<PixKey> key = PixKey::parse(text);
    if (!key) throw std::invalid_argument("key: " + key.error().detail());
    return *key;
}

Answer refusal(Decline decline, std::string code) {
    return {.approved = false,
            .decline = decline,
            .response_code = std::move(code),
            .approval_code = {},
            .approved_amount = std::nullopt};
}

// The provider's own kind of error is its first word.
Answer refused_by(const Error& error) {
    return refusal(Decline::provider_error, error.detail().substr(0, 200));
}

bool is_silence(const Error& error) {
    return error.code() == ErrorCode::unavailable || error.code() == ErrorCode::outcome_unknown ||
           error.code() == ErrorCode::integrity;
}

Error unknown(const Error& error) {
    const bool unsent = error.code() == ErrorCode::unavailable;
    return Error(unsent ? ErrorCode::unavailable : ErrorCode::outcome_unknown, error.detail());
}

template <class Request>
Request request_for(const Operation& operation, const PixKey& key) {
    Request request;
    request.terms.amount = operation.amount.minor_units();
    request.terms.key = key.text();
    const Payer& payer = operation.collection->payer;
    if (!payer.tax_id.empty()) request.terms.payer = party_of(payer);
    return request;
}

CobvRequest dated(CobvRequest request, const CollectionTerms& terms, std::int64_t days_after_due) {
    request.terms.due = terms.due_on;
    request.terms.days_valid_after_due = days_after_due;
    if (terms.fine_bps > 0) request.terms.fine = Adjustment{.mode = 2, .value = terms.fine_bps};
    // 3: percent a month of calendar days.
    if (terms.interest_month_bps > 0) {
        request.terms.interest = Adjustment{.mode = 3, .value = terms.interest_month_bps};
    }
    if (terms.discount_until && terms.discount_bps > 0) {
        request.terms.discount =
            Discount{.mode = 2,
                     .dated = {{.until = *terms.discount_until, .value = terms.discount_bps}},
                     .value = std::nullopt};
    }
    return request;
}

template <class Charge>
Result<Answer> withdrawn(const Result<Charge>& charge) {
    if (!charge && charge.error().code() == ErrorCode::not_found) {
        return refusal(Decline::original_not_found, "NaoEncontrado");
    }
    if (!charge) return unknown(charge.error());
    switch (charge->record.status) {
        case ChargeStatus::concluded: return refusal(Decline::not_allowed, "CONCLUIDA");
        case ChargeStatus::active: return refusal(Decline::provider_error, "ATIVA");
        default: break;
    }
    return Answer{.approved = true, .response_code = std::string(to_string(charge->record.status))};
}

}  // namespace

PixConnector::PixConnector(PixConfig config,
                           std::unique_ptr<net::HttpClient> client,
                           const Surroundings& world)
    : config_(std::move(config)),
      key_(key_in(config_.key)),
      capability_(pix_capability(config_)),
      executor_(world.executor),
      clock_(world.clock),
      report_(world.report),
      client_(std::move(client)),
      api_(config_.api, *client_, world.clock) {}

void PixConnector::start() {
    if (config_.webhook_url.empty()) return;
    asio::co_spawn(executor_, tell_webhook(), asio::detached);
}

asio::awaitable<void> PixConnector::stop() {
    co_return;
}

// Without it the provider does not knock; what was paid is found out all the same, later.
asio::awaitable<void> PixConnector::tell_webhook() {
    WebhookRequest request;
    request.url = config_.webhook_url;
    const Result<void> told = co_await api_.set_webhook(key_, std::move(request));
    if (!told && report_) report_("webhook_not_set", capability_.name, told.error().detail());
}

template <class T>
Result<T> PixConnector::seen(Result<T> result) {
    reachable_ = result || result.error().code() != ErrorCode::unavailable;
    return result;
}

std::string PixConnector::make_reference(std::int64_t sequence,
                                         Timestamp /*now*/,
                                         const Operation& operation) const {
    return make_pix_reference(sequence, operation);
}

Result<OperationKind> PixConnector::first_operation(const Card& /*card*/,
                                                    bool /*capture_now*/) const {
    return Error(ErrorCode::invalid_argument, "no card is charged by Pix");
}

StatementKey PixConnector::statement_key(const Operation& operation) const {
    if (operation.kind != OperationKind::refund || !operation.original) {
        return {.provider_reference = operation.reference, .modification_reference = {}};
    }
    return {.provider_reference = operation.original->approval_code,
            .modification_reference = operation.reference};
}

Result<Answer> PixConnector::issued(const Operation& operation,
                                    const ChargeRecord& record,
                                    std::optional<std::int64_t> amount) const {
    if (record.txid != operation.reference || amount != operation.amount.minor_units()) {
        return Error(ErrorCode::integrity, "the provider answers with another charge");
    }
    std::string code = record.copy_and_paste;
    if (code.empty()) {
        const Result<PayloadUrl> url = PayloadUrl::parse(record.url);
        if (!url) return Error(ErrorCode::integrity, "location: " + url.error().detail());
        const Result<std::string> written = write_br_code(
            DynamicCode{.url = *url, .merchant = config_.merchant, .recurrence = std::nullopt});
        if (!written) return written.error();
        code = *written;
    }
    Answer answer{.approved = true, .response_code = std::string(to_string(record.status))};
    answer.instrument = Instrument{.action = "display_qr", .details = {{"qr_data", code}}};
    return answer;
}

Result<Answer> PixConnector::static_code(const Operation& operation) const {
    const Result<StaticTxid> txid = StaticTxid::parse(operation.reference);
    if (!txid) return Error(ErrorCode::invalid_argument, txid.error().detail());
    const Result<std::string> code =
        write_br_code(StaticCode{.key = key_,
                                 .merchant = config_.merchant,
                                 .amount = operation.amount.minor_units(),
                                 .txid = *txid,
                                 .info = {},
                                 .withdrawal_provider = std::nullopt});
    if (!code) return Error(ErrorCode::invalid_argument, code.error().detail());
    Answer answer{.approved = true, .response_code = "static"};
    answer.instrument = Instrument{.action = "display_qr", .details = {{"qr_data", *code}}};
    return answer;
}

// The provider refuses a txid that it knows: ours, of an earlier try.
asio::awaitable<Result<Answer>> PixConnector::collect_now(Operation operation) {
    const Result<Txid> txid = Txid::parse(operation.reference);
    if (!txid) co_return Error(ErrorCode::invalid_argument, txid.error().detail());
    CobRequest request = request_for<CobRequest>(operation, key_);
    const auto open = operation.collection->terms.open_until - clock_.now();
    request.terms.expires_in =
        std::max<std::int64_t>(std::chrono::duration_cast<std::chrono::seconds>(open).count(), 1);
    Result<Cob> made = seen(co_await api_.create_cob(*txid, std::move(request)));
    const bool known = !made && made.error().code() == ErrorCode::declined;
    Result<Cob> charge = made;
    if (known) charge = co_await api_.get_cob(*txid);
    if (known && !charge && charge.error().code() == ErrorCode::not_found) {
        co_return refused_by(made.error());
    }
    if (!charge && charge.error().code() == ErrorCode::invalid_argument) co_return charge.error();
    if (!charge) co_return unknown(charge.error());
    co_return issued(operation, charge->record, charge->terms.amount);
}

asio::awaitable<Result<Answer>> PixConnector::collect_by_date(Operation operation) {
    const Result<Txid> txid = Txid::parse(operation.reference);
    if (!txid) co_return Error(ErrorCode::invalid_argument, txid.error().detail());
    const CollectionTerms& terms = operation.collection->terms;
    CobvRequest request =
        dated(request_for<CobvRequest>(operation, key_), terms, config_.days_after_due);
    Result<Cobv> made = seen(co_await api_.create_cobv(*txid, std::move(request)));
    const bool known = !made && made.error().code() == ErrorCode::declined;
    Result<Cobv> charge = made;
    if (known) charge = co_await api_.get_cobv(*txid);
    if (known && !charge && charge.error().code() == ErrorCode::not_found) {
        co_return refused_by(made.error());
    }
    if (!charge && charge.error().code() == ErrorCode::invalid_argument) co_return charge.error();
    if (!charge) co_return unknown(charge.error());
    co_return issued(operation, charge->record, charge->terms.amount);
}

asio::awaitable<Result<Answer>> PixConnector::collect(Operation operation) {
    if (!operation.collection) {
        co_return Error(ErrorCode::invalid_argument, "a charge has terms");
    }
    switch (kind_of(operation.reference)) {
        case ReferenceKind::static_code: co_return static_code(operation);
        case ReferenceKind::by_date: co_return co_await collect_by_date(std::move(operation));
        default: co_return co_await collect_now(std::move(operation));
    }
}

asio::awaitable<Result<Answer>> PixConnector::withdraw(Operation operation) {
    const std::string& charge = operation.original->reference;
    const ReferenceKind kind = kind_of(charge);
    if (kind == ReferenceKind::static_code) {
        // Nobody can take back what is printed: what comes in for it is a late payment.
        co_return Answer{.approved = true, .response_code = "static"};
    }
    const Result<Txid> txid = Txid::parse(charge);
    if (!txid) co_return Error(ErrorCode::invalid_argument, txid.error().detail());
    if (kind == ReferenceKind::by_date) {
        Result<Cobv> removed = seen(co_await api_.remove_cobv(*txid));
        const bool refused = !removed && !is_silence(removed.error());
        if (refused) removed = co_await api_.get_cobv(*txid);
        co_return withdrawn(removed);
    }
    Result<Cob> removed = seen(co_await api_.remove_cob(*txid));
    const bool refused = !removed && !is_silence(removed.error());
    if (refused) removed = co_await api_.get_cob(*txid);
    co_return withdrawn(removed);
}

asio::awaitable<Result<Answer>> PixConnector::refund(Operation operation) {
    if (operation.original->approval_code.empty()) {
        co_return Error(ErrorCode::invalid_argument, "nothing was received that could be refunded");
    }
    const Result<RefundId> id = RefundId::parse(operation.reference);
    if (!id) co_return Error(ErrorCode::invalid_argument, id.error().detail());
    RefundRequest request;
    request.amount = operation.amount.minor_units();
    const std::string payment = operation.original->approval_code;
    const Result<Refund> asked = seen(co_await api_.refund(payment, *id, std::move(request)));
    if (asked) co_return answer_of(*asked);
    if (asked.error().code() == ErrorCode::declined) co_return refused_by(asked.error());
    if (asked.error().code() == ErrorCode::not_found) {
        co_return refusal(Decline::original_not_found, "NaoEncontrado");
    }
    if (asked.error().code() == ErrorCode::invalid_argument) co_return asked.error();
    co_return unknown(asked.error());
}

asio::awaitable<Result<Answer>> PixConnector::perform(Operation operation) {
    const Result<void> offered = check_offered(capability_, operation, day_of(clock_.now()));
    if (!offered) co_return offered.error();
    if (operation.kind == OperationKind::collect) co_return co_await collect(std::move(operation));
    if (!operation.original) {
        co_return Error(ErrorCode::invalid_argument, "all but a charge have an original");
    }
    if (operation.kind == OperationKind::refund) co_return co_await refund(std::move(operation));
    co_return co_await withdraw(std::move(operation));
}

asio::awaitable<Result<Finding>> PixConnector::find(Operation operation) {
    if (operation.kind != OperationKind::refund || !operation.original) {
        // Charges and their withdrawals are simply sent again.
        co_return Finding{.fate = Fate::under_way, .answer = {}};
    }
    const Result<RefundId> id = RefundId::parse(operation.reference);
    if (!id) co_return Error(ErrorCode::invalid_argument, id.error().detail());
    const Result<Refund> found =
        seen(co_await api_.get_refund(operation.original->approval_code, *id));
    if (!found && found.error().code() == ErrorCode::not_found) {
        co_return Finding{.fate = Fate::never_arrived, .answer = {}};
    }
    if (!found) co_return unknown(found.error());
    const Result<Answer> answer = answer_of(*found);
    if (!answer) co_return Finding{.fate = Fate::under_way, .answer = {}};
    co_return Finding{.fate = answer->approved ? Fate::carried_out : Fate::refused,
                      .answer = *answer};
}

CollectionTerms PixConnector::agree(const CollectionWish& wish,
                                    const Payer& payer,
                                    ledger::Money amount,
                                    Timestamp now,
                                    std::vector<FieldFault>& faults) const {
    const AgreementLimits limits{.open_for = config_.open_for,
                                 .days_after_due = config_.days_after_due};
    return agree_on(wish, payer, amount, now, limits, faults);
}

Day PixConnector::last_day(const CollectionTerms& terms) const noexcept {
    return codes::day_in_brazil(terms.open_until - std::chrono::microseconds(1));
}

CollectionTerms PixConnector::terms_on(const CollectionTerms& terms, Day /*paid_on*/) const {
    return pix::terms_on(terms);
}

Result<Rendered> PixConnector::render(const DocumentRequest& request,
                                      std::string_view format) const {
    constexpr int kModule = 8;
    constexpr int kSide = 480;
    const bool png = format == "qr.png";
    if (!png && format != "qr.svg") {
        return Error(ErrorCode::not_found, "format " + std::string(format.substr(0, 20)));
    }
    for (const auto& [name, value] : request.instrument.details) {
        if (name != "qr_data") continue;
        const Result<codes::Matrix> matrix = codes::qr_code(value);
        if (!matrix) return matrix.error();
        if (png) return Rendered{"image/png", codes::to_png(*matrix, kModule)};
        return Rendered{"image/svg+xml", codes::to_svg(*matrix, kSide)};
    }
    return Error(ErrorCode::not_found, "a code");
}

// Some of what was said to have been given back may be so. Whatever comes of it, who said it may be
// anybody: neither what is new nor whether the provider is there depends on it.
asio::awaitable<std::vector<Notice>> PixConnector::ask_named() {
    std::vector<Notice> notices;
    const std::vector<std::string> named = older_returns_.take();
    for (auto id = named.begin(); id != named.end(); ++id) {
        const Result<ReceivedPix> pix = co_await api_.get_pix(*id);
        if (!pix && pix.error().code() == ErrorCode::unavailable) {
            for (; id != named.end(); ++id)
                older_returns_.put_back(*id);
            break;
        }
        older_returns_.answered(*id);
        if (pix) add_notices(*pix, notices);
    }
    co_return notices;
}

asio::awaitable<Result<std::vector<ReceivedPix>>> PixConnector::list_all(PixQuery query) {
    std::vector<ReceivedPix> all;
    for (; query.page < kPagesMax; ++query.page) {
        Result<PixList> list = co_await api_.list_pix(query);
        if (!list) co_return list.error();
        const bool more = has_more(*list, query.page);
        std::ranges::move(list->pix, std::back_inserter(all));
        if (!more) co_return all;
    }
    co_return Error(ErrorCode::integrity, "a list of more pages than there can be");
}

// Span by span, the newest first. What is old and can not be read does not hide the rest; what is
// new waits for no more than one answer that does not come.
asio::awaitable<std::vector<Notice>> PixConnector::list_returned(Timestamp now) {
    std::vector<Notice> notices;
    const std::optional<Timestamp> since = older_returns_.list_since(now);
    if (!since) co_return notices;
    std::string failed;
    for (Timestamp to = now; to > now - kReturnedMax; to -= kSpanMax) {
        PixQuery query{.from = to - kSpanMax, .to = to, .has_refund = true};
        const Result<std::vector<ReceivedPix>> listed = co_await list_all(std::move(query));
        if (!listed) failed = listed.error().detail();
        if (!listed && listed.error().code() == ErrorCode::unavailable) break;
        if (!listed) continue;
        for (const ReceivedPix& pix : *listed)
            add_taken_back(pix, *since, notices);
    }
    older_returns_.listed(now, failed.empty());
    if (!failed.empty() && report_) report_("returns_not_listed", capability_.name, failed);
    co_return notices;
}

asio::awaitable<Result<Told>> PixConnector::poll(std::string cursor) {
    const Timestamp now = clock_.now();
    const Window window = window_at(cursor, now, config_.overlap);
    PixQuery query{.from = window.from, .to = window.to, .page = window.page};
    const Result<PixList> list = seen(co_await api_.list_pix(std::move(query)));
    if (!list) co_return unknown(list.error());
    Told told;
    for (const ReceivedPix& pix : list->pix)
        add_notices(pix, told.notices);
    const bool pages_left = has_more(*list, window.page);
    told.cursor = cursor_after(window, pages_left);
    told.more = pages_left || is_behind(window, now);
    if (told.more) co_return told;
    std::vector<Notice> named = co_await ask_named();
    std::vector<Notice> older = co_await list_returned(now);
    std::ranges::move(named, std::back_inserter(told.notices));
    std::ranges::move(older, std::back_inserter(told.notices));
    co_return told;
}

// Anybody may knock: what is true the provider is asked.
Result<std::vector<Notice>> PixConnector::read(const NoticeInput& input) const {
    const Result<PixNotice> notice = parse_body<PixNotice>(input.body, "notice");
    if (!notice) return Error(ErrorCode::integrity, "no notice of Pix");
    for (const ReceivedPix& pix : notice->pix)
        if (!pix.refunds.empty()) older_returns_.name(pix.end_to_end_id);
    return std::vector<Notice>{};
}

}  // namespace causeway::connectors::pix
