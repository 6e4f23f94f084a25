"""The numbers that R, scipy and statsmodels gave, for tests that reproduce them."""

import json
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(scope="session")
def oracle_folder(shared: Path) -> Path:
    folder = shared / "oracle"
    if not folder.is_dir():
        pytest.skip("the oracle numbers are not here")
    return folder


@pytest.fixture(scope="session")
def oracle(oracle_folder: Path) -> dict[str, Any]:
    numbers: dict[str, Any] = json.loads((oracle_folder / "oracle.json").read_text())
    return numbers
