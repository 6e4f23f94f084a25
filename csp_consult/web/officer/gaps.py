"""Perception beside record: the list of topics, and one gap with everything it rests on."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from flask import Response, abort, render_template, request, url_for
from sqlalchemy.orm import Session

from csp_consult import words
from csp_consult.db import db
from csp_consult.fieldwork import waves
from csp_consult.fieldwork.models import Wave
from csp_consult.findings import gaps as findings
from csp_consult.findings.errors import FindingError
from csp_consult.findings.gap_contract import GapFinding
from csp_consult.findings.published_perception import printed_gaps
from csp_consult.findings.safety_gaps import safety_measures
from csp_consult.plan.activities import bears_activity
from csp_consult.reports.chart_data import gap_chart, perception_chart
from csp_consult.reports.gap_tables import gap_table
from csp_consult.reports.provenance import Rows, gap_rests_on, gaps_rest_on
from csp_consult.reports.readings import typology_reading
from csp_consult.web.officer import traced
from csp_consult.web.officer.door import base_rules, district, download, pictures, wave_called

BREAKDOWNS = {"": "The whole district", "beat": "By beat", "ward": "By ward"}


@dataclass(frozen=True)
class GapAddress:
    """What names one gap in an address: whose perception, of what, where."""

    wave: str
    """``survey/wave``; empty where the perception is another body's published figure."""
    topic: str
    area: str

    @classmethod
    def read(cls, given: Mapping[str, str]) -> "GapAddress":
        """The gap an address names; without an area, that of the district."""
        return cls(given.get("wave", ""), given.get("topic", ""), given.get("area") or district())

    @classmethod
    def of(cls, gap: GapFinding) -> "GapAddress":
        """The address of a gap."""
        return cls(gap.wave or "", gap.topic, gap.area)

    def arguments(self) -> dict[str, Any]:
        """What an address carries of it."""
        return {name: value for name, value in asdict(self).items() if value}


def gaps() -> str:
    """Every topic that can be held against the record, and what others published."""
    wave, by = chosen_wave(), request.args.get("by", "")
    found, refusal = _gaps(wave, by)
    return render_template(
        "officer/gaps.html",
        wave=wave,
        by=by,
        breakdowns=list(BREAKDOWNS.items()),
        refusal=refusal,
        asks_safety=bool(wave and safety_measures(db.session(), wave)),
        waves=[(one.key, one.title) for one in waves.listed(db.session(), audience="residents")],
        gaps=[(gap, url_for(".gap", **GapAddress.of(gap).arguments())) for gap in found],
        reading=typology_reading(hosted, ()) if (hosted := [one for one in found if one.wave]) and not by else None,
        drawing=None if by else pictures(perception_chart(found)),
        table=gap_table(found),
        rests_on=gaps_rest_on(found) + (traced.of_wave(wave) if wave else []) + traced.of_code(),
        arguments={"by": by, "wave": wave.key} if wave else {},
        synthetic=any(gap.synthetic for gap in found),
    )


def gaps_csv() -> Response:
    """The same figures as a file."""
    return download(gap_table(_gaps(chosen_wave(), request.args.get("by", ""))[0]))


def gap() -> str:
    """One gap: both figures, how well they can be compared, and what follows."""
    address = GapAddress.read(request.args)
    found = gap_at(db.session(), address)
    return render_template(
        "officer/gap.html",
        gap=found,
        drawing=pictures(gap_chart(found)),
        table=gap_table([found]),
        csv=url_for(".gap_csv", **address.arguments()),
        probabilities=_probabilities(found),
        rests_on=gap_rests_on(found) + _traced(found) + traced.of_code(),
        new_activity=url_for(".new_activity", **address.arguments()) if bears_activity(found) else None,
        audiences=_audiences(found),
        planning=url_for(".planning", **address.arguments()) if found.wave and found.area != district() else None,
        synthetic=found.synthetic,
    )


def gap_csv() -> Response:
    """One gap as a file."""
    found = gap_at(db.session(), GapAddress.read(request.args))
    return download(gap_table([found], f"gap-{found.topic}"))


def gap_at(session: Session, address: GapAddress) -> GapFinding:
    """The gap an address names, or a 404. Raises FindingError where it cannot be made."""
    if address.wave:
        wave = wave_called(*address.wave.partition("/")[::2])
        return findings.gap(session, wave, address.topic, address.area, rules=base_rules())
    published = printed_gaps(session)
    return next((found for found in published if GapAddress.of(found) == address), None) or abort(404)


def wave_id_of(session: Session, gap: GapFinding) -> int | None:
    """The wave that a gap's perception comes from, if it is one held here."""
    return waves.find(session, gap.wave).id if gap.wave else None


def chosen_wave() -> Wave | None:
    """The wave of the address; else the latest of residents that can be compared, or just the latest."""
    asked = request.args.get("wave")
    if asked:
        return wave_called(*asked.partition("/")[::2])
    listed = sorted(waves.listed(db.session(), audience="residents"), key=lambda wave: wave.opens_on, reverse=True)
    return next(filter(_comparable, listed), next(iter(listed), None))


def _comparable(wave: Wave) -> bool:
    try:
        return any(bears_activity(gap) for gap in findings.gaps(db.session(), wave, rules=base_rules()))
    except FindingError:
        return False


def _gaps(wave: Wave | None, by: str) -> tuple[list[GapFinding], str]:
    """The gaps of the wave and of what others published, and why the wave has none (empty where it has)."""
    session = db.session()
    published = printed_gaps(session)
    if wave is None:
        return published, ""
    try:
        return [*findings.gaps(session, wave, by or None, rules=base_rules()), *published], ""
    except FindingError as error:
        return published, str(error)


def _audiences(gap: GapFinding) -> str | None:
    """Where the gap's audiences are; None where there is nobody to reassure, or the gap is of part of the district."""
    if gap.wave is None or gap.area != district() or gap.classification != "reassure":
        return None
    return url_for(".audiences", wave=gap.wave, topic=gap.topic)


def _traced(gap: GapFinding) -> Rows:
    """Both sides back to what they are made from; a published figure has its citation, and no more."""
    said = traced.of_wave(wave_called(*gap.wave.partition("/")[::2])) if gap.wave else []
    counted = gap.recorded is not None and not gap.recorded.direction_only
    return said + (traced.of_record(gap.topic, gap.area) or traced.of_record(gap.topic, district()) if counted else [])


def _probabilities(gap: GapFinding) -> str:
    """How likely each class is, in words; empty where that is not known."""
    likely = sorted(gap.class_probabilities.items(), key=lambda pair: -pair[1])
    return words.listing(f"{name} {words.percent(share)}" for name, share in likely)
