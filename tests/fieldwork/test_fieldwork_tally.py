import random
import threading
import tracemalloc
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_survey import ANSWERS, SOURCE, give, make_wave
from sqlalchemy import event, func, select, text
from sqlalchemy.orm import Session

from csp_consult.db import writing
from csp_consult.fieldwork import responses, tally
from csp_consult.fieldwork.counting import CellCounts, Counted, count, counting_for
from csp_consult.fieldwork.models import Tally, Wave
from csp_consult.questionnaire.parse import load


def everything(session: Session, wave_id: int) -> dict[str, Any]:
    """The tally as it is kept, sums rounded to what adding in another order can change."""

    def rounded(what: Any) -> Any:
        if isinstance(what, dict):
            return {key: rounded(value) for key, value in what.items()}
        return [round(one, 9) + 0 for one in what] if isinstance(what, list) else round(what, 9)

    return {cell: rounded(vars(counts)) for cell, counts in tally.read(session, wave_id).items()}


def test_folding_counts_cells_options_and_the_products_of_a_measure(session: Session, wave: Wave) -> None:
    answers = {"problem": {"speeding": "big", "asb": "dk", "fly-tipping": "little"}, "victim": "no", "age": "16-24"}
    give(session, wave, answers, "one")
    give(session, wave, {"victim": "no", "age": "16-24"}, "two", base_weight=2.0)

    assert tally.fold(session, wave.id) == 2

    [(cell, counts)] = tally.read(session, wave.id).items()
    assert (cell, counts.n, counts.d, counts.d2) == ("16-24||", 2, 3.0, 5.0)
    assert counts.options["victim"] == {"no": [2, 3.0, 5.0]}
    assert counts.options["problem.asb"] == {"dk": [1, 1.0, 1.0]}
    # Of the scores and then the bases of speeding, asb and fly-tipping: speeding scores 1, and don't know about asb is
    # in no base.
    variables = [1, 0, 0, 1, 0, 1]
    upper = [one * other for place, one in enumerate(variables) for other in variables[place:]]
    assert counts.products["problem"] == upper
    # Nobody named a first, so nobody is in the base of the other measure.
    assert set(counts.products["top"]) == {0.0}


def test_a_response_is_folded_once(session: Session, wave: Wave) -> None:
    give(session, wave, {"victim": "no"}, "one")

    assert [tally.fold(session), tally.fold(session)] == [1, 0]


def test_folding_one_wave_leaves_the_others(session: Session, wave: Wave) -> None:
    other = make_wave(session, "2028")
    give(session, other, {"victim": "no"}, "one")

    assert tally.fold(session, wave.id) == 0
    assert tally.fold(session, other.id) == 1


def test_folding_stops_at_its_limit_and_goes_on_from_there(session: Session, wave: Wave) -> None:
    for number in range(5):
        give(session, wave, {}, str(number))

    assert [tally.fold(session, limit=2) for _ in range(4)] == [2, 2, 1, 0]


def test_the_version_rises_with_every_change_and_only_then(session: Session, wave: Wave) -> None:
    def version() -> int:
        return session.scalars(select(Wave.tally_version)).one()

    assert version() == 0
    tally.fold(session)
    assert version() == 0
    reference = give(session, wave, {}, "one").reference
    tally.fold(session)
    assert version() == 1
    responses.withdraw(session, reference)
    assert version() == 2


def test_sqlite_finds_the_unfolded_by_the_partial_index(session: Session) -> None:
    if session.get_bind().dialect.name != "sqlite":
        pytest.skip("SQLite's planner is the one that needs a literal condition")
    seen: list[tuple[str, Any]] = []

    @event.listens_for(session.connection(), "before_cursor_execute")
    def note(_c: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        if statement.startswith("UPDATE response"):
            seen.append((statement, parameters))

    tally.fold(session)

    [(statement, parameters)] = seen
    plan = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()
    assert any("ix_response_unfolded" in row[3] for row in plan), plan


STEP = st.one_of(
    st.tuples(st.just("submit"), ANSWERS, st.sampled_from([1.0, 0.3, 2.5])),
    st.tuples(st.just("withdraw"), st.integers(0, 30), st.none()),
    st.tuples(st.just("fold"), st.integers(1, 4), st.none()),
)


@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(steps=st.lists(STEP, max_size=14))
def test_the_tally_equals_a_rebuild_after_any_submissions_withdrawals_and_folds(
    session: Session, wave: Wave, steps: list[tuple[str, Any, Any]]
) -> None:
    with session.begin_nested() as everything_in_this_example:
        references: list[str] = []
        for number, (action, what, weight) in enumerate(steps):
            if action == "submit":
                references.append(give(session, wave, what, str(number), base_weight=weight).reference)
            elif action == "withdraw" and references:
                responses.withdraw(session, references.pop(what % len(references)))
            elif action == "fold":
                tally.fold(session, limit=what)
        tally.fold_all(session)
        folded = everything(session, wave.id)

        assert tally.rebuild(session, wave.id) == len(references)
        assert everything(session, wave.id) == folded
        everything_in_this_example.rollback()


@settings(deadline=None)
@given(first=st.lists(ANSWERS, max_size=6), second=st.lists(ANSWERS, max_size=6))
def test_counting_is_additive(first: list[dict[str, Any]], second: list[dict[str, Any]]) -> None:
    questionnaire = load(SOURCE)

    def counted(answers: list[dict[str, Any]]) -> CellCounts:
        return count(questionnaire, [Counted("||", 1.0, one) for one in answers]).get("||", CellCounts())

    one, two, both = counted(first), counted(second), counted(first + second)
    one.add(two)

    assert vars(one) == vars(both)


class Crowd:
    """Threads that submit, withdraw and fold at the same time on one wave."""

    def __init__(self, app: Flask, wave_id: int) -> None:
        self.app = app
        self.wave_id = wave_id
        self.references: list[str] = []
        self.failures: list[BaseException] = []

    def submit(self) -> None:
        for _ in range(15):
            answers = {"victim": random.choice(["yes", "no"]), "top": ["asb", "speeding"]}
            with writing() as session:
                stored = give(session, session.get_one(Wave, self.wave_id), answers, str(random.random()))
            self.references.append(stored.reference)

    def fold(self) -> None:
        for _ in range(10):
            with writing() as session:
                tally.fold(session, limit=7)

    def withdraw(self) -> None:
        for _ in range(10):
            if self.references:
                with writing() as session:
                    assert responses.withdraw(session, self.references.pop())

    def run(self, work: Callable[[], None]) -> None:
        try:
            with self.app.app_context():
                work()
        except BaseException as failure:
            self.failures.append(failure)

    def at_once(self, *works: Callable[[], None]) -> None:
        workers = [threading.Thread(target=self.run, args=(work,)) for work in works]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()


def test_folds_withdrawals_and_submissions_at_once_lose_and_double_nothing(app: Flask) -> None:
    with app.app_context(), writing() as session:
        crowd = Crowd(app, make_wave(session).id)

    crowd.at_once(crowd.submit, crowd.submit, crowd.fold, crowd.fold, crowd.withdraw)

    assert crowd.failures == []
    with app.app_context(), writing() as session:
        tally.fold_all(session)
        assert session.scalar(select(func.sum(Tally.n))) == len(crowd.references)
        folded = everything(session, crowd.wave_id)
        assert tally.rebuild(session, crowd.wave_id) == len(crowd.references)
        assert everything(session, crowd.wave_id) == folded


def test_a_fold_that_is_rolled_back_leaves_its_responses_to_the_next(session: Session, wave: Wave) -> None:
    give(session, wave, {"victim": "no"}, "one")
    session.commit()

    tally.fold(session)
    session.rollback()

    assert session.scalar(text("SELECT count(*) FROM response WHERE NOT folded")) == 1
    assert tally.fold(session) == 1
    assert session.scalar(select(func.sum(Tally.n))) == 1


def test_what_people_write_takes_no_memory_while_they_are_counted() -> None:
    words = "{id: words, kind: long_text, text: Anything else}"
    questionnaire = load(SOURCE.replace("    questions:\n", f"    questions:\n      - {words}\n", 1))
    counting = counting_for(questionnaire)
    written = "x" * 2_000

    tracemalloc.start()
    try:
        for number in range(2_000):
            counting.take([Counted("||", 1.0, {"words": f"{number} {written}", "victim": "no"})])
        kept, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert counting.counts()["||"].options == {"victim": {"no": [2_000, 2_000.0, 2_000.0]}}
    assert kept < 1_000_000
