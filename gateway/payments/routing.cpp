// SPDX-License-Identifier: Apache-2.0
#include "gateway/payments/routing.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <limits>
#include <utility>

namespace causeway::gateway {
namespace {

using connectors::Capability;
using connectors::OperationKind;

constexpr std::array<std::pair<RouteChoice, std::string_view>, 3> kChoices{{
    {RouteChoice::ordered, "ordered"},
    {RouteChoice::weighted, "weighted"},
    {RouteChoice::cheapest, "cheapest"},
}};
constexpr std::uint64_t kOneProbeIn = 10;

// FNV-1a: even enough for traffic, and the same in every process.
std::uint64_t spread_of(const Uuid& id, std::uint64_t salt) {
    std::uint64_t hash = 14'695'981'039'346'656'037U ^ salt;
    for (const std::uint8_t byte : id.bytes) {
        hash ^= byte;
        hash *= 1'099'511'628'211U;
    }
    return hash ^ (hash >> 32U);
}

bool lists(const std::vector<std::string>& list, std::string_view value) {
    return std::ranges::find(list, value) != list.end();
}

bool fits(const std::vector<std::string>& list, std::string_view value) {
    return list.empty() || lists(list, value);
}

bool is_about(const RouteCondition& when, const RouteRequest& request) {
    const std::int64_t units = request.amount.minor_units();
    return fits(when.methods, request.method) && fits(when.countries, request.country) &&
           fits(when.currencies, request.amount.currency().code()) &&
           fits(when.merchants, request.merchant) && units >= when.amount_min &&
           units <= when.amount_max;
}

/// A connector that a rule, or the configuration, offers for the payment.
struct Candidate {
    const ConnectorEntry* entry;
    std::int64_t weight = 1;
    std::string ailment;  ///< Why it should rather not be taken; empty when it is well.

    [[nodiscard]] const std::string& name() const { return entry->connector->capability().name; }
};

// Empty when the connector can take such a payment at all.
std::string obstacle(const Capability& can, const RouteRequest& request) {
    if (lists(request.tried, can.name)) return "was tried for this payment";
    if (can.livemode != request.livemode) return can.livemode ? "live only" : "test only";
    if (can.method != request.method) return "takes " + can.method + " only";
    const ledger::Currency currency = request.amount.currency();
    if (!can.takes(currency)) return "does not take " + std::string(currency.code());
    if (!can.takes_country(request.country)) return "does not take buyers in " + request.country;
    const Day today = day_of(request.now);
    const connectors::LifecycleStage stage = can.lifecycle.on(today);
    if (stage != connectors::LifecycleStage::active) {
        return std::string(to_string(stage)) + " since " + to_text(can.lifecycle.since);
    }
    const bool charges = can.offers(OperationKind::authorise, today) ||
                         can.offers(OperationKind::sale, today) ||
                         can.offers(OperationKind::collect, today);
    if (!charges) {
        return "charges nobody";
    }
    if (request.amount.minor_units() > can.amount_max) {
        return "carries at most " + ledger::Money(can.amount_max, currency).to_string();
    }
    return {};
}

std::string ailment_of(const ConnectorEntry& entry,
                       const ConnectorHealth& health,
                       const RouteRequest& request) {
    if (!entry.connector->ready()) return "not connected";
    const std::string& name = entry.connector->capability().name;
    const CircuitView view = health.view(name, request.now);
    if (view.state == CircuitState::open)
        return "circuit open until " + to_rfc3339(view.open_until);
    const bool probes = spread_of(request.payment, 1) % kOneProbeIn == 0;
    if (view.state == CircuitState::half_open && !probes) return "circuit half-open";
    return {};
}

std::int64_t cost_of(const Candidate& candidate, const RouteRequest& request) {
    const Result<std::int64_t> cost = candidate.entry->cost.of(request.amount);
    return cost ? *cost : std::numeric_limits<std::int64_t>::max();
}

std::string plural(std::size_t count) {
    return std::to_string(count) + (count == 1 ? " connector" : " connectors");
}

/// One decision on its way: what was offered, and what has been said against it.
class Choosing {
  public:
    Choosing(const ConnectorSet& connectors,
             const ConnectorHealth& health,
             const RouteRequest& request)
        : connectors_(connectors), health_(health), request_(request) {}

    /// Whether somebody of the rule takes it.
    bool by_rule(const RoutingRule& rule) {
        std::vector<Candidate> able;
        for (const RouteTarget& target : rule.targets) {
            const ConnectorEntry* const entry = connectors_.find(target.connector);
            if (entry == nullptr) {
                reject(target.connector, "not configured");
            } else {
                consider({.entry = entry, .weight = target.weight, .ailment = {}}, able);
            }
        }
        return decide(std::move(able), rule.choice, "rule \"" + rule.name + "\": ");
    }

    bool without_rule() {
        std::vector<Candidate> able;
        for (const ConnectorEntry& entry : connectors_.all())
            consider({.entry = &entry, .weight = 1, .ailment = {}}, able);
        return decide(std::move(able), RouteChoice::ordered, "no rule: ");
    }

    RouteDecision finish(bool any_rule) {
        if (decision_.entry == nullptr) {
            decision_.why = any_rule ? "no connector of the rules about it can take it"
                                     : "no connector can take it";
        }
        return std::move(decision_);
    }

  private:
    void reject(const std::string& connector, std::string why) {
        const bool known =
            std::ranges::find(decision_.rejected, connector, &RejectedRoute::connector) !=
            decision_.rejected.end();
        if (!known) decision_.rejected.push_back({.connector = connector, .why = std::move(why)});
    }

    void consider(Candidate candidate, std::vector<Candidate>& able) {
        const Capability& can = candidate.entry->connector->capability();
        const bool again = std::ranges::find(able, can.name, &Candidate::name) != able.end();
        if (again) return;
        std::string found = obstacle(can, request_);
        if (!found.empty()) {
            if (found.starts_with("carries at most")) decision_.amount_too_large = true;
            return reject(can.name, std::move(found));
        }
        candidate.ailment = ailment_of(*candidate.entry, health_, request_);
        able.push_back(std::move(candidate));
    }

    bool decide(std::vector<Candidate> able, RouteChoice choice, const std::string& who) {
        if (able.empty()) return false;
        std::vector<Candidate> well;
        std::ranges::copy_if(able, std::back_inserter(well), [](const Candidate& one) {
            return one.ailment.empty();
        });
        const bool any_well = !well.empty();
        const std::vector<Candidate>& among = any_well ? well : able;
        const Candidate& taken = pick(among, choice, who);
        if (!any_well) {
            decision_.why += ", though " + taken.ailment + ": nobody else can take it";
        }
        decision_.entry = taken.entry;
        for (const Candidate& one : able) {
            if (one.entry == taken.entry) continue;
            reject(one.name(), one.ailment.empty() ? "not needed" : one.ailment);
        }
        return true;
    }

    const Candidate& pick(const std::vector<Candidate>& among,
                          RouteChoice choice,
                          const std::string& who) {
        switch (choice) {
            case RouteChoice::ordered: break;
            case RouteChoice::weighted: return by_weight(among, who);
            case RouteChoice::cheapest: return by_cost(among, who);
        }
        decision_.why = who + "first of " + plural(among.size());
        return among.front();
    }

    const Candidate& by_weight(const std::vector<Candidate>& among, const std::string& who) {
        std::uint64_t total = 0;
        for (const Candidate& one : among)
            total += static_cast<std::uint64_t>(one.weight);
        std::uint64_t point = spread_of(request_.payment, 0) % total;
        std::size_t at = 0;
        while (at + 1 < among.size() && point >= static_cast<std::uint64_t>(among[at].weight)) {
            point -= static_cast<std::uint64_t>(among[at].weight);
            ++at;
        }
        decision_.why =
            who + "by weight, " + std::to_string(among[at].weight) + " of " + std::to_string(total);
        return among[at];
    }

    const Candidate& by_cost(const std::vector<Candidate>& among, const std::string& who) {
        const auto cheapest = std::ranges::min_element(
            among, {}, [this](const Candidate& one) { return cost_of(one, request_); });
        decision_.why = who + "cheapest of " + plural(among.size()) + ", costs " +
                        std::to_string(cost_of(*cheapest, request_)) + " minor units";
        return *cheapest;
    }

    const ConnectorSet& connectors_;
    const ConnectorHealth& health_;
    const RouteRequest& request_;
    RouteDecision decision_;
};

}  // namespace

std::string_view to_string(RouteChoice choice) noexcept {
    for (const auto& [value, text] : kChoices) {
        if (value == choice) return text;
    }
    return "unlisted_route_choice";
}

Result<RouteChoice> parse_route_choice(std::string_view text) {
    for (const auto& [value, spelling] : kChoices) {
        if (spelling == text) return value;
    }
    return Error(ErrorCode::not_found, "route choice");
}

std::string explain(const RouteDecision& decision) {
    std::string text = decision.why;
    for (const RejectedRoute& one : decision.rejected)
        text += "; not " + one.connector + ": " + one.why;
    return text;
}

RouteDecision choose(const RoutingRules& rules,
                     const ConnectorSet& connectors,
                     const ConnectorHealth& health,
                     const RouteRequest& request) {
    Choosing choosing(connectors, health, request);
    bool any_rule = false;
    for (const RoutingRule& rule : rules) {
        if (!is_about(rule.when, request)) continue;
        any_rule = true;
        if (choosing.by_rule(rule)) return choosing.finish(true);
    }
    if (!any_rule) (void)choosing.without_rule();
    return choosing.finish(any_rule);
}

}  // namespace causeway::gateway
