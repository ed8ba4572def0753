// SPDX-License-Identifier: Apache-2.0
//
// The program: reads the words and hands them to whoever does the work.
#include "gateway/api/version.h"
#include "gateway/cli/command_line.h"
#include "gateway/cli/command_runner.h"
#include "gateway/cli/doctor.h"
#include "gateway/cli/listen.h"
#include "gateway/http/tls_memory.h"
#include "gateway/sandbox.h"
#include "gateway/serve.h"

#include <exception>
#include <iostream>

namespace {

namespace gateway = causeway::gateway;

struct Runner {
    int operator()(const gateway::ServeChoice& choice) const {
        const causeway::Result<gateway::Settings> settings = gateway::settings_of(choice);
        if (settings) return gateway::serve(*settings);
        std::cerr << "causeway: " << settings.error().detail() << '\n';
        return gateway::kExitUsage;
    }
    int operator()(const gateway::SandboxChoice& choice) const {
        return gateway::run_sandbox(choice);
    }
    int operator()(const gateway::TableChoice& choice) const {
        return gateway::run_table_command(choice);
    }
    int operator()(const gateway::FileChoice& choice) const {
        return gateway::run_file_command(choice);
    }
    int operator()(const gateway::ListenChoice& choice) const {
        return gateway::run_listen(choice);
    }
    int operator()(const gateway::DoctorChoice& choice) const {
        return gateway::run_doctor(choice);
    }
    int operator()(const gateway::VersionChoice& choice) const {
        if (choice.json) {
            std::cout << R"({"version":")" << gateway::kProgramVersion << R"(","api":")"
                      << gateway::kApiVersion << "\"}\n";
            return gateway::kExitOk;
        }
        std::cout << "causeway " << gateway::kProgramVersion << " (API " << gateway::kApiVersion
                  << ")\n";
        return gateway::kExitOk;
    }
    int operator()(const gateway::EndedChoice& choice) const { return choice.exit_code; }
};

}  // namespace

int main(int argc, char** argv) {
    (void)gateway::keep_tls_buffers_off_the_heap();
    try {
        return std::visit(Runner{}, gateway::parse_command_line(argc, argv));
    } catch (const std::exception& error) {
        std::cerr << "causeway: " << error.what() << '\n';
        return gateway::kExitEnvironment;
    }
}
