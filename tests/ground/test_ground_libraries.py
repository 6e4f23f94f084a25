import json
import re
import threading
from collections.abc import Callable
from functools import partial
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib import util
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]


class Advisories(BaseHTTPRequestHandler):
    """Answers as a database of known faults: of one package it knows a fault."""

    def __init__(self, faulty: str, *rest: Any) -> None:
        self.faulty = faulty
        super().__init__(*rest)

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["queries"]
        found = [{"vulns": [{"id": "GHSA-x"}]} if one["package"]["name"] == self.faulty else {} for one in asked]
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps({"results": found}).encode())

    def log_message(self, *_: Any) -> None:
        """Nothing is said of requests."""


def audited(faulty: str) -> int:
    """What the look for known faults ends with where that package has one."""
    with HTTPServer(("127.0.0.1", 0), partial(Advisories, faulty)) as server:
        thread = threading.Thread(target=server.handle_request, daemon=True)
        thread.start()
        ended = audit()(f"http://127.0.0.1:{server.server_port}/")
        thread.join()
    return ended


def audit() -> Callable[[str], int]:
    spec = util.spec_from_file_location("audit", ROOT / "bin" / "audit.py")
    assert spec
    assert spec.loader
    module = util.module_from_spec(spec)
    spec.loader.exec_module(module)
    found: Callable[[str], int] = module.main
    return found


def test_a_library_with_a_known_fault_ends_the_checks_and_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert audited("no-such-package") == 0
    assert re.search(r"\d+ packages, no known fault", capsys.readouterr().out)

    assert audited("flask") == 1
    assert re.search(r"flask [\d.]+ has known faults: GHSA-x", capsys.readouterr().out)


def test_where_nobody_can_be_asked_for_known_faults_that_is_said_and_nothing_fails(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert audit()("http://127.0.0.1:9/") == 0

    assert "Not looked for" in capsys.readouterr().out
    assert "python bin/audit.py" in (ROOT / "bin" / "test").read_text(), "part of what continuous integration runs"


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock", "requirements-scale.lock"])
def test_every_locked_package_is_pinned_by_its_digest(lock: str) -> None:
    text = (ROOT / lock).read_text().replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]

    assert len(lines) > 40
    for line in lines:
        assert re.match(r"[A-Za-z0-9._\[\],-]+==\S+", line), line
        assert "--hash=sha256:" in line, line
        assert "://" not in line.partition("--hash")[0], "from the index, and from nowhere else"


@pytest.mark.parametrize("file", ["bin/prepare.sh", "deploy/Containerfile"])
def test_packages_are_installed_by_their_digests_only(file: str) -> None:
    installs = re.findall(r"pip install[^\n&]*(?:\\\n[^\n&]*)*", (ROOT / file).read_text())

    assert len(installs) >= 2
    assert all("--require-hashes" in one or "--no-deps" in one for one in installs), installs
