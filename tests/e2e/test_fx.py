# SPDX-License-Identifier: Apache-2.0
"""Rates from their files and sources to a payment in another currency: what is imported, fetched,
held and shown, what a checkout is told, and that the charge is the quote."""

import datetime
import fractions
import json
import re
import unittest

import harness
import rate_source

TODAY = datetime.datetime.now(datetime.timezone.utc).date()
REAIS = "5.0274"
TABLES = """
[[fx.source]]
name = "desk"
kind = "json"
url = "{url}"
base = "USD"
priority = 10

[[fx.source]]
name = "euros"
kind = "manual"
base = "EUR"
priority = 30

[[fx.source]]
name = "history"
kind = "ecb"
url = "https://127.0.0.1:1/"
priority = 40

[[fx.source]]
name = "by-hand"
kind = "manual"
base = "USD"
priority = 50

[[fx.corridor]]
source = "BRL"
target = "USD"
spread_bps = 150
fixed_fee = "0.30 USD"
bearer = "buyer"
rounding = "favour_operator"
amount_min = 1000
amount_max = 10000000
valid_min_s = 60
rates_age_max_days = 3650
"""


def day(back=0):
    return (TODAY - datetime.timedelta(days=back)).isoformat()


class RatesHouse(harness.House):
    """A house whose gateway asks a source of our own."""

    RATES = {"BRL": REAIS, "EUR": 0.8559, "MXN": "17.2", "JPY": "149.52", "KWD": "0.307"}

    def __init__(self, back=0):
        super().__init__(extra_config=self.tables)
        self.source = None
        self.back = back

    def tables(self, _):
        if self.source is None:
            text = rate_source.answer(day(self.back), self.RATES)
            self.source = rate_source.RateSource(self.certs, text)
        return TABLES.format(url=self.source.url)

    def write_config(self, acquirer=None, tls=True):
        super().write_config(acquirer, tls)
        text = self.config.read_text(encoding="utf-8")
        text = text.replace("[fx]\n", f'[fx]\nca = "{self.certs}/ca.pem"\n', 1)
        self.config.write_text(text, encoding="utf-8")

    def stop(self, keep=False):
        try:
            super().stop(keep)
        finally:
            if self.source:
                self.source.stop()


# A name, what is in the file, what is said of it.
BAD_FILES = (
    ("zero", "Date,USD,\n2025-03-05,0,\n", "line 2, column 2: the rate is zero"),
    ("negative", "Date,USD,\n2025-03-05,-1.1,\n", "line 2, column 2: the rate '-1.1'"),
    ("future", f"Date,USD,\n{day(-2)},1.1,\n", "line 2, column 2: "),
    ("missing day", "Date,USD,\n2025-03-05,1.1,\n2025-03-03,1.1,\n", "2025-03-04 is missing"),
    ("twice", "Date,USD,\n2025-03-05,1.1,\n2025-03-05,1.2,\n", "line 3, column 2: a second rate"),
    ("cut", "Date,USD,JPY,\n2025-03-05,1.1,160.02,\n2025-03-04,1.1,15", "line 3"),
    ("no number", "Date,USD,\n2025-03-05,1.1,\n2025-03-04,abc,\n", "line 3, column 2: the rate"),
    ("XML bomb", '<!DOCTYPE a [<!ENTITY a "aa">]>\n<Envelope>&a;</Envelope>\n', "line 1: "),
    ("cut XML", "<Envelope>\n<Cube>\n", "line "),
)
GOOD_FILES = (
    ("trailing comma and N/A", "Date,USD,BGN,\n{day},1.1,N/A,\n"),
    ("BOM", "\ufeffDate,USD,\n{day},1.1,\n"),
    ("CRLF", "Date,USD,\r\n{day},1.1,\r\n"),
)


class Fx(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.house = RatesHouse()
        try:
            cls.house.start()
        except BaseException:
            cls.house.stop(keep=True)
            raise
        cls.client = cls.house.client()
        cls.publishable = cls.house.client(kind="publishable")
        cls.wait_for_rates()
        cls.ready_at_first = cls.told("/readyz")

    @classmethod
    def tearDownClass(cls):
        cls.client.close()
        cls.publishable.close()
        cls.house.stop()

    @classmethod
    def wait_for_rates(cls):
        """The schedule of `serve` asks once at its start."""
        deadline = datetime.datetime.now() + datetime.timedelta(seconds=60)
        while f"rates: desk {day()}\n" not in cls.told("/readyz"):
            if datetime.datetime.now() > deadline:
                raise AssertionError(cls.told("/readyz") + cls.house.gateway.log_tail())
            harness.pause(0.05)

    @classmethod
    def told(cls, path):
        return cls.client.get(path, key=None).raw.decode()

    def figure(self, name, *labels):
        for line in self.told("/metrics").splitlines():
            if line.startswith(name) and all(it in line for it in labels):
                return float(line.rpartition(" ")[2])
        return None

    def file(self, text, name="rates.txt"):
        path = self.house.folder / name
        path.write_bytes(text.encode())
        return path

    def move_reais(self, rate):
        """The desk corrects itself."""
        path = self.file(rate_source.answer(day(), {"BRL": rate}), "desk.json")
        done = self.run_fx("import", path, "--source", "desk", "--correct")
        self.assertEqual(done.returncode, 0, done)

    def run_fx(self, *arguments):
        return self.house.commands.run("fx", *arguments)

    def fx_json(self, *arguments):
        return self.house.commands.json("fx", *arguments)

    def test_the_schedule_of_serve_fetched_what_was_due(self):
        self.assertIn("/latest", self.house.source.asked)
        self.assertIn("rates: by-hand none", self.ready_at_first)
        self.assertEqual(self.figure("causeway_fx_rates_stale", 'source="desk"'), 0)
        self.assertEqual(self.figure("causeway_fx_rates_overdue_seconds", 'source="desk"'), 0)
        self.assertGreaterEqual(self.figure("causeway_fx_fetches_total", 'source="desk"',
                                            'outcome="taken"'), 1)
        # Nobody listens there: counted, logged, and no harm to the others.
        self.assertGreaterEqual(self.figure("causeway_fx_fetches_total", 'source="history"',
                                            'outcome="failed"'), 1)
        log = (self.house.folder / "gateway.log").read_text(encoding="utf-8")
        self.assertIn("rates_not_fetched", log)

    def test_a_file_that_is_wrong_changes_nothing(self):
        def known():
            return self.run_fx("rates", "--source", "history", "--date", "2025-03-06").stdout
        before = known()
        for name, text, told in BAD_FILES:
            with self.subTest(name):
                done = self.run_fx("import", self.file(text), "--source", "history")
                self.assertEqual(done.returncode, 2, done)
                self.assertIn(told, done.stderr)
                self.assertIn("rates.txt", done.stderr)
                self.assertEqual(known(), before)

    def test_the_banks_habits_are_no_mistakes(self):
        for number, (name, text) in enumerate(GOOD_FILES):
            with self.subTest(name):
                when = f"2024-03-{4 + number:02}"
                done = self.run_fx("import", self.file(text.format(day=when)), "--source",
                                   "history", "--json")
                self.assertEqual(done.returncode, 0, done)
                self.assertEqual(json.loads(done.stdout)[0]["inserted"], 1)

    def test_other_numbers_for_a_known_day_need_a_word(self):
        first = self.file("date,base,currency,rate\n2024-05-06,EUR,USD,1.1\n")
        self.assertEqual(self.run_fx("import", first, "--source", "euros").returncode, 0)
        other = self.file("date,base,currency,rate\n2024-05-06,EUR,USD,1.2\n"
                          "2024-05-07,EUR,USD,1.2\n")
        done = self.run_fx("import", other, "--source", "euros")
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("2024-05-06", done.stderr)
        shown = json.dumps(self.fx_json("rates", "--source", "euros", "--date", "2024-05-08"))
        self.assertIn("2024-05-06", shown, "the day that was new is not there either")
        done = self.run_fx("import", other, "--source", "euros", "--correct", "--json")
        self.assertEqual(json.loads(done.stdout)[0]["corrected"], 1, done)

    def test_a_rate_that_leaps_waits_for_a_human(self):
        def row(back, rate):
            return self.file(f"date,base,currency,rate\n{day(back)},USD,CLP,{rate}\n")
        source = ("--source", "by-hand")
        self.assertEqual(self.run_fx("import", row(4, "900"), *source).returncode, 0)
        leapt = self.run_fx("import", row(3, "1200"), *source)
        self.assertIn("1 held", leapt.stdout)
        self.assertEqual(self.figure("causeway_fx_rates_held"), 1)
        held = self.run_fx("held", "--json")
        self.assertEqual(held.returncode, 1)
        self.assertEqual([(it["source"], it["date"], it["currency"], it["status"])
                          for it in json.loads(held.stdout)],
                         [("by-hand", day(3), "CLP", "held")])
        self.assertIn("900", self.run_fx("rates", *source).stdout)
        done = self.run_fx("release", "by-hand", day(3), "CLP", "--reason", "devalued")
        self.assertEqual(done.returncode, 0, done)
        self.assertIn("1200", self.run_fx("rates", *source).stdout)
        self.assertIn("1 held", self.run_fx("import", row(2, "12"), *source).stdout)
        done = self.run_fx("reject", "by-hand", day(2), "CLP", "--reason", "a typing error")
        self.assertEqual(done.returncode, 0, done)
        self.assertEqual(self.run_fx("held").returncode, 0)
        again = json.loads(self.run_fx("import", row(2, "12"), *source, "--json").stdout)
        self.assertEqual(again[0]["unchanged"], 1, "what was rejected is not held anew")
        self.assertIn("1200", self.run_fx("rates", *source).stdout)
        plot = self.run_fx("rates", "USD/CLP", *source, "--since", day(9), "--plot")
        self.assertIn("USD/CLP", plot.stdout)
        self.assertIn("1200", plot.stdout)
        svg = self.run_fx("rates", "USD/CLP", *source, "--since", day(9), "--svg")
        self.assertRegex(svg.stdout, r"<svg[^>]*>")
        self.assertTrue(svg.stdout.rstrip().endswith("</svg>"))

    def test_fetching_by_hand_says_what_it_got(self):
        taken = self.fx_json("fetch", "desk")[0]
        self.assertEqual((taken["source"], taken["inserted"], taken["held"]), ("desk", 0, 0))
        good = self.house.source.text
        self.addCleanup(setattr, self.house.source, "text", good)
        self.addCleanup(setattr, self.house.source, "status", 200)
        self.house.source.text = good[:-20]
        cut = self.run_fx("fetch", "desk")
        self.assertNotEqual(cut.returncode, 0)
        self.assertIn("desk: line 1", cut.stderr)
        self.house.source.status = 404
        self.assertIn("status 404", self.run_fx("fetch", "desk").stderr)

    def test_shows_the_reference_rates_to_a_checkout(self):
        rates = {it["currency"]: it for it in self.publishable.get("/v1/fx/rates").body["data"]}
        self.assertEqual(rates["BRL"], {"object": "rate", "base": "USD", "currency": "BRL",
                                        "rate": REAIS, "date": day(), "source": "desk"})
        reais = self.publishable.get("/v1/fx/rates?base=BRL").body["data"]
        dollars = next(it for it in reais if it["currency"] == "USD")
        self.assertAlmostEqual(fractions.Fraction(dollars["rate"]) * fractions.Fraction(REAIS), 1,
                               places=8)

    def test_prices_are_what_a_quote_then_promises(self):
        prices = self.publishable.get("/v1/fx/presentment?amount=4990&currency=USD").body["data"]
        codes = [it["currency"] for it in prices]
        self.assertEqual(codes, sorted(codes))
        # Sources that have a pair are asked in their order; those of one publisher are one day's.
        self.assertLessEqual({"BRL", "EUR", "JPY", "KWD", "MXN"}, set(codes))
        for price in prices:
            with self.subTest(price["currency"]):
                quote = self.client.post("/v1/fx/quotes", {
                    "source_currency": price["currency"], "target_currency": "USD",
                    "target_amount": 4990}).body
                self.assertEqual(
                    (quote["source_amount"], quote["target_amount"], quote["rate"]),
                    (price["amount"], 4990, price["rate"]))

    def test_a_charge_is_its_quote(self):
        asked = {"source_currency": "BRL", "target_currency": "USD", "source_amount": 25000,
                 "valid_for": 900}
        quote = self.client.post("/v1/fx/quotes", asked).body
        rate = fractions.Fraction(quote["rate"])
        exact = fractions.Fraction(1, 1) / fractions.Fraction(REAIS) / fractions.Fraction("1.015")
        self.assertLess(abs(rate / exact - 1), fractions.Fraction(1, 10**8))
        self.assertEqual(quote["target_amount"], int(25000 * rate) - 30)
        told = self.client.get(f"/v1/fx/quotes/{quote['id']}/disclosure").body
        self.assertEqual((told["source_amount"], told["target_amount"], told["target_fee"]),
                         (25000, quote["target_amount"], 30))
        worth = fractions.Fraction(25000) * fractions.Fraction(quote["mid_rate"])
        markup = (worth / quote["target_amount"] - 1) * 100
        self.assertGreaterEqual(fractions.Fraction(told["markup_percent"]), markup)
        self.assertLess(fractions.Fraction(told["markup_percent"]) - markup,
                        fractions.Fraction(1, 100))
        self.move_reais("5.3")  # The market moves before the buyer pays.
        self.addCleanup(self.move_reais, REAIS)
        self.assertNotEqual(self.client.post("/v1/fx/quotes", asked).body["rate"], quote["rate"])
        paid = self.client.pay(25000, "BRL", token="tok_mastercard",
                               options={"fx_quote": quote["id"], "reference": "RECIFE"})
        self.assertEqual((paid.status, paid.body["status"]), (201, "succeeded"), paid)
        self.assertEqual(self.house.books().charged()[25000], 25000)
        lines = self.client.get("/v1/balance_transactions?limit=100").body["data"]
        mine = [it for it in lines if it.get("presentment_amount") == 25000]
        self.assertEqual([(it["currency"], it["amount"]) for it in mine],
                         [("USD", quote["target_amount"])])
        used = self.client.get(f"/v1/fx/quotes/{quote['id']}").body
        self.assertEqual(used["status"], "consumed")
        self.house.commands.good("ledger", "verify")

    def test_a_quote_keeps_to_its_corridor(self):
        def refused(**more):
            answer = self.client.post("/v1/fx/quotes", {"source_currency": "BRL",
                                                        "target_currency": "USD", **more})
            return answer.status, answer.body["code"], answer.body["errors"][0]["pointer"]
        self.assertEqual(refused(source_amount=999),
                         (422, "amount_out_of_range", "/source_amount"))
        self.assertEqual(refused(target_amount=9000000),
                         (422, "amount_out_of_range", "/target_amount"))
        self.assertEqual(refused(source_amount=5000, valid_for=59),
                         (400, "invalid_request", "/valid_for"))
        self.assertEqual(refused(source_amount=5000, valid_for=29),
                         (400, "invalid_request", "/valid_for"))

    def test_the_command_quotes_as_the_api_does(self):
        shown = self.house.commands.good("fx", "quote", "250.00", "BRL", "USD")
        promised = self.client.post("/v1/fx/quotes", {
            "source_currency": "BRL", "target_currency": "USD", "source_amount": 25000}).body
        self.assertIn(promised["rate"], shown)
        self.assertTrue(re.search(r"markup +\d+\.\d\d %", shown), shown)


class Sandbox(unittest.TestCase):
    def test_publishes_rates_that_are_fetched_and_quoted_by(self):
        house = harness.House(extra_config=lambda it: (
            f'[[fx.source]]\nname = "sandbox"\nkind = "json"\nbase = "USD"\nurl = "{it.rates}"\n'))
        house.make_certs()
        publisher = harness.Process(
            [harness.program(), "sandbox", "rates", "--listen", "127.0.0.1:0",
             "--cert", house.certs / "gateway.pem", "--key", house.certs / "gateway.key"],
            house.folder / "rates.log")
        self.addCleanup(publisher.stop)
        self.addCleanup(house.stop)
        place = publisher.wait_for_line(r"^listening tls (\S+)$")[1]
        house.rates = f"https://{place}/"
        house.start_without_gateway()
        text = house.config.read_text(encoding="utf-8")
        text = text.replace("[fx]\n", f'[fx]\nca = "{house.certs}/ca.pem"\n', 1)
        text = text.replace("rates_age_max_days = 3650", "rates_age_max_days = 1")
        house.config.write_text(text, encoding="utf-8")
        fetched = house.commands.run("fx", "fetch")
        self.assertEqual(fetched.returncode, 0, fetched)
        self.assertRegex(fetched.stdout, r"^sandbox: \d\d new rates, 0 known\n$")
        quote = house.commands.json("fx", "quote", "100.00", "EUR", "USD")
        self.assertEqual(quote["rate_source"], "sandbox")
        self.assertEqual(quote["rate_date"], day())


class Settled(unittest.TestCase):
    """An acquirer that pays dollars for euros and says so at once. The merchant is paid dollars."""

    RATE = fractions.Fraction("1.1523")

    def setUp(self):
        self.house = harness.House(settle=(f"DEMOMERCHANT001:EUR=USD@{float(self.RATE)}",))
        self.addCleanup(self.house.stop)
        self.house.start()
        self.client = self.house.client()
        self.addCleanup(self.client.close)

    def pay(self, amount):
        paid = self.client.pay(amount, "EUR")
        self.assertEqual((paid.status, paid.body["status"]), (201, "succeeded"), paid)
        return paid.body["id"]

    def balances(self):
        return {(it["owner"], it["purpose"], it["currency"]): it["balance"]
                for it in self.house.commands.json("ledger", "trial-balance")}

    def position(self):
        position, = self.house.commands.json("fx", "positions")
        balances = self.balances()
        for name, purpose, currency, sign in (
                ("open", "fx_trading", "EUR", -1), ("cost", "fx_trading", "USD", 1),
                ("margin", "fx_result", "USD", -1), ("fees", "fx_fee", "USD", -1),
                ("realised", "fx_realised", "USD", -1)):
            self.assertEqual(position[name],
                             sign * balances.get(("test/EUR/USD", purpose, currency), 0), name)
        return position

    def reconcile(self):
        file = self.house.settlement_file()
        done = self.house.commands.run("reconcile", "run", "--profile", "adyen", "--connector",
                                       "demo_card", file, "--json")
        return done.returncode, json.loads(done.stdout)

    def owed(self, currency):
        return self.balances().get(("test/demo_card", "provider_receivable", currency), 0)

    def test_what_the_answer_said_is_booked_once(self):
        payment = self.pay(10027)
        refund = self.client.post("/v1/refunds", {"payment": payment, "amount": 2500})
        self.client.until(f"/v1/refunds/{refund.body['id']}",
                          lambda it: it["status"] == "succeeded")
        before = self.position()
        self.assertEqual(before["open"], 0)
        self.assertEqual(self.owed("EUR"), 0)
        code, found = self.reconcile()
        self.assertEqual((code, found["counts"]["matched"]), (0, 2), found)
        self.assertEqual(self.position(), before)
        kept = int(found["totals"][0]["file_net"])
        self.assertEqual(self.owed("USD"), kept, "what is owed is what the file pays")
        self.house.commands.good("ledger", "verify")

    def test_a_file_that_disagrees_corrects_the_books_and_is_seen(self):
        self.pay(19994)  # Paid at a worse rate.
        self.pay(19990)  # Paid in euros after all.
        told = self.position()
        code, found = self.reconcile()
        self.assertEqual((code, found["counts"]["conversion_corrected"]), (1, 2), found)
        now = self.position()
        self.assertEqual(now["open"], 19990)
        self.assertLess(now["realised"], 0)
        self.assertNotEqual(now["realised"], told["realised"])
        listed = self.house.commands.good("reconcile", "exceptions")
        self.assertIn("conversion_corrected", listed)
        for total in found["totals"]:
            self.assertEqual(self.owed(total["currency"]), total["file_net"], total)
        self.house.commands.good("ledger", "verify")

    def test_an_answer_that_contradicts_itself_costs_no_payment(self):
        for amount, why in ((19993, "is not EUR 199.93 at its rate"), (19992, "is no currency")):
            with self.subTest(why):
                payment = self.pay(amount)
                shown = self.house.commands.good("payments", "show", payment)
                self.assertIn("disbelieved", shown)
                self.assertIn(why, shown)
                lines = [line for it in
                         self.client.get(f"/v1/payments/{payment}/timeline").body["data"]
                         for line in it["lines"] if line["kind"] == "conversion"]
                self.assertTrue(lines)
                self.assertEqual({it["detail"] for it in lines}, {None})
        self.assertEqual(self.position()["open"], 19993 + 19992)
        self.assertIn("conversion_disbelieved",
                      (self.house.folder / "gateway.log").read_text(encoding="utf-8"))
        self.assertRegex(self.house.commands.run("doctor").stdout,
                         r"warning +conversions|conversions +warning")
        # The file pays dollars all the same, and what it says follows from its rate.
        code, found = self.reconcile()
        self.assertEqual((code, found["counts"]["matched"]), (0, 2), found)
        self.assertEqual(self.position()["open"], 0)


class Presentment(unittest.TestCase):
    def test_has_every_currency_that_somebody_has_a_rate_for(self):
        # More than the 38 in which the largest marketplace asks its buyers to pay.
        with RatesHouse(back=1) as house:
            client = house.client(kind="publishable")
            codes = [it["code"] for it in house.client().get("/v1/currencies").body["data"]]
            rates = {it: "2.5" for it in codes if it != "USD"} | house.RATES
            house.source.text = rate_source.answer(day(), rates)
            done = house.commands.run("fx", "fetch", "desk", "--json")
            self.assertEqual(done.returncode, 0, done)
            listed = client.get("/v1/fx/presentment?amount=4990&currency=USD").body["data"]
            self.assertGreaterEqual(len(listed), 38)
            client.close()


if __name__ == "__main__":
    unittest.main()
