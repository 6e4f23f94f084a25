"""The tables beside the charts: the same findings, for the page and for download."""

from collections.abc import Mapping, Sequence

from csp_consult import words
from csp_consult.analysis.figures import Estimate, RankedTopic
from csp_consult.findings.contract import BlendFinding, Progress, ProgressGroup, RankingFinding
from csp_consult.findings.small_counts import FEW, hidden_inside
from csp_consult.reports.readings import MEASURES, Measure
from csp_consult.reports.tables import Cell, Column, Table, Value


def ranking_table(*findings: RankingFinding) -> Table:
    """The concern ranking with intervals, places, the unweighted figure and bases; several groups of one wave below
    each other, told apart by ``subset`` in the download."""
    finding = findings[0]
    measure = MEASURES[finding.ranking.measure]
    columns = (
        Column("Concern", "topic_title"),
        Column(None, "topic"),
        Column("Place", "rank", number=True),
        Column("Could be", None),
        Column(None, "rank_lower"),
        Column(None, "rank_upper"),
        Column(measure.heading, "estimate", number=True),
        Column("95% interval", None),
        Column(None, "se"),
        Column(None, "lower"),
        Column(None, "upper"),
        Column("Unweighted", "unweighted_estimate", number=True),
        Column("Index", "index", number=True),
        Column(None, "index_lower"),
        Column(None, "index_upper"),
        Column("Base", "base", number=True),
        Column("Effective base", "effective_base", number=True),
        Column(None, "indicative"),
        Column(None, "reason"),
        Column(None, "ties_with"),
        Column(None, "subset"),
    )
    return Table(
        id=f"ranking-{finding.wave.replace('/', '-')}",
        caption=f"Concerns in order: {finding.subset}",
        columns=columns,
        rows=[row for each in findings for row in _ranking_rows(each, measure)],
        about=_about(finding),
        synthetic=finding.synthetic,
    )


def groups_table(findings: Sequence[RankingFinding], caption: str) -> Table:
    """The first three concerns of every group, or why the group has none."""
    columns = (
        Column("Group", "subset"),
        Column("Base", "base", number=True),
        Column("Effective base", "effective_base", number=True),
        *(Column(place, place.lower()) for place in ("First", "Second", "Third")),
    )
    rows = []
    for finding in findings:
        measure = MEASURES[finding.ranking.measure]
        shown = [topic for topic in finding.ranking.topics if topic.concern.estimate is not None][:3]
        firsts = [
            f"{finding.topic_titles.get(topic.topic, topic.topic)}, {measure.figure(topic.concern.estimate or 0)}"
            f"{' (indicative)' if topic.concern.indicative else ''}"
            for topic in shown
        ]
        if not firsts:
            firsts = [finding.ranking.reason or "Not shown: too few have answered."]
        cells = [Cell(text, text) for text in firsts] + [Cell("–")] * (3 - len(firsts))
        rows.append(
            (
                Cell(finding.subset, finding.subset),
                *_bases(finding.ranking.base, finding.ranking.effective_base),
                *cells,
            )
        )
    synthetic = any(finding.synthetic for finding in findings)
    about = _about(findings[0]) if findings else {}
    return Table(id="groups", caption=caption, columns=columns, rows=rows, about=about, synthetic=synthetic)


def group_figures_table(findings: Sequence[RankingFinding], everybody: RankingFinding, caption: str) -> Table:
    """Every concern of every group with its interval, in the order of everybody: what the small multiples draw."""
    measure = MEASURES[everybody.ranking.measure]
    topics = [topic.topic for topic in everybody.ranking.topics]
    titles = everybody.topic_titles
    columns = (Column("Group", "subset"), *(one for topic in topics for one in _topic_columns(topic, titles)))
    rows = []
    for finding in (everybody, *findings):
        said = {topic.topic: topic.concern for topic in finding.ranking.topics}
        cells = [cell for topic in topics for cell in _topic_cells(said.get(topic), measure)]
        rows.append((Cell(finding.subset, finding.subset), *cells))
    synthetic = any(finding.synthetic for finding in findings)
    return Table("group-figures", caption, columns, rows, _about(everybody), synthetic)


def _topic_columns(topic: str, titles: Mapping[str, str]) -> tuple[Column, ...]:
    ends = (Column(None, f"{topic}_{end}") for end in ("lower", "upper"))
    return (Column(titles.get(topic, topic), topic), *ends)


def _topic_cells(concern: Estimate | None, measure: Measure) -> tuple[Cell, Cell, Cell]:
    if concern is None:
        return Cell("not shown"), Cell(""), Cell("")
    return Cell(measure.figures(concern), concern.estimate), Cell("", concern.lower), Cell("", concern.upper)


def progress_table(progress: Progress, groups: Sequence[ProgressGroup], caption: str, name: str) -> Table:
    """Responses against population for one set of groups, and what ten more would be worth."""
    columns = (
        Column("Group", "group"),
        Column("Responses", "responses", number=True),
        Column("Share of responses", "response_share", number=True),
        Column("Population", "population", number=True),
        Column("Share of population", "population_share", number=True),
        Column("Effective base with ten more", "effective_base_with_ten_more", number=True),
    )
    rows = [
        (
            Cell(group.title, group.title),
            Cell(FEW) if group.responses is None else _count(group.responses),
            Cell("–") if group.response_share is None else _share(group.response_share),
            _count(group.population),
            _share(group.population_share),
            _number(group.effective_base_with_ten_more),
        )
        for group in groups
    ]
    about: dict[str, Value] = {"wave": progress.wave, "responses_in_all": progress.responses}
    return Table(id=name, caption=caption, columns=columns, rows=rows, about=about, synthetic=progress.synthetic)


def cell_table(progress: Progress) -> Table:
    """Ward by age and sex: responses so far, and how many were expected of as many responses."""
    groups = dict.fromkeys(cell.group for cell in progress.cells)
    by_ward: dict[str, list[Cell]] = {}
    for cell in progress.cells:
        said = FEW if cell.responses is None else words.number(cell.responses)
        by_ward.setdefault(cell.ward, []).extend(
            (Cell(f"{said} / {words.number(cell.expected, 1)}", cell.responses), Cell("", cell.expected))
        )
    columns = [
        one for group in groups for one in (Column(group, group, number=True), Column(None, f"{group}, expected"))
    ]
    return Table(
        id="fieldwork-ward-age-sex",
        caption="Responses by ward, age and sex",
        columns=(Column("Ward", "ward"), *columns),
        rows=[(Cell(ward, ward), *cells) for ward, cells in by_ward.items()],
        about={"wave": progress.wave},
        synthetic=progress.synthetic,
    )


def parish_table(progress: Progress) -> Table:
    """Where every parish stands in a wave."""
    rows = [
        (Cell(parish.name, parish.name), Cell("", parish.parish), Cell(parish.state.capitalize(), parish.state))
        for parish in progress.parishes
    ]
    columns = (Column("Parish", "parish_name"), Column(None, "parish"), Column("State", "state"))
    about: dict[str, Value] = {"wave": progress.wave}
    return Table(
        id="parishes", caption="Parishes", columns=columns, rows=rows, about=about, synthetic=progress.synthetic
    )


def blend_table(blend: BlendFinding) -> Table:
    """The blended order with each source's own index beside it."""
    columns = (
        Column("Concern", "topic_title"),
        Column(None, "topic"),
        Column("Place", "rank", number=True),
        Column("Could be", None),
        Column(None, "rank_lower"),
        Column(None, "rank_upper"),
        Column("Blended index", "index", number=True),
        Column("95% interval", None),
        Column(None, "index_lower"),
        Column(None, "index_upper"),
        Column("Mean place", "mean_rank", number=True),
        *(Column(source.title, f"index_{source.source}", number=True) for source in blend.sources),
    )
    rows = [
        (
            Cell(topic.title, topic.title),
            Cell("", topic.topic),
            Cell(words.ordinal(topic.rank), topic.rank),
            Cell(words.ranks(topic.rank_lower, topic.rank_upper)),
            Cell("", topic.rank_lower),
            Cell("", topic.rank_upper),
            _number(topic.index.estimate),
            _between(topic.index),
            Cell("", topic.index.lower),
            Cell("", topic.index.upper),
            _number(topic.mean_rank, 1),
            *(_number(source.index.get(topic.topic), missing="not asked") for source in blend.sources),
        )
        for topic in blend.topics
    ]
    about: dict[str, Value] = {"level": blend.level, "institution_weight": blend.institution_weight}
    return Table(
        id="blend",
        caption="Concerns in order, all sources together",
        columns=columns,
        rows=rows,
        about=about | {"method": blend.method},
        synthetic=blend.synthetic,
    )


def blend_places_table(blend: BlendFinding) -> Table:
    """The place each source gives each concern by itself."""
    columns = (
        Column("Concern", "topic_title"),
        Column(None, "topic"),
        *(Column(source.title, f"place_{source.source}") for source in blend.sources),
    )
    named = dict.fromkeys(topic for source in blend.sources for topic in source.order)
    rows = [
        (
            Cell(blend.topic_titles.get(topic, topic), blend.topic_titles.get(topic, topic)),
            Cell("", topic),
            *(_own_place(source.order, topic) for source in blend.sources),
        )
        for topic in named
    ]
    return Table(
        id="blend-places",
        caption="The place each source gives by itself",
        columns=columns,
        rows=rows,
        about={"level": blend.level},
        synthetic=blend.synthetic,
    )


def blend_orders_table(blend: BlendFinding) -> Table:
    """The order at every institution weight, first to last."""
    places = range(len(blend.topics))
    columns = (
        Column("Weight of the institutions", "institution_weight"),
        *(Column(words.ordinal(place + 1), f"place_{place + 1}") for place in places),
    )
    rows = [
        (
            Cell(words.percent(weight), weight),
            *(Cell(blend.topic_titles.get(topic, topic), topic) for topic in order),
        )
        for weight, order in blend.orders
    ]
    return Table(
        id="blend-orders",
        caption="The order at every weight of the institutions",
        columns=columns,
        rows=rows,
        about={"level": blend.level},
        synthetic=blend.synthetic,
    )


def _own_place(order: Sequence[str], topic: str) -> Cell:
    if topic not in order:
        return Cell("not asked")
    place = order.index(topic) + 1
    return Cell(words.ordinal(place), place)


def _ranking_rows(finding: RankingFinding, measure: Measure) -> list[tuple[Cell, ...]]:
    unweighted = {topic.topic: topic.concern for topic in finding.unweighted.topics} if finding.unweighted else {}
    return [_ranking_row(topic, measure, finding, unweighted.get(topic.topic)) for topic in finding.ranking.topics]


def _ranking_row(
    topic: RankedTopic, measure: Measure, finding: RankingFinding, unweighted: Estimate | None
) -> tuple[Cell, ...]:
    concern = topic.concern
    title = finding.topic_titles.get(topic.topic, topic.topic)
    shown = "not shown" if concern.estimate is None else measure.figure(concern.estimate)
    interval = "–"
    if concern.lower is not None and concern.upper is not None:
        interval = f"{measure.figure(concern.lower)} to {measure.figure(concern.upper)}"
    return (
        Cell(title, title),
        Cell("", topic.topic),
        Cell(words.ordinal(topic.rank), topic.rank),
        Cell(words.ranks(topic.rank_lower, topic.rank_upper)),
        Cell("", topic.rank_lower),
        Cell("", topic.rank_upper),
        Cell(f"{shown} (indicative)" if concern.indicative else shown, concern.estimate),
        Cell(interval),
        Cell("", concern.se),
        Cell("", concern.lower),
        Cell("", concern.upper),
        _measured(unweighted, measure),
        _number(topic.index.estimate),
        Cell("", topic.index.lower),
        Cell("", topic.index.upper),
        _count(concern.base),
        _number(concern.effective_base),
        Cell("", "yes" if concern.indicative else "no"),
        Cell("", concern.reason),
        Cell("", "; ".join(topic.ties_with)),
        Cell("", finding.subset),
    )


def _about(finding: RankingFinding) -> dict[str, Value]:
    return {
        "wave": finding.wave,
        "wave_title": finding.wave_title,
        "question": finding.question_text,
        "measure": finding.ranking.measure,
        "opened_on": finding.period[0].isoformat(),
        "closes_on": finding.period[1].isoformat(),
        "weighting": finding.weighting,
        "se_method": finding.ranking.se_method,
        "caveat": finding.caveat,
    }


def _measured(estimate: Estimate | None, measure: Measure) -> Cell:
    if estimate is None or estimate.estimate is None:
        return Cell("–")
    return Cell(measure.figure(estimate.estimate), estimate.estimate)


def _between(estimate: Estimate) -> Cell:
    if estimate.lower is None or estimate.upper is None:
        return Cell("–")
    return Cell(f"{words.number(estimate.lower)} to {words.number(estimate.upper)}")


def _share(share: float | None) -> Cell:
    return Cell(words.percent(share), share)


def _count(value: int) -> Cell:
    return Cell(words.number(value), value)


def _bases(base: int, effective_base: float) -> tuple[Cell, Cell]:
    """Base and effective base; neither where they would tell how few people there are."""
    if hidden_inside(base):
        return Cell(FEW), Cell(FEW)
    return _count(base), _number(effective_base)


def _number(value: float | None, decimals: int = 0, *, missing: str = "–") -> Cell:
    return Cell(missing if value is None else words.number(value, decimals), value)
