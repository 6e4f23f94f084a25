"""Batches of forms on paper and calls: what there is, how far it is, and what is to be done next."""

from datetime import date

from flask import abort, flash, redirect, render_template, request, url_for
from flask_security import current_user
from werkzeug.wrappers import Response

from csp_consult.catalogues import english_name
from csp_consult.db import db
from csp_consult.fieldwork import form_batches as piles
from csp_consult.fieldwork import keying, notices
from csp_consult.fieldwork.asked import questionnaire_for
from csp_consult.fieldwork.form_batches import BatchError
from csp_consult.fieldwork.models import FormBatch, Wave
from csp_consult.findings.reading import of_parishes
from csp_consult.web.confirming import asked_first, is_meant
from csp_consult.web.officer.door import wave_called
from csp_consult.words import day

MODES = {"paper": "Forms on paper", "telephone": "Answers told on the telephone"}
AGAIN = {
    "none": "No",
    "tenth": "Every tenth form, from a start drawn by chance",
    "fifth": "Every fifth form, from a start drawn by chance",
    "all": "Every form",
}
"""What an officer reads for each of ``piles.AGAIN``."""


def residents_wave(survey: str, wave: str) -> Wave:
    """The wave of an address, or a 404 where it does not ask residents: a council's reply is put in elsewhere."""
    found = wave_called(survey, wave)
    if of_parishes(found):
        abort(404)
    return found


def batch_called(wave: Wave, batch_id: int) -> FormBatch:
    """The batch of an address, or a 404."""
    found = piles.find(db.session(), wave, batch_id)
    if found is None:
        abort(404)
    return found


def batches(survey: str, wave: str) -> str | Response:
    """Every batch of a wave, and a form to begin one."""
    found, errors = residents_wave(survey, wave), []
    if request.method == "POST":
        try:
            made = _make(found)
        except BatchError as error:
            db.session.rollback()
            errors = [{"field_id": error.field, "message": str(error)}]
        else:
            db.session.commit()
            return redirect(url_for(".batch", survey=survey, wave=wave, batch_id=made.id), 303)
    languages = questionnaire_for(db.session(), found).languages
    return render_template(
        "officer/batches.html",
        wave=found,
        batches=piles.listed(db.session(), found),
        modes=[{"code": code, "text": text} for code, text in MODES.items()],
        again=[{"code": code, "text": text} for code, text in AGAIN.items()],
        languages=[(code, english_name(code)) for code in languages],
        notices=[(one, day(date.fromisoformat(one))) for one in sorted(notices.NOTICES, reverse=True)]
        + [(notices.NOT_KNOWN, "Not known")],
        form=request.form,
        errors=errors,
        synthetic=found.synthetic,
    )


def batch(survey: str, wave: str, batch_id: int) -> str | Response:
    """How far a batch is; how many forms it has can be put right, and a form taken back."""
    found = residents_wave(survey, wave)
    pile, errors = batch_called(found, batch_id), []
    if request.method == "POST":
        try:
            if _takes_back() and not is_meant():
                return _asked_to_take_back(found, pile)
            flash(_change(found, pile), "success")
        except BatchError as error:
            db.session.rollback()
            errors = [{"field_id": error.field, "message": str(error)}]
        else:
            db.session.commit()
            return redirect(url_for(".batch", survey=survey, wave=wave, batch_id=batch_id), 303)
    forms = piles.forms(db.session(), pile)
    keyed = [form for form, _ in forms]
    return render_template(
        "officer/batch.html",
        wave=found,
        batch=pile,
        so_far=piles.progress_of(db.session(), pile),
        next_number=piles.next_number(db.session(), pile),
        second=piles.for_second(db.session(), pile, current_user.email),
        differing=[form.number for form in keyed if form.state == "differs"],
        differences=piles.differences(keyed),
        keyers=piles.keyers(keyed),
        forms=forms,
        mode=MODES[pile.mode],
        notice=_notice(pile),
        language=english_name(pile.language),
        form=request.form,
        errors=errors,
        synthetic=found.synthetic,
    )


def _notice(pile: FormBatch) -> str:
    if pile.mode == "telephone":
        return "That of the day of each call"
    return f"That of {day(date.fromisoformat(pile.notice))}" if pile.notice else "Not known"


def _make(wave: Wave) -> FormBatch:
    mode, language = request.form.get("mode", ""), request.form.get("language", "")
    again = request.form.get("again", "")
    if mode not in MODES:
        raise BatchError("Choose how the answers were given.", "mode")
    if language not in questionnaire_for(db.session(), wave).languages:
        raise BatchError("Choose the language of the forms.", "language")
    if again not in AGAIN:
        raise BatchError("Choose whether forms are keyed a second time.", "again")
    try:
        notice = notices.named(request.form.get("notice", "")) if mode == "paper" else None
    except ValueError as error:
        raise BatchError("Choose the day of the privacy notice that stands on the forms.", "notice") from error
    return piles.make(
        db.session(),
        wave,
        name=request.form.get("name", ""),
        mode=mode,
        language=language,
        received=_received(needed=mode == "paper"),
        again_every=piles.AGAIN[again],
        notice=notice,
        made_by=current_user.email,
        today=date.today(),
    )


def _takes_back() -> bool:
    return request.form.get("form-then") == "back"


def _number_to_take_back() -> int:
    return _number("number", "Enter the number of the form to take back.")


def _asked_to_take_back(wave: Wave, pile: FormBatch) -> str:
    """Another number than was meant would erase somebody else's answers, and those of a call are on no paper."""
    number = _number_to_take_back()
    form = keying.to_take_back(keying_of(wave, pile), number)
    again = "Only what you wrote down of the call is left." if pile.mode == "telephone" else "It can be keyed anew."
    return asked_first(
        f"Take back form {number} of {pile.name}?",
        f"What {form.keyed_by} keyed is erased and leaves the counts. This cannot be undone. {again}",
        words=f"Take form {number} back",
        back=url_for(".batch", survey=wave.survey.slug, wave=wave.slug, batch_id=pile.id),
        back_to="No, leave it in the batch",
    )


def _change(wave: Wave, pile: FormBatch) -> str:
    if _takes_back():
        number = _number_to_take_back()
        keying.take_back(keying_of(wave, pile), number)
        return f"Form {number} is taken back: what was keyed is erased, and it can be keyed anew."
    pile.received = _received(needed=True)
    return f"The batch has {pile.received} forms now."


def keying_of(wave: Wave, pile: FormBatch) -> keying.Keying:
    """What the officer signed in keys today."""
    questionnaire = questionnaire_for(db.session(), wave)
    return keying.Keying(db.session(), wave, pile, questionnaire, current_user.email, date.today())


def _received(*, needed: bool) -> int | None:
    if not needed and not request.form.get("received", "").strip():
        return None
    return _number("received", "Count the forms and enter how many there are.")


def _number(field: str, message: str) -> int:
    typed = request.form.get(field, "").strip()
    if not (typed.isascii() and typed.isdecimal() and len(typed) <= 5 and 1 <= int(typed) <= piles.MOST_FORMS):
        raise BatchError(f"{message} It is a whole number from 1 to {piles.MOST_FORMS:,}.", field)
    return int(typed)
