"""Results that others printed of their surveys, from a CSV file: a share, an order, a movement, a sentence.

Each row is one printed result and says whose survey it is of. What was not printed, such as a base, is left empty and
stays unknown.
"""

import re
from collections.abc import Mapping
from itertools import count
from typing import IO, Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from csp_consult.places.csv_lines import RowError
from csp_consult.places.models import Area
from csp_consult.places.printed_cells import check_cells, check_share, known_area, known_topic, one_of, printed_number
from csp_consult.places.row_files import RowsReceipt, take_rows
from csp_consult.sources.models import PublishedResult, PublishedSurvey, RegisteredSource
from csp_consult.topics.models import Topic

ACTION: Final = "published survey results taken in"
"""In the audit trail."""
NEEDED: Final = ("survey", "title", "organisation", "audience", "survey_period", "citation", "id", "kind", "text")
OPTIONAL: Final = (
    *("recruitment", "base", "note", "question", "topic", "area_code", "period", "value", "unit"),
    *("previous_value", "previous_period", "direction", "order"),
)
BY_KIND: Final[Mapping[str, str | None]] = {
    "share": "value",
    "count": "value",
    "order": "order",
    "direction": "direction",
    "statement": None,
}
"""By kind of result, what must have been printed of it."""
AUDIENCES: Final = ("residents", "institutions")
RECRUITMENTS: Final = ("invited", "open", "")
DIRECTIONS: Final = ("up", "slightly up", "no change", "slightly down", "down")
_LIMITS: Final = {
    "title": 200,
    "organisation": 200,
    "survey_period": 120,
    "citation": 400,
    "note": 500,
    "id": 80,
    "text": 400,
    "question": 80,
    "period": 120,
    "previous_period": 120,
    "unit": 120,
}
_SLUG: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,59}", re.ASCII)
_BASE: Final = re.compile(r"[1-9][0-9]{0,8}", re.ASCII)


def import_results(session: Session, stream: IO[bytes], name: str, *, district: str) -> RowsReceipt:
    """Take in a file with the columns ``NEEDED`` and any of ``OPTIONAL``. The caller commits.

    A result with an ``id`` that is on record takes its place, and a survey on record is described as the file
    describes it; its results that the file does not name stay. A row without an area is of the district. Raises
    FileError when the file has other columns or no row of it can be kept.
    """
    topics = frozenset(session.scalars(select(Topic.slug)))
    areas = frozenset(session.scalars(select(Area.code)))
    files = frozenset(session.scalars(select(RegisteredSource.slug)))
    known = {
        one.id: one.survey_slug for one in session.execute(select(PublishedResult.id, PublishedResult.survey_slug))
    }
    positions = count(1 + (session.scalar(select(func.max(PublishedResult.position))) or 0))
    described: dict[str, dict[str, Any]] = {}
    seen: set[str] = set()

    def keep(row: Mapping[str, str]) -> None:
        check_cells(row, needed=NEEDED, limits=_LIMITS)
        survey = _survey(row, files)
        result = _result(row, topics, areas, district)
        slug, result_id = survey["slug"], result["id"]
        if result_id in seen:
            raise RowError("the same id stands earlier in the file", result_id)
        if known.get(result_id, slug) != slug:
            raise RowError("a result of another survey has that id", result_id)
        earlier = described.setdefault(slug, survey)
        if other := next((column for column, value in survey.items() if value != earlier[column]), None):
            raise RowError(f"the {other} of the survey is another than earlier in the file", str(survey[other] or ""))
        if earlier is survey:
            session.merge(PublishedSurvey(**survey))
        seen.add(result_id)
        place = {} if result_id in known else {"position": next(positions)}
        session.merge(PublishedResult(survey_slug=slug, **result, **place))

    receipt = take_rows(stream, name, keep, needed=NEEDED, optional=OPTIONAL)
    session.flush()
    session.expire_all()
    return receipt


def _survey(row: Mapping[str, str], files: frozenset[str]) -> dict[str, Any]:
    """The survey that a row is of. Raises RowError."""
    if not _SLUG.fullmatch(row["survey"]):
        raise RowError("a survey is named with small letters, figures and dashes, 60 at most", row["survey"])
    if row["survey"] in files:
        raise RowError("a survey file is registered under that name", row["survey"])
    if row["base"] and not _BASE.fullmatch(row["base"]):
        raise RowError("a base is a whole number of respondents, or empty where none was printed", row["base"])
    return {
        "slug": row["survey"],
        "title": row["title"],
        "organisation": row["organisation"],
        "audience": one_of(row, "audience", AUDIENCES),
        "recruitment": one_of(row, "recruitment", RECRUITMENTS) or None,
        "period": row["survey_period"],
        "base": int(row["base"]) if row["base"] else None,
        "citation": row["citation"],
        "note": row["note"] or None,
    }


def _result(row: Mapping[str, str], topics: frozenset[str], areas: frozenset[str], district: str) -> dict[str, Any]:
    """The result that a row prints. Raises RowError."""
    kind = one_of(row, "kind", BY_KIND)
    wanted = BY_KIND[kind]
    if wanted and not row[wanted]:
        raise RowError(f"a {kind} is printed with its {wanted}", kind)
    for column in ("order", "direction"):
        if row[column] and column != wanted:
            raise RowError(f"a {kind} is printed without {column}", row[column])
    numbers = {column: printed_number(row, column) for column in ("value", "previous_value")}
    check_share(kind, numbers)
    return {
        "id": row["id"],
        "kind": kind,
        "text": row["text"],
        "topic_slug": known_topic(row["topic"], topics),
        "area_code": known_area(row, areas, district),
        "direction": one_of(row, "direction", DIRECTIONS) if row["direction"] else None,
        "order": _order(row["order"], topics) if row["order"] else None,
        **{column: row[column] or None for column in ("question", "period", "unit", "previous_period")},
        **numbers,
    }


def _order(text: str, topics: frozenset[str]) -> list[dict[str, str | None]]:
    """What was printed, the most mentioned first: ``fly tipping = fly-tipping; litter``. Raises RowError."""
    parts = [printed.partition("=") for printed in text.split(";")]
    if len(parts) < 2 or not all(printed.strip() for printed, _, _ in parts):
        raise RowError("an order is written as 'fly tipping = fly-tipping; litter', two or more", text)
    return [{"printed": printed.strip(), "topic": known_topic(topic.strip(), topics)} for printed, _, topic in parts]
