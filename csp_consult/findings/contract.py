"""What the pages, the command line and the documents are given of what people said: findings with their provenance.

These are values: nothing here reads the database or computes. What is said against the record is in
``gap_contract``.
"""

from dataclasses import dataclass, field
from datetime import date

from csp_consult.analysis.figures import ConcernRanking, Estimate
from csp_consult.analysis.representativeness import Representativeness


@dataclass(frozen=True)
class WeightingSummary:
    """How a wave was weighted, in the words and numbers a reader needs."""

    description: str
    """One sentence: targets with source and date, cap, merges."""
    base: int
    design_effect: float
    effective_base: float
    weight_range: tuple[float, float]
    """Smallest and largest weight over the mean weight."""
    trimmed: int
    merges: tuple[str, ...]
    """Each merge of thin categories, in words."""
    converged: bool
    largest_margin_error: float
    """Largest difference between a weighted share and its target after raking, 0 to 1."""


@dataclass(frozen=True)
class MarginShare:
    """One target category: its people, and its share of the answers before and after weighting."""

    variable: str
    """``age x sex`` or ``area``."""
    title: str
    """The category, or the categories weighted together, in words."""
    population: int | None
    """None for people who did not say: they have no target, and keep their share of the answers."""
    target_share: float
    responses: int
    response_share: float
    weighted_share: float


@dataclass(frozen=True)
class TargetSource:
    """Where the population of one target variable comes from."""

    variable: str
    source: str
    as_at: date | None
    """None for targets from a file that does not say."""


@dataclass(frozen=True)
class Weighting:
    """The weights of one wave: one factor for each weighting cell, and how they came about."""

    wave: str
    wave_title: str
    tally_version: int
    factors: dict[str, float]
    """Weight in people of the population for one unit of base weight, by weighting cell."""
    summary: WeightingSummary
    margins: tuple[MarginShare, ...]
    targets: tuple[TargetSource, ...]
    outside: int
    """Responses of people who live outside the district: kept, and not in any resident estimate."""
    cap: float | None
    """Largest weight allowed, in mean weights."""
    least: int
    """Respondents that a category needs, or it is joined to a neighbour."""
    kept_share: tuple[str, ...]
    """Categories without a target (did not say), which keep their share of the answers, in words."""
    caveat: str
    synthetic: bool


@dataclass(frozen=True)
class RankingFinding:
    """The concern ranking of one wave (or one area or group of it)."""

    wave: str
    """``survey/wave``."""
    wave_title: str
    question: str
    """Identifier of the question the concern measure comes from."""
    question_text: str
    period: tuple[date, date]
    subset: str
    """Whom the ranking covers in words: ``All residents``, ``Glen ward``, ``Aged 16 to 24``."""
    ranking: ConcernRanking
    unweighted: ConcernRanking | None
    weighting: str
    """One sentence: how the answers were weighted."""
    weighting_summary: WeightingSummary | None
    """None for parish councils, which are a whole population."""
    coverage: str | None
    """For parish councils: how many answered of how many, and the electorate they stand for."""
    caveat: str
    """The sentence on self-selection, or on a whole population."""
    synthetic: bool
    topic_titles: dict[str, str] = field(default_factory=dict)
    group: str = ""
    """Code of the subset (an area, an age band, an answer); empty for everybody."""


@dataclass(frozen=True)
class BlendSource:
    """One source of a blend: what it is, what it weighs, and what it says alone."""

    source: str
    """``survey/wave``, or the name of a published survey."""
    title: str
    kind: str
    """``residents' survey``, ``parish councils``, ``survey file``, ``published order`` or
    ``published shares``."""
    group: str
    """``residents`` or ``institutions``."""
    period: str
    base: int | None
    """None where no base was published."""
    effective_base: float | None
    """The source's own; None where no base was published."""
    effective_base_used: float
    """What the source weighs by: its own, or the smallest of its group where it has none."""
    quality: float
    """1 for a closed or whole-population invitation, 0.5 for an open one."""
    weight: float
    """Share of the blend, 0 to 1; the shares of all sources add to 1."""
    order: tuple[str, ...]
    """Its own order of everything it asked, at the level of the blend."""
    index: dict[str, float | None]
    """Its concern index over the blended topics."""
    not_asked: tuple[str, ...]
    """Topics that others asked and this source did not: never counted as zero."""
    note: str
    """What to know of it, in one or two sentences."""
    synthetic: bool


@dataclass(frozen=True)
class BlendedTopic:
    """One topic's place in a blend."""

    topic: str
    title: str
    index: Estimate
    """Blended concern index, 100 for the average topic."""
    rank: int
    rank_lower: int
    rank_upper: int
    ties_with: tuple[str, ...]
    mean_rank: float
    """Borda: mean of the ranks in the sources, each source counted by its share of the blend."""


@dataclass(frozen=True)
class BlendCrossing:
    """The institutions' weight at which two topics change places."""

    topics: tuple[str, str]
    institution_weight: float


@dataclass(frozen=True)
class BlendFinding:
    """Several sources put side by side on one scale, and what would change the order."""

    level: str
    """``topics`` or ``themes``."""
    level_reason: str
    topics: tuple[BlendedTopic, ...]
    sources: tuple[BlendSource, ...]
    institution_weight: float
    orders: tuple[tuple[float, tuple[str, ...]], ...]
    """The order at each institution weight from 0 to 1."""
    crossings: tuple[BlendCrossing, ...]
    left_out: dict[str, tuple[str, ...]]
    """The order when each source is left out, by source."""
    without_baseless: tuple[str, ...] | None
    """The order when sources without a base count for nothing; None when every source has one."""
    robustness: str
    """When the order holds, in words."""
    method: str
    interval_note: str
    """What the intervals cover: sources with a base only, where one has none."""
    caveat: str
    synthetic: bool
    topic_titles: dict[str, str]
    reason: str | None = None
    """Why there is no blend, when ``topics`` is empty."""


@dataclass(frozen=True)
class ProgressGroup:
    """Responses of one group of residents so far, against its share of the population."""

    variable: str
    """``age``, ``sex``, ``age x sex`` or ``area``."""
    category: str
    title: str
    responses: int | None
    """None where so few have answered that the count could point at a person."""
    response_share: float | None
    population: int
    population_share: float
    effective_base_with_ten_more: float | None
    """Effective base of the wave if ten more like the group's present respondents answered."""


@dataclass(frozen=True)
class CellProgress:
    """Responses of one ward, age band and sex so far, against what a response as even as the population would be."""

    ward: str
    group: str
    """Age band and sex in words."""
    responses: int | None
    """None where so few have answered that the count could point at a person."""
    expected: float


@dataclass(frozen=True)
class ParishProgress:
    """Where one parish stands in a wave."""

    parish: str
    name: str
    state: str
    """``answered``, ``officer draft``, ``drafting`` or ``not started``."""


@dataclass(frozen=True)
class Progress:
    """Fieldwork so far: who has answered, and who has not."""

    wave: str
    wave_title: str
    period: tuple[date, date]
    responses: int
    outside: int
    unknown: int
    """Responses whose age, sex or area was not said: in no group of that kind."""
    effective_base: float | None
    reason: str | None
    """Why there is no effective base yet, in words."""
    groups: tuple[ProgressGroup, ...]
    cells: tuple[CellProgress, ...]
    """Ward by age by sex; none where wards, ages and sexes are not all targets."""
    evenness: Representativeness | None
    """How evenly the groups have answered; None where there are no targets or no answers."""
    parishes: tuple[ParishProgress, ...]
    coverage: str | None
    """For parish waves: how many answered of how many, and the electorate they stand for."""
    synthetic: bool


@dataclass(frozen=True)
class AnswerShare:
    """One option of a question: the share who gave it, weighted and not."""

    question: str
    """Question key: a question's id, or ``grid.row``."""
    question_text: str
    option: str
    option_title: str
    share: Estimate
    se_raked: float | None
    """Standard error that takes the raking into account; None for parish councils."""
    unweighted: float | None


@dataclass(frozen=True)
class CrosstabCell:
    """The share of an answer among the people who gave another."""

    row: str
    row_title: str
    column: str
    column_title: str
    share: Estimate
    p: float | None
    """Of the difference from everybody else, adjusted over the whole table (Holm)."""
    mark: str | None
    """``higher`` or ``lower`` than everybody else, where that is significant at 5%."""


@dataclass(frozen=True)
class CrosstabFinding:
    """Two questions of a wave against each other, in column shares."""

    wave: str
    wave_title: str
    row_question: str
    row_text: str
    column_question: str
    column_text: str
    cells: tuple[CrosstabCell, ...]
    totals: dict[str, Estimate]
    """By row: the share among all who answered both questions."""
    base: int
    se_method: str
    weighting: str
    caveat: str
    synthetic: bool


@dataclass(frozen=True)
class ThemeShare:
    """One code of a codeframe: the share of coded answers that it was found in."""

    name: str
    description: str
    share: Estimate


@dataclass(frozen=True)
class ThemesFinding:
    """What people wrote in their own words, sorted by officers and weighted."""

    wave: str
    wave_title: str
    question: str
    question_text: str
    themes: tuple[ThemeShare, ...]
    """Most frequent first; one answer may hold several."""
    answered: int
    coded: int
    weighting: str
    caveat: str
    synthetic: bool


@dataclass(frozen=True)
class TrendShare:
    """An option's share in one wave, and how it differs from the wave before."""

    option: str
    option_title: str
    wave: str
    wave_title: str
    period: str
    share: Estimate
    change: float | None
    """Share less that of the wave before; None for the first wave and where the two cannot be compared."""
    change_lower: float | None
    change_upper: float | None
    p: float | None
    """Adjusted over the waves of the option (Holm)."""
    significant: bool | None
    smallest_significant: float | None
    """The smallest change that could have been significant on these bases."""
    detectable: float | None
    """The change that would be found four times in five."""
    breaks: tuple[str, ...]
    """What changed besides opinion: question, mode, base."""
    reason: str | None
    """Why there is no change to state."""


@dataclass(frozen=True)
class TrendFinding:
    """A question over the waves of a survey."""

    survey: str
    survey_title: str
    question: str
    question_text: str
    points: tuple[TrendShare, ...]
    """Option by option, each in the order of the waves."""
    weighting: dict[str, str]
    """By wave: how it was weighted, in one sentence."""
    caveat: str
    synthetic: bool
