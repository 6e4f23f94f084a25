"""The forms on the way in: password, code, recovery code, and the password once more."""

from collections.abc import Iterable
from typing import Any

from flask_security.core import UserMixin
from flask_security.forms import (
    LoginForm,
    TwoFactorRescueForm,
    TwoFactorSetupForm,
    TwoFactorVerifyCodeForm,
    VerifyForm,
)
from flask_security.recovery_codes import MfRecoveryForm
from flask_security.utils import validate_redirect_url
from wtforms import EmailField, Field, PasswordField, RadioField, StringField
from wtforms.validators import DataRequired

from csp_consult.db import db
from csp_consult.people import audit, throttle

NOT_RIGHT = "The email address or the password is not right. Check both and try again"
CODE_NOT_RIGHT = "That code is not right, or was used before. Enter the code the app shows now"
RECOVERY_CODE_NOT_RIGHT = "That recovery code is not right, or was used before"


def _trimmed(text: str | None) -> str | None:
    return text and text.strip()


def _without_spaces(text: str | None) -> str | None:
    return text and "".join(text.split())


def _summary(fields: Iterable[Field]) -> list[dict[str, str]]:
    return [{"field_id": field.id, "message": str(message)} for field in fields for message in field.errors]


class SignInForm(LoginForm):
    """An email address and a password; a refusal never tells which of the two was wrong."""

    email = EmailField("Email address", filters=[_trimmed], validators=[DataRequired("Enter your email address")])
    password = PasswordField("Password", validators=[DataRequired("Enter your password")])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # A computer of a parish office has many users: nobody stays signed in once the browser is closed.
        del self.remember
        # An address on another site is forgotten; as a fault of the form nobody could see or mend it.
        if not validate_redirect_url(self.next.data or ""):
            self.next.data = ""

    def validate(self, **kwargs: Any) -> bool:
        """Whether somebody may sign in with what was typed."""
        email = (self.password.data and self.email.data) or ""
        if email and not throttle.may_try_password(db.session(), email):
            self.email.errors = [throttle.TOO_MANY]
            return False
        if super().validate(**kwargs):
            return True
        if email and not self.user_authenticated and not self.csrf_token.errors:
            _note_failure(email, "password", self.user)
            self.email.errors = [NOT_RIGHT]
            self.password.errors = []
        return False

    @property
    def summary(self) -> list[dict[str, str]]:
        """The faults for the error summary, in the order of the fields."""
        return _summary((self.email, self.password))


# WTForms has deprecated the shape in which these two of Flask-Security's forms list their choices, of which our pages
# show none.
class SetUpCodesForm(TwoFactorSetupForm):
    """Ask for codes, or give them up."""

    setup = RadioField("How codes are made", choices=[], validate_choice=False)


class RescueForm(TwoFactorRescueForm):
    """Flask-Security makes one beside every code form; nobody is shown it."""

    help_setup = RadioField("Another way", choices=[], validate_choice=False)


class CodeForm(TwoFactorVerifyCodeForm):
    """The code that the authenticator app shows."""

    code = StringField("Code", filters=[_without_spaces], validators=[DataRequired("Enter the code your app shows")])

    def validate(self, **kwargs: Any) -> bool:
        """Whether the code is the one expected now."""
        return _code_holds(self, super().validate, CODE_NOT_RIGHT, kwargs)

    @property
    def summary(self) -> list[dict[str, str]]:
        """The faults for the error summary."""
        return _summary([self.code])


class RecoveryCodeForm(MfRecoveryForm):
    """One of the codes kept for the day the phone is lost."""

    code = StringField(
        "Recovery code", filters=[_without_spaces], validators=[DataRequired("Enter one of your recovery codes")]
    )

    def validate(self, **kwargs: Any) -> bool:
        """Whether the code is one of the account's."""
        if not _code_holds(self, super().validate, RECOVERY_CODE_NOT_RIGHT, kwargs):
            return False
        email = self.user.email if self.user else ""
        audit.record(db.session(), "recovery code used", subject=email, actor=email)
        return True

    @property
    def summary(self) -> list[dict[str, str]]:
        """The faults for the error summary."""
        return _summary([self.code])


class PasswordAgainForm(VerifyForm):
    """The password once more, before something that matters."""

    password = PasswordField("Password", validators=[DataRequired("Enter your password")])

    def validate(self, **kwargs: Any) -> bool:
        """Whether it is the password of who is signed in."""
        email = self.user.email
        if not throttle.may_try_password(db.session(), email):
            self.password.errors = [throttle.TOO_MANY]
            return False
        if super().validate(**kwargs):
            return True
        if self.password.data and not self.csrf_token.errors:
            _note_failure(email, "password", self.user)
            self.password.errors = ["The password is not right"]
        return False

    @property
    def summary(self) -> list[dict[str, str]]:
        """The faults for the error summary."""
        return _summary([self.password])


def _code_holds(form: Any, validate: Any, not_right: str, options: dict[str, Any]) -> bool:
    email = form.user.email
    if not throttle.may_try_code(db.session(), email):
        form.code.errors = [throttle.TOO_MANY]
        return False
    if validate(**options):
        return True
    if form.code.data and not form.csrf_token.errors:
        _note_failure(email, "code", form.user)
        form.code.errors = [not_right]
    return False


def _note_failure(email: str, step: str, user: UserMixin | None) -> None:
    """Count it; the trail has it only where there is such an account, which what is typed may not be."""
    store = db.session()
    throttle.note_failure(store, email, step)
    if user is not None:
        audit.record(store, f"{step} refused", subject=user.email, actor="not signed in")
    # Nothing else was changed, and a refusal's page is not committed by anybody else.
    store.commit()
