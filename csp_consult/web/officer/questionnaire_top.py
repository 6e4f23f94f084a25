"""What stands at the top of a questionnaire in the making: its title, who asks, and the introduction."""

from collections.abc import Mapping
from typing import Any

from flask import render_template, request
from werkzeug.wrappers import Response

from csp_consult.questionnaire.editing import data_at, replaced
from csp_consult.questionnaire.writing import Data
from csp_consult.web.officer.drafting import languages_of, texts_of, words_from
from csp_consult.web.officer.questionnaire_drafts import back_to, draft_called, write

PLAIN = {"version": "Version", "organisation": "Who asks", "minutes": "Minutes it takes"}
WORDED = {"title": "Title"}
INTRODUCTION = {
    "purpose": "Why this is asked",
    "decides": "Who decides, and what is still open",
    "after": "What happens to the answers",
}


def questionnaire_top(draft_id: int) -> str | Response | tuple[str, int]:
    """The title, the version and the introduction."""
    draft = draft_called(draft_id)
    languages = languages_of(draft.source)
    top: Any = data_at(draft.source)
    intro: Mapping[str, Data] = top.get("intro") or {}
    shown = {key: str(top.get(key, "")) for key in PLAIN}
    shown |= texts_of(top, WORDED, languages) | texts_of(intro, INTRODUCTION, languages)
    typed, error = dict(shown), ""
    if request.method == "POST":
        typed = {name: request.form.get(name, "") for name in shown}
        error = write(draft, _changed(draft.source, shown, typed, languages))
        if not error:
            return back_to(draft)
    body = render_template(
        "officer/questionnaire_top.html",
        draft=draft,
        plain=PLAIN,
        worded={**WORDED, **INTRODUCTION},
        typed=typed,
        languages=languages,
        errors=[{"field_id": "version", "message": error}] if error else [],
    )
    return (body, 409) if error else body


def _changed(source: str, shown: Mapping[str, str], typed: Mapping[str, str], languages: list[str]) -> str:
    """The file with what the form changes; every other line as its author wrote it."""
    for key in PLAIN:
        if typed[key].strip() != shown[key]:
            source = replaced(source, (key,), typed[key].strip() or None)
    for key, data in words_from(shown, typed, WORDED, languages).items():
        source = replaced(source, (key,), data)
    introduction = words_from(shown, typed, INTRODUCTION, languages)
    top: Any = data_at(source)
    if introduction and not isinstance(top.get("intro"), Mapping):
        return replaced(source, ("intro",), {key: data for key, data in introduction.items() if data is not None})
    for key, data in introduction.items():
        source = replaced(source, ("intro", key), data)
    return source
