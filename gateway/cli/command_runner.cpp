// SPDX-License-Identifier: Apache-2.0
#include "gateway/cli/command_runner.h"

#include "gateway/cli/chain_commands.h"
#include "gateway/cli/command_table.h"
#include "gateway/cli/wire.h"
#include "gateway/http/unix_client.h"
#include "gateway/schema_store.h"
#include "gateway/serve.h"
#include "ledger/chain/signer.h"
#include "ledger/store/database.h"

#include <charconv>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>

namespace causeway::gateway {
namespace {

// Where a command works. With --db alone there is no key to sign heads with.
struct Books {
    std::string url;
    std::string signing_key_file;
};

Result<Books> books_of(const DatabaseChoice& choice) {
    if (choice.config_file.empty()) {
        if (!choice.database_url.empty()) return Books{.url = choice.database_url};
        return Error(ErrorCode::invalid_argument, "say which database: --config FILE or --db URL");
    }
    const Result<Settings> settings = load_settings(choice.config_file);
    if (!settings) return settings.error();
    return Books{.url = choice.database_url.empty() ? settings->database : choice.database_url,
                 .signing_key_file = settings->signing_key_file};
}

// Only these may begin a database. Any other command on a path that holds none was given the
// wrong path, and must not answer "all is well" about an empty file it has just made.
bool begins_a_database(const CommandRequest& request) {
    return request.name == "merchants create" || request.name == "fx import";
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

Result<CommandOutput> run_here(const Books& books, const CommandRequest& request) {
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
    ledger::Journal journal(**database, {.signer = signer->get()});
    CommandContext context{
        .database = **database, .journal = journal, .clock = clock, .entropy = entropy, .ids = ids};
    return run_command(context, request);
}

Result<CommandOutput> run_there(const std::string& url, const CommandRequest& request) {
    const Result<std::string> socket = admin_socket_path(url);
    if (!socket) return socket.error();
    net::HttpRequest call{.method = "POST", .target = "/commands", .body = encode(request)};
    call.headers = {{"Content-Type", "application/octet-stream"}};
    const Result<net::HttpResponse> response = request_over_unix_socket(*socket, call);
    if (!response) {
        return Error(response.error().code(),
                     "another process owns the database and does not take commands at " + *socket +
                         ": " + response.error().detail());
    }
    if (response->status != 200) {
        return Error(ErrorCode::outcome_unknown,
                     "the server answered with status " + std::to_string(response->status));
    }
    return decode_output(response->body);
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

}  // namespace

int run_table_command(const TableChoice& choice) {
    const Result<Books> books = books_of(choice.database);
    if (!books) return show(failed(books.error()), "");
    const std::string& url = books->url;
    Result<CommandOutput> output =
        ledger::is_owned(url) ? run_there(url, choice.request) : run_here(*books, choice.request);
    // A server may have started, or ended, between the question and the work: ask once more.
    const bool moved = !output && (output.error().code() == ErrorCode::conflict ||
                                   output.error().code() == ErrorCode::unavailable);
    if (moved && ledger::is_owned(url)) output = run_there(url, choice.request);
    if (!output) return show(failed(output.error()), "");
    return show(*output, choice.out_folder);
}

int run_file_command(const FileChoice& choice) {
    const bool makes_key = choice.request.name == "ledger keygen";
    return show(makes_key ? ledger_keygen(choice.request) : ledger_check_proof(choice.request), "");
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
