// SPDX-License-Identifier: Apache-2.0
//
// Lists that are longer than a page.
#include "gateway/cli/payment_commands.h"
#include "gateway/collections/collections_store.h"
#include "gateway/collections/receipt_commands.h"
#include "gateway/payments/operations_store.h"
#include "tests/support/engines.h"
#include "tests/support/payment_desk.h"

#include <boost/json/array.hpp>
#include <gtest/gtest.h>

namespace causeway::gateway {
namespace {

namespace json = boost::json;
using test::eur;
using test::PaymentDesk;
using Options = std::map<std::string, std::string>;
using ListCommand = CommandOutput (*)(CommandContext&, const CommandRequest&);

class ListPages : public test::OnEachEngine {
  protected:
    /// With its pieces in front.
    CommandOutput run(ListCommand command, Options options) {
        CommandContext context{.database = *desk.database,
                               .journal = *desk.journal,
                               .clock = desk.clock,
                               .entropy = desk.entropy,
                               .ids = desk.ids};
        CommandOutput output = command(
            context, {.name = {}, .options = std::move(options), .arguments = {}, .files = {}});
        std::string before;
        for (bool more = static_cast<bool>(output.pieces); more;) {
            std::string piece;
            const Result<bool> made = output.pieces(piece);
            EXPECT_TRUE(made);
            more = made && *made;
            before += piece;
        }
        output.out.insert(0, before);
        return output;
    }
    std::vector<std::string> ids(ListCommand command, Options options) {
        options["json"] = "true";
        std::vector<std::string> all;
        const json::value list = json::parse(run(command, std::move(options)).out);
        for (const json::value& each : list.as_array())
            all.emplace_back(each.at("id").as_string());
        return all;
    }
    /// Page by page, as somebody who follows what standard error says.
    std::vector<std::string> by_cursor(ListCommand command, const Options& options, int limit) {
        std::vector<std::string> all;
        for (;;) {
            Options page = options;
            page["limit"] = std::to_string(limit);
            if (!all.empty()) page["starting-after"] = all.back();
            for (std::string& id : ids(command, page))
                all.push_back(std::move(id));
            const std::string told = run(command, page).err;
            if (told.empty()) return all;
            EXPECT_NE(told.find("--starting-after " + all.back() + " "), std::string::npos) << told;
        }
    }
    /// Newest first.
    std::vector<std::string> keep_receipts(int count) {
        std::vector<std::string> made;
        desk.write<bool>([&](ledger::Transaction& tx) -> Result<bool> {
            made.clear();
            for (int number = 0; number < count; ++number) {
                ReceiptRow row{.amount = eur(100 + number)};
                row.id = desk.ids.next();
                row.connector = "scripted";
                row.reference = "nobody's";
                row.identity = std::to_string(number);
                row.state = number % 2 == 0 ? ReceiptState::held : ReceiptState::returned;
                const Result<void> kept = insert_receipt(tx, row);
                if (!kept) return kept.error();
                made.insert(made.begin(), to_text("rcp", row.id));
            }
            return true;
        });
        return made;
    }

    PaymentDesk desk{1, test::ScriptedSides{}, url()};
};

TEST_P(ListPages, OfReceiptsEndWhenAllWereShownOnce) {
    const std::vector<std::string> made = keep_receipts(7);
    for (const int limit : {1, 3, 6, 7, 8})
        EXPECT_EQ(by_cursor(receipts_list, {}, limit), made) << limit;
    EXPECT_EQ(by_cursor(receipts_list, {{"state", "held"}}, 2).size(), 4U);
}

TEST_P(ListPages, AreAllShownWhenAsked) {
    EXPECT_EQ(run(receipts_list, {{"all", "true"}, {"json", "true"}}).out, "[]\n");
    const std::vector<std::string> made = keep_receipts(2'050);
    EXPECT_EQ(ids(receipts_list, {{"all", "true"}}), made);
    const CommandOutput table = run(receipts_list, {{"all", "true"}});
    EXPECT_EQ(std::ranges::count(table.out, '\n'), 2'051) << "one title";
    EXPECT_EQ(table.err, "");
}

TEST_P(ListPages, OfPaymentsEndWhenAllWereShownOnce) {
    std::vector<std::string> made;
    for (int number = 0; number < 5; ++number) {
        made.insert(made.begin(), to_text("pay", desk.captured(eur(1'000))));
        desk.clock.advance(std::chrono::seconds(1));
    }
    const Options of_merchant{{"merchant", to_text("mer", desk.merchant)}};
    for (const Options& whose : {Options{}, of_merchant}) {
        EXPECT_EQ(by_cursor(payments_list, whose, 2), made);
        Options all = whose;
        all["all"] = "true";
        EXPECT_EQ(ids(payments_list, all), made);
    }
}

TEST_P(ListPages, OfWhatIsInDoubtRunFromTheOldest) {
    for (int number = 0; number < 3; ++number) {
        desk.provider.next({test::Word::lost_after});
        (void)desk.create(PaymentDesk::charge(eur(10'000), false));
        desk.clock.advance(std::chrono::seconds(1));
    }
    std::vector<std::string> open;
    const auto doubtful = desk.read<std::vector<OperationRow>>(
        [](ledger::Transaction& tx) { return operations_in_doubt(tx, 100); });
    for (const OperationRow& row : doubtful)
        open.push_back(to_text("op", row.id));
    ASSERT_EQ(open.size(), 3U);
    EXPECT_EQ(by_cursor(payments_list, {{"in-doubt", "true"}}, 2), open);
    const Options of_merchant{{"in-doubt", "true"}, {"merchant", to_text("mer", desk.merchant)}};
    EXPECT_EQ(by_cursor(payments_list, of_merchant, 2), open);
}

TEST_P(ListPages, OfRefundsAndOfAPaymentsReceiptsGoOnToo) {
    const Uuid id = desk.captured(eur(1'000));
    for (int number = 0; number < 3; ++number) {
        desk.clock.advance(std::chrono::seconds(1));
        (void)desk.refund(id, 10);
    }
    const std::vector<std::string> all = ids(refunds_list, {{"all", "true"}});
    ASSERT_EQ(all.size(), 3U);
    EXPECT_EQ(by_cursor(refunds_list, {}, 2), all);
    EXPECT_EQ(by_cursor(refunds_list, {{"payment", to_text("pay", id)}}, 2), all);
}

TEST_P(ListPages, AreNotToBeCutAndShownWholeAtOnce) {
    EXPECT_EQ(run(receipts_list, {{"all", "true"}, {"limit", "5"}}).exit_code, kExitUsage);
    EXPECT_EQ(run(receipts_list, {{"limit", "1001"}}).exit_code, kExitUsage);
    EXPECT_EQ(run(receipts_list, {{"starting-after", to_text("pay", desk.ids.next())}}).exit_code,
              kExitUsage);
}

CAUSEWAY_ON_EACH_ENGINE(ListPages);

}  // namespace
}  // namespace causeway::gateway
