"""All sources side by side, blended with their weights in the open."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from flask import Response, render_template, request, url_for

from csp_consult import words
from csp_consult.db import db
from csp_consult.fieldwork import waves
from csp_consult.fieldwork.models import Wave
from csp_consult.findings import blending
from csp_consult.findings.contract import BlendFinding
from csp_consult.findings.errors import FindingError
from csp_consult.reports.chart_data import blend_chart
from csp_consult.reports.finding_tables import blend_orders_table, blend_places_table, blend_table
from csp_consult.reports.provenance import blend_rests_on
from csp_consult.reports.readings import blend_reading
from csp_consult.web.officer.door import base_rules, download, pictures, wave_called

_LEFT_OUT = "none"


@dataclass(frozen=True)
class Choice:
    """Which waves, and what the institutions weigh in per cent; None where the address leaves the default."""

    waves: tuple[Wave, ...] | None
    weight: int | None

    @classmethod
    def read(cls) -> "Choice":
        """The choice in the address; 404 for a wave that does not exist. Raises FindingError for an odd weight."""
        keys = [key for key in request.args.getlist("wave") if key != _LEFT_OUT]
        chosen = tuple(wave_called(*key.partition("/")[::2]) for key in keys) if "wave" in request.args else None
        given = request.args.get("weight")
        if given is None:
            return cls(chosen, None)
        if not (given.isascii() and given.isdecimal() and len(given) <= 3 and int(given) <= 100):
            raise FindingError("The weight of the institutions is a whole number from 0 to 100 per cent.")
        return cls(chosen, int(given))

    @property
    def arguments(self) -> dict[str, Any]:
        """What an address carries of it."""
        carried: dict[str, Any] = {}
        if self.waves is not None:
            carried["wave"] = [wave.key for wave in self.waves] or [_LEFT_OUT]
        if self.weight is not None:
            carried["weight"] = self.weight
        return carried

    def finding(self) -> BlendFinding:
        """The blend chosen."""
        session, rules = db.session(), base_rules()
        if self.weight is None:
            return blending.blend(session, waves=self.waves, rules=rules)
        return blending.blend(session, waves=self.waves, institution_weight=self.weight / 100, rules=rules)


def blend() -> str:
    """The blended order, what each source weighs and says alone, and what would change the order."""
    choice = Choice.read()
    finding = choice.finding()
    return render_template(
        "officer/blend.html",
        finding=finding,
        reading=blend_reading(finding),
        drawing=pictures(blend_chart(finding)) if finding.topics else None,
        table=blend_table(finding),
        places=blend_places_table(finding),
        orders=blend_orders_table(finding),
        changes=what_changes(finding),
        rests_on=blend_rests_on(finding),
        surveys=_waves_by_survey({source.source for source in finding.sources}),
        weight=round(100 * finding.institution_weight),
        csv=partial(url_for, ".blend_csv", **choice.arguments),
        synthetic=finding.synthetic,
    )


def blend_csv() -> Response:
    """The blended order, each source's own and that at every weight, as a file."""
    finding = Choice.read().finding()
    return download(blend_table(finding), blend_places_table(finding), blend_orders_table(finding))


def what_changes(finding: BlendFinding) -> list[str]:
    """What would change the order, a sentence each: the institutions' weight, and each source's absence."""
    titles, order = finding.topic_titles, tuple(topic.topic for topic in finding.topics)
    named = {source.source: source.title for source in finding.sources}
    told = [
        f"{titles.get(crossing.topics[0], crossing.topics[0])} and "
        f"{titles.get(crossing.topics[1], crossing.topics[1])} change places where the institutions weigh "
        f"{words.percent(crossing.institution_weight)}."
        for crossing in finding.crossings
    ]
    for source, without in finding.left_out.items():
        says = "the order stays" if without == order else f"the order is {_in_words(without, titles)}"
        told.append(f"Without {named.get(source, source)}, {says}.")
    if finding.without_baseless is not None:
        told.append(
            f"If sources without a base count for nothing, the order is {_in_words(finding.without_baseless, titles)}."
        )
    return told


def _in_words(order: Sequence[str], titles: dict[str, str]) -> str:
    return words.listing(titles.get(topic, topic) for topic in order)


@dataclass
class SurveyChoice:
    """One survey's waves to choose from, and the one shown."""

    title: str
    options: list[tuple[str, str]] = field(default_factory=lambda: [(_LEFT_OUT, "Leave out")])
    chosen: str = _LEFT_OUT


def _waves_by_survey(blended: Collection[str]) -> list[SurveyChoice]:
    surveys: dict[int, SurveyChoice] = {}
    for wave in waves.listed(db.session()):
        survey = surveys.setdefault(wave.survey_id, SurveyChoice(wave.survey.title))
        survey.options.append((wave.key, wave.title))
        if wave.key in blended:
            survey.chosen = wave.key
    return list(surveys.values())
