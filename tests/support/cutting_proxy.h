// SPDX-License-Identifier: Apache-2.0
//
// Stands between a client and a PostgreSQL server and cuts the wire at the worst moment.
#pragma once

#include "tests/support/temporary_folder.h"

#include <atomic>
#include <deque>
#include <future>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace causeway::test {

/// Passes on what comes until a client sends the word that it waits for.
///
/// Threads: its own; the methods are for one other thread.
class CuttingProxy {
  public:
    enum class Cut {
        before,  ///< The word never arrives.
        after,   ///< The server gets it and has answered; the client never hears.
        late,    ///< The client is cut off first; the server gets it when deliver() says so.
    };

    /// Lifetime: the server's socket is there as long as the proxy.
    explicit CuttingProxy(std::string server_socket);
    CuttingProxy(const CuttingProxy&) = delete;
    CuttingProxy& operator=(const CuttingProxy&) = delete;
    ~CuttingProxy();

    /// For the host of an url.
    [[nodiscard]] std::string folder() const { return folder_.file(""); }

    /// Cuts the connection on which a client sends `word` next, once. Several wait for each other.
    void arm(Cut cut, std::string word = std::string("COMMIT", 7));
    [[nodiscard]] int cuts() const noexcept { return cuts_; }
    /// After a late cut: gives the server what was held back, and returns all that it answers up
    /// to the end of its answer.
    std::string deliver();

  private:
    struct Pair {
        int client;
        int server;
    };

    void work();
    void accept_one();
    [[nodiscard]] std::optional<Cut> due(std::string_view data);
    [[nodiscard]] bool pass_on(Pair& pair, int from);
    [[nodiscard]] bool pass_on_to_server(Pair& pair, std::string_view data);

    TemporaryFolder folder_;
    const std::string server_socket_;
    int listener_ = -1;
    int wake_read_ = -1;
    int wake_write_ = -1;
    std::vector<Pair> pairs_;
    std::mutex mutex_;
    std::deque<std::pair<Cut, std::string>> plans_;
    std::atomic<int> cuts_ = 0;
    std::promise<Pair> held_;  // after a late cut
    std::string held_data_;
    std::thread thread_;
};

}  // namespace causeway::test
