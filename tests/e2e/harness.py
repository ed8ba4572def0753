# SPDX-License-Identifier: Apache-2.0
"""A whole house for one test: certificates, configuration, an acquirer sandbox and the gateway.

Everything goes through the doors a user has: the program `causeway` (named by CAUSEWAY_BIN), its
files and its HTTPS. Nothing here sleeps: a program is ready when it says so on its standard output,
and a poll ends by a deadline. Every file lives in one folder, which goes away when all went well;
with CAUSEWAY_KEEP=1 it stays.
"""

import datetime
import http.client
import json
import os
import pathlib
import queue
import re
import select
import shutil
import signal
import ssl
import subprocess
import tempfile
import threading
import time
import urllib.parse
import uuid

ROOT = pathlib.Path(__file__).resolve().parents[2]
READY_SECONDS_MAX = 60
CALL_SECONDS_MAX = 60
STOP_SECONDS_MAX = 30
# The gateway waits so long for the sandbox; a test with a silent acquirer takes that long.
ANSWER_MAX_MS = 500
LATE_MS = 900


def program():
    """The path of the program under test."""
    path = os.environ.get("CAUSEWAY_BIN", "")
    if not os.access(path, os.X_OK):
        raise RuntimeError("set CAUSEWAY_BIN to the program causeway")
    return path


def pause(seconds):
    """The pace of a poll: its deadline decides, not its pace."""
    select.select([], [], [], seconds)


def utc_today():
    return datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d")


class Process:
    """A program that says on its standard output when it is ready. Logs go to a file."""

    def __init__(self, arguments, log):
        self.name = " ".join(str(part) for part in arguments[1:3])
        # Ends with us, however we end; and Ctrl-C in a terminal is ours alone to pass on.
        guard = shutil.which("setpriv")
        leash = [guard, "--pdeathsig", "TERM", "--"] if guard else []
        self.log = pathlib.Path(log)
        self.lines = []
        self._queue = queue.Queue()
        with open(log, "ab") as stderr:
            self._process = subprocess.Popen(
                leash + [str(part) for part in arguments], stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE, stderr=stderr, text=True, start_new_session=True)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    @property
    def pid(self):
        return self._process.pid

    def _read(self):
        for line in self._process.stdout:
            self._queue.put(line.rstrip("\n"))
        self._queue.put(None)

    def wait_for_line(self, pattern, seconds=READY_SECONDS_MAX):
        """The match of the first line that fits, from where the last wait ended."""
        deadline = time.monotonic() + seconds
        while True:
            try:
                line = self._queue.get(timeout=max(0.0, deadline - time.monotonic()))
            except queue.Empty:
                raise AssertionError(f"{self.name} did not say {pattern!r} in {seconds} s; it said "
                                     f"{self.lines}; its log ends {self.log_tail()}") from None
            if line is None:
                code = self._process.wait()
                raise AssertionError(f"{self.name} ended with {code} before it said {pattern!r}; "
                                     f"its log ends {self.log_tail()}")
            self.lines.append(line)
            match = re.search(pattern, line)
            if match:
                return match

    def log_tail(self):
        return self.log.read_text(encoding="utf-8", errors="replace")[-3000:]

    def running(self):
        return self._process.poll() is None

    def cpu_seconds(self):
        """User and system time so far. Linux."""
        text = pathlib.Path(f"/proc/{self.pid}/stat").read_text(encoding="ascii")
        fields = text.rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def stop(self):
        """Asks it to end; its exit code."""
        if self.running():
            self._process.send_signal(signal.SIGTERM)
        try:
            code = self._process.wait(STOP_SECONDS_MAX)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"{self.name} did not end {STOP_SECONDS_MAX} s after SIGTERM; "
                                 f"its log ends {self.log_tail()}") from None
        self._close()
        return code

    def send(self, number):
        """A signal."""
        self._process.send_signal(number)

    def wait(self, seconds=STOP_SECONDS_MAX):
        """Its exit code, once it has ended."""
        return self._process.wait(seconds)

    def kill(self):
        """As a power cut would, but for what the kernel holds."""
        if self.running():
            self._process.kill()
        self._process.wait()
        self._close()

    def _close(self):
        self._reader.join(5)
        self._process.stdout.close()


class Response:
    """What came back: `raw` is the body byte for byte, `body` what it means as JSON."""

    def __init__(self, status, headers, raw):
        self.status = status
        self.headers = headers
        self.raw = raw

    @property
    def body(self):
        return json.loads(self.raw)

    def __repr__(self):
        return f"<{self.status} {self.raw[:600]!r}>"


FRESH = object()  # A new Idempotency-Key for this call.


class Client:
    """Speaks to the gateway with one API key. May be used from many threads."""

    IDLE_SECONDS_MAX = 3

    def __init__(self, house, key):
        self.house = house
        self.key = key
        self._local = threading.local()

    def request(self, method, path, body=None, *, idempotency_key=FRESH, key=FRESH, headers=None):
        """Sends one request, once. `body` is JSON as a value, or bytes that go out as they are.

        Raises OSError or http.client.HTTPException when no whole answer came: the outcome is then
        not known, as for any client.
        """
        out = {"Accept": "application/json"}
        token = self.key if key is FRESH else key
        if token is not None:
            out["Authorization"] = f"Bearer {token}"
        if idempotency_key is FRESH:
            idempotency_key = str(uuid.uuid4()) if method == "POST" else None
        if idempotency_key is not None:
            out["Idempotency-Key"] = idempotency_key
        if body is not None:
            out["Content-Type"] = "application/json"
            if not isinstance(body, bytes):
                body = json.dumps(body).encode()
        out.update(headers or {})
        connection = self._connection()
        try:
            connection.request(method, path, body=body, headers=out)
            answer = connection.getresponse()
            response = Response(answer.status, answer.headers, answer.read())
        except BaseException:
            self.close()
            raise
        self._local.used_at = time.monotonic()
        if self.house.on_response:
            self.house.on_response(method, path, response)
        return response

    def get(self, path, **options):
        return self.request("GET", path, **options)

    def post(self, path, body=None, **options):
        return self.request("POST", path, {} if body is None else body, **options)

    def pay(self, amount, currency, *, token="tok_visa", options=None, **request):
        """Creates and confirms a card payment."""
        body = {"amount": amount, "currency": currency, "confirm": True,
                "payment_method": {"type": "card", "token": token}, **(options or {})}
        return self.post("/v1/payments", body, **request)

    def until(self, path, good, seconds=CALL_SECONDS_MAX):
        """Reads an object until `good(object)`; the object."""
        deadline = time.monotonic() + seconds
        while True:
            response = self.get(path)
            if response.status == 200 and good(response.body):
                return response.body
            if time.monotonic() > deadline:
                raise AssertionError(f"{path} was not as awaited in {seconds} s: {response}")
            pause(0.02)

    def settled(self, payment_id):
        """The payment, once it is not in doubt any more."""
        return self.until(f"/v1/payments/{payment_id}", lambda it: it["status"] != "processing")

    def close(self):
        connection = getattr(self._local, "connection", None)
        if connection:
            connection.close()
        self._local.connection = None

    def _connection(self):
        connection = getattr(self._local, "connection", None)
        idle = time.monotonic() - getattr(self._local, "used_at", 0.0)
        same = getattr(self._local, "url", None) == self.house.url
        if connection is None or not same or idle > self.IDLE_SECONDS_MAX:
            self.close()
            connection = self.house.connect()
            self._local.connection = connection
            self._local.url = self.house.url
        return connection


class Commands:
    """Runs the program's commands as an operator does."""

    def __init__(self, folder, config):
        self.folder = folder
        self.config = config

    def run(self, *arguments, where=True, seconds=120):
        """The finished process. `where` adds --config."""
        command = [program(), *(str(part) for part in arguments)]
        if where:
            command += ["--config", str(self.config)]
        return subprocess.run(command, cwd=self.folder, capture_output=True, text=True,
                              stdin=subprocess.DEVNULL, timeout=seconds, check=False)

    def good(self, *arguments, where=True):
        """Its standard output; anything but exit code 0 fails the test."""
        done = self.run(*arguments, where=where)
        if done.returncode != 0:
            raise AssertionError(f"causeway {' '.join(map(str, arguments))}: exit code "
                                 f"{done.returncode}\n{done.stdout}\n{done.stderr}")
        return done.stdout

    def json(self, *arguments, where=True):
        return json.loads(self.good(*arguments, "--json", where=where))


CONFIG = """\
database = "{database}"

[listen]
address = "127.0.0.1"
port = {port}
certificate = "{certs}/gateway.pem"
private_key = "{certs}/gateway.key"
threads = 2
connections_max = {connections_max}

[vault]
key_file = "{certs}/vault.key"

[ledger]
signing_key_file = "{certs}/signing.key"

[fx]
margin_bps = 80
rates_age_max_days = 3650

[cluster]
lease_ms = {lease_ms}

[[connectors]]
name = "demo_card"
kind = "card"
mode = "test"
host = "127.0.0.1"
port = {acquirer_port}
tls = {acquirer_tls}
ca = "{certs}/ca.pem"
server_name = "localhost"
dialect = "{dialect}"
acquirer_id = "400010"
terminal_id = "CAUSEWAY"
card_acceptor_id = "DEMOMERCHANT001"
name_location = "Causeway Demo Shop       Hamburg      DE"
answer_max_ms = {answer_max_ms}

[connectors.cost]
interchange_bps = 80
scheme_bps = 12
markup_bps = 20
"""


class House:
    """The sandbox, the gateway and the folder they live in. Use with `with`, or start() and stop().

    `on_response(method, path, response)` sees every answer that a client of this house gets.
    """

    def __init__(self, folder=None, certs=None, *, port=0, answer_max_ms=ANSWER_MAX_MS,
                 late_ms=LATE_MS, dialect="ascii", settle=(), extra_config="",
                 database=None, lease_ms=15_000, connections_max=1024):
        self._own_folder = folder is None
        self.folder = pathlib.Path(folder or tempfile.mkdtemp(prefix="causeway-e2e-"))
        self.certs = pathlib.Path(certs or self.folder / "certs")
        self.config = self.folder / "causeway.toml"
        self.books_file = self.folder / "acquirer.books"
        self.dialect = dialect
        self.settle = settle  # What the acquirer pays in another currency: "USD=EUR@0.85".
        # Tables that the configuration has beside the usual ones, or what makes them of a house.
        self.extra_config = extra_config
        self.late_ms = late_ms
        self.answer_max_ms = answer_max_ms
        self.port = port
        self.database = database or f"sqlite:{self.folder}/causeway.db"
        self.lease_ms = lease_ms
        self.connections_max = connections_max
        self.url = None
        self.sandbox = None
        self.gateway = None
        self.acquirer = None  # (host, port) over TLS
        self.acquirer_plain = None
        self.on_response = None
        self.commands = Commands(self.folder, self.config)
        self.keys = {}

    def __enter__(self):
        return self.start()

    def __exit__(self, kind, value, trace):
        self.stop(keep=kind is not None)

    def start(self):
        """Sandbox, configuration, a merchant with keys, gateway."""
        self.start_without_gateway()
        self.start_gateway()
        return self

    def start_without_gateway(self):
        self.folder.mkdir(parents=True, exist_ok=True)
        self.make_certs()
        self.start_sandbox()
        self.write_config()
        self.merchant = self.create_merchant("Demo Shop")

    def make_certs(self):
        subprocess.run([ROOT / "certs" / "make", self.certs], check=True, capture_output=True)

    def write_config(self, acquirer=None, tls=True):
        _, port = acquirer or self.acquirer
        extra = self.extra_config
        self.config.write_text(CONFIG.format(
            database=self.database, lease_ms=self.lease_ms,
            connections_max=self.connections_max, certs=self.certs, port=self.port,
            acquirer_port=port,
            acquirer_tls="true" if tls else "false", dialect=self.dialect,
            answer_max_ms=self.answer_max_ms) + (extra(self) if callable(extra) else extra),
            encoding="utf-8")

    def start_sandbox(self):
        host, port = self.acquirer or ("127.0.0.1", 0)
        plain = ":".join(map(str, self.acquirer_plain or ("127.0.0.1", 0)))
        self.sandbox = Process(
            [program(), "sandbox", "--books", self.books_file, "--listen", f"{host}:{port}",
             "--cert", self.certs / "acquirer.pem", "--key", self.certs / "acquirer.key",
             "--plain", plain, "--dialect", self.dialect, "--late-ms", str(self.late_ms)]
            + [it for rule in self.settle for it in ("--settle", rule)],
            self.folder / "sandbox.log")
        ready = {}
        while len(ready) < 2:
            match = self.sandbox.wait_for_line(r"^listening (tls|plain) (\S+):(\d+)$")
            ready[match[1]] = (match[2], int(match[3]))
        self.acquirer = ready["tls"]
        self.acquirer_plain = ready["plain"]

    def start_gateway(self):
        self.gateway = Process([program(), "serve", "--config", self.config],
                               self.folder / "gateway.log")
        self.url = self.gateway.wait_for_line(r"^listening (https://\S+)$")[1]
        self.wait_until_ready()

    def wait_until_ready(self):
        """It listens before its acquirer has let it in; until then payments are 503."""
        deadline = time.monotonic() + READY_SECONDS_MAX
        while True:
            connection = self.connect()
            connection.request("GET", "/readyz")
            answer = connection.getresponse()
            told = answer.read()
            connection.close()
            if answer.status == 200:
                return
            if time.monotonic() > deadline:
                raise AssertionError(f"/readyz still says {answer.status} {told!r}")
            pause(0.02)

    def restart(self):
        """Stops the gateway in order and starts it again."""
        code = self.gateway.stop()
        self.start_gateway()
        return code

    def kill9(self):
        self.gateway.kill()

    def stop_gateway(self):
        """Stops the gateway in order; the sandbox stays."""
        return self.gateway.stop()

    def stop(self, keep=False):
        try:
            for process in (self.gateway, self.sandbox):
                if process and process.running():
                    process.stop()
        finally:
            if keep or os.environ.get("CAUSEWAY_KEEP"):
                print(f"kept {self.folder}", flush=True)
            elif self._own_folder:
                shutil.rmtree(self.folder, ignore_errors=True)

    def create_merchant(self, name, *extra):
        """The merchant's id; its secret and publishable keys go to `keys`."""
        merchant = self.commands.json("merchants", "create", "--name", name, "--country", "DE",
                                      "--currency", "USD", "--settles", "USD,JPY,KWD",
                                      "--fee-bps", "290", *extra)["id"]
        self.keys[merchant] = {kind: self.make_key(merchant, kind)
                               for kind in ("secret", "publishable")}
        return merchant

    def make_key(self, merchant, kind="secret", *extra, mode="test"):
        """A new API key, as its owner gets it."""
        return self.commands.json("keys", "create", "--merchant", merchant, "--kind", kind,
                                  "--mode", mode, *extra)["key"]

    def client(self, merchant=None, kind="secret"):
        return Client(self, self.keys[merchant or self.merchant][kind])

    def connect(self, url=None):
        """A new HTTPS connection that trusts our authority and nobody else."""
        place = urllib.parse.urlsplit(url or self.url)
        connection = http.client.HTTPSConnection(
            place.hostname, place.port, timeout=CALL_SECONDS_MAX, context=self.tls())
        return connection

    def tls(self):
        return ssl.create_default_context(cafile=str(self.certs / "ca.pem"))

    def books(self):
        """What the acquirer believes; see sandbox_books.py."""
        from sandbox_books import SandboxBooks
        return SandboxBooks(self.commands.json("sandbox", "books", "--books", self.books_file,
                                               where=False))

    def settlement_file(self, name="acquirer.csv", date=None):
        """The acquirer's settlement file of a day, written now."""
        out = self.folder / name
        self.commands.good("sandbox", "settlement", "--books", self.books_file, "--date",
                           date or utc_today(), "--out", out, where=False)
        return out


def card(number="4242424242424242", **more):
    """A body for POST /v1/payment_methods."""
    return {"type": "card", "card": {"number": number, "exp_month": 12, "exp_year": 2030,
                                     "cvc": "123", **more}}
