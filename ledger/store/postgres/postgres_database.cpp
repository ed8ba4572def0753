// SPDX-License-Identifier: Apache-2.0
#include "ledger/store/postgres/postgres_database.h"

#include "ledger/entropy.h"
#include "ledger/store/fail_stop.h"
#include "ledger/store/patience.h"
#include "ledger/store/postgres/migrate.h"
#include "ledger/store/postgres/readers.h"
#include "ledger/store/postgres/session.h"
#include "ledger/store/writer.h"

#include <cstring>
#include <utility>

namespace causeway::ledger::postgres {
namespace {

std::shared_ptr<Patience> patience_of(const DatabaseOptions& options, const Uuid& writer_id) {
    if (options.patience) return options.patience;
    std::uint64_t seed = 0;
    std::memcpy(&seed, writer_id.bytes.data(), sizeof seed);
    return make_patience(options.away_max, seed);
}

// What a writer starts with.
struct Seat {
    std::unique_ptr<Connection> connection;
    WriterRow row;
    std::shared_ptr<Patience> patience;
};

class PostgresDatabase final : public Database {
  public:
    PostgresDatabase(Target target, Seat seat, const DatabaseOptions& options)
        : target_(std::move(target)),
          fail_stop_(options.on_fail_stop),
          patience_(std::move(seat.patience)),
          readers_(target_, options.readers_max),
          session_(
              target_, std::move(seat.connection), std::move(seat.row), fail_stop_, *patience_),
          writer_(session_, fail_stop_, options) {}

    [[nodiscard]] CommitQueue& writer() noexcept override { return writer_; }
    [[nodiscard]] bool is_shared() const noexcept override { return true; }

    [[nodiscard]] Result<void> read(
        const std::function<Result<void>(Transaction&)>& body) override {
        Result<std::unique_ptr<Connection>> taken = readers_.take();
        if (!taken) return taken.error();
        Snapshot snapshot(readers_, std::move(*taken));
        return body(snapshot);
    }

  private:
    // In this order: the writer drains first, then its connection closes, then the readers.
    const Target target_;
    const FailStop fail_stop_;
    const std::shared_ptr<Patience> patience_;
    Readers readers_;
    Session session_;
    Writer writer_;
};

}  // namespace

Result<bool> is_there(std::string_view url) {
    const Result<Target> target = target_of(url);
    if (!target) return target.error();
    const Result<std::unique_ptr<Connection>> opened = Connection::open(*target, false);
    if (!opened) return Error(ErrorCode::storage, opened.error().detail());
    Result<bool> ours = is_ours(**opened);
    if (!ours) return Error(ours.error().code(), target->name + ": " + ours.error().detail());
    return ours;
}

Result<std::unique_ptr<Database>> open(std::string_view url,
                                       std::span<const Migration> migrations,
                                       const DatabaseOptions& options) {
    Result<Target> target = target_of(url);
    if (!target) return target.error();
    Result<std::unique_ptr<Connection>> opened = open_writer(*target);
    if (!opened) return Error(ErrorCode::storage, opened.error().detail());
    const Result<void> migrated = migrate(**opened, migrations);
    if (!migrated) {
        return Error(migrated.error().code(), target->name + ": " + migrated.error().detail());
    }
    Uuid id;
    SystemEntropy().fill(id.bytes);
    WriterRow row(id);
    const Result<void> inserted = row.insert(**opened);
    if (!inserted) return inserted.error();
    Seat seat{.connection = std::move(*opened),
              .row = std::move(row),
              .patience = patience_of(options, id)};
    return std::unique_ptr<Database>(
        std::make_unique<PostgresDatabase>(std::move(*target), std::move(seat), options));
}

}  // namespace causeway::ledger::postgres
