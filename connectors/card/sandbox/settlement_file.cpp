// SPDX-License-Identifier: Apache-2.0
#include "connectors/card/sandbox/settlement_file.h"

#include "connectors/card/card_number.h"
#include "connectors/card/conversion.h"
#include "connectors/card/sandbox/settling.h"
#include "ledger/csv.h"
#include "ledger/money.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <map>
#include <optional>
#include <string_view>
#include <tuple>
#include <unistd.h>
#include <vector>

namespace causeway::connectors::card::sandbox {
namespace {

using ledger::Money;
using ledger::Rounding;

constexpr std::string_view kColumns[] = {
    "Company Account",
    "Merchant Account",
    "Psp Reference",
    "Merchant Reference",
    "Payment Method",
    "Creation Date",
    "TimeZone",
    "Type",
    "Modification Reference",
    "Gross Currency",
    "Gross Debit (GC)",
    "Gross Credit (GC)",
    "Exchange Rate",
    "Net Currency",
    "Net Debit (NC)",
    "Net Credit (NC)",
    "Commission (NC)",
    "Markup (NC)",
    "Scheme Fees (NC)",
    "Interchange (NC)",
    "Payment Method Variant",
    "Modification Merchant Reference",
    "Batch Number",
};
constexpr std::string_view kCompany = "CausewaySandbox";

// One row but for what it has in common with the others. Signed: what the merchant gets.
struct Row {
    const Transaction* transaction;
    std::string_view type;
    std::int64_t number;  ///< Of the movement in the books: the order within one second.
    Timestamp sent;
    std::string modification;
    std::string reference;
    std::int64_t gross;
    std::optional<Settling> settling;
};

struct Costs {
    std::int64_t commission = 0;
    std::int64_t markup = 0;
    std::int64_t scheme = 0;
    std::int64_t interchange = 0;
};

struct Side {
    std::string_view forwards;   ///< The type of the movement itself
    std::string_view backwards;  ///< and of what takes it back on a later day.
    std::int64_t sign;
};

constexpr std::int64_t kWorseRate = 9994;
constexpr std::int64_t kOwnCurrency = 9990;

// As the answer said, unless the amount commands that the file says something else.
std::optional<Settling> settling_of(const Movement& movement, std::int64_t ruling_amount) {
    const Result<Settling> said = parse_settling(movement.settling);
    const std::int64_t ending = ruling_amount % 10000;
    if (!said || ending == kOwnCurrency) return std::nullopt;
    return ending == kWorseRate ? worse_than(*said) : *said;
}

void collect(const Transaction& transaction,
             const std::vector<Movement>& movements,
             Side side,
             Day day,
             std::vector<Row>& rows) {
    for (const Movement& movement : movements) {
        const bool is_own_day = day_of(movement.sent) == day;
        std::int64_t amount = movement.amount;
        const std::optional<Settling> settling =
            settling_of(movement, side.sign > 0 ? transaction.requested : movement.amount);
        for (const Undo& undo : movement.undone) {
            if (day_of(undo.sent) == day_of(movement.sent)) {
                amount -= undo.amount;
            } else if (day_of(undo.sent) == day) {
                rows.push_back({&transaction,
                                side.backwards,
                                movement.number,
                                undo.sent,
                                undo.modification,
                                "",
                                -side.sign * undo.amount,
                                settling});
            }
        }
        if (!is_own_day || amount == 0) continue;
        rows.push_back({&transaction,
                        side.forwards,
                        movement.number,
                        movement.sent,
                        movement.modification,
                        movement.reference,
                        side.sign * amount,
                        settling});
    }
}

std::vector<Row> rows_of(const Books& books, Day day) {
    std::vector<Row> rows;
    for (const auto& [rrn, transaction] : books.transactions()) {
        collect(transaction, transaction.captures, {"Settled", "Refunded", 1}, day, rows);
        collect(transaction, transaction.refunds, {"Refunded", "RefundedReversed", -1}, day, rows);
    }
    std::stable_sort(rows.begin(), rows.end(), [](const Row& left, const Row& right) {
        return std::tie(left.sent, left.number) < std::tie(right.sent, right.number);
    });
    return rows;
}

Result<Costs> costs_of(const Row& row, const CostPlan& plan) {
    Costs costs;
    if (row.type != "Settled") return costs;
    const Money gross(row.gross, row.transaction->currency);
    const auto share = [&gross](std::int64_t bp, std::int64_t& out) {
        const auto part = gross.scale(bp, 10'000, Rounding::half_even);
        if (part) out = part->minor_units();
        return part.has_value();
    };
    if (!share(plan.interchange_bp, costs.interchange) || !share(plan.scheme_bp, costs.scheme) ||
        !share(plan.markup_bp, costs.markup)) {
        return Error(ErrorCode::amount_overflow, "settlement: costs of a capture");
    }
    costs.commission = plan.commission_minor_units;
    return costs;
}

// A row in the currency in which it is paid.
struct Paid {
    ledger::Currency currency;
    std::string rate;
    Costs costs;
    std::int64_t net = 0;
};

Result<Paid> paid_for(const Row& row, const CostPlan& plan) {
    const Result<Costs> costs = costs_of(row, plan);
    if (!costs) return costs.error();
    const ledger::Currency own = row.transaction->currency;
    Paid paid{.currency = own, .rate = "1", .costs = *costs, .net = row.gross};
    if (row.settling) {
        paid.currency = row.settling->currency;
        paid.rate = *read_rate(row.settling->rate);
        for (std::int64_t* const part : {&paid.net,
                                         &paid.costs.commission,
                                         &paid.costs.markup,
                                         &paid.costs.scheme,
                                         &paid.costs.interchange}) {
            const Result<Money> settled = settle(Money(*part, own), *row.settling);
            if (!settled) return settled.error();
            *part = settled->minor_units();
        }
    }
    const Costs& its = paid.costs;
    paid.net -= its.commission + its.markup + its.scheme + its.interchange;
    return paid;
}

// "12.34" in major units with the currency's decimals.
std::string major_units(std::int64_t minor_units, ledger::Currency currency) {
    return Money(minor_units, currency).to_string().substr(4);
}

void debit_and_credit(ledger::CsvWriter& csv, std::int64_t amount, ledger::Currency currency) {
    csv.cell(amount < 0 ? major_units(-amount, currency) : "");
    csv.cell(amount < 0 ? "" : major_units(amount, currency));
}

// "2026-04-13 10:01:00".
std::string without_zone(Timestamp moment) {
    std::string text = to_rfc3339(moment);
    text.pop_back();
    std::replace(text.begin(), text.end(), 'T', ' ');
    return text;
}

std::string batch_number(Day day) {
    std::string text = to_text(day);
    std::erase(text, '-');
    return text;
}

std::string_view payment_method(const Transaction& transaction) {
    switch (card_brand(std::string_view(transaction.card).substr(0, 6))) {
        case CardBrand::visa: return "visa";
        case CardBrand::mastercard: return "mc";
        case CardBrand::maestro: return "maestro";
        case CardBrand::amex: return "amex";
        case CardBrand::jcb: return "jcb";
        case CardBrand::diners: return "diners";
        case CardBrand::discover: return "discover";
        case CardBrand::unionpay: return "cup";
        case CardBrand::unknown: return "card";
    }
    return "card";
}

void write_row(ledger::CsvWriter& csv, const Row& row, const Paid& paid, Day day) {
    const ledger::Currency currency = row.transaction->currency;
    const std::string_view method = payment_method(*row.transaction);
    csv.cell(kCompany).cell(row.transaction->merchant).cell(row.transaction->rrn);
    csv.cell(row.transaction->reference).cell(method).cell(without_zone(row.sent)).cell("UTC");
    csv.cell(row.type).cell(row.modification).cell(currency.code());
    debit_and_credit(csv, row.gross, currency);
    csv.cell(paid.rate).cell(paid.currency.code());
    debit_and_credit(csv, paid.net, paid.currency);
    for (const std::int64_t cost :
         {paid.costs.commission, paid.costs.markup, paid.costs.scheme, paid.costs.interchange}) {
        csv.cell(major_units(cost, paid.currency));
    }
    csv.cell(method).cell(row.reference).cell(batch_number(day));
    csv.end_row();
}

void write_payout(ledger::CsvWriter& csv, std::int64_t net, ledger::Currency currency, Day day) {
    const std::string batch = batch_number(day);
    csv.cell(kCompany).cell("").cell("").cell("").cell("");
    csv.cell(to_text(day) + " 23:59:59").cell("UTC").cell("MerchantPayout");
    csv.cell("payout-" + batch + "-" + std::string(currency.code()));
    csv.cell("").cell("").cell("").cell("").cell(currency.code());
    // What is paid out leaves the account with the acquirer: a debit.
    debit_and_credit(csv, -net, currency);
    csv.cell("").cell("").cell("").cell("").cell("").cell("").cell(batch);
    csv.end_row();
}

Error cannot(std::string_view step) {
    return Error(ErrorCode::storage,
                 "settlement file: " + std::string(step) + ": " + std::strerror(errno));
}

bool write_all(int file, std::string_view text) {
    while (!text.empty()) {
        const ssize_t written = ::write(file, text.data(), text.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return false;
        text.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

}  // namespace

Result<std::string> settlement_csv(const Books& books, Day day, CostPlan plan) {
    std::string text;
    ledger::CsvWriter csv(text);
    for (const std::string_view column : kColumns)
        csv.cell(column);
    csv.end_row();

    std::map<int, Money> net_by_currency;  // by ISO number: a Currency has no order of its own
    for (const Row& row : rows_of(books, day)) {
        const Result<Paid> paid = paid_for(row, plan);
        if (!paid) return paid.error();
        write_row(csv, row, *paid, day);
        const Money net(paid->net, paid->currency);
        const auto [at, first] = net_by_currency.try_emplace(paid->currency.numeric(), net);
        if (first) continue;
        const auto sum = at->second.add(net);
        if (!sum) return sum.error();
        at->second = *sum;
    }
    for (const auto& [numeric, net] : net_by_currency) {
        write_payout(csv, net.minor_units(), net.currency(), day);
    }
    return text;
}

Result<void> write_settlement_file(const std::string& books_path,
                                   Day day,
                                   const std::string& out_path,
                                   CostPlan plan) {
    const auto books = Books::load(books_path);
    if (!books) return books.error();
    const auto text = settlement_csv(*books, day, plan);
    if (!text) return text.error();

    const std::string unfinished = out_path + ".part";
    const int file = ::open(unfinished.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (file < 0) return cannot("open");
    const bool written = write_all(file, *text) && ::fsync(file) == 0;
    const bool closed = ::close(file) == 0;
    if (!written || !closed) return cannot("write");
    if (std::rename(unfinished.c_str(), out_path.c_str()) != 0) return cannot("rename");
    return {};
}

}  // namespace causeway::connectors::card::sandbox
