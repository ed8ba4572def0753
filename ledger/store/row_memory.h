// SPDX-License-Identifier: Apache-2.0
//
// What bodies remember of rows that they wrote or read, so that the next body of the same object
// need not ask the database again. Where nobody else writes to the database a row that is
// remembered is the row as the last body left it, committed or about to be. On a shared engine
// nothing is remembered beyond the transaction, and what is was locked or may be as old as that.
//
// A store keeps a row after it was inserted, loaded or updated as a whole, and forgets it after
// anything that changes it otherwise. What a failed body kept is forgotten, not put back: the
// database knows better.
#pragma once

#include "ledger/id.h"
#include "ledger/store/database.h"

#include <cstddef>
#include <cstring>
#include <initializer_list>
#include <memory>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace causeway::ledger {

/// Threads: the writer's alone.
class RowMemory {
  public:
    /// So many rows at most; then all are forgotten, between two bodies.
    static constexpr std::size_t kRowsMax = 16'384;

    /// The row of that type and id, or null.
    ///
    /// Lifetime: until the next call that is not find().
    template <class T>
    [[nodiscard]] const T* find(const Uuid& id) const {
        const auto found = rows_.find(key_of<T>(id));
        return found == rows_.end() ? nullptr : static_cast<const T*>(found->second.get());
    }
    template <class T>
    void keep(const Uuid& id, T row) {
        put(key_of<T>(id), std::make_shared<const T>(std::move(row)));
    }
    template <class T>
    void forget(const Uuid& id) {
        rows_.erase(key_of<T>(id));
    }

    // For the writer.
    void begin_body();
    void undo_body();
    void clear();

  private:
    struct Key {
        const void* type;
        Uuid id;
        friend bool operator==(const Key&, const Key&) = default;
    };
    struct KeyHash {
        // The end of an id is chance.
        std::size_t operator()(const Key& key) const noexcept {
            std::size_t end = 0;
            std::memcpy(&end, key.id.bytes.data() + key.id.bytes.size() - sizeof end, sizeof end);
            return end ^ std::hash<const void*>{}(key.type);
        }
    };

    template <class T>
    static Key key_of(const Uuid& id) {
        static constexpr char kType = 0;
        return Key{.type = &kType, .id = id};
    }
    void put(const Key& key, std::shared_ptr<const void> row);

    std::unordered_map<Key, std::shared_ptr<const void>, KeyHash> rows_;
    std::vector<Key> kept_;  ///< By the present body.
};

/// In the place of an id, for what is known by two names: half of a digest of both.
[[nodiscard]] Uuid name_key(std::string_view of, std::string_view name) noexcept;

/// The row, or null: not remembered, or nothing is remembered here. Lifetime: as find().
template <class T>
[[nodiscard]] const T* recall(Transaction& tx, const Uuid& id) {
    const RowMemory* const memory = tx.memory();
    return memory == nullptr ? nullptr : memory->find<T>(id);
}

template <class T>
void remember(Transaction& tx, const Uuid& id, const T& row) {
    if (RowMemory* const memory = tx.memory()) memory->keep<T>(id, row);
}

/// Changes one row. Who remembers it knows that it is there, and waits for no answer.
///
/// Errors: `not_found`; those of Transaction::execute() and defer().
template <class T>
[[nodiscard]] Result<void> change_row(Transaction& tx,
                                      const Uuid& id,
                                      std::string_view sql,
                                      std::initializer_list<Value> values) {
    if (recall<T>(tx, id) != nullptr) return tx.defer(sql, values);
    const Result<std::int64_t> changed = tx.execute(sql, values);
    if (!changed) return changed.error();
    if (*changed != 1) return Error(ErrorCode::not_found, "the row to change is not there");
    return {};
}

template <class T>
void forget(Transaction& tx, const Uuid& id) {
    if (RowMemory* const memory = tx.memory()) memory->forget<T>(id);
}

}  // namespace causeway::ledger
