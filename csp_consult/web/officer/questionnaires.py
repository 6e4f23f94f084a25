"""Questionnaires: the versions kept, copies of them, files from other programs, and what changed between two."""

from datetime import date

from flask import Response, abort, redirect, render_template, request, url_for
from flask_security import current_user
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as WerkzeugResponse

from csp_consult.db import db
from csp_consult.fieldwork import waves
from csp_consult.fieldwork.models import Wave
from csp_consult.people import audit
from csp_consult.questionnaire import drafts
from csp_consult.questionnaire.comparing import BROKEN, compared
from csp_consult.questionnaire.exchange.building import ExchangeError
from csp_consult.questionnaire.exchange.reading import imported
from csp_consult.questionnaire.exchange.xlsform_out import xlsform
from csp_consult.questionnaire.faults import QuestionnaireError
from csp_consult.questionnaire.model import Questionnaire
from csp_consult.questionnaire.models import QuestionnaireDraft, QuestionnaireVersion
from csp_consult.questionnaire.parse import compiled
from csp_consult.questionnaire.store import questionnaire_of
from csp_consult.reports.questionnaire_files import dictionary_table
from csp_consult.web.files import file_response
from csp_consult.web.officer.door import XLSX, download

LARGEST_FILE = 5 * 2**20


def questionnaires() -> str | WerkzeugResponse:
    """Drafts and versions; a POST starts a draft from a file."""
    session = db.session()
    error = ""
    if request.method == "POST":
        try:
            draft = _from_file(session)
        except (ExchangeError, QuestionnaireError) as refused:
            session.rollback()
            error = str(refused)
        else:
            session.commit()
            return redirect(url_for(".questionnaire_draft", draft_id=draft.id), 303)
    return render_template(
        "officer/questionnaires.html",
        drafts=[(draft, drafts.title_of(draft.source)) for draft in drafts.listed(session)],
        versions=[
            (version, drafts.title_of(version.source), _waves(session, version)) for version in _versions(session)
        ],
        errors=[{"field_id": "file", "message": error}] if error else [],
    )


def _from_file(session: Session) -> QuestionnaireDraft:
    """A draft of the file that was sent. Raises ExchangeError or QuestionnaireError, with what to do."""
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        raise ExchangeError("Choose a file first.")
    content = sent.stream.read(LARGEST_FILE + 1)
    today, by = date.today(), current_user.email
    if sent.filename.lower().endswith((".yaml", ".yml")):
        try:
            return drafts.begun(session, content.decode("utf-8-sig"), by=by, today=today)
        except UnicodeDecodeError as error:
            raise ExchangeError("The file is not UTF-8 text; save it as UTF-8 and try again.") from error
    found = imported(content, sent.filename)
    return drafts.begun(session, found.source, by=by, today=today, notes=[str(note) for note in found.notes])


def _versions(session: Session) -> list[QuestionnaireVersion]:
    order = (QuestionnaireVersion.slug, QuestionnaireVersion.loaded_on.desc(), QuestionnaireVersion.id.desc())
    return list(session.scalars(select(QuestionnaireVersion).order_by(*order)))


def _waves(session: Session, version: QuestionnaireVersion) -> list[tuple[Wave, str]]:
    """The waves that ask a version, each with how it stands."""
    found = session.scalars(select(Wave).where(Wave.questionnaire_id == version.id).order_by(Wave.opens_on))
    return [(wave, waves.state(wave, date.today())) for wave in found]


def _version(version_id: int) -> QuestionnaireVersion:
    version = db.session().get(QuestionnaireVersion, version_id)
    if version is None:
        abort(404)
    return version


def questionnaire_clone(version_id: int) -> WerkzeugResponse:
    """Start a draft from a version."""
    session = db.session()
    draft = drafts.cloned(session, _version(version_id), by=current_user.email, today=date.today())
    session.commit()
    return redirect(url_for(".questionnaire_draft", draft_id=draft.id), 303)


def questionnaire_file(version_id: int, form: str) -> Response:
    """A version as a file: as it was written, as an XLSForm, or its data dictionary."""
    version = _version(version_id)
    name = f"{version.slug}-{version.version}"
    if form == "dictionary":
        return download(dictionary_table(questionnaire_of(version)))
    if form == "yaml":
        return file_response(version.source.encode(), f"{name}.yaml", "application/yaml")
    if form != "xlsform":
        abort(404)
    return file_response(xlsform(version.source), f"{name}.xlsx", XLSX)


def questionnaire_use(version_id: int) -> WerkzeugResponse | tuple[str, int]:
    """Let a wave that has not opened ask this version."""
    session, version = db.session(), _version(version_id)
    try:
        wave = waves.find(session, request.form.get("wave", ""))
        waves.use_questionnaire(session, wave, version, date.today())
    except waves.WaveError as error:
        session.rollback()
        refused = render_template(
            "officer/refused.html",
            heading="The wave keeps its questionnaire",
            message=str(error),
            back=url_for(".questionnaire_version", version_id=version_id),
            back_to="the version",
        )
        return refused, 409
    audit.record(session, "questionnaire.use", subject=wave.key, detail={"version": version.version})
    session.commit()
    return redirect(url_for(".questionnaire_version", version_id=version.id), 303)


def questionnaire_version(version_id: int) -> str:
    """One version: what it asks, who asks it, and what can be done with it."""
    session, version = db.session(), _version(version_id)
    today = date.today()
    planned = [
        (wave.key, wave.title)
        for wave in waves.listed(session)
        if wave.survey.slug == version.slug and waves.state(wave, today) is waves.WaveState.NOT_YET_OPEN
    ]
    others = [one for one in _versions(session) if one.slug == version.slug and one.id != version.id]
    return render_template(
        "officer/questionnaire_version.html",
        version=version,
        questionnaire=questionnaire_of(version),
        waves=_waves(session, version),
        planned=planned,
        others=others,
    )


def questionnaire_compare() -> str:
    """What changed between two versions, or between a version and a draft."""
    session = db.session()
    before = _version(request.args.get("before", 0, int))
    draft_id = request.args.get("draft", 0, int)
    if draft_id:
        draft = session.get(QuestionnaireDraft, draft_id)
        if draft is None:
            abort(404)
        after: Questionnaire = compiled(draft.source)
        name = f"the draft of {draft.changed_on:%-d %B %Y}"
    else:
        version = _version(request.args.get("after", 0, int))
        after, name = questionnaire_of(version), f"version {version.version}"
    found = compared(questionnaire_of(before), after)
    broken = [change for change in found.changes if change.trend == BROKEN]
    return render_template(
        "officer/questionnaire_compare.html",
        before=before,
        after=after,
        name=name,
        comparison=found,
        broken=broken,
        disturbed=[change for change in found.changes if change.trend not in {BROKEN, "kept"}],
        kept=[change for change in found.changes if change.trend == "kept"],
        draft_id=draft_id,
    )
