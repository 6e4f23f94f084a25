"""What is published of a closed wave gives no small count away, whatever was published before."""

import json
from collections.abc import Sequence
from datetime import date
from itertools import product

import numpy as np
import pytest
from click.testing import Result
from findings_world import WARDS, World
from flask import Flask
from scipy.optimize import linprog
from sqlalchemy import select

from csp_consult.analysis.disclosure import ContradictionError, Figure, attack
from csp_consult.analysis.released_shares import printed_share
from csp_consult.commands.release import release as release_command
from csp_consult.fieldwork.models import Response
from csp_consult.findings import releases
from csp_consult.findings.errors import FindingError, NotYetError
from csp_consult.findings.joined_answers import joined
from csp_consult.findings.releases import FEW_FOR_SHARE, ReleasedTable, keep, release, tables_of
from csp_consult.findings.weighting import weigh
from csp_consult.places.bands import ADULT_BANDS

AFTER, DURING = date(2023, 1, 9), date(2022, 10, 1)
NEWS_BY_SEX = ("news", "sex")


@pytest.fixture
def few(world: World) -> World:
    """Sixty women and sixty men; four men hear news from the radio."""
    for i in range(120):
        sex = ("female", "male")[i % 2]
        radio = i < 8 if sex == "male" else i < 50
        world.answer(
            sex=sex,
            age=ADULT_BANDS[i // 2 % 7],
            ward=WARDS[i // 2 % 4],
            news="radio" if radio else "letters",
            disabled=("yes", "no")[i % 3 > 0],
        )
    world.session.flush()
    return world


def counts(tables: tuple[ReleasedTable, ...]) -> dict[tuple[str, str], int | None]:
    return {(one.row, one.column): one.count for table in tables for one in table.figures}


def test_a_small_count_is_hidden_with_enough_around_it_that_nobody_can_work_it_out(few: World) -> None:
    made = release(few.session, few.residents, [NEWS_BY_SEX], AFTER)

    shown = counts(made)
    assert shown["radio", "male"] is None
    cells = [(row, column) for row, column in shown if row and column]

    def figure(row: str, column: str) -> Figure:
        inside = [f"{r}/{c}" for r, c in cells if row in ("", r) and column in ("", c)]
        return Figure(f"{row}/{column}", frozenset(inside))

    known = attack(
        figure("radio", "male"), [(figure(*place), count) for place, count in shown.items() if count is not None]
    )
    assert known.lower <= 1e-6
    assert known.upper >= 10 - 1e-6


def test_the_officer_is_told_why_each_figure_is_hidden(few: World) -> None:
    made = release(few.session, few.residents, [NEWS_BY_SEX], AFTER)

    reasons = {(one.row, one.column): one.reason for one in made[0].figures}
    assert reasons["radio", "male"] == "Hidden: the count is small enough to point at a person."
    assert "Hidden: with it, a small count could be worked out by subtraction." in reasons.values()
    assert all((one.count is None) == (one.reason is not None) for one in made[0].figures)


def test_a_later_release_is_protected_against_a_former_one(few: World) -> None:
    alone = counts(release(few.session, few.residents, [("news", "")], AFTER))
    keep(few.session, few.residents, release(few.session, few.residents, [NEWS_BY_SEX], AFTER), AFTER)

    after = counts(release(few.session, few.residents, [("news", ""), ("sex", "")], AFTER))

    assert alone["radio", ""] == 29
    hidden_before = counts(release(few.session, few.residents, [NEWS_BY_SEX], AFTER))
    assert hidden_before["radio", "male"] is None
    assert after.keys() >= {("radio", ""), ("male", "")}


def test_what_is_kept_is_read_back_as_it_was(few: World) -> None:
    made = release(few.session, few.residents, [NEWS_BY_SEX], AFTER)

    kept = keep(few.session, few.residents, made, AFTER)
    few.session.expire_all()

    assert tables_of(kept) == list(made)


def test_after_a_withdrawal_nothing_more_is_released(few: World) -> None:
    keep(few.session, few.residents, release(few.session, few.residents, [("sex", "")], AFTER), AFTER)
    few.answer(sex="male", news="radio")
    few.session.flush()

    with pytest.raises(FindingError, match="Publish no further tables"):
        release(few.session, few.residents, [NEWS_BY_SEX], AFTER)


def test_an_open_wave_releases_nothing(few: World) -> None:
    with pytest.raises(NotYetError, match="is not closed yet"):
        release(few.session, few.residents, [NEWS_BY_SEX], DURING)


@pytest.mark.parametrize(
    ("tables", "message"),
    [
        ([("seen", "sex")], "no question 'seen' that takes one answer"),
        ([("sex", "sex")], "one question, or two different ones"),
    ],
)
def test_tables_that_cannot_be_made_are_refused_in_words(
    few: World, tables: list[tuple[str, str]], message: str
) -> None:
    with pytest.raises(FindingError, match=message):
        release(few.session, few.residents, tables, AFTER)


def test_too_many_questions_at_once_are_refused(crowd: World) -> None:
    every = ["ward", "age", "sex", "asb_change", "problem.speeding", "problem.drugs"]
    tables = [(one, other) for one in every for other in every if one < other]

    with pytest.raises(FindingError, match="too many questions"):
        release(crowd.session, crowd.residents, tables, AFTER)


def test_weighted_percentages_come_with_their_bases_and_intervals(crowd: World) -> None:
    [table] = release(crowd.session, crowd.residents, [("asb_change", "sex")], AFTER)
    shown = {(one.row, one.column): one for one in table.figures}

    assert shown["", "male"].count is not None
    assert shown["", "male"].share is None
    for column in ("male", "female", ""):
        shares = [shown[row, column].share for row in ("more", "same", "less", "dk")]
        assert sum(share.percent for share in shares if share) == pytest.approx(100, abs=2)
        assert all(share.lower < share.percent < share.upper for share in shares if share and share.percent)


def test_an_interval_follows_from_what_is_printed_so_it_tells_no_base_that_is_not(crowd: World) -> None:
    """Whoever turns a percentage and its interval back into a base finds one that stands in the same table."""
    tables = release(crowd.session, crowd.residents, [("asb_change", "age"), ("disabled", "sex")], AFTER)
    design_effect = weigh(crowd.session, crowd.residents).summary.design_effect

    shares = [(table, one) for table in tables for one in table.figures if one.share]
    for table, one in shares:
        assert one.share is not None
        base = next(other.count for other in table.figures if not other.row and other.column == one.column)
        assert base is not None
        assert printed_share(one.share.percent / 100, base, design_effect) == one.share
    assert len(shares) > 5


def test_a_small_base_has_counts_and_no_percentages(crowd: World) -> None:
    [table] = release(crowd.session, crowd.residents, [("disabled", "age")], AFTER)
    bases = {one.column: one.count for one in table.figures if not one.row}
    withheld = {one.column for one in table.figures if one.share_reason == FEW_FOR_SHARE}

    assert withheld
    assert all((bases[column] or 0) < 50 for column in withheld)


def test_nothing_of_two_releases_tells_an_attacker_who_crosses_all_questions_a_small_count(crowd: World) -> None:
    first = release(crowd.session, crowd.residents, [("asb_change", "age")], AFTER)
    keep(crowd.session, crowd.residents, first, AFTER)
    second = release(crowd.session, crowd.residents, [("asb_change", "sex"), ("sex", "age")], AFTER)
    people, weights = answers_and_weights(crowd, ("asb_change", "age", "sex"))
    groups = list(product(*(sorted({person[i] for person in people} | {""}) for i in range(3))))
    at = {"asb_change": 0, "age": 1, "sex": 2}

    def those(table: ReleasedTable, row: str, column: str, of: Sequence[tuple[str, ...]]) -> np.ndarray:
        wanted = [(at[q], v) for q, v in zip(table.questions, (row, column), strict=True) if q]
        return np.array([all((p[i] == v) if v else p[i] != "" for i, v in wanted) for p in of], float)

    known, values, at_most = [], [], []
    for table in (*first, *second):
        for one in table.figures:
            if one.count is not None:
                known.append(those(table, one.row, one.column, groups))
                values.append(one.count)
            if one.share:
                # Granted are the mean weights of the cells shown; what hidden people weigh is between all weights.
                low = high = own = np.zeros(len(groups))
                for other in (other for other in table.figures if other.row and other.column == one.column):
                    inside = those(table, other.row, other.column, people)
                    mean = inside @ weights / max(inside.sum(), 1)
                    least, most = (mean, mean) if other.count is not None else (weights.min(), weights.max())
                    group = those(table, other.row, other.column, groups)
                    low, high = low + least * group, high + most * group
                    own = mean * group if other is one else own
                at_most.append(own - (one.share.percent + 0.5) / 100 * high)
                at_most.append((one.share.percent - 0.5) / 100 * low - own)

    small = 0
    for table in (*first, *second):
        for one in table.figures:
            if 0 < those(table, one.row, one.column, people).sum() < 10:
                small += 1
                target = those(table, one.row, one.column, groups)
                ends = [
                    linprog(s * target, A_eq=known, b_eq=values, A_ub=at_most, b_ub=[1e-7] * len(at_most)).fun
                    for s in (1, -1)
                ]
                assert ends[0] is not None
                assert ends[1] is not None
                assert ends[0] <= 1e-5
                assert -ends[1] >= 10 - 1e-5
    assert small > 5
    assert at_most


def answers_and_weights(world: World, questions: tuple[str, ...]) -> tuple[list[tuple[str, ...]], np.ndarray]:
    factors = weigh(world.session, world.residents).factors
    rows = world.session.scalars(select(Response).where(Response.wave_id == world.residents.id)).all()
    people = [tuple("" if (v := row.answers.get(q)) in (None, "pns") else v for q in questions) for row in rows]
    return people, np.array([factors[row.cell] for row in rows])


def test_the_command_keeps_a_release_and_prints_nothing_but_its_document(app: Flask, few: World) -> None:
    few.session.commit()

    def run(*arguments: str) -> Result:
        return app.test_cli_runner().invoke(release_command, [*arguments, "--format", "json"])

    preview = json.loads(run("make", "residents-test/2022", "--table", "news:sex", "--preview").stdout)
    made = json.loads(run("make", "residents-test/2022", "--table", "news:sex").stdout)
    shown = json.loads(run("show", "residents-test/2022").stdout)

    assert preview["release"] is None
    assert made["figures"] == preview["figures"]
    assert [row["count"] for row in shown["figures"]] == [row["count"] for row in made["figures"]]
    assert run("make", "residents-test/2022", "--table", "nothing").exit_code == 1


def test_answers_counted_together_are_held_against_the_same_answers_counted_apart(world: World) -> None:
    for i in range(120):
        news = "dk" if i < 4 else ("radio", "letters")[i % 2]
        world.answer(sex=("female", "male")[i % 2], age=ADULT_BANDS[i // 2 % 7], ward=WARDS[i // 2 % 4], news=news)
    world.session.flush()
    together = joined("news", [["dk", "radio"], ["letters"]])
    alone = counts(release(world.session, world.residents, [(together, "")], AFTER))
    apart = release(world.session, world.residents, [("news", "")], AFTER)
    keep(world.session, world.residents, apart, AFTER)

    after = counts(release(world.session, world.residents, [(together, "")], AFTER))

    hidden = {row for (row, _), count in counts(apart).items() if count is None}
    assert "dk" in hidden
    assert alone["dk or radio", ""] == 62
    told = {"dk or radio": {"dk", "radio"}, "letters": {"letters"}}
    for row, answers in told.items():
        if after[row, ""] is not None:
            assert answers & hidden in (set(), hidden), "it would tell a hidden count by subtraction"


def test_an_earlier_release_under_other_weights_is_no_error_of_the_program(
    few: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def contradicted(*_: object, **__: object) -> None:
        raise ContradictionError

    monkeypatch.setattr(releases, "audit", contradicted)

    with pytest.raises(FindingError, match="cannot both be true"):
        release(few.session, few.residents, [("news", "")], AFTER)


def test_what_an_earlier_release_told_decides_what_a_later_one_must_hide(world: World) -> None:
    for i in range(120):
        news = "dk" if i < 4 else "radio" if i < 44 else "letters"
        world.answer(sex=("female", "male")[i % 2], age=ADULT_BANDS[i // 2 % 7], ward=WARDS[i // 2 % 4], news=news)
    world.session.flush()
    alone = counts(release(world.session, world.residents, [("news", "")], AFTER))
    assert (alone["dk", ""], alone["radio", ""], alone["letters", ""]) == (None, None, 76), "the cheapest is hidden too"

    together = joined("news", [["dk", "letters"], ["radio"]])
    keep(world.session, world.residents, release(world.session, world.residents, [(together, "")], AFTER), AFTER)
    after = counts(release(world.session, world.residents, [("news", "")], AFTER))

    assert after["dk", ""] is None
    assert after["letters", ""] is None, "the radio's 40 are public, so 76 letters would tell 4 of 120"
