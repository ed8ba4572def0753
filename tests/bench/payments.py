# SPDX-License-Identifier: Apache-2.0
"""The figures of `bench.py https` and `bench.py payments`: the gateway beside its rivals.

Whoever is compared takes turns: a busy neighbour hurts all of them. Where "one core" is said, the
server has the first core for itself and the generator the others.
"""

import contextlib
import json
import os
import pathlib
import resource
import sqlite3
import statistics
import subprocess
import sys
import threading
import urllib.parse

import harness
import rivals

CONNECTIONS = 64
OPEN_CONNECTIONS = 256
IDLE_CONNECTIONS = 5000
OPEN_SHARE = 0.7
WARM_UP_SECONDS = 1.0
FILL_SECONDS_MAX = 900
IDLE_SECONDS_MAX = 120

# `instant` is a provider inside of the gateway, which answers at once: what is left is the
# gateway's own work. `purchases` is an acquirer of its own, where one message charges a card: two
# connectors at one acquirer would number their messages alike.
CONFIG = """
[limits]
requests_per_second = 0

[[connectors]]
name = "instant"
kind = "fault"
single_message = true

[[connectors]]
name = "purchases"
kind = "card"
port = {acquirer_port}
tls = true
ca = "{certs}/ca.pem"
server_name = "localhost"
dialect = "ascii"
acquirer_id = "400010"
terminal_id = "PURCHASE"
card_acceptor_id = "DEMOMERCHANT001"
name_location = "Causeway Demo Shop       Hamburg      DE"
answer_max_ms = 15000
automatic_capture = "purchase"

[[routing]]
name = "instant"
currencies = ["JPY"]
connectors = ["instant"]

[[routing]]
name = "one message"
currencies = ["USD"]
connectors = ["purchases"]
"""
CURRENCIES = {"instant": "JPY", "payments": "USD", "completed": "KWD"}
NAMES = {"livez": ("https_static", "request"), "payments": ("card_payments", "payment"),
         "completed": ("card_completed_payments", "payment"),
         "instant": ("instant_payments", "payment"), "nginx": ("nginx_return_200", "request")}
EXPECTED = {"livez": "200", "payments": "201", "completed": "201", "instant": "201",
            "nginx": "200"}


class Run:
    """Everything that was measured of one kind of request, over all rounds."""

    def __init__(self):
        self.rounds = []
        self.cpu_seconds = 0.0

    def add(self, result, cpu_seconds):
        self.rounds.append(result)
        self.cpu_seconds += cpu_seconds

    @property
    def requests(self):
        return sum(it["requests"] for it in self.rounds)

    @property
    def rate(self):
        return self.requests / max(sum(it["seconds"] for it in self.rounds), 1e-9)

    @property
    def cpu_microseconds(self):
        return self.cpu_seconds * 1e6 / max(1, self.requests)

    def middle(self, figure):
        return statistics.median(it[figure] for it in self.rounds)

    def report(self, figures, kind, suffix=""):
        name, thing = NAMES[kind]
        figures.add(f"{name}{suffix}_rate", self.rate, f"{thing}s/s")
        for figure in ("p50", "p99"):
            figures.add(f"{name}{suffix}_{figure}", self.middle(f"{figure}_us"),
                        "us, median of the rounds")
        figures.add(f"{name}{suffix}_gateway_cpu", self.cpu_microseconds, f"us CPU/{thing}")


def payment(currency):
    return json.dumps({"amount": 1999, "currency": currency, "confirm": True,
                       "payment_method": {"type": "card", "token": "tok_visa"}})


def config_of(house):
    """The tables for a house, and the acquirer that they need."""
    if not hasattr(house, "purchases"):
        house.purchases = harness.Process(
            [harness.program(), "sandbox", "--books", house.folder / "purchases.books",
             "--listen", "127.0.0.1:0", "--cert", house.certs / "acquirer.pem",
             "--key", house.certs / "acquirer.key", "--dialect", "ascii"],
            house.folder / "purchases.log")
        house.purchases_port = house.purchases.wait_for_line(r"^listening tls \S+:(\d+)$")[1]
    return CONFIG.format(acquirer_port=house.purchases_port, certs=house.certs)


def pin(process, cores):
    """All threads of a running program, and those they will start."""
    with contextlib.suppress(FileNotFoundError):
        for task in pathlib.Path(f"/proc/{process}/task").iterdir():
            with contextlib.suppress(ProcessLookupError):
                os.sched_setaffinity(int(task.name), cores)


def resident_bytes(process):
    for line in pathlib.Path(f"/proc/{process}/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    return 0


class Bench:
    """One sandbox and one gateway, with everything that is measured of them."""

    def __init__(self, figures, generator, house, options):
        self.figures = figures
        self.generator = generator
        self.house = house
        self.options = options
        self.nginx = None
        self.cores = os.sched_getaffinity(0)
        self.bad = {}

    def command(self, kind, connections=CONNECTIONS):
        place = urllib.parse.urlsplit(self.house.url)
        port = self.nginx.port if kind == "nginx" else place.port
        command = [self.generator, "--host", "127.0.0.1" if kind == "nginx" else place.hostname,
                   "--port", port, "--ca", self.house.certs / "ca.pem",
                   "--connections", connections]
        if kind in ("livez", "nginx"):
            return [*command, "--path", "/livez"]
        key = self.house.keys[self.house.merchant]["secret"]
        return [*command, "--method", "POST", "--path", "/v1/payments",
                "--body", payment(CURRENCIES[kind]),
                "--header", f"Authorization: Bearer {key}",
                "--header", "Idempotency-Key: {key}"]

    def load(self, kind, *more, connections=CONNECTIONS, cores=None):
        """One burst, and what the generator says of it."""
        command = [str(it) for it in (*self.command(kind, connections), *more)]
        done = subprocess.run(command, capture_output=True, text=True, check=False,
                              preexec_fn=lambda: os.sched_setaffinity(0, cores or self.cores))
        try:
            result = json.loads(done.stdout)
        except ValueError:
            said = done.stderr[-2000:]
            raise RuntimeError(f"the load ended with {done.returncode}: {said}") from None
        wrong = {it: count for it, count in result["status"].items() if it != EXPECTED[kind]}
        if result["errors"]:
            wrong["lost"] = result["errors"]
        for status, count in wrong.items():
            self.bad[(kind, status)] = self.bad.get((kind, status), 0) + count
        return result

    def burst(self, run, kind, *more, **where):
        before = self.house.gateway.cpu_seconds()
        result = self.load(kind, *more, **where)
        run.add(result, self.house.gateway.cpu_seconds() - before)

    def in_turns(self, kinds, cores=None, between=None):
        """Closed loops. `between` is called once a round."""
        runs = {kind: Run() for kind in kinds}
        for kind in kinds:
            self.load(kind, "--seconds", WARM_UP_SECONDS, cores=cores)
        for _ in range(self.options.rounds):
            for kind in kinds:
                self.burst(runs[kind], kind, "--seconds",
                           self.options.seconds / self.options.rounds, cores=cores)
            if between:
                between()
        return runs

    def one_core(self):
        """The gateway's own work beside nginx's, each on the same single core."""
        if len(self.cores) < 2:
            print("one core is not enough to give a server one: its figures are MISSING",
                  file=sys.stderr)
            return
        first = {min(self.cores)}
        others = self.cores - first
        with contextlib.ExitStack() as stack:
            kinds = ["livez", "instant"]
            if rivals.Nginx.find():
                self.nginx = stack.enter_context(
                    rivals.Nginx(self.house.folder, self.house.certs))
                for process in self.nginx.processes():
                    pin(process, first)
                kinds.insert(0, "nginx")
            else:
                rivals.missing("nginx")
            pin(self.house.gateway.pid, first)
            runs = self.in_turns(kinds, others)
            pin(self.house.gateway.pid, self.cores)
        runs["livez"].report(self.figures, "livez", "_one_core")
        runs["instant"].report(self.figures, "instant")
        self.ratio("instant_payments_cpu_to_https_static", runs["instant"], runs["livez"])
        if "nginx" in runs:
            self.figures.add("nginx_return_200_rate", runs["nginx"].rate, "requests/s")
            self.figures.add("https_static_to_nginx",
                             runs["livez"].rate / max(runs["nginx"].rate, 1e-9), "ratio")
            self.figures.add("instant_payments_to_nginx",
                             runs["instant"].rate / max(runs["nginx"].rate, 1e-9), "ratio",
                             goal=">= 0.25")

    def ratio(self, name, payments, static, goal=None):
        cpu = payments.cpu_microseconds / max(static.cpu_microseconds, 1e-9)
        self.figures.add(name, cpu, "ratio", goal=goal)

    def static_alone(self):
        self.in_turns(["livez"])["livez"].report(self.figures, "livez")

    def cards(self):
        """Card payments through the sandbox beside TPC-B, on all cores. Their rate."""
        tpc = []
        with contextlib.ExitStack() as stack:
            pgbench = None
            if rivals.TpcB.find():
                server = stack.enter_context(rivals.TpcB())
                slice_seconds = max(2.0, self.options.seconds / self.options.rounds)
                pgbench = lambda: tpc.append(server.rate(slice_seconds))  # noqa: E731
            else:
                rivals.missing("pgbench")
            runs = self.in_turns(["livez", "payments", "completed"], between=pgbench)
        for kind, run in runs.items():
            run.report(self.figures, kind)
        self.ratio("card_payments_cpu_to_https_static", runs["payments"], runs["livez"], "<= 6")
        self.ratio("card_completed_payments_cpu_to_https_static", runs["completed"], runs["livez"])
        if tpc:
            rate = statistics.median(tpc)
            self.figures.add("pgbench_tpc_b_rate", rate, "transactions/s")
            self.figures.add("card_payments_to_tpc_b", runs["payments"].rate / rate, "ratio",
                             goal=">= 1.5")
        return runs["payments"].rate

    def open_loop(self, closed_rate):
        """At a set pace, below what the closed loop has shown to be possible."""
        rate = OPEN_SHARE * closed_rate
        run = Run()
        for _ in range(self.options.rounds):
            self.burst(run, "payments", "--rate", rate, "--seconds",
                       self.options.seconds / self.options.rounds, connections=OPEN_CONNECTIONS)
        self.figures.add("card_payments_open_rate", run.rate, "payments/s, open loop at 70 %")
        p50, p99 = run.middle("p50_us"), run.middle("p99_us")
        self.figures.add("card_payments_open_p50", p50, "us, median of the rounds")
        self.figures.add("card_payments_open_p99", p99, "us, median of the rounds")
        self.figures.add("card_payments_open_p99_to_p50", p99 / max(p50, 1), "ratio", goal="< 5")

    def ageing(self):
        """Payments with a provider that answers at once, on books that grow."""
        steps = (10_000, 100_000, 1_000_000) if self.options.full else (10_000, 100_000)
        first = None
        for step in steps:
            missing = step - self.payments_stored()
            if missing > 0:
                self.load("instant", "--requests", missing, "--seconds", FILL_SECONDS_MAX)
            run = Run()
            for _ in range(self.options.rounds):
                self.burst(run, "instant", "--seconds",
                           self.options.seconds / 3 / self.options.rounds)
            self.figures.add(f"instant_payments_age_{step}_cpu", run.cpu_microseconds,
                             "us CPU/payment")
            first = first or run.cpu_microseconds
            self.figures.add(f"instant_payments_age_{step}_ratio",
                             first / max(run.cpu_microseconds, 1e-9), "of the first", goal=">= 0.9")

    def payments_stored(self):
        place = f"file:{self.house.folder}/causeway.db?mode=ro"
        with contextlib.closing(sqlite3.connect(place, uri=True)) as books:
            return books.execute("SELECT COUNT(*) FROM payments").fetchone()[0]

    def idle(self):
        """What connections cost that say nothing."""
        before = resident_bytes(self.house.gateway.pid)
        command = [*self.command("livez", IDLE_CONNECTIONS), "--hold", "--seconds", 600]
        with subprocess.Popen([str(it) for it in command], stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE, text=True) as holder:
            patience = threading.Timer(IDLE_SECONDS_MAX, holder.kill)
            patience.start()
            said = holder.stdout.readline()
            patience.cancel()
            taken = resident_bytes(self.house.gateway.pid) - before
            holder.stdin.close()
        if said.strip() != f"holding {IDLE_CONNECTIONS}":
            print("the idle connections did not all come up: their figure is MISSING",
                  file=sys.stderr)
            return
        self.figures.add(f"idle_{IDLE_CONNECTIONS}_memory", taken / 1e6, "MB", goal="< 100")


def measure(figures, generator, options):
    """True when every answer was as it should be."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    room = hard > IDLE_CONNECTIONS + 1000
    with contextlib.ExitStack() as stack:
        house = stack.enter_context(
            harness.House(answer_max_ms=15000, extra_config=config_of,
                          connections_max=IDLE_CONNECTIONS + 1000 if room else 1024))
        stack.callback(house.purchases.stop)
        bench = Bench(figures, generator, house, options)
        if options.name == "https":
            bench.static_alone()
        else:
            if room:
                bench.idle()
            else:
                print("too few descriptors for idle connections: figure MISSING", file=sys.stderr)
            bench.one_core()
            bench.open_loop(bench.cards())
            bench.ageing()
            house.commands.good("ledger", "verify")
    if bench.bad:
        print(f"answers that were not as they should be: {bench.bad}", file=sys.stderr)
    return not bench.bad
