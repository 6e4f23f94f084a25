"""A questionnaire in the making: its pages and questions changed one at a time, its file changed as a whole."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_security import current_user
from sqlalchemy import select
from werkzeug.wrappers import Response

from csp_consult.db import db
from csp_consult.people import audit
from csp_consult.questionnaire import drafts, entry_form
from csp_consult.questionnaire.bank import bank
from csp_consult.questionnaire.editing import data_at, inserted, moved, place_of_line, removed, replaced
from csp_consult.questionnaire.faults import FAULT, Fault, QuestionnaireError
from csp_consult.questionnaire.models import QuestionnaireDraft, QuestionnaireVersion
from csp_consult.questionnaire.parse import check
from csp_consult.questionnaire.questions import KINDS
from csp_consult.questionnaire.texts import ENGLISH
from csp_consult.questionnaire.writing import Data
from csp_consult.topics.models import Topic
from csp_consult.web.confirming import asked_first, is_meant
from csp_consult.web.officer.drafting import (
    entry_at,
    fields_of,
    languages_of,
    page_fields,
    place_of,
    scales_of,
    show_if_from,
    starter,
    words_from,
)

SAVE_AGAIN = "What you typed is still below: look at the draft as it is now, then save again."


def draft_called(draft_id: int) -> QuestionnaireDraft:
    """The draft of an address, or a 404."""
    draft = db.session().get(QuestionnaireDraft, draft_id)
    if draft is None:
        abort(404)
    return draft


def faults_of(source: str) -> list[Fault]:
    """What is wrong with a file, and what is worth a second look."""
    topics = set(db.session().scalars(select(Topic.slug)))
    return check(source, topics=topics or None)


def questionnaire_draft(draft_id: int) -> str:
    """What the draft asks, page by page, with what is still to be put right."""
    draft = draft_called(draft_id)
    top: Any = data_at(draft.source)
    found = faults_of(draft.source)
    based_on = db.session().get(QuestionnaireVersion, draft.based_on) if draft.based_on else None
    return render_template(
        "officer/questionnaire_draft.html",
        draft=draft,
        title=drafts.title_of(draft.source),
        version=top.get("version", ""),
        pages=[_page_shown(page) for page in top.get("pages", []) if isinstance(page, Mapping)],
        faults=[linked(draft, fault) for fault in found if fault.severity == FAULT],
        advice=[linked(draft, fault) for fault in found if fault.severity != FAULT],
        based_on=based_on,
        kinds=[(kind, kind.replace("_", " ")) for kind in KINDS],
        bank=bank(),
    )


def linked(draft: QuestionnaireDraft, fault: Fault) -> dict[str, str]:
    """What is wrong, with the page where it can be put right."""
    place = place_of_line(draft.source, fault.line)
    if place is None:
        href, where = url_for(".questionnaire_source", draft_id=draft.id), f"Line {fault.line} of the file"
    elif place[1] is None:
        href = url_for(".questionnaire_page", draft_id=draft.id, page=place[0])
        where = f"Page {place[0] + 1}"
    else:
        href = url_for(".questionnaire_question", draft_id=draft.id, page=place[0], place=place[1])
        where = f"Page {place[0] + 1}, question {place[1] + 1}"
    return {"message": fault.message, "href": href, "where": where}


def _page_shown(page: Mapping[str, Any]) -> dict[str, Any]:
    questions = [one for one in page.get("questions", []) if isinstance(one, Mapping)]
    return {
        "title": _english(page.get("title")),
        "conditional": "show_if" in page,
        "sensitive": page.get("sensitive") in {"yes", "true"},
        "questions": [
            {
                "id": str(one.get("id", "")),
                "text": _english(one.get("text")),
                "kind": str(one.get("kind", "")).replace("_", " "),
                "conditional": "show_if" in one,
            }
            for one in questions
        ],
    }


def _english(text: Any) -> str:
    return str(text.get(ENGLISH, "")) if isinstance(text, Mapping) else str(text or "")


def write(draft: QuestionnaireDraft, source: str, then: str = SAVE_AGAIN) -> str:
    """Keep the changed file; gives why it could not be kept and what to do ``then``, empty when it was."""
    session = db.session()
    try:
        revision = request.form.get("revision", 0, int)
        drafts.change(session, draft, source, revision=revision, by=current_user.email, today=date.today())
    except drafts.StaleError as error:
        session.rollback()
        return f"{error} {then}"
    session.commit()
    return ""


def back_to(draft: QuestionnaireDraft, anchor: str = "") -> Response:
    """To the draft's page, perhaps to a place on it."""
    return redirect(url_for(".questionnaire_draft", draft_id=draft.id, _anchor=anchor or None), 303)


def _entry_or_404(source: str, page: int, place: int | None = None) -> Mapping[str, Data]:
    try:
        return entry_at(source, page, place)
    except KeyError:
        abort(404)


def questionnaire_question(draft_id: int, page: int, place: int) -> str | Response | tuple[str, int]:
    """One question: its words, options, order and condition."""
    draft = draft_called(draft_id)
    entry = _entry_or_404(draft.source, page, place)
    languages, scales = languages_of(draft.source), scales_of(draft.source)
    typed = entry_form.shown(entry, languages, scales)
    error = ""
    if request.method == "POST":
        typed = {name: request.form.get(name, "") for name in typed}
        changed = entry_form.changes(entry, typed, languages, scales)
        changed |= show_if_from(entry, request.form)
        source = draft.source
        for key, value in changed.items():
            source = replaced(source, ("pages", page, "questions", place, key), value)
        error = write(draft, source) if source != draft.source else ""
        if not error:
            return back_to(draft, f"q-{entry.get('id', '')}")
    body = render_template(
        "officer/questionnaire_question.html",
        draft=draft,
        entry=entry,
        fields=fields_of(entry, typed, languages),
        condition=place_of(draft.source, page, entry, request.form),
        errors=[{"field_id": "text-en", "message": error}] if error else [],
    )
    return (body, 409) if error else body


def questionnaire_page(draft_id: int, page: int) -> str | Response | tuple[str, int]:
    """One page: its title, what stands at its top, and who is asked it."""
    draft = draft_called(draft_id)
    entry = _entry_or_404(draft.source, page)
    languages = languages_of(draft.source)
    shown = page_fields(entry, languages)
    typed, error = dict(shown), ""
    if request.method == "POST":
        typed = {name: request.form.get(name, "") for name in shown}
        source = draft.source
        for key, value in {**_page_changes(shown, typed, languages), **show_if_from(entry, request.form)}.items():
            source = replaced(source, ("pages", page, key), value)
        error = write(draft, source) if source != draft.source else ""
        if not error:
            return back_to(draft, f"page-{page + 1}")
    body = render_template(
        "officer/questionnaire_page.html",
        draft=draft,
        entry=entry,
        typed=typed,
        languages=languages,
        condition=place_of(draft.source, page, entry, request.form),
        errors=[{"field_id": "title-en", "message": error}] if error else [],
    )
    return (body, 409) if error else body


def _page_changes(
    shown: Mapping[str, str], typed: Mapping[str, str], languages: Sequence[str]
) -> dict[str, Data | None]:
    changed = words_from(shown, typed, ("title", "lead"), languages)
    if typed["sensitive"] != shown["sensitive"]:
        changed["sensitive"] = typed["sensitive"] or None
    return changed


def questionnaire_change(draft_id: int) -> str | Response | tuple[str, int]:
    """Move, add or, once it was asked whether that is meant, take out a page or a question."""
    draft = draft_called(draft_id)
    try:
        source = _changed(draft.source)
    except (KeyError, IndexError, QuestionnaireError):
        abort(400)
    if request.form.get("what") == "remove" and not is_meant():
        return _asked_to_remove(draft)
    error = write(draft, source, "Look at the draft as it is now, then do it again.")
    if error:
        refused = render_template(
            "officer/refused.html",
            heading="The draft was not changed",
            message=error,
            back=url_for(".questionnaire_draft", draft_id=draft.id),
            back_to=drafts.title_of(draft.source),
        )
        return refused, 409
    return back_to(draft, request.form.get("anchor", ""))


def _asked_to_remove(draft: QuestionnaireDraft) -> str:
    page, place = request.form.get("page", -1, int), request.form.get("place", -1, int)
    entry = _entry_or_404(draft.source, page, None if place < 0 else place)
    if place < 0:
        what, inside = f"page “{_english(entry.get('title'))}”", "with all its questions"
    else:
        what, inside = f"question {entry.get('id', '')}, “{_english(entry.get('text'))}”", "with its words and options"
    return asked_first(
        f"Remove {what}?",
        f"It goes out of this draft {inside}. Versions that were kept still have it.",
        words="Remove it",
        back=url_for(".questionnaire_draft", draft_id=draft.id, _anchor=f"page-{page + 1}"),
        back_to="No, keep it",
    )


def _changed(source: str) -> str:
    """The file after the change that the form asks for. Raises KeyError or IndexError where there is no such place."""
    form = request.form
    page, place = form.get("page", -1, int), form.get("place", -1, int)
    what = form.get("what", "")
    path: tuple[str | int, ...] = ("pages", page) if place < 0 else ("pages", page, "questions", place)
    if what in {"up", "down"}:
        return moved(source, path, -1 if what == "up" else 1)
    if what == "remove":
        return removed(source, path)
    whole: Any = data_at(source)
    entry = _new_entry(whole, form)
    if what == "page":
        return inserted(source, ("pages",), len(whole["pages"]), {**starter(whole), "questions": [entry]})
    return inserted(source, ("pages", page, "questions"), len(whole["pages"][page]["questions"]), entry)


def _new_entry(whole: Mapping[str, Any], form: Mapping[str, str]) -> Mapping[str, Data]:
    """A question from the bank, or a fresh one of a kind, under an id that is free."""
    taken = {str(one.get("id")) for page in whole["pages"] for one in page.get("questions", [])}
    given = next((item.entry for item in bank() if item.id == form.get("bank")), None)
    entry: Mapping[str, Data] = given if given is not None else starter(whole, form.get("kind", ""))["questions"][0]
    name, number = str(entry["id"]), 2
    while name in taken:
        name, number = f"{entry['id']}_{number}", number + 1
    return {**entry, "id": name}


def questionnaire_source(draft_id: int) -> str | Response | tuple[str, int]:
    """The whole file as text."""
    draft = draft_called(draft_id)
    typed, error = draft.source, ""
    if request.method == "POST":
        typed = request.form.get("source", "").replace("\r\n", "\n")
        try:
            error = write(draft, typed if typed.endswith("\n") else f"{typed}\n")
        except QuestionnaireError as refused:
            db.session().rollback()
            error = str(refused)
        if not error:
            return back_to(draft)
    body = render_template(
        "officer/questionnaire_source.html",
        draft=draft,
        typed=typed,
        faults=faults_of(draft.source),
        errors=[{"field_id": "source", "message": error}] if error else [],
    )
    return (body, 422) if error else body


def questionnaire_keep(draft_id: int) -> str | Response | tuple[str, int]:
    """Keep the draft as a version, or throw it away."""
    session, draft = db.session(), draft_called(draft_id)
    title = drafts.title_of(draft.source)
    if request.form.get("what") == "discard" and not is_meant():
        return asked_first(
            f"Throw away the draft of “{title}”?",
            "Everything that was changed in it is lost, whoever changed it. Versions that were kept stay.",
            words="Throw the draft away",
            back=url_for(".questionnaire_draft", draft_id=draft.id),
            back_to="No, keep the draft",
        )
    if request.form.get("what") == "discard":
        audit.record(session, "questionnaire.discard", subject=title)
        session.delete(draft)
        session.commit()
        flash(f"The draft of “{title}” was thrown away.", "success")
        return redirect(url_for(".questionnaires"), 303)
    try:
        version = drafts.kept(session, draft, today=date.today())
    except QuestionnaireError as error:
        session.rollback()
        refused = render_template(
            "officer/refused.html",
            heading="This cannot be kept yet",
            message="Put this right first. The draft itself is as it was.",
            faults=[linked(draft, fault) for fault in error.faults],
            back=url_for(".questionnaire_draft", draft_id=draft_id),
            back_to=title,
        )
        return refused, 422
    audit.record(session, "questionnaire.keep", subject=version.slug, detail={"version": version.version})
    session.commit()
    flash(f"Version {version.version} of “{title}” is kept. It never changes from here on.", "success")
    return redirect(url_for(".questionnaire_version", version_id=version.id), 303)
