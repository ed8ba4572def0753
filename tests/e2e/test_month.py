# SPDX-License-Identifier: Apache-2.0
"""A short month with every oddity in it; `./dev month` lives through longer ones."""

import unittest

import month


class Month(unittest.TestCase):
    def test_every_payment_of_four_providers_is_one_receipt(self):
        month.run(150, seed=1, days=9)


if __name__ == "__main__":
    unittest.main()
