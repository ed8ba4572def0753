// SPDX-License-Identifier: Apache-2.0
//
// Pix as a payment method: charges at one provider by the API Pix, or codes to print.
//
// A charge at once is a cob, one with a due date a cobv, a reusable one a static code that the
// provider never hears of. Webhooks carry no signature here, so they are a knock and no more: what
// was paid is asked for over our own connection. A Pix is told apart by its EndToEndId wherever it
// is told of.
#pragma once

#include "connectors/connector.h"
#include "connectors/pix/api.h"
#include "connectors/pix/br_code.h"
#include "connectors/pix/older_returns.h"
#include "connectors/registry.h"

#include <boost/asio/any_io_executor.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace causeway::connectors::pix {

struct PixConfig {
    CommonSettings common;
    PixApiConfig api;
    net::HttpClientConfig client;
    std::string key;  ///< Ours, of the account that is paid.
    CodeMerchant merchant;
    std::string webhook_url;  ///< Told to the provider at the start; empty: nobody is told.
    std::chrono::seconds open_for{3'600};
    std::int64_t days_after_due = 30;  ///< How long a cobv may still be paid.
    std::chrono::seconds poll_pause{60};
    std::chrono::seconds overlap{300};  ///< Of two windows: a provider lists a Pix late.
};

class PixConnector final : public Connector,
                           private Inquiry,
                           private Collecting,
                           private Polling,
                           private NoticeReader {
  public:
    /// Throws std::invalid_argument for a key that is none.
    PixConnector(PixConfig config,
                 std::unique_ptr<net::HttpClient> client,
                 const Surroundings& world);

    void start() override;
    boost::asio::awaitable<void> stop() override;

    [[nodiscard]] const Capability& capability() const noexcept override { return capability_; }
    /// A txid that names the payment; see reference.h.
    [[nodiscard]] std::string make_reference(std::int64_t sequence,
                                             Timestamp now,
                                             const Operation& operation) const override;
    /// Errors: `invalid_argument`: no card is charged by Pix.
    [[nodiscard]] Result<OperationKind> first_operation(const Card& card,
                                                        bool capture_now) const override;
    boost::asio::awaitable<Result<Answer>> perform(Operation operation) override;
    /// Of a charge its txid; of a refund the EndToEndId and our id of it.
    [[nodiscard]] StatementKey statement_key(const Operation& operation) const override;
    [[nodiscard]] bool ready() const noexcept override { return reachable_; }

    [[nodiscard]] Inquiry* inquiry() noexcept override { return this; }
    [[nodiscard]] const NoticeReader* notices() const noexcept override { return this; }
    [[nodiscard]] const Collecting* collecting() const noexcept override { return this; }
    [[nodiscard]] Polling* polling() noexcept override { return this; }

  private:
    boost::asio::awaitable<Result<Finding>> find(Operation operation) override;
    [[nodiscard]] CollectionTerms agree(const CollectionWish& wish,
                                        const Payer& payer,
                                        ledger::Money amount,
                                        Timestamp now,
                                        std::vector<FieldFault>& faults) const override;
    [[nodiscard]] Day last_day(const CollectionTerms& terms) const noexcept override;
    [[nodiscard]] CollectionTerms terms_on(const CollectionTerms& terms,
                                           Day paid_on) const override;
    [[nodiscard]] std::vector<std::string> formats(const Instrument& /*shown*/) const override {
        return {"qr.png", "qr.svg"};
    }
    [[nodiscard]] Result<Rendered> render(const DocumentRequest& request,
                                          std::string_view format) const override;
    boost::asio::awaitable<Result<Told>> poll(std::string cursor) override;
    [[nodiscard]] std::chrono::seconds pause() const noexcept override {
        return config_.poll_pause;
    }
    [[nodiscard]] Result<std::vector<Notice>> read(const NoticeInput& input) const override;

    boost::asio::awaitable<void> tell_webhook();
    boost::asio::awaitable<std::vector<Notice>> ask_named();
    boost::asio::awaitable<Result<std::vector<ReceivedPix>>> list_all(PixQuery query);
    boost::asio::awaitable<std::vector<Notice>> list_returned(Timestamp now);
    boost::asio::awaitable<Result<Answer>> collect(Operation operation);
    boost::asio::awaitable<Result<Answer>> collect_now(Operation operation);
    boost::asio::awaitable<Result<Answer>> collect_by_date(Operation operation);
    boost::asio::awaitable<Result<Answer>> withdraw(Operation operation);
    boost::asio::awaitable<Result<Answer>> refund(Operation operation);
    [[nodiscard]] Result<Answer> issued(const Operation& operation,
                                        const ChargeRecord& record,
                                        std::optional<std::int64_t> amount) const;
    [[nodiscard]] Result<Answer> static_code(const Operation& operation) const;
    template <class T>
    Result<T> seen(Result<T> result);

    const PixConfig config_;
    const PixKey key_;
    const Capability capability_;
    const boost::asio::any_io_executor executor_;
    const Clock& clock_;
    const std::function<void(std::string_view, std::string_view, std::string_view)> report_;
    const std::unique_ptr<net::HttpClient> client_;
    PixApi api_;
    std::atomic<bool> reachable_ = true;
    mutable OlderReturns older_returns_;
};

}  // namespace causeway::connectors::pix
