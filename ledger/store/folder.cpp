// SPDX-License-Identifier: Apache-2.0
#include "ledger/store/folder.h"

#include <cerrno>
#include <fcntl.h>
#include <filesystem>
#include <system_error>
#include <unistd.h>

namespace causeway::ledger {
namespace {

Result<void> sync(const std::string& path, int flags) {
    const int file = ::open(path.c_str(), flags | O_RDONLY | O_CLOEXEC);
    if (file < 0) return file_error("open", path);
    Result<void> done;
    if (::fsync(file) != 0) done = file_error("sync", path);
    ::close(file);
    return done;
}

}  // namespace

Error file_error(std::string_view what, const std::string& path) {
    return Error(ErrorCode::storage,
                 "can not " + std::string(what) + " " + path + ": " +
                     std::generic_category().message(errno));
}

Result<void> sync_file(const std::string& path) {
    return sync(path, 0);
}

Result<void> sync_folder_of(const std::string& path) {
    const std::string folder = std::filesystem::path(path).parent_path().string();
    return sync(folder.empty() ? "." : folder, O_DIRECTORY);
}

}  // namespace causeway::ledger
