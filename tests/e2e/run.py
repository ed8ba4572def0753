#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs one suite of this folder, or one file of unittest anywhere.

Usage: run.py test_checkout [UNITTEST NAME...]

With CAUSEWAY_RESULTS it leaves RESULTS/e2e_checkout.json (or the file's own name) with counts in
GoogleTest's form, for the closing line of `./dev test`.
"""

import json
import os
import pathlib
import sys
import unittest

HERE = pathlib.Path(__file__).resolve().parent


def load(name, only):
    file = pathlib.Path(name)
    if file.suffix != ".py":
        file = HERE / f"{name}.py"
    sys.path.insert(0, str(file.parent))
    sys.path.insert(0, str(HERE))
    loader = unittest.TestLoader()
    suite = loader.loadTestsFromNames([f"{file.stem}.{it}" for it in only] or [file.stem])
    # ctest's own names of these tests; tests/support/summary.py looks for them.
    names = {"check_style_test": "style_rules",
             "exact_check": "fx_exact",
             "verify_chain_test": "chain_verifier"}
    return names.get(file.stem, file.stem.replace("test_", "e2e_")), suite


def main(arguments):
    if not arguments:
        print(__doc__, file=sys.stderr)
        return 2
    name, suite = load(arguments[0], arguments[1:])
    result = unittest.TextTestRunner(stream=sys.stderr, verbosity=2).run(suite)
    # setUpModule and setUpClass fail without counting as a test.
    bad = len(result.failures) + len(result.errors) + len(result.unexpectedSuccesses)
    folder = os.environ.get("CAUSEWAY_RESULTS")
    if folder:
        counts = {"tests": max(result.testsRun, bad), "failures": bad, "errors": 0,
                  "disabled": len(result.skipped)}
        pathlib.Path(folder, f"{name}.json").write_text(json.dumps(counts), encoding="utf-8")
    return 0 if bad == 0 and result.testsRun else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
