// SPDX-License-Identifier: Apache-2.0
#include "ledger/journal/published.h"

#include <algorithm>
#include <tuple>

namespace causeway::ledger {

void Published::open(std::int64_t id, const AccountKey& key) {
    accounts_.push_back({.id = id, .key = key, .state = {}});
    places_.add(key);
}

std::vector<PublishedAccount> Published::accounts(std::optional<std::string_view> owner) const {
    std::vector<PublishedAccount> found;
    {
        const std::shared_lock lock(mutex_);
        for (const PublishedAccount& account : accounts_) {
            if (!owner || account.key.owner == *owner) found.push_back(account);
        }
    }
    std::ranges::sort(found, [](const PublishedAccount& a, const PublishedAccount& b) {
        return std::tuple(a.key.purpose, a.key.owner, a.key.currency.code()) <
               std::tuple(b.key.purpose, b.key.owner, b.key.currency.code());
    });
    return found;
}

Published::Moment Published::now() const {
    const std::shared_lock lock(mutex_);
    return {.accounts = accounts_, .last = last_};
}

Published::Moment Published::now(const AccountKey& key) const {
    const std::shared_lock lock(mutex_);
    Moment moment{.accounts = {}, .last = last_};
    const std::size_t place = places_.find(key);
    if (place != AccountIndex::kNone) moment.accounts.push_back(accounts_[place]);
    return moment;
}

std::optional<PublishedAccount> Published::account(const AccountKey& key) const {
    const std::shared_lock lock(mutex_);
    const std::size_t place = places_.find(key);
    if (place == AccountIndex::kNone) return std::nullopt;
    return accounts_[place];
}

std::vector<std::uint32_t> Published::candidates(const Uuid& id) const {
    std::vector<std::uint32_t> places;
    const std::shared_lock lock(mutex_);
    (void)ids_.find(fingerprint(id), [&](std::uint32_t place) {
        places.push_back(place);
        return false;
    });
    return places;
}

void Published::fetch(std::span<const std::uint64_t> fingerprints) const {
    const std::shared_lock lock(mutex_);
    for (const std::uint64_t fingerprint : fingerprints)
        ids_.fetch(fingerprint);
}

Sequence Published::last() const {
    const std::shared_lock lock(mutex_);
    return last_;
}

}  // namespace causeway::ledger
