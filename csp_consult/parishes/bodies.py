"""Who speaks for each parish: its own council, one council for several parishes, a meeting, or nobody."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from csp_consult.fieldwork.models import Wave
from csp_consult.parishes.access import ParishError
from csp_consult.parishes.models import BODY_KINDS, ParishBody
from csp_consult.people import audit
from csp_consult.places.lookup import areas
from csp_consult.places.models import Area
from csp_consult.words import listing

OWN_COUNCIL = "council"


@dataclass(frozen=True)
class Asked:
    """The parishes that a consultation asks, and who answers for them."""

    parishes: tuple[Area, ...]
    """Every parish with somebody to ask, by name."""
    answers_with: dict[str, str] = field(default_factory=dict)
    """For a parish under the council of another: that parish."""
    meetings: frozenset[str] = frozenset()
    """Parishes without a council, whose meeting of electors answers."""
    unasked: tuple[Area, ...] = ()
    """Parishes with nobody to ask."""

    @property
    def councils(self) -> tuple[Area, ...]:
        """The parishes under whose name an answer is kept: one for each council or meeting."""
        return tuple(parish for parish in self.parishes if parish.code not in self.answers_with)

    def spoken_for(self, code: str) -> tuple[Area, ...]:
        """The parishes that the council of a parish speaks for, its own first."""
        own = [parish for parish in self.parishes if parish.code == code]
        return (*own, *(parish for parish in self.parishes if self.answers_with.get(parish.code) == code))


def asked_on(session: Session, on: date) -> Asked:
    """Who is asked on a date. Two queries, however many parishes there are."""
    every = areas(session, "parish", on)
    bodies = _bodies(session, on)
    kinds = {parish.code: bodies[parish.code].kind if parish.code in bodies else OWN_COUNCIL for parish in every}
    return Asked(
        parishes=tuple(parish for parish in every if kinds[parish.code] != "none"),
        answers_with={
            parish.code: with_whom
            for parish in every
            if parish.code in bodies and (with_whom := bodies[parish.code].answers_with) in kinds
        },
        meetings=frozenset(code for code, kind in kinds.items() if kind == "meeting"),
        unasked=tuple(parish for parish in every if kinds[parish.code] == "none"),
    )


def body_of(session: Session, parish_code: str, on: date) -> tuple[str, str | None]:
    """What speaks for a parish on a date, one of BODY_KINDS, and the parish it answers with where it is grouped."""
    query = select(ParishBody).where(ParishBody.parish_code == parish_code, ParishBody.since <= on)
    body = session.scalar(query.order_by(ParishBody.since.desc()).limit(1))
    return (body.kind, body.answers_with) if body else (OWN_COUNCIL, None)


def bodies_of(session: Session, parish_code: str) -> Sequence[ParishBody]:
    """Everything that was said of who speaks for a parish, the newest day first."""
    query = select(ParishBody).where(ParishBody.parish_code == parish_code).order_by(ParishBody.since.desc())
    return session.scalars(query).all()


def refuse_unless_asked(session: Session, wave: Wave, parish_code: str) -> None:
    """Raise ParishError, saying who answers instead, unless the wave asks the parish under its own name."""
    parish = session.get_one(Area, parish_code)
    kind, answers_with = body_of(session, parish_code, wave.closes_on)
    if answers_with:
        raise ParishError(f"{parish.name} answers together with {session.get_one(Area, answers_with).name}.")
    ended = parish.valid_to is not None and parish.valid_to <= wave.closes_on
    if kind == "none" or ended or (parish.valid_from and parish.valid_from > wave.closes_on):
        raise ParishError(f"{wave.title} does not ask {parish.name}. Write to us if you think it should.")


def set_body(session: Session, parish: Area, kind: str, answers_with: str | None = None, *, since: date) -> None:
    """Say who speaks for a parish from a day on; what closed before keeps who spoke then. The caller commits.

    Raises ParishError where a grouped parish would answer with none, with itself, or with one that is grouped itself.
    """
    if kind not in BODY_KINDS:
        raise ParishError("Select who speaks for the parish.")
    answers_with = answers_with if kind == "grouped" else None
    asked = asked_on(session, since)
    members = [one.name for one in asked.parishes if asked.answers_with.get(one.code) == parish.code]
    if kind == "grouped" and (answers_with == parish.code or answers_with not in {one.code for one in asked.councils}):
        raise ParishError("Choose the other parish under whose council this parish answers: one that is not grouped.")
    if kind != OWN_COUNCIL and members:
        raise ParishError(f"{listing(members)} answers with {parish.name}, which therefore needs a council of its own.")
    session.merge(ParishBody(parish_code=parish.code, since=since, kind=kind, answers_with=answers_with))
    detail: dict[str, str | int | bool | None] = {"body": kind, "with": answers_with, "since": since.isoformat()}
    audit.record(session, "parish body changed", subject=f"{parish.code} {parish.name}", detail=detail)
    session.flush()


def _bodies(session: Session, on: date) -> dict[str, ParishBody]:
    # Ordered by day, so that the last one put under a parish is the newest.
    query = select(ParishBody).where(ParishBody.since <= on).order_by(ParishBody.since)
    return {body.parish_code: body for body in session.scalars(query)}
