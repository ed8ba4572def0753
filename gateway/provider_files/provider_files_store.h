// SPDX-License-Identifier: Apache-2.0
//
// Rows of the files that are exchanged with providers, and of what the next one is to tell.
//
// The bytes of our own files name buyers: they are sealed, and kept so that a file can be written
// out again. Those of the provider's files are kept as a notification's message is.
#pragma once

#include "gateway/collections/receipt_rules.h"
#include "ledger/clock.h"
#include "ledger/digest.h"
#include "ledger/id.h"
#include "ledger/store/database.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace causeway::gateway {

/// The spelling is stored and shown.
enum class FileDirection { out, in };

[[nodiscard]] std::string_view to_string(FileDirection direction) noexcept;

enum class FileState {
    written,
    reading,  ///< Some of its lines may have been applied, not all: it is to be read again.
    read,
};

[[nodiscard]] std::string_view to_string(FileState state) noexcept;

/// What became of a file's lines. Each line is counted once, but for `lines`: all of them.
struct FileCounts {
    std::int64_t lines = 0;    ///< Of our own file: operations.
    std::int64_t applied = 0;  ///< Of our own file: those that are in it.
    std::int64_t known = 0;
    std::int64_t unmatched = 0;    ///< Money for nothing of ours.
    std::int64_t disbelieved = 0;  ///< For any other reason.
    std::int64_t faults = 0;

    friend bool operator==(const FileCounts&, const FileCounts&) = default;
};

struct ProviderFile {
    Uuid id;
    std::string connector;
    FileDirection direction = FileDirection::out;
    std::optional<std::int64_t> sequence;  ///< None where the provider does not count its files.
    /// The number of the file whose place it takes; then it has none of its own.
    std::optional<std::int64_t> corrects = std::nullopt;
    std::string name;
    Sha256 digest{};
    std::optional<Day> day;  ///< As it says itself.
    FileState state = FileState::written;
    FileCounts counts;
    std::vector<std::uint8_t> sealed;  ///< Of our own files alone.
    std::string vault_key;
    Timestamp created;
};

[[nodiscard]] std::string_view provider_files_schema_sql();
/// Files that correct others.
[[nodiscard]] std::string_view corrected_files_schema_sql();

struct NumberedFile {
    Uuid id;
    /// Lines of it of which a notification was kept. 0 for one that took another's place: of its
    /// lines those that the other had are not kept again, be it all of them.
    std::int64_t told = 0;
};
/// The files of that number, and those that took its place.
[[nodiscard]] Result<std::vector<NumberedFile>> files_of_number(ledger::Transaction& tx,
                                                                std::string_view connector,
                                                                FileDirection direction,
                                                                std::int64_t sequence);

/// The connector's next file is to tell of the operation. Queued twice is queued once.
[[nodiscard]] Result<void> queue_for_file(ledger::Transaction& tx,
                                          std::string_view connector,
                                          const Uuid& operation);
/// At most `limit`, in the order in which they were begun; locked.
[[nodiscard]] Result<std::vector<Uuid>> queued_for_file(ledger::Transaction& tx,
                                                        std::string_view connector,
                                                        std::size_t limit);
[[nodiscard]] Result<void> take_from_queue(ledger::Transaction& tx, const Uuid& operation);

/// Errors: `conflict` when the file, or another of its number, is there.
[[nodiscard]] Result<void> insert_provider_file(ledger::Transaction& tx, const ProviderFile& file);
/// It is read, and this is what became of it.
[[nodiscard]] Result<void> finish_provider_file(ledger::Transaction& tx,
                                                const Uuid& id,
                                                const FileCounts& counts);

/// Which file it is about.
struct FileKey {
    std::string_view connector;
    FileDirection direction;
};
[[nodiscard]] Result<std::optional<ProviderFile>> find_provider_file(ledger::Transaction& tx,
                                                                     const FileKey& key,
                                                                     const Sha256& digest);
[[nodiscard]] Result<std::optional<ProviderFile>> find_numbered_file(ledger::Transaction& tx,
                                                                     const FileKey& key,
                                                                     std::int64_t sequence);
/// 0 when there is none.
[[nodiscard]] Result<std::int64_t> last_file_sequence(ledger::Transaction& tx, const FileKey& key);

/// Receipts of one sort that a file told of first and that were not all credited.
struct ApartTold {
    std::string reason;
    std::string state;
    std::string currency;
    std::int64_t count = 0;
    std::int64_t amount = 0;  ///< Units: minor units.
};
/// `message`: the notification's that a file is kept as.
[[nodiscard]] Result<std::vector<ApartTold>> apart_of_message(ledger::Transaction& tx,
                                                              const Uuid& message);

/// What waits for a connector's next file.
struct FileBacklog {
    std::string connector;
    std::int64_t waiting = 0;
    Timestamp oldest;
};
[[nodiscard]] Result<std::vector<FileBacklog>> file_backlogs(ledger::Transaction& tx);

}  // namespace causeway::gateway
