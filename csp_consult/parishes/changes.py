"""Parishes that come, end, merge, are divided or get another name: each from a day on, and in the audit trail.

What was answered stays under the code it was answered for, so a wave that closed before the day is as it was.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from csp_consult.parishes.access import ParishError, link_clerk
from csp_consult.parishes.bodies import asked_on, set_body
from csp_consult.parishes.models import ClerkParish
from csp_consult.people import audit
from csp_consult.places.lookup import areas, wards_of_parish
from csp_consult.places.models import Area, AreaLink, Electorate, FormerName
from csp_consult.places.populations import electorates

SUCCEEDED = "succeeded by"
"""The method of the link from a parish that is no more to the one that it became part of."""
SET_HERE = "Set by an officer"
NAME_LENGTH = 120
MOST_ELECTORS = 10_000_000
_CODE = re.compile(r"[A-Z0-9][A-Z0-9-]{1,11}")


class ChangeError(ParishError):
    """Something cannot be changed as asked; ``field_id`` is the field of the form that it is about."""

    def __init__(self, field_id: str, message: str) -> None:
        super().__init__(message)
        self.field_id = field_id


@dataclass(frozen=True)
class NewParish:
    """A parish to be made. Where it takes the place of others, wards and electors may be left to come from them."""

    code: str
    name: str
    since: date
    instead_of: tuple[str, ...] = ()
    """Codes of the parishes that end on that day and become it, or a part of it."""
    wards: tuple[str, ...] = ()
    """Codes of the wards over which it extends."""
    electors: int | None = None


def create(session: Session, asked: NewParish) -> Area:
    """Make a parish from a day on, in place of others if it says so. The caller commits. Raises ChangeError."""
    name, code = _name(asked.name), asked.code.strip().upper()
    if not _CODE.fullmatch(code):
        raise ChangeError("code", "Enter a code of 2 to 12 letters and digits, such as E04005432.")
    if session.get(Area, code) is not None:
        raise ChangeError("code", f"There is already an area with the code {code}. A new parish needs a new code.")
    if any(area.name.lower() == name.lower() for area in areas(session, "parish", asked.since)):
        raise ChangeError("name", f"There is a parish called {name} on that day already. Give this one another name.")
    if asked.electors is not None and not 0 < asked.electors <= MOST_ELECTORS:
        raise ChangeError("electors", "Enter the number of electors as a whole number, or leave it empty.")
    olds = [_ending(session, old, asked.since) for old in dict.fromkeys(asked.instead_of)]
    new = Area(code=code, kind="parish", name=name, valid_from=asked.since, source=SET_HERE)
    session.add(new)
    session.flush()
    _place(session, new, olds, asked)
    _count(session, new, olds, asked)
    audit.record(session, "parish created", subject=f"{code} {name}", detail={"since": asked.since.isoformat()})
    if olds:
        succeed(session, olds, new, asked.since)
    return new


def rename(session: Session, parish: Area, name: str, since: date, today: date) -> None:
    """Give a parish another name; it keeps its code, and the old name is kept with the day. The caller commits.

    Raises ChangeError.
    """
    name, before = _name(name), parish.name
    if name == before:
        raise ChangeError("name", f"The parish is called {name} already. Enter the new name.")
    if since > today:
        raise ChangeError("renamed", "Enter today or a day in the past. A name is changed here once it holds.")
    if session.get(FormerName, (parish.code, since)) is not None:
        raise ChangeError("renamed", "The parish was renamed on that day already. Enter another day.")
    latest = next(iter(former_names(session, parish.code)), None)
    if latest is not None and since < latest.until:
        raise ChangeError(
            "renamed",
            f"The parish has been called {before} since {latest.until:%-d %B %Y}. Enter a day after that one.",
        )
    if any(area.name.lower() == name.lower() for area in areas(session, "parish", today) if area is not parish):
        raise ChangeError("name", f"There is another parish called {name}. Enter another name.")
    session.add(FormerName(area_code=parish.code, until=since, name=before))
    parish.name = name
    audit.record(
        session, "parish renamed", subject=f"{parish.code} {name}", detail={"from": before, "since": since.isoformat()}
    )
    session.flush()


def succeed(session: Session, olds: Collection[Area], new: Area, on: date) -> None:
    """Let a parish take the place of others from a day on: merged from several, or a part of one.

    The clerks of the old parishes act for the new one too, and parishes that answered with an old one answer with the
    new. What the old ones answered stays under their codes and counts for waves that close before. The caller commits.
    Raises ChangeError for a day before an old parish began.
    """
    asked, ending = asked_on(session, on), {old.code for old in olds}
    members = [one for one in asked.parishes if one.code not in ending and asked.answers_with.get(one.code) in ending]
    for old in olds:
        if old.code == new.code or (old.valid_from and on <= old.valid_from):
            raise ChangeError("since", f"{old.name} ({old.code}) cannot end on {on:%-d %B %Y} and become {new.name}.")
        old.valid_to = on
        session.merge(AreaLink(inner_code=old.code, outer_code=new.code, method=SUCCEEDED, source=SET_HERE))
        for user_id in session.scalars(select(ClerkParish.user_id).where(ClerkParish.parish_code == old.code)).all():
            link_clerk(session, user_id, new.code)
        audit.record(
            session, "parish succeeded", subject=f"{old.code} {old.name}", detail={"by": new.code, "on": str(on)}
        )
    session.flush()
    for member in members:
        set_body(session, member, "grouped", new.code, since=on)


def predecessors(session: Session, parish_code: str) -> list[str]:
    """Codes of the parishes that became part of this one, at whatever remove."""
    found: list[str] = []
    waiting = [parish_code]
    while waiting:
        query = select(AreaLink.inner_code).where(AreaLink.outer_code.in_(waiting), AreaLink.method == SUCCEEDED)
        waiting = [code for code in session.scalars(query) if code not in found]
        found.extend(waiting)
    return found


def successors(session: Session, parish_code: str) -> Sequence[Area]:
    """The parishes that an ended one became part of, by name."""
    query = select(Area).join(AreaLink, AreaLink.outer_code == Area.code)
    query = query.where(AreaLink.inner_code == parish_code, AreaLink.method == SUCCEEDED)
    return session.scalars(query.order_by(Area.name)).all()


def former_names(session: Session, parish_code: str) -> Sequence[FormerName]:
    """What a parish was called before, the newest first."""
    query = select(FormerName).where(FormerName.area_code == parish_code).order_by(FormerName.until.desc())
    return session.scalars(query).all()


def _name(text: str) -> str:
    name = " ".join(text.split())
    if not name:
        raise ChangeError("name", "Enter the name of the parish.")
    if len(name) > NAME_LENGTH:
        raise ChangeError("name", f"Use {NAME_LENGTH} characters or fewer; this has {len(name)}.")
    return name


def _ending(session: Session, code: str, since: date) -> Area:
    old = session.get(Area, code)
    # One that ends on the same day is being divided: it becomes this parish and another.
    if old is None or old.kind != "parish" or (old.valid_to is not None and old.valid_to != since):
        raise ChangeError("instead_of", "Choose parishes that exist until that day.")
    return old


def _place(session: Session, new: Area, olds: Sequence[Area], asked: NewParish) -> None:
    known = {ward.code for ward in areas(session, "ward", asked.since)}
    if not set(asked.wards) <= known:
        raise ChangeError("wards", "Choose wards that exist on that day.")
    wards = set(asked.wards) or {ward.code for old in olds for ward in wards_of_parish(session, old.code, asked.since)}
    if known and not wards:
        raise ChangeError("wards", "Choose the wards over which the parish extends.")
    for ward in sorted(wards):
        session.add(AreaLink(inner_code=new.code, outer_code=ward, method="official", source=SET_HERE))


def _count(session: Session, new: Area, olds: Sequence[Area], asked: NewParish) -> None:
    known = electorates(session, asked.since)
    parts = [known[old.code] for old in olds if old.code in known]
    if asked.electors is not None:
        figure = Electorate(electors=asked.electors, source=SET_HERE)
    elif len(parts) == len(olds) > 1:
        # Of one parish only a part may have come here, so its electors are not taken over.
        figure = Electorate(
            electors=sum(part.electors for part in parts),
            source=f"Sum of {', '.join(old.name for old in olds)}",
            synthetic=any(part.synthetic for part in parts),
        )
    else:
        return
    figure.area_code, figure.as_at = new.code, asked.since
    session.add(figure)
