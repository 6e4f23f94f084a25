from configparser import ConfigParser
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_a_wheel_holds_every_package() -> None:
    config = ConfigParser(interpolation=None)
    config.read(ROOT / "setup.cfg")
    listed = set(config["options"]["packages"].split())

    found = {".".join(path.parent.relative_to(ROOT).parts) for path in (ROOT / "csp_consult").rglob("__init__.py")}

    assert {name for name in listed if "._data" not in name} == found
    assert {name.rpartition(".")[2] for name in listed if "._data." in name} == {
        "templates",
        "static",
        "surveys",
        "docs",
        "languages",
        "migrations",
    }
