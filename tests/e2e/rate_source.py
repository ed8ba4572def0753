# SPDX-License-Identifier: Apache-2.0
"""Somebody who publishes rates: an HTTPS server that answers every GET with what a test says."""

import http.server
import json
import ssl
import threading


def answer(day, rates, base="USD"):
    """The JSON that a source of the kind "json" answers."""
    return json.dumps({"base": base, "date": day, "rates": rates})


class RateSource:
    """Serves until stop(). `text` is the body of the next answers, `status` their status."""

    def __init__(self, certs, text):
        self.text = text
        self.status = 200
        self.asked = []
        source = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):  # pylint: disable=invalid-name
                source.asked.append(self.path)
                body = source.text.encode()
                self.send_response(source.status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):  # pylint: disable=arguments-differ
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._server.handle_error = lambda *_: None
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certs / "gateway.pem", certs / "gateway.key")
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self.url = f"https://127.0.0.1:{self._server.server_address[1]}/latest"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,),
                                        daemon=True)
        self._thread.start()

    def stop(self):
        self._server.shutdown()
        self._server.server_close()
