// SPDX-License-Identifier: Apache-2.0
#include "gateway/cli/wire.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value_to.hpp>

#include <algorithm>
#include <charconv>
#include <system_error>

namespace json = boost::json;

namespace causeway::gateway {
namespace {

json::array describe(const std::vector<InputFile>& files) {
    json::array list;
    for (const InputFile& file : files) {
        json::object one;
        one["name"] = file.name;
        one["bytes"] = file.content.size();
        list.push_back(std::move(one));
    }
    return list;
}

std::string join(json::object head, const std::vector<InputFile>& files) {
    head["files"] = describe(files);
    std::string bytes = json::serialize(head) + "\n";
    for (const InputFile& file : files)
        bytes += file.content;
    return bytes;
}

struct Split {
    json::object head;
    std::vector<InputFile> files;
};

// Throws what Boost.JSON throws for members of another type; the callers turn it into an Error.
Split split(std::string_view bytes) {
    const std::size_t end = bytes.find('\n');
    if (end == std::string_view::npos) throw std::invalid_argument("no first line");
    Split parts;
    parts.head = json::parse(bytes.substr(0, end)).as_object();
    std::string_view rest = bytes.substr(end + 1);
    for (const json::value& file : parts.head.at("files").as_array()) {
        const auto size = file.at("bytes").to_number<std::size_t>();
        if (size > rest.size()) throw std::invalid_argument("a file is cut");
        parts.files.push_back({.name = std::string(file.at("name").as_string()),
                               .content = std::string(rest.substr(0, size))});
        rest.remove_prefix(size);
    }
    if (!rest.empty()) throw std::invalid_argument("bytes after the last file");
    return parts;
}

}  // namespace

std::string encode(const CommandRequest& request) {
    json::object options;
    for (const auto& [key, value] : request.options)
        options[key] = value;
    json::array arguments;
    for (const std::string& argument : request.arguments)
        arguments.emplace_back(argument);
    json::object head;
    head["name"] = request.name;
    head["options"] = std::move(options);
    head["arguments"] = std::move(arguments);
    return join(std::move(head), request.files);
}

std::string encode(const CommandOutput& output) {
    json::object head;
    head["exit_code"] = output.exit_code;
    std::vector<InputFile> files = output.files;
    // What a command prints may hold any bytes, so it travels as a file too.
    files.push_back({.name = "stdout", .content = output.out});
    files.push_back({.name = "stderr", .content = output.err});
    return join(std::move(head), files);
}

Result<CommandRequest> decode_request(std::string_view bytes) {
    try {
        Split parts = split(bytes);
        CommandRequest request;
        request.name = std::string(parts.head.at("name").as_string());
        for (const auto& [key, value] : parts.head.at("options").as_object())
            request.options[std::string(key)] = std::string(value.as_string());
        for (const json::value& argument : parts.head.at("arguments").as_array())
            request.arguments.emplace_back(argument.as_string());
        request.files = std::move(parts.files);
        return request;
    } catch (const std::exception&) {
        return Error(ErrorCode::invalid_argument, "not a command");
    }
}

Result<CommandOutput> decode_output(std::string_view bytes) {
    try {
        Split parts = split(bytes);
        if (parts.files.size() < 2) throw std::invalid_argument("no output");
        CommandOutput output;
        output.exit_code = parts.head.at("exit_code").to_number<int>();
        output.err = std::move(parts.files.back().content);
        parts.files.pop_back();
        output.out = std::move(parts.files.back().content);
        parts.files.pop_back();
        output.files = std::move(parts.files);
        return output;
    } catch (const std::exception&) {
        return Error(ErrorCode::invalid_argument, "not a command's output");
    }
}

std::string encode_piece(std::string_view piece) {
    std::string bytes = std::to_string(piece.size()) + "\n";
    bytes += piece;
    return bytes;
}

std::string encode_note(std::string_view note) {
    return "!" + encode_piece(note);
}

// True: a piece has begun. False: its line is not all there, or what waits is the output.
Result<bool> OutputReader::begin_piece() {
    constexpr std::size_t kDigitsMax = 10;
    if (waiting_.empty() || waiting_.front() == '{') return false;
    is_note_ = waiting_.front() == '!';
    const std::size_t first = is_note_ ? 1 : 0;
    const std::size_t end = waiting_.find('\n');
    if (end == std::string::npos && waiting_.size() <= first + kDigitsMax) return false;
    const char* const line = waiting_.data();
    const auto [stop, failed_to] =
        std::from_chars(line + first, line + std::min(end, first + kDigitsMax), piece_left_);
    if (failed_to != std::errc{} || end == std::string::npos || stop != line + end) {
        return Error(ErrorCode::invalid_argument, "not a command's output");
    }
    waiting_.erase(0, end + 1);
    return true;
}

Result<void> OutputReader::hand_on(std::string_view bytes) {
    if (!is_note_) return sink_(bytes);
    if (notes_) return notes_(bytes);
    return {};
}

Result<void> OutputReader::put(std::string_view bytes) {
    waiting_ += bytes;
    while (true) {
        if (piece_left_ > 0) {
            const std::size_t count = std::min(piece_left_, waiting_.size());
            const Result<void> taken = hand_on(std::string_view(waiting_).substr(0, count));
            if (!taken) return taken;
            waiting_.erase(0, count);
            piece_left_ -= count;
            if (piece_left_ > 0) return {};
        }
        const Result<bool> begun = begin_piece();
        if (!begun) return begun.error();
        if (!*begun) break;
    }
    if (waiting_.size() <= kOutputBytesMax) return {};
    return Error(ErrorCode::invalid_argument, "a command's output is too long");
}

}  // namespace causeway::gateway
