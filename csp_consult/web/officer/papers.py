"""Papers: what will be said, an officer's own words in it, its files, and signing it off."""

from datetime import date

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask_security import current_user
from werkzeug.wrappers import Response as WerkzeugResponse

from csp_consult.db import db
from csp_consult.fieldwork import waves
from csp_consult.fieldwork.models import Wave
from csp_consult.fieldwork.waves import WaveState, response_due, state
from csp_consult.findings.errors import FindingError
from csp_consult.jobs import JobError
from csp_consult.papers import publishing
from csp_consult.papers.contents import Paper
from csp_consult.papers.kinds import KINDS, Making
from csp_consult.papers.models import Publication
from csp_consult.papers.open_data import PUBLIC
from csp_consult.papers.parish_feedback import councils
from csp_consult.papers.plan_review import latest_year
from csp_consult.papers.published import latest, paper_of, versions
from csp_consult.papers.publishing import PublishingError
from csp_consult.places.models import Area
from csp_consult.plan.three_year import plans
from csp_consult.reports.strategy import latest_quarter
from csp_consult.settings import current_settings
from csp_consult.web.officer.door import base_rules, district
from csp_consult.web.paper_files import paper_file
from csp_consult.web.paper_pictures import drawings


def papers() -> str:
    """Every paper that can be made, and where each stands."""
    session, today = db.session(), date.today()
    closed = [wave for wave in waves.listed(session) if state(wave, today) is WaveState.CLOSED]
    signed = {(one.kind, one.about): one for one in latest(session, KINDS)}
    return render_template(
        "officer/papers.html",
        closed=closed,
        coming=[wave for wave in waves.listed(session) if wave not in closed],
        signed=signed,
        councils={wave.key: _councils(wave) for wave in closed},
        due={wave.key: response_due(wave) for wave in closed},
        quarter=latest_quarter(session, today),
        plan=next(iter(plans(session)), None),
        year=latest_year(session, district(), today),
        synthetic=any(wave.synthetic for wave in closed),
    )


def _councils(wave: Wave) -> list[tuple[str, str]]:
    """What the sheets of a parish wave are about, with the names of their councils."""
    session = db.session()
    found = [(f"{wave.key}/{code}", session.get_one(Area, code).name) for code in councils(session, wave)]
    return sorted(found, key=lambda one: one[1])


def paper(kind: str) -> str | WerkzeugResponse:
    """One paper as it would be today, or as it was signed off. A POST keeps an officer's words, or signs it off."""
    about, signed = _about(kind), _versions(kind)
    errors: list[dict[str, str]] = []
    version = _asked_version(signed)
    found = paper_of(version) if version else publishing.made(db.session(), kind, about, _making())
    if request.method == "POST":
        try:
            flash(_done(kind, about, found), "success")
            return redirect(url_for(".paper", kind=kind, about=about or None))
        except PublishingError as error:
            db.session().rollback()
            section = request.form.get("section")
            errors = [{"field_id": f"text-{section}" if section else "signed_off_by", "message": str(error)}]
    return render_template(
        "officer/paper.html",
        kind=kind,
        about=about,
        public=kind in PUBLIC,
        alike=KINDS[kind].alike is not None,
        paper=found,
        drawings=drawings(found),
        notes=found.notes(),
        signed=signed,
        version=version,
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


def _about(kind: str) -> str:
    """What the paper is about, from the address; 404 where there is no such paper."""
    return request.args.get("about", "") if kind in KINDS else abort(404)


def _versions(kind: str) -> list[Publication]:
    return list(versions(db.session(), kind, _about(kind)))


def _asked_version(signed: list[Publication]) -> Publication | None:
    given = request.args.get("version")
    if given is None:
        return None
    return next((one for one in signed if str(one.version) == given), None) or abort(404)


def _making() -> Making:
    return Making(date.today(), current_settings().partnership, district(), base_rules())


def _done(kind: str, about: str, found: Paper) -> str:
    """Do what the form asks, and say so. Raises PublishingError."""
    session, today = db.session(), date.today()
    if request.form.get("then") == "publish":
        alike = KINDS[kind].alike
        made = [
            publishing.publish(
                session,
                kind,
                one,
                _making(),
                by=current_user.email,
                signed_off_by=request.form.get("signed_off_by", ""),
                reason=request.form.get("reason", ""),
            )
            for one in (alike(session, about) if alike else [about])
        ]
        session.commit()
        many = f" {len(made)} were signed off together." if alike else ""
        return f"Version {made[0].version} is {'public' if kind in PUBLIC else 'signed off and kept'}.{many}"
    section = request.form.get("section", "")
    if section not in {one.id for one in found.sections}:
        raise PublishingError("Choose the section that your words belong to.")
    text = request.form.get(f"text-{section}", "")
    publishing.write(session, kind, about, section, text, by=current_user.email, today=today)
    session.commit()
    return "Your words are kept. They stay when the figures change."


def _file(kind: str, to: str) -> Response:
    about, version = _about(kind), _asked_version(_versions(kind))
    found = paper_of(version) if version else publishing.made(db.session(), kind, about, _making())
    try:
        return paper_file(found, about, to)
    except JobError as error:
        raise FindingError(str(error)) from error
