"""The concern ranking of a wave: of residents from the tally, of parish councils from their responses."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

import numpy as np
from sqlalchemy.orm import Session

from csp_consult.analysis.concern import MENTION_SHARE, PROBLEM_SHARE, Concern, Measure, concern_from_tally
from csp_consult.analysis.figures import ConcernRanking
from csp_consult.analysis.ranks import rank_concern
from csp_consult.fieldwork.asked import questionnaire_for
from csp_consult.fieldwork.models import Wave
from csp_consult.findings import councils, microdata
from csp_consult.findings.base_rules import DEFAULT_RULES, NO_RULES, BaseRules
from csp_consult.findings.contract import RankingFinding, WeightingSummary
from csp_consult.findings.errors import FindingError, NotYetError
from csp_consult.findings.groups import EVERYBODY, IN_CELL, Group, area_group, groups
from csp_consult.findings.phrasing import WHOLE_POPULATION
from csp_consult.findings.reading import headline, measure_for, of_parishes
from csp_consult.findings.small_counts import hidden_inside, withheld
from csp_consult.findings.taxonomy import Taxonomy, taxonomy
from csp_consult.findings.weighting import Weighed, caveat, weighed
from csp_consult.questionnaire.measures import ConcernMeasure
from csp_consult.questionnaire.model import Questionnaire

COUNTED = frozenset({PROBLEM_SHARE, MENTION_SHARE})
"""The measures that are shares of people, from which a count can be told."""
Weights: TypeAlias = Literal["population", "electorate", "equal"]


@dataclass(frozen=True)
class Concerned:
    """The concern measure of some of a wave, and all that a reader must know of it."""

    weighted: Concern | None
    unweighted: Concern | None
    weighting: str
    summary: WeightingSummary | None
    coverage: str | None
    synthetic: bool
    reason: str | None = None
    """Why there is no measure yet, when both are None."""


@dataclass(frozen=True)
class _Asked:
    """A wave with the measure it is ranked by."""

    wave: Wave
    questionnaire: Questionnaire
    declared: ConcernMeasure
    measure: Measure
    taxonomy: Taxonomy
    topics: frozenset[str] | None
    """Of the theme asked for; None for all."""
    weights: Weights | None
    rules: BaseRules
    weighing: Weighed | None = None
    """Weights to use; None for the wave's own."""


def ranking(
    session: Session,
    wave: Wave,
    *,
    by: str | None = None,
    group: str | None = None,
    area: str | None = None,
    theme: str | None = None,
    weights: Weights | None = None,
    weighing: Weighed | None = None,
    rules: BaseRules = DEFAULT_RULES,
) -> RankingFinding:
    """The topics of a wave in order of concern: of everybody, of an area, or of one group of a kind.

    ``area`` is the code of a ward or beat; ``by`` with ``group`` names one group of ``rankings_by``. ``theme`` keeps
    to the topics of one theme. ``weights`` are by default to the population for residents, by electorate for parish
    councils; ``weighing`` gives residents other weights than the wave's own. Where nothing can be ranked yet the
    finding has no topics and says why. Raises FindingError where what is asked for does not exist.
    """
    asked = replace(_asked(session, wave, theme, weights, rules), weighing=weighing)
    whom = EVERYBODY
    if area is not None:
        whom = area_group(session, area, wave.closes_on)
    elif by is not None:
        whom = _named(groups(session, wave, asked.questionnaire, by), group, by)
    return _finding(session, asked, whom)


def rankings_by(
    session: Session,
    wave: Wave,
    by: str,
    *,
    theme: str | None = None,
    weights: Weights | None = None,
    rules: BaseRules = DEFAULT_RULES,
) -> list[RankingFinding]:
    """The ranking of every group of a kind: ``area`` (wards), ``beat``, ``age``, ``sex`` or a question's answers."""
    asked = _asked(session, wave, theme, weights, rules)
    return [_finding(session, asked, whom) for whom in groups(session, wave, asked.questionnaire, by)]


def concern_of(session: Session, wave: Wave) -> Concerned:
    """The concern measure of the whole wave, to be put beside other sources."""
    return _concern(session, _asked(session, wave, None, None, DEFAULT_RULES), EVERYBODY)


def _asked(session: Session, wave: Wave, theme: str | None, weights: Weights | None, rules: BaseRules) -> _Asked:
    questionnaire = questionnaire_for(session, wave)
    declared, known = headline(questionnaire, theme), taxonomy(session)
    measure = measure_for(declared)
    return _Asked(
        wave=wave,
        questionnaire=questionnaire,
        declared=declared,
        measure=measure,
        taxonomy=known,
        topics=None if theme is None or declared.within == theme else _inside(theme, measure, known),
        weights=weights,
        rules=NO_RULES if of_parishes(wave) else rules,
    )


def _inside(theme: str, measure: Measure, known: Taxonomy) -> frozenset[str]:
    """The measure's topics that belong to a theme. Raises FindingError where there is none."""
    inside = frozenset(topic for topic in measure.topics if known.themes.get(topic) == theme)
    if not inside:
        there_are = sorted({known.themes.get(topic, topic) for topic in measure.topics})
        raise FindingError(f"The wave ranks no topic of a theme {theme!r}; it has topics of {', '.join(there_are)}.")
    return inside


def _named(found: list[Group], code: str | None, by: str) -> Group:
    for one in found:
        if one.code == code:
            return one
    raise FindingError(f"There is no {by} {code!r}; there are {', '.join(one.code for one in found)}.")


def _concern(session: Session, asked: _Asked, whom: Group) -> Concerned:
    """The concern measure of a group, over the topics of the theme where one is asked for."""
    found = _of_councils(session, asked, whom) if of_parishes(asked.wave) else _of_residents(session, asked, whom)
    if asked.topics is None or found.weighted is None or found.unweighted is None:
        return found
    return replace(found, weighted=found.weighted.only(asked.topics), unweighted=found.unweighted.only(asked.topics))


def _of_councils(session: Session, asked: _Asked, whom: Group) -> Concerned:
    read = councils.read(session, asked.wave, whom, equal=asked.weights == "equal")
    found = Concerned(None, None, read.weighting, None, read.coverage, asked.wave.synthetic or read.synthetic)
    question = asked.declared.question
    try:
        return replace(
            found,
            weighted=read.concern(asked.questionnaire, asked.measure, question),
            unweighted=read.concern(asked.questionnaire, asked.measure, question, equal=True),
        )
    except NotYetError as error:
        return replace(found, reason=str(error))


def _of_residents(session: Session, asked: _Asked, whom: Group) -> Concerned:
    try:
        made = asked.weighing or weighed(session, asked.wave)
    except NotYetError as error:
        return Concerned(None, None, "Not weighted yet.", None, None, asked.wave.synthetic, str(error))
    ones = dict.fromkeys(made.tally.cells, 1.0)
    equal = asked.weights == "equal"
    return Concerned(
        weighted=_resident_concern(session, asked, whom, made, ones if equal else made.finding.factors),
        unweighted=_resident_concern(session, asked, whom, made, ones),
        weighting="Not weighted: each respondent counts equally." if equal else made.finding.summary.description,
        summary=None if equal else made.finding.summary,
        coverage=None,
        synthetic=asked.wave.synthetic,
    )


def _resident_concern(
    session: Session, asked: _Asked, whom: Group, made: Weighed, factors: Mapping[str, float]
) -> Concern:
    if not whom.variable or whom.variable in IN_CELL:
        return concern_from_tally(made.tally, asked.measure, factors, domain=whom.domain(made.tally.cells))
    questions = [asked.declared.question, whom.variable]
    data = microdata.residents(session, asked.wave, asked.questionnaire, questions, factors)
    inside = data.chose_any((whom.variable, code) for code in whom.codes).astype(np.bool_)
    return microdata.concern(data, asked.measure, domain=inside)


def _finding(session: Session, asked: _Asked, whom: Group) -> RankingFinding:
    wave, found = asked.wave, _concern(session, asked, whom)
    few = _named_by_few(found, asked) if whom.variable else frozenset()
    return RankingFinding(
        wave=wave.key,
        wave_title=wave.title,
        question=asked.declared.question,
        question_text=asked.questionnaire.question(asked.declared.question).text(),
        period=(wave.opens_on, wave.closes_on),
        subset="All parish councils" if not whom.variable and of_parishes(wave) else whom.title,
        group=whom.code,
        ranking=_without(_ranked(found, found.weighted, asked), few),
        unweighted=_without(_ranked(found, found.unweighted, asked), few),
        weighting=found.weighting,
        weighting_summary=found.summary,
        coverage=found.coverage,
        caveat=WHOLE_POPULATION if of_parishes(wave) else caveat(wave),
        synthetic=found.synthetic,
        topic_titles={topic: asked.taxonomy.title(topic) for topic in asked.measure.topics},
    )


def _named_by_few(found: Concerned, asked: _Asked) -> frozenset[str]:
    """The topics that only a handful of a group's people named; councils answer in public and have none."""
    concern = found.unweighted
    if concern is None or of_parishes(asked.wave) or concern.measure not in COUNTED:
        return frozenset()
    named = zip(concern.topics, concern.values * concern.bases, strict=True)
    return frozenset(topic for topic, people in named if hidden_inside(np.nan_to_num(people).round()))


def _without(ranking: ConcernRanking, few: frozenset[str]) -> ConcernRanking:
    """The ranking, its order kept, without the figures that a handful of people make up."""
    topics = tuple(
        replace(topic, concern=withheld(topic.concern, 1), index=withheld(topic.index, 1))
        if topic.topic in few
        else topic
        for topic in ranking.topics
    )
    return replace(ranking, topics=topics)


def _ranked(found: Concerned, concern: Concern | None, asked: _Asked) -> ConcernRanking:
    rules = asked.rules
    if concern is not None:
        return rank_concern(concern, hidden_below=rules.hidden_below, indicative_below=rules.indicative_below)
    return ConcernRanking(
        measure=asked.measure.kind,
        topics=(),
        covariance=np.zeros((0, 0)),
        base=0,
        effective_base=0.0,
        se_method="none",
        reason=found.reason,
    )
