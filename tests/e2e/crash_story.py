# SPDX-License-Identifier: Apache-2.0
"""One payment's life as a merchant lives it, and everything the merchant was told about it.

A story is a list of requests, each with an Idempotency-Key of its own. A request whose answer
never came is sent again, with the same key, until there is one. Nothing here knows what the gateway
keeps: `check` holds what was acknowledged against what the gateway shows at the end and what the
acquirer has in its books.
"""

import http.client
import uuid

LOST = (OSError, http.client.HTTPException)
# The acquirer sandbox means something by these (docs/sandbox.md).
MISCHIEF = (9999, 9998, 9997, 9996, 9995)
DECLINED = (51, 5, 54, 91, 61)
CURRENCIES = ("USD", "USD", "USD", "JPY", "EUR")


class Request:
    """One POST with its key, and the first answer that counts."""

    def __init__(self, path, body):
        self.path = path
        self.body = body
        self.key = str(uuid.uuid4())
        self.answer = None  # (status, raw)
        self.sent = 0

    def send(self, client):
        """The answer, if it is one for good; every later one has to be the same to the byte."""
        self.sent += 1
        answer = client.post(self.path, self.body, idempotency_key=self.key)
        if answer.status in (429, 503):
            return None
        if answer.status == 409 and answer.body["code"] == "idempotency_key_in_flight":
            return None
        told = (answer.status, answer.raw)
        if self.answer is None:
            self.answer = told
        assert told == self.answer, f"{self.path} {self.key}: first {self.answer}, then {told}"
        return answer


class Look:
    """A GET until `good`."""

    def __init__(self, path, good):
        self.path = path
        self.good = good

    def send(self, client):
        answer = client.get(self.path)
        assert answer.status == 200, f"{self.path}: acknowledged and lost: {answer}"
        return answer if self.good(answer.body) else None


def ordinary(rng, least, most):
    """An amount that means nothing to the sandbox."""
    while True:
        amount = rng.randrange(least, most)
        if amount % 100 not in DECLINED and amount % 10000 not in MISCHIEF:
            return amount


class Story:
    def __init__(self, number, rng):
        self.rng = rng
        self.currency = rng.choice(CURRENCIES)
        # No two stories have an amount in common: that is how the acquirer's books are read.
        self.amount = number * 10000 + self._ending()
        self.manual = rng.random() < 0.55
        self.requests = []
        self.payment = None
        self.refused = False
        self.captures = []  # Ids as acknowledged.
        self.refunds = []
        self.closed = not self.manual  # Nothing more will be captured.
        self.done = False
        self.status = None  # In the end.
        self._plot = self._tell()
        self.step = next(self._plot)

    def advance(self, client):
        """Sends what is to be sent next. True when an answer came that counts."""
        answer = self.step.send(client)
        if answer is None:
            return False
        try:
            self.step = self._plot.send(answer)
        except StopIteration:
            self.done = True
        return True

    def _ending(self):
        chance = self.rng.random()
        if chance < 0.06:
            return self.rng.choice(MISCHIEF)
        if chance < 0.10:
            return 1000 + self.rng.choice(DECLINED)
        return ordinary(self.rng, 1000, 9900)

    def _post(self, path, body):
        request = Request(path, body)
        self.requests.append(request)
        return request

    def _tell(self):
        at_once = self.rng.random() < 0.8
        answer = yield self._post("/v1/payments", {
            "amount": self.amount, "currency": self.currency, "confirm": at_once,
            "capture_method": "manual" if self.manual else "automatic",
            "payment_method": {"type": "card", "token": "tok_visa"}})
        if answer.status == 201:
            self.payment = answer.body["id"]
            if not at_once:
                answer = yield self._post(f"/v1/payments/{self.payment}/confirm", {})
        if answer.status == 402:
            self.refused = True
            return
        assert answer.status in (200, 201), answer
        payment = yield self._settled()
        while payment.body["status"] == "requires_confirmation":  # Nothing was sent.
            answer = yield self._post(f"/v1/payments/{self.payment}/confirm", {})
            assert answer.status in (200, 402), answer
            payment = yield self._settled()
        if payment.body["status"] == "failed":
            return
        if self.manual:
            yield from self._capture()
        yield from self._refund()

    def _settled(self):
        return Look(f"/v1/payments/{self.payment}", lambda it: it["status"] != "processing")

    def _capture(self):
        left = self.amount
        path = f"/v1/payments/{self.payment}"
        for _ in range(self.rng.randrange(0, 4)):
            part = left if self.rng.random() < 0.3 else self.rng.randrange(1, left + 1)
            final = self.rng.random() < 0.2
            answer = yield self._post(f"{path}/captures", {"amount": part, "final": final})
            assert answer.status == 201, answer
            self.captures.append(answer.body["id"])
            left -= part
            if final or left == 0:
                self.closed = True
                break
        # All captures have the acquirer's word.
        yield Look(f"{path}/captures",
                   lambda it: all(one["status"] != "pending" for one in it["data"]))
        payment = yield self._settled()
        open_for_more = payment.body["status"] in ("requires_capture", "partially_captured")
        if open_for_more and self.rng.random() < 0.8:
            answer = yield self._post(f"{path}/cancel", {})
            assert answer.status == 200, answer
            self.closed = True
            yield self._settled()

    def _refund(self):
        payment = yield self._settled()
        left = payment.body["amount_captured"]
        for _ in range(self.rng.randrange(0, 3)):
            if left == 0:
                break
            part = left if self.rng.random() < 0.3 else self.rng.randrange(1, left + 1)
            answer = yield self._post("/v1/refunds", {"payment": self.payment, "amount": part})
            assert answer.status == 201, answer
            self.refunds.append(answer.body["id"])
            refund = yield Look(f"/v1/refunds/{answer.body['id']}",
                                lambda it: it["status"] != "pending")
            if refund.body["status"] == "succeeded":
                left -= part

    # ---- the end ---------------------------------------------------------------------------

    def check(self, client, books):
        """Holds what was told, what is shown and what the acquirer believes against each other."""
        theirs = books.of_amount(self.amount)
        captured = sum(it["captured"] for it in theirs)
        refunded = sum(it["refunded"] for it in theirs)
        standing = sum(it["authorised"] for it in theirs)
        if self.payment is None:
            assert self.refused, f"{self.amount}: neither acknowledged nor refused"
            assert captured == refunded == standing == 0, f"refused, and charged: {theirs}"
            return "failed"
        payment = client.get(f"/v1/payments/{self.payment}").body
        self.status = status = payment["status"]
        about = f"{payment} against {theirs}"
        assert payment["amount"] == self.amount and payment["currency"] == self.currency, about
        assert payment["amount_captured"] == captured, about
        assert payment["amount_refunded"] == refunded, about
        assert sum(it["captured"] > 0 for it in theirs) <= 1, f"charged twice: {about}"
        if status in ("failed", "canceled"):
            assert standing == captured == 0, f"the buyer's money is held: {about}"
        if status in ("requires_capture", "partially_captured"):
            assert standing == self.amount and not self.closed, about
        if status == "succeeded" and self.closed:
            assert standing == captured, f"the rest was not released: {about}"
        assert not self.refused or status == "failed", f"told that it failed: {about}"
        self._check_parts(client, payment, about)
        return status

    def events(self):
        """What has to have been told of it, as (type, id); after check()."""
        if self.payment is None:
            return []
        return [("payment.created", self.payment), (f"payment.{self.status}", self.payment),
                *(("refund.created", it) for it in self.refunds)]

    def _check_parts(self, client, payment, about):
        captures = {it["id"]: it for it in
                    client.get(f"/v1/payments/{self.payment}/captures").body["data"]}
        for capture in self.captures:
            assert capture in captures, f"acknowledged and lost: {capture} of {about}"
        taken = sum(it["amount"] for it in captures.values() if it["status"] == "succeeded")
        assert taken == payment["amount_captured"], f"{captures} of {about}"
        refunds = [client.get(f"/v1/refunds/{it}") for it in self.refunds]
        assert all(it.status == 200 for it in refunds), f"acknowledged and lost: {refunds}"
        back = sum(it.body["amount"] for it in refunds if it.body["status"] == "succeeded")
        assert back == payment["amount_refunded"], f"{refunds} of {about}"
