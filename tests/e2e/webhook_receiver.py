# SPDX-License-Identifier: Apache-2.0
"""A merchant's side of webhooks: an HTTPS server that checks signatures as Standard Webhooks 1.0.0
says, with Python's own hmac, and does what a test tells it."""

import base64
import hashlib
import hmac
import http.server
import json
import ssl
import threading
import time

import harness


def verify(secret, headers, body):
    """Whether one of the message's v1 signatures is of this secret."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    text = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    want = base64.b64encode(hmac.new(key, text, hashlib.sha256).digest()).decode()
    young = abs(time.time() - int(headers["webhook-timestamp"])) < 300
    given = [it.partition(",") for it in headers["webhook-signature"].split(" ")]
    return young and any(version == "v1" and hmac.compare_digest(signature, want)
                         for version, _, signature in given)


class Message:
    def __init__(self, path, headers, body):
        self.path = path
        self.headers = headers
        self.body = body
        self.event = json.loads(body)
        self.id = headers["webhook-id"]

    def signed_with(self, secret):
        return verify(secret, self.headers, self.body)


class Receiver:
    """Use with `with`. `on_message(message)` returns the status to answer, or None to hang up."""

    def __init__(self, certs=None):
        self.messages = []
        self.on_message = lambda message: 204
        self._changed = threading.Condition()
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):  # pylint: disable=invalid-name
                body = self.rfile.read(int(self.headers["Content-Length"]))
                message = Message(self.path, self.headers, body)
                with receiver._changed:
                    receiver.messages.append(message)
                    receiver._changed.notify_all()
                status = receiver.on_message(message)
                if status is None:
                    self.close_connection = True
                    return
                self.send_response(status)
                self.send_header("Content-Length", "0")
                if status in (301, 302, 307):
                    self.send_header("Location", "https://127.0.0.1:1/")
                self.end_headers()

            def log_message(self, *_):  # pylint: disable=arguments-differ
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._server.handle_error = lambda *_: None
        self.port = self._server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"
        if certs:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certs / "gateway.pem", certs / "gateway.key")
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
            self.url = f"https://127.0.0.1:{self.port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,),
                                        daemon=True)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()

    def wait_for(self, good, seconds=harness.CALL_SECONDS_MAX):
        """The messages, once `good(messages)`."""
        deadline = time.monotonic() + seconds
        with self._changed:
            while not good(self.messages):
                left = deadline - time.monotonic()
                if left <= 0 or not self._changed.wait(left):
                    raise AssertionError(f"not in {seconds} s; there were "
                                         f"{[(it.path, it.event['type']) for it in self.messages]}")
            return list(self.messages)

    def of(self, event_id, seconds=harness.CALL_SECONDS_MAX):
        """The first message of that event."""
        self.wait_for(lambda all_of: any(it.id == event_id for it in all_of), seconds)
        return next(it for it in self.messages if it.id == event_id)
