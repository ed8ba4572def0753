// SPDX-License-Identifier: Apache-2.0
//
// "causeway listen": events for a developer whose machine has no public address. It asks for new
// events and posts each to a local URL, signed with a secret of this session, as the gateway
// would have.
#pragma once

#include "gateway/cli/command_line.h"

#include <cstddef>
#include <functional>
#include <set>
#include <string>
#include <vector>

namespace causeway::gateway {

/// An event as the API shows it.
struct HeardEvent {
    std::string id;
    std::string type;
    std::string body;  ///< Without what the API adds to an event.
};

/// Events that an AskForEvents gives at most.
inline constexpr std::size_t kEventsAsked = 100;

/// Asks for the events after one, oldest first; with none, for the newest there is.
using AskForEvents = std::function<Result<std::vector<HeardEvent>>(const std::string& after)>;

/// Reads a list of events, as JSON in the API's order or the other way round: oldest first.
///
/// Errors: `invalid_argument` for anything else.
[[nodiscard]] Result<std::vector<HeardEvent>> read_events_json(const std::string& text);

/// What is new since the last time. Ids are made in the order of time, but two processes on one
/// database may commit them in another: so it asks from a little earlier, and remembers what it
/// has had.
class EventFollower {
  public:
    /// `filter`: types and families; empty for all.
    EventFollower(AskForEvents ask, std::vector<std::string> filter);

    /// The first call only finds the end of what there is.
    ///
    /// Errors: those of `ask`; then the next call goes on from the same place.
    [[nodiscard]] Result<std::vector<HeardEvent>> next();

  private:
    [[nodiscard]] bool is_wanted(const std::string& type) const;
    void move_on();

    AskForEvents ask_;
    std::vector<std::string> filter_;
    bool begun_ = false;
    std::set<std::string> known_;  // Had already, from `from_` on.
    std::string from_;             // Asked after this one.
};

/// Runs until it is told to end. Returns the exit code.
[[nodiscard]] int run_listen(const ListenChoice& choice);

}  // namespace causeway::gateway
