# SPDX-License-Identifier: Apache-2.0
"""Requests by the thousand, made from the served document by schemathesis, against a live gateway.

No answer may be a 5xx or anything that the document does not allow, and a request that the document
forbids may not be taken. schemathesis is no package of Debian's: `./dev fuzz api` puts it into
build/fuzz-venv. Without it this suite says loudly that it did nothing.

CAUSEWAY_FUZZ_EXAMPLES is how many random requests each operation gets, CAUSEWAY_FUZZ_SEED the seed,
CAUSEWAY_FUZZ_PHASES which phases of schemathesis are run.
"""

import os
import pathlib
import shutil
import subprocess
import sys
import unittest

import harness

VENV = pathlib.Path(__file__).resolve().parents[2] / "build" / "fuzz-venv" / "bin"
CHECKS = ("not_a_server_error", "status_code_conformance", "content_type_conformance",
          "response_headers_conformance", "response_schema_conformance", "unsupported_method",
          "allow_header_conformance", "ignored_auth", "negative_data_rejection")
SECONDS_MAX = 3000


def schemathesis():
    """The program, or None."""
    for place in (pathlib.Path(sys.executable).parent, VENV):
        if (place / "schemathesis").exists():
            return place / "schemathesis"
    return shutil.which("schemathesis")


class FuzzApi(unittest.TestCase):
    def test_nothing_breaks_the_contract(self):
        fuzzer = schemathesis()
        if not fuzzer:
            print("SKIPPED: schemathesis is not here (./dev fuzz api installs it): the API is not "
                  "fuzzed", flush=True)
            self.skipTest("schemathesis is not installed")
        examples = os.environ.get("CAUSEWAY_FUZZ_EXAMPLES", "10")
        phases = os.environ.get("CAUSEWAY_FUZZ_PHASES", "examples,fuzzing")
        seed = os.environ.get("CAUSEWAY_FUZZ_SEED", "20260413")
        with harness.House(extra_config="[limits]\nrequests_per_second = 0\n") as house:
            key = house.keys[house.merchant]["secret"]
            done = subprocess.run(
                [str(fuzzer), "run", f"{house.url}/openapi.json",
                 "--tls-verify", str(house.certs / "ca.pem"),
                 "--header", f"Authorization: Bearer {key}",
                 "--checks", ",".join(CHECKS), "--phases", phases,
                 "--max-examples", examples, "--seed", seed, "--continue-on-failure",
                 "--suppress-health-check", "all", "--no-color", "--request-timeout", "30",
                 "--warnings", "off"],
                cwd=house.folder, capture_output=True, text=True, check=False,
                timeout=SECONDS_MAX)
            self.assertEqual(done.returncode, 0, done.stdout[-20000:] + done.stderr[-2000:])
            self.assertTrue(house.gateway.running())
            house.commands.good("ledger", "verify")
