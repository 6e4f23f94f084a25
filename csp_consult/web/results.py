"""Published results: pages, tables and JSON that anybody may read, just as they were when an officer published them."""

import hashlib
import json
from typing import Any

from flask import Blueprint, Response, abort, render_template, request, url_for

from csp_consult.db import db
from csp_consult.fieldwork import waves
from csp_consult.papers import published
from csp_consult.papers.models import Publication
from csp_consult.settings import current_settings

blueprint = Blueprint("results", __name__)


@blueprint.get("/results")
def listed() -> str:
    """All results that are public."""
    found = published.latest(db.session())
    return render_template("results/list.html", published=found, synthetic=any(wave.synthetic for wave, _ in found))


@blueprint.get("/results/<survey>/<wave>")
def page(survey: str, wave: str) -> str:
    """The results of one wave, its newest version, with what was corrected since the first."""
    newest, *_ = found = _versions(survey, wave)
    paper = published.paper_of(newest)
    return render_template(
        "results/paper.html",
        survey=survey,
        wave=wave,
        paper=paper,
        notes=paper.notes(),
        publication=newest,
        versions=found,
        synthetic=paper.synthetic,
    )


@blueprint.get("/results/<survey>/<wave>/<table>.csv")
def table_csv(survey: str, wave: str, table: str) -> Response:
    """One table of the results."""
    newest = _versions(survey, wave)[0]
    found = next((one for one in published.paper_of(newest).tables() if one.id == table), None) or abort(404)
    text = found.with_about({"published_on": newest.published_on.isoformat(), "version": newest.version}).to_csv()
    headers = {"Content-Disposition": f'attachment; filename="{found.file_name}"'}
    return _tagged(Response("\ufeff" + text, mimetype="text/csv", headers=headers))


@blueprint.get("/api/results")
def listed_json() -> Response:
    """All results that are public, as JSON."""
    found = published.latest(db.session())
    rows = [
        {
            "wave": wave.key,
            "title": wave.title,
            "version": publication.version,
            "published_on": publication.published_on.isoformat(),
            "synthetic": wave.synthetic,
            "href": url_for(".one_json", survey=wave.survey.slug, wave=wave.slug),
        }
        for wave, publication in found
    ]
    return _json({"results": rows})


@blueprint.get("/api/results/<survey>/<wave>")
def one_json(survey: str, wave: str) -> Response:
    """The results of one wave as JSON: every table with its values, every sentence with its note."""
    found = _versions(survey, wave)
    newest = found[0]
    revisions = [
        {"version": one.version, "published_on": one.published_on.isoformat(), "reason": one.reason or None}
        for one in found
    ]
    about = {"version": newest.version, "signed_off_by": newest.signed_off_by, "revisions": revisions}
    return _json({**newest.paper, **about})


@blueprint.get("/api/openapi.json")
def openapi() -> Response:
    """What the JSON looks like, for programs."""
    settings = current_settings()
    return _json(_openapi(settings.partnership, settings.site_address))


def _versions(survey: str, wave: str) -> list[Publication]:
    """Everything published of a wave, newest first; 404 where nothing is."""
    try:
        return list(published.versions(db.session(), waves.find(db.session(), f"{survey}/{wave}"))) or abort(404)
    except waves.WaveError:
        abort(404)


def _json(data: dict[str, Any]) -> Response:
    return _tagged(Response(json.dumps(data, ensure_ascii=False, indent=1), mimetype="application/json"))


def _tagged(response: Response) -> Response:
    """The response with an ETag, or 304 to whoever has it already."""
    response.set_etag(hashlib.sha256(response.get_data()).hexdigest())
    response.headers["Cache-Control"] = "public, max-age=0, must-revalidate"
    response.make_conditional(request)
    return response


def _openapi(title: str, server: str) -> dict[str, Any]:
    string, integer, boolean = {"type": "string"}, {"type": "integer"}, {"type": "boolean"}
    missing = {"404": {"description": "Nothing of that name is public."}}
    cell = {"text": string, "value": {"type": ["string", "number", "null"]}}
    table = {
        "id": string,
        "caption": string,
        "columns": _array({"heading": {"type": ["string", "null"]}, "name": {"type": ["string", "null"]}}),
        "rows": {"type": "array", "items": _array(cell)},
        "synthetic": boolean,
    }
    section = {
        "id": string,
        "title": string,
        "paragraphs": _array({"text": string, "note": string}),
        "tables": _array({"table": _object(table), "note": string}),
        "own_words": string,
    }
    line = {"wave": string, "title": string, "version": integer, "published_on": string, "synthetic": boolean}
    paper = {"title": string, "synthetic": boolean, "version": integer, "sections": _array(section)}
    names = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in ("survey", "wave")
    ]
    listing, one = _object({"results": _array({**line, "href": string})}), _object(paper)
    return {
        "openapi": "3.1.0",
        "info": {"title": f"Published results of {title}", "version": "1"},
        "servers": [{"url": server}],
        "paths": {
            "/api/results": {"get": {"summary": "All public results", "responses": {"200": _ok(listing)}}},
            "/api/results/{survey}/{wave}": {
                "parameters": names,
                "get": {"summary": "The results of one wave", "responses": {"200": _ok(one), **missing}},
            },
        },
    }


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties)}


def _array(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": _object(properties)}


def _ok(schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": "Found.", "content": {"application/json": {"schema": schema}}}
