// SPDX-License-Identifier: Apache-2.0
#include "tests/support/payment_desk.h"

#include "fx/builtin_rates.h"
#include "fx/rate_book.h"
#include "gateway/merchants/merchants_store.h"
#include "gateway/notifications/inbox.h"
#include "gateway/payments/decisions.h"
#include "gateway/payments/disputes.h"
#include "gateway/payments/disputes_store.h"
#include "gateway/payments/expiry.h"
#include "gateway/payments/janitor.h"
#include "gateway/payments/notices.h"
#include "gateway/payments/operations_store.h"
#include "gateway/payments/operator_store.h"
#include "gateway/payments/service.h"
#include "gateway/schema_store.h"
#include "gateway/webhooks/event.h"
#include "ledger/store/commit_queue.h"
#include "ledger/store/row_memory.h"
#include "tests/support/amounts.h"
#include "tests/support/books.h"
#include "tests/support/run.h"
#include "tests/support/scripted_connector.h"
#include "tests/support/temporary_folder.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace causeway::test {

int Answered::status() const {
    return reply.status;
}

std::string Answered::text(std::string_view member) const {
    const boost::json::value* const at = body.if_contains(member);
    return at != nullptr && at->is_string() ? std::string(at->as_string()) : std::string();
}

std::int64_t Answered::number(std::string_view member) const {
    return body.at(member).to_number<std::int64_t>();
}

Uuid Answered::payment() const {
    return *parse_id("pay", text("id"));
}

gateway::Vault vault_in(const TemporaryFolder& folder, Entropy& entropy) {
    const std::string file = folder.file("vault.key");
    std::ofstream(file) << std::string(64, 'a') << '\n';
    std::filesystem::permissions(file, std::filesystem::perms{0600});
    Result<gateway::Vault> vault = gateway::Vault::open(file, entropy);
    if (!vault) throw std::runtime_error(vault.error().detail());
    return *std::move(vault);
}

PaymentDesk::PaymentDesk(std::uint64_t seed, std::string url)
    : PaymentDesk(seed, std::move(url), nullptr, {}) {
    merchant = add_merchant(290, {});
}

PaymentDesk::PaymentDesk(std::uint64_t seed, ScriptedSides sides, std::string url)
    : PaymentDesk(seed, std::move(url), nullptr, std::move(sides)) {
    merchant = add_merchant(290, {});
}

PaymentDesk::PaymentDesk(PaymentDesk& other, std::uint64_t seed)
    : PaymentDesk(seed, other.url_, &other.provider, other.sides_) {
    merchant = other.merchant;
    keys_ = 1'000'000;
}

PaymentDesk::~PaymentDesk() {
    readers.join();
    expect_memory_is_true();
}

void PaymentDesk::expect_memory_is_true() {
    std::vector<gateway::Payment> payments;
    std::vector<gateway::OperationRow> operations;
    const Result<void> stored = database->read([&](ledger::Transaction& tx) -> Result<void> {
        Result<std::vector<gateway::Payment>> newest = gateway::newest_payments(tx, 1000);
        if (!newest) return newest.error();
        for (const gateway::Payment& payment : *newest) {
            Result<std::vector<gateway::OperationRow>> of =
                gateway::operations_of_payment(tx, payment.id);
            if (!of) return of.error();
            operations.insert(operations.end(), of->begin(), of->end());
        }
        payments = *std::move(newest);
        return {};
    });
    EXPECT_TRUE(stored);
    write<int>([&](ledger::Transaction& tx) -> Result<int> {
        for (const gateway::Payment& payment : payments) {
            const auto* const known = ledger::recall<gateway::Payment>(tx, payment.id);
            EXPECT_TRUE(known == nullptr || *known == payment) << to_text("pay", payment.id);
        }
        for (const gateway::OperationRow& row : operations) {
            const auto* const known = ledger::recall<gateway::OperationRow>(tx, row.id);
            EXPECT_TRUE(known == nullptr || *known == row) << to_text("op", row.id);
        }
        return 0;
    });
}

Uuid PaymentDesk::add_merchant(std::int64_t fee_bps, std::map<std::string, std::int64_t> fixed) {
    gateway::Merchant added{.default_currency = currency("EUR")};
    added.id = ids.next();
    added.name = "Acme";
    added.country = "NL";
    added.settlement_currencies = {currency("EUR")};
    added.fee_bps = fee_bps;
    added.fixed_fees = std::move(fixed);
    added.created_at = clock.now();
    write<int>([&added](ledger::Transaction& tx) -> Result<int> {
        const Result<void> done = gateway::insert_merchant(tx, added);
        return done ? Result<int>(0) : Result<int>(done.error());
    });
    return added.id;
}

gateway::Caller PaymentDesk::caller(Endpoint endpoint, std::string key) {
    if (key.empty()) key = "key-" + std::to_string(++keys_);
    const gateway::Scope scope{.merchant = merchant, .livemode = false};
    gateway::Caller who{.scope = scope, .request_id = "req", .idempotency = std::nullopt};
    who.idempotency = gateway::IdempotencyKey{.scope = scope,
                                              .endpoint = endpoint,
                                              .key = std::move(key),
                                              .fingerprint = sha256(endpoint)};
    return who;
}

gateway::Caller PaymentDesk::creator(std::string key) {
    return caller("POST /v1/payments", std::move(key));
}

gateway::Caller PaymentDesk::capturer(std::string key) {
    return caller("POST /v1/payments/{id}/captures", std::move(key));
}

gateway::Caller PaymentDesk::refunder(std::string key) {
    return caller("POST /v1/refunds", std::move(key));
}

gateway::Caller PaymentDesk::canceler(std::string key) {
    return caller("POST /v1/payments/{id}/cancel", std::move(key));
}

PaymentDesk::Body PaymentDesk::creating(gateway::Caller who, gateway::CreatePayment wanted) {
    return [this, who, wanted](ledger::Transaction& tx) {
        return gateway::create_payment(tx, service->shop(), who, wanted);
    };
}

PaymentDesk::Body PaymentDesk::capturing(gateway::Caller who,
                                         Uuid payment,
                                         gateway::CreateCapture wanted) {
    return [this, who, payment, wanted](ledger::Transaction& tx) {
        return gateway::capture_payment(tx, service->shop(), who, payment, wanted);
    };
}

PaymentDesk::Body PaymentDesk::refunding(gateway::Caller who, gateway::CreateRefund wanted) {
    return [this, who, wanted](ledger::Transaction& tx) {
        return gateway::create_refund(tx, service->shop(), who, wanted);
    };
}

PaymentDesk::Body PaymentDesk::canceling(gateway::Caller who, Uuid payment) {
    return [this, who, payment](ledger::Transaction& tx) {
        return gateway::cancel_payment(tx, service->shop(), who, payment);
    };
}

Answered PaymentDesk::ask(gateway::Caller who, Body first) {
    return answered(run(service->run(std::move(who), std::move(first))));
}

Answered PaymentDesk::create(const gateway::CreatePayment& wanted, std::string key) {
    const gateway::Caller who = creator(std::move(key));
    return ask(who, creating(who, wanted));
}

Answered PaymentDesk::confirm(const Uuid& payment,
                              std::string key,
                              const gateway::ConfirmPayment& wanted) {
    const gateway::Caller who = caller("POST /v1/payments/{id}/confirm", std::move(key));
    return ask(who, [this, who, payment, wanted](ledger::Transaction& tx) {
        return gateway::confirm_payment(tx, service->shop(), who, payment, wanted);
    });
}

Answered PaymentDesk::capture(const Uuid& payment,
                              std::optional<std::int64_t> amount,
                              bool final_capture,
                              std::string key) {
    const gateway::Caller who = capturer(std::move(key));
    return ask(who, capturing(who, payment, {{}, amount, final_capture}));
}

Answered PaymentDesk::refund(const Uuid& payment,
                             std::optional<std::int64_t> amount,
                             std::string key) {
    const gateway::Caller who = refunder(std::move(key));
    return ask(who, refunding(who, {.payment = payment, .amount = amount, .reason = {}}));
}

Answered PaymentDesk::cancel(const Uuid& payment, std::string key) {
    const gateway::Caller who = canceler(std::move(key));
    return ask(who, canceling(who, payment));
}

gateway::CreatePayment PaymentDesk::charge(ledger::Money amount,
                                           bool automatic,
                                           std::string token) {
    gateway::CreatePayment wanted{.amount = amount};
    wanted.capture_automatic = automatic;
    wanted.confirm = true;
    wanted.method = gateway::MethodChoice{.type = "card", .token = std::move(token)};
    return wanted;
}

gateway::CreatePayment PaymentDesk::bill(ledger::Money amount,
                                         connectors::CollectionWish wish,
                                         std::string name) {
    gateway::CreatePayment wanted{.amount = amount};
    wanted.confirm = true;
    gateway::CollectionChoice choice{.payer = {}, .wish = std::move(wish)};
    choice.payer.name = std::move(name);
    wanted.method =
        gateway::MethodChoice{.type = "boleto", .token = {}, .collection = std::move(choice)};
    return wanted;
}

Uuid PaymentDesk::authorised(ledger::Money amount) {
    return create(charge(amount, false)).payment();
}

Uuid PaymentDesk::captured(ledger::Money amount) {
    return create(charge(amount)).payment();
}

Answered PaymentDesk::increase(const Uuid& payment, std::int64_t total) {
    const gateway::Caller who = caller("POST /v1/payments/{id}/increment");
    return ask(who, [this, who, payment, total](ledger::Transaction& tx) {
        return gateway::increase_payment(tx, service->shop(), who, payment, {.amount = total});
    });
}

Answered PaymentDesk::contest(const Uuid& dispute, const std::string& evidence) {
    const gateway::Caller who = caller("POST /v1/disputes/{id}/evidence");
    return ask(who, [this, who, dispute, evidence](ledger::Transaction& tx) {
        return gateway::submit_evidence(tx, service->shop(), who, dispute, evidence);
    });
}

Answered PaymentDesk::concede(const Uuid& dispute) {
    const gateway::Caller who = caller("POST /v1/disputes/{id}/accept");
    return ask(who, [this, who, dispute](ledger::Transaction& tx) {
        return gateway::accept_dispute(tx, service->shop(), who, dispute);
    });
}

gateway::NoticeVerdict PaymentDesk::notice(const Uuid& payment, connectors::Notice told) {
    told.reference = charge_of(payment).reference;
    return tell(std::move(told));
}

gateway::NoticeVerdict PaymentDesk::tell(connectors::Notice told) {
    return write<gateway::NoticeOutcome>([this, told](ledger::Transaction& tx) {
               return gateway::apply_notice(tx, service->shop(), sides_.name, told);
           })
        .verdict;
}

gateway::Payment PaymentDesk::decide(const Uuid& operation, bool approved, bool force) {
    return write<gateway::Payment>([=, this](ledger::Transaction& tx) {
        return gateway::decide(tx,
                               service->shop(),
                               {.operation = operation,
                                .approved = approved,
                                .reason = "seen on the statement",
                                .by = "tester",
                                .force = force});
    });
}

int PaymentDesk::expire() {
    return write<int>(
        [this](ledger::Transaction& tx) { return gateway::expire_due(tx, service->shop(), 100); });
}

gateway::Step PaymentDesk::begin(Body first) {
    return write<gateway::Step>(std::move(first));
}

void PaymentDesk::live(std::chrono::milliseconds time) {
    for (std::chrono::milliseconds lived{0}; lived < time; lived += lease.beat) {
        uptime = uptime.load() + lease.beat;
        beat();
    }
}

void PaymentDesk::beat() {
    boost::asio::co_spawn(heart, instance->beat(), boost::asio::detached);
    heart.restart();
    heart.run();
}

int PaymentDesk::sweep() {
    boost::asio::io_context io;
    gateway::Janitor janitor(io.get_executor(), *database, readers, *service);
    std::optional<int> taken;
    boost::asio::co_spawn(
        io, janitor.run_once(), [&taken](const std::exception_ptr& failure, int count) {
            if (!failure) taken = count;
        });
    io.run_for(std::chrono::seconds{5});
    if (!taken) throw std::runtime_error("the janitor did not come back");
    return *taken;
}

void PaymentDesk::sweep_until_dry() {
    for (int round = 0; round < 50; ++round) {
        if (open_operations() == 0) return;
        clock.advance(std::chrono::minutes(6));
        sweep();
    }
    throw std::runtime_error("the janitor never runs dry");
}

gateway::Recovered PaymentDesk::restart() {
    service.reset();
    instance.reset();
    journal.reset();
    database.reset();
    open();
    Result<gateway::Recovered> recovered = gateway::recover(*database, service->shop());
    if (!recovered) throw std::runtime_error(recovered.error().detail());
    return *recovered;
}

gateway::Payment PaymentDesk::payment(const Uuid& id) {
    return read<gateway::Payment>(
        [id](ledger::Transaction& tx) { return gateway::load_payment(tx, id); });
}

Uuid PaymentDesk::only_payment() {
    return read<Uuid>([](ledger::Transaction& tx) -> Result<Uuid> {
        Uuid found;
        const Result<void> read =
            tx.query("SELECT payment_id FROM payments ORDER BY payment_id DESC LIMIT 1",
                     {},
                     [&found](const ledger::Row& row) { found = row.uuid(0); });
        if (!read) return read.error();
        return found;
    });
}

std::string PaymentDesk::status(const Uuid& id) {
    return std::string(to_string(payment(id).status));
}

gateway::OperationRow PaymentDesk::operation(const Uuid& id) {
    return read<gateway::OperationRow>(
        [id](ledger::Transaction& tx) { return gateway::load_operation(tx, id); });
}

gateway::OperationRow PaymentDesk::charge_of(const Uuid& payment) {
    return read<gateway::OperationRow>([payment](ledger::Transaction& tx) {
        Result<std::vector<gateway::OperationRow>> all = gateway::charges_of(tx, payment);
        return all ? Result<gateway::OperationRow>(all->back())
                   : Result<gateway::OperationRow>(all.error());
    });
}

std::vector<gateway::Dispute> PaymentDesk::disputes() {
    return read<gateway::Listed<gateway::Dispute>>([this](ledger::Transaction& tx) {
               return gateway::list_disputes(
                   tx, {.merchant = merchant, .livemode = false}, gateway::Page{});
           })
        .rows;
}

std::vector<gateway::Dispute> PaymentDesk::disputes_of(const Uuid& payment) {
    return read<std::vector<gateway::Dispute>>(
        [payment](ledger::Transaction& tx) { return gateway::disputes_of_payment(tx, payment); });
}

std::vector<gateway::TimelineLine> PaymentDesk::timeline(const Uuid& payment) {
    const auto rows =
        read<gateway::Listed<gateway::TimelineRow>>([payment](ledger::Transaction& tx) {
            return gateway::list_timeline(tx, payment, gateway::Page{.limit = 100});
        });
    std::vector<gateway::TimelineLine> lines;
    for (auto row = rows.rows.rbegin(); row != rows.rows.rend(); ++row)
        lines.insert(lines.end(), row->lines.begin(), row->lines.end());
    return lines;
}

std::vector<std::string> PaymentDesk::events() {
    const auto listed = read<gateway::Listed<gateway::EventRow>>([this](ledger::Transaction& tx) {
        return gateway::list_events(
            tx, {.merchant = merchant, .livemode = false}, gateway::Page{.limit = 100});
    });
    std::vector<std::string> types;
    for (auto row = listed.rows.rbegin(); row != listed.rows.rend(); ++row)
        types.push_back(row->type);
    return types;
}

std::vector<gateway::OperationRow> PaymentDesk::open_rows() {
    return read<std::vector<gateway::OperationRow>>([](ledger::Transaction& tx) {
        return gateway::due_operations(tx, Timestamp::max(), 1'000);
    });
}

std::int64_t PaymentDesk::open_operations() {
    return read<std::int64_t>(&gateway::count_open_operations);
}

std::int64_t PaymentDesk::net(const std::string& owner,
                              ledger::Purpose purpose,
                              std::string_view code) {
    for (const ledger::AccountBalance& one : balances()) {
        if (one.account == account("test/" + owner, purpose, code)) return one.balance.net();
    }
    return 0;
}

std::int64_t PaymentDesk::pending(std::string_view code) {
    return -net(to_text("mer", merchant), ledger::Purpose::merchant_pending, code);
}

std::int64_t PaymentDesk::suspense(std::string_view code) {
    return net("scripted", ledger::Purpose::suspense, code);
}

bool PaymentDesk::nothing_in_suspense() {
    for (const ledger::AccountBalance& one : balances()) {
        if (one.account.purpose == ledger::Purpose::suspense && one.balance.net() != 0)
            return false;
    }
    return true;
}

bool PaymentDesk::books_are_clean() {
    ledger::VerifyOptions options;
    options.shared = database->is_shared();
    return read<ledger::VerifyReport>(
               [&options](ledger::Transaction& tx) { return ledger::verify(tx, options); })
        .findings.empty();
}

std::vector<ledger::AccountBalance> PaymentDesk::balances() {
    return read<std::vector<ledger::AccountBalance>>(
        [this](ledger::Transaction& tx) { return journal->balances(tx); });
}

Answered PaymentDesk::answered(gateway::Reply reply) {
    Answered got{.reply = std::move(reply), .body = {}};
    got.body = boost::json::parse(got.reply.body).as_object();
    return got;
}

PaymentDesk::PaymentDesk(std::uint64_t seed,
                         std::string url,
                         ScriptedProvider* shared,
                         ScriptedSides sides)
    : url_(url.empty() ? folder_.url() : std::move(url)),
      own_provider_(shared == nullptr ? std::make_unique<ScriptedProvider>() : nullptr),
      sides_(std::move(sides)),
      provider(shared == nullptr ? *own_provider_ : *shared),
      clock(*parse_rfc3339("2026-04-14T08:00:00Z")),
      entropy(seed),
      ids(clock, entropy),
      vault_(vault_in(folder_, entropy)) {
    rates.publish(*newest_table(fx::builtin_feed(), "ECB"));
    open();
}

void PaymentDesk::open() {
    Result<std::unique_ptr<ledger::Database>> opened =
        ledger::Database::open(url_, gateway::schema());
    if (!opened) throw std::runtime_error(opened.error().detail());
    database = std::move(*opened);
    journal = std::make_unique<ledger::Journal>(*database);
    connectors_ = std::make_unique<gateway::ConnectorSet>();
    gateway::ConnectorEntry entry;
    entry.connector = std::make_unique<ScriptedConnector>(provider, sides_);
    entry.cost = {.interchange_bps = 20, .scheme_bps = 10, .markup_bps = 5};
    entry.receipts = sides_.receipts;
    if (is_configured) connectors_->add(std::move(entry));
    sequences_ = std::make_unique<gateway::Sequences>(*database);
    if (database->is_shared()) join();
    service = std::make_unique<gateway::PaymentService>(
        *database,
        gateway::Workshop{
            .journal = *journal,
            .clock = clock,
            .ids = ids,
            .vault = vault_,
            .cvcs = cvcs,
            .connectors = *connectors_,
            .quotes = {.rates = rates, .clock = clock, .ids = ids, .corridors = corridors},
            .sequences = *sequences_,
            .dispute_fees = {{"EUR", 1'500}},
            .instance = instance.get(),
            .compare_kept = gateway::compare_kept_notices});
}

void PaymentDesk::join() {
    instance = std::make_unique<gateway::Instance>(
        heart.get_executor(), *database, clock, ids.next(), lease);
    gateway::InstanceHooks hooks;
    hooks.take_over = [this](ledger::Transaction& tx) -> Result<std::int64_t> {
        const Result<gateway::Recovered> taken = gateway::take_over(tx, service->shop());
        if (!taken) return taken.error();
        return taken->operations + taken->requests;
    };
    hooks.on_lost = [this] { lost = true; };
    hooks.now = [this] { return gateway::Monotonic(uptime.load()); };
    const Result<void> joined = instance->join(std::move(hooks));
    if (!joined) throw std::runtime_error(joined.error().detail());
}

const gateway::ConnectorSet& PaymentDesk::connectors() const {
    return *connectors_;
}

}  // namespace causeway::test
