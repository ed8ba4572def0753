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
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "e2e"))

import harness  # noqa: E402

CONNECTIONS = 64
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
        self.requests = 0
        self.seconds = 0.0
        self.cpu_seconds = 0.0
        self.microseconds = []
        self.bad = {}

    def add(self, result, cpu_seconds):
        self.requests += result["requests"]
        self.seconds += result["seconds"]
        self.cpu_seconds += cpu_seconds
        self.microseconds += result["microseconds"]
        for status, count in result["bad"].items():
            self.bad[status] = self.bad.get(status, 0) + count

    @property
    def cpu_microseconds(self):
        return self.cpu_seconds * 1e6 / max(1, self.requests)

    def quantile(self, share):
        ordered = sorted(self.microseconds)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0

    def report(self, figures, name, thing):
        figures.add(f"{name}_rate", self.requests / max(self.seconds, 1e-9), f"{thing}/s")
        figures.add(f"{name}_p50", self.quantile(0.50), "us")
        figures.add(f"{name}_p99", self.quantile(0.99), "us")
        figures.add(f"{name}_gateway_cpu", self.cpu_microseconds, f"us CPU/{thing.rstrip('s')}")


def load(house, kind, seconds):
    """One burst from a process of its own; its result as load.py prints it."""
    done = subprocess.run(
        [sys.executable, HERE / "load.py", kind, "--url", house.url, "--ca",
         house.certs / "ca.pem", "--key", house.keys[house.merchant]["secret"], "--connections",
         str(CONNECTIONS), "--seconds", str(seconds)],
        capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"the load ended with {done.returncode}: {done.stderr[-2000:]}")
    return json.loads(done.stdout)


def measure_https(figures, kinds, options):
    """Static requests and payments in turns against one sandbox and one gateway."""
    runs = {kind: Run() for kind in kinds}
    with harness.House(answer_max_ms=15000) as house:
        for kind in kinds:
            load(house, kind, WARM_UP_SECONDS)
        for _ in range(options.rounds):
            for kind in kinds:
                before = house.gateway.cpu_seconds()
                result = load(house, kind, options.seconds / options.rounds)
                runs[kind].add(result, house.gateway.cpu_seconds() - before)
        if "payments" in kinds:
            house.commands.good("ledger", "verify")
    names = {"livez": ("https_static", "requests"), "payments": ("card_payments", "payments")}
    for kind, run in runs.items():
        run.report(figures, *names[kind])
    if len(runs) == 2:
        ratio = runs["payments"].cpu_microseconds / max(runs["livez"].cpu_microseconds, 1e-9)
        figures.add("card_payments_cpu_to_https_static", ratio, "ratio")
    bad = {kind: run.bad for kind, run in runs.items() if run.bad}
    if bad:
        print(f"answers that were not as they should be: {bad}", file=sys.stderr)
    return not bad


def measure_ledger(figures, build):
    """The program of its own, which speaks the same lines."""
    found = sorted(pathlib.Path(build).rglob("causeway_bench_ledger"))
    found = [it for it in found if it.is_file() and os.access(it, os.X_OK)]
    if not found:
        print("causeway_bench_ledger was not built; no figures of the ledger", file=sys.stderr)
        return False
    with subprocess.Popen([found[0]], stdout=subprocess.PIPE, text=True) as process:
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
        kinds = ("livez",) if options.name == "https" else ("livez", "payments")
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
