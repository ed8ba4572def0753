#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What `./dev bench` measures and prints, a figure a line: name, value, unit.

Usage: bench.py --build FOLDER [https|payments|ledger] [--json FILE] [--seconds S] [--rounds N]

The static route and the payments take turns on the same server: a busy neighbour hurts both.
docs/benchmarks.md says how to read the figures.
"""

import argparse
import json
import os
import pathlib
import platform
import statistics
import subprocess
import sys
import urllib.parse

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "e2e"))

import harness  # noqa: E402

CONNECTIONS = 64
# One key sends everything here.
NO_LIMITS = "[limits]\nrequests_per_second = 0\n"
WARM_UP_SECONDS = 1.0


class Figures:
    """Named values with units, printed as they come."""

    def __init__(self):
        self.all = []

    def add(self, name, value, unit):
        self.all.append({"name": name, "value": value, "unit": unit})
        text = f"{value:.3f}" if abs(value) < 10 else f"{value:,.1f}"
        print(f"{name:36} {text:>14}  {unit}", flush=True)

    def adopt(self, line):
        """A line of another program in the same form; anything else is only shown."""
        parts = line.split(None, 2)
        try:
            value = float(parts[1].replace(",", ""))
        except (IndexError, ValueError):
            print(line, file=sys.stderr)
            return
        self.add(parts[0], value, parts[2] if len(parts) > 2 else "")


class Run:
    """Everything that was measured of one kind of request, over all rounds."""

    def __init__(self):
        self.rounds = []
        self.cpu_seconds = 0.0
        self.bad = {}

    def add(self, result, cpu_seconds, expected):
        self.rounds.append(result)
        self.cpu_seconds += cpu_seconds
        statuses = {it: count for it, count in result["status"].items() if it != expected}
        if result["errors"]:
            statuses["lost"] = result["errors"]
        for status, count in statuses.items():
            self.bad[status] = self.bad.get(status, 0) + count

    @property
    def requests(self):
        return sum(it["requests"] for it in self.rounds)

    @property
    def cpu_microseconds(self):
        return self.cpu_seconds * 1e6 / max(1, self.requests)

    def report(self, figures, name, thing):
        seconds = sum(it["seconds"] for it in self.rounds)
        figures.add(f"{name}_rate", self.requests / max(seconds, 1e-9), f"{thing}s/s")
        for figure in ("p50", "p99"):
            middle = statistics.median(it[f"{figure}_us"] for it in self.rounds)
            figures.add(f"{name}_{figure}", middle, "us, median of the rounds")
        figures.add(f"{name}_gateway_cpu", self.cpu_microseconds, f"us CPU/{thing}")


# A provider inside of the gateway, which answers at once: what is left is the gateway's own work.
INSTANT = """
[[connectors]]
name = "instant"
kind = "fault"

[[routing]]
name = "instant"
currencies = ["JPY"]
connectors = ["instant"]
"""


def payment(currency):
    return json.dumps({"amount": 1999, "currency": currency, "confirm": True,
                       "payment_method": {"type": "card", "token": "tok_visa"}})


def load(house, generator, kind, seconds):
    """One burst in a closed loop; what the generator says of it."""
    place = urllib.parse.urlsplit(house.url)
    command = [generator, "--host", place.hostname, "--port", place.port, "--ca",
               house.certs / "ca.pem", "--connections", CONNECTIONS, "--seconds", seconds]
    if kind == "livez":
        command += ["--path", "/livez"]
    else:
        key = house.keys[house.merchant]["secret"]
        command += ["--method", "POST", "--path", "/v1/payments",
                    "--body", payment("JPY" if kind == "instant" else "USD"),
                    "--header", f"Authorization: Bearer {key}",
                    "--header", "Content-Type: application/json",
                    "--header", "Idempotency-Key: {key}"]
    done = subprocess.run([str(it) for it in command], capture_output=True, text=True, check=False)
    try:
        return json.loads(done.stdout)
    except ValueError:
        said = done.stderr[-2000:]
        raise RuntimeError(f"the load ended with {done.returncode}: {said}") from None


def measure_https(figures, kinds, options):
    """Static requests and payments in turns against one sandbox and one gateway."""
    generator = built(options.build, "causeway_bench_load")
    if not generator:
        return False
    expected = {"livez": "200", "payments": "201", "instant": "201"}
    runs = {kind: Run() for kind in kinds}
    with harness.House(answer_max_ms=15000, extra_config=NO_LIMITS + INSTANT) as house:
        for kind in kinds:
            load(house, generator, kind, WARM_UP_SECONDS)
        for _ in range(options.rounds):
            for kind in kinds:
                before = house.gateway.cpu_seconds()
                result = load(house, generator, kind, options.seconds / options.rounds)
                runs[kind].add(result, house.gateway.cpu_seconds() - before, expected[kind])
        if "payments" in kinds:
            house.commands.good("ledger", "verify")
    names = {"livez": ("https_static", "request"), "payments": ("card_payments", "payment"),
             "instant": ("instant_payments", "payment")}
    for kind, run in runs.items():
        run.report(figures, *names[kind])
    for kind, run in runs.items():
        if kind == "livez":
            continue
        ratio = run.cpu_microseconds / max(runs["livez"].cpu_microseconds, 1e-9)
        figures.add(f"{names[kind][0]}_cpu_to_https_static", ratio, "ratio")
    bad = {kind: run.bad for kind, run in runs.items() if run.bad}
    if bad:
        print(f"answers that were not as they should be: {bad}", file=sys.stderr)
    return not bad


def built(build, name):
    """The path of a program of the build, or None, and then it says so."""
    for path in sorted(pathlib.Path(build).rglob(name)):
        if path.is_file() and os.access(path, os.X_OK):
            return path
    print(f"{name} was not built: its figures are missing", file=sys.stderr)
    return None


def measure_ledger(figures, build):
    """The program of its own, which speaks the same lines."""
    path = built(build, "causeway_bench_ledger")
    if not path:
        return False
    with subprocess.Popen([path], stdout=subprocess.PIPE, text=True) as process:
        for line in process.stdout:
            figures.adopt(line.rstrip("\n"))
    return process.returncode == 0


def machine():
    model = platform.processor() or platform.machine()
    for line in pathlib.Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            model = line.partition(":")[2].strip()
            break
    return {"processor": model, "cores": os.cpu_count(), "kernel": platform.release()}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("name", nargs="?", choices=("https", "payments", "ledger"))
    parser.add_argument("--build", required=True)
    parser.add_argument("--json", metavar="FILE")
    parser.add_argument("--seconds", type=float, default=15.0, help="of each kind of request")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    figures = Figures()
    good = True
    if options.name != "ledger":
        # The payments' CPU means something only beside the static route's.
        kinds = ("livez",) if options.name == "https" else ("livez", "payments", "instant")
        good = measure_https(figures, kinds, options) and good
    if options.name in (None, "ledger"):
        good = measure_ledger(figures, options.build) and good
    if options.json:
        document = {"machine": machine(), "figures": figures.all}
        pathlib.Path(options.json).write_text(json.dumps(document, indent=2) + "\n",
                                              encoding="utf-8")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
