# SPDX-License-Identifier: Apache-2.0
"""One merchant's key against another's objects, on every path that the served document has.

Nothing here names a path: the walk reads /openapi.json, finds an id for each of its parameters in
the owner's own lists and objects, and asks for it with keys that must not see it. A new path is
walked by itself; one that no list leads to is walked with an id of the right form.
"""

import json
import re
import unittest

import harness

ID = re.compile(r"^([a-z]{2,5})_[0-9A-HJKMNP-TV-Z]{26}$")
NOBODY = "01JZ8QK3M5X9T2B7C4D6E8F0G1"
# Of an answer about a foreign object, all that may differ from one about an object of nobody.
PASSING = ("request_id", "instance")
# Paths whose foreign ids must be real for the walk to mean anything.
REAL = {"/v1/payments/{id}", "/v1/refunds/{id}", "/v1/customers/{id}", "/v1/merchants/{id}",
        "/v1/fx/quotes/{id}", "/v1/balance_transactions/{id}"}


def ids_in(value):
    """Every id in a JSON value."""
    if isinstance(value, dict):
        for inner in value.values():
            yield from ids_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from ids_in(inner)
    elif isinstance(value, str) and ID.match(value):
        yield value


class ForeignIds(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.house = harness.House()
        try:
            cls.house.start()
            cls.fill()
        except BaseException:
            cls.house.stop(keep=True)
            raise

    @classmethod
    def tearDownClass(cls):
        for client in [cls.owner, *cls.strangers.values()]:
            client.close()
        cls.house.stop()

    @classmethod
    def fill(cls):
        """The owner's objects of every kind that can be made, and who may not see them."""
        house = cls.house
        cls.owner = house.client()
        customer = cls.owner.post("/v1/customers", {"name": "Ana"}).body["id"]
        paid = cls.owner.pay(1020, "USD", options={"customer": customer}).body["id"]
        held = cls.owner.pay(1030, "USD", options={"capture_method": "manual"}).body["id"]
        cls.owner.post("/v1/refunds", {"payment": paid, "amount": 20})
        cls.owner.post("/v1/fx/quotes", {"source_currency": "BRL", "target_currency": "USD",
                                         "source_amount": 100000})
        assert held
        foreign = house.create_merchant("Foreign Shop")
        platform = house.create_merchant("Platform", "--platform")
        keys = {"another merchant's key": house.keys[foreign]["secret"],
                "a platform's key": house.keys[platform]["secret"],
                "its own key of the other mode": house.make_key(house.merchant, mode="live")}
        cls.strangers = {name: harness.Client(house, key) for name, key in keys.items()}
        cls.document = cls.owner.get("/openapi.json", key=None).body
        cls.found = cls.collect()

    @classmethod
    def collect(cls):
        """Ids of the owner by prefix, from every list and every object that the document has."""
        found = {"mer": [cls.house.merchant]}
        for template in cls.document["paths"]:
            if "{" in template or "get" not in cls.document["paths"][template]:
                continue
            answer = cls.owner.get(template)
            if answer.status == 200 and "json" in answer.headers.get("Content-Type", ""):
                for it in ids_in(json.loads(answer.raw)) if template.startswith("/v1/") else ():
                    found.setdefault(ID.match(it)[1], []).append(it)
        return found

    def operations(self):
        for template, item in self.document["paths"].items():
            for method, operation in item.items():
                if method in ("get", "post", "put", "patch", "delete"):
                    yield method.upper(), template, operation

    def resolve(self, node):
        while "$ref" in node:
            target = self.document
            for part in node["$ref"].removeprefix("#/").split("/"):
                target = target[part]
            node = target
        return node

    def prefix_of(self, template):
        """Of the ids that a path's own object has: in the list before it, or in the schema."""
        collection = template.partition("/{")[0]
        item = self.document["paths"].get(collection + "/{id}", {}).get("get")
        if item:
            schema = self.resolve(item["responses"]["200"]["content"]["application/json"]["schema"])
            pattern = schema["properties"]["id"].get("pattern", "")
            match = re.match(r"^\^([a-z]{2,5})_", pattern)
            if match:
                return match[1]
        return None

    def body_with(self, schema, own):
        """The least body that the schema takes, with ids of the owner (or of nobody) in it."""
        schema = self.resolve(schema)
        if "anyOf" in schema:
            return self.body_with(schema["anyOf"][0], own)
        pattern = re.match(r"^\^([a-z]{2,5})_\[", schema.get("pattern", ""))
        if pattern:
            return (self.found.get(pattern[1]) or [f"{pattern[1]}_{NOBODY}"])[0] if own \
                else f"{pattern[1]}_{NOBODY}"
        if "const" in schema:
            return schema["const"]
        if "enum" in schema:
            return schema["enum"][0]
        kind = schema.get("type")
        kind = kind[0] if isinstance(kind, list) else kind
        if kind == "object":
            required = set(schema.get("required", ()))
            ids = {name for name, it in schema.get("properties", {}).items()
                   if re.match(r"^\^[a-z]{2,5}_\[", self.resolve(it).get("pattern", ""))}
            return {name: self.body_with(schema["properties"][name], own)
                    for name in sorted(required | ids)}
        if kind == "array":
            return [self.body_with(schema["items"], own)]
        if kind in ("integer", "number"):
            return max(1, schema.get("minimum", 1))
        if kind == "boolean":
            return False
        return {"^[A-Z]{3}$": "USD", "^[A-Z]{2}$": "DE"}.get(schema.get("pattern"), "text")

    def ask(self, client, method, template, operation, own):
        """One operation with the owner's ids (or ids of nobody) wherever an id belongs."""
        prefix = self.prefix_of(template) or "pay"
        known = self.found.get(prefix)
        chosen = known[0] if own and known else f"{prefix}_{NOBODY}"
        path = re.sub(r"\{[^}]+\}", chosen, template)
        body = None
        content = operation.get("requestBody", {}).get("content", {}).get("application/json")
        if content:
            body = self.body_with(content["schema"], own)
        return client.request(method, path, body, idempotency_key=harness.FRESH)

    @staticmethod
    def essence(answer):
        if "json" not in answer.headers.get("Content-Type", ""):
            return answer.raw
        body = json.loads(answer.raw)
        for name in PASSING:
            body.pop(name, None)
        return body

    def walked(self):
        for method, template, operation in self.operations():
            security = operation.get("security", self.document.get("security", []))
            named = "{" in template and template.startswith("/v1/")
            if security and named:
                yield method, template, operation

    def test_a_foreign_object_is_an_object_of_nobody(self):
        before = self.snapshot()
        count = 0
        for method, template, operation in self.walked():
            for name, stranger in self.strangers.items():
                with self.subTest(f"{method} {template} with {name}"):
                    if template.startswith("/v1/merchants/") and name.startswith("its own"):
                        continue  # A merchant is one in both modes.
                    foreign = self.ask(stranger, method, template, operation, True)
                    nobody = self.ask(stranger, method, template, operation, False)
                    self.assertEqual(foreign.status, 404, foreign)
                    self.assertEqual(self.essence(foreign), self.essence(nobody))
                    self.assertEqual(sorted(it for it in foreign.headers if it != "Date"),
                                     sorted(it for it in nobody.headers if it != "Date"))
                    count += 1
        self.assertGreater(count, 20)
        self.assertEqual(self.snapshot(), before)

    def test_a_foreign_id_in_a_body_or_a_query_is_an_id_of_nobody(self):
        before = self.snapshot()
        for method, template, operation in self.operations():
            if "{" in template or not template.startswith("/v1/"):
                continue
            content = operation.get("requestBody", {}).get("content", {}).get("application/json")
            carries = content and list(ids_in(self.body_with(content["schema"], True)))
            for name, stranger in self.strangers.items():
                with self.subTest(f"{method} {template} with {name}"):
                    if carries:
                        foreign = self.ask(stranger, method, template, operation, True)
                        nobody = self.ask(stranger, method, template, operation, False)
                        self.assertIn(foreign.status, (403, 404, 422), foreign)
                        self.assertEqual(self.essence(foreign), self.essence(nobody))
                    if method == "GET":
                        listed = stranger.get(template)
                        shown = set(ids_in(json.loads(listed.raw)))
                        mine = {it for all_ids in self.found.values() for it in all_ids}
                        own_mode = name.startswith("its own") and {self.house.merchant} or set()
                        self.assertEqual(shown & mine - own_mode, set())
        self.assertEqual(self.snapshot(), before)

    def test_the_owner_is_shown_what_strangers_are_refused(self):
        # Without this the walk could pass on ids that lead nowhere.
        for template in sorted(REAL):
            with self.subTest(template):
                operation = self.document["paths"][template]["get"]
                self.assertEqual(self.ask(self.owner, "GET", template, operation, True).status, 200)

    def snapshot(self):
        """All the owner's objects, to see that nobody moved one."""
        lists = [template for template in sorted(self.document["paths"])
                 if template.startswith("/v1/") and "{" not in template
                 and "get" in self.document["paths"][template]]
        answers = {it: self.owner.get(it) for it in lists}
        # A balance says when it was asked for; a list that wants parameters holds no objects.
        return {it: re.sub(rb'"as_of":"[^"]*"', b"", answer.raw)
                for it, answer in answers.items() if answer.status == 200}
