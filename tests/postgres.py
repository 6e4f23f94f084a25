"""A real PostgreSQL for the tests, from Debian's binaries, whoever runs them.

``initdb`` and ``postgres`` refuse to run as root, so as root they run as ``postgres`` or ``nobody``.
"""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg


class PostgresMissingError(RuntimeError):
    """No PostgreSQL server binaries on this machine."""


def binaries() -> Path:
    """The folder with the newest ``initdb`` and ``postgres``; raises PostgresMissingError."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    on_path = shutil.which("postgres")
    if on_path:
        return Path(on_path).resolve().parent
    raise PostgresMissingError("PostgreSQL is not installed: run the README's test command, or apt install postgresql.")


def _identity() -> dict[str, Any]:
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        try:
            user = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    raise PostgresMissingError("Running as root, and neither user postgres nor nobody exists to run the server as.")


FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=60")
"""For tests that lose nothing when the machine stops."""
DURABLE = ("fsync=off", "max_connections=60")
"""For tests that kill the server: what was written outlives a process, though not the machine."""


class Server:
    """A server on a socket of its own in a folder of its own."""

    def __init__(self, options: Sequence[str] = FAST) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="csp-pg-"))
        self.options = [part for option in ("listen_addresses=", *options) for part in ("-c", option)]
        self.identity = _identity()
        self.own(self.folder)
        self._quiet: dict[str, Any] = {
            "cwd": self.folder,
            "stdout": subprocess.DEVNULL,
            "env": {"LC_ALL": "C.UTF-8", "TZ": "UTC"},
            **self.identity,
        }
        initdb: list[str | Path] = [
            binaries() / "initdb",
            "-D",
            self.folder / "data",
            "-U",
            "csp",
            "-A",
            "trust",
            "-E",
            "UTF8",
        ]
        subprocess.run([*initdb, "--no-sync"], check=True, **self._quiet)
        self.start()

    def own(self, folder: Path) -> None:
        """Give a folder to whom the server runs as."""
        if self.identity:
            os.chown(folder, self.identity["user"], self.identity["group"])

    def start(self) -> None:
        """Start it and wait until it answers; after a crash it may have to wait for its own orphans."""
        command: list[str | Path] = [
            binaries() / "postgres",
            "-D",
            self.folder / "data",
            "-k",
            self.folder,
            *self.options,
        ]
        deadline = time.monotonic() + 60
        while True:
            self.process: subprocess.Popen[bytes] = subprocess.Popen(
                [*command, *self.options], stderr=subprocess.DEVNULL, **self._quiet
            )
            try:
                return _wait(str(self.folder), self.process)
            except psycopg.OperationalError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.2)

    def kill(self) -> None:
        """SIGKILL, as when power fails."""
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        """Close connections, stop, and remove everything."""
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self.process.kill()
        shutil.rmtree(self.folder, ignore_errors=True)


@contextmanager
def running_server() -> Iterator[str]:
    """Start a server, yield the socket's folder, stop and remove it."""
    server = Server()
    try:
        yield str(server.folder)
    finally:
        server.stop()


def _wait(folder: str, server: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + 30
    while True:
        try:
            psycopg.connect(host=folder, user="csp", dbname="postgres").close()
        except psycopg.OperationalError:
            if server.poll() is not None or time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return
