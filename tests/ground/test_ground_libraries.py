import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
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
