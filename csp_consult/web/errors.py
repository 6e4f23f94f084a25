"""What somebody sees when something is wrong: what happened, and what to do now."""

from dataclasses import dataclass

from flask import Flask, g, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError
from werkzeug.exceptions import HTTPException

from csp_consult.catalogues import marked
from csp_consult.db import db
from csp_consult.web import languages
from csp_consult.web.uploads import EnoughForTodayError


@dataclass(frozen=True)
class Explanation:
    """An error page: a heading and a few sentences."""

    title: str
    sentences: tuple[str, ...]


EXPLANATIONS = {
    403: Explanation(
        marked("You cannot open this page"),
        (
            marked("Your account is not allowed here."),
            marked("Sign out and use another account, or write to us if you need access."),
        ),
    ),
    404: Explanation(
        marked("Page not found"),
        (
            marked("If you typed the web address, check that it is right."),
            marked(
                "If you followed a link or a code on a letter, the survey may have moved: start from the front page."
            ),
        ),
    ),
    405: Explanation(
        marked("This page cannot be used like that"), (marked("Go back, reload the page, and use its own buttons."),)
    ),
    413: Explanation(
        marked("That is too much at once"),
        (
            marked("What you sent is larger than we take."),
            marked("Go back, and shorten the text or choose a smaller file."),
        ),
    ),
    429: Explanation(marked("Too many tries"), (marked("Wait a few minutes, then try again."),)),
    500: Explanation(
        marked("Sorry, something went wrong here"),
        (
            marked("It is our fault, not yours."),
            marked("Answers on pages you had already saved are kept. Try again in a few minutes."),
        ),
    ),
}
# Said to clerks and officers alone, who read English.
ENOUGH_FOR_TODAY = Explanation(
    "Your account has sent enough files for today",
    (
        "So that nobody can fill the disk, so many files, and so many megabytes, are kept of each account in a day.",
        "Nothing of what you just sent was kept. Send it tomorrow, or fewer and smaller files today.",
        "If it cannot wait, ask whoever runs this site to allow more.",
    ),
)
OTHER = Explanation(marked("This did not work"), (marked("Go back to the page you came from and try again."),))
EXPIRED = Explanation(
    marked("This form has to be opened again"),
    (
        marked("Your browser no longer holds the mark that shows the form is yours."),
        marked("Cookies may be off, or you signed in or out in another window."),
        marked("Go back, reload the page, and send it again. Pages you had already saved are kept."),
    ),
)


_OF_ITS_OWN: dict[type[HTTPException], Explanation] = {CSRFError: EXPIRED, EnoughForTodayError: ENOUGH_FOR_TODAY}
# The doors of people who may read another language than English; None is an address that leads nowhere.
_SPOKEN_TO = {None, "public", "resident"}


def _page(explanation: Explanation) -> str:
    if "language" not in g and request.blueprint in _SPOKEN_TO:
        languages.choose()
    return render_template("public/error.html", explanation=explanation)


def register(app: Flask) -> None:
    """Answer every error of the application with a page."""

    @app.errorhandler(DataError)
    def _unstorable(_error: DataError) -> tuple[str, int]:
        # What no database of ours can hold, such as a NUL character on PostgreSQL: only a program sends that.
        db.session.rollback()
        return _page(OTHER), 400

    @app.errorhandler(HTTPException)
    def _explain(error: HTTPException) -> tuple[str, int] | HTTPException:
        status = error.code or 500
        if status < 400:
            return error
        # The failed transaction must not spoil the page that says so.
        db.session.rollback()
        explanation = _OF_ITS_OWN.get(type(error)) or EXPLANATIONS.get(status, OTHER)
        return _page(explanation), status
