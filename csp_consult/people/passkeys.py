"""Passkeys: a key held by a phone, computer or security stick, unlocked by its owner, in place of password and code.

The device is always asked to make sure that it is its owner (by finger, face or PIN): having it and being able to
unlock it are the two factors. Flask-Security holds the ceremony; the forms here narrow it down to that one way.
"""

from typing import Any

from flask import flash
from flask_security.core import UserMixin
from flask_security.webauthn import WebAuthnDeleteForm, WebAuthnRegisterForm, WebAuthnSigninResponseForm
from flask_security.webauthn_util import WebauthnUtil
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)
from wtforms import RadioField, StringField
from wtforms.validators import DataRequired, Length

NAME_LENGTH = 64
REFUSED = "That passkey was not accepted. Try again, or sign in with your password."


class OwnerMustUnlock(WebauthnUtil):
    """What is asked of a device: to keep the key itself, and to make sure of its owner each time."""

    def authenticator_selection(self, _user: UserMixin, _usage: str) -> AuthenticatorSelectionCriteria:
        """What kind of key is made."""
        return AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
        )

    def user_verification(self, _user: UserMixin | None, _usage: list[str]) -> UserVerificationRequirement:
        """What is asked when signing in."""
        return UserVerificationRequirement.REQUIRED


class PasskeyForm(WebAuthnRegisterForm):
    """The name of a new passkey."""

    name = StringField(
        "Name",
        validators=[
            DataRequired("Enter a name for the passkey, for example Office laptop"),
            Length(max=NAME_LENGTH, message=f"Use {NAME_LENGTH} characters or fewer"),
        ],
    )
    usage = RadioField("Use", choices=[], validate_choice=False)

    def validate(self, **kwargs: Any) -> bool:
        """Whether the name will do."""
        self.usage.data = "first"  # in Flask-Security's words: in place of password and code
        return bool(super().validate(**kwargs))

    @property
    def summary(self) -> list[dict[str, str]]:
        """The faults for the error summary."""
        return [{"field_id": "name", "message": str(message)} for message in self.name.errors]


class PasskeySignInForm(WebAuthnSigninResponseForm):
    """What the device answered."""

    def validate(self, **kwargs: Any) -> bool:
        """Whether it is a passkey of an open account, unlocked by its owner."""
        holds = bool(super().validate(**kwargs))
        # Flask-Security notes that an account is closed, and lets it in all the same.
        if holds and self.mf_check and self.user is not None and self.user.is_active:
            return True
        flash(REFUSED, "important")
        return False


class PasskeyRemovalForm(WebAuthnDeleteForm):
    """The name of a passkey to forget."""

    name = StringField("Name", validators=[DataRequired("Choose a passkey")])
