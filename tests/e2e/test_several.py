# SPDX-License-Identifier: Apache-2.0
"""Two gateways on one PostgreSQL, over HTTPS: what one of them may do, both may do together."""

import concurrent.futures
import signal
import time
import unittest

import crash_payments
import harness
import postgres

CROWD = 1000
THREADS = 24
LEASE_MS = 5000
SETTLE_SECONDS_MAX = 120
ANSWER_MAX_MS = 20_000


@unittest.skipUnless(postgres.is_installed(), "PostgreSQL is not installed")
class Several(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = postgres.Server()
        cls.enterClassContext(cls.server)
        # On a busy machine nothing is to be in doubt, and no breaker to open.
        cls.house = harness.House(database=cls.server.url, lease_ms=LEASE_MS,
                                  answer_max_ms=ANSWER_MAX_MS)
        cls.addClassCleanup(cls.house.stop)
        cls.house.start_without_gateway()
        cls.doors = [crash_payments.Door(cls.house, f"gateway{number}") for number in range(2)]
        for door in cls.doors:
            door.start()
            cls.addClassCleanup(door.stop)
            door.wait_until_ready()
        key = cls.house.keys[cls.house.merchant]["secret"]
        cls.clients = [harness.Client(door, key) for door in cls.doors]

    def crowd(self, call, size=CROWD):
        """`call(client, number)` so many times at once, through both doors."""
        with concurrent.futures.ThreadPoolExecutor(THREADS) as pool:
            answers = list(pool.map(lambda number: call(self.clients[number % 2], number),
                                    range(size)))
        self.assertEqual([it for it in answers if it.status >= 500], [])
        return answers

    def paid(self, amount, **more):
        answer = self.clients[0].pay(amount, "USD", **more)
        self.assertEqual(answer.status, 201, answer)
        return answer.body["id"]

    def agreed(self, payment_id, amount):
        """The payment, which the acquirer knows as we do once all that was begun has ended."""
        self.clients[1].until(f"/v1/payments/{payment_id}/captures", lambda it: all(
            one["status"] != "pending" for one in it["data"]), SETTLE_SECONDS_MAX)
        self.until_nothing_open()
        payment = self.clients[1].settled(payment_id)
        theirs = self.house.books().of_amount(amount)
        self.assertEqual(len(theirs), 1, theirs)
        self.assertEqual(theirs[0]["captured"], payment["amount_captured"])
        self.assertEqual(theirs[0]["refunded"], payment["amount_refunded"])
        return payment

    def until_nothing_open(self):
        deadline = time.monotonic() + SETTLE_SECONDS_MAX
        sql = "SELECT COUNT(*) FROM operations WHERE next_try_us IS NOT NULL"
        while self.server.ask(sql) != "0":
            self.assertLess(time.monotonic(), deadline, "operations stay open for ever")
            harness.pause(0.2)

    def test_refunds_at_once_never_exceed_what_was_captured(self):
        payment = self.paid(40_000)
        answers = self.crowd(lambda client, number: client.post(
            "/v1/refunds", {"payment": payment, "amount": 60 + number % 30}))
        agreed = self.agreed(payment, 40_000)
        refunds = [self.clients[0].get(f"/v1/refunds/{it.body['id']}").body
                   for it in answers if it.status == 201]
        given = sum(it["amount"] for it in refunds if it["status"] == "succeeded")
        self.assertEqual(agreed["amount_refunded"], given)
        self.assertLessEqual(given, 40_000)

    def test_captures_at_once_never_exceed_what_was_authorised(self):
        payment = self.paid(40_100, options={"capture_method": "manual"})
        answers = self.crowd(lambda client, number: client.post(
            f"/v1/payments/{payment}/captures", {"amount": 60 + number % 30}))
        taken = sum(it.body["amount"] for it in answers if it.status == 201)
        agreed = self.agreed(payment, 40_100)
        self.assertEqual(agreed["amount_captured"], taken)
        self.assertLess(agreed["amount_capturable"], 60, "what was refused would have fitted")

    def test_captures_cancels_and_refunds_at_once_stay_inside_every_limit(self):
        payment = self.paid(40_200, options={"capture_method": "manual"})
        path = f"/v1/payments/{payment}"

        def call(client, number):
            if number == CROWD // 2:
                return client.post(f"{path}/cancel")
            if number % 3 == 0:
                return client.post("/v1/refunds", {"payment": payment, "amount": 60 + number % 30})
            return client.post(f"{path}/captures", {"amount": 60 + number % 30})

        self.crowd(call)
        agreed = self.agreed(payment, 40_200)
        self.assertLessEqual(agreed["amount_captured"], 40_200)
        self.assertLessEqual(agreed["amount_refunded"], agreed["amount_captured"])

    def test_one_key_at_both_doors_is_one_charge(self):
        for number in range(50):
            amount = 50_000 + number * 100
            answers = self.crowd(lambda client, _, amount=amount, number=number: client.pay(
                amount, "USD", idempotency_key=f"both doors {number}".replace(" ", "-")), size=2)
            statuses = sorted(it.status for it in answers)
            self.assertIn(statuses, ([201, 201], [201, 409]), answers)
            told = {it.raw for it in answers if it.status == 201}
            self.assertEqual(len(told), 1, answers)
            self.assertEqual(len(self.house.books().of_amount(amount)), 1)

    # By name the last one: it ends a process.
    def test_z_who_was_stopped_for_too_long_ends(self):
        stopped = self.doors[0]
        stopped.process.send(signal.SIGSTOP)
        self.clients[1].until("/v1/payments", lambda _: any(
            it["event"] == "instance_silent" for it in self.doors[1].logged()), seconds=30)
        stopped.process.send(signal.SIGCONT)
        self.assertEqual(stopped.process.wait(30), 3)
        self.assertEqual(stopped.last_logged("lease_lost")["level"], "error")
        self.assertEqual(self.clients[1].pay(60_000, "USD").status, 201)
