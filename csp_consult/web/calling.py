"""Who calls too often: the counts of ``fieldwork.limits``, held to the caller of the request."""

from datetime import UTC, datetime
from ipaddress import ip_address

from flask import abort, request
from flask_security import current_user
from sqlalchemy.orm import Session

from csp_consult.db import writing
from csp_consult.fieldwork import limits


def within(limit: tuple[str, int], session: Session | None = None) -> bool:
    """Count one more call of this caller. A caller whose address we do not learn is not held to a limit."""
    address = request.remote_addr or ""
    if not address or ip_address(address).is_loopback:
        return True
    if session is not None:
        return limits.within(session, limit, address, datetime.now(UTC))
    with writing() as counting:
        return limits.within(counting, limit, address, datetime.now(UTC))


def hold_printing() -> None:
    """Refuse a passer-by who has had too many files made: one helper makes them for everybody."""
    if not current_user.is_authenticated and not within(limits.PRINTING):
        abort(429)
