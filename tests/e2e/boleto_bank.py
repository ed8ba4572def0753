# SPDX-License-Identifier: Apache-2.0
"""A bank that collects boletos, in a process of its own, and its door for the test."""

import http.client
import json

import harness

TOKEN = "token-of-the-test"
ACCOUNT = ["--branch", "0057", "--account", "72192", "--wallet", "109"]
BUYER = {"name": "João da Conceição", "tax_id": "494.732.895-96",
         "address": {"line1": "Travessa do Pagador, 7", "district": "Boa Vista", "city": "Recife",
                     "state": "PE", "postal_code": "50030-230"}}


class BoletoBank:
    def __init__(self, folder, certs):
        self.certs = certs
        self.out = folder / "bank"
        self.process = harness.Process(
            [harness.program(), "sandbox", "boleto", "--bank", "itau", "--token", TOKEN,
             "--listen", "127.0.0.1:0", "--cert", certs / "acquirer.pem",
             "--key", certs / "acquirer.key", "--client-ca", certs / "ca.pem", "--out", self.out,
             "--name", "Loja Beta Ltda", "--tax-number", "12ABC34501DE35", *ACCOUNT],
            folder / "bank.log")
        self.api_port = int(self.process.wait_for_line(r"^listening api \S+:(\d+)$")[1])
        self.admin_port = int(self.process.wait_for_line(r"^listening admin \S+:(\d+)$")[1])

    def config(self, registration, more=""):
        """The connector that speaks with it."""
        place = "" if registration == "file" else f"""
port = {self.api_port}
token = "{TOKEN}"
ca = "{self.certs}/ca.pem"
certificate = "{self.certs}/client.pem"
private_key = "{self.certs}/client.key"
"""
        return f"""
[[connectors]]
name = "itau"
kind = "boleto"
bank = "itau"
branch = "0057"
account = "72192"
wallet = "109"
beneficiary_name = "Loja Beta Ltda"
beneficiary_tax_id = "12.ABC.345/01DE-35"
beneficiary_street = "Rua das Flores, 100"
beneficiary_district = "Centro"
beneficiary_city = "Recife"
beneficiary_state = "PE"
beneficiary_postal_code = "50010-000"
registration = "{registration}"
{place}{more}
"""

    def admin(self, path, body):
        line = http.client.HTTPConnection("127.0.0.1", self.admin_port, timeout=20)
        line.request("POST", path, body if isinstance(body, bytes) else json.dumps(body).encode())
        answer = line.getresponse()
        told = answer.read()
        line.close()
        assert answer.status // 100 == 2, told
        return json.loads(told) if told else None

    def pay(self, line, **how):
        return self.admin("/pay", {"linha": line, **how})

    def night_file(self):
        """Closes the bank's day; what it tells of it."""
        files = self.admin("/close-day", {})["arquivos"]
        return self.out / next(it for it in files if it.startswith("retorno"))

    def stop(self):
        self.process.stop()
