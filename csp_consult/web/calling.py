"""Who calls too often: the counts of ``fieldwork.limits``, held to the caller of the request."""

from datetime import UTC, datetime
from ipaddress import ip_address

from flask import abort, current_app, request
from flask_security import current_user
from sqlalchemy.orm import Session

from csp_consult.db import writing
from csp_consult.fieldwork import limits
from csp_consult.settings import current_settings

UNSEEN = "csp_consult_callers_unseen"
BEHIND = (
    "A web server in front passes visitors on, and CSP_PROXIES is 0: all seem to call from this machine, and nobody is "
    "held to a limit. Set CSP_PROXIES to the number of web servers in front."
)


def within(limit: tuple[str, int], session: Session | None = None) -> bool:
    """Count one more call of this caller. A caller whose address we do not learn is not held to a limit."""
    address = request.remote_addr or ""
    if not address or ip_address(address).is_loopback:
        _say_that_callers_are_unseen()
        return True
    if session is not None:
        return limits.within(session, limit, address, datetime.now(UTC))
    with writing() as counting:
        return limits.within(counting, limit, address, datetime.now(UTC))


def _say_that_callers_are_unseen() -> None:
    """Tell whoever runs the site, once a process, that its limits hold nobody."""
    behind = "X-Forwarded-For" in request.headers and not current_settings().proxies
    if behind and UNSEEN not in current_app.extensions:
        current_app.extensions[UNSEEN] = True
        current_app.logger.error(BEHIND)


def hold_printing() -> None:
    """Refuse a passer-by who has had too many files made: one helper makes them for everybody."""
    if not current_user.is_authenticated and not within(limits.PRINTING):
        abort(429)
