"""Parish councils' responses as the statistics take them: a whole population, weighted by electorate or equally."""

from dataclasses import dataclass

import numpy as np
from sqlalchemy.orm import Session

from csp_consult import words
from csp_consult.analysis.concern import Concern, Measure
from csp_consult.analysis.figures import FloatArray
from csp_consult.fieldwork.models import Wave
from csp_consult.findings import microdata
from csp_consult.findings.errors import FindingError, NotYetError
from csp_consult.findings.groups import Group
from csp_consult.findings.phrasing import plural
from csp_consult.parishes.bodies import Asked, asked_on
from csp_consult.parishes.versions import CurrentResponse, current_responses
from csp_consult.places.lookup import parishes_of_ward
from csp_consult.places.populations import electorates
from csp_consult.questionnaire.model import Questionnaire


@dataclass(frozen=True)
class Councils:
    """The councils that have answered, out of all that were asked."""

    responses: tuple[CurrentResponse, ...]
    """What each says now."""
    asked: int
    """Councils asked, answered or not."""
    weights: FloatArray
    weighting: str
    """How they are weighted, in one sentence."""
    coverage: str
    """How many answered of how many, and the electors they stand for."""
    synthetic: bool

    def concern(self, questionnaire: Questionnaire, measure: Measure, question: str, *, equal: bool = False) -> Concern:
        """The councils' concern by topic. Raises NotYetError until two have answered."""
        if len(self.responses) < 2:
            raise NotYetError(
                "No council has answered yet."
                if not self.responses
                else "One council has answered; it takes two to rank."
            )
        answers = [response.answers for response in self.responses]
        weights = np.ones(len(answers)) if equal else self.weights
        data = microdata.of_answers(questionnaire, [question], answers, weights)
        return microdata.concern(data, measure, population=max(self.asked, len(answers)))


def read(session: Session, wave: Wave, whom: Group, *, equal: bool = False) -> Councils:
    """The councils of a group that have answered a wave. Weights are electorates unless ``equal`` or unknown.

    One council of several parishes answers once, and weighs by the electors of all that lie in the group.
    """
    bodies = asked_on(session, wave.closes_on)
    asked = _parishes(session, wave, whom, bodies)
    inside = (one.within(asked) for one in current_responses(session, wave))
    responses = tuple(one for one in inside if one.speaks_for)
    weights, weighting = _weights(responses, equal=equal)
    councils = len({bodies.answers_with.get(code, code) for code in asked})
    return Councils(
        responses=responses,
        asked=councils,
        weights=weights,
        weighting=weighting,
        coverage=_coverage(session, wave, responses, asked, councils),
        synthetic=any(
            one.synthetic or (not equal and any(electorate.synthetic for electorate in one.electorates))
            for one in responses
        ),
    )


def _parishes(session: Session, wave: Wave, whom: Group, bodies: Asked) -> frozenset[str]:
    every = frozenset(parish.code for parish in bodies.parishes)
    if not whom.variable:
        return every
    if whom.variable != "area":
        raise FindingError(f"Parish councils cannot be broken down by {whom.by}: give area or beat.")
    return every & {parish.code for ward in whom.codes for parish in parishes_of_ward(session, ward, wave.closes_on)}


def _weights(responses: tuple[CurrentResponse, ...], *, equal: bool) -> tuple[FloatArray, str]:
    electors = [one.electors for one in responses if one.electors]
    if equal:
        return np.ones(len(responses)), "Each council counts equally."
    if len(electors) < len(responses):
        known = f"electorates are known for {len(electors)} of the {len(responses)} that answered"
        return np.ones(len(responses)), f"Each council counts equally, because {known}."
    return np.array(electors, float), f"Each council counts by its electorate{_source(responses)}."


def _source(responses: tuple[CurrentResponse, ...]) -> str:
    said = {
        f"{electorate.source}, {words.day(electorate.as_at)}{', synthetic' if electorate.synthetic else ''}"
        for one in responses
        for electorate in one.electorates
    }
    return f" ({'; '.join(sorted(said))})" if said else ""


def _coverage(
    session: Session, wave: Wave, responses: tuple[CurrentResponse, ...], asked: frozenset[str], councils: int
) -> str:
    answered = f"{len(responses)} of {plural(councils, 'parish council', 'parish councils')} answered"
    spoken = {one.parish_code for response in responses for one in response.speaks_for}
    if len(spoken) > len(responses):
        answered += f", for {len(spoken)} of {len(asked)} parishes"
    known = {code: row.electors for code, row in electorates(session, wave.closes_on).items() if code in asked}
    if len(known) < len(asked) or not known:
        return f"{answered}; how many electors they stand for is not known for every parish."
    covered, everyone = sum(known[code] for code in spoken), sum(known.values())
    return (
        f"{answered}; they stand for {words.number(covered)} of {words.number(everyone)} electors "
        f"({words.percent(covered / everyone)})."
    )
