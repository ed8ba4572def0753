// SPDX-License-Identifier: Apache-2.0
#include "gateway/log.h"

#include <boost/json/serialize.hpp>
#include <boost/json/string.hpp>

#include <spdlog/async.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <string>

namespace causeway::gateway {
namespace {

constexpr std::size_t kQueueLines = 8'192;

spdlog::level::level_enum level_of(LogLevel level) {
    switch (level) {
        case LogLevel::info: return spdlog::level::info;
        case LogLevel::warning: return spdlog::level::warn;
        case LogLevel::error: return spdlog::level::err;
    }
    return spdlog::level::err;
}

std::string quoted(std::string_view text) {
    return boost::json::serialize(boost::json::string(text));
}

}  // namespace

void start_log() {
    spdlog::init_thread_pool(kQueueLines, 1);
    auto sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
    auto logger =
        std::make_shared<spdlog::async_logger>("causeway",
                                               std::move(sink),
                                               spdlog::thread_pool(),
                                               spdlog::async_overflow_policy::overrun_oldest);
    logger->set_pattern(R"({"ts":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l",%v})",
                        spdlog::pattern_time_type::utc);
    logger->flush_on(spdlog::level::info);
    spdlog::set_default_logger(std::move(logger));
}

void log(LogLevel level, std::string_view event, std::initializer_list<LogField> fields) {
    std::string line = "\"event\":" + quoted(event);
    for (const auto& [name, value] : fields)
        line += "," + quoted(name) + ":" + quoted(value);
    spdlog::log(level_of(level), "{}", line);
}

void end_log() {
    spdlog::shutdown();
}

}  // namespace causeway::gateway
