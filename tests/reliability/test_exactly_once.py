"""Whatever is killed or full, and whenever: what was acknowledged is stored, once, and the tally counts it."""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
import pytest
from postgres import DURABLE, Server
from records import keep_record
from troubled import Books, Troubles, endure, prepare

FULL_SECONDS = 0.4
"""How long the disk stays full."""


@contextmanager
def sqlite_site(folder: Path, *, roomy: bool = False) -> Iterator[tuple[str, Troubles]]:
    """A database whose disk can be filled, ``roomy`` or not."""

    def fill() -> None:
        (folder / "full").touch()
        time.sleep(FULL_SECONDS)
        (folder / "full").unlink()

    yield f"sqlite:///{folder / 'site.db'}", {"disk full": fill}


@contextmanager
def postgresql_site(folder: Path, *, roomy: bool = False) -> Iterator[tuple[str, Troubles]]:
    """A database on a small disk that can be filled; ``roomy``, on the machine's own, which nobody is to fill."""
    server = Server(DURABLE)
    disk = folder / "disk"
    disk.mkdir()
    # Only root may make a disk of its own size; for others the database is killed and its disk is never full.
    small = not roomy and os.geteuid() == 0 and shutil.which("mount") is not None
    try:
        if small:
            subprocess.run(["mount", "-t", "tmpfs", "-o", "size=48m", "tmpfs", disk], check=True)
            _reachable(disk)
            server.own(disk)
        with psycopg.connect(host=str(server.folder), user="csp", dbname="postgres", autocommit=True) as connection:
            if small:
                connection.execute(f"CREATE TABLESPACE small LOCATION '{disk}'")
            connection.execute(f"CREATE DATABASE site {'TABLESPACE small' if small else ''}")

        def kill() -> None:
            server.kill()
            server.start()

        def fill() -> None:
            ballast = disk / "ballast"
            with ballast.open("wb", buffering=0) as written, suppress(OSError):
                while True:  # the database takes some of it meanwhile, so nobody knows beforehand how much there is
                    written.write(bytes(4096))
            time.sleep(FULL_SECONDS)
            ballast.unlink()

        troubles = {"database killed": kill} | ({"disk full": fill} if small else {})
        yield f"postgresql+psycopg://csp@/site?host={server.folder}", troubles
    finally:
        server.stop()
        if small:
            subprocess.run(["umount", disk], check=True)


def _reachable(folder: Path) -> None:
    """Let the server's own user pass through the test's folders."""
    for parent in [folder, *folder.parents][:-1]:
        if parent.owner() == "root" and parent != Path("/tmp"):
            parent.chmod(parent.stat().st_mode | 0o011)


SITES = {"sqlite": sqlite_site, "postgresql": postgresql_site}


def endured(database: str, folder: Path, *, submissions: int, pause: tuple[float, float], least: int) -> Books:
    with SITES[database](folder) as (url, troubles):
        prepare(url)
        return endure(url, folder, submissions=submissions, troubles=troubles, pause=pause, least=least)


def test_nothing_acknowledged_is_lost_or_doubled_when_processes_die_and_disks_fill(
    database: str, tmp_path: Path
) -> None:
    books = endured(database, tmp_path, submissions=40, pause=(0.2, 0.8), least=4)

    assert books.line() == "acknowledged 40, lost 0, doubled 0, tally equal"
    assert books.troubles.total() >= 4


@pytest.mark.long
def test_nothing_of_two_thousand_is_lost_or_doubled(
    database: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    books = endured(database, tmp_path, submissions=2_000, pause=(0.2, 3.0), least=40)

    keep_record("exactly_once", database, {"line": books.line(), "troubles": dict(sorted(books.troubles.items()))})
    with capsys.disabled():
        print(f"\n{database}: {books.line()} ({', '.join(f'{n} x {name}' for name, n in books.troubles.items())})")
    assert books.line() == "acknowledged 2000, lost 0, doubled 0, tally equal"
    assert all(books.troubles[name] >= 5 for name in books.troubles)
