"""A real PostgreSQL for the tests, from Debian's binaries, whoever runs them.

``initdb`` and ``postgres`` refuse to run as root, so as root they run as ``postgres`` or ``nobody``.
"""

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
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


@contextmanager
def running_server() -> Iterator[str]:
    """Start a server on a socket of its own, yield the socket's folder, stop and remove it."""
    folder = Path(tempfile.mkdtemp(prefix="csp-pg-"))
    identity = _identity()
    if identity:
        os.chown(folder, identity["user"], identity["group"])
    bin_folder = binaries()
    data = folder / "data"
    quiet: dict[str, Any] = {"cwd": folder, "stdout": subprocess.DEVNULL, "env": {"LC_ALL": "C.UTF-8", "TZ": "UTC"}}
    subprocess.run(
        [bin_folder / "initdb", "-D", data, "-U", "csp", "-A", "trust", "-E", "UTF8", "--no-sync"],
        check=True,
        **quiet,
        **identity,
    )
    server = subprocess.Popen(
        [
            bin_folder / "postgres",
            *("-D", data, "-k", folder, "-c", "listen_addresses=", "-c", "fsync=off"),
            *("-c", "synchronous_commit=off", "-c", "full_page_writes=off", "-c", "max_connections=60"),
        ],
        stderr=subprocess.DEVNULL,
        **quiet,
        **identity,
    )
    try:
        _wait(str(folder), server)
        yield str(folder)
    finally:
        server.send_signal(2)  # SIGINT: close connections and stop
        try:
            server.wait(timeout=20)
        except subprocess.TimeoutExpired:
            server.kill()
        shutil.rmtree(folder, ignore_errors=True)


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
