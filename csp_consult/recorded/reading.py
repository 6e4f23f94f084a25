"""Reading a file of recorded incidents into counts: one pass, bounded memory, no database.

What is held in memory is a table of counts by month, body, area and category of one district, and the start of
the list of refused rows: the same for five hundred rows or five million.
"""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import IO

from csp_consult.places.csv_lines import CsvLines, FileError, Refusal, RowError, printable
from csp_consult.places.inside import Shapes
from csp_consult.recorded import police_uk, stats19, stats19_linked
from csp_consult.recorded.incidents import Incident
from csp_consult.recorded.receipts import Receipt

BYTE_LIMIT = 4 * 2**30
"""Bytes of one file: some sixteen million rows."""
BODIES_LIMIT = 100
NAMES_LIMIT = 400
"""Names of other districts told apart in a receipt; there are about 360."""
PROGRESS_EVERY = 50_000
LSOA_NAME = re.compile(r"(.{1,60}) \d{3}[A-Z]", re.ASCII)

CountKey = tuple[str, str, str, str]
"""Month or quarter, body, area code, category."""
WHOLE_MONTHS = (0, 1)
"""Places in a CountKey by which a file of incidents replaces: a month of a body as a whole."""
EACH_CATEGORY = (0, 1, 3)
"""Those by which a sheet replaces: it speaks only of the categories it names."""


@dataclass(frozen=True)
class District:
    """What tells the district's rows from others."""

    code: str
    name: str
    lsoas: frozenset[str]
    """Every LSOA of the district, of every vintage."""
    last_month: str
    """The current month: a later one is a mistake."""
    wards: Shapes | None = None
    """The shapes of its wards, of every set of boundaries held; None where points are not asked about."""


@dataclass
class Reading:
    """What a file says of the district, and what became of each of its rows."""

    receipt: Receipt
    counts: Counter[CountKey] = field(default_factory=Counter)
    """Of a sheet also the zeros it reports."""
    points: Counter[CountKey] = field(default_factory=Counter)
    """The same incidents by the wards their points lie in; a ward of each set of boundaries counts them."""
    replaces: tuple[int, ...] = WHOLE_MONTHS
    bodies: set[str] = field(default_factory=set)


ELSEWHERE = Incident("", "", "", "", district="elsewhere")
"""A collision of another district: nothing of it is needed but that."""


class Collisions:
    """The collisions of one district (and those without a place), by which casualties and vehicles find theirs."""

    def __init__(self, district: District) -> None:
        self._district = district
        self._known: dict[str, Incident] = {}
        self.years: set[str] = set()

    def note(self, index: str, incident: Incident) -> None:
        """Remember a collision as far as it is needed."""
        self.years.add(incident.period[:4])
        inside = incident.lsoa in self._district.lsoas or incident.district == self._district.code
        if inside or not (incident.lsoa or incident.district):
            self._known[index] = incident

    def located(self, index: str) -> Incident:
        """The collision with an index. Raises RowError where no collision file of its year was given."""
        if index[:4] not in self.years:
            raise RowError("no collision file of its year was sent with it", index)
        return self._known.get(index, ELSEWHERE)


def read(
    stream: IO[bytes], name: str, district: District, progress: Callable[[int], None] = lambda _bytes: None
) -> Reading:
    """Read one file by itself to its end; see ``read_lines``. Raises FileError."""
    return read_lines(open_lines(stream, name), district, progress, Collisions(district))


def open_lines(stream: IO[bytes], name: str) -> CsvLines:
    """A file of which the first line is read. Raises FileError when it is no CSV file."""
    return CsvLines(stream, name, BYTE_LIMIT)


def follows_collisions(lines: CsvLines) -> bool:
    """Whether a file is one of casualties or vehicles, to be read after those of collisions."""
    return stats19_linked.source_of(lines.header) is not None


def read_lines(lines: CsvLines, district: District, progress: Callable[[int], None], collisions: Collisions) -> Reading:
    """Read one file to its end. ``progress`` is told the bytes read so far, now and then.

    ``collisions`` learns those of a collision file, and tells them to a casualty or vehicle file read after it.
    Raises FileError when the file is of no known layout.
    """
    source, interpret = _interpreter(lines, collisions)
    reading = Reading(Receipt(file_name=lines.name, source=source))
    for number, row in enumerate(lines.rows(), start=1):
        reading.receipt.rows = number
        try:
            if isinstance(row, Refusal):
                reading.receipt.refuse(row)
            else:
                _place(reading, interpret(row.values), district)
        except RowError as error:
            reading.receipt.refuse(Refusal(row.line, error.reason, error.found))
        if number % PROGRESS_EVERY == 0:
            progress(lines.bytes_read)
    progress(lines.bytes_read)
    reading.receipt.sha256 = lines.digest
    return reading


def _interpreter(lines: CsvLines, collisions: Collisions) -> tuple[str, Callable[[Sequence[str]], Incident]]:
    """The source a file is of, and how to read its rows. Raises FileError."""
    header, linked = lines.header, stats19_linked.source_of(lines.header)
    try:
        if police_uk.reads(header):
            return police_uk.SOURCE, police_uk.reader(header)
        if stats19.reads(header):
            return stats19.SOURCE, stats19.reader(header, collisions.note)
        if linked is not None:
            if not collisions.years:
                raise FileError(
                    "a STATS19 file of casualties or vehicles does not say where and when; "
                    "send the collision file of the same year together with it."
                )
            return linked, stats19_linked.reader(header, collisions.located)
    except FileError as error:
        raise FileError(f"{lines.name}: {error}") from error
    named = printable(", ".join(header), 120)
    raise FileError(
        f"{lines.name} is neither a police.uk street file nor a STATS19 collision file; its columns are: {named}."
    )


def _place(reading: Reading, incident: Incident, district: District) -> None:
    """Count an incident where it belongs. Raises RowError when its month has not come yet."""
    if incident.period > district.last_month:
        raise RowError("the month has not come yet", incident.period)
    if incident.lsoa in district.lsoas:
        _keep(reading, incident, incident.lsoa)
        _keep_point(reading, incident, district)
    elif incident.district == district.code:
        _keep(reading, incident, district.code)
    elif not incident.lsoa and not incident.district:
        reading.receipt.no_location += 1
        _note_unplaced(reading.receipt, incident)
    elif district_named(incident.lsoa_name) == district.name:
        reading.receipt.unknown_area += 1
        _note_unplaced(reading.receipt, incident)
    else:
        _count_outside(reading.receipt, district_named(incident.lsoa_name))


def _keep(reading: Reading, incident: Incident, area_code: str) -> None:
    reading.bodies.add(incident.recorded_by)
    if len(reading.bodies) > BODIES_LIMIT:
        raise FileError(f"{reading.receipt.file_name} names more than {BODIES_LIMIT} reporting forces.")
    reading.receipt.kept += 1
    reading.counts[incident.period, incident.recorded_by, area_code, incident.category] += 1


def _keep_point(reading: Reading, incident: Incident, district: District) -> None:
    if incident.point is not None and district.wards is not None:
        for ward in district.wards.holding(*incident.point):
            reading.points[incident.period, incident.recorded_by, ward, incident.category] += 1


def _note_unplaced(receipt: Receipt, incident: Incident) -> None:
    month = receipt.unplaced.setdefault(incident.period, {})
    month[incident.category] = month.get(incident.category, 0) + 1


def _count_outside(receipt: Receipt, name: str) -> None:
    known = name in receipt.outside or len(receipt.outside) < NAMES_LIMIT
    key = name if known else "elsewhere"
    receipt.outside[key] = receipt.outside.get(key, 0) + 1


@lru_cache(maxsize=4096)
def district_named(lsoa_name: str) -> str:
    """The district that an LSOA's name begins with (``Harborough 002A``), else ``elsewhere``."""
    match = LSOA_NAME.fullmatch(lsoa_name)
    return printable(match[1], 60) if match else "elsewhere"


def nothing_kept(receipt: Receipt, district: District) -> str:
    """The sentence for a file of which no row could be kept."""
    told = f"{receipt.file_name}: not one of its {receipt.rows:,} rows could be kept for {district.name}"
    if receipt.rows_refused:
        first = receipt.refusals[0]
        told += f"; {receipt.rows_refused:,} could not be read, the first at line {first.line} because {first.reason}"
    return told + "."
