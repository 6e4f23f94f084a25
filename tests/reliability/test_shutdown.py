"""SIGTERM, as systemd and containers send it: what is under way is finished, and then the site is gone."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlencode

import pytest
from mail.conftest import free_port
from sqlalchemy import create_engine, text
from troubled import ADDRESS, Respondent, prepare

PATIENCE = 60.0


@pytest.fixture
def served(database_url: str, tmp_path: Path) -> Iterator[tuple[int, str, "subprocess.Popen[bytes]"]]:
    """The site as ``csp-consult serve`` runs it: its port, its database and its process. It logs into a file."""
    port = free_port()
    prepare(database_url)
    command = [sys.executable, "-c", "from csp_consult.cli import main; main()", "serve", "--port", str(port)]
    environ = {**os.environ, "CSP_DATABASE_URL": database_url}
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(command, env=environ, stdout=subprocess.DEVNULL, stderr=log)
    try:
        _until_it_answers(port)
        yield port, database_url, process
    finally:
        process.kill()
        process.wait()


def _until_it_answers(port: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.1)
    raise AssertionError("the site did not start")


def test_what_cannot_be_read_of_a_request_is_refused_and_neither_it_nor_its_sender_is_logged(
    served: tuple[int, str, "subprocess.Popen[bytes]"], tmp_path: Path
) -> None:
    port, _, _ = served
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Words: " + b"Mr Bloggs " * 1_000 + b"\r\n\r\n")
        answer = connection.makefile("rb").read()

    assert answer.startswith(b"HTTP/1.1 431"), answer[:200]
    assert (tmp_path / "log").read_bytes() == b""


def test_a_request_under_way_is_finished_and_stored_and_then_the_site_ends(
    served: tuple[int, str, "subprocess.Popen[bytes]"],
) -> None:
    port, url, process = served
    person = Respondent(port)
    page = person._ask("GET", f"{ADDRESS}/questions/all")
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token
    body = urlencode({"csrf_token": token[1], "mark": "under way", "age": "16-24"}).encode()
    head = (
        f"POST {ADDRESS}/questions/all HTTP/1.1\r\nHost: localhost\r\nCookie: {person.cookie}\r\nConnection: close\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
    ).encode()

    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as connection:
        connection.sendall(head + body[:10])
        time.sleep(1)  # by now a worker has begun to read it
        process.send_signal(signal.SIGTERM)
        time.sleep(1)  # by now the worker has been told
        connection.sendall(body[10:])
        answer = connection.makefile("rb").read()

    assert answer.startswith(b"HTTP/1.1 303"), answer[:200]
    assert process.wait(timeout=PATIENCE) == 0
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), timeout=1)
    engine = create_engine(url)
    with engine.connect() as connection_to_database:
        assert connection_to_database.execute(text("SELECT count(*) FROM draft")).scalar() == 1
    engine.dispose()
