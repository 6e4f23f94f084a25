"""Bring the browser-side packages into ``static/vendor`` and ``tests/vendor`` from the npm registry.

Run by a maintainer when a version below changes: ``python bin/vendor_static.py`` (needs npm).
Nothing is fetched at run time; what this writes is committed.
"""

import json
import re
import subprocess
import tarfile
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
GOVUK = "package/dist/govuk"
PACKAGES = {
    "govuk-frontend@6.3.0": {
        f"{GOVUK}/govuk-frontend.min.css": "static/vendor/govuk-frontend/govuk-frontend.min.css",
        f"{GOVUK}/govuk-frontend.min.js": "static/vendor/govuk-frontend/govuk-frontend.min.js",
    },
    "vega@6.4.0": {
        "package/build/vega.min.js": "static/vendor/vega/vega.min.js",
        "package/LICENSE": "static/vendor/vega/LICENSE",
    },
    "vega-interpreter@2.3.2": {"package/build/vega-interpreter.js": "static/vendor/vega/vega-interpreter.js"},
    "axe-core@4.14.1": {"package/axe.min.js": "tests/vendor/axe.min.js"},
}


def without_government_identity(css: str) -> str:
    """The stylesheet without the GDS Transport typeface and the crest, which only GOV.UK may use."""
    css = re.sub(r"@font-face\{[^}]*\}", "", css)
    css = css.replace("GDS Transport,arial,sans-serif", "arial,sans-serif")
    css = re.sub(r"url\(/assets/images/[^)]*\)", "none", css)
    return re.sub(r"/\*# sourceMappingURL=.*?\*/", "", css)


def out_of_vega(script: str) -> str:
    """The module with what it takes from vega-util taken from vega, which holds it: browsers know no bare names."""
    return re.sub(r"import (\{[^}]*\}) from 'vega-util';", r"const \1 = globalThis.vega;", script)


RIGHT_TO_LEFT = "rtlcss@4.3.0"
STYLES = ROOT / "static/vendor/govuk-frontend/govuk-frontend.min.css"


def mirrored() -> None:
    """The stylesheet once more for languages written from right to left."""
    target = STYLES.with_name("govuk-frontend.rtl.min.css")
    subprocess.run(["npx", "--yes", RIGHT_TO_LEFT, str(STYLES), str(target)], check=True)
    print(f"{RIGHT_TO_LEFT}: {target.relative_to(ROOT)}")


def vendor(package: str, files: dict[str, str]) -> None:
    """Unpack the named files of one npm package to their places."""
    with tempfile.TemporaryDirectory() as folder:
        packed = subprocess.run(
            ["npm", "pack", "--json", package], cwd=folder, check=True, capture_output=True, text=True
        )
        archive = Path(folder) / json.loads(packed.stdout)[0]["filename"]
        with tarfile.open(archive) as tar:
            for inside, target in files.items():
                member = tar.extractfile(inside)
                if member is None:
                    raise SystemExit(f"{package} has no file {inside}.")
                text = member.read().decode()
                text = without_government_identity(text) if inside.endswith(".css") else text
                text = out_of_vega(text)
                text = re.sub(r"//# sourceMappingURL=.*", "", text)
                destination = ROOT / target
                destination.parent.mkdir(parents=True, exist_ok=True)
                destination.write_text(text.rstrip() + "\n")
                print(f"{package}: {target}")


if __name__ == "__main__":
    for name, wanted in PACKAGES.items():
        vendor(name, wanted)
    mirrored()
