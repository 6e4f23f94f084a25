"""What is given of perception beside record: gaps, and the audiences to speak to, with their provenance.

These are values: nothing here reads the database or computes.
"""

from dataclasses import dataclass

from csp_consult.analysis.figures import Estimate


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
    placed_by: str = ""
    """How incidents are placed in the area; empty for a printed figure."""
    wider: str = ""
    """The wider area that it is of, where no record of the area asked for fits as well; empty for the area's own."""

    @property
    def why_not_own(self) -> str:
        """Why the area asked for has no figure of its own, with the wider one; empty where it has."""
        return f"No record of this area alone fits as well. {self.text}" if self.wider else ""


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
    subset: str = ""
    """Whom the perception covers where it is not everybody in the area: ``Aged 16 to 24``."""
    direct_up: Estimate | None = None
    """For small areas, the area's own share who say it rose, before it was drawn towards the others."""
    direct_down: Estimate | None = None
    asked: str = ""
    """From when to when, in words: an activity keeps its gap as plain values. Empty for a published figure."""
    weighting: str = ""
    """How the perception is weighted; empty where it is not weighted here."""
    other_pairs: int = 0
    """How many other pairs of recorded periods could have been taken; this one overlaps best."""
    caveat: str = ""


@dataclass(frozen=True)
class TargetSegment:
    """One audience: an age group of a ward."""

    area: str
    area_name: str
    age: str
    title: str
    """In words: ``Glen ward, aged 16 to 24``."""
    adults: int
    rate: float
    """Share who believe that it rose, drawn towards the others, 0 to 1."""
    lift: float
    """The rate over the district's."""
    residents: float
    """Residents who believe it."""
    lower: float
    upper: float
    share_of_all: float
    """Of all such residents of wards of class *reassure*, 0 to 1."""
    classification: str
    """Of its ward; ``unclear`` where the ward cannot be compared."""
    chosen: bool
    channel: str | None
    """Where its age group says it hears local news most; None where that was not asked or too few answered."""


@dataclass(frozen=True)
class TargetsFinding:
    """The fewest audiences that hold most of the residents who believe that something rose while it fell."""

    wave: str
    wave_title: str
    topic: str
    topic_title: str
    segments: tuple[TargetSegment, ...]
    """Most such residents first."""
    total_residents: float
    eligible_residents: float
    """In wards of class *reassure*."""
    wanted_share: float
    covered_share: float
    """Of the eligible residents, by the chosen segments."""
    note: str | None
    """Why there is nobody to choose, or fewer than wanted."""
    grade: str
    """Lowest comparability grade of the wards it rests on."""
    grade_reasons: tuple[str, ...]
    recorded: RecordedChange | None
    """The record's side of the district's gap."""
    weighting: str
    method: str
    caveat: str
    synthetic: bool
