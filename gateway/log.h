// SPDX-License-Identifier: Apache-2.0
//
// The operator's log: one JSON object a line on standard error. What is logged is chosen, not
// scrubbed: nobody hands a request, a message or a row to it, only words and ids.
#pragma once

#include <initializer_list>
#include <string_view>
#include <utility>

namespace causeway::gateway {

enum class LogLevel { info, warning, error };

using LogField = std::pair<std::string_view, std::string_view>;

/// Sets the program's log up; call once, first.
void start_log();

/// {"ts":"2026-04-13T10:01:00.123Z","level":"info","event":"listening","address":"..."}
///
/// Threads: any; never blocks on the terminal for long: lines are written by a thread of the log,
/// and dropped rather than waited for when that falls behind.
void log(LogLevel level, std::string_view event, std::initializer_list<LogField> fields = {});

/// Writes out what is queued; call last.
void end_log();

}  // namespace causeway::gateway
