# SPDX-License-Identifier: Apache-2.0
"""The world of a simulated month: one gateway, three banks and a Pix provider, each a process.

itau registers by its interface and notifies, bradesco knows files alone, bb registers by file and
notifies. Every bank tells of everything by its night file. Each connector has other policies, so
that money is credited, held and sent back.
"""

import collections
import concurrent.futures
import contextlib
import http.client
import json
import random
import socket
import threading
import time

import harness
from pix_provider import PixProvider, read_body

TOKEN = "token-of-the-month"
SECRET = "the secret of the month's notices"
REGISTRATION_FEE = 45
ANSWER_MAX_MS = 1500
STARTS_MAX = 20

BENEFICIARY = """\
beneficiary_name = "Loja Beta Ltda"
beneficiary_tax_id = "12.ABC.345/01DE-35"
beneficiary_street = "Rua das Flores, 100"
beneficiary_district = "Centro"
beneficiary_city = "Recife"
beneficiary_state = "PE"
beneficiary_postal_code = "50010-000"
"""
# What a bank's connector is told beside its door, its policies and the days.
CONTRACTS = {
    "itau": 'bank = "itau"\nbranch = "0057"\naccount = "12345"\nwallet = "109"\n'
            'hybrid = true\npix_key = "7d9f0335-8dcc-4054-9bf9-0dbd61d36906"\n',
    "bradesco": 'bank = "bradesco"\nbranch = "1234"\naccount = "56789"\naccount_digit = "2"\n'
                'wallet = "09"\ncompany_code = "4412345"\n',
    "bb": 'bank = "banco_do_brasil"\nbranch = "1234"\naccount = "56789"\nwallet = "17"\n'
          'wallet_variation = "19"\nagreement = "1234567"\nnumber_last = 8999999999\n',
}
POLICIES = {
    "itau": {"short_payment": "credit", "excess": "credit", "late": "credit", "duplicate": "hold"},
    "bradesco": {"short_payment": "hold", "excess": "hold", "late": "refund",
                 "duplicate": "refund"},
    "bb": {"short_payment": "refund", "excess": "refund", "late": "hold", "duplicate": "hold"},
    "pix": {"late": "refund", "duplicate": "refund"},
}
BY_API = {"itau"}
NOTIFIES = {"itau", "bb"}
LOST = (OSError, http.client.HTTPException)


def free_port():
    """Not one that the system gives to who calls out: a gateway that was killed wants it back."""
    for port in random.SystemRandom().sample(range(20_000, 30_000), k=100):
        with socket.socket() as door, contextlib.suppress(OSError):
            door.bind(("127.0.0.1", port))
            return port
    raise AssertionError("no port is free")


def policies_of(name):
    lines = "".join(f'{key} = "{value}"\n' for key, value in POLICIES[name].items())
    return f"[connectors.receipts]\n{lines}"


class Bank:
    """A bank in a process of its own."""

    def __init__(self, name, house, first_day):
        self.name = name
        self.folder = house.folder / name
        self.remessas = self.folder / "remessas"
        self.retornos = self.folder / "retornos"
        self.remessas.mkdir(parents=True, exist_ok=True)
        self.certs = house.certs
        arguments = [harness.program(), "sandbox", "boleto", "--bank", name, "--token", TOKEN,
                     "--listen", "127.0.0.1:0", "--cert", house.certs / "acquirer.pem",
                     "--key", house.certs / "acquirer.key", "--client-ca", house.certs / "ca.pem",
                     "--out", self.retornos, "--in", self.remessas, "--day", first_day,
                     "--registration-fee", REGISTRATION_FEE,
                     "--name", "Loja Beta Ltda", "--tax-number", "12ABC34501DE35"]
        if name in NOTIFIES:
            arguments += ["--webhook", notifications_at(house, name), "--webhook-secret", SECRET,
                          "--webhook-ca", house.certs / "ca.pem"]
        self.process = harness.Process(arguments, house.folder / f"{name}.log")
        self.api_port = int(self.process.wait_for_line(r"^listening api \S+:(\d+)$")[1])
        self.admin_port = int(self.process.wait_for_line(r"^listening admin \S+:(\d+)$")[1])

    def config(self, open_days):
        door = 'registration = "file"\n'
        if self.name in BY_API:
            door = (f'registration = "api"\nport = {self.api_port}\ntoken = "{TOKEN}"\n'
                    f'ca = "{self.certs}/ca.pem"\ncertificate = "{self.certs}/client.pem"\n'
                    f'private_key = "{self.certs}/client.key"\nanswer_max_ms = {ANSWER_MAX_MS}\n')
        if self.name in NOTIFIES:
            door += f'webhook_secret = "{SECRET}"\n'
        return (f'\n[[connectors]]\nname = "{self.name}"\nkind = "boleto"\n'
                f"{CONTRACTS[self.name]}{BENEFICIARY}{door}open_days = {open_days}\n"
                f"{policies_of(self.name)}")

    def admin(self, path, body=None):
        """Asks the test's door; GET without a body. Raises Refused for what is refused."""
        return ask_admin(self.admin_port, "/" + path, body)

    def books(self):
        return self.admin("books")

    def stop(self):
        self.process.stop()


class Refused(Exception):
    """The provider would not: its status and words."""

    def __init__(self, status, words):
        super().__init__(f"{status} {words}")
        self.status = status


def ask_admin(port, path, body):
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=300)
    line.request("GET" if body is None else "POST", path,
                 None if body is None else json.dumps(body).encode())
    answer = line.getresponse()
    told = read_body(answer)
    line.close()
    if answer.status // 100 != 2:
        raise Refused(answer.status, str(told)[:300])
    return told


def notifications_at(house, connector):
    return f"https://localhost:{house.port}/v1/notifications/{connector}"


class Provider(PixProvider):
    """Pix, with webhooks and a question every second."""

    name = "pix"

    def __init__(self, house):
        self.house = house
        super().__init__(house.folder, house.certs)

    def config(self):
        return super().config("pix", notifications_at(self.house, "pix")) + (
            f"overlap_s = 5\nanswer_max_ms = {ANSWER_MAX_MS}\n{policies_of('pix')}")

    def admin(self, path, body=None):
        return ask_admin(self.ports["admin"], "/" + path, body)


class World:
    """The house with its providers. Use with `with`."""

    def __init__(self, plan, database=None, server=None):
        self.plan = plan
        self.server = server  # Of PostgreSQL; None: SQLite.
        self.providers = {}
        self.house = harness.House(port=free_port(), database=database, lease_ms=1500,
                                   extra_config=self._config)
        self.kills = 0
        self.starts_refused = 0
        self._starter = concurrent.futures.ThreadPoolExecutor(max_workers=1)

    def __enter__(self):
        try:
            self.house.start()
            # Who settles in what is paid: nothing is converted.
            self.house.merchant = self.house.commands.json(
                "merchants", "create", "--name", "Loja Beta", "--country", "BR", "--currency",
                "BRL", "--settles", "BRL", "--fee-bps", "290")["id"]
            self.house.keys[self.house.merchant] = {
                "secret": self.house.make_key(self.house.merchant)}
        except BaseException:
            self.__exit__(Exception, None, None)
            raise
        return self

    def __exit__(self, kind, value, trace):
        for provider in self.providers.values():
            if provider.process.running():
                provider.stop()
        self.house.stop(keep=kind is not None)
        self._starter.shutdown()

    def _config(self, house):
        if not self.providers:
            for name in CONTRACTS:
                self.providers[name] = Bank(name, house, self.plan.date(0))
            self.providers["pix"] = Provider(house)
        text = "".join(it.config(self.plan.open_days) for it in self.banks())
        text += self.providers["pix"].config()
        # Beside a database of SQLite it is anyway.
        if self.server is not None:
            text += f'\n[admin]\nsocket = "{house.folder}/admin.sock"\n'
        return text + self._routes() + "\n[limits]\nrequests_per_second = 0\n"

    @staticmethod
    def _routes():
        from month_plan import AMOUNTS, BANKS
        return "".join(
            f'\n[[routing]]\nname = "{name}"\nmethods = ["boleto"]\ncurrencies = ["BRL"]\n'
            f"amount_min = {AMOUNTS[name][0]}\namount_max = {AMOUNTS[name][1]}\n"
            f'connectors = ["{name}"]\n' for name in BANKS)

    def banks(self):
        return [self.providers[name] for name in CONTRACTS]

    # A process ends with the thread that has started it, so one thread starts them all.
    def kill_gateway(self):
        """As a power cut would, and up again."""
        self._starter.submit(self._kill_gateway).result()

    def _kill_gateway(self):
        self.house.kill9()
        self.kills += 1
        # As a service manager does: a command that looks at the database may own it for a moment.
        for left in range(STARTS_MAX, 0, -1):
            try:
                return self.house.start_gateway()
            except AssertionError as error:
                if left == 1 or "owns" not in str(error):
                    raise
                self.starts_refused += 1
                harness.pause(0.1)
        return None

    def wait_until_there(self):
        """Until nobody is about to start the gateway again."""
        self._starter.submit(lambda: None).result()


class Crew:
    """Clients in threads of their own, who try again what got no answer: the gateway may die."""

    def __init__(self, world, size):
        self.world = world
        self.size = size

    def each(self, items, work):
        """work(client, item) for each, in no order. The first error is raised."""
        items = collections.deque(items)
        errors = []

        def run():
            client = self.world.house.client()
            while not errors:
                try:
                    item = items.popleft()
                except IndexError:
                    break
                try:
                    work(client, item)
                except Exception as error:  # Told by the caller's thread.
                    errors.append(error)
            client.close()

        threads = [threading.Thread(target=run, daemon=True) for _ in range(self.size)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if errors:
            raise errors[0]


def insist(client, method, path, body=None, *, key=None, seconds=120):
    """Sends the same request until there is an answer for good."""
    deadline = time.monotonic() + seconds
    answer = None
    while True:
        try:
            answer = client.request(method, path, body, idempotency_key=key)
            if not is_for_later(answer):
                return answer
        except LOST:
            client.close()
        if time.monotonic() > deadline:
            raise AssertionError(f"{method} {path}: no answer in {seconds} s, last {answer}")
        harness.pause(0.05)


def is_for_later(answer):
    if answer.status in (429, 503):
        return True
    return answer.status == 409 and answer.body["code"] == "idempotency_key_in_flight"
