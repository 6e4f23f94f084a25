"""Whether the figures an activity was made from, and the ones its message quotes, are still the figures."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy.orm import Session

from csp_consult import words
from csp_consult.fieldwork.models import Wave
from csp_consult.findings.base_rules import DEFAULT_RULES, BaseRules
from csp_consult.findings.errors import FindingError
from csp_consult.findings.gap_contract import GapFinding
from csp_consult.findings.gaps import gaps, published_gaps
from csp_consult.findings.groups import area_group
from csp_consult.plan.activities import snapshot
from csp_consult.plan.models import Activity


@dataclass(frozen=True)
class Moved:
    """A figure that is no longer what it was when the activity was made, as printed."""

    what: str
    then: str
    now: str
    quoted: bool
    """Whether the message still says what it was."""

    @property
    def sentence(self) -> str:
        """The change in words."""
        said = " The message still says what it was." if self.quoted else ""
        return f"{self.what} was {self.then} and is now {self.now}.{said}"


@dataclass(frozen=True)
class Standing:
    """How an activity's figures stand against the data of today."""

    moved: tuple[Moved, ...]
    lost: str = ""
    """Why the gap cannot be made any more; empty where it can."""

    @property
    def needs_attention(self) -> bool:
        """Whether the message has to be looked at: it quotes a figure that moved, or the gap means another thing."""
        return bool(self.lost) or any(one.quoted or one.what in _MEANING for one in self.moved)


_MEANING = ("The class", "The grade")


def standings(
    session: Session, activities: Sequence[Activity], *, rules: BaseRules = DEFAULT_RULES
) -> dict[int, Standing]:
    """How every activity stands, by its number."""
    today, found = _Today(session, rules), {}
    for activity in activities:
        try:
            found[activity.id] = Standing(tuple(_moved(activity, today.gap(activity))))
        except FindingError as error:
            found[activity.id] = Standing((), str(error))
    return found


class _Today:
    """Gaps as they stand today. Those of all wards (or beats) are made together, so they are made once."""

    def __init__(self, session: Session, rules: BaseRules) -> None:
        self._session, self._rules = session, rules
        self._made: dict[tuple[int, str, str], dict[str, GapFinding]] = {}

    def gap(self, activity: Activity) -> GapFinding:
        """The gap an activity is aimed at. Raises FindingError, saying why there is none."""
        kept = activity.gap
        if activity.wave_id is None:
            return self._published(kept["wave_title"], kept["topic"], kept["area"])
        wave = self._session.get_one(Wave, activity.wave_id)
        by = area_group(self._session, kept["area"], wave.closes_on).by
        key = (wave.id, activity.topic_slug, by)
        if key not in self._made:
            found = gaps(self._session, wave, by or None, topic=activity.topic_slug, rules=self._rules)
            self._made[key] = {one.area: one for one in found}
        made = self._made[key]
        # A wave that cannot be weighted yet has one finding, of the district, that says so.
        return made.get(kept["area"]) or next(iter(made.values()))

    @cached_property
    def _printed(self) -> list[GapFinding]:
        return published_gaps(self._session)

    def _published(self, wave_title: str, topic: str, area: str) -> GapFinding:
        for one in self._printed:
            if (one.wave_title, one.topic, one.area) == (wave_title, topic, area):
                return one
        raise FindingError("The published figure it rests on is no longer held.")


def _moved(activity: Activity, now: GapFinding) -> Iterator[Moved]:
    then, today = _printed(activity.gap), _printed(snapshot(now))
    for what, old in then.items():
        if old != today[what]:
            yield Moved(what, old, today[what], _quotes(activity.message, old))


def _printed(gap: Mapping[str, Any]) -> dict[str, str]:
    """The figures of a gap as its verdict prints them: a change too small to print is no change."""
    record = gap["recorded"] or {}
    change = record.get("change_pct")
    return {
        "The share who say it rose": _share(gap["perceived_up"]),
        "The share who say it fell": _share(gap["perceived_down"]),
        "The recorded change": "not known" if change is None else words.change(change),
        "The class": gap["classification"] or "none",
        "The grade": gap["grade"],
    }


def _share(estimate: Mapping[str, Any] | None) -> str:
    value = estimate["estimate"] if estimate else None
    return "not shown" if value is None else f"{100 * value:.0f}%"


def _quotes(message: str, printed: str) -> bool:
    """Whether the message holds the number that was printed; words such as a class are no quotation."""
    number = re.search(r"[\d.,]+%", printed)
    return bool(number and re.search(rf"(?<![\d.,]){re.escape(number[0])}", message))
