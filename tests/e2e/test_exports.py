# SPDX-License-Identifier: Apache-2.0
"""The books as other programs get them: beside a server and without one, to the same byte."""

import collections
import csv
import io
import shutil
import stat
import subprocess
import unittest

import harness

JUDGES = {"hledger": ("hledger", "check", "--strict", "ordereddates", "-f"),
          "beancount": ("bean-check", "--no-cache")}


class Exports(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.house = harness.House()
        cls.addClassCleanup(cls.house.stop)
        cls.house.start()
        client = cls.house.client()
        cls.addClassCleanup(client.close)
        for amount, currency in ((10020, "USD"), (5025, "JPY"), (12326, "KWD"), (30022, "USD")):
            assert client.pay(amount, currency).status == 201
        quote = client.post("/v1/fx/quotes", {"source_currency": "EUR", "target_currency": "USD",
                                              "source_amount": 10027}).body
        assert client.pay(10027, "EUR", options={"fx_quote": quote["id"]}).status == 201

    def export(self, form, *options):
        return self.house.commands.run("ledger", "export", "--format", form, *options)

    def good(self, form, *options):
        return self.house.commands.good("ledger", "export", "--format", form, *options)

    def test_other_programs_accept_the_books(self):
        for form, judge in JUDGES.items():
            with self.subTest(form):
                if shutil.which(judge[0]) is None:
                    self.skipTest(f"NOT CHECKED: there is no {judge[0]} here; Debian has it")
                file = self.house.folder / f"books.{form}"
                self.good(form, "--output", file)
                done = subprocess.run([*judge, file], capture_output=True, text=True, check=False)
                self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_csv_adds_up_to_the_trial_balance(self):
        sums = collections.Counter()
        for row in csv.DictReader(io.StringIO(self.good("csv"))):
            if row["type"] in ("posting", "post_pending"):
                sums[row["purpose"], row["owner"], row["currency"]] += int(row["minor_units"])
        balances = {(it["purpose"], it["owner"], it["currency"]): it["balance"]
                    for it in self.house.commands.json("ledger", "trial-balance")}
        self.assertEqual(dict(sums), balances)

    def test_a_file_holds_what_would_be_printed(self):
        file = self.house.folder / "books.csv"
        self.assertEqual(self.good("csv", "--output", file), "")
        self.assertEqual(file.read_text(encoding="utf-8"), self.good("csv"))
        self.assertEqual(stat.S_IMODE(file.stat().st_mode), 0o600)

    def test_a_failure_leaves_no_file(self):
        nowhere = self.house.folder / "no" / "folder" / "books.csv"
        done = self.export("csv", "--output", nowhere)
        self.assertEqual(done.returncode, 3, done.stderr)
        self.assertIn("cannot write", done.stderr)
        file = self.house.folder / "books.ledger"
        done = self.export("ledger", "--output", file)
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertIn("hledger, beancount or csv", done.stderr)
        self.assertFalse(file.exists())

    def test_no_device_is_replaced(self):
        done = self.export("csv", "--output", "/dev/null")
        self.assertEqual(done.returncode, 2, done.stderr)

    def test_server_and_no_server_print_the_same(self):
        served = {form: self.good(form) for form in ("hledger", "beancount", "csv")}
        self.assertEqual(self.house.gateway.stop(), 0)
        try:
            for form, text in served.items():
                self.assertEqual(self.good(form), text)
        finally:
            self.house.start_gateway()
