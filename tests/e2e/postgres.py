# SPDX-License-Identifier: Apache-2.0
"""A PostgreSQL of the tests' own, in a folder that goes away with it."""

import os
import pathlib
import pwd
import shutil
import subprocess
import tempfile
import time

import harness

PROGRAMS = pathlib.Path(os.environ.get("CAUSEWAY_POSTGRES_BIN", "/usr/lib/postgresql/15/bin"))
READY_SECONDS_MAX = 60


def is_installed():
    return (PROGRAMS / "initdb").exists()


class Server:
    """Listens on a socket in its folder and nowhere else. Use with `with`."""

    def __init__(self, fsync=False):
        self.fsync = fsync
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="causeway-pg-"))
        self._user = self._other_user()
        self._process = None

    @staticmethod
    def _other_user():
        if os.geteuid() != 0:
            return None
        try:
            return pwd.getpwnam("postgres")
        except KeyError:
            return pwd.getpwnam("nobody")

    def _options(self):
        if self._user is None:
            return {}
        return {"user": self._user.pw_uid, "group": self._user.pw_gid, "extra_groups": []}

    def __enter__(self):
        if self._user is not None:
            os.chown(self.folder, self._user.pw_uid, self._user.pw_gid)
        subprocess.run([PROGRAMS / "initdb", "--no-sync", "--auth=trust", "--encoding=UTF8",
                        "--locale=C", "--username=tester", f"--pgdata={self.folder}/data"],
                       check=True, capture_output=True, cwd=self.folder, **self._options())
        settings = ["listen_addresses=", "max_connections=60", "shared_buffers=32MB",
                    "deadlock_timeout=20ms", "fsync=on" if self.fsync else "fsync=off"]
        arguments = [part for one in settings for part in ("-c", one)]
        guard = shutil.which("setpriv")
        leash = [guard, "--pdeathsig", "QUIT", "--"] if guard else []
        with open(self.folder / "log", "wb") as log:
            self._process = subprocess.Popen(
                [*leash, PROGRAMS / "postgres", "-D", f"{self.folder}/data", "-k", self.folder,
                 *arguments], stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self.folder,
                **self._options())
        self._wait_until_ready()
        return self

    def _wait_until_ready(self):
        deadline = time.monotonic() + READY_SECONDS_MAX
        while b"ready to accept connections" not in (self.folder / "log").read_bytes():
            if time.monotonic() > deadline or self._process.poll() is not None:
                raise AssertionError(f"PostgreSQL: {(self.folder / 'log').read_text()}")
            harness.pause(0.02)

    def __exit__(self, kind, value, trace):
        self._process.terminate()
        self._process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def ask(self, sql):
        """The one value that a query gives."""
        done = subprocess.run([PROGRAMS / "psql", "-h", self.folder, "-U", "tester", "-d",
                               "postgres", "-Atc", sql], check=True, capture_output=True, text=True)
        return done.stdout.strip()

    @property
    def url(self):
        return f"postgresql://tester@/postgres?host={self.folder}"
