// SPDX-License-Identifier: Apache-2.0
//
// Boletos of one account at a Brazilian bank, registered by its interface or by its files.
//
// The nosso número is the reference: the bank's name for the boleto, in the barcode and in every
// file. A withdrawal takes a number of its own out of the sequence, which no boleto gets.
#pragma once

#include "connectors/boleto/bank_link.h"
#include "connectors/boleto/bank_notices.h"
#include "connectors/boleto/config.h"
#include "connectors/connector.h"
#include "connectors/registry.h"

#include <functional>
#include <memory>

namespace causeway::connectors::boleto {

class BoletoConnector final : public Connector,
                              private Inquiry,
                              private Collecting,
                              private FileExchange {
  public:
    /// Throws std::runtime_error when a certificate or a key cannot be read.
    BoletoConnector(BoletoConfig config, const Surroundings& world);

    [[nodiscard]] const Capability& capability() const noexcept override { return capability_; }
    /// The nosso número of a boleto; when the range has none left a text that perform() refuses.
    [[nodiscard]] std::string make_reference(std::int64_t sequence,
                                             Timestamp now,
                                             const Operation& operation) const override;
    [[nodiscard]] Result<OperationKind> first_operation(const Card& card,
                                                        bool capture_now) const override;
    boost::asio::awaitable<Result<Answer>> perform(Operation operation) override;
    [[nodiscard]] StatementKey statement_key(const Operation& operation) const override;
    [[nodiscard]] bool ready() const noexcept override { return true; }

    [[nodiscard]] Inquiry* inquiry() noexcept override { return link_ ? this : nullptr; }
    [[nodiscard]] const NoticeReader* notices() const noexcept override { return reader_.get(); }
    [[nodiscard]] const Collecting* collecting() const noexcept override { return this; }
    [[nodiscard]] const FileExchange* files() const noexcept override { return this; }

  private:
    boost::asio::awaitable<Result<Finding>> find(Operation operation) override;

    [[nodiscard]] CollectionTerms agree(const CollectionWish& wish,
                                        const connectors::Payer& payer,
                                        ledger::Money amount,
                                        Timestamp now,
                                        std::vector<FieldFault>& faults) const override;
    [[nodiscard]] Day last_day(const CollectionTerms& terms) const noexcept override {
        return last_day_of(terms);
    }
    [[nodiscard]] CollectionTerms terms_on(const CollectionTerms& terms,
                                           Day paid_on) const override {
        return boleto::terms_on(terms, paid_on);
    }
    [[nodiscard]] std::vector<std::string> formats(const Instrument& shown) const override;
    [[nodiscard]] Result<Rendered> render(const DocumentRequest& request,
                                          std::string_view format) const override;
    [[nodiscard]] bool withdraws_when_paid() const noexcept override { return config_.hybrid; }

    [[nodiscard]] std::string_view partner() const noexcept override {
        return rules_of(config_.at.bank).key;
    }
    [[nodiscard]] bool carries(OperationKind kind) const noexcept override;
    [[nodiscard]] Result<WrittenFile> write(const FileOrder& order) const override;
    [[nodiscard]] Result<void> read(std::string_view bytes, const FileSink& sink) const override;

    [[nodiscard]] Result<void> check(const Operation& operation) const;
    [[nodiscard]] Result<Answer> put_on_file(const Operation& operation) const;

    const BoletoConfig config_;
    const Capability capability_;
    const Clock& clock_;
    const BankLink::Report report_;
    std::unique_ptr<BankLink> link_;  ///< Null where boletos go by file.
    std::unique_ptr<BankNoticeReader> reader_;
};

}  // namespace causeway::connectors::boleto
