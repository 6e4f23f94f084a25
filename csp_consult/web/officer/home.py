"""The officers' first page: every survey wave with its state, and what needs attention."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from flask import render_template
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from csp_consult import words
from csp_consult.db import db
from csp_consult.fieldwork import care
from csp_consult.fieldwork.models import Response, Wave
from csp_consult.fieldwork.waves import WaveState, listed, response_due, state
from csp_consult.mail import outbox
from csp_consult.papers.open_data import BEFORE_OPENING, FAIRNESS, PUBLIC, RESULTS
from csp_consult.papers.published import latest
from csp_consult.parishes.models import ParishResponse
from csp_consult.parishes.windows import open_requests
from csp_consult.plan import activities
from csp_consult.plan.models import Activity, ThreeYearPlan
from csp_consult.plan.three_year import plans
from csp_consult.web.officer.first_wave import steps
from csp_consult.web.public import STATEMENT_REVIEWED

CLOSING_SOON = timedelta(days=14)
MAIL_LOOKED_AFTER = timedelta(days=14)
"""How long a mail that went wrong stands on the first page."""


@dataclass(frozen=True)
class WaveLine:
    """A wave as the first page lists it."""

    wave: Wave
    state: WaveState
    answered: int
    """Responses of residents, or councils that have submitted on a mandate."""


def home() -> str:
    """Waves and what needs attention."""
    session, today = db.session(), date.today()
    counts = answered_by_wave(session)
    lines = [WaveLine(wave, state(wave, today), counts.get(wave.id, 0)) for wave in listed(session)]
    lines.sort(key=lambda line: (line.state is not WaveState.OPEN, -line.wave.closes_on.toordinal()))
    return render_template(
        "officer/home.html",
        lines=lines,
        steps=steps(session, today),
        attention=[
            *care_needs(session),
            *waves_need(lines, {(one.kind, one.about) for one in latest(session, {*PUBLIC, BEFORE_OPENING})}, today),
            *time_needs(session),
            *three_year_plan_needs(plans(session)),
            *plan_needs(activities.listed(session), today),
            *mail_needs(outbox.counts(session, since=today - MAIL_LOOKED_AFTER)),
            *site_needs(today),
        ],
    )


def answered_by_wave(session: Session) -> dict[int, int]:
    """Responses of residents, or councils that have submitted on a mandate, by wave."""
    residents = select(Response.wave_id, func.count()).group_by(Response.wave_id)
    councils = select(ParishResponse.wave_id, func.count(ParishResponse.parish_code.distinct())).where(
        ParishResponse.mandate.is_not(None)
    )
    rows = [*session.execute(residents), *session.execute(councils.group_by(ParishResponse.wave_id))]
    return dict(rows)


def care_needs(session: Session) -> list[str]:
    """Answers that must be read today."""
    waiting = care.unread(session)
    plural = f"{waiting} answers" if waiting != 1 else "1 answer"
    return [f"{plural} may tell of abuse, self-harm or danger. See “To read today”."] if waiting else []


def waves_need(lines: Sequence[WaveLine], public: Collection[tuple[str, str]], today: date) -> list[str]:
    """Waves to be checked before they open, those that close soon, and consultations whose answer is due.

    ``public``: kind and wave of every paper signed off that is public or a check before opening.
    """
    needs = []
    for line in lines:
        wave, by = line.wave, response_due(line.wave)
        if line.state is not WaveState.CLOSED and (BEFORE_OPENING, wave.key) not in public:
            when = "is open" if line.state is WaveState.OPEN else f"opens on {words.day(wave.opens_on)}"
            needs.append(f"{wave.title} {when} and its checks are not signed off. See Papers, “Before opening”.")
        if line.state is WaveState.OPEN and wave.closes_on - today <= CLOSING_SOON:
            needs.append(f"{wave.title} closes on {words.day(wave.closes_on)}.")
        if line.state is WaveState.CLOSED and (RESULTS, wave.key) not in public:
            when = f"is due by {words.day(by)}" if today <= by else f"was due by {words.day(by)}"
            needs.append(f"{wave.title} has closed: the partnership’s response {when}. See Papers.")
        elif line.state is WaveState.CLOSED and (FAIRNESS, wave.key) not in public:
            needs.append(f"{wave.title}: say how the consultation was run. See Papers, “How we consulted”.")
    return needs


def time_needs(session: Session) -> list[str]:
    """Councils that have asked for more time and wait for an answer."""
    return [
        f"{'1 council asks' if count == 1 else f'{count} councils ask'} for more time for {title}: see its fieldwork."
        for title, count in open_requests(session)
    ]


def three_year_plan_needs(found: Sequence[ThreeYearPlan]) -> list[str]:
    """What the newest three-year plan still lacks before it can be final."""
    if not found or found[0].final_on:
        return []
    plan = found[0]
    if plan.copied_on is None:
        return [f"{plan.title}: send the Police and Crime Commissioner a copy, and put its date on record."]
    copied = words.day(plan.copied_on)
    return [f"{plan.title}: the Commissioner has had a copy since {copied}. Put on record when the plan became final."]


def plan_needs(listed_activities: Sequence[Activity], today: date) -> list[str]:
    """Activities whose dates and status no longer agree."""
    needs = []
    for activity in listed_activities:
        if activity.status == "planned" and activity.starts_on < today:
            needs.append(f"“{activity.title}” was to start on {words.day(activity.starts_on)} and is still planned.")
        if activity.status in {"under way", "done"} and activity.approved_on is None:
            needs.append(f"“{activity.title}” is {activity.status} and nobody has approved it as it stands.")
        if activity.status in {"planned", "under way"} and activity.ends_on and activity.ends_on < today:
            needs.append(f"“{activity.title}” was to end on {words.day(activity.ends_on)} and is not marked done.")
    return needs


def mail_needs(counts: Mapping[str, int]) -> list[str]:
    """Mails that somebody must look after, by state."""
    said = {"bounced": "came back or went to an address that took none", "failed": "failed", "unsure": "may be lost"}
    return [
        f"{words.number(counts[state])} {'mail' if counts[state] == 1 else 'mails'} {what}: see Mail."
        for state, what in said.items()
        if counts.get(state)
    ]


def site_needs(today: date) -> list[str]:
    """What the site itself owes: an accessibility statement less than a year old."""
    if today - STATEMENT_REVIEWED < timedelta(days=365):
        return []
    return [f"The accessibility statement was last held against the site on {words.day(STATEMENT_REVIEWED)}."]
