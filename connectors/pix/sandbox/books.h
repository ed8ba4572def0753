// SPDX-License-Identifier: Apache-2.0
//
// What the sandbox provider believes of every charge, payment, refund and webhook, so that a test
// can hold it against what the gateway believes. In memory, and apart from the gateway's ledger on
// purpose: two sets of books that share code would agree on their mistakes.
#pragma once

#include "connectors/pix/br_code.h"
#include "connectors/pix/charge.h"
#include "connectors/pix/messages.h"
#include "ledger/clock.h"
#include "ledger/entropy.h"

#include <boost/json/object.hpp>

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace causeway::connectors::pix::sandbox {

/// What was asked for, or why not, as the API says it.
template <class T>
using Outcome = std::variant<T, Problem>;

/// "CobOperacaoInvalida", 400.
[[nodiscard]] Problem problem(std::string_view kind, int status, std::string_view detail);

struct BooksConfig {
    Ispb ispb = *Ispb::parse("99999004");
    /// The receiver's keys; charges on others are refused.
    std::vector<std::string> keys;
    Party receiver;
    CodeMerchant merchant;
    /// Host and path before a location's token, without scheme.
    std::string location_base;
};

/// A buyer pays. The code says what is paid where it says it; the rest is the buyer's.
struct Payment {
    std::string code;                    ///< Copy and paste; or
    std::string txid;                    ///< the charge itself.
    std::optional<std::int64_t> amount;  ///< Units: centavos. None: what is asked for.
    Ispb payer = *Ispb::parse("99999012");
    std::string note;
};

/// Threads: none of its own; one at a time. Lifetime: entropy outlives it.
class Books {
  public:
    Books(BooksConfig config, Entropy& entropy) : config_(std::move(config)), entropy_(entropy) {}

    [[nodiscard]] const BooksConfig& config() const { return config_; }

    Outcome<Cob> create_cob(const std::string& txid, const CobRequest& body, Timestamp now);
    Outcome<Cobv> create_cobv(const std::string& txid, const CobvRequest& body, Timestamp now);
    Outcome<Cob> revise(const std::string& txid, const CobRevision& body);
    Outcome<Cobv> revise(const std::string& txid, const CobvRevision& body);
    [[nodiscard]] Outcome<Cob> cob(const std::string& txid) const;
    [[nodiscard]] Outcome<Cobv> cobv(const std::string& txid) const;

    Location create_location(LocationKind kind, Timestamp now);
    [[nodiscard]] Outcome<Location> location(std::int64_t id) const;
    Outcome<Location> unlink(std::int64_t id);

    /// The JSON behind a location's token, to be signed.
    [[nodiscard]] Outcome<boost::json::object> payload(std::string_view token,
                                                       Timestamp now,
                                                       Day payment_day) const;

    Outcome<ReceivedPix> pay(const Payment& payment, Timestamp now);
    [[nodiscard]] Outcome<ReceivedPix> pix(const std::string& end_to_end_id) const;

    /// Asked for again under one id, it is the same refund.
    Outcome<Refund> refund(const std::string& end_to_end_id,
                           const std::string& id,
                           const RefundRequest& body,
                           Timestamp now);
    [[nodiscard]] Outcome<Refund> find_refund(const std::string& end_to_end_id,
                                              const std::string& id) const;
    /// Ends a refund that is in process. Gives the payment as it is then.
    Outcome<ReceivedPix> settle(const std::string& end_to_end_id,
                                const std::string& id,
                                bool done,
                                Timestamp now);
    /// The payer's provider takes it back, whole or in part: the procedure for fraud and faults.
    Outcome<ReceivedPix> take_back(const std::string& end_to_end_id,
                                   std::optional<std::int64_t> amount,
                                   RefundNature nature,
                                   Timestamp now);
    /// Payment and refund of those in process that were asked for until then.
    [[nodiscard]] std::vector<std::pair<std::string, std::string>> unsettled(Timestamp until) const;

    Outcome<Webhook> set_webhook(const std::string& key, const std::string& url, Timestamp now);
    [[nodiscard]] Outcome<Webhook> webhook(const std::string& key) const;
    bool delete_webhook(const std::string& key) { return webhooks_.erase(key) > 0; }

    [[nodiscard]] const std::map<std::string, Cob>& cobs() const { return cobs_; }
    [[nodiscard]] const std::map<std::string, Cobv>& cobvs() const { return cobvs_; }
    [[nodiscard]] const std::vector<ReceivedPix>& payments() const { return payments_; }

    /// {"cobs", "cobvs", "pix", "webhooks"}: everything as the API would tell it.
    [[nodiscard]] boost::json::object as_json() const;

  private:
    template <class Charge, class Revision>
    Outcome<Charge> revised(std::map<std::string, Charge>& charges,
                            const std::string& txid,
                            const Revision& body);
    [[nodiscard]] std::optional<Problem> check_new(const std::string& txid,
                                                   const ChargeTerms& terms) const;
    std::optional<Problem> place(const std::string& txid,
                                 ChargeTerms& terms,
                                 LocationKind kind,
                                 Timestamp now);
    void fill(ChargeRecord& record, const std::string& txid, const Location& at, Timestamp now);
    [[nodiscard]] ReceivedPix received(const Payment& payment,
                                       std::string txid,
                                       std::string key,
                                       std::int64_t amount,
                                       Timestamp now);
    Outcome<ReceivedPix> pay_charge(const Payment& payment, const std::string& txid, Timestamp now);
    Outcome<ReceivedPix> pay_static(const Payment& payment, const StaticCode& code, Timestamp now);
    [[nodiscard]] const Location* find_location(std::string_view url) const;
    [[nodiscard]] ReceivedPix* find_pix(const std::string& end_to_end_id);

    BooksConfig config_;
    Entropy& entropy_;
    std::map<std::string, Cob> cobs_;
    std::map<std::string, Cobv> cobvs_;
    std::map<std::int64_t, Location> locations_;
    std::vector<ReceivedPix> payments_;  ///< In the order of their arrival.
    std::map<std::string, Webhook> webhooks_;
};

}  // namespace causeway::connectors::pix::sandbox
