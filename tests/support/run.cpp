// SPDX-License-Identifier: Apache-2.0
#include "tests/support/run.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>
#include <exception>
#include <stdexcept>

namespace causeway::test {

void run_to_end(boost::asio::awaitable<void> work) {
    bool is_done = false;
    std::exception_ptr failure;
    boost::asio::io_context io;
    boost::asio::co_spawn(io, std::move(work), [&](std::exception_ptr e) {
        is_done = true;
        failure = e;
    });
    io.run_for(std::chrono::seconds{5});
    if (failure) std::rethrow_exception(failure);
    if (!is_done) throw std::runtime_error("the coroutine did not finish in time");
}

}  // namespace causeway::test
