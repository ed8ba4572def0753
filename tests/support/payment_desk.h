// SPDX-License-Identifier: Apache-2.0
//
// The payments of one merchant on a real database in a folder of their own, with a scripted
// provider, a clock that the test moves, and chance from a seed.
#pragma once

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

/// What a caller got.
struct Answered {
    gateway::Reply reply;
    boost::json::object body;

    [[nodiscard]] int status() const;
    [[nodiscard]] std::string text(std::string_view member) const;
    [[nodiscard]] std::int64_t number(std::string_view member) const;
    /// The id of a payment, whatever else it is.
    [[nodiscard]] Uuid payment() const;
};

/// A vault whose key file lies in `folder`.
gateway::Vault vault_in(const TemporaryFolder& folder, Entropy& entropy);

class PaymentDesk {
  public:
    using Body = std::function<Result<gateway::Step>(ledger::Transaction&)>;
    using Endpoint = std::string;

    /// `url`: an empty database; a file of its own when there is none.
    explicit PaymentDesk(std::uint64_t seed = 20260413, std::string url = {});
    PaymentDesk(std::uint64_t seed, ScriptedSides sides, std::string url = {});
    /// Another process on the database of `other`, with the same merchant and the same provider.
    PaymentDesk(PaymentDesk& other, std::uint64_t seed);
    PaymentDesk(const PaymentDesk&) = delete;
    PaymentDesk& operator=(const PaymentDesk&) = delete;
    ~PaymentDesk();

    /// What the writer remembers of rows is what the rows say.
    void expect_memory_is_true();

    /// Settled in euros.
    Uuid add_merchant(std::int64_t fee_bps, std::map<std::string, std::int64_t> fixed);

    // ---- requests ------------------------------------------------------------------------

    /// A request of `endpoint`; without a key it gets one of its own.
    gateway::Caller caller(Endpoint endpoint, std::string key = {});
    gateway::Caller creator(std::string key = {});
    gateway::Caller capturer(std::string key = {});
    gateway::Caller refunder(std::string key = {});
    gateway::Caller canceler(std::string key = {});

    Body creating(gateway::Caller who, gateway::CreatePayment wanted);
    Body capturing(gateway::Caller who, Uuid payment, gateway::CreateCapture wanted);
    Body refunding(gateway::Caller who, gateway::CreateRefund wanted);
    Body canceling(gateway::Caller who, Uuid payment);

    Answered ask(gateway::Caller who, Body first);
    Answered create(const gateway::CreatePayment& wanted, std::string key = {});
    Answered confirm(const Uuid& payment,
                     std::string key = {},
                     const gateway::ConfirmPayment& wanted = {});
    Answered capture(const Uuid& payment,
                     std::optional<std::int64_t> amount = {},
                     bool final_capture = false,
                     std::string key = {});
    Answered refund(const Uuid& payment,
                    std::optional<std::int64_t> amount = {},
                    std::string key = {});
    Answered cancel(const Uuid& payment, std::string key = {});

    /// A card payment that is confirmed at once.
    static gateway::CreatePayment charge(ledger::Money amount,
                                         bool automatic = true,
                                         std::string token = "tok_visa");
    /// A payment that its buyer is to pay later; for a desk that collects.
    static gateway::CreatePayment bill(ledger::Money amount,
                                       connectors::CollectionWish wish = {},
                                       std::string name = "Ana Souza");
    /// An authorised payment, waiting for its captures.
    Uuid authorised(ledger::Money amount);
    /// A captured one.
    Uuid captured(ledger::Money amount);

    Answered increase(const Uuid& payment, std::int64_t total);
    Answered contest(const Uuid& dispute, const std::string& evidence = R"({"note":"sent"})");
    Answered concede(const Uuid& dispute);
    /// What the provider tells of a payment, by the reference of its charge.
    gateway::NoticeVerdict notice(const Uuid& payment, connectors::Notice told);
    gateway::NoticeVerdict tell(connectors::Notice told);
    gateway::Payment decide(const Uuid& operation, bool approved, bool force = false);
    int expire();

    // ---- time and accidents --------------------------------------------------------------

    /// The first step of a request and nothing more: what a crash leaves behind.
    gateway::Step begin(Body first);

    /// The process lives for `time`, and beats as it should.
    void live(std::chrono::milliseconds time);
    /// One beat.
    void beat();
    /// One round of the janitor. Returns how many operations it took up.
    int sweep();
    /// Lets time pass and the janitor work until nothing is open.
    void sweep_until_dry();
    /// The process dies and starts again on the same file.
    gateway::Recovered restart();

    // ---- what is written -----------------------------------------------------------------

    gateway::Payment payment(const Uuid& id);
    /// The newest.
    Uuid only_payment();
    std::string status(const Uuid& id);
    gateway::OperationRow operation(const Uuid& id);
    gateway::OperationRow charge_of(const Uuid& payment);
    std::vector<gateway::Dispute> disputes();
    std::vector<gateway::Dispute> disputes_of(const Uuid& payment);
    /// Every line of a payment's timeline, oldest first: "op_... intent approved approved".
    std::vector<gateway::TimelineLine> timeline(const Uuid& payment);
    /// Types of the merchant's events, oldest first.
    std::vector<std::string> events();
    std::vector<gateway::OperationRow> open_rows();
    std::int64_t open_operations();
    /// Debits less credits. Owners of test money are named "test/...".
    std::int64_t net(const std::string& owner, ledger::Purpose purpose, std::string_view code);
    /// What we owe the merchant and have not settled.
    std::int64_t pending(std::string_view code = "EUR");
    /// What stands in doubt on the provider's side.
    std::int64_t suspense(std::string_view code = "EUR");
    bool nothing_in_suspense();
    bool books_are_clean();
    std::vector<ledger::AccountBalance> balances();

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

    static Answered answered(gateway::Reply reply);

  private:
    PaymentDesk(std::uint64_t seed, std::string url, ScriptedProvider* shared, ScriptedSides sides);
    void open();
    void join();

    TemporaryFolder folder_;
    std::string url_;
    std::unique_ptr<ScriptedProvider> own_provider_;
    int keys_ = 0;
    ScriptedSides sides_;

  public:
    [[nodiscard]] const gateway::ConnectorSet& connectors() const;

    ScriptedProvider& provider;
    bool is_configured = true;  ///< Whether the configuration names it, as of the next restart.
    /// What the process measures its lease by; stands still until it is moved.
    std::atomic<std::chrono::steady_clock::duration> uptime{std::chrono::hours(1)};
    const gateway::LeaseTimes lease{std::chrono::seconds(15)};
    bool lost = false;  ///< It has learnt that others have taken over.
    boost::asio::io_context heart;
    ManualClock clock;
    SeededEntropy entropy;
    IdSource ids;
    fx::RateBook rates;
    fx::Corridors corridors = fx::Corridors::uniform(80, std::chrono::days(7));
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
    std::unique_ptr<gateway::Instance> instance;  ///< None on a file.
    std::unique_ptr<gateway::PaymentService> service;
};

}  // namespace causeway::test
