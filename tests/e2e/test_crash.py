# SPDX-License-Identifier: Apache-2.0
"""The rig of `./dev crash payments`, as far as a test run has time for it; docs/crash.md.

CAUSEWAY_CRASH_SEED replays a run's choices; CAUSEWAY_CRASH_KILLS asks for more of them.
"""

import os
import random
import unittest

import crash_payments
import postgres

KILLS = int(os.environ.get("CAUSEWAY_CRASH_KILLS", "200"))
SHARED_KILLS = max(1, KILLS // 10)
SEED = int(os.environ.get("CAUSEWAY_CRASH_SEED", random.SystemRandom().randrange(1 << 32)))


class Crash(unittest.TestCase):
    def test_of_one_gateway_loses_and_doubles_nothing(self):
        print(f"seed {SEED} (CAUSEWAY_CRASH_SEED)", flush=True)
        rig = crash_payments.run(KILLS, SEED, check_every=100)
        self.assertGreaterEqual(rig.kills, KILLS)
        self.assertGreater(rig.outcomes["succeeded"], KILLS)

    @unittest.skipUnless(postgres.is_installed(), "PostgreSQL is not installed")
    def test_of_one_of_two_gateways_loses_and_doubles_nothing(self):
        print(f"seed {SEED} (CAUSEWAY_CRASH_SEED)", flush=True)
        rig = crash_payments.run(SHARED_KILLS, SEED, check_every=100, shared=True)
        self.assertGreaterEqual(rig.kills, SHARED_KILLS)
        self.assertGreater(rig.outcomes["succeeded"], SHARED_KILLS)
