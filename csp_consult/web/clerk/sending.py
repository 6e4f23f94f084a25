"""Submitting: on whose authority, the minute that comes later, and beginning an amendment."""

import secrets
from collections.abc import Mapping
from datetime import date

from flask import flash, g, redirect, render_template, request
from flask_security import current_user
from werkzeug.wrappers import Response

from csp_consult.db import db
from csp_consult.parishes.access import ParishError
from csp_consult.parishes.attachments import KINDS, LARGEST, AttachmentError, Upload, read_upload
from csp_consult.parishes.drafts import begin_amendment
from csp_consult.parishes.mandates import Mandate, MandateError, MandateFault, read_mandate
from csp_consult.parishes.submission import ChangedSinceCheckedError, add_minute, gaps, submit, submitted_as
from csp_consult.web.clerk.desk import Desk
from csp_consult.web.clerk.door import ANSWERS, blueprint, editor, number
from csp_consult.web.uploads import kept_today

ATTACHMENT_HINT = f"{KINDS}, at most {LARGEST // 1024 // 1024} MB. Only this council and the partnership can open it"

ENOUGH_FOR_TODAY = "Your account has sent enough files for today. Leave the file out, or send all this tomorrow"


@blueprint.get(f"{ANSWERS}/submit")
def mandate() -> str | Response:
    """On whose authority the response is made."""
    desk: Desk = g.desk
    if not desk.drafted or not desk.takes_answers:
        return redirect(desk.url("overview"))
    if gaps(desk.questionnaire, desk.answers, desk.context):
        return redirect(desk.url("check"))
    return _show_mandate(desk, {"form-submission": secrets.token_urlsafe(24), "form-revision": str(desk.revision)})


@blueprint.post(f"{ANSWERS}/submit")
def send() -> str | Response:
    """Submit the council's response; a repeat arrives at the receipt of the first."""
    desk: Desk = g.desk
    # One made up by somebody else's program still marks that program's repeats; it only has to fit.
    key = request.form.get("form-submission", "")[:64] or secrets.token_urlsafe(24)
    first = submitted_as(db.session(), desk.wave, desk.parish.code, key)
    if first is not None:
        return redirect(desk.url("receipt", version=first.version))
    try:
        stated, attachment = read_authority(amending=desk.current is not None)
    except MandateError as error:
        return _show_mandate(desk, request.form, error)
    return _submit(desk, stated, attachment, key)


def read_authority(*, amending: bool, decided: bool = False) -> tuple[Mandate, Upload | None]:
    """The mandate and the file of the form that was sent. Raises MandateError with every fault at once."""
    faults: list[MandateFault] = []
    stated, attachment = None, None
    try:
        stated = read_mandate(request.form, today=date.today(), amending=amending, decided=decided)
    except MandateError as error:
        faults.extend(error.faults)
    chosen = request.files.get("attachment")
    try:
        # One byte more than is taken, so that a longer file is known without reading it whole.
        attachment = read_upload(chosen.filename or "", chosen.stream.read(LARGEST + 1)) if chosen else None
    except AttachmentError as error:
        faults.append(MandateFault("attachment", str(error)))
    if chosen and attachment and not kept_today([chosen]):
        faults.append(MandateFault("attachment", ENOUGH_FOR_TODAY))
    if faults or stated is None:
        raise MandateError(faults)
    return stated, attachment


def _submit(desk: Desk, stated: Mandate, attachment: Upload | None, key: str) -> Response:
    try:
        response = submit(
            db.session(),
            desk.wave,
            desk.questionnaire,
            desk.parish.code,
            stated,
            checked_revision=number("form-revision"),
            submission=key,
            user_id=current_user.id,
            today=date.today(),
            attachment=attachment,
        )
    except ParishError as error:
        db.session.rollback()
        flash(str(error), "important")
        return redirect(desk.url("check" if isinstance(error, ChangedSinceCheckedError) else "overview"))
    db.session.commit()
    return redirect(desk.url("receipt", version=response.version))


@blueprint.get(f"{ANSWERS}/minute")
def minute() -> str | Response:
    """The minute that makes an officer draft the council's own response."""
    desk: Desk = g.desk
    if desk.officer_draft is None or not desk.takes_answers:
        return redirect(desk.url("overview"))
    return _show_minute(desk, desk.officer_draft.version, {})


@blueprint.post(f"{ANSWERS}/minute")
def minuted() -> str | Response:
    """Add the minute to the officer draft that was shown."""
    desk: Desk = g.desk
    version = number("form-version")
    try:
        stated, attachment = read_authority(amending=False, decided=True)
    except MandateError as error:
        return _show_minute(desk, version, request.form, error)
    try:
        add_minute(
            db.session(),
            desk.wave,
            desk.parish.code,
            stated,
            version=version,
            today=date.today(),
            user_id=current_user.id,
            attachment=attachment,
        )
    except ParishError as error:
        db.session.rollback()
        flash(str(error), "important")
        return redirect(desk.url("overview"))
    db.session.commit()
    flash("The minute is added: this is now the council’s response.", "success")
    return redirect(desk.url("receipt", version=version))


@blueprint.post(f"{ANSWERS}/amend")
def amend() -> Response:
    """Begin the next version from the current one."""
    desk: Desk = g.desk
    try:
        begin_amendment(db.session(), desk.wave, desk.parish.code, editor=editor(), today=date.today())
    except ParishError as error:
        db.session.rollback()
        flash(str(error), "important")
    else:
        db.session.commit()
    return redirect(desk.url("overview"))


def _show_mandate(desk: Desk, form: Mapping[str, str], error: MandateError | None = None) -> str:
    return _show("clerk/mandate.html", desk, form, error)


def _show_minute(desk: Desk, version: int, form: Mapping[str, str], error: MandateError | None = None) -> str:
    return _show("clerk/minute.html", desk, {**form, "form-version": str(version)}, error)


def _show(template: str, desk: Desk, form: Mapping[str, str], error: MandateError | None) -> str:
    faults = error.faults if error else []
    return render_template(
        template,
        desk=desk,
        form=form,
        meeting=desk.meeting,
        attachment_hint=ATTACHMENT_HINT,
        errors=faults,
        messages={fault.field_id: fault.message for fault in faults},
    )
