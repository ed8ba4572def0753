// SPDX-License-Identifier: Apache-2.0
#include "gateway/collections/collections_store.h"

#include "gateway/collections/tellings_store.h"
#include "gateway/payments/operator_store.h"
#include "ledger/store/row_memory.h"
#include "ledger/store/sixteens.h"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace json = boost::json;

namespace causeway::gateway {
namespace {

using connectors::Instrument;
using ledger::Money;
using ledger::Row;
using ledger::Transaction;

constexpr std::string_view kSchema = R"(
ALTER TABLE payments ADD COLUMN next_action TEXT NOT NULL DEFAULT '';
ALTER TABLE notifications ADD COLUMN receipt TEXT NOT NULL DEFAULT '';
CREATE TABLE collections (
    payment_id BYTES NOT NULL PRIMARY KEY,
    connector TEXT NOT NULL,
    operation_id BYTES,
    due_day BIGINT NOT NULL,
    open_until_us BIGINT NOT NULL,
    fine_bps BIGINT NOT NULL,
    interest_month_bps BIGINT NOT NULL,
    discount_bps BIGINT NOT NULL,
    discount_day BIGINT,
    reusable BIGINT NOT NULL,
    at_once BIGINT NOT NULL,
    issued_day BIGINT NOT NULL,
    seller TEXT NOT NULL,
    action TEXT NOT NULL,
    details TEXT NOT NULL
);
CREATE TABLE receipts (
    receipt_id BYTES NOT NULL PRIMARY KEY,
    connector TEXT NOT NULL,
    livemode BIGINT NOT NULL,
    reference TEXT NOT NULL,
    payment_id BYTES,
    operation_id BYTES,
    identity TEXT NOT NULL,
    amount BIGINT NOT NULL,
    currency TEXT NOT NULL,
    paid_day BIGINT NOT NULL,
    credited_day BIGINT,
    cost BIGINT NOT NULL,
    reason TEXT NOT NULL,
    state TEXT NOT NULL,
    credited BIGINT NOT NULL,
    surcharge BIGINT NOT NULL,
    apart BIGINT NOT NULL,
    capture_id BYTES,
    note TEXT NOT NULL,
    created_us BIGINT NOT NULL,
    UNIQUE (connector, reference, identity)
);
CREATE INDEX receipts_by_payment ON receipts (payment_id);
CREATE INDEX receipts_by_state ON receipts (state, receipt_id);
CREATE TABLE provider_cursors (
    connector TEXT NOT NULL PRIMARY KEY,
    cursor_text TEXT NOT NULL
);
CREATE TABLE receipt_tellings (
    connector TEXT NOT NULL,
    notice_id TEXT NOT NULL,
    reference TEXT NOT NULL,
    alike TEXT NOT NULL,
    channel TEXT NOT NULL,
    receipt_id BYTES NOT NULL,
    told_us BIGINT NOT NULL,
    PRIMARY KEY (connector, notice_id)
);
CREATE INDEX receipt_tellings_alike ON receipt_tellings (connector, reference, alike, channel);
)";

// Identities of ours have two strokes; a provider's name has none.
constexpr std::string_view kTellingsSchema = R"(
ALTER TABLE receipts ADD COLUMN named BIGINT NOT NULL DEFAULT 0;
ALTER TABLE receipts ADD COLUMN way TEXT NOT NULL DEFAULT '';
ALTER TABLE receipts ADD COLUMN cost_told BIGINT NOT NULL DEFAULT 1;
UPDATE receipts SET named = 1 WHERE identity NOT LIKE '%/%/%';
UPDATE notifications SET kind = 'told' WHERE kind = 'settled_elsewhere';
CREATE INDEX receipts_nameless ON receipts (connector, reference, amount) WHERE named = 0;
DROP INDEX receipt_tellings_alike;
ALTER TABLE receipt_tellings DROP COLUMN alike;
ALTER TABLE receipt_tellings DROP COLUMN reference;
ALTER TABLE receipt_tellings ADD COLUMN told_day BIGINT;
CREATE INDEX receipt_tellings_by_receipt ON receipt_tellings (receipt_id, channel);
CREATE TABLE instrument_tellings (
    connector TEXT NOT NULL,
    notice_id TEXT NOT NULL,
    subject TEXT NOT NULL,
    channel TEXT NOT NULL,
    told_us BIGINT NOT NULL,
    PRIMARY KEY (connector, notice_id)
);
CREATE INDEX instrument_tellings_alike ON instrument_tellings (connector, subject, channel);
)";

// Of tellings that are older the day is not known.
constexpr std::string_view kFeeDaysSchema = R"(
ALTER TABLE instrument_tellings ADD COLUMN day BIGINT;
)";

constexpr std::array<std::pair<ReceiptState, std::string_view>, 6> kStates{{
    {ReceiptState::credited, "credited"},
    {ReceiptState::held, "held"},
    {ReceiptState::refund_due, "refund_due"},
    {ReceiptState::refunding, "refunding"},
    {ReceiptState::refunded, "refunded"},
    {ReceiptState::returned, "returned"},
}};

std::int64_t number_of(Day day) {
    return day.time_since_epoch().count();
}

std::optional<std::int64_t> number_of(const std::optional<Day>& day) {
    if (!day) return std::nullopt;
    return number_of(*day);
}

Day day_in(const Row& row, int column) {
    return Day(std::chrono::days(row.integer(column)));
}

std::optional<Day> maybe_day_in(const Row& row, int column) {
    if (row.is_null(column)) return std::nullopt;
    return day_in(row, column);
}

#define CAUSEWAY_COLLECTION_COLUMNS                                                   \
    "payment_id, connector, operation_id, due_day, open_until_us, fine_bps, "         \
    "interest_month_bps, discount_bps, discount_day, reusable, at_once, issued_day, " \
    "seller, action, details"

// Pairs in their order: [["line", "0019..."], ...].
std::string details_text(const Instrument& instrument) {
    json::array pairs;
    for (const auto& [name, value] : instrument.details)
        pairs.push_back(json::array{name, value});
    return json::serialize(pairs);
}

std::vector<std::pair<std::string, std::string>> details_in(std::string_view text) {
    std::vector<std::pair<std::string, std::string>> details;
    const json::value pairs = json::parse(text);
    for (const json::value& pair : pairs.as_array()) {
        details.emplace_back(std::string(pair.at(0).as_string()),
                             std::string(pair.at(1).as_string()));
    }
    return details;
}

CollectionRow read_collection(const Row& row) {
    CollectionRow collection;
    collection.payment = row.uuid(0);
    collection.connector = row.text(1);
    collection.operation = row.maybe_uuid(2);
    collection.terms = {.due_on = day_in(row, 3),
                        .open_until = row.moment(4),
                        .fine_bps = row.integer(5),
                        .interest_month_bps = row.integer(6),
                        .discount_bps = row.integer(7),
                        .discount_until = maybe_day_in(row, 8),
                        .reusable = row.integer(9) != 0,
                        .immediate = row.integer(10) != 0,
                        .issued_on = day_in(row, 11),
                        .seller = std::string(row.text(12))};
    collection.instrument = {.action = std::string(row.text(13)),
                             .details = details_in(row.text(14))};
    return collection;
}

constexpr std::string_view kReceiptColumns =
    "receipt_id, connector, livemode, reference, payment_id, operation_id, identity, amount, "
    "currency, paid_day, credited_day, cost, reason, state, credited, surcharge, apart, "
    "capture_id, note, created_us, named, way, cost_told";

ReceiptRow read_receipt(const Row& row) {
    ReceiptRow receipt{.amount = Money(row.integer(7), *ledger::Currency::from_code(row.text(8)))};
    receipt.id = row.uuid(0);
    receipt.connector = row.text(1);
    receipt.livemode = row.integer(2) != 0;
    receipt.reference = row.text(3);
    receipt.payment = row.maybe_uuid(4);
    receipt.operation = row.maybe_uuid(5);
    receipt.identity = row.text(6);
    receipt.paid_on = day_in(row, 9);
    receipt.credited_on = maybe_day_in(row, 10);
    receipt.cost = row.integer(11);
    receipt.reason = *parse_receipt_reason(row.text(12));
    receipt.state = *parse_receipt_state(row.text(13));
    receipt.credited = row.integer(14);
    receipt.surcharge = row.integer(15);
    receipt.apart = row.integer(16);
    receipt.capture = row.maybe_uuid(17);
    receipt.note = row.text(18);
    receipt.created_at = row.moment(19);
    receipt.named = row.integer(20) != 0;
    receipt.way = row.text(21);
    receipt.cost_told = row.integer(22) != 0;
    return receipt;
}

// What the tellings of one fee, or of one return, have in common: not the name, which one channel
// may not know.
// Money that is taken back is one whatever day a channel gives it.
std::optional<std::int64_t> fee_day(const connectors::Notice& notice) {
    const bool dated =
        notice.kind == connectors::NoticeKind::charged && notice.receipt->paid_on != Day();
    if (!dated) return std::nullopt;
    return number_of(notice.receipt->paid_on);
}

std::string subject_of(const connectors::Notice& notice) {
    return std::string(connectors::to_string(notice.kind)) + "/" + notice.reference + "/" +
           notice.amount->to_string();
}

Result<std::vector<ReceiptRow>> receipts_where(Transaction& tx,
                                               const std::string& condition,
                                               std::initializer_list<ledger::Value> values) {
    std::vector<ReceiptRow> found;
    const Result<void> read =
        tx.query("SELECT " + std::string(kReceiptColumns) + " FROM receipts WHERE " + condition,
                 values,
                 [&found](const Row& row) { found.push_back(read_receipt(row)); });
    if (!read) return read.error();
    return found;
}

}  // namespace

std::string_view to_string(ReceiptState state) noexcept {
    for (const auto& [value, text] : kStates) {
        if (value == state) return text;
    }
    return "unlisted";
}

Result<ReceiptState> parse_receipt_state(std::string_view text) {
    for (const auto& [value, spelling] : kStates) {
        if (spelling == text) return value;
    }
    return Error(ErrorCode::not_found, "receipt state");
}

std::string_view collections_schema_sql() {
    return kSchema;
}

std::string_view fee_days_schema_sql() {
    return kFeeDaysSchema;
}

std::string_view tellings_schema_sql() {
    return kTellingsSchema;
}

Result<void> put_collection(Transaction& tx, const CollectionRow& row) {
    ledger::forget<CollectionRow>(tx, row.payment);
    const Result<std::int64_t> gone =
        tx.execute("DELETE FROM collections WHERE payment_id = $1", {row.payment});
    if (!gone) return gone.error();
    const std::string details = details_text(row.instrument);
    const Result<std::int64_t> inserted =
        tx.execute("INSERT INTO collections (" CAUSEWAY_COLLECTION_COLUMNS
                   ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
                   {row.payment,
                    row.connector,
                    row.operation,
                    number_of(row.terms.due_on),
                    row.terms.open_until,
                    row.terms.fine_bps,
                    row.terms.interest_month_bps,
                    row.terms.discount_bps,
                    number_of(row.terms.discount_until),
                    row.terms.reusable,
                    row.terms.immediate,
                    number_of(row.terms.issued_on),
                    row.terms.seller,
                    row.instrument.action,
                    details});
    if (!inserted) return inserted.error();
    return {};
}

Result<CollectionRow> load_collection(Transaction& tx, const Uuid& payment) {
    if (const auto* const known = ledger::recall<CollectionRow>(tx, payment)) return *known;
    std::optional<CollectionRow> found;
    const Result<void> read = tx.query("SELECT " CAUSEWAY_COLLECTION_COLUMNS
                                       " FROM collections WHERE payment_id = $1 /*locked*/",
                                       {payment},
                                       [&found](const Row& row) { found = read_collection(row); });
    if (!read) return read.error();
    if (!found) return Error(ErrorCode::not_found, "collection of " + to_text("pay", payment));
    return *std::move(found);
}

Result<void> foresee_collections(Transaction& tx, const std::vector<Uuid>& payments) {
    return ledger::by_sixteens(payments, [&](const auto&... each) {
        return tx.query("SELECT " CAUSEWAY_COLLECTION_COLUMNS
                        " FROM collections WHERE payment_id IN (" CAUSEWAY_SIXTEEN
                        ") ORDER BY payment_id /*locked*/",
                        {each...},
                        [&](const Row& row) {
                            const CollectionRow collection = read_collection(row);
                            ledger::remember(tx, collection.payment, collection);
                        });
    });
}

Result<void> insert_receipt(Transaction& tx, const ReceiptRow& r) {
    something_came(tx, r.connector, r.reference);
    return tx.defer("INSERT INTO receipts (" + std::string(kReceiptColumns) +
                        ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, "
                        "$15, $16, $17, $18, $19, $20, $21, $22, $23)",
                    {r.id,
                     r.connector,
                     r.livemode,
                     r.reference,
                     r.payment,
                     r.operation,
                     r.identity,
                     r.amount.minor_units(),
                     r.amount.currency().code(),
                     number_of(r.paid_on),
                     number_of(r.credited_on),
                     r.cost,
                     to_string(r.reason),
                     to_string(r.state),
                     r.credited,
                     r.surcharge,
                     r.apart,
                     r.capture,
                     r.note,
                     r.created_at,
                     r.named,
                     r.way,
                     r.cost_told});
}

Result<void> update_receipt(Transaction& tx, const ReceiptRow& r) {
    const Result<std::int64_t> changed = tx.execute(
        "UPDATE receipts SET state = $1, note = $2, credited = $3, surcharge = $4, "
        "capture_id = $5, cost = $6, identity = $7, named = $8, cost_told = $9, "
        "credited_day = $10, apart = $11, paid_day = $12, payment_id = $13, operation_id = $14 "
        "WHERE receipt_id = $15",
        {to_string(r.state),
         r.note,
         r.credited,
         r.surcharge,
         r.capture,
         r.cost,
         r.identity,
         r.named,
         r.cost_told,
         number_of(r.credited_on),
         r.apart,
         number_of(r.paid_on),
         r.payment,
         r.operation,
         r.id});
    if (!changed) return changed.error();
    if (*changed != 1) return Error(ErrorCode::not_found, "receipt to change");
    return {};
}

Result<ReceiptRow> load_receipt(Transaction& tx, const Uuid& id) {
    Result<std::vector<ReceiptRow>> found = receipts_where(tx, "receipt_id = $1 /*locked*/", {id});
    if (!found) return found.error();
    if (found->empty()) return Error(ErrorCode::not_found, "receipt " + to_text("rcp", id));
    return std::move(found->front());
}

Result<std::optional<ReceiptRow>> find_receipt(Transaction& tx,
                                               std::string_view connector,
                                               std::string_view reference,
                                               std::string_view identity) {
    Result<std::vector<ReceiptRow>> found =
        receipts_where(tx,
                       "connector = $1 AND reference = $2 AND identity = $3 /*locked*/",
                       {connector, reference, identity});
    if (!found) return found.error();
    if (found->empty()) return std::optional<ReceiptRow>();
    return std::optional(std::move(found->front()));
}

Result<std::vector<ReceiptRow>> receipts_of_payment(Transaction& tx, const Uuid& payment) {
    return receipts_where(tx, "payment_id = $1 ORDER BY receipt_id", {payment});
}

Result<std::vector<ReceiptRow>> receipts_of_amount(Transaction& tx,
                                                   std::string_view connector,
                                                   std::string_view reference,
                                                   Money amount) {
    return receipts_where(
        tx,
        "connector = $1 AND reference = $2 AND amount = $3 ORDER BY receipt_id /*locked*/",
        {connector, reference, amount.minor_units()});
}

Result<std::vector<ReceiptRow>> list_receipts(Transaction& tx,
                                              std::optional<ReceiptState> state,
                                              std::int64_t limit,
                                              const std::optional<Uuid>& after) {
    const Uuid below = after.value_or(kHighestUuid);
    if (!state) {
        return receipts_where(
            tx, "receipt_id < $1 ORDER BY receipt_id DESC LIMIT $2", {below, limit});
    }
    return receipts_where(tx,
                          "state = $1 AND receipt_id < $2 ORDER BY receipt_id DESC LIMIT $3",
                          {to_string(*state), below, limit});
}

Result<std::vector<ReceiptBacklog>> receipt_backlogs(Transaction& tx) {
    std::vector<ReceiptBacklog> backlogs;
    const Result<void> read = tx.query(
        "SELECT state, COUNT(*), MIN(created_us) FROM receipts "
        "WHERE state IN ('held', 'refund_due', 'refunding') GROUP BY state ORDER BY state",
        {},
        [&backlogs](const Row& row) {
            backlogs.push_back({.state = *parse_receipt_state(row.text(0)),
                                .count = row.integer(1),
                                .oldest = row.moment(2)});
        });
    if (!read) return read.error();
    return backlogs;
}

Result<std::vector<ReceiptRow>> receipts_like(Transaction& tx,
                                              std::string_view connector,
                                              const connectors::Notice& notice,
                                              std::chrono::days days) {
    const connectors::Receipt& told = *notice.receipt;
    // The condition of the partial index, as it is written there.
    const std::string which = told.identity.empty() ? "" : "AND named = 0 ";
    return receipts_where(
        tx,
        "connector = $1 AND reference = $2 AND amount = $3 " + which +
            "AND paid_day BETWEEN $4 AND $5 AND NOT EXISTS (SELECT 1 FROM receipt_tellings t "
            "WHERE t.receipt_id = receipts.receipt_id AND t.channel = $6) "
            "ORDER BY receipt_id /*locked*/",
        {connector,
         notice.reference,
         notice.amount->minor_units(),
         number_of(told.paid_on - days),
         number_of(told.paid_on + days),
         told.channel});
}

Result<std::string> load_cursor(Transaction& tx, std::string_view connector) {
    std::string cursor;
    const Result<void> read =
        tx.query("SELECT cursor_text FROM provider_cursors WHERE connector = $1",
                 {connector},
                 [&cursor](const Row& row) { cursor = row.text(0); });
    if (!read) return read.error();
    return cursor;
}

Result<void> move_cursor(Transaction& tx,
                         std::string_view connector,
                         std::string_view from,
                         std::string_view to) {
    if (from.empty()) {
        const Result<std::int64_t> first = tx.execute(
            "INSERT INTO provider_cursors (connector, cursor_text) VALUES ($1, $2) "
            "ON CONFLICT DO NOTHING",
            {connector, to});
        if (!first) return first.error();
        return {};
    }
    const Result<std::int64_t> moved = tx.execute(
        "UPDATE provider_cursors SET cursor_text = $1 WHERE connector = $2 AND cursor_text = $3",
        {to, connector, from});
    if (!moved) return moved.error();
    return {};
}

Result<std::optional<Uuid>> find_telling(Transaction& tx,
                                         std::string_view connector,
                                         std::string_view notice_id) {
    std::optional<Uuid> found;
    const Result<void> read =
        tx.query("SELECT receipt_id FROM receipt_tellings WHERE connector = $1 AND notice_id = $2",
                 {connector, notice_id},
                 [&found](const Row& row) { found = row.uuid(0); });
    if (!read) return read.error();
    return found;
}

Result<void> insert_telling(Transaction& tx,
                            const ReceiptRow& receipt,
                            const connectors::Notice& notice,
                            Timestamp now) {
    std::optional<std::int64_t> cost;
    if (notice.receipt->cost) cost = notice.receipt->cost->minor_units();
    const Result<std::int64_t> inserted = tx.execute(
        "INSERT INTO receipt_tellings (connector, notice_id, channel, receipt_id, told_us, "
        "told_day, told_cost, told_credited_day, by_name) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        {receipt.connector,
         notice.id,
         notice.receipt->channel,
         receipt.id,
         now,
         number_of(notice.receipt->paid_on),
         cost,
         number_of(notice.receipt->credited_on),
         !notice.receipt->identity.empty()});
    if (!inserted) return inserted.error();
    return {};
}

Result<bool> is_first_telling(Transaction& tx,
                              std::string_view connector,
                              const connectors::Notice& notice,
                              std::chrono::days days_max) {
    const std::optional<std::int64_t> day = fee_day(notice);
    const std::int64_t around = day ? days_max.count() : 0;
    bool told = false;
    std::int64_t ours = 0;
    std::int64_t others = 0;
    const Result<void> read = tx.query(
        "SELECT channel, notice_id FROM instrument_tellings "
        "WHERE connector = $1 AND subject = $2 AND "
        "(day IS NULL OR $3 = 0 OR (day >= $4 AND day <= $5)) ORDER BY channel",
        {connector, subject_of(notice), around, day.value_or(0) - around, day.value_or(0) + around},
        [&, channel = std::string(), count = std::int64_t{0}](const Row& row) mutable {
            if (channel != row.text(0)) count = 0;
            channel = row.text(0);
            ++count;
            std::int64_t& most = channel == notice.receipt->channel ? ours : others;
            most = std::max(most, count);
            told = told || row.text(1) == notice.id;
        });
    if (!read) return read.error();
    return !told && ours >= others;
}

Result<void> insert_instrument_telling(Transaction& tx,
                                       std::string_view connector,
                                       const connectors::Notice& notice,
                                       Timestamp now) {
    const Result<std::int64_t> inserted = tx.execute(
        "INSERT INTO instrument_tellings (connector, notice_id, subject, channel, told_us, day) "
        "VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING",
        {connector, notice.id, subject_of(notice), notice.receipt->channel, now, fee_day(notice)});
    if (!inserted) return inserted.error();
    return {};
}

}  // namespace causeway::gateway
