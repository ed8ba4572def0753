// SPDX-License-Identifier: Apache-2.0
//
// Runs a command where the database is: in this process when nobody owns it, otherwise in the
// server that does, through its admin socket. The same code either way, and the same output. A
// database on PostgreSQL has no owner: commands go there by themselves, also while serve runs.
#pragma once

#include "gateway/cli/command_line.h"
#include "gateway/config.h"

namespace causeway::gateway {

/// Runs, prints, writes output files. Returns the exit code.
[[nodiscard]] int run_table_command(const TableChoice& choice);

/// Runs where the database is; prints nothing. For commands that print no pieces.
///
/// Errors: those that keep it from running.
[[nodiscard]] Result<CommandOutput> run_command_somewhere(const DatabaseChoice& database,
                                                          const CommandRequest& request);

/// Runs what needs no database, here; prints. Returns the exit code.
[[nodiscard]] int run_file_command(const FileChoice& choice);

/// Runs a command where the database is, and hands back what it would have printed.
///
/// Errors: as the database's, the configuration's and the admin socket's.
[[nodiscard]] Result<CommandOutput> ask_books(const DatabaseChoice& choice,
                                              const CommandRequest& request);

/// What a server is to run with: the configuration and what the command line says instead.
///
/// Errors: `invalid_argument`, `storage`.
[[nodiscard]] Result<Settings> settings_of(const ServeChoice& choice);

}  // namespace causeway::gateway
