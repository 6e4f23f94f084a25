"""What is shown the same to everybody who reads in one language: made once in a process, then kept.

Nothing personal can get in: a standing part of a page is given nothing but the language, and of a question only its
looks are kept before anybody has put anything in.
"""

from typing import Any

from flask import Flask, current_app, g, render_template, request
from markupsafe import Markup

from csp_consult.catalogues import ENGLISH
from csp_consult.questionnaire.pages import Showing
from csp_consult.questionnaire.questions.base import Question


def init_standing(app: Flask) -> None:
    """Give every template ``site_part`` and ``show_question``."""
    kept: dict[tuple[str, str, str], Markup] = {}

    def site_part(part: str) -> Markup:
        # Where the site is mounted is part of the addresses in it.
        key = (part, g.get("language", ENGLISH), request.script_root)
        found = kept.get(key)
        if found is None:
            found = Markup(render_template(f"layouts/standing/{part}.html"))  # noqa: S704 - made by a template of ours
            if not app.debug:
                kept[key] = found
        return found

    app.jinja_env.globals.update(site_part=site_part, show_question=show_question)


def show_question(question: Question, showing: Showing) -> Markup:
    """A question as a page shows it, by the file its type names."""
    if showing.touched or question.area_kind() is not None or current_app.debug:
        return _made(question, showing)
    # It goes with the question: one that earlier answers have narrowed or put words into is made for one request.
    key = ("shown", showing.language, g.get("language", ENGLISH))
    if key not in question.kept:
        question.kept[key] = _made(question, showing)
    looks: Markup = question.kept[key]
    return looks


def _made(question: Question, showing: Showing) -> Markup:
    macros: Any = current_app.jinja_env.get_template(f"components/questions/{question.template}").module
    made: Markup = macros.render(question, showing)
    return made
