"""All gaps of a wave at once: what each topic and each ward calls for, with a way down to each."""

from dataclasses import dataclass, replace

from flask import Response, render_template, request, url_for

from csp_consult.db import db
from csp_consult.fieldwork import waves
from csp_consult.fieldwork.models import Wave
from csp_consult.findings.errors import FindingError
from csp_consult.findings.gap_contract import GapFinding
from csp_consult.findings.typology import Typology
from csp_consult.findings.typology import typology as find
from csp_consult.places.shapes import shapes
from csp_consult.reports.chart_data import typology_chart
from csp_consult.reports.gap_tables import typology_table
from csp_consult.reports.map_data import ward_map
from csp_consult.reports.provenance import gaps_rest_on
from csp_consult.reports.readings import typology_reading
from csp_consult.reports.tables import Table
from csp_consult.web.officer import traced
from csp_consult.web.officer.door import base_rules, download, pictures
from csp_consult.web.officer.gaps import GapAddress, chosen_wave


@dataclass(frozen=True)
class Tile:
    """A ward of the tile map: its name, its class, and where its gap is."""

    name: str
    classification: str
    href: str


def typology() -> str:
    """Every topic and ward by what it calls for: chart, tiles of wards, table."""
    wave = wave_or_refusal()
    found = find(db.session(), wave, request.args.get("topic"), rules=base_rules())
    topic = found.wards[0].topic if found.wards else found.topics[0].topic
    everything = (*found.topics, *found.wards)
    of_topics, of_wards = _shown(found)
    return render_template(
        "officer/typology.html",
        wave=wave,
        topic=topic,
        waves=[(one.key, one.title) for one in waves.listed(db.session(), audience="residents")],
        topics=[(one.topic, one.topic_title) for one in found.topics],
        topic_tiles=[_tile(one, one.topic_title) for one in found.topics],
        beats=[(beat.beat, [_tile(ward, ward.area_name) for ward in beat.wards]) for beat in found.beats],
        drawing=pictures(typology_chart(found.topics, found.wards)),
        map=pictures(ward_map(found.wards, shapes(db.session(), [ward.area for ward in found.wards]))),
        reading=typology_reading(found.topics, found.wards),
        comparable=any(one.grade != "D" for one in everything),
        table=typology_table(everything),
        of_topics=of_topics,
        of_wards=of_wards,
        csv=url_for(".typology_csv", wave=wave.key, topic=topic),
        rests_on=gaps_rest_on(everything) + traced.of_wave(wave) + traced.of_code(),
        synthetic=wave.synthetic,
    )


def typology_csv() -> Response:
    """The same figures as a file: all in one table, and as the page shows them."""
    found: Typology = find(db.session(), wave_or_refusal(), request.args.get("topic"), rules=base_rules())
    return download(typology_table((*found.topics, *found.wards)), *_shown(found))


def _shown(found: Typology) -> tuple[Table, Table]:
    """Topics and wards apart, as the page has them."""
    return (
        replace(typology_table(found.topics), id="typology-topics", caption="What each topic calls for"),
        replace(typology_table(found.wards), id="typology-wards", caption="What each ward calls for"),
    )


def wave_or_refusal() -> Wave:
    """The wave of the address, or the one to start with. Raises FindingError where there is none."""
    wave = chosen_wave()
    if wave is None:
        raise FindingError("There is no survey of residents yet, so there is nothing to hold against the record.")
    return wave


def _tile(gap: GapFinding, name: str) -> Tile:
    said = gap.classification or "not compared"
    return Tile(name, said, url_for(".gap", **GapAddress.of(gap).arguments()))
