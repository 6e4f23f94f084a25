"""Recorded figures known only as published: kept as printed, never turned into counts."""

import re
from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from csp_consult import words
from csp_consult.recorded.models import PublishedComparison, RecordingNote


def store(session: Session, comparisons: Iterable[PublishedComparison], notes: Iterable[RecordingNote] = ()) -> None:
    """Put published figures and notes on recording practice on record; those already there take the new values."""
    for row in (*comparisons, *notes):
        session.merge(row)
    session.flush()


def comparisons(session: Session, *, topic: str | None = None, area: str | None = None) -> list[PublishedComparison]:
    """The published figures in the order of their publication, of one topic or area or of all."""
    query = select(PublishedComparison).order_by(PublishedComparison.position)
    if topic is not None:
        query = query.where(PublishedComparison.topic_slug == topic)
    if area is not None:
        query = query.where(PublishedComparison.area_code == area)
    return list(session.scalars(query))


def left_out(one: PublishedComparison) -> str:
    """The figures that the words of a printed comparison leave out, in brackets; empty where they leave out none.

    The earlier figure stands with its time as printed: it may be another part of a year, or years before.
    """
    if one.value is None or _says(one.text, one.value, one.unit):
        return ""
    unit = f" {one.unit}" if one.unit else ""
    before = ""
    if one.previous_value is not None:
        before = f"; {one.previous_period or 'before'}: {words.as_printed(one.previous_value)}"
    return f" ({words.as_printed(one.value)}{unit}{before})"


def _says(text: str, value: float, unit: str | None) -> bool:
    """Whether the words hold the figure: as a number of its own, and as a percentage only where it is one."""
    percent = "" if "%" in (unit or "") else r"(?! ?%)"
    return re.search(rf"(?<![\d.,]){re.escape(words.as_printed(value))}(?![.,]?\d){percent}", text) is not None
