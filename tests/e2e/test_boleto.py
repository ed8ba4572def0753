# SPDX-License-Identifier: Apache-2.0
"""Boletos from the checkout to the books, with the bank in a process of its own: registered by file
or by the bank's interface, paid at a counter, told of by the bank's night file."""

import unittest

import harness
from boleto_bank import BUYER, BoletoBank


class Boleto(unittest.TestCase):
    registration = "api"

    @classmethod
    def setUpClass(cls):
        cls.bank = None
        cls.house = harness.House(extra_config=cls.start_bank)
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
        cls.bank.stop()

    @classmethod
    def start_bank(cls, house):
        cls.bank = BoletoBank(house.folder, house.certs)
        return cls.bank.config(cls.registration)

    def bill(self, amount=12_345, buyer=BUYER):
        return self.client.post("/v1/payments", {
            "amount": amount, "currency": "BRL", "confirm": True,
            "payment_method": {"type": "boleto", "billing_details": buyer}})

    def read(self, file, *more):
        return self.house.commands.run("boleto", "retorno", file, *more)

    def test_a_boleto_is_shown_paid_and_told_of_once(self):
        made = self.bill()
        self.assertEqual(made.status, 201, made.body)
        self.assertEqual(made.body["status"], "requires_action")
        action = made.body["next_action"]
        self.assertEqual(len(action["line"]), 47)
        shown = self.client.request(
            "GET", "/" + action["pdf_url"].split("/", 3)[3], key=None)
        self.assertTrue(shown.raw.startswith(b"%PDF"))
        if self.registration == "file":
            done = self.house.commands.run("boleto", "remessa", "--bank", "itau",
                                           "--out", self.house.folder / "remessas")
            self.assertEqual(done.returncode, 0, done.stderr)
            file = next((self.house.folder / "remessas").iterdir())
            self.bank.admin("/remessa", file.read_bytes())
        self.bank.pay(action["line"])
        night = self.bank.night_file()
        self.assertEqual(night.read_bytes()[32:38], b"721920", "account and its digit")
        first = self.read(night)
        self.assertEqual(first.returncode, 0, first.stdout + first.stderr)
        payment = self.client.get(f"/v1/payments/{made.body['id']}").body
        self.assertEqual((payment["status"], payment["amount_captured"]), ("succeeded", 12_345))
        again = self.read(night)
        self.assertEqual(again.returncode, 0, again.stderr)
        receipts = self.house.commands.json("receipts", "list")
        self.assertEqual(len([it for it in receipts if it["payment"] == made.body["id"]]), 1,
                         receipts)

    def test_a_cut_file_is_refused_and_books_nothing(self):
        if self.registration == "file":
            self.skipTest("the same file by the other way")
        made = self.bill(700)
        self.bank.pay(made.body["next_action"]["line"])
        whole = self.bank.night_file()
        cut = self.house.folder / "cut.ret"
        cut.write_bytes(whole.read_bytes()[:-500])
        self.assertNotEqual(self.read(cut, "--bank", "itau").returncode, 0)
        payment = self.client.get(f"/v1/payments/{made.body['id']}").body
        self.assertEqual(payment["status"], "requires_action")

    def test_a_buyers_mistake_is_named_by_its_field(self):
        refused = self.bill(buyer={"name": "X", "tax_id": "111.111.111-11", "address": {}})
        self.assertEqual(refused.status, 400)
        pointers = {it["pointer"] for it in refused.body["errors"]}
        self.assertIn("/payment_method/billing_details/tax_id", pointers)
        self.assertIn("/payment_method/billing_details/address/postal_code", pointers)
        self.assertNotIn("111.111", refused.raw.decode())


class BoletoByFile(Boleto):
    registration = "file"


if __name__ == "__main__":
    unittest.main()
