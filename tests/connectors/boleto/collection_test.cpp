// SPDX-License-Identifier: Apache-2.0
#include "connectors/boleto/collection.h"

#include <gtest/gtest.h>

#include <rapidcheck/gtest.h>

namespace causeway::connectors::boleto {
namespace {

constexpr std::string_view kSlip = "836200000005667800481000180975657313001589636081";

TEST(Collection, ReadsASlipOfAPowerCompany) {
    for (const std::string_view text :
         {kSlip, std::string_view("83620000000-5 66780048100-0 18097565731-3 00158963608-1")}) {
        const auto slip = parse_collection(text);
        ASSERT_TRUE(slip) << slip.error().detail();
        EXPECT_EQ(slip->barcode, "83620000000667800481001809756573100158963608");
        EXPECT_EQ(slip->segment, '3');
        EXPECT_EQ(slip->value_kind, '6');
        ASSERT_TRUE(slip->amount.has_value());
        EXPECT_EQ(slip->amount->to_string(), "BRL 66.78");
    }
}

TEST(Collection, HasNoAmountWhenTheValueIsAQuantity) {
    const auto slip = parse_collection("847709638542237134046521134076746525692798796581");
    ASSERT_TRUE(slip) << slip.error().detail();
    EXPECT_FALSE(slip->amount.has_value());
}

TEST(Collection, SaysWhichBlockIsWrong) {
    const auto said = [](std::string text) {
        const auto slip = parse_collection(text);
        return slip ? "read" : slip.error().detail();
    };
    std::string text(kSlip);
    text[23] = '7';
    EXPECT_EQ(said(text), "slip of collection: block 2: the check digit does not fit");
    text = kSlip;
    text[2] = '5';
    EXPECT_EQ(said(text), "slip of collection: position 3: the value's kind is 6, 7, 8 or 9");
    // Another general digit, and the block's digit to go with it.
    text = kSlip;
    text[3] = '3';
    text[11] = '4';
    EXPECT_EQ(said(text), "slip of collection: position 4: the general check digit does not fit");
    EXPECT_EQ(said(""), "slip of collection: 48 digits that begin with 8 are wanted");
    EXPECT_EQ(said("00190.50095 40144.816069 06809.350314 3 37370000000100"),
              "slip of collection: 48 digits that begin with 8 are wanted");
}

RC_GTEST_PROP(CollectionProperties, ReadsAnyBytesWithoutAccident, ()) {
    const auto bytes = *rc::gen::oneOf(
        rc::gen::arbitrary<std::string>(),
        rc::gen::map(rc::gen::container<std::string>(47, rc::gen::inRange<char>('0', '9' + 1)),
                     [](const std::string& tail) { return "8" + tail; }));
    const auto slip = parse_collection(bytes);
    if (slip) RC_ASSERT(slip->barcode.size() == 44U);
}

}  // namespace
}  // namespace causeway::connectors::boleto
