// SPDX-License-Identifier: Apache-2.0
//
// The folder between bank and beneficiary: numbers the retornos, spoils them on command, and leaves
// them and the statements where they are fetched. A file appears whole or not at all.
#pragma once

#include "connectors/boleto/sandbox/books.h"
#include "connectors/boleto/sandbox/retorno_desk.h"
#include "connectors/boleto/sandbox/script.h"

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <vector>

namespace causeway::connectors::boleto::sandbox {

class FileDesk {
  public:
    /// `folder` is made when it is not there; empty: files are kept in memory alone.
    FileDesk(HouseConfig house, std::string folder)
        : house_(std::move(house)), folder_(std::move(folder)) {}

    void script(FileTrick trick) { script_.push_back(trick); }

    /// Files of one closed day, and what was held back until it. Their names.
    ///
    /// Errors: `invalid_argument` when the layout cannot hold what happened; `storage`.
    Result<std::vector<std::string>> deliver(const NightWork& night, Timestamp made);
    /// A retorno again, as it should have been.
    ///
    /// Errors: `not_found`, `storage`.
    Result<std::string> resend(std::int64_t number);

    /// By name, every file that was delivered.
    [[nodiscard]] const std::map<std::string, std::string>& files() const noexcept {
        return files_;
    }

  private:
    struct Made {
        std::string name;
        std::string bytes;
    };
    Result<Made> number(RetornoFile file);
    Result<std::vector<Made>> retornos(const NightWork& night);
    Result<void> put(const Made& made);
    FileTrick next_trick();

    HouseConfig house_;
    std::string folder_;
    std::deque<FileTrick> script_;
    std::int64_t numbered_ = 0;
    std::map<std::int64_t, Made> good_;
    std::vector<Made> late_;
    std::map<std::string, std::string> files_;
};

}  // namespace causeway::connectors::boleto::sandbox
