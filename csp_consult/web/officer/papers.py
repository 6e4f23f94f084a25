"""Papers: what will be said, an officer's own words in it, its files, and making results public."""

import base64
from datetime import date

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask_security import current_user
from werkzeug.wrappers import Response as WerkzeugResponse

from csp_consult.db import db
from csp_consult.fieldwork import waves
from csp_consult.fieldwork.models import Wave
from csp_consult.fieldwork.waves import WaveState, state
from csp_consult.findings.errors import FindingError
from csp_consult.jobs import JobError, helper
from csp_consult.papers import chapter, publishing, results
from csp_consult.papers.contents import Paper, as_data
from csp_consult.papers.published import versions
from csp_consult.papers.publishing import PublishingError
from csp_consult.settings import current_settings
from csp_consult.web.officer.door import base_rules, wave_called

TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}
KINDS = {results.KIND, chapter.KIND}


def papers() -> str:
    """Every paper that can be made, and where each stands."""
    today = date.today()
    closed = [wave for wave in waves.listed(db.session()) if state(wave, today) is WaveState.CLOSED]
    return render_template(
        "officer/papers.html",
        lines=[(wave, versions(db.session(), wave), results.due(wave)) for wave in closed],
        today=today,
        synthetic=any(wave.synthetic for wave in closed),
    )


def paper(kind: str) -> str | WerkzeugResponse:
    """One paper as it would be today. A POST keeps an officer's words, or makes results public."""
    wave = _wave(kind)
    found = _made(kind, wave)
    errors: list[dict[str, str]] = []
    if request.method == "POST":
        try:
            flash(_done(kind, wave, found), "success")
            return redirect(url_for(".paper", kind=kind, wave=wave.key if wave else None))
        except PublishingError as error:
            db.session().rollback()
            section = request.form.get("section")
            errors = [{"field_id": f"text-{section}" if section else "signed_off_by", "message": str(error)}]
    return render_template(
        "officer/paper.html",
        kind=kind,
        wave=wave,
        paper=found,
        notes=found.notes(),
        public=versions(db.session(), wave) if wave else [],
        errors=errors,
        typed=request.form,
        synthetic=found.synthetic,
    )


def paper_docx(kind: str) -> Response:
    """The paper as a Word file."""
    return _file(kind, "docx")


def paper_pdf(kind: str) -> Response:
    """The paper as a tagged PDF."""
    return _file(kind, "pdf")


def _wave(kind: str) -> Wave | None:
    """The wave that a paper is about, from the address; 404 where there is no such paper."""
    if kind not in KINDS:
        abort(404)
    if kind == chapter.KIND:
        return None
    return wave_called(*request.args.get("wave", "").partition("/")[::2])


def _made(kind: str, wave: Wave | None) -> Paper:
    session, today, rules = db.session(), date.today(), base_rules()
    if wave is None:
        made = chapter.chapter(session, today, organisation=_organisation(), rules=rules)
    else:
        made = results.results(session, wave, today, organisation=_organisation(), rules=rules)
    return made.with_own_words(publishing.own_words(session, kind, wave))


def _done(kind: str, wave: Wave | None, found: Paper) -> str:
    """Do what the form asks, and say so. Raises PublishingError."""
    session, today = db.session(), date.today()
    if request.form.get("then") == "publish" and wave is not None:
        made = publishing.publish(
            session,
            wave,
            by=current_user.email,
            signed_off_by=request.form.get("signed_off_by", ""),
            reason=request.form.get("reason", ""),
            organisation=_organisation(),
            rules=base_rules(),
            today=today,
        )
        session.commit()
        return f"Version {made.version} of the results is public."
    section = request.form.get("section", "")
    if section not in {one.id for one in found.sections}:
        raise PublishingError("Choose the section that your words belong to.")
    text = request.form.get(f"text-{section}", "")
    publishing.write(session, kind, wave, section, text, by=current_user.email, today=today)
    session.commit()
    return "Your words are kept. They stay when the figures change."


def _file(kind: str, to: str) -> Response:
    wave = _wave(kind)
    found = _made(kind, wave)
    try:
        made = helper.call("csp_consult.papers.files:make", to, as_data(found))
    except JobError as error:
        raise FindingError(str(error)) from error
    name = f"{'synthetic-' if found.synthetic else ''}{kind}{f'-{wave.key}' if wave else ''}".replace("/", "-")
    headers = {"Content-Disposition": f'attachment; filename="{name}.{to}"'}
    return Response(base64.b64decode(made), mimetype=TYPES[to], headers=headers)


def _organisation() -> str:
    return current_settings().partnership
