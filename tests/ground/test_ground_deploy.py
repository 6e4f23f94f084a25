"""The files for running the site, as far as they can be looked at without running it."""

import shutil
import socket
import subprocess
from configparser import ConfigParser
from pathlib import Path

import pytest
from flask import Flask

from csp_consult.commands.serve import serve

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
SHUT_IN = {
    "NoNewPrivileges": "yes",
    "ProtectSystem": "strict",
    "ProtectHome": "yes",
    "PrivateTmp": "yes",
    "PrivateDevices": "yes",
    "CapabilityBoundingSet": "",
    "SystemCallFilter": "@system-service",
    "UMask": "0077",
}


def unit(name: str) -> ConfigParser:
    # Systemd repeats keys, which stand for a list; the last is enough here.
    config = ConfigParser(strict=False, interpolation=None)
    config.optionxform = str  # type: ignore[assignment,method-assign]  # as systemd spells them
    config.read(DEPLOY / name)
    return config


@pytest.mark.parametrize("name", ["csp-consult.service", "csp-consult-daily.service"])
def test_the_units_of_systemd_are_sound_and_shut_in(name: str) -> None:
    service = unit(name)["Service"]

    assert service["User"] == "csp-consult"
    assert {key: service.get(key) for key in SHUT_IN} == SHUT_IN


def test_systemd_finds_no_fault_with_the_units(tmp_path: Path) -> None:
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.skip("systemd-analyze is not on this machine")
    for file in DEPLOY.glob("csp-consult*"):
        # Where the program will be installed there is nothing here yet.
        (tmp_path / file.name).write_text(
            file.read_text().replace("/opt/csp_consult/.venv/bin/csp-consult", "/bin/true")
        )

    done = subprocess.run(
        [program, "verify", *sorted(map(str, tmp_path.iterdir()))], capture_output=True, text=True, check=False
    )

    said = [line for line in (done.stdout + done.stderr).splitlines() if "csp-consult" in line]
    assert said == [], said


def test_the_container_runs_as_nobody_special_and_says_whether_it_is_well() -> None:
    lines = (DEPLOY / "Containerfile").read_text().splitlines()

    assert "USER csp-consult" in lines
    assert [line for line in lines if line.startswith("HEALTHCHECK")]
    assert not [line for line in lines if "SECRET" in line], "secrets come by the environment"
    user, command = lines.index("USER csp-consult"), next(n for n, line in enumerate(lines) if line.startswith("CMD"))
    assert user < command
    assert "exec csp-consult serve " in lines[command], "which also sends the mail, and is told of SIGTERM"
    compiling = next(n for n, line in enumerate(lines) if "compileall -q csp_consult" in line)
    assert compiling < user, "whoever runs it may write nothing beside the program, and would compile it at every start"


@pytest.mark.parametrize("address", ["0.0.0.0", "192.0.2.1", "csp.example"])
def test_a_site_with_the_secrets_and_passwords_of_a_demo_listens_to_its_own_machine_alone(
    app: Flask, address: str
) -> None:
    with socket.socket() as taken:
        # Were the address let through, this would be said of the port.
        taken.bind(("0.0.0.0", 0))
        taken.listen()
        done = app.test_cli_runner().invoke(serve, ["--address", address, "--port", str(taken.getsockname()[1])])

    assert done.exit_code == 1
    assert "listens to this machine alone" in done.output


def test_no_database_history_or_secret_gets_into_a_container() -> None:
    left_out = (DEPLOY.parent / ".dockerignore").read_text().splitlines()

    assert {".git", ".venv", "instance", "*.env", "*.db", "*.backup"} <= set(left_out)
