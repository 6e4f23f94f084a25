"""From a figure back to what made it: responses, questionnaire, weighting run, files, code; with links."""

from flask import url_for
from markupsafe import Markup

from csp_consult import words
from csp_consult.db import db
from csp_consult.fieldwork.models import Wave
from csp_consult.findings.made_from import made_from
from csp_consult.papers.published import paper_of, versions
from csp_consult.papers.results import KIND
from csp_consult.recorded.series import NoSeriesError, Series, series
from csp_consult.reports.provenance import Rows
from csp_consult.version import code_version


def of_wave(wave: Wave) -> Rows:
    """What the figures of a wave are made from, and where they were published."""
    found = made_from(db.session(), wave)
    councils = wave.survey.audience == "parishes"
    said = [f"{words.number(found.submitted)} {'councils have answered on a mandate' if councils else 'submitted'}"]
    said += [f"{words.number(n)} {mode}" for mode, n in found.by_mode if len(found.by_mode) > 1]
    if found.outside:
        said.append(f"{words.number(found.outside)} from outside the district, in no resident figure")
    if found.erased_on:
        said.append(f"Single responses were let go on {words.day(found.erased_on)}; the counts stay")
    asked = _link(url_for("officer.questionnaire_version", version_id=found.questionnaire_id), found.questionnaire)
    rows: Rows = [
        {"key": "Responses", "value": said},
        {"key": "Questionnaire", "value": [asked, f"Digest {found.digest[:16]}"]},
    ]
    if not councils:
        run = (
            f"kept as run {found.run[0]} of {words.day(found.run[1])}" if found.run else "made for this page, not kept"
        )
        rows.append({"key": "Weighting run", "value": f"Of counts number {found.tally_version}, {run}"})
    return [*rows, _published(wave)]


def of_record(topic: str, area: str, source: str | None = None) -> Rows:
    """The files that the recorded figures of a topic rest on; none where nothing is on record."""
    try:
        return files_of(series(db.session(), topic, area, source=source))
    except NoSeriesError:
        return []


def files_of(found: Series) -> Rows:
    """The files of a series, each with the day it was taken in and a link to its receipt."""
    files = [
        _link(url_for("officer.recorded_import", import_id=one.id), f"{one.file_name}, {words.day(one.imported_on)}")
        for one in found.imports
    ]
    return [{"key": "Files of the record", "value": files}] if files else []


def of_code() -> Rows:
    """Which code computed the figures."""
    return [{"key": "Code", "value": f"csp_consult {code_version()}"}]


def _published(wave: Wave) -> dict[str, str | list[str]]:
    """Where the figures of a wave were made public."""
    public = [
        _link(
            url_for("officer.paper", kind=KIND, about=wave.key, version=one.version),
            f"{paper_of(one).title}, version {one.version}, {words.day(one.published_on)}",
        )
        for one in versions(db.session(), KIND, wave.key)
    ]
    since = _link(url_for("officer.corrections"), "What has changed since it was signed off")
    return {"key": "Published", "value": [*public, since] if public else "Nothing of this wave has been published"}


def _link(href: str, text: str) -> str:
    return Markup('<a class="govuk-link" href="{}">{}</a>').format(href, text)
