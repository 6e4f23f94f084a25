"""Findings in one or two plain sentences: what a reader should take from a chart, said without it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from csp_consult import words
from csp_consult.analysis.figures import Estimate, RankedTopic
from csp_consult.findings.contract import BlendedTopic, BlendFinding, Progress, RankingFinding, TrendFinding
from csp_consult.findings.gap_contract import GapFinding
from csp_consult.findings.phrasing import in_sentence

NOT_COMPARED = "not compared"


@dataclass(frozen=True)
class Measure:
    """How a concern measure is called and said."""

    heading: str
    """Of a table column or a chart's axis."""
    said: str
    """Completes a sentence that begins with the figure."""
    share_of_people: bool
    """True for a share of people; false for a score, said out of 100."""

    def figure(self, value: float) -> str:
        """The measure's value (0 to 1) as it is said: ``41%``, or ``41`` out of 100."""
        return words.percent(value) if self.share_of_people else words.number(100 * value)

    def figures(self, estimate: Estimate) -> str:
        """The value with its interval: ``41% (35% to 47%)``; the reason where it is not shown."""
        if estimate.estimate is None:
            return estimate.reason or "not shown"
        text = self.figure(estimate.estimate)
        if estimate.lower is not None and estimate.upper is not None:
            text += f" ({self.figure(estimate.lower)} to {self.figure(estimate.upper)})"
        return text


MEASURES = {
    "problem share": Measure("Say it is a problem", "say it is a problem", True),
    "mention share": Measure("Name it among their top concerns", "name it among their top concerns", True),
    "mean rating": Measure("Mean rating, out of 100", "out of 100 is its mean rating", False),
    "rank points": Measure("Points, out of 100", "out of 100 points", False),
}


def ranking_reading(finding: RankingFinding) -> str:
    """The top of a ranking in words, with what it ties with; or why there is none."""
    ranking = finding.ranking
    if not ranking.topics:
        return ranking.reason or "There are not enough responses to rank concerns."
    first = ranking.topics[0]
    measure = MEASURES[ranking.measure]
    title = finding.topic_titles.get(first.topic, first.topic)
    text = f"{title} comes first: {measure.figures(first.concern)} {measure.said}. "
    return text + places_reading(first, ranking.topics, finding.topic_titles)


def places_reading(
    first: RankedTopic | BlendedTopic, ordered: Sequence[RankedTopic | BlendedTopic], titles: Mapping[str, str]
) -> str:
    """Which places the answers allow the first topic, and which others could be first."""
    if first.rank_upper == first.rank:
        return "No other topic could be first."
    rivals = [titles.get(other.topic, other.topic) for other in ordered if other is not first and other.rank_lower == 1]
    if len(rivals) == len(ordered) - 1:
        return "But the answers allow any of the topics to be first."
    allowed = f"The answers allow it any place from {words.ranks(first.rank_lower, first.rank_upper)}"
    return f"{allowed}; {words.listing(_few(rivals))} could be first too." if rivals else f"{allowed}."


def _few(titles: list[str]) -> list[str]:
    """At most four names, the rest as a number: a sentence is no table."""
    return titles if len(titles) <= 4 else [*titles[:3], f"{len(titles) - 3} others"]


def groups_reading(findings: Sequence[RankingFinding]) -> str:
    """Which concern comes first in how many of the groups; or that none can be shown."""
    firsts = [first for first in map(_first_of, findings) if first]
    if not firsts:
        return "Too few have answered in each group to say what comes first."
    often = Counter(firsts).most_common()
    of = f"of {len(firsts)} groups with figures" if len(firsts) < len(findings) else f"of {len(firsts)} groups"
    said = [f"{title} comes first in {times}" for title, times in often[:3]]
    text = f"{words.listing(said)} {of}."
    return text if len(often) <= 3 else f"{text} Another {len(often) - 3} come first elsewhere."


def trend_reading(found: TrendFinding) -> str:
    """What the latest wave shows against the one before: the changes that are more than chance, or that none is."""
    latest = found.points[-1].wave if found.points else ""
    points = [one for one in found.points if one.wave == latest]
    changes = [one for one in points if one.change is not None]
    if not points:
        return "No wave has answers to show."
    if not changes:
        only = len({one.wave for one in found.points}) == 1
        why = (
            "There is one wave, so there is no change to state" if only else "It cannot be compared with the one before"
        )
        return f"{points[0].wave_title}: {why[0].lower()}{why[1:]}."
    moved = [one for one in changes if one.significant]
    if not moved:
        return f"{points[0].wave_title}: no answer moved by more than chance allows."
    said = [f"“{one.option_title}” by {words.signed(100 * (one.change or 0))} points" for one in moved]
    return f"{points[0].wave_title}: more than chance moved {words.listing(said)} from the wave before."


def _first_of(finding: RankingFinding) -> str | None:
    shown = [topic for topic in finding.ranking.topics if topic.concern.estimate is not None]
    return finding.topic_titles.get(shown[0].topic, shown[0].topic) if shown else None


def progress_reading(progress: Progress) -> str:
    """Fieldwork so far in words."""
    responses = f"{words.number(progress.responses)} response{'' if progress.responses == 1 else 's'} so far"
    if progress.effective_base is None:
        return f"{responses}. {progress.reason or ''}".strip()
    return f"{responses}, worth {words.number(progress.effective_base)} once weighted (the effective base)."


def evenness_reading(progress: Progress) -> str | None:
    """The R-indicator in words; None where there is none."""
    found = progress.evenness
    if found is None:
        return None
    widest = max(found.partial, key=lambda name: found.partial[name])
    of_what = {"age x sex": "ages and sexes", "area": "wards"}.get(widest, widest)
    return (
        f"R-indicator {words.number(found.r, 3)} ({words.number(found.lower, 3)} to {words.number(found.upper, 3)}; "
        "1 means that every group answered at the same rate). As few of all residents answer, the better guide is how "
        f"far the rates of the groups differ: by {words.percent(found.cv)} of the average rate "
        f"({words.percent(found.cv_lower)} to {words.percent(found.cv_upper)}), most between {of_what}. Unweighted, a "
        f"mean could be off by up to that share of a standard deviation. Base {words.number(found.base)}."
    )


def blend_reading(blend: BlendFinding) -> str:
    """The top of a blended order in words; or why there is none."""
    if not blend.topics:
        return blend.reason or "There is nothing to blend."
    first = blend.topics[0]
    return f"{first.title} comes first of {len(blend.topics)}. {blend_places(blend)} {blend.robustness}".strip()


def blend_places(blend: BlendFinding) -> str:
    """What ``places_reading`` says of a blended order, and by which sources: one without a base has no error at all."""
    said = places_reading(blend.topics[0], blend.topics, blend.topic_titles)
    if all(source.base is not None for source in blend.sources):
        return said
    return f"As far as sources have a sampling error, {said[0].lower()}{said[1:]}"


def typology_reading(topics: Sequence[GapFinding], wards: Sequence[GapFinding]) -> str:
    """What each topic calls for in the district, and in how many wards what; ``wards`` are all of one topic."""
    said = [f"{in_sentence(one.topic_title)}, {one.classification or NOT_COMPARED}" for one in topics]
    district = f"What each topic calls for in the district: {'; '.join(said)}."
    if not wards:
        return district
    counted = Counter(one.classification or NOT_COMPARED for one in wards).most_common()
    by_ward = words.listing(f"{name} in {words.number(count)}" for name, count in counted)
    return f"{district} By ward, for {in_sentence(wards[0].topic_title)}: {by_ward}."


def interval(estimate: Estimate, decimals: int = 0) -> str:
    """The interval of a share: ``35% to 47%``; a dash where there is none."""
    if estimate.lower is None or estimate.upper is None:
        return "–"
    return f"{words.percent(estimate.lower, decimals)} to {words.percent(estimate.upper, decimals)}"


def share(estimate: Estimate | None) -> str:
    """A share with its interval, ``41% (35% to 47%)``, or the reason why it is not shown."""
    if estimate is None:
        return "not asked"
    if estimate.estimate is None:
        return estimate.reason or "not shown"
    text = words.percent(estimate.estimate)
    if estimate.lower is not None:
        text += f" ({interval(estimate)})"
    return f"{text}, indicative" if estimate.indicative else text
