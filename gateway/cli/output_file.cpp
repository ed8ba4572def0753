// SPDX-License-Identifier: Apache-2.0
#include "gateway/cli/output_file.h"

#include <cerrno>
#include <fcntl.h>
#include <filesystem>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace causeway::gateway {
namespace {

constexpr mode_t kOwnerAlone = S_IRUSR | S_IWUSR;

Error cannot_write(const std::string& path) {
    return Error(ErrorCode::storage,
                 "cannot write " + path + ": " + std::generic_category().message(errno));
}

std::string folder_of(const std::string& path) {
    const std::filesystem::path folder = std::filesystem::path(path).parent_path();
    return folder.empty() ? "." : folder.string();
}

// So that the name survives a power cut as the bytes do.
void sync_folder(const std::string& folder) {
    const int number = ::open(folder.c_str(), O_RDONLY | O_CLOEXEC);
    if (number < 0) return;
    (void)::fsync(number);
    ::close(number);
}

}  // namespace

OutputFile::OutputFile(std::string path, std::string draft, int number, bool named)
    : path_(std::move(path)), draft_(std::move(draft)), number_(number), named_(named) {}

OutputFile::OutputFile(OutputFile&& other) noexcept
    : path_(std::move(other.path_)),
      draft_(std::move(other.draft_)),
      number_(std::exchange(other.number_, -1)),
      named_(std::exchange(other.named_, false)) {}

OutputFile::~OutputFile() {
    if (number_ >= 0) ::close(number_);
    if (named_) (void)::unlink(draft_.c_str());
}

Result<OutputFile> OutputFile::create(const std::string& path) {
    // What is moved over the name of a device would take its place.
    struct stat found {};
    if (::stat(path.c_str(), &found) == 0 && !S_ISREG(found.st_mode)) {
        return Error(ErrorCode::invalid_argument, path + " is there and is no file");
    }
    std::string draft = path + "." + std::to_string(::getpid()) + ".part";
    int number = ::open(folder_of(path).c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC, kOwnerAlone);
    const bool named = number < 0;
    if (named) {
        // This file system knows no file without a name.
        (void)::unlink(draft.c_str());
        number = ::open(draft.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, kOwnerAlone);
    }
    if (number < 0) return cannot_write(path);
    return OutputFile(path, std::move(draft), number, named);
}

Result<void> OutputFile::write(std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t count = ::write(number_, bytes.data(), bytes.size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return cannot_write(path_);
        bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    return {};
}

bool OutputFile::give_name() {
    if (named_) return true;
    // Nobody else's: it has our own process's number.
    (void)::unlink(draft_.c_str());
    const std::string open_file = "/proc/self/fd/" + std::to_string(number_);
    named_ =
        ::linkat(AT_FDCWD, open_file.c_str(), AT_FDCWD, draft_.c_str(), AT_SYMLINK_FOLLOW) == 0;
    return named_;
}

Result<void> OutputFile::keep() {
    if (::fsync(number_) != 0 || !give_name()) return cannot_write(path_);
    if (::rename(draft_.c_str(), path_.c_str()) != 0) return cannot_write(path_);
    named_ = false;
    sync_folder(folder_of(path_));
    return {};
}

}  // namespace causeway::gateway
