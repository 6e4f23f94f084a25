"""The blend of sources: what residents, councils and other bodies' surveys say, on one scale and in the open."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from csp_consult import words
from csp_consult.analysis import blend as blending
from csp_consult.analysis.concern import (
    MENTION_SHARE,
    PROBLEM_SHARE,
    RANK_POINTS,
    Concern,
    concern_from_order,
    concern_from_shares,
    to_themes,
)
from csp_consult.fieldwork.models import Survey, Wave
from csp_consult.fieldwork.waves import listed
from csp_consult.findings.base_rules import DEFAULT_RULES, BaseRules
from csp_consult.findings.contract import BlendCrossing, BlendedTopic, BlendFinding, BlendSource
from csp_consult.findings.errors import FindingError
from csp_consult.findings.phrasing import SELF_SELECTED, WHOLE_POPULATION
from csp_consult.findings.ranking import concern_of
from csp_consult.findings.reading import of_parishes
from csp_consult.findings.taxonomy import Taxonomy, taxonomy
from csp_consult.questionnaire.models import QuestionnaireVersion
from csp_consult.questionnaire.store import questionnaire_of
from csp_consult.sources.models import PublishedSurvey
from csp_consult.sources.registered import concern_of as concern_of_file
from csp_consult.sources.registered import registered

INSTITUTION_WEIGHT = blending.INSTITUTION_WEIGHT
"""Published default weight of what institutions say."""
RESIDENTS = "residents' survey"
COUNCILS = "parish councils"
PRINTED = "published order"
PRINTED_SHARES = "published shares"
FILE = "survey file"
LESSER = "_lesser"
"""Ends the question of a printed result that goes on where a top list stopped."""
PRINTED_NOTE = "Known only by the order it printed: its first three count 3, 2 and 1, without sampling error."
SHARES_NOTE = "Known only by the shares it printed."
SHARES = {PROBLEM_SHARE: PROBLEM_SHARE, MENTION_SHARE: MENTION_SHARE, RANK_POINTS: MENTION_SHARE}
"""What shares printed of a question are, by how it measures here: who names a topic among three mentions it."""
_STEPS = 20


@dataclass(frozen=True)
class _Source:
    """A source with what a reader must know of it."""

    name: str
    title: str
    kind: str
    side: blending.Side
    period: str
    concern: Concern
    quality: float
    base: int | None
    note: str
    synthetic: bool


def blend(
    session: Session,
    *,
    waves: Sequence[Wave] | None = None,
    institution_weight: float = INSTITUTION_WEIGHT,
    rules: BaseRules = DEFAULT_RULES,
) -> BlendFinding:
    """The blended ranking of hosted waves and of what other bodies published.

    ``waves`` are by default the latest wave of each survey held here that has answers enough to be ranked. Where
    nothing can be blended the finding has no topics and says why. Raises FindingError for a weight outside 0 to 1, and
    for a wave asked for whose base is too small to be shown.
    """
    if not 0 <= institution_weight <= 1:
        raise FindingError("The weight of institutions must lie between 0 and 1.")
    known = taxonomy(session)
    hosted = _latest(session, rules) if waves is None else _chosen(session, waves, rules)
    sources = [*hosted, *_registered(session), *_published(session, hosted, known)]
    try:
        found = _blended(sources, known, institution_weight)
    except blending.BlendError as error:
        return _nothing(str(error), institution_weight)
    return _finding(sources, found, known)


def _blended(sources: Sequence[_Source], known: Taxonomy, institution_weight: float) -> blending.Blend:
    entries = [blending.BlendSource(one.title, one.side, one.concern, one.quality) for one in sources]
    return blending.blend(entries, themes=known.themes, institution_weight=institution_weight)


def _latest(session: Session, rules: BaseRules) -> list[_Source]:
    """The latest wave of each survey that can be ranked under the base rules."""
    found: dict[int, _Source] = {}
    for wave in sorted(listed(session), key=lambda wave: wave.opens_on, reverse=True):
        source = None if wave.survey_id in found else _hosted(session, wave)
        if source and _large_enough(source, rules):
            found[wave.survey_id] = source
    return sorted(found.values(), key=lambda one: (one.side != blending.RESIDENTS, one.name))


def _chosen(session: Session, waves: Sequence[Wave], rules: BaseRules) -> list[_Source]:
    """The waves asked for, as far as they rank anything. Raises FindingError where one is too small to be shown."""
    found = [one for wave in waves if (one := _hosted(session, wave))]
    for one in found:
        if not _large_enough(one, rules):
            raise FindingError(f"{one.title} cannot be shown: its effective base is under {rules.hidden_below:g}.")
    return found


def _large_enough(source: _Source, rules: BaseRules) -> bool:
    """Whether the base rules let a source be shown; they never hide councils."""
    return source.kind == COUNCILS or source.concern.effective_base >= rules.hidden_below


def _hosted(session: Session, wave: Wave) -> _Source | None:
    """The wave as a source; None where it asks nothing that can be ranked, or nobody has answered."""
    try:
        found = concern_of(session, wave)
    except FindingError:
        return None
    if found.weighted is None or not found.weighted.base:
        return None
    parishes = of_parishes(wave)
    return _Source(
        name=wave.key,
        title=wave.title,
        kind=COUNCILS if parishes else RESIDENTS,
        side=blending.INSTITUTIONS if parishes else blending.RESIDENTS,
        period=words.period(wave.opens_on, wave.closes_on),
        concern=found.weighted,
        # Every council of the district is asked, whatever link the wave has.
        quality=1.0 if parishes else blending.QUALITY[wave.recruitment],
        base=found.weighted.base,
        note=" ".join(filter(None, [found.weighting, found.coverage])),
        synthetic=found.synthetic,
    )


def _registered(session: Session) -> Iterator[_Source]:
    """Surveys of others whose files were registered."""
    for one in registered(session):
        concern = concern_of_file(one)
        yield _Source(
            name=one.slug,
            title=one.title,
            kind=FILE,
            side=blending.INSTITUTIONS if one.audience == blending.INSTITUTIONS else blending.RESIDENTS,
            period=one.period,
            concern=concern,
            quality=blending.QUALITY[one.recruitment],
            base=concern.base,
            note=one.citation,
            synthetic=one.synthetic,
        )


def _published(session: Session, hosted: Sequence[_Source], known: Taxonomy) -> Iterator[_Source]:
    """What surveys printed whose answers are not held here: nobody is to be counted twice."""
    answered_here = {*session.scalars(select(Survey.title)), *(one.title for one in registered(session))}
    councils_here = any(one.kind == COUNCILS for one in hosted)
    asked = concern_questions(session)
    for survey in session.scalars(select(PublishedSurvey).order_by(PublishedSurvey.slug)):
        institutions = survey.audience == blending.INSTITUTIONS
        printed = _printed_shares(survey, asked) or _printed_order(survey, asked, known)
        if printed is None or survey.title in answered_here or (institutions and councils_here):
            continue
        in_shares = printed.measure in SHARES.values()
        base_note = "" if survey.base is not None else "No base was published."
        yield _Source(
            name=survey.slug,
            title=survey.title,
            kind=PRINTED_SHARES if in_shares else PRINTED,
            side=blending.INSTITUTIONS if institutions else blending.RESIDENTS,
            period=survey.period,
            concern=printed,
            quality=blending.QUALITY[survey.recruitment],
            base=survey.base,
            note=" ".join(filter(None, [SHARES_NOTE if in_shares else PRINTED_NOTE, base_note, survey.note])),
            synthetic=False,
        )


def concern_questions(session: Session) -> dict[str, str]:
    """The questions that measure concern as a whole, in any questionnaire held here, and how each does."""
    versions = session.scalars(select(QuestionnaireVersion))
    return {
        measure.question: measure.kind
        for version in versions
        for measure in questionnaire_of(version).concern
        if measure.within is None
    }


def _printed_shares(survey: PublishedSurvey, asked: Mapping[str, str]) -> Concern | None:
    """Concern from a survey's printed shares of one question by topic; None where it has no such table.

    Shares of several areas, or several of one topic, are no one table: which of them counts was not printed.
    """
    for question, kind in asked.items():
        shares = [one for one in survey.results if one.kind == "share" and one.question == question and one.topic_slug]
        by_topic = {one.topic_slug: one.value / 100 for one in shares if one.topic_slug and one.value is not None}
        one_table = len(by_topic) == len(shares) > 1 and len({one.area_code for one in shares}) == 1
        if kind in SHARES and one_table and any(by_topic.values()):
            return concern_from_shares(SHARES[kind], by_topic, survey.base)
    return None


def _printed_order(survey: PublishedSurvey, asked: Collection[str], known: Taxonomy) -> Concern | None:
    """Concern from a survey's printed order; by theme where the print mixes both. None where it has none.

    What was printed as *to a lesser extent* comes after what was printed as the top.
    """
    orders = {result.question: result.order or [] for result in survey.results if result.kind == "order"}
    top = next((question for question in orders if question in asked), None)
    if top is None:
        return None
    rows = [*orders[top], *orders.get(f"{top}{LESSER}", [])]
    printed = [row["topic"] for row in rows if row.get("topic") in known.themes]
    if any(known.themes[topic] == topic for topic in printed):
        printed = [known.themes[topic] for topic in printed]
    order = tuple(dict.fromkeys(printed))
    return concern_from_order(order, ()) if len(order) > 1 else None


def _finding(sources: Sequence[_Source], found: blending.Blend, known: Taxonomy) -> BlendFinding:
    ranking = found.ranking
    levelled = [to_themes(one.concern, known.themes) if found.level == "theme" else one.concern for one in sources]
    every = dict.fromkeys([*found.topics, *(topic for concern in levelled for topic in concern.topics)])
    return BlendFinding(
        level=f"{found.level}s",
        level_reason=_level_reason(found),
        topics=tuple(
            BlendedTopic(
                topic=topic.topic,
                title=known.title(topic.topic),
                index=topic.index,
                rank=topic.rank,
                rank_lower=topic.rank_lower,
                rank_upper=topic.rank_upper,
                ties_with=topic.ties_with,
                mean_rank=found.mean_rank[topic.topic],
            )
            for topic in ranking.topics
        ),
        sources=tuple(
            _source(one, share, concern, found, every)
            for one, share, concern in zip(sources, found.shares, levelled, strict=True)
        ),
        institution_weight=found.institution_weight,
        orders=_orders(found),
        crossings=tuple(
            BlendCrossing((crossing.above_before, crossing.above_after), crossing.institution_weight)
            for crossing in found.crossings
        ),
        left_out={one.name: left.order for one, left in zip(sources, found.left_out, strict=False)},
        without_baseless=_without_baseless(sources, found, known),
        robustness=blending.robustness(found, known.titles),
        method=_method(found),
        interval_note=" ".join(found.notes),
        caveat=_caveat(sources),
        synthetic=any(one.synthetic for one in sources),
        topic_titles={topic: known.title(topic) for topic in every},
    )


def _source(
    one: _Source,
    share: blending.SourceShare,
    concern: Concern,
    found: blending.Blend,
    every: Collection[str],
) -> BlendSource:
    placed = sorted(range(len(concern.topics)), key=lambda t: (-concern.values[t], concern.topics[t]))
    return BlendSource(
        source=one.name,
        title=one.title,
        kind=one.kind,
        group=one.side,
        period=one.period,
        base=one.base,
        effective_base=share.effective_base,
        effective_base_used=share.effective_base or _smallest(found, one.side),
        quality=one.quality,
        weight=share.weight,
        order=tuple(concern.topics[t] for t in placed),
        index=dict(zip(found.topics, share.index, strict=True)),
        not_asked=tuple(topic for topic in every if topic not in concern.topics),
        note=one.note,
        synthetic=one.synthetic,
    )


def _smallest(found: blending.Blend, side: str) -> float:
    """The smallest effective base of a side, which a source without one takes; 1 where none has any."""
    return min(
        (share.effective_base for share in found.shares if share.side == side and share.effective_base), default=1
    )


def _orders(found: blending.Blend) -> tuple[tuple[float, tuple[str, ...]], ...]:
    """The order at evenly spaced weights of institutions from 0 to 1."""
    weights = [step / _STEPS for step in range(_STEPS + 1)]
    return tuple(
        (weight, next(held.order for held in found.orders if weight <= held.highest + 1e-12)) for weight in weights
    )


def _without_baseless(sources: Sequence[_Source], found: blending.Blend, known: Taxonomy) -> tuple[str, ...] | None:
    based = [one for one in sources if one.concern.effective_base > 0]
    if len(based) in (0, len(sources)):
        return None
    narrowed = [replace(one, concern=_over(one.concern, found, known)) for one in based]
    return tuple(_blended(narrowed, known, found.institution_weight).ranking.order())


def _over(concern: Concern, found: blending.Blend, known: Taxonomy) -> Concern:
    """The concern over the blended topics, so that leaving sources out does not change what is compared."""
    levelled = to_themes(concern, known.themes) if found.level == "theme" else concern
    return levelled.only(found.topics)


def _level_reason(found: blending.Blend) -> str:
    if found.level == "theme":
        return "Compared by theme, because the sources did not all ask about the same topics."
    return "Compared by topic: those that every source asked about."


def _method(found: blending.Blend) -> str:
    return (
        "Mean of the sources’ concern indices (100 is the average topic). Residents count "
        f"{words.percent(1 - found.institution_weight)} and institutions {words.percent(found.institution_weight)}; "
        "inside each group a source counts by its effective base times its quality (1 for an invitation to a list or "
        "to everybody, 0.5 for an open link or where that was not published)."
    )


def _caveat(sources: Sequence[_Source]) -> str:
    said = [SELF_SELECTED, WHOLE_POPULATION if any(one.kind == COUNCILS for one in sources) else ""]
    hosted = [one.name.partition("/")[0] for one in sources if "/" in one.name]
    if len(set(hosted)) < len(hosted):
        said.append(
            "Two waves of one survey are in it: many of the same people may have answered both, so the interval "
            "is narrower than it should be."
        )
    if len({one.period for one in sources}) > 1:
        said.append("The sources were asked at different times; each has its period beside it.")
    return " ".join(filter(None, said))


def _nothing(reason: str, institution_weight: float) -> BlendFinding:
    return BlendFinding(
        level="topics",
        level_reason="",
        topics=(),
        sources=(),
        institution_weight=institution_weight,
        orders=(),
        crossings=(),
        left_out={},
        without_baseless=None,
        robustness="",
        method="",
        interval_note="",
        caveat="",
        synthetic=False,
        topic_titles={},
        reason=reason,
    )
