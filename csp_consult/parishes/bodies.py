"""Who speaks for each parish: its own council, one council for several parishes, a meeting, or nobody."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from csp_consult.fieldwork.models import Wave
from csp_consult.parishes.access import ParishError, link_clerk
from csp_consult.parishes.models import ClerkParish, ParishBody
from csp_consult.people import audit
from csp_consult.places.lookup import areas
from csp_consult.places.models import Area, AreaLink

SUCCEEDED = "succeeded by"
"""The method of the link from a parish that is no more to the one that it became part of."""
_OWN_COUNCIL = "council"


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
    bodies = {body.parish_code: body for body in session.scalars(select(ParishBody))}
    kinds = {parish.code: bodies[parish.code].kind if parish.code in bodies else _OWN_COUNCIL for parish in every}
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


def body_of(session: Session, parish_code: str) -> tuple[str, str | None]:
    """What speaks for a parish, one of BODY_KINDS, and the parish it answers with where it is grouped."""
    body = session.get(ParishBody, parish_code)
    return (body.kind, body.answers_with) if body else (_OWN_COUNCIL, None)


def refuse_unless_asked(session: Session, wave: Wave, parish_code: str) -> None:
    """Raise ParishError, saying who answers instead, unless the wave asks the parish under its own name."""
    parish = session.get_one(Area, parish_code)
    kind, answers_with = body_of(session, parish_code)
    if answers_with:
        raise ParishError(f"{parish.name} answers together with {session.get_one(Area, answers_with).name}.")
    ended = parish.valid_to is not None and parish.valid_to <= wave.closes_on
    if kind == "none" or ended or (parish.valid_from and parish.valid_from > wave.closes_on):
        raise ParishError(f"{wave.title} does not ask {parish.name}. Write to us if you think it should.")


def set_body(session: Session, parish: Area, kind: str, answers_with: str | None = None) -> None:
    """Say who speaks for a parish; the caller commits.

    Raises ParishError where a grouped parish would answer with none, with itself, or with one that is grouped itself.
    """
    answers_with = answers_with if kind == "grouped" else None
    if kind == "grouped":
        _check_group(session, parish, answers_with)
    elif kind != _OWN_COUNCIL and (members := _members(session, parish.code)):
        raise ParishError(f"{_names(members)} answers with {parish.name}, so {parish.name} needs a council of its own.")
    body = session.get(ParishBody, parish.code) or ParishBody(parish_code=parish.code)
    body.kind, body.answers_with = kind, answers_with
    session.add(body)
    detail: dict[str, str | int | bool | None] = {"body": kind, "with": answers_with}
    audit.record(session, "parish body changed", subject=f"{parish.code} {parish.name}", detail=detail)
    session.flush()


def succeed(session: Session, olds: Collection[Area], new: Area, on: date) -> None:
    """Let a parish take the place of others from a day on: created out of one, or merged from several.

    The clerks of the old parishes act for the new one too; what the old ones answered stays under their codes and
    counts for their waves. The caller commits. Raises ParishError for a day before an old parish began.
    """
    for old in olds:
        if old.code == new.code or (old.valid_from and on <= old.valid_from):
            raise ParishError(f"{old.name} ({old.code}) cannot end on {on:%-d %B %Y} and become {new.name}.")
        old.valid_to = on
        session.merge(AreaLink(inner_code=old.code, outer_code=new.code, method=SUCCEEDED, source="Set by an officer"))
        for user_id in session.scalars(select(ClerkParish.user_id).where(ClerkParish.parish_code == old.code)).all():
            link_clerk(session, user_id, new.code)
        audit.record(
            session, "parish succeeded", subject=f"{old.code} {old.name}", detail={"by": new.code, "on": str(on)}
        )
    new.valid_from = new.valid_from or on
    session.flush()


def predecessors(session: Session, parish_code: str) -> list[str]:
    """Codes of the parishes that became part of this one, at whatever remove."""
    found: list[str] = []
    waiting = [parish_code]
    while waiting:
        query = select(AreaLink.inner_code).where(AreaLink.outer_code.in_(waiting), AreaLink.method == SUCCEEDED)
        waiting = [code for code in session.scalars(query) if code not in found]
        found.extend(waiting)
    return found


def _check_group(session: Session, parish: Area, answers_with: str | None) -> None:
    other = session.get(Area, answers_with) if answers_with else None
    if other is None or other.kind != "parish" or other.code == parish.code:
        raise ParishError("Choose the other parish under whose council this parish answers.")
    chained = session.scalar(
        select(ParishBody).where(
            ParishBody.kind == "grouped",
            or_(ParishBody.parish_code == other.code, ParishBody.answers_with == parish.code),
        )
    )
    if chained is not None:
        raise ParishError(
            "One of the two already answers with another parish. All parishes of a group must answer with the same one."
        )


def _members(session: Session, code: str) -> list[str]:
    query = select(Area.name).join(ParishBody, ParishBody.parish_code == Area.code)
    return list(session.scalars(query.where(ParishBody.answers_with == code).order_by(Area.name)))


def _names(names: list[str]) -> str:
    return " and ".join(names)
