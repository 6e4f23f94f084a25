"""Which papers are public, and the OpenAPI document of their JSON. Light: read by every visitor."""

from typing import Any, Final

RESULTS: Final = "results"
FAIRNESS: Final = "fairness"
BEFORE_OPENING: Final = "before-opening"
"""Not public: that and when it was signed off is told by how we consulted."""
COUNCILS_OWN: Final = "parish-feedback"
"""Not public: each is for its council."""
PUBLIC: Final = {
    RESULTS: "Results of surveys",
    FAIRNESS: "How we consulted",
    "three-year-plan": "The three-year plan",
    "plan-review": "Yearly reviews of the three-year plan",
    "consultation": "Community consultation: chapter of the Partnership Strategic Assessment",
}
"""The kinds of papers that are public once they are signed off, as the public list calls them."""


def openapi_document(title: str, server: str) -> dict[str, Any]:
    """What the JSON looks like, for programs: OpenAPI 3.1."""
    missing = {"404": {"description": "Nothing of that name is public."}}
    about = {"name": "about", "in": "query", "required": False, "schema": _STRING}
    about |= {"description": "What the paper is about, as the list of papers says; empty for one about all there is."}
    names = [_in_path("survey"), _in_path("wave")]
    listing = {**_LINE, "synthetic": _BOOLEAN, "href": _STRING}
    results = _object({"results": _array({"wave": _STRING, **listing})})
    papers = _object({"papers": _array({"kind": _STRING, "about": _STRING, **listing})})
    log = _object({"revisions": _array({"kind": _STRING, "about": _STRING, "title": _STRING, **_REVISION})})
    paper = {**_PAPER, "revisions": _array(_REVISION)}
    return {
        "openapi": "3.1.0",
        "info": {"title": f"Published results of {title}", "version": "1"},
        "servers": [{"url": server}],
        "paths": {
            "/api/results": {"get": _get("All public results of surveys", results)},
            "/api/results/{survey}/{wave}": {
                "parameters": names,
                "get": _get("The results of one wave", _object(paper), missing),
            },
            "/api/papers": {"get": _get("Every public paper", papers)},
            "/api/papers/{kind}": {
                "parameters": [_in_path("kind"), about],
                "get": _get("One public paper", _object(paper), missing),
            },
            "/api/revisions": {"get": _get("Everything that was ever made public, newest first", log)},
        },
    }


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties)}


def _array(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": _object(properties)}


def _in_path(name: str) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": _STRING}


def _get(summary: str, schema: dict[str, Any], others: dict[str, Any] | None = None) -> dict[str, Any]:
    found = {"description": "Found.", "content": {"application/json": {"schema": schema}}}
    kept = {"description": "What the ETag of If-None-Match names is still the newest."}
    return {"summary": summary, "responses": {"200": found, "304": kept, **(others or {})}}


_STRING, _INTEGER, _BOOLEAN = {"type": "string"}, {"type": "integer"}, {"type": "boolean"}
_MAYBE = {"type": ["string", "null"]}
_LINE = {"title": _STRING, "version": _INTEGER, "published_on": _STRING}
_REVISION = {"version": _INTEGER, "published_on": _STRING, "signed_off_by": _STRING, "reason": _MAYBE}
_CELL = {"text": _STRING, "value": {"type": ["string", "number", "null"]}}
_TABLE = {
    "id": _STRING,
    "caption": _STRING,
    "columns": _array({"heading": _MAYBE, "name": _MAYBE, "number": _BOOLEAN}),
    "rows": {"type": "array", "items": _array(_CELL)},
    "about": {"type": "object"},
    "synthetic": _BOOLEAN,
}
_SECTION = {
    "id": _STRING,
    "title": _STRING,
    "paragraphs": _array({"text": _STRING, "note": _STRING}),
    "tables": _array({"table": _object(_TABLE), "note": _STRING}),
    "own_words": _STRING,
    "pictures": _array({"kind": _STRING, "data": {"type": "object"}, "alt": _STRING}),
}
_PAPER = {
    "kind": _STRING,
    "title": _STRING,
    "subtitle": _STRING,
    "organisation": _STRING,
    "made_on": _STRING,
    "synthetic": _BOOLEAN,
    "about": {"type": "object"},
    "sections": _array(_SECTION),
    "version": _INTEGER,
    "published_on": _STRING,
    "signed_off_by": _STRING,
}
