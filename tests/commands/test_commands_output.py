"""What a command prints is its own: nothing that a library says by itself gets between."""

import ctypes
import os

import pytest

from csp_consult.commands.output import emit, stray_lines_aside


def test_a_library_s_own_lines_go_to_standard_error(capfd: pytest.CaptureFixture[str]) -> None:
    with stray_lines_aside():
        os.write(1, b"straight\n")
        ctypes.CDLL(None).puts(b"buffered")
    print("ours")

    said, aside = capfd.readouterr()
    assert said == "ours\n"
    assert "straight" in aside
    assert "buffered" in aside


def test_every_row_of_a_csv_names_its_wave_and_says_whether_it_is_synthetic(capsys: pytest.CaptureFixture[str]) -> None:
    document = {
        "wave": "vrn/2022",
        "synthetic": True,
        "ranking": [{"topic": "speeding", "ties_with": ("burglary", "drugs")}, {"topic": "drugs", "ties_with": ()}],
    }

    emit(document, "ranking", "csv")

    assert capsys.readouterr().out.splitlines() == [
        "topic,ties_with,wave,synthetic",
        "speeding,burglary; drugs,vrn/2022,True",
        "drugs,,vrn/2022,True",
    ]
