# SPDX-License-Identifier: Apache-2.0
"""Holds real answers against the OpenAPI document that the gateway itself serves.

Every answer is recorded as it comes and judged afterwards, so that a suite with another purpose can
watch the contract too. jsonschema judges the bodies; see docs/adr/0001-jsonschema-in-tests.md.
"""

import json
import re
import threading

import jsonschema

RFC3339_UTC = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$")
DAY = re.compile(r"^\d{4}-\d\d-\d\d$")

FORMATS = jsonschema.FormatChecker(formats=())


@FORMATS.checks("date-time")
def _is_time(value):
    return not isinstance(value, str) or bool(RFC3339_UTC.match(value))


@FORMATS.checks("date")
def _is_day(value):
    return not isinstance(value, str) or bool(DAY.match(value))


class Contract:
    """What was answered, and what the document says about it."""

    def __init__(self):
        self._lock = threading.Lock()
        self._responses = []
        self._document = None
        self.checked = 0

    def record(self, method, path, response):
        path = path.partition("?")[0]
        if path == "/openapi.json" and response.status == 200:
            self._document = response.body
        with self._lock:
            self._responses.append((method, path, response))

    def load(self, document):
        self._document = document

    def findings(self):
        """One line for each answer that the document does not allow."""
        if self._document is None:
            return ["nobody has read /openapi.json"]
        with self._lock:
            responses, self._responses = self._responses, []
        found = []
        for method, path, response in responses:
            self.checked += 1
            for finding in self._judge(method, path, response):
                found.append(f"{method} {path} {response.status}: {finding}")
        return found

    def operations(self):
        """Every (METHOD, path template) of the document."""
        return [(method.upper(), template) for template, item in self._document["paths"].items()
                for method in item if method in ("get", "post", "put", "patch", "delete")]

    def template(self, path):
        """The document's path that fits, or None. A literal one wins over a parameter."""
        fitting = []
        for template in self._document["paths"]:
            pattern = re.sub(r"\\\{[^/]+?\\\}", "[^/]+", re.escape(template))
            if re.fullmatch(pattern, path):
                fitting.append(template)
        return min(fitting, key=lambda it: it.count("{"), default=None)

    def resolve(self, node):
        while "$ref" in node:
            target = self._document
            for part in node["$ref"].removeprefix("#/").split("/"):
                target = target[part.replace("~1", "/").replace("~0", "~")]
            node = target
        return node

    def _judge(self, method, path, response):
        template = self.template(path)
        if template is None or method.lower() not in self._document["paths"][template]:
            if response.status not in (404, 405):
                yield "not in the document"
            return
        responses = self._document["paths"][template][method.lower()]["responses"]
        status = str(response.status)
        entry = next((responses[it] for it in (status, status[0] + "XX", "default")
                      if it in responses), None)
        if entry is None:
            yield "a status that the document does not have"
            return
        if path.startswith("/v1/") and not response.headers.get("Request-Id"):
            yield "no Request-Id"
        yield from self._judge_body(self.resolve(entry), response)

    def _judge_body(self, entry, response):
        content = entry.get("content", {})
        media = response.headers.get("Content-Type", "").partition(";")[0].strip()
        if not content:
            return
        if media not in content:
            yield f"Content-Type {media!r} instead of {sorted(content)}"
            return
        if "json" not in media or "schema" not in content[media]:
            return
        try:
            body = json.loads(response.raw)
        except ValueError as error:
            yield f"not JSON: {error}"
            return
        validator = jsonschema.Draft202012Validator(
            content[media]["schema"], format_checker=FORMATS,
            resolver=jsonschema.RefResolver("", self._document))
        for error in validator.iter_errors(body):
            yield f"{error.json_path}: {error.message[:300]}"
