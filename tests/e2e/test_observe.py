# SPDX-License-Identifier: Apache-2.0
"""What an operator can see: figures, log lines, readiness, and what the doctor says."""

import json
import os
import re
import shutil
import subprocess
import unittest

import harness

TRACE = "0af7651916cd43dd8448eb211c80319c"
ID = re.compile(r"\b[a-z]{2,5}_[0-9A-HJKMNP-TV-Z]{26}\b")


class Observe(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.house = harness.House(extra_config="[log]\nrequests = true\n")
        try:
            cls.house.start()
        except BaseException:
            cls.house.stop(keep=True)
            raise
        cls.client = cls.house.client()

    @classmethod
    def tearDownClass(cls):
        cls.client.close()
        cls.house.stop()

    def figures(self):
        answer = self.client.get("/metrics", key=None)
        self.assertEqual(answer.status, 200)
        self.assertTrue(answer.headers["Content-Type"].startswith("text/plain; version=0.0.4"))
        return answer.raw.decode()

    def value(self, series, text=None):
        pattern = "^" + re.escape(series) + r" ([-+0-9.eE]+)$"
        match = re.search(pattern, text or self.figures(), re.M)
        self.assertIsNotNone(match, series)
        return float(match[1])

    def test_figures_are_there_and_move(self):
        self.client.pay(1020, "USD")
        series = ('causeway_http_requests_total{method="POST",route="/v1/payments",status="2xx"}')
        before = self.value(series)
        self.client.pay(1020, "USD")
        text = self.figures()
        self.assertEqual(self.value(series, text), before + 1)
        for name in ("causeway_commit_queue_depth", "causeway_commits_total",
                     "causeway_commit_seconds_total", "causeway_commit_batch_size_count",
                     "causeway_operations_open", "causeway_operations_in_doubt",
                     'causeway_fx_rates_age_seconds{source="ECB"}',
                     "causeway_scrape_failures_total"):
            self.value(name, text)
        self.assertEqual(self.value("causeway_scrape_failures_total", text), 0)
        self.assertIn('causeway_http_request_duration_seconds_bucket{method="POST",'
                      'route="/v1/payments",le="+Inf"}', text)

    def test_a_head_has_an_age(self):
        self.client.pay(1020, "USD")
        self.house.commands.good("ledger", "head")
        self.assertLess(self.value("causeway_chain_head_age_seconds"), 3600)

    def test_an_unknown_outcome_is_counted_and_told(self):
        silent = self.client.pay(19999, "USD")
        self.assertEqual(silent.body["status"], "processing")
        self.assertGreaterEqual(self.value("causeway_operations_open"), 1)
        self.client.settled(silent.body["id"])

    def test_no_label_holds_an_id(self):
        paid = self.client.pay(1020, "USD").body["id"]
        self.client.get(f"/v1/payments/{paid}")
        self.client.get(f"/v1/{paid}")
        self.assertEqual(ID.findall(self.figures()), [])

    def test_promtool_finds_nothing_to_say(self):
        promtool = shutil.which("promtool")
        if not promtool:
            print("SKIPPED: promtool is not here (Debian package prometheus): the figures' names "
                  "are not linted", flush=True)
            self.skipTest("promtool is not installed")
        self.client.pay(1020, "USD")
        self.house.commands.good("ledger", "head")
        done = subprocess.run([promtool, "check", "metrics"], input=self.figures(), text=True,
                              capture_output=True, check=False)
        self.assertEqual((done.returncode, done.stdout + done.stderr), (0, ""))

    def test_a_log_line_has_the_request_and_its_trace(self):
        answer = self.client.get("/v1/payments", headers={
            "traceparent": f"00-{TRACE}-b7ad6b7169203331-01"})
        line = self.line_of(answer.headers["Request-Id"])
        self.assertEqual(line["trace_id"], TRACE)
        self.assertEqual((line["event"], line["level"], line["method"], line["route"],
                          line["status"]),
                         ("request", "info", "GET", "/v1/payments", "200"))
        self.assertGreaterEqual(int(line["took_us"]), 0)
        own = self.line_of(self.client.get("/v1/payments").headers["Request-Id"])
        self.assertRegex(own["trace_id"], r"^[0-9a-f]{32}$")
        self.assertNotEqual(own["trace_id"], TRACE)

    def line_of(self, request_id):
        log = self.house.folder / "gateway.log"
        for _ in range(200):
            for text in log.read_text(encoding="utf-8").splitlines():
                if request_id in text:
                    return json.loads(text)
            harness.pause(0.02)
        self.fail(f"no line of {request_id}")

    def test_ready_names_what_it_looked_at(self):
        told = self.client.get("/readyz", key=None)
        self.assertEqual(told.status, 200)
        for part in (b"database: ok", b"connector demo_card: ok", b"rates: "):
            self.assertIn(part, told.raw)


class Doctor(unittest.TestCase):
    def setUp(self):
        self.house = harness.House()
        try:
            self.house.start()
        except BaseException:
            self.house.stop(keep=True)
            raise
        self.addCleanup(self.house.stop)

    def examine(self, code):
        done = self.house.commands.run("doctor", "--json")
        self.assertEqual(done.returncode, code, done)
        said = json.loads(done.stdout)
        self.assertEqual(said["healthy"], code == 0)
        return {it["check"]: it for it in said["checks"]}

    def test_a_house_in_order_is_healthy(self):
        client = self.house.client()
        client.pay(1020, "USD")
        client.close()
        self.house.commands.good("ledger", "head")
        for running in (True, False):
            if not running:
                self.house.gateway.stop()
            with self.subTest(running=running):
                checks = self.examine(0)
                for name in ("configuration", "vault key", "signing key", "TLS key",
                             "TLS certificate", "disk", "provider of demo_card", "database",
                             "clock", "operations", "chain", "rates"):
                    self.assertIn(name, checks)
                    self.assertNotEqual(checks[name]["state"], "failed")
                self.assertEqual("link of demo_card" in checks, running)
                self.assertIn("fits the journal", checks["chain"]["detail"])
        text = self.house.commands.good("doctor")
        self.assertIn("vault key", text)

    def test_a_key_that_others_may_read_is_found(self):
        os.chmod(self.house.certs / "gateway.key", 0o644)
        self.assertEqual(self.examine(1)["TLS key"]["state"], "failed")

    def test_a_provider_that_is_away_is_found(self):
        self.house.sandbox.stop()
        self.assertEqual(self.examine(1)["provider of demo_card"]["state"], "failed")

    def test_a_head_that_does_not_fit_is_found(self):
        client = self.house.client()
        client.pay(1020, "USD")
        client.close()
        self.house.commands.good("ledger", "head")
        self.house.gateway.stop()
        import sqlite3
        with sqlite3.connect(self.house.folder / "causeway.db") as books:
            books.execute("UPDATE journal_entries SET hash = zeroblob(32)")
        self.assertEqual(self.examine(1)["chain"]["state"], "failed")

    def test_without_books_or_configuration_it_says_so(self):
        self.house.gateway.stop()
        (self.house.folder / "causeway.db").unlink()
        self.assertEqual(self.examine(3)["database"]["state"], "failed")
        self.house.config.write_text("volts = 1\n", encoding="utf-8")
        self.assertEqual(self.examine(3)["configuration"]["state"], "failed")
        done = self.house.commands.run("doctor", where=False)
        self.assertEqual(done.returncode, 2, done)
