// SPDX-License-Identifier: Apache-2.0
//
// "doctor": looks at everything that a gateway needs to run, and says what is wrong and what will
// be soon. It changes nothing.
//
// What concerns files, the clock and the network is looked at by the process that was started;
// what concerns the books by whoever owns the database.
#pragma once

#include "gateway/cli/command.h"
#include "gateway/cli/command_line.h"
#include "gateway/config.h"

#include <string>
#include <string_view>
#include <vector>

namespace causeway::gateway {

enum class Health { ok, warning, failed };
[[nodiscard]] std::string_view to_string(Health health) noexcept;

struct Diagnosis {
    std::string check;  ///< "vault_key", "certificate gateway.pem", "rates", ...
    Health health = Health::ok;
    std::string detail;

    friend bool operator==(const Diagnosis&, const Diagnosis&) = default;
};

/// A line each, or JSON: {"healthy":...,"checks":[...]}. One that failed makes it exit code 1.
[[nodiscard]] CommandOutput report(const std::vector<Diagnosis>& found, bool as_json);

/// A file that holds a secret: there, and for its owner's eyes only.
[[nodiscard]] Diagnosis check_secret_file(const std::string& what, const std::string& path);
/// A certificate: there, and for how long. A month is a warning.
[[nodiscard]] Diagnosis check_certificate(const std::string& what,
                                          const std::string& path,
                                          Timestamp now);
[[nodiscard]] Diagnosis check_disk(const std::string& database_url);
/// Whether somebody listens there. Threads: blocks for two seconds at most.
[[nodiscard]] Diagnosis check_provider(const ConnectorSettings& connector);

/// Everything that needs no database.
[[nodiscard]] std::vector<Diagnosis> check_surroundings(const Settings& settings, Timestamp now);

/// "doctor books", where the database is: clock, rates, operations, the chain's last heads, and in
/// a server the connectors' links. Its output is report()'s JSON.
[[nodiscard]] CommandOutput doctor_books(CommandContext& context, const CommandRequest& request);

/// Reads what doctor_books() printed. Errors: `integrity`.
[[nodiscard]] Result<std::vector<Diagnosis>> read_report(std::string_view json_text);

/// The whole command. Returns the exit code: 0, 1 when a check failed, 3 without a configuration
/// or a database.
[[nodiscard]] int run_doctor(const DoctorChoice& choice);

}  // namespace causeway::gateway
