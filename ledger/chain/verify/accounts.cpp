// SPDX-License-Identifier: Apache-2.0
#include "ledger/chain/verify/accounts.h"

#include "ledger/chain/bytes.h"

#include <algorithm>

namespace causeway::ledger::verifier {
namespace {

constexpr std::int64_t kLanesMax = 65536;
constexpr std::size_t kGapMax = 4096;  // numbers
constexpr std::string_view kNoCurrency = "what is no currency of ours";

std::string_view as_text(std::span<const std::uint8_t> bytes) {
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): bytes seen as text
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// As canonical_account() writes it, of whatever the row says.
void append_canonical(const AccountTexts& texts, std::vector<std::uint8_t>& out) {
    append_big_endian<2>(out, texts.owner.size());
    out.insert(out.end(), texts.owner.begin(), texts.owner.end());
    append_big_endian<1>(out, texts.purpose.size());
    out.insert(out.end(), texts.purpose.begin(), texts.purpose.end());
    out.insert(out.end(), texts.currency.begin(), texts.currency.end());
}

}  // namespace

void AccountTable::add(std::int64_t id, const AccountTexts& texts) {
    CheckedAccount account;
    account.id = id;
    const Result<Purpose> purpose = parse_purpose(texts.purpose);
    if (purpose && Currency::from_code(texts.currency)) {
        account.purpose = *purpose;
        account.group = group(fund_of(*purpose), texts.currency);
    } else {
        account.group = group(Fund::own, kNoCurrency);
    }
    account.canonical = bytes_.size();
    append_canonical(texts, bytes_);
    account.canonical_size = static_cast<std::uint32_t>(bytes_.size() - account.canonical);
    remember(id, append(account));
}

AccountTable::Index AccountTable::add_unknown(std::int64_t id) {
    CheckedAccount account;
    account.id = id;
    account.known = false;
    account.group = group(Fund::own, kNoCurrency);
    const Index index = append(account);
    remember(id, index);
    return index;
}

AccountTable::Index AccountTable::append(const CheckedAccount& account) {
    accounts_.push_back(account);
    return static_cast<Index>(accounts_.size() - 1);
}

void AccountTable::remember(std::int64_t id, Index index) {
    const std::int64_t lane = lane_of(id);
    const auto number = static_cast<std::size_t>(place_in_lane(id));
    if (lane >= 0 && lane < kLanesMax) {
        if (lanes_.size() <= static_cast<std::size_t>(lane)) {
            lanes_.resize(static_cast<std::size_t>(lane) + 1);
        }
        std::vector<Index>& places = lanes_[static_cast<std::size_t>(lane)];
        if (number < places.size() + kGapMax) {
            if (number >= places.size()) places.resize(number + 1, kNowhere);
            places[number] = index;
            return;
        }
    }
    others_[id] = index;
}

AccountTable::Index AccountTable::find(std::int64_t id) const noexcept {
    const auto lane = static_cast<std::uint64_t>(lane_of(id));
    const auto number = static_cast<std::size_t>(place_in_lane(id));
    if (lane < lanes_.size() && number < lanes_[lane].size()) {
        const Index index = lanes_[lane][number];
        if (index != kNowhere) return index;
    }
    if (others_.empty()) return kNowhere;
    const auto other = others_.find(id);
    return other == others_.end() ? kNowhere : other->second;
}

std::span<const std::uint8_t> AccountTable::canonical(Index index) const {
    const CheckedAccount& account = accounts_[index];
    return std::span(bytes_).subspan(account.canonical, account.canonical_size);
}

std::string AccountTable::name(Index index) const {
    if (!accounts_[index].known) return "account " + std::to_string(accounts_[index].id);
    FieldReader reader(canonical(index));
    const std::string_view owner = reader.text(reader.unsigned_number<2>());
    const std::string_view purpose = reader.text(reader.unsigned_number<1>());
    const std::size_t currency = 2 + owner.size() + 1 + purpose.size();
    return std::string(purpose) + ' ' + std::string(owner) + ' ' +
           std::string(as_text(canonical(index).subspan(currency)));
}

std::uint32_t AccountTable::group(Fund fund, std::string_view currency) {
    const auto same = [&](const SumGroup& known) {
        return known.fund == fund && known.currency == currency;
    };
    const auto found = std::ranges::find_if(groups_, same);
    if (found != groups_.end()) return static_cast<std::uint32_t>(found - groups_.begin());
    groups_.push_back({.fund = fund, .currency = std::string(currency)});
    return static_cast<std::uint32_t>(groups_.size() - 1);
}

std::vector<AccountTable::Index> AccountTable::twins() const {
    std::vector<Index> order;
    order.reserve(accounts_.size());
    for (Index index = 0; index < accounts_.size(); ++index)
        order.push_back(index);
    const auto bytes = [this](Index index) { return as_text(canonical(index)); };
    std::ranges::sort(order, {}, bytes);
    std::vector<Index> found;
    for (std::size_t at = 1; at < order.size(); ++at) {
        if (bytes(order[at - 1]) == bytes(order[at])) found.push_back(order[at]);
    }
    return found;
}

}  // namespace causeway::ledger::verifier
