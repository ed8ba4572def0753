// SPDX-License-Identifier: Apache-2.0
#include "gateway/serve.h"

#include "gateway/api/api.h"
#include "gateway/api/rate_limit.h"
#include "gateway/api/request_notes.h"
#include "gateway/cli/command_body.h"
#include "gateway/cli/command_table.h"
#include "gateway/cli/wire.h"
#include "gateway/collections/poller.h"
#include "gateway/descriptor_limit.h"
#include "gateway/fx/fetcher.h"
#include "gateway/fx/rate_desk.h"
#include "gateway/fx/revaluer.h"
#include "gateway/http/server.h"
#include "gateway/http/tls_memory.h"
#include "gateway/http/unix_server.h"
#include "gateway/log.h"
#include "gateway/metrics_store.h"
#include "gateway/payments/janitor.h"
#include "gateway/schema_store.h"
#include "gateway/webhooks/dispatcher.h"
#include "ledger/chain/signer.h"
#include "ledger/store/fail_stop.h"

#include <boost/asio/bind_executor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_future.hpp>

#include <cstdlib>
#include <iostream>
#include <stdexcept>
#include <thread>

namespace asio = boost::asio;

namespace causeway::gateway {
namespace {

std::string public_url_of(const ListenSettings& listen) {
    if (!listen.public_url.empty()) return listen.public_url;
    return "https://" + listen.address + ":" + std::to_string(listen.port);
}

constexpr std::chrono::milliseconds kDrainMax{20'000};
constexpr int kReaders = 4;
constexpr std::chrono::minutes kRatesPause{1};

// A start-up error is for the operator, and ends the start.
template <class T>
T value_or_throw(Result<T> result) {
    if (!result) throw std::runtime_error(result.error().detail());
    return *std::move(result);
}

// An event loop with a thread of its own, joined when it goes.
class Loop {
  public:
    Loop() : work_(asio::make_work_guard(io_)), thread_([this] { io_.run(); }) {}
    Loop(const Loop&) = delete;
    Loop& operator=(const Loop&) = delete;
    ~Loop() { stop(); }
    /// Ends the thread. What is left on the loop stays where it is until the loop goes.
    void stop() {
        work_.reset();
        io_.stop();
        if (thread_.joinable()) thread_.join();
    }
    [[nodiscard]] asio::any_io_executor executor() { return io_.get_executor(); }

  private:
    asio::io_context io_{1};
    asio::executor_work_guard<asio::io_context::executor_type> work_;
    std::thread thread_;
};

void report(std::string_view event, std::string_view connector, std::string_view why) {
    log(LogLevel::warning, event, {{"connector", connector}, {"why", why}});
}

// Everything a server is made of, in the order in which it must go: what is declared first
// outlives what is declared after it.
class Gateway {
  public:
    /// Lifetime: borrows the settings.
    explicit Gateway(const Settings& settings);

    [[nodiscard]] std::uint16_t port() const { return https_.port(); }
    void start();
    /// Lets everything come to its end; false when something had to be left behind.
    [[nodiscard]] bool stop();

  private:
    void add_connectors(const Settings& settings);
    void join(const Settings& settings);
    [[nodiscard]] Workshop workshop(const Settings& settings);
    [[nodiscard]] ApiContext api_context();
    void add_webhooks(const WebhookSettings& settings);
    [[nodiscard]] HttpHooks api_hooks();
    [[nodiscard]] HttpHooks admin_hooks();
    [[nodiscard]] Readiness readiness(ledger::Transaction& snapshot) const;
    asio::awaitable<net::HttpResponse> admin(net::HttpRequest request);
    [[nodiscard]] CommandOutput run_locally(const CommandRequest& request);
    void add_rates(const FxSettings& settings);
    [[nodiscard]] Result<void> load_rates();
    void rates_changed();
    asio::awaitable<void> reload_rates();

    const Settings& settings_;
    SystemClock clock_;
    SystemEntropy entropy_;
    IdSource ids_{clock_, entropy_};
    Vault vault_;
    CvcMemory cvcs_;
    fx::RateBook rates_;
    fx::Corridors corridors_;
    std::unique_ptr<net::HttpClient> rates_client_;
    std::optional<Sequences> sequences_;
    Loop loop_;  // Of the connectors and the janitor.
    ConnectorSet connectors_;
    std::optional<Api> api_;
    HttpServer https_;
    std::unique_ptr<UnixHttpServer> admin_socket_;  // none where commands need no owner
    std::unique_ptr<ledger::HeadSigner> signer_;
    std::unique_ptr<ledger::Database> database_;
    ledger::Journal journal_;           // The database keeps what it needs of it.
    std::optional<Instance> instance_;  // none where this process owns the database
    asio::thread_pool readers_{kReaders};
    asio::thread_pool commands_{1};
    asio::thread_pool backups_{1};
    std::optional<PaymentService> service_;
    RateLimiter limits_;
    Metrics metrics_;
    std::optional<KeyRing> keys_;
    std::optional<Janitor> janitor_;
    std::optional<Poller> poller_;
    std::unique_ptr<WebhookSender> webhook_sender_;
    std::optional<Dispatcher> dispatcher_;
    std::optional<RateFetcher> fetcher_;
    std::optional<Revaluer> revaluer_;
    WebhookDesk webhook_desk_{.entropy = entropy_};
};

// Beside connections: the database, links to providers, the log.
constexpr std::uint64_t kOtherDescriptors = 100;

void check_descriptors(const ListenSettings& listen) {
    const std::uint64_t allowed = raise_descriptor_limit();
    const auto wanted = static_cast<std::uint64_t>(listen.connections_max) + kOtherDescriptors;
    if (allowed >= wanted) return;
    log(LogLevel::warning,
        "few_descriptors",
        {{"allowed", std::to_string(allowed)}, {"wanted", std::to_string(wanted)}});
}

HttpServerConfig https_config(const Settings& settings) {
    HttpServerConfig config;
    config.address = settings.listen.address;
    config.port = settings.listen.port;
    config.certificate_chain_path = settings.listen.certificate;
    config.private_key_path = settings.listen.private_key;
    config.threads = static_cast<std::size_t>(settings.listen.threads);
    config.limits.sessions_max = static_cast<std::size_t>(settings.listen.connections_max);
    return config;
}

// On a server commands open the database themselves, but for those that move payments: they need
// the connectors, and a socket where the configuration names one.
std::unique_ptr<UnixHttpServer> make_admin_socket(const Settings& settings, HttpHooks hooks) {
    const Result<std::string> beside = admin_socket_path(settings.database);
    if (beside && !settings.admin_socket.empty()) {
        throw std::runtime_error("[admin] socket is for PostgreSQL; here it is " + *beside);
    }
    if (!beside && settings.admin_socket.empty()) return nullptr;
    UnixHttpServerConfig config;
    config.path = beside ? *beside : settings.admin_socket;
    return std::make_unique<UnixHttpServer>(config, std::move(hooks));
}

Gateway::Gateway(const Settings& settings)
    : settings_(settings),
      vault_(value_or_throw(Vault::open(settings.vault_key_file, entropy_))),
      corridors_(value_or_throw(corridors_of(settings.fx))),
      https_(https_config(settings), api_hooks()),
      admin_socket_(make_admin_socket(settings, admin_hooks())),
      signer_(value_or_throw(ledger::HeadSigner::load_if_any(settings.signing_key_file))),
      database_(value_or_throw(ledger::Database::open(settings.database, schema()))),
      journal_(*database_, {.signer = signer_.get()}),
      limits_({.per_second = settings.limits.requests_per_second, .burst = settings.limits.burst}) {
    log_every_request(settings.log_requests);
    metrics_.add(commit_metrics(*database_));
    metrics_.add(operation_metrics(clock_));
    metrics_.add(receipt_metrics(clock_));
    metrics_.add(webhook_metrics(clock_));
    metrics_.add(age_metrics(rates_, clock_));
    metrics_.add(freshness_metrics(rates_, settings.fx, clock_));
    if (!signer_) log(LogLevel::warning, "no_signing_key", {{"why", "no heads will be made"}});
    if (const Result<void> loaded = load_rates(); !loaded) {
        throw std::runtime_error(loaded.error().detail());
    }
    add_rates(settings.fx);
    add_connectors(settings);
    sequences_.emplace(*database_);
    if (database_->is_shared()) join(settings);
    service_.emplace(*database_, workshop(settings));
    const Recovered recovered = value_or_throw(recover(*database_, service_->shop()));
    log(LogLevel::info,
        "recovered",
        {{"open_operations", std::to_string(recovered.operations)},
         {"doubtful", std::to_string(recovered.doubtful)},
         {"requests", std::to_string(recovered.requests)}});
    keys_.emplace(*database_, readers_, clock_);
    janitor_.emplace(loop_.executor(), *database_, readers_, *service_);
    janitor_->sweep_hourly("events", settings.webhooks.keep, delete_old_events);
    janitor_->sweep_hourly("notifications", settings.notifications.keep, delete_old_messages);
    service_->on_open_work = [this] { janitor_->wake(); };
    add_webhooks(settings.webhooks);
    api_.emplace(api_context(), [this](ledger::Transaction& tx) { return readiness(tx); });
    metrics_.add(connector_metrics(connectors_, clock_));
    metrics_.add(notification_metrics(api_->inbox()));
    poller_.emplace(loop_.executor(), *database_, *service_);
    api_->inbox().on_knock = [this](std::string_view connector) { poller_->knock(connector); };
}

void Gateway::add_rates(const FxSettings& settings) {
    net::HttpClientConfig config;
    config.ca_file = settings.ca;
    rates_client_ = value_or_throw(net::make_http_client(config));
    fetcher_.emplace(loop_.executor(),
                     FetchParts{.database = *database_,
                                .clock = clock_,
                                .client = *rates_client_,
                                .blocking = commands_.get_executor(),
                                .jump_limit_bps = settings.jump_limit_bps},
                     settings,
                     rates_,
                     [this] { asio::post(commands_, [this] { rates_changed(); }); });
    metrics_.add(fetcher_->metrics());
    metrics_.add(revaluation_metrics());
    revaluer_.emplace(loop_.executor(),
                      commands_.get_executor(),
                      RevaluationDesk{.database = *database_,
                                      .journal = journal_,
                                      .clock = clock_,
                                      .ids = ids_,
                                      .settings = &settings});
    metrics_.add(revaluer_->metrics());
}

Result<void> Gateway::load_rates() {
    return load_rate_book(*database_, sources_of(&settings_.fx), day_of(clock_.now()), rates_);
}

void Gateway::rates_changed() {
    const Result<void> loaded = load_rates();
    if (!loaded) log(LogLevel::error, "rates_not_loaded", {{"why", loaded.error().detail()}});
}

void Gateway::add_webhooks(const WebhookSettings& settings) {
    webhook_sender_ = value_or_throw(make_http_sender({.allow_private = settings.allow_private,
                                                       .ca_file = settings.ca,
                                                       .answer_max = settings.answer_max}));
    DispatcherLimits limits;
    limits.room.at_once = settings.at_once;
    dispatcher_.emplace(loop_.executor(),
                        DispatcherParts{.database = *database_,
                                        .readers = readers_,
                                        .clock = clock_,
                                        .entropy = entropy_,
                                        .ids = ids_,
                                        .vault = vault_,
                                        .sender = *webhook_sender_},
                        limits);
    webhook_desk_.allow_private = settings.allow_private;
    webhook_desk_.wake = [this] { dispatcher_->wake(); };
    // On a server other processes may be sending at this moment: their leases run out by
    // themselves.
    if (!database_->is_shared()) (void)value_or_throw(recover_deliveries(*database_, clock_));
}

void Gateway::add_connectors(const Settings& settings) {
    const connectors::Surroundings world{.executor = loop_.executor(),
                                         .clock = clock_,
                                         .entropy = entropy_,
                                         .sleep = connectors::real_sleep(),
                                         .report = report};
    for (const ConnectorSettings& one : settings.connectors) {
        ConnectorEntry entry;
        entry.connector = one.make(world);
        entry.cost = {.interchange_bps = one.interchange_bps,
                      .scheme_bps = one.scheme_bps,
                      .markup_bps = one.markup_bps};
        entry.receipts = one.receipts;
        entry.lease = one.common.answer_max * 2 + std::chrono::seconds(10);
        connectors_.add(std::move(entry));
    }
    connectors_.set_routing(settings.routing, settings.health);
}

Workshop Gateway::workshop(const Settings& settings) {
    return Workshop{
        .journal = journal_,
        .clock = clock_,
        .ids = ids_,
        .vault = vault_,
        .cvcs = cvcs_,
        .connectors = connectors_,
        .quotes = {.rates = rates_, .clock = clock_, .ids = ids_, .corridors = corridors_},
        .sequences = *sequences_,
        .dispute_fees = settings.dispute_fees,
        .public_url = public_url_of(settings.listen),
        .instance = instance_ ? &*instance_ : nullptr,
        .compare_kept = compare_kept_notices};
}

// Several processes share the database: from now on this one beats.
void Gateway::join(const Settings& settings) {
    instance_.emplace(
        loop_.executor(), *database_, clock_, ids_.next(), LeaseTimes(settings.cluster.lease));
    InstanceHooks hooks;
    hooks.take_over = [this](ledger::Transaction& tx) -> Result<std::int64_t> {
        const Result<Recovered> taken = take_over(tx, service_->shop());
        if (!taken) return taken.error();
        return taken->operations + taken->requests;
    };
    hooks.on_work = [this] { janitor_->wake(); };
    hooks.on_lost = [] {
        end_log();
        std::_Exit(ledger::FailStop::kExitStatus);
    };
    const Result<void> joined = instance_->join(std::move(hooks));
    if (!joined) throw std::runtime_error(joined.error().detail());
    log(LogLevel::info, "joined", {{"instance", to_text(instance_->id())}});
}

ApiContext Gateway::api_context() {
    return ApiContext{.database = *database_,
                      .readers = readers_,
                      .service = *service_,
                      .keys = *keys_,
                      .cvcs = cvcs_,
                      .webhooks = webhook_desk_,
                      .limits = &limits_,
                      .metrics = &metrics_,
                      .rate_sources = sources_of(&settings_.fx)};
}

HttpHooks Gateway::api_hooks() {
    return HttpHooks{
        .handler = [this](net::HttpRequest request) { return api_->handle(std::move(request)); },
        .on_error = [this](ProtocolError error) { return api_->protocol_error(error); },
        .on_bug =
            [](std::string_view what) {
                log(LogLevel::error, "bug", {{"what", what}});
            }};
}

HttpHooks Gateway::admin_hooks() {
    return HttpHooks{
        .handler = [this](net::HttpRequest request) { return admin(std::move(request)); },
        .on_error = [](ProtocolError error) { return problem_response(error, ""); },
        .on_bug =
            [](std::string_view what) {
                log(LogLevel::error, "bug", {{"what", what}});
            }};
}

Readiness Gateway::readiness(ledger::Transaction& snapshot) const {
    // One provider of several that is down is a warning; with none there is nothing to serve.
    Readiness found{.ready = connectors_.all().empty(), .report = "database: ok\n"};
    for (const ConnectorEntry& entry : connectors_.all()) {
        const bool up = entry.connector->ready();
        found.ready = found.ready || up;
        found.report += "connector " + entry.connector->capability().name +
                        (up ? ": ok\n" : ": not connected\n");
    }
    // Old rates stop conversions, not the payments that need none: a warning, no 503.
    found.report += rates_report(rates_, settings_.fx, day_of(clock_.now()));
    const Result<OperationCounts> counts = count_operations(snapshot);
    if (!counts) return {.ready = false, .report = "database: cannot be read\n"};
    if (counts->in_doubt > 0) {
        found.report += "operations: " + doubt_text(*counts, clock_.now()) + " (warning)\n";
    }
    const Result<std::string> apart = receipts_report(snapshot, clock_.now());
    if (!apart) return {.ready = false, .report = "database: cannot be read\n"};
    found.report += *apart;
    if (!signer_) found.report += "signing key: none (warning: no heads are made)\n";
    return found;
}

CommandOutput Gateway::run_locally(const CommandRequest& request) {
    CommandContext context{.database = *database_,
                           .journal = journal_,
                           .clock = clock_,
                           .entropy = entropy_,
                           .ids = ids_};
    context.vault = &vault_;
    context.rates_changed = [this] { rates_changed(); };
    context.keys_changed = [this] { keys_->forget(); };
    context.connectors = &connectors_;
    context.settings = &settings_;
    context.shop = &service_->shop();
    context.work_left = [this] { janitor_->wake(); };
    // A developer's `listen` asks twice a second.
    if (request.name != "events after") log(LogLevel::info, "command", {{"name", request.name}});
    return run_command(context, request);
}

asio::awaitable<net::HttpResponse> Gateway::admin(net::HttpRequest request) {
    const Result<CommandRequest> command = decode_request(request.body);
    net::HttpResponse response;
    response.status = 200;
    if (!command) {
        response.body = encode(failed(command.error()));
        co_return response;
    }
    const asio::any_io_executor back = co_await asio::this_coro::executor;
    // Nobody else waits while a large database is copied.
    asio::thread_pool& pool = command->name == "db backup" ? backups_ : commands_;
    co_await asio::post(asio::bind_executor(pool, asio::use_awaitable));
    CommandOutput output = run_locally(*command);
    if (output.pieces || output.work) {
        response.more = body_of(std::move(output), commands_.get_executor());
    } else {
        response.body = encode(output);
    }
    co_await asio::post(asio::bind_executor(back, asio::use_awaitable));
    co_return response;
}

// Where rates may be imported by another process, which has no way to tell us.
asio::awaitable<void> Gateway::reload_rates() {
    asio::steady_timer timer(loop_.executor());
    for (;;) {
        timer.expires_after(kRatesPause);
        co_await timer.async_wait(asio::use_awaitable);
        co_await asio::post(asio::bind_executor(commands_, asio::use_awaitable));
        rates_changed();
    }
}

void Gateway::start() {
    if (database_->is_shared()) {
        asio::co_spawn(loop_.executor(), reload_rates(), asio::detached);
    }
    for (const ConnectorEntry& entry : connectors_.all())
        entry.connector->start();
    if (instance_) instance_->start();
    janitor_->start();
    poller_->start();
    dispatcher_->start();
    fetcher_->start();
    if (revaluer_) revaluer_->start();
    if (admin_socket_) admin_socket_->start();
    https_.start();
}

bool Gateway::stop() {
    log(LogLevel::info, "draining");
    bool whole = https_.drain(kDrainMax);
    whole = (!admin_socket_ || admin_socket_->drain(kDrainMax)) && whole;
    whole = janitor_->stop(kDrainMax) && whole;
    whole = poller_->stop(kDrainMax) && whole;
    whole = dispatcher_->stop(kDrainMax) && whole;
    whole = fetcher_->stop(kDrainMax) && whole;
    whole = (!revaluer_ || revaluer_->stop(kDrainMax)) && whole;
    // What was left behind is taken over when the lease has run out.
    if (instance_) instance_->stop(whole);
    for (const ConnectorEntry& entry : connectors_.all()) {
        const std::future<void> stopped =
            asio::co_spawn(loop_.executor(), entry.connector->stop(), asio::use_future);
        whole = stopped.wait_for(kDrainMax) == std::future_status::ready && whole;
    }
    if (!whole) return false;
    commands_.join();
    backups_.join();
    readers_.join();
    loop_.stop();
    return true;
}

int run_until_signal(const Settings& settings) {
    asio::io_context io(1);
    asio::signal_set stop_signals(io, SIGINT, SIGTERM);
    Gateway gateway(settings);
    gateway.start();
    const std::string address =
        "https://" + settings.listen.address + ":" + std::to_string(gateway.port());
    log(LogLevel::info, "listening", {{"address", address}});
    std::cout << "listening " << address << std::endl;
    stop_signals.async_wait([](const boost::system::error_code&, int) {});
    io.run();
    if (gateway.stop()) return kExitOk;
    // Something still waits for a provider and holds on to parts of the gateway. All that was
    // answered is durable, and the next start takes the rest up: leave without taking apart what
    // is still in use.
    log(LogLevel::warning, "drain_cut_off");
    end_log();
    std::_Exit(kExitOk);
}

}  // namespace

Result<std::string> admin_socket_path(const std::string& database_url) {
    Result<std::string> path = ledger::sqlite_path(database_url);
    if (!path) return path;
    return *path + ".admin.sock";
}

int serve(const Settings& settings) {
    start_log();
    check_descriptors(settings.listen);
    if (!tls_buffers_are_off_the_heap()) log(LogLevel::warning, "tls_buffers_on_the_heap");
    int exit_code = kExitEnvironment;
    try {
        exit_code = run_until_signal(settings);
    } catch (const std::exception& error) {
        log(LogLevel::error, "cannot_start", {{"why", error.what()}});
    }
    log(LogLevel::info, "stopped");
    end_log();
    return exit_code;
}

}  // namespace causeway::gateway
