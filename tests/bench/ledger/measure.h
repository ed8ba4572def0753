// SPDX-License-Identifier: Apache-2.0
//
// How the ledger's benchmark measures: stretches of wall-clock and CPU time, medians over rounds,
// and a figure a line.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace causeway::bench {

/// One timed stretch.
struct Took {
    double seconds = 0;
    double cpu_seconds = 0;        ///< Of all threads of this process.
    double writer_seconds = 0;     ///< CPU time of the database's writer alone.
    double committer_seconds = 0;  ///< And of the thread that commits for it.
};

/// CPU time of this process's threads of that name. Units: seconds.
inline double thread_cpu(const std::string& name) {
    double seconds = 0;
    for (const auto& task : std::filesystem::directory_iterator("/proc/self/task")) {
        std::string found;
        std::getline(std::ifstream(task.path() / "comm") >> std::ws, found);
        double nanoseconds = 0;
        std::ifstream(task.path() / "schedstat") >> nanoseconds;
        if (found == name) seconds += nanoseconds * 1e-9;
    }
    return seconds;
}

inline double cpu_now() {
    timespec now{};
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

template <class Work>
Took timed(const Work& work) {
    const double writer = thread_cpu("causeway-writer");
    const double committer = thread_cpu("causeway-commit");
    const double cpu = cpu_now();
    const auto start = std::chrono::steady_clock::now();
    work();
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    return {.seconds = took.count(),
            .cpu_seconds = cpu_now() - cpu,
            .writer_seconds = thread_cpu("causeway-writer") - writer,
            .committer_seconds = thread_cpu("causeway-commit") - committer};
}

inline double median(std::vector<double> values) {
    std::ranges::sort(values);
    return values[values.size() / 2];
}

/// The value that 99 of 100 do not exceed.
inline double percentile99(std::vector<double> values) {
    std::ranges::sort(values);
    return values[values.size() * 99 / 100];
}

/// Peak resident memory of this process so far. Units: MiB.
inline double peak_memory_mib() {
    std::ifstream status("/proc/self/status");
    std::string word;
    while (status >> word) {
        if (word != "VmHWM:") continue;
        double kib = 0;
        status >> kib;
        return kib / 1024;
    }
    return 0;
}

class Report {
  public:
    void add(std::string name, double value, std::string unit) {
        std::printf("%-40s %14.3f %s\n", name.c_str(), value, unit.c_str());
        (void)std::fflush(stdout);
        figures_.push_back({std::move(name), value, std::move(unit)});
    }

    void write(const std::string& path) const {
        std::ofstream file(path);
        file << "[";
        for (std::size_t i = 0; i < figures_.size(); ++i) {
            file << (i == 0 ? "\n" : ",\n") << "  {\"name\": \"" << figures_[i].name
                 << "\", \"value\": " << figures_[i].value << ", \"unit\": \"" << figures_[i].unit
                 << "\"}";
        }
        file << "\n]\n";
        if (!file) throw std::runtime_error("can not write " + path);
    }

  private:
    struct Figure {
        std::string name;
        double value;
        std::string unit;
    };
    std::vector<Figure> figures_;
};

}  // namespace causeway::bench
