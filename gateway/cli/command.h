// SPDX-License-Identifier: Apache-2.0
//
// A command as data, so that the same code runs it in the process that owns the database,
// whether the words came from this process's own command line or through the admin socket.
#pragma once

#include "gateway/vault/vault.h"
#include "ledger/clock.h"
#include "ledger/id.h"
#include "ledger/journal/journal.h"
#include "ledger/store/database.h"

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace causeway::gateway {

/// Exit codes of every command.
inline constexpr int kExitOk = 0;
inline constexpr int kExitFound = 1;        ///< The check found something.
inline constexpr int kExitUsage = 2;        ///< Wrong use: an option, an id, an impossible file.
inline constexpr int kExitEnvironment = 3;  ///< The database, a file or a server is not there.
inline constexpr int kExitPartly = 4;       ///< Done for some, not for all.

/// A file given on the command line, read by the process that was started.
struct InputFile {
    std::string name;
    std::string content;
};

struct CommandRequest {
    std::string name;                            ///< "settle run", "ledger verify", ...
    std::map<std::string, std::string> options;  ///< "date" -> "2026-04-13"; a flag has "true".
    std::vector<std::string> arguments;
    std::vector<InputFile> files;

    [[nodiscard]] bool flag(const std::string& option) const { return options.contains(option); }
    /// Empty when the option was not given.
    [[nodiscard]] std::string option(const std::string& key) const {
        const auto at = options.find(key);
        return at == options.end() ? std::string() : at->second;
    }
};

/// Output that is too long to be held. Appends the next piece; false when it was the last.
///
/// Errors: any; then the piece is to be thrown away, and what came before it is not the whole.
/// Lifetime: it uses the database of the command's context, and nothing else of it.
using OutputPieces = std::function<Result<bool>(std::string& piece)>;

struct CommandOutput;

/// Work that takes long, part by part, with other commands in between. True: there is more to do;
/// what it leaves in `note` is for standard error, at once. False: it is done, and `rest` is the
/// command's output.
///
/// Lifetime: it uses what the command's context refers to, and not the context.
using CommandWork = std::function<bool(std::string& note, CommandOutput& rest)>;

/// `files` are written by the process that was started, each under its name in the folder of
/// --out; a command itself touches no file, but for db_commands.h.
struct CommandOutput {
    int exit_code = kExitOk;
    std::string out;
    std::string err;
    std::vector<InputFile> files;
    OutputPieces pieces = {};  ///< When not empty: what stands on standard output before `out`.
    CommandWork work = {};     ///< When not empty: it is still to be done, and nothing else counts.
};

/// Where the pieces go.
using OutputSink = std::function<Result<void>(std::string_view piece)>;

class ConnectorSet;
class Vault;
struct Settings;
struct Workshop;

/// What a command may use. Lifetime: borrowed for the call.
struct CommandContext {
    ledger::Database& database;
    ledger::Journal& journal;
    const Clock& clock;
    Entropy& entropy;
    IdSource& ids;
    /// What opens sealed secrets; nullptr where nobody said where its key is.
    const Vault* vault = nullptr;
    /// Called when rates were imported, so that a running server quotes by them at once.
    std::function<void()> rates_changed = [] {};
    /// Called when a key was revoked, so that a running server refuses it at once.
    std::function<void()> keys_changed = [] {};
    const ConnectorSet* connectors = nullptr;  ///< None but in a server.
    const Settings* settings = nullptr;        ///< As the vault.
    const Workshop* shop = nullptr;            ///< What moves payments; none but in a server.
    /// Called when a command left something to be sent.
    std::function<void()> work_left = [] {};
};

using Command = std::function<CommandOutput(CommandContext&, const CommandRequest&)>;

/// A mistake of the caller: the message on stderr, exit code 2.
[[nodiscard]] inline CommandOutput usage_error(std::string message) {
    return {.exit_code = kExitUsage, .out = {}, .err = "causeway: " + std::move(message) + "\n"};
}

/// What could not be done: `not_found` and `invalid_argument` are the caller's, the rest ours.
[[nodiscard]] inline CommandOutput failed(const Error& error) {
    const bool usage = error.code() == ErrorCode::invalid_argument ||
                       error.code() == ErrorCode::not_found || error.code() == ErrorCode::integrity;
    CommandOutput output = usage_error(error.detail());
    if (!usage) output.exit_code = kExitEnvironment;
    return output;
}

}  // namespace causeway::gateway
