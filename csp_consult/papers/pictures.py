"""Pictures in papers: each shows only what a table of its section says, and says it in words too."""

from csp_consult import words
from csp_consult.findings.contract import RankingFinding
from csp_consult.papers.contents import Picture
from csp_consult.reports.chart_data import ranking_chart


def of_ranking(found: RankingFinding) -> Picture:
    """A concern ranking as officers see it: of councils, who answer in public, or for the partnership's own meeting."""
    chart = ranking_chart(found)
    return Picture(chart.kind, chart.data, in_words(found))


def in_words(found: RankingFinding) -> str:
    """What a chart of a ranking shows, for whoever does not see it."""
    order = words.listing(found.topic_titles.get(one.topic, one.topic) for one in found.ranking.topics)
    subset = f"{found.subset[:1].lower()}{found.subset[1:]}"
    return f"Chart: concerns in order, {subset}. From most to least: {order}. The table holds the same figures."
