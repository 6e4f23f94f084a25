"""Keying a form by keyboard: the whole questionnaire on one page in the order of the paper, options by number."""

import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from flask import flash, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from csp_consult.catalogues import direction
from csp_consult.fieldwork import care, keying
from csp_consult.fieldwork import form_batches as piles
from csp_consult.fieldwork.areas import context_for
from csp_consult.fieldwork.form_batches import MOST_FORMS, BatchError
from csp_consult.fieldwork.keying import Keying, NumberTakenError
from csp_consult.fieldwork.models import KeyedForm
from csp_consult.fieldwork.models import Response as StoredResponse
from csp_consult.questionnaire.keying import Keyed, differing, keyed_alike, left_out, not_asked, read_keyed
from csp_consult.questionnaire.pages import FieldError
from csp_consult.questionnaire.printed import numbered, printed
from csp_consult.questionnaire.questions.base import Answers, Question, QuestionContext, Typed
from csp_consult.web.officer.batches import batch_called, keying_of, residents_wave

NOTHING = "Nothing was keyed. Put a blank form aside and take it off the count of forms instead."


def key_form(survey: str, wave: str, batch_id: int) -> str | Response:
    """The next form that nobody keyed yet: the first keying, or the only one."""
    return _page(_open(survey, wave, batch_id), None)


def key_form_again(survey: str, wave: str, batch_id: int) -> str | Response:
    """A form that somebody else keyed, blank: the second keying."""
    at = _open(survey, wave, batch_id)
    if request.method == "POST":
        form = keying.form_numbered(at.session, at.batch, _typed_number() or 0)
        waiting = form.number if form else None
    else:
        waiting = piles.for_second(at.session, at.batch, at.officer)
    if waiting is None:
        flash("No form of this batch waits for you to key it again.", "important")
        return _to_batch(at)
    return _page(at, waiting)


def form_differences(survey: str, wave: str, batch_id: int, number: int) -> str | Response:
    """What two people keyed differently on one form, question by question, and which of it is right."""
    at = _open(survey, wave, batch_id)
    form = keying.form_numbered(at.session, at.batch, number)
    if form is None or form.state != "differs":
        flash(f"Form {number} has no difference that waits.", "important")
        return _to_batch(at)
    kept = keying.entries(at.session, form)
    different = differing(at.questionnaire, kept[1], kept[2])
    keyed = _read(at)
    errors: list[FieldError] = []
    if request.method == "POST":
        chosen = {question_id: request.form.get(f"right-{question_id}", "") for question_id in different}
        errors = _undecided(at, chosen) + [error for error in keyed.errors if chosen.get(error.question_id) == "typed"]
        if not errors:
            try:
                dropped = keying.settle(at, number, chosen, keyed.answers)
            except BatchError as error:
                at.session.rollback()
                errors = [FieldError("", "", str(error))]
            else:
                at.session.commit()
                _say_saved(at, form, dropped)
                return _after_second(at)
    context = context_for(at.session, at.questionnaire.questions.values(), at.today)
    alike = keyed_alike(at.questionnaire, kept[1], kept[2], context)
    return render_template(
        "officer/form_differences.html",
        wave=at.wave,
        batch=at.batch,
        number=number,
        rows=[
            {
                "item": item,
                "first": _displayed(item.question, kept[1], at.batch.language, context),
                "second": _displayed(item.question, kept[2], at.batch.language, context),
                "chosen": request.form.get(f"right-{item.question.id}", ""),
            }
            for part in printed(at.questionnaire, at.batch.language, context)
            for item in part.items
            if item.question.id in different
        ],
        typed=keyed.typed if request.method == "POST" else _as_typed(alike),
        language=at.batch.language,
        direction=direction(at.batch.language),
        errors=errors,
        messages={error.field_id: error.message for error in errors},
        synthetic=at.wave.synthetic,
    )


def _as_typed(keyed: Mapping[str, str]) -> Typed:
    return {name: [text] for name, text in keyed.items()}


def _open(survey: str, wave: str, batch_id: int) -> Keying:
    found = residents_wave(survey, wave)
    return keying_of(found, batch_called(found, batch_id))


def _read(at: Keying) -> Keyed:
    context = context_for(at.session, at.questionnaire.questions.values(), at.today)
    return read_keyed(at.questionnaire, request.form, context, at.batch.language)


def _page(at: Keying, waiting: int | None) -> str | Response:
    """The form to key; ``waiting`` is its number where it is keyed a second time."""
    if request.method == "GET":
        try:
            piles.refuse_if_over(at.wave, at.today)
        except BatchError as error:
            flash(str(error), "important")
            return _to_batch(at)
        return _show(at, waiting)
    keyed, then = _read(at), request.form.get("form-then", "")
    if then == "path":
        # Asked by the page's script after an answer that others hang on: the same path as everywhere.
        return jsonify(not_asked(at.questionnaire, keyed.answers))
    number = waiting or _typed_number()
    errors = _refusals(keyed, number)
    dropped = left_out(at.questionnaire, keyed.answers)
    told = set(request.form.get("form-dropped", "").split())
    if errors or number is None or then != "save" or not set(dropped) <= told:
        return _show(at, waiting, keyed, errors, dropped=dropped)
    return _save(at, waiting, number, keyed, dropped)


def _refusals(keyed: Keyed, number: int | None) -> list[FieldError]:
    errors = list(keyed.errors)
    if not errors and not keyed.answers:
        errors.append(FieldError("", "", NOTHING))
    if number is None:
        message = f"Enter the number of the form, a whole number from 1 to {MOST_FORMS:,}."
        errors.append(FieldError("", "form-number", message))
    return errors


def _save(at: Keying, waiting: int | None, number: int, keyed: Keyed, dropped: Sequence[str]) -> str | Response:
    """Keep the form and go on to what is next; shown again, with all that was keyed, where it cannot be kept."""
    try:
        if waiting is None:
            form = keying.key_first(at, number, keyed.answers, once=request.form.get("form-once", "")[:64])
        else:
            form = keying.key_again(at, number, keyed.answers)
    except NumberTakenError:
        at.session.rollback()
        free = piles.next_number(at.session, at.batch)
        message = f"Form {number} was keyed meanwhile. Write {free} on this form, then save it again."
        return _show(at, waiting, keyed, [FieldError("", "form-number", message)], dropped=dropped, number=free)
    except BatchError as error:
        at.session.rollback()
        return _show(at, waiting, keyed, [FieldError("", "", str(error))], dropped=dropped)
    at.session.commit()
    _say_saved(at, form, dropped)
    _say_care(at, keyed)
    if form.state == "differs":
        return redirect(_url(at, "form_differences", number=number), 303)
    return _after_second(at) if waiting else _after_first(at)


def _show(
    at: Keying,
    waiting: int | None,
    keyed: Keyed | None = None,
    errors: Sequence[FieldError] = (),
    *,
    dropped: Sequence[str] = (),
    number: int | None = None,
) -> str:
    numbers = numbered(at.questionnaire)
    context = context_for(at.session, at.questionnaire.questions.values(), at.today)
    return render_template(
        "officer/key_form.html",
        wave=at.wave,
        batch=at.batch,
        questionnaire=at.questionnaire,
        language=at.batch.language,
        direction=direction(at.batch.language),
        parts=printed(at.questionnaire, at.batch.language, context),
        typed=keyed.typed if keyed else {},
        checked=keyed is not None and not errors,
        past=not_asked(at.questionnaire, keyed.answers if keyed else {}),
        dropped=dropped,
        dropped_numbers=[numbers[question_id] for question_id in dropped],
        waiting=waiting,
        number=waiting
        or number
        or (request.form.get("form-number") if keyed else piles.next_number(at.session, at.batch)),
        once=request.form.get("form-once", "")[:64] or secrets.token_urlsafe(24),
        errors=errors,
        messages={error.field_id: error.message for error in errors},
        synthetic=at.wave.synthetic,
    )


def _say_saved(at: Keying, form: KeyedForm, dropped: Sequence[str]) -> None:
    """What became of a form, in a sentence or two."""
    numbers = numbered(at.questionnaire)
    without = ""
    if dropped:
        listed = ", ".join(str(numbers[question_id]) for question_id in dropped)
        without = f" Left out, since another answer leads past it: question {listed}."
    if form.state == "once":
        flash(f"Form {form.number} is saved, and waits for somebody else to key it again.{without}", "success")
    elif form.state == "differs":
        flash(f"Form {form.number} is saved. It was keyed differently the first time: keep it before you.", "important")
    else:
        reference = at.session.get_one(StoredResponse, form.response_id).reference
        read_out = (
            f" Read out: “Your reference is {reference}. With it you can withdraw your answers.”"
            if at.batch.mode == "telephone"
            else f" Its reference is {reference}."
        )
        flash(f"Form {form.number} is saved.{read_out}{without}", "success")


def _say_care(at: Keying, keyed: Keyed) -> None:
    """Words that tell of harm are for today, also where the form still waits for its second keying."""
    if care.told(at.questionnaire, keyed.answers):
        words = "What was written on this form may tell of abuse, self-harm or danger. Read it now, and act on it today"
        flash(f"{words}; once the form is a response it stands under “To read today”.", "important")


def _after_first(at: Keying) -> Response:
    so_far = piles.progress_of(at.session, at.batch)
    if at.batch.received is not None and so_far.keyed >= at.batch.received:
        flash(f"All {at.batch.received} forms of this batch are keyed.", "success")
        return _to_batch(at)
    return redirect(_url(at, "key_form"), 303)


def _after_second(at: Keying) -> Response:
    more = piles.for_second(at.session, at.batch, at.officer)
    return redirect(_url(at, "key_form_again"), 303) if more else _to_batch(at)


def _undecided(at: Keying, chosen: dict[str, str]) -> list[FieldError]:
    numbers = numbered(at.questionnaire)
    return [
        FieldError(question_id, f"right-{question_id}", f"Question {numbers[question_id]}: choose what is right.")
        for question_id, which in chosen.items()
        if which not in keying.CHOSEN
    ]


def _displayed(question: Question, answers: Answers, language: str, context: QuestionContext) -> list[str]:
    return question.display(answers[question.id], language, context).split("\n") if question.id in answers else []


def _typed_number() -> int | None:
    typed = request.form.get("form-number", "").strip()
    whole = typed.isascii() and typed.isdecimal() and len(typed) <= 5
    return int(typed) if whole and 1 <= int(typed) <= MOST_FORMS else None


def _to_batch(at: Keying) -> Response:
    return redirect(_url(at, "batch"), 303)


def _url(at: Keying, endpoint: str, **values: Any) -> str:
    slugs: dict[str, Any] = {"survey": at.wave.survey.slug, "wave": at.wave.slug}
    return url_for(f".{endpoint}", batch_id=at.batch.id, **slugs, **values)
