"""Feeling safe against the rate: each ward or beat beside its district, by how people feel and by what is recorded."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from csp_consult import words
from csp_consult.analysis.comparability import Comparison, Grade, grade_of_level, period_overlap
from csp_consult.analysis.estimates import share
from csp_consult.analysis.figures import Estimate
from csp_consult.analysis.safety_gap import SafetyGap, safety_gap
from csp_consult.fieldwork.asked import questionnaire_for
from csp_consult.fieldwork.models import Wave
from csp_consult.findings.base_rules import DEFAULT_RULES, BaseRules
from csp_consult.findings.errors import FindingError
from csp_consult.findings.groups import EVERYBODY, Group, groups
from csp_consult.findings.perception import LEAST, drawn_figures
from csp_consult.findings.ranking_gaps import spread
from csp_consult.findings.reading import of_parishes
from csp_consult.findings.recorded_side import year_to
from csp_consult.findings.recorded_spans import residents
from csp_consult.findings.targets import district_of
from csp_consult.findings.taxonomy import Taxonomy, taxonomy
from csp_consult.findings.weighting import Weighed, caveat, weighed
from csp_consult.places.lookup import PlaceError
from csp_consult.questionnaire.measures import SafetyMeasure
from csp_consult.questionnaire.model import Questionnaire
from csp_consult.recorded.periods import first_day, last_day
from csp_consult.recorded.series import NoSeriesError, Series, series
from csp_consult.topics.taxonomy import mappings


@dataclass(frozen=True)
class AreaSafety:
    """One area: both sides, and what follows where they can be compared."""

    area: str
    title: str
    unsafe: Estimate
    """Share who feel unsafe, drawn towards the other areas."""
    count: int | None
    gap: SafetyGap | None
    grade: Grade


@dataclass(frozen=True)
class SafetyGapsFinding:
    """Every area of a kind beside the district, for one question on feeling safe."""

    wave: str
    wave_title: str
    question: str
    question_text: str
    topic: str
    topic_title: str
    """What the rate is of."""
    topics: tuple[tuple[str, str], ...]
    """Slug and title of every topic whose rate can stand beside: on record for each of the areas."""
    by: str
    district: Estimate
    areas: tuple[AreaSafety, ...]
    period: str
    """Months of the record; empty where there are none."""
    source: str
    placed_by: str
    """How incidents are placed in the areas; empty where there are none."""
    note: str | None
    reason: str | None
    """Why nothing can be compared; None where something can."""
    weighting: str
    caveat: str
    synthetic: bool


@dataclass(frozen=True)
class _Rates:
    """What is on record of the year to the end of fieldwork, district and areas over the same periods."""

    district: Series
    periods: tuple[str, ...]
    residents: int
    phi: float
    """Overdispersion of the district's counts."""
    by_area: Mapping[str, tuple[Series, int]]

    def count(self, area: str) -> int:
        """What was recorded in an area over the same periods as in the district."""
        counts = {point.period: point.count for point in self.by_area[area][0].points}
        return sum(counts.get(period, 0) for period in self.periods)

    def overlap(self, wave: Wave) -> float:
        """Of the record with the year to the end of fieldwork."""
        return period_overlap(year_to(wave.closes_on), (first_day(self.periods[0]), last_day(self.periods[-1])))


def safety_measures(session: Session, wave: Wave) -> tuple[SafetyMeasure, ...]:
    """The questions of a wave on feeling safe."""
    return questionnaire_for(session, wave).safety


def safety_gaps(
    session: Session,
    wave: Wave,
    question: str | None = None,
    by: str = "ward",
    *,
    topic: str | None = None,
    rules: BaseRules = DEFAULT_RULES,
) -> SafetyGapsFinding:
    """The wards or beats of a wave, by one of its questions on feeling safe (by default the last, after dark).

    The rate is of the topic that the question is held against, or of any other on record for the areas: the grade
    then says that the question did not ask about it. Raises FindingError where the wave asked nothing of the kind
    and for a topic that is not known, NotYetError where it cannot be weighted yet.
    """
    if of_parishes(wave) or by not in ("ward", "beat"):
        raise FindingError("Feeling safe is known of residents, by ward or by beat.")
    questionnaire, made = questionnaire_for(session, wave), weighed(session, wave)
    measure = _measure(questionnaire, wave, question)
    whom = groups(session, wave, questionnaire, by)
    everybody, *each = (_unsafe(made, questionnaire, measure, one) for one in (EVERYBODY, *whom))
    drawn = drawn_figures(each)
    topic, known = topic or measure.topic, taxonomy(session)
    if topic not in known.titles:
        raise FindingError(f"No topic is called {topic!r}.")
    found = _rates(session, wave, topic, whom)
    rates = found if isinstance(found, _Rates) else None
    partly = topic != measure.topic or any(one.partly for one in mappings(session, topic))
    areas = tuple(
        _area(one, own, pulled, everybody, rates=rates, wave=wave, rules=rules, partly=partly)
        for one, own, pulled in zip(whom, each, drawn, strict=True)
    )
    return SafetyGapsFinding(
        wave=wave.key,
        wave_title=wave.title,
        question=measure.question,
        question_text=questionnaire.question(measure.question).text(),
        topic=topic,
        topic_title=known.title(topic),
        topics=tuple(
            (slug, known.title(slug)) for slug in _comparable(session, wave, {measure.topic, topic}, known, whom)
        ),
        by=by,
        district=everybody.held_to(hidden_below=rules.hidden_below, indicative_below=rules.indicative_below),
        areas=areas,
        period=words.period(first_day(rates.periods[0]), last_day(rates.periods[-1])) if rates else "",
        source=rates.district.source_title if rates else "",
        placed_by="; ".join(sorted({found.method for found, _ in rates.by_area.values()})) if rates else "",
        note=rates.district.note if rates else None,
        reason=None if rates else str(found),
        weighting=made.finding.summary.description,
        caveat=caveat(wave),
        synthetic=wave.synthetic,
    )


def _measure(questionnaire: Questionnaire, wave: Wave, question: str | None) -> SafetyMeasure:
    known = {one.question: one for one in questionnaire.safety}
    if not known:
        raise FindingError(f"{wave.key} did not ask how safe people feel.")
    if question is not None and question not in known:
        raise FindingError(f"{wave.key} asks how safe people feel in {words.listing(known)}, not in {question}.")
    return known[question] if question else next(reversed(known.values()))


def _unsafe(made: Weighed, questionnaire: Questionnaire, measure: SafetyMeasure, whom: Group) -> Estimate:
    """The share who feel unsafe among all who answered: *don't know* counts, declining does not."""
    choices = questionnaire.question(measure.question).choices()
    among = {(measure.question, one.code): 1.0 for one in choices if one.role != "prefer_not"}
    totals = made.tally.totals(made.finding.factors, domain=whom.domain(made.tally.cells))
    return share(totals, {(measure.question, code): 1.0 for code in measure.unsafe}, among)


def _rates(session: Session, wave: Wave, topic: str, whom: list[Group]) -> _Rates | str:
    """The record of the year to the end of fieldwork; or why there is none."""
    district = district_of(session, wave.closes_on)
    try:
        held = series(session, topic, district.code, *year_to(wave.closes_on))
        by_area = {
            one.code: (
                series(session, topic, one.code, *year_to(wave.closes_on), source=held.source),
                residents(session, one.code, wave.closes_on).persons,
            )
            for one in whom
        }
        people = residents(session, district.code, wave.closes_on).persons
    except (NoSeriesError, PlaceError) as error:
        return str(error)
    periods = tuple(point.period for point in held.points)
    if not sum(point.count for point in held.points):
        return "Nothing of the year to the end of fieldwork is on record, so there is no rate."
    phi = spread(session, held, periods, [point.count for point in held.points])
    return _Rates(held, periods, people, phi, by_area)


def _comparable(
    session: Session, wave: Wave, always: Collection[str], known: Taxonomy, whom: list[Group]
) -> Iterator[str]:
    """The topics of the question and of the page, and every other with a rate in the areas.

    A record is placed in every area of a kind or in none, so one area tells.
    """
    for slug in known.titles:
        if slug in always:
            yield slug
            continue
        try:
            held = series(session, slug, whom[0].code, *year_to(wave.closes_on)) if whom else None
        except NoSeriesError:
            continue
        if held is not None and held.points:
            yield slug


def _area(
    whom: Group,
    own: Estimate,
    pulled: Estimate,
    everybody: Estimate,
    *,
    rates: _Rates | None,
    wave: Wave,
    rules: BaseRules,
    partly: bool,
) -> AreaSafety:
    # Drawn towards the others it rests on everybody's answers; by itself, on those of its own people.
    least = min(rules.hidden_below, LEAST) if pulled is not own else rules.hidden_below
    shown = pulled.held_to(hidden_below=least, indicative_below=rules.indicative_below)
    facts = Comparison(
        record_area="same",
        overlap=rates.overlap(wave) if rates else 1.0,
        wording="local",
        base="too small" if shown.estimate is None else "indicative" if shown.indicative else "known",
        category="partly" if partly else "covers",
    )
    graded = grade_of_level(facts, recorded=rates is not None)
    if rates is None:
        return AreaSafety(whom.code, whom.title, shown, None, None, graded)
    gap, count = None, rates.count(whom.code)
    if graded.comparable and pulled.estimate is not None and everybody.estimate is not None:
        gap = safety_gap(
            unsafe=(pulled.estimate, pulled.se or 0.0),
            district_unsafe=(everybody.estimate, everybody.se or 0.0),
            count=count,
            residents=rates.by_area[whom.code][1],
            district_count=sum(point.count for point in rates.district.points),
            district_residents=rates.residents,
            phi=rates.phi,
        )
    return AreaSafety(whom.code, whom.title, shown, count, gap, graded)
