# SPDX-License-Identifier: Apache-2.0
"""Pix from the checkout to the books, with the provider in a process of its own."""

import unittest

import harness
from pix_provider import PixProvider


class Pix(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.provider = None

        def extra(house):
            cls.provider = PixProvider(house.folder, house.certs)
            return cls.provider.config()

        cls.house = harness.House(extra_config=extra)
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
        cls.provider.stop()

    def charge(self, amount=12_345, **method):
        made = self.client.post("/v1/payments", {
            "amount": amount, "currency": "BRL", "confirm": True,
            "payment_method": {"type": "pix", **method}})
        self.assertEqual(made.status, 201, made.body)
        self.assertEqual(made.body["status"], "requires_action")
        return made.body

    def paid(self, payment):
        return self.client.until(f"/v1/payments/{payment['id']}",
                                 lambda it: it["status"] == "succeeded")

    def test_a_buyer_scans_the_code_and_the_payment_succeeds(self):
        payment = self.charge()
        action = payment["next_action"]
        self.assertEqual(action["type"], "display_qr")
        self.provider.pay(action["qr_data"], notify=False)
        done = self.paid(payment)
        self.assertEqual(done["amount_captured"], 12_345)
        self.assertIsNone(done["next_action"])

    def test_the_code_is_shown_without_an_api_key_and_to_nobody_else(self):
        action = self.charge()["next_action"]
        path = "/" + action["qr_png_url"].split("/", 3)[3]
        shown = self.client.request("GET", path, key=None)
        self.assertEqual(shown.status, 200)
        self.assertEqual(shown.headers["Content-Type"], "image/png")
        self.assertTrue(shown.raw.startswith(b"\x89PNG"))
        self.assertIn("no-store", shown.headers["Cache-Control"])
        guessed = path.replace(path.split("/")[3], "0" * 32)
        self.assertEqual(self.client.request("GET", guessed, key=None).status, 404)

    def test_a_charge_with_a_due_date_wants_to_know_who_pays(self):
        refused = self.client.post("/v1/payments", {
            "amount": 5_000, "currency": "BRL", "confirm": True,
            "payment_method": {"type": "pix", "due_date": "2099-01-01",
                               "billing_details": {"tax_id": "111.111.111-11"}}})
        self.assertEqual(refused.status, 400)
        pointers = {it["pointer"] for it in refused.body["errors"]}
        self.assertEqual(pointers, {"/payment_method/billing_details/name",
                                    "/payment_method/billing_details/tax_id",
                                    "/payment_method/due_date"})
        self.assertNotIn("111.111", refused.raw.decode())

    def test_a_refund_ends_when_the_provider_has_settled_it(self):
        payment = self.charge(9_000)
        self.provider.pay(payment["next_action"]["qr_data"], notify=False)
        self.paid(payment)
        refund = self.client.post("/v1/refunds", {"payment": payment["id"], "amount": 4_000})
        self.assertEqual(refund.status, 201)
        self.client.until(f"/v1/refunds/{refund.body['id']}",
                          lambda it: it["status"] == "succeeded", seconds=40)

    def test_what_the_payers_bank_takes_back_is_taken_from_the_merchant(self):
        payment = self.charge(8_000)
        paid = self.provider.pay(payment["next_action"]["qr_data"], notify=False)
        self.paid(payment)
        self.provider.admin("take-back", {"end_to_end_id": paid["endToEndId"], "notify": False})

        def mine(page):
            return [it for it in page["data"] if it["payment"] == payment["id"]]

        disputes = mine(self.client.until("/v1/disputes?limit=100", mine))
        self.assertEqual([(it["status"], it["amount"]) for it in disputes], [("lost", 8_000)])

    def test_a_cancel_takes_the_charge_back(self):
        payment = self.charge()
        canceled = self.client.post(f"/v1/payments/{payment['id']}/cancel", {})
        self.assertEqual(canceled.status, 200)
        self.assertEqual(canceled.body["status"], "canceled")
        with self.assertRaises(AssertionError):
            self.provider.pay(payment["next_action"]["qr_data"], notify=False)


class Knock(unittest.TestCase):
    """The provider is asked once an hour here, so only a knock can be why it was."""

    def setUp(self):
        def extra(house):
            self.provider = PixProvider(house.folder, house.certs)
            return self.provider.config(poll_s=3600)

        self.house = harness.House(extra_config=extra)
        self.addCleanup(lambda: self.provider.stop())
        self.addCleanup(self.house.stop)
        self.house.start()
        self.client = self.house.client()
        self.addCleanup(self.client.close)

    def knock(self, body):
        return self.client.request("POST", "/v1/notifications/pix/pix", body, key=None,
                                   idempotency_key=None)

    def test_a_knock_is_believed_to_be_a_knock_and_nothing_else(self):
        made = self.client.post("/v1/payments", {
            "amount": 700, "currency": "BRL", "confirm": True,
            "payment_method": {"type": "pix"}}).body
        told = self.provider.pay(made["next_action"]["qr_data"], notify=False)
        lie = dict(told, valor="700000.00", endToEndId="E" + "9" * 20 + "aaaaaaaaaaa")
        answer = self.knock({"pix": [lie]})
        self.assertEqual(answer.status, 200, answer.raw)
        done = self.client.until(f"/v1/payments/{made['id']}",
                                 lambda it: it["status"] == "succeeded")
        self.assertEqual(done["amount_captured"], 700)
        self.assertEqual(self.knock(b"<pix/>").status, 401)


if __name__ == "__main__":
    unittest.main()
