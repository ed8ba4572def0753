#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""SIGKILL of the gateway under load, again and again: nothing is lost, nobody pays twice.

Usage: crash_payments.py KILLS [--seed S] [--postgres] [--check-every K]

Eight clients live through payments (crash_story.py) over HTTPS and remember every answer. At random
moments the gateway is killed and started again; now and then the acquirer sandbox too. With
--postgres two gateways share one PostgreSQL: one is killed while the other goes on. The choices
follow from the seed; the moments are the machine's.
"""

import argparse
import collections
import contextlib
import json
import random
import sqlite3
import sys
import threading
import time

import harness
import postgres
from crash_story import LOST, Story

WORKERS = 8
OPEN_STORIES_MAX = 24
ROUND_SECONDS_MAX = 60
DRAIN_SECONDS_MAX = 120
QUIET_SECONDS_MAX = 2.0
NO_LIMITS = "[limits]\nrequests_per_second = 0\n"
LEASE_MS = 1500
SANDBOX_EVERY = 25
TOLD_ONCE = ("payment.created", "payment.succeeded", "payment.canceled", "payment.failed",
             "capture.succeeded", "refund.created", "refund.succeeded", "refund.failed")


class Door:
    """One gateway process and the way to it; `url` changes with every start."""

    def __init__(self, house, name):
        self.house = house
        self.name = name
        self.url = None
        self.process = None
        self.on_response = None

    def start(self):
        self.process = harness.Process(
            [harness.program(), "serve", "--config", self.house.config],
            self.house.folder / f"{self.name}.log")
        self.url = self.process.wait_for_line(r"^listening (https://\S+)$")[1]

    def connect(self):
        return self.house.connect(self.url)

    def wait_until_ready(self):
        client = harness.Client(self, None)
        deadline = time.monotonic() + ROUND_SECONDS_MAX
        while client.get("/readyz").status != 200:
            assert time.monotonic() < deadline, f"{self.name} is not ready"
            harness.pause(0.02)
        client.close()

    def logged(self):
        lines = self.process.log.read_text("utf-8").splitlines()
        return [json.loads(line) for line in lines if line.endswith("}")]

    def last_logged(self, event):
        return [it for it in self.logged() if it["event"] == event][-1]

    def stop(self):
        if self.process and self.process.running():
            self.process.stop()


class Load:
    """The clients. They remember; what they notice to be wrong stands in `errors`."""

    def __init__(self, doors, key, rng):
        self.doors = doors
        self.key = key
        self.rng = rng
        self.stories = []
        self.errors = []
        self.counts = collections.Counter()
        self.accepts_new = True
        self._open = collections.deque()
        self._in_hand = 0
        self._answered = []  # Requests whose answer is to be replayed for ever.
        self._changed = threading.Condition()
        self._ended = False
        self._threads = [threading.Thread(target=self._work, args=(number,), daemon=True)
                         for number in range(WORKERS)]
        for thread in self._threads:
            thread.start()

    def stop(self):
        self._ended = True
        for thread in self._threads:
            thread.join()

    def answers(self):
        return self.counts["answers"]

    def wait_for_answers(self, count):
        deadline = time.monotonic() + ROUND_SECONDS_MAX
        with self._changed:
            while self.answers() < count and not self.errors:
                assert time.monotonic() < deadline, f"{self.counts}: no answers any more"
                self._changed.wait(1)

    def idle(self):
        with self._changed:
            return not self._open and self._in_hand == 0

    def waiting(self):
        """For an operator: what the open stories wait for."""
        with self._changed:
            return [(it.payment, it.step.path) for it in self._open][:5]

    def _work(self, number):
        rng = random.Random(self.rng.random())
        clients = [harness.Client(door, self.key) for door in self.doors]
        while not self._ended and not self.errors:
            try:
                self._turn(rng, clients[(number + rng.randrange(2)) % len(clients)])
            except Exception as error:  # Told by the main thread.
                self.errors.append(f"{type(error).__name__}: {error}")
                with self._changed:
                    self._changed.notify_all()

    def _turn(self, rng, client):
        if rng.random() < 0.08 and self._answered:
            return self._replay(rng.choice(self._answered), client)
        story = self._take()
        if story is None:
            return harness.pause(0.01)
        try:
            told = story.advance(client)
            self.counts["answers" if told else "not yet"] += 1
        except ConnectionRefusedError:  # Nobody there, and nothing was sent.
            told = False
        except LOST:
            told = False
            self.counts["lost"] += 1
        self._give_back(story, told)
        # Nobody there, or nothing new: others get their turn.
        return None if told else harness.pause(0.02)

    def _replay(self, request, client):
        with contextlib.suppress(*LOST):
            assert request.send(client) is not None, f"{request.path} {request.key} in flight again"
            self.counts["replays"] += 1

    def _take(self):
        with self._changed:
            if self.accepts_new and len(self._open) < OPEN_STORIES_MAX and self.rng.random() < 0.5:
                story = Story(len(self.stories) + 1, random.Random(self.rng.random()))
                self.stories.append(story)
            elif self._open:
                story = self._open.popleft()
            else:
                return None
            self._in_hand += 1
            return story

    def _give_back(self, story, told):
        with self._changed:
            self._in_hand -= 1
            if told:
                self._answered += [it for it in story.requests[-1:] if it.answer]
            if not story.done:
                self._open.append(story)
            self._changed.notify_all()


class Rig:
    def __init__(self, house, seed, gateways):
        self.house = house
        self.rng = random.Random(seed)
        self.doors = [Door(house, f"gateway{number}") for number in range(gateways)]
        self.load = None
        self.kills = 0
        self.sandbox_kills = 0
        self.checks = 0
        self.outcomes = collections.Counter()
        self.events = 0
        self._checked = 0

    def start(self):
        for door in self.doors:
            door.start()
        key = self.house.keys[self.house.merchant]["secret"]
        self.load = Load(self.doors, key, random.Random(self.rng.random()))

    def stop(self):
        if self.load:
            self.load.stop()
        for door in self.doors:
            door.stop()

    def kill_one(self):
        door = self.rng.choice(self.doors)
        self.load.wait_for_answers(self.load.answers() + self.rng.randrange(0, 40))
        harness.pause(self.rng.random() * 0.03)
        with_sandbox = self.rng.random() < 1 / SANDBOX_EVERY
        if with_sandbox:
            self.house.sandbox.kill()
            self.sandbox_kills += 1
            harness.pause(self.rng.random() * 0.03)
        door.process.kill()
        self.kills += 1
        if with_sandbox:
            self.house.start_sandbox()
        door.start()
        assert not self.load.errors, self.load.errors

    def drain(self):
        """Until every story is told: the provider answers, and nothing stays in doubt."""
        self.load.accepts_new = False
        deadline = time.monotonic() + DRAIN_SECONDS_MAX
        moved = time.monotonic()
        count = self.load.answers()
        while not self.load.idle():
            assert not self.load.errors, self.load.errors
            assert time.monotonic() < deadline, f"in doubt for ever: {self.load.waiting()}"
            if self.load.answers() != count:
                moved, count = time.monotonic(), self.load.answers()
            # A start makes everything due that waits for its next try.
            if time.monotonic() - moved > QUIET_SECONDS_MAX:
                self.restart_all()
                moved = time.monotonic()
            harness.pause(0.02)
        assert not self.load.errors, self.load.errors

    def restart_all(self):
        for door in self.doors:
            door.process.kill()
            self.kills += 1
        for door in self.doors:
            door.start()

    def check(self):
        """The whole comparison, of all stories that were not compared before. None begin anew."""
        self.drain()
        self.until_nothing_open()
        books = self.house.books()
        client = harness.Client(self.doors[0], self.load.key)
        for story in self.load.stories[self._checked:]:
            self.outcomes[story.check(client, books)] += 1
            for request in story.requests:
                assert request.send(client), f"{request.path} {request.key} in flight again"
        self.check_strangers(books)
        client.close()
        self._checked = len(self.load.stories)
        self.checks += 1

    def check_strangers(self, books):
        known = {it.amount for it in self.load.stories}
        strange = [it for it in books.transactions if it["requested"] not in known]
        assert not strange, f"the acquirer knows payments that nobody ordered: {strange}"

    def until_nothing_open(self):
        """Reversals and releases are in no merchant's view: asks the gateway how many are open."""
        deadline = time.monotonic() + DRAIN_SECONDS_MAX
        while self.open_operations() > 0:
            assert time.monotonic() < deadline, "operations stay open for ever"
            harness.pause(0.3)

    def open_operations(self):
        """One that owns its database counts what is open when it starts."""
        self.restart_all()
        return int(self.doors[0].last_logged("recovered")["open_operations"])

    def check_ledger(self):
        """Every entry balances, the chain is unbroken, and nothing stands in suspense."""
        for door in self.doors:
            door.stop()
        self.house.commands.good("ledger", "verify")
        trial = self.house.commands.json("ledger", "trial-balance")
        doubtful = [it for it in trial if it["purpose"] == "suspense" and it["balance"]]
        assert not doubtful, f"in suspense: {doubtful}"
        sums = collections.Counter()
        for account in trial:
            sums[account["currency"]] += account["balance"]
        assert not any(sums.values()), f"the trial balance is not 0: {sums}"
        self.check_events()

    def check_events(self):
        """Each move was told once, whoever made it and whoever died meanwhile."""
        told = collections.Counter()
        for line in self.rows("SELECT body FROM events"):
            event = json.loads(line)
            told[event["type"], event["data"]["object"]["id"]] += 1
        twice = [it for it, count in told.items() if count > 1 and it[0] in TOLD_ONCE]
        assert not twice, f"told twice: {twice}"
        owed = {one for story in self.load.stories for one in story.events()}
        assert owed <= set(told), f"never told: {owed - set(told)}"
        self.events = sum(told.values())

    def rows(self, sql):
        path = self.house.database.removeprefix("sqlite:")
        with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as books:
            return [row[0] for row in books.execute(sql)]

    def report(self, seed):
        c = self.load.counts
        print(f"payments {self.kills} kills of a gateway and {self.sandbox_kills} of the acquirer "
              f"with seed {seed}, {self.checks} comparisons, 0 failures")
        print(f"load     {len(self.load.stories)} payments: {c['answers']} answers, {c['lost']} "
              f"lost, {c['not yet']} not yet, {c['replays']} replays, {self.events} events")
        print("ended    " + ", ".join(f"{n} {name}" for name, n in sorted(self.outcomes.items())))


class SharedRig(Rig):
    """Two gateways on one PostgreSQL."""

    def __init__(self, house, seed, server):
        super().__init__(house, seed, gateways=2)
        self.server = server

    def rows(self, sql):
        return self.server.ask(sql).splitlines()

    def open_operations(self):
        return int(self.server.ask("SELECT COUNT(*) FROM operations WHERE next_try_us IS NOT NULL"))


def run(kills, seed, check_every, shared=False):
    """Runs the rig; an AssertionError says what went wrong."""
    with contextlib.ExitStack() as stack:
        server = stack.enter_context(postgres.Server()) if shared else None
        house = harness.House(database=server.url if shared else None, lease_ms=LEASE_MS,
                              extra_config=NO_LIMITS)
        stack.push(house.__exit__)
        house.start_without_gateway()
        rig = SharedRig(house, seed, server) if shared else Rig(house, seed, gateways=1)
        stack.callback(rig.stop)
        rig.start()
        next_check = check_every
        while rig.kills < kills:
            rig.kill_one()
            if rig.kills >= next_check:
                rig.check()
                rig.load.accepts_new = True
                next_check += check_every
        rig.check()
        rig.check_ledger()
        rig.report(seed)
        return rig


def main(arguments):
    parser = argparse.ArgumentParser(prog="./dev crash payments")
    parser.add_argument("kills", type=int)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 32))
    parser.add_argument("--postgres", action="store_true", help="two gateways on one PostgreSQL")
    parser.add_argument("--check-every", type=int, default=100, metavar="KILLS")
    options = parser.parse_args(arguments)
    try:
        run(options.kills, options.seed, options.check_every, options.postgres)
    except AssertionError as error:
        how = " --postgres" if options.postgres else ""
        print(f"FAILED   ./dev crash payments {options.kills} --seed {options.seed}{how}: {error}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
