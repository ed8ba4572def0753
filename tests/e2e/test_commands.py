# SPDX-License-Identifier: Apache-2.0
"""The operator's commands: settlement, reconciliation, rates, the ledger.

They run beside a server and without one, with the same output.
"""

import csv
import decimal
import io
import json
import re
import unittest

import harness
import tamper

SETTLEMENT_ID = re.compile(r"stl_[0-9A-HJKMNP-TV-Z]{26}")
# The columns of the report that finance people already know.
REPORT_COLUMNS = (
    "settlement_id,line,balance_transaction_id,created_utc,available_on,type,reporting_category,"
    "source_id,payment_id,merchant_reference,connector,payment_method,payment_method_variant,"
    "issuer_country,presentment_currency,presentment_amount,mid_rate,exchange_rate,currency,gross,"
    "fee,fx_fee_included,net,running_balance,payout_id,description").split(",")


class Commands(unittest.TestCase):
    """Each test has a house of its own: settling a day is a thing one can do once."""

    def setUp(self):
        self.house = harness.House()
        try:
            self.house.start()
        except BaseException:
            self.house.stop(keep=True)
            raise
        self.addCleanup(self.house.stop)
        self.run_command = self.house.commands.run
        self.good = self.house.commands.good

    def trade(self):
        """A day: sales in three currencies, a refund, a conversion."""
        client = self.house.client()
        self.addCleanup(client.close)
        payments = [client.pay(amount, currency).body for amount, currency in (
            (10020, "USD"), (20021, "USD"), (30022, "USD"), (40023, "USD"), (50024, "USD"),
            (5025, "JPY"), (12326, "KWD"))]
        self.assertEqual([it["status"] for it in payments], ["succeeded"] * len(payments))
        refund = client.post("/v1/refunds", {"payment": payments[0]["id"], "amount": 2020})
        self.assertEqual(refund.status, 201, refund)
        client.until(f"/v1/refunds/{refund.body['id']}", lambda it: it["status"] == "succeeded")
        quote = client.post("/v1/fx/quotes", {"source_currency": "EUR", "target_currency": "USD",
                                              "source_amount": 10027}).body
        answer = client.pay(10027, "EUR", options={"fx_quote": quote["id"]})
        self.assertEqual(answer.status, 201, answer)
        return client, payments

    def settle(self):
        return sorted(set(SETTLEMENT_ID.findall(self.good("settle", "run", "--date", "today",
                                                          "--json"))))

    def reconcile(self, file, *options):
        return self.run_command("reconcile", "run", "--profile", "adyen", file, *options)

    def report(self, settlement):
        text = self.good("settle", "report", settlement, "--format", "csv")
        return list(csv.DictReader(io.StringIO(text)))

    def test_settlement_explains_every_cent(self):
        client, _ = self.trade()
        dry = self.good("settle", "run", "--date", "today", "--dry-run", "--json")
        ids = self.settle()
        self.assertEqual(len(ids), 3, "one settlement for each currency")
        self.assertNotEqual(dry, "")
        types = set()
        for settlement in ids:
            rows = self.report(settlement)
            self.assertEqual(list(rows[0]), REPORT_COLUMNS)
            self.assertEqual([int(it["line"]) for it in rows], list(range(1, len(rows) + 1)))
            running = decimal.Decimal(0)
            first = decimal.Decimal(rows[0]["running_balance"]) - decimal.Decimal(rows[0]["net"])
            for row in rows:
                gross, fee, net = (decimal.Decimal(row[it]) for it in ("gross", "fee", "net"))
                self.assertEqual(net, gross - fee, row)
                running += net
                self.assertEqual(decimal.Decimal(row["running_balance"]), first + running, row)
                types.add(row["type"])
            self.check_json_report(settlement, rows)
        self.assertTrue({"charge", "refund"} <= types, types)
        shown = {it["currency"]: it for it in client.get("/v1/balance").body["balances"]}
        for settlement in ids:
            rows = self.report(settlement)
            exponent = {"JPY": 0, "KWD": 3}.get(rows[0]["currency"], 2)
            total = sum(decimal.Decimal(it["net"]) for it in rows) * 10 ** exponent
            self.assertEqual(shown[rows[0]["currency"]]["available"], int(total))
            self.assertEqual(shown[rows[0]["currency"]]["pending"], 0)
        self.good("ledger", "verify")

    def check_json_report(self, settlement, rows):
        document = json.loads(self.good("settle", "report", settlement, "--format", "json"))
        text = json.dumps(document)
        for row in rows:
            self.assertIn(row["balance_transaction_id"], text)
        self.assertIn(settlement, self.good("settle", "show", settlement))

    def test_settling_twice_settles_nothing_twice(self):
        self.trade()
        first = self.settle()
        before = self.good("ledger", "trial-balance", "--json")
        self.good("settle", "run", "--date", "today", "--json")
        self.assertEqual(self.good("ledger", "trial-balance", "--json"), before)
        for settlement in first:
            self.assertGreater(len(self.report(settlement)), 0)

    def test_a_dry_run_changes_nothing(self):
        self.trade()
        before = self.good("ledger", "trial-balance", "--json")
        self.good("settle", "run", "--date", "today", "--dry-run")
        file = self.house.settlement_file()
        done = self.reconcile(file, "--dry-run")
        self.assertEqual(done.returncode, 0, (done.stdout, done.stderr))
        self.assertEqual(self.good("ledger", "trial-balance", "--json"), before)
        self.assertEqual(len(self.settle()), 3)

    def test_the_true_file_has_no_exceptions_twice(self):
        self.trade()
        file = self.house.settlement_file()
        first = self.reconcile(file, "--json")
        self.assertEqual(first.returncode, 0, (first.stdout, first.stderr))
        before = self.good("ledger", "trial-balance", "--json")
        again = self.reconcile(file, "--json")
        self.assertEqual((again.returncode, again.stdout), (0, first.stdout))
        self.assertEqual(self.good("ledger", "trial-balance", "--json"), before)
        self.good("ledger", "verify")

    def test_each_lie_in_a_file_has_its_class(self):
        self.trade()
        true = self.house.settlement_file().read_text(encoding="utf-8")
        lies = (("amount_mismatch", "change_amount"), ("fee_mismatch", "change_fee"),
                ("missing_in_file", "remove"), ("duplicate", "double"),
                ("missing_in_ledger", "invent"), ("currency_mismatch", "change_currency"))
        for number, (status, lie) in enumerate(lies):
            with self.subTest(status):
                file = tamper.SettlementFile(true)
                row = next(it for it in file.settled if it["Gross Currency"] == "USD")
                getattr(file, lie)(row)
                path = self.house.folder / f"lie-{number}.csv"
                path.write_text(file.text(), encoding="utf-8")
                done = self.reconcile(path, "--dry-run", "--json")
                self.assertEqual(done.returncode, 1, (done.stdout, done.stderr))
                counts = json.loads(done.stdout)["counts"]
                told = {it for it, _ in lies if counts[it]}
                self.assertEqual((told, counts[status]), ({status}, 1), done.stdout)
        path.write_text(true, encoding="utf-8")
        self.assertEqual(self.reconcile(path).returncode, 0)

    def test_a_tampered_file_run_twice_changes_nothing_more(self):
        self.trade()
        file = tamper.SettlementFile(self.house.settlement_file().read_text(encoding="utf-8"))
        file.change_amount(file.settled[0])
        path = self.house.folder / "tampered.csv"
        path.write_text(file.text(), encoding="utf-8")
        first = self.reconcile(path, "--json")
        before = self.good("ledger", "trial-balance", "--json")
        again = self.reconcile(path, "--json")
        self.assertEqual((first.returncode, again.returncode), (1, 1), (first, again))
        self.assertEqual(first.stdout, again.stdout)
        self.assertEqual(self.good("ledger", "trial-balance", "--json"), before)

    def test_reads_say_the_same_with_and_without_a_server(self):
        self.trade()
        settlement = self.settle()[0]
        commands = (
            ("ledger", "verify"), ("ledger", "verify", "--json"), ("ledger", "trial-balance"),
            ("ledger", "trial-balance", "--json"),
            ("ledger", "trial-balance", "--at", "2099-12-31"),
            ("settle", "report", settlement, "--format", "csv"),
            ("settle", "report", settlement, "--format", "json"), ("settle", "show", settlement),
            ("fx", "rates"), ("fx", "rates", "--json"), ("fx", "convert", "100.00", "USD", "EUR"),
            ("fx", "positions"), ("fx", "positions", "--json"),
            ("settle", "report", "stl_" + "0" * 26, "--format", "csv"),
        )
        beside = [self.run_command(*it) for it in commands]
        self.assertEqual(self.house.gateway.stop(), 0)
        alone = [self.run_command(*it) for it in commands]
        for command, one, other in zip(commands, beside, alone):
            with self.subTest(" ".join(command)):
                self.assertEqual((one.returncode, one.stdout), (other.returncode, other.stdout))
        self.assertEqual([it.returncode for it in beside[:-1]], [0] * (len(commands) - 1))
        self.assertNotEqual(beside[-1].returncode, 0)
        self.house.start_gateway()

    def test_the_past_is_what_the_present_was(self):
        """A report of last month has to be the same when it is asked for again."""
        self.trade()
        columns = ("purpose", "owner", "currency", "debits", "credits", "pending_debits",
                   "pending_credits", "balance")
        now = json.loads(self.good("ledger", "trial-balance", "--json"))
        self.assertEqual(tuple(sorted(now[0])), tuple(sorted(columns)))
        for clock in ("effective", "recorded"):
            with self.subTest(clock):
                later = self.good("ledger", "trial-balance", "--at", "2099-12-31", "--clock", clock,
                                  "--json")
                self.assertEqual(json.loads(later), now)
                before = json.loads(self.good("ledger", "trial-balance", "--at",
                                              "2001-01-01T00:00:00Z", "--clock", clock, "--json"))
                self.assertEqual({it["balance"] for it in before}, {0})
        for words in (("--at", "yesterday"), ("--at", "2026-02-30"), ("--clock", "recorded"),
                      ("--at", "2026-04-13", "--clock", "wall")):
            self.assertEqual(self.run_command("ledger", "trial-balance", *words).returncode, 2,
                             words)

    def test_a_statement_adds_up_page_by_page(self):
        self.trade()
        rows = json.loads(self.good("ledger", "trial-balance", "--json"))
        row = next(it for it in rows if it["purpose"] == "merchant_pending" and it["balance"])
        account = (row["owner"], row["purpose"], row["currency"])
        whole = json.loads(self.good("ledger", "statement", *account, "--json"))
        self.assertEqual(whole["lines"][0]["balance"], row["balance"], "the newest comes first")
        self.assertEqual(sum(it["amount"] for it in whole["lines"] if it["type"] == "posting"),
                         row["balance"])
        lines, before = [], ()
        while before is not None:
            page = json.loads(self.good("ledger", "statement", *account, "--limit", "1", *before,
                                        "--json"))
            lines += page["lines"]
            before = ("--before", page["next"]) if page["next"] else None
        self.assertEqual(lines, whole["lines"])
        self.assertIn(lines[0]["entry"], self.good("ledger", "statement", *account))
        self.good("ledger", "entry", lines[0]["entry"])
        for words in ((*account, "--limit", "0"), (*account, "--before", "x"), account[:2],
                      ("nobody", "suspense", "EUR"), ("x", "pocket", "EUR")):
            self.assertEqual(self.run_command("ledger", "statement", *words).returncode, 2, words)

    def test_a_wrong_path_is_no_empty_set_of_books(self):
        """An auditor's typing error must not be told that all is well, nor leave a file behind."""
        nowhere = self.house.folder / "nowhere.db"
        for command in (("ledger", "verify"), ("settle", "run"), ("ledger", "trial-balance")):
            done = self.house.commands.run(*command, "--db", f"sqlite:{nowhere}", where=False)
            self.assertEqual(done.returncode, 3, command)
            self.assertIn("there is no database at", done.stderr)
            self.assertFalse(nowhere.exists(), command)

    def test_what_needs_a_gateway_leaves_the_books_to_one_that_starts(self):
        books = self.house.folder / "no-books.db"
        books.write_bytes(b"Whoever opens this finds no database.")
        for command in (("boleto", "remessa"), ("boleto", "retorno", "/dev/null")):
            done = self.house.commands.run(*command, "--db", f"sqlite:{books}", where=False)
            self.assertEqual(done.returncode, 3, done.stderr)
            self.assertIn("start the gateway", done.stderr)

    def test_work_without_a_server_is_seen_by_the_next_one(self):
        client, _ = self.trade()
        self.assertEqual(self.house.gateway.stop(), 0)
        ids = self.settle()
        file = self.house.settlement_file()
        self.assertEqual(self.reconcile(file).returncode, 0)
        self.house.start_gateway()
        for settlement in ids:
            self.assertGreater(len(self.report(settlement)), 0)
        balances = client.get("/v1/balance").body["balances"]
        self.assertGreater({it["currency"]: it["available"] for it in balances}["USD"], 0)

    def test_reports_are_written_where_asked(self):
        self.trade()
        out = self.house.folder / "reports"
        out.mkdir()
        self.good("settle", "run", "--date", "today", "--out", out)
        names = sorted(it.name for it in out.iterdir())
        self.assertEqual(len([it for it in names if it.endswith(".csv")]), 3, names)
        self.assertEqual(len([it for it in names if it.endswith(".json")]), 3, names)

    def test_rates_are_imported_once(self):
        file = self.house.folder / "eurofxref-hist.csv"
        file.write_text("Date,USD,JPY,BGN,\n2025-03-05,1.0694,160.02,1.9558,\n"
                        "2025-03-04,1.0557,157.07,N/A,\n", encoding="utf-8")
        self.good("fx", "import", file)
        once = self.good("fx", "rates", "--date", "2025-03-05", "--json")
        self.assertIn("1.0694", once)
        self.good("fx", "import", file)
        self.assertEqual(self.good("fx", "rates", "--date", "2025-03-05", "--json"), once)
        before = self.good("fx", "rates", "--date", "2025-03-04", "--json")
        self.assertNotIn("BGN", before)

    def test_conversion_is_exact(self):
        rates = json.dumps(self.house.commands.json("fx", "rates"))
        self.assertIn("USD", rates)
        out = self.good("fx", "convert", "100.00", "USD", "JPY")
        self.assertNotRegex(out, r"\d\.\d+ JPY|JPY \d+\.\d", "the yen has no decimals")

    def test_positions_are_what_the_ledger_says(self):
        self.trade()
        command = ("fx", "trade", "EUR/USD", "--base", "-40.00", "--counter", "-47.00",
                   "--reason", "hedge", "--id", "BANK-1", "--off-market")
        self.assertIn("booked", self.good(*command))
        self.assertIn("booked before", self.good(*command))
        self.assertIn("No positions", self.good("fx", "revalue"))
        self.assertEqual(self.run_command("fx", "trade", "EUR/USD", "--base", "-40.00",
                                          "--counter", "47.00", "--reason", "x").returncode, 2)
        position, = self.house.commands.json("fx", "positions")
        self.assertEqual((position["pair"], position["open"]), ("EUR/USD", 10027 - 4000))
        accounts = {(it["purpose"], it["currency"]): it["balance"]
                    for it in self.house.commands.json("ledger", "trial-balance")
                    if it["owner"] == "test/EUR/USD"}
        self.assertEqual({("fx_trading", "EUR"): -position["open"],
                          ("fx_trading", "USD"): position["cost"],
                          ("fx_result", "USD"): -position["margin"],
                          ("fx_realised", "USD"): -position["realised"]}, accounts)
        self.good("ledger", "verify")

    def test_every_command_speaks_json_when_asked(self):
        self.trade()
        self.assertIn("version", self.house.commands.json("version", where=False))
        for command in (("ledger", "verify"), ("ledger", "trial-balance"),
                        ("fx", "rates"), ("fx", "convert", "1.00", "USD", "EUR"),
                        ("settle", "run", "--date", "today")):
            with self.subTest(" ".join(command)):
                json.loads(self.good(*command, "--json"))
        self.assertEqual(self.run_command("ledger", "verify", "--db",
                                          f"sqlite:{self.house.folder}/causeway.db",
                                          where=False).returncode, 0)
