// SPDX-License-Identifier: Apache-2.0
//
// Files whose trees are damaged, where SQLite itself no longer finds what it looks for: a check
// ends, with findings or with an error.
#include "ledger/chain/verify.h"
#include "tests/support/books.h"
#include "tests/support/busy_books.h"
#include "tests/support/files.h"
#include "tests/support/temporary_folder.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace causeway::ledger {
namespace {

// Source: https://www.sqlite.org/fileformat2.html, 1.6: an interior page has a head of twelve
// bytes (type, ..., cell count at 3, rightmost child at 8), then two bytes for the place of each
// cell, and a cell begins with the number of its left child.
constexpr std::size_t kPageSize = 8192;
constexpr std::size_t kHeadSize = 12;
constexpr char kInteriorIndex = 2;
constexpr char kInteriorTable = 5;

std::size_t number_at(const std::string& file, std::size_t at, int size) {
    std::size_t number = 0;
    for (int i = 0; i < size; ++i)
        number = number << 8U | static_cast<std::uint8_t>(file[at + static_cast<std::size_t>(i)]);
    return number;
}

/// Damages interior pages of a file, by the seed.
class Damage {
  public:
    Damage(std::string file, std::uint64_t seed) : file_(std::move(file)), random_(seed) {
        for (std::size_t at = kPageSize; at < file_.size(); at += kPageSize) {
            if (file_[at] == kInteriorIndex || file_[at] == kInteriorTable) pages_.push_back(at);
        }
    }
    [[nodiscard]] std::size_t pages() const { return pages_.size(); }

    std::string done() {
        for (std::size_t left = 1 + pick(2); left > 0; --left) {
            const std::size_t page = pages_[pick(pages_.size())];
            switch (pick(5)) {
                case 0: lead(child(page), page / kPageSize + 1); break;
                case 1: lead(child(page), 1 + pick(file_.size() / kPageSize)); break;
                case 2: swap(child(page), child(page), 4); break;
                case 3: swap(pointer(page), pointer(page), 2); break;
                default: flip(page);
            }
        }
        return file_;
    }

  private:
    std::size_t pick(std::size_t bound) { return random_() % bound; }
    std::size_t pointer(std::size_t page) {
        return page + kHeadSize + 2 * pick(std::max<std::size_t>(number_at(file_, page + 3, 2), 1));
    }
    // Where the number of a child stands.
    std::size_t child(std::size_t page) {
        if (pick(4) == 0) return page + 8;
        const std::size_t cell = number_at(file_, pointer(page), 2);
        return page + std::min(cell, kPageSize - 4);
    }
    void lead(std::size_t at, std::size_t to) {
        for (const unsigned shift : {24U, 16U, 8U, 0U})
            file_[at++] = static_cast<char>(to >> shift);
    }
    void swap(std::size_t one, std::size_t other, std::size_t size) {
        if (one == other) return;
        const std::string before = file_.substr(one, size);
        file_.replace(one, size, file_.substr(other, size));
        file_.replace(other, size, before);
    }
    void flip(std::size_t page) {
        for (std::size_t left = 1 + pick(8); left > 0; --left) {
            const std::size_t at = page + (pick(2) == 0 ? pick(40) : pick(kPageSize));
            file_[at] = static_cast<char>(file_[at] ^ (1 << pick(8)));
        }
    }

    std::string file_;
    std::mt19937_64 random_;
    std::vector<std::size_t> pages_;
};

Result<VerifyReport> verified(const std::string& url) {
    const auto database = Database::open(url, journal_migrations());
    if (!database) return database.error();
    Result<VerifyReport> report = VerifyReport();
    const Result<void> read = (*database)->read([&](Transaction& snapshot) -> Result<void> {
        report = verify(snapshot);
        return {};
    });
    if (!read) return read.error();
    return report;
}

class VerifyDamage : public testing::Test {
  protected:
    VerifyDamage() {
        test::Books books(folder_.url());
        test::Ids ids;
        test::make_busy(books, ids, 1500);
        root_ = static_cast<std::size_t>(books.read<std::int64_t>([](Transaction& snapshot) {
            std::int64_t page = 0;
            const Result<void> read =
                snapshot.query("SELECT rootpage FROM sqlite_schema WHERE name = 'journal_entries'",
                               {},
                               [&](const Row& row) { page = row.integer(0); });
            return read ? Result<std::int64_t>(page) : Result<std::int64_t>(read.error());
        }));
    }
    void SetUp() override {
        sound_ = test::read_file(folder_.file("books.db"));
        ASSERT_TRUE(verified(folder_.url())->findings.empty());
    }

    // Whether a check of that file says that something is wrong.
    bool notices(const std::string& file) {
        test::write_file(folder_.file("books.db"), file);
        for (const char* const beside : {"-wal", "-shm"})
            std::filesystem::remove(folder_.file(std::string("books.db") + beside));
        const Result<VerifyReport> report = verified(folder_.url());
        return !report || !report->findings.empty();
    }

    const test::TemporaryFolder folder_{std::filesystem::exists("/dev/shm")
                                            ? std::filesystem::path("/dev/shm")
                                            : std::filesystem::temp_directory_path()};
    std::string sound_;
    std::size_t root_ = 0;  // of the entries' tree
};

TEST_F(VerifyDamage, EndsWhateverTheTreesAreLike) {
    EXPECT_GE(Damage(sound_, 0).pages(), 2U);
    const char* const more = std::getenv("CAUSEWAY_DAMAGES");
    const std::uint64_t count = more == nullptr ? 100 : std::strtoull(more, nullptr, 10);
    std::uint64_t noticed = 0;
    for (std::uint64_t seed = 1; seed <= count; ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        noticed += notices(Damage(sound_, seed).done()) ? 1U : 0U;
    }
    // Not each changes what a search comes across.
    EXPECT_GT(noticed, count / 2);
}

// Who asks for what comes after the last entry is led before the first of the last page.
TEST_F(VerifyDamage, EndsWhenASearchFindsWhatLiesBehindIt) {
    const std::size_t page = (root_ - 1) * kPageSize;
    ASSERT_EQ(sound_[page], kInteriorTable);
    const std::size_t cells = number_at(sound_, page + 3, 2);
    ASSERT_GT(cells, 1U);
    const std::size_t last = number_at(sound_, page + kHeadSize + 2 * (cells - 1), 2);
    std::string damaged = sound_;
    // The key as a varint: 2^56 - 1.
    damaged.replace(page + last + 4, 8, "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x7F");
    EXPECT_TRUE(notices(damaged));
}

}  // namespace
}  // namespace causeway::ledger
