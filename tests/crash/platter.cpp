// SPDX-License-Identifier: Apache-2.0
#include "tests/crash/platter.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

namespace causeway::crash {
namespace {

using Bytes = std::vector<std::uint8_t>;
enum class Fate { kept, dropped, torn };

void grow(Bytes& bytes, std::size_t size) {
    if (bytes.size() < size) bytes.resize(size);
}

void write(Bytes& bytes, const Record& record) {
    grow(bytes, record.number + record.data.size());
    if (record.data.empty()) return;
    std::memcpy(bytes.data() + record.number, record.data.data(), record.data.size());
}

void apply_whole(Bytes& bytes, const Record& record) {
    if (record.what == Operation::truncate) {
        bytes.resize(record.number);
    } else {
        write(bytes, record);
    }
}

void fill_with_garbage(Bytes& bytes, std::size_t from, std::size_t to, Chance& chance) {
    grow(bytes, to);
    for (std::size_t i = from; i < to; ++i)
        bytes[i] = static_cast<std::uint8_t>(chance.next());
}

}  // namespace

// What becomes of each operation that hangs in the air. Most orders of loss are rare when every
// sector is decided alone, so a cut also has a temper: nothing or everything is lost, little is
// lost, or the disk wrote in order and stopped in the middle.
class Platter::Decider {
  public:
    /// A power cut.
    Decider(Chance& chance, CutCount& count, const DiskTraits& traits, std::uint64_t serials)
        : chance_(chance), count_(&count), traits_(traits) {
        constexpr std::array<std::uint64_t, 6> kKept{0, 10, 50, 50, 90, 100};
        constexpr std::array<std::uint64_t, 3> kTorn{0, 5, 40};
        kept_percent_ = kKept[chance.below(kKept.size())];
        torn_percent_ = kTorn[chance.below(kTorn.size())];
        if (chance.percent(25))
            in_order_until_ = serials - chance.below(std::min(serials + 1, 9UL));
    }
    /// The end of the process alone.
    explicit Decider(Chance& chance) : chance_(chance) {}

    /// Of one whole operation on a name or a size.
    Fate fate(std::uint64_t serial, State state) {
        const Fate decided = decide(serial, state);
        // There is no half of a name, nor of a size.
        return count(decided == Fate::torn ? Fate::dropped : decided);
    }

    void write(Bytes& bytes, const Pending& pending) {
        const Record& record = pending.record;
        const std::size_t sector_bytes = traits_.sector_bytes;
        const std::size_t end = record.number + record.data.size();
        for (std::size_t from = record.number; from < end;) {
            const std::size_t to = std::min(end, (from / sector_bytes + 1) * sector_bytes);
            const auto piece = record.data.subspan(from - record.number, to - from);
            switch (count(decide(pending.serial, pending.state))) {
                case Fate::kept: put(bytes, from, piece); break;
                case Fate::torn: tear(bytes, from, piece); break;
                case Fate::dropped: break;
            }
            from = to;
        }
    }

  private:
    Fate decide(std::uint64_t serial, State state) {
        if (state == State::certain) return Fate::kept;
        if (count_ == nullptr) {  // no power cut
            return state == State::lost_sync && chance_.percent(50) ? Fate::dropped : Fate::kept;
        }
        if (in_order_until_) {
            if (serial < *in_order_until_) return Fate::kept;
            return serial == *in_order_until_ && chance_.percent(50) ? Fate::torn : Fate::dropped;
        }
        if (chance_.percent(torn_percent_)) return Fate::torn;
        return chance_.percent(kept_percent_) ? Fate::kept : Fate::dropped;
    }

    Fate count(Fate fate) {
        if (count_ == nullptr) return fate;
        ++(fate == Fate::kept      ? count_->kept
           : fate == Fate::dropped ? count_->dropped
                                   : count_->torn);
        return fate;
    }

    static void put(Bytes& bytes, std::size_t at, std::span<const std::uint8_t> piece) {
        grow(bytes, at + piece.size());
        if (!piece.empty()) std::memcpy(bytes.data() + at, piece.data(), piece.size());
    }

    void tear(Bytes& bytes, std::size_t at, std::span<const std::uint8_t> piece) {
        const std::size_t sector = at / traits_.sector_bytes * traits_.sector_bytes;
        if (!traits_.powersafe_overwrite && chance_.percent(50)) {
            const std::size_t end =
                std::max(at + piece.size(), std::min(bytes.size(), sector + traits_.sector_bytes));
            fill_with_garbage(bytes, std::min(sector, bytes.size()), end, chance_);
        }
        // The head or the tail of what was to be written.
        const std::size_t split = chance_.below(piece.size() + 1);
        if (chance_.percent(50)) {
            put(bytes, at, piece.first(split));
        } else {
            put(bytes, at + split, piece.subspan(split));
        }
    }

    Chance& chance_;
    CutCount* count_ = nullptr;
    DiskTraits traits_;
    std::uint64_t kept_percent_ = 100;
    std::uint64_t torn_percent_ = 0;
    std::optional<std::uint64_t> in_order_until_;
};

Platter::Platter(const DiskImage& start, const DiskTraits& traits) : traits_(traits) {
    std::uint32_t number = 0;
    for (const auto& [name, bytes] : start) {
        names_.emplace(name, ++number);
        inodes_[number].durable = bytes;
    }
}

void Platter::apply(const Record& record) {
    ++serial_;
    switch (record.what) {
        case Operation::create:
            change_name({.name = {record.data.begin(), record.data.end()},
                         .file = record.file,
                         .serial = serial_},
                        record.flag);
            break;
        case Operation::remove:
            change_name({.name = {record.data.begin(), record.data.end()},
                         .file = std::nullopt,
                         .serial = serial_},
                        record.flag);
            break;
        case Operation::write:
        case Operation::truncate:
            inodes_[record.file].pending.push_back({.record = record, .serial = serial_});
            break;
        case Operation::sync:
            if (traits_.ignored_sync == 0 || ++syncs_ % traits_.ignored_sync != 0)
                sync(record.file);
            break;
        case Operation::sync_failed:
            for (Pending& pending : inodes_[record.file].pending) {
                if (pending.state == State::unsynced) pending.state = State::lost_sync;
            }
            break;
        case Operation::write_failed:
        case Operation::acknowledged:
        case Operation::refused:
        case Operation::stopped: break;
    }
}

// SQLite's own VFS syncs the folder of a new journal or WAL when that is first synced, and so the
// names go with it.
void Platter::sync(std::uint32_t file) {
    Inode& inode = inodes_[file];
    for (Pending& pending : inode.pending) {
        if (pending.state == State::unsynced) pending.state = State::certain;
    }
    // What follows an operation in doubt waits for it: the order of the two decides.
    const auto in_doubt = std::ranges::find(inode.pending, State::lost_sync, &Pending::state);
    for (auto done = inode.pending.begin(); done != in_doubt; ++done)
        apply_whole(inode.durable, done->record);
    inode.pending.erase(inode.pending.begin(), in_doubt);
    const auto is_new = [file](const NameChange& change) { return change.file == file; };
    if (std::ranges::any_of(name_changes_, is_new)) sync_names();
}

void Platter::change_name(NameChange change, bool durable) {
    if (change.file) inodes_[*change.file];
    name_changes_.push_back(std::move(change));
    if (durable) sync_names();
}

void Platter::sync_names() {
    for (const NameChange& change : name_changes_) {
        if (change.file) {
            names_[change.name] = *change.file;
        } else {
            names_.erase(change.name);
        }
    }
    name_changes_.clear();
}

DiskImage Platter::cut(Chance& chance, CutCount& count) const {
    Decider decider(chance, count, traits_, serial_);
    return survivors(decider);
}

DiskImage Platter::process_death(Chance& chance) const {
    Decider decider(chance);
    return survivors(decider);
}

DiskImage Platter::survivors(Decider& decider) const {
    DiskImage image;
    for (const auto& [name, file] : surviving_names(decider)) {
        const Inode& inode = inodes_.at(file);
        Bytes& bytes = image[name];
        bytes = inode.durable;
        for (const Pending& pending : inode.pending) {
            if (pending.record.what == Operation::write) {
                decider.write(bytes, pending);
            } else if (decider.fate(pending.serial, pending.state) == Fate::kept) {
                bytes.resize(pending.record.number);
            }
        }
    }
    return image;
}

// The changes of one name happen in their order, so the first that is lost takes the later ones
// with it; different names do not wait for each other.
std::map<std::string, std::uint32_t> Platter::surviving_names(Decider& decider) const {
    std::map<std::string, std::uint32_t> names = names_;
    std::vector<std::string> lost;
    for (const NameChange& change : name_changes_) {
        if (std::ranges::find(lost, change.name) != lost.end()) continue;
        if (decider.fate(change.serial, State::unsynced) != Fate::kept) {
            lost.push_back(change.name);
        } else if (change.file) {
            names[change.name] = *change.file;
        } else {
            names.erase(change.name);
        }
    }
    return names;
}

}  // namespace causeway::crash
