"""A ranking from the tally at any number of responses, and what it costs to count responses into it.

The 1,000 responses are drawn one by one; larger tallies are those of 20,000 drawn responses with every count
multiplied, that is, of a wave in which each of them came in so many times. Folding counts 100,000 stored responses.
"""

import json
import random
import tempfile
import time
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

from flask import Flask
from sqlalchemy import insert

from benchmarks.answering import SURVEY, application
from benchmarks.measure import interleaved
from csp_consult.analysis.concern import concern_from_tally
from csp_consult.analysis.ranks import rank_concern
from csp_consult.analysis.totals import Tally
from csp_consult.analysis.weights import Target, weigh
from csp_consult.db import db, writing
from csp_consult.fieldwork import tally
from csp_consult.fieldwork.cells import cell_of
from csp_consult.fieldwork.counting import CellCounts, Counted, count
from csp_consult.fieldwork.models import Response, Wave
from csp_consult.findings.reading import laid_out, measure_for
from csp_consult.questionnaire.model import Questionnaire
from csp_consult.questionnaire.parse import load
from csp_consult.resources import resource_folder

DRAWN = 20_000
SIZES = (1_000, 100_000, 1_000_000, 10_000_000)
FOLDED = 100_000
ROUNDS = 15
WARDS = [f"E0501{number:04d}" for number in range(1957, 1976)]
GOAL = 0.020


def measure() -> list[dict[str, Any]]:
    """CPU of a warm ranking at each size, and of folding, each against its yardstick."""
    questionnaire = load((resource_folder("surveys") / f"{SURVEY}.yaml").read_text())
    rng = random.Random(7)
    drawn = [answers(questionnaire, rng) for _ in range(DRAWN)]
    return [*_rankings(questionnaire, drawn), _folding(questionnaire, drawn)]


def answers(questionnaire: Questionnaire, rng: random.Random) -> dict[str, Any]:
    """One made-up response to every question of the survey that takes codes."""
    made: dict[str, Any] = {}
    for question in questionnaire.questions.values():
        codes = [choice.code for choice in question.choices()]
        if question.kind == "grid":
            made[question.id] = {item.code: rng.choice(codes) for item in question.concern_items()}
        elif question.kind == "area":
            made[question.id] = rng.choice(WARDS)
        elif question.kind == "single":
            made[question.id] = rng.choice(codes)
        elif question.kind == "multiple":
            made[question.id] = [rng.choice(codes)]
    return made


def _rankings(questionnaire: Questionnaire, drawn: list[dict[str, Any]]) -> list[dict[str, Any]]:
    calls: dict[str, Callable[[], object]] = {}
    for size in SIZES:
        sample = drawn[: min(size, DRAWN)]
        counts = count(questionnaire, _counted(questionnaire, sample))
        calls[f"{size:,}"] = _ranking(questionnaire, laid_out(questionnaire, _times(counts, size // len(sample))))
    found = interleaved(calls, rounds=ROUNDS)
    least = found[f"{SIZES[0]:,}"]
    return [
        {
            "name": f"ranking with weights and rank intervals from the tally of {name} responses",
            "cpu_ms": round(timing.cpu * 1000, 2),
            "wall_ms": round(timing.wall * 1000, 2),
            "against": f"the same from {SIZES[0]:,}",
            "against_cpu_ms": round(least.cpu * 1000, 2),
            "ratio": round(timing.cpu / least.cpu, 2),
            "goal": f"{GOAL * 1000:g} ms of CPU, at most 1.2 times",
            "met": timing.cpu <= GOAL and timing.cpu <= 1.2 * least.cpu,
        }
        for name, timing in found.items()
    ]


def _ranking(questionnaire: Questionnaire, counted: Tally) -> Callable[[], object]:
    table = counted.table(("age", "sex", "area"))
    targets = [
        Target((variable,), {(value,): 1_000.0 + 37 * place for place, value in enumerate(sorted(values))})
        for variable in table.columns[:3]
        if (values := set(table[variable]) - {""})
    ]
    measured = measure_for(questionnaire.concern[0])

    def rank() -> object:
        weights = weigh(counted.table(("age", "sex", "area")), targets)
        factors = dict(zip(counted.cells, weights.factors.tolist(), strict=True))
        return rank_concern(concern_from_tally(counted, measured, factors), hidden_below=30, indicative_below=100)

    return rank


def _times(counts: dict[str, CellCounts], times: int) -> dict[str, CellCounts]:
    return {
        cell: CellCounts(
            one.n * times,
            one.d * times,
            one.d2 * times,
            {
                question: {option: [value * times for value in sums] for option, sums in of.items()}
                for question, of in one.options.items()
            },
            {question: [value * times for value in sums] for question, sums in one.products.items()},
        )
        for cell, one in counts.items()
    }


def _counted(questionnaire: Questionnaire, drawn: Iterable[dict[str, Any]]) -> list[Counted]:
    return [Counted(cell_of(questionnaire, one).key, 1.0, one) for one in drawn]


def _folding(questionnaire: Questionnaire, drawn: list[dict[str, Any]]) -> dict[str, Any]:
    """One fold of many stored responses, against reading their answers from JSON, which no folding can do without."""
    with tempfile.TemporaryDirectory() as folder:
        app = application(Path(folder))
        _store(app, questionnaire, drawn)
        texts = [json.dumps(drawn[number % len(drawn)]) for number in range(FOLDED)]
        cpu = time.process_time()
        for text in texts:
            json.loads(text)
        least = time.process_time() - cpu
        with app.app_context():
            cpu, wall = time.process_time(), time.perf_counter()
            with writing() as session:
                tally.fold_all(session)
            cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
            db.engine.dispose()
    return {
        "name": f"folding {FOLDED:,} responses into the tally, SQLite",
        "cpu_ms": round(cpu * 1000),
        "wall_ms": round(wall * 1000),
        "against": "reading the same answers from JSON",
        "against_cpu_ms": round(least * 1000),
        "ratio": round(cpu / least, 1),
        "goal": "to be measured",
        "met": True,
    }


def _store(app: Flask, questionnaire: Questionnaire, drawn: list[dict[str, Any]]) -> None:
    cells = [cell_of(questionnaire, one).key for one in drawn]
    with app.app_context():
        wave_id = db.session().query(Wave.id).scalar()
        db.session.remove()
        for start in range(0, FOLDED, 5_000):
            rows = [
                {
                    "id": uuid4(),
                    "wave_id": wave_id,
                    "reference": f"{number}",
                    "submission": f"{number}",
                    "submitted_on": date.today(),
                    "mode": "online",
                    "language": "en",
                    "answers": drawn[number % len(drawn)],
                    "cell": cells[number % len(drawn)],
                    "synthetic": True,
                }
                for number in range(start, start + 5_000)
            ]
            with writing() as session:
                session.execute(insert(Response), rows)
