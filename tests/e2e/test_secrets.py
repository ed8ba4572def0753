# SPDX-License-Identifier: Apache-2.0
"""Marked card numbers, codes and keys go in by every path; then everything on disk is searched."""

import base64
import re
import unittest

import harness


def luhn(prefix):
    """`prefix` with its check digit."""
    digits = [int(it) for it in prefix]
    total = sum(sum(divmod(2 * it, 10)) for it in digits[::-1][::2]) + sum(digits[::-1][1::2])
    return prefix + str(-total % 10)


STORED = luhn("491173825064917")  # Goes into the vault.
STRAY = luhn("491164927381056")  # Shows up where no card number belongs.
LONG_CODE = "7391846205"  # Not a CVC at all, so a hit cannot be chance.
CODE = "739"
# Of a customer and an account: sealed, whatever way they came.
PERSON = {"name": "Wilhelmina Markedname", "email": "markedmail@example.net",
          "date_of_birth": "1987-06-05", "country": "DE",
          "address": {"line1": "Markedstreet 17", "city": "Markedtown", "postal_code": "73918"}}
IBAN = "DE89370400440532013000"


def spellings(number):
    """The ways in which these digits may hide in bytes."""
    plain = number.encode()
    yield plain
    yield number.encode("utf-16-le")
    yield re.sub(r"(?<=\d)(?=(\d{4})+$)", " ", number).encode()
    yield re.sub(r"(?<=\d)(?=(\d{4})+$)", "-", number).encode()
    yield bytes.fromhex(number if len(number) % 2 == 0 else number + "0")
    yield plain.hex().encode()
    for shift in range(3):
        # The middle of what base64 makes of it, whatever stands before.
        yield base64.b64encode(b"\0" * shift + plain)[4:-4]


class Secrets(unittest.TestCase):
    def setUp(self):
        self.house = harness.House()
        try:
            self.house.start()
        except BaseException:
            self.house.stop(keep=True)
            raise
        self.addCleanup(self.house.stop)

    def send_everywhere(self):
        client = self.house.client()
        publishable = self.house.client(kind="publishable")
        for it in (client, publishable):
            self.addCleanup(it.close)
        token = publishable.post("/v1/payment_methods", harness.card(STORED, cvc=CODE))
        self.assertEqual(token.status, 201, token)
        answers = [token]
        for _ in range(3):
            answers.append(client.pay(1020, "USD", token=token.body["id"]))
        answers.append(client.pay(1051, "USD", token=token.body["id"]))
        answers.append(client.pay(1054, "USD", token=token.body["id"]))
        silent = client.pay(19999, "USD", token=token.body["id"])
        client.settled(silent.body["id"])
        refund = client.post("/v1/refunds", {"payment": answers[1].body["id"]})
        answers += [silent, refund]
        self.send_persons(client)
        answers += self.send_astray(client, publishable)
        return list(self.house.keys[self.house.merchant].values()), answers

    def send_persons(self, client):
        """Who buys and where money goes: shown to the merchant, written down nowhere."""
        made = client.post("/v1/customers", PERSON, idempotency_key="person-1")
        self.assertEqual(made.status, 201, made)
        again = client.post("/v1/customers", PERSON, idempotency_key="person-1")
        self.assertEqual(again.raw, made.raw)
        client.post("/v1/customers", {**PERSON, "surprise": 1})
        paid = client.pay(1020, "USD", options={"customer": made.body["id"]})
        shown = client.get(f"/v1/payments/{paid.body['id']}?expand=customer")
        self.assertEqual(shown.body["customer"]["name"], PERSON["name"])
        key = self.house.make_key(self.house.create_merchant("Platform", "--platform"))
        platform = harness.Client(self.house, key)
        self.addCleanup(platform.close)
        below = platform.post("/v1/merchants", {
            "name": "Below", "country": "DE", "default_currency": "EUR",
            "bank_account": {"iban": IBAN}})
        self.assertEqual(below.status, 201, below)
        platform.get("/v1/merchants")

    def send_astray(self, client, publishable):
        """Card data where none belong: refused, and not written down while refusing."""
        stray = {"number": STRAY, "exp_month": 12, "exp_year": 2030, "cvc": CODE}
        good = {"amount": 1000, "currency": "USD"}
        return [
            publishable.post("/v1/payment_methods", harness.card(STRAY, cvc=LONG_CODE)),
            publishable.post("/v1/payment_methods", harness.card(STRAY, exp_month=13)),
            publishable.post("/v1/payment_methods", harness.card(STRAY, surprise=STRAY)),
            publishable.post("/v1/payment_methods", {"type": "card", "card": {STRAY: STRAY}}),
            publishable.post("/v1/payment_methods", b'{"type":"card","card":{"number":"' +
                             STRAY.encode() + b'"'),
            client.post("/v1/payments", {
                **good, "payment_method": {"type": "card", "card": stray}}),
            client.post("/v1/payments", {
                **good, "payment_method": {"type": "card", "token": STRAY}}),
            client.post("/v1/payments", {**good, STRAY: 1}),
            client.post("/v1/payments", {**good, "currency": STRAY}),
            client.get(f"/v1/payments/{STRAY}"),
            client.get(f"/v1/payments?starting_after={STRAY}"),
            client.get(f"/v1/payments?card={STRAY}&cvc={LONG_CODE}"),
            client.get("/v1/payments", key=f"sk_test_{STRAY}"),
            client.get("/v1/payments", headers={"X-Card": STRAY, "User-Agent": STRAY,
                                                "traceparent": STRAY}),
        ]

    def files(self):
        """Everything of ours on disk. The acquirer may know the card: it is the acquirer."""
        for path in sorted(self.house.folder.rglob("*")):
            inside = self.house.certs in path.parents
            theirs = path.name.startswith(self.house.books_file.name)
            if path.is_file() and not inside and not theirs:
                yield path

    def test_leave_no_trace(self):
        keys, answers = self.send_everywhere()
        needles = {f"card number {index}": set(spellings(number))
                   for index, number in enumerate((STORED, STRAY, LONG_CODE))}
        vault_key = (self.house.certs / "vault.key").read_text(encoding="ascii").strip()
        needles["vault key"] = {vault_key.encode(), bytes.fromhex(vault_key)}
        for marked in ("Wilhelmina", "Markedname", "markedmail", "Markedstreet", "Markedtown",
                       "1987-06-05", IBAN, IBAN[4:]):
            needles[marked] = {marked.encode()}
        for key in keys:
            needles[key[:8]] = {key.encode(), key[8:].encode()}
        # While it runs, with the WAL as it is, and again after an orderly end.
        self.search("running", needles)
        self.house.gateway.kill()
        self.search("killed", needles)
        self.house.start_gateway()
        self.assertEqual(self.house.gateway.stop(), 0)
        self.search("stopped", needles)
        for answer in answers:
            for number in (STORED, STRAY, LONG_CODE):
                self.assertNotIn(number.encode(), answer.raw)

    def search(self, when, needles):
        names = {it.name for it in self.files()}
        self.assertIn("causeway.db", names)
        self.assertIn("gateway.log", names)
        for path in self.files():
            data = path.read_bytes()
            for name, patterns in needles.items():
                for pattern in patterns:
                    if len(pattern) >= 8:
                        self.assertEqual(data.find(pattern), -1, f"{name} in {path.name}, {when}")
            self.assertIsNone(re.search(rb'cvc[^0-9a-z]{1,6}739\b', data), f"a CVC in {path.name}")


class SearchItself(unittest.TestCase):
    def test_finds_what_is_there(self):
        # Without this the test above would also pass on an empty folder.
        for number in (STORED, STRAY):
            for shift, pattern in enumerate(spellings(number)):
                self.assertGreaterEqual(len(pattern), 8, shift)
        self.assertIn(list(spellings(STORED))[-3], base64.b64encode(STORED.encode()))
        self.assertEqual(luhn("424242424242424"), "4242424242424242")
