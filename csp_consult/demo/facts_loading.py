"""The facts of Harborough: its places and people, retyped from open data, and what its plan printed."""

from contextlib import ExitStack
from importlib.resources import files
from importlib.resources.abc import Traversable

from sqlalchemy.orm import Session

from csp_consult.places.csv_lines import FileError
from csp_consult.places.intake import import_files

DISTRICT = "E07000131"
PLACE_FILES = ("areas.csv", "links.csv", "ward_beats.csv", "population.csv")


def facts_folder() -> Traversable:
    """Where the facts lie."""
    return files("csp_consult.demo") / "facts"


def load_facts(session: Session) -> None:
    """Load wards, parishes, beats, LSOAs, what lies in what, and populations. Loading again changes nothing."""
    with ExitStack() as stack:
        opened = [(name, stack.enter_context((facts_folder() / name).open("rb"))) for name in PLACE_FILES]
        receipts, not_read = import_files(session, opened, district=DISTRICT)
    for receipt in receipts:
        for refusal in receipt.refused:
            raise FileError(f"{receipt.file_name} line {refusal.line}: {refusal.reason} ({refusal.found}).")
    if not_read:
        raise FileError(" ".join(not_read))
