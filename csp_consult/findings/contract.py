"""What the pages, the command line and the documents are given: findings with their provenance.

These are values: nothing here reads the database or computes.
"""

from dataclasses import dataclass, field
from datetime import date

from csp_consult.analysis.figures import ConcernRanking, Estimate


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


@dataclass(frozen=True)
class RecordedChange:
    """The record's side of a gap."""

    text: str
    """One sentence, with source, area and both periods."""
    change_pct: float | None
    lower_pct: float | None
    upper_pct: float | None
    count: int | None
    previous_count: int | None
    source: str
    citation: str
    period: str
    previous_period: str | None
    direction_only: bool
    """True for a published change without counts: it has a sign, no sampling error."""
    recording_note: str | None


@dataclass(frozen=True)
class GapFinding:
    """Perception beside record for one topic and area."""

    wave: str | None
    """None where the perception is another body's published figure."""
    wave_title: str
    topic: str
    topic_title: str
    area: str
    area_name: str
    question_text: str
    perceived_up: Estimate | None
    perceived_down: Estimate | None
    balance: Estimate | None
    """p_up - p_down, -1 to 1."""
    contrary_share: Estimate | None
    contrary_adults: int | None
    """Adults the contrary share stands for."""
    recorded: RecordedChange | None
    gap_points: Estimate | None
    """100 (B - R); positive where perception is worse than the record."""
    classification: str
    """``reassure``, ``alert``, ``act``, ``maintain`` or ``unclear``; empty when it cannot be compared."""
    class_probabilities: dict[str, float]
    grade: str
    """Comparability A to D."""
    grade_reasons: tuple[str, ...]
    verdict: str
    """Words a councillor can read out; or ``Cannot be compared, because …``."""
    perception_text: str
    """The perception's side in one sentence."""
    synthetic: bool
