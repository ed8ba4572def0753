#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A closed loop of HTTPS requests: each connection sends the next when the last was answered.

Usage: load.py livez|payments --url URL --ca FILE --key KEY [--connections N] [--seconds S]

Prints one line of JSON: requests, seconds, microseconds (of each request), bad (status -> count).
Requests are bytes made beforehand as far as possible: the generator shares the machine with what it
measures, so it does as little as it can.
"""

import argparse
import json
import os
import socket
import ssl
import sys
import threading
import time
import urllib.parse

BODY = (b'{"amount":1999,"currency":"USD","confirm":true,'
        b'"payment_method":{"type":"card","token":"tok_visa"}}')


class Connection:
    """One keep-alive connection; knows just enough HTTP to find the end of an answer."""

    def __init__(self, url, context):
        place = urllib.parse.urlsplit(url)
        plain = socket.create_connection((place.hostname, place.port), timeout=60)
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.stream = context.wrap_socket(plain, server_hostname=place.hostname)
        self.rest = b""

    def exchange(self, request):
        """Sends; the status of the answer."""
        self.stream.sendall(request)
        data = self.rest
        while (end := data.find(b"\r\n\r\n")) < 0:
            data += self._more()
        head = data[:end].lower()
        at = head.find(b"content-length:")
        if at < 0:
            raise ConnectionError("an answer without Content-Length")
        length = int(head[at + 15:].split(b"\r\n", 1)[0])
        while len(data) < end + 4 + length:
            data += self._more()
        self.rest = data[end + 4 + length:]
        return int(head[9:12])

    def _more(self):
        part = self.stream.recv(16384)
        if not part:
            raise ConnectionError("closed before the answer")
        return part


def requests(kind, host, key):
    """Endless requests as bytes."""
    if kind == "livez":
        request = f"GET /livez HTTP/1.1\r\nHost: {host}\r\n\r\n".encode()
        while True:
            yield request
    head = (f"POST /v1/payments HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {key}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(BODY)}\r\n"
            "Idempotency-Key: ").encode()
    while True:
        # Random, as clients' keys are.
        yield head + os.urandom(16).hex().encode() + b"\r\n\r\n" + BODY


class Worker(threading.Thread):
    def __init__(self, options, context, go):
        super().__init__(daemon=True)
        self.options = options
        self.connection = Connection(options.url, context)
        self.go = go
        self.microseconds = []
        self.bad = {}

    def run(self):
        host = urllib.parse.urlsplit(self.options.url).netloc
        expected = 200 if self.options.kind == "livez" else 201
        source = requests(self.options.kind, host, self.options.key)
        self.go.wait()
        deadline = time.monotonic() + self.options.seconds
        now = time.monotonic()
        while now < deadline:
            try:
                status = self.connection.exchange(next(source))
            except (OSError, ValueError) as error:
                self.bad[type(error).__name__] = self.bad.get(type(error).__name__, 0) + 1
                return
            then, now = now, time.monotonic()
            self.microseconds.append(round((now - then) * 1e6, 1))
            if status != expected:
                self.bad[str(status)] = self.bad.get(str(status), 0) + 1


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("kind", choices=("livez", "payments"))
    parser.add_argument("--url", required=True)
    parser.add_argument("--ca", required=True)
    parser.add_argument("--key", required=True)
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--seconds", type=float, default=5.0)
    options = parser.parse_args()
    context = ssl.create_default_context(cafile=options.ca)
    go = threading.Event()
    workers = [Worker(options, context, go) for _ in range(options.connections)]
    for worker in workers:
        worker.start()
    started = time.monotonic()
    go.set()
    for worker in workers:
        worker.join()
    seconds = time.monotonic() - started
    times = [it for worker in workers for it in worker.microseconds]
    bad = {}
    for worker in workers:
        for status, count in worker.bad.items():
            bad[status] = bad.get(status, 0) + count
    json.dump({"requests": len(times), "seconds": seconds, "microseconds": times, "bad": bad},
              sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
