# SPDX-License-Identifier: Apache-2.0
"""A house with one bank by file, and three boletos in it, for the tests of files."""

import datetime
import http.client
import json
import re

import harness

BUYER = {"name": "João da Conceição", "tax_id": "494.732.895-96",
         "address": {"line1": "Travessa do Pagador, 7", "line2": "ap. 12", "district": "Boa Vista",
                     "city": "Recife", "state": "PE", "postal_code": "50030-230"}}
FIRM = {"name": "Açaí & Cia Comércio de Bebidas do Nordeste Ltda", "tax_id": "11.222.333/0001-81",
        "address": {"line1": "Av. Cons. Aguiar, 1472", "district": "Boa Viagem",
                    "city": "Jaboatão dos Guararapes", "state": "PE", "postal_code": "51111-010"}}
NAMES = {"494.732.895-96": "JOAO DA CONCEICAO",
         "11.222.333/0001-81": "ACAI & CIA COMERCIO DE BEBIDAS DO NORDESTE LTDA"}
STREETS = {"494.732.895-96": "TRAVESSA DO PAGADOR, 7, AP. 12",
           "11.222.333/0001-81": "AV. CONS. AGUIAR, 1472"}
BENEFICIARY = "LOJA BETA COMERCIO LTDA"
TAX_ID = "11444777000161"

CONFIG = """
[[connectors]]
name = "{bank}"
kind = "boleto"
bank = "{bank}"
beneficiary_name = "Loja Beta Comércio Ltda"
beneficiary_tax_id = "11.444.777/0001-61"
beneficiary_street = "Rua das Flores, 100"
beneficiary_district = "Centro"
beneficiary_city = "Recife"
beneficiary_state = "PE"
beneficiary_postal_code = "50010-000"
registration = "file"
fine_bps = 200
interest_month_bps = 100
{more}
"""


class Title:
    """What a boleto was meant to be. Amounts in centavos."""

    def __init__(self, number, amount, buyer, today, *, charges=True, discount=0):
        self.number = number
        self.amount = amount
        self.buyer = buyer
        self.due = today + datetime.timedelta(days=20 + number)
        self.late = self.due + datetime.timedelta(days=1)
        self.charges = charges
        # One percent a month, by the day, rounded half-even.
        self.interest = round(amount * 0.01 / 30) if charges else 0
        self.discount = discount
        self.discount_until = self.due - datetime.timedelta(days=5)
        self.payment = None

    @property
    def name(self):
        return NAMES[self.buyer["tax_id"]]

    @property
    def street(self):
        return STREETS[self.buyer["tax_id"]]

    @property
    def tax_id(self):
        return re.sub(r"\D", "", self.buyer["tax_id"])

    @property
    def person(self):
        return 1 if len(self.tax_id) == 11 else 2

    @property
    def place(self):
        return self.buyer["address"]

    def method(self):
        more = {} if self.charges else {"fine_bps": 0, "interest_month_bps": 0}
        if self.discount:
            more = {"discount_bps": 500, "discount_until": self.discount_until.isoformat()}
        return {"type": "boleto", "due_date": self.due.isoformat(), "billing_details": self.buyer,
                **more}


def short(day):
    return day.strftime("%d%m%y")


def long(day):
    return day.strftime("%d%m%Y")


def post(port, path, body):
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    line.request("POST", path, body if isinstance(body, bytes) else json.dumps(body).encode())
    answer = line.getresponse()
    told = answer.read()
    line.close()
    assert answer.status // 100 == 2, told
    return json.loads(told) if told else None


class BankHouse:
    def __init__(self, bank, more):
        self.bank = bank
        self.house = harness.House(extra_config=CONFIG.format(bank=bank, more=more))
        self.house.start()
        commands = self.house.commands
        shop = commands.json("merchants", "create", "--name", "Loja", "--country", "BR",
                             "--currency", "BRL", "--settles", "BRL", "--fee-bps", "290")["id"]
        self.house.keys[shop] = {"secret": self.house.make_key(shop)}
        self.client = self.house.client(shop)
        now = datetime.datetime.now(datetime.timezone.utc)
        self.today = (now - datetime.timedelta(hours=3)).date()
        self.titles = [Title(1, 12_345, BUYER, self.today),
                       Title(2, 1_000_005, FIRM, self.today, discount=50_000),
                       Title(3, 999, BUYER, self.today, charges=False)]
        self.files = 0
        self.slips = []
        self.first = None

    def bill(self):
        for title in self.titles:
            made = self.client.post("/v1/payments", {
                "amount": title.amount, "currency": "BRL", "confirm": True,
                "payment_method": title.method()})
            assert made.status == 201, made
            title.payment = made.body["id"]
            self.slips.append(made.body["next_action"]["line"])

    def withdrawn(self):
        """A fourth boleto, and the lines of the remessa that writes it off."""
        title = Title(4, 5_010, BUYER, self.today)
        made = self.client.post("/v1/payments", {
            "amount": title.amount, "currency": "BRL", "confirm": True,
            "payment_method": title.method()})
        self.remessa()
        gone = self.client.post(f"/v1/payments/{made.body['id']}/cancel")
        assert gone.status == 200, gone
        return self.remessa()

    def payment(self, title):
        return self.client.get(f"/v1/payments/{title.payment}").body

    def remessa(self):
        """The lines of the next one."""
        self.files += 1
        out = self.house.folder / f"remessa{self.files}"
        self.house.commands.good("boleto", "remessa", "--bank", self.bank, "--out", out)
        text = next(out.iterdir()).read_bytes().decode("ascii")
        return [it for it in text.split("\r\n") if it.strip("\x1a")]

    def retorno(self, lines, name="peer.ret"):
        """What we say of such a file, as JSON; and the exit code."""
        file = self.house.folder / name
        file.write_bytes("".join(it + "\r\n" for it in lines).encode("ascii"))
        return self.house.commands.run("boleto", "retorno", file, "--bank", self.bank, "--json")

    def receipts(self):
        return self.house.commands.json("receipts", "list")

    def sandbox_retorno(self, *account):
        """What the bank for tests says of the first remessa: the first boleto paid on its day."""
        out = self.house.folder / "bank"
        certs = self.house.certs
        bank = harness.Process(
            [harness.program(), "sandbox", "boleto", "--token", "of-the-test", "--listen",
             "127.0.0.1:0", "--cert", certs / "acquirer.pem", "--key", certs / "acquirer.key",
             "--client-ca", certs / "ca.pem", "--out", out, "--name", "Loja Beta Comércio Ltda",
             "--tax-number", TAX_ID, "--tariff", "199", *account], self.house.folder / "bank.log")
        try:
            bank.wait_for_line(r"^listening api ")
            port = int(bank.wait_for_line(r"^listening admin \S+:(\d+)$")[1])
            remessa = "".join(it + "\r\n" for it in self.first).encode("ascii")
            for path, body in (("/remessa", remessa),
                               ("/pay", {"linha": self.slips[0]}), ("/close-day", {})):
                told = post(port, path, body)
            name = next(it for it in told["arquivos"] if it.startswith("retorno"))
            return (out / name).read_bytes()
        finally:
            bank.stop()

    def stop(self, keep=False):
        self.client.close()
        self.house.stop(keep=keep)
