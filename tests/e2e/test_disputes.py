# SPDX-License-Identifier: Apache-2.0
"""Money that comes back, goes elsewhere, or is never asked for, against providers that misbehave.

Everything goes over HTTPS: requests with a merchant's key, notices with a provider's signature. At
the end the journal verifies, the trial balance is 0, every provider's books say what ours do, and
every answer was one that /openapi.json allows.
"""

import collections
import itertools
import json
import pathlib
import time
import unittest

import harness
from openapi_contract import Contract
from test_notifications import SECRET, signed

FEE = 1500

# Amounts mean something: 20.51 and 20.57 are declined in a way that another provider may not.
PROVIDERS = """
[dispute_fees]
USD = 1500

[circuit_breaker]
samples = 8
failures_max = 3
rest_s = 3600
rest_max_s = 3600

[[connectors]]
name = "first"
kind = "fault"
answer_max_ms = 10
notice_secret = "{secret}"
books = "{folder}/first.books"
rules = ["kind=authorise amount=2051: decline do_not_honour",
         "kind=authorise amount=2052: decline insufficient_funds",
         "kind=authorise amount=2055: partial 1000",
         "kind=authorise amount=2057: decline do_not_honour"]

[[connectors]]
name = "second"
kind = "fault"
answer_max_ms = 10
books = "{folder}/second.books"
rules = ["kind=authorise amount=2057: decline do_not_honour"]

[[connectors]]
name = "third"
kind = "fault"
answer_max_ms = 10
books = "{folder}/third.books"

[[connectors]]
name = "silent"
kind = "fault"
answer_max_ms = 10
books = "{folder}/silent.books"
rules = ["kind=authorise amount=2053: lost_after",
         "kind=authorise amount=2054: lost_before"]

[[connectors]]
name = "broken"
kind = "fault"
answer_max_ms = 10
books = "{folder}/broken.books"
rules = ["kind=authorise: cut_before"]

[[connectors]]
name = "brief"
kind = "fault"
answer_max_ms = 10
authorisation_valid_s = 1
books = "{folder}/brief.books"

[[routing]]
name = "short-lived"
currencies = ["USD"]
amount_min = 900000
amount_max = 900000
connectors = ["brief"]

[[routing]]
name = "alpine"
currencies = ["USD"]
countries = ["LI"]
connectors = ["second"]

[[routing]]
name = "dollars"
currencies = ["USD"]
connectors = ["first", "second", "third"]

[[routing]]
name = "euros"
currencies = ["EUR"]
connectors = ["third"]

[[routing]]
name = "dinars"
currencies = ["KWD"]
connectors = ["silent", "third"]

[[routing]]
name = "yen"
currencies = ["JPY"]
connectors = ["broken", "third"]
"""

BOOKS = ("first", "second", "third", "silent", "broken", "brief")


class Providers(unittest.TestCase):
    """One house for all: what a test leaves behind is settled, and the last look is at the sum."""

    @classmethod
    def setUpClass(cls):
        cls.contract = Contract()
        cls.house = harness.House()
        cls.house.extra_config = PROVIDERS.format(folder=cls.house.folder, secret=SECRET)
        cls.house.on_response = cls.contract.record
        cls.numbers = itertools.count(1)
        try:
            cls.house.start()
        except BaseException:
            cls.house.stop(keep=True)
            raise
        cls.client = cls.house.client()
        cls.payments = []

    @classmethod
    def tearDownClass(cls):
        try:
            cls.check_books()
        finally:
            cls.client.close()
            cls.house.stop()

    @classmethod
    def check_books(cls):
        """Both sides of every payment, once nothing is open any more."""
        ours = collections.Counter()
        for payment in cls.payments:
            ours[payment, "captured"] = ours[payment, "refunded"] = 0
            shown = cls.client.settled(payment)
            ours[payment, "captured"] = shown["amount_captured"]
            ours[payment, "refunded"] = shown["amount_refunded"]
        theirs = collections.Counter(dict.fromkeys(ours, 0))
        for deed in cls.deeds():
            word = {"capture": "captured", "sale": "captured", "refund": "refunded"}
            if deed["state"] == "done" and deed["kind"] in word:
                theirs[deed["payment"], word[deed["kind"]]] += deed["amount"]
        assert dict(ours) == dict(theirs), (ours, theirs)
        cls.house.commands.good("ledger", "verify")
        sums = collections.Counter()
        for account in cls.house.commands.json("ledger", "trial-balance"):
            sums[account["currency"]] += account["balance"]
            idle = account["purpose"] not in ("suspense", "authorised") or not account["balance"]
            assert idle, account
        assert not any(sums.values()), sums
        cls.client.get("/openapi.json", key=None)
        assert cls.contract.findings() == []
        assert cls.contract.checked > 40, cls.contract.checked

    @classmethod
    def deeds(cls, names=BOOKS):
        """What the providers have in their books: the last word on each operation."""
        last = {}
        for name in names:
            file = cls.house.folder / f"{name}.books"
            if not file.exists():
                continue
            for line in file.read_text(encoding="utf-8").splitlines():
                deed = json.loads(line)
                last[name, deed["reference"]] = deed | {"connector": name}
        return list(last.values())

    def deeds_of(self, payment, kind="authorise"):
        return [it for it in self.deeds() if it["payment"] == payment and it["kind"] == kind]

    def pay(self, amount, currency="USD", status=201, **options):
        answer = self.client.pay(amount, currency, options=options)
        self.assertEqual(answer.status, status, answer)
        told = answer.body
        payment = told["id"] if status == 201 else told["instance"].rpartition("/")[2]
        self.payments.append(payment)
        return payment

    def shown(self, payment):
        return self.client.get(f"/v1/payments/{payment}").body

    def timeline(self, payment, kind="move"):
        """(event, detail) of every line of that kind, oldest first."""
        rows = self.client.get(f"/v1/payments/{payment}/timeline?limit=100").body["data"]
        return [(it["event"], it["detail"]) for row in rows[::-1] for it in row["lines"]
                if it["kind"] == kind]

    def pending(self):
        balance = self.client.get("/v1/balance").body
        return sum(it["pending"] for it in balance["balances"] if it["currency"] == "USD")

    def tell(self, kind, reference, amount, case, **more):
        """A signed notice; its verdict."""
        name = f"n-{next(self.numbers)}"
        notice = {"id": name, "kind": kind, "reference": reference, "case_id": case,
                  "currency": "USD", "reason": "fraudulent", "network_reason_code": "10.4"}
        if amount is not None:
            notice["amount"] = amount
        body = {"notices": [notice | more]}
        raw, headers = signed(body)
        answer = self.client.post("/v1/notifications/first", raw, key=None, idempotency_key=None,
                                  headers=headers)
        self.assertEqual(answer.status, 200, answer)
        return self.verdict(more.get("id", name))

    def verdict(self, name):
        listed = self.house.commands.json("notifications", "list", "--connector", "first")
        return next(it["verdict"] for it in listed if it["notice"] == name)

    def charged(self, amount=10000):
        """A captured payment, and the reference under which the provider knows its charge."""
        payment = self.pay(amount)
        return payment, self.deeds_of(payment)[0]["reference"]

    def disputed(self, amount, case):
        payment, reference = self.charged()
        before = self.pending()
        self.assertEqual(self.tell("dispute_opened", reference, amount, case), "applied")
        self.assertEqual(self.pending(), before - amount - FEE)
        dispute = next(it for it in self.client.get("/v1/disputes").body["data"]
                       if it["payment"] == payment)
        return payment, reference, dispute

    def dispute(self, one):
        return self.client.get(f"/v1/disputes/{one['id']}").body


class Disputes(Providers):
    def test_what_is_opened_is_shown_everywhere_and_shares_with_refunds(self):
        payment, reference, dispute = self.disputed(4000, "share")
        self.assertEqual(dispute["status"], "needs_response")
        self.assertEqual(dispute["amount"], 4000)
        self.assertEqual(dispute["network_reason_code"], "10.4")
        self.assertEqual(len(dispute["balance_transactions"]), 1)
        line = self.client.get("/v1/balance_transactions/"
                               + dispute["balance_transactions"][0]).body
        self.assertEqual((line["type"], line["source"]), ("dispute", dispute["id"]))
        self.assertEqual(line["net"], -4000 - FEE)
        source = self.client.get(f"/v1/balance_transactions/{line['id']}?expand=source.payment")
        self.assertEqual(source.body["source"]["payment"]["id"], payment, source)
        shown = self.client.get(f"/v1/disputes/{dispute['id']}?expand=payment").body
        self.assertEqual(shown["payment"], self.shown(payment))
        listed = self.client.get("/v1/disputes?expand=payment&limit=100").body["data"]
        self.assertIn(payment, [it["payment"]["id"] for it in listed])
        self.assertIn("created", [event for event, _ in self.timeline(payment)])
        events = self.client.get("/v1/events?limit=100").body["data"]
        self.assertEqual([it["data"]["object"]["id"] for it in events
                          if it["type"] == "dispute.created"][0], dispute["id"])
        body = {"payment": payment, "amount": 6001}
        refused = self.client.post("/v1/refunds", body)
        self.assertEqual((refused.status, refused.body["code"]),
                         (422, "amount_exceeds_refundable"))
        self.assertEqual(self.client.post("/v1/refunds", body | {"amount": 6000}).status, 201)
        self.assertEqual(self.client.post("/v1/refunds", body | {"amount": 1}).status, 422)
        self.assertEqual(self.tell("dispute_lost", reference, 4000, "share"), "applied")

    def test_evidence_goes_to_the_provider_and_a_win_brings_the_money_back(self):
        _, reference, dispute = self.disputed(3000, "contest")
        before = self.pending()
        path = f"/v1/disputes/{dispute['id']}/evidence"
        self.assertEqual(self.client.post(path, {}).status, 400)
        answer = self.client.post(path, {"shipping_tracking_number": "RR123456785CH"})
        self.assertEqual((answer.status, answer.body.get("status")), (200, "under_review"), answer)
        self.assertEqual(self.tell("dispute_won", reference, 3000, "contest"), "applied")
        self.assertEqual(self.dispute(dispute)["status"], "won")
        self.assertEqual(self.pending(), before + 3000)
        self.assertEqual(self.client.post(path, {"note": "too late"}).status, 409)
        # A second chargeback takes it again, without a second fee, and this time for good.
        self.assertEqual(self.tell("dispute_reopened", reference, 3000, "contest"), "applied")
        self.assertEqual(self.dispute(dispute)["status"], "needs_response")
        self.assertEqual(self.pending(), before)
        self.assertEqual(self.tell("dispute_lost", reference, 3000, "contest"), "applied")
        self.assertEqual(self.dispute(dispute)["status"], "lost")
        self.assertEqual(self.pending(), before)
        self.assertEqual(len(self.dispute(dispute)["balance_transactions"]), 3)

    def test_what_is_accepted_is_over(self):
        payment, reference, dispute = self.disputed(2500, "concede")
        key = "accept-once"
        path = f"/v1/disputes/{dispute['id']}/accept"
        first = self.client.post(path, idempotency_key=key)
        self.assertEqual((first.status, first.body.get("status")), (200, "accepted"), first)
        self.assertEqual(self.client.post(path, idempotency_key=key).raw, first.raw)
        self.assertEqual(self.client.post(path).status, 409)
        self.assertEqual(self.tell("dispute_won", reference, 2500, "concede"), "move_not_allowed")
        self.assertEqual(self.dispute(dispute)["status"], "accepted")
        self.assertIn("accepted", [event for event, _ in self.timeline(payment)])

    def test_repetition_and_disorder_end_where_order_does(self):
        payment, reference = self.charged()
        before = self.pending()
        # The end is told before the beginning, and each of them ten times.
        self.assertEqual(self.tell("dispute_won", reference, 5000, "late", id="late-2"),
                         "unknown_reference")
        self.assertEqual(self.tell("dispute_opened", reference, 5000, "late", id="late-1"),
                         "applied")
        self.assertEqual(self.verdict("late-2"), "applied")
        for _ in range(10):
            self.tell("dispute_opened", reference, 5000, "late", id="late-1")
            self.tell("dispute_won", reference, 5000, "late", id="late-2")
        self.assertEqual(self.tell("dispute_opened", reference, 5000, "late"), "duplicate")
        self.assertEqual(self.tell("dispute_won", reference, 5000, "late"), "duplicate")
        self.assertEqual(self.pending(), before - FEE)
        mine = [it for it in self.client.get("/v1/disputes?limit=100").body["data"]
                if it["payment"] == payment]
        self.assertEqual([it["status"] for it in mine], ["won"])

    def test_what_contradicts_our_books_moves_nothing(self):
        payment, reference = self.charged()
        before = self.pending()
        wrong = (("unknown_reference", "FLT-999999", 100, "USD"),
                 ("amount_mismatch", reference, 10001, "USD"),
                 ("amount_mismatch", reference, 0, "USD"),
                 ("currency_mismatch", reference, 100, "EUR"))
        for verdict, about, amount, currency in wrong:
            with self.subTest(verdict, amount=amount):
                self.assertEqual(self.tell("dispute_opened", about, amount, f"wrong-{amount}",
                                           currency=currency), verdict)
        held = self.pay(500, capture_method="manual")
        uncaptured = self.deeds_of(held)[0]["reference"]
        self.assertEqual(self.tell("dispute_opened", uncaptured, 100, "early"), "move_not_allowed")
        self.assertEqual(self.pending(), before)
        self.assertNotIn(payment, [it["payment"] for it in
                                   self.client.get("/v1/disputes?limit=100").body["data"]])
        self.assertEqual(self.client.post(f"/v1/payments/{held}/cancel").status, 200)


    def test_a_payment_shows_the_quote_it_was_made_with(self):
        quote = self.client.post("/v1/fx/quotes", {"source_currency": "EUR",
                                                   "target_currency": "USD",
                                                   "source_amount": 1700}).body
        payment = self.pay(1700, "EUR", fx_quote=quote["id"])
        shown = self.client.get(f"/v1/payments/{payment}?expand=fx_quote").body
        self.assertEqual(shown["fx_quote"],
                         self.client.get(f"/v1/fx/quotes/{quote['id']}").body)
        self.assertEqual(shown["fx_quote"]["status"], "consumed")


class Routes(Providers):
    def test_a_decline_that_another_may_not_give_goes_to_another_once(self):
        payment = self.pay(2051)
        self.assertEqual(self.shown(payment)["connector"], "second")
        self.assertEqual([it["connector"] for it in self.deeds_of(payment)], ["first", "second"])
        told = self.timeline(payment, "routing")
        self.assertEqual([event for event, _ in told], ["first", "second"])
        self.assertIn("rerouted", [event for event, _ in self.timeline(payment)])
        # The third is never asked: two have said no.
        refused = self.pay(2057, status=402)
        self.assertEqual(self.shown(refused)["status"], "failed")
        self.assertEqual([it["connector"] for it in self.deeds_of(refused)], ["first", "second"])

    def test_a_rule_that_names_a_country_is_about_customers_there(self):
        for country, connector in (("LI", "second"), ("CH", "first"), (None, "first")):
            with self.subTest(country):
                person = {"name": "Ana Souza", "email": "ana@example.com"}
                made = self.client.post("/v1/customers",
                                        person | ({"country": country} if country else {}))
                payment = self.pay(1300, customer=made.body["id"])
                self.assertEqual(self.shown(payment)["connector"], connector)
        self.assertEqual(self.shown(self.pay(1300))["connector"], "first")

    def test_a_new_customer_is_told_of_without_the_person(self):
        made = self.client.post("/v1/customers", {
            "name": "Wilhelmina Unverwechselbar", "email": "wu@example.com", "country": "CH",
            "metadata": {"tier": "gold"}}).body
        events = self.client.get("/v1/events?limit=100").body["data"]
        told = next(it["data"]["object"] for it in events
                    if it["type"] == "customer.created" and it["data"]["object"]["id"]
                    == made["id"])
        self.assertEqual(told, made | {"name": None, "email": None})
        for file in filter(pathlib.Path.is_file, self.house.folder.glob("causeway.db*")):
            self.assertNotIn(b"Unverwechselbar", file.read_bytes(), file)

    def test_a_decline_of_the_buyer_goes_nowhere_else(self):
        payment = self.pay(2052, status=402)
        self.assertEqual([it["connector"] for it in self.deeds_of(payment)], ["first"])
        self.assertEqual(len(self.timeline(payment, "routing")), 1)

    def test_doubt_is_ended_by_asking_and_never_by_asking_another(self):
        done = self.pay(2053, "KWD", capture_method="manual")
        lost = self.pay(2054, "KWD", capture_method="manual")
        for payment in (done, lost):
            self.assertEqual(self.shown(payment)["status"], "processing")
        settled = self.client.settled(done)
        self.assertEqual((settled["status"], settled["connector"]), ("requires_capture", "silent"))
        self.assertEqual(self.client.settled(lost)["status"], "failed")
        for payment in (done, lost):
            self.assertEqual({it["connector"] for it in self.deeds_of(payment)} - {"silent"},
                             set())
        captured = self.client.post(f"/v1/payments/{done}/captures", {"final": True})
        self.assertEqual(captured.status, 201, captured)
        # What never arrived can be confirmed no more, and what was found was found once.
        self.assertEqual(self.client.post(f"/v1/payments/{lost}/confirm").status, 409)

    def test_a_circuit_opens_and_payments_go_elsewhere_at_once(self):
        for _ in range(3):
            payment = self.pay(500, "JPY")
            self.assertEqual([event for event, _ in self.timeline(payment, "routing")],
                             ["broken", "third"])
        payment = self.pay(500, "JPY")
        told = self.timeline(payment, "routing")
        self.assertEqual([event for event, _ in told], ["third"])
        self.assertIn("circuit open", told[0][1])
        self.assertEqual([it["connector"] for it in self.deeds_of(payment)], ["third"])

    def test_an_authorisation_can_be_raised_and_then_captured_whole(self):
        payment = self.pay(1000, capture_method="manual")
        raised = self.client.post(f"/v1/payments/{payment}/increment", {"amount": 1500})
        self.assertEqual(raised.status, 200, raised)
        self.assertEqual(raised.body["amount_capturable"], 1500)
        self.assertGreaterEqual(
            self.client.post(f"/v1/payments/{payment}/increment", {"amount": 900}).status, 400)
        captured = self.client.post(f"/v1/payments/{payment}/captures", {"final": True})
        self.assertEqual((captured.status, captured.body["amount"]), (201, 1500))

    def test_a_partial_approval_is_given_back(self):
        payment = self.pay(2055, status=402)
        self.assertEqual(self.client.settled(payment)["status"], "failed")
        deadline = time.monotonic() + harness.CALL_SECONDS_MAX
        while not any(it["state"] == "done" for it in self.deeds_of(payment, "reverse")):
            self.assertLess(time.monotonic(), deadline, self.deeds())
            harness.pause(0.02)

    def test_an_authorisation_that_nobody_captures_expires_and_is_given_back(self):
        payment = self.pay(900000, capture_method="manual")
        expired = self.client.until(f"/v1/payments/{payment}",
                                    lambda it: it["status"] == "expired")
        self.assertEqual(expired["amount_capturable"], 0)
        refused = self.client.post(f"/v1/payments/{payment}/captures", {"final": True})
        self.assertEqual(refused.status, 409)
        deadline = time.monotonic() + harness.CALL_SECONDS_MAX
        while not any(it["state"] == "done" for it in self.deeds_of(payment, "reverse")):
            self.assertLess(time.monotonic(), deadline, self.deeds())
            harness.pause(0.02)
        types = [it["type"] for it in self.client.get("/v1/events?limit=100").body["data"]
                 if it["data"]["object"]["id"] == payment]
        self.assertIn("payment.expired", types)


del Providers  # It has no tests of its own.

if __name__ == "__main__":
    unittest.main()
