"""A million responses and a million rows of police.uk, in and out, against pandas reading the same file.

``python -m benchmarks.moving NAME FOLDER`` is what it starts in processes of their own, so that memory can be told.
"""

import csv
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks.answering import SURVEY, application
from benchmarks.measure import once, peak_mb, row
from benchmarks.ranking import WARDS, answers
from csp_consult.db import db, mark_reading, writing
from csp_consult.fieldwork import exports, imports
from csp_consult.fieldwork.row_files import read_rows
from csp_consult.fieldwork.waves import listed
from csp_consult.places.models import Area, AreaLink
from csp_consult.questionnaire.parse import load
from csp_consult.recorded import imports as recorded_imports
from csp_consult.recorded.police_uk import SOURCE
from csp_consult.recorded.series import series
from csp_consult.reports import response_files
from csp_consult.resources import resource_folder
from csp_consult.topics.models import Topic, TopicRecord
from csp_consult.web.officer.recorded import series_table

TITLE = "Moving large files"
ABOUT = """
Responses to the VRN survey (24 questions, made up) as CSV, and police.uk street files, on SQLite, each step in a
process of its own whose most memory is told. An import looks through the whole file before it stores anything, and
stores all of it or nothing. LimeSurvey takes 145 s to export 100,000 responses to CSV. Of police.uk rows the counts by
month, place and kind are kept and no single one, so what goes out is every series of them: a file for each place.
"""
TOPIC = "burglary"
ROWS = int(os.environ.get("BENCHMARK_ROWS", "1000000"))
RESPONSES = int(os.environ.get("BENCHMARK_RESPONSES", "1000000"))
"""Fewer where the machine is shared: a million take some five minutes of its own CPU in, and one or two out."""
WHY = (
    "each answer is checked against the questionnaire as one typed into a form, and stored with its cell, likeness and "
    "flags; pandas only splits the text. Several processes could each check a part of the file."
)


def measure() -> list[dict[str, Any]]:
    """Rows a second and memory of each step."""
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for step in ("make", "import", "export", "police_make", "police_import", "police_export"):
            print(f"  {time.strftime('%H:%M:%S')} {step}", flush=True)
            found = _step(step, folder)
            if "rate" not in found:
                continue
            peer = _step(f"pandas {found['file']}", folder)
            rows.append(
                row(
                    f"{found['name']}: rows a second of CPU",
                    f"{found['rate']:,.0f}",
                    wall=f"{found['wall']:,.0f} s",
                    against="pandas reading the file",
                    against_figure=f"{peer['rate']:,.0f}",
                    ratio=found["rate"] / peer["rate"],
                    goal="measured",
                )
            )
            rows.append(
                row(
                    f"{found['name']}: most memory",
                    f"{found['mb']:,.0f} MB",
                    against="pandas reading the file",
                    against_figure=f"{peer['mb']:,.0f} MB",
                    ratio=found["mb"] / peer["mb"],
                    goal="under 500 MB at a million",
                    # What little a short file takes says nothing of a long one.
                    met=found["mb"] < 500 if found["rows"] >= 1_000_000 else None,
                    why=found.get("why", WHY),
                )
            )
    return rows


def _step(step: str, folder: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.moving", *step.split(), folder],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    found: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


def _make(folder: Path) -> dict[str, Any]:
    app = application(folder)
    with app.app_context(), writing() as session:
        session.add_all(Area(code=ward, kind="ward", name=ward, source="benchmark") for ward in WARDS)
    questionnaire = load((resource_folder("surveys") / f"{SURVEY}.yaml").read_text())
    rng = random.Random(7)
    made = []
    for _ in range(20_000):
        given = answers(questionnaire, rng)
        cells: dict[str, Any] = {}
        for question in questionnaire.questions.values():
            cells |= question.export(given.get(question.id))
        made.append(cells)
    with (folder / "in.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, ["response", "synthetic", *made[0]])
        writer.writeheader()
        for number in range(RESPONSES):
            writer.writerow({"response": f"r{number}", "synthetic": 1, **made[number % len(made)]})
    return {}


def _import(folder: Path) -> dict[str, Any]:
    app = _opened(folder)
    with app.app_context():

        def take() -> None:
            with writing() as session:
                wave = listed(session)[0]
                questionnaire = load((resource_folder("surveys") / f"{SURVEY}.yaml").read_text())
                read = read_rows(folder / "in.csv")
                imports.import_rows(session, wave, questionnaire, read, imports.ColumnMapping(), today=date.today())

        took = once(take)
    return {
        "name": f"responses in, {RESPONSES:,}",
        "file": "in.csv",
        "rows": RESPONSES,
        "rate": RESPONSES / took.cpu,
        "wall": took.wall,
        "mb": peak_mb(),
    }


def _export(folder: Path) -> dict[str, Any]:
    app = _opened(folder)
    with app.app_context():

        def give() -> None:
            mark_reading(True)
            session = db.session()
            wave = listed(session)[0]
            questionnaire = load((resource_folder("surveys") / f"{SURVEY}.yaml").read_text())
            file = response_files.of_wave(session, wave, questionnaire, today=date.today())
            written = response_files.write(
                "csv", folder / "out.csv", file, exports.coarse_rows(session, wave, questionnaire)
            )
            if written.rows != RESPONSES:
                raise RuntimeError(f"{written.rows} responses came out, not {RESPONSES}")

        took = once(give)
    return {
        "name": f"responses out, {RESPONSES:,}",
        "file": "out.csv",
        "rows": RESPONSES,
        "rate": RESPONSES / took.cpu,
        "wall": took.wall,
        "mb": peak_mb(),
    }


def _police_make(folder: Path) -> dict[str, Any]:
    heading = (
        "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,Crime type,"
        "Last outcome category,Context"
    )
    kinds = ("Anti-social behaviour", "Burglary", "Vehicle crime", "Criminal damage and arson", "Other theft")
    rng = random.Random(7)
    with (folder / "2025-01-leicestershire-street.csv").open("w") as file:
        file.write(heading + "\n")
        for number in range(ROWS):
            place = rng.randrange(60)
            file.write(
                f"{number:064x},2025-01,Leicestershire Police,Leicestershire Police,-1.0{place},52.5,On or near,"
                f"E0102{place:04d},Harborough {place},{rng.choice(kinds)},Under investigation,\n"
            )
    app = _opened(folder)
    with app.app_context(), writing() as session:
        session.add(Area(code="E07000131", kind="district", name="Harborough", source="benchmark"))
        session.flush()
        for place in range(60):
            code = f"E0102{place:04d}"
            session.add(Area(code=code, kind="lsoa11", name=f"Harborough {place}", source="benchmark"))
            session.flush()
            session.add(AreaLink(inner_code=code, outer_code="E07000131", method="official", source="benchmark"))
        session.add(Topic(slug=TOPIC, title="Burglary", position=1))
        session.flush()
        mapped = TopicRecord(topic_slug=TOPIC, source=SOURCE, category="Burglary", valid_from=date(2013, 5, 1))
        session.add(mapped)
    return {}


def _police_import(folder: Path) -> dict[str, Any]:
    app = _opened(folder)
    name = "2025-01-leicestershire-street.csv"
    with app.app_context():

        def take() -> None:
            district = recorded_imports.district_of(db.session(), "E07000131", date.today())
            db.session.rollback()
            with (folder / name).open("rb") as file:
                readings = recorded_imports.read_files([(name, file)], district, lambda _bytes: None)
            with writing() as session:
                recorded_imports.store(session, readings, date.today())
            kept = sum(reading.receipt.kept for reading in readings)
            if kept != ROWS:
                raise RuntimeError(f"{kept} rows were kept, not {ROWS}")

        took = once(take)
    return {
        "name": f"police.uk rows in, {ROWS:,}",
        "file": name,
        "rows": ROWS,
        "rate": ROWS / took.cpu,
        "wall": took.wall,
        "mb": peak_mb(),
    }


def _police_export(folder: Path) -> dict[str, Any]:
    app = _opened(folder)
    with app.app_context():

        def give() -> None:
            mark_reading(True)
            for place in ("E07000131", *(f"E0102{number:04d}" for number in range(60))):
                table = series_table(series(db.session(), TOPIC, place))
                (folder / f"{place}.csv").write_text(table.to_csv())

        took = once(give)
    return {
        "name": f"police.uk rows out as counts, {ROWS:,} counted, 61 files",
        "file": "2025-01-leicestershire-street.csv",
        "rows": ROWS,
        "rate": ROWS / took.cpu,
        "wall": took.wall,
        "mb": peak_mb(),
    }


def _pandas(file: str, folder: Path) -> dict[str, Any]:
    import pandas as pd  # noqa: PLC0415 - its memory must not count among ours

    took = once(lambda: pd.read_csv(folder / file, low_memory=False))
    rows = ROWS if "street" in file else RESPONSES
    return {"rate": rows / took.cpu, "mb": peak_mb()}


def _opened(folder: Path) -> Any:
    from csp_consult.app import create_app  # noqa: PLC0415 - only steps that need it
    from csp_consult.settings import Settings  # noqa: PLC0415

    return create_app(Settings(database_url=f"sqlite:///{folder / 'bench.db'}"))


STEPS = {
    "make": _make,
    "import": _import,
    "export": _export,
    "police_make": _police_make,
    "police_import": _police_import,
    "police_export": _police_export,
}


def main() -> None:
    """One step; its figures as JSON on the last line."""
    *step, folder = sys.argv[1:]
    found = _pandas(step[1], Path(folder)) if step[0] == "pandas" else STEPS[step[0]](Path(folder))
    print(json.dumps(found))


if __name__ == "__main__":
    main()
