// SPDX-License-Identifier: Apache-2.0
//
// What it costs to carry the whole journal out, and that memory does not grow with it.
#pragma once

#include "ledger/exports/journal_export.h"
#include "tests/bench/ledger/measure.h"

#include <array>
#include <cstdint>
#include <fstream>
#include <stdexcept>
#include <string>
#include <utility>

namespace causeway::bench {

/// From here on peak_memory_mib() speaks of what comes. Source: proc(5), clear_refs.
inline void forget_peak_memory() {
    std::ofstream("/proc/self/clear_refs") << "5";
}

inline void measure_exports(Report& report, ledger::Database& database, std::int64_t lines) {
    using ledger::ExportFormat;
    constexpr std::array kFormats{std::pair{ExportFormat::hledger, "hledger"},
                                  std::pair{ExportFormat::beancount, "beancount"},
                                  std::pair{ExportFormat::csv, "csv"}};
    for (const auto& [format, format_name] : kFormats) {
        forget_peak_memory();
        const double before = peak_memory_mib();
        const Took took = timed([&database, format = format] {
            auto begun = ledger::JournalExport::begin(database, format);
            if (!begun) throw std::runtime_error("export: " + begun.error().detail());
            std::string piece;
            for (bool more = true; more;) {
                piece.clear();
                const Result<bool> made = (*begun)->next(piece);
                if (!made) throw std::runtime_error("export: " + made.error().detail());
                more = *made;
            }
        });
        const std::string name = std::string("ledger_age_export_") + format_name;
        report.add(name, static_cast<double>(lines) / took.cpu_seconds, "lines/s of CPU");
        report.add(name + "_memory", peak_memory_mib() - before, "MiB over what it began with");
    }
}

}  // namespace causeway::bench
