# SPDX-License-Identifier: Apache-2.0
"""Whom the gateway is measured against: nginx answering at once, and PostgreSQL's own benchmark.

Both are the distribution's. One that is not installed is said to be missing, and its figures are.
"""

import os
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import time

import harness
import postgres

NGINX = """\
daemon off;
worker_processes 1;
error_log stderr warn;
pid {folder}/nginx.pid;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    keepalive_requests 100000000;
    server {{
        listen 127.0.0.1:{port} ssl;
        ssl_certificate {certs}/gateway.pem;
        ssl_certificate_key {certs}/gateway.key;
        ssl_protocols TLSv1.2 TLSv1.3;
        location / {{ default_type text/plain; return 200 "ok\\n"; }}
    }}
}}
"""


def missing(what):
    print(f"{what} is not installed: its figures are MISSING", file=sys.stderr, flush=True)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Nginx:
    """One worker that returns 200 over the gateway's certificate. Use with `with`."""

    def __init__(self, folder, certs):
        self.folder = pathlib.Path(folder) / "nginx"
        self.folder.mkdir(exist_ok=True)
        self.certs = certs
        self.port = free_port()
        self._process = None

    @staticmethod
    def find():
        return shutil.which("nginx", path=os.environ.get("PATH", "") + ":/usr/sbin")

    def __enter__(self):
        settings = self.folder / "nginx.conf"
        settings.write_text(NGINX.format(folder=self.folder, certs=self.certs, port=self.port),
                            encoding="utf-8")
        # As root its worker would go over to a user who may not read the key.
        user = ["-g", "user root;"] if os.geteuid() == 0 else []
        guard = shutil.which("setpriv")
        leash = [guard, "--pdeathsig", "TERM", "--"] if guard else []
        self._process = subprocess.Popen([*leash, self.find(), "-c", settings, *user],
                                         stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + harness.READY_SECONDS_MAX
        while True:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return self
            if time.monotonic() > deadline or self._process.poll() is not None:
                raise RuntimeError("nginx did not start")
            harness.pause(0.02)

    def __exit__(self, kind, value, trace):
        self._process.terminate()
        self._process.wait()

    def processes(self):
        """The master's and its worker's ids."""
        master = self._process.pid
        place = pathlib.Path(f"/proc/{master}/task/{master}/children")
        return [master, *map(int, place.read_text(encoding="ascii").split())]


class TpcB:
    """pgbench on a PostgreSQL of its own whose commits are durable. Use with `with`."""

    CLIENTS = 32
    SCALE = 10

    def __init__(self):
        self._server = postgres.Server(fsync=True)

    @staticmethod
    def find():
        place = postgres.PROGRAMS / "pgbench"
        return place if place.exists() else None

    def __enter__(self):
        self._server.__enter__()
        self._run("-i", "-q", "-s", self.SCALE)
        return self

    def __exit__(self, *what):
        self._server.__exit__(*what)

    def _run(self, *arguments):
        command = [self.find(), "-h", self._server.folder, "-U", "tester", *arguments, "postgres"]
        return subprocess.run([str(it) for it in command], check=True, capture_output=True,
                              text=True).stdout

    def rate(self, seconds):
        """Units: transactions/s."""
        text = self._run("-n", "-M", "prepared", "-c", self.CLIENTS, "-j", 2, "-T",
                         max(1, round(seconds)))
        return float(re.search(r"tps = ([0-9.]+)", text)[1])
