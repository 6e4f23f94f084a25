"""The figures of a wave's public results: each taken from a table that disclosure control has let out, or not shown.

Nothing here is computed from the answers: the percentages, their intervals and what is hidden are the release's.
"""

from collections.abc import Mapping, Sequence

from csp_consult import words
from csp_consult.analysis.concern import PROBLEM_SHARE
from csp_consult.analysis.released_shares import Printed
from csp_consult.findings.contract import BlendFinding, RankingFinding
from csp_consult.findings.gap_contract import GapFinding, RecordedChange
from csp_consult.findings.joined_answers import joined, row_of, rows_of
from csp_consult.findings.releases import ReleasedTable
from csp_consult.papers.contents import Picture
from csp_consult.papers.pictures import in_words
from csp_consult.questionnaire.measures import ChangeMeasure, ConcernMeasure
from csp_consult.questionnaire.model import Questionnaire
from csp_consult.reports.readings import MEASURES, blend_places, places_reading
from csp_consult.reports.tables import Cell, Column, Table, Value

HIDDEN = "Not shown"


def concern_tables(measure: ConcernMeasure) -> dict[str, str]:
    """For each topic, the table that tells how many say it is a problem and how many do not.

    Empty for measures other than a problem share: of these no single count tells the concern.
    """
    if measure.kind != PROBLEM_SHARE:
        return {}
    keys = {topic: key for (key, _), (topic, _) in measure.values.items()}
    return {topic: joined(key, list(_sides(measure, key))) for topic, key in keys.items()}


def change_table(questionnaire: Questionnaire, change: ChangeMeasure) -> str:
    """The table that tells how many say something rose, how many it fell, and how many neither."""
    options = questionnaire.question(change.question).choices()
    neither = {one.code for one in options if one.role != "prefer_not"} - change.up - change.down
    return joined(change.question, [change.up, change.down, neither])


def ranking_table(found: RankingFinding, measure: ConcernMeasure, tables: Sequence[ReleasedTable]) -> Table:
    """The order of concerns with the percentages that are public."""
    said = _said(measure, tables)
    rows = [
        [
            Cell(found.topic_titles.get(topic.topic, topic.topic), topic.topic),
            Cell(words.ordinal(topic.rank), topic.rank),
            Cell(words.ranks(topic.rank_lower, topic.rank_upper), None),
            _percent(said.get(topic.topic)),
            _between(said.get(topic.topic)),
            *_interval_values(said.get(topic.topic)),
            Cell("", topic.rank_lower),
            Cell("", topic.rank_upper),
        ]
        for topic in found.ranking.topics
    ]
    columns = [
        Column("Concern", "topic"),
        Column("Place", "place", number=True),
        Column("Could be", None),
        Column(MEASURES[found.ranking.measure].heading, "percent", number=True),
        Column("95% interval", None),
        Column(None, "percent_lower"),
        Column(None, "percent_upper"),
        Column(None, "place_lower"),
        Column(None, "place_upper"),
    ]
    caption = f"Concerns in order: {found.subset}"
    about: dict[str, Value] = {"wave": found.wave, "question": found.question_text}
    return Table("concerns", caption, columns, rows, about, found.synthetic)


def ranking_picture(found: RankingFinding, measure: ConcernMeasure, tables: Sequence[ReleasedTable]) -> Picture | None:
    """The same order as a chart: only what the table beside it shows. None where that shows no percentage."""
    said = _said(measure, tables)
    if not said:
        return None
    rows = [
        {
            "label": found.topic_titles.get(topic.topic, topic.topic),
            "place": words.ranks(topic.rank_lower, topic.rank_upper),
            **_ends(said.get(topic.topic)),
            "rank": topic.rank,
            "rank_lower": topic.rank_lower,
            "rank_upper": topic.rank_upper,
        }
        for topic in found.ranking.topics
    ]
    title = f"Concerns in order: {found.subset[:1].lower()}{found.subset[1:]}"
    data = {
        "rows": rows,
        "axis": {"title": MEASURES[found.ranking.measure].heading, "format": "%"},
        "title": title,
        "subtitle": f"{found.wave_title}. Lines are 95% intervals.",
        "synthetic": found.synthetic,
    }
    return Picture("ranking", data, in_words(found))


def ranking_said(found: RankingFinding, measure: ConcernMeasure, tables: Sequence[ReleasedTable]) -> str:
    """The top of the order in words."""
    if not found.ranking.topics:
        return found.ranking.reason or "There are not enough responses to rank concerns."
    first = found.ranking.topics[0]
    title = found.topic_titles.get(first.topic, first.topic)
    printed = _said(measure, tables).get(first.topic)
    figures = f": {_in_words(printed)} {MEASURES[found.ranking.measure].said}" if printed else ""
    return f"{title} comes first{figures}. {places_reading(first, found.ranking.topics, found.topic_titles)}"


def perceived(
    questionnaire: Questionnaire, change: ChangeMeasure, tables: Sequence[ReleasedTable]
) -> tuple[Printed, Printed] | None:
    """The public shares of those who say something rose and fell; None where either is hidden."""
    shares = _shares(change_table(questionnaire, change), tables)
    up, down = shares.get(row_of(change.up)), shares.get(row_of(change.down))
    return (up, down) if up and down else None


def gaps_table(gaps: Sequence[GapFinding], shown: Mapping[str, tuple[Printed, Printed]], synthetic: bool) -> Table:
    """What people say beside what was recorded, for the topics whose shares are public."""
    rows = [
        [
            Cell(gap.topic_title, gap.topic),
            *(cell for one in shown[gap.topic] for cell in _with_interval(one)),
            *_recorded(gap.recorded),
            Cell(gap.classification.capitalize() or "Cannot be compared", gap.classification),
            Cell("", gap.wave),
            Cell("", gap.question_text),
        ]
        for gap in gaps
    ]
    columns = [
        Column("Concern", "topic"),
        Column("Say it rose", "say_up_percent", number=True),
        Column(None, "say_up_lower"),
        Column(None, "say_up_upper"),
        Column("Say it fell", "say_down_percent", number=True),
        Column(None, "say_down_lower"),
        Column(None, "say_down_upper"),
        Column("The record", "record"),
        Column(None, "recorded_change_pct"),
        Column(None, "recorded_period"),
        Column(None, "recorded_previous_period"),
        Column(None, "recorded_source"),
        Column("What follows", "classification"),
        Column(None, "wave"),
        Column(None, "question"),
    ]
    return Table("record", "What residents say, and what the record shows", columns, rows, {}, synthetic)


def blend_order_table(found: BlendFinding) -> Table:
    """The order of all sources together: places alone, since an index would tell the percentages that are hidden."""
    rows = [
        [
            Cell(topic.title, topic.topic),
            Cell(words.ordinal(topic.rank), topic.rank),
            Cell(words.ranks(topic.rank_lower, topic.rank_upper), None),
        ]
        for topic in found.topics
    ]
    columns = [Column("Concern", "topic"), Column("Place", "place", number=True), Column("Could be", None)]
    about: dict[str, Value] = {
        "level": found.level,
        "institution_weight": found.institution_weight,
        "method": found.method,
    }
    return Table("blend", "Concerns in order, all sources together", columns, rows, about, found.synthetic)


def blend_said(found: BlendFinding) -> str:
    """The top of the blended order in words, and which source alone carries it.

    The weights at which it turns are not said: they tell shares too closely. Orders do not.
    """
    if not found.topics:
        return found.reason or "There is nothing to blend."
    first, order = found.topics[0], tuple(one.topic for one in found.topics)
    asked = words.listing([source.title for source in found.sources])
    upset = [source.title for source in found.sources if found.left_out.get(source.source, order) != order]
    if len(found.sources) == 1:
        turns = "There is one source, so there is nothing to compare it with."
    elif upset:
        turns = f"Leaving out {'any one of ' if len(upset) > 1 else ''}{words.listing(upset)} changes the order."
    else:
        turns = "Leaving out any one of them does not change the order."
    return f"{first.title} comes first of {len(found.topics)} by {asked} together. {blend_places(found)} {turns}"


def asked_of(questionnaire: Questionnaire, measure: ConcernMeasure) -> list[tuple[str, str]]:
    """Every table that the public figures come from: who answered, each concern, each change."""
    cell = questionnaire.cell
    people = [key for key in (cell.age, cell.sex, cell.area) if key]
    said = [
        *concern_tables(measure).values(),
        *(change_table(questionnaire, change) for change in questionnaire.change),
    ]
    return [(question, "") for question in (*people, *said)]


def _sides(measure: ConcernMeasure, key: str) -> tuple[list[str], list[str]]:
    scores = {option: score for (question, option), (_, score) in measure.values.items() if question == key}
    return [one for one, score in scores.items() if score > 0], [one for one, score in scores.items() if score == 0]


def _said(measure: ConcernMeasure, tables: Sequence[ReleasedTable]) -> dict[str, Printed]:
    """The public share of each topic that has one."""
    shares = {
        topic: _shares(question, tables).get(next(iter(rows_of(question))))
        for topic, question in concern_tables(measure).items()
    }
    return {topic: share for topic, share in shares.items() if share}


def _shares(question: str, tables: Sequence[ReleasedTable]) -> dict[str, Printed]:
    figures = [one for table in tables if table.questions[0] == question for one in table.figures]
    return {one.row: one.share for one in figures if one.row and one.share}


def _ends(printed: Printed | None) -> dict[str, float | str | None]:
    if printed is None:
        return {"value": None, "lower": None, "upper": None, "reason": f"{HIDDEN}."}
    shares = {"value": printed.percent / 100, "lower": printed.lower / 100, "upper": printed.upper / 100}
    return {**shares, "reason": None}


def _percent(printed: Printed | None) -> Cell:
    return Cell(f"{printed.percent}%", printed.percent) if printed else Cell(HIDDEN)


def _between(printed: Printed | None) -> Cell:
    return Cell(f"{printed.lower}% to {printed.upper}%" if printed else "–")


def _interval_values(printed: Printed | None) -> tuple[Cell, Cell]:
    """The ends of the interval as a program reads them, in whole percent like the page."""
    return Cell("", printed.lower if printed else None), Cell("", printed.upper if printed else None)


def _with_interval(printed: Printed) -> tuple[Cell, Cell, Cell]:
    return Cell(_in_words(printed), printed.percent), *_interval_values(printed)


def _recorded(record: RecordedChange | None) -> tuple[Cell, ...]:
    """The record in words; its change, periods and source as a program reads them."""
    if record is None:
        return Cell("No record is held"), Cell(""), Cell(""), Cell(""), Cell("")
    values = (record.change_pct, record.period, record.previous_period, record.source)
    return Cell(record.text, record.text), *(Cell("", value) for value in values)


def _in_words(printed: Printed) -> str:
    return f"{printed.percent}% ({printed.lower}% to {printed.upper}%)"
