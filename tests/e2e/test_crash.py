# SPDX-License-Identifier: Apache-2.0
"""kill -9 of the gateway under load, again and again: nothing is lost, nobody pays twice.

Each payment has an amount of its own, so that the acquirer's books can be compared without trusting
a reference that the gateway chose. CAUSEWAY_CRASH_SEED replays a run's choices;
CAUSEWAY_CRASH_ROUNDS asks for more of them.
"""

import http.client
import os
import random
import threading
import time
import unittest
import uuid

import harness

ROUNDS = int(os.environ.get("CAUSEWAY_CRASH_ROUNDS", "20"))
SEED = int(os.environ.get("CAUSEWAY_CRASH_SEED", random.SystemRandom().randrange(1 << 32)))
WORKERS = 8
ROUND_SECONDS_MAX = 60
LOST = (OSError, http.client.HTTPException)


class Order:
    """What one buyer wants, and what the merchant was told so far."""

    def __init__(self, amount, manual):
        self.amount = amount
        self.manual = manual
        self.key = str(uuid.uuid4())
        self.capture_key = str(uuid.uuid4())
        self.payment = None  # As acknowledged: a 2xx or 402 that came back whole.
        self.refused = False

    def send(self, client):
        """Places the order, or places it again. True once it is acknowledged."""
        options = {"capture_method": "manual"} if self.manual else None
        answer = client.pay(self.amount, "USD", options=options, idempotency_key=self.key)
        if answer.status == 201:
            told = answer.body["id"]
            assert self.payment in (None, told), f"two payments for one key: {self.payment} {told}"
            self.payment = told
        elif answer.status == 402:
            self.refused = True
        else:
            assert answer.status in (409, 503), answer
        return answer.status in (201, 402)

    def capture(self, client):
        path = f"/v1/payments/{self.payment}/captures"
        return client.post(path, {"amount": self.amount}, idempotency_key=self.capture_key)


class Load:
    """Buyers who come until they are stopped; an answer that never came is left as it is."""

    def __init__(self, house, amounts, rng):
        self.house = house
        self.amounts = amounts
        self.rng = rng
        self.orders = []
        self.errors = []
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._acknowledged = threading.Condition(self._lock)
        self._count = 0
        self._threads = [threading.Thread(target=self._work, args=(harness.Client(
            house, house.keys[house.merchant]["secret"]),)) for _ in range(WORKERS)]
        for thread in self._threads:
            thread.start()

    def wait_for_acknowledged(self, count):
        deadline = time.monotonic() + ROUND_SECONDS_MAX
        with self._acknowledged:
            while self._count < count and not self.errors and time.monotonic() < deadline:
                self._acknowledged.wait(1)
            assert self._count >= count, (self._count, self.errors, self.house.gateway.log_tail())

    def stop(self):
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _next(self):
        with self._lock:
            order = Order(next(self.amounts), self.rng.random() < 0.4)
            self.orders.append(order)
            return order

    def _work(self, client):
        while not self._stop.is_set():
            order = self._next()
            try:
                order.send(client)
                if order.manual and order.payment:
                    order.capture(client)
            except LOST:
                return
            except Exception as error:  # Told by the main thread.
                self.errors.append(repr(error))
                return
            with self._acknowledged:
                self._count += 1
                self._acknowledged.notify_all()
        client.close()


def amounts():
    """Every amount once, without those that mean something to the sandbox. Some declines."""
    amount = 2000
    while True:
        amount += 1
        if amount % 100 not in (51, 5, 54, 91, 61) and amount % 10000 < 9990:
            yield amount


class Crash(unittest.TestCase):
    def test_loses_and_doubles_nothing(self):
        print(f"seed {SEED} (CAUSEWAY_CRASH_SEED)", flush=True)
        rng = random.Random(SEED)
        unique = amounts()
        orders = []
        with harness.House() as house:
            for number in range(ROUNDS):
                with self.subTest(round=number, seed=SEED):
                    orders += self.one_round(house, unique, rng)
            self.resend(house, orders)
            self.compare(house, orders)
            self.assertEqual(house.restart(), 0)
            self.compare(house, orders)

    def one_round(self, house, unique, rng):
        load = Load(house, unique, rng)
        try:
            load.wait_for_acknowledged(rng.randrange(1, 60))
            harness.pause(rng.random() * 0.03)
            house.kill9()
        finally:
            load.stop()
        self.assertEqual(load.errors, [])
        house.start_gateway()
        return load.orders

    def resend(self, house, orders):
        """What a merchant does after a lost answer: the same request with the same key."""
        client = house.client()
        for order in orders:
            self.until_told(lambda: order.send(client))
            if order.payment:
                self.settle(client, order)
        client.close()

    def settle(self, client, order):
        payment = client.settled(order.payment)
        if not order.manual or payment["status"] == "failed":
            return
        path = f"/v1/payments/{order.payment}"
        if payment["status"] == "requires_capture":
            self.until_told(lambda: order.capture(client).status in (201, 402, 422))
        client.until(path, lambda it: it["status"] in ("succeeded", "failed"))

    def until_told(self, call):
        deadline = time.monotonic() + ROUND_SECONDS_MAX
        while not call():
            self.assertLess(time.monotonic(), deadline, "no final answer for a resent request")
            harness.pause(0.05)

    def compare(self, house, orders):
        client = house.client()
        charged = house.books().charged()
        succeeded = 0
        for order in orders:
            if order.payment is None:
                self.assertTrue(order.refused)
                self.assertEqual(charged[order.amount], 0, f"refused, but {order.amount} was paid")
                continue
            answer = client.get(f"/v1/payments/{order.payment}")
            self.assertEqual(answer.status, 200, f"acknowledged and lost: {order.payment}")
            payment = answer.body
            self.assertIn(payment["status"], ("succeeded", "failed"), payment)
            self.assertEqual(payment["amount"], order.amount)
            self.assertEqual(charged[order.amount], payment["amount_captured"],
                             f"the acquirer and we disagree on {payment}")
            succeeded += payment["status"] == "succeeded"
        known = {it.amount for it in orders}
        strange = {it: charged[it] for it in charged if charged[it] and it not in known}
        self.assertEqual(strange, {}, "the acquirer knows payments that nobody ordered")
        self.assertGreater(succeeded, ROUNDS)
        house.commands.good("ledger", "verify")
        client.close()
