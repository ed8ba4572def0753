// SPDX-License-Identifier: Apache-2.0
#include "gateway/http/tls_stream.h"

#include "tests/support/throwaway_certificate.h"
#include "tests/support/tls_in_memory.h"

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <utility>

namespace asio = boost::asio;
using asio::ip::tcp;

namespace causeway::gateway {
namespace {

using test::readable;
using Context = std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)>;

TEST(TlsContext, WipesWhatItHasDecrypted) {
    const Context context(SSL_CTX_new(TLS_server_method()), &SSL_CTX_free);
    prepare_for_streams(context.get());
    EXPECT_NE(SSL_CTX_get_options(context.get()) & SSL_OP_CLEANSE_PLAINTEXT, 0U);
}

class TlsStreamTest : public testing::TestWithParam<int> {
  protected:
    TlsStreamTest() : context_(SSL_CTX_new(TLS_server_method()), &SSL_CTX_free) {
        SSL_CTX_use_certificate_chain_file(context_.get(), certificate_.certificate_file().c_str());
        SSL_CTX_use_PrivateKey_file(
            context_.get(), certificate_.private_key_file().c_str(), SSL_FILETYPE_PEM);
        prepare_for_streams(context_.get());
        tcp::acceptor acceptor(io_, tcp::endpoint(asio::ip::address_v4::loopback(), 0));
        client_.socket().connect(acceptor.local_endpoint());
        server_.emplace(acceptor.accept(), context_.get());
        client_.socket().set_option(tcp::no_delay(true));
        server_->socket().set_option(tcp::no_delay(true));
    }

    // Every flight of the client goes in pieces of `piece` bytes.
    Wants shake_hands(std::size_t piece = SIZE_MAX) {
        StreamStep step{Wants::readable};
        while (step.wants == Wants::readable || SSL_is_init_finished(client_.ssl()) == 0) {
            client_.fill();
            (void)SSL_do_handshake(client_.ssl());
            const bool said = client_.flush(piece) > 0;
            if (step.wants == Wants::readable) step = server_->handshake();
            if (said || step.wants == Wants::nothing) continue;
            if (step.wants != Wants::readable) break;
            if (!readable({&client_.socket(), &server_->socket()})) break;
        }
        return step.wants;
    }

    // The next `count` bytes, or all up to the end.
    std::string read(std::size_t count = SIZE_MAX) {
        std::string all;
        std::array<char, 16'384> space{};
        while (all.size() < count) {
            const StreamStep step = server_->read(space);
            all.append(space.data(), step.bytes);
            last_ = step.wants;
            if (step.wants == Wants::end) break;
            if (step.wants == Wants::readable && !readable({&server_->socket()})) break;
        }
        return all;
    }

    test::ThrowawayCertificate certificate_;
    asio::io_context io_;
    Context context_;
    test::TlsInMemory client_{io_, GetParam()};
    std::optional<TlsStream> server_;
    Wants last_ = Wants::nothing;
};

TEST_P(TlsStreamTest, WaitsForTheClientsFirstWord) {
    EXPECT_EQ(server_->handshake().wants, Wants::readable);
    EXPECT_EQ(server_->handshake().wants, Wants::readable);
    EXPECT_FALSE(server_->has_input());
    EXPECT_EQ(shake_hands(), Wants::nothing);
}

TEST_P(TlsStreamTest, ShakesHandsOverAWireThatDrips) {
    EXPECT_EQ(shake_hands(1), Wants::nothing);
}

TEST_P(TlsStreamTest, CarriesBytesBothWays) {
    ASSERT_EQ(shake_hands(), Wants::nothing);
    client_.write("question");
    client_.flush();
    EXPECT_EQ(read(8), "question");
    EXPECT_FALSE(server_->has_input());
    const StreamStep said = server_->write("answer");
    EXPECT_EQ(said.wants, Wants::nothing);
    EXPECT_EQ(said.bytes, 6U);
    EXPECT_EQ(client_.read(6), "answer");
}

TEST_P(TlsStreamTest, HasInputWhileRecordsAreLeft) {
    ASSERT_EQ(shake_hands(), Wants::nothing);
    client_.write("one");
    client_.write("two");
    client_.flush();
    EXPECT_EQ(read(3), "one");
    // The socket has nothing more and never tells: who waited for it would wait for ever.
    EXPECT_TRUE(server_->has_input());
    EXPECT_EQ(read(3), "two");
    EXPECT_FALSE(server_->has_input());
}

TEST_P(TlsStreamTest, GoesOnWithARecordThatCameInPieces) {
    ASSERT_EQ(shake_hands(), Wants::nothing);
    client_.write(std::string(16'000, 'x'));
    std::array<char, 16'384> space{};
    while (client_.flush(100) == 100)
        EXPECT_EQ(server_->read(space).wants, Wants::readable);
    EXPECT_EQ(read(16'000), std::string(16'000, 'x'));
}

TEST_P(TlsStreamTest, TakesAWriteUpWhereASlowReaderStoppedIt) {
    ASSERT_EQ(shake_hands(), Wants::nothing);
    std::string sent;
    std::string received;
    std::size_t stops = 0;
    while (stops < 3) {
        const std::string piece(16'384, static_cast<char>('a' + sent.size() / 16'384 % 26));
        StreamStep step = server_->write(piece);
        if (step.wants == Wants::writable) ++stops;
        while (step.wants == Wants::writable) {
            received += client_.read(16'384);
            step = server_->write(piece);
        }
        ASSERT_EQ(step.wants, Wants::nothing);
        ASSERT_EQ(step.bytes, piece.size());
        sent += piece;
    }
    received += client_.read(sent.size() - received.size());
    EXPECT_TRUE(received == sent);
}

TEST_P(TlsStreamTest, SaysGoodbyeWithoutWaitingForTheOther) {
    ASSERT_EQ(shake_hands(), Wants::nothing);
    EXPECT_EQ(server_->goodbye().wants, Wants::nothing);
    EXPECT_EQ(client_.read(), "");
    EXPECT_NE(SSL_get_shutdown(client_.ssl()) & SSL_RECEIVED_SHUTDOWN, 0);
}

TEST_P(TlsStreamTest, StillAnswersWhoHasSaidGoodbye) {
    ASSERT_EQ(shake_hands(), Wants::nothing);
    client_.write("last");
    SSL_shutdown(client_.ssl());
    client_.flush();
    EXPECT_EQ(read(), "last");
    EXPECT_EQ(last_, Wants::end);
    EXPECT_EQ(server_->write("answer").wants, Wants::nothing);
    EXPECT_EQ(server_->goodbye().wants, Wants::nothing);
    EXPECT_EQ(client_.read(), "answer");
}

TEST_P(TlsStreamTest, EndsWithTheSocket) {
    ASSERT_EQ(shake_hands(), Wants::nothing);
    client_.socket().close();
    EXPECT_EQ(read(), "");
    EXPECT_EQ(last_, Wants::end);
}

TEST_P(TlsStreamTest, WritingToAClosedSocketIsNoSignal) {
    ASSERT_EQ(shake_hands(), Wants::nothing);
    client_.socket().set_option(asio::socket_base::linger(true, 0));
    client_.socket().close();
    // SIGPIPE would end the gateway.
    while (server_->write("answer").wants == Wants::nothing) {
    }
    EXPECT_EQ(server_->write("answer").wants, Wants::end);
}

TEST_P(TlsStreamTest, EndsAtGarbage) {
    ASSERT_EQ(shake_hands(), Wants::nothing);
    const std::string garbage(100, '\x17');
    (void)::send(client_.socket().native_handle(), garbage.data(), garbage.size(), MSG_NOSIGNAL);
    EXPECT_EQ(read(), "");
    EXPECT_EQ(last_, Wants::end);
}

INSTANTIATE_TEST_SUITE_P(Versions,
                         TlsStreamTest,
                         testing::Values(TLS1_2_VERSION, TLS1_3_VERSION),
                         [](const auto& row) {
                             return row.param == TLS1_2_VERSION ? "Tls12" : "Tls13";
                         });

class TlsStream13Test : public TlsStreamTest {};

TEST_P(TlsStream13Test, ChangesKeysWhenAsked) {
    ASSERT_EQ(shake_hands(), Wants::nothing);
    SSL_key_update(client_.ssl(), SSL_KEY_UPDATE_REQUESTED);
    client_.write("new keys");
    client_.flush();
    EXPECT_EQ(read(8), "new keys");
    EXPECT_EQ(server_->write("here too").wants, Wants::nothing);
    EXPECT_EQ(client_.read(8), "here too");
}

TEST_P(TlsStream13Test, AStreamOfKeyUpdatesIsTakenInTurns) {
    ASSERT_EQ(shake_hands(), Wants::nothing);
    for (int i = 0; i < 5'000; ++i) {
        SSL_key_update(client_.ssl(), SSL_KEY_UPDATE_NOT_REQUESTED);
        SSL_do_handshake(client_.ssl());
    }
    client_.write("done");
    // In one go, nobody else on this thread would be served until such a client tires.
    int turns = 0;
    std::array<char, 64> space{};
    StreamStep step{Wants::readable};
    while (step.wants == Wants::readable) {
        client_.flush();
        ASSERT_TRUE(readable({&server_->socket()}));
        step = server_->read(space);
        ++turns;
    }
    EXPECT_EQ(step.bytes, 4U);
    EXPECT_GT(turns, 5);
}

INSTANTIATE_TEST_SUITE_P(Versions,
                         TlsStream13Test,
                         testing::Values(TLS1_3_VERSION),
                         [](const auto&) { return "Tls13"; });

}  // namespace
}  // namespace causeway::gateway
