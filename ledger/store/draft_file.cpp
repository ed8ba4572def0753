// SPDX-License-Identifier: Apache-2.0
#include "ledger/store/draft_file.h"

#include "ledger/store/folder.h"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <unistd.h>

namespace causeway::ledger {
namespace {

Error is_there(const std::string& path) {
    return Error(ErrorCode::conflict, path + " is there already and is not written over");
}

// Not every file system can refuse to replace; then nobody stands between the look and the move.
bool rename_to_nothing(const std::string& from, const std::string& to) {
    if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) {
        return true;
    }
    if (errno != EINVAL && errno != ENOSYS) return false;
    std::error_code unknown;
    if (std::filesystem::exists(to, unknown)) {
        errno = EEXIST;
        return false;
    }
    return std::rename(from.c_str(), to.c_str()) == 0;
}

}  // namespace

Result<DraftFile> DraftFile::make(const std::string& path) {
    std::error_code unknown;
    if (std::filesystem::exists(std::filesystem::symlink_status(path, unknown))) {
        return is_there(path);
    }
    std::string draft = path + ".part-XXXXXX";
    const int file = ::mkostemp(draft.data(), O_CLOEXEC);  // mode 0600
    if (file < 0) return file_error("make", path);
    ::close(file);
    return DraftFile(path, std::move(draft));
}

DraftFile::~DraftFile() {
    if (!draft_.empty()) (void)::unlink(draft_.c_str());
}

Result<void> DraftFile::publish() {
    Result<void> synced = sync_file(draft_);
    if (!synced) return synced;
    if (!rename_to_nothing(draft_, path_)) {
        return errno == EEXIST ? is_there(path_) : file_error("make", path_);
    }
    draft_.clear();
    return sync_folder_of(path_);
}

}  // namespace causeway::ledger
