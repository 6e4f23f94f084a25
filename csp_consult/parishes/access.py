"""Which parishes a person may act for. Every reading and writing of a parish's answers asks here first."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from csp_consult.parishes.models import ClerkParish
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
    return area
