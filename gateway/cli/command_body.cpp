// SPDX-License-Identifier: Apache-2.0
#include "gateway/cli/command_body.h"

#include "gateway/cli/wire.h"

#include <boost/asio/bind_executor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <string>
#include <utility>

namespace asio = boost::asio;

namespace causeway::gateway {
namespace {

class CommandBody final : public net::BodySource {
  public:
    CommandBody(CommandOutput output, asio::any_io_executor commands)
        : output_(std::move(output)), commands_(std::move(commands)) {}

    asio::awaitable<std::optional<std::string>> next() override {
        if (ended_) co_return std::nullopt;
        const asio::any_io_executor back = co_await asio::this_coro::executor;
        co_await asio::post(asio::bind_executor(commands_, asio::use_awaitable));
        std::string bytes = make();
        co_await asio::post(asio::bind_executor(back, asio::use_awaitable));
        co_return bytes;
    }

  private:
    std::string make() {
        if (output_.work) return work();
        std::string piece;
        const Result<bool> more = output_.pieces(piece);
        ended_ = !more || !*more;
        if (!more) return encode(failed(more.error()));
        std::string bytes = piece.empty() ? std::string() : encode_piece(piece);
        if (ended_) bytes += encode(output_);
        return bytes;
    }

    std::string work() {
        std::string note;
        CommandOutput rest;
        ended_ = !output_.work(note, rest);
        std::string bytes = note.empty() ? std::string() : encode_note(note);
        if (ended_) bytes += encode(rest);
        return bytes;
    }

    CommandOutput output_;
    asio::any_io_executor commands_;
    bool ended_ = false;
};

}  // namespace

std::shared_ptr<net::BodySource> body_of(CommandOutput output, asio::any_io_executor commands) {
    return std::make_shared<CommandBody>(std::move(output), std::move(commands));
}

}  // namespace causeway::gateway
