// SPDX-License-Identifier: Apache-2.0
#include "tests/support/postgres_server.h"

#include <libpq-fe.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <grp.h>
#include <iostream>
#include <pwd.h>
#include <stdexcept>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace causeway::test {
namespace {

std::string programs() {
    const char* const elsewhere = std::getenv("CAUSEWAY_POSTGRES_BIN");
    return elsewhere != nullptr ? elsewhere : "/usr/lib/postgresql/15/bin";
}

// PostgreSQL refuses to run as root.
const passwd* other_user() {
    if (::geteuid() != 0) return nullptr;
    const passwd* const found = ::getpwnam("postgres");
    return found != nullptr ? found : ::getpwnam("nobody");
}

struct Child {
    pid_t process;
    int said;  // reads what it writes
};

// In the child: nothing but system calls, because other threads may hold any lock.
[[noreturn]] void become(const std::vector<char*>& words, const passwd* user, int said) {
    const bool changed =
        user == nullptr || (::setgroups(0, nullptr) == 0 && ::setgid(user->pw_gid) == 0 &&
                            ::setuid(user->pw_uid) == 0);
    // After the change of user, which would take it back.
    ::prctl(PR_SET_PDEATHSIG, SIGQUIT);
    ::dup2(said, STDOUT_FILENO);
    ::dup2(said, STDERR_FILENO);
    if (changed) ::execv(words.front(), words.data());
    ::_exit(127);
}

Child start_child(std::vector<std::string> line) {
    std::vector<char*> words;
    for (std::string& word : line)
        words.push_back(word.data());
    words.push_back(nullptr);
    const passwd* const user = other_user();
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
    const pid_t process = ::fork();
    if (process == 0) become(words, user, ends[1]);
    ::close(ends[1]);
    return {.process = process, .said = ends[0]};
}

// Reads until `text` has come or the other side is gone; returns all that came.
std::string read_until(int from, std::string_view text) {
    std::string said;
    std::array<char, 4096> buffer{};
    while (text.empty() || said.find(text) == std::string::npos) {
        const ssize_t got = ::read(from, buffer.data(), buffer.size());
        if (got <= 0) break;
        said.append(buffer.data(), static_cast<std::size_t>(got));
    }
    return said;
}

struct Finish {
    void operator()(PGconn* connection) const { PQfinish(connection); }
};

}  // namespace

bool PostgresServer::is_installed() {
    static const bool installed = [] {
        if (std::filesystem::exists(programs() + "/initdb")) return true;
        std::cerr << "\n*** PostgreSQL 15 is not in " << programs()
                  << ": every test that needs it is SKIPPED. Install postgresql-15, or name its "
                     "folder in CAUSEWAY_POSTGRES_BIN. ***\n\n";
        return false;
    }();
    return installed;
}

PostgresServer& PostgresServer::shared() {
    static PostgresServer server(false);
    return server;
}

PostgresServer::PostgresServer(bool fsync) : fsync_(fsync) {
    std::string name = (std::filesystem::temp_directory_path() / "causeway-pg-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
    folder_ = name;
    const passwd* const user = other_user();
    if (user != nullptr && ::chown(folder_.c_str(), user->pw_uid, user->pw_gid) != 0) {
        throw std::runtime_error("can not give away " + folder_);
    }
    const Child made = start_child({programs() + "/initdb",
                                    "--no-sync",
                                    "--auth=trust",
                                    "--encoding=UTF8",
                                    "--locale=C",
                                    "--username=tester",
                                    "--pgdata=" + folder_ + "/data"});
    const std::string said = read_until(made.said, {});
    ::close(made.said);
    int status = -1;
    ::waitpid(made.process, &status, 0);
    if (status != 0) throw std::runtime_error("initdb failed: " + said);
    start();
}

PostgresServer::~PostgresServer() {
    stop();
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
}

void PostgresServer::start() {
    std::vector<std::string> line{programs() + "/postgres", "-D", folder_ + "/data", "-k", folder_};
    for (const char* setting : {"listen_addresses=",
                                "max_connections=60",
                                "shared_buffers=16MB",
                                "max_wal_size=128MB",
                                "autovacuum=off",
                                "deadlock_timeout=20ms"}) {
        line.insert(line.end(), {"-c", setting});
    }
    line.insert(line.end(), {"-c", fsync_ ? "fsync=on" : "fsync=off"});
    const Child child = start_child(line);
    process_ = child.process;
    constexpr std::string_view kReady = "ready to accept connections";
    const std::string said = read_until(child.said, kReady);
    log_ = std::thread([from = child.said] {
        (void)read_until(from, {});
        ::close(from);
    });
    if (said.find(kReady) != std::string::npos) return;
    stop();
    throw std::runtime_error("PostgreSQL did not start: " + said);
}

void PostgresServer::stop() {
    if (process_ < 0) return;
    ::kill(process_, SIGQUIT);
    ::waitpid(process_, nullptr, 0);
    log_.join();
    process_ = -1;
}

std::string PostgresServer::fresh_url(std::string_view folder) {
    const std::string schema = "test_" + std::to_string(++schemas_);
    ask("CREATE SCHEMA " + schema);
    return "postgresql://tester@/postgres?host=" +
           (folder.empty() ? folder_ : std::string(folder)) + "&options=-csearch_path%3D" + schema;
}

std::string PostgresServer::schema_of(const std::string& url) {
    return url.substr(url.rfind("%3D") + 3);
}

std::string PostgresServer::ask(const std::string& sql, const std::string& schema) {
    const std::string where = "host=" + folder_ + " user=tester dbname=postgres" +
                              (schema.empty() ? "" : " options=-csearch_path=" + schema);
    const std::unique_ptr<PGconn, Finish> connection(PQconnectdb(where.c_str()));
    PGresult* const result = PQexec(connection.get(), sql.c_str());
    const ExecStatusType status = PQresultStatus(result);
    const bool good = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
    const std::string answer =
        PQntuples(result) > 0 && PQgetisnull(result, 0, 0) == 0 ? PQgetvalue(result, 0, 0) : "";
    PQclear(result);
    if (!good) throw std::runtime_error(sql + ": " + PQerrorMessage(connection.get()));
    return answer;
}

}  // namespace causeway::test
