"""Responses as rows for other programs: as they are, or made coarse for people who analyse them elsewhere."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from csp_consult.fieldwork.models import CodedText, Response, Wave
from csp_consult.people import audit
from csp_consult.people.models import AuditEntry
from csp_consult.places.lookup import areas, beat_of_ward
from csp_consult.questionnaire.model import Questionnaire
from csp_consult.questionnaire.questions.base import Column, Question
from csp_consult.questionnaire.texts import ENGLISH, Text

ABOUT = ("response", "submitted_on", "mode", "language", "base_weight", "synthetic")
"""The columns before the answers. The reference is not among them: whoever has it can erase the response. Nor is the
form on paper that it was keyed from (decision 0100)."""

WITHHELD: Final = "[withheld]"
"""Stands where there is an answer that is not given out."""
_LABELS: Final = {
    "response": "Response",
    "submitted_on": "Submitted",
    "mode": "How it was given",
    "language": "Language it was given in",
    "base_weight": "Weight before weighting",
    "synthetic": "Synthetic: nobody gave it",
}
_KINDS: Final = {"base_weight": "number", "synthetic": "flag"}
AGE_GROUPS: Final[Mapping[str, str]] = {
    "16-24": "16-34",
    "25-34": "16-34",
    "35-44": "35-64",
    "45-54": "35-64",
    "55-64": "35-64",
    "65-74": "65+",
    "75+": "65+",
}
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_SUSPECT = frozenset(("'", " ", *_FORMULA_STARTS))
"""What a text begins with that has to be looked at more closely."""
_MOST_KEPT = 5_000
"""Answers to one question of which the exported values are kept: enough for every question that offers options."""
_AT_A_TIME = 1000


def columns(questionnaire: Questionnaire) -> list[str]:
    """The names of an export's columns, in order."""
    answers = [column.name for question in questionnaire.questions.values() for column in question.columns()]
    return [*ABOUT, *answers, *(order_column(question) for question in _drawn(questionnaire))]


def coarse_columns(session: Session, wave: Wave, questionnaire: Questionnaire) -> list[Column]:
    """The columns of ``coarse_rows`` with their labels, in the order of ``columns``."""
    about = [Column(name, Text({ENGLISH: _LABELS[name]}), _KINDS.get(name, "text")) for name in ABOUT]
    answers = [
        replace(column, labels=_coarse_labels(session, wave, questionnaire, question, column))
        for question in questionnaire.questions.values()
        for column in question.columns()
    ]
    orders = [
        Column(order_column(question), Text({ENGLISH: f"Order of the options of {question.id}"}), "text")
        for question in _drawn(questionnaire)
    ]
    return [*about, *answers, *orders]


def _coarse_labels(
    session: Session, wave: Wave, questionnaire: Questionnaire, question: Question, column: Column
) -> Mapping[str, Text]:
    """The words of a column's codes as they stand after they were made coarse."""
    if column.kind != "code":
        return column.labels
    if question.id == questionnaire.cell.age:
        groups = {group: Text({ENGLISH: group.replace("-", " to ")}) for group in AGE_GROUPS.values()}
        return {AGE_GROUPS.get(code, code): label for code, label in column.labels.items()} | groups
    kind = question.area_kind()
    if kind is None:
        return column.labels
    coarse = _coarse(session, wave, question)
    places = areas(session, "beat" if coarse else kind, wave.closes_on)
    names = {place.code: place.name for place in places} | {WITHHELD: "Withheld"}
    # A place that is large enough stands as it was chosen.
    codes = dict.fromkeys(coarse.values()) if coarse else [place.code for place in places]
    return {**column.labels, **{code: Text({ENGLISH: names[code]}) for code in codes}}


def order_column(question: Question) -> str:
    """The column with the order in which the options were seen, as codes with a space between."""
    return f"{question.id}-order"


def _drawn(questionnaire: Questionnaire) -> list[Question]:
    return [question for question in questionnaire.questions.values() if question.order() is not None]


def rows(session: Session, wave: Wave, questionnaire: Questionnaire) -> Iterator[dict[str, Any]]:
    """A row for each response, in no order that tells when it was given; None where there is no answer."""
    found = session.execute(
        select(
            Response.id,
            Response.submitted_on,
            Response.mode,
            Response.language,
            Response.base_weight,
            Response.synthetic,
            Response.answers,
            Response.orders,
        )
        .where(Response.wave_id == wave.id)
        .order_by(Response.id),
        execution_options={"yield_per": _AT_A_TIME},
    )
    answered = [_Exported(question) for question in questionnaire.questions.values()]
    drawn = [(question.id, order_column(question)) for question in _drawn(questionnaire)]
    for response in found:
        row: dict[str, Any] = {
            "response": str(response.id),
            "submitted_on": response.submitted_on.isoformat(),
            "mode": response.mode,
            "language": response.language,
            "base_weight": response.base_weight,
            "synthetic": response.synthetic,
        }
        for one in answered:
            row.update(one.values(response.answers.get(one.question.id)))
        for question, column in drawn:
            seen = (response.orders or {}).get(question)
            row[column] = " ".join(seen) if seen else None
        yield row


class _Exported:
    """The exported values of one question; those of an answer that many people gave are made once."""

    def __init__(self, question: Question) -> None:
        self.question = question
        self._kept: dict[Any, Mapping[str, Any]] = {}

    def values(self, answer: Any) -> Mapping[str, Any]:
        key = tuple(answer) if type(answer) is list else answer
        if type(key) not in {str, tuple, type(None)}:
            return self.question.export(answer)
        if key not in self._kept:
            made = self.question.export(answer)
            if len(self._kept) >= _MOST_KEPT:
                return made
            self._kept[key] = made
        return self._kept[key]


def coarse_rows(session: Session, wave: Wave, questionnaire: Questionnaire) -> Iterator[dict[str, Any]]:
    """The same rows with what could tell who answered made coarse.

    A ward becomes its police beat, a parish is withheld, ages fall into three groups, the day becomes the month, and
    words are withheld unless an officer has read them and found that they point at nobody.
    """
    coarse = {
        column.name: _coarse(session, wave, question)
        for question in questionnaire.questions.values()
        for column in question.columns()
        if column.kind == "code"
    }
    if questionnaire.cell.age:
        coarse[questionnaire.cell.age] = AGE_GROUPS
    in_words = {
        column.name: question.id
        for question in questionnaire.questions.values()
        for column in question.columns()
        if column.kind == "text"
    }
    reviewed = session.execute(
        select(CodedText.response_id, CodedText.question)
        .join(Response)
        .where(Response.wave_id == wave.id, CodedText.shareable)
    )
    shareable = {(str(row.response_id), row.question) for row in reviewed}
    for row in rows(session, wave, questionnaire):
        for key, codes in coarse.items():
            if codes and row.get(key) is not None:
                row[key] = codes.get(row[key], row[key])
        for name, question in in_words.items():
            if row[name] is not None and (name != question or (row["response"], question) not in shareable):
                row[name] = WITHHELD
        row["submitted_on"] = row["submitted_on"][:7]
        yield row


def log_export(session: Session, wave: Wave, *, by: str, what: str) -> AuditEntry:
    """Write down in the audit trail who takes responses out; the caller commits before handing them over."""
    return audit.record(session, audit.EXPORT, subject=wave.key, detail={"what": what}, actor=by)


def exports_of(session: Session, wave: Wave) -> Sequence[AuditEntry]:
    """Who has taken responses of a wave, the newest first."""
    query = select(AuditEntry).where(AuditEntry.action == audit.EXPORT, AuditEntry.subject == wave.key)
    return session.scalars(query.order_by(AuditEntry.id.desc())).all()


def _coarse(session: Session, wave: Wave, question: Question) -> Mapping[str, str]:
    """What stands for each code of a question about a place smaller than a beat; nothing for any other question."""
    kind = question.area_kind()
    if kind not in {"ward", "parish", "lsoa21"}:
        return {}
    places = areas(session, kind, wave.closes_on)
    if kind != "ward":
        return {place.code: WITHHELD for place in places}
    beats = {place.code: beat_of_ward(session, place.code, wave.closes_on) for place in places}
    return {ward: beat.area.code if beat else WITHHELD for ward, beat in beats.items()}


def for_spreadsheet(value: Any) -> Any:
    """The value so that no spreadsheet takes a text for a formula."""
    return f"'{value}" if isinstance(value, str) and _could_be_formula(value) else value


def from_spreadsheet(text: str) -> str:
    """The text before ``for_spreadsheet``."""
    return text[1:] if text.startswith("'") and _could_be_formula(text[1:]) else text


def _could_be_formula(text: str) -> bool:
    if text[:1] not in _SUSPECT:
        return False
    # An apostrophe that somebody typed is looked through, so that it is told from the one that was put before.
    return text.lstrip("' ").startswith(_FORMULA_STARTS)
