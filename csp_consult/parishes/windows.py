"""Until when each council may answer: the wave's last day, or a later one that an officer gave it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from csp_consult.fieldwork.models import Wave
from csp_consult.fieldwork.waves import WaveState, state
from csp_consult.parishes.access import ParishError
from csp_consult.parishes.bodies import refuse_unless_asked
from csp_consult.parishes.models import ParishExtension
from csp_consult.people import audit

REASON_LENGTH = 500
LONGEST = timedelta(days=183)
"""A last day further away than this is taken for a slip of the year."""


class WindowError(ParishError):
    """A last day cannot be asked for or given; ``field_id`` is the field at fault."""

    def __init__(self, field_id: str, message: str) -> None:
        super().__init__(message)
        self.field_id = field_id


@dataclass(frozen=True)
class Window:
    """When one council may answer one wave."""

    wave: Wave
    until: date | None = None
    """A last day of its own, given by an officer."""

    @property
    def last_day(self) -> date:
        """The last day on which the council may answer."""
        return max(self.wave.closes_on, self.until) if self.until else self.wave.closes_on

    def state(self, today: date) -> WaveState:
        """Whether the council may answer today. A day of its own also holds where the wave has been ended."""
        for_all = state(self.wave, today)
        return WaveState.OPEN if for_all is WaveState.CLOSED and self.until and today <= self.until else for_all


def window_of(session: Session, wave: Wave, parish_code: str) -> Window:
    """When the council of a parish may answer a wave."""
    return Window(wave, last_days(session, [wave.id], [parish_code]).get((wave.id, parish_code)))


def last_days(
    session: Session, wave_ids: Collection[int], parish_codes: Collection[str]
) -> dict[tuple[int, str], date]:
    """The last days that were given to councils, by wave and parish: one query."""
    query = (
        select(ParishExtension.wave_id, ParishExtension.parish_code, func.max(ParishExtension.until))
        .where(
            ParishExtension.wave_id.in_(wave_ids),
            ParishExtension.parish_code.in_(parish_codes),
            ParishExtension.until.is_not(None),
        )
        .group_by(ParishExtension.wave_id, ParishExtension.parish_code)
    )
    return {(wave_id, code): until for wave_id, code, until in session.execute(query) if until}


def refuse_unless_open(session: Session, wave: Wave, parish_code: str, today: date) -> None:
    """Raise ParishError, in words with the date, unless the council is asked and may answer today."""
    refuse_unless_asked(session, wave, parish_code)
    window = window_of(session, wave, parish_code)
    match window.state(today):
        case WaveState.NOT_YET_OPEN:
            when = f"opens on {wave.opens_on:%-d %B %Y}" if wave.cleared_on is not None else "is not open yet"
            raise ParishError(f"{wave.title} {when}. Answers can be given from then on.")
        case WaveState.CLOSED:
            raise ParishError(
                f"{wave.title} closed on {window.last_day:%-d %B %Y}. Answers can no longer be changed. "
                "If the council needs more time, ask for it on the page of the consultation."
            )


def extensions(session: Session, wave: Wave, parish_code: str) -> list[ParishExtension]:
    """Every request and every extension of a council, the newest first."""
    query = select(ParishExtension).where(
        ParishExtension.wave_id == wave.id, ParishExtension.parish_code == parish_code
    )
    return list(session.scalars(query.order_by(ParishExtension.id.desc())))


def open_requests(session: Session) -> list[tuple[Wave, int]]:
    """The waves in which councils wait for an answer about more time, each with how many do."""
    waiting = select(ParishExtension.wave_id, func.count()).where(ParishExtension.decided_on.is_(None))
    by_wave = dict(session.execute(waiting.group_by(ParishExtension.wave_id)).all())
    found = session.scalars(select(Wave).where(Wave.id.in_(by_wave)).order_by(Wave.title))
    return [(wave, by_wave[wave.id]) for wave in found]


def open_request(session: Session, wave: Wave, parish_code: str) -> ParishExtension | None:
    """The request that waits for an officer, if there is one."""
    return next((one for one in extensions(session, wave, parish_code) if one.decided_on is None), None)


def ask(
    session: Session, wave: Wave, parish_code: str, *, until: date | None, reason: str, user_id: int, today: date
) -> ParishExtension:
    """Ask for more time, because no meeting of the council falls in the window. The caller commits.

    Raises WindowError when the date or the reason will not do, or a request already waits.
    """
    if open_request(session, wave, parish_code) is not None:
        raise WindowError("until", "A request for more time is already waiting for an answer.")
    until = _checked(window_of(session, wave, parish_code), until, today)
    request = ParishExtension(
        wave_id=wave.id,
        parish_code=parish_code,
        asked_on=today,
        asked_by=user_id,
        asked_until=until,
        asked_reason=_checked_reason(reason, "Say why the council needs more time, for example when it next meets."),
    )
    session.add(request)
    _record(session, "more time asked for", wave, parish_code, until)
    return request


def grant(
    session: Session, wave: Wave, parish_code: str, *, until: date | None, reason: str, user_id: int, today: date
) -> ParishExtension:
    """Give a council a later last day, which also opens a closed wave again for it; answers a waiting request.

    The council is shown the reason. The caller commits. Raises WindowError when the date or the reason will not do.
    """
    until = _checked(window_of(session, wave, parish_code), until, today)
    decided = open_request(session, wave, parish_code) or ParishExtension(wave_id=wave.id, parish_code=parish_code)
    decided.until = until
    _decide(session, decided, reason, user_id, today)
    _record(session, "more time given", wave, parish_code, until)
    return decided


def refuse(session: Session, wave: Wave, parish_code: str, *, reason: str, user_id: int, today: date) -> None:
    """Turn a waiting request down, with a reason that the council is shown. The caller commits."""
    request = open_request(session, wave, parish_code)
    if request is None:
        raise ParishError("No request for more time is waiting.")
    _decide(session, request, reason, user_id, today)
    _record(session, "more time refused", wave, parish_code, None)


def _decide(session: Session, extension: ParishExtension, reason: str, user_id: int, today: date) -> None:
    extension.decision_reason = _checked_reason(reason, "Enter a reason. The council is shown it.")
    extension.decided_on, extension.decided_by = today, user_id
    session.add(extension)
    session.flush()


def _checked(window: Window, until: date | None, today: date) -> date:
    earliest = max(window.last_day, today - timedelta(days=1))
    if window.wave.ended:
        earliest = today - timedelta(days=1)
    if until is None or until <= earliest:
        raise WindowError("until", f"Enter a last day after {earliest:%-d %B %Y}.")
    if until > max(window.wave.closes_on, today) + LONGEST:
        raise WindowError("until", "That last day is more than half a year away. Check the year.")
    return until


def _checked_reason(reason: str, missing: str) -> str:
    text = " ".join(reason.split())
    if not text:
        raise WindowError("reason", missing)
    if len(text) > REASON_LENGTH:
        raise WindowError("reason", f"Use {REASON_LENGTH} characters or fewer for the reason; this has {len(text)}.")
    return text


def _record(session: Session, action: str, wave: Wave, parish_code: str, until: date | None) -> None:
    detail = {"until": until.isoformat()} if until else {}
    session.flush()
    audit.record(session, action, subject=f"{wave.key} {parish_code}", detail=detail)
