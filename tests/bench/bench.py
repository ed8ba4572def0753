#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What `./dev bench` measures and prints, a figure a line: name, value, unit.

Usage: bench.py --build FOLDER [https|payments|ledger|fx] [--json FILE] [--full]
                [--seconds S] [--rounds N]

docs/benchmarks.md says how to read the figures.
"""

import argparse
import json
import operator
import os
import pathlib
import platform
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "e2e"))

import payments  # noqa: E402


def meets(value, goal):
    """`goal` is a comparison and a number: ">= 0.25"."""
    sign, bound = goal.split()
    return {">=": operator.ge, "<=": operator.le, "<": operator.lt}[sign](value, float(bound))


class Figures:
    """Named values with units, printed as they come."""

    def __init__(self):
        self.all = []

    def add(self, name, value, unit, goal=None):
        figure = {"name": name, "value": value, "unit": unit}
        if goal:
            figure["goal"] = goal
            unit += f", goal {goal}: {'met' if meets(value, goal) else 'MISSED'}"
        self.all.append(figure)
        text = f"{value:.3f}" if abs(value) < 10 else f"{value:,.1f}"
        print(f"{name:40} {text:>14}  {unit}", flush=True)

    def adopt(self, line):
        """A line of another program in the same form; anything else is only shown."""
        parts = line.split(None, 2)
        try:
            value = float(parts[1].replace(",", ""))
        except (IndexError, ValueError):
            print(line, file=sys.stderr)
            return
        self.add(parts[0], value, parts[2] if len(parts) > 2 else "")


def built(build, name):
    """The path of a program of the build, or None, and then it says so."""
    for path in sorted(pathlib.Path(build).rglob(name)):
        if path.is_file() and os.access(path, os.X_OK):
            return path
    print(f"{name} was not built: its figures are missing", file=sys.stderr)
    return None


def measure_with(figures, build, name):
    """A program of its own, which speaks the same lines."""
    path = built(build, name)
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
    parser.add_argument("name", nargs="?", choices=("https", "payments", "ledger", "fx"))
    parser.add_argument("--build", required=True)
    parser.add_argument("--json", metavar="FILE")
    parser.add_argument("--seconds", type=float, default=15.0, help="of each kind of request")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--full", action="store_true", help="to 10^6 stored payments")
    options = parser.parse_args()
    figures = Figures()
    good = True
    if options.name not in ("ledger", "fx"):
        generator = built(options.build, "causeway_bench_load")
        good = generator is not None and payments.measure(figures, generator, options)
    if options.name in (None, "ledger"):
        good = measure_with(figures, options.build, "causeway_bench_ledger") and good
    if options.name in (None, "fx"):
        good = measure_with(figures, options.build, "causeway_bench_fx") and good
    if options.json:
        document = {"machine": machine(), "figures": figures.all}
        pathlib.Path(options.json).write_text(json.dumps(document, indent=2) + "\n",
                                              encoding="utf-8")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
