// SPDX-License-Identifier: Apache-2.0
#include "tests/support/engines.h"

#include "tests/support/postgres_server.h"
#include "tests/support/temporary_folder.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace causeway::test {

Place::Place(Engine engine)
    : url_(engine == Engine::sqlite ? folder_.url() : PostgresServer::shared().fresh_url()) {}

const std::string& Place::url() const noexcept {
    return url_;
}

const std::string& OnEachEngine::url() const noexcept {
    return place_.url();
}

bool OnEachEngine::on_postgres() const {
    return GetParam() == Engine::postgres;
}

std::string engine_name(const testing::TestParamInfo<Engine>& info) {
    return info.param == Engine::sqlite ? "SQLite" : "PostgreSQL";
}

std::vector<Engine> engines() {
    if (PostgresServer::is_installed()) return {Engine::sqlite, Engine::postgres};
    return {Engine::sqlite};
}

}  // namespace causeway::test
