# SPDX-License-Identifier: Apache-2.0
"""Every live answer is what /openapi.json promises: status, content type, body."""

import unittest

import harness
from openapi_contract import Contract


class OpenApi(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.contract = Contract()
        cls.house = harness.House()
        cls.house.on_response = cls.contract.record
        try:
            cls.house.start()
        except BaseException:
            cls.house.stop(keep=True)
            raise
        cls.client = cls.house.client()

    @classmethod
    def tearDownClass(cls):
        cls.client.close()
        cls.house.stop()

    def exercise(self):
        """Calls every operation at least once with good input."""
        client = self.client
        publishable = self.house.client(kind="publishable")
        self.addCleanup(publishable.close)
        for path in ("/livez", "/readyz", "/openapi.json", "/metrics"):
            client.get(path, key=None)
        self.exercise_accounts()
        token = publishable.post("/v1/payment_methods", harness.card()).body["id"]
        created = client.post("/v1/payments", {
            "amount": 1020, "currency": "USD", "capture_method": "manual", "reference": "R-1",
            "description": "two parts", "metadata": {"a": "b"},
            "payment_method": {"type": "card", "token": token}}).body
        path = f"/v1/payments/{created['id']}"
        client.post(f"{path}/confirm")
        client.post(f"{path}/captures", {"amount": 20, "final": False})
        client.post(f"{path}/captures", {"final": True})
        client.get(path)
        client.get(f"{path}/captures")
        held = client.pay(1030, "USD", options={"capture_method": "manual"}).body
        client.post(f"/v1/payments/{held['id']}/cancel")
        refund = client.post("/v1/refunds", {"payment": created["id"], "amount": 20}).body
        client.get(f"/v1/refunds/{refund['id']}")
        quote = client.post("/v1/fx/quotes", {"source_currency": "BRL", "target_currency": "USD",
                                              "source_amount": 100000}).body
        client.pay(100000, "BRL", options={"fx_quote": quote["id"]})
        client.get(f"/v1/fx/quotes/{quote['id']}")
        client.get(f"/v1/fx/quotes/{quote['id']}/disclosure")
        for path in ("rates", "rates?base=BRL", "presentment?amount=4990&currency=USD"):
            publishable.get(f"/v1/fx/{path}")
        for path in ("/v1/payments", "/v1/refunds", "/v1/balance", "/v1/balance_transactions"):
            client.get(path)
        lines = client.get("/v1/balance_transactions?limit=1").body["data"]
        if lines:
            client.get(f"/v1/balance_transactions/{lines[0]['id']}")
        client.settled(client.pay(19999, "USD").body["id"])

    def exercise_accounts(self):
        client = self.client
        customer = client.post("/v1/customers", {
            "name": "Ana Souza", "email": "ana@example.com", "country": "BR",
            "date_of_birth": "1990-01-31", "metadata": {"a": "b"},
            "address": {"line1": "Rua 1", "city": "Recife", "postal_code": "50000-000"}}).body
        client.get(f"/v1/customers/{customer['id']}")
        paid = client.pay(1040, "USD", options={"customer": customer["id"]}).body
        for query in ("expand=customer", "expand=customer&expand=merchant"):
            client.get(f"/v1/payments/{paid['id']}?{query}")
        client.get("/v1/balance_transactions?limit=3&expand=source&expand=source.payment")
        platform = self.house.client(self.house.create_merchant("Platform", "--platform"))
        self.addCleanup(platform.close)
        made = platform.post("/v1/merchants", {
            "name": "Connected", "country": "DE", "default_currency": "EUR",
            "bank_account": {"iban": "DE89370400440532013000", "bic": "COBADEFFXXX"}}).body
        platform.get(f"/v1/merchants/{made['id']}")
        for path in ("/v1/customers", "/v1/merchants", "/v1/connectors", "/v1/currencies"):
            platform.get(path)
            client.get(path)

    def provoke(self):
        """Calls with bad input: the problems are part of the contract too."""
        client = self.client
        nobody = "0" * 26
        client.get(f"/v1/payments/pay_{nobody}")
        client.get("/v1/payments/../../etc/passwd")
        client.get("/v1/payments?limit=0")
        client.get("/v1/payments?starting_after=nonsense")
        client.get("/v1/payments", key=None)
        client.get("/v1/payments", key="sk_test_wrong")
        client.post("/v1/payments", b"{")
        client.post("/v1/payments", {"amount": -1, "currency": "USD"})
        client.pay(1051, "USD")
        client.pay(1000, "USD", token="tok_unknown")
        client.pay(1000, "USD", idempotency_key=None)
        client.post(f"/v1/payments/pay_{nobody}/captures", {"amount": 1})
        client.post("/v1/refunds", {"payment": f"pay_{nobody}"})
        client.post("/v1/fx/quotes", {"source_currency": "EUR", "target_currency": "USD"})
        for path in ("rates?base=eur", "rates?date=1990-01-01", "presentment?amount=1",
                     f"quotes/fxq_{nobody}/disclosure"):
            client.get(f"/v1/fx/{path}")
        client.post("/v1/customers", {"email": "nobody", "country": "br", "surprise": 1})
        client.post("/v1/merchants", {"name": "X", "country": "DE", "default_currency": "EUR"})
        client.post("/v1/merchants", {"name": "X", "bank_account": {"iban": "DE00"}})
        client.get(f"/v1/customers/cus_{nobody}")
        client.get("/v1/payments?expand=amount")
        client.get("/v1/payments", headers={"Gateway-Version": "2020-01-01"})
        client.get("/v1/payments", headers={"Gateway-Merchant": f"mer_{nobody}"})

    def test_every_live_answer_fits_the_document(self):
        self.exercise()
        self.provoke()
        self.assertEqual(self.contract.findings(), [])
        self.assertGreater(self.contract.checked, 35)

    def test_lists_every_operation_that_answers(self):
        document = self.client.get("/openapi.json", key=None).body
        self.assertTrue(document["openapi"].startswith("3.1"))
        self.contract.load(document)
        for operation in (("POST", "/v1/payments"), ("GET", "/v1/payments"),
                          ("GET", "/v1/payments/{id}"), ("POST", "/v1/payments/{id}/confirm"),
                          ("POST", "/v1/payments/{id}/captures"),
                          ("POST", "/v1/payments/{id}/cancel"), ("POST", "/v1/payment_methods"),
                          ("POST", "/v1/refunds"), ("GET", "/v1/refunds"),
                          ("GET", "/v1/refunds/{id}"), ("POST", "/v1/fx/quotes"),
                          ("GET", "/v1/balance"), ("GET", "/v1/balance_transactions"),
                          ("GET", "/livez"), ("GET", "/readyz"), ("GET", "/openapi.json")):
            self.assertIn(operation, self.contract.operations())

    def test_promises_nothing_that_answers_404(self):
        # A path in the document that the program does not know is a lie to a merchant.
        self.contract.load(self.client.get("/openapi.json", key=None).body)
        for method, template in self.contract.operations():
            if method == "GET" and "{" not in template:
                with self.subTest(template):
                    self.assertNotEqual(self.client.get(template).status, 404)
