# SPDX-License-Identifier: Apache-2.0
"""The gateway's receipts, read from its database: the command that lists them shows a thousand."""

import collections
import contextlib
import datetime
import sqlite3

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
EPOCH = datetime.date(1970, 1, 1)

ReceiptRow = collections.namedtuple(
    "ReceiptRow", "id connector reference payment identity amount day cost reason state credited "
                  "surcharge apart")


class Books:
    def __init__(self, world):
        self.world = world

    def receipts(self):
        hexed = "hex({})" if self.world.server is None else "upper(encode({}, 'hex'))"
        ids = [hexed.format("receipt_id"), f"coalesce({hexed.format('payment_id')}, '')"]
        rows = self._rows(
            f"SELECT {ids[0]}, connector, reference, {ids[1]}, identity, amount, paid_day, cost, "
            "reason, state, credited, surcharge, apart FROM receipts")
        return [self._receipt(row) for row in rows]

    def fees(self):
        """How many registration fees each payment was charged, by the timeline."""
        hexed = "hex(payment_id)" if self.world.server is None else \
            "upper(encode(payment_id, 'hex'))"
        rows = self._rows(f"SELECT {hexed} FROM timeline WHERE lines LIKE '%\"fee\"%'")
        return collections.Counter(id_text("pay", row[0]) for row in rows)

    def count(self, table, where):
        return int(self._rows(f"SELECT COUNT(*) FROM {table} WHERE {where}")[0][0])

    @staticmethod
    def _receipt(row):
        receipt, connector, reference, payment, identity, *rest = row
        amount, day, cost, reason, state, credited, surcharge, apart = rest
        return ReceiptRow(id_text("rcp", receipt), connector, reference,
                          id_text("pay", payment) if payment else None, identity, int(amount),
                          EPOCH + datetime.timedelta(days=int(day)), int(cost), reason, state,
                          int(credited), int(surcharge), int(apart))

    def _rows(self, sql):
        if self.world.server is not None:
            return [line.split("|") for line in self.world.server.ask(sql).splitlines()]
        path = self.world.house.database.removeprefix("sqlite:")
        with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as books:
            return books.execute(sql).fetchall()


def id_text(prefix, hexed):
    """pay_... of sixteen bytes in hexadecimal."""
    number = int(hexed, 16)
    letters = [ALPHABET[number >> shift & 31] for shift in range(125, -1, -5)]
    return f"{prefix}_{''.join(letters)}"
