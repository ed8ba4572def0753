// SPDX-License-Identifier: Apache-2.0
//
// What is durable of a recorded run, and what a power cut would leave of the rest.
//
// The operations of the log are applied one after the other. What no sync has covered hangs in the
// air: at a cut each such sector is kept, dropped or torn, whatever became of its neighbours, so a
// later write may survive an earlier one that is lost.
#pragma once

#include "tests/crash/chance.h"
#include "tests/crash/operation_log.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace causeway::crash {

/// Names and contents of the files on a disk that nobody has open.
using DiskImage = std::map<std::string, std::vector<std::uint8_t>>;

/// What the disk promises, and whether it keeps that.
struct DiskTraits {
    std::uint32_t sector_bytes = 512;  ///< What is written whole or not at all, if not torn.
    /// A torn write damages no byte that it was not to write. Without it the whole sector may be
    /// garbage afterwards. Source: https://sqlite.org/psow.html.
    bool powersafe_overwrite = true;
    /// Every so many syncs one does nothing and says it did: a disk that lies. 0: it never does.
    std::uint64_t ignored_sync = 0;
};

/// What a cut did to what hung in the air. Units: sectors, and operations on names and sizes.
struct CutCount {
    std::uint64_t kept = 0;
    std::uint64_t dropped = 0;
    std::uint64_t torn = 0;
};

class Platter {
  public:
    /// Files that were there before the run are durable; they have the numbers 1, 2, ... in order
    /// of name, as MemoryDisk gives them.
    Platter(const DiskImage& start, const DiskTraits& traits);

    /// Lifetime: the record's data outlives this object.
    void apply(const Record& record);

    /// The disk after a power cut at this moment.
    [[nodiscard]] DiskImage cut(Chance& chance, CutCount& count) const;
    /// The disk after the process ended at this moment and the machine stayed up: all is there,
    /// but for what a failed sync left in doubt.
    [[nodiscard]] DiskImage process_death(Chance& chance) const;

  private:
    // `lost_sync`: a sync of it has failed. `certain`: durable, but after one whose sync has
    // failed.
    enum class State : std::uint8_t { unsynced, lost_sync, certain };
    struct Pending {
        Record record;
        std::uint64_t serial;
        State state = State::unsynced;
    };
    struct Inode {
        std::vector<std::uint8_t> durable;
        std::vector<Pending> pending;
    };
    struct NameChange {
        std::string name;
        std::optional<std::uint32_t> file;  // none: removed
        std::uint64_t serial;
    };
    class Decider;
    friend class Decider;

    void sync(std::uint32_t file);
    void change_name(NameChange change, bool durable);
    void sync_names();
    [[nodiscard]] DiskImage survivors(Decider& decider) const;
    [[nodiscard]] std::map<std::string, std::uint32_t> surviving_names(Decider& decider) const;

    DiskTraits traits_;
    std::map<std::uint32_t, Inode> inodes_;
    std::map<std::string, std::uint32_t> names_;  // as they are durable
    std::vector<NameChange> name_changes_;        // not yet durable
    std::uint64_t serial_ = 0;
    std::uint64_t syncs_ = 0;
};

}  // namespace causeway::crash
