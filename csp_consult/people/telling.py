"""Changes of the second step and of passkeys: each is in the trail, and its owner is told by mail."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from sqlalchemy.orm import Session

from csp_consult.mail.letters import write
from csp_consult.mail.outbox import queue
from csp_consult.people import audit
from csp_consult.people.models import User

CHANGES: Final[Mapping[str, str]] = {
    "codes set up": "codes of an app were set up, and it asks for one whenever you sign in",
    "codes given up": "codes of an app were given up, and it asks for none any more",
    "codes taken away": "codes, recovery codes and passkeys were taken away, so that you can set up new ones",
    "recovery codes made": "new recovery codes were made, and the old ones no longer work",
    "passkey made": "a passkey was made, which signs in without a password",
    "passkey removed": "a passkey was removed",
}
"""What the owner reads of each entry of the trail."""


def factor_changed(session: Session, user: User, change: str, *, today: date) -> None:
    """Record a change, a key of CHANGES, and tell whose account it is. The caller commits."""
    audit.record(session, change, subject=user.email)
    words = write("sign-in changed", change=CHANGES[change])
    queue(session, to=user.email, subject=words.subject, body=words.body, kind="sign-in changed", today=today)
