# SPDX-License-Identifier: Apache-2.0
"""What must be true after a simulated month: the gateway's books against the providers' own.

Never a sum alone: what differs is named row by row, and a few of the rows are shown.
"""

import collections
import datetime
import io
import xml.etree.ElementTree

import harness
from month_books import Books
from month_world import REGISTRATION_FEE

CAMT = "{urn:iso:std:iso:20022:tech:xsd:camt.053.001.08}"
SHOWN_MAX = 6
ROW_MAX = 1200
GOOD_REASONS = ("exact", "with_interest", "discounted")
APART_STATES = ("held", "refund_due", "refunding")
CHECKS = {"unallocated_receipt": 2, "provider_cost": 4, "provider_receivable": 5}
BRAZIL = datetime.timezone(datetime.timedelta(hours=-3))
# The reasons of a bill's receipts, in any order; `good` is one of GOOD_REASONS.
REASONS = {
    "exact": ["good"], "less": ["short_payment"], "more": ["excess"],
    "twice": ["duplicate", "good"], "thrice": ["duplicate", "duplicate", "good"],
    "notary": ["good"], "reversed": ["good"], "reversed_one": ["duplicate", "good"],
    "canceled": [], "canceled_paid": ["closed"], "never": [], "refused": [],
    "refused_paid": ["closed"], "pix": ["good"], "pix_and_counter": ["duplicate", "good"],
    "dated": ["good"], "discounted": ["good"], "static": ["good"], "static_canceled": ["closed"],
    "refund_part": ["good"], "refund_whole": ["good"], "refund_fails": ["good"],
    "taken_back": ["good"],
}
BY_PROVIDER = {
    ("itau", "late"): ["good"], ("itau", "after_end"): ["good"],
    ("itau", "parts"): ["good", "short_payment"],
    ("bradesco", "late"): ["late"], ("bradesco", "after_end"): ["late"],
    ("bradesco", "parts"): ["short_payment", "short_payment"],
    ("bb", "late"): ["late"], ("bb", "after_end"): ["late"],
    ("bb", "parts"): ["short_payment", "short_payment"],
}
CLOSED_KINDS = {"canceled": "canceled", "canceled_paid": "canceled", "static_canceled": "canceled",
                "refused": "failed", "refused_paid": "failed"}


class Findings:
    """Rows that differ, by the check that found them."""

    def __init__(self):
        self.rows = collections.defaultdict(list)
        self.counts = collections.Counter()

    def add(self, check, *rows):
        self.rows[check] += rows

    def __str__(self):
        lines = []
        for check, rows in sorted(self.rows.items()):
            lines.append(f"{check}: {len(rows)}")
            lines += [f"    {str(row)[:ROW_MAX]}" for row in rows[:SHOWN_MAX]]
        return "\n".join(lines)


def compare(month):
    """Everything against everything: Findings, empty when all is well."""
    found = Findings()
    found.rows.update({"story": list(month.problems)} if month.problems else {})
    books = Books(month.world)
    receipts = books.receipts()
    found.counts["receipts"] = len(receipts)
    for row in receipts:
        found.counts[f"receipts {row.reason}"] += 1
        found.counts[f"receipts {row.state}"] += 1
    told = {name: provider.books() for name, provider in month.world.providers.items()}
    for bank in month.world.banks():
        mine = [it for it in receipts if it.connector == bank.name]
        compare_bank(found, bank.name, told[bank.name], mine)
        compare_statements(found, bank, told[bank.name])
    compare_pix(found, told["pix"], [it for it in receipts if it.connector == "pix"],
                month.sent_back)
    compare_pix_statements(found, month.world.providers["pix"], told["pix"])
    compare_shares(found, receipts)
    trial = month.world.house.commands.json("ledger", "trial-balance")
    compare_accounts(found, month, trial, told, receipts)
    compare_payments(found, month, receipts)
    compare_reasons(found, month, receipts)
    compare_fees(found, month, told, books)
    check_the_rest(found, month, trial)
    return found


def number_of(reference):
    """A title's number, whichever way its receipt was told."""
    return reference.rpartition("/")[2]


def is_end_to_end_id(identity):
    return len(identity) == 32 and identity.startswith("E") and "/" not in identity


def compare_bank(found, name, books, receipts):
    """Each payment one receipt of its title, amount, cost and day; and no receipt without."""
    paid, booked = collections.defaultdict(list), collections.defaultdict(list)
    for it in books["pagamentos"]:
        paid[it["nosso_numero"], it["valor_pago"]].append(it)
    for row in receipts:
        booked[number_of(row.reference), row.amount].append(row)
    found.counts["payments in banks' books"] += len(books["pagamentos"])
    for key in sorted(paid.keys() | booked.keys()):
        theirs, ours = paid[key], booked[key]
        if len(theirs) > len(ours):
            found.add(f"1 {name} payments without a receipt", f"{key}: {theirs}, ours {ours}")
        elif len(theirs) < len(ours):
            found.add(f"1 {name} receipts without a payment", f"{key}: {ours}, theirs {theirs}")
        else:
            compare_alike(found, name, key, theirs, ours)


def compare_alike(found, name, key, theirs, ours):
    days = [{it["data_pagamento"], it.get("data_retorno", it["data_pagamento"])} for it in theirs]
    for row in sorted(ours, key=lambda it: it.day):
        fits = [it for it in days if row.day.isoformat() in it]
        if not fits:
            found.add(f"1 {name} receipts of another day", f"{row}: {theirs}")
        else:
            days.remove(fits[0])
    if sorted(it["tarifa"] for it in theirs) != sorted(it.cost for it in ours):
        found.add(f"4 {name} tariffs of a payment", f"{key}: {theirs}, ours {ours}")
    named = {it["e2e"] for it in theirs if it["e2e"]}
    wrong = [it for it in ours if is_end_to_end_id(it.identity) and it.identity not in named]
    if wrong:
        found.add(f"1 {name} receipts of another Pix", *wrong)
    reversals = sum(it["estornado"] for it in theirs)
    returned = sum(it.state == "returned" for it in ours)
    if reversals != returned:
        found.add(f"3 {name} reversals", f"{key}: {reversals} reversed, ours {ours}")


def compare_pix(found, books, receipts, sent_back):
    """By their EndToEndIds, with reference, amount, day and what went back."""
    found.counts["payments by Pix"] = len(books["pix"])
    ours = collections.defaultdict(list)
    for row in receipts:
        ours[row.identity].append(row)
    for pix in books["pix"]:
        name = pix["endToEndId"]
        rows = ours.pop(name, [])
        wanted = (pix.get("txid") or name, centavos(pix["valor"]), brazilian_day(pix["horario"]))
        if [(it.reference, it.amount, it.day) for it in rows] != [wanted]:
            found.add("1 pix receipts", f"{wanted}: {rows}")
            continue
        back = given_back(pix)
        by_hand = any(it[1] == rows[0].id for it in sent_back)
        if rows[0].state == "refunded" and back < rows[0].apart and not by_hand:
            found.add("3 pix refunds of receipts", f"{rows[0]}: {back} went back")
        taken = any(it.get("natureza", "").startswith("MED") for it in pix.get("devolucoes", []))
        if taken != (rows[0].state == "returned"):
            found.add("3 pix taken back", f"{rows[0]}: {pix.get('devolucoes')}")
    found.rows.update({"1 pix receipts without a payment": list(ours.values())} if ours else {})


def given_back(pix):
    return sum(centavos(it["valor"]) for it in pix.get("devolucoes", [])
               if it["status"] == "DEVOLVIDO")


def centavos(text):
    return int(text.replace(".", ""))


def compare_shares(found, receipts):
    for row in receipts:
        if row.state != "returned" and row.credited + row.surcharge + row.apart != row.amount:
            found.add("2 shares of receipts", row)
        if row.apart and row.state == "credited":
            found.add("2 apart and credited", row)
        if row.state in APART_STATES and (not row.apart or row.reason in GOOD_REASONS):
            found.add("2 apart without a reason", row)


def balances(trial, purpose):
    return collections.Counter({it["owner"].removeprefix("test/"): it["balance"] for it in trial
                                if it["purpose"] == purpose and it["currency"] == "BRL"})


def compare_accounts(found, month, trial, told, receipts):
    """What the connectors' accounts hold, of what their providers say."""
    apart = collections.Counter()
    for row in receipts:
        if row.state in APART_STATES:
            apart[row.connector] += row.apart
    sent = collections.Counter()
    for connector, _, amount in month.sent_back:
        sent[connector] += amount
    wanted = {purpose: {} for purpose in CHECKS}
    for name, books in told.items():
        wanted["unallocated_receipt"][name] = -apart[name]
        if name == "pix":
            owed = sum(centavos(it["valor"]) - given_back(it) for it in books["pix"])
            cost = 0
        else:
            postings = [it for account in ("conta", "conta_pix") for it in postings_of(
                books[account])]
            owed = sum(it["valor"] for it in postings)
            cost = -sum(it["valor"] for it in postings if it["tipo"].startswith("tarifa"))
        wanted["provider_receivable"][name] = owed - sent[name]
        wanted["provider_cost"][name] = cost
    for purpose, owners in wanted.items():
        have = balances(trial, purpose)
        for name, amount in owners.items():
            if have[name] != amount:
                found.add(f"{CHECKS[purpose]} account {purpose}",
                          f"{name}: {have[name]}, by the provider {amount}, "
                          f"{have[name] - amount} too much")


def postings_of(account):
    return [it for day in account["extratos"] for it in day["lancamentos"]] + account["a_lancar"]


def compare_statements(found, bank, books):
    """The statements on paper are the bank's books: chained, and posting by posting."""
    for name in ("conta", "conta_pix"):
        account = "pix" if name == "conta_pix" else "conta"
        files = sorted(bank.retornos.glob(f"extrato-*-{account}-*.xml"))
        days = books[name]["extratos"]
        if len(files) != len(days):
            found.add("5 statements", f"{bank.name} {name}: {len(files)} files, {len(days)} days")
            continue
        balance = 0
        for file, day in zip(files, days):
            opening, closing, entries = read_statement(file)
            wanted = [(it["referencia"], it["valor"]) for it in day["lancamentos"]]
            if entries != wanted or opening != balance or closing != day["saldo_final"] or \
                    closing != opening + sum(it[1] for it in entries):
                found.add("5 statements", f"{file.name}: {opening} {entries} {closing}, in the "
                                          f"books {day}")
            balance = closing
        if balance != books[name]["saldo"]:
            found.add("5 statements", f"{bank.name} {name} ends with {balance}")


def compare_pix_statements(found, provider, books):
    """Each Pix and each return is in the statement of its day, by its name, and days chain."""
    wanted = collections.Counter()
    days = {datetime.datetime.now(BRAZIL).date()}
    for pix in books["pix"]:
        wanted[pix["endToEndId"], centavos(pix["valor"])] += 1
        days.add(brazilian_day(pix["horario"]))
        for back in pix.get("devolucoes", []):
            if back["status"] == "DEVOLVIDO":
                wanted[back["rtrId"], -centavos(back["valor"])] += 1
                days.add(brazilian_day(back["horario"]["liquidacao"]))
    balance = 0
    day = min(days)
    while day <= max(days):
        opening, closing, entries = read_statement(io.BytesIO(provider.statement(day)))
        if opening != balance or closing != opening + sum(it[1] for it in entries):
            found.add("5 statements", f"pix {day}: {opening} to {closing}, after {balance}")
        wanted.subtract(entries)
        balance = closing
        day += datetime.timedelta(days=1)
    for row, count in wanted.items():
        if count:
            found.add("5 statements", f"pix: {row} is {-count} times too much in them")


def brazilian_day(text):
    moment = datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
    return moment.astimezone(BRAZIL).date()


def read_statement(file):
    """Of a file's name, or of an open one."""
    statement = xml.etree.ElementTree.parse(file).getroot()[0].find(f"{CAMT}Stmt")
    first, last = (signed(it) for it in statement.findall(f"{CAMT}Bal"))
    entries = [(it.find(f"{CAMT}AcctSvcrRef").text, signed(it))
               for it in statement.findall(f"{CAMT}Ntry")]
    return first, last, entries


def signed(node):
    sign = -1 if node.find(f"{CAMT}CdtDbtInd").text == "DBIT" else 1
    return sign * centavos(node.find(f"{CAMT}Amt").text)


def payments_of(month):
    """All of the merchant's, page by page."""
    client = month.world.house.client()
    after, payments = "", {}
    while True:
        page = client.get(f"/v1/payments?limit=100{after}").body
        payments.update((it["id"], it) for it in page["data"])
        if not page["has_more"]:
            client.close()
            return payments
        after = f"&starting_after={page['data'][-1]['id']}"


def compare_payments(found, month, receipts):
    """Status and amount of a payment follow from its receipts and from what the merchant did."""
    credited = collections.Counter()
    for row in receipts:
        credited[row.payment] += row.credited
    payments = payments_of(month)
    known = {bill.payment for bill in month.plan.bills if bill.payment}
    again = {row.payment for row in receipts if row.payment} - known
    if known | again != payments.keys():
        found.add("3 payments nobody knows", *((known | again) ^ payments.keys()))
    compare_repeat_sales(found, month, {name: payments.get(name) for name in again}, receipts)
    for bill in month.plan.bills:
        payment = payments.get(bill.payment)
        if payment is None:
            continue
        found.counts[f"payments {payment['status']}"] += 1
        if payment["amount_captured"] != credited[bill.payment]:
            found.add("3 amount captured", f"{bill.kind} {payment}: {credited[bill.payment]}")
        if payment["status"] not in states_of(bill, payment, credited[bill.payment]):
            found.add("3 status", f"{bill.provider} {bill.kind} {payment}")


def compare_repeat_sales(found, month, sales, receipts):
    """What a static code sold after the first time: each a payment of one receipt, paid in full."""
    codes = {row.reference: row.payment for row in receipts if row.payment not in sales}
    bills = {bill.payment: bill for bill in month.plan.bills if bill.payment}
    for row in receipts:
        if row.payment not in sales:
            continue
        sale, bill = sales.pop(row.payment), bills.get(codes.get(row.reference))
        found.counts["payments by a code that was paid before"] += 1
        if not sale or not bill or bill.kind != "static" or sale["status"] != "succeeded" or \
                (row.credited, row.apart) != (bill.amount, 0) or \
                sale["amount_captured"] != bill.amount:
            found.add("3 repeat sales", f"{row}: {sale}")


def states_of(bill, payment, credited):
    if bill.kind in CLOSED_KINDS and not bill.astray and not may_be_quicker(bill, credited):
        return (CLOSED_KINDS[bill.kind],)
    if credited >= payment["amount"]:
        return ("succeeded",)
    if credited > 0:
        # The bank may have ended it with a part paid.
        return ("partially_captured", "succeeded")
    return ("requires_action", "expired", "canceled")


def may_be_quicker(bill, credited):
    """Money was told of before the bank's night file told that it knows no such title."""
    return bill.kind == "refused_paid" and credited > 0


def compare_reasons(found, month, receipts):
    """The reasons that follow from what was done, for those bills that went as planned."""
    reasons = collections.defaultdict(list)
    for row in receipts:
        good = row.reason in GOOD_REASONS or (row.reason == "late" and row.state == "credited")
        reasons[row.payment].append("good" if good else row.reason)
    for bill in month.plan.bills:
        wanted = BY_PROVIDER.get((bill.provider, bill.kind), REASONS.get(bill.kind))
        if not bill.payment or bill.astray or wanted is None:
            continue
        if bill.kind == "refused_paid" and reasons[bill.payment] == ["good"]:
            wanted = ["good"]
        if sorted(reasons[bill.payment]) != wanted:
            found.add("3 reasons", f"{bill.provider} {bill.kind} {bill.payment} of {bill.amount}: "
                                   f"{reasons[bill.payment]}, wanted {wanted}; {bill.paid}")
    for row in receipts:
        if (row.payment is None) != (row.reason == "unmatched"):
            found.add("3 unmatched", row)


def compare_fees(found, month, told, books):
    """Each registered title's fee once, though file and notification tell of it."""
    charged = books.fees()
    numbers = {it["linha_digitavel"]: it["nosso_numero"] for name in told if name != "pix"
               for it in told[name]["titulos"]}
    for bill in month.plan.bills:
        # Who paid before the registration was answered has no code; then the account alone tells.
        if bill.provider == "pix" or not bill.payment or (bill.astray and not bill.code):
            continue
        wanted = 1 if bill.code in numbers else 0
        if charged[bill.payment] != wanted:
            found.add("4 registration fees", f"{bill.provider} {bill.kind} {bill.payment}: charged "
                                             f"{charged[bill.payment]} times {REGISTRATION_FEE}")


def check_the_rest(found, month, trial):
    """The ledger is whole, and nothing is in doubt."""
    house = month.world.house
    for currency in {it["currency"] for it in trial}:
        total = sum(it["balance"] for it in trial if it["currency"] == currency)
        if total:
            found.add("6 trial balance", f"{currency}: {total}")
    found.rows.update({"6 suspense": rows} if (rows := [
        it for it in trial if it["purpose"] == "suspense" and it["balance"]]) else {})
    doubtful = house.commands.json("payments", "list", "--in-doubt", "--limit", "1000")
    found.rows.update({"6 in doubt": doubtful} if doubtful else {})
    verified = house.commands.run("ledger", "verify", seconds=3600)
    if verified.returncode != 0:
        found.add("6 ledger verify", f"{verified.stdout} {verified.stderr}")
    try:
        house.wait_until_ready()
    except AssertionError as error:
        found.add("6 readyz", error)
    if harness.program() and not house.gateway.running():
        found.add("6 gateway", "it is not there any more")
