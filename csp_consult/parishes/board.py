"""The board of a council consultation: every council by how far it has come, and whom to remind."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from csp_consult.fieldwork.models import Wave
from csp_consult.fieldwork.waves import WaveState
from csp_consult.mail.bounces import flagged
from csp_consult.mail.letters import Words, address_of, write
from csp_consult.mail.outbox import queue
from csp_consult.parishes.access import clerks_of
from csp_consult.parishes.bodies import asked_on
from csp_consult.parishes.models import ParishExtension, ParishReminder
from csp_consult.parishes.standing import Stage, Standing, standings
from csp_consult.people import audit
from csp_consult.people.models import User
from csp_consult.places.lookup import wards_without_parish
from csp_consult.places.models import Area
from csp_consult.places.populations import electorates

LATE = timedelta(days=14)
"""A council that has not sent its own response is late from so many days before its last one."""
COUNTED = (Stage.SUBMITTED, Stage.AMENDING)


@dataclass(frozen=True)
class Line:
    """One council on the board. Nothing of what it drafts."""

    standing: Standing
    speaks_for: tuple[Area, ...]
    meeting: bool
    """Whether a meeting of electors answers, as there is no council."""
    electors: int | None
    clerks: tuple[User, ...]
    """Open accounts that act for it; none where the post is vacant."""
    bounced: frozenset[str]
    """Addresses of its clerks that took no mail."""
    asks_for_time: bool
    reminded_on: date | None
    state: WaveState
    late: bool

    @property
    def counted(self) -> bool:
        """Whether its response counts in the headline."""
        return self.standing.counted

    @property
    def can_be_reminded(self) -> bool:
        """Whether it is late and a reminder would reach anybody."""
        return self.late and self.can_be_reached

    @property
    def can_be_reached(self) -> bool:
        """Whether its own answer is still to come, can still come, and a mail would reach anybody."""
        return not self.counted and self.state is WaveState.OPEN and any(self.reachable)

    @property
    def reachable(self) -> tuple[User, ...]:
        """Its clerks whose address takes mail."""
        return tuple(user for user in self.clerks if user.email.lower() not in self.bounced)


@dataclass(frozen=True)
class Board:
    """Every council of a wave."""

    lines: tuple[Line, ...]
    unasked: tuple[Area, ...]
    """Parishes with nobody to ask."""
    unparished: tuple[Area, ...]
    """Wards in which no parish lies: residents there answer only the residents' surveys."""

    @property
    def stages(self) -> Mapping[Stage, int]:
        """How many councils stand where."""
        return Counter(line.standing.stage for line in self.lines)

    @property
    def electors(self) -> tuple[int, int] | None:
        """Electors of the parishes that have answered, and of all asked; None where any is unknown."""
        known = [(line.electors, line.counted) for line in self.lines if line.electors is not None]
        if not known or len(known) < len(self.lines):
            return None
        return sum(n for n, counted in known if counted), sum(n for n, _ in known)

    @property
    def late(self) -> tuple[Line, ...]:
        """The councils that are late."""
        return tuple(line for line in self.lines if line.late)


def board(session: Session, wave: Wave, today: date) -> Board:
    """The board of a wave. The number of queries does not depend on the number of parishes."""
    asked = asked_on(session, wave.closes_on)
    codes = [parish.code for parish in asked.councils]
    electors = {code: row.electors for code, row in electorates(session, wave.closes_on).items()}
    clerks = clerks_of(session, codes)
    bounced = frozenset(one.address for one in flagged(session))
    asking = _asking(session, wave)
    reminded = _reminded(session, wave)
    lines = []
    for standing in standings(session, [wave], asked.councils):
        code = standing.parish.code
        speaks_for = asked.spoken_for(code)
        state = standing.window.state(today)
        lines.append(
            Line(
                standing=standing,
                speaks_for=speaks_for,
                meeting=code in asked.meetings,
                electors=_sum(electors.get(parish.code) for parish in speaks_for),
                clerks=tuple(clerks[code]),
                bounced=bounced & {user.email.lower() for user in clerks[code]},
                asks_for_time=code in asking,
                reminded_on=reminded.get(code),
                state=state,
                late=_late(standing, state, today),
            )
        )
    return Board(tuple(lines), asked.unasked, tuple(wards_without_parish(session, wave.closes_on)))


def remind(session: Session, wave: Wave, lines: Iterable[Line], *, user_id: int | None, today: date) -> int:
    """Mail the clerks of councils that can still answer, each council once a day; the caller commits.

    ``user_id`` is the officer who asks for it, None where it was planned. Gives the number of councils reminded.
    """
    reminded = to_remind(lines, today)
    for line in reminded:
        for user in line.reachable:
            words = reminder(wave, line, user)
            queue(session, to=user.email, subject=words.subject, body=words.body, kind="council reminder", today=today)
        code = line.standing.parish.code
        session.add(ParishReminder(wave_id=wave.id, parish_code=code, sent_on=today, sent_by=user_id))
    if reminded:
        session.flush()
        audit.record(session, "councils reminded", subject=wave.key, detail={"councils": len(reminded)})
    return len(reminded)


def to_remind(lines: Iterable[Line], today: date) -> list[Line]:
    """Those of the councils that a reminder would go to today."""
    return [line for line in lines if line.can_be_reached and line.reminded_on != today]


def reminder(wave: Wave, line: Line, user: User) -> Words:
    """What a reminder says to one clerk of one council."""
    code = line.standing.parish.code
    return write(
        "council reminder",
        name=user.name,
        parish=line.standing.parish.name,
        title=wave.title,
        last_day=line.standing.window.last_day,
        minute_missing=line.standing.stage is Stage.OFFICER_DRAFT,
        link=address_of("clerk.overview", parish_code=code, survey=wave.survey.slug, wave=wave.slug),
    )


def _late(standing: Standing, state: WaveState, today: date) -> bool:
    if standing.counted:
        return False
    return state is WaveState.CLOSED or (state is WaveState.OPEN and standing.window.last_day - today <= LATE)


def _sum(numbers: Iterable[int | None]) -> int | None:
    found = list(numbers)
    return None if any(n is None for n in found) else sum(n for n in found if n is not None)


def _asking(session: Session, wave: Wave) -> set[str]:
    query = select(ParishExtension.parish_code)
    return set(session.scalars(query.where(ParishExtension.wave_id == wave.id, ParishExtension.decided_on.is_(None))))


def _reminded(session: Session, wave: Wave) -> dict[str, date]:
    query = select(ParishReminder.parish_code, func.max(ParishReminder.sent_on))
    rows = session.execute(query.where(ParishReminder.wave_id == wave.id).group_by(ParishReminder.parish_code))
    return dict(rows.all())
