# SPDX-License-Identifier: Apache-2.0
"""A simulated month of boletos and Pix, end to end, with every process a process.

Usage: month.py [N] [--seed S] [--days D] [--postgres] [--verbose]

A gateway and four providers with books of their own live through some days together: bills are
registered, paid in every right and wrong way, told of twice, late or never, and the gateway dies in
between. What the operator has to do he does by commands. At the end every payment in a provider's
books must be one receipt at the gateway, and the other way round; see month_checks.py and
docs/collections.md. The seed decides what happens, threads decide in which order.
"""

import argparse
import collections
import contextlib
import datetime
import random
import sys
import threading
import time
import uuid

import harness
import month_checks
import month_codes
import postgres
from month_books import Books
from month_operator import Operator
from month_plan import BANKS, Plan
from month_world import Crew, Refused, World, insist

FILE_TRICKS = ("late", "twice", "split", "halves", "bad_count", "bad_line", "lose")
NOTICE_TRICKS = {"deliver": 72, "lose": 9, "twice": 8, "hold": 6, "bad_signature": 3, "stale": 2}
PIX_NOTICE_TRICKS = {"deliver": 72, "lose": 12, "twice": 8, "hold": 8}
REQUEST_TRICKS = {"behave": 92, "cut_before": 1, "cut_after": 2, "fail_before": 2, "fail_after": 2}
HANGS_MAX = 3
SETTLE_SECONDS_MAX = 120
QUIET_SECONDS_MAX = 4


class Month:
    def __init__(self, world, plan, seed, verbose=False):
        self.world = world
        self.plan = plan
        self.rngs = {name: random.Random(f"{seed} {name}") for name in (*world.providers, "")}
        self.verbose = verbose
        self.operators = {bank.name: Operator(world, bank, self.rngs[bank.name], self.log)
                          for bank in world.banks()}
        self.tricks = {name: self._file_tricks(name) for name in BANKS}
        self.seconds = collections.Counter()
        self.counts = collections.Counter()
        self.sent_back = []  # (connector, receipt, amount), by hand.
        self.problems = []
        self._begun = time.monotonic()

    def log(self, text):
        if self.verbose:
            print(f"{time.monotonic() - self._begun:8.2f} {text}", flush=True)

    @contextlib.contextmanager
    def timed(self, name):
        begun = time.monotonic()
        yield
        self.seconds[name] += time.monotonic() - begun
        self.log(f"{name} ends after {time.monotonic() - begun:.2f} s")

    def live(self):
        with self.timed("registration"):
            self.register()
        with self.timed("days"):
            jobs = {name: self.plan.by_day(name) for name in self.world.providers}
            deaths = self.rngs[""].sample(range(1, self.plan.days), k=min(3, self.plan.days - 1))
            for day in range(self.plan.days):
                self.live_day(day, jobs, deaths)
        with self.timed("settling"):
            self.settle()

    def register(self):
        bills = [bill for bill in self.plan.bills if bill.body]
        for name, pays in (("itau", "pay_first"), ("pix", "settle_first")):
            self.world.providers[name].admin("script", {"requests": self._request_tricks(
                name, sum(it.provider == name and it.is_asked_for for it in bills), pays)})
        crew = Crew(self.world, 8)
        crew.each(bills, self._register_one)
        # What got no answer is sent again at once by a gateway that has just started.
        self.world.kill_gateway()
        crew.each([it for it in bills if it.answer == "processing"], self._wait_for_word)
        self._mark_paid_first()
        for bill in self.plan.bills:
            if not bill.is_ours:
                bill.code = month_codes.of_stranger(bill, self.plan)

    def _request_tricks(self, name, count, pays):
        rng = self.rngs[name]
        names = [*REQUEST_TRICKS, pays]
        tricks = rng.choices(names, [*REQUEST_TRICKS.values(), 1], k=count)
        for hang in ("hang_before", "hang_after"):
            for _ in range(min(HANGS_MAX, count // 20)):
                tricks[rng.randrange(count)] = hang
        return tricks

    def _register_one(self, client, bill):
        answer = insist(client, "POST", "/v1/payments", bill.body, key=str(uuid.UUID(
            int=self.plan.seed << 64 | bill.number)))
        self.counts[f"registration answered {answer.status}"] += 1
        body = answer.body
        if answer.status >= 400:
            bill.answer = "refused"
            bill.payment = body.get("instance", "").rpartition("/")[2]
            if bill.kind not in ("refused", "refused_paid"):
                self.problems.append(f"bill {bill.number} {bill.kind}: {answer}")
            return
        bill.payment = body["id"]
        bill.answer = body["status"]
        self._take_code(bill, body)

    def _take_code(self, bill, payment):
        action = payment["next_action"] or {}
        bill.code = action.get("line") or action.get("qr_data") or bill.code

    def _wait_for_word(self, client, bill):
        payment = client.until(f"/v1/payments/{bill.payment}",
                               lambda it: it["status"] != "processing", seconds=120)
        bill.answer = payment["status"]
        self._take_code(bill, payment)

    # Paid before the registration was answered: nothing else happens to it.
    def _mark_paid_first(self):
        itau = self.world.providers["itau"].books()
        paid = {it["linha_digitavel"] for it in itau["titulos"] if it["pagamentos"]}
        numbers = {it["txid"][:26] for it in self.world.providers["pix"].books()["pix"]}
        for bill in self.plan.bills:
            first = bill.code in paid or bill.payment[4:] in numbers
            if bill.payment and (first or bill.answer in ("succeeded", "partially_captured")):
                bill.astray = True
                bill.steps = [it for it in bill.steps if it[1] == "refund"]
                self.counts["paid before the registration was answered"] += 1

    def live_day(self, day, jobs, deaths):
        workers = [threading.Thread(target=self._guarded, args=(name, day, jobs[name][day], deaths))
                   for name in self.world.providers]
        if day in deaths[1:]:
            workers.append(threading.Thread(target=self._kill_some_time))
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        if self.problems and isinstance(self.problems[-1], BaseException):
            raise self.problems[-1]

    def _kill_some_time(self):
        harness.pause(self.rngs[""].random() * 0.5)
        self.world.kill_gateway()

    def _guarded(self, name, day, jobs, deaths):
        try:
            self._provider_day(name, day, jobs, day == deaths[0])
        except BaseException as error:  # Told by the main thread.
            self.problems.append(error)

    def _provider_day(self, name, day, jobs, breaks_off):
        rng = self.rngs[name]
        provider = self.world.providers[name]
        if name != "bradesco":
            kinds = PIX_NOTICE_TRICKS if name == "pix" else NOTICE_TRICKS
            provider.admin("script", {"notices": rng.choices(
                list(kinds), list(kinds.values()), k=len(jobs))})
        if name in self.operators and name != "itau" and day == 0:
            self.operators[name].write_remessa()
        rng.shuffle(jobs)
        Crew(self.world, 2).each(jobs, self._do_job)
        if rng.random() < 0.3:
            provider.admin("release", {})
        if name in self.operators:
            self._end_of_day(self.operators[name], day, breaks_off)

    def _end_of_day(self, operator, day, breaks_off):
        rng = operator.rng
        bank = operator.bank
        last = day >= self.plan.days - 2
        if bank.name != "itau" and (last or rng.random() < 0.7):
            operator.write_remessa()
        if not last and rng.random() < 0.12:
            return  # It closes two days the next time.
        if not last:
            bank.admin("script", {"files": [next(self.tricks[bank.name])]})
        operator.take(bank.admin("close-day", {"dia": self.plan.date(day)})["arquivos"])
        if breaks_off:
            operator.break_off()
        if last or rng.random() < 0.8:
            operator.read_all()

    # All of them, in an order of their own, and half of the files as they should be.
    def _file_tricks(self, name):
        rng = self.rngs[name]
        while True:
            tricks = list(FILE_TRICKS)
            rng.shuffle(tricks)
            for trick in tricks:
                self.counts[f"file {trick}"] += 1
                yield trick
                if rng.random() < 0.3:
                    yield "deliver"

    def _do_job(self, client, job):
        bill, steps = job
        for verb, options in steps:
            getattr(self, f"_do_{verb}")(client, bill, options)

    def _do_pay(self, client, bill, options):
        provider = self.world.providers[bill.provider]
        if not bill.code:
            return  # It was refused.
        try:
            if bill.provider == "pix":
                paid = [provider.admin("pay", {"code": bill.code})["endToEndId"]]
            else:
                paid = provider.admin("pay", {"linha": bill.code, **options})["pagamentos"]
        except Refused as error:
            bill.astray = True
            self.counts[f"buyer refused {error.status}"] += 1
            return
        bill.paid += paid
        self.counts[f"paid {bill.provider}"] += len(paid)

    def _do_reverse(self, client, bill, options):
        if len(bill.paid) > options["paid"]:
            bank = self.world.providers[bill.provider]
            bank.admin("reverse", {"pagamento": bill.paid[options["paid"]]["id"]})
            self.counts["reversed"] += 1

    # By the procedure for fraud; a list of new Pix says nothing of it.
    def _do_take_back(self, client, bill, options):
        if bill.paid:
            self.world.providers["pix"].admin("take-back", {"end_to_end_id": bill.paid[0]})
            self.counts["taken back"] += 1

    def _do_cancel(self, client, bill, options):
        if bill.payment:
            answer = insist(client, "POST", f"/v1/payments/{bill.payment}/cancel", {},
                            key=f"cancel-{bill.payment}")
            self.counts[f"cancel answered {answer.status}"] += 1
            # The bank has not answered yet: the buyer may be quicker.
            bill.astray = bill.astray or answer.body.get("status") != "canceled"
            if answer.status >= 400:
                self.problems.append(f"cancel of bill {bill.number} {bill.kind}: {answer}")

    def _do_refund(self, client, bill, options):
        self._until(client, bill, "succeeded")
        answer = insist(client, "POST", "/v1/refunds", {"payment": bill.payment, **options},
                        key=f"refund-{bill.payment}")
        self.counts[f"refund answered {answer.status}"] += 1
        if answer.status >= 400:
            self.problems.append(f"refund of bill {bill.number} {bill.kind}: {answer}")
        elif bill.kind == "refund_fails":
            self._spoil_refund(bill)

    # The provider is asked until it knows of the refund; perhaps it was faster.
    def _spoil_refund(self, bill):
        provider = self.world.providers["pix"]
        for pix in provider.books()["pix"]:
            if pix["endToEndId"] in bill.paid and pix.get("devolucoes"):
                with contextlib.suppress(Refused):
                    provider.admin("settle", {"end_to_end_id": pix["endToEndId"],
                                              "id": pix["devolucoes"][0]["id"], "done": False})

    def _until(self, client, bill, status):
        deadline = time.monotonic() + 60
        while True:
            payment = insist(client, "GET", f"/v1/payments/{bill.payment}").body
            if payment["status"] == status:
                return
            if time.monotonic() > deadline:
                raise AssertionError(f"bill {bill.number} {bill.kind} is not {status}: {payment}")
            harness.pause(0.05)

    def settle(self):
        """What was held is told, what was lost is asked for, and nothing is under way any more."""
        for _ in range(4):
            for provider in self.world.providers.values():
                provider.admin("release", {})
        for operator in self.operators.values():
            operator.read_all()
            operator.fetch_the_rest()
            self.problems += operator.problems
        self._until_quiet()
        self.decide()

    def _until_quiet(self):
        books = Books(self.world)
        deadline = time.monotonic() + SETTLE_SECONDS_MAX
        restart_at = time.monotonic() + QUIET_SECONDS_MAX
        paid = len(self.world.providers["pix"].books()["pix"])
        while True:
            told = books.count("receipts", "connector = 'pix'")
            back = books.count("receipts", "connector = 'pix' AND state = 'returned'")
            open_ones = (books.count("payments", "status = 'processing'")
                         + books.count("receipts", "state = 'refunding'")
                         + books.count("refunds", "status = 'pending'"))
            if told >= paid and back >= self.counts["taken back"] and open_ones == 0:
                return
            # A start makes everything due that waits for its next try.
            if time.monotonic() > restart_at:
                self.world.kill_gateway()
                restart_at = time.monotonic() + QUIET_SECONDS_MAX
            if time.monotonic() > deadline:
                self.problems.append(f"not quiet: {told} of {paid} Pix told, {back} of "
                                     f"{self.counts['taken back']} taken back, {open_ones} open")
                return
            harness.pause(0.1)

    def decide(self):
        """A person looks at some of what stands apart."""
        rng = self.rngs[""]
        rows = [it for it in Books(self.world).receipts() if it.state in ("held", "refund_due")]
        for row in rng.sample(rows, k=min(len(rows), 9)):
            words = ["--as", "refund", "--sent-back-as", f"TED-{rng.randrange(10**6)}"]
            if row.reason == "short_payment" and rng.random() < 0.8:
                words = ["--as", "credit"]
            elif rng.random() < 0.3:
                words = ["--as", "hold"]
            done = self.world.house.commands.run("receipts", "decide", row.id, *words, "--reason",
                                                 "by the story", "--json")
            self.counts[f"decided {words[1]}"] += 1
            if done.returncode != 0:
                self.problems.append(f"receipts decide {row} {words}: {done.returncode} "
                                     f"{done.stderr}")
            elif "--sent-back-as" in words:
                self.sent_back.append((row.connector, row.id, row.apart))

    def report(self, findings):
        reading = sum(it.seconds for it in self.operators.values())
        lines = sum(it["counts"]["lines"] for op in self.operators.values() for it in op.reports)
        kinds = collections.Counter(f"{it.provider} {it.kind}" for it in self.plan.bills)
        rows = [("bills", len(self.plan.bills)), ("days", self.plan.days),
                ("gateway killed", self.world.kills),
                ("gateway not started at once", self.world.starts_refused), *sorted(kinds.items()),
                *sorted(self.counts.items()), *sorted(findings.counts.items())]
        for name, operator in self.operators.items():
            rows += [(f"{name} files read", len(operator.reports)),
                     (f"{name} files refused", len(operator.refused)),
                     (f"{name} files asked for again", len(operator.asked_again)),
                     (f"{name} files corrected", operator.corrected)]
        registered = sum(bool(it.body) for it in self.plan.bills)
        rows += [("registration, seconds", f"{self.seconds['registration']:.1f}"),
                 ("registrations a second",
                  f"{registered / max(self.seconds['registration'], 0.001):.0f}"),
                 ("the days, seconds", f"{self.seconds['days']:.1f}"),
                 ("settling, seconds", f"{self.seconds['settling']:.1f}"),
                 ("reading files, seconds", f"{reading:.1f}"),
                 ("lines of files a second", f"{lines / max(reading, 0.001):.0f}"),
                 ("receipts a second, over the days",
                  f"{findings.counts['receipts'] / max(self.seconds['days'], 0.001):.0f}"),
                 ("comparing, seconds", f"{self.seconds['comparing']:.1f}")]
        width = max(len(name) for name, _ in rows)
        for name, value in rows:
            print(f"{name:<{width}}  {value:>10}")


def run(count, seed, days=None, shared=False, verbose=False):
    """The month with what it found: a Findings, empty when all is well."""
    rng = random.Random(seed)
    days = days or rng.randint(14, 20)
    # A day that is still to come: the banks' first is open while today is written into the slips.
    first = (datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(hours=3)).date()
    plan = Plan(count, seed, days, first + datetime.timedelta(days=1))
    with contextlib.ExitStack() as stack:
        server = stack.enter_context(postgres.Server()) if shared else None
        world = stack.enter_context(World(plan, server.url if shared else None, server))
        month = Month(world, plan, seed, verbose)
        month.live()
        with month.timed("comparing"):
            findings = month_checks.compare(month)
        month.report(findings)
        if findings.rows:
            raise AssertionError(str(findings))
    return month


def main(arguments):
    parser = argparse.ArgumentParser(prog="./dev month")
    parser.add_argument("bills", type=int, nargs="?", default=300)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 32))
    parser.add_argument("--days", type=int, help="9 to 30; as it comes")
    parser.add_argument("--postgres", action="store_true", help="on PostgreSQL")
    parser.add_argument("--verbose", action="store_true", help="tells what happens")
    options = parser.parse_args(arguments)
    how = f"./dev month {options.bills} --seed {options.seed}"
    how += f" --days {options.days}" if options.days else ""
    how += " --postgres" if options.postgres else ""
    try:
        run(options.bills, options.seed, options.days, options.postgres, options.verbose)
    except AssertionError as error:
        print(f"FAILED   {how}\n{error}")
        return 1
    print(f"good     {how}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
