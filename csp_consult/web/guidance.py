"""Help for everybody: the glossary, and quick starts of two pages to print for clerks and officers."""

import base64
import re
from collections.abc import Iterator

from flask import Blueprint, Response, abort, flash, redirect, render_template, url_for
from markupsafe import Markup, escape
from werkzeug.wrappers import Response as WerkzeugResponse

from csp_consult.jobs import JobError, helper
from csp_consult.resources import resource_folder
from csp_consult.web.calling import hold_printing
from csp_consult.web.files import file_response

blueprint = Blueprint("guidance", __name__, url_prefix="/help")

GUIDES = {"clerk": "Quick start for parish clerks", "officer": "Quick start for officers"}
_ROW = re.compile(r"^\| (?!term \||---)(.+?) \| (.+) \|$", re.MULTILINE)
_CODE, _STRESSED = re.compile(r"`([^`]+)`"), re.compile(r"\*([^*]+)\*")


def glossary_terms() -> Iterator[tuple[str, Markup]]:
    """Every term with its meaning, from the glossary of the documentation, which stays the one source."""
    for term, meaning in _ROW.findall((resource_folder("docs") / "glossary.md").read_text(encoding="utf-8")):
        said = _STRESSED.sub(r"<em>\1</em>", _CODE.sub(r"<code>\1</code>", str(escape(meaning))))
        yield term, Markup(said)  # noqa: S704 - escaped above; only our own two marks become elements


@blueprint.get("/glossary")
def glossary() -> str:
    """What our words mean, in the order of the alphabet."""
    return render_template("guidance/glossary.html", terms=sorted(glossary_terms(), key=lambda pair: pair[0].lower()))


@blueprint.get("/<guide>")
def guide(guide: str) -> str:
    """A quick start as a page."""
    title = GUIDES.get(guide) or abort(404)
    return render_template("guidance/guide.html", guide=guide, title=title, printed=False)


@blueprint.get("/<guide>.pdf")
def guide_pdf(guide: str) -> WerkzeugResponse:
    """The same on two pages of A4."""
    title = GUIDES.get(guide) or abort(404)
    hold_printing()
    html = render_template("guidance/guide_print.html", guide=guide, title=title, printed=True)
    try:
        made = base64.b64decode(helper.call("csp_consult.printing:page_as_pdf", html))
    except JobError:
        flash("The PDF could not be made just now. Print this page instead.", "important")
        return redirect(url_for(".guide", guide=guide))
    file: Response = file_response(made, f"quick-start-{guide}.pdf", "application/pdf")
    return file
