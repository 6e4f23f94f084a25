"""Did an activity move its audience? How it stood is frozen when it starts; the next wave is held against that."""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Final, Literal

from sqlalchemy.orm import Session

from csp_consult import words
from csp_consult.analysis.evaluation import Evaluation, evaluate
from csp_consult.analysis.figures import Estimate
from csp_consult.fieldwork.asked import questionnaire_for
from csp_consult.fieldwork.models import Wave
from csp_consult.findings.base_rules import DEFAULT_RULES, BaseRules
from csp_consult.findings.errors import FindingError
from csp_consult.findings.gaps import change_of
from csp_consult.findings.planning import Balances, balances
from csp_consult.plan.history import note
from csp_consult.plan.models import Activity, Baseline

Way = Literal["down", "up"]
STARTED: Final = ("under way", "done")
AFTERWARDS: Final = (
    "The baseline was frozen after the next wave had opened: what could be detected was not stated beforehand."
)


@dataclass(frozen=True)
class Frozen:
    """How an activity's audience and the rest stood, as its baseline keeps it."""

    audience: str
    area: str
    age: str
    question: dict[str, Any]
    """Its identifier, its text and its options by side, with the questionnaire and version it is from."""
    target: Estimate | None
    rest: Estimate | None
    intended: Way
    """Which way the activity is meant to move the balance of those who say up over those who say down."""
    detectable: float | None
    """The smallest effect found four times in five, at 5%, if the next wave is as large."""
    reason: str | None
    """Why there is nothing to compare with; None where there is."""


@dataclass(frozen=True)
class Outcome:
    """What can be said of an activity."""

    frozen: Frozen | None
    frozen_on: date | None
    before: Wave | None
    after: Wave | None
    """The wave it was held against; None while there is none."""
    now: Balances | None
    result: Evaluation | None
    text: str
    """What was found, or why nothing can be said, in words."""


def freeze(session: Session, activity: Activity, today: date, *, rules: BaseRules = DEFAULT_RULES) -> None:
    """Keep how the audience and the rest stood in the last wave before the activity started; the caller commits.

    Once only, and not for an activity that has not started or whose perception is another body's published figure.
    """
    if activity.status not in STARTED or activity.baseline is not None or activity.wave_id is None:
        return
    wave = _wave_before(session, activity)
    frozen = _frozen(session, activity, wave, rules)
    activity.baseline = Baseline(wave_id=wave.id, frozen_on=today, content=asdict(frozen))
    note(session, activity, "baseline frozen")


def outcome(session: Session, activity: Activity, today: date, *, rules: BaseRules = DEFAULT_RULES) -> Outcome:
    """What the first wave after the activity started shows of it, once that wave has closed."""
    if activity.baseline is None:
        return Outcome(None, None, None, None, None, None, _without(activity))
    frozen, before = thawed(activity.baseline.content), session.get_one(Wave, activity.baseline.wave_id)
    after = _wave_after(activity, before, today)
    blank = Outcome(frozen, activity.baseline.frozen_on, before, after, None, None, "")
    try:
        obstacle = _obstacle(session, activity, blank, today)
        if after is None or obstacle:
            return _said(blank, obstacle)
        now = balances(session, after, activity.topic_slug, frozen.area, frozen.age, rules=rules)
    except FindingError as error:
        return _said(blank, f"Cannot be evaluated: {error}")
    return _held(blank, frozen, now)


def thawed(content: dict[str, Any]) -> Frozen:
    """A baseline's content as what it was."""
    sides = {side: Estimate(**content[side]) if content[side] else None for side in ("target", "rest")}
    return Frozen(**{**content, **sides})


def _obstacle(session: Session, activity: Activity, found: Outcome, today: date) -> str:
    """Why the next wave says nothing, or nothing yet, of the activity; empty where it does."""
    if found.frozen is None or found.before is None or found.frozen.reason:
        return f"Cannot be evaluated: {found.frozen.reason if found.frozen else _without(activity)}"
    if found.after is None:
        return f"Not yet: no wave of {found.before.survey.title} has opened since it started."
    if found.after.closes_on >= today:
        return f"Not yet: {found.after.title} closes on {words.day(found.after.closes_on)}."
    if _question(session, found.after, activity.topic_slug) != found.frozen.question["asked"]:
        return f"Cannot be evaluated: {found.after.title} asked another question, or with other answers."
    return ""


def _held(blank: Outcome, frozen: Frozen, now: Balances) -> Outcome:
    if frozen.target is None or frozen.rest is None or now.rest is None:
        return _said(blank, "Cannot be evaluated: there is nobody to compare with.")
    result = evaluate(
        target_before=frozen.target,
        target_after=now.target,
        rest_before=frozen.rest,
        rest_after=now.rest,
        intended=frozen.intended,
    )
    late = blank.frozen_on is not None and blank.after is not None and blank.frozen_on >= blank.after.opens_on
    text = f"{result.text} {AFTERWARDS}" if late else result.text
    return Outcome(frozen, blank.frozen_on, blank.before, blank.after, now, result, text)


def _said(blank: Outcome, text: str) -> Outcome:
    return Outcome(blank.frozen, blank.frozen_on, blank.before, blank.after, None, None, text)


def _without(activity: Activity) -> str:
    if activity.wave_id is None:
        return "Cannot be evaluated: its perception is another body’s published figure, without answers to compare."
    if activity.status not in STARTED:
        return "Not started: the baseline is frozen when its status becomes “under way”."
    return "Cannot be evaluated: it started before baselines were kept."


def _frozen(session: Session, activity: Activity, wave: Wave, rules: BaseRules) -> Frozen:
    found: Balances | None = None
    asked: dict[str, Any] = {}
    reason: str | None
    try:
        asked = _question(session, wave, activity.topic_slug)
        found = balances(session, wave, activity.topic_slug, activity.area_code, activity.audience_age, rules=rules)
        reason = found.reason
    except FindingError as error:
        reason = str(error)
    questionnaire = questionnaire_for(session, wave)
    return Frozen(
        audience=found.audience if found else activity.audience,
        area=activity.area_code,
        age=activity.audience_age,
        question={"questionnaire": questionnaire.slug, "version": questionnaire.version, "asked": asked},
        target=found.target if found else None,
        rest=found.rest if found else None,
        intended="up" if activity.gap["classification"] == "alert" else "down",
        detectable=found.detectable if found else None,
        reason=reason,
    )


def _question(session: Session, wave: Wave, topic: str) -> dict[str, Any]:
    """What was asked and how it could be answered: two waves that differ in it measure two things."""
    questionnaire = questionnaire_for(session, wave)
    change = change_of(questionnaire, wave, topic)
    question = questionnaire.question(change.question)
    return {
        "id": question.id,
        "text": question.text(),
        "options": [[choice.code, choice.text()] for choice in question.choices()],
        "up": sorted(change.up),
        "down": sorted(change.down),
        "reference": change.reference,
        "area": change.area,
    }


def _wave_before(session: Session, activity: Activity) -> Wave:
    """The last wave of the survey that had closed when the activity started; else the one it was made from."""
    own = session.get_one(Wave, activity.wave_id)
    ended = (wave for wave in own.survey.waves if wave.cleared_on and wave.closes_on < activity.starts_on)
    closed = [wave for wave in ended if _asks(session, wave, activity.topic_slug)]
    return closed[-1] if closed else own


def _wave_after(activity: Activity, before: Wave, today: date) -> Wave | None:
    """The first wave of the survey that opened when the activity had started, or that still can."""
    start = max(activity.starts_on, before.closes_on)
    later = (wave for wave in before.survey.waves if wave.opens_on > start)
    return next((wave for wave in later if wave.cleared_on or wave.closes_on >= today), None)


def _asks(session: Session, wave: Wave, topic: str) -> bool:
    return any(change.topic == topic for change in questionnaire_for(session, wave).change)
