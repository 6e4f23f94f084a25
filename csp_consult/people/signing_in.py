"""The form on the sign-in page."""

from typing import Any

from flask_security.forms import LoginForm
from flask_security.utils import validate_redirect_url
from wtforms import EmailField, PasswordField
from wtforms.validators import DataRequired

NOT_RIGHT = "The email address or the password is not right. Check both and try again"


def _trimmed(text: str | None) -> str | None:
    return text and text.strip()


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
        if super().validate(**kwargs):
            return True
        if self.email.data and self.password.data and not self.user_authenticated and not self.csrf_token.errors:
            self.email.errors = [NOT_RIGHT]
            self.password.errors = []
        return False

    @property
    def summary(self) -> list[dict[str, str]]:
        """The faults for the error summary, in the order of the fields."""
        return [
            {"field_id": field.id, "message": str(message)}
            for field in (self.email, self.password)
            for message in field.errors
        ]
