"""The tables of gaps: perception beside record, and what each gap calls for."""

from collections.abc import Sequence

from csp_consult import words
from csp_consult.analysis.figures import Estimate
from csp_consult.analysis.gap import CLASSES
from csp_consult.analysis.recorded_change import Change
from csp_consult.findings.gap_contract import GapFinding, RecordedChange, TargetsFinding
from csp_consult.findings.planning import PlanningFinding
from csp_consult.findings.ranking_gaps import RankingGapFinding
from csp_consult.findings.safety_gaps import AreaSafety, SafetyGapsFinding
from csp_consult.reports.readings import interval
from csp_consult.reports.tables import Cell, Column, Table, Value


def gap_table(gaps: Sequence[GapFinding], name: str = "gaps") -> Table:
    """Perception beside record, one topic a row, with grade and verdict."""
    columns = (
        Column("Concern", "topic_title"),
        Column(None, "topic"),
        Column("Area", "area_name"),
        Column(None, "area"),
        Column("Perception from", "perception_source"),
        Column("Say up", "perceived_up", number=True),
        Column(None, "perceived_up_lower"),
        Column(None, "perceived_up_upper"),
        Column("Say down", "perceived_down", number=True),
        Column(None, "perceived_down_lower"),
        Column(None, "perceived_down_upper"),
        Column("Recorded change", "recorded_change_pct", number=True),
        Column(None, "recorded_lower_pct"),
        Column(None, "recorded_upper_pct"),
        Column(None, "recorded_reason"),
        Column(None, "recorded_source"),
        Column(None, "recorded_period"),
        Column(None, "recorded_previous_period"),
        Column("Class", "classification"),
        Column("Grade", "grade"),
        Column(None, "grade_reasons"),
        Column(None, "base"),
        Column(None, "effective_base"),
        Column(None, "indicative"),
        Column(None, "verdict"),
        Column(None, "caveat"),
        *(Column(None, name) for name in ("balance", "balance_lower", "balance_upper")),
    )
    return Table(
        id=name,
        caption="What residents say, and what the record shows",
        columns=columns,
        rows=[_gap_row(gap) for gap in gaps],
        about=placed_by(gaps),
        synthetic=any(gap.synthetic for gap in gaps),
    )


def placed_by(gaps: Sequence[GapFinding]) -> dict[str, Value]:
    """How the record is placed in the areas shown, as every figure of a ward says; nothing for printed figures."""
    methods = {gap.recorded.placed_by for gap in gaps if gap.recorded and gap.recorded.placed_by}
    return {"placed_by": "; ".join(sorted(methods))} if methods else {}


def typology_table(gaps: Sequence[GapFinding]) -> Table:
    """What each gap calls for and how likely that is, both sides beside it."""
    columns = (
        Column("Concern", "topic_title"),
        Column(None, "topic"),
        Column("Area", "area_name"),
        Column(None, "area"),
        Column("Class", "classification"),
        *(Column(f"Chance of {name}", f"probability_{name}", number=True) for name in CLASSES),
        Column("Grade", "grade"),
        Column("Say up less say down, points", "balance_points", number=True),
        Column(None, "balance_lower"),
        Column(None, "balance_upper"),
        Column("Recorded change", "recorded_change_pct", number=True),
        Column(None, "recorded_reason"),
        Column("Gap points", "gap_points", number=True),
        Column("Why it is no better grade", "grade_reasons"),
    )
    return Table(
        id="typology",
        caption="What each topic and ward calls for",
        columns=columns,
        rows=[_typology_row(gap) for gap in gaps],
        about={"wave": gaps[0].wave, "wave_title": gaps[0].wave_title, **placed_by(gaps)} if gaps else {},
        synthetic=any(gap.synthetic for gap in gaps),
    )


def targets_table(found: TargetsFinding) -> Table:
    """Every segment of ward and age, most residents who believe the contrary first."""
    columns = (
        Column("Audience", "audience"),
        Column(None, "area"),
        Column(None, "age"),
        Column("Chosen", "chosen"),
        Column("Adults", "adults", number=True),
        Column("Believe it rose", "residents", number=True),
        Column("95% interval", None),
        Column(None, "residents_lower"),
        Column(None, "residents_upper"),
        Column("Rate", "rate", number=True),
        Column("Rate over the district’s", "lift", number=True),
        Column("Share of all", "share_of_all", number=True),
        Column("Hears news by", "channel"),
        Column("Class of its ward", "classification"),
    )
    rows = [
        (
            Cell(one.title, one.title),
            Cell("", one.area),
            Cell("", one.age),
            Cell("Yes" if one.chosen else "No", "yes" if one.chosen else "no"),
            Cell(words.number(one.adults), one.adults),
            Cell(words.number(one.residents), one.residents),
            Cell(f"{words.number(one.lower)} to {words.number(one.upper)}"),
            Cell("", one.lower),
            Cell("", one.upper),
            _share(one.rate),
            Cell(words.number(one.lift, 2), one.lift),
            _share(one.share_of_all),
            Cell(one.channel or "not known", one.channel),
            Cell(one.classification.capitalize(), one.classification),
        )
        for one in found.segments
    ]
    return Table(
        id=f"audiences-{found.topic}",
        caption="Every audience, most residents who believe that it rose first",
        columns=columns,
        rows=rows,
        about={"wave": found.wave, "topic": found.topic, "wanted_share": found.wanted_share, "grade": found.grade},
        synthetic=found.synthetic,
    )


def planning_table(found: PlanningFinding) -> Table:
    """Responses needed by the size of the effect."""
    rows = [
        (
            Cell(f"{words.number(100 * one.effect)} points", one.effect),
            Cell("no number would do" if one.responses is None else words.number(one.responses), one.responses),
        )
        for one in found.needed
    ]
    return Table(
        id="planning",
        caption="Responses the next wave needs",
        columns=(Column("To find a change of", "effect"), Column("Responses in all", "responses", number=True)),
        rows=rows,
        about={
            "wave": found.wave,
            "topic": found.topic,
            "audience": found.audience,
            "detectable_with_as_many": found.detectable,
        },
        synthetic=found.synthetic,
    )


def safety_table(found: SafetyGapsFinding) -> Table:
    """Each area beside the district: who feels unsafe, what is recorded, and what follows."""
    columns = (
        Column("Area", "area_name"),
        Column(None, "area"),
        Column("Feel unsafe", "unsafe", number=True),
        Column("95% interval", None),
        Column(None, "unsafe_lower"),
        Column(None, "unsafe_upper"),
        Column(None, "base"),
        Column("Effective base", "effective_base", number=True),
        Column("Recorded", "count", number=True),
        Column("Per 1,000 residents", "rate", number=True),
        Column("Of the district’s rate", "ratio", number=True),
        Column(None, "ratio_lower"),
        Column(None, "ratio_upper"),
        Column("Class", "classification"),
        Column("Grade", "grade"),
        Column(None, "grade_reasons"),
    )
    return Table(
        id="feeling-safe",
        caption=f"Feeling unsafe, and recorded {found.topic_title.lower()}",
        columns=columns,
        rows=[_safety_row(one) for one in found.areas],
        about={
            "wave": found.wave,
            "question": found.question,
            "topic": found.topic,
            "recorded_period": found.period,
            "recorded_source": found.source,
            "placed_by": found.placed_by,
            "caveat": found.caveat,
        },
        synthetic=found.synthetic,
    )


def _safety_row(one: AreaSafety) -> tuple[Cell, ...]:
    unsafe, gap, reasons = one.unsafe, one.gap, "; ".join(one.grade.reasons)
    return (
        Cell(one.title, one.title),
        Cell("", one.area),
        _share(unsafe.estimate),
        Cell(interval(unsafe)),
        Cell("", unsafe.lower),
        Cell("", unsafe.upper),
        Cell("", unsafe.base),
        Cell(words.number(unsafe.effective_base), unsafe.effective_base),
        Cell("–" if one.count is None else words.number(one.count), one.count),
        Cell("–") if gap is None else Cell(words.number(gap.rate, 1), gap.rate),
        Cell("–")
        if gap is None
        else Cell(
            f"{words.percent(gap.ratio)} ({words.percent(gap.ratio_lower)} to {words.percent(gap.ratio_upper)})",
            gap.ratio,
        ),
        Cell("", gap.ratio_lower if gap else None),
        Cell("", gap.ratio_upper if gap else None),
        Cell(gap.classification.capitalize() if gap else "Not compared", gap.classification if gap else ""),
        Cell(one.grade.letter, one.grade.letter),
        Cell("", reasons),
    )


def ranking_gap_table(found: RankingGapFinding) -> Table:
    """Each topic's place by concern and by record (volume or change), with the places each order allows."""
    by_change = found.by == "change"
    columns = (
        Column("Concern", "topic_title"),
        Column(None, "topic"),
        Column("Place by concern", "concern_rank", number=True),
        Column("Could be", None),
        Column(None, "concern_rank_lower"),
        Column(None, "concern_rank_upper"),
        Column("Recorded incidents", "count", number=True),
        *(
            (
                Column("A year before", "previous_count", number=True),
                Column("Recorded change", "recorded_change_pct", number=True),
                Column("95% interval", None),
                Column(None, "recorded_lower_pct"),
                Column(None, "recorded_upper_pct"),
            )
            if by_change
            else ()
        ),
        Column("Place by recorded change" if by_change else "Place by record", "recorded_rank", number=True),
        Column("Could be", None),
        Column(None, "recorded_rank_lower"),
        Column(None, "recorded_rank_upper"),
        Column("Apart beyond chance", "apart"),
    )
    rows = [
        (
            Cell(found.topic_titles[row.topic], found.topic_titles[row.topic]),
            Cell("", row.topic),
            Cell(words.ordinal(row.concern_rank), row.concern_rank),
            Cell(words.ranks(*row.concern_interval)),
            *(Cell("", end) for end in row.concern_interval),
            Cell(words.number(found.counts[row.topic]), found.counts[row.topic]),
            *(_change_cells(found.changes[row.topic]) if by_change else ()),
            Cell(words.ordinal(row.recorded_rank), row.recorded_rank),
            Cell(words.ranks(*row.recorded_interval)),
            *(Cell("", end) for end in row.recorded_interval),
            Cell("Yes" if row.apart else "No", "yes" if row.apart else "no"),
        )
        for row in found.rows
    ]
    return Table(
        id="places-by-change" if by_change else "places",
        caption=f"Places by concern and by recorded {found.by}",
        columns=columns,
        rows=rows,
        about={
            "wave": found.wave,
            "measure": found.measure,
            "recorded_months": found.period,
            "placed_by": "; ".join(found.placed_by),
            "caveat": found.caveat,
        },
        synthetic=found.synthetic,
    )


def _change_cells(change: Change) -> tuple[Cell, ...]:
    lower, upper = change.lower_pct, change.upper_pct
    between = "–" if lower is None or upper is None else f"{words.change(lower)} to {words.change(upper)}"
    before, pct = change.before, change.change_pct
    return (
        Cell("–" if before is None else words.number(before), before),
        Cell("–" if pct is None else words.change(pct), pct),
        Cell(between),
        Cell("", lower),
        Cell("", upper),
    )


def _gap_row(gap: GapFinding) -> tuple[Cell, ...]:
    up, down = gap.perceived_up, gap.perceived_down
    # Sides that cannot be compared are not put side by side.
    record = gap.recorded if gap.grade != "D" else None
    own = record if record and not record.wider else None
    return (
        Cell(gap.topic_title, gap.topic_title),
        Cell("", gap.topic),
        Cell(gap.area_name, gap.area_name),
        Cell("", gap.area),
        Cell(gap.wave_title, gap.wave or gap.wave_title),
        _said(up),
        Cell("", up.lower if up else None),
        Cell("", up.upper if up else None),
        _said(down),
        Cell("", down.lower if down else None),
        Cell("", down.upper if down else None),
        _recorded_here(record),
        Cell("", own.lower_pct if own else None),
        Cell("", own.upper_pct if own else None),
        Cell("", record.why_not_own or None if record else None),
        Cell("", record.source if record else None),
        Cell("", record.period if record else None),
        Cell("", record.previous_period if record else None),
        Cell(gap.classification.capitalize() or ("Not compared" if gap.grade == "D" else "None"), gap.classification),
        Cell(gap.grade, gap.grade),
        Cell("", " ".join(gap.grade_reasons)),
        Cell("", up.base if up else None),
        Cell("", up.effective_base if up else None),
        Cell("", "yes" if up and up.indicative else "no"),
        Cell("", gap.verdict),
        Cell("", gap.caveat),
        Cell("", gap.balance.estimate if gap.balance else None),
        Cell("", gap.balance.lower if gap.balance else None),
        Cell("", gap.balance.upper if gap.balance else None),
    )


def _typology_row(gap: GapFinding) -> tuple[Cell, ...]:
    balance, points = gap.balance, gap.gap_points
    record = gap.recorded if gap.grade != "D" else None
    reasons = "; ".join(gap.grade_reasons)
    return (
        Cell(gap.topic_title, gap.topic_title),
        Cell("", gap.topic),
        Cell(gap.area_name, gap.area_name),
        Cell("", gap.area),
        Cell(_class_in_words(gap), gap.classification),
        *(_share(gap.class_probabilities.get(name)) for name in CLASSES),
        Cell(gap.grade, gap.grade),
        _points(balance.estimate if balance else None),
        Cell("", balance.lower if balance else None),
        Cell("", balance.upper if balance else None),
        _recorded_here(record),
        Cell("", record.why_not_own or None if record else None),
        Cell("–", None) if points is None or points.estimate is None else _signed(points.estimate),
        Cell(reasons or "–", reasons),
    )


def _recorded_here(record: RecordedChange | None) -> Cell:
    """The recorded change of the row's own area; of a wider one in words alone, which no program takes for its own."""
    if record is None or record.change_pct is None:
        return Cell("–")
    said = words.change(record.change_pct)
    return Cell(f"{record.wider} as a whole: {said}") if record.wider else Cell(said, record.change_pct)


def _class_in_words(gap: GapFinding) -> str:
    """The class, and whether the record's side of it is taken as certain because only its direction was published."""
    said = gap.classification.capitalize() or "Not compared"
    return f"{said} (direction only)" if gap.classification and gap.recorded and gap.recorded.direction_only else said


def _points(share: float | None) -> Cell:
    return Cell("–") if share is None else Cell(words.signed(100 * share), share)


def _signed(value: float) -> Cell:
    return Cell(words.signed(value), value)


def _said(share: Estimate | None) -> Cell:
    """A share that people say, marked where its effective base makes it indicative."""
    if share is None or share.estimate is None:
        return _share(None)
    return Cell(f"{words.percent(share.estimate)}{' (indicative)' if share.indicative else ''}", share.estimate)


def _share(share: float | None) -> Cell:
    return Cell(words.percent(share), share)
