# SPDX-License-Identifier: Apache-2.0
"""Codes that are paid without a payment of ours: a boleto and Pix codes written here, by the public
rules and not by the program under test."""

import datetime

from pix_provider import KEY

FIRST_FACTOR_DAY = datetime.date(2000, 7, 3)  # Factor 1000; after 9999 it begins anew.
FACTORS = 9000


def of_stranger(bill, plan):
    """What the buyer pays: by a boleto of a number that nobody gave, by a code with a txid that is
    not ours, or by the bare key."""
    if bill.provider == "bb":
        due = plan.first + datetime.timedelta(days=plan.due_last)
        free = f"0000001234567{9_000_000_000 + bill.number}17"
        return boleto_line("001", due, bill.amount, free)
    txid = "***" if bill.kind == "bare_key" else f"ESTRANHO{bill.number}"
    return pix_code(txid, bill.amount)


def boleto_line(bank, due, amount, free_field):
    """The 47 digits to type."""
    factor = 1000 + (due - FIRST_FACTOR_DAY).days % FACTORS
    terms = f"{factor}{amount:010}"
    general = mod11(f"{bank}9{terms}{free_field}")
    fields = (f"{bank}9{free_field[:5]}", free_field[5:15], free_field[15:])
    return "".join(it + mod10(it) for it in fields) + general + terms


def mod10(digits):
    products = (int(d) * (2 - i % 2) for i, d in enumerate(reversed(digits)))
    return str(-sum(p // 10 + p % 10 for p in products) % 10)


def mod11(digits):
    rest = sum(int(d) * (2 + i % 8) for i, d in enumerate(reversed(digits))) % 11
    return "1" if rest in (0, 1) else str(11 - rest)


def pix_code(txid, amount):
    """A static code."""
    account = field(0, "br.gov.bcb.pix") + field(1, KEY)
    text = (field(0, "01") + field(26, account) + field(52, "0000") + field(53, "986")
            + field(54, f"{amount // 100}.{amount % 100:02}") + field(58, "BR")
            + field(59, "Empresa Alfa") + field(60, "Recife") + field(62, field(5, txid)) + "6304")
    return text + f"{crc16(text.encode()):04X}"


def field(tag, value):
    return f"{tag:02}{len(value):02}{value}"


def crc16(data):
    """CRC-16 with the polynomial 1021 from FFFF."""
    crc = 0xFFFF
    for byte in data:
        crc ^= byte << 8
        for _ in range(8):
            crc = (crc << 1 ^ 0x1021 if crc & 0x8000 else crc << 1) & 0xFFFF
    return crc
