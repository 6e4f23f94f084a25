"""Recorded files into the database: a month of a body is replaced as a whole, or nothing happens at all."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import IO, TypeAlias

from sqlalchemy import ColumnElement, delete, func, insert, select, tuple_
from sqlalchemy.orm import Session

from csp_consult.places.csv_lines import FileError
from csp_consult.places.inside import Shapes
from csp_consult.places.lookup import PlaceError, area, lsoas_of
from csp_consult.places.models import Area, AreaLink
from csp_consult.places.shapes import shapes
from csp_consult.recorded.archive import Progress, open_members
from csp_consult.recorded.models import RecordedCount, RecordedImport, RecordedPoint
from csp_consult.recorded.reading import (
    Collisions,
    CountKey,
    District,
    Reading,
    follows_collisions,
    nothing_kept,
    open_lines,
    read_lines,
)
from csp_consult.recorded.receipts import MonthReceipt, Receipt

Counted: TypeAlias = type[RecordedCount] | type[RecordedPoint]
IMPORT_LOCK = 0x6373_7005
"""Number of the advisory lock that keeps two imports apart on PostgreSQL; SQLite has one writer anyway."""


def district_of(session: Session, code: str, today: date) -> District:
    """What tells the district's rows from others. Raises FileError when its LSOAs are not known."""
    try:
        place, lsoas = area(session, code), lsoas_of(session, code)
    except PlaceError as error:
        raise FileError(f"{error} Load the places first: csp-consult place import.") from error
    return District(
        code=code, name=place.name, lsoas=lsoas.codes, last_month=f"{today:%Y-%m}", wards=_ward_shapes(session, code)
    )


def _ward_shapes(session: Session, district: str) -> Shapes | None:
    """The boundaries of every ward that was ever in the district, as far as they are held."""
    wards = session.scalars(
        select(Area.code)
        .join(AreaLink, AreaLink.inner_code == Area.code)
        .where(AreaLink.outer_code == district, Area.kind == "ward")
    )
    drawn = shapes(session, list(wards))
    return Shapes(drawn) if drawn else None


def read_file(stream: IO[bytes], name: str, district: District, progress: Progress | None = None) -> list[Reading]:
    """Read one file as ``read_files`` does."""
    return read_files([(name, stream)], district, progress)


def read_files(
    files: Sequence[tuple[str, IO[bytes]]], district: District, progress: Progress | None = None
) -> list[Reading]:
    """Read CSV files, and every CSV file of ZIP archives, without touching the database.

    Casualties and vehicles are read after all collisions, wherever they stand. Files of an archive without a row of
    the district are left out; a file by itself is not.
    Raises FileError, naming the file, when nothing of it can be kept.
    """
    collisions = Collisions(district)
    kept: list[list[Reading]] = [[] for _ in files]
    left_out = [f"{name} is an archive without a street or collision file." for name, _stream in files]
    for later in (False, True):
        for i, (name, stream) in enumerate(files):
            stream.seek(0)
            for member in open_members(stream, name, progress):
                lines = open_lines(member.stream, member.name)
                if follows_collisions(lines) is not later:
                    continue
                reading = read_lines(lines, district, member.progress, collisions)
                if reading.counts:
                    kept[i].append(reading)
                else:
                    left_out[i] = nothing_kept(reading.receipt, district)
    for readings, reason in zip(kept, left_out, strict=True):
        if not readings:
            raise FileError(reason)
    return [reading for readings in kept for reading in readings]


def store(session: Session, readings: Iterable[Reading], today: date) -> list[Receipt]:
    """Put what was read on record, file by file, in the caller's transaction.

    A month on record is replaced, body by body (of a sheet: category by category), and the receipt says by how
    much. A file whose figures are on record as they stand writes nothing.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(IMPORT_LOCK)))
    return [_store_one(session, reading, today) for reading in readings]


def imports(session: Session) -> list[RecordedImport]:
    """Every import, the latest first."""
    return list(session.scalars(select(RecordedImport).order_by(RecordedImport.id.desc())))


def current_months(session: Session) -> Mapping[int, list[str]]:
    """The months that still rest on each import, by its number; one that was wholly replaced is absent."""
    rows = session.execute(select(RecordedCount.import_id, RecordedCount.period).distinct())
    months: dict[int, list[str]] = {}
    for import_id, period in sorted(rows):
        months.setdefault(import_id, []).append(period)
    return months


def _store_one(session: Session, reading: Reading, today: date) -> Receipt:
    receipt = reading.receipt
    on_record, points = _on_record(session, reading, RecordedCount), _on_record(session, reading, RecordedPoint)
    months = sorted({(period, body) for period, body, _area, _category in reading.counts})
    receipt.months = [_month_receipt(month, on_record, reading.counts) for month in months]
    # Counters take a zero for nothing; here a reported zero is a figure.
    if (dict(on_record), points) == (dict(reading.counts), reading.points) and _same_file(session, reading):
        receipt.already_on_record = True
        return receipt
    taken = RecordedImport(
        source=receipt.source,
        file_name=receipt.file_name[:200],
        sha256=receipt.sha256,
        imported_on=today,
        receipt=receipt.document(),
    )
    session.add(taken)
    session.flush()
    _replace(session, RecordedCount, reading, reading.counts, taken.id)
    _replace(session, RecordedPoint, reading, reading.points, taken.id)
    return receipt


def _replace(session: Session, model: Counted, reading: Reading, counts: Counter[CountKey], import_id: int) -> None:
    """Put counts in the place of those on record for the same months."""
    session.execute(delete(model).where(_replaced(reading, model)))
    rows = [
        {
            "source": reading.receipt.source,
            "period": period,
            "recorded_by": body,
            "area_code": area_code,
            "category": category,
            "n": n,
            "import_id": import_id,
        }
        for (period, body, area_code, category), n in sorted(counts.items())
    ]
    if rows:
        session.execute(insert(model), rows)


def _replaced(reading: Reading, model: Counted) -> ColumnElement[bool]:
    """The condition for the counts on record whose place those of the file take."""
    columns = [(model.period, model.recorded_by, model.area_code, model.category)[at] for at in reading.replaces]
    parts = {tuple(key[place] for place in reading.replaces) for key in reading.counts}
    return (model.source == reading.receipt.source) & tuple_(*columns).in_(sorted(parts))


def _on_record(session: Session, reading: Reading, model: Counted) -> Counter[CountKey]:
    columns = (model.period, model.recorded_by, model.area_code, model.category)
    rows = session.execute(select(*columns, model.n).where(_replaced(reading, model)))
    return Counter({(period, body, place, category): n for period, body, place, category, n in rows})


def _same_file(session: Session, reading: Reading) -> bool:
    """Whether those figures rest on one import of this very file."""
    query = select(RecordedImport.sha256).join(RecordedCount, RecordedCount.import_id == RecordedImport.id)
    return set(session.scalars(query.where(_replaced(reading, RecordedCount)).distinct())) == {reading.receipt.sha256}


def _month_receipt(part: tuple[str, str], before: Counter[CountKey], now: Counter[CountKey]) -> MonthReceipt:
    old, new = _by_category(part, before), _by_category(part, now)
    changed = {name: (old[name], new[name]) for name in sorted({*old, *new}) if old[name] != new[name]}
    return MonthReceipt(
        period=part[0],
        recorded_by=part[1],
        kept=new.total(),
        replaced=old.total() if old else None,
        changed=changed if old else {},
    )


def _by_category(part: tuple[str, str], counts: Counter[CountKey]) -> Counter[str]:
    sums: Counter[str] = Counter()
    for (period, body, _area, category), n in counts.items():
        if (period, body) == part:
            sums[category] += n
    return sums
