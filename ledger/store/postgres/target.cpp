// SPDX-License-Identifier: Apache-2.0
#include "ledger/store/postgres/target.h"

#include <libpq-fe.h>

#include <memory>

namespace causeway::ledger::postgres {
namespace {

struct OptionsFree {
    void operator()(PQconninfoOption* options) const noexcept { PQconninfoFree(options); }
};
using Options = std::unique_ptr<PQconninfoOption, OptionsFree>;

Options parsed(const std::string& url) {
    char* message = nullptr;
    Options options(PQconninfoParse(url.c_str(), &message));
    PQfreemem(message);  // it may quote the password
    return options;
}

std::string value_of(const Options& options, std::string_view keyword) {
    for (const PQconninfoOption* it = options.get(); it->keyword != nullptr; ++it) {
        if (keyword == it->keyword && it->val != nullptr) return it->val;
    }
    return {};
}

}  // namespace

bool is_target(std::string_view url) noexcept {
    return url.starts_with("postgresql://") || url.starts_with("postgres://");
}

Result<Target> target_of(std::string_view url) {
    const Error misread(ErrorCode::invalid_argument,
                        "a database URL has the form postgresql://USER@HOST/DATABASE, with special "
                        "characters of a password in percent-encoding");
    if (!is_target(url) || url.find('\0') != std::string_view::npos) return misread;
    Target target{.url = std::string(url), .name = {}};
    const Options options = parsed(target.url);
    if (!options) return misread;
    std::string host = value_of(options, "host");
    if (host.empty()) host = value_of(options, "hostaddr");
    const std::string port = value_of(options, "port");
    const std::string name = value_of(options, "dbname");
    // A password with a special character has been cut in two, and its end taken for the host, the
    // port or the database.
    const bool cut = host.find('@') != std::string::npos ||
                     port.find_first_not_of("0123456789,") != std::string::npos ||
                     name.find_first_of("@/:") != std::string::npos;
    if (cut) return misread;
    target.name = "the database " + (name.empty() ? "" : name + " ") + "at " +
                  (host.empty() ? "the local server" : host);
    return target;
}

}  // namespace causeway::ledger::postgres
