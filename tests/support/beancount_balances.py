# SPDX-License-Identifier: Apache-2.0
"""Prints what every account of a Beancount file comes to, as Beancount itself adds it up.

Usage: beancount_balances.py FILE

One line an account and currency: "account currency number". Exits with 1 when the file has
errors, or when anything in it has a price or a cost.
"""

import sys

from beancount import loader
from beancount.core import data, realization


def main(path):
    entries, errors, _ = loader.load_file(path)
    for error in errors:
        print(error.message, file=sys.stderr)
    priced = any(posting.cost is not None or posting.price is not None
                 for entry in data.filter_txns(entries) for posting in entry.postings)
    for account in realization.iter_children(realization.realize(entries)):
        for position in account.balance:
            print(account.account, position.units.currency, position.units.number)
    return 1 if errors or priced else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
