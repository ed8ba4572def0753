// SPDX-License-Identifier: Apache-2.0
//
// What "expand=payment.customer" asks for: an object in the place of its id, two steps deep at
// most.
//
// An object is looked up with the scope of the request and with the permissions of its key,
// whatever stands where its id was: nobody is shown what they could not have asked for themselves.
// An id that leads nowhere stays an id.
#pragma once

#include "gateway/api/context.h"
#include "gateway/api/problem.h"
#include "ledger/store/database.h"

#include <string>
#include <variant>
#include <vector>

namespace causeway::gateway {

/// Who looks, and with what. Lifetime: borrows the vault.
struct Sight {
    ApiKey key;  ///< Its scope is that of the merchant acted for.
    const Vault& vault;
    Timestamp now;
};
[[nodiscard]] Sight sight_of(const ApiContext& api, const ApiRequest& request);

/// What was asked for, or what is wrong with the `expand` parameter.
template <class T>
using Shown = std::variant<T, Problem>;

/// `object` is JSON that this program rendered. A Problem for a path that leads to no object, and
/// for one to an object that the key may not read. Errors: `storage`, `integrity`.
[[nodiscard]] Result<Shown<std::string>> expand_object(ledger::Transaction& tx,
                                                       const Sight& sight,
                                                       const std::string& object,
                                                       const std::vector<std::string>& paths);

/// The same for every object of a list.
[[nodiscard]] Result<Shown<std::string>> expand_list(ledger::Transaction& tx,
                                                     const Sight& sight,
                                                     const std::string& list,
                                                     const std::vector<std::string>& paths);

}  // namespace causeway::gateway
