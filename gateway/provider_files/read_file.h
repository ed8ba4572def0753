// SPDX-License-Identifier: Apache-2.0
//
// Reads a provider's file: the whole of it is read and checked first, then what it tells is
// applied, some hundred lines a commit, by the same code that takes in a provider's notifications.
//
// After a crash in the middle it is read again from the start: a line that was applied is known. A
// file that was read to its end changes nothing any more.
#pragma once

#include "connectors/files.h"
#include "gateway/notifications/inbox.h"
#include "gateway/provider_files/provider_files_store.h"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace causeway::gateway {

struct FileLine {
    std::int64_t line = 0;
    connectors::Notice notice;
};

/// A file as its connector understood it; nothing of it is applied yet.
struct ParsedFile {
    connectors::FileHeader header;
    std::vector<FileLine> lines;
    std::vector<connectors::LineFault> faults;
};

/// Errors: `invalid_argument` when it is not such a file, or not a whole one.
[[nodiscard]] Result<ParsedFile> parse_provider_file(const connectors::FileExchange& files,
                                                     std::string_view bytes);

struct FileToRead {
    std::string connector;
    std::string name;
    std::string bytes;
    ParsedFile parsed;
    /// It may take the place of one of its number that was read: what that one told is known.
    bool corrected = false;
};

/// A line that was not believed, or money for nothing of ours.
struct DisbelievedLine {
    std::int64_t line = 0;
    connectors::NoticeKind kind = connectors::NoticeKind::outcome;
    std::string reference;
    NoticeVerdict verdict = NoticeVerdict::applied;
};

struct ReadReport {
    ProviderFile file;
    std::string what;  ///< The provider's own description of the file.
    bool read_before = false;
    std::map<connectors::NoticeKind, FileCounts> kinds;
    std::vector<DisbelievedLine> disbelieved;
    std::vector<connectors::LineFault> faults;
    std::vector<ApartTold> apart;
    std::vector<std::string> warnings;
};

/// Threads: one at a time. Lifetime: borrows the database and the shop.
class FileReading {
  public:
    FileReading(ledger::Database& database, const Workshop& shop, FileToRead file)
        : database_(database), shop_(shop), file_(std::move(file)) {}

    /// Errors: `conflict` when another file of this number was read, unless it is a corrected one.
    /// Nothing was changed then.
    [[nodiscard]] Result<void> begin();
    /// Applies the next lines; false: it is done. Errors: those of the storage; what was applied
    /// stays, and the file may be read again.
    [[nodiscard]] Result<bool> go_on();

    [[nodiscard]] const ReadReport& report() const noexcept { return report_; }
    [[nodiscard]] std::size_t done() const noexcept { return next_; }
    [[nodiscard]] std::size_t lines() const noexcept { return file_.parsed.lines.size(); }
    /// Something was left for the janitor to send.
    [[nodiscard]] bool work_left() const noexcept { return work_left_; }

  private:
    struct Begun {
        ProviderFile file;
        std::vector<std::string> warnings;
    };
    [[nodiscard]] Result<Begun> claim_corrected(ledger::Transaction& tx,
                                                const ProviderFile& fresh,
                                                const ProviderFile& corrected) const;
    [[nodiscard]] Result<Begun> claim(ledger::Transaction& tx, const ProviderFile& fresh) const;
    [[nodiscard]] Result<std::vector<connectors::Notice>> told_before(
        ledger::Transaction& tx) const;
    [[nodiscard]] Result<void> compare_with_corrected();
    void leave_what_is_new(const std::vector<connectors::Notice>& before);
    [[nodiscard]] Result<void> take_in_lines(std::size_t from, std::size_t until);
    void count(const FileLine& line, const Taken& taken);
    [[nodiscard]] Result<void> finish();

    ledger::Database& database_;
    const Workshop& shop_;
    FileToRead file_;
    NotificationMessage message_;
    ReadReport report_;
    std::size_t next_ = 0;
    bool work_left_ = false;
};

}  // namespace causeway::gateway
