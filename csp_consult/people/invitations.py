"""Inviting people: an account without a password, and a mail with the link by which its owner chooses one."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from csp_consult.mail.letters import write
from csp_consult.mail.outbox import queue
from csp_consult.people import audit
from csp_consult.people.accounts import AccountError, new_account
from csp_consult.people.links import INVITATION_DAYS, make_link
from csp_consult.people.models import User

MAY_INVITE = {
    "administrator": ("clerk", "officer", "administrator"),
    "officer": ("clerk", "officer"),
}
"""Role of who invites: the roles they may give."""


def may_give(inviter: User) -> tuple[str, ...]:
    """The roles that somebody may give to those they invite."""
    return MAY_INVITE["administrator" if inviter.may("administrator") else "officer"]


def invite(session: Session, email: str, *, role: str, name: str | None = None) -> User:
    """Make an account that waits for its owner to choose a password; nothing is mailed yet. The caller commits.

    Raises AccountError when the address is not one or is taken, or the role is unknown.
    """
    user = new_account(session, email, role=role, name=name)
    session.add(user)
    session.flush()
    audit.record(session, "account invited", subject=user.email, detail={"role": role})
    return user


def mail_invitation(session: Session, user: User, *, inviter: str, parishes: Sequence[str], today: date) -> None:
    """Mail the way in, for the first time or again; an earlier link stops working. The caller commits.

    Raises AccountError when the account is closed or has a password already.
    """
    if not user.active:
        raise AccountError(f"The account of {user.email} is closed.")
    if user.password is not None:
        raise AccountError(f"{user.email} has chosen a password already. The sign-in page offers a new one.")
    role = next((role.name for role in user.roles), "clerk")
    link = make_link(session, user, "invitation")
    words = write("invitation", inviter=inviter, role=role, parishes=list(parishes), link=link, days=INVITATION_DAYS)
    queue(session, to=user.email, subject=words.subject, body=words.body, kind="invitation", today=today)
    audit.record(session, "invitation mailed", subject=user.email)


def find_by_address(session: Session, email: str) -> User | None:
    """The open account of an address, if there is one."""
    return session.scalar(select(User).where(func.lower(User.email) == email.strip().lower(), User.active))
