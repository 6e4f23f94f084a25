"""The facts of Harborough: its places and people, retyped from open data, and what its plan printed."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session

from csp_consult.places.csv_lines import FileError
from csp_consult.places.intake import import_files
from csp_consult.plan.models import PlanEvidence, PlanLine, Priority, ThreeYearPlan
from csp_consult.plan.three_year import GROUPS
from csp_consult.recorded import published as recorded_published
from csp_consult.recorded.models import PublishedComparison, RecordingNote
from csp_consult.sources import published as sources_published
from csp_consult.sources.models import PublishedResult, PublishedSurvey

DISTRICT = "E07000131"
PLACE_FILES = ("areas.csv", "links.csv", "ward_beats.csv", "population.csv", "rural_urban.csv")


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


def load_published(session: Session) -> None:
    """Load what the plan printed and its priorities, exactly as printed. Loading again changes nothing.

    The topics and the district have to be there.
    """
    document = yaml.safe_load((facts_folder() / "published.yaml").read_text(encoding="utf-8"))
    plan = document["plan"]
    sources_published.store(session, [_survey(plan, body) for body in document["surveys"]])
    notes = [RecordingNote(topic_slug=topic, text=text) for topic, text in document["recording_notes"].items()]
    recorded_published.store(session, _comparisons(plan, document["recorded"]), notes)
    made = _three_year_plan(session, document["three_year_plan"], plan)
    for position, body in enumerate(document["priorities"]):
        own = body["group"] in GROUPS
        session.merge(Priority(position=position, plan_id=made.id if own else None, **body))
    session.flush()
    if not made.lines:
        made.lines = [
            *(_plan_line(plan, body) for body in document["three_year_plan"]["lines"]),
            *(_plan_line("", body, synthetic=True) for body in synthetic_plan()["plan_lines"]),
        ]
    session.flush()


def synthetic_plan() -> dict[str, Any]:
    """What the demo makes up, from its file."""
    document: dict[str, Any] = yaml.safe_load((facts_folder() / "synthetic.yaml").read_text(encoding="utf-8"))
    return document


def _three_year_plan(session: Session, body: Mapping[str, Any], source: str) -> ThreeYearPlan:
    told = {key: value for key, value in body.items() if key != "lines"}
    found = session.scalar(select(ThreeYearPlan).where(ThreeYearPlan.first_year == told["first_year"]))
    made = found or ThreeYearPlan(**told, source=source)
    session.add(made)
    session.flush()
    return made


def _plan_line(plan: str, body: Mapping[str, Any], *, synthetic: bool = False) -> PlanLine:
    told = {key: value for key, value in body.items() if key not in {"section", "evidence"}}
    source = f"{plan}: {body['section']}" if plan else ""
    line = PlanLine(**told, source=source, synthetic=synthetic)
    parts = [one.partition(":") for one in body.get("evidence", ())]
    line.evidence = [PlanEvidence(kind=kind, reference=reference) for kind, _, reference in parts]
    return line


def _survey(plan: str, body: Mapping[str, Any]) -> PublishedSurvey:
    told = {key: value for key, value in body.items() if key not in {"section", "results"}}
    survey = PublishedSurvey(citation=f"{plan}: {body['section']}", **told)
    survey.results = [
        PublishedResult(position=position, area_code=DISTRICT, **result)
        for position, result in enumerate(body["results"])
    ]
    return survey


def _comparisons(plan: str, bodies: list[dict[str, Any]]) -> Iterator[PublishedComparison]:
    for position, body in enumerate(bodies):
        told = {key: value for key, value in body.items() if key != "section"}
        told["citation"] = f"{plan}: Key Findings of 2023 Strategic Assessment, {body['section']}"
        yield PublishedComparison(**{"position": position, "area_code": DISTRICT, "detail": {}, **told})
