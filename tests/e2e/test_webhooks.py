# SPDX-License-Identifier: Apache-2.0
"""Events reach real HTTPS receivers, signed, again and again until they are taken."""

import threading
import unittest

import jsonschema

import harness
from openapi_contract import Contract
from webhook_receiver import Receiver

HOUSE = None
CONTRACT = Contract()
KIND = "customer.created"


class WebhookHouse(harness.House):
    """A gateway that may post to this machine, and trusts the house's authority."""

    allow_private = True

    def write_config(self, *arguments, **options):
        super().write_config(*arguments, **options)
        allowed = "true" if self.allow_private else "false"
        with self.config.open("a", encoding="utf-8") as config:
            config.write(f'\n[webhooks]\nallow_private = {allowed}\nca = "{self.certs}/ca.pem"\n'
                         "answer_max_ms = 2000\n")


def setUpModule():  # pylint: disable=invalid-name
    global HOUSE  # pylint: disable=global-statement
    HOUSE = WebhookHouse()
    HOUSE.on_response = CONTRACT.record
    try:
        HOUSE.start()
    except BaseException:
        HOUSE.stop(keep=True)
        raise


def tearDownModule():  # pylint: disable=invalid-name
    HOUSE.stop()


class Case(unittest.TestCase):
    def setUp(self):
        self.merchant = HOUSE.create_merchant("Hook Shop")
        self.client = HOUSE.client(self.merchant)
        self.addCleanup(self.client.close)

    def receiver(self, certs=True):
        receiver = Receiver(HOUSE.certs if certs else None)
        receiver.__enter__()
        self.addCleanup(receiver.__exit__)
        return receiver

    def endpoint(self, url, client=None, **more):
        body = {"url": url, "events": [KIND], **more}
        answer = (client or self.client).post("/v1/webhook_endpoints", body)
        self.assertEqual(answer.status, 201, answer)
        return answer.body

    def trigger(self, merchant=None, kind=KIND):
        return HOUSE.commands.json("trigger", kind, "--merchant", merchant or self.merchant)["id"]

    def deliveries(self, event, good=lambda rows: True):
        return self.client.until(f"/v1/events/{event}/deliveries",
                                 lambda it: good(it["data"]))["data"]

    def delivered(self, event):
        return self.client.until(f"/v1/events/{event}", lambda it: it["pending_deliveries"] == 0)


class Delivery(Case):
    def test_arrives_signed_and_is_written_down(self):
        receiver = self.receiver()
        made = self.endpoint(receiver.url + "/hook")
        event = self.trigger()
        message = receiver.of(event)
        self.assertEqual(message.path, "/hook")
        self.assertTrue(message.signed_with(made["secret"]))
        self.assertFalse(message.signed_with("whsec_" + "A" * 43 + "="))
        shown = self.delivered(event)
        self.assertEqual({**message.event, "pending_deliveries": 0}, shown)
        self.assertEqual((shown["type"], shown["merchant"], shown["livemode"]),
                         (KIND, self.merchant, False))
        rows = self.deliveries(event, lambda it: it and it[0]["attempt"] == 1)
        self.assertEqual([(it["endpoint"], it["status_code"], it["error"], it["next_attempt_at"])
                          for it in rows], [(made["id"], 204, None, None)])
        page = self.client.get("/v1/events?limit=1")
        self.assertEqual([it["id"] for it in page.body["data"]], [event])

    def test_goes_only_where_it_was_wanted(self):
        receiver = self.receiver()
        self.endpoint(receiver.url + "/refunds", events=["refund.*"])
        self.endpoint(receiver.url + "/all", events=["*"])
        refund, customer = self.trigger(kind="refund.failed"), self.trigger()
        messages = receiver.wait_for(lambda it: len(it) >= 3)
        self.assertEqual(sorted((it.path, it.id) for it in messages),
                         sorted([("/refunds", refund), ("/all", refund), ("/all", customer)]))

    def test_a_refusal_is_tried_again_and_a_redirect_is_one(self):
        receiver = self.receiver()
        self.endpoint(receiver.url + "/hook")
        answers = iter([500, 302, 200])
        receiver.on_message = lambda message: next(answers)
        event = self.trigger()
        rows = self.deliveries(event, lambda it: len(it) >= 2)
        self.assertEqual([it["status_code"] for it in rows[:2]], [302, 500])
        self.assertIsNotNone(rows[0]["next_attempt_at"])

    def test_one_that_is_gone_is_disabled(self):
        receiver = self.receiver()
        made = self.endpoint(receiver.url + "/hook")
        receiver.on_message = lambda message: 410
        self.trigger()
        self.client.until(f"/v1/webhook_endpoints/{made['id']}",
                          lambda it: it["status"] == "disabled")
        later = self.trigger()
        self.assertEqual(self.client.get(f"/v1/events/{later}").body["pending_deliveries"], 0)

    def test_a_dead_one_does_not_delay_another(self):
        receiver = self.receiver()
        self.endpoint("https://127.0.0.1:1/dead")
        self.endpoint(receiver.url + "/alive")
        events = [self.trigger() for _ in range(5)]
        for event in events:
            receiver.of(event)

    def test_is_repeated_by_hand_with_the_same_id_and_bytes(self):
        receiver = self.receiver()
        self.endpoint(receiver.url)
        event = self.trigger()
        first = receiver.of(event)
        self.delivered(event)
        answer = self.client.post(f"/v1/events/{event}/redeliver")
        self.assertEqual(answer.status, 200, answer)
        receiver.wait_for(lambda it: len(it) == 2)
        self.delivered(event)
        HOUSE.commands.good("events", "redeliver", event, "--merchant", self.merchant)
        messages = receiver.wait_for(lambda it: len(it) == 3)
        self.assertEqual({(it.id, it.body) for it in messages}, {(first.id, first.body)})
        shown = HOUSE.commands.json("events", "show", event, "--merchant", self.merchant)
        self.assertEqual(shown["event"]["id"], event)


class Crash(Case):
    def test_a_message_whose_answer_nobody_heard_comes_again_under_its_id(self):
        receiver = self.receiver()
        made = self.endpoint(receiver.url)

        killed = threading.Event()

        def kill_first(_):
            if not killed.is_set():
                HOUSE.kill9()  # It has the message, and nobody has written that down.
                killed.set()
            return 204

        receiver.on_message = kill_first
        event = self.trigger()
        self.assertTrue(killed.wait(harness.CALL_SECONDS_MAX))
        HOUSE.start_gateway()
        messages = receiver.wait_for(lambda it: len(it) == 2)
        self.assertEqual([it.id for it in messages], [event, event])
        self.assertEqual(messages[0].body, messages[1].body)
        self.assertTrue(messages[1].signed_with(made["secret"]))
        self.delivered(event)
        self.assertEqual([it["attempt"] for it in self.deliveries(event)], [2])
        HOUSE.restart()
        self.delivered(event)
        self.assertEqual(len(receiver.messages), 2)


class Secrets(Case):
    def test_are_shown_once_and_kept_sealed(self):
        answer = self.client.post("/v1/webhook_endpoints", {"url": "https://127.0.0.1:1/"},
                                  idempotency_key="same")
        again = self.client.post("/v1/webhook_endpoints", {"url": "https://127.0.0.1:1/"},
                                 idempotency_key="same")
        self.assertEqual((answer.status, answer.raw), (again.status, again.raw))
        self.assertEqual(again.headers["Idempotency-Replayed"], "true")
        made = answer.body
        self.assertIsNone(self.client.get(f"/v1/webhook_endpoints/{made['id']}").body["secret"])
        listed = self.client.get("/v1/webhook_endpoints").body["data"]
        self.assertEqual([(it["id"], it["secret"]) for it in listed], [(made["id"], None)])
        secret = made["secret"].removeprefix("whsec_").encode()
        for file in HOUSE.folder.glob("causeway.db*"):
            if file.is_file():
                self.assertNotIn(secret, file.read_bytes(), file)
        self.assertNotIn(secret, (HOUSE.folder / "gateway.log").read_bytes())

    def test_sign_side_by_side_after_a_rotation(self):
        receiver = self.receiver()
        old = self.endpoint(receiver.url, signing="both")
        self.assertTrue(old["public_key"].startswith("whpk_"))
        answer = self.client.post(f"/v1/webhook_endpoints/{old['id']}/rotate_secret")
        self.assertEqual(answer.status, 200, answer)
        new = answer.body
        self.assertNotEqual(old["secret"], new["secret"])
        message = receiver.of(self.trigger())
        self.assertTrue(message.signed_with(old["secret"]))
        self.assertTrue(message.signed_with(new["secret"]))
        self.assertEqual(message.headers["webhook-signature"].count("v1a,"), 2)

    def test_another_merchant_learns_nothing(self):
        receiver = self.receiver()
        made = self.endpoint(receiver.url)
        event = self.trigger()
        receiver.of(event)
        other = HOUSE.client(HOUSE.create_merchant("Curious Shop"))
        self.addCleanup(other.close)
        for method, path in (("GET", f"/v1/webhook_endpoints/{made['id']}"),
                             ("DELETE", f"/v1/webhook_endpoints/{made['id']}"),
                             ("POST", f"/v1/webhook_endpoints/{made['id']}/rotate_secret"),
                             ("GET", f"/v1/events/{event}"),
                             ("GET", f"/v1/events/{event}/deliveries"),
                             ("POST", f"/v1/events/{event}/redeliver")):
            with self.subTest(path):
                self.assertEqual(other.request(method, path).status, 404)
        self.assertEqual(other.get("/v1/events").body["data"], [])
        self.assertEqual(other.get("/v1/webhook_endpoints").body["data"], [])

    def test_a_deleted_endpoint_hears_nothing_more(self):
        receiver = self.receiver()
        made = self.endpoint(receiver.url)
        path = f"/v1/webhook_endpoints/{made['id']}"
        self.assertEqual(self.client.request("DELETE", path).status, 204)
        self.assertEqual(self.client.get(path).status, 404)
        self.assertEqual(self.client.request("DELETE", path).status, 404)
        event = self.trigger()
        self.assertEqual(self.client.get(f"/v1/events/{event}").body["pending_deliveries"], 0)


class Input(Case):
    def test_that_is_wrong_is_refused_by_name(self):
        rows = (({}, "/url"), ({"url": "ftp://shop.example/"}, "/url"),
                ({"url": "https://user@shop.example/"}, "/url"),
                ({"url": "https://shop.example/", "events": ["payment.gone"]}, "/events/0"),
                ({"url": "https://shop.example/", "signing": "rsa"}, "/signing"),
                ({"url": "https://shop.example/", "extra": 1}, "/extra"))
        for body, pointer in rows:
            with self.subTest(body):
                answer = self.client.post("/v1/webhook_endpoints", body)
                self.assertEqual(answer.status, 400, answer)
                self.assertIn(pointer, [it["pointer"] for it in answer.body["errors"]])


class Commands(Case):
    def test_manage_endpoints_as_the_api_does(self):
        receiver = self.receiver()
        made = HOUSE.commands.json("webhooks", "create", "--merchant", self.merchant, "--url",
                                   receiver.url, "--events", f"{KIND},payment.*")
        self.assertEqual(made["events"], [KIND, "payment.*"])
        message = receiver.of(self.trigger())
        self.assertTrue(message.signed_with(made["secret"]))
        rotated = HOUSE.commands.json("webhooks", "rotate", made["id"])
        self.assertNotEqual(rotated["secret"], made["secret"])
        listed = HOUSE.commands.json("webhooks", "list", "--merchant", self.merchant)
        self.assertEqual([it["id"] for it in listed], [made["id"]])
        events = HOUSE.commands.json("events", "list", "--merchant", self.merchant)
        self.assertEqual([it["id"] for it in events], [message.id])
        HOUSE.commands.good("webhooks", "delete", made["id"])
        self.assertEqual(HOUSE.commands.json("webhooks", "list", "--merchant", self.merchant), [])

    def test_trigger_makes_every_kind_there_is_and_no_other(self):
        refused = HOUSE.commands.run("trigger", "payment.gone", "--merchant", self.merchant)
        self.assertEqual(refused.returncode, 2, refused)
        kinds = [it.strip() for it in refused.stderr.splitlines()[1:]]
        self.assertGreater(len(kinds), 20)
        for kind in kinds:
            self.trigger(kind=kind)
        page = self.client.get("/v1/events?limit=100").body["data"]
        self.assertEqual([it["type"] for it in reversed(page)], kinds)
        document = self.client.get("/openapi.json", key=None).body
        for event in page:
            name = event["data"]["object"]["object"].title().replace("_", "")
            if name not in document["components"]["schemas"]:
                continue
            with self.subTest(event["type"]):
                validator = jsonschema.Draft202012Validator(
                    {"$ref": f"#/components/schemas/{name}"},
                    resolver=jsonschema.RefResolver("", document))
                self.assertEqual([it.message for it in
                                  validator.iter_errors(event["data"]["object"])], [])

    def listen(self, *arguments):
        process = harness.Process([harness.program(), "listen", *arguments],
                                  HOUSE.folder / "listen.log")
        self.addCleanup(process.kill)
        secret = process.wait_for_line(r"^secret (whsec_\S+)$")[1]
        process.wait_for_line(r"^listening ")
        return process, secret

    def test_listen_forwards_what_is_new_and_wanted(self):
        receiver = self.receiver(certs=False)
        self.trigger()
        ways = (("--config", HOUSE.config, "--merchant", self.merchant),
                ("--api", HOUSE.url, "--key", self.client.key, "--ca", HOUSE.certs / "ca.pem"))
        for way in ways:
            with self.subTest(way[0]):
                receiver.messages.clear()
                process, secret = self.listen("--forward-to", receiver.url + "/hook",
                                              "--events", "refund.*," + KIND, *way)
                self.trigger(kind="payment.created")
                events = [self.trigger(), self.trigger(kind="refund.created")]
                messages = receiver.wait_for(lambda it: len(it) >= 2)
                self.assertEqual([it.id for it in messages], events)
                self.assertTrue(all(it.signed_with(secret) for it in messages))
                process.wait_for_line(rf"{events[1]} -> 204$")
                self.assertEqual(process.stop(), 0)


class Settlements(Case):
    def test_are_told_when_they_are_closed(self):
        self.client.pay(12345, "USD")
        receiver = self.receiver()
        self.endpoint(receiver.url, events=["settlement.closed"])
        HOUSE.commands.good("settle", "run", "--date", "today", "--merchant", self.merchant)
        told = receiver.wait_for(lambda it: it)[0].event
        self.assertEqual((told["type"], told["data"]["object"]["gross"]),
                         ("settlement.closed", 12345))


class ZGuard(Case):
    """Last but one: it changes the configuration."""

    def test_does_not_post_to_this_machine_unless_it_may(self):
        receiver = self.receiver()
        allowed = self.endpoint(receiver.url)
        HOUSE.allow_private = False
        HOUSE.write_config()
        HOUSE.restart()
        try:
            for url in (receiver.url, "http://shop.example/", "https://169.254.169.254/latest",
                        "https://[::1]/", "https://localhost/"):
                answer = self.client.post("/v1/webhook_endpoints", {"url": url})
                self.assertEqual(answer.status, 400, url)
            named = self.endpoint(f"https://localhost.localdomain:{receiver.port}/")
            event = self.trigger()
            rows = self.deliveries(event, lambda it: len([r for r in it if r["attempt"]]) >= 2)
            self.assertEqual({it["endpoint"] for it in rows}, {allowed["id"], named["id"]})
            self.assertEqual({it["status_code"] for it in rows}, {None})
            self.assertEqual(receiver.messages, [])
        finally:
            HOUSE.allow_private = True
            HOUSE.write_config()
            HOUSE.restart()


class ZZContract(Case):
    def test_every_answer_was_as_openapi_says(self):
        self.client.get("/openapi.json", key=None)
        self.assertEqual(CONTRACT.findings(), [])
        self.assertGreater(CONTRACT.checked, 40)
