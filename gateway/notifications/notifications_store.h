// SPDX-License-Identifier: Apache-2.0
//
// Rows of what providers told us.
//
// The raw body is sealed like a card number: it may name the buyer. The parts of a notice that are
// kept in the open name operations, amounts and cases, and nobody.
#pragma once

#include "connectors/notice.h"
#include "gateway/payments/notices.h"
#include "ledger/digest.h"
#include "ledger/id.h"
#include "ledger/store/database.h"

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace causeway::gateway {

enum class MessageState {
    read,        ///< Its notices have rows of their own.
    unreadable,  ///< Well signed, and not in the provider's form.
};

[[nodiscard]] std::string_view to_string(MessageState state) noexcept;

struct NotificationMessage {
    Uuid id;
    std::string connector;
    Sha256 body_sha256{};
    MessageState state = MessageState::read;
    std::vector<std::uint8_t> sealed;
    std::string vault_key;
    std::int64_t size = 0;
    Timestamp received;
};

struct NotificationRow {
    std::string connector;
    connectors::Notice notice;
    Uuid message;
    Sha256 digest{};  ///< Of the notice: the same id with other contents is no repetition.
    NoticeVerdict verdict = NoticeVerdict::applied;
    std::optional<Uuid> payment;
    std::int64_t repeats = 0;  ///< How often it came again.
    Timestamp received;
};

/// What the provider says: what happened to what, how much, and the name, days and cost of a
/// receipt. Not in it are the words that this program puts to it (the channel, the way), nor a part
/// that is empty or nothing: a version that learns to tell one more thing of the same message comes
/// to the same digest. Nor when it was received.
[[nodiscard]] Sha256 digest_of(const connectors::Notice& notice);

/// Whether `told` is the stored notice once more, also when an older version stored it and made
/// its digest of something else: then the two notices are compared as this version reads them.
[[nodiscard]] bool is_repetition(const NotificationRow& known, const connectors::Notice& told);

[[nodiscard]] Result<void> insert_message(ledger::Transaction& tx,
                                          const NotificationMessage& message);
[[nodiscard]] Result<bool> has_message(ledger::Transaction& tx,
                                       const std::string& connector,
                                       const Sha256& body);
/// Errors: `not_found`.
[[nodiscard]] Result<NotificationMessage> load_message(ledger::Transaction& tx, const Uuid& id);

[[nodiscard]] Result<void> insert_notification(ledger::Transaction& tx, const NotificationRow& row);
[[nodiscard]] Result<std::optional<NotificationRow>> find_notification(ledger::Transaction& tx,
                                                                       const std::string& connector,
                                                                       const std::string& id);
[[nodiscard]] Result<void> count_repeat(ledger::Transaction& tx,
                                        const std::string& connector,
                                        const std::string& id);
[[nodiscard]] Result<void> set_verdict(ledger::Transaction& tx, const NotificationRow& row);

/// Whether something that happened after `notice` to the same case was applied already.
[[nodiscard]] Result<bool> is_overtaken(ledger::Transaction& tx,
                                        const std::string& connector,
                                        const connectors::Notice& notice);

/// Which of these notices were taken in before.
[[nodiscard]] Result<std::set<std::string>> known_notices(ledger::Transaction& tx,
                                                          const std::string& connector,
                                                          const std::vector<std::string>& ids);
/// For which of these references early_notifications() has something.
[[nodiscard]] Result<std::set<std::string>> references_told_early(
    ledger::Transaction& tx,
    const std::string& connector,
    const std::vector<std::string>& references);
/// Those about an operation that were not believed and may have come too early, oldest first.
[[nodiscard]] Result<std::vector<NotificationRow>> early_notifications(
    ledger::Transaction& tx, const std::string& connector, const std::string& reference);

/// Deletes messages from before `before` with their notices, `limit` at most; returns how many.
/// Notices of disputes that were applied stay: they tell what is said again from what is new.
[[nodiscard]] Result<int> delete_old_messages(ledger::Transaction& tx, Timestamp before, int limit);

struct NotificationFilter {
    std::string connector;  ///< Empty: every one.
    std::string verdict;
    std::int64_t limit = 50;
};
/// Newest first.
[[nodiscard]] Result<std::vector<NotificationRow>> list_notifications(
    ledger::Transaction& tx, const NotificationFilter& filter);
[[nodiscard]] Result<std::vector<NotificationRow>> notifications_of(ledger::Transaction& tx,
                                                                    const Uuid& message);
/// Messages that could not be read, newest first.
[[nodiscard]] Result<std::vector<NotificationMessage>> unreadable_messages(ledger::Transaction& tx,
                                                                           std::int64_t limit);

}  // namespace causeway::gateway
