"""Which parishes a person may act for. Every reading and writing of a parish's answers asks here first."""

from collections import defaultdict
from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from csp_consult.parishes.models import ClerkParish
from csp_consult.people import audit
from csp_consult.people.models import User
from csp_consult.places.models import Area


class ParishError(ValueError):
    """Something cannot be done for a parish as asked; the message says why and what to do."""


def parishes_of(session: Session, user_id: int) -> Sequence[Area]:
    """The parishes the account may act for, by name."""
    query = (
        select(Area)
        .join(ClerkParish, ClerkParish.parish_code == Area.code)
        .where(ClerkParish.user_id == user_id)
        .order_by(Area.name)
    )
    return session.scalars(query).all()


def parish_of(session: Session, user_id: int, parish_code: str) -> Area | None:
    """The parish of that code if the account may act for it."""
    query = (
        select(Area)
        .join(ClerkParish, ClerkParish.parish_code == Area.code)
        .where(ClerkParish.user_id == user_id, Area.code == parish_code)
    )
    return session.scalar(query)


def clerks_of(session: Session, parish_codes: Collection[str] | None = None) -> dict[str, list[User]]:
    """The open accounts that act for each parish, by name; none for a parish whose post is vacant."""
    found: dict[str, list[User]] = defaultdict(list)
    query = select(ClerkParish.parish_code, User).join(User, User.id == ClerkParish.user_id).where(User.active)
    if parish_codes is not None:
        query = query.where(ClerkParish.parish_code.in_(parish_codes))
    for code, user in session.execute(query.order_by(User.name)):
        found[code].append(user)
    return found


def link_clerk(session: Session, user_id: int, parish_code: str) -> Area:
    """Let the account act for a parish; once is enough. Raises ParishError when there is no such parish."""
    area = session.get(Area, parish_code)
    if area is None or area.kind != "parish":
        raise ParishError(
            f"There is no parish with the code {parish_code!r}. `csp-consult place list` shows the codes."
        )
    if session.get(ClerkParish, (user_id, parish_code)) is None:
        session.add(ClerkParish(user_id=user_id, parish_code=parish_code))
        session.flush()
        audit.record(
            session, "parish given", subject=f"{parish_code} {area.name}", detail={"to": _email(session, user_id)}
        )
    return area


def hand_over(session: Session, parish_code: str, *, old: User, new: User) -> Area:
    """Let another clerk act for a parish in place of the one who did; what was drafted and submitted stays.

    The old clerk's access ends with this transaction: every request asks whose parish it is. The caller commits.
    Raises ParishError when it was not the old clerk's, or the new account cannot be a clerk's.
    """
    link = session.get(ClerkParish, (old.id, parish_code))
    if link is None:
        raise ParishError(f"{old.email} does not act for the parish {parish_code}, so cannot hand it over.")
    if old.id == new.id:
        raise ParishError("Give the address of somebody else: that is the account that acts for the parish now.")
    if not new.active or not new.may("clerk"):
        raise ParishError(f"{new.email} is not an open account of a clerk, so cannot act for a parish.")
    session.delete(link)
    area = link_clerk(session, new.id, parish_code)
    detail = {"from": old.email, "to": new.email}
    audit.record(session, "parish handed over", subject=f"{parish_code} {area.name}", detail=detail)
    return area


def end_access(session: Session, parish_code: str, user: User) -> Area:
    """Take a parish from a clerk who left without a successor; drafts and history wait for the next one.

    The caller commits. Raises ParishError when it was not that clerk's.
    """
    link = session.get(ClerkParish, (user.id, parish_code))
    if link is None:
        raise ParishError(f"{user.email} does not act for the parish {parish_code}.")
    session.delete(link)
    area = session.get_one(Area, parish_code)
    audit.record(session, "parish taken", subject=f"{parish_code} {area.name}", detail={"from": user.email})
    return area


def _email(session: Session, user_id: int) -> str:
    return session.get_one(User, user_id).email
