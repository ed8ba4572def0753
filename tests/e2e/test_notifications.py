# SPDX-License-Identifier: Apache-2.0
"""What a provider tells the gateway: signed, compared, believed once, and kept under a seal."""

import hashlib
import hmac
import json
import time
import unittest

import harness

SECRET = "a secret that the provider and we share"
MARK = "Jane-Roe-of-Lisbon"  # Stands in a body, as a buyer's name might.

# Its authorisations of 77.77 are taken in and not decided: only a notice says what became of them.
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
"""


def signed(body, *, secret=SECRET, when=None):
    """A body and the header that vouches for it."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    moment = str(int(time.time() if when is None else when))
    digest = hmac.new(secret.encode(), moment.encode() + b"." + raw, hashlib.sha256).hexdigest()
    return raw, {"Fault-Signature": f"t={moment},v1={digest}"}


def outcome(notice_id, reference, amount=7777, currency="CHF", approved=True):
    notice = {"id": notice_id, "kind": "outcome", "reference": reference, "amount": amount,
              "currency": currency, "approved": approved, "approval_code": "F1",
              "buyer": MARK}
    if not approved:
        notice["decline"] = "do_not_honour"
    return {"notices": [notice]}


class Notifications(unittest.TestCase):
    def setUp(self):
        self.house = harness.House(extra_config=SCRIPTED)
        try:
            self.house.start()
        except BaseException:
            self.house.stop(keep=True)
            raise
        self.addCleanup(self.house.stop)
        self.client = self.house.client()
        self.addCleanup(self.client.close)

    def notify(self, body, connector="scripted", **options):
        raw, headers = signed(body, **options)
        return self.client.post(f"/v1/notifications/{connector}", raw, key=None,
                                idempotency_key=None, headers=headers)

    def doubtful(self):
        """A payment that nobody has decided; the first one's authorisation is FLT-1."""
        answer = self.client.pay(7777, "CHF", options={"capture_method": "manual"})
        self.assertEqual(answer.status, 201, answer)
        self.assertEqual(answer.body["status"], "processing", answer)
        return answer.body

    def listed(self, *options):
        return self.house.commands.json("notifications", "list", *options)

    def verdict(self, notice_id):
        return next(it["verdict"] for it in self.listed() if it["notice"] == notice_id)

    def test_only_a_signature_opens_the_door(self):
        body = outcome("n-1", "FLT-1")
        self.assertEqual(self.notify(body, connector="nobody").status, 404)
        self.assertEqual(self.notify(body, connector="demo_card").status, 404)
        self.assertEqual(self.notify(body, secret="another").status, 401)
        self.assertEqual(self.notify(body, when=time.time() - 3600).status, 401)
        raw, headers = signed(body)
        for changed in (raw.replace(b"7777", b"7778"), b"", raw + b" "):
            answer = self.client.post("/v1/notifications/scripted", changed, key=None,
                                      idempotency_key=None, headers=headers)
            self.assertEqual(answer.status, 401, answer)
        answer = self.client.post("/v1/notifications/scripted", raw, key=None,
                                  idempotency_key=None)
        self.assertEqual(answer.status, 401, answer)
        self.assertEqual(self.listed(), [])
        self.assertEqual(self.notify(b"[signed nonsense").status, 400)

    def test_a_notice_decides_what_had_no_answer_and_repetitions_change_nothing(self):
        payment = self.doubtful()
        self.assertEqual(self.notify(outcome("n-1", "FLT-1")).status, 200)
        settled = self.client.settled(payment["id"])
        self.assertEqual(settled["status"], "requires_capture", settled)
        self.assertEqual(settled["amount_capturable"], 7777)
        before = self.listed("--connector", "scripted")
        trial = self.house.commands.good("ledger", "trial-balance")
        self.assertEqual(len(before), 1)
        for _ in range(20):
            self.assertEqual(self.notify(outcome("n-1", "FLT-1")).status, 200)
        self.assertEqual(self.notify(outcome("n-2", "FLT-1")).status, 200)
        self.assertEqual(self.client.get(f"/v1/payments/{payment['id']}").body, settled)
        self.assertEqual(self.house.commands.good("ledger", "trial-balance"), trial)
        self.assertEqual(self.verdict("n-1"), "applied")
        self.assertEqual(self.verdict("n-2"), "duplicate")
        first = next(it for it in self.listed() if it["notice"] == "n-1")
        self.assertEqual(first["repeats"], 20)
        self.assertEqual(first["payment"], payment["id"])

    def test_what_contradicts_our_books_is_kept_and_not_believed(self):
        payment = self.doubtful()
        self.assertEqual(self.notify(outcome("n-1", "FLT-1", amount=7778)).status, 200)
        self.assertEqual(self.notify(outcome("n-2", "FLT-1", currency="EUR")).status, 200)
        self.assertEqual(self.notify(outcome("n-3", "FLT-999")).status, 200)
        self.assertEqual(self.verdict("n-1"), "amount_mismatch")
        self.assertEqual(self.verdict("n-2"), "currency_mismatch")
        self.assertEqual(self.verdict("n-3"), "unknown_reference")
        now = self.client.get(f"/v1/payments/{payment['id']}").body
        self.assertEqual(now["status"], "processing", now)
        # The same message under the same name with other contents is no repetition either.
        self.assertEqual(self.notify(outcome("n-3", "FLT-1")).status, 200)
        self.assertEqual(self.verdict("n-3"), "unknown_reference")

    def test_the_body_is_sealed_until_somebody_asks(self):
        self.doubtful()
        self.assertEqual(self.notify(outcome("n-1", "FLT-1")).status, 200)
        message = self.listed()[0]["message"]
        shown = self.house.commands.good("notifications", "show", message)
        self.assertIn("n-1", shown)
        self.assertNotIn(MARK, shown)
        self.assertIn(MARK, self.house.commands.good("notifications", "show", message, "--reveal"))
        self.house.stop_gateway()
        for file in self.house.folder.glob("causeway.db*"):
            self.assertNotIn(MARK.encode(), file.read_bytes(), file)
        # The same command works without a server, with the key of the configuration.
        self.assertIn(MARK, self.house.commands.good("notifications", "show", message, "--reveal"))


if __name__ == "__main__":
    unittest.main()
