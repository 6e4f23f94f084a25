"""What a command prints is its own: nothing that a library says by itself gets between."""

import ctypes
import os

import pytest

from csp_consult.commands.output import stray_lines_aside


def test_a_library_s_own_lines_go_to_standard_error(capfd: pytest.CaptureFixture[str]) -> None:
    with stray_lines_aside():
        os.write(1, b"straight\n")
        ctypes.CDLL(None).puts(b"buffered")
    print("ours")

    said, aside = capfd.readouterr()
    assert said == "ours\n"
    assert "straight" in aside
    assert "buffered" in aside
