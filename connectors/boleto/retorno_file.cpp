// SPDX-License-Identifier: Apache-2.0
#include "connectors/boleto/retorno_file.h"

#include "connectors/boleto/cnab/retorno.h"
#include "connectors/boleto/cnab/text.h"
#include "connectors/boleto/instrument.h"
#include "connectors/boleto/remessa_file.h"
#include "connectors/pix/br_code.h"

#include <algorithm>
#include <array>
#include <limits>
#include <unordered_map>

namespace causeway::connectors::boleto {
namespace {

using cnab::Event;
using cnab::EventClass;

constexpr std::size_t kChunk = 65'536;
constexpr std::string_view kEntry = "02";  // At each of the three banks.
// More than any bank pays by one boleto: what is summed below can not overflow.
constexpr std::int64_t kAmountMax = std::numeric_limits<std::int64_t>::max() / 4;

Error broken(std::string_view what) {
    return Error(ErrorCode::invalid_argument, std::string(what));
}

struct EntryRefusal {
    Bank bank;
    std::string_view occurrence;
};

// Of the occurrences that are rejections, those of a registration.
constexpr std::array<EntryRefusal, 5> kEntryRefusals{{
    {Bank::banco_do_brasil, "03"},
    {Bank::itau, "03"},
    {Bank::itau, "60"},
    {Bank::bradesco, "03"},
    {Bank::bradesco, "24"},
}};

bool refuses_entry(Bank bank, const Event& event) {
    return std::ranges::any_of(kEntryRefusals, [&](const EntryRefusal& row) {
        return row.bank == bank && row.occurrence == event.occurrence;
    });
}

std::int64_t kept_by_bank(const Event& event) {
    return event.tariff_minor_units + event.other_expenses_minor_units;
}

// What the payer gave. Where the bank says it, that; else what was credited and what was kept.
std::int64_t amount_of(const Event& event) {
    const std::int64_t paid = event.paid_minor_units.value_or(0);
    if (paid > 0) return paid;
    const std::int64_t credited = event.credited_minor_units.value_or(0);
    return credited > 0 ? credited + event.tariff_minor_units : 0;
}

// A code that nobody can read is no code: the boleto exists without.
bool brings_pix_code(const Event& event) {
    return event.pix && pix::read_br_code(event.pix->copy_and_paste);
}

NoticeKind kind_of(Bank bank, const Event& event) {
    switch (event.event_class) {
        case EventClass::paid:
        case EventClass::unmatched: return NoticeKind::received;
        // The credit is elsewhere, and a line that does not say how much it was is only news.
        case EventClass::paid_by_pix:
            return amount_of(event) > 0 ? NoticeKind::received : NoticeKind::told;
        case EventClass::written_off: return NoticeKind::instrument_ended;
        case EventClass::reversed: return NoticeKind::receipt_returned;
        case EventClass::fee:
            return event.tariff_minor_units + event.other_expenses_minor_units > 0
                       ? NoticeKind::charged
                       : NoticeKind::told;
        case EventClass::registered:
            return brings_pix_code(event) ? NoticeKind::instrument_completed : NoticeKind::told;
        case EventClass::rejected:
            return refuses_entry(bank, event) ? NoticeKind::instrument_refused : NoticeKind::told;
        default: return NoticeKind::told;
    }
}

void add_code(std::string& text, std::string_view code, std::string_view meaning) {
    text.append(text.empty() ? "" : "; ").append(code);
    if (!meaning.empty()) text.append(" ").append(meaning);
}

std::string reason_of(const Event& event) {
    std::string text;
    add_code(text,
             event.occurrence,
             event.occurrence_text.empty() ? "a code we do not know" : event.occurrence_text);
    for (const cnab::Reason& reason : event.reasons)
        add_code(text, reason.code, reason.text);
    if (!event.pix) return text;
    if (!event.pix->error.empty()) add_code(text, event.pix->error, event.pix->error_text);
    if (!event.pix->copy_and_paste.empty()) add_code(text, "Pix", event.pix->copy_and_paste);
    if (!event.pix->url.empty()) add_code(text, "Pix at", event.pix->url);
    if (!event.pix->txid.empty()) add_code(text, "txid", event.pix->txid);
    return text;
}

// Banco do Brasil's eleven digits carry their check digit.
std::string number_of(const BoletoConfig& config, const Event& event) {
    if (config.at.bank != Bank::banco_do_brasil) return event.our_number;
    return event.our_number.substr(0, config.at.agreement.size() + number_size(config.at));
}

// A number is a title's name within its wallet, and an account may have several.
std::string reference_of(const BoletoConfig& config, const Event& event) {
    const std::string number = number_of(config, event);
    if (cnab::without_leading_zeros(number).empty()) return "unmatched";
    const bool other =
        !event.wallet.empty() && event.wallet != cnab::without_leading_zeros(config.at.wallet);
    return other ? event.wallet + "/" + number : number;
}

std::optional<Day> day_in(const std::optional<cnab::Date>& date) {
    if (!date || !date->ok()) return std::nullopt;
    return Day(*date);
}

std::string id_of(const BoletoConfig& config, const FileIdentity& file, const Event& event) {
    const Day day = day_in(event.occurred_on).value_or(file.made_on);
    return std::string(rules_of(config.at.bank).code) + "/" + std::to_string(file.sequence) + "/" +
           to_text(day) + "/" + event.our_number + "/" + event.occurrence;
}

// Only Itau has an occurrence of its own for what was paid by Pix, Banco do Brasil a reason.
std::string way_of(const BoletoConfig& config, const Event& event) {
    if (event.event_class == EventClass::paid_by_pix) return "pix";
    if (config.at.bank == Bank::banco_do_brasil && event.channel == "61") return "pix";
    const bool told = !config.hybrid || config.at.bank == Bank::itau;
    return told ? "boleto" : "";
}

Result<void> put_money(const BoletoConfig& config,
                       const FileIdentity& file,
                       const Event& event,
                       Notice& notice) {
    const std::int64_t amount =
        notice.kind == NoticeKind::charged ? kept_by_bank(event) : amount_of(event);
    if (amount > 0) notice.amount = ledger::Money(amount, brl());
    if (notice.kind == NoticeKind::received && amount == 0) {
        return broken("a payment of nothing");
    }
    const std::optional<Day> occurred = day_in(event.occurred_on);
    if (!occurred && notice.kind == NoticeKind::received) return broken("a payment on no day");
    notice.receipt = Receipt{.identity = {},
                             .channel = "retorno",
                             .way = way_of(config, event),
                             .paid_on = occurred.value_or(file.made_on),
                             .credited_on = day_in(event.credit_on),
                             .cost = ledger::Money(kept_by_bank(event), brl())};
    return {};
}

bool has_sane_amounts(const Event& event) {
    const auto sane = [](std::int64_t amount) { return amount >= 0 && amount <= kAmountMax; };
    return sane(event.tariff_minor_units) && sane(event.other_expenses_minor_units) &&
           sane(event.paid_minor_units.value_or(0)) && sane(event.credited_minor_units.value_or(0));
}

bool differs(std::string_view told, std::string_view ours) {
    return !told.empty() && !ours.empty() &&
           cnab::without_leading_zeros(told) != cnab::without_leading_zeros(ours);
}

bool is_of_another(const cnab::Beneficiary& told, const cnab::Beneficiary& ours) {
    return differs(told.branch, ours.branch) || differs(told.account, ours.account) ||
           differs(told.agreement, ours.agreement) || differs(told.company_code, ours.company_code);
}

class Reading final : public cnab::RetornoSink {
  public:
    Reading(const BoletoConfig& config, const FileSink& sink) : config_(config), sink_(sink) {}

    void on_header(const cnab::FileHeader& header) override {
        foreign_ = is_of_another(header.beneficiary, file_beneficiary(config_));
        file_.sequence = header.sequence;
        file_.made_on = day_in(header.generated_on).value_or(Day());
        if (foreign_) return;
        const BankAccount& at = config_.at;
        sink_.header({.sequence = header.sequence,
                      .made_on = day_in(header.generated_on),
                      .what = std::string(rules_of(at.bank).name) + " " +
                              std::string(cnab::layout_of(header.layout).name) +
                              " retorno, account " + at.branch + "/" + at.account});
    }
    void on_event(const Event& event) override {
        if (foreign_) return;
        Result<std::vector<Notice>> notices = notices_of(config_, file_, event);
        if (!notices) {
            return sink_.fault(
                {.line = event.line, .column = 0, .field = {}, .reason = notices.error().detail()});
        }
        for (Notice& notice : *notices) {
            notice.id += "/" + std::to_string(++alike_[notice.id]);
            sink_.notice(event.line, std::move(notice));
        }
    }
    void on_row_error(const cnab::RowError& error) override {
        if (foreign_) return;
        sink_.fault({.line = error.line,
                     .column = error.column,
                     .field = error.field,
                     .reason = error.reason});
    }
    [[nodiscard]] bool foreign() const noexcept { return foreign_; }

  private:
    const BoletoConfig& config_;
    const FileSink& sink_;
    FileIdentity file_;
    // How many lines of the file say the same of one title. Not the line's number: in a corrected
    // file it may be another.
    std::unordered_map<std::string, int> alike_;
    bool foreign_ = false;
};

// What stands beside the entry of a title; only the one code is known to have a tariff of its own.
Notice entry_tariff(const Event& event, const Notice& entry) {
    Notice tariff = entry;
    tariff.kind = NoticeKind::charged;
    tariff.id += "/tarifa";
    tariff.answer = {};
    tariff.amount = ledger::Money(kept_by_bank(event), brl());
    tariff.receipt = Receipt{.identity = {},
                             .channel = "retorno: entrada",
                             .way = {},
                             .paid_on = day_in(event.occurred_on).value_or(Day()),
                             .credited_on = std::nullopt,
                             .cost = std::nullopt};
    return tariff;
}

Result<Notice> notice_of(const BoletoConfig& config, const FileIdentity& file, const Event& event) {
    Notice notice;
    notice.kind = kind_of(config.at.bank, event);
    notice.id = id_of(config, file, event);
    notice.reference = reference_of(config, event);
    notice.reason = reason_of(event);
    switch (notice.kind) {
        case NoticeKind::received:
        case NoticeKind::receipt_returned:
        case NoticeKind::charged:
            if (const Result<void> put = put_money(config, file, event, notice); !put) {
                return put.error();
            }
            break;
        case NoticeKind::instrument_refused:
            notice.answer.decline = Decline::not_allowed;
            notice.answer.response_code = notice.reason;
            break;
        case NoticeKind::instrument_completed:
            notice.answer.instrument =
                Instrument{.action = std::string(kBoletoAction),
                           .details = {{std::string(kPixCodeDetail), event.pix->copy_and_paste}}};
            break;
        default: break;
    }
    return notice;
}

}  // namespace

Result<std::vector<Notice>> notices_of(const BoletoConfig& config,
                                       const FileIdentity& file,
                                       const Event& event) {
    if (!has_sane_amounts(event)) return broken("an amount that no boleto has");
    Result<Notice> notice = notice_of(config, file, event);
    if (!notice) return notice.error();
    std::vector<Notice> notices{*std::move(notice)};
    if (event.occurrence == kEntry && kept_by_bank(event) > 0) {
        notices.push_back(entry_tariff(event, notices.front()));
    }
    return notices;
}

Result<void> read_retorno_file(const BoletoConfig& config,
                               std::string_view bytes,
                               const FileSink& sink) {
    Reading reading(config, sink);
    cnab::RetornoReader reader(cnab::layout_of(layout_of(config.at.bank)), reading);
    std::int64_t done = 0;
    for (std::size_t at = 0; at < bytes.size(); at += kChunk) {
        const std::string_view chunk = bytes.substr(at, kChunk);
        if (!reader.feed(chunk) || reading.foreign()) break;
        done += static_cast<std::int64_t>(chunk.size());
        if (sink.progress) sink.progress(done);
    }
    const cnab::RetornoSummary summary = reader.finish();
    if (reading.foreign()) return broken("a retorno of another account or contract");
    if (summary.error) return broken(cnab::to_text(*summary.error));
    return {};
}

}  // namespace causeway::connectors::boleto
