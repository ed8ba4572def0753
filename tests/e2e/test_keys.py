# SPDX-License-Identifier: Apache-2.0
"""API keys as an operator makes and ends them, and what each of them may do on a running server."""

import json
import unittest

import harness

LIMITS = "[limits]\nrequests_per_second = 2\nburst = 8\n\n"


class Keys(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.house = harness.House()
        try:
            cls.house.start()
        except BaseException:
            cls.house.stop(keep=True)
            raise

    @classmethod
    def tearDownClass(cls):
        cls.house.stop()

    def client(self, *arguments, merchant=None, **options):
        client = harness.Client(
            self.house, self.house.make_key(merchant or self.house.merchant, *arguments, **options))
        self.addCleanup(client.close)
        return client

    def row_of(self, key):
        rows = self.house.commands.json("keys", "list", "--merchant", self.house.merchant)
        return next(it for it in rows if key.endswith(it["hint"]))

    def test_a_restricted_key_does_what_it_was_allowed(self):
        client = self.client("restricted", "--allow", "payments:read,refunds:write",
                             "--name", "support desk")
        paid = self.house.client().pay(1020, "USD").body["id"]
        self.assertEqual(client.get(f"/v1/payments/{paid}").status, 200)
        self.assertEqual(client.post("/v1/refunds", {"payment": paid, "amount": 20}).status, 201)
        for refused in (client.pay(1020, "USD"), client.get("/v1/refunds"),
                        client.get("/v1/customers"), client.post("/v1/customers", {})):
            self.assertEqual(refused.status, 403, refused)
            self.assertEqual(refused.body["code"], "forbidden")
        row = self.row_of(client.key)
        self.assertEqual(row["permissions"], ["payments:read", "refunds:write"])
        self.assertEqual(row["name"], "support desk")

    def test_a_publishable_key_only_hands_in_cards_and_reads_rates(self):
        client = self.client("publishable")
        self.assertEqual(client.post("/v1/payment_methods", harness.card()).status, 201)
        for path in ("/v1/fx/rates", "/v1/fx/presentment?amount=100&currency=USD"):
            self.assertEqual(client.get(path).status, 200, path)
        for path in ("/v1/payments", "/v1/customers", "/v1/balance", "/v1/merchants",
                     "/v1/fx/quotes"):
            self.assertEqual(client.get(path).status, 403, path)

    def test_wrong_use_is_told(self):
        for options in (("--kind", "restricted"),
                        ("--kind", "restricted", "--allow", ""),
                        ("--kind", "restricted", "--allow", "payments"),
                        ("--kind", "restricted", "--allow", "surprises:read"),
                        ("--kind", "secret", "--allow", "payments:read"),
                        ("--kind", "master"), ()):
            with self.subTest(options):
                done = self.house.commands.run("keys", "create", "--merchant", self.house.merchant,
                                               "--mode", "test", *options)
                self.assertEqual(done.returncode, 2, done)
                self.assertEqual(done.stdout, "")

    def test_a_revoked_key_is_refused_by_the_running_server(self):
        client = self.client()
        self.assertEqual(client.get("/v1/payments").status, 200)
        row = self.row_of(client.key)
        self.assertIsNotNone(row["last_used_at"])
        self.assertEqual(row["version"], client.get("/v1/payments").headers["Gateway-Version"])
        ended = self.house.commands.json("keys", "revoke", row["id"])
        self.assertIsNotNone(ended["revoked_at"])
        self.assertEqual(client.get("/v1/payments").status, 401)
        again = self.house.commands.json("keys", "revoke", row["id"])
        self.assertEqual(again["revoked_at"], ended["revoked_at"])
        self.assertIn("revoked", self.house.commands.good("keys", "list"))
        self.assertEqual(self.house.commands.run("keys", "revoke", "key_nonsense").returncode, 2)

    def test_the_list_shows_no_key(self):
        client = self.client("secret", "--name", "shop")
        for text in (self.house.commands.good("keys", "list"),
                     json.dumps(self.house.commands.json("keys", "list"))):
            self.assertIn("shop", text)
            self.assertNotIn(client.key, text)
            self.assertNotIn(client.key[8:30], text)

    def test_test_and_live_are_two_worlds(self):
        live = self.client(mode="live")
        test = self.client()
        made = test.post("/v1/customers", {"name": "Ana"}).body
        self.assertFalse(made["livemode"])
        self.assertEqual(live.get(f"/v1/customers/{made['id']}").status, 404)
        self.assertEqual(live.get("/v1/connectors").body["data"], [])
        self.assertEqual([it["name"] for it in test.get("/v1/connectors").body["data"]],
                         ["demo_card"])
        refused = live.pay(1000, "USD")
        self.assertEqual(refused.status, 422, refused)

    def test_a_platform_acts_for_those_it_made(self):
        owner = self.house.create_merchant("Platform", "--platform")
        platform = self.client(merchant=owner)
        made = platform.post("/v1/merchants", {"name": "Below", "country": "DE",
                                               "default_currency": "EUR"}).body["id"]
        acting = {"Gateway-Merchant": made}
        self.assertEqual(platform.get("/v1/balance", headers=acting).body["merchant"], made)
        paid = platform.pay(1020, "EUR", headers=acting)
        self.assertEqual(paid.body["merchant"], made)
        self.assertEqual(platform.get(f"/v1/payments/{paid.body['id']}").status, 404)
        self.assertEqual(platform.get(f"/v1/payments/{paid.body['id']}", headers=acting).status,
                         200)
        strange = {"Gateway-Merchant": self.house.merchant}
        self.assertEqual(platform.get("/v1/balance", headers=strange).status, 403)
        self.assertEqual(platform.get(f"/v1/merchants/{self.house.merchant}").status, 404)
        self.assertEqual({it["id"] for it in platform.get("/v1/merchants").body["data"]},
                         {owner, made})
        # An ordinary merchant's key sees itself, and makes nobody.
        plain = self.house.client()
        self.addCleanup(plain.close)
        self.assertEqual([it["id"] for it in plain.get("/v1/merchants").body["data"]],
                         [self.house.merchant])
        self.assertEqual(plain.post("/v1/merchants", {"name": "X", "country": "DE",
                                                      "default_currency": "EUR"}).status, 403)

    def test_commands_show_customers_merchants_and_connectors(self):
        commands = self.house.commands
        place = ("--merchant", self.house.merchant, "--mode", "test")
        made = commands.json("customers", "create", *place, "--name", "Bea", "--country", "DE")
        self.assertEqual(made["name"], "Bea")
        self.assertEqual(commands.json("customers", "show", made["id"]), made)
        self.assertIn(made, commands.json("customers", "list", *place))
        told = commands.json("events", "list", *place)
        events = told["data"] if isinstance(told, dict) else told
        self.assertIn((made["id"], None),
                      [(it["data"]["object"]["id"], it["data"]["object"]["name"])
                       for it in events if it["type"] == "customer.created"])
        self.assertEqual(commands.json("merchants", "show", self.house.merchant)["id"],
                         self.house.merchant)
        connectors = commands.json("connectors", "list")
        self.assertEqual([(it["name"], it["healthy"]) for it in connectors],
                         [("demo_card", True)])
        wrong = commands.run("customers", "create", *place, "--email", "nobody")
        self.assertEqual(wrong.returncode, 2, wrong)
        self.assertNotIn("nobody", wrong.stderr)


class Limits(unittest.TestCase):
    def test_a_key_that_sends_too_much_is_told_to_wait(self):
        with harness.House(extra_config=LIMITS) as house:
            client = house.client()
            other = house.client(kind="publishable")
            answers = [client.get("/v1/currencies") for _ in range(20)]
            refused = [it for it in answers if it.status == 429]
            self.assertTrue(refused)
            self.assertEqual(answers[0].headers["RateLimit-Policy"], '"default";q=8;w=4')
            self.assertRegex(answers[0].headers["RateLimit"], r'^"default";r=7;t=\d+$')
            self.assertEqual(refused[0].body["code"], "rate_limited")
            self.assertTrue(refused[0].body["retryable"])
            self.assertGreaterEqual(int(refused[0].headers["Retry-After"]), 1)
            self.assertNotEqual(other.get("/v1/currencies").status, 429)
            for path in ("/livez", "/readyz", "/metrics"):
                self.assertEqual(client.get(path).status, 200)
            client.close()
            other.close()
