"""What is public: pages, files, tables and JSON that anybody may read, just as they were when they were signed off."""

import hashlib
import json
import logging
from importlib import import_module
from types import ModuleType
from typing import Any, Final

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as WerkzeugResponse

from csp_consult.db import db
from csp_consult.jobs import JobError
from csp_consult.papers import published
from csp_consult.papers.models import Publication
from csp_consult.papers.open_data import FAIRNESS, PUBLIC, RESULTS, openapi_document
from csp_consult.reports.tables import Value
from csp_consult.settings import current_settings
from csp_consult.web.agendas import NO_FILE
from csp_consult.web.calling import hold_printing
from csp_consult.web.paper_files import paper_file

blueprint = Blueprint("results", __name__)
log = logging.getLogger(__name__)

NO_CHART: Final = (
    "The chart could not be drawn just now. Try again in a minute; the table below it holds the same figures."
)


@blueprint.get("/results")
def listed() -> str:
    """Everything that is public."""
    found = published.latest(db.session(), PUBLIC)
    lists = [(kind, title, [one for one in found if one.kind == kind]) for kind, title in PUBLIC.items()]
    return render_template("results/list.html", lists=lists, synthetic=any(one.paper["synthetic"] for one in found))


@blueprint.get("/results/revisions")
def revisions() -> str:
    """Everything that was ever made public, with the reason of each correction."""
    found = published.every_version(db.session(), PUBLIC)
    return render_template(
        "results/revisions.html", found=found, synthetic=any(one.paper["synthetic"] for one in found)
    )


@blueprint.get("/results/<survey>/<wave>")
def page(survey: str, wave: str) -> str:
    """The results of one wave, their newest version, with what was corrected since the first."""
    return _page(RESULTS, f"{survey}/{wave}")


@blueprint.get("/results/<survey>/<wave>.<to>")
def file(survey: str, wave: str, to: str) -> WerkzeugResponse:
    """The results of one wave as a Word file or PDF."""
    return _file(RESULTS, f"{survey}/{wave}", to)


@blueprint.get("/results/<survey>/<wave>/<table>.csv")
def table_csv(survey: str, wave: str, table: str) -> Response:
    """One table of the results."""
    return _table(RESULTS, f"{survey}/{wave}", table)


@blueprint.get("/results/<survey>/<wave>/charts/<section>/<int:number>.<to>")
def chart(survey: str, wave: str, section: str, number: int, to: str) -> WerkzeugResponse:
    """One chart of the results as a picture."""
    return _chart(RESULTS, f"{survey}/{wave}", section, number, to)


@blueprint.get("/papers/<kind>")
def paper(kind: str) -> str:
    """Any other paper, named in the address by its kind and what it is about."""
    return _page(kind, request.args.get("about", ""))


@blueprint.get("/papers/<kind>.<to>")
def paper_as_file(kind: str, to: str) -> WerkzeugResponse:
    """Any other paper as a Word file or PDF."""
    return _file(kind, request.args.get("about", ""), to)


@blueprint.get("/papers/<kind>/<table>.csv")
def paper_table_csv(kind: str, table: str) -> Response:
    """One table of any other paper."""
    return _table(kind, request.args.get("about", ""), table)


@blueprint.get("/papers/<kind>/charts/<section>/<int:number>.<to>")
def paper_chart(kind: str, section: str, number: int, to: str) -> WerkzeugResponse:
    """One chart of any other paper as a picture."""
    return _chart(kind, request.args.get("about", ""), section, number, to)


@blueprint.get("/api/results")
def listed_json() -> Response:
    """All results of surveys that are public, as JSON."""
    rows = [{"wave": one.about, **_line(one)} for one in published.latest(db.session(), {RESULTS})]
    return _json({"results": rows})


@blueprint.get("/api/results/<survey>/<wave>")
def one_json(survey: str, wave: str) -> Response:
    """The results of one wave as JSON: every table with its values, every sentence with its note."""
    return _paper_json(RESULTS, f"{survey}/{wave}")


@blueprint.get("/api/papers")
def papers_json() -> Response:
    """Every public paper, results of surveys included, as JSON."""
    found = published.latest(db.session(), PUBLIC)
    return _json({"papers": [{"kind": one.kind, "about": one.about, **_line(one)} for one in found]})


@blueprint.get("/api/papers/<kind>")
def paper_json(kind: str) -> Response:
    """Any other paper as JSON."""
    return _paper_json(kind, request.args.get("about", ""))


@blueprint.get("/api/revisions")
def revisions_json() -> Response:
    """Everything that was ever made public, as JSON."""
    found = published.every_version(db.session(), PUBLIC)
    rows = [{"kind": one.kind, "about": one.about, "title": one.paper["title"], **_revision(one)} for one in found]
    return _json({"revisions": rows})


@blueprint.get("/api/openapi.json")
def openapi() -> Response:
    """What the JSON looks like, for programs."""
    settings = current_settings()
    return _json(openapi_document(settings.partnership, settings.site_address))


def address(kind: str, about: str, to: str = "", **of: Any) -> str:
    """Where a public paper is: its page, or it as ``docx``, ``pdf`` or ``json``; or one thing ``of`` it as a file.

    That is a ``table`` as ``csv``, or a chart of a ``section``, by its ``number``, as ``svg`` or ``png``.
    """
    own, other = {
        "": ("page", "paper"),
        "json": ("one_json", "paper_json"),
        "csv": ("table_csv", "paper_table_csv"),
        "svg": ("chart", "paper_chart"),
        "png": ("chart", "paper_chart"),
    }.get(to, ("file", "paper_as_file"))
    more = {**of, "to": to} if own in {"file", "chart"} else of
    if kind == RESULTS:
        survey, _, wave = about.partition("/")
        return url_for(f"results.{own}", survey=survey, wave=wave, **more)
    return url_for(f"results.{other}", kind=kind, about=about or None, **more)


@blueprint.app_context_processor
def _addresses() -> dict[str, Any]:
    return {"public_address": address}


def _page(kind: str, about: str) -> str:
    newest, *_ = found = _versions(kind, about)
    shown = published.paper_of(newest)
    return render_template(
        "results/paper.html",
        kind=kind,
        about=about,
        paper=shown,
        drawings=_pictures().drawings(shown),
        notes=shown.notes(),
        publication=newest,
        versions=found,
        beside=_beside(kind, about),
        synthetic=shown.synthetic,
    )


def _beside(kind: str, about: str) -> Publication | None:
    """What is public of the same consultation: its results beside how it was run, and the other way round."""
    other = {RESULTS: FAIRNESS, FAIRNESS: RESULTS}.get(kind)
    return next(iter(published.versions(db.session(), other, about)), None) if other else None


def _file(kind: str, about: str, to: str) -> WerkzeugResponse:
    if to not in {"docx", "pdf"}:
        abort(404)
    newest = _versions(kind, about)[0]
    hold_printing()
    try:
        return paper_file(published.paper_of(newest), about, to)
    except JobError:
        log.exception("The paper could not be made as %s.", to)
        flash(NO_FILE, "important")
        return redirect(address(kind, about))


def _chart(kind: str, about: str, section: str, number: int, to: str) -> WerkzeugResponse:
    newest = _versions(kind, about)[0]
    hold_printing()
    try:
        made: Response = _pictures().picture_file(published.paper_of(newest), section, number, to)
    except JobError:
        log.exception("A chart could not be made as %s.", to)
        flash(NO_CHART, "important")
        return redirect(address(kind, about))
    return made


def _pictures() -> ModuleType:
    return import_module("csp_consult.web.paper_pictures")


def _table(kind: str, about: str, table: str) -> Response:
    newest = _versions(kind, about)[0]
    every = published.paper_of(newest).noted_tables()
    found, note = next((one for one in every if one[0].id == table), None) or abort(404)
    published_on = newest.published_on.isoformat()
    taken: dict[str, Value] = {"published_on": published_on, "version": newest.version, "rests_on": note}
    text = found.with_about(taken).to_csv()
    headers = {"Content-Disposition": f'attachment; filename="{found.file_name}.csv"'}
    return _tagged(Response("\ufeff" + text, mimetype="text/csv", headers=headers))


def _paper_json(kind: str, about: str) -> Response:
    newest, *_ = found = _versions(kind, about)
    data = {"version": newest.version, "published_on": newest.published_on.isoformat()}
    data |= {"signed_off_by": newest.signed_off_by, "revisions": [_revision(one) for one in found]}
    return _json({**newest.paper, **data})


def _versions(kind: str, about: str) -> list[Publication]:
    """Everything published of a paper, newest first; 404 where nothing is."""
    return list(published.versions(db.session(), kind, about) if kind in PUBLIC else ()) or abort(404)


def _line(one: Publication) -> dict[str, Any]:
    return {
        "title": one.paper["title"],
        "version": one.version,
        "published_on": one.published_on.isoformat(),
        "synthetic": one.paper["synthetic"],
        "href": address(one.kind, one.about, "json"),
    }


def _revision(one: Publication) -> dict[str, Any]:
    return {
        "version": one.version,
        "published_on": one.published_on.isoformat(),
        "signed_off_by": one.signed_off_by,
        "reason": one.reason or None,
    }


def _json(data: dict[str, Any]) -> Response:
    return _tagged(Response(json.dumps(data, ensure_ascii=False, indent=1), mimetype="application/json"))


def _tagged(response: Response) -> Response:
    """The response with an ETag, or 304 to whoever has it already."""
    response.set_etag(hashlib.sha256(response.get_data()).hexdigest())
    response.headers["Cache-Control"] = "public, max-age=0, must-revalidate"
    response.make_conditional(request)
    return response
