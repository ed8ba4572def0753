// SPDX-License-Identifier: Apache-2.0
#include "ledger/store/sqlite/file_lock.h"

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <filesystem>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace causeway::ledger::sqlite {
namespace {

std::string lock_path(const std::string& path) {
    return resolved(path) + ".lock";
}

struct flock whole_file() {
    struct flock lock {};
    lock.l_type = F_WRLCK;
    lock.l_whence = SEEK_SET;
    return lock;
}

}  // namespace

std::string resolved(const std::string& path) {
    std::error_code failed;
    const std::filesystem::path found = std::filesystem::weakly_canonical(path, failed);
    return failed ? path : found.string();
}

Result<FileLock> FileLock::take(const std::string& path) {
    const std::string name = lock_path(path);
    const int file = ::open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (file < 0) {
        return Error(ErrorCode::storage,
                     "can not open " + name + ": " + std::generic_category().message(errno));
    }
    FileLock lock(file);
    struct flock wanted = whole_file();
    if (::fcntl(file, F_OFD_SETLK, &wanted) == 0) return lock;
    if (errno == EAGAIN || errno == EACCES) {
        return Error(ErrorCode::conflict, "another process owns " + path);
    }
    return Error(ErrorCode::storage,
                 "can not lock " + name + ": " + std::generic_category().message(errno));
}

FileLock::FileLock(FileLock&& other) noexcept : file_(std::exchange(other.file_, -1)) {}

FileLock::~FileLock() {
    if (file_ >= 0) ::close(file_);
}

bool FileLock::is_held(const std::string& path) {
    const int file = ::open(lock_path(path).c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW);
    if (file < 0) return false;
    struct flock found = whole_file();
    const bool held = ::fcntl(file, F_OFD_GETLK, &found) == 0 && found.l_type != F_UNLCK;
    ::close(file);
    return held;
}

}  // namespace causeway::ledger::sqlite
