// SPDX-License-Identifier: Apache-2.0
#include "ledger/store/row_memory.h"

#include "ledger/store/commit_queue.h"
#include "ledger/store/database.h"
#include "tests/support/engines.h"

#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>

namespace causeway::ledger {
namespace {

constexpr std::array kShelves{
    Migration{.version = 1, .sql = "CREATE TABLE shelves (number BIGINT NOT NULL PRIMARY KEY)"}};

struct Shirt {
    std::string colour;
};
struct Shoe {
    int size;
};

Uuid id_of(std::uint8_t number) {
    Uuid id;
    id.bytes.back() = number;
    return id;
}

class RowMemoryTest : public test::OnEachEngine {
  protected:
    RowMemoryTest() {
        Result<std::unique_ptr<Database>> opened = Database::open(url(), kShelves);
        if (!opened) throw std::runtime_error(opened.error().detail());
        database_ = std::move(*opened);
    }

    // Runs a body that succeeds when `good`.
    void in_body(const std::function<void(Transaction&)>& body, bool good = true) {
        const Result<int> done =
            database_->writer().commit<int>([&](Transaction& tx) -> Result<int> {
                body(tx);
                if (!good) return Error(ErrorCode::conflict, "as wished");
                return 0;
            });
        EXPECT_EQ(done.has_value(), good);
    }

    std::optional<std::string> colour_of(const Uuid& id) {
        std::optional<std::string> found;
        in_body([&](Transaction& tx) {
            if (const Shirt* const shirt = recall<Shirt>(tx, id)) found = shirt->colour;
        });
        return found;
    }

    std::unique_ptr<Database> database_;
};
CAUSEWAY_ON_EACH_ENGINE(RowMemoryTest);

TEST_P(RowMemoryTest, RemembersWhereNobodyElseWrites) {
    in_body([](Transaction& tx) { remember(tx, id_of(1), Shirt{"red"}); });
    const auto expected = database_->is_shared() ? std::nullopt : std::optional<std::string>("red");
    EXPECT_EQ(colour_of(id_of(1)), expected);
    EXPECT_EQ(colour_of(id_of(2)), std::nullopt);
}

TEST_P(RowMemoryTest, RemembersWithinATransactionOnEachEngine) {
    in_body([](Transaction& tx) {
        remember(tx, name_key("shop", "shirt"), Shirt{"red"});
        const Shirt* const shirt = recall<Shirt>(tx, name_key("shop", "shirt"));
        ASSERT_NE(shirt, nullptr);
        EXPECT_EQ(shirt->colour, "red");
        EXPECT_EQ(recall<Shirt>(tx, name_key("shopshirt", "")), nullptr);
    });
}

TEST_P(RowMemoryTest, MissesARowThatIsNotThereUnlessItIsRemembered) {
    in_body([](Transaction& tx) {
        const auto change = [&tx] {
            return change_row<Shirt>(
                tx, id_of(1), "UPDATE shelves SET number = 2 WHERE number = $1", {7});
        };
        const Result<void> missed = change();
        ASSERT_FALSE(missed);
        EXPECT_EQ(missed.error().code(), ErrorCode::not_found);
        ASSERT_TRUE(tx.execute("INSERT INTO shelves (number) VALUES (7)", {}));
        remember(tx, id_of(1), Shirt{"red"});
        EXPECT_TRUE(change());
        EXPECT_TRUE(change()) << "it is said to be there";
        std::int64_t number = 0;
        ASSERT_TRUE(tx.query("SELECT number FROM shelves", {}, [&number](const Row& row) {
            number = row.integer(0);
        }));
        EXPECT_EQ(number, 2);
    });
}

TEST_P(RowMemoryTest, TellsTypesApart) {
    in_body([](Transaction& tx) { remember(tx, id_of(1), Shoe{42}); });
    EXPECT_EQ(colour_of(id_of(1)), std::nullopt);
}

TEST_P(RowMemoryTest, ForgetsWhatAFailedBodyKept) {
    in_body([](Transaction& tx) { remember(tx, id_of(1), Shirt{"red"}); });
    in_body([](Transaction& tx) { remember(tx, id_of(1), Shirt{"blue"}); }, false);
    // Neither blue, which never was, nor red, which the memory has not kept: the row tells.
    EXPECT_EQ(colour_of(id_of(1)), std::nullopt);
}

TEST_P(RowMemoryTest, ForgetsWhatItIsTold) {
    in_body([](Transaction& tx) {
        remember(tx, id_of(1), Shirt{"red"});
        forget<Shirt>(tx, id_of(1));
    });
    EXPECT_EQ(colour_of(id_of(1)), std::nullopt);
}

TEST_P(RowMemoryTest, IsNotForReaders) {
    in_body([](Transaction& tx) { remember(tx, id_of(1), Shirt{"red"}); });
    ASSERT_TRUE(database_->read([](Transaction& tx) -> Result<void> {
        EXPECT_EQ(recall<Shirt>(tx, id_of(1)), nullptr);
        return {};
    }));
}

TEST(RowMemory, IsBounded) {
    RowMemory memory;
    for (std::size_t i = 0; i <= RowMemory::kRowsMax; ++i) {
        Uuid id;
        id.bytes[14] = static_cast<std::uint8_t>(i >> 8U);
        id.bytes[15] = static_cast<std::uint8_t>(i);
        memory.keep(id, Shoe{static_cast<int>(i)});
    }
    ASSERT_NE(memory.find<Shoe>(id_of(7)), nullptr);
    memory.begin_body();
    EXPECT_EQ(memory.find<Shoe>(id_of(7)), nullptr);
}

}  // namespace
}  // namespace causeway::ledger
