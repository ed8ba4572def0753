// SPDX-License-Identifier: Apache-2.0
#include "gateway/reconcile/adyen_reader.h"

#include "gateway/cli/text_table.h"
#include "gateway/reconcile/statement_time.h"
#include "ledger/csv.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <optional>
#include <string>
#include <utility>

namespace causeway::gateway {
namespace {

using ledger::CsvReader;
using ledger::CsvRow;
using ledger::Currency;
using ledger::Money;

// The columns of every such report. Those of the first four, which are not read, prove the layout.
using Column = std::size_t;
[[maybe_unused]] constexpr std::size_t kCompanyAccount = 0;
[[maybe_unused]] constexpr std::size_t kMerchantAccount = 1;
[[maybe_unused]] constexpr std::size_t kMerchantReference = 2;
[[maybe_unused]] constexpr std::size_t kPaymentMethod = 3;
constexpr std::size_t kExchangeRate = 4;
constexpr std::size_t kPspReference = 5;
constexpr std::size_t kCreationDate = 6;
constexpr std::size_t kTimeZone = 7;
constexpr std::size_t kType = 8;
constexpr std::size_t kModificationReference = 9;
constexpr std::size_t kGrossCurrency = 10;
constexpr std::size_t kGrossDebit = 11;
constexpr std::size_t kGrossCredit = 12;
constexpr std::size_t kNetCurrency = 13;
constexpr std::size_t kNetDebit = 14;
constexpr std::size_t kNetCredit = 15;
constexpr std::size_t kCommission = 16;
constexpr std::size_t kMarkup = 17;
constexpr std::size_t kSchemeFees = 18;
constexpr std::size_t kInterchange = 19;
constexpr std::size_t kBatchNumber = 20;

constexpr std::array<std::string_view, 21> kNames{
    "Company Account",        "Merchant Account", "Merchant Reference",
    "Payment Method",         "Exchange Rate",    "Psp Reference",
    "Creation Date",          "TimeZone",         "Type",
    "Modification Reference", "Gross Currency",   "Gross Debit (GC)",
    "Gross Credit (GC)",      "Net Currency",     "Net Debit (NC)",
    "Net Credit (NC)",        "Commission (NC)",  "Markup (NC)",
    "Scheme Fees (NC)",       "Interchange (NC)", "Batch Number",
};

struct TypeRule {
    std::string_view name;
    LineKind kind;
    bool of_payment;  ///< Has references and a gross amount.
};

constexpr std::array kTypes{
    TypeRule{"Settled", LineKind::settled, true},
    TypeRule{"Refunded", LineKind::refunded, true},
    TypeRule{"Chargeback", LineKind::charged_back, true},
    TypeRule{"SecondChargeback", LineKind::charged_back, true},
    TypeRule{"ChargebackReversed", LineKind::chargeback_reversed, true},
    TypeRule{"RefundedReversed", LineKind::other, true},
    TypeRule{"Fee", LineKind::fee, false},
    TypeRule{"MiscCosts", LineKind::fee, false},
    TypeRule{"InvoiceDeduction", LineKind::fee, false},
    TypeRule{"DepositCorrection", LineKind::other, false},
    TypeRule{"Balancetransfer", LineKind::other, false},
    TypeRule{"MerchantPayout", LineKind::payout, false},
};

// What an API amount may be; sums of a few of them fit.
constexpr std::int64_t kMinorUnitsMax = 9'007'199'254'740'991;
constexpr std::size_t kReferenceLengthMax = 64;
constexpr std::size_t kShownLengthMax = 40;

Error error_at(std::int64_t line, std::string_view column, const std::string& what) {
    return Error(
        ErrorCode::invalid_argument,
        "line " + std::to_string(line) + ", column \"" + printable(column) + "\": " + what);
}

std::string shown(std::string_view cell) {
    return "\"" + printable(cell.substr(0, kShownLengthMax)) +
           (cell.size() > kShownLengthMax ? "...\"" : "\"");
}

using Places = std::array<std::size_t, kNames.size()>;

Result<Places> find_columns(const CsvRow& header) {
    Places places{};
    for (std::size_t i = 0; i < kNames.size(); ++i) {
        std::size_t found = header.size();
        for (std::size_t column = 0; column < header.size(); ++column) {
            if (header[column] != kNames[i]) continue;
            if (found != header.size()) return error_at(1, kNames[i], "occurs twice");
            found = column;
        }
        if (found == header.size()) return error_at(1, kNames[i], "the column is missing");
        places[i] = found;
    }
    return places;
}

// One row and the meaning of its cells. The first wrong cell is remembered and ends the row.
class Cells {
  public:
    Cells(const CsvRow& row, const Places& places) : row_(row), places_(places) {}

    [[nodiscard]] std::string_view text(Column column) const { return row_[places_[column]]; }
    [[nodiscard]] bool failed() const { return error_.has_value(); }
    [[nodiscard]] const Error& error() const { return *error_; }

    void fail(Column column, const std::string& what) {
        if (!error_) error_ = error_at(row_.line(), kNames[column], what);
    }

    TypeRule type() {
        const std::string_view name = text(kType);
        for (const TypeRule& rule : kTypes)
            if (rule.name == name) return rule;
        fail(kType, "unknown type " + shown(name));
        return kTypes.front();
    }

    std::string reference(Column column, bool required) {
        const std::string_view cell = text(column);
        if (cell.empty() && required) fail(column, "is empty");
        const bool visible =
            std::all_of(cell.begin(), cell.end(), [](char c) { return c > ' ' && c <= '~'; });
        if (!visible || cell.size() > kReferenceLengthMax) {
            fail(column,
                 shown(cell) + " is not a reference of at most " +
                     std::to_string(kReferenceLengthMax) + " visible characters");
        }
        return std::string(cell);
    }

    std::optional<Currency> currency(Column column) {
        const Result<Currency> found = Currency::from_code(text(column));
        if (found) return *found;
        fail(column, "unknown currency " + shown(text(column)));
        return std::nullopt;
    }

    // None for an empty cell.
    std::optional<std::int64_t> amount(Column column, const Currency& currency) {
        const std::string_view cell = text(column);
        if (cell.empty()) return std::nullopt;
        const Result<Money> money = Money::parse(cell, currency);
        if (!money) {
            fail(column,
                 shown(cell) + " is not an amount with at most " +
                     std::to_string(currency.exponent()) + " decimals, as " +
                     std::string(currency.code()) + " has");
            return std::nullopt;
        }
        if (cell.front() == '-') fail(column, shown(cell) + " is negative");
        if (money->minor_units() > kMinorUnitsMax) fail(column, shown(cell) + " is too large");
        return money->minor_units();
    }

    // Credit less debit; none when both cells are empty.
    std::optional<std::int64_t> side(Column debit, Column credit, const Currency& currency) {
        const std::optional<std::int64_t> minus = amount(debit, currency);
        const std::optional<std::int64_t> plus = amount(credit, currency);
        if (minus.value_or(0) != 0 && plus.value_or(0) != 0) {
            fail(credit, "both debit and credit are set");
        }
        if (!minus && !plus) return std::nullopt;
        return plus.value_or(0) - minus.value_or(0);
    }

    // None for an empty cell.
    std::optional<fx::WrittenRate> rate(Column column) {
        const std::string_view cell = text(column);
        if (cell.empty()) return std::nullopt;
        const Result<fx::WrittenRate> rate = fx::parse_written_rate(cell);
        if (!rate) {
            fail(column, shown(cell) + " is not an exchange rate");
            return std::nullopt;
        }
        return *rate;
    }

    Day day() {
        const Result<std::chrono::sys_seconds> local = parse_local_time(text(kCreationDate));
        if (!local) {
            fail(kCreationDate, shown(text(kCreationDate)) + " " + local.error().detail());
            return {};
        }
        const Result<Day> day = utc_day(*local, text(kTimeZone));
        if (day) return *day;
        const bool zone = day.error().code() == ErrorCode::not_found;
        const Column column = zone ? kTimeZone : kCreationDate;
        fail(column, shown(text(column)) + " " + day.error().detail());
        return {};
    }

  private:
    const CsvRow& row_;
    const Places& places_;
    std::optional<Error> error_;
};

// The gross side. Rows that belong to no payment may leave it out; then it is the net.
Money read_gross(Cells& cells, const TypeRule& rule, const Money& net) {
    if (!rule.of_payment && cells.text(kGrossCurrency).empty()) return net;
    const std::optional<Currency> currency = cells.currency(kGrossCurrency);
    if (!currency) return net;
    const std::optional<std::int64_t> gross = cells.side(kGrossDebit, kGrossCredit, *currency);
    if (gross) return {*gross, *currency};
    if (rule.of_payment) cells.fail(kGrossCredit, "neither debit nor credit is set");
    return net;
}

Result<StatementLine> read_line(const CsvRow& row, const Places& places) {
    Cells cells(row, places);
    const TypeRule rule = cells.type();
    const std::optional<Currency> currency = cells.currency(kNetCurrency);
    if (!currency) return cells.error();
    const std::optional<std::int64_t> net = cells.side(kNetDebit, kNetCredit, *currency);
    if (!net) cells.fail(kNetCredit, "neither debit nor credit is set");
    StatementLine line{
        .row = row.line(),
        .batch = cells.reference(kBatchNumber, true),
        .provider_reference = cells.reference(kPspReference, rule.of_payment),
        .modification_reference = cells.reference(kModificationReference, rule.of_payment),
        .kind = rule.kind,
        .type = std::string(rule.name),
        .gross = Money(0, *currency),
        .net = Money(net.value_or(0), *currency),
        .day = cells.day(),
    };
    line.gross = read_gross(cells, rule, line.net);
    for (const Column fee : {kCommission, kMarkup, kSchemeFees, kInterchange})
        line.cost += cells.amount(fee, *currency).value_or(0);
    // Of a line in one currency the column says nothing, and some files leave it empty there.
    const bool converted = line.gross.currency() != line.net.currency();
    if (rule.of_payment && converted) line.rate = cells.rate(kExchangeRate);
    if (cells.failed()) return cells.error();
    return line;
}

}  // namespace

Result<std::vector<StatementLine>> read_adyen_settlement(std::string_view text) {
    CsvReader reader(text, {.refuse_cut = true});
    CsvRow header;
    const Result<bool> begun = reader.next(header);
    if (!begun) return begun.error();
    if (!*begun) return Error(ErrorCode::invalid_argument, "line 1: there is no header");
    const Result<Places> places = find_columns(header);
    if (!places) return places.error();

    std::vector<StatementLine> lines;
    CsvRow row;
    for (;;) {
        const Result<bool> more = reader.next(row);
        if (!more) return more.error();
        if (!*more) break;
        if (row.size() < header.size()) {
            return error_at(row.line(), header[row.size()], "the row ends before this column");
        }
        if (row.size() > header.size()) {
            return Error(ErrorCode::invalid_argument,
                         "line " + std::to_string(row.line()) + ": " + std::to_string(row.size()) +
                             " cells where the header has " + std::to_string(header.size()));
        }
        Result<StatementLine> line = read_line(row, *places);
        if (!line) return line.error();
        lines.push_back(std::move(*line));
    }
    if (!lines.empty()) return lines;
    return Error(ErrorCode::invalid_argument, "line 2: there are no rows, so nothing to check");
}

}  // namespace causeway::gateway
