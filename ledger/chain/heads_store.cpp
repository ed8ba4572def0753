// SPDX-License-Identifier: Apache-2.0
#include "ledger/chain/heads_store.h"

#include <algorithm>
#include <string>

namespace causeway::ledger {
namespace {

// Of the columns body, signature, beginning at `first`.
Result<SignedHead> read_head(const Row& row, int first) {
    SignedHead head;
    const std::span<const std::uint8_t> body = row.bytes(first);
    const std::span<const std::uint8_t> signature = row.bytes(first + 1);
    if (signature.size() != head.signature.size()) {
        return Error(ErrorCode::integrity, "a head's signature has the wrong length");
    }
    head.body.assign(body.begin(), body.end());
    std::copy(signature.begin(), signature.end(), head.signature.begin());
    return head;
}

Result<std::optional<SignedHead>> read_one(Transaction& snapshot,
                                           std::string_view sql,
                                           std::initializer_list<Value> values) {
    std::optional<Result<SignedHead>> found;
    const Result<void> read =
        snapshot.query(sql, values, [&found](const Row& row) { found.emplace(read_head(row, 0)); });
    if (!read) return read.error();
    if (!found) return std::optional<SignedHead>();
    if (!*found) return found->error();
    return std::optional<SignedHead>(**std::move(found));
}

}  // namespace

Result<void> insert_head(Transaction& body, const SignedHead& head) {
    const Result<Head> parsed = parse_head(head.body);
    if (!parsed) return parsed.error();
    const Result<std::int64_t> inserted = body.execute(
        "INSERT INTO journal_heads (lane, last_sequence, body, signature) VALUES ($1, $2, $3, $4)",
        {parsed->lane,
         parsed->last_sequence,
         std::span<const std::uint8_t>(head.body),
         std::span<const std::uint8_t>(head.signature)});
    if (!inserted) return inserted.error();
    return {};
}

Result<std::optional<SignedHead>> last_head(Transaction& snapshot, std::int64_t lane) {
    return read_one(snapshot,
                    "SELECT body, signature FROM journal_heads WHERE lane = $1"
                    " ORDER BY last_sequence DESC LIMIT 1",
                    {lane});
}

Result<std::optional<SignedHead>> head_over(Transaction& snapshot, Sequence sequence) {
    return read_one(snapshot,
                    "SELECT body, signature FROM journal_heads WHERE lane = $1"
                    " AND last_sequence >= $2 ORDER BY last_sequence LIMIT 1",
                    {lane_of(sequence), sequence});
}

Result<std::vector<SignedHead>> last_heads(Transaction& snapshot) {
    std::vector<SignedHead> heads;
    Result<void> outcome;
    const Result<void> read = snapshot.query(
        "SELECT body, signature FROM journal_heads AS it WHERE last_sequence ="
        " (SELECT MAX(last_sequence) FROM journal_heads WHERE lane = it.lane) ORDER BY lane",
        {},
        [&](const Row& row) {
            Result<SignedHead> head = read_head(row, 0);
            if (!head) {
                outcome = head.error();
            } else {
                heads.push_back(*std::move(head));
            }
        });
    if (!read) return read.error();
    if (!outcome) return outcome.error();
    return heads;
}

Result<void> each_head(
    Transaction& snapshot,
    const std::function<Result<void>(std::int64_t, Sequence, const SignedHead&)>& each) {
    Result<void> outcome;
    const Result<void> read = snapshot.query(
        "SELECT lane, last_sequence, body, signature FROM journal_heads"
        " ORDER BY lane, last_sequence",
        {},
        [&](const Row& row) {
            if (!outcome) return;
            const Result<SignedHead> head = read_head(row, 2);
            outcome =
                head ? each(row.integer(0), row.integer(1), *head) : Result<void>(head.error());
        });
    if (!read) return read.error();
    return outcome;
}

}  // namespace causeway::ledger
