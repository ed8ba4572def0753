# SPDX-License-Identifier: Apache-2.0
"""Who reads a bank's files in a simulated month, by the commands and what they say.

A file that is refused, lacks or has a line that can not be used is asked for again at the bank. The
commands are taken at their word: the exit code says what to do, the report what was done.
"""

import json
import re
import signal
import subprocess
import time

import harness
from month_world import Refused

HERE_SECONDS_MAX = 60
BROKEN_OFF_MAX = 20
GOOD, FOUND, WRONG, NOT_THERE, PARTLY = range(5)
MISSING = re.compile(r"numbers? (\d+)(?: to (\d+))? (?:was|were) not read")
FIRST = re.compile(r"the first file of this account is number (\d+)")


class Operator:
    """One bank's files."""

    def __init__(self, world, bank, rng, log):
        self.world = world
        self.bank = bank
        self.rng = rng
        self.log = log
        self.waiting = []     # Delivered, not read yet.
        self.asked_again = set()
        self.refused = []     # Names of files that were refused as a whole.
        self.reports = []
        self.corrected = 0
        self.broken_off = 0
        self.problems = []    # What a command did not do as documented.
        self.seconds = 0.0
        self.written = 0      # The number of the last remessa.

    def take(self, names):
        self.waiting += [it for it in names if it.startswith("retorno")]

    def read_all(self):
        """Reads what is there, and what must be asked for because of it."""
        while self.waiting:
            names, self.waiting = self.waiting, []
            self.rng.shuffle(names)
            if len(names) > 1 and self.rng.random() < 0.5:
                self._read_together(names)
            else:
                for name in names:
                    self._read_one(name)

    def write_remessa(self):
        """What the gateway has to tell goes into the bank's folder; the number of operations."""
        done = self._remessa()
        if done.returncode not in (GOOD, PARTLY):
            self._problem("remessa", done)
            return 0
        file = json.loads(done.stdout)["file"]
        if file is None:
            return 0
        self.written = file["sequence"]
        told = self.bank.admin("read-folder", {})["remessas"]
        if len(told) != 1 or "erro" in told[0]:
            self.problems.append(f"{self.bank.name}: the bank could not read a remessa: {told}")
        return file["operations"]

    # Broken off by a crash: it may be written in the books and not on the disk.
    def _remessa(self):
        words = ["boleto", "remessa", "--bank", self.bank.name, "--json", "--out",
                 self.bank.remessas]
        deadline = time.monotonic() + HERE_SECONDS_MAX
        done = self._run(*words)
        while done.returncode == NOT_THERE and time.monotonic() < deadline:
            self.broken_off += 1
            done = self._run(*words, "--again", self.written + 1)
            if done.returncode != GOOD:
                done = self._run(*words)
        return done

    def _read_together(self, names):
        done = self._retorno(names)
        # One that is nobody's, and nothing of any is used: each by itself then.
        if done.returncode == WRONG:
            for name in names:
                self._read_one(name)
        else:
            self._look_at(names, done)

    def _read_one(self, name, *more):
        done = self._retorno([name], *more)
        if done.returncode == WRONG:
            self.refused.append(name)
            return self._ask_again(name)
        return self._look_at([name], done, *more)

    def _look_at(self, names, done, *more):
        if done.returncode == NOT_THERE or (done.returncode == PARTLY and not done.stdout):
            return self._after_a_crash(names, done, *more)
        if done.returncode not in (GOOD, FOUND, PARTLY):
            return self._problem("retorno", done)
        for report in map(json.loads, done.stdout.splitlines()):
            self._report(report)
        return None

    def _report(self, report):
        name = report["file"]["name"]
        if report["read_before"]:
            return
        self.reports.append(report)
        self._compare_counts(report)
        for warning in report["warnings"]:
            # The account is new, so its files begin with 1; the gateway can not know that.
            if first := FIRST.search(warning):
                for number in range(1, int(first[1])):
                    self._fetch(number)
            match = MISSING.search(warning)
            if match:
                for number in range(int(match[1]), int(match[2] or match[1]) + 1):
                    self._fetch(number)
        if report["faults"]:
            self._correct(name)

    def _compare_counts(self, report):
        counts = report["counts"]
        kinds = report["kinds"].values()
        for key in ("applied", "known", "unmatched", "not_believed"):
            if counts[key] != sum(it[key] for it in kinds):
                self.problems.append(f"{self.bank.name}: {key} does not add up: {report}")
        if counts["lines"] != sum(it["lines"] for it in kinds) + len(report["faults"]):
            self.problems.append(f"{self.bank.name}: lines do not add up: {report['file']}")

    def _after_a_crash(self, names, done, *more):
        self.broken_off += 1
        if self.broken_off > BROKEN_OFF_MAX:
            return self._problem(f"{names} can not be read", done)
        self.world.wait_until_there()
        for name in names:
            self._read_one(name, *more)
        return None

    # A line was not to be read: the bank sends the file as it should have been.
    def _correct(self, name):
        again = self.bank.admin("resend", {"numero": number_of(name)})["nome"]
        done = self._retorno([again], "--corrected")
        while (done.returncode == NOT_THERE or (done.returncode == PARTLY and not done.stdout)) \
                and self.broken_off < BROKEN_OFF_MAX:
            self.broken_off += 1
            self.world.wait_until_there()
            done = self._retorno([again], "--corrected")
        if done.returncode not in (GOOD, FOUND):
            return self._problem(f"retorno --corrected of {again}", done)
        self.corrected += 1
        for report in map(json.loads, done.stdout.splitlines()):
            self.reports.append(report)
            self._compare_counts(report)
        return None

    def _ask_again(self, name):
        self._fetch(number_of(name))

    def _fetch(self, number):
        if number in self.asked_again:
            return
        self.asked_again.add(number)
        self.waiting.append(self.bank.admin("resend", {"numero": number})["nome"])

    def fetch_the_rest(self):
        """Asks the bank for the file behind the last one, until there is none: a gap shows only
        when a later file has come."""
        while True:
            number = max((it["file"].get("sequence", 0) for it in self.reports), default=0) + 1
            try:
                self.asked_again.add(number)
                self.waiting.append(self.bank.admin("resend", {"numero": number})["nome"])
            except Refused:
                self.asked_again.discard(number)
                return
            before = len(self.reports)
            self.read_all()
            if len(self.reports) == before:
                self.problems.append(f"{self.bank.name}: file {number} stays unread")
                return

    def _retorno(self, names, *more):
        files = [self.bank.retornos / name for name in names]
        begun = time.monotonic()
        done = self._run("boleto", "retorno", "--bank", self.bank.name, "--json", *more, *files)
        self.seconds += time.monotonic() - begun
        self.log(f"{self.bank.name} retorno {' '.join([*more, *names])}: {done.returncode}")
        return done

    def _run(self, *arguments):
        return self.world.house.commands.run(*arguments, seconds=3600)

    def _problem(self, what, done):
        self.problems.append(f"{self.bank.name}: {what}: exit code {done.returncode} "
                             f"{done.stdout[:200]!r} {done.stderr[:300]!r}")

    def break_off(self):
        """Begins to read and kills the gateway at some moment of it; then reads as told to."""
        if not self.waiting:
            return
        name = self.waiting.pop(self.rng.randrange(len(self.waiting)))
        house = self.world.house
        command = [harness.program(), "boleto", "retorno", "--bank", self.bank.name, "--json",
                   str(self.bank.retornos / name), "--config", str(house.config)]
        reading = subprocess.Popen(command, cwd=house.folder, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, text=True, stdin=subprocess.DEVNULL)
        harness.pause(self.rng.random() * 0.2)
        self.world.kill_gateway()
        try:
            out, err = reading.communicate(timeout=120)
        except subprocess.TimeoutExpired:
            reading.send_signal(signal.SIGKILL)
            out, err = reading.communicate()
            self.problems.append(f"{self.bank.name}: the reading of {name} hangs after a crash")
        self.log(f"{self.bank.name} retorno {name}, killed: {reading.returncode}")
        done = subprocess.CompletedProcess(command, reading.returncode, out, err)
        if done.returncode == WRONG:
            self.refused.append(name)
            return self._ask_again(name)
        if done.returncode not in (GOOD, FOUND, NOT_THERE, PARTLY):
            self._problem("retorno, killed", done)
        for report in map(json.loads, out.splitlines()):
            self._report(report)
        # Read again, as one does after a crash; whoever knows it all says so.
        return self._read_one(name)


def number_of(name):
    """retorno-341-00003-20261123-r.ret: 3."""
    return int(name.split("-")[2])
