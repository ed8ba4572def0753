// SPDX-License-Identifier: Apache-2.0
//
// causeway_crash: the rigs by hand. See docs/crash.md.
#include "tests/crash/faults.h"
#include "tests/crash/kill.h"
#include "tests/crash/power.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <exception>
#include <iostream>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <thread>

namespace {

using namespace causeway::crash;

constexpr std::string_view kUsage =
    "Usage: causeway_crash power N [--seed S] [--only CUT] [--lying]\n"
    "       causeway_crash kill N [--seed S]\n"
    "       causeway_crash faults [--seed S] [--only FAULT]\n";

struct Arguments {
    std::string rig;
    std::uint64_t count = 0;
    std::uint64_t seed = 1;
    std::optional<std::uint64_t> only;
    bool lying = false;
};

std::optional<std::uint64_t> number(std::string_view text) {
    std::uint64_t found = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), found);
    if (failed != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return found;
}

std::optional<Arguments> parse(std::span<char* const> words) {
    Arguments found;
    if (words.empty()) return std::nullopt;
    found.rig = words[0];
    if (found.rig != "power" && found.rig != "kill" && found.rig != "faults") return std::nullopt;
    std::size_t at = 1;
    if (found.rig != "faults") {
        const auto count = at < words.size() ? number(words[at++]) : std::nullopt;
        if (!count) return std::nullopt;
        found.count = *count;
    }
    while (at < words.size()) {
        const std::string_view word = words[at++];
        if (word == "--lying" && found.rig == "power") {
            found.lying = true;
            continue;
        }
        const auto value = at < words.size() ? number(words[at++]) : std::nullopt;
        if (!value) return std::nullopt;
        if (word == "--seed") {
            found.seed = *value;
        } else if (word == "--only" && found.rig != "kill") {
            found.only = *value;
        } else {
            return std::nullopt;
        }
    }
    return found;
}

int conclude(const std::string& failure) {
    if (failure.empty()) return 0;
    std::cout << "FAILED   " << failure << '\n';
    return 1;
}

int run_power(const Arguments& arguments, std::size_t workers) {
    const PowerReport report = cut_power({.cuts = arguments.count,
                                          .seed = arguments.seed,
                                          .only = arguments.only,
                                          .lying_disk = arguments.lying,
                                          .workers = workers});
    const PowerCounts& counts = report.counts;
    std::cout << "power    " << counts.cuts << " cuts in " << counts.runs << " runs from seed "
              << arguments.seed << ", " << counts.failures << " failures\n"
              << "bodies   " << counts.owed << " owed, " << counts.lost << " lost, "
              << counts.recovered << " recovered that nobody had heard of\n"
              << "sectors  " << counts.sectors_kept << " kept, " << counts.sectors_dropped
              << " dropped, " << counts.sectors_torn << " torn\n";
    return conclude(report.failure);
}

int run_kill(const Arguments& arguments) {
    const KillReport report = kill_rounds({.rounds = arguments.count, .seed = arguments.seed});
    const KillCounts& counts = report.counts;
    std::cout << "kill     " << counts.rounds << " rounds from seed " << arguments.seed << ", "
              << counts.failures << " failures\n"
              << "bodies   " << counts.acknowledged << " acknowledged, " << counts.lost << " lost, "
              << counts.recovered << " recovered that nobody had heard of\n";
    return conclude(report.failure);
}

int run_faults(const Arguments& arguments, std::size_t workers) {
    const FaultReport report =
        try_faults({.seed = arguments.seed, .only = arguments.only, .workers = workers});
    const FaultCounts& counts = report.counts;
    std::cout << "faults   " << counts.faults << " calls failed from seed " << arguments.seed
              << ", " << counts.failures << " failures\n"
              << "then     " << counts.stopped << " stopped, " << counts.unopened
              << " did not open, " << counts.answered << " went on\n";
    return conclude(report.failure);
}

}  // namespace

int main(int argc, char** argv) {
    const auto words = std::span(argv, static_cast<std::size_t>(argc)).subspan(1);
    const std::optional<Arguments> arguments = parse(words);
    if (!arguments) {
        std::cerr << kUsage;
        return 2;
    }
    const std::size_t workers = std::max(1U, std::thread::hardware_concurrency());
    try {
        if (arguments->rig == "power") return run_power(*arguments, workers);
        if (arguments->rig == "kill") return run_kill(*arguments);
        return run_faults(*arguments, workers);
    } catch (const std::exception& broken) {
        std::cerr << "causeway_crash: " << broken.what() << '\n';
        return 1;
    }
}
