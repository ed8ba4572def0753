# SPDX-License-Identifier: Apache-2.0
"""A checkout from the first call to the refund, over HTTPS, against the acquirer sandbox."""

import fractions
import threading
import unittest
import uuid

import harness
from openapi_contract import Contract

HOUSE = None
CONTRACT = Contract()


def setUpModule():
    global HOUSE
    HOUSE = harness.House()
    HOUSE.on_response = CONTRACT.record
    try:
        HOUSE.start()
    except BaseException:
        HOUSE.stop(keep=True)
        raise


def tearDownModule():
    HOUSE.stop()


class Case(unittest.TestCase):
    def setUp(self):
        self.client = HOUSE.client()
        self.addCleanup(self.client.close)

    def expect(self, response, status, code=None):
        """The body of an answer with this status and, for a problem, this code."""
        self.assertEqual(response.status, status, response)
        if code:
            self.assertEqual(response.body["code"], code, response)
        return response.body

    def paid(self, amount, currency, **more):
        payment = self.expect(self.client.pay(amount, currency, **more), 201)
        self.assertEqual(payment["status"], "succeeded", payment)
        return payment

    def authorised(self, amount, currency):
        options = {"capture_method": "manual"}
        payment = self.expect(self.client.pay(amount, currency, options=options), 201)
        self.assertEqual(payment["status"], "requires_capture", payment)
        self.assertEqual(payment["amount_capturable"], amount)
        return payment

    def payment(self, payment_id):
        return self.expect(self.client.get(f"/v1/payments/{payment_id}"), 200)


class Sale(Case):
    def test_takes_the_amount_in_minor_units_of_every_kind_of_currency(self):
        # Two, no and three decimals: a factor of ten here is a factor of ten on a buyer's card.
        for currency, amount in (("USD", 10020), ("JPY", 5021), ("KWD", 12322)):
            with self.subTest(currency):
                payment = self.paid(amount, currency)
                self.assertEqual(payment["currency"], currency)
                self.assertEqual(payment["amount_captured"], amount)
                self.assertEqual(payment["amount_capturable"], 0)
                charged = HOUSE.books().of_amount(amount)
                self.assertEqual([(it["currency"], it["captured"]) for it in charged],
                                 [(currency, amount)])

    def test_may_be_created_first_and_confirmed_later(self):
        created = self.expect(self.client.post("/v1/payments", {
            "amount": 2023, "currency": "USD", "reference": "ORDER-1",
            "metadata": {"order": "1"}}), 201)
        self.assertEqual(created["status"], "requires_payment_method")
        self.assertEqual(HOUSE.books().of_amount(2023), [])
        created = self.expect(self.client.post("/v1/payments", {
            "amount": 2024, "currency": "USD", "reference": "ORDER-2", "metadata": {"order": "2"},
            "payment_method": {"type": "card", "token": "tok_mastercard"}}), 201)
        self.assertEqual(created["status"], "requires_confirmation")
        confirmed = self.expect(self.client.post(f"/v1/payments/{created['id']}/confirm"), 200)
        self.assertEqual(confirmed["status"], "succeeded")
        self.assertEqual(confirmed["reference"], "ORDER-2")
        self.assertEqual(confirmed["metadata"], {"order": "2"})

    def test_takes_a_card_that_the_checkout_page_tokenised(self):
        publishable = HOUSE.client(kind="publishable")
        self.addCleanup(publishable.close)
        token = self.expect(publishable.post("/v1/payment_methods", harness.card()), 201)
        self.assertRegex(token["id"], r"^tok_[0-9A-HJKMNP-TV-Z]{26}$")
        self.assertEqual(token["object"], "payment_method")
        self.assertEqual(token["card"], {"brand": "visa", "first6": "424242", "last4": "4242",
                                         "exp_month": 12, "exp_year": 2030})
        payment = self.paid(3025, "USD", token=token["id"])
        self.assertEqual(payment["payment_method"]["card"]["last4"], "4242")

    def test_shows_in_lists_newest_first(self):
        first, second = self.paid(2026, "USD"), self.paid(2027, "USD")
        page = self.expect(self.client.get("/v1/payments?limit=2"), 200)
        self.assertEqual([it["id"] for it in page["data"]], [second["id"], first["id"]])
        self.assertTrue(page["has_more"])
        page = self.expect(
            self.client.get(f"/v1/payments?limit=1&starting_after={second['id']}"), 200)
        self.assertEqual([it["id"] for it in page["data"]], [first["id"]])

    def test_credits_the_merchant_net_of_the_fee(self):
        payment = self.paid(10028, "USD")
        page = self.expect(self.client.get("/v1/balance_transactions?limit=10"), 200)
        lines = [it for it in page["data"] if it["type"] == "charge" and it["amount"] == 10028]
        self.assertEqual(len(lines), 1, page)
        self.assertEqual(lines[0]["net"], lines[0]["amount"] - lines[0]["fee"])
        self.assertGreater(lines[0]["fee"], 0)
        self.assertEqual(payment["currency"], lines[0]["currency"])
        balance = self.expect(self.client.get("/v1/balance"), 200)
        usd = [it for it in balance["balances"] if it["currency"] == "USD"]
        self.assertEqual(len(usd), 1)
        self.assertGreater(usd[0]["pending"] + usd[0]["available"], 0)


class Capture(Case):
    def test_in_two_parts_takes_both_and_nothing_more(self):
        payment = self.authorised(10030, "USD")
        path = f"/v1/payments/{payment['id']}"
        part = self.expect(self.client.post(f"{path}/captures",
                                            {"amount": 4000, "final": False}), 201)
        self.assertEqual((part["amount"], part["final"]), (4000, False))
        between = self.client.until(path, lambda it: it["amount_captured"] == 4000)
        self.assertEqual(between["status"], "partially_captured")
        self.assertEqual(between["amount_capturable"], 6030)
        self.expect(self.client.post(f"{path}/captures", {"amount": 6030}), 201)
        done = self.client.until(path, lambda it: it["status"] == "succeeded")
        self.assertEqual((done["amount_captured"], done["amount_capturable"]), (10030, 0))
        captures = self.expect(self.client.get(f"{path}/captures"), 200)
        self.assertEqual(sorted(it["amount"] for it in captures["data"]), [4000, 6030])
        self.assertEqual(HOUSE.books().charged()[10030], 10030)

    def test_of_more_than_authorised_is_refused_and_changes_nothing(self):
        payment = self.authorised(5031, "USD")
        path = f"/v1/payments/{payment['id']}"
        answer = self.client.post(f"{path}/captures", {"amount": 5032})
        self.assertIn(answer.status, (400, 409, 422), answer)
        self.assertEqual(self.payment(payment["id"])["amount_capturable"], 5031)

    def test_final_part_releases_the_rest(self):
        payment = self.authorised(8032, "USD")
        path = f"/v1/payments/{payment['id']}"
        self.expect(self.client.post(f"{path}/captures", {"amount": 3000, "final": True}), 201)
        done = self.client.until(path, lambda it: it["status"] == "succeeded")
        self.assertEqual((done["amount_captured"], done["amount_capturable"]), (3000, 0))
        self.assertIn(self.client.post(f"{path}/captures", {"amount": 1}).status, (400, 409, 422))
        self.assertEqual(HOUSE.books().charged()[8032], 3000)

    def test_twice_at_once_takes_the_amount_once(self):
        payment = self.authorised(7033, "USD")
        path = f"/v1/payments/{payment['id']}/captures"
        answers = at_once([lambda: self.client.post(path, {"amount": 7033})] * 8)
        self.assertEqual([it.status for it in answers].count(201), 1, answers)
        self.client.until(f"/v1/payments/{payment['id']}", lambda it: it["status"] == "succeeded")
        self.assertEqual(HOUSE.books().charged()[7033], 7033)


class Cancel(Case):
    def test_gives_the_authorisation_back(self):
        payment = self.authorised(6040, "USD")
        path = f"/v1/payments/{payment['id']}"
        self.expect(self.client.post(f"{path}/cancel"), 200)
        done = self.client.until(path, lambda it: it["status"] == "canceled")
        self.assertEqual(done["amount_capturable"], 0)
        self.assertEqual(HOUSE.books().charged()[6040], 0)
        self.assertIn(self.client.post(f"{path}/captures", {"amount": 1}).status, (400, 409, 422))

    def test_of_a_finished_payment_is_refused(self):
        payment = self.paid(6041, "USD")
        answer = self.client.post(f"/v1/payments/{payment['id']}/cancel")
        self.assertIn(answer.status, (400, 409, 422), answer)
        self.assertEqual(self.payment(payment["id"])["status"], "succeeded")


class Declined(Case):
    def test_answers_402_with_the_issuers_reason(self):
        rows = ((1051, "insufficient_funds"), (1154, "expired_card"), (1205, "do_not_honour"),
                (1361, "limit_exceeded"), (1491, "provider_unavailable"))
        for amount, reason in rows:
            with self.subTest(reason):
                problem = self.expect(self.client.pay(amount, "USD"), 402, "card_declined")
                self.assertEqual(problem["decline_code"], reason)
                self.assertRegex(problem["instance"], r"^/v1/payments/pay_[0-9A-HJKMNP-TV-Z]{26}$")
                payment = self.expect(self.client.get(problem["instance"]), 200)
                self.assertEqual(payment["amount_captured"], 0)
                self.assertEqual(payment["last_error"]["decline_code"], reason)
                self.assertEqual(HOUSE.books().charged()[amount], 0)


class UnknownOutcome(Case):
    def test_is_never_guessed_and_ends_by_reversal(self):
        # 9999: the sandbox charges the card and says nothing. The one bug that must not exist is
        # to tell the merchant "failed" while the buyer has paid.
        payment = self.expect(self.client.pay(19999, "USD"), 201)
        self.assertEqual(payment["status"], "processing")
        done = self.client.settled(payment["id"])
        self.assertEqual(done["status"], "failed", done)
        self.assertEqual(done["last_error"]["code"], "provider_timeout_reversed")
        self.assertEqual(done["amount_captured"], 0)
        self.assertEqual(HOUSE.books().charged()[19999], 0)

    def test_of_every_kind_agrees_with_the_acquirer_at_the_end(self):
        # A late answer, a cut connection, a first advice without an answer.
        for amount in (29998, 29997, 29996):
            with self.subTest(amount=amount):
                answer = self.client.pay(amount, "USD")
                self.assertEqual(answer.status, 201, answer)
                done = self.client.settled(answer.body["id"])
                self.assertIn(done["status"], ("failed", "succeeded"), done)
                expected = amount if done["status"] == "succeeded" else 0
                self.assertEqual(done["amount_captured"], expected)
                self.assertEqual(HOUSE.books().charged()[amount], expected)


class Refund(Case):
    def test_in_parts_never_exceeds_what_was_captured(self):
        payment = self.paid(9050, "USD")
        path = f"/v1/payments/{payment['id']}"
        for amount in (4000, 5050):
            body = {"payment": payment["id"], "amount": amount, "reason": "requested_by_customer"}
            refund = self.expect(self.client.post("/v1/refunds", body), 201)
            self.client.until(f"/v1/refunds/{refund['id']}", lambda it: it["status"] == "succeeded")
        self.assertEqual(self.payment(payment["id"])["amount_refunded"], 9050)
        answer = self.client.post("/v1/refunds", {"payment": payment["id"], "amount": 1})
        self.assertIn(answer.status, (400, 409, 422), answer)
        self.assertEqual(self.payment(payment["id"])["amount_refunded"], 9050)
        self.assertEqual(HOUSE.books().charged()[9050], 0)
        self.assertEqual(self.expect(self.client.get(path), 200)["status"], "succeeded")

    def test_many_at_once_draw_on_one_amount(self):
        payment = self.paid(1060, "USD")
        body = {"payment": payment["id"], "amount": 500}
        answers = at_once([lambda: self.client.post("/v1/refunds", body)] * 16)
        good = [it.body for it in answers if it.status == 201]
        self.assertEqual(len(good), 2, answers)
        for refund in good:
            self.client.until(f"/v1/refunds/{refund['id']}", lambda it: it["status"] == "succeeded")
        self.assertEqual(self.payment(payment["id"])["amount_refunded"], 1000)
        self.assertEqual(HOUSE.books().charged()[1060], 60)

    def test_without_amount_gives_everything_back(self):
        payment = self.paid(7062, "JPY")
        refund = self.expect(self.client.post("/v1/refunds", {"payment": payment["id"]}), 201)
        self.assertEqual((refund["amount"], refund["currency"]), (7062, "JPY"))


class Idempotency(Case):
    def test_replays_the_answer_byte_for_byte(self):
        key = str(uuid.uuid4())
        first = self.client.pay(1070, "USD", idempotency_key=key)
        again = self.client.pay(1070, "USD", idempotency_key=key)
        self.assertEqual((first.status, again.status), (201, 201))
        self.assertEqual(first.raw, again.raw)
        self.assertIsNone(first.headers.get("Idempotency-Replayed"))
        self.assertEqual(again.headers.get("Idempotency-Replayed"), "true")
        self.assertEqual(len(HOUSE.books().of_amount(1070)), 1)

    def test_replays_a_decline_too(self):
        key = str(uuid.uuid4())
        first = self.client.pay(7151, "USD", idempotency_key=key)
        again = self.client.pay(7151, "USD", idempotency_key=key)
        self.assertEqual((first.status, again.status), (402, 402))
        self.assertEqual(first.raw, again.raw)
        self.assertEqual(again.headers.get("Idempotency-Replayed"), "true")
        self.assertEqual(HOUSE.books().of_amount(7151), [])

    def test_takes_a_bare_and_a_quoted_value_as_one_key(self):
        key = str(uuid.uuid4())
        first = self.client.pay(1072, "USD", idempotency_key=key)
        again = self.client.pay(1072, "USD", idempotency_key=f'"{key}"')
        self.assertEqual(first.raw, again.raw)

    def test_refuses_the_key_for_another_body(self):
        key = str(uuid.uuid4())
        self.expect(self.client.pay(1073, "USD", idempotency_key=key), 201)
        self.expect(self.client.pay(1074, "USD", idempotency_key=key), 422,
                    "idempotency_key_reused")
        self.assertEqual(HOUSE.books().of_amount(1074), [])

    def test_is_asked_for_where_money_moves(self):
        self.expect(self.client.pay(1075, "USD", idempotency_key=None), 400)
        self.expect(self.client.pay(1075, "USD", idempotency_key=""), 400)
        self.expect(self.client.pay(1075, "USD", idempotency_key="x" * 256), 400)
        self.assertEqual(HOUSE.books().of_amount(1075), [])

    def test_lets_one_of_two_through_while_in_flight(self):
        # The sandbox keeps silent, so the winner is still waiting when the other one comes.
        key = str(uuid.uuid4())
        call = lambda: self.client.pay(39999, "USD", idempotency_key=key)
        answers = sorted(at_once([call, call]), key=lambda it: it.status)
        self.assertEqual([it.status for it in answers], [201, 409], answers)
        self.assertTrue(answers[1].headers.get("Retry-After", "").isdigit(), answers[1].headers)
        self.assertTrue(answers[1].body["retryable"])
        self.client.settled(answers[0].body["id"])
        self.assertEqual(len(HOUSE.books().of_amount(39999)), 1)

    def test_outlives_a_restart(self):
        key = str(uuid.uuid4())
        first = self.client.pay(1076, "USD", idempotency_key=key)
        self.assertEqual(first.status, 201)
        self.assertEqual(HOUSE.restart(), 0)
        again = self.client.pay(1076, "USD", idempotency_key=key)
        self.assertEqual((again.raw, again.headers.get("Idempotency-Replayed")),
                         (first.raw, "true"))
        self.assertEqual(len(HOUSE.books().of_amount(1076)), 1)

    def test_keys_of_two_merchants_do_not_meet(self):
        key = str(uuid.uuid4())
        other = HOUSE.client(HOUSE.create_merchant("Second Shop"))
        self.addCleanup(other.close)
        first = self.expect(self.client.pay(1077, "USD", idempotency_key=key), 201)
        second = self.expect(other.pay(1077, "USD", idempotency_key=key), 201)
        self.assertNotEqual(first["id"], second["id"])


class CrossCurrency(Case):
    def quote(self, amount, **more):
        return self.expect(self.client.post("/v1/fx/quotes", {
            "source_currency": "EUR", "target_currency": "USD", "source_amount": amount,
            "valid_for": 300, **more}), 201)

    def test_pays_at_the_quoted_rate_and_not_another(self):
        quote = self.quote(10080)
        rate, mid = fractions.Fraction(quote["rate"]), fractions.Fraction(quote["mid_rate"])
        self.assertLess(rate, mid)
        self.assertLess(abs(rate / mid - (1 - fractions.Fraction(quote["markup_bps"], 10000))),
                        fractions.Fraction(1, 100000))
        self.assertLessEqual(abs(quote["target_amount"] - 10080 * rate), 1)
        payment = self.paid(10080, "EUR", options={"fx_quote": quote["id"]})
        self.assertEqual(payment["fx_quote"], quote["id"])
        used = self.expect(self.client.get(f"/v1/fx/quotes/{quote['id']}"), 200)
        self.assertEqual(used["status"], "consumed")
        page = self.expect(self.client.get("/v1/balance_transactions?limit=10"), 200)
        line = next(it for it in page["data"] if it.get("presentment_amount") == 10080)
        self.assertEqual((line["currency"], line["amount"], line["presentment_currency"]),
                         ("USD", quote["target_amount"], "EUR"))
        self.assertEqual(fractions.Fraction(line["exchange_rate"]), rate)
        self.assertEqual([it["currency"] for it in HOUSE.books().of_amount(10080)], ["EUR"])

    def test_uses_a_quote_once(self):
        quote = self.quote(10081)
        self.paid(10081, "EUR", options={"fx_quote": quote["id"]})
        answer = self.client.pay(10081, "EUR", options={"fx_quote": quote["id"]})
        self.assertIn(answer.status, (400, 409, 422), answer)
        self.assertEqual(len(HOUSE.books().of_amount(10081)), 1)

    def test_refuses_a_quote_for_another_amount_or_currency(self):
        quote = self.quote(10082)
        for amount, currency in ((10083, "EUR"), (10082, "GBP")):
            answer = self.client.pay(amount, currency, options={"fx_quote": quote["id"]})
            self.assertIn(answer.status, (400, 409, 422), answer)
            self.assertEqual(HOUSE.books().of_amount(amount), [])


class OtherMerchant(Case):
    def test_learns_nothing_of_what_is_not_its_own(self):
        payment = self.authorised(5090, "USD")
        refunded = self.paid(5092, "USD")
        refund = self.expect(self.client.post("/v1/refunds", {"payment": refunded["id"]}), 201)
        quote = self.expect(self.client.post("/v1/fx/quotes", {
            "source_currency": "EUR", "target_currency": "USD", "source_amount": 100}), 201)
        other = HOUSE.client(HOUSE.create_merchant("Curious Shop"))
        self.addCleanup(other.close)
        nobody = "0" * 26
        rows = (
            ("GET", "/v1/payments/{}", payment["id"], None),
            ("GET", "/v1/payments/{}/captures", payment["id"], None),
            ("POST", "/v1/payments/{}/captures", payment["id"], {"amount": 1}),
            ("POST", "/v1/payments/{}/cancel", payment["id"], {}),
            ("POST", "/v1/payments/{}/confirm", payment["id"], {}),
            ("GET", "/v1/refunds/{}", refund["id"], None),
            ("GET", "/v1/fx/quotes/{}", quote["id"], None),
        )
        for method, path, known, body in rows:
            with self.subTest(path):
                foreign = other.request(method, path.format(known), body)
                unknown = other.request(method, path.format(known[:-26] + nobody), body)
                self.assertEqual((foreign.status, unknown.status), (404, 404), foreign)
                # Nothing but the id and the request's own number tells the two apart.
                told = [{k: v for k, v in it.body.items() if k not in ("request_id", "instance")}
                        for it in (foreign, unknown)]
                self.assertEqual(str(told[0]).replace(known, "ID"),
                                 str(told[1]).replace(known[:-26] + nobody, "ID"))
        answer = other.post("/v1/refunds", {"payment": refunded["id"], "amount": 1})
        self.assertEqual(answer.status, 404, answer)
        answer = other.pay(100, "EUR", options={"fx_quote": quote["id"]})
        self.assertIn(answer.status, (400, 404, 422), answer)
        page = self.expect(other.get("/v1/payments?limit=100"), 200)
        self.assertNotIn(payment["id"], [it["id"] for it in page["data"]])


class ZBooks(Case):
    """Last, over everything above."""

    def test_balance_in_the_end(self):
        HOUSE.commands.good("ledger", "verify")

    def test_every_answer_was_as_openapi_says(self):
        self.expect(self.client.get("/openapi.json", key=None), 200)
        self.assertEqual(CONTRACT.findings(), [])
        self.assertGreater(CONTRACT.checked, 50)


def at_once(calls):
    """The results of all the calls, started together."""
    results = [None] * len(calls)
    barrier = threading.Barrier(len(calls))

    def work(index, call):
        barrier.wait()
        results[index] = call()

    threads = [threading.Thread(target=work, args=it) for it in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
