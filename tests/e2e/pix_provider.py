# SPDX-License-Identifier: Apache-2.0
"""A Pix provider in a process of its own, and its door for the test."""

import http.client
import json

import harness

KEY = "7d9f0335-8dcc-4054-9bf9-0dbd61d36906"
SECRET = "a secret of the provider's client"


def read_body(answer):
    """JSON, XML's bytes, or None."""
    raw = answer.read()
    if answer.getheader("Content-Type") == "application/xml":
        return raw
    return json.loads(raw) if raw else None


class PixProvider:
    def __init__(self, folder, certs):
        self.certs = certs
        self.process = harness.Process(
            [harness.program(), "sandbox", "pix", "--listen", "127.0.0.1:0",
             "--cert", certs / "acquirer.pem", "--key", certs / "acquirer.key",
             "--client-ca", certs / "ca.pem", "--webhook-ca", certs / "ca.pem",
             "--client-secret", SECRET, "--pix-key", KEY],
            folder / "pix.log")
        self.ports = {}
        while len(self.ports) < 3:
            match = self.process.wait_for_line(r"^listening (api|payload|admin) \S+:(\d+)$")
            self.ports[match[1]] = int(match[2])

    def config(self, name="pix", webhook="", poll_s=1):
        """The connector that speaks with it."""
        host = f"https://127.0.0.1:{self.ports['api']}"
        hook = f'webhook_url = "{webhook}"' if webhook else ""
        return f"""
[[connectors]]
name = "{name}"
kind = "pix"
api_url = "{host}/api/v2"
token_url = "{host}/oauth/token"
client_id = "causeway"
client_secret = "{SECRET}"
ca = "{self.certs}/ca.pem"
certificate = "{self.certs}/client.pem"
private_key = "{self.certs}/client.key"
key = "{KEY}"
merchant_name = "Empresa Alfa"
merchant_city = "Recife"
poll_s = {poll_s}
{hook}
"""

    def admin(self, path, body=None):
        line = http.client.HTTPConnection("127.0.0.1", self.ports["admin"], timeout=10)
        method = "GET" if body is None else "POST"
        line.request(method, "/" + path, None if body is None else json.dumps(body))
        answer = line.getresponse()
        body = read_body(answer)
        line.close()
        assert answer.status // 100 == 2, (answer.status, body)
        return body

    def pay(self, code, **more):
        return self.admin("pay", {"code": code, **more})

    def books(self):
        return self.admin("books")

    def statement(self, day):
        return self.admin(f"statement?day={day}")

    def stop(self):
        self.process.stop()
