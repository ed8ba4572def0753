# SPDX-License-Identifier: Apache-2.0
"""What the acquirer sandbox believes, from `causeway sandbox books --json`."""

import collections


class SandboxBooks:
    """The acquirer's transactions: one an approved authorisation or sale, and what became of it.

    Tests that compare books give every payment an amount of its own, so that a payment is found
    here without trusting any reference that the gateway chose.
    """

    def __init__(self, document):
        self.document = document
        self.transactions = document["transactions"]

    def of_amount(self, amount):
        """The authorised transactions that asked for this amount, in minor units."""
        return [it for it in self.transactions if it["requested"] == amount]

    def charged(self):
        """amount asked -> minor units the cardholders really paid, over all of that amount."""
        total = collections.Counter()
        for transaction in self.transactions:
            total[transaction["requested"]] += transaction["captured"] - transaction["refunded"]
        return total
