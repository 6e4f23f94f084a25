"""The second step of signing in: codes of an authenticator app, each taken once, and recovery codes."""

import time
from typing import Any

from flask import current_app
from flask_security.core import Security, UserMixin
from flask_security.totp import Totp
from passlib.totp import TOTP, TotpMatch

from csp_consult.people.models import User

HALF_MINUTE = 30
RECOVERY_CODES = 8


class OnceOnlyTotp(Totp):
    """Codes that are refused when they, or later ones, were taken before: a code read over a shoulder is worthless."""

    def get_last_counter(self, user: UserMixin) -> int | None:
        """The half minute of the last code taken."""
        return user.tf_last_counter if isinstance(user, User) else None

    def set_last_counter(self, user: UserMixin, tmatch: TotpMatch) -> None:
        """Remember which code was taken."""
        if isinstance(user, User):
            user.tf_last_counter = tmatch.counter


def set_up_codes(user: User, secret: str) -> None:
    """Have the account sign in with codes made from a secret (base 32); the caller commits."""
    user.tf_primary_method = "authenticator"
    user.tf_totp_secret = _factory()(key=secret, format="base32").to_json(encrypt=True)
    user.tf_last_counter = None


def unused_code(user: User) -> str | None:
    """The code that signs the account in now; None when those of this minute were used, or none is set up."""
    if user.tf_totp_secret is None:
        return None
    totp, now = _factory().from_source(user.tf_totp_secret), int(time.time())
    for moment in (now, now + HALF_MINUTE):
        if moment // HALF_MINUTE > (user.tf_last_counter or 0):
            return str(totp.generate(time=moment).token)
    return None


def new_recovery_codes(user: User) -> list[str]:
    """Fresh recovery codes, to be shown once; the old ones no longer work. The caller commits."""
    # Not by Flask-Security's own function, which would take the account into another session than the caller's.
    codes = list(_security().totp_factory.generate_recovery_codes(RECOVERY_CODES))
    user.mf_recovery_codes = _security().mf_recovery_codes_util._encrypt_codes(codes)
    return codes


def forget_codes(user: User) -> None:
    """Take the codes away: the account sets up new ones at its next sign-in where its role needs them."""
    user.tf_primary_method = user.tf_totp_secret = user.tf_last_counter = user.mf_recovery_codes = None


def _security() -> Security:
    security: Security = current_app.extensions["security"]
    return security


def _factory() -> type[TOTP]:
    factory: Any = _security().totp_factory
    made: type[TOTP] = factory._totp
    return made
