// SPDX-License-Identifier: Apache-2.0
//
// Codes and identifiers that other people's packages made and judged. Any folder of such files
// can be held against ours: CAUSEWAY_VECTORS names it.
#include "tests/support/vectors.h"

#include "connectors/pix/amount.h"
#include "connectors/pix/br_code.h"
#include "connectors/pix/crc16.h"
#include "connectors/pix/plain_text.h"
#include "tests/support/pix_bodies.h"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace causeway::connectors::pix {
namespace {

using boost::json::object;
using test::scalar_of;
using test::text_of;

// What is wrong with a line; empty when we agree. Not an assertion: a line on which either verdict
// is right is judged too, and its complaint dropped.
using Complaint = std::string;

Complaint compare(std::string_view what, const std::string& ours, const std::string& theirs) {
    if (ours == theirs) return {};
    return std::string(what) + " is " + ours + ", not " + theirs;
}

bool expected_valid(const object& expect) {
    const auto* valid = expect.if_contains("valid");
    return valid == nullptr || valid->as_bool();
}

Complaint judge(const object& expect, const std::string& refusal) {
    if (expected_valid(expect) == refusal.empty()) return {};
    return refusal.empty() ? "accepted though " + text_of(expect, "why") : refusal;
}

CodeMerchant merchant_of(const object& input, std::string_view prefix) {
    const std::string name(prefix);
    return {.name = text_of(input, name + "name"),
            .city = text_of(input, name + "city"),
            .postal_code = text_of(input, "postal_code")};
}

CodeMerchant plain(CodeMerchant merchant) {
    merchant.name = plain_text(merchant.name, kMerchantNameMax);
    merchant.city = plain_text(merchant.city, kMerchantCityMax);
    return merchant;
}

// As it comes back: a code holds names without their accents.
struct Plain {
    BrCode operator()(StaticCode code) const {
        code.merchant = plain(code.merchant);
        code.info = plain_text(code.info);
        return code;
    }
    BrCode operator()(DynamicCode code) const {
        code.merchant = plain(code.merchant);
        return code;
    }
    BrCode operator()(RecurrenceCode code) const {
        code.merchant = plain(code.merchant);
        return code;
    }
};

Complaint judge_written(const BrCode& code, const object& expect) {
    const auto written = write_br_code(code);
    if (!written) return judge(expect, written.error().detail());
    if (!expected_valid(expect)) return "written though " + text_of(expect, "why");
    if (auto differs = compare("the code", *written, text_of(expect, "payload"));
        !differs.empty()) {
        return differs;
    }
    const auto read = read_br_code(*written);
    if (!read) return "not read: " + read.error().detail();
    return *read == std::visit(Plain(), code) ? "" : "read as something else than was written";
}

Complaint judge_static(const object& input, const object& expect) {
    test::expect_known(input,
                       {"key_type",
                        "key",
                        "merchant_name",
                        "merchant_city",
                        "postal_code",
                        "amount",
                        "txid",
                        "description"});
    const auto key = PixKey::parse(text_of(input, "key"));
    if (!key) return judge(expect, key.error().detail());
    StaticCode code{.key = *key,
                    .merchant = merchant_of(input, "merchant_"),
                    .info = text_of(input, "description")};
    if (const std::string text = scalar_of(input, "amount"); !text.empty()) {
        const auto amount = parse_amount(text);
        if (!amount) return judge(expect, amount.error().detail());
        code.amount = *amount;
    }
    if (const std::string text = text_of(input, "txid"); !text.empty() && text != "***") {
        const auto txid = StaticTxid::parse(text);
        if (!txid) return judge(expect, txid.error().detail());
        code.txid = *txid;
    }
    return judge_written(code, expect);
}

Complaint judge_dynamic(const object& input, const object& expect) {
    test::expect_known(input, {"url", "merchant_name", "merchant_city", "postal_code"});
    const auto url = PayloadUrl::parse(text_of(input, "url"));
    if (!url) return judge(expect, url.error().detail());
    return judge_written(DynamicCode{*url, merchant_of(input, "merchant_"), {}}, expect);
}

Complaint judge_payload(const std::string& payload, const object& expect) {
    const auto read = read_br_code(payload);
    return judge(expect, read ? "" : read.error().detail());
}

Complaint judge_recurrence(const object& input, const object& expect) {
    test::expect_known(input, {"payload", "urlRec", "url", "name", "city", "postal_code"});
    if (!text_of(input, "payload").empty()) return judge_payload(text_of(input, "payload"), expect);
    const CodeMerchant merchant = merchant_of(input, "");
    const auto recurrence = PayloadUrl::parse(text_of(input, "urlRec"));
    if (!recurrence) return judge(expect, recurrence.error().detail());
    if (text_of(input, "url").empty()) {
        return judge_written(RecurrenceCode{*recurrence, merchant}, expect);
    }
    const auto url = PayloadUrl::parse(text_of(input, "url"));
    if (!url) return judge(expect, url.error().detail());
    return judge_written(DynamicCode{*url, merchant, *recurrence}, expect);
}

Complaint judge_key(const object& input, const object& expect) {
    const auto key = PixKey::parse(text_of(input, "key"));
    if (!key) return judge(expect, key.error().detail());
    if (!expected_valid(expect)) return "accepted though " + text_of(expect, "why");
    const std::string type = text_of(expect, "type");
    return type.empty() ? "" : compare("the type", std::string(to_string(key->kind())), type);
}

Complaint judge_body(const object& input, const object& expect) {
    const std::string schema = text_of(input, "schema");
    const std::string text = boost::json::serialize(input.at("body"));
    switch (test::judge_pix_body(schema, text)) {
        case test::BodyVerdict::accepted: return judge(expect, "");
        case test::BodyVerdict::refused: return judge(expect, "refused");
        case test::BodyVerdict::unknown: return "a schema that no test knows: " + schema;
        case test::BodyVerdict::out_of_scope: break;
    }
    GTEST_LOG_(WARNING) << "not judged, Causeway does not speak this part of the API: " << schema;
    const auto body = read_json_object(text);
    return expected_valid(expect) && !body ? body.error().detail() : "";
}

Complaint judge_crc(const object& input, const object& expect) {
    return compare("the check", crc16_text(text_of(input, "ascii")), text_of(expect, "value"));
}

Complaint judge_code(const object& input, const object& expect) {
    return judge_payload(text_of(input, "payload"), expect);
}

bool is_static_txid(std::string_view text) {
    return text == "***" || StaticTxidRule::accepts(text);
}
bool is_amount(std::string_view text) {
    return parse_amount(text).has_value();
}

template <bool (*kAccepts)(std::string_view)>
Complaint judge_value(const object& input, const object& expect) {
    return judge(expect, kAccepts(scalar_of(input, "value")) ? "" : "refused");
}

using Judge = Complaint (*)(const object& input, const object& expect);

const std::map<std::string, Judge, std::less<>>& judges() {
    static const std::map<std::string, Judge, std::less<>> all{
        {"api_body", judge_body},
        {"crc16", judge_crc},
        {"devolucao_id", judge_value<RefundRule::accepts>},
        {"dynamic", judge_dynamic},
        {"e2eid", judge_value<EndToEndRule::accepts>},
        {"key", judge_key},
        {"recurrence", judge_recurrence},
        {"rtrid", judge_value<ReturnRule::accepts>},
        {"static", judge_static},
        {"txid_cob", judge_value<TxidRule::accepts>},
        {"txid_static", judge_value<is_static_txid>},
        {"validate", judge_code},
        {"valor", judge_value<is_amount>},
    };
    return all;
}

TEST(PixVectors, AgreesWithOtherPeoplesPackages) {
    const int lines = test::for_each_vector("pix-", [](const object& line) {
        const std::string kind = text_of(line, "kind");
        const auto judge = judges().find(kind);
        ASSERT_TRUE(judge != judges().end()) << "a kind that no test knows: " << kind;
        const Complaint complaint =
            judge->second(line.at("input").as_object(), line.at("expect").as_object());
        // Where the sources disagree either verdict is right, as long as there is one.
        if (!test::either_way(line)) {
            EXPECT_EQ(complaint, "");
        }
    });
    // A wrong folder must not look like agreement.
    EXPECT_GT(lines, 0) << "no vector was read in " << test::vectors_folder();
    RecordProperty("vectors", lines);
}

}  // namespace
}  // namespace causeway::connectors::pix
