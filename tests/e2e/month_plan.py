# SPDX-License-Identifier: Apache-2.0
"""What buyers, merchant and banks do in a simulated month, made up from a seed.

A Bill is one payment at the gateway with everything that happens to it later. Days are counted from
the first day that is open at the banks; the gateway's own clock knows nothing of them.
"""

import datetime
import random

from month_days import banking_day_from

# Which bank gets a boleto is decided by its amount alone: see the routing rules of month_world.py.
AMOUNTS = {"itau": (1_000, 99_999), "bradesco": (100_000, 199_999), "bb": (200_000, 299_999),
           "pix": (100, 500_000)}
BANKS = ("itau", "bradesco", "bb")

COUNTER = ("internet", "caixa", "loterica", "autoatendimento")

# Of a hundred bills, about.
BOLETO_KINDS = {"exact": 30, "less": 6, "more": 6, "twice": 5, "thrice": 2, "parts": 4, "late": 6,
                "after_end": 3, "canceled": 3, "canceled_paid": 5, "never": 8, "notary": 3,
                "reversed": 4, "reversed_one": 2, "refused": 3}
KINDS = {
    "itau": {**BOLETO_KINDS, "pix": 14, "pix_and_counter": 4},
    "bradesco": {**BOLETO_KINDS, "refused_paid": 3},
    "bb": {**BOLETO_KINDS, "refused_paid": 2, "stranger": 2},
    "pix": {"exact": 40, "dated": 12, "discounted": 5, "static": 12, "static_canceled": 4,
            "canceled": 4, "never": 8, "refund_part": 8, "refund_whole": 4, "refund_fails": 1,
            "taken_back": 3, "bare_key": 1, "stranger": 1},
}
# They are paid without a payment of ours.
WITHOUT_BILL = {("bb", "stranger"), ("pix", "bare_key"), ("pix", "stranger")}
SHARES = {"itau": 34, "bradesco": 20, "bb": 20, "pix": 26}


class Bill:
    """One payment, or money that belongs to none."""

    __slots__ = ("number", "provider", "kind", "amount", "due", "limit", "body", "steps", "payment",
                 "code", "paid", "astray", "answer")

    def __init__(self, number, provider, kind, amount):
        self.number = number
        self.provider = provider
        self.kind = kind
        self.amount = amount
        self.due = 0
        self.limit = 0
        self.body = None
        self.steps = []  # (day, verb, options)
        self.payment = ""
        self.code = ""   # What the buyer types or scans.
        self.paid = []   # The provider's names of what was paid, in order.
        self.astray = False  # It did not go as planned: the providers' books decide alone.
        self.answer = None

    @property
    def is_ours(self):
        return (self.provider, self.kind) not in WITHOUT_BILL

    @property
    def is_asked_for(self):
        """A static code is printed without a word to the provider."""
        return self.is_ours and not self.kind.startswith("static")


class Plan:
    """Bills, and what happens on which day. `first` is the day that is open first."""

    def __init__(self, count, seed, days, first):
        self.seed = seed
        self.rng = random.Random(seed)
        self.days = days
        self.first = first
        self.open_days = 2 if days < 12 else 4
        self.due_last = max(1, days - 3 - 2 * self.open_days)
        self.bills = [self._bill(number, provider, kind)
                      for number, (provider, kind) in enumerate(self._kinds(count))]

    def date(self, day):
        return (self.first + datetime.timedelta(days=day)).isoformat()

    def by_day(self, provider):
        """For each day the jobs: a bill with those of its steps that are of this day, in order."""
        days = [{} for _ in range(self.days)]
        for bill in self.bills:
            if bill.provider == provider:
                for day, verb, options in bill.steps:
                    days[day].setdefault(bill.number, (bill, []))[1].append((verb, options))
        return [list(jobs.values()) for jobs in days]

    # Each kind once, and then by their shares.
    def _kinds(self, count):
        each = [(provider, kind) for provider, kinds in KINDS.items() for kind in kinds]
        weighted = [SHARES[provider] * weight / sum(KINDS[provider].values())
                    for provider, kinds in KINDS.items() for weight in kinds.values()]
        more = self.rng.choices(each, weighted, k=max(0, count - len(each)))
        kinds = each[:count] + more
        self.rng.shuffle(kinds)
        return kinds

    def _bill(self, number, provider, kind):
        bill = Bill(number, provider, kind, self.rng.randint(*AMOUNTS[provider]))
        if provider == "pix":
            self._make_pix(bill)
        else:
            self._make_boleto(bill)
        return bill

    def _make_boleto(self, bill):
        rng = self.rng
        bill.due = rng.randint(1, self.due_last)
        bill.limit = self._limit(bill.due)
        while bill.limit > self.days - 2 and bill.due > 1:
            bill.due -= 1
            bill.limit = self._limit(bill.due)
        method = {"type": "boleto", "due_date": self.date(bill.due),
                  "billing_details": buyer(rng, bill.kind.startswith("refused"))}
        # A fine comes with the day behind the due date, interest with every day, a discount goes.
        if rng.random() < 0.3:
            method["fine_bps"] = rng.choice((100, 200))
        if rng.random() < 0.3:
            method["interest_month_bps"] = rng.choice((50, 100))
        if rng.random() < 0.15:
            method["discount_bps"] = rng.randint(50, 900)
            method["discount_until"] = self.date(rng.randint(0, bill.due))
        bill.body = {"amount": bill.amount, "currency": "BRL", "confirm": True,
                     "payment_method": method}
        getattr(self, f"_boleto_{bill.kind}")(bill)

    def _limit(self, due):
        """The last day to pay in time, which is one on which banks work."""
        end = self.first + datetime.timedelta(days=due + self.open_days)
        return (banking_day_from(end) - self.first).days

    def _day(self, bill, spare=0):
        """A day in time, sometimes behind the due date."""
        last = bill.due if self.rng.random() < 0.75 else bill.limit
        return self.rng.randint(0, max(0, min(last, self.days - 1 - spare)))

    def _pay(self, bill, day, **options):
        options.setdefault("canal", self.rng.choice(COUNTER))
        bill.steps.append((day, "pay", options))

    def _boleto_exact(self, bill):
        day = self._day(bill)
        options = {}
        # Paid today, and in the file of a later day, with that day's date, which is all that is
        # known when the notification is lost: a discount would be over then.
        if bill.provider != "bradesco" and self.rng.random() < 0.08:
            options["dia_retorno"] = self.date(min(bill.limit, day + self.rng.randint(1, 3)))
            for term in ("discount_bps", "discount_until"):
                bill.body["payment_method"].pop(term, None)
        self._pay(bill, day, **options)

    def _boleto_less(self, bill):
        self._pay(bill, self._day(bill), valor=bill.amount * self.rng.randint(30, 60) // 100)

    def _boleto_more(self, bill):
        self._pay(bill, self._day(bill), valor=bill.amount * self.rng.randint(120, 150) // 100)

    def _boleto_twice(self, bill, times=2):
        for _ in range(times):
            self._pay(bill, self._day(bill))

    def _boleto_thrice(self, bill):
        self._pay(bill, self._day(bill), vezes=3)

    def _boleto_parts(self, bill):
        first = bill.amount * self.rng.randint(30, 60) // 100
        day = self.rng.randint(0, bill.due)
        self._pay(bill, day, valor=first)
        self._pay(bill, self.rng.randint(day, bill.due), valor=bill.amount - first)

    # The buyer orders it in time, for a day on which it is late.
    def _boleto_late(self, bill):
        day = self.rng.randint(bill.limit + 1, min(bill.limit + 3, self.days - 1))
        self._pay(bill, self.rng.randint(0, day), dia=self.date(day), canal="internet")

    def _boleto_after_end(self, bill):
        day = self.rng.randint(bill.limit + 1, self.days - 1)
        self._pay(bill, day, dia=self.date(day), valor=bill.amount)

    def _boleto_canceled(self, bill):
        bill.steps.append((self.rng.randint(0, bill.due), "cancel", {}))

    def _boleto_canceled_paid(self, bill):
        day = self.rng.randint(0, bill.due)
        bill.steps.append((day, "cancel", {}))
        self._pay(bill, self.rng.randint(day, bill.limit), valor=bill.amount)

    def _boleto_never(self, bill):
        pass

    def _boleto_notary(self, bill):
        self._pay(bill, self._day(bill), canal="cartorio")

    def _boleto_reversed(self, bill, again=0):
        day = self._day(bill, spare=1)
        for _ in range(1 + again):
            self._pay(bill, day)
        at = self.rng.randint(day, min(day + 3, self.days - 1))
        bill.steps.append((at, "reverse", {"paid": again}))

    def _boleto_reversed_one(self, bill):
        self._boleto_reversed(bill, again=1)

    def _boleto_refused(self, bill):
        pass

    # The slip was printed before the bank had refused it.
    def _boleto_refused_paid(self, bill):
        self._pay(bill, self._day(bill), valor=bill.amount)

    def _boleto_stranger(self, bill):
        bill.body = None
        self._pay(bill, self._day(bill), valor=bill.amount)

    def _boleto_pix(self, bill):
        self._pay(bill, self._day(bill), canal="pix")

    def _boleto_pix_and_counter(self, bill):
        day = self._day(bill)
        self._pay(bill, day, canal="pix")
        self._pay(bill, self.rng.randint(day, self.days - 1), valor=bill.amount)

    def _make_pix(self, bill):
        rng = self.rng
        method = {"type": "pix"}
        if bill.kind in ("dated", "discounted"):
            details = buyer(rng, False)
            method |= {"due_date": self.date(5), "fine_bps": 200,
                       "billing_details": {it: details[it] for it in ("name", "tax_id")}}
        if bill.kind == "discounted":
            method |= {"discount_bps": rng.randint(100, 900), "discount_until": self.date(4)}
        if bill.kind.startswith("static"):
            method["reusable"] = True
        if bill.is_ours:
            bill.body = {"amount": bill.amount, "currency": "BRL", "confirm": True,
                         "payment_method": method}
        bill.due = self.days - 2
        day = rng.randint(0, self.days - 4)
        if bill.kind in ("canceled", "static_canceled"):
            bill.steps.append((day, "cancel", {}))
            day += 1
        times = {"static": rng.randint(1, 5), "never": 0, "canceled": 0}.get(bill.kind, 1)
        for _ in range(times):
            bill.steps.append((rng.randint(day, self.days - 3), "pay", {}))
        if bill.kind.startswith("refund"):
            whole = bill.kind == "refund_whole"
            part = bill.amount if whole else max(1, bill.amount * rng.randint(10, 70) // 100)
            bill.steps.append((self.days - 2, "refund", {"amount": part}))
        if bill.kind == "taken_back":
            bill.steps.append((self.days - 2, "take_back", {}))


def buyer(rng, refused):
    """Somebody with a name. No house in Brazil has a CEP that begins with 00, which only the bank
    knows."""
    first = rng.choice(("Maria", "João", "Ana", "José", "Inês", "Luís", "Conceição", "Antônio"))
    last = rng.choice(("da Silva", "Souza", "de Oliveira", "Gonçalves", "Araújo", "Pereira"))
    return {"name": f"{first} {last}", "tax_id": cpf(rng),
            "address": {"line1": f"Rua das Flores, {rng.randint(1, 999)}", "district": "Boa Vista",
                        "city": "Recife", "state": "PE",
                        "postal_code": "00030-230" if refused else "50030-230"}}


def cpf(rng):
    """Nine digits and their two check digits."""
    digits = [rng.randint(0, 9) for _ in range(9)]
    if len(set(digits)) == 1:
        digits[0] = (digits[0] + 1) % 10
    for _ in range(2):
        weights = range(len(digits) + 1, 1, -1)
        rest = sum(d * w for d, w in zip(digits, weights)) * 10 % 11
        digits.append(rest % 10)
    return "".join(map(str, digits))
