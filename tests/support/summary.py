#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Adds up what a whole test run did, and says it in one line.

Usage: summary.py RESULTS_FOLDER [NAME=passed|failed ...]

RESULTS_FOLDER holds ctest.xml (ctest --output-junit) and one JSON file a test program, in
GoogleTest's form. A test that ctest saw fail counts as failed even when its program left no file
(it crashed) or a clean one (it crashed while ending). Exits with 1 unless every test passed.
"""

import json
import pathlib
import sys
import xml.etree.ElementTree


def program_counts(folder, name):
    """(passed, failed) from the file of the program behind the ctest test, or None."""
    for stem in (f"causeway_{name}_test", name):
        file = folder / f"{stem}.json"
        try:
            result = json.loads(file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            continue
        failed = result.get("failures", 0) + result.get("errors", 0)
        skipped = sum(case.get("result") == "SKIPPED" for suite in result.get("testsuites", ())
                      for case in suite.get("testsuite", ()))
        return result.get("tests", 0) - result.get("disabled", 0) - skipped - failed, failed
    return None


def count(folder, extra):
    """(passed, failed, [names of the failed ctest tests])."""
    passed, failed, names = 0, 0, []
    report = folder / "ctest.xml"
    cases = xml.etree.ElementTree.parse(report).iter("testcase") if report.exists() else ()
    for case in cases:
        name = case.get("name")
        good = case.get("status") == "run"
        program_passed, program_failed = program_counts(folder, name) or (int(good), int(not good))
        if not good and program_failed == 0:
            program_failed = 1
        passed += program_passed
        failed += program_failed
        if not good:
            names.append(name)
    for entry in extra:
        name, _, verdict = entry.partition("=")
        if verdict == "passed":
            passed += 1
        else:
            failed += 1
            names.append(name)
    return passed, failed, names


def main(folder, extra):
    passed, failed, names = count(pathlib.Path(folder), extra)
    if names:
        print("failed: " + ", ".join(names), file=sys.stderr, flush=True)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
