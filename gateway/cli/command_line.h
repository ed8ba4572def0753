// SPDX-License-Identifier: Apache-2.0
//
// The command tree as the operator types it.
#pragma once

#include "gateway/cli/command.h"
#include "gateway/cli/sandbox_options.h"

#include <string>
#include <variant>
#include <vector>

namespace causeway::gateway {

/// Where a command finds the database.
struct DatabaseChoice {
    std::string config_file;   ///< --config
    std::string database_url;  ///< --db; goes before the configuration's
};

struct ServeChoice {
    DatabaseChoice database;
    std::string listen;  ///< ADDRESS:PORT; goes before the configuration's
};

struct SandboxChoice {
    /// "run", "books", "settlement", "rates", "boleto" or "pix".
    std::string action = "run";
    std::string books;
    std::string listen;
    std::string certificate;
    std::string private_key;
    std::string plain;
    std::string dialect = "ascii-bb";
    int late_ms = 3'000;
    std::vector<std::string> settle;  ///< "[ACCOUNT:]FROM=TO@RATE"
    std::string date;
    std::string out;
    std::string file;                ///< Of `rates`: what to serve; empty: the built-in rates.
    std::string base = "USD";        ///< Of `rates`.
    ProviderSandboxChoice provider;  ///< Of `boleto` and `pix`.
};

/// A command of the table, and where its output files go.
struct TableChoice {
    DatabaseChoice database;
    CommandRequest request;
    std::string out_folder;
    std::string output_file;  ///< --output; empty: standard output
};

/// A command that works on files alone and knows no database.
struct FileChoice {
    CommandRequest request;
};

/// Follows a merchant's events; see listen.h.
struct ListenChoice {
    DatabaseChoice database;
    std::string forward_to;
    std::string merchant;
    std::string mode = "test";
    std::vector<std::string> events;  ///< Empty: all.
    std::string api;                  ///< Base URL; with `key`, in the place of the database.
    std::string key;
    std::string ca;
    bool print_json = false;
};

struct VersionChoice {
    bool json = false;
};

struct DoctorChoice {
    DatabaseChoice database;
    bool json = false;
};

/// Nothing to run: help was printed, or the words were wrong.
struct EndedChoice {
    int exit_code;
};

using Choice = std::variant<ServeChoice,
                            SandboxChoice,
                            TableChoice,
                            FileChoice,
                            ListenChoice,
                            VersionChoice,
                            DoctorChoice,
                            EndedChoice>;

/// Reads the words; prints help and mistakes itself. Reads the files that a command names.
[[nodiscard]] Choice parse_command_line(int argc, char** argv);

}  // namespace causeway::gateway
