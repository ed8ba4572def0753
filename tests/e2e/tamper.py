# SPDX-License-Identifier: Apache-2.0
"""Makes a settlement file in the Adyen settlement-details layout lie, one class at a time."""

import csv
import decimal
import io

GROSS, NET, DEBIT, MARKUP = ("Gross Credit (GC)", "Net Credit (NC)", "Net Debit (NC)",
                             "Markup (NC)")


class SettlementFile:
    """Rows by column name; `settled` are those of the captures."""

    def __init__(self, text):
        reader = csv.DictReader(io.StringIO(text, newline=""))
        self.columns = reader.fieldnames
        self.rows = list(reader)

    @property
    def settled(self):
        return [it for it in self.rows if it["Type"] == "Settled"]

    def text(self):
        """The file, with payouts that fit what the other rows now say: a lie that adds up."""
        self._balance()
        out = io.StringIO(newline="")
        writer = csv.DictWriter(out, self.columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(self.rows)
        return out.getvalue()

    def _balance(self):
        payouts = {it["Net Currency"]: it for it in self.rows if it["Type"] == "MerchantPayout"}
        model = next(iter(payouts.values()), None)
        if model is None:
            return
        sums = {}
        for row in self.rows:
            if row["Type"] != "MerchantPayout":
                currency = row["Net Currency"]
                sums[currency] = (sums.get(currency, 0) + decimal.Decimal(row[NET] or 0)
                                  - decimal.Decimal(row[DEBIT] or 0))
        for currency, total in sums.items():
            if currency not in payouts:
                payouts[currency] = {**model, "Net Currency": currency}
                self.rows.append(payouts[currency])
            payouts[currency][DEBIT] = str(total) if total >= 0 else ""
            payouts[currency][NET] = str(-total) if total < 0 else ""

    def change_amount(self, row):
        """The provider says it took one more unit, and pays one more."""
        for column in (GROSS, NET):
            row[column] = str(decimal.Decimal(row[column]) + 1)
        return row

    def change_fee(self, row):
        """The provider keeps one more unit for itself."""
        row[MARKUP] = str(decimal.Decimal(row[MARKUP] or 0) + 1)
        row[NET] = str(decimal.Decimal(row[NET]) - 1)
        return row

    def change_currency(self, row, currency="CHF"):
        row["Gross Currency"] = row["Net Currency"] = currency
        return row

    def remove(self, row):
        self.rows.remove(row)
        return row

    def double(self, row):
        self.rows.insert(self.rows.index(row) + 1, dict(row))
        return row

    def invent(self, row):
        """A payment that nobody took."""
        new = dict(row)
        for column in ("Psp Reference", "Modification Reference", "Merchant Reference"):
            new[column] = "".join("9" if it.isdigit() else it for it in row[column])
        self.rows.insert(self.rows.index(row) + 1, new)
        return new
