# SPDX-License-Identifier: Apache-2.0
"""Boletos from the checkout to the books, with the bank in a process of its own: registered by file
or by the bank's interface, paid at a counter, told of by the bank's night file."""

import unittest

import harness
from boleto_bank import BUYER, BoletoBank


class Case(unittest.TestCase):
    """A gateway with one bank, in processes of their own."""
    registration = "api"
    more = ""

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
        return cls.bank.config(cls.registration, cls.more)

    def bill(self, amount=12_345, buyer=BUYER):
        return self.client.post("/v1/payments", {
            "amount": amount, "currency": "BRL", "confirm": True,
            "payment_method": {"type": "boleto", "billing_details": buyer}})

    def read(self, file, *more):
        return self.house.commands.run("boleto", "retorno", file, *more)

    def tell_bank(self):
        """What the bank says to our next file."""
        folder = self.house.folder / "remessas"
        before = set(folder.glob("*"))
        done = self.house.commands.run("boleto", "remessa", "--bank", "itau", "--out", folder)
        self.assertEqual(done.returncode, 0, done.stderr)
        (file,) = set(folder.glob("*")) - before
        return self.bank.admin("/remessa", file.read_bytes())

    def document(self, address):
        return self.client.request("GET", "/" + address.split("/", 3)[3], key=None)

    def payment(self, made):
        return self.client.get(f"/v1/payments/{made.body['id']}").body


class Boleto(Case):
    def test_a_boleto_is_shown_paid_and_told_of_once(self):
        made = self.bill()
        self.assertEqual(made.status, 201, made.body)
        self.assertEqual(made.body["status"], "requires_action")
        action = made.body["next_action"]
        self.assertEqual(len(action["line"]), 47)
        self.assertTrue(self.document(action["pdf_url"]).raw.startswith(b"%PDF"))
        if self.registration == "file":
            self.tell_bank()
        self.bank.pay(action["line"])
        night = self.bank.night_file()
        self.assertEqual(night.read_bytes()[32:38], b"721920", "account and its digit")
        first = self.read(night)
        self.assertEqual(first.returncode, 0, first.stdout + first.stderr)
        payment = self.payment(made)
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
        payment = self.payment(made)
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


class HybridByFile(Case):
    """Registered by file with a Pix code, which the bank makes: it comes back with its file."""
    registration = "file"
    more = 'hybrid = true\npix_key = "12ABC34501DE35"\n'

    def read_night(self):
        done = self.read(self.bank.night_file())
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return done

    def test_the_code_comes_by_file_and_the_pix_is_booked_once(self):
        made = self.bill()
        line = made.body["next_action"]["line"]
        self.assertFalse([it for it in made.body["next_action"] if it.startswith("qr")])
        before = self.document(made.body["next_action"]["html_url"]).raw
        self.assertEqual(self.tell_bank()["aceitos"], 1)
        self.read_night()
        action = self.payment(made)["next_action"]
        self.assertEqual((action["line"], action["type"]), (line, "display_boleto"))
        code = action["qr_data"]
        self.assertTrue(code.startswith("000201") and "br.gov.bcb.pix" in code.lower(), code)
        self.assertTrue(self.document(action["qr_png_url"]).raw.startswith(b"\x89PNG"))
        self.assertIn("<svg", self.document(action["qr_svg_url"]).raw.decode())
        shown = self.document(action["html_url"]).raw
        self.assertIn(code.encode(), shown)
        self.assertNotIn(code.encode(), before)
        self.assertTrue(self.document(action["pdf_url"]).raw.startswith(b"%PDF"))

        self.bank.pay(line, canal="pix")
        night = self.bank.night_file()
        for _ in range(2):
            done = self.read(night)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertEqual(self.receipts_of(made), [("exact", "credited", 12_345)])
        payment = self.payment(made)
        self.assertEqual((payment["status"], payment["amount_captured"]), ("succeeded", 12_345))

        # We ask the bank to close the counter too; it has done so already, and says so.
        self.tell_bank()
        self.read_night()
        payment = self.payment(made)
        self.assertEqual((payment["status"], payment["amount_captured"]), ("succeeded", 12_345))
        # Somebody pays at a counter all the same: it stands apart.
        self.bank.pay(line)
        self.assertEqual(self.read(self.bank.night_file()).returncode, 1)
        self.assertEqual(sorted(self.receipts_of(made)), [("duplicate", "held", 12_345),
                                                          ("exact", "credited", 12_345)])
        verified = self.house.commands.run("ledger", "verify")
        self.assertEqual(verified.returncode, 0, verified.stderr)

    def receipts_of(self, made):
        return [(it["reason"], it["state"], it["amount"])
                for it in self.house.commands.json("receipts", "list")
                if it["payment"] == made.body["id"]]


if __name__ == "__main__":
    unittest.main()
