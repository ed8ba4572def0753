// SPDX-License-Identifier: Apache-2.0
#include "gateway/webhooks/plan.h"

#include <algorithm>
#include <array>

namespace causeway::gateway {
namespace {

using std::chrono::hours;
using std::chrono::microseconds;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr std::array<microseconds, kWebhookTries - 1> kPauses{seconds(5),
                                                              minutes(5),
                                                              minutes(30),
                                                              hours(2),
                                                              hours(5),
                                                              hours(10),
                                                              hours(14),
                                                              hours(20),
                                                              hours(24)};
constexpr seconds kCircuitPauseMin{5};
constexpr seconds kCircuitPauseMax{300};
constexpr int kDoublingsMax = 6;
constexpr std::uint64_t kTenth = 10;

bool is_doubtful(const WebhookQueue& queue) {
    return queue.circuit.failures > 0;
}

bool is_dead(const WebhookQueue& queue) {
    return queue.circuit.failures >= kFailuresToPause;
}

Timestamp due_at(const WebhookQueue& queue) {
    return is_dead(queue) ? std::max(queue.head_due, queue.circuit.paused_until) : queue.head_due;
}

int most_of(const WebhookQueue& queue, const WebhookRoom& room) {
    return std::max(0, (is_dead(queue) ? 1 : room.at_once_endpoint) - queue.in_flight);
}

// One candidate for a share of the room.
struct Candidate {
    const WebhookQueue* queue;
    WebhookTurn turn;
};

// One message each, as long as there is room; false when nobody could take more.
bool deal_once(std::vector<Candidate>& candidates, const WebhookRoom& room, int& left, int& doubt) {
    bool dealt = false;
    for (Candidate& one : candidates) {
        if (left == 0) return false;
        const bool doubtful = is_doubtful(*one.queue);
        if (one.turn.most == most_of(*one.queue, room) || (doubtful && doubt == 0)) continue;
        ++one.turn.most;
        --left;
        if (doubtful) --doubt;
        dealt = true;
    }
    return dealt;
}

}  // namespace

std::optional<microseconds> retry_pause(int tries_done, Entropy& entropy) {
    const auto index = static_cast<std::size_t>(std::max(tries_done, 1) - 1);
    if (index >= kPauses.size()) return std::nullopt;
    std::array<std::uint8_t, 4> bytes{};
    entropy.fill(bytes);
    std::uint64_t chance = 0;
    for (const std::uint8_t byte : bytes)
        chance = (chance << 8U) | byte;
    const auto extra = static_cast<std::uint64_t>(kPauses[index].count()) / kTenth;
    return kPauses[index] + microseconds(static_cast<std::int64_t>(chance % (extra + 1)));
}

Circuit circuit_after(const Circuit& before, bool answered, Timestamp now) {
    if (answered) return {};
    Circuit after{.failures = before.failures + 1, .paused_until = before.paused_until};
    if (after.failures < kFailuresToPause) return after;
    const auto doublings = std::min<std::int64_t>(after.failures - kFailuresToPause, kDoublingsMax);
    after.paused_until = now + std::min(kCircuitPauseMin * (1 << doublings), kCircuitPauseMax);
    return after;
}

WebhookPlan plan_webhooks(std::span<const WebhookQueue> queues,
                          const WebhookRoom& room,
                          Timestamp now) {
    WebhookPlan plan;
    std::vector<Candidate> candidates;
    int left = room.at_once;
    int doubt = room.at_once / 2;
    for (const WebhookQueue& queue : queues) {
        left -= queue.in_flight;
        if (is_doubtful(queue)) doubt -= queue.in_flight;
        const Timestamp due = due_at(queue);
        if (due > now) {
            plan.wake_at = std::min(plan.wake_at.value_or(due), due);
        } else {
            candidates.push_back({.queue = &queue, .turn = {.endpoint = queue.endpoint}});
        }
    }
    left = std::max(left, 0);
    doubt = std::max(doubt, 0);
    std::ranges::stable_sort(candidates, {}, [](const Candidate& c) { return due_at(*c.queue); });
    while (deal_once(candidates, room, left, doubt)) {
    }
    for (const Candidate& one : candidates) {
        if (one.turn.most > 0) plan.turns.push_back(one.turn);
    }
    return plan;
}

}  // namespace causeway::gateway
