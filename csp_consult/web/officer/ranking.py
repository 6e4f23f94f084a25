"""What people are concerned about, in order, for one wave: everything chosen stands in the address."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from functools import partial
from typing import Any, get_args

from flask import Response, render_template, request, url_for

from csp_consult.db import db
from csp_consult.fieldwork.asked import questionnaire_for
from csp_consult.fieldwork.models import Wave
from csp_consult.findings import ranking as findings
from csp_consult.findings.contract import RankingFinding
from csp_consult.findings.errors import FindingError
from csp_consult.findings.groups import breakdown_questions
from csp_consult.findings.ranking import Weights
from csp_consult.places.lookup import areas
from csp_consult.reports.chart_data import Chart, ranking_chart
from csp_consult.reports.finding_tables import group_figures_table, groups_table, ranking_table
from csp_consult.reports.panel_data import groups_chart
from csp_consult.reports.provenance import ranking_rests_on
from csp_consult.reports.readings import groups_reading, ranking_reading
from csp_consult.reports.tables import Table
from csp_consult.web.officer import traced
from csp_consult.web.officer.door import base_rules, download, pictures, wave_called

EVERY_FIGURE = "Places, index and bases of every group too"
PLACES = {"": "Everybody together", "beat": "By beat", "area": "By ward", "rural": "Rural and urban wards"}
IN_CELL = {**PLACES, "age": "By age", "sex": "By sex"}
WEIGHTS: dict[str, dict[Weights, str]] = {
    "residents": {"population": "To the population", "equal": "Unweighted"},
    "parishes": {"electorate": "By electorate", "equal": "Every council equally"},
}


@dataclass(frozen=True)
class Choice:
    """What the address asks for; empty where it leaves the default."""

    by: str = ""
    area: str = ""
    theme: str = ""
    weights: Weights | None = None

    @classmethod
    def read(cls, given: Mapping[str, str]) -> "Choice":
        """The choice in an address. Raises FindingError for weights that do not exist."""
        asked = given.get("weights", "")
        weights: Weights | None = next((known for known in get_args(Weights) if known == asked), None)
        if asked and weights is None:
            raise FindingError(f"Weights are one of {', '.join(get_args(Weights))}, not {asked!r}.")
        return cls(given.get("by", ""), given.get("area", ""), given.get("theme", ""), weights)

    @property
    def arguments(self) -> dict[str, Any]:
        """What an address carries of it."""
        return {name: value for name, value in asdict(self).items() if value}

    def findings(self, wave: Wave) -> list[RankingFinding]:
        """The ranking chosen, or one for every group of a breakdown. Raises FindingError."""
        possible = WEIGHTS[wave.survey.audience]
        if self.weights and self.weights not in possible:
            whom = {"residents": "residents", "parishes": "parish councils"}[wave.survey.audience]
            raise FindingError(f"Weights of a survey of {whom} are {' or '.join(possible)}, not {self.weights!r}.")
        session, rules = db.session(), base_rules()
        theme = self.theme or None
        if self.by and not self.area:
            return findings.rankings_by(session, wave, self.by, theme=theme, weights=self.weights, rules=rules)
        area = self.area or None
        return [findings.ranking(session, wave, area=area, theme=theme, weights=self.weights, rules=rules)]


def ranking(survey: str, wave: str) -> str:
    """The concern ranking as chart, table and sentence."""
    found = wave_called(survey, wave)
    choice = Choice.read(request.args)
    made = choice.findings(found)
    broken_down = bool(choice.by and not choice.area)
    finding = replace(choice, by="").findings(found)[0] if broken_down else made[0]
    breakdowns = _breakdowns(found)
    how = breakdowns.get(choice.by, "By group")
    groups, figures = _of_groups(made, finding, how) if broken_down else (None, None)
    return render_template(
        "officer/ranking.html",
        wave=found,
        choice=choice,
        finding=finding,
        groups=groups,
        group_figures=figures,
        all_told=EVERY_FIGURE,
        csv=partial(url_for, ".ranking_csv", survey=survey, wave=wave, **choice.arguments),
        reading=groups_reading(made) if broken_down else ranking_reading(finding),
        drawing=pictures(groups_chart(made, finding, in_a_sentence(how)) if broken_down else _whole_chart(finding)),
        table=None if broken_down else ranking_table(finding),
        rests_on=ranking_rests_on(finding, groups=broken_down) + traced.of_wave(found) + traced.of_code(),
        merges=finding.weighting_summary.merges if finding.weighting_summary else (),
        breakdowns=list(breakdowns.items()),
        areas=_areas(found),
        weights=list(WEIGHTS[found.survey.audience].items()),
        synthetic=finding.synthetic,
    )


def ranking_csv(survey: str, wave: str) -> Response:
    """The same figures as a file; of a breakdown, those of every group, and the tables of the page."""
    found, choice = wave_called(survey, wave), Choice.read(request.args)
    made = choice.findings(found)
    if not choice.by or choice.area:
        return download(ranking_table(*made))
    everybody, how = replace(choice, by="").findings(found)[0], _breakdowns(found).get(choice.by, "By group")
    return download(replace(ranking_table(*made), caption=EVERY_FIGURE), *_of_groups(made, everybody, how))


def _of_groups(made: list[RankingFinding], everybody: RankingFinding, how: str) -> tuple[Table, Table]:
    """The tables of a breakdown: the first concerns of every group, and all of them."""
    figures = group_figures_table(made, everybody, f"Every concern {in_a_sentence(how)}")
    return groups_table(made, how), figures


def in_a_sentence(text: str) -> str:
    """The text with a small first letter."""
    return text[:1].lower() + text[1:]


def _whole_chart(finding: RankingFinding) -> Chart | None:
    return ranking_chart(finding) if finding.ranking.topics else None


def _breakdowns(wave: Wave) -> dict[str, str]:
    """What the wave can be broken down by: places, for residents also age, sex and any question with one answer."""
    if wave.survey.audience == "parishes":
        return PLACES
    questionnaire = questionnaire_for(db.session(), wave)
    in_cell = {getattr(questionnaire.cell, name) for name in ("age", "sex", "area")}
    asked = breakdown_questions(questionnaire)
    return IN_CELL | {key: f"By answer: {text}" for key, text in asked.items() if key not in in_cell}


def _areas(wave: Wave) -> list[tuple[str, str]]:
    session = db.session()
    return [("", "Whole district")] + [
        (area.code, f"{area.name} {kind}") for kind in ("beat", "ward") for area in areas(session, kind, wave.closes_on)
    ]
