// SPDX-License-Identifier: Apache-2.0
#include "gateway/cli/chain_commands.h"

#include "gateway/cli/chain_files.h"
#include "gateway/cli/text_table.h"
#include "gateway/payments/money_store.h"
#include "ledger/chain/canonical.h"
#include "ledger/chain/heads_store.h"
#include "ledger/chain/signer.h"
#include "ledger/digest.h"
#include "ledger/store/commit_queue.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <fstream>
#include <optional>
#include <utility>
#include <vector>

namespace json = boost::json;

namespace causeway::gateway {
namespace {

using ledger::Head;
using ledger::Proof;
using ledger::ProvenEntry;
using ledger::PublicKey;
using ledger::Sequence;
using ledger::SignedHead;
using ledger::Transaction;

// Books or a proof that contradict themselves are a finding, not a wrong use.
CommandOutput refuse(const Error& error) {
    CommandOutput output = failed(error);
    if (error.code() == ErrorCode::integrity) {
        output.exit_code = kExitFound;
        output.err = "BROKEN: " + printable(error.detail()) + "\n";
    }
    return output;
}

json::object as_json(const Head& head) {
    json::object members;
    members["lane"] = head.lane;
    members["first_sequence"] = head.first_sequence;
    members["last_sequence"] = head.last_sequence;
    members["last_hash"] = to_hex(own_tip(head).hash);
    members["made_at"] = to_rfc3339(head.made);
    members["public_key"] = to_hex(head.public_key);
    return members;
}

std::string as_text(const Head& head) {
    return "lane        " + std::to_string(head.lane) + "\nentries     " +
           std::to_string(head.first_sequence) + " to " + std::to_string(head.last_sequence) +
           "\nlast hash   " + to_hex(own_tip(head).hash) + "\nmade        " +
           to_rfc3339(head.made) + "\npublic key  " + to_hex(head.public_key) + "\n";
}

CommandOutput show(const Head& head, const CommandRequest& request) {
    CommandOutput output;
    output.out = request.flag("json") ? json::serialize(as_json(head)) + "\n" : as_text(head);
    return output;
}

json::object as_json(const ProvenEntry& proven) {
    json::array lines;
    for (const ledger::Line& line : proven.entry.lines) {
        json::object one;
        one["purpose"] = to_string(line.account.purpose);
        one["owner"] = line.account.owner;
        one["currency"] = line.account.currency.code();
        one["amount"] = line.minor_units;
        lines.push_back(std::move(one));
    }
    json::object members;
    members["sequence"] = proven.sequence;
    members["id"] = to_text("je", proven.entry.id);
    members["type"] = to_string(proven.entry.type);
    members["kind"] = proven.entry.kind;
    members["reference"] = proven.entry.reference;
    members["effective_at"] = to_rfc3339(proven.entry.effective);
    members["recorded_at"] = to_rfc3339(proven.entry.recorded);
    members["lines"] = std::move(lines);
    members["head_made_at"] = to_rfc3339(proven.head_made);
    return members;
}

std::string as_text(const ProvenEntry& proven) {
    const ledger::Entry& entry = proven.entry;
    std::string text = to_text("je", entry.id) + "  " + std::string(to_string(entry.type)) + "  " +
                       printable(entry.kind) + "  " + printable(entry.reference) +
                       "\n  effective " + to_rfc3339(entry.effective) + "  recorded " +
                       to_rfc3339(entry.recorded) + "  signed " + to_rfc3339(proven.head_made) +
                       "\n";
    for (const ledger::Line& line : entry.lines) {
        const ledger::AccountKey& account = line.account;
        text += "  " + std::string(to_string(account.purpose)) + "  " + printable(account.owner) +
                "  " + std::string(account.currency.code()) + " " +
                amount_text(line.minor_units, account.currency) + "\n";
    }
    return text;
}

CommandOutput show(const std::vector<ProvenEntry>& proven, const CommandRequest& request) {
    CommandOutput output;
    if (request.flag("json")) {
        json::array all;
        for (const ProvenEntry& one : proven)
            all.push_back(as_json(one));
        output.out = json::serialize(all) + "\n";
        return output;
    }
    for (const ProvenEntry& one : proven)
        output.out += as_text(one);
    output.out += "proven: " + std::to_string(proven.size()) + "\n";
    return output;
}

Result<void> make_head(CommandContext& context) {
    const Result<int> made =
        context.database.writer().commit<int>([&context](Transaction& tx) -> Result<int> {
            const Result<void> signed_now = context.journal.make_head(tx);
            if (!signed_now) return signed_now.error();
            return 0;
        });
    if (!made) return made.error();
    return {};
}

// The newest of the lanes' last heads: it pins all other lanes too.
Result<SignedHead> newest_head(CommandContext& context) {
    std::optional<SignedHead> newest;
    const Result<void> read = context.database.read([&newest](Transaction& tx) -> Result<void> {
        Result<std::vector<SignedHead>> last = last_heads(tx);
        if (!last) return last.error();
        Timestamp made = Timestamp::min();
        for (SignedHead& one : *last) {
            const Result<Head> head = ledger::parse_head(one.body);
            if (!head) return head.error();
            if (newest && head->made <= made) continue;
            made = head->made;
            newest = std::move(one);
        }
        return {};
    });
    if (!read) return read.error();
    if (!newest) return Error(ErrorCode::not_found, "there are no entries to sign a head over");
    return *std::move(newest);
}

// What `text` names, as entries' ids.
Result<std::vector<Uuid>> entries_named(Transaction& tx, const std::string& text) {
    if (const Result<Uuid> entry = parse_id("je", text); entry) return std::vector<Uuid>{*entry};
    const Result<Uuid> payment = parse_id("pay", text);
    if (!payment) {
        return Error(ErrorCode::invalid_argument,
                     "ledger prove wants an id such as pay_01J... or je_01J...");
    }
    Result<std::vector<Uuid>> entries = entries_of_payment(tx, *payment);
    if (entries && entries->empty()) {
        return Error(ErrorCode::not_found, "nothing was booked for " + text);
    }
    return entries;
}

Result<Proof> prove(CommandContext& context, const std::string& text) {
    std::optional<Proof> proof;
    const Result<void> read = context.database.read([&](Transaction& tx) -> Result<void> {
        const Result<std::vector<Uuid>> entries = entries_named(tx, text);
        if (!entries) return entries.error();
        std::vector<Sequence> sequences;
        for (const Uuid& id : *entries) {
            const Result<Sequence> found = context.journal.find(tx, id);
            if (!found) return found.error();
            sequences.push_back(*found);
        }
        Result<Proof> made = ledger::make_proof(tx, sequences);
        if (!made) return made.error();
        proof = *std::move(made);
        return {};
    });
    if (!read) return read.error();
    return *std::move(proof);
}

Result<std::vector<PublicKey>> keys_in(const InputFile& file) {
    Result<std::vector<PublicKey>> keys = ledger::parse_public_keys(file.content);
    if (keys) return keys;
    return Error(keys.error().code(), file.name + ": " + keys.error().detail());
}

}  // namespace

CommandOutput ledger_head(CommandContext& context, const CommandRequest& request) {
    if (const Result<void> made = make_head(context); !made) return refuse(made.error());
    const Result<SignedHead> newest = newest_head(context);
    if (!newest) return refuse(newest.error());
    const Result<Head> head = ledger::parse_head(newest->body);
    if (!head) return refuse(head.error());
    CommandOutput output = show(*head, request);
    if (request.flag("out-file")) {
        output.files.push_back({.name = request.option("out-file"), .content = head_file(*newest)});
    }
    return output;
}

CommandOutput ledger_prove(CommandContext& context, const CommandRequest& request) {
    const std::string text = request.arguments.empty() ? "" : request.arguments.front();
    Result<Proof> proof = prove(context, text);
    if (!proof && proof.error().code() == ErrorCode::conflict) {
        if (const Result<void> made = make_head(context); !made) return refuse(made.error());
        proof = prove(context, text);
    }
    if (!proof) return refuse(proof.error());
    std::vector<PublicKey> keys;
    for (const SignedHead& one : proof->heads) {
        const Result<Head> head = ledger::parse_head(one.body);
        if (!head) return refuse(head.error());
        keys.push_back(head->public_key);
    }
    const Result<std::vector<ProvenEntry>> proven = ledger::check_proof(*proof, keys);
    if (!proven) return refuse(proven.error());
    CommandOutput output = show(*proven, request);
    output.files.push_back({.name = request.option("out-file"), .content = proof_file(*proof)});
    return output;
}

CommandOutput ledger_keygen(const CommandRequest& request) {
    const std::string path = request.option("out-file");
    SystemEntropy entropy;
    const Result<PublicKey> key = ledger::make_signing_key(path, entropy);
    if (!key) return refuse(key.error());
    std::ofstream file(path + ".pub", std::ios::binary);
    file << ledger::public_key_text(std::vector{*key});
    file.close();
    if (!file) return refuse(Error(ErrorCode::storage, "cannot write " + path + ".pub"));
    if (!request.flag("json")) return {.exit_code = kExitOk, .out = to_hex(*key) + "\n"};
    json::object members;
    members["public_key"] = to_hex(*key);
    return {.exit_code = kExitOk, .out = json::serialize(members) + "\n"};
}

CommandOutput ledger_check_proof(const CommandRequest& request) {
    const InputFile& file = request.files.at(0);
    const Result<std::vector<PublicKey>> keys = keys_in(request.files.at(1));
    if (!keys) return refuse(keys.error());
    if (const Result<SignedHead> exported = parse_head_file(file.content); exported) {
        const Result<Head> head = ledger::check_signed(*exported, *keys);
        return head ? show(*head, request) : refuse(head.error());
    }
    const Result<Proof> proof = parse_proof_file(file.content);
    if (!proof) return refuse(proof.error());
    const Result<std::vector<ProvenEntry>> proven = ledger::check_proof(*proof, *keys);
    return proven ? show(*proven, request) : refuse(proven.error());
}

}  // namespace causeway::gateway
