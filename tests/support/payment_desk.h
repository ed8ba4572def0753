// SPDX-License-Identifier: Apache-2.0
//
// The payments of one merchant on a real database in a folder of their own, with a scripted
// provider, a clock that the test moves, and chance from a seed.
#pragma once

#include "fx/builtin_rates.h"
#include "fx/rate_book.h"
#include "gateway/merchants/merchants_store.h"
#include "gateway/payments/janitor.h"
#include "gateway/payments/operations_store.h"
#include "gateway/payments/service.h"
#include "gateway/schema_store.h"
#include "ledger/store/commit_queue.h"
#include "tests/support/amounts.h"
#include "tests/support/books.h"
#include "tests/support/run.h"
#include "tests/support/scripted_connector.h"
#include "tests/support/temporary_folder.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace causeway::test {

/// What a caller got.
struct Answered {
    gateway::Reply reply;
    boost::json::object body;

    [[nodiscard]] int status() const { return reply.status; }
    [[nodiscard]] std::string text(std::string_view member) const {
        const boost::json::value* const at = body.if_contains(member);
        return at != nullptr && at->is_string() ? std::string(at->as_string()) : std::string();
    }
    [[nodiscard]] std::int64_t number(std::string_view member) const {
        return body.at(member).to_number<std::int64_t>();
    }
    /// The id of a payment, whatever else it is.
    [[nodiscard]] Uuid payment() const { return *parse_id("pay", text("id")); }
};

/// A vault whose key file lies in `folder`.
inline gateway::Vault vault_in(const TemporaryFolder& folder, Entropy& entropy) {
    const std::string file = folder.file("vault.key");
    std::ofstream(file) << std::string(64, 'a') << '\n';
    std::filesystem::permissions(file, std::filesystem::perms{0600});
    Result<gateway::Vault> vault = gateway::Vault::open(file, entropy);
    if (!vault) throw std::runtime_error(vault.error().detail());
    return *std::move(vault);
}

class PaymentDesk {
  public:
    using Body = std::function<Result<gateway::Step>(ledger::Transaction&)>;
    using Endpoint = std::string;

    explicit PaymentDesk(std::uint64_t seed = 20260413)
        : clock(*parse_rfc3339("2026-04-14T08:00:00Z")),
          entropy(seed),
          ids(clock, entropy),
          vault_(vault_in(folder_, entropy)) {
        rates.publish(*newest_table(fx::builtin_feed(), "ECB"));
        open();
        merchant = add_merchant(290, {});
    }
    PaymentDesk(const PaymentDesk&) = delete;
    PaymentDesk& operator=(const PaymentDesk&) = delete;
    ~PaymentDesk() { readers.join(); }

    /// Settled in euros.
    Uuid add_merchant(std::int64_t fee_bps, std::map<std::string, std::int64_t> fixed) {
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

    // ---- requests ------------------------------------------------------------------------

    /// A request of `endpoint`; without a key it gets one of its own.
    gateway::Caller caller(Endpoint endpoint, std::string key = {}) {
        if (key.empty()) key = "key-" + std::to_string(++keys_);
        const gateway::Scope scope{.merchant = merchant, .livemode = false};
        gateway::Caller who{.scope = scope, .request_id = "req", .idempotency = std::nullopt};
        who.idempotency = gateway::IdempotencyKey{.scope = scope,
                                                  .endpoint = endpoint,
                                                  .key = std::move(key),
                                                  .fingerprint = sha256(endpoint)};
        return who;
    }
    gateway::Caller creator(std::string key = {}) {
        return caller("POST /v1/payments", std::move(key));
    }
    gateway::Caller capturer(std::string key = {}) {
        return caller("POST /v1/payments/{id}/captures", std::move(key));
    }
    gateway::Caller refunder(std::string key = {}) {
        return caller("POST /v1/refunds", std::move(key));
    }
    gateway::Caller canceler(std::string key = {}) {
        return caller("POST /v1/payments/{id}/cancel", std::move(key));
    }

    Body creating(gateway::Caller who, gateway::CreatePayment wanted) {
        return [this, who, wanted](ledger::Transaction& tx) {
            return gateway::create_payment(tx, service->shop(), who, wanted);
        };
    }
    Body capturing(gateway::Caller who, Uuid payment, gateway::CreateCapture wanted) {
        return [this, who, payment, wanted](ledger::Transaction& tx) {
            return gateway::capture_payment(tx, service->shop(), who, payment, wanted);
        };
    }
    Body refunding(gateway::Caller who, gateway::CreateRefund wanted) {
        return [this, who, wanted](ledger::Transaction& tx) {
            return gateway::create_refund(tx, service->shop(), who, wanted);
        };
    }
    Body canceling(gateway::Caller who, Uuid payment) {
        return [this, who, payment](ledger::Transaction& tx) {
            return gateway::cancel_payment(tx, service->shop(), who, payment);
        };
    }

    Answered ask(gateway::Caller who, Body first) {
        return answered(run(service->run(std::move(who), std::move(first))));
    }
    Answered create(const gateway::CreatePayment& wanted, std::string key = {}) {
        const gateway::Caller who = creator(std::move(key));
        return ask(who, creating(who, wanted));
    }
    Answered confirm(const Uuid& payment, std::string key = {}) {
        const gateway::Caller who = caller("POST /v1/payments/{id}/confirm", std::move(key));
        return ask(who, [this, who, payment](ledger::Transaction& tx) {
            return gateway::confirm_payment(tx, service->shop(), who, payment, {});
        });
    }
    Answered capture(const Uuid& payment,
                     std::optional<std::int64_t> amount = {},
                     bool final_capture = false,
                     std::string key = {}) {
        const gateway::Caller who = capturer(std::move(key));
        return ask(who, capturing(who, payment, {{}, amount, final_capture}));
    }
    Answered refund(const Uuid& payment,
                    std::optional<std::int64_t> amount = {},
                    std::string key = {}) {
        const gateway::Caller who = refunder(std::move(key));
        return ask(who, refunding(who, {.payment = payment, .amount = amount, .reason = {}}));
    }
    Answered cancel(const Uuid& payment, std::string key = {}) {
        const gateway::Caller who = canceler(std::move(key));
        return ask(who, canceling(who, payment));
    }

    /// A card payment that is confirmed at once.
    static gateway::CreatePayment charge(ledger::Money amount,
                                         bool automatic = true,
                                         std::string token = "tok_visa") {
        gateway::CreatePayment wanted{.amount = amount};
        wanted.capture_automatic = automatic;
        wanted.confirm = true;
        wanted.method = "card";
        wanted.token = std::move(token);
        return wanted;
    }
    /// An authorised payment, waiting for its captures.
    Uuid authorised(ledger::Money amount) { return create(charge(amount, false)).payment(); }
    /// A captured one.
    Uuid captured(ledger::Money amount) { return create(charge(amount)).payment(); }

    // ---- time and accidents --------------------------------------------------------------

    /// The first step of a request and nothing more: what a crash leaves behind.
    gateway::Step begin(Body first) { return write<gateway::Step>(std::move(first)); }

    /// One round of the janitor. Returns how many operations it took up.
    int sweep() {
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
    /// Lets time pass and the janitor work until nothing is open.
    void sweep_until_dry() {
        for (int round = 0; round < 50; ++round) {
            if (open_operations() == 0) return;
            clock.advance(std::chrono::minutes(6));
            sweep();
        }
        throw std::runtime_error("the janitor never runs dry");
    }
    /// The process dies and starts again on the same file.
    gateway::Recovered restart() {
        service.reset();
        journal.reset();
        database.reset();
        open();
        Result<gateway::Recovered> recovered = gateway::recover(*database, service->shop());
        if (!recovered) throw std::runtime_error(recovered.error().detail());
        return *recovered;
    }

    // ---- what is written -----------------------------------------------------------------

    gateway::Payment payment(const Uuid& id) {
        return read<gateway::Payment>(
            [id](ledger::Transaction& tx) { return gateway::load_payment(tx, id); });
    }
    std::string status(const Uuid& id) { return std::string(to_string(payment(id).status)); }
    gateway::OperationRow operation(const Uuid& id) {
        return read<gateway::OperationRow>(
            [id](ledger::Transaction& tx) { return gateway::load_operation(tx, id); });
    }
    std::vector<gateway::OperationRow> open_rows() {
        return read<std::vector<gateway::OperationRow>>([](ledger::Transaction& tx) {
            return gateway::due_operations(tx, Timestamp::max(), 1'000);
        });
    }
    std::int64_t open_operations() { return read<std::int64_t>(&gateway::count_open_operations); }
    /// Debits less credits. Owners of test money are named "test/...".
    std::int64_t net(const std::string& owner, ledger::Purpose purpose, std::string_view code) {
        for (const ledger::AccountBalance& one : balances()) {
            if (one.account == account("test/" + owner, purpose, code)) return one.balance.net();
        }
        return 0;
    }
    /// What we owe the merchant and have not settled.
    std::int64_t pending(std::string_view code = "EUR") {
        return -net(to_text("mer", merchant), ledger::Purpose::merchant_pending, code);
    }
    /// What stands in doubt on the provider's side.
    std::int64_t suspense(std::string_view code = "EUR") {
        return net("scripted", ledger::Purpose::suspense, code);
    }
    bool nothing_in_suspense() {
        for (const ledger::AccountBalance& one : balances()) {
            if (one.account.purpose == ledger::Purpose::suspense && one.balance.net() != 0)
                return false;
        }
        return true;
    }
    bool books_are_clean() {
        return read<ledger::VerifyReport>(
                   [](ledger::Transaction& tx) { return ledger::verify(tx); })
            .findings.empty();
    }
    std::vector<ledger::AccountBalance> balances() {
        return read<std::vector<ledger::AccountBalance>>(
            [this](ledger::Transaction& tx) { return journal->balances(tx); });
    }

    template <class T>
    T read(const std::function<Result<T>(ledger::Transaction&)>& body) {
        std::optional<Result<T>> found;
        const Result<void> done =
            database->read([&](ledger::Transaction& snapshot) -> Result<void> {
                found.emplace(body(snapshot));
                return {};
            });
        if (!done || !*found) throw std::runtime_error("cannot read");
        return std::move(**found);
    }
    template <class T>
    T write(std::function<Result<T>(ledger::Transaction&)> body) {
        Result<T> done = database->writer().template commit<T>(std::move(body));
        if (!done) throw std::runtime_error(done.error().detail());
        return *std::move(done);
    }

    static Answered answered(gateway::Reply reply) {
        Answered got{.reply = std::move(reply), .body = {}};
        got.body = boost::json::parse(got.reply.body).as_object();
        return got;
    }

  private:
    void open() {
        Result<std::unique_ptr<ledger::Database>> opened =
            ledger::Database::open(folder_.url(), gateway::schema());
        if (!opened) throw std::runtime_error(opened.error().detail());
        database = std::move(*opened);
        journal = std::make_unique<ledger::Journal>(*database);
        connectors_ = std::make_unique<gateway::ConnectorSet>();
        gateway::ConnectorEntry entry;
        entry.connector = std::make_unique<ScriptedConnector>(provider);
        entry.cost = {.interchange_bps = 20, .scheme_bps = 10, .markup_bps = 5};
        connectors_->add(std::move(entry));
        sequences_ = std::make_unique<gateway::Sequences>();
        service = std::make_unique<gateway::PaymentService>(
            *database,
            gateway::Workshop{.journal = *journal,
                              .clock = clock,
                              .ids = ids,
                              .vault = vault_,
                              .cvcs = cvcs,
                              .connectors = *connectors_,
                              .quotes = {.rates = rates, .clock = clock, .ids = ids},
                              .fx_margin_bps = 80,
                              .sequences = *sequences_});
    }

    TemporaryFolder folder_;
    int keys_ = 0;

  public:
    ScriptedProvider provider;
    ManualClock clock;
    SeededEntropy entropy;
    IdSource ids;
    fx::RateBook rates;
    gateway::CvcMemory cvcs;
    Uuid merchant;
    boost::asio::thread_pool readers{1};

  private:
    gateway::Vault vault_;
    std::unique_ptr<gateway::ConnectorSet> connectors_;
    std::unique_ptr<gateway::Sequences> sequences_;

  public:
    std::unique_ptr<ledger::Database> database;
    std::unique_ptr<ledger::Journal> journal;
    std::unique_ptr<gateway::PaymentService> service;
};

}  // namespace causeway::test
