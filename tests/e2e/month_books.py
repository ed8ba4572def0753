# SPDX-License-Identifier: Apache-2.0
"""What the gateway holds: its receipts as its operator lists them, the rest from its database."""

import collections
import contextlib
import datetime
import sqlite3

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

ReceiptRow = collections.namedtuple(
    "ReceiptRow", "id connector reference payment identity amount day cost reason state credited "
                  "surcharge apart")


class Books:
    def __init__(self, world):
        self.world = world

    def receipts(self):
        rows = self.world.house.commands.json("receipts", "list", "--all")
        return [ReceiptRow(row["id"], row["connector"], row["reference"], row["payment"],
                           row["identity"], row["amount"],
                           datetime.date.fromisoformat(row["paid_on"]), row["cost"], row["reason"],
                           row["state"], row["credited"], row["surcharge"], row["apart"])
                for row in rows]

    def fees(self):
        """How many registration fees each payment was charged, by the timeline."""
        hexed = "hex(payment_id)" if self.world.server is None else \
            "upper(encode(payment_id, 'hex'))"
        rows = self._rows(f"SELECT {hexed} FROM timeline WHERE lines LIKE '%\"fee\"%'")
        return collections.Counter(id_text("pay", row[0]) for row in rows)

    def count(self, table, where):
        return int(self._rows(f"SELECT COUNT(*) FROM {table} WHERE {where}")[0][0])

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
