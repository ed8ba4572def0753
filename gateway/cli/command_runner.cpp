// SPDX-License-Identifier: Apache-2.0
#include "gateway/cli/command_runner.h"

#include "gateway/cli/by_hand.h"
#include "gateway/cli/chain_commands.h"
#include "gateway/cli/command_table.h"
#include "gateway/cli/db_commands.h"
#include "gateway/cli/output_file.h"
#include "gateway/cli/payment_commands.h"
#include "gateway/cli/wire.h"
#include "gateway/http/unix_client.h"
#include "gateway/schema_store.h"
#include "gateway/serve.h"
#include "gateway/vault/vault.h"
#include "ledger/chain/signer.h"
#include "ledger/store/database.h"

#include <array>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <optional>
#include <pwd.h>
#include <string_view>
#include <unistd.h>
#include <utility>

namespace causeway::gateway {
namespace {

// A large database takes its time to copy and to verify.
constexpr std::chrono::hours kBackupMax{24};

// Where a command works. With --db alone there is no key to sign heads with.
struct Books {
    std::string url;
    std::string signing_key_file;
    std::optional<Settings> settings = {};
};

Result<Books> books_of(const DatabaseChoice& choice) {
    if (choice.config_file.empty()) {
        if (!choice.database_url.empty()) return Books{.url = choice.database_url};
        return Error(ErrorCode::invalid_argument, "say which database: --config FILE or --db URL");
    }
    const Result<Settings> settings = load_settings(choice.config_file);
    if (!settings) return settings.error();
    return Books{.url = choice.database_url.empty() ? settings->database : choice.database_url,
                 .signing_key_file = settings->signing_key_file,
                 .settings = *settings};
}

// Only these may begin a database. Any other command on a path that holds none was given the
// wrong path, and must not answer "all is well" about an empty file it has just made.
bool begins_a_database(const CommandRequest& request) {
    return request.name == "merchants create" || request.name == "fx import" ||
           request.name == "fx fetch";
}

Result<void> check_there_is_one(const std::string& url, const CommandRequest& request) {
    const Result<bool> there = ledger::is_there(url);
    if (!there) return there.error();
    if (*there || begins_a_database(request)) return {};
    // The URL of a server may hold a password, and is not repeated.
    const Result<std::string> path = ledger::sqlite_path(url);
    return Error(ErrorCode::storage,
                 path ? "there is no database at " + *path
                      : "there are no books in that database; `merchants create` begins them");
}

Result<void> print_note(std::string_view note) {
    std::cerr << note << std::flush;
    return {};
}

CommandOutput work_off(const CommandWork& work) {
    for (;;) {
        std::string note;
        CommandOutput rest;
        const bool more = work(note, rest);
        if (!note.empty()) (void)print_note(note);
        if (!more) return rest;
    }
}

// Carries the pieces to their place; what is left is how the command ended.
CommandOutput carry(CommandOutput output, const OutputSink& sink) {
    if (output.work) return work_off(output.work);
    std::string piece;
    for (bool more = static_cast<bool>(output.pieces); more;) {
        piece.clear();
        const Result<bool> made = output.pieces(piece);
        if (!made) return failed(made.error());
        const Result<void> taken = sink(piece);
        if (!taken) return failed(taken.error());
        more = *made;
    }
    return output;
}

// None where no key file is named: few commands need one.
Result<std::optional<Vault>> vault_of(const Books& books, Entropy& entropy) {
    if (!books.settings || books.settings->vault_key_file.empty()) return std::optional<Vault>();
    Result<Vault> vault = Vault::open(books.settings->vault_key_file, entropy);
    if (!vault) return vault.error();
    return std::optional<Vault>(*std::move(vault));
}

Result<CommandOutput> run_here(const Books& books,
                               const CommandRequest& request,
                               const OutputSink& sink) {
    const Result<void> there = check_there_is_one(books.url, request);
    if (!there) return there.error();
    const Result<std::unique_ptr<ledger::HeadSigner>> signer =
        ledger::HeadSigner::load_if_any(books.signing_key_file);
    if (!signer) return signer.error();
    const Result<std::unique_ptr<ledger::Database>> database =
        ledger::Database::open(books.url, schema());
    if (!database) return database.error();
    const SystemClock clock;
    SystemEntropy entropy;
    IdSource ids(clock, entropy);
    const Result<std::optional<Vault>> vault = vault_of(books, entropy);
    if (!vault) return vault.error();
    ledger::Journal journal(**database, {.signer = signer->get()});
    CommandContext context{
        .database = **database, .journal = journal, .clock = clock, .entropy = entropy, .ids = ids};
    if (*vault) context.vault = &**vault;
    if (books.settings) context.settings = &*books.settings;
    return carry(run_command(context, request), sink);
}

Result<CommandOutput> run_there(const std::string& socket,
                                const CommandRequest& request,
                                const OutputSink& sink) {
    net::HttpRequest call{.method = "POST", .target = "/commands", .body = encode(request)};
    call.headers = {{"Content-Type", "application/octet-stream"}};
    OutputReader reader(sink, print_note);
    UnixClientLimits limits;
    if (request.name == "db backup") limits.answer_max = kBackupMax;
    const Result<net::HttpResponse> response = request_over_unix_socket(
        socket, call, limits, [&reader](std::string_view bytes) { return reader.put(bytes); });
    if (!response) {
        const bool ours = response.error().code() == ErrorCode::storage;
        if (ours) return response.error();
        return Error(response.error().code(),
                     "no gateway takes commands at " + socket + ": " + response.error().detail());
    }
    if (response->status != 200) {
        return Error(ErrorCode::outcome_unknown,
                     "the server answered with status " + std::to_string(response->status));
    }
    Result<CommandOutput> output = reader.end();
    if (output) return output;
    return Error(ErrorCode::outcome_unknown, "the server's answer was cut off");
}

// A report is whole or not there: written beside its place, then moved.
Result<void> write_file(const std::string& folder, const InputFile& file) {
    namespace fs = std::filesystem;
    std::error_code failed_to;
    fs::create_directories(folder, failed_to);
    const fs::path path = fs::path(folder) / fs::path(file.name).filename();
    const fs::path draft = path.string() + ".part";
    std::ofstream stream(draft, std::ios::binary);
    stream << file.content;
    stream.close();
    if (stream) fs::rename(draft, path, failed_to);
    if (!stream || failed_to) {
        return Error(ErrorCode::storage, "cannot write " + path.string());
    }
    return {};
}

int show(const CommandOutput& output, const std::string& out_folder) {
    std::cout << output.out << std::flush;
    std::cerr << output.err;
    if (out_folder.empty()) return output.exit_code;
    for (const InputFile& file : output.files) {
        const Result<void> written = write_file(out_folder, file);
        if (!written) {
            std::cerr << "causeway: " << written.error().detail() << '\n';
            return kExitEnvironment;
        }
    }
    return output.exit_code;
}

Result<CommandOutput> run_where_it_is(const Books& books,
                                      const CommandRequest& request,
                                      const OutputSink& sink) {
    const Result<std::string> beside = admin_socket_path(books.url);
    if (!beside) {
        const std::string socket = books.settings ? books.settings->admin_socket : "";
        if (!needs_gateway(request) || socket.empty()) return run_here(books, request, sink);
        return run_there(socket, request, sink);
    }
    const bool owned = ledger::is_owned(books.url);
    // To open the books would keep a gateway that is about to start from them.
    if (!owned && needs_gateway(request)) return no_gateway();
    Result<CommandOutput> output =
        owned ? run_there(*beside, request, sink) : run_here(books, request, sink);
    // A server may have started, or ended, between the question and the work: ask once more.
    const bool moved = !output && (output.error().code() == ErrorCode::conflict ||
                                   output.error().code() == ErrorCode::unavailable);
    if (moved && ledger::is_owned(books.url)) output = run_there(*beside, request, sink);
    return output;
}

// Of the process that was started: the server's user is somebody else, or nobody.
std::string os_user() {
    passwd entry{};
    passwd* found = nullptr;
    std::array<char, 4096> room{};
    const int failed_to = ::getpwuid_r(::getuid(), &entry, room.data(), room.size(), &found);
    if (failed_to == 0 && found != nullptr) return found->pw_name;
    return "user " + std::to_string(::getuid());
}

CommandRequest with_operator(CommandRequest request) {
    const bool is_deed = needs_gateway(request) || request.name == "fx trade";
    if (is_deed && !request.flag("by")) request.options["by"] = os_user();
    return request;
}

Result<void> print(std::string_view piece) {
    std::cout << piece << std::flush;
    if (std::cout) return {};
    return Error(ErrorCode::storage, "cannot write to standard output");
}

// The file is there only when the command has come to a good end.
int run_into_file(const Books& books, const TableChoice& choice) {
    Result<OutputFile> file = OutputFile::create(choice.output_file);
    if (!file) return show(failed(file.error()), "");
    const OutputSink sink = [&file](std::string_view piece) { return file->write(piece); };
    Result<CommandOutput> output = run_where_it_is(books, choice.request, sink);
    if (!output) return show(failed(output.error()), "");
    if (output->exit_code != kExitOk) return show(*output, "");
    Result<void> kept = file->write(std::exchange(output->out, {}));
    if (kept) kept = file->keep();
    if (!kept) return show(failed(kept.error()), "");
    return show(*output, "");
}

}  // namespace

int run_table_command(const TableChoice& choice) {
    const std::string to = choice.request.option("to");
    const bool restores = choice.request.name == "db restore";
    // There are no books yet to be opened.
    if (restores && !to.empty()) return show(db_restore(to, choice.request), "");
    const Result<Books> books = books_of(choice.database);
    if (!books) return show(failed(books.error()), "");
    if (restores) return show(db_restore(books->url, choice.request), "");
    if (!choice.output_file.empty()) return run_into_file(*books, choice);
    const Result<CommandOutput> output =
        run_where_it_is(*books, with_operator(choice.request), print);
    if (!output) return show(failed(output.error()), "");
    return show(*output, choice.out_folder);
}

Result<CommandOutput> run_command_somewhere(const DatabaseChoice& database,
                                            const CommandRequest& request) {
    const Result<Books> books = books_of(database);
    if (!books) return books.error();
    return run_where_it_is(*books, request, print);
}

int run_file_command(const FileChoice& choice) {
    const bool makes_key = choice.request.name == "ledger keygen";
    return show(makes_key ? ledger_keygen(choice.request) : ledger_check_proof(choice.request), "");
}

Result<CommandOutput> ask_books(const DatabaseChoice& choice, const CommandRequest& request) {
    const Result<Books> books = books_of(choice);
    if (!books) return books.error();
    return run_where_it_is(*books, request, print);
}

Result<Settings> settings_of(const ServeChoice& choice) {
    Settings settings;
    if (!choice.database.config_file.empty()) {
        Result<Settings> loaded = load_settings(choice.database.config_file);
        if (!loaded) return loaded.error();
        settings = *std::move(loaded);
    }
    if (!choice.database.database_url.empty()) settings.database = choice.database.database_url;
    if (choice.listen.empty()) return settings;
    const std::size_t colon = choice.listen.rfind(':');
    if (colon == std::string::npos || colon == 0) {
        return Error(ErrorCode::invalid_argument, "--listen must be ADDRESS:PORT");
    }
    const char* const end = choice.listen.data() + choice.listen.size();
    const auto [stop, failed_to] =
        std::from_chars(choice.listen.data() + colon + 1, end, settings.listen.port);
    if (failed_to != std::errc{} || stop != end) {
        return Error(ErrorCode::invalid_argument, "--listen must be ADDRESS:PORT");
    }
    settings.listen.address = choice.listen.substr(0, colon);
    return settings;
}

}  // namespace causeway::gateway
