"""Clerks and their parishes from a spreadsheet: every row is looked at before any is taken in."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from csp_consult.parishes.access import ParishError, link_clerk
from csp_consult.parishes.inviting import invite_with_parishes, parish_named
from csp_consult.parishes.models import ClerkParish
from csp_consult.people.accounts import AccountError
from csp_consult.people.models import User
from csp_consult.places.models import Area


@dataclass(frozen=True)
class Step:
    """What one clerk's rows come to."""

    email: str
    name: str
    parishes: tuple[Area, ...]
    """Those the clerk does not act for yet."""
    invited: bool
    """Whether there is no account yet."""

    @property
    def sentence(self) -> str:
        """In words, for a preview and a receipt."""
        names = ", ".join(parish.name for parish in self.parishes)
        if not self.parishes:
            return f"{self.email}: nothing to do"
        return f"{self.email}: {'invited, for' if self.invited else 'has an account, gets'} {names}"


@dataclass(frozen=True)
class ClerkList:
    """What a file comes to: nothing is taken in while a row has a fault."""

    steps: tuple[Step, ...]
    faults: tuple[str, ...]
    rows: int


def look(session: Session, rows: Iterable[dict[str, str]], today: date) -> ClerkList:
    """What the rows would do: headings ``parish``, ``email`` and, if wanted, ``name``. Changes nothing."""
    wanted: dict[str, tuple[str, str, list[Area]]] = {}
    faults: list[str] = []
    number = 1
    for number, row in enumerate(rows, start=2):
        cells = {key.strip().lower(): value.strip() for key, value in row.items() if key}
        email, name, parish = (cells.get(key, "") for key in ("email", "name", "parish"))
        try:
            area = parish_named(session, parish, today)
            if "@" not in email:
                raise ParishError(f"{email!r} is not an email address.")
        except ParishError as error:
            faults.append(f"Row {number}: {error}")
            continue
        _, _, areas = wanted.setdefault(email.lower(), (email, name, []))
        if area not in areas:
            areas.append(area)
    if number == 1:
        faults.append("The file has no rows. It needs columns headed parish and email, and may have one headed name.")
    steps = []
    for email, name, areas in wanted.values():
        user = session.scalar(select(User).where(func.lower(User.email) == email.lower()))
        if user is not None and not (user.active and user.may("clerk")):
            faults.append(f"{email} has an account that is closed or no clerk’s.")
            continue
        has = _codes(session, user)
        steps.append(Step(email, name, tuple(area for area in areas if area.code not in has), invited=user is None))
    return ClerkList(tuple(steps), tuple(faults), number - 1)


def take_in(session: Session, found: ClerkList, *, inviter: str, today: date) -> None:
    """Invite those without an account and give every clerk their parishes. The caller commits.

    Raises ParishError when a row has a fault, AccountError when an address turns out to be none.
    """
    if found.faults:
        raise ParishError("Nothing was taken in: correct these rows first.")
    for step in found.steps:
        if step.invited:
            invite_with_parishes(
                session,
                step.email,
                role="clerk",
                name=step.name or None,
                parishes=step.parishes,
                inviter=inviter,
                today=today,
            )
            continue
        user = session.scalar(select(User).where(func.lower(User.email) == step.email.lower()))
        if user is None:
            raise AccountError(f"The account of {step.email} is gone. Look at the file again.")
        for parish in step.parishes:
            link_clerk(session, user.id, parish.code)


def _codes(session: Session, user: User | None) -> set[str]:
    if user is None:
        return set()
    return set(session.scalars(select(ClerkParish.parish_code).where(ClerkParish.user_id == user.id)))
