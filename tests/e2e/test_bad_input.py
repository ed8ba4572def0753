# SPDX-License-Identifier: Apache-2.0
"""Bad input through every door: each a clear error that names the place, and nothing half done."""

import re
import socket
import ssl
import struct
import time
import unittest
import urllib.parse

import harness
import iso8583
import tamper

HOUSE = None
SLOW_SECONDS_MAX = 90
SLOW = []  # Connections with half a request on them, from before the first test to the last.


def setUpModule():
    global HOUSE
    HOUSE = harness.House()
    try:
        HOUSE.start()
    except BaseException:
        HOUSE.stop(keep=True)
        raise
    for half in (b"GET /li", b"POST /v1/payments HTTP/1.1\r\nHost: x\r\n"
                 b"Content-Length: 100\r\n\r\n{\"am"):
        for _ in range(20):
            SLOW.append(raw_connection())
            SLOW[-1].sendall(half)


def tearDownModule():
    for stream in SLOW:
        stream.close()
    HOUSE.stop()


def raw_connection(house=None):
    """A TLS connection to the gateway without HTTP on it."""
    house = house or HOUSE
    place = urllib.parse.urlsplit(house.url)
    plain = socket.create_connection((place.hostname, place.port), timeout=SLOW_SECONDS_MAX)
    return house.tls().wrap_socket(plain, server_hostname=place.hostname)


class Http(unittest.TestCase):
    def setUp(self):
        self.client = HOUSE.client()
        self.addCleanup(self.client.close)

    def problem(self, response, status):
        self.assertEqual(response.status, status, response)
        self.assertEqual(response.headers.get("Content-Type"), "application/problem+json")
        body = response.body
        for member in ("type", "title", "status", "code", "request_id", "retryable"):
            self.assertIn(member, body)
        self.assertEqual(body["status"], status)
        return body

    def pointers(self, response, status=400):
        return [it["pointer"] for it in self.problem(response, status).get("errors", ())]

    def test_json_that_is_none_is_refused(self):
        for body in (b"", b"{", b"[]", b"null", b"\"x\"", b"{\"amount\":1,}", b"\xff\xfe{}",
                     b"{\"amount\":1}{}", b"[" * 5000, b"{\"a\":" * 5000, b"nan", b"{'a':1}",
                     b"{\"amount\":NaN,\"currency\":\"USD\"}", b"{\"amount\":1e999}"):
            with self.subTest(body[:40]):
                self.problem(self.client.post("/v1/payments", body), 400)

    def test_what_is_wrong_is_named_by_its_pointer(self):
        good = {"amount": 1000, "currency": "USD"}
        rows = (
            ({**good, "amuont": 1}, "/amuont"),
            ({**good, "payment_method": {"type": "card", "number": "4242424242424242"}},
             "/payment_method/number"),
            ({**good, "metadata": {"a": 1}}, "/metadata/a"),
            ({**good, "metadata": {"a": "x" * 501}}, "/metadata/a"),
            ({**good, "metadata": {str(n): "x" for n in range(51)}}, "/metadata"),
            ({**good, "confirm": "yes"}, "/confirm"),
            ({**good, "capture_method": "later"}, "/capture_method"),
            ({**good, "reference": "x" * 65}, "/reference"),
            ({**good, "statement_descriptor": "x" * 23}, "/statement_descriptor"),
            ({**good, "a/b~c": 1}, "/a~1b~0c"),
            ({"currency": "USD"}, "/amount"),
            ({"amount": 1000}, "/currency"),
        )
        for body, pointer in rows:
            with self.subTest(pointer):
                self.assertIn(pointer, self.pointers(self.client.post("/v1/payments", body)))

    def test_amounts_are_whole_positive_and_not_huge(self):
        for amount in (b"0", b"-1", b"1.0", b"1.5", b"1e3", b"9007199254740992",
                       b"9223372036854775808", b"18446744073709551616", b"1" + b"0" * 400,
                       b"\"1000\"", b"null", b"true", b"[1]", b"-0", b"01"):
            with self.subTest(amount[:30]):
                body = b'{"amount":' + amount + b',"currency":"USD","confirm":true,' \
                       b'"payment_method":{"type":"card","token":"tok_visa"}}'
                answer = self.client.post("/v1/payments", body)
                self.problem(answer, 400)
        self.assertEqual(HOUSE.books().of_amount(0), [])

    def test_huge_but_exact_amounts_do_not_break_the_wire(self):
        # Twelve digits are all that ISO 8583 has room for.
        answer = self.client.pay(9007199254740991, "USD")
        self.assertIn(answer.status, (400, 402, 422), answer)
        self.assertEqual(self.client.get("/livez").status, 200)

    def test_currencies_are_of_iso_4217_and_upper_case(self):
        for currency in ("usd", "US", "USDX", "", "ZZZ", "X" * 3, "XTS", "BGN ", 840, None):
            with self.subTest(str(currency)):
                body = {"amount": 1000, "currency": currency}
                self.assertIn("/currency", self.pointers(self.client.post("/v1/payments", body)))

    def test_the_last_of_two_equal_keys_does_not_win(self):
        body = (b'{"amount":1000,"amount":1,"currency":"USD","confirm":true,'
                b'"payment_method":{"type":"card","token":"tok_visa"}}')
        self.assertIn("/amount", self.pointers(self.client.post("/v1/payments", body)))
        body = b'{"amount":1000,"currency":"USD","metadata":{"a":"1","\\u0061":"2"}}'
        self.assertIn("/metadata/a", self.pointers(self.client.post("/v1/payments", body)))

    def test_wrong_keys_are_401_and_say_nothing_more(self):
        for key in (None, "", "sk_test_nonsense", "x" * 5000, self.client.key + "x",
                    self.client.key[:-1], self.client.key.replace("test", "live")):
            with self.subTest(str(key)[:20]):
                answer = self.client.get("/v1/payments", key=key)
                self.assertIn(answer.status, (401, 431) if key and len(key) > 4000 else (401,))
        answer = self.client.get("/v1/payments", key=None, headers={"Authorization": "Basic !!"})
        self.problem(answer, 401)

    def test_a_publishable_key_takes_no_money(self):
        publishable = HOUSE.client(kind="publishable")
        self.addCleanup(publishable.close)
        for answer in (publishable.pay(1000, "USD"), publishable.get("/v1/payments")):
            self.assertIn(answer.status, (401, 403), answer)

    def test_cards_that_cannot_be_are_refused_without_an_echo(self):
        publishable = HOUSE.client(kind="publishable")
        self.addCleanup(publishable.close)
        rows = (
            (harness.card("4242424242424241"), "/card/number"),
            (harness.card("4242"), "/card/number"),
            (harness.card("4242 4242 4242 424x"), "/card/number"),
            (harness.card(exp_month=13), "/card/exp_month"),
            (harness.card(cvc="12a"), "/card/cvc"),
            (harness.card(pin="1234"), "/card/pin"),
        )
        for body, pointer in rows:
            with self.subTest(pointer):
                answer = publishable.post("/v1/payment_methods", body)
                self.assertIn(pointer, self.pointers(answer))
                self.assertNotIn(body["card"]["number"].encode(), answer.raw)

    def test_oversized_bodies_are_413(self):
        answer = self.client.post("/v1/payments", b'{"description":"' + b"x" * 300_000 + b'"}')
        self.assertEqual(answer.status, 413, answer)
        self.assertEqual(self.client.get("/livez").status, 200)

    def test_oversized_headers_do_not_get_through(self):
        with raw_connection() as stream:
            stream.sendall(b"GET /livez HTTP/1.1\r\nHost: x\r\n")
            try:
                for _ in range(200):
                    stream.sendall(b"X-Filler: " + b"x" * 1000 + b"\r\n")
                stream.sendall(b"\r\n")
                answer = stream.recv(100)
            except (ConnectionError, ssl.SSLError):
                answer = b""
        self.assertTrue(answer == b"" or re.match(rb"HTTP/1.1 4\d\d", answer), answer)

    def test_things_that_are_not_http_end_the_connection(self):
        for junk in (b"\x00" * 100 + b"\r\n\r\n", b"GET\r\n\r\n",
                     b"\x16\x03\x01\x00\xa5\x01\r\n\r\n",
                     b"POST /v1/payments HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n",
                     b"POST /v1/payments HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n"
                     b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"):
            with self.subTest(junk[:30]), raw_connection() as stream:
                stream.sendall(junk)
                answer = iso8583.read_exactly(stream, 12)
                self.assertTrue(answer in (b"", b"HTTP/1.1 400", b"HTTP/1.1 401"), answer)

    def test_unknown_paths_and_methods_are_problems(self):
        self.problem(self.client.get("/v1/nothing"), 404)
        self.problem(self.client.request("DELETE", "/v1/payments"), 405)
        self.problem(self.client.get("/v1/payments/pay_short"), 404)
        self.problem(self.client.get("/v1/payments?limit=1000"), 400)


class Sandbox(unittest.TestCase):
    """The acquirer sandbox at the other end of a rude gateway."""

    def connect(self):
        stream = socket.create_connection(HOUSE.acquirer_plain, timeout=30)
        self.addCleanup(stream.close)
        return stream

    def tearDown(self):
        stream = self.connect()
        stream.sendall(iso8583.frame(iso8583.sign_on(77)))
        mti, fields = iso8583.unpack(iso8583.read_frame(stream))
        self.assertEqual((mti, fields[39], fields[11]), ("0810", "00", "000077"))
        self.assertTrue(HOUSE.sandbox.running())

    def test_truncated_frame_is_no_message(self):
        stream = self.connect()
        stream.sendall(iso8583.frame(iso8583.sign_on())[:-5])
        stream.shutdown(socket.SHUT_WR)
        self.assertEqual(iso8583.read_frame(stream), b"")

    def test_oversized_frame_ends_the_connection(self):
        stream = self.connect()
        stream.sendall(struct.pack(">H", 60000))
        self.assertEqual(iso8583.read_frame(stream), b"")

    def test_trailing_bytes_are_not_ignored(self):
        self.assert_refused(iso8583.frame(iso8583.sign_on() + b"0"))

    def test_truncated_messages_are_refused_at_every_length(self):
        message = iso8583.sign_on()
        for size in range(1, len(message)):
            with self.subTest(size):
                self.assert_refused(iso8583.frame(message[:size]))

    def test_empty_frame_keeps_the_connection(self):
        stream = self.connect()
        stream.sendall(b"\x00\x00" + iso8583.frame(iso8583.sign_on(5)))
        mti, fields = iso8583.unpack(iso8583.read_frame(stream))
        self.assertEqual((mti, fields[11]), ("0810", "000005"))

    def test_a_frame_in_single_bytes_is_put_together(self):
        stream = self.connect()
        stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for byte in iso8583.frame(iso8583.sign_on(6)):
            stream.sendall(bytes([byte]))
        self.assertEqual(iso8583.unpack(iso8583.read_frame(stream))[0], "0810")

    def assert_refused(self, data):
        """Closed, or answered with a format error; never answered as if it were right."""
        stream = self.connect()
        stream.sendall(data)
        stream.shutdown(socket.SHUT_WR)
        answer = iso8583.read_frame(stream)
        if answer:
            self.assertNotEqual(iso8583.unpack(answer)[1].get(39), "00")


class RudeAcquirer(unittest.TestCase):
    """The gateway at the other end of an acquirer that sends rubbish for answers."""

    def setUp(self):
        self.house = harness.House()
        self.house.make_certs()
        self.reply = lambda message: None
        self.fake = iso8583.FakeAcquirer(self.house.certs / "acquirer.pem",
                                         self.house.certs / "acquirer.key",
                                         lambda message: self.reply(message))
        self.addCleanup(self.fake.close)
        self.house.write_config(acquirer=self.fake.address)
        self.house.merchant = self.house.create_merchant("Shop")
        self.house.start_gateway()
        self.addCleanup(self.house.stop)
        self.client = self.house.client()
        self.addCleanup(self.client.close)

    def test_rubbish_is_an_unknown_outcome_and_never_a_payment(self):
        good = iso8583.answer_to
        wrong_amount = lambda m: self.changed(m, 4, "000000000001")
        rows = (
            ("truncated frame", lambda m: iso8583.frame(good(m))[:-7]),
            ("oversized frame", lambda m: struct.pack(">H", 5000) + b"0" * 5000),
            ("trailing bytes", lambda m: iso8583.frame(good(m) + b"00")),
            ("cut message", lambda m: iso8583.frame(good(m)[:-3])),
            ("no message", lambda m: iso8583.frame(b"\x00\x01\x02\x03")),
            ("another amount", lambda m: iso8583.frame(wrong_amount(m))),
            ("another currency", lambda m: iso8583.frame(self.changed(m, 49, "978"))),
            ("another stan", lambda m: iso8583.frame(self.changed(m, 11, "999999"))),
        )
        for index, (name, reply) in enumerate(rows):
            with self.subTest(name):
                self.reply = lambda m, reply=reply: reply(m) if iso8583.unpack(m)[0] in (
                    "0100", "0200") else None
                answer = self.client.pay(1000 + index, "USD")
                self.assertEqual(answer.status, 201, answer)
                self.assertEqual(answer.body["status"], "processing", answer)
                self.assertEqual(answer.body["amount_captured"], 0)
                done = self.client.settled(answer.body["id"])
                self.assertEqual(done["status"], "failed", done)
                self.assertTrue(self.house.gateway.running())
        self.reply = lambda message: None
        answer = self.client.pay(2000, "USD")
        self.assertEqual((answer.status, answer.body["status"]), (201, "succeeded"), answer)
        self.house.commands.good("ledger", "verify")

    def changed(self, message, field, value):
        mti, fields = iso8583.unpack(iso8583.answer_to(message))
        return iso8583.pack(mti, {**fields, field: value})


ECB = """\
Date,USD,JPY,GBP,
2026-04-10,1.1650,170.10,0.8710,
2026-04-09,1.1640,170.20,0.8720,
2026-04-08,1.1630,170.30,0.8730,
"""


class Files(unittest.TestCase):
    """Each file is taken whole or not at all."""

    def state(self):
        rates = HOUSE.commands.run("fx", "rates", "--date", "2026-04-10", "--json")
        return (HOUSE.commands.good("ledger", "trial-balance", "--json"), rates.returncode,
                rates.stdout)

    def refuse(self, name, text, place, *command):
        before = self.state()
        file = HOUSE.folder / name
        file.write_text(text, encoding="utf-8")
        done = HOUSE.commands.run(*command, file)
        self.assertIn(done.returncode, (1, 2), (done.stdout, done.stderr))
        self.assertIn(name, done.stderr)
        self.assertRegex(done.stderr, place)
        self.assertEqual(self.state(), before)

    def test_rates_with_a_fault_change_nothing(self):
        lines = ECB.splitlines(keepends=True)
        rows = (
            ("missing column", "".join([lines[0], "2026-04-10,1.1650,170.10,\n", *lines[2:]]),
             r"(line |row |:)2\b"),
            ("wrong date", ECB.replace("2026-04-09", "2026-13-45"), r"(line |row |:)3\b"),
            ("no date column", ECB.replace("Date,", "Day,"), r"Date|(line |row |:)1\b"),
            ("cut last line", ECB[:-12], r"(line |row |:)4\b"),
            ("negative rate", ECB.replace("170.20", "-170.20"), r"(line |row |:)3\b"),
            ("zero rate", ECB.replace("170.20", "0"), r"(line |row |:)3\b"),
            ("unknown currency", ECB.replace("JPY", "JPX"), r"JPX"),
            ("column twice", ECB.replace("JPY", "USD"), r"USD"),
            ("day twice", ECB.replace("2026-04-09", "2026-04-10"), r"(line |row |:)3\b"),
            ("empty", "", r"empty|header|(line |row |:)1\b"),
        )
        for name, text, place in rows:
            with self.subTest(name):
                self.refuse("rates.csv", text, place, "fx", "import")

    def test_settlement_files_with_a_fault_change_nothing(self):
        client = HOUSE.client()
        self.addCleanup(client.close)
        for amount in (3101, 3102, 3103):
            self.assertEqual(client.pay(amount, "USD").status, 201)
        text = HOUSE.settlement_file("true.csv").read_text(encoding="utf-8")
        lines = text.splitlines(keepends=True)
        self.assertGreaterEqual(len(tamper.SettlementFile(text).settled), 3)
        header = lines[0].rstrip("\r\n").split(",")
        without = [",".join(row.rstrip("\r\n").split(",")[:-1]) + "\n" for row in lines]
        created = header.index("Creation Date")

        def edited(line, column, value):
            cells = line.rstrip("\r\n").split(",")
            cells[column] = value
            return ",".join(cells) + "\n"

        markup = header.index("Markup (NC)")
        rows = (
            ("missing column", "".join(without), r"Batch Number|column"),
            ("wrong date", "".join([lines[0], edited(lines[1], created, "2026-13-45 00:00:00"),
                                    *lines[2:]]), r"(line |row |:)2\b"),
            ("cut last line", text[:len(text) - len(lines[-1]) // 2 - 1],
             rf"(line |row |:){len(lines)}\b"),
            ("wrong amount", "".join([lines[0], lines[1], edited(lines[2], markup, "1,5x"),
                                      *lines[3:]]), r"(line |row |:)3\b"),
            ("empty", "", r"empty|header|(line |row |:)1\b"),
        )
        for name, bad, place in rows:
            with self.subTest(name):
                self.refuse("bad.csv", bad, place, "reconcile", "run", "--profile", "adyen")
        done = HOUSE.commands.run("reconcile", "run", "--profile", "adyen",
                                  HOUSE.folder / "true.csv")
        self.assertEqual(done.returncode, 0, (done.stdout, done.stderr))

    def test_commands_used_wrongly_exit_with_2(self):
        for command in (("nonsense",), ("settle",), ("settle", "run", "--date", "tomorrow-ish"),
                        ("settle", "run", "--merchant", "mer_short"),
                        ("reconcile", "run", "--profile", "nobody", HOUSE.config),
                        ("reconcile", "run", "--profile", "adyen"),
                        ("fx", "convert", "1.234", "USD", "EUR"),
                        ("fx", "convert", "1.00", "USD", "ZZZ"),
                        ("ledger", "verify", "--nonsense")):
            with self.subTest(" ".join(map(str, command))):
                done = HOUSE.commands.run(*command)
                self.assertEqual(done.returncode, 2, (done.stdout, done.stderr))
                self.assertNotEqual(done.stderr, "")

    def test_what_is_not_there_exits_with_3(self):
        for command in (("reconcile", "run", "--profile", "adyen", "/nonexistent/file.csv"),
                        ("fx", "import", "/nonexistent/file.csv")):
            with self.subTest(command[0]):
                done = HOUSE.commands.run(*command)
                self.assertIn(done.returncode, (2, 3), (done.stdout, done.stderr))
                self.assertIn("/nonexistent/file.csv", done.stderr)
        done = HOUSE.commands.run("ledger", "verify", "--config", "/nonexistent.toml", where=False)
        self.assertIn(done.returncode, (2, 3))
        self.assertIn("/nonexistent.toml", done.stderr)

    def test_a_misspelt_configuration_is_refused_by_name(self):
        file = HOUSE.folder / "wrong.toml"
        for old, new, told in (("margin_bps", "margin_bsp", "margin_bsp"),
                               ("threads = 2", "threads = \"two\"", "threads"),
                               ("[vault]", "[volt]", "volt"), ("[listen]", "[listen", "line|:")):
            with self.subTest(new):
                text = HOUSE.config.read_text(encoding="utf-8").replace(old, new)
                file.write_text(text, encoding="utf-8")
                done = HOUSE.commands.run("serve", "--config", file, where=False, seconds=20)
                self.assertIn(done.returncode, (2, 3), (done.stdout, done.stderr))
                self.assertRegex(done.stderr, told)


class ZAfterwards(unittest.TestCase):
    def test_slow_clients_were_let_go_and_hurt_nobody(self):
        # All the tests above ran beside them.
        deadline = time.monotonic() + SLOW_SECONDS_MAX
        for stream in SLOW:
            stream.settimeout(max(0.1, deadline - time.monotonic()))
            answer = iso8583.read_exactly(stream, 12)
            self.assertIn(answer, (b"", b"HTTP/1.1 408", b"HTTP/1.1 400", b"HTTP/1.1 401"))

    def test_nothing_has_crashed_and_the_books_balance(self):
        self.assertTrue(HOUSE.gateway.running())
        self.assertTrue(HOUSE.sandbox.running())
        HOUSE.commands.good("ledger", "verify")
