// SPDX-License-Identifier: Apache-2.0
#include "gateway/http/unix_server.h"

#include "connectors/net/body_source.h"
#include "gateway/http/unix_client.h"

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/system/system_error.hpp>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <thread>
#include <unistd.h>
#include <utility>

namespace causeway::gateway {
namespace {

class UnixServerTest : public testing::Test {
  protected:
    UnixServerTest() {
        std::string folder = (std::filesystem::temp_directory_path() / "causeway-XXXXXX").string();
        if (::mkdtemp(folder.data()) == nullptr) throw std::runtime_error("no temporary folder");
        folder_ = folder;
        config_.path = folder_ / "admin.sock";
        hooks_.handler = handle;
        hooks_.on_error = [](ProtocolError error) { return problem_response(error, ""); };
    }
    ~UnixServerTest() override {
        server_.reset();
        std::error_code ignored;
        std::filesystem::remove_all(folder_, ignored);
    }

    static boost::asio::awaitable<net::HttpResponse> handle(net::HttpRequest request) {
        net::HttpResponse response;
        response.status = 200;
        response.headers.emplace_back("X-Peer", request.peer);
        response.body = request.method + request.target + std::to_string(request.body.size());
        if (request.target == "/echo") response.body = std::move(request.body);
        co_return response;
    }

    void serve() {
        server_.emplace(config_, hooks_);
        server_->start();
    }
    Result<net::HttpResponse> ask(std::string target, std::string body = {}) {
        net::HttpRequest request;
        request.method = "POST";
        request.target = std::move(target);
        request.body = std::move(body);
        return request_over_unix_socket(config_.path, request);
    }
    // What a server that was killed leaves behind.
    void leave_stale_socket() const {
        const int socket = ::socket(AF_UNIX, SOCK_STREAM, 0);
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        std::memcpy(address.sun_path, config_.path.data(), config_.path.size());
        ASSERT_EQ(::bind(socket, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
        ::close(socket);
        ASSERT_TRUE(std::filesystem::exists(config_.path));
    }

    std::filesystem::path folder_;
    UnixHttpServerConfig config_;
    HttpHooks hooks_;
    std::optional<UnixHttpServer> server_;
};

TEST_F(UnixServerTest, AnswersARequest) {
    serve();
    const auto response = ask("/settle?dry=1", "abc");
    ASSERT_TRUE(response);
    EXPECT_EQ(response->status, 200);
    EXPECT_EQ(response->body, "POST/settle?dry=13");
    EXPECT_EQ(*net::find_header(response->headers, "x-peer"), "unix");
}

TEST_F(UnixServerTest, CarriesLargeFilesBothWays) {
    serve();
    std::string file(20'000'000, 'x');
    for (std::size_t i = 0; i < file.size(); i += 1000)
        file[i] = static_cast<char>('a' + i / 1000 % 26);
    const auto response = ask("/echo", file);
    ASSERT_TRUE(response);
    EXPECT_TRUE(response->body == file);
}

/// A body of `count` pieces, which may end in an exception.
class Pieces final : public net::BodySource {
  public:
    explicit Pieces(int count, bool throws = false) : count_(count), throws_(throws) {}

    boost::asio::awaitable<std::optional<std::string>> next() override {
        const auto executor = co_await boost::asio::this_coro::executor;
        if (asked == 0 && between_writes) boost::asio::post(executor, between_writes);
        if (asked < count_) co_return std::string(size, static_cast<char>('a' + asked++ % 26));
        if (throws_) throw std::runtime_error("no more pieces");
        co_return std::nullopt;
    }

    std::atomic<int> asked = 0;
    std::size_t size = 100'000;
    std::function<void()> between_writes;  ///< Once, while the first piece is being written.

  private:
    int count_;
    bool throws_;
};

/// A server that answers with such a body.
struct UnixServerPiecesTest : UnixServerTest {
    void serve_pieces(std::shared_ptr<Pieces> source) {
        hooks_.handler = [source](const net::HttpRequest&) { return answer_with(source); };
        hooks_.on_bug = [this](std::string_view what) { bug = what; };
        serve();
    }
    static boost::asio::awaitable<net::HttpResponse> answer_with(std::shared_ptr<Pieces> source) {
        net::HttpResponse response;
        response.status = 200;
        response.body = "first ";
        response.more = source;
        co_return response;
    }
    Result<net::HttpResponse> ask_for_pieces(const BodySink& sink) {
        return request_over_unix_socket(config_.path, {.method = "POST", .target = "/"}, {}, sink);
    }

    std::string bug;
};

TEST_F(UnixServerPiecesTest, SendsABodyPieceByPiece) {
    serve_pieces(std::make_shared<Pieces>(30));
    std::string all;
    const auto response = ask_for_pieces([&all](std::string_view bytes) -> Result<void> {
        all += bytes;
        return {};
    });
    ASSERT_TRUE(response);
    EXPECT_EQ(response->status, 200);
    EXPECT_EQ(response->body, "");
    EXPECT_EQ(net::find_header(response->headers, "Content-Length"), nullptr);
    ASSERT_EQ(all.size(), 6U + 30 * 100'000U);
    EXPECT_TRUE(all.starts_with("first aaaaa"));
    for (std::size_t i = 0; i < 30; ++i)
        EXPECT_EQ(all[6 + i * 100'000 + 99'999], static_cast<char>('a' + i % 26));
    EXPECT_EQ(ask("/")->body.size(), 6U) << "the pieces are used up, and no sink is needed";
}

// An export that is read in a pager must not pile up in the server's memory.
TEST_F(UnixServerPiecesTest, MakesNoPieceBeforeTheLastIsTaken) {
    const auto source = std::make_shared<Pieces>(1000);
    serve_pieces(source);
    const auto response = ask_for_pieces([&source](std::string_view) -> Result<void> {
        // The client stands still here, while its half of the socket fills up.
        EXPECT_LE(source->asked, 20);
        return Error(ErrorCode::storage, "the disk is full");
    });
    ASSERT_FALSE(response);
    EXPECT_EQ(response.error().detail(), "the disk is full");
    EXPECT_TRUE(server_->drain(std::chrono::seconds{5})) << "the server lets go of it";
    EXPECT_LE(source->asked, 20);
}

TEST_F(UnixServerPiecesTest, CutsABodyOffToStop) {
    const auto source = std::make_shared<Pieces>(1'000'000'000);
    serve_pieces(source);
    bool drained = false;
    const auto response = ask_for_pieces([&](std::string_view) -> Result<void> {
        if (drained) return {};
        drained = server_->drain(std::chrono::seconds{5});
        if (drained) return {};
        return Error(ErrorCode::unavailable, "the server does not stop");
    });
    EXPECT_TRUE(drained);
    // HTTP can not tell a cut from an end here; the body has to.
    EXPECT_TRUE(response);
}

// The order to stop comes while the server has more of a piece at hand and only lets others go
// first: it must not begin then to wait for a reader who stands still.
TEST_F(UnixServerPiecesTest, CutsABodyOffBetweenTwoWritesOfAPiece) {
    const auto source = std::make_shared<Pieces>(1'000'000'000);
    source->size = 10'000'000;  // more than a socket holds
    std::promise<bool> drained;
    std::thread stopping;
    source->between_writes = [&] {
        std::atomic<bool> begun = false;
        stopping = std::thread([&] {
            begun = true;
            drained.set_value(server_->drain(std::chrono::seconds{5}));
        });
        // The order queues up behind this and comes in before the piece is written.
        while (!begun)
            std::this_thread::yield();
        for (int i = 0; i < 10'000; ++i)
            std::this_thread::yield();
    };
    serve_pieces(source);
    std::optional<bool> ended;
    (void)ask_for_pieces([&](std::string_view) -> Result<void> {
        if (!ended) ended = drained.get_future().get();
        return Error(ErrorCode::unavailable, "seen enough");
    });
    stopping.join();
    EXPECT_EQ(ended, true);
}

TEST_F(UnixServerPiecesTest, CutsABodyOffThatCanNotBeMade) {
    serve_pieces(std::make_shared<Pieces>(3, true));
    std::size_t bytes_in_all = 0;
    (void)ask_for_pieces([&](std::string_view bytes) -> Result<void> {
        bytes_in_all += bytes.size();
        return {};
    });
    EXPECT_EQ(bytes_in_all, 300'006U);
    EXPECT_TRUE(server_->drain(std::chrono::seconds{5}));
    EXPECT_EQ(bug, "no more pieces");
}

TEST_F(UnixServerTest, RefusesMoreThanTheLimit) {
    config_.limits.body_bytes_max = 1000;
    serve();
    const auto response = ask("/echo", std::string(500'000, 'x'));
    ASSERT_TRUE(response);
    EXPECT_EQ(response->status, 413);
}

// Whoever can open the file can pay out money.
TEST_F(UnixServerTest, TheFileIsItsOwnersWhateverTheUmask) {
    for (const mode_t mask : {0000U, 0022U, 0777U}) {
        const mode_t before = ::umask(mask);
        serve();
        ::umask(before);
        struct stat found {};
        ASSERT_EQ(::lstat(config_.path.c_str(), &found), 0);
        EXPECT_EQ(found.st_mode & 07777U, 0600U) << mask;
        server_.reset();
    }
}

TEST_F(UnixServerTest, ReplacesWhatADeadServerLeft) {
    leave_stale_socket();
    serve();
    EXPECT_TRUE(ask("/a"));
}

TEST_F(UnixServerTest, LeavesALivingServersSocketAlone) {
    serve();
    EXPECT_THROW(UnixHttpServer(config_, hooks_), boost::system::system_error);
    EXPECT_TRUE(ask("/a"));
}

TEST_F(UnixServerTest, LeavesOtherFilesAlone) {
    std::ofstream(config_.path) << "precious";
    EXPECT_THROW(UnixHttpServer(config_, hooks_), boost::system::system_error);
    EXPECT_EQ(std::filesystem::file_size(config_.path), 8U);
}

TEST_F(UnixServerTest, TakesItsFileAlong) {
    serve();
    EXPECT_TRUE(server_->drain(std::chrono::seconds{5}));
    server_.reset();
    EXPECT_FALSE(std::filesystem::exists(config_.path));
}

TEST_F(UnixServerTest, RefusesAPathThatIsTooLong) {
    config_.path = folder_ / std::string(200, 'x');
    EXPECT_THROW(UnixHttpServer(config_, hooks_), boost::system::system_error);
}

TEST_F(UnixServerTest, TheClientTellsThatNobodyListens) {
    const auto nobody = ask("/a");
    ASSERT_FALSE(nobody);
    EXPECT_EQ(nobody.error().code(), ErrorCode::unavailable);
    leave_stale_socket();
    EXPECT_EQ(ask("/a").error().code(), ErrorCode::unavailable);
}

TEST_F(UnixServerTest, TheClientDoesNotKnowWhatASilentServerDid) {
    // Binds and listens, but nobody accepts: the request waits in the kernel for ever.
    server_.emplace(config_, hooks_);
    net::HttpRequest request;
    request.method = "GET";
    request.target = "/";
    UnixClientLimits limits;
    limits.answer_max = std::chrono::milliseconds{30};
    const auto answer = request_over_unix_socket(config_.path, request, limits);
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code(), ErrorCode::outcome_unknown);
}

TEST_F(UnixServerTest, TheClientRefusesForgedRequests) {
    serve();
    EXPECT_EQ(ask("/a HTTP/1.1\r\nX: y").error().code(), ErrorCode::invalid_argument);
    net::HttpRequest request;
    request.method = "GET";
    request.target = "/";
    request.headers.emplace_back("X", "a\r\nY: b");
    EXPECT_EQ(request_over_unix_socket(config_.path, request).error().code(),
              ErrorCode::invalid_argument);
}

}  // namespace
}  // namespace causeway::gateway
