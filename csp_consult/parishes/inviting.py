"""Inviting clerks with their parishes: the account, the parishes it acts for and the mail, all or nothing."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from csp_consult.parishes.access import ParishError, link_clerk, parishes_of
from csp_consult.people.invitations import invite, mail_invitation
from csp_consult.people.models import User
from csp_consult.places.models import Area, FormerName


def invite_with_parishes(
    session: Session, email: str, *, role: str, name: str | None, parishes: Sequence[Area], inviter: str, today: date
) -> User:
    """Invite somebody, for parishes if a clerk. The caller commits. Raises AccountError and ParishError."""
    if parishes and role != "clerk":
        raise ParishError("Only a clerk acts for parishes. Leave the parishes out, or choose the role clerk.")
    user = invite(session, email, role=role, name=name)
    for parish in parishes:
        link_clerk(session, user.id, parish.code)
    mail_invitation(session, user, inviter=inviter, parishes=[parish.name for parish in parishes], today=today)
    return user


def invite_again(session: Session, user: User, *, inviter: str, today: date) -> None:
    """Mail the invitation once more; the earlier link stops working. The caller commits. Raises AccountError."""
    names = [parish.name for parish in parishes_of(session, user.id)]
    mail_invitation(session, user, inviter=inviter, parishes=names, today=today)


def parish_named(session: Session, text: str, today: date) -> Area:
    """The parish of today that a text names, by its present name or an earlier one, or gives the code of.

    Raises ParishError, saying what to do.
    """
    wanted = " ".join(text.split())
    renamed = select(FormerName.area_code).where(func.lower(FormerName.name) == wanted.lower())
    found = session.scalars(
        select(Area).where(
            Area.kind == "parish",
            (func.lower(Area.name) == wanted.lower()) | (Area.code == wanted.upper()) | Area.code.in_(renamed),
            (Area.valid_to.is_(None)) | (Area.valid_to > today),
        )
    ).all()
    if len(found) > 1:
        codes = ", ".join(area.code for area in found)
        raise ParishError(f"More than one parish is called {wanted!r}. Give its code: {codes}.")
    if not found:
        raise ParishError(f"There is no parish {wanted!r} here. Write the name as on the list of places, or its code.")
    return found[0]
