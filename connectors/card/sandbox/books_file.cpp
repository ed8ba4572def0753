// SPDX-License-Identifier: Apache-2.0
#include "connectors/card/sandbox/books_file.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string_view>
#include <sys/file.h>
#include <unistd.h>

namespace causeway::connectors::card::sandbox {
namespace {

Error cannot(std::string_view step, int reason) {
    return Error(ErrorCode::storage, "books: " + std::string(step) + ": " + std::strerror(reason));
}

}  // namespace

Result<FactFile> read_fact_file(const std::string& path) {
    std::error_code ignored;
    if (!std::filesystem::exists(path, ignored)) {
        return Error(ErrorCode::not_found, "no such books: " + path);
    }
    std::ifstream in(path, std::ios::binary);
    if (!in) return cannot("open", errno);
    const std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    if (in.bad()) return cannot("read", EIO);

    FactFile file;
    std::string_view rest = text;
    for (std::size_t end = rest.find('\n'); end != std::string_view::npos; end = rest.find('\n')) {
        auto fact = parse_line(rest.substr(0, end), std::ssize(file.facts) + 1);
        if (!fact) return fact.error();
        file.facts.push_back(*std::move(fact));
        rest.remove_prefix(end + 1);
    }
    file.whole_bytes = text.size() - rest.size();
    return file;
}

Result<std::unique_ptr<FactWriter>> FactWriter::open(const std::string& path) {
    const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (file < 0) return cannot("open", errno);
    auto writer = std::unique_ptr<FactWriter>(new FactWriter(file));
    if (::flock(file, LOCK_EX | LOCK_NB) == 0) return writer;
    if (errno != EWOULDBLOCK) return cannot("lock", errno);
    return Error(ErrorCode::conflict, "books: another sandbox writes to " + path);
}

FactWriter::~FactWriter() {
    ::close(file_);
}

Result<void> FactWriter::cut_to(std::size_t whole_bytes) {
    if (::ftruncate(file_, static_cast<off_t>(whole_bytes)) != 0) return cannot("cut", errno);
    bytes_ = whole_bytes;
    return {};
}

Result<void> FactWriter::append(std::string line) {
    if (broken_) return cannot("write", EIO);
    line += '\n';
    std::string_view rest = line;
    while (!rest.empty()) {
        const ssize_t written = ::write(file_, rest.data(), rest.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) {
            const int reason = errno;
            broken_ = true;
            (void)cut_to(bytes_);
            return cannot("write", reason);
        }
        rest.remove_prefix(static_cast<std::size_t>(written));
    }
    bytes_ += line.size();
    return {};
}

}  // namespace causeway::connectors::card::sandbox
