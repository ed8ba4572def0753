// SPDX-License-Identifier: Apache-2.0
//
// Somebody else's ISO 8583 client (npm iso_8583) against the sandbox. It runs where
// CAUSEWAY_PEERS names a folder with iso8583-client.mjs and its packages, and is skipped elsewhere.
#include "connectors/card/sandbox/server.h"
#include "tests/support/temporary_folder.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <cstdlib>
#include <string>
#include <thread>

namespace causeway::connectors::card::sandbox {
namespace {

namespace asio = boost::asio;

void run_client(const std::string& dialect, const std::string& option) {
    const char* peers = std::getenv("CAUSEWAY_PEERS");
    if (peers == nullptr) GTEST_SKIP() << "CAUSEWAY_PEERS is not set";
    const test::TemporaryFolder folder;
    const SystemClock clock;
    asio::io_context io;
    SandboxConfig config;
    config.books_file = folder.file("books");
    config.dialect = *find_dialect(dialect);
    config.plain = net::ListenConfig{};
    config.plain->tls = false;
    auto sandbox = Sandbox::start(io.get_executor(), std::move(config), clock);
    ASSERT_TRUE(sandbox) << sandbox.error().detail();
    asio::co_spawn(io, (*sandbox)->run(), asio::detached);
    std::thread server([&io] { io.run(); });
    const std::string command = "node '" + std::string(peers) + "/iso8583-client.mjs' --port " +
                                std::to_string((*sandbox)->plain_port()) + " " + option;
    const int status = std::system(command.c_str());
    (*sandbox)->stop();
    server.join();
    EXPECT_EQ(status, 0);
}

TEST(Peer, NpmClientFindsEveryAnswerRight) {
    run_client("ascii-raw", "");
}

TEST(Peer, NpmClientWithHexBitmapFindsEveryAnswerRight) {
    run_client("ascii-wide", "--hex-bitmap");
}

}  // namespace
}  // namespace causeway::connectors::card::sandbox
