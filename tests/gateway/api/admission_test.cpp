// SPDX-License-Identifier: Apache-2.0
//
// Who may do what, tried through the whole API: keys of every kind, their versions, platforms,
// limits, and what every answer has.
#include "gateway/api/admission.h"

#include "gateway/api/api.h"
#include "gateway/api/rate_limit.h"
#include "gateway/api/version.h"
#include "gateway/metrics.h"
#include "tests/support/payment_desk.h"

#include <gtest/gtest.h>

namespace causeway::gateway {
namespace {

namespace json = boost::json;

using std::chrono::seconds;
using test::PaymentDesk;

class Admitting : public testing::Test {
  protected:
    struct Given {
        std::string text;
        ApiKey row;
    };

    Given key(KeyKind kind, std::string permissions = {}, std::optional<Uuid> owner = {}) {
        const std::string text = make_api_key(kind, false, desk.entropy);
        const ApiKey row{.id = desk.ids.next(),
                         .hash = sha256(text),
                         .scope = {.merchant = owner.value_or(desk.merchant), .livemode = false},
                         .kind = kind,
                         .permissions = std::move(permissions),
                         .hint = text.substr(text.size() - 4),
                         .created_at = desk.clock.now()};
        desk.write<int>([&row](ledger::Transaction& tx) -> Result<int> {
            const Result<void> stored = insert_key(tx, row);
            return stored ? Result<int>(0) : Result<int>(stored.error());
        });
        return {.text = text, .row = row};
    }
    void revoke(const ApiKey& row) {
        desk.write<ApiKey>(
            [&](ledger::Transaction& tx) { return revoke_key(tx, row.id, desk.clock.now()); });
    }
    ApiKey stored(const ApiKey& row) {
        for (const ApiKey& one : desk.read<std::vector<ApiKey>>(
                 [&](ledger::Transaction& tx) { return list_keys(tx, row.scope.merchant); })) {
            if (one.id == row.id) return one;
        }
        throw std::runtime_error("no such key");
    }
    net::HttpResponse call(std::string method,
                           std::string target,
                           const std::string& secret,
                           net::HttpHeaders headers = {},
                           std::string body = {}) {
        if (!secret.empty()) headers.emplace_back("Authorization", "Bearer " + secret);
        return test::run(api.handle({.method = std::move(method),
                                     .target = std::move(target),
                                     .headers = std::move(headers),
                                     .body = std::move(body),
                                     .peer = "127.0.0.1"}));
    }
    int status(const std::string& method, const std::string& target, const std::string& secret) {
        return call(method, target, secret).status;
    }
    static std::string header(const net::HttpResponse& response, std::string_view name) {
        const std::string* const found = net::find_header(response.headers, name);
        return found == nullptr ? std::string() : *found;
    }
    static std::string code(const net::HttpResponse& response) {
        return std::string(json::parse(response.body).at("code").as_string());
    }

    PaymentDesk desk;
    KeyRing keys{*desk.database, desk.readers, desk.clock};
    RateLimiter limits{{.per_second = 5, .burst = 20}};
    Metrics metrics;
    WebhookDesk webhooks{.entropy = desk.entropy};
    Api api{{.database = *desk.database,
             .readers = desk.readers,
             .service = *desk.service,
             .keys = keys,
             .cvcs = desk.cvcs,
             .webhooks = webhooks,
             .limits = &limits,
             .metrics = &metrics},
            [](ledger::Transaction&) { return Readiness{.ready = true, .report = "ok\n"}; }};
};

TEST_F(Admitting, ARestrictedKeyDoesWhatItsPermissionsName) {
    const std::string reader = key(KeyKind::restricted, "payments:read").text;
    EXPECT_EQ(status("GET", "/v1/payments", reader), 200);
    EXPECT_EQ(status("HEAD", "/v1/payments", reader), 200);
    EXPECT_EQ(status("POST", "/v1/payments", reader), 403);
    EXPECT_EQ(status("GET", "/v1/refunds", reader), 403);
    const std::string refunder = key(KeyKind::restricted, "refunds:write").text;
    EXPECT_EQ(status("POST", "/v1/refunds", refunder), 400);
    EXPECT_EQ(status("GET", "/v1/refunds", refunder), 403);
    const std::string all = key(KeyKind::restricted, "*:read").text;
    EXPECT_EQ(status("GET", "/v1/customers", all), 200);
    EXPECT_EQ(status("POST", "/v1/customers", all), 403);
    EXPECT_EQ(status("POST", "/v1/payment_methods", all), 403);
}

TEST_F(Admitting, APublishableKeyHandsInCardsAndNothingElse) {
    const std::string shown = key(KeyKind::publishable).text;
    EXPECT_EQ(status("POST", "/v1/payment_methods", shown), 400);
    EXPECT_EQ(status("GET", "/v1/payments", shown), 403);
    EXPECT_EQ(status("GET", "/v1/customers", shown), 403);
    EXPECT_EQ(status("POST", "/v1/payments", shown), 403);
}

TEST_F(Admitting, ARevokedKeyIsRefusedAtOnceOrSoon) {
    const Given here = key(KeyKind::secret);
    const Given elsewhere = key(KeyKind::secret);
    EXPECT_EQ(status("GET", "/v1/payments", here.text), 200);
    EXPECT_EQ(status("GET", "/v1/payments", elsewhere.text), 200);
    revoke(here.row);
    keys.forget();
    EXPECT_EQ(status("GET", "/v1/payments", here.text), 401);
    EXPECT_EQ(status("GET", "/v1/payments", elsewhere.text), 200);
    // Another process revokes: nobody tells us.
    revoke(elsewhere.row);
    desk.clock.advance(KeyRing::kFresh);
    EXPECT_EQ(status("GET", "/v1/payments", elsewhere.text), 401);
    EXPECT_EQ(status("GET", "/v1/payments", elsewhere.text), 401);
}

TEST_F(Admitting, AKeyIsPinnedToTheVersionOfItsFirstUse) {
    const Given fresh = key(KeyKind::secret);
    EXPECT_EQ(stored(fresh.row).version, "");
    EXPECT_EQ(header(call("GET", "/v1/payments", fresh.text), "Gateway-Version"), kApiVersion);
    EXPECT_EQ(stored(fresh.row).version, kApiVersion);
    const net::HttpResponse unknown =
        call("GET", "/v1/payments", fresh.text, {{"Gateway-Version", "2020-01-01"}});
    EXPECT_EQ(unknown.status, 400);
    EXPECT_EQ(code(unknown), "unsupported_version");
    EXPECT_EQ(stored(fresh.row).version, kApiVersion);
}

// A key of a version that this program has forgotten: the header is the way out.
TEST_F(Admitting, TheHeaderGoesBeforeThePin) {
    const Given old = key(KeyKind::secret);
    desk.write<std::string>([&](ledger::Transaction& tx) {
        return note_use(tx, old.row.hash, "2019-01-01", desk.clock.now());
    });
    EXPECT_EQ(code(call("GET", "/v1/payments", old.text)), "unsupported_version");
    const net::HttpHeaders asked{{"Gateway-Version", std::string(kApiVersion)}};
    EXPECT_EQ(call("GET", "/v1/payments", old.text, asked).status, 200);
}

TEST_F(Admitting, NotesWhenAKeyWasLastUsed) {
    const Given used = key(KeyKind::secret);
    EXPECT_EQ(stored(used.row).last_used_at, std::nullopt);
    EXPECT_EQ(status("GET", "/v1/payments", used.text), 200);
    EXPECT_EQ(stored(used.row).last_used_at, desk.clock.now());
    const Timestamp first = desk.clock.now();
    desk.clock.advance(seconds(59));
    EXPECT_EQ(status("GET", "/v1/payments", used.text), 200);
    EXPECT_EQ(stored(used.row).last_used_at, first);
    desk.clock.advance(seconds(1) + KeyRing::kFresh);
    EXPECT_EQ(status("GET", "/v1/payments", used.text), 200);
    // That note nobody waited for: one commit later it is there.
    key(KeyKind::secret);
    EXPECT_EQ(stored(used.row).last_used_at, desk.clock.now());
}

TEST_F(Admitting, APlatformActsForItsOwnMerchantsAlone) {
    const Uuid platform = desk.merchant;
    const Uuid connected = desk.add_merchant(0, {});
    const Uuid stranger = desk.add_merchant(0, {});
    desk.write<std::int64_t>([&](ledger::Transaction& tx) {
        return tx.execute("UPDATE merchants SET platform_id = $1 WHERE merchant_id = $2",
                          {platform, connected});
    });
    const Given acting = key(KeyKind::secret);
    const auto balance = [&](const std::string& merchant) {
        return call("GET", "/v1/balance", acting.text, {{"Gateway-Merchant", merchant}});
    };
    const net::HttpResponse theirs = balance(to_text("mer", connected));
    EXPECT_EQ(theirs.status, 200);
    EXPECT_EQ(json::parse(theirs.body).at("merchant").as_string(), to_text("mer", connected));
    EXPECT_EQ(balance(to_text("mer", platform)).status, 200);
    const net::HttpResponse refused = balance(to_text("mer", stranger));
    EXPECT_EQ(refused.status, 403);
    const net::HttpResponse nobody = balance(to_text("mer", desk.ids.next()));
    EXPECT_EQ(nobody.status, 403);
    EXPECT_EQ(json::parse(nobody.body).at("detail"), json::parse(refused.body).at("detail"));
    EXPECT_EQ(balance("nonsense").status, 403);
    // The other way round it does not go: a merchant is nobody's platform.
    const Given below = key(KeyKind::secret, {}, connected);
    EXPECT_EQ(
        call("GET", "/v1/balance", below.text, {{"Gateway-Merchant", to_text("mer", platform)}})
            .status,
        403);
}

TEST_F(Admitting, AKeyThatSendsTooMuchWaits) {
    const Given busy = key(KeyKind::secret);
    const net::HttpResponse first = call("GET", "/v1/currencies", busy.text);
    EXPECT_EQ(header(first, "RateLimit-Policy"), "\"default\";q=20;w=4");
    EXPECT_EQ(header(first, "RateLimit"), "\"default\";r=19;t=1");
    for (int i = 0; i < 19; ++i)
        EXPECT_EQ(status("GET", "/v1/currencies", busy.text), 200);
    const net::HttpResponse refused = call("GET", "/v1/currencies", busy.text);
    EXPECT_EQ(refused.status, 429);
    EXPECT_EQ(code(refused), "rate_limited");
    EXPECT_EQ(header(refused, "Retry-After"), "1");
    EXPECT_EQ(header(refused, "RateLimit"), "\"default\";r=0;t=4");
    EXPECT_NE(header(refused, "Request-Id"), "");
    EXPECT_EQ(status("GET", "/v1/currencies", key(KeyKind::secret).text), 200);
    for (const char* const open : {"/livez", "/readyz", "/metrics", "/openapi.json"})
        EXPECT_EQ(status("GET", open, busy.text), 200) << open;
    desk.clock.advance(seconds(1));
    EXPECT_EQ(status("GET", "/v1/currencies", busy.text), 200);
}

TEST_F(Admitting, WhoHasNoKeyLearnsNothing) {
    for (const std::string& secret : {std::string(),
                                      std::string("sk_test_short"),
                                      std::string("sk_test_") + std::string(32, 'a'),
                                      std::string("sk_test_") + std::string(32, 'A')}) {
        const net::HttpResponse refused = call("GET", "/v1/payments", secret);
        EXPECT_EQ(refused.status, 401);
        EXPECT_EQ(code(refused), "unauthorized");
        EXPECT_EQ(header(refused, "RateLimit"), "");
    }
}

TEST_F(Admitting, SaysWhichMethodsAPathHas) {
    const net::HttpResponse asked = call("OPTIONS", "/v1/payments", "");
    EXPECT_EQ(asked.status, 204);
    EXPECT_NE(header(asked, "Allow").find("POST"), std::string::npos);
    EXPECT_EQ(asked.body, "");
    EXPECT_EQ(call("OPTIONS", "/v1/nowhere", "").status, 404);
    EXPECT_EQ(call("DELETE", "/v1/payments", "").status, 405);
}

TEST_F(Admitting, CountsByTemplateAndNeverByPath) {
    const Given some = key(KeyKind::secret);
    const std::string id = to_text("pay", desk.ids.next());
    EXPECT_EQ(status("GET", "/v1/payments/" + id, some.text), 404);
    EXPECT_EQ(status("BREW", "/v1/payments/" + id, some.text), 405);
    const std::string figures = call("GET", "/metrics", "").body;
    EXPECT_NE(figures.find("causeway_http_requests_total{method=\"GET\","
                           "route=\"/v1/payments/{id}\",status=\"4xx\"} 1"),
              std::string::npos)
        << figures;
    EXPECT_NE(figures.find("method=\"other\",route=\"none\""), std::string::npos);
    EXPECT_EQ(figures.find(id), std::string::npos);
    EXPECT_EQ(figures.find("BREW"), std::string::npos);
    EXPECT_EQ(figures.find(to_text("mer", desk.merchant)), std::string::npos);
}

TEST_F(Admitting, ShowsObjectsInThePlaceOfTheirIds) {
    const Given some = key(KeyKind::secret);
    const std::string customer(
        json::parse(call("POST", "/v1/customers", some.text, {}, R"({"name":"Ana"})").body)
            .at("id")
            .as_string());
    const std::string wish = R"({"amount":100,"currency":"EUR","customer":")" + customer + R"("})";
    const net::HttpResponse made =
        call("POST", "/v1/payments", some.text, {{"Idempotency-Key", "k"}}, wish);
    ASSERT_EQ(made.status, 201) << made.body;
    const std::string id(json::parse(made.body).at("id").as_string());
    const auto shown = [&](const std::string& query) {
        return call("GET", "/v1/payments/" + id + query, some.text);
    };
    EXPECT_EQ(json::parse(shown("").body).at("customer").as_string(), customer);
    const json::value opened = json::parse(shown("?expand=customer&expand=merchant").body);
    EXPECT_EQ(opened.at("customer").at("name").as_string(), "Ana");
    EXPECT_EQ(opened.at("merchant").at("object").as_string(), "merchant");
    for (const char* const wrong : {"amount",
                                    "nothing",
                                    "customer.name",
                                    "",
                                    "metadata",
                                    "customer.metadata",
                                    "customer.verification.person"}) {
        EXPECT_EQ(shown(std::string("?expand=") + wrong).status, 400) << wrong;
    }
    // Null has nothing to show, and that is no mistake.
    EXPECT_EQ(shown("?expand=customer.verification").status, 200);
    const net::HttpResponse list = call("GET", "/v1/payments?expand=customer", some.text);
    EXPECT_EQ(json::parse(list.body).at("data").at(0).at("customer").at("name"), "Ana");
    EXPECT_EQ(call("POST", "/v1/payments?expand=customer", some.text).status, 400);
}

// A key for the shop's screens would read every buyer's name and address.
TEST_F(Admitting, ExpandingShowsNoMoreThanTheKeyMayRead) {
    const Given whole = key(KeyKind::secret);
    const std::string customer(
        json::parse(call("POST", "/v1/customers", whole.text, {}, R"({"name":"Ana"})").body)
            .at("id")
            .as_string());
    const std::string wish = R"({"amount":100,"currency":"EUR","customer":")" + customer + R"("})";
    const net::HttpResponse made =
        call("POST", "/v1/payments", whole.text, {{"Idempotency-Key", "k"}}, wish);
    const std::string one =
        "/v1/payments/" + std::string(json::parse(made.body).at("id").as_string());
    const Given screens = key(KeyKind::restricted, "payments:read,merchants:read");
    EXPECT_EQ(status("GET", one + "?expand=merchant", screens.text), 200);
    // Null names nobody.
    EXPECT_EQ(status("GET", one + "?expand=fx_quote", screens.text), 200);
    for (const std::string& path : {one + "?expand=customer",
                                    one + "?expand=merchant&expand=customer",
                                    std::string("/v1/payments?expand=customer")}) {
        const net::HttpResponse refused = call("GET", path, screens.text);
        EXPECT_EQ(refused.status, 403) << path;
        EXPECT_EQ(code(refused), "forbidden");
        EXPECT_NE(refused.body.find("customer"), std::string::npos);
        EXPECT_EQ(refused.body.find("Ana"), std::string::npos);
    }
    const Given both = key(KeyKind::restricted, "payments:read,customers:read");
    EXPECT_EQ(status("GET", one + "?expand=customer", both.text), 200);
    EXPECT_EQ(status("GET", one + "?expand=customer&expand=merchant", both.text), 403);
    // To write is not to read.
    const Given writes = key(KeyKind::restricted, "payments:read,customers:write");
    EXPECT_EQ(status("GET", one + "?expand=customer", writes.text), 403);
}

TEST_F(Admitting, AReplayShowsTheCustomerAndStoresNothingOfIt) {
    const Given some = key(KeyKind::secret);
    const net::HttpHeaders once{{"Idempotency-Key", "k1"}};
    const std::string wish = R"({"name":"Ana Marked","email":"ana@example.com"})";
    const net::HttpResponse first = call("POST", "/v1/customers", some.text, once, wish);
    ASSERT_EQ(first.status, 201) << first.body;
    const net::HttpResponse again = call("POST", "/v1/customers", some.text, once, wish);
    EXPECT_EQ(again.body, first.body);
    EXPECT_EQ(header(again, "Idempotency-Replayed"), "true");
    const net::HttpResponse other =
        call("POST", "/v1/customers", some.text, once, R"({"name":"Bea"})");
    EXPECT_EQ(code(other), "idempotency_key_reused");
    const auto rows = desk.read<std::string>([](ledger::Transaction& tx) -> Result<std::string> {
        std::string all;
        const Result<void> read = tx.query("SELECT body FROM idempotency_keys",
                                           {},
                                           [&all](const ledger::Row& row) { all += row.text(0); });
        if (!read) return read.error();
        return all;
    });
    EXPECT_EQ(rows.find("Marked"), std::string::npos);
    EXPECT_NE(rows.find("cus_"), std::string::npos);
}

}  // namespace
}  // namespace causeway::gateway
