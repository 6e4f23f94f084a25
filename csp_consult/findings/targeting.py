"""Whom to tell: the ward and age groups that hold most of the residents who believe a thing rose while it fell."""

from collections.abc import Mapping, Sequence
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from csp_consult.analysis.estimates import share
from csp_consult.analysis.gap import CLASSES, Class
from csp_consult.analysis.targeting import Segment, choose_targets
from csp_consult.fieldwork.asked import questionnaire_for
from csp_consult.fieldwork.models import Wave
from csp_consult.findings.base_rules import DEFAULT_RULES, BaseRules
from csp_consult.findings.errors import NotYetError
from csp_consult.findings.gap_contract import GapFinding, TargetSegment, TargetsFinding
from csp_consult.findings.gaps import change_of, gap, gaps
from csp_consult.findings.groups import EVERYBODY, Group, groups
from csp_consult.findings.perception import perceive, shrunk
from csp_consult.findings.phrasing import in_sentence
from csp_consult.findings.question_keys import asked_for, context_of
from csp_consult.findings.weighting import Weighed, weighed
from csp_consult.places.bands import BOTH_SEXES
from csp_consult.places.models import Population

METHOD: Final = (
    "A ward's rate times an age group's over the district's, both drawn towards their mean (Paule-Mandel); wards of "
    "class reassure, most residents first, at or above the district's rate, until the wanted share is covered."
)

ALIKE: Final = (
    "The answers do not show wards or age groups to differ beyond chance: the audiences are chosen by size alone."
)


TAKEN: Final = "Wards in which too few answered take the class of the district, since nothing shows that they differ."


def targets(
    session: Session, wave: Wave, topic: str, *, wanted_share: float = 0.5, rules: BaseRules = DEFAULT_RULES
) -> TargetsFinding:
    """The audiences of a topic: segments of ward and age, and the fewest that cover the wanted share.

    Raises FindingError where the wave did not ask about the topic, NotYetError where it cannot be weighted yet, nobody
    said that it rose, or the population by ward and age is not known.
    """
    questionnaire, made = questionnaire_for(session, wave), weighed(session, wave)
    change = change_of(questionnaire, wave, topic)
    wards, ages = (groups(session, wave, questionnaire, by) for by in ("ward", "age"))
    up = {one.code: perceive(made, questionnaire, change, one).direct.up for one in (EVERYBODY, *wards, *ages)}
    district_rate = up[EVERYBODY.code].estimate
    if not district_rate:
        raise NotYetError(f"Nobody in {wave.key} said that it rose, so there is no audience to choose.")
    whole = gap(session, wave, topic, rules=rules)
    by_ward = {one.area: one for one in gaps(session, wave, "ward", topic=topic, rules=rules)}
    judged = _judged(by_ward, whole)
    try:
        area_rates, age_rates = (shrunk([up[one.code] for one in part]) for part in (wards, ages))
    except ValueError as error:
        raise NotYetError(
            f"In {wave.key} everybody of a ward or of an age answered alike, so there is nothing yet to choose "
            "audiences by."
        ) from error
    found = choose_targets(
        areas=[ward.code for ward in wards],
        area_rates=area_rates,
        groups=[age.code for age in ages],
        group_rates=age_rates,
        district_rate=district_rate,
        adults=_adults(session, wave, wards, ages),
        classes=[_class(judged[ward.code]) for ward in wards],
        wanted_share=wanted_share,
    )
    worst = max(judged.values(), key=lambda one: one.grade)
    titles = {one.code: one.title for one in (*wards, *ages)}
    channels = {age.code: _channel(session, wave, made, age, rules) for age in ages}
    return TargetsFinding(
        wave=wave.key,
        wave_title=wave.title,
        topic=topic,
        topic_title=whole.topic_title,
        segments=tuple(_segment(one, by_ward[one.area], titles, channels) for one in found.segments),
        total_residents=found.total_residents,
        eligible_residents=found.eligible_residents,
        wanted_share=found.wanted_share,
        covered_share=found.covered_share,
        note=" ".join(
            filter(
                None,
                [
                    found.note,
                    None if area_rates.tau2 or age_rates.tau2 else ALIKE,
                    TAKEN if whole in judged.values() else None,
                ],
            )
        )
        or None,
        grade=worst.grade,
        grade_reasons=worst.grade_reasons,
        recorded=whole.recorded,
        weighting=made.finding.summary.description,
        method=METHOD,
        caveat=whole.caveat,
        synthetic=wave.synthetic,
    )


def _judged(by_ward: Mapping[str, GapFinding], whole: GapFinding) -> dict[str, GapFinding]:
    """What each ward is judged by: its own gap; the district's where too few answered to have one.

    That holds only where the answers do not tell the wards apart: else each is drawn towards the others, and has one.
    """
    alike = all(ward.direct_up is None for ward in by_ward.values())
    return {code: whole if alike and ward.grade == "D" else ward for code, ward in by_ward.items()}


def _segment(
    one: Segment, ward: GapFinding, titles: Mapping[str, str], channels: Mapping[str, str | None]
) -> TargetSegment:
    age = titles[one.group]
    return TargetSegment(
        area=one.area,
        area_name=ward.area_name,
        age=one.group,
        title=f"{titles[one.area]}, {in_sentence(age)}",
        adults=round(one.adults),
        rate=one.rate,
        lift=one.lift,
        residents=one.residents,
        lower=one.lower,
        upper=one.upper,
        share_of_all=one.share_of_all,
        classification=one.classification,
        chosen=one.chosen,
        channel=channels[one.group],
    )


def _class(ward: GapFinding) -> Class:
    """The ward's class; unclear where it cannot be compared."""
    return next((name for name in CLASSES if name == ward.classification), "unclear")


def _adults(session: Session, wave: Wave, wards: Sequence[Group], ages: Sequence[Group]) -> list[list[int]]:
    """People by ward and age band: the latest figures not after the wave closed, else the earliest."""
    rows = session.scalars(
        select(Population)
        .where(
            Population.area_code.in_([ward.code for ward in wards]),
            Population.age_band.in_([age.code for age in ages]),
            Population.sex == BOTH_SEXES,
        )
        .order_by(Population.as_at)
    )
    people: dict[tuple[str, str], int] = {}
    for row in rows:
        if row.as_at <= wave.closes_on or (row.area_code, row.age_band) not in people:
            people[row.area_code, row.age_band] = row.persons
    if len(people) < len(wards) * len(ages):
        raise NotYetError("The population by ward and age is not known for every ward; import it first.")
    return [[people[ward.code, age.code] for age in ages] for ward in wards]


def _channel(session: Session, wave: Wave, made: Weighed, age: Group, rules: BaseRules) -> str | None:
    """Where an age group says it hears local news most; None where that was not asked or too few answered."""
    questionnaire = questionnaire_for(session, wave)
    if questionnaire.channel is None:
        return None
    asked = asked_for(questionnaire, questionnaire.channel, context_of(session, wave))
    named = {choice.code for choice in asked.question.choices() if choice.role is None}
    totals = made.tally.totals(made.finding.factors, domain=age.domain(made.tally.cells))
    heard = {
        option: share(totals, {(asked.key, option): 1.0}, asked.base).held_to(
            hidden_below=rules.hidden_below, indicative_below=rules.indicative_below
        )
        for option in asked.titles
        if option in named
    }
    most = max(heard, key=lambda option: heard[option].estimate or 0.0)
    return asked.titles[most] if heard[most].estimate else None
