"""Bring the catalogues of the interface up to date with what templates and code say: ``make languages``.

``python bin/languages.py fr`` begins the catalogue of a further language. Words already translated stay; a message
whose English changed loses its words, so that nobody reads a translation of something else.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "languages"
# Messages stand in templates, and in code within a call of one of these.
KEYWORDS = {
    "_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "phrase": None,
    "marked": None,
    "counted": (1, 2),
    "AnswerError": None,
}
JINJA = "jinja2.ext:babel_extract"
PLACES = (
    (ROOT / "csp_consult", [("**.py", "python")]),
    (ROOT / "templates", [("**.html", JINJA), ("mail/**.txt", JINJA)]),
)
UNCHECKED = """\
# What the platform says to residents, in one language: gettext's PO, which translation programs open.
# Not checked by a native reader yet. Once it is, write who did here, and the note on residents' pages goes:
# Checked by:
"""


def said() -> Catalog:
    """Everything that can be said, in the order of the files."""
    template = Catalog(project="csp_consult")
    for folder, methods in PLACES:
        for _, _, message, _, _ in sorted(_found(folder, methods), key=lambda one: (str(one[0]), one[1])):
            template.add(message)
    return template


def _found(
    folder: Path, methods: list[tuple[str, str]]
) -> Iterator[tuple[str, int, str | tuple[str, ...], list[str], str | None]]:
    plain = {"newstyle_gettext": "true", "silent": "false"}
    options = {"**.html": plain, "mail/**.txt": plain}
    return extract_from_dir(folder, methods, options_map=options, keywords=KEYWORDS)


def update(language: str, template: Catalog) -> None:
    """Write the catalogue of a language with every message there is now."""
    file = FOLDER / f"{language}.po"
    if file.exists():
        with file.open("rb") as before:
            catalog = read_po(before, locale=language)
    else:
        catalog = Catalog(locale=language, header_comment=UNCHECKED.rstrip())
    begun = catalog.creation_date
    catalog.update(template, no_fuzzy_matching=True)
    # Otherwise the file would change each time, whether or not a word did.
    catalog.creation_date = begun
    catalog.fuzzy = False
    with file.open("wb") as after:
        write_po(after, catalog, width=110, no_location=True, ignore_obsolete=True)
    print(f"{file.relative_to(ROOT)}: {sum(1 for message in catalog if message.id)} messages")


if __name__ == "__main__":
    everything = said()
    for code in sorted({*sys.argv[1:], *(path.stem for path in FOLDER.glob("*.po"))}):
        update(code, everything)
