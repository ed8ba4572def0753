# SPDX-License-Identifier: Apache-2.0
"""Heads and proofs, as an operator makes them and as somebody else checks them.

Everything that the program proves is checked twice: by the program, without its database, and by
the verifier that was written from docs/chain.md alone.
"""

import base64
import json
import pathlib
import re
import subprocess
import sys
import unittest

import harness

VERIFIER = pathlib.Path(__file__).resolve().parents[1] / "chain" / "verify_chain.py"


class Chain(unittest.TestCase):
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
        cls.public_key = cls.house.certs / "signing.key.pub"

    def paid(self, *, amount, refund=0):
        """A payment that has succeeded, and been refunded in part."""
        client = self.house.client()
        self.addCleanup(client.close)
        payment = client.pay(amount, "USD").body
        self.assertEqual(payment["status"], "succeeded")
        if refund:
            answer = client.post("/v1/refunds", {"payment": payment["id"], "amount": refund})
            self.assertEqual(answer.status, 201, answer)
            client.until(f"/v1/refunds/{answer.body['id']}",
                         lambda it: it["status"] == "succeeded")
        return payment["id"]

    def check(self, file, *options, key=None):
        return self.run_command("ledger", "check-proof", file, "--public-key",
                                key or self.public_key, *options, where=False)

    def verify(self, *files, key=None):
        return subprocess.run(
            [sys.executable, VERIFIER, "--public-key", key or self.public_key, *files],
            capture_output=True, text=True, check=False)

    def test_a_payment_is_proven_to_somebody_without_the_database(self):
        payment = self.paid(amount=10020, refund=2020)
        file = self.house.folder / "proofs" / "proof.json"
        told = json.loads(self.good("ledger", "prove", payment, "--out", file, "--json"))
        self.assertEqual([it["kind"] for it in told], ["capture", "refund"])
        for entry in told:
            self.assertEqual(sum(line["amount"] for line in entry["lines"]), 0)
            self.assertIn("provider_receivable", [line["purpose"] for line in entry["lines"]])

        shown = self.check(file, "--json")
        self.assertEqual(shown.returncode, 0, shown.stderr)
        self.assertEqual(json.loads(shown.stdout), told)
        other = self.verify(file)
        self.assertEqual(other.returncode, 0, other.stderr)
        self.assertEqual(len(other.stdout.splitlines()), 2)
        for line in told[0]["lines"]:
            self.assertIn(f"{line['owner']} {line['purpose']} USD {line['amount']}", other.stdout)

    def test_the_books_are_held_against_an_exported_head(self):
        self.paid(amount=1500)
        head = self.house.folder / "exported.json"
        self.good("ledger", "head", "--out", head)
        self.paid(amount=1600)
        whole = json.loads(self.good("ledger", "verify", "--head", head, "--public-key",
                                     self.public_key, "--json"))
        self.assertTrue(whole["ok"], whole)
        self.assertTrue(whole["signatures_checked"])
        self.assertGreaterEqual(whole["heads"], 1)

        # Other books, in which none of this ever happened.
        other = f"sqlite:{self.house.folder / 'other.db'}"
        made = self.run_command("merchants", "create", "--name", "Nobody", "--country", "DE",
                                "--currency", "EUR", "--db", other, where=False)
        self.assertEqual(made.returncode, 0, made.stderr)
        cut = self.run_command("ledger", "verify", "--head", head, "--public-key",
                               self.public_key, "--db", other, where=False)
        self.assertEqual(cut.returncode, 1, cut.stdout + cut.stderr)
        self.assertIn("cut_tail", cut.stdout)

        broken = self.house.folder / "broken.json"
        broken.write_text("{}", encoding="utf-8")
        refused = self.run_command("ledger", "verify", "--head", broken)
        self.assertEqual(refused.returncode, 2)
        self.assertIn("broken.json", refused.stderr)

    def test_one_entry_is_proven_by_its_id(self):
        payment = self.paid(amount=3000)
        all_of_it = self.house.folder / "all.json"
        entry = json.loads(self.good("ledger", "prove", payment, "--out", all_of_it, "--json"))[0]
        one = self.house.folder / "one.json"
        text = self.good("ledger", "prove", entry["id"], "--out", one)
        self.assertIn(entry["reference"], text)
        self.assertEqual(one.read_bytes(), all_of_it.read_bytes())

    def test_a_changed_proof_is_broken_for_both(self):
        payment = self.paid(amount=4000)
        file = self.house.folder / "true.json"
        self.good("ledger", "prove", payment, "--out", file)
        proof = json.loads(file.read_text(encoding="utf-8"))
        canonical = bytearray(base64.b64decode(proof["entries"][0]["canonical"]))
        canonical[-1] ^= 1
        proof["entries"][0]["canonical"] = base64.b64encode(canonical).decode()
        lie = self.house.folder / "lie.json"
        lie.write_text(json.dumps(proof), encoding="utf-8")
        shown = self.check(lie)
        self.assertEqual(shown.returncode, 1, shown.stdout)
        self.assertEqual(shown.stdout, "")
        self.assertIn("BROKEN: proof: entry 1", shown.stderr)
        self.assertEqual(self.verify(lie).returncode, 1)

    def test_an_exported_head_covers_all_there_is(self):
        self.paid(amount=5000)
        file = self.house.folder / "head.json"
        head = json.loads(self.good("ledger", "head", "--out", file, "--json"))
        again = json.loads(self.good("ledger", "head", "--json"))
        self.assertEqual(again, head, "nothing was booked in between")
        shown = self.check(file, "--json")
        self.assertEqual(shown.returncode, 0, shown.stderr)
        self.assertEqual(json.loads(shown.stdout), head)
        other = self.verify(file)
        self.assertEqual(other.returncode, 0, other.stderr)
        self.assertIn(f"to {head['last_sequence']}", other.stdout)
        digits = self.public_key.read_text(encoding="ascii").splitlines()[1]
        self.assertEqual(head["public_key"], digits)

    def test_a_made_key_is_private_and_no_other_is_believed(self):
        key = self.house.folder / "made.key"
        digits = self.good("ledger", "keygen", "--out", key, where=False).strip()
        self.assertRegex(digits, "^[0-9a-f]{64}$")
        self.assertEqual(key.stat().st_mode & 0o777, 0o600)
        secret = key.read_text(encoding="ascii").splitlines()[1]
        self.assertNotEqual(secret, digits)
        twice = self.run_command("ledger", "keygen", "--out", key, where=False)
        self.assertIn(twice.returncode, (2, 3))
        self.assertEqual(key.read_text(encoding="ascii").splitlines()[1], secret)

        self.paid(amount=6000)
        head = self.house.folder / "ours.json"
        self.good("ledger", "head", "--out", head)
        others = key.with_suffix(".key.pub")
        shown = self.check(head, key=others)
        self.assertEqual(shown.returncode, 1)
        self.assertIn("not among the trusted", shown.stderr)
        self.assertEqual(self.verify(head, key=others).returncode, 1)

    def test_wrong_use_is_told(self):
        for words, code in (
            (("ledger", "prove", "pay_nonsense", "--out", "x"), 2),
            (("ledger", "prove", "pay_01JZ8QK3M5X9T2B7C4D6E8F0G1", "--out", "x"), 2),
            (("ledger", "prove", "je_01JZ8QK3M5X9T2B7C4D6E8F0G1", "--out", "x"), 2),
            (("ledger", "prove", "pay_01JZ8QK3M5X9T2B7C4D6E8F0G1"), 2),
        ):
            with self.subTest(" ".join(words)):
                done = self.run_command(*words)
                self.assertEqual(done.returncode, code, (done.stdout, done.stderr))
                self.assertTrue(done.stderr)
        self.assertFalse((self.house.folder / "x").exists())
        missing = self.check(self.house.folder / "none.json")
        self.assertEqual(missing.returncode, 3)
        self.assertIn("none.json", missing.stderr)
        nonsense = self.house.folder / "nonsense.json"
        nonsense.write_text("{}", encoding="utf-8")
        self.assertEqual(self.check(nonsense).returncode, 1)

    def test_the_key_is_in_no_file_and_no_log(self):
        secret = (self.house.certs / "signing.key").read_text(encoding="ascii").splitlines()[1]
        self.good("ledger", "head")
        needles = (secret.encode(), bytes.fromhex(secret))
        for path in sorted(self.house.folder.rglob("*")):
            if path.is_file() and self.house.certs not in path.parents:
                content = path.read_bytes()
                self.assertFalse(any(it in content for it in needles), path.name)

    def test_zz_without_a_server_the_same_key_signs(self):
        payment = self.paid(amount=7000)
        self.assertEqual(self.house.gateway.stop(), 0)
        file = self.house.folder / "later.json"
        self.good("ledger", "prove", payment, "--out", file)
        self.assertEqual(self.verify(file).returncode, 0)
        # With the database alone there is no key, and so no new head.
        done = self.run_command("ledger", "head", "--db",
                                f"sqlite:{self.house.folder}/causeway.db", where=False)
        self.assertEqual(done.returncode, 2, done.stdout)
        self.assertRegex(done.stderr, re.compile("sign", re.I))


if __name__ == "__main__":
    unittest.main()
