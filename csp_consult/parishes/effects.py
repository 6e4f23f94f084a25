"""What a change of parishes does to the consultations: found by making it, looking, and taking it back."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from csp_consult.fieldwork import waves
from csp_consult.fieldwork.models import Wave
from csp_consult.fieldwork.waves import WaveState, state
from csp_consult.parishes.bodies import asked_on
from csp_consult.parishes.changes import ChangeError
from csp_consult.parishes.models import ParishDraft, ParishResponse
from csp_consult.places.models import Area
from csp_consult.words import listing


@dataclass(frozen=True)
class Effect:
    """What changes in one consultation. Every field but the first two holds names of parishes."""

    wave: Wave
    closed: bool
    no_longer_asked: tuple[str, ...]
    """Councils it no longer asks under their own name."""
    now_asked: tuple[str, ...]
    speak_for_others: tuple[str, ...]
    """Councils that speak for more or fewer parishes than before."""
    no_longer_counted: tuple[str, ...]
    """Councils whose answer is there and stays readable, but no longer counts."""
    drafts_left: tuple[str, ...]
    """Councils whose draft stays, but can no longer be sent."""
    answers_kept: tuple[str, ...]
    """Parishes of the change that have answered and count as before."""

    @property
    def changes(self) -> bool:
        """Whether anything is another than before."""
        return bool(self.no_longer_asked or self.now_asked or self.speak_for_others)


Councils = Mapping[int, Mapping[str, frozenset[str]]]
"""By wave: the councils it asks, by the parish under whose name they answer, and the parishes each speaks for."""


def councils_of_waves(session: Session) -> Councils:
    """Whom each consultation asks, as things stand in this session."""
    found = {}
    for wave in waves.listed(session, audience="parishes"):
        asked = asked_on(session, wave.closes_on)
        found[wave.id] = {
            council.code: frozenset(one.code for one in asked.spoken_for(council.code)) for council in asked.councils
        }
    return found


def effects(session: Session, before: Councils, concerned: Collection[str], today: date) -> list[Effect]:
    """What has changed since ``before`` in every consultation; ``concerned`` are the codes of the parishes changed."""
    after = councils_of_waves(session)
    names = dict(session.execute(select(Area.code, Area.name).where(Area.kind == "parish")).all())
    answered, drafted = _under(session, ParishResponse), _under(session, ParishDraft)

    def named(codes: Collection[str]) -> tuple[str, ...]:
        return tuple(sorted(names[code] for code in codes))

    found = []
    for wave in waves.listed(session, audience="parishes"):
        was, now = before[wave.id], after[wave.id]
        gone = was.keys() - now.keys()
        found.append(
            Effect(
                wave=wave,
                closed=state(wave, today) is WaveState.CLOSED,
                no_longer_asked=named(gone),
                now_asked=named(now.keys() - was.keys()),
                speak_for_others=named({code for code in was.keys() & now.keys() if was[code] != now[code]}),
                no_longer_counted=named(gone & answered.get(wave.id, set())),
                drafts_left=named(gone & drafted.get(wave.id, set())),
                answers_kept=named(set(concerned) & now.keys() & answered.get(wave.id, set())),
            )
        )
    return found


def refuse_to_undo(found: Iterable[Effect], field_id: str) -> None:
    """Raise ChangeError where an answer would no longer count in a consultation that has closed: its results stand."""
    for effect in found:
        if effect.closed and effect.no_longer_counted:
            raise ChangeError(
                field_id,
                f"{effect.wave.title} has closed with the answer of {listing(effect.no_longer_counted)}. "
                f"Choose a day after {effect.wave.closes_on:%-d %B %Y}, so that its results stay as they are.",
            )


def _under(session: Session, table: type[ParishResponse | ParishDraft]) -> dict[int, set[str]]:
    found: dict[int, set[str]] = {}
    for wave_id, code in session.execute(select(table.wave_id, table.parish_code)):
        found.setdefault(wave_id, set()).add(code)
    return found
