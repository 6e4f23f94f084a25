"""Small police.uk street files, made row by row."""

from collections.abc import Callable, Iterable
from datetime import date

from csp_consult.recorded.receipts import Receipt

TODAY = date(2026, 11, 1)
HEADER = (
    "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,Crime type,"
    "Last outcome category,Context"
)
FORCE = "Leicestershire Police"

TakeIn = Callable[..., Receipt]


def street_row(
    lsoa: str = "E01025770",
    name: str = "Harborough 002A",
    category: str = "Anti-social behaviour",
    month: str = "2018-10",
    force: str = FORCE,
) -> str:
    return f",{month},{force},{FORCE},-0.97,52.60,On or near Main Street,{lsoa},{name},{category},,"


def street_file(rows: Iterable[str], header: str = HEADER) -> bytes:
    return "\n".join([header, *rows, ""]).encode()
