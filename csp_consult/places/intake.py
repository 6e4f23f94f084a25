"""Taking in files of places and populations: every row is kept, set aside or refused, and counted."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import IO, Any

from sqlalchemy import delete, func, inspect, select
from sqlalchemy.orm import Mapper, Session

from csp_consult.db import Base
from csp_consult.places.boundaries import BoundaryFile, read_boundaries
from csp_consult.places.csv_lines import CsvLines, FileError, Refusal, Row, RowError, columns, printable
from csp_consult.places.fields import Context, Layout, OutsideDistrict
from csp_consult.places.layouts import layout_of
from csp_consult.places.models import Area, AreaLink, AreaStatistic, Boundary, Electorate, Population, Postcode

BYTE_LIMIT = 64 * 2**20
BOUNDARIES = "boundaries"
ACTION = "places taken in"
"""What the audit trail calls it."""
BOUNDARY_ENDINGS = (".geojson", ".json")

# What stands once for an area, and is refused when the same file says it again.
Figure = Population | Electorate | AreaStatistic | Boundary


@dataclass
class PlaceReceipt:
    """What became of every row of one file: ``rows`` = ``kept`` + ``outside`` + the refusals.

    A file of boundaries has features for rows, and their number for the line.
    """

    file_name: str
    layout: str
    rows: int = 0
    kept: int = 0
    outside: int = 0
    """Rows that speak of another district."""
    refused: list[Refusal] = field(default_factory=list)

    def sentence(self) -> str:
        """What became of the file, in one line."""
        rows = "features" if self.layout == BOUNDARIES else "rows"
        return (
            f"{self.file_name} ({self.layout}): {self.rows} {rows}, {self.kept} kept, "
            f"{self.outside} outside the district, {len(self.refused)} refused."
        )

    def numbers(self) -> dict[str, str | int | bool | None]:
        """How many rows became what, for the audit trail."""
        return {"rows": self.rows, "kept": self.kept, "outside": self.outside, "refused": len(self.refused)}

    def refusals(self) -> list[str]:
        """Every row that was refused, with the reason and what stood there."""
        line = "feature" if self.layout == BOUNDARIES else "line"
        return [f"{line} {one.line}: {one.reason} ({one.found})" for one in self.refused]


def import_files(
    session: Session, files: Iterable[tuple[str, IO[bytes]]], *, district: str
) -> tuple[list[PlaceReceipt], list[str]]:
    """Take in files of any known layout, in the order in which they depend on one another.

    ``files`` are (name, binary stream). Returns the receipts, and a sentence for each file no layout fits,
    of which nothing was taken. Taking a file in twice changes nothing. The caller commits.
    Raises FileError when a file of a known layout cannot be read as a whole.
    """
    opened: list[_Opened] = []
    not_read: list[str] = []
    for name, stream in files:
        try:
            opened.append(_open_boundaries(stream, name) if _holds_boundaries(name) else _open_csv(stream, name))
        except FileError as fault:
            not_read.append(str(fault))
    opened.sort(key=lambda file: file.order)
    if opened and session.get(Area, district) is None:
        session.add(Area(code=district, kind="district", name=district, source="setting CSP_DISTRICT"))
        session.flush()
    return [_take_in(session, file, district) for file in opened], not_read


@dataclass(frozen=True)
class _Entry:
    """One row or feature, by its number, and what it stands for."""

    line: int
    records: Callable[[], Iterable[Base]]


@dataclass(frozen=True)
class _Opened:
    """A file whose kind is known. ``order``, ``defines`` and ``adds`` are as in a Layout."""

    name: str
    title: str
    order: int
    entries: Callable[[Context], Iterator[_Entry | Refusal]]
    defines: bool = False
    adds: bool = False


def _holds_boundaries(name: str) -> bool:
    return name.lower().endswith(BOUNDARY_ENDINGS)


def _open_boundaries(stream: IO[bytes], name: str) -> _Opened:
    file: BoundaryFile = read_boundaries(stream, name)

    def entries(_context: Context) -> Iterator[_Entry]:
        for number, feature in enumerate(file.features, start=1):
            yield _Entry(number, partial(file.records, feature))

    return _Opened(file.name, BOUNDARIES, 8, entries)


def _open_csv(stream: IO[bytes], name: str) -> _Opened:
    lines = CsvLines(stream, name, BYTE_LIMIT)
    layout = _recognise(lines)
    heads = [head.strip().lower() for head in lines.header]

    def entries(context: Context) -> Iterator[_Entry | Refusal]:
        for row in lines.rows():
            match row:
                case Row(line, values):
                    yield _Entry(line, partial(layout.read, dict(zip(heads, values, strict=True)), context))
                case refusal:
                    yield refusal

    return _Opened(lines.name, layout.title, layout.order, entries, defines=layout.defines, adds=layout.adds)


def _recognise(lines: CsvLines) -> Layout:
    layout = layout_of(frozenset(columns(lines.header)))
    if layout is None:
        named = printable(", ".join(lines.header), 120)
        raise FileError(f"{lines.name} was not read: no known layout has the columns {named}.")
    return layout


def _take_in(session: Session, file: _Opened, district: str) -> PlaceReceipt:
    kinds = {known.code: known.kind for known in session.execute(select(Area.code, Area.kind))}
    wards, parishes, beats = (
        frozenset(code for code, kind in kinds.items() if kind == which) for which in ("ward", "parish", "beat")
    )
    context = Context(district=district, file_name=file.name, wards=wards, parishes=parishes, beats=beats)
    receipt = PlaceReceipt(file.name, file.title)
    store = _Store(session, file, kinds)
    for entry in file.entries(context):
        receipt.rows += 1
        try:
            if isinstance(entry, Refusal):
                receipt.refused.append(entry)
            else:
                store.keep(list(entry.records()))
                receipt.kept += 1
        except OutsideDistrict:
            receipt.outside += 1
        except RowError as fault:
            receipt.refused.append(Refusal(entry.line, fault.reason, fault.found))
    session.flush()
    return receipt


class _Store:
    """Where the rows of one file go; remembers what the file has said so far."""

    def __init__(self, session: Session, file: _Opened, kinds: dict[str, str]) -> None:
        self._session = session
        self._file = file
        self._kinds = kinds
        self._said: dict[tuple[object, ...], Figure] = {}
        self._stored: dict[type[Base], dict[tuple[object, ...], Base]] = {}
        self._postcodes_cleared = False

    def keep(self, records: Sequence[Base]) -> None:
        """Keep everything one row stands for, or nothing of it. Raises RowError when it refers to nowhere."""
        coming = {record.code for record in records if isinstance(record, Area)}
        for code in _references(records):
            if code not in self._kinds and code not in coming:
                raise RowError("an area is not known; import the file that names it first", code)
        for record in records:
            if isinstance(record, Area):
                self._keep_area(record)
            elif isinstance(record, AreaLink):
                self._keep_link(record)
            elif isinstance(record, Postcode):
                self._keep_postcode(record)
            elif isinstance(record, Figure):
                self._keep_figure(record)

    def _keep_area(self, area: Area) -> None:
        known = self._known(Area).get((area.code,))
        if not isinstance(known, Area) or self._file.defines:
            self._put(area)
            self._kinds[area.code] = area.kind
            return
        if known.name == known.code:
            known.name = area.name
        known.valid_from = known.valid_from or area.valid_from
        known.valid_to = known.valid_to or area.valid_to

    def _keep_link(self, link: AreaLink) -> None:
        if self._kinds.get(link.outer_code) == "beat":
            # A ward lies in one beat: an edited table replaces the beat, it does not add one.
            beats = select(Area.code).where(Area.kind == "beat", Area.code != link.outer_code)
            self._session.execute(
                delete(AreaLink).where(AreaLink.inner_code == link.inner_code, AreaLink.outer_code.in_(beats))
            )
        self._put(link)

    def _keep_postcode(self, postcode: Postcode) -> None:
        if not self._postcodes_cleared:
            self._session.execute(delete(Postcode))
            self._postcodes_cleared = True
        self._session.add(postcode)

    def _keep_figure(self, figure: Figure) -> None:
        key = (figure.__tablename__, *_key(figure))
        said = self._said.get(key)
        if said is None:
            if not self._repeats(figure):
                self._put(figure)
            self._said[key] = figure
        elif self._file.adds and isinstance(said, Population) and isinstance(figure, Population):
            said.persons += figure.persons
            self._put(said)
        else:
            raise RowError("the same figure stands earlier in the file", " ".join(str(part) for part in key[1:]))

    def _repeats(self, figure: Figure) -> bool:
        """Whether a population is on record with the same number: its source then keeps the words it has."""
        known = self._known(type(figure)).get(_key(figure))
        same = isinstance(known, Population) and isinstance(figure, Population) and known.persons == figure.persons
        return same and not self._file.adds

    def _known(self, model: type[Base]) -> dict[tuple[object, ...], Base]:
        """What the table held before, by key: one query a file instead of one a row."""
        if model not in self._stored:
            self._stored[model] = {_key(row): row for row in self._session.scalars(select(model))}
        return self._stored[model]

    def _put(self, record: Base) -> None:
        known = self._known(type(record))
        key = _key(record)
        if key in known:
            known[key] = self._session.merge(record)
        else:
            self._session.add(record)
            known[key] = record


def _key(record: Base) -> tuple[object, ...]:
    mapper: Mapper[Any] = inspect(type(record))
    return tuple(mapper.primary_key_from_instance(record))


def _references(records: Iterable[Base]) -> Iterable[str]:
    """The area codes that records refer to."""
    for record in records:
        if isinstance(record, AreaLink):
            yield record.inner_code
            yield record.outer_code
        elif isinstance(record, Figure):
            yield record.area_code
        elif isinstance(record, Postcode):
            yield from (code for code in (record.ward_code, record.parish_code, record.lsoa_code) if code)


def import_named(session: Session, files: Sequence[tuple[str, IO[bytes]]], *, district: str) -> list[PlaceReceipt]:
    """As ``import_files``, for files that somebody chose one by one: all of them have a layout, or none is taken in.

    The caller commits, or rolls back to have looked only. Raises FileError.
    """
    if not files:
        raise FileError("Choose one or more files first.")
    receipts, not_read = import_files(session, files, district=district)
    if not_read:
        raise FileError(" ".join(not_read))
    return receipts


def on_record(session: Session) -> list[tuple[str, int]]:
    """What of places is on record, in words, each with how many there are."""
    kinds = dict(session.execute(select(Area.kind, func.count()).group_by(Area.kind)).all())
    areas = [("Wards", "ward"), ("Parishes", "parish"), ("Police beats", "beat")]
    lsoas = kinds.get("lsoa11", 0) + kinds.get("lsoa21", 0)
    counted = [("Areas with a population", Population.area_code), ("Areas with boundaries", Boundary.area_code)]
    return [
        *((title, kinds.get(kind, 0)) for title, kind in areas),
        ("Lower-layer super output areas", lsoas),
        *((title, session.scalar(select(func.count(code.distinct()))) or 0) for title, code in counted),
        ("Postcodes", session.scalar(select(func.count()).select_from(Postcode)) or 0),
    ]
