"""What a council is told afterwards: how it compares with the other councils, what it changed, what was done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from csp_consult.analysis.thresholds import INSIDE_THRESHOLD, PUBLISHED_THRESHOLD, is_small
from csp_consult.fieldwork.asked import questionnaire_for
from csp_consult.fieldwork.models import Wave
from csp_consult.findings.question_keys import all_asked, context_of
from csp_consult.parishes.changes import predecessors
from csp_consult.parishes.models import ParishResponse
from csp_consult.parishes.versions import current_responses, minuted, versions
from csp_consult.places.lookup import wards_of_parish
from csp_consult.places.models import Area
from csp_consult.plan.models import Activity

FEWEST = PUBLISHED_THRESHOLD
"""Other councils that a comparison needs."""
SMALL = INSIDE_THRESHOLD
"""Counts of councils from 1 to one less are not shown: they would point at a council."""


@dataclass(frozen=True)
class OptionShare:
    """One option among the other councils."""

    title: str
    own: bool
    """Whether this council chose it."""
    share: float | None
    """Of the other councils that answered the question, each counted once; None where too few chose it."""


@dataclass(frozen=True)
class Compared:
    """One question of this council and the others."""

    text: str
    base: int
    """Other councils that answered the question."""
    options: tuple[OptionShare, ...]


@dataclass(frozen=True)
class Changed:
    """One answer that differs from the last time, in words."""

    text: str
    before: str
    now: str


@dataclass(frozen=True)
class Before:
    """What a council, or one of which it is made, said in the wave before."""

    parish_name: str
    wave_title: str
    changed: tuple[Changed, ...]


def compared(session: Session, wave: Wave, response: ParishResponse) -> list[Compared]:
    """The council's answers beside those of the other councils with a minute; none where too few others answered.

    Shares are of councils, each counted once, so that no electorate can point at one. With small counts the next
    smallest are hidden, until subtraction leaves each of them the room not to be small.
    """
    questionnaire, context = questionnaire_for(session, wave), context_of(session, wave)
    others = [one.answers for one in current_responses(session, wave) if one.parish_code != response.parish_code]
    if len(others) < FEWEST:
        return []
    own = _tallied(questionnaire.questions, response.answers)
    tallies = [_tallied(questionnaire.questions, answers) for answers in others]
    found = []
    for asked in all_asked(questionnaire, context):
        key = asked.key
        answered = [tally for tally in tallies if any(one == key for one, _ in tally)]
        if len(answered) < FEWEST:
            continue
        counts = {option: sum((key, option) in tally for tally in answered) for option in asked.titles}
        withheld = hidden(counts)
        shown = tuple(
            OptionShare(title, (key, option) in own, None if option in withheld else counts[option] / len(answered))
            for option, title in asked.titles.items()
        )
        found.append(Compared(asked.text, len(answered), shown))
    return found


def before(session: Session, wave: Wave, response: ParishResponse) -> list[Before]:
    """What changed since the wave before, for the parish and those that became part of it; none where nobody answered.

    Only questions that both waves ask are held together.
    """
    earlier = [one for one in wave.survey.waves if one.cleared_on and one.opens_on < wave.opens_on]
    if not earlier:
        return []
    last = earlier[-1]
    found = []
    for code in (response.parish_code, *predecessors(session, response.parish_code)):
        previous = next((one for one in versions(session, last, code) if minuted(one)), None)
        if previous is not None:
            name = session.get_one(Area, code).name
            found.append(Before(name, last.title, _changes(session, last, wave, previous.answers, response.answers)))
    return found


def done(session: Session, wave: Wave, parish_code: str, district: str) -> Sequence[Activity]:
    """Approved activities of the plan that began after the wave opened and reach the parish, the oldest first."""
    wards = [ward.code for ward in wards_of_parish(session, parish_code, wave.closes_on)]
    query = select(Activity).where(
        Activity.status.in_(("under way", "done")),
        Activity.approved_on.is_not(None),
        Activity.starts_on >= wave.opens_on,
        Activity.area_code.in_([district, parish_code, *wards]),
    )
    return session.scalars(query.order_by(Activity.starts_on, Activity.id)).all()


def _tallied(questions: Mapping[str, Any], answers: Mapping[str, Any]) -> frozenset[tuple[str, str]]:
    return frozenset(
        pair for name, question in questions.items() if name in answers for pair in question.tally(answers[name])
    )


def hidden(counts: Mapping[str, int]) -> set[str]:
    """The options whose counts are not shown: the small ones, and those that would tell them by subtraction."""
    found = {option for option, n in counts.items() if is_small(n, SMALL)}
    rest = sorted((option for option, n in counts.items() if option not in found and n), key=lambda one: -counts[one])
    # A zero is shown, so each that is hidden is 1 at least: what is left of their sum is the most that one can be.
    while found and rest and sum(counts[one] - 1 for one in found) + 1 < SMALL:
        found.add(rest.pop())
    return found


def _changes(
    session: Session, last: Wave, wave: Wave, then: Mapping[str, Any], now: Mapping[str, Any]
) -> tuple[Changed, ...]:
    asked, now_asked = questionnaire_for(session, last).questions, questionnaire_for(session, wave).questions
    contexts = context_of(session, last), context_of(session, wave)
    found = []
    for name, question in now_asked.items():
        if name not in asked or (name not in then and name not in now) or then.get(name) == now.get(name):
            continue
        said_then = asked[name].display(then[name], context=contexts[0]) if name in then else "Not answered"
        said_now = question.display(now[name], context=contexts[1]) if name in now else "Not answered"
        found.append(Changed(question.text(), said_then, said_now))
    return tuple(found)
