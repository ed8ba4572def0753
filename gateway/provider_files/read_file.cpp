// SPDX-License-Identifier: Apache-2.0
#include "gateway/provider_files/read_file.h"

#include "gateway/log.h"
#include "gateway/notifications/notifications_store.h"
#include "ledger/store/commit_queue.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace causeway::gateway {
namespace {

using connectors::FileHeader;
using connectors::FileSink;
using connectors::LineFault;
using connectors::Notice;
using connectors::NoticeKind;
using ledger::Transaction;

// One commit's: some others may come in between, and a crash costs no more.
constexpr std::size_t kLinesACommit = 500;

ProviderFile described(const Workshop& shop, const FileToRead& file) {
    const FileHeader& header = file.parsed.header;
    ProviderFile row;
    row.id = shop.ids.next();
    row.connector = file.connector;
    row.direction = FileDirection::in;
    if (header.sequence > 0) row.sequence = header.sequence;
    row.name = file.name;
    row.digest = sha256(file.bytes);
    row.day = header.made_on;
    row.state = FileState::reading;
    row.created = shop.clock.now();
    return row;
}

std::string when(const ProviderFile& file) {
    return file.name + " (sha256 " + to_hex(file.digest) + ", read " + to_rfc3339(file.created) +
           ")";
}

// Numbers need not be without gaps: a provider may send a file twice, or one that never came.
std::vector<std::string> gap_before(const ProviderFile& file, std::int64_t last) {
    if (!file.sequence || *file.sequence == last + 1) return {};
    const std::string number = std::to_string(*file.sequence);
    if (last == 0) {
        return {"the first file of this account is number " + number +
                ": nothing is known of those before"};
    }
    if (*file.sequence <= last) {
        return {"number " + number + " comes after number " + std::to_string(last) +
                " was read: late, or the provider counts anew"};
    }
    const std::string first = std::to_string(last + 1);
    const std::string end = std::to_string(*file.sequence - 1);
    const std::string missing =
        first == end ? "number " + first + " was" : "numbers " + first + " to " + end + " were";
    return {missing + " not read: ask the provider for what is missing"};
}

// What a line says of money: the same in two files, it is the same.
using MoneyLine = std::tuple<NoticeKind, std::int64_t, Day>;

bool is_money(const Notice& notice) {
    return notice.amount && notice.receipt;
}

MoneyLine money_in(const Notice& notice) {
    return {notice.kind, notice.amount->minor_units(), notice.receipt->paid_on};
}

// It is no use to try the lines one by one.
bool is_environment(const Error& error) {
    return error.code() == ErrorCode::storage || error.code() == ErrorCode::unavailable;
}

FileCounts& operator+=(FileCounts& sum, const FileCounts& more) {
    sum.lines += more.lines;
    sum.applied += more.applied;
    sum.known += more.known;
    sum.unmatched += more.unmatched;
    sum.disbelieved += more.disbelieved;
    return sum;
}

}  // namespace

Result<ParsedFile> parse_provider_file(const connectors::FileExchange& files,
                                       std::string_view bytes) {
    ParsedFile parsed;
    const FileSink sink{
        .header = [&parsed](const FileHeader& header) { parsed.header = header; },
        .notice =
            [&parsed](std::int64_t line, Notice notice) {
                parsed.lines.push_back({.line = line, .notice = std::move(notice)});
            },
        .fault = [&parsed](LineFault fault) { parsed.faults.push_back(std::move(fault)); },
        .progress = [](std::int64_t) {}};
    const Result<void> read = files.read(bytes, sink);
    if (!read) return read.error();
    return parsed;
}

Result<FileReading::Begun> FileReading::claim_corrected(Transaction& tx,
                                                        const ProviderFile& fresh,
                                                        const ProviderFile& corrected) const {
    if (corrected.state == FileState::reading) {
        return Error(ErrorCode::conflict,
                     when(corrected) + " was read in part: read that one again first");
    }
    Begun begun{.file = fresh, .warnings = {"it takes the place of " + when(corrected)}};
    begun.file.corrects = std::exchange(begun.file.sequence, std::nullopt);
    const Result<void> inserted = insert_provider_file(tx, begun.file);
    if (!inserted) return inserted.error();
    return begun;
}

Result<FileReading::Begun> FileReading::claim(Transaction& tx, const ProviderFile& fresh) const {
    const FileKey theirs{.connector = fresh.connector, .direction = FileDirection::in};
    Result<std::optional<ProviderFile>> same = find_provider_file(tx, theirs, fresh.digest);
    if (!same) return same.error();
    if (*same) return Begun{.file = **std::move(same), .warnings = {}};
    if (fresh.sequence) {
        const Result<std::optional<ProviderFile>> other =
            find_numbered_file(tx, theirs, *fresh.sequence);
        if (!other) return other.error();
        if (*other && file_.corrected) return claim_corrected(tx, fresh, **other);
        if (*other) {
            return Error(ErrorCode::conflict,
                         fresh.name + " (sha256 " + to_hex(fresh.digest) + ") has number " +
                             std::to_string(*fresh.sequence) + ", and so has " + when(**other) +
                             ": nothing of it was used. If the provider has corrected it, say "
                             "--corrected");
        }
    }
    const Result<std::int64_t> last = last_file_sequence(tx, theirs);
    if (!last) return last.error();
    const Result<void> inserted = insert_provider_file(tx, fresh);
    if (!inserted) return inserted.error();
    return Begun{.file = fresh, .warnings = gap_before(fresh, *last)};
}

Result<void> FileReading::begin() {
    const ProviderFile fresh = described(shop_, file_);
    Result<Begun> begun = database_.writer().commit<Begun>(
        [this, &fresh](Transaction& tx) { return claim(tx, fresh); });
    if (!begun) return begun.error();
    report_.file = std::move(begun->file);
    report_.warnings = std::move(begun->warnings);
    report_.what = file_.parsed.header.what;
    report_.read_before = report_.file.state == FileState::read;
    if (report_.read_before) return {};
    report_.faults = file_.parsed.faults;
    // The same name as the file's: a file that is read again finds its message.
    message_ = {.id = report_.file.id,
                .connector = file_.connector,
                .body_sha256 = report_.file.digest,
                .state = MessageState::read,
                .sealed = shop_.vault.seal(file_.bytes, report_.file.id),
                .vault_key = shop_.vault.key_name(),
                .size = static_cast<std::int64_t>(file_.bytes.size()),
                .received = shop_.clock.now()};
    return report_.file.corrects ? compare_with_corrected() : Result<void>();
}

// What the file of this number, and those that corrected it before, have told.
Result<std::vector<Notice>> FileReading::told_before(Transaction& tx) const {
    const Result<std::vector<NumberedFile>> files =
        files_of_number(tx, file_.connector, FileDirection::in, *report_.file.corrects);
    if (!files) return files.error();
    std::vector<Notice> told;
    for (const NumberedFile& file : *files) {
        if (file.id == report_.file.id) continue;
        Result<std::vector<NotificationRow>> rows = notifications_of(tx, file.id);
        if (!rows) return rows.error();
        if (rows->empty() && file.told > 0) {
            return Error(ErrorCode::conflict,
                         "what number " + std::to_string(*report_.file.corrects) +
                             " told is not kept any more: nothing can be compared with it");
        }
        for (NotificationRow& row : *rows)
            told.push_back(std::move(row.notice));
    }
    return told;
}

Result<void> FileReading::compare_with_corrected() {
    const Result<std::vector<Notice>> before = database_.writer().commit<std::vector<Notice>>(
        [this](Transaction& tx) { return told_before(tx); });
    if (!before) return before.error();
    leave_what_is_new(*before);
    return {};
}

// A line that stands in both files is known. What is new counts only for a title of which the first
// file told nothing that is not in this one: a payment with another day or amount is one that
// changed, not one more.
void FileReading::leave_what_is_new(const std::vector<Notice>& before) {
    std::map<std::string, std::map<MoneyLine, int>> told;
    for (const Notice& notice : before) {
        if (is_money(notice)) ++told[notice.reference][money_in(notice)];
    }
    std::vector<FileLine> left;
    std::vector<FileLine> fresh;
    for (FileLine& line : file_.parsed.lines) {
        if (!is_money(line.notice)) {
            left.push_back(std::move(line));
            continue;
        }
        int& times = told[line.notice.reference][money_in(line.notice)];
        if (times == 0) {
            fresh.push_back(std::move(line));
            continue;
        }
        --times;
        FileCounts& counts = report_.kinds[line.notice.kind];
        ++counts.lines;
        ++counts.known;
    }
    for (FileLine& line : fresh) {
        const bool changed = std::ranges::any_of(told[line.notice.reference],
                                                 [](const auto& each) { return each.second > 0; });
        if (changed) {
            report_.faults.push_back({.line = line.line,
                                      .column = 0,
                                      .field = {},
                                      .reason = "says something else than the file that it "
                                                "corrects; what that one said is booked"});
            continue;
        }
        // Of several lines alike it may be another one than it was.
        line.notice.id += "/corrected";
        left.push_back(std::move(line));
    }
    std::ranges::sort(left, {}, &FileLine::line);
    file_.parsed.lines = std::move(left);
}

void FileReading::count(const FileLine& line, const Taken& taken) {
    FileCounts& counts = report_.kinds[line.notice.kind];
    ++counts.lines;
    const bool told = taken.verdict == NoticeVerdict::applied;
    if (taken.verdict == NoticeVerdict::duplicate || (told && taken.known)) {
        ++counts.known;
        return;
    }
    if (told) {
        ++counts.applied;
        return;
    }
    const bool money = taken.verdict == NoticeVerdict::unknown_reference &&
                       line.notice.kind == NoticeKind::received;
    ++(money ? counts.unmatched : counts.disbelieved);
    report_.disbelieved.push_back({.line = line.line,
                                   .kind = line.notice.kind,
                                   .reference = line.notice.reference,
                                   .verdict = taken.verdict});
}

Result<void> FileReading::take_in_lines(std::size_t from, std::size_t until) {
    std::vector<Notice> notices;
    for (std::size_t at = from; at < until; ++at)
        notices.push_back(file_.parsed.lines[at].notice);
    const Result<Intake> taken = database_.writer().commit<Intake>(
        [this, &notices](Transaction& tx) { return take_in(tx, shop_, message_, notices); });
    if (!taken) return taken.error();
    work_left_ = work_left_ || taken->work_left;
    for (std::size_t at = from; at < until; ++at)
        count(file_.parsed.lines[at], taken->each.at(at - from));
    return {};
}

Result<void> FileReading::finish() {
    FileCounts total;
    for (const auto& [kind, counts] : report_.kinds)
        total += counts;
    total.faults = static_cast<std::int64_t>(report_.faults.size());
    total.lines += total.faults;
    using Apart = std::vector<ApartTold>;
    Result<Apart> apart =
        database_.writer().commit<Apart>([this, &total](Transaction& tx) -> Result<Apart> {
            const Result<void> finished = finish_provider_file(tx, report_.file.id, total);
            if (!finished) return finished.error();
            return apart_of_message(tx, report_.file.id);
        });
    if (!apart) return apart.error();
    report_.apart = *std::move(apart);
    report_.file.counts = total;
    report_.file.state = FileState::read;
    return {};
}

Result<bool> FileReading::go_on() {
    if (report_.file.state == FileState::read) return false;
    const std::size_t until = std::min(next_ + kLinesACommit, lines());
    if (next_ == until) {
        const Result<void> finished = finish();
        if (!finished) return finished.error();
        return false;
    }
    const Result<void> together = take_in_lines(next_, until);
    if (!together && is_environment(together.error())) return together.error();
    for (std::size_t at = next_; !together && at < until; ++at) {
        const Result<void> alone = take_in_lines(at, at + 1);
        if (alone) continue;
        if (is_environment(alone.error())) return alone.error();
        report_.faults.push_back({.line = file_.parsed.lines[at].line,
                                  .column = 0,
                                  .field = {},
                                  .reason = "can not be kept: " + alone.error().detail()});
    }
    next_ = until;
    return true;
}

}  // namespace causeway::gateway
