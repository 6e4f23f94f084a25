"""What needs attention: one line for each, that leads to where it is done."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from flask import url_for
from sqlalchemy.orm import Session

from csp_consult import words
from csp_consult.fieldwork import care
from csp_consult.fieldwork.models import Wave
from csp_consult.fieldwork.waves import WaveState, listed, response_due, state
from csp_consult.mail import outbox
from csp_consult.papers.open_data import BEFORE_OPENING, FAIRNESS, PUBLIC, RESULTS
from csp_consult.papers.published import latest
from csp_consult.parishes.windows import open_requests
from csp_consult.plan import activities
from csp_consult.plan.models import Activity, ThreeYearPlan
from csp_consult.plan.three_year import plans
from csp_consult.web.public import STATEMENT_REVIEWED

CLOSING_SOON = timedelta(days=14)
MAIL_LOOKED_AFTER = timedelta(days=14)
"""How long a mail that went wrong stands on the first page."""


@dataclass(frozen=True)
class Need:
    """One thing to be done, and the page where it is."""

    text: str
    href: str


def everything(session: Session, today: date) -> list[Need]:
    """All that needs attention today, the most pressing first."""
    signed = {(one.kind, one.about) for one in latest(session, {*PUBLIC, BEFORE_OPENING})}
    return [
        *care_needs(session),
        *waves_need(sorted(listed(session), key=lambda wave: _pressing(wave, today)), signed, today),
        *time_needs(session),
        *three_year_plan_needs(plans(session)),
        *plan_needs(activities.listed(session), today),
        *mail_needs(outbox.counts(session, since=today - MAIL_LOOKED_AFTER)),
        *site_needs(today),
    ]


def care_needs(session: Session) -> list[Need]:
    """Answers that must be read today."""
    waiting = care.unread(session)
    plural = f"{waiting} answers" if waiting != 1 else "1 answer"
    text = f"{plural} may tell of abuse, self-harm or danger: read them today."
    return [Need(text, url_for("officer.to_read"))] if waiting else []


def waves_need(waves: Sequence[Wave], signed: Collection[tuple[str, str]], today: date) -> list[Need]:
    """Waves to be checked before they open, those that close soon, and consultations whose answer is due.

    ``signed``: kind and wave of every paper signed off that is public or a check before opening.
    """
    needs = []
    for wave in waves:
        now, by = state(wave, today), response_due(wave)
        if now is not WaveState.CLOSED and (BEFORE_OPENING, wave.key) not in signed:
            needs.append(Need(f"{wave.title} {_unchecked(wave, today)}", _paper(BEFORE_OPENING, wave)))
        if now is WaveState.OPEN and wave.closes_on - today <= CLOSING_SOON:
            needs.append(Need(f"{wave.title} closes on {words.day(wave.closes_on)}.", _of_wave("fieldwork", wave)))
        if now is WaveState.CLOSED and (RESULTS, wave.key) not in signed:
            when = f"is due by {words.day(by)}" if today <= by else f"was due by {words.day(by)}"
            text = f"{wave.title} has closed: the partnership’s response {when}."
            needs.append(Need(text, _paper(RESULTS, wave)))
        elif now is WaveState.CLOSED and (FAIRNESS, wave.key) not in signed:
            needs.append(Need(f"{wave.title}: say how the consultation was run.", _paper(FAIRNESS, wave)))
    return needs


def _unchecked(wave: Wave, today: date) -> str:
    if wave.cleared_on is not None:
        when = "is open" if wave.opens_on <= today else f"opens on {words.day(wave.opens_on)}"
        return f"{when} and its checks are not signed off."
    if today < wave.opens_on:
        return f"opens on {words.day(wave.opens_on)} only if its checks are signed off by then."
    if today <= wave.closes_on:
        return f"was to open on {words.day(wave.opens_on)}: it stays closed until its checks are signed off."
    return f"never opened: its checks were not signed off by {words.day(wave.closes_on)}. Give it other dates."


def time_needs(session: Session) -> list[Need]:
    """Councils that have asked for more time and wait for an answer."""
    return [
        Need(
            f"{'1 council asks' if count == 1 else f'{count} councils ask'} for more time for {wave.title}.",
            _of_wave("fieldwork", wave),
        )
        for wave, count in open_requests(session)
    ]


def three_year_plan_needs(found: Sequence[ThreeYearPlan]) -> list[Need]:
    """What the newest three-year plan still lacks before it can be final."""
    if not found or found[0].final_on:
        return []
    plan = found[0]
    text = f"{plan.title}: send the Police and Crime Commissioner a copy, and put its date on record."
    if plan.copied_on is not None:
        copied = words.day(plan.copied_on)
        text = (
            f"{plan.title}: the Commissioner has had a copy since {copied}. Put on record when the plan became final."
        )
    return [Need(text, url_for("officer.three_year_plan"))]


def plan_needs(listed_activities: Sequence[Activity], today: date) -> list[Need]:
    """Activities whose dates and status no longer agree, each with all that is amiss in one line."""
    needs = []
    for activity in listed_activities:
        amiss = []
        if activity.status == "planned" and activity.starts_on < today:
            amiss.append(f"was to start on {words.day(activity.starts_on)} and is still planned")
        if activity.status in {"under way", "done"} and activity.approved_on is None:
            amiss.append(f"is {activity.status} and nobody has approved it as it stands")
        if activity.status in {"planned", "under way"} and activity.ends_on and activity.ends_on < today:
            amiss.append(f"was to end on {words.day(activity.ends_on)} and is not marked done")
        if amiss:
            text = f"“{activity.title}” for {activity.audience} {words.listing(amiss)}."
            needs.append(Need(text, url_for("officer.activity", activity_id=activity.id)))
    return needs


def mail_needs(counts: Mapping[str, int]) -> list[Need]:
    """Mails that somebody must look after, by state."""
    said = {"bounced": "came back or went to an address that took none", "failed": "failed", "unsure": "may be lost"}
    return [
        Need(
            f"{words.number(counts[state])} {'mail' if counts[state] == 1 else 'mails'} {what}.",
            url_for("officer.mail"),
        )
        for state, what in said.items()
        if counts.get(state)
    ]


def site_needs(today: date) -> list[Need]:
    """What the site itself owes: an accessibility statement less than a year old."""
    if today - STATEMENT_REVIEWED < timedelta(days=365):
        return []
    text = f"The accessibility statement was last held against the site on {words.day(STATEMENT_REVIEWED)}."
    return [Need(text, url_for("public.accessibility"))]


def _pressing(wave: Wave, today: date) -> tuple[bool, int]:
    return state(wave, today) is WaveState.CLOSED, -wave.closes_on.toordinal()


def _paper(kind: str, wave: Wave) -> str:
    return url_for("officer.paper", kind=kind, about=wave.key)


def _of_wave(view: str, wave: Wave) -> str:
    return url_for(f"officer.{view}", survey=wave.survey.slug, wave=wave.slug)
