# SPDX-License-Identifier: Apache-2.0
"""The bank for boletos and the provider of Pix as processes of their own: how they are started, and
that their doors, folders and books are there."""

import http.client
import json
import pathlib
import shutil
import ssl
import subprocess
import tempfile
import unittest
import xml.etree.ElementTree

import harness

CAMT = "{urn:iso:std:iso:20022:tech:xsd:camt.053.001.08}"
ITAU_LINE = 400
TOKEN = "token-of-the-test"
ORDER = {
    "convenio": "", "carteira": "109", "nosso_numero": "00000001", "seu_numero": "1",
    "controle": "ORDER-1", "valor": 10000, "vencimento": "2026-11-27", "limite": "2026-12-27",
    "emissao": "2026-11-23", "multa_bps": 200, "juros_mes_bps": 100, "desconto_bps": 0,
    "desconto_ate": None, "hibrido": True,
    "pagador": {"nome": "Maria da Silva", "documento": "52998224725", "logradouro": "Rua A, 1",
                "bairro": "Centro", "cidade": "Recife", "uf": "PE", "cep": "50030230"}}


class Sandbox:
    """One `causeway sandbox ...` and the certificates that it needs."""

    def __init__(self, folder, *words):
        self.folder = pathlib.Path(folder)
        subprocess.run([harness.ROOT / "certs" / "make", self.folder], check=True,
                       capture_output=True)
        self.process = harness.Process(
            [harness.program(), "sandbox", *words, "--listen", "127.0.0.1:0",
             "--cert", self.folder / "acquirer.pem", "--key", self.folder / "acquirer.key",
             "--client-ca", self.folder / "ca.pem", "--webhook-ca", self.folder / "ca.pem"],
            self.folder / "sandbox.log")

    def port(self, door):
        return int(self.process.wait_for_line(rf"^listening {door} \S+:(\d+)$").group(1))

    def tls(self, with_certificate=True):
        context = ssl.create_default_context(cafile=self.folder / "ca.pem")
        if with_certificate:
            context.load_cert_chain(self.folder / "client.pem", self.folder / "client.key")
        return context


def call(connection, method, path, body=None, headers=None):
    """Status and body, read as JSON when it is."""
    text = json.dumps(body) if body is not None else None
    connection.request(method, path, text, headers or {})
    response = connection.getresponse()
    raw = response.read()
    connection.close()
    try:
        return response.status, json.loads(raw)
    except ValueError:
        return response.status, raw


class Bank(unittest.TestCase):
    """From a registration to the statement."""

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="causeway-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.out = self.folder / "out"
        self.bank = Sandbox(self.folder, "boleto", "--bank", "itau", "--token", TOKEN,
                            "--out", self.out, "--in", self.folder / "in",
                            "--day", "2026-11-23", "--registration-fee", "45")
        self.api_port = self.bank.port("api")
        self.admin_port = self.bank.port("admin")

    def api(self, method, path, body=None):
        connection = http.client.HTTPSConnection(
            "127.0.0.1", self.api_port, context=self.bank.tls(), timeout=20)
        return call(connection, method, path, body, {"Authorization": f"Bearer {TOKEN}"})

    def admin(self, method, path, body=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.admin_port, timeout=20)
        return call(connection, method, path, body)

    def test_a_title_is_registered_paid_told_and_credited(self):
        status, title = self.api("POST", "/v1/boletos", ORDER)
        self.assertEqual(status, 201, title)
        self.assertTrue(title["pix"]["copia_e_cola"].startswith("000201"))
        status, paid = self.admin("POST", "/pay", {"linha": title["linha_digitavel"]})
        self.assertEqual((status, paid["pagamentos"][0]["valor_pago"]), (200, 10000))
        status, first = self.admin("POST", "/close-day", {})
        self.assertEqual(first["arquivos"], ["extrato-341-conta-20261123.xml",
                                             "retorno-341-00001-20261123.ret"])
        status, second = self.admin("POST", "/close-day", {"dia": "2026-11-24"})
        self.assertEqual(second["arquivos"], ["extrato-341-conta-20261124.xml"])
        lines = (self.out / first["arquivos"][1]).read_bytes().split(b"\r\n")[:-1]
        self.assertEqual({len(line) for line in lines}, {ITAU_LINE})
        self.assertEqual([line[108:110] for line in lines if line[:1] == b"1"],
                         [b"02", b"06", b"30"])
        balances = [self.balances(first["arquivos"][0]), self.balances(second["arquivos"][0])]
        self.assertEqual(balances, [["0.00", "-0.45"], ["-0.45", "97.70"]])
        status, books = self.admin("GET", "/books")
        self.assertEqual(books["conta"]["saldo"], 9770)
        self.assertEqual(books["titulos"][0]["situacao"], "LIQUIDADO")
        self.assertEqual(self.bank.process.stop(), 0)
        self.assertNotIn(TOKEN, self.bank.process.log_tail())

    def balances(self, name):
        statement = xml.etree.ElementTree.parse(self.out / name).getroot()[0].find(f"{CAMT}Stmt")
        amounts = []
        for balance in statement.findall(f"{CAMT}Bal"):
            sign = "-" if balance.find(f"{CAMT}CdtDbtInd").text == "DBIT" else ""
            amounts.append(sign + balance.find(f"{CAMT}Amt").text)
        return amounts

    def test_a_caller_without_certificate_is_not_served(self):
        connection = http.client.HTTPSConnection(
            "127.0.0.1", self.api_port, context=self.bank.tls(False), timeout=20)
        with self.assertRaises(OSError):
            call(connection, "GET", "/v1/boletos/00000001")
        self.assertEqual(self.bank.process.stop(), 0)


class Pix(unittest.TestCase):
    """A charge, paid."""

    def test_a_charge_is_made_and_paid(self):
        folder = pathlib.Path(tempfile.mkdtemp(prefix="causeway-"))
        self.addCleanup(shutil.rmtree, folder, ignore_errors=True)
        key = "7d9f0335-8dcc-4054-9bf9-0dbd61d36906"
        provider = Sandbox(folder, "pix", "--client-secret", "s3cret", "--pix-key", key)
        ports = [provider.port(door) for door in ("api", "payload", "admin")]

        def api(method, path, body, headers):
            connection = http.client.HTTPSConnection(
                "127.0.0.1", ports[0], context=provider.tls(), timeout=20)
            return call(connection, method, path, body, headers)

        connection = http.client.HTTPSConnection(
            "127.0.0.1", ports[0], context=provider.tls(), timeout=20)
        connection.request("POST", "/oauth/token", "grant_type=client_credentials",
                           {"Authorization": "Basic Y2F1c2V3YXk6czNjcmV0"})
        token = json.loads(connection.getresponse().read())["access_token"]
        connection.close()
        bearer = {"Authorization": f"Bearer {token}"}
        txid = "a" * 30
        status, charge = api("PUT", f"/api/v2/cob/{txid}",
                             {"calendario": {"expiracao": 3600}, "valor": {"original": "12.34"},
                              "chave": key}, bearer)
        self.assertEqual(status, 201, charge)
        admin = http.client.HTTPConnection("127.0.0.1", ports[2], timeout=20)
        status, pix = call(admin, "POST", "/pay", {"txid": txid})
        self.assertEqual((status, pix["valor"]), (200, "12.34"))
        status, charge = api("GET", f"/api/v2/cob/{txid}", None, bearer)
        self.assertEqual(charge["status"], "CONCLUIDA")
        admin = http.client.HTTPConnection("127.0.0.1", ports[2], timeout=20)
        admin.request("GET", f"/statement?day={pix['horario'][:10]}")
        answer = admin.getresponse()
        self.assertEqual((answer.status, answer.getheader("Content-Type")),
                         (200, "application/xml"))
        self.assertIn(CAMT[1:-1], answer.read().decode())
        self.assertEqual(call(admin, "GET", "/statement?day=soon")[0], 400)
        self.assertEqual(provider.process.stop(), 0)


class Words(unittest.TestCase):
    """What is typed wrong is said at once."""

    def test_wrong_use_is_refused(self):
        common = ["--listen", "127.0.0.1:0", "--cert", "x", "--key", "y"]
        for words, code in ((["boleto", *common], 2),
                            (["boleto", *common, "--token", "t", "--bank", "bnp"], 2),
                            (["boleto", *common, "--token", "t", "--day", "soon"], 2),
                            (["boleto", *common, "--token", "t", "--admin", "nowhere"], 2),
                            (["boleto", *common, "--token", "t"], 3),
                            (["pix", *common], 2)):
            done = subprocess.run([harness.program(), "sandbox", *words], capture_output=True,
                                  text=True, timeout=60, check=False)
            self.assertEqual(done.returncode, code, (words, done.stderr))
            self.assertTrue(done.stderr or done.stdout)


if __name__ == "__main__":
    unittest.main()
