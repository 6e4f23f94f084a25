"""What somebody sees when something is wrong: what happened, and what to do now."""

from dataclasses import dataclass

from flask import Flask, render_template
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError
from werkzeug.exceptions import HTTPException

from csp_consult.db import db


@dataclass(frozen=True)
class Explanation:
    """An error page: a heading and a few sentences."""

    title: str
    sentences: tuple[str, ...]


EXPLANATIONS = {
    403: Explanation(
        "You cannot open this page",
        ("Your account is not allowed here.", "Sign out and use another account, or write to us if you need access."),
    ),
    404: Explanation(
        "Page not found",
        (
            "If you typed the web address, check that it is right.",
            "If you followed a link or a code on a letter, the survey may have moved: start from the front page.",
        ),
    ),
    405: Explanation("This page cannot be used like that", ("Go back, reload the page, and use its own buttons.",)),
    413: Explanation(
        "That is too much at once",
        ("What you sent is larger than we take.", "Go back, and shorten the text or choose a smaller file."),
    ),
    429: Explanation("Too many tries", ("Wait a few minutes, then try again.",)),
    500: Explanation(
        "Sorry, something went wrong here",
        ("It is our fault, not yours.", "Answers on pages you had already saved are kept. Try again in a few minutes."),
    ),
}
OTHER = Explanation("This did not work", ("Go back to the page you came from and try again.",))
EXPIRED = Explanation(
    "This form has to be opened again",
    (
        "Your browser no longer holds the mark that shows the form is yours.",
        "Cookies may be off, or you signed in or out in another window.",
        "Go back, reload the page, and send it again. Pages you had already saved are kept.",
    ),
)


def register(app: Flask) -> None:
    """Answer every error of the application with a page."""

    @app.errorhandler(DataError)
    def _unstorable(_error: DataError) -> tuple[str, int]:
        # What no database of ours can hold, such as a NUL character on PostgreSQL: only a program sends that.
        db.session.rollback()
        return render_template("public/error.html", explanation=OTHER), 400

    @app.errorhandler(HTTPException)
    def _explain(error: HTTPException) -> tuple[str, int] | HTTPException:
        status = error.code or 500
        if status < 400:
            return error
        # The failed transaction must not spoil the page that says so.
        db.session.rollback()
        explanation = EXPIRED if isinstance(error, CSRFError) else EXPLANATIONS.get(status, OTHER)
        return render_template("public/error.html", explanation=explanation), status
