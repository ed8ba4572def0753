// SPDX-License-Identifier: Apache-2.0
#include "gateway/provider_files/file_commands.h"

#include "gateway/cli/by_hand.h"
#include "gateway/cli/text_table.h"
#include "gateway/provider_files/file_report.h"
#include "gateway/provider_files/read_file.h"
#include "gateway/provider_files/write_file.h"
#include "ledger/store/commit_queue.h"

#include <algorithm>
#include <charconv>
#include <memory>
#include <utility>

namespace causeway::gateway {
namespace {

using connectors::FileExchange;
using ledger::Transaction;

struct Bank {
    std::string name;
    const FileExchange* files;
};

Error wrong_use(const std::string& what) {
    return Error(ErrorCode::invalid_argument, what);
}

// The connectors that exchange files; with --bank that one alone, or all with the bank of that name
// where no connector bears it.
Result<std::vector<Bank>> banks_of(const Workshop& shop, const CommandRequest& request) {
    const std::string wanted = request.option("bank");
    std::vector<Bank> banks;
    std::vector<Bank> with_partner;
    std::string known;
    for (const ConnectorEntry& entry : shop.connectors.all()) {
        const FileExchange* const files = entry.connector->files();
        if (files == nullptr) continue;
        const std::string& name = entry.connector->capability().name;
        known += (known.empty() ? "" : ", ") + name;
        if (wanted.empty() || name == wanted) banks.push_back({.name = name, .files = files});
        if (files->partner() == wanted) with_partner.push_back({.name = name, .files = files});
    }
    if (banks.empty()) banks = std::move(with_partner);
    if (!banks.empty()) return banks;
    if (known.empty()) return wrong_use("no connector of the configuration exchanges files");
    return wrong_use("--bank: '" + wanted + "' exchanges no files; those that do: " + known);
}

Result<Bank> one_bank(const Workshop& shop, const CommandRequest& request) {
    const Result<std::vector<Bank>> banks = banks_of(shop, request);
    if (!banks) return banks.error();
    if (banks->size() == 1) return banks->front();
    std::string names;
    for (const Bank& bank : *banks)
        names += (names.empty() ? "" : ", ") + bank.name;
    return wrong_use("--bank: which of " + names + "?");
}

// Noon: the same day at every bank that we know.
Result<Timestamp> made_at(const CommandContext& context, const CommandRequest& request) {
    const Timestamp now = context.clock.now();
    const std::string date = request.option("date");
    if (date.empty() || date == "today") return now;
    const Result<Day> day = parse_day(date);
    if (!day) return wrong_use("--date must be YYYY-MM-DD or today");
    if (*day == day_of(now)) return now;
    return Timestamp(*day) + std::chrono::hours(12);
}

Result<std::optional<std::int64_t>> number_again(const CommandRequest& request) {
    if (!request.flag("again")) return std::optional<std::int64_t>();
    const std::string text = request.option("again");
    std::int64_t number = 0;
    const char* const end = text.data() + text.size();
    const auto [stop, failure] = std::from_chars(text.data(), end, number);
    if (failure == std::errc{} && stop == end && number > 0) return std::optional(number);
    return wrong_use("--again: the number of a file, from 1");
}

struct Writing {
    std::string bank;
    Timestamp made;
    std::optional<std::int64_t> again;
};

Result<Writing> writing_of(const CommandContext& context, const CommandRequest& request) {
    const Result<Bank> bank = one_bank(*context.shop, request);
    if (!bank) return bank.error();
    const Result<Timestamp> made = made_at(context, request);
    if (!made) return made.error();
    const Result<std::optional<std::int64_t>> again = number_again(request);
    if (!again) return again.error();
    if (*again && request.flag("date")) return wrong_use("--again and --date exclude each other");
    return Writing{.bank = bank->name, .made = *made, .again = *again};
}

// Writes one file after the other, until nothing waits.
class Remessa {
  public:
    Remessa(CommandContext& context, const CommandRequest& request, Writing writing)
        : database_(context.database),
          shop_(*context.shop),
          work_left_(context.work_left),
          json_(request.flag("json")),
          writing_(std::move(writing)) {}

    // As CommandWork.
    bool go_on(std::string&, CommandOutput& rest) {
        Result<WriteOutcome> outcome = write();
        const bool more = outcome && outcome->more;
        if (outcome)
            take(*std::move(outcome));
        else
            stop(outcome.error());
        if (!more) rest = std::move(output_);
        return more;
    }

  private:
    Result<WriteOutcome> write() {
        return database_.writer().commit<WriteOutcome>([this](Transaction& tx) {
            if (writing_.again) return write_again(tx, shop_, writing_.bank, *writing_.again);
            return write_provider_file(tx, shop_, writing_.bank, writing_.made);
        });
    }

    void take(WriteOutcome outcome) {
        if (!outcome.refused.empty()) {
            work_left_();
            output_.exit_code = kExitPartly;
        }
        if (!json_ && !output_.out.empty()) output_.out += "\n";
        output_.out += json_ ? written_json(outcome) : written_text(outcome);
        if (!outcome.file) return;
        output_.files.push_back(
            {.name = std::move(outcome.content.name), .content = std::move(outcome.content.bytes)});
    }

    void stop(const Error& error) {
        const CommandOutput failure = failed(error);
        output_.err += failure.err;
        output_.exit_code = output_.files.empty() ? failure.exit_code : kExitPartly;
    }

    ledger::Database& database_;
    const Workshop& shop_;
    std::function<void()> work_left_;
    bool json_;
    Writing writing_;
    CommandOutput output_;
};

// A file's name may hold anything; what is stored and shown may not.
std::string shown_name(const std::string& path) {
    std::string name = printable(path.substr(path.rfind('/') + 1));
    for (char& c : name)
        if (static_cast<unsigned char>(c) >= 0x80) c = '?';
    return name;
}

// Each bank is asked to read it: one can, or the file is nobody's.
Result<FileToRead> recognise(const std::vector<Bank>& banks,
                             const InputFile& file,
                             bool corrected) {
    FileToRead found{.connector = {}, .name = shown_name(file.name), .bytes = {}, .parsed = {}};
    std::string reasons;
    for (const Bank& bank : banks) {
        Result<ParsedFile> parsed = parse_provider_file(*bank.files, file.content);
        if (!parsed) {
            reasons += (reasons.empty() ? "" : "; ") + bank.name + ": " + parsed.error().detail();
            continue;
        }
        if (!found.connector.empty()) {
            return wrong_use(found.name + ": " + found.connector + " and " + bank.name +
                             " can both read it; say which with --bank");
        }
        found.connector = bank.name;
        found.parsed = *std::move(parsed);
    }
    found.corrected = corrected;
    if (found.connector.empty()) return wrong_use(found.name + ": " + reasons);
    found.bytes = file.content;
    return found;
}

// Reads one file after the other, a commit at a time.
class Retorno {
  public:
    Retorno(CommandContext& context, const CommandRequest& request, std::vector<FileToRead> files)
        : database_(context.database),
          shop_(*context.shop),
          work_left_(context.work_left),
          json_(request.flag("json")),
          files_(std::move(files)) {}

    // As CommandWork.
    bool go_on(std::string& note, CommandOutput& rest) {
        const Result<bool> more = step(note);
        if (!more) stop(more.error());
        if (more && *more) return true;
        rest = std::move(output_);
        return false;
    }

  private:
    Result<bool> step(std::string& note) {
        if (!reading_) return begin_next();
        const Result<bool> more = reading_->go_on();
        if (!more) return more.error();
        if (*more) {
            say_how_far(note);
            return true;
        }
        end_file();
        return at_ < files_.size();
    }

    Result<bool> begin_next() {
        name_ = files_[at_].name;
        told_ = 0;
        reading_.emplace(database_, shop_, std::move(files_[at_]));
        ++at_;
        const Result<void> begun = reading_->begin();
        if (!begun) return begun.error();
        return true;
    }

    void say_how_far(std::string& note) {
        constexpr std::size_t kTellEvery = 5'000;
        if (reading_->done() < told_ + kTellEvery || reading_->done() == reading_->lines()) return;
        told_ = reading_->done();
        note = name_ + ": " + std::to_string(told_) + " of " + std::to_string(reading_->lines()) +
               " lines\n";
    }

    void end_file() {
        const ReadReport& report = reading_->report();
        if (report.read_before) {
            output_.err += name_ + " was read before, at " + to_rfc3339(report.file.created) +
                           "; nothing was changed.\n";
        }
        for (const std::string& warning : report.warnings)
            output_.err += name_ + ": " + warning + "\n";
        if (!json_ && !output_.out.empty()) output_.out += "\n";
        output_.out += json_ ? read_json(report) : read_text(report);
        output_.exit_code = std::max(output_.exit_code, exit_code_of(report));
        if (reading_->work_left()) work_left_();
        ++done_;
        reading_.reset();
    }

    void stop(const Error& error) {
        const CommandOutput failure = refused(error);
        const bool some = done_ > 0 || (reading_ && reading_->done() > 0);
        output_.err += failure.err;
        output_.exit_code = some ? kExitPartly : failure.exit_code;
        if (reading_ && reading_->done() > 0) {
            output_.err += name_ + " was read in part: read it again\n";
        }
        if (reading_ && reading_->work_left()) work_left_();
    }

    ledger::Database& database_;
    const Workshop& shop_;
    std::function<void()> work_left_;
    bool json_;
    std::vector<FileToRead> files_;
    std::optional<FileReading> reading_;
    std::string name_;
    std::size_t at_ = 0;
    std::size_t done_ = 0;
    std::size_t told_ = 0;
    CommandOutput output_;
};

}  // namespace

CommandOutput boleto_remessa(CommandContext& context, const CommandRequest& request) {
    if (context.shop == nullptr) return no_gateway();
    Result<Writing> writing = writing_of(context, request);
    if (!writing) return failed(writing.error());
    CommandOutput output;
    output.work = [run = std::make_shared<Remessa>(context, request, *std::move(writing))](
                      std::string& note, CommandOutput& rest) { return run->go_on(note, rest); };
    return output;
}

CommandOutput boleto_retorno(CommandContext& context, const CommandRequest& request) {
    if (context.shop == nullptr) return no_gateway();
    if (request.files.empty()) return usage_error("boleto retorno wants at least one FILE");
    const Result<std::vector<Bank>> banks = banks_of(*context.shop, request);
    if (!banks) return failed(banks.error());
    std::vector<FileToRead> files;
    for (const InputFile& file : request.files) {
        Result<FileToRead> found = recognise(*banks, file, request.flag("corrected"));
        if (!found) return failed(found.error());
        files.push_back(*std::move(found));
    }
    CommandOutput output;
    output.work = [run = std::make_shared<Retorno>(context, request, std::move(files))](
                      std::string& note, CommandOutput& rest) { return run->go_on(note, rest); };
    return output;
}

}  // namespace causeway::gateway
