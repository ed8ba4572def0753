// SPDX-License-Identifier: Apache-2.0
//
// A PostgreSQL 15 of the test's own, in a folder that is gone with it.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <thread>

namespace causeway::test {

/// Listens on a socket in its folder and on nothing else; ends with the process that started it,
/// also when that crashes.
///
/// Threads: one at a time.
class PostgresServer {
  public:
    /// Whether this machine has the programs; says so on standard error, once, when it has not.
    static bool is_installed();
    /// The one that the tests of a process share, started when first asked for. It forgets all in
    /// a power cut (fsync=off), which no test of logic minds.
    static PostgresServer& shared();

    /// Makes an empty cluster and starts it. Throws std::runtime_error when that fails.
    explicit PostgresServer(bool fsync = true);
    PostgresServer(const PostgresServer&) = delete;
    PostgresServer& operator=(const PostgresServer&) = delete;
    ~PostgresServer();

    /// Where a schema is that nobody has used yet. `folder` of another socket than the server's:
    /// see CuttingProxy.
    [[nodiscard]] std::string fresh_url(std::string_view folder = {});

    /// The first column of the first row of the last statement; throws when one fails. `schema` as
    /// fresh_url() has made it.
    std::string ask(const std::string& sql, const std::string& schema = {});

    void start();
    /// At once; sessions are thrown out, and what was committed stays.
    void stop();

    [[nodiscard]] std::string folder() const { return folder_; }
    [[nodiscard]] std::string socket() const { return folder_ + "/.s.PGSQL.5432"; }
    /// The name of the schema in an url of fresh_url().
    [[nodiscard]] static std::string schema_of(const std::string& url);

  private:
    const bool fsync_;
    std::string folder_;
    pid_t process_ = -1;
    std::thread log_;  // reads what the server says, or it would block one day
    int schemas_ = 0;
};

}  // namespace causeway::test
