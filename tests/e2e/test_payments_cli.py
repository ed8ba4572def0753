# SPDX-License-Identifier: Apache-2.0
"""What an operator sees of payments and does to them by hand, beside a running gateway."""

import getpass
import hashlib
import hmac
import json
import re
import time
import unittest

import harness
import postgres

SECRET = "a secret that the provider and we share"
BUYER = "Jane-Roe-of-Lisbon"

# Authorisations of 77.77 are taken in and not decided: only somebody else can say what became of
# them.
SCRIPTED = f"""
[[connectors]]
name = "scripted"
kind = "fault"
answer_max_ms = 10
notice_secret = "{SECRET}"
rules = ["kind=authorise amount=7777: under_way"]

[[routing]]
name = "francs"
currencies = ["CHF"]
connectors = ["scripted"]

[dispute_fees]
USD = 1500
"""

COMMANDS_THAT_CHANGE = (
    ("payments", "decide", "op_0000000000000000000000000Z", "--outcome", "approved",
     "--reason", "x"),
    ("payments", "capture", "pay_0000000000000000000000000Z"),
    ("payments", "cancel", "pay_0000000000000000000000000Z"),
    ("refunds", "create", "--payment", "pay_0000000000000000000000000Z"),
    ("disputes", "accept", "dp_0000000000000000000000000Z"))


class PaymentsCli(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.house = harness.House(extra_config=SCRIPTED)
        try:
            cls.house.start()
        except BaseException:
            cls.house.stop(keep=True)
            raise
        cls.client = cls.house.client()
        cls.commands = cls.house.commands

    @classmethod
    def tearDownClass(cls):
        cls.client.close()
        cls.house.stop()

    def authorised(self, amount=10020, currency="USD"):
        answer = self.client.pay(amount, currency, options={"capture_method": "manual"})
        self.assertEqual(answer.body["status"], "requires_capture", answer)
        return answer.body["id"]

    def doubtful(self):
        answer = self.client.pay(7777, "CHF", options={"capture_method": "manual",
                                                       "description": BUYER})
        self.assertEqual(answer.body["status"], "processing", answer)
        return answer.body["id"]

    def in_doubt(self, payment):
        """The operation that nobody answered."""
        found = [it["id"] for it in self.commands.json("payments", "list", "--in-doubt")
                 if it["payment"] == payment]
        self.assertEqual(len(found), 1, found)
        return found[0]

    def payment(self, payment):
        return self.client.get(f"/v1/payments/{payment}").body

    def value(self, series):
        text = self.client.get("/metrics", key=None).raw.decode()
        match = re.search("^" + re.escape(series) + r" ([-+0-9.eE]+)$", text, re.M)
        self.assertIsNotNone(match, series)
        return float(match[1])

    def refused(self, *arguments, code=2):
        done = self.commands.run(*arguments)
        self.assertEqual((done.returncode, done.stdout), (code, ""), done)
        return done.stderr

    def test_a_doubt_is_told_and_ended_by_hand(self):
        payment = self.doubtful()
        ready = self.client.get("/readyz", key=None)
        self.assertEqual(ready.status, 200)
        self.assertRegex(ready.raw.decode(), r"operations: \d+ in doubt, the oldest for \d+ min")
        before = self.value("causeway_operations_in_doubt")
        self.assertGreaterEqual(before, 1)
        self.assertGreater(self.value("causeway_operations_in_doubt_oldest_age_seconds"), 0)
        operation = self.in_doubt(payment)
        decided = self.commands.json("payments", "decide", operation, "--outcome", "approved",
                                     "--reason", "the provider's support said so")
        self.assertEqual(decided["payment"]["status"], "requires_capture")
        self.assertEqual(self.payment(payment)["status"], "requires_capture")
        self.assertEqual(self.value("causeway_operations_in_doubt"), before - 1)
        shown = self.commands.json("payments", "show", payment)
        told = [line["detail"] for row in shown["timeline"] for line in row["lines"]
                if line["kind"] == "decision"]
        self.assertIn(f"{getpass.getuser()}: the provider's support said so", told)
        self.assertIn("not in doubt", self.refused("payments", "decide", operation, "--outcome",
                                                   "declined", "--reason", "again"))
        text = self.commands.good("payments", "show", payment)
        self.assertNotIn(BUYER, text + json.dumps(shown))

    def test_a_declined_doubt_fails_the_payment(self):
        payment = self.doubtful()
        self.commands.good("payments", "decide", self.in_doubt(payment), "--outcome", "declined",
                           "--reason", "not on the statement", "--by", "ada")
        self.assertEqual(self.payment(payment)["status"], "failed")
        self.assertIn("ada: not on the statement", self.commands.good("payments", "show", payment))
        merchants = self.client.get(f"/v1/payments/{payment}/timeline").raw.decode()
        self.assertIn("by an operator", merchants)
        self.assertNotIn("not on the statement", merchants)
        self.assertNotIn("ada:", merchants)

    def test_captures_and_refunds_go_to_the_provider(self):
        payment = self.authorised()
        begun = self.commands.json("payments", "capture", payment, "--amount", "60.20")
        self.assertTrue(begun["sent"])
        self.assertRegex(begun["object"], "^cap_")
        captured = self.client.until(f"/v1/payments/{payment}",
                                     lambda it: it["amount_captured"] == 6020)
        self.assertEqual(captured["status"], "partially_captured")
        self.commands.good("payments", "capture", payment, "--amount", "1.00", "--final")
        self.client.until(f"/v1/payments/{payment}", lambda it: it["status"] == "succeeded")
        refund = self.commands.json("refunds", "create", "--payment", payment, "--amount", "20.20",
                                    "--reason", "duplicate")[0]
        done = self.client.until(f"/v1/refunds/{refund['id']}",
                                 lambda it: it["status"] == "succeeded")
        self.assertEqual(done["amount"], 2020)
        self.assertEqual([it["id"] for it in self.commands.json("refunds", "list", "--payment",
                                                                payment)], [refund["id"]])
        self.assertIn(refund["id"], self.commands.good("refunds", "list"))
        shown = self.commands.json("payments", "show", payment)
        self.assertEqual([it["amount"] for it in shown["captures"]], [6020, 100])
        self.assertEqual([it["kind"] for it in shown["operations"]][:2], ["authorise", "capture"])
        self.assertEqual(shown["payment"]["payment_method"]["card"],
                         {"brand": "visa", "last4": "4242"})
        entries = [line["journal_entry"] for row in shown["timeline"] for line in row["lines"]
                   if line.get("journal_entry")]
        for entry in set(entries):
            self.commands.good("ledger", "entry", entry)

    def test_amounts_are_in_the_currencys_own_decimals(self):
        payment = self.authorised()
        for wrong in ("60", "6020", "60.2", "60.200", "0.00", "-1.00", "sixty"):
            self.assertIn("12.00", self.refused("payments", "capture", payment,
                                                f"--amount={wrong}"))
        self.refused("payments", "capture", payment, "--amount", "100.21")
        self.assertEqual(self.payment(payment)["amount_capturable"], 10020)
        yen = self.authorised(5025, "JPY")
        self.refused("payments", "capture", yen, "--amount", "50.25")
        self.commands.good("payments", "capture", yen, "--amount", "5025")
        self.client.until(f"/v1/payments/{yen}", lambda it: it["status"] == "succeeded")

    def test_a_cancel_gives_the_authorisation_back(self):
        payment = self.authorised()
        self.commands.good("payments", "cancel", payment)
        self.client.until(f"/v1/payments/{payment}", lambda it: it["status"] == "canceled")
        self.refused("payments", "cancel", payment)
        listed = self.commands.json("payments", "list", "--limit", "1000", "--merchant",
                                    self.house.merchant)
        self.assertIn((payment, "canceled"), [(it["id"], it["status"]) for it in listed])
        self.assertEqual(len(self.commands.json("payments", "list", "--limit", "1")), 1)

    def disputed(self, case):
        """A dispute that the scripted provider told of."""
        payment = self.client.pay(5020, "CHF")
        self.assertEqual(payment.body["status"], "succeeded", payment)
        shown = self.commands.json("payments", "show", payment.body["id"])
        body = {"notices": [{"id": f"n-{case}", "kind": "dispute_opened", "case_id": case,
                             "reference": shown["operations"][0]["reference"], "amount": 5020,
                             "currency": "CHF", "reason": "fraudulent"}]}
        raw, moment = json.dumps(body).encode(), str(int(time.time()))
        digest = hmac.new(SECRET.encode(), moment.encode() + b"." + raw, hashlib.sha256)
        answer = self.client.post(
            "/v1/notifications/scripted", raw, key=None, idempotency_key=None,
            headers={"Fault-Signature": f"t={moment},v1={digest.hexdigest()}"})
        self.assertEqual(answer.status, 200, answer)
        found = self.commands.json("disputes", "list", "--payment", payment.body["id"])
        self.assertEqual(len(found), 1, found)
        return found[0]["id"]

    def answered(self, dispute, kind):
        """What the provider said to the last word on a dispute."""
        deadline = time.monotonic() + harness.CALL_SECONDS_MAX
        while True:
            payment = self.commands.json("disputes", "show", dispute)["payment"]
            last = self.commands.json("payments", "show", payment)["operations"][-1]
            self.assertEqual((last["kind"], last["subject"]), (kind, dispute))
            if last["answered_at"]:
                return last["state"]
            self.assertLess(time.monotonic(), deadline)
            harness.pause(0.05)

    def test_a_dispute_is_contested_or_given_up(self):
        one, other = self.disputed("case-1"), self.disputed("case-2")
        self.assertEqual({it["id"] for it in self.commands.json("disputes", "list")} & {one, other},
                         {one, other})
        paper = self.house.folder / "evidence.json"
        paper.write_text('["no object"]', encoding="utf-8")
        self.refused("disputes", "evidence", one, "--file", paper)
        paper.write_text(json.dumps({"shipping": f"Handed to {BUYER}"}), encoding="utf-8")
        said = self.commands.json("disputes", "evidence", one, "--file", paper)
        self.assertNotIn(BUYER, json.dumps(said))
        self.assertEqual(self.answered(one, "represent"), "approved")
        self.commands.good("disputes", "accept", other)
        self.assertEqual(self.answered(other, "concede"), "approved")
        shown = self.commands.json("disputes", "show", one)
        self.assertEqual((shown["case_id"], shown["round"]), ("case-1", 1))
        self.assertRegex(shown["evidence_at"], "Z$")
        self.assertEqual(shown["status"], "under_review")
        self.assertEqual(self.commands.json("disputes", "show", other)["status"], "accepted")
        self.commands.good("ledger", "verify")

    def test_figures_of_links_notices_and_deliveries(self):
        for name in ("demo_card", "scripted"):
            labels = f'{{connector="{name}"}}'
            self.assertEqual(self.value("causeway_connector_ready" + labels), 1)
            circuit = f'causeway_connector_circuit{{connector="{name}",state="%s"}}'
            self.assertEqual([self.value(circuit % state) for state in
                              ("closed", "half_open", "open")], [1, 0, 0])
        before = self.value("causeway_notifications_total")
        self.disputed("case-figures")
        self.assertEqual(self.value("causeway_notifications_total"), before + 1)
        self.assertGreaterEqual(self.value("causeway_notices_total"), 1)
        for name in ("causeway_notices_repeated_total", "causeway_notices_disbelieved_total",
                     "causeway_notifications_unreadable_total",
                     "causeway_notifications_bad_signature_total",
                     "causeway_webhook_deliveries_waiting",
                     "causeway_webhook_oldest_due_age_seconds"):
            self.assertGreaterEqual(self.value(name), 0)

    def test_what_is_not_there_is_said(self):
        for command in COMMANDS_THAT_CHANGE:
            self.refused(*command)
        self.refused("payments", "show", "pay_1")
        self.refused("payments", "list", "--limit", "0")


class WithoutGateway(unittest.TestCase):
    def test_a_file_is_read_and_not_changed(self):
        house = harness.House()
        self.addCleanup(house.stop)
        house.start()
        client = house.client()
        payment = client.pay(10020, "USD").body["id"]
        client.close()
        running = house.commands.good("payments", "show", payment)
        house.gateway.stop()
        self.assertEqual(house.commands.good("payments", "show", payment), running)
        for command in COMMANDS_THAT_CHANGE:
            done = house.commands.run(*command)
            self.assertEqual(done.returncode, 3, done)
            self.assertIn("start the gateway: this needs its connectors", done.stderr)

    def test_on_a_file_the_socket_has_its_place(self):
        house = harness.House(extra_config='[admin]\nsocket = "elsewhere.sock"\n')
        self.addCleanup(house.stop)
        house.start_without_gateway()
        done = house.commands.run("serve")
        self.assertEqual(done.returncode, 3, done)
        self.assertIn("[admin] socket is for PostgreSQL", done.stderr)


@unittest.skipUnless(postgres.is_installed(), "PostgreSQL is not installed")
class OnAServer(unittest.TestCase):
    def test_the_socket_is_where_the_configuration_says(self):
        with postgres.Server() as server:
            house = harness.House(database=server.url)
            house.extra_config = f'[admin]\nsocket = "{house.folder}/admin.sock"\n'
            self.addCleanup(house.stop)
            house.start()
            client = house.client()
            self.addCleanup(client.close)
            payment = client.pay(10020, "USD", options={"capture_method": "manual"}).body["id"]
            done = house.commands.run("payments", "capture", payment, "--db", server.url,
                                      where=False)
            self.assertEqual(done.returncode, 3, done)
            self.assertIn("[admin] socket", done.stderr)
            house.commands.good("payments", "capture", payment)
            client.until(f"/v1/payments/{payment}", lambda it: it["status"] == "succeeded")
            self.assertIn(payment, house.commands.good("payments", "list"))
            house.gateway.stop()
            done = house.commands.run("refunds", "create", "--payment", payment)
            self.assertEqual(done.returncode, 3, done)
            self.assertIn("no gateway takes commands", done.stderr)
            self.assertIn(payment, house.commands.good("payments", "list"))


if __name__ == "__main__":
    unittest.main()
