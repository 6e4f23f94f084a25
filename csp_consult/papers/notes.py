"""Footnotes: what a sentence or a table of a paper rests on, in one line."""

from csp_consult import words
from csp_consult.findings.contract import BlendFinding, RankingFinding
from csp_consult.findings.gap_contract import GapFinding

SYNTHETIC = "Synthetic: contains responses that nobody gave."


def of_ranking(found: RankingFinding) -> str:
    """Survey, question, base, weighting and caveat of a ranking."""
    ranking = found.ranking
    base = f"Base {words.number(ranking.base)}, effective base {words.number(ranking.effective_base)}."
    said = [f"{found.wave_title}: “{found.question_text}”", found.coverage or base, found.weighting, found.caveat]
    return _joined([*said, SYNTHETIC if found.synthetic else ""])


def of_gap(gap: GapFinding) -> str:
    """Both sides of a gap: who was asked, what was recorded, and how well the two can be compared."""
    record = f"{gap.recorded.source}. {gap.recorded.citation}" if gap.recorded else "No record is held."
    said = [f"{gap.wave_title}: “{gap.question_text}”", record, *gap.grade_reasons, gap.caveat]
    return _joined([*said, SYNTHETIC if gap.synthetic else ""])


def of_blend(blend: BlendFinding) -> str:
    """How a blend was worked out."""
    sources = words.listing(f"{one.title} ({words.percent(one.weight)})" for one in blend.sources)
    said = [f"Sources with their weights: {sources}.", blend.method, blend.interval_note, blend.caveat]
    return _joined([*said, SYNTHETIC if blend.synthetic else ""])


def _joined(parts: list[str]) -> str:
    sentences = (part[0].upper() + part[1:] for part in parts if part)
    return " ".join(part if part.endswith((".", "?", "!", "”")) else f"{part}." for part in sentences)
