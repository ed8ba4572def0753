// SPDX-License-Identifier: Apache-2.0
#include "gateway/notifications/notifications_store.h"

#include "gateway/retention.h"
#include "ledger/store/sixteens.h"

#include <algorithm>
#include <span>

namespace causeway::gateway {
namespace {

using connectors::Notice;
using ledger::Row;
using ledger::Transaction;

#define CAUSEWAY_NOTIFICATION_COLUMNS                                                         \
    "connector, notice_id, message_id, digest, kind, reference, amount, currency, approved, " \
    "decline, response_code, approval_code, case_id, reason, network_reason, "                \
    "respond_by_us, happened_us, verdict, payment_id, repeats, received_us, receipt"

#define CAUSEWAY_MESSAGE_COLUMNS \
    "message_id, connector, body_sha256, state, sealed, vault_key, size, received_us"

std::span<const std::uint8_t> bytes_of(std::span<const std::uint8_t> bytes) {
    return bytes;
}

Sha256 read_digest(const Row& row, int column) {
    Sha256 digest{};
    const std::span<const std::uint8_t> bytes = row.bytes(column);
    if (bytes.size() == digest.size()) std::ranges::copy(bytes, digest.begin());
    return digest;
}

// One line each: identity, channel, day paid, day credited, cost, way. Nothing of it holds a line
// end.
std::string receipt_text(const Notice& notice) {
    if (!notice.receipt) return {};
    const connectors::Receipt& receipt = *notice.receipt;
    std::string text = receipt.identity + "\n" + receipt.channel + "\n" + to_text(receipt.paid_on);
    text += "\n" + (receipt.credited_on ? to_text(*receipt.credited_on) : std::string());
    text += "\n" + (receipt.cost ? std::to_string(receipt.cost->minor_units()) : std::string());
    text += "\n" + receipt.way;
    return text;
}

std::string take_line(std::string_view& text) {
    const std::size_t end = text.find('\n');
    std::string line(text.substr(0, end));
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
    return line;
}

std::optional<connectors::Receipt> receipt_in(std::string_view text, const Notice& notice) {
    if (text.empty()) return std::nullopt;
    connectors::Receipt receipt;
    receipt.identity = take_line(text);
    receipt.channel = take_line(text);
    receipt.paid_on = *parse_day(take_line(text));
    if (const std::string day = take_line(text); !day.empty())
        receipt.credited_on = *parse_day(day);
    if (const std::string cost = take_line(text); !cost.empty() && notice.amount) {
        receipt.cost = ledger::Money(std::stoll(cost), notice.amount->currency());
    }
    receipt.way = take_line(text);
    return receipt;
}

Notice read_notice(const Row& row) {
    Notice notice;
    notice.id = row.text(1);
    notice.kind = *connectors::parse_notice_kind(row.text(4));
    notice.reference = row.text(5);
    const std::optional<std::int64_t> amount = row.maybe_integer(6);
    if (amount) notice.amount = ledger::Money(*amount, *ledger::Currency::from_code(row.text(7)));
    notice.answer.approved = row.integer(8) != 0;
    notice.answer.decline = *connectors::parse_decline(row.text(9));
    notice.answer.response_code = row.text(10);
    notice.answer.approval_code = row.text(11);
    notice.case_id = row.text(12);
    notice.reason = row.text(13);
    notice.network_reason_code = row.text(14);
    notice.respond_by = row.maybe_moment(15);
    notice.happened = row.maybe_moment(16);
    notice.receipt = receipt_in(row.text(21), notice);
    return notice;
}

NotificationRow read_notification(const Row& row) {
    NotificationRow read;
    read.connector = row.text(0);
    read.notice = read_notice(row);
    read.message = row.uuid(2);
    read.digest = read_digest(row, 3);
    read.verdict = *parse_notice_verdict(row.text(17));
    read.payment = row.maybe_uuid(18);
    read.repeats = row.integer(19);
    read.received = row.moment(20);
    return read;
}

NotificationMessage read_message(const Row& row) {
    NotificationMessage message;
    message.id = row.uuid(0);
    message.connector = row.text(1);
    message.body_sha256 = read_digest(row, 2);
    message.state = row.text(3) == to_string(MessageState::read) ? MessageState::read
                                                                 : MessageState::unreadable;
    const std::span<const std::uint8_t> sealed = row.bytes(4);
    message.sealed.assign(sealed.begin(), sealed.end());
    message.vault_key = row.text(5);
    message.size = row.integer(6);
    message.received = row.moment(7);
    return message;
}

// Those that `select` finds, sixteen by sixteen.
Result<std::set<std::string>> names_among(Transaction& tx,
                                          const std::string& select,
                                          const std::string& connector,
                                          const std::vector<std::string>& names) {
    std::set<std::string> found;
    const Result<void> read = ledger::by_sixteens(names, [&](const auto&... each) {
        return tx.query(
            select, {connector, each...}, [&found](const Row& row) { found.emplace(row.text(0)); });
    });
    if (!read) return read.error();
    return found;
}

}  // namespace

std::string_view to_string(MessageState state) noexcept {
    return state == MessageState::read ? "read" : "unreadable";
}

Sha256 digest_of(const Notice& notice) {
    std::string text;
    const auto add = [&text](std::string_view part) {
        text += std::to_string(part.size()) + ":" + std::string(part);
    };
    add(connectors::to_string(notice.kind));
    add(notice.reference);
    add(notice.amount ? notice.amount->to_string() : "");
    add(notice.answer.approved ? "approved" : "");
    add(connectors::to_string(notice.answer.decline));
    add(notice.case_id);
    // A fee is its amount: versions differ in whether they tell of a receipt with it.
    if (notice.receipt && notice.kind != connectors::NoticeKind::charged) {
        const connectors::Receipt& receipt = *notice.receipt;
        const bool costs = receipt.cost && receipt.cost->is_positive();
        add(receipt.identity);
        add(to_text(receipt.paid_on));
        add(receipt.credited_on ? to_text(*receipt.credited_on) : "");
        add(costs ? receipt.cost->to_string() : "");
    }
    return sha256(text);
}

bool is_repetition(const NotificationRow& known, const Notice& told) {
    const Sha256 digest = digest_of(told);
    return known.digest == digest || digest_of(known.notice) == digest;
}

Result<void> insert_message(Transaction& tx, const NotificationMessage& message) {
    return tx.defer("INSERT INTO notification_messages (" CAUSEWAY_MESSAGE_COLUMNS
                    ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
                    {message.id,
                     message.connector,
                     bytes_of(message.body_sha256),
                     to_string(message.state),
                     bytes_of(message.sealed),
                     message.vault_key,
                     message.size,
                     message.received});
}

Result<bool> has_message(Transaction& tx, const std::string& connector, const Sha256& body) {
    bool found = false;
    const Result<void> read = tx.query(
        "SELECT message_id FROM notification_messages WHERE connector = $1 AND body_sha256 = $2",
        {connector, bytes_of(body)},
        [&found](const Row&) { found = true; });
    if (!read) return read.error();
    return found;
}

Result<NotificationMessage> load_message(Transaction& tx, const Uuid& id) {
    std::optional<NotificationMessage> found;
    const Result<void> read = tx.query("SELECT " CAUSEWAY_MESSAGE_COLUMNS
                                       " FROM notification_messages WHERE message_id = $1",
                                       {id},
                                       [&found](const Row& row) { found = read_message(row); });
    if (!read) return read.error();
    if (!found) return Error(ErrorCode::not_found, "there is no message " + to_text("ntm", id));
    return *std::move(found);
}

Result<void> insert_notification(Transaction& tx, const NotificationRow& row) {
    const Notice& notice = row.notice;
    std::optional<std::int64_t> amount;
    if (notice.amount) amount = notice.amount->minor_units();
    return tx.defer("INSERT INTO notifications (" CAUSEWAY_NOTIFICATION_COLUMNS
                    ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, "
                    "$16, $17, $18, $19, $20, $21, $22)",
                    {row.connector,
                     notice.id,
                     row.message,
                     bytes_of(row.digest),
                     connectors::to_string(notice.kind),
                     notice.reference,
                     amount,
                     notice.amount ? notice.amount->currency().code() : std::string_view(),
                     notice.answer.approved,
                     connectors::to_string(notice.answer.decline),
                     notice.answer.response_code,
                     notice.answer.approval_code,
                     notice.case_id,
                     notice.reason,
                     notice.network_reason_code,
                     notice.respond_by,
                     notice.happened,
                     to_string(row.verdict),
                     row.payment,
                     row.repeats,
                     row.received,
                     receipt_text(notice)});
}

Result<std::optional<NotificationRow>> find_notification(Transaction& tx,
                                                         const std::string& connector,
                                                         const std::string& id) {
    std::optional<NotificationRow> found;
    const Result<void> read =
        tx.query("SELECT " CAUSEWAY_NOTIFICATION_COLUMNS
                 " FROM notifications WHERE connector = $1 AND notice_id = $2 /*locked*/",
                 {connector, id},
                 [&found](const Row& row) { found = read_notification(row); });
    if (!read) return read.error();
    return found;
}

Result<void> count_repeat(Transaction& tx, const std::string& connector, const std::string& id) {
    return tx.defer(
        "UPDATE notifications SET repeats = repeats + 1 WHERE connector = $1 AND notice_id = $2",
        {connector, id});
}

Result<void> set_verdict(Transaction& tx, const NotificationRow& row) {
    return tx.defer(
        "UPDATE notifications SET verdict = $1, payment_id = $2 "
        "WHERE connector = $3 AND notice_id = $4",
        {to_string(row.verdict), row.payment, row.connector, row.notice.id});
}

Result<bool> is_overtaken(Transaction& tx,
                          const std::string& connector,
                          const connectors::Notice& notice) {
    if (!notice.happened || notice.case_id.empty()) return false;
    bool found = false;
    const Result<void> read = tx.query(
        "SELECT 1 FROM notifications WHERE connector = $1 AND reference = $2 AND "
        "case_id <> '' AND case_id = $3 AND verdict = 'applied' AND happened_us > $4 LIMIT 1",
        {connector, notice.reference, notice.case_id, *notice.happened},
        [&found](const Row&) { found = true; });
    if (!read) return read.error();
    return found;
}

Result<std::set<std::string>> known_notices(Transaction& tx,
                                            const std::string& connector,
                                            const std::vector<std::string>& ids) {
    static const std::string select = ledger::sixteen_times(
        "SELECT notice_id FROM notifications WHERE connector = $1 AND notice_id = ");
    return names_among(tx, select, connector, ids);
}

Result<std::set<std::string>> references_told_early(Transaction& tx,
                                                    const std::string& connector,
                                                    const std::vector<std::string>& references) {
    static const std::string select = ledger::sixteen_times(
        "SELECT reference FROM notifications WHERE connector = $1 AND "
        "(verdict = 'move_not_allowed' OR verdict = 'unknown_reference') AND reference = ");
    return names_among(tx, select, connector, references);
}

Result<std::vector<NotificationRow>> early_notifications(Transaction& tx,
                                                         const std::string& connector,
                                                         const std::string& reference) {
    std::vector<NotificationRow> rows;
    const Result<void> read =
        tx.query("SELECT " CAUSEWAY_NOTIFICATION_COLUMNS
                 " FROM notifications WHERE connector = $1 AND reference = $2 AND "
                 "(verdict = 'move_not_allowed' OR verdict = 'unknown_reference') "
                 "ORDER BY received_us, notice_id LIMIT 16",
                 {connector, reference},
                 [&rows](const Row& row) { rows.push_back(read_notification(row)); });
    if (!read) return read.error();
    return rows;
}

Result<int> delete_old_messages(Transaction& tx, Timestamp before, int limit) {
    std::vector<Uuid> old;
    const Result<void> read = tx.query(
        "SELECT message_id FROM notification_messages WHERE message_id < $1 "
        "ORDER BY message_id LIMIT $2 /*locked*/",
        {first_id_of(before), limit},
        [&old](const Row& row) { old.push_back(row.uuid(0)); });
    if (!read) return read.error();
    for (const Uuid& message : old) {
        // What was believed of a dispute stays: only by it a repetition is known for one.
        const Result<void> notices = tx.defer(
            "DELETE FROM notifications WHERE message_id = $1 AND "
            "(verdict <> 'applied' OR case_id = '')",
            {message});
        if (!notices) return notices.error();
        const Result<void> gone =
            tx.defer("DELETE FROM notification_messages WHERE message_id = $1", {message});
        if (!gone) return gone.error();
    }
    return static_cast<int>(old.size());
}

Result<std::vector<NotificationRow>> list_notifications(Transaction& tx,
                                                        const NotificationFilter& filter) {
    std::vector<NotificationRow> rows;
    const Result<void> read =
        tx.query("SELECT " CAUSEWAY_NOTIFICATION_COLUMNS
                 " FROM notifications WHERE ($1 = '' OR connector = $2) AND "
                 "($3 = '' OR verdict = $4) ORDER BY message_id DESC, notice_id LIMIT $5",
                 {filter.connector, filter.connector, filter.verdict, filter.verdict, filter.limit},
                 [&rows](const Row& row) { rows.push_back(read_notification(row)); });
    if (!read) return read.error();
    return rows;
}

Result<std::vector<NotificationRow>> notifications_of(Transaction& tx, const Uuid& message) {
    std::vector<NotificationRow> rows;
    const Result<void> read =
        tx.query("SELECT " CAUSEWAY_NOTIFICATION_COLUMNS
                 " FROM notifications WHERE message_id = $1 ORDER BY notice_id",
                 {message},
                 [&rows](const Row& row) { rows.push_back(read_notification(row)); });
    if (!read) return read.error();
    return rows;
}

Result<std::vector<NotificationMessage>> unreadable_messages(Transaction& tx, std::int64_t limit) {
    std::vector<NotificationMessage> messages;
    const Result<void> read =
        tx.query("SELECT " CAUSEWAY_MESSAGE_COLUMNS
                 " FROM notification_messages WHERE state = 'unreadable' "
                 "ORDER BY message_id DESC LIMIT $1",
                 {limit},
                 [&messages](const Row& row) { messages.push_back(read_message(row)); });
    if (!read) return read.error();
    return messages;
}

}  // namespace causeway::gateway
