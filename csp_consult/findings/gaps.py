"""The perception gap of hosted waves: what residents say of a change beside what was recorded of it."""

import re
from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy.orm import Session

from csp_consult import words
from csp_consult.analysis.comparability import Comparison, Grade, grade
from csp_consult.analysis.figures import Estimate
from csp_consult.analysis.gap import Gap, perception_gap
from csp_consult.analysis.verdict import verdict
from csp_consult.fieldwork.asked import questionnaire_for
from csp_consult.fieldwork.models import Wave
from csp_consult.findings.base_rules import DEFAULT_RULES, BaseRules
from csp_consult.findings.errors import FindingError, NotYetError
from csp_consult.findings.gap_contract import GapFinding
from csp_consult.findings.groups import AREA_KINDS, EVERYBODY, IN_CELL, RURAL, Group, area_group, groups
from csp_consult.findings.perception import Perception, Sides, drawn_together, perceive
from csp_consult.findings.phrasing import in_sentence
from csp_consult.findings.published_perception import printed_gaps
from csp_consult.findings.reading import of_parishes
from csp_consult.findings.recorded_side import LONGEST, Period, Record, RecordedSide, year_to
from csp_consult.findings.targets import district_of
from csp_consult.findings.taxonomy import Taxonomy, taxonomy
from csp_consult.findings.weighting import Weighed, caveat, weighed
from csp_consult.places.lookup import PlaceError
from csp_consult.places.lookup import area as area_called
from csp_consult.places.models import Area
from csp_consult.places.populations import RakingTargets, raking_targets
from csp_consult.questionnaire.measures import ChangeMeasure
from csp_consult.questionnaire.model import Questionnaire

_MONTHS: Final = re.compile(r"(\d+) months?")


@dataclass(frozen=True)
class _Wave:
    """A wave of residents with what all its gaps rest on: where, the adults there, and the weights."""

    wave: Wave
    questionnaire: Questionnaire
    district: Area
    adults: RakingTargets
    weighed: Weighed | None
    why_not: str
    """Why it cannot be weighted yet; empty where it can."""


@dataclass(frozen=True)
class _Asked:
    """A wave with one of its change questions, and what the answers are held against."""

    of: _Wave
    change: ChangeMeasure
    record: Record
    taxonomy: Taxonomy
    rules: BaseRules

    @property
    def wave(self) -> Wave:
        """The wave that asked."""
        return self.of.wave

    @property
    def questionnaire(self) -> Questionnaire:
        """What it asked."""
        return self.of.questionnaire

    @property
    def district(self) -> Area:
        """Where it asked."""
        return self.of.district

    @property
    def question_text(self) -> str:
        """The question as residents read it."""
        return self.questionnaire.question(self.change.question).text()

    @property
    def topic_in_sentence(self) -> str:
        """The topic's title as it stands inside a sentence."""
        return in_sentence(self.taxonomy.title(self.change.topic))


@dataclass(frozen=True)
class _Held:
    """The record's side, how well it compares, and the gap where it does."""

    side: RecordedSide
    grade: Grade
    gap: Gap | None

    def contrary(self, shown: Sides) -> Estimate | None:
        """The share who said the opposite of the record."""
        if self.gap is None or self.gap.contrary is None:
            return None
        return shown.up if self.gap.contrary == "up" else shown.down


def gap(
    session: Session,
    wave: Wave,
    topic: str,
    area: str | None = None,
    *,
    rules: BaseRules = DEFAULT_RULES,
) -> GapFinding:
    """The gap of a topic in the district, or in a ward or beat. A wave that cannot be weighted yet gives grade D.

    Raises FindingError where the wave did not ask about the topic or does not know the area.
    """
    asked = _asked(session, _of(session, wave), change_of(questionnaire_for(session, wave), wave, topic), rules)
    if area is None or not (whom := area_group(session, area, wave.closes_on)).variable:
        return _findings(session, asked, None)[0]
    # A small area is drawn towards the others of its kind, so all of them are needed.
    found = _findings(session, asked, whom.by)
    return next((one for one in found if one.area == area), found[0])


def gaps(
    session: Session,
    wave: Wave,
    by: str | None = None,
    *,
    topic: str | None = None,
    rules: BaseRules = DEFAULT_RULES,
) -> list[GapFinding]:
    """The gap of every topic that the wave asked about: in the district, or by ``ward``, ``beat``, ``age`` or ``sex``.

    A wave that cannot be weighted yet gives one finding a topic, of grade D. Raises FindingError where the wave asked
    nothing of the kind.
    """
    questionnaire = questionnaire_for(session, wave)
    changes = questionnaire.change if topic is None else (change_of(questionnaire, wave, topic),)
    if not changes:
        raise FindingError(f"{wave.key} did not ask whether anything has risen or fallen.")
    of = _of(session, wave)
    return [found for change in changes for found in _findings(session, _asked(session, of, change, rules), by)]


def published_gaps(session: Session) -> list[GapFinding]:
    """What other bodies' surveys published of a change, beside the record: what can and what cannot be concluded."""
    return printed_gaps(session)


def change_of(questionnaire: Questionnaire, wave: Wave, topic: str) -> ChangeMeasure:
    """The question of a wave on whether a topic rose or fell. Raises FindingError, naming those there are."""
    for change in questionnaire.change:
        if change.topic == topic:
            return change
    known = ", ".join(change.topic for change in questionnaire.change) or "nothing"
    raise FindingError(f"{wave.key} did not ask whether {topic} has risen or fallen; it asked about {known}.")


def _of(session: Session, wave: Wave) -> _Wave:
    if of_parishes(wave):
        raise FindingError(f"{wave.key} asks parish councils; a gap is between what residents say and the record.")
    district = district_of(session, wave.closes_on)
    made, why_not = None, ""
    try:
        made = weighed(session, wave)
    except NotYetError as error:
        why_not = str(error)
    adults = _adults(session, district, wave)
    return _Wave(wave, questionnaire_for(session, wave), district, adults, made, why_not)


def _asked(session: Session, of: _Wave, change: ChangeMeasure, rules: BaseRules) -> _Asked:
    record = Record(session, change.topic, of.district, perceived_period(of.wave, change))
    return _Asked(of=of, change=change, record=record, taxonomy=taxonomy(session), rules=rules)


def _adults(session: Session, district: Area, wave: Wave) -> RakingTargets:
    try:
        return raking_targets(session, district.code, wave.closes_on)
    except PlaceError as error:
        raise NotYetError(str(error)) from error


def perceived_period(wave: Wave, change: ChangeMeasure) -> Period:
    """The period a change question looks back on: as many months as it names, to the end of fieldwork."""
    months = _MONTHS.fullmatch(change.reference)
    return year_to(wave.closes_on, int(months[1]) if months else LONGEST)


def _findings(session: Session, asked: _Asked, by: str | None) -> list[GapFinding]:
    whom = [EVERYBODY] if by is None else groups(session, asked.wave, asked.questionnaire, by)
    # The record of rural wards together is not held, and the district's is another.
    if by == RURAL or any(one.variable and one.variable not in IN_CELL for one in whom):
        raise FindingError(f"A gap can be had by ward, beat, age or sex, not by {by!r}.")
    made = asked.of.weighed
    if made is None:
        return [_not_yet(asked, asked.of.why_not)]
    found = [perceive(made, asked.questionnaire, asked.change, one) for one in whom]
    if by not in AREA_KINDS:
        return [_finding(asked, one, asked.district) for one in found]
    return [_finding(asked, one, area_called(session, one.group.code)) for one in drawn_together(found)]


def _finding(asked: _Asked, perception: Perception, place: Area) -> GapFinding:
    side = asked.record.side(place)
    graded = grade(_facts(asked, perception, place, side), side.pair.change if side.pair else None)
    held = _Held(side, graded, _gap(perception, side) if graded.comparable else None)
    shown, own = perception.shown(asked.rules), perception.direct.held_to(asked.rules)
    contrary = held.contrary(shown)
    adults = _stand_for(asked, perception.group, contrary)
    return replace(
        _blank(asked, place),
        perceived_up=shown.up,
        perceived_down=shown.down,
        balance=shown.balance,
        contrary_share=contrary,
        contrary_adults=adults,
        recorded=side.finding(asked.topic_in_sentence),
        gap_points=None if held.gap is None else _points(held.gap, shown.balance),
        classification=held.gap.classification if held.gap else "",
        class_probabilities=dict(held.gap.probabilities) if held.gap else {},
        grade=graded.letter,
        grade_reasons=graded.reasons,
        verdict=_verdict(asked, held, perception.group, adults),
        perception_text=_perception_text(asked, shown, perception),
        subset="" if perception.group.variable in {"", "area"} else perception.group.title,
        direct_up=own.up if perception.drawn else None,
        direct_down=own.down if perception.drawn else None,
        other_pairs=side.others,
    )


def _blank(asked: _Asked, place: Area) -> GapFinding:
    """A gap of which neither side is known yet."""
    return GapFinding(
        wave=asked.wave.key,
        wave_title=asked.wave.title,
        topic=asked.change.topic,
        topic_title=asked.taxonomy.title(asked.change.topic),
        area=place.code,
        area_name=place.name,
        question_text=asked.question_text,
        perceived_up=None,
        perceived_down=None,
        balance=None,
        contrary_share=None,
        contrary_adults=None,
        recorded=None,
        gap_points=None,
        classification="",
        class_probabilities={},
        grade="D",
        grade_reasons=(),
        verdict="",
        perception_text="",
        synthetic=asked.wave.synthetic,
        asked=words.period(asked.wave.opens_on, asked.wave.closes_on),
        weighting=asked.of.weighed.finding.summary.description if asked.of.weighed else "",
        caveat=caveat(asked.wave),
    )


def _not_yet(asked: _Asked, reason: str) -> GapFinding:
    side = asked.record.side(asked.district)
    return replace(
        _blank(asked, asked.district),
        recorded=side.finding(asked.topic_in_sentence),
        grade_reasons=(reason,),
        verdict=f"Cannot be compared, because there is nothing to compare yet. {reason}",
        perception_text=f"“{asked.question_text}” ({asked.wave.title}): nothing can be said yet.",
        other_pairs=side.others,
    )


def _facts(asked: _Asked, perception: Perception, place: Area, side: RecordedSide) -> Comparison:
    pair = side.pair
    return Comparison(
        record_area="same" if pair is None or pair.area.code == place.code else "district only",
        # Without a record there is no period to miss: that there is none is reason enough.
        overlap=1.0 if pair is None else pair.overlap,
        wording="national" if asked.change.area == "national" else "local",
        base=perception.standing(asked.rules),
        category=side.coverage,
        smaller_areas_recorded=pair is None or pair.smaller_areas or place.code != asked.district.code,
    )


def _gap(perception: Perception, side: RecordedSide) -> Gap | None:
    """The two sides held together, from what is known before anything is hidden."""
    up, down, balance = (
        figure.estimate for figure in (perception.sides.up, perception.sides.down, perception.sides.balance)
    )
    if side.pair is None or up is None or down is None or balance is None:
        return None
    # Each share of a small area is drawn to its own mean, so the two may pass 1 together by a hair.
    scale = max(up + down, 1.0)
    return perception_gap(
        max(up, 0) / scale, max(down, 0) / scale, perception.sides.balance.se, side.pair.change, balance=balance
    )


def _points(found: Gap, balance: Estimate) -> Estimate:
    return Estimate(
        estimate=found.points,
        se=found.se_points,
        lower=found.lower_points,
        upper=found.upper_points,
        base=balance.base,
        effective_base=balance.effective_base,
        se_method="from the errors of both sides" if found.se_points is not None else "none",
        indicative=balance.indicative,
        reason=None
        if found.se_points is not None
        else "The recorded change has no sampling error: its direction only.",
    )


def _stand_for(asked: _Asked, whom: Group, contrary: Estimate | None) -> int | None:
    """The adults that the contrary share stands for; None where there is no share or their number is not known."""
    if contrary is None or contrary.estimate is None:
        return None
    joint, wards = asked.of.adults.age_sex, asked.of.adults.areas
    adults = {
        "": asked.of.adults.adults,
        "area": sum(wards.get(ward, 0) for ward in whom.codes),
        "age": sum(people for (age, _), people in joint.items() if age in whom.codes),
        "sex": sum(people for (_, sex), people in joint.items() if sex in whom.codes),
    }[whom.variable]
    return round(contrary.estimate * adults) or None


def _verdict(asked: _Asked, held: _Held, whom: Group, adults: int | None) -> str:
    of = held.side.pair.area.name if held.side.pair else ""
    said = verdict(held.gap, held.grade, topic=asked.topic_in_sentence, area=of, contrary_adults=adults)
    return f"{whom.title}: {said}" if whom.variable and held.gap is not None else said


def _perception_text(asked: _Asked, shown: Sides, perception: Perception) -> str:
    question = asked.question_text
    if shown.up.estimate is None or shown.down.estimate is None:
        return f"“{question}” ({asked.wave.title}): {shown.up.reason}"
    whom = f"{perception.group.title}: " if perception.group.variable else ""
    drawn = ", drawn towards the mean of all areas because few answered in each" if perception.drawn else ""
    return (
        f"{whom}{_share(shown.up)} say it rose and {_share(shown.down)} that it fell: “{question}” "
        f"({asked.wave.title}; {shown.up.base:,} answered, effective base {shown.up.effective_base:.0f}{drawn})."
    )


def _share(figure: Estimate) -> str:
    if figure.lower is None or figure.upper is None:
        return words.percent(figure.estimate)
    return f"{words.percent(figure.estimate)} ({words.percent(figure.lower)} to {words.percent(figure.upper)})"
