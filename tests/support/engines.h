// SPDX-License-Identifier: Apache-2.0
//
// Tests that say the same of both engines.
#pragma once

#include "tests/support/postgres_server.h"
#include "tests/support/temporary_folder.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace causeway::test {

enum class Engine { sqlite, postgres };

/// An empty database for one test, gone with it.
class Place {
  public:
    explicit Place(Engine engine);
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;

    [[nodiscard]] const std::string& url() const noexcept;

  private:
    TemporaryFolder folder_;
    std::string url_;
};

/// A test with a place of its own on the engine that is its turn.
class OnEachEngine : public testing::TestWithParam<Engine> {
  protected:
    [[nodiscard]] const std::string& url() const noexcept;
    [[nodiscard]] bool on_postgres() const;

  private:
    Place place_{GetParam()};
};

std::string engine_name(const testing::TestParamInfo<Engine>& info);

/// Both, or SQLite alone where there is no PostgreSQL; see PostgresServer::is_installed().
std::vector<Engine> engines();

}  // namespace causeway::test

/// The tests of `suite` (TEST_P, a child of OnEachEngine) run on each engine.
#define CAUSEWAY_ON_EACH_ENGINE(suite) \
    INSTANTIATE_TEST_SUITE_P(          \
        On, suite, testing::ValuesIn(causeway::test::engines()), causeway::test::engine_name)
