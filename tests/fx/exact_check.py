#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Recomputes quotes with exact fractions, from the published texts of the rates alone.

Nothing here is taken from the program but its answers. A request is
    SOURCE per-euro TARGET per-euro source|target AMOUNT SPREAD-BPS FEE BEARER SIDE
and the answer
    MID RATE SOURCE-AMOUNT TARGET-AMOUNT MARKUP-PERCENT and of the second third of the source
    TARGET MID-VALUE MARGIN FEE
CAUSEWAY_PRINT_QUOTES names the program; with the whole history of the ECB, in CAUSEWAY_SHARED or
../shared, every day of it takes part, otherwise the few of tests/fx/data.
"""

import csv
import math
import os
import pathlib
import random
import subprocess
import unittest
from fractions import Fraction

HERE = pathlib.Path(__file__).resolve().parent
SHARED = pathlib.Path(os.environ.get("CAUSEWAY_SHARED", HERE.parent.parent.parent / "shared"))

# ISO 4217 knows them no more, and so the program refuses them.
HISTORIC = {"BGN", "CYP", "EEK", "HRK", "LTL", "LVL", "MTL", "ROL", "SIT", "SKK", "TRL"}
NO_DECIMALS = {"JPY", "KRW", "ISK"}
SIDES = ["nearest", "favour_buyer", "favour_merchant", "favour_operator"]
AMOUNT_MAX = 2**53 - 1


def decimals(code):
    return 0 if code in NO_DECIMALS else 2


def ten_digits(value, rounded=round):
    """Ten significant digits, unless told otherwise to the nearest, a tie to the even one."""
    exponent = len(str(value.numerator)) - len(str(value.denominator)) - 11
    unit = Fraction(10) ** exponent
    while value >= 10**10 * unit:
        unit *= 10
    return rounded(value / unit) * unit


def smallest_reaching(gross, unit_rate):
    """The smallest source whose conversion to the nearest unit is at least gross."""
    source = max(0, math.floor((gross - 1) / unit_rate))
    while round(source * unit_rate) < gross:
        source += 1
    return source


def expected(request):
    (source, source_rate, target, target_rate, fixed, amount, spread, fee, bearer,
     side) = request
    exact_mid = Fraction(target_rate) / Fraction(source_rate)
    mid = ten_digits(exact_mid)
    keep = Fraction(10_000 - spread, 10_000) if bearer == "merchant" \
        else Fraction(10_000, 10_000 + spread)
    rate = ten_digits(mid * keep)
    if side == "favour_operator":
        rate = ten_digits(ten_digits(exact_mid, math.floor) * keep, math.floor)
    rounded = {"favour_operator": math.floor, "favour_merchant": math.ceil}.get(side, round)
    unit = Fraction(10) ** (decimals(target) - decimals(source))
    if fixed == "source":
        exact = amount * rate * unit
        paid, got = amount, rounded(exact) - fee
    else:
        exact = (amount + fee) / (rate * unit)
        if side == "favour_buyer":
            paid = math.floor(exact)
        elif side == "favour_operator":
            paid = math.ceil(exact)
        else:
            paid = max(round(exact), smallest_reaching(amount + fee, rate * unit))
        got = amount
    if min(paid, got) < 1:
        return "refused invalid_argument"
    if max(paid, got) > AMOUNT_MAX:
        return "refused amount_overflow"
    hundredths = math.ceil((paid * mid * unit - got) / got * 10_000)
    sign = "-" if hundredths < 0 else ""
    percent = f"{sign}{abs(hundredths) // 100}.{abs(hundredths) % 100:02d}"
    share = Fraction(spread, 10_000 if bearer == "merchant" else 10_000 + spread)

    def drawn(end):
        mid_value = round(end * mid * unit)
        return (rounded(Fraction(got * end, paid)), mid_value, round(mid_value * share),
                round(Fraction(fee * end, paid)))

    third = paid // 3
    part = [to - at for to, at in zip(drawn(2 * third), drawn(third))]
    return f"{text(mid)} {text(rate)} {paid} {got} {percent} {' '.join(map(str, part))}"


def text(value):
    """A decimal fraction as the program writes it."""
    scale = 0
    while value.denominator != 1:
        value *= 10
        scale += 1
    digits = str(value.numerator)
    if scale == 0:
        return digits
    digits = digits.rjust(scale + 1, "0")
    return f"{digits[:-scale]}.{digits[-scale:]}"


def rate_days(file):
    with open(file, encoding="utf-8", newline="") as lines:
        rows = csv.reader(lines)
        codes = [code.strip() for code in next(rows)][1:]
        for row in rows:
            rates = dict(zip(codes, (cell.strip() for cell in row[1:])))
            yield {code: rate for code, rate in rates.items()
                   if code and rate not in ("", "N/A")}


def requests_of(days, chance):
    for day in days:
        listed = [("EUR", "1"), *day.items()]
        chance.shuffle(listed)
        for (source, source_rate), (target, target_rate) in zip(listed, listed[1:]):
            yield (source, source_rate, target, target_rate,
                   chance.choice(["source", "target"]),
                   chance.choice([chance.randrange(1, 200), chance.randrange(1, 10**7),
                                  chance.randrange(1, AMOUNT_MAX + 1)]),
                   chance.choice([0, 1, 80, chance.randrange(0, 10_000)]),
                   chance.choice([0, 0, chance.randrange(0, 100)]),
                   chance.choice(["merchant", "buyer"]), chance.choice(SIDES))


class ExactCheck(unittest.TestCase):
    def check(self, file):
        seed = int(os.environ.get("CAUSEWAY_SEED", "20260413"))
        asked = list(requests_of(rate_days(file), random.Random(seed)))
        sent = "".join(" ".join(map(str, request)) + "\n" for request in asked)
        ran = subprocess.run([os.environ["CAUSEWAY_PRINT_QUOTES"]], input=sent, text=True,
                             capture_output=True, check=True)
        answers = ran.stdout.splitlines()
        self.assertEqual(len(answers), len(asked))
        compared = quoted = 0
        for request, answer in zip(asked, answers):
            if answer == "unlisted":
                self.assertTrue({request[0], request[2]} & HISTORIC, request)
                continue
            self.assertEqual(answer, expected(request), f"{request}, CAUSEWAY_SEED={seed}")
            compared += 1
            quoted += not answer.startswith("refused")
        return compared, quoted

    def test_the_days_at_hand(self):
        compared, quoted = self.check(HERE / "data" / "ecb-history.csv")
        self.assertGreater(compared, 30)
        self.assertGreater(quoted, 20)

    def test_the_whole_history(self):
        file = SHARED / "data" / "eurofxref-hist.csv"
        if not file.exists():
            self.skipTest("NOT TESTED: no eurofxref-hist.csv; set CAUSEWAY_SHARED to its folder")
        compared, quoted = self.check(file)
        self.assertGreater(compared, 100_000)
        self.assertGreater(quoted, 70_000)


if __name__ == "__main__":
    unittest.main()
