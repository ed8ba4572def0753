# SPDX-License-Identifier: Apache-2.0
"""A copy of the books while they are kept, and the way back."""

import json
import pathlib
import sqlite3
import stat
import unittest

import harness

DATA = pathlib.Path(__file__).resolve().parent / "data"


class Backup(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.house = harness.House()
        try:
            cls.house.start()
        except BaseException:
            cls.house.stop(keep=True)
            raise
        cls.addClassCleanup(cls.house.stop)
        cls.run_command = cls.house.commands.run
        cls.good = cls.house.commands.good

    def pay(self, amount):
        client = self.house.client()
        self.addCleanup(client.close)
        self.assertEqual(client.pay(amount, "USD").body["status"], "succeeded")

    def entries(self, url):
        told = self.run_command("ledger", "verify", "--json", "--db", url, where=False)
        self.assertEqual(told.returncode, 0, told.stdout + told.stderr)
        return json.loads(told.stdout)["entries"]

    def test_a_copy_of_a_running_server_is_whole_and_goes_on(self):
        self.pay(1100)
        copy = self.house.folder / "copy.db"
        told = json.loads(self.good("db", "backup", copy, "--json"))
        self.assertTrue(told["ok"] and told["kept"], told)
        self.assertEqual(stat.S_IMODE(copy.stat().st_mode), 0o600)
        self.pay(1200)

        place = self.house.folder / "restored.db"
        url = f"sqlite:{place}"
        back = self.run_command("db", "restore", copy, "--to", url, "--json", "--db", url,
                                where=False)
        self.assertEqual(back.returncode, 0, back.stdout + back.stderr)
        self.assertTrue(json.loads(back.stdout)["restored"])
        self.assertEqual(self.entries(url), told["entries"])
        balances = self.run_command("ledger", "trial-balance", "--db", url, where=False)
        self.assertIn("provider_receivable", balances.stdout)

    def test_books_of_the_release_before_are_carried_over(self):
        place = self.house.folder / "old.db"
        old = sqlite3.connect(place)
        old.executescript((DATA / "schema-3.sql").read_text(encoding="utf-8"))
        entries = old.execute("SELECT count(*) FROM entries").fetchone()[0]
        owed = dict(old.execute("SELECT a.owner || ' ' || a.purpose || ' ' || a.currency,"
                                " b.debits - b.credits FROM accounts a"
                                " JOIN balances b ON b.account_id = a.account_id"))
        old.close()
        url = f"sqlite:{place}"
        self.assertEqual(self.entries(url), entries)
        told = self.run_command("ledger", "trial-balance", "--json", "--db", url, where=False)
        found = {f"{it['owner']} {it['purpose']} {it['currency']}": it["balance"]
                 for it in json.loads(told.stdout)}
        self.assertEqual(found, owed)

    def test_nothing_is_written_over(self):
        self.pay(1300)
        copy = self.house.folder / "first.db"
        self.good("db", "backup", copy)
        again = self.run_command("db", "backup", copy)
        self.assertNotEqual(again.returncode, 0)
        self.assertIn("first.db", again.stderr)
        url = f"sqlite:{self.house.folder / 'full.db'}"
        first = self.run_command("db", "restore", copy, "--db", url, where=False)
        self.assertEqual(first.returncode, 0, first.stderr)
        second = self.run_command("db", "restore", copy, "--db", url, where=False)
        self.assertNotEqual(second.returncode, 0)
        self.assertIn("full.db", second.stderr)

    def test_what_is_no_backup_is_refused_and_leaves_nothing(self):
        nonsense = self.house.folder / "nonsense.db"
        nonsense.write_text("not a database\n" * 1000, encoding="utf-8")
        place = self.house.folder / "from_nonsense.db"
        refused = self.run_command("db", "restore", nonsense, "--db", f"sqlite:{place}",
                                   where=False)
        self.assertNotEqual(refused.returncode, 0)
        self.assertIn("nonsense.db", refused.stderr)
        self.assertFalse(place.exists())
        missing = self.run_command("db", "backup", self.house.folder / "no" / "such" / "place.db")
        self.assertNotEqual(missing.returncode, 0)


if __name__ == "__main__":
    unittest.main()
