#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The tour behind `./dev demo`: a day of a small shop, from the first payment to the books.

Usage: tour.py --work FOLDER [--exit] [--port PORT] [--certs FOLDER]

FOLDER is emptied first and left as it is afterwards: the database, the configuration, the logs and
the acquirer's files stay there to look at. With --exit it ends after the tour; the exit code is 0
only if everything was as expected.
"""

import argparse
import json
import os
import pathlib
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import threading
import uuid

import harness
import tamper
from boleto_bank import BUYER, BoletoBank
from pix_provider import PixProvider

COLOURS = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
EXPONENTS = {"JPY": 0, "KWD": 3}
SETTLEMENT_ID = re.compile(r"stl_[0-9A-HJKMNP-TV-Z]{26}")


def paint(text, code):
    return f"\x1b[{code}m{text}\x1b[0m" if COLOURS else text


def money(amount, currency):
    """Minor units as people write them."""
    exponent = EXPONENTS.get(currency, 2)
    sign, digits = "-" * (amount < 0), str(abs(amount)).rjust(exponent + 1, "0")
    whole = digits[:-exponent] if exponent else digits
    return f"{sign}{whole}{'.' + digits[-exponent:] if exponent else ''} {currency}"


def near(path):
    """A path as one would type it in the folder of the project."""
    short = os.path.relpath(path, harness.ROOT)
    return str(path) if short.startswith("..") else short


class Tour:
    """Prints what happens, and remembers what was not as expected."""

    def __init__(self, house):
        self.house = house
        self.client = None
        self.pix = None
        self.bank = None
        self.wrong = []
        self._step = 0

    def say(self, text=""):
        print(text, flush=True)

    def step(self, title):
        self._step += 1
        self.say(f"\n{paint(f'{self._step:2d}  {title}', '1')}")

    def show(self, text, indent="      "):
        for line in text.rstrip("\n").split("\n"):
            self.say(indent + line)

    def check(self, good, what):
        """A promise of this step, kept or not."""
        mark = paint("ok", "32") if good else paint("WRONG", "31;1")
        self.say(f"      {mark}  {what}")
        if not good:
            self.wrong.append(f"step {self._step}: {what}")
        return good

    def pay(self, amount, currency, token="tok_visa", key=harness.FRESH, **options):
        body = {"amount": amount, "currency": currency, "confirm": True,
                "payment_method": {"type": "card", "token": token}, **options}
        return self.post("/v1/payments", body, key)

    def post(self, path, body, key=harness.FRESH):
        """Sends, and shows the request and the answer in a line each."""
        self.say(f"      POST {path}  {paint(json.dumps(body), '2')}")
        response = self.client.post(path, body, idempotency_key=key)
        self.say(f"      {response.status}  {self.summary(response)}")
        return response

    @staticmethod
    def summary(response):
        body = response.body
        if "id" in body:
            parts = [body["id"], body.get("status", "")]
            if "amount" in body:
                parts.append(money(body["amount"], body["currency"]))
            return "  ".join(parts)
        told = ("code", "decline_code", "detail")
        return "  ".join(str(body[it]) for it in told if body.get(it))

    def command(self, *arguments, expect=0):
        """Runs a command of the operator and shows what it printed."""
        self.say(f"      $ causeway {' '.join(self.short(it) for it in arguments)}")
        done = self.house.commands.run(*arguments)
        self.show(done.stdout)
        if done.returncode != expect:
            self.show(done.stderr)
        self.check(done.returncode == expect, f"exit code {expect}")
        return done

    def short(self, argument):
        return str(argument).replace(f"{self.house.folder}/", "")

    # The stops of the tour.

    def begin(self):
        house = self.house
        self.step("An acquirer, a Pix provider, a bank and a gateway start")
        house.make_certs()
        house.start_sandbox()
        self.pix = PixProvider(house.folder, house.certs)
        self.bank = BoletoBank(house.folder, house.certs)
        house.extra_config = self.pix.config() + self.bank.config("file")
        house.write_config()
        house.merchant = house.create_merchant("Harbour Books")
        house.start_gateway()
        self.client = house.client()
        self.say("      the acquirer, a process with books of its own, speaks ISO 8583 over TLS "
                 f"on {house.acquirer[0]}:{house.acquirer[1]}")
        self.say(f"      the gateway answers on {house.url}, its books are one SQLite file")
        self.say(f"      the merchant Harbour Books is {house.merchant}, paid in USD, JPY and KWD")
        self.check(self.client.get("/readyz").status == 200, "the gateway is ready")

    def sale(self, title, amount, currency):
        self.step(title)
        answer = self.pay(amount, currency, reference=f"ORDER-{amount}")
        good = answer.status == 201 and answer.body["status"] == "succeeded"
        self.check(good, f"the buyer paid {money(amount, currency)}")
        charged = [(it["currency"], it["captured"]) for it in self.house.books().of_amount(amount)]
        self.check(charged == [(currency, amount)], "the acquirer's books say the same")
        return answer.body

    def two_parts(self):
        self.step("Authorised once, captured in two parts, as parcels leave")
        payment = self.pay(12040, "USD", capture_method="manual", reference="ORDER-PARCELS").body
        self.check(payment.get("status") == "requires_capture", "authorised, nothing taken yet")
        path = f"/v1/payments/{payment['id']}"
        self.post(f"{path}/captures", {"amount": 5020, "final": False})
        between = self.client.get(path).body
        self.check(between["status"] == "partially_captured", between["status"])
        self.check(between["amount_capturable"] == 7020,
                   f"{money(7020, 'USD')} may still be taken")
        self.post(f"{path}/captures", {"amount": 7020, "final": True})
        done = self.client.until(path, lambda it: it["status"] != "partially_captured")
        self.check((done["status"], done["amount_captured"]) == ("succeeded", 12040),
                   "all of it taken")

    def declined(self):
        self.step("A card without funds")
        answer = self.pay(8051, "USD")
        self.check(answer.status == 402 and answer.body["code"] == "card_declined",
                   "402, with the issuer's reason")
        self.check(self.house.books().charged()[8051] == 0, "nobody was charged")

    def silence(self):
        self.step("An answer that never comes")
        answer = self.pay(19999, "USD")
        if not self.check(answer.status == 201 and answer.body["status"] == "processing",
                          "neither paid nor failed: nobody knows, so nobody guesses"):
            return
        self.say("      the gateway reverses until the acquirer confirms ...")
        done = self.client.settled(answer.body["id"])
        error = (done.get("last_error") or {}).get("code")
        self.say(f"      {done['id']}  {done['status']}  {error}")
        self.check((done["status"], error) == ("failed", "provider_timeout_reversed"),
                   "failed only after the acquirer confirmed the reversal")
        self.check(self.house.books().charged()[19999] == 0, "the acquirer took nothing")

    def refund(self, payment):
        self.step("A refund")
        answer = self.post("/v1/refunds", {"payment": payment["id"], "amount": 1500,
                                           "reason": "requested_by_customer"})
        path = f"/v1/refunds/{answer.body['id']}"
        done = self.client.until(path, lambda it: it["status"] != "pending")
        self.check(done["status"] == "succeeded", f"{money(1500, 'USD')} went back")
        body = {"payment": payment["id"], "amount": payment["amount"]}
        left = self.client.post("/v1/refunds", body)
        self.check(400 <= left.status < 500, "and not more than was paid can go back")

    def replay(self):
        self.step("The same request twice, with one Idempotency-Key")
        key = str(uuid.uuid4())
        first = self.pay(3333, "USD", key=key)
        again = self.pay(3333, "USD", key=key)
        self.say(f"      Idempotency-Replayed: {again.headers.get('Idempotency-Replayed')}")
        self.check(first.raw == again.raw, "the same answer, byte for byte")
        self.check(again.headers.get("Idempotency-Replayed") == "true", "marked as a replay")
        self.check(len(self.house.books().of_amount(3333)) == 1, "the acquirer was asked once")

    def conversion(self):
        self.step("A buyer in Recife pays in reais, the merchant is paid in dollars")
        quote = self.post("/v1/fx/quotes", {"source_currency": "BRL", "target_currency": "USD",
                                            "source_amount": 25000, "valid_for": 900}).body
        self.say(f"      {money(quote['source_amount'], 'BRL')} = "
                 f"{money(quote['target_amount'], 'USD')} at {quote['rate']}")
        self.say(f"      mid {quote['mid_rate']}, margin {quote['markup_bps']} bps, "
                 f"{quote['rate_source']} of {quote['rate_date']}, until {quote['expires_at']}")
        payment = self.pay(25000, "BRL", token="tok_mastercard", fx_quote=quote["id"],
                           reference="ORDER-RECIFE").body
        self.check(payment.get("status") == "succeeded", "paid at the quoted rate")
        lines = self.client.get("/v1/balance_transactions?limit=20").body["data"]
        mine = [it for it in lines if it.get("presentment_currency") == "BRL"]
        self.check([it["amount"] for it in mine] == [quote["target_amount"]],
                   f"the merchant earns {money(quote['target_amount'], 'USD')}, as promised")

    def later(self, method, amount, **more):
        """A payment that its buyer pays when he likes."""
        made = self.post("/v1/payments", {
            "amount": amount, "currency": "BRL", "confirm": True,
            "payment_method": {"type": method, **more}}).body
        self.check(made.get("status") == "requires_action", "the buyer has something to pay by")
        return made

    def pix_charge(self):
        self.step("A Pix: the buyer scans a code")
        made = self.later("pix", 8_990)
        self.say(f"      copia e cola  {made['next_action']['qr_data']}")
        self.pix.pay(made["next_action"]["qr_data"], notify=False)
        done = self.client.until(f"/v1/payments/{made['id']}",
                                 lambda it: it["status"] == "succeeded")
        self.check(done["amount_captured"] == 8_990, "paid; the provider was asked and says so")

    def boleto(self):
        self.step("A boleto: registered by a file, paid at a counter, told of in the night")
        made = self.later("boleto", 12_345, billing_details=BUYER)
        action = made["next_action"]
        self.say(f"      line  {action['line']}")
        self.say(f"      document  {action['pdf_url']}")
        folder = self.house.folder / "remessas"
        self.command("boleto", "remessa", "--out", folder)
        self.bank.admin("/remessa", next(folder.iterdir()).read_bytes())
        self.bank.pay(action["line"])
        self.command("boleto", "retorno", self.bank.night_file())
        done = self.client.get(f"/v1/payments/{made['id']}").body
        self.check(done["status"] == "succeeded", "the night file has paid it")
        self.command("receipts", "list")

    def stop(self):
        for process in (self.pix, self.bank):
            if process:
                process.stop()

    def settle(self):
        self.step("The day is settled: every cent a line")
        done = self.command("settle", "run", "--date", "today")
        ids = sorted(set(SETTLEMENT_ID.findall(done.stdout)))
        self.check(len(ids) == 3, "one settlement each in USD, JPY and KWD")
        for settlement in ids:
            self.command("settle", "report", settlement, "--format", "csv")

    def reconcile(self):
        self.step("The acquirer's file of the day, tampered with: looked at, not taken")
        true = self.house.settlement_file("acquirer.csv")
        file = tamper.SettlementFile(true.read_text(encoding="utf-8"))
        rows = [it for it in file.settled if it["Gross Currency"] == "USD"][:4]
        if not self.check(len(rows) == 4, "four captures in USD to tamper with"):
            return
        lies = (("change_amount", "amount raised by 1.00"), ("remove", "line removed"),
                ("double", "line doubled"), ("change_fee", "fee raised by 1.00"))
        for row, (lie, told) in zip(rows, lies):
            self.say(f"      {told:22} {row['Psp Reference']}  {row['Modification Reference']}")
            getattr(file, lie)(row)
        path = self.house.folder / "tampered.csv"
        path.write_text(file.text(), encoding="utf-8")
        done = self.command("reconcile", "run", "--profile", "adyen", "--connector",
                            "demo_card", path, "--dry-run", expect=1)
        for status in ("amount_mismatch", "missing_in_file", "duplicate", "fee_mismatch"):
            self.check(re.search(rf"^{status} +[1-9]", done.stdout, re.M), f"found: {status}")
        self.step("The true file")
        done = self.command("reconcile", "run", "--profile", "adyen", "--connector",
                            "demo_card", true)
        self.check(" 0 exceptions" in done.stdout, "it says what we expected, to the cent")

    def verify(self):
        self.step("The ledger proves itself")
        self.command("ledger", "verify")
        self.command("ledger", "trial-balance")

    def curl(self, key):
        return ["curl", "--silent", "--show-error", "--cacert", near(
            self.house.certs / "ca.pem"), "-u", f"{self.client.key}:",
                f"{self.house.url}/v1/payments", "-H", f"Idempotency-Key: {key}", "-H",
                "Content-Type: application/json", "-d",
                json.dumps({"amount": 2500, "currency": "USD", "confirm": True,
                            "payment_method": {"type": "card", "token": "tok_visa"}})]

    def visit(self):
        self.step("Now you")
        done = subprocess.run(self.curl(str(uuid.uuid4())), cwd=harness.ROOT, capture_output=True,
                              text=True, check=False)
        try:
            good = json.loads(done.stdout)["status"] == "succeeded"
        except (ValueError, KeyError):
            good = False
        self.check(good, "this line works, from the folder of the project")
        if not good:
            self.show(done.stdout + done.stderr)
        self.say(f"\n{shlex.join(self.curl('my-first-payment'))}\n")
        keys = self.house.keys[self.house.merchant]
        folder = near(self.house.folder)
        program = near(harness.program())
        acquirer = (*self.house.acquirer, *self.house.acquirer_plain)
        for name, value in (
                ("API", self.house.url),
                ("contract", f"{self.house.url}/openapi.json"),
                ("health", f"{self.house.url}/livez  {self.house.url}/readyz"),
                ("secret key", keys["secret"]),
                ("publishable key", keys["publishable"]),
                ("acquirer", "{}:{} (TLS)  {}:{} (plain)".format(*acquirer)),
                ("configuration", f"{folder}/causeway.toml"),
                ("logs", f"{folder}/gateway.log"),
                ("commands", f"{program} ledger verify --config {folder}/causeway.toml")):
            self.say(f"  {name:16} {value}")

    def run(self):
        self.begin()
        book = self.sale("A card payment in US dollars", 4990, "USD")
        self.sale("One in yen: no decimals", 5200, "JPY")
        self.sale("One in Kuwaiti dinars: three decimals", 12345, "KWD")
        self.two_parts()
        self.declined()
        self.silence()
        self.refund(book)
        self.replay()
        self.conversion()
        self.pix_charge()
        self.boleto()
        self.settle()
        self.reconcile()
        self.verify()
        self.visit()


def free(port):
    """The port, or 0 when somebody has it."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return 0
    return port


def stay(tour, folder):
    """Until Ctrl-C, watching."""
    tour.say(paint("\nup until Ctrl-C", "1"))
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    down = False
    while not stop.wait(1):
        if not down and not tour.house.gateway.running():
            down = True
            tour.say("the gateway has ended; to start it again: "
                     f"{harness.program()} serve --config {folder}/causeway.toml")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--work", required=True, type=pathlib.Path)
    parser.add_argument("--certs", type=pathlib.Path, default=harness.ROOT / "certs")
    parser.add_argument("--port", type=int, default=8443)
    parser.add_argument("--exit", action="store_true")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    shutil.rmtree(options.work, ignore_errors=True)
    options.work.mkdir(parents=True)
    house = harness.House(options.work.resolve(), options.certs.resolve(), port=free(options.port),
                          answer_max_ms=2000, late_ms=3000)
    tour = Tour(house)
    try:
        tour.run()
        if not options.exit:
            stay(tour, options.work)
    except KeyboardInterrupt:
        tour.wrong.append("interrupted")
    except Exception as error:  # Told like any other surprise, after the processes are gone.
        tour.wrong.append(f"{type(error).__name__}: {error}")
    finally:
        try:
            house.stop()
            tour.stop()
        except AssertionError as error:
            tour.wrong.append(str(error))
    if tour.wrong:
        tour.say(paint("\nnot as expected:", "31;1"))
        tour.show("\n".join(tour.wrong), "  ")
        return 1
    tour.say(paint("\neverything was as expected", "32"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
