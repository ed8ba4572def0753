// SPDX-License-Identifier: Apache-2.0
#include "gateway/cli/ledger_commands.h"

#include "gateway/cli/chain_files.h"
#include "ledger/chain/signer.h"
#include "ledger/chain/verify.h"
#include "ledger/money.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <cstdio>

namespace json = boost::json;

namespace causeway::gateway {
namespace {

using ledger::Entry;
using ledger::Money;
using ledger::Transaction;
using ledger::VerifyReport;

// "USD 12.34" without the code: the currency stands in a column of its own.
std::string major_units(std::int64_t minor_units, ledger::Currency currency) {
    return Money(minor_units, currency).to_string().substr(4);
}

std::string padded(const std::string& text, std::size_t width, bool right) {
    const std::size_t missing = text.size() < width ? width - text.size() : 0;
    return right ? std::string(missing, ' ') + text : text + std::string(missing, ' ');
}

json::object as_json(const VerifyReport& report) {
    json::array findings;
    for (const ledger::Finding& finding : report.findings) {
        json::object one;
        one["rule"] = finding.rule;
        one["detail"] = finding.detail;
        findings.push_back(std::move(one));
    }
    json::object members;
    members["ok"] = report.findings.empty();
    members["entries"] = report.entries;
    members["lines"] = report.lines;
    members["accounts"] = report.accounts;
    members["heads"] = report.heads;
    members["signatures_checked"] = report.signatures_checked;
    members["findings"] = std::move(findings);
    return members;
}

std::string as_text(const VerifyReport& report) {
    std::string text = "entries   " + std::to_string(report.entries) + "\nlines     " +
                       std::to_string(report.lines) + "\naccounts  " +
                       std::to_string(report.accounts) + "\nheads     " +
                       std::to_string(report.heads) +
                       (report.signatures_checked ? "\n" : ", signatures not checked\n");
    for (const ledger::Finding& finding : report.findings)
        text += "FOUND     " + finding.rule + ": " + finding.detail + "\n";
    if (report.findings.empty()) {
        text +=
            "every entry balances, every balance equals its lines, the chain is unbroken,"
            " client money is whole\n";
    }
    return text;
}

json::object as_json(const Entry& entry) {
    json::array lines;
    for (const ledger::Line& line : entry.lines) {
        json::object one;
        one["purpose"] = to_string(line.account.purpose);
        one["owner"] = line.account.owner;
        one["currency"] = line.account.currency.code();
        one["amount"] = line.minor_units;
        lines.push_back(std::move(one));
    }
    json::object members;
    members["id"] = to_text("je", entry.id);
    members["kind"] = entry.kind;
    members["reference"] = entry.reference;
    members["effective_at"] = to_rfc3339(entry.effective);
    members["recorded_at"] = to_rfc3339(entry.recorded);
    members["lines"] = std::move(lines);
    return members;
}

std::string as_text(const Entry& entry) {
    constexpr std::size_t kPurpose = 20;
    constexpr std::size_t kOwner = 36;
    constexpr std::size_t kAmount = 18;
    std::string text = to_text("je", entry.id) + "  " + entry.kind + "  " + entry.reference +
                       "  effective " + to_rfc3339(entry.effective) + "  recorded " +
                       to_rfc3339(entry.recorded) + "\n";
    for (const ledger::Line& line : entry.lines) {
        const ledger::Currency currency = line.account.currency;
        const std::string amount = major_units(line.minor_units, currency);
        text += "  " + padded(std::string(to_string(line.account.purpose)), kPurpose, false) +
                "  " + padded(line.account.owner, kOwner, false) + "  " +
                std::string(currency.code()) + padded(amount, kAmount, true) + "\n";
    }
    return text;
}

// The files are told apart by what they are: a head is JSON, a key is not.
Result<ledger::VerifyOptions> verify_options(CommandContext& context,
                                             const CommandRequest& request) {
    ledger::VerifyOptions options{.shared = context.database.is_shared()};
    for (const InputFile& file : request.files) {
        if (file.content.starts_with("{")) {
            const Result<ledger::SignedHead> head = parse_head_file(file.content);
            if (!head) return Error(head.error().code(), file.name + ": " + head.error().detail());
            options.exported = *head;
            continue;
        }
        const Result<std::vector<ledger::PublicKey>> keys = ledger::parse_public_keys(file.content);
        if (!keys) return Error(keys.error().code(), file.name + ": " + keys.error().detail());
        options.trusted = *keys;
    }
    return options;
}

}  // namespace

CommandOutput ledger_verify(CommandContext& context, const CommandRequest& request) {
    const Result<ledger::VerifyOptions> options = verify_options(context, request);
    if (!options) return usage_error(options.error().detail());
    VerifyReport report;
    const Result<void> read = context.database.read([&](Transaction& tx) -> Result<void> {
        Result<VerifyReport> verified = ledger::verify(tx, *options);
        if (!verified) return verified.error();
        report = *std::move(verified);
        return {};
    });
    if (!read) return failed(read.error());
    CommandOutput output;
    output.exit_code = report.findings.empty() ? kExitOk : kExitFound;
    output.out = request.flag("json") ? json::serialize(as_json(report)) + "\n" : as_text(report);
    return output;
}

CommandOutput ledger_entry(CommandContext& context, const CommandRequest& request) {
    const std::string text = request.arguments.empty() ? "" : request.arguments.front();
    const Result<Uuid> id = parse_id("je", text);
    if (!id) return usage_error("ledger entry wants an id such as je_01J...");
    std::optional<Entry> entry;
    const Result<void> read = context.database.read([&](Transaction& tx) -> Result<void> {
        Result<Entry> found = context.journal.entry(tx, *id);
        if (!found) return found.error();
        entry = *std::move(found);
        return {};
    });
    if (!read) return failed(read.error());
    const std::string out =
        request.flag("json") ? json::serialize(as_json(*entry)) + "\n" : as_text(*entry);
    return {.exit_code = kExitOk, .out = out};
}

}  // namespace causeway::gateway
