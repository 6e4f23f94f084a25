"""Imports at full size, imports twice over, and an import killed half-way."""

import os
import signal
import subprocess
import sys
import tracemalloc
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from recorded.street_files import HEADER, TODAY, TakeIn, street_file, street_row
from sqlalchemy import select
from sqlalchemy.orm import Session

from csp_consult.demo.facts_loading import DISTRICT
from csp_consult.places.csv_lines import FileError
from csp_consult.recorded.imports import district_of, read_file, store
from csp_consult.recorded.models import RecordedCount
from csp_consult.recorded.reading import District
from csp_consult.recorded.series import series

ROOT = Path(__file__).resolve().parent.parent.parent
MONTHS = 12
# Imports the file named in a process of its own, and stops between the deletion of a month and its new figures.
CHILD = """
import sys, time
from datetime import date
from pathlib import Path
from sqlalchemy import event
from csp_consult.app import create_app
from csp_consult.db import db, writing
from csp_consult.recorded.imports import district_of, read_file, store
from csp_consult.settings import Settings

def stop(*args):
    if args[2].startswith("INSERT INTO recorded_count"):
        print("half-way", flush=True)
        time.sleep(120)

with create_app(Settings(environment="development", database_url=sys.argv[1])).app_context():
    event.listen(db.engine, "after_cursor_execute", stop)
    with writing() as session, Path(sys.argv[2]).open("rb") as file:
        store(session, read_file(file, "new.csv", district_of(session, "E07000131", date(2026, 11, 1))), date.today())
"""


def on_record(session: Session) -> list[tuple[object, ...]]:
    order = ("source", "period", "recorded_by", "area_code", "category")
    return [tuple(row) for row in session.execute(select(RecordedCount.__table__).order_by(*order))]


def test_an_import_killed_half_way_leaves_the_former_figures_and_no_lock(
    harborough: Session, take_in: TakeIn, tmp_path: Path
) -> None:
    take_in(street_file([street_row()] * 3))
    harborough.commit()
    before = on_record(harborough)
    harborough.rollback()
    path = tmp_path / "new.csv"
    path.write_bytes(street_file([street_row(category="Drugs")] * 9))
    url = harborough.get_bind().engine.url.render_as_string(hide_password=False)

    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, url, str(path)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "half-way\n"
    child.send_signal(signal.SIGKILL)
    child.wait()
    child.stdout.close()

    assert on_record(harborough) == before
    harborough.rollback()
    take_in(path.read_bytes(), "new.csv")
    assert series(harborough, "drugs", DISTRICT).total == 9


def big_archive(path: Path, rows: int) -> None:
    """A police.uk archive of a year, most of it of other districts as in a real one."""
    places = [("E01025770", "Harborough 002A"), *[(f"E0102{n:04d}", f"Leicester {n:03d}A") for n in range(1, 300)]]
    lines = [street_row(lsoa, name, month="MONTH") for lsoa, name in places]
    each = rows // MONTHS
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for number in range(1, MONTHS + 1):
            month = f"2021-{number:02d}"
            text = [line.replace("MONTH", month) for line in lines]
            with archive.open(f"{month}/{month}-leicestershire-street.csv", "w") as member:
                member.write(f"{HEADER}\n".encode())
                whole, rest = divmod(each, len(text))
                for _ in range(whole):
                    member.write(f"{chr(10).join(text)}\n".encode())
                member.write("".join(f"{line}\n" for line in text[:rest]).encode())


@pytest.mark.parametrize("rows", [60_000, pytest.param(1_200_000, marks=pytest.mark.long)])
def test_an_archive_of_any_size_is_read_in_bounded_memory_with_progress(
    district: District, tmp_path: Path, rows: int
) -> None:
    path = tmp_path / "year.zip"
    big_archive(path, rows)
    steps: list[int] = []

    tracemalloc.start()
    with path.open("rb") as file:
        readings = read_file(file, path.name, district, steps.append)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert sum(reading.receipt.rows for reading in readings) == rows
    assert len(readings) == MONTHS
    assert all(reading.receipt.kept + reading.receipt.rows_outside == rows // MONTHS for reading in readings)
    assert peak < 8 * 2**20
    assert len(steps) >= max(MONTHS, rows // 50_000)


ROWS = st.lists(
    st.builds(
        street_row,
        lsoa=st.sampled_from(["E01025770", "E01025771", "E01035086", "E01025631", ""]),
        name=st.sampled_from(["Harborough 002A", "Blaby 002A", ""]),
        category=st.sampled_from(["Anti-social behaviour", "Drugs", "no such thing"]),
        month=st.sampled_from(["2018-10", "2018-11", "2019-13"]),
    ),
    max_size=12,
)


@pytest.fixture
def trial(harborough: Session) -> Iterator[Session]:
    harborough.commit()
    yield harborough
    harborough.rollback()


def put(session: Session, rows: list[str], name: str = "street.csv") -> bool:
    try:
        readings = read_file(BytesIO(street_file(rows)), name, district_of(session, DISTRICT, TODAY))
    except FileError:
        return False
    store(session, readings, TODAY)
    return True


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=ROWS, other=ROWS)
def test_importing_a_file_again_leaves_every_series_as_it_was(
    trial: Session, rows: list[str], other: list[str]
) -> None:
    put(trial, other, "other.csv")
    put(trial, rows)
    before = on_record(trial)

    put(trial, rows)

    assert on_record(trial) == before
    trial.rollback()
