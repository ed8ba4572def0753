# SPDX-License-Identifier: Apache-2.0
"""Other people's CNAB software, to read what we write and to write what we read.

The folder named by CAUSEWAY_PEERS has it, or has it not:

    npm install --ignore-scripts nodenab@1.2.1 @banco-br/cnab_yaml@2.1.0 @banco-br/nodejs-cnab@0.2.0
    pip install --target python pyyaml
    pip install --target python --no-deps --ignore-requires-python --only-binary=:all: \\
        --python-version 3.13 farialimer==0.2.1 pycobranca==1.1.2

Where they are known to be wrong, this file says so; docs/cnab.md has the list.
"""

import importlib
import json
import os
import pathlib
import subprocess
import sys
import unittest

HERE = pathlib.Path(__file__).resolve().parent


def folder():
    """Where the peers are. Skips the test without one."""
    named = os.environ.get("CAUSEWAY_PEERS")
    if not named:
        raise unittest.SkipTest("NOT TESTED: no folder in CAUSEWAY_PEERS; no third party judged")
    return pathlib.Path(named)


def package(name):
    """A Python package of the peers."""
    place = folder() / "python"
    if not (place / name.partition(".")[0]).is_dir():
        raise unittest.SkipTest(f"NOT TESTED: {place} has no {name}; no third party judged")
    if str(place) not in sys.path:
        sys.path.append(str(place))
    return importlib.import_module(name)


def node(jobs):
    """The answers of cnab_peer.cjs."""
    if not (folder() / "node_modules" / "nodenab").is_dir():
        raise unittest.SkipTest(f"NOT TESTED: {folder()} has no nodenab; no third party judged")
    done = subprocess.run(["node", HERE / "cnab_peer.cjs", folder()], input=json.dumps(jobs),
                          capture_output=True, text=True, timeout=60, check=False)
    if done.returncode != 0:
        raise AssertionError(done.stderr)
    return json.loads(done.stdout)


class Node:
    """`nodenab` (Bradesco) or `banco_br` (all three banks)."""

    def __init__(self, peer):
        self.peer = peer

    def read(self, record, lines):
        """What the peer sees, a dictionary for each line."""
        return node([{"peer": self.peer, "do": "read", "record": record, "line": it}
                     for it in lines])

    def write(self, rows):
        """Lines from (record, data)."""
        return node([{"peer": self.peer, "do": "write", "record": record, "data": data}
                     for record, data in rows])


class Farialimer:
    """Itaú, both directions."""

    SPEC = "cobranca_400"

    def __init__(self):
        self.generator = package("farialimer.generator.itau.cobranca").ItauCobrancaGenerator()

    def read(self, record, lines):
        """Its columns and its types. Its own conversion of amounts drops the zero of 0.05, and of
        X fields with a 9 in their length it makes numbers, so the texts are taken as they are."""
        fields = self.generator.get_spec_parser(self.SPEC)[record]
        return [{it.name: line[it.start - 1:it.end] for it in fields} for line in lines]

    def write(self, rows):
        return self.generator.gerar(rows, self.SPEC)


def empty(value):
    """Nothing said: blanks, zeros, or what a reader makes of them."""
    return value is None or set(str(value)) <= {"0", " "}


def check(case, told, meant):
    """Every field that a peer saw is the one that was meant, and one that is not among those is
    empty. `meant` is name -> value, compared as text without blanks and zeros at the left."""
    for name, value in told.items():
        if name in meant:
            case.assertEqual(bare(value), bare(meant[name]), name)
        else:
            case.assertTrue(empty(value), f"{name}: {value!r} was not meant")
    case.assertEqual(sorted(set(meant) - set(told)), [], "not seen by the peer")


def bare(value):
    text = str(value).strip()
    return text.lstrip("0") if text.strip("0") else "0"


def nodenab_amount(cents):
    """What nodenab 1.2.1 makes of an amount: 10000.05 is "10000" beside "0.05"."""
    reais, rest = divmod(cents, 100)
    return f"{reais}{rest / 100}" if rest else reais
