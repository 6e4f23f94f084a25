"""A ranking from the tally at any number of responses."""

import random
from collections.abc import Callable, Iterable
from typing import Any

from benchmarks.answering import SURVEY
from benchmarks.measure import interleaved, timed
from csp_consult.analysis.concern import concern_from_tally
from csp_consult.analysis.ranks import rank_concern
from csp_consult.analysis.totals import Tally
from csp_consult.analysis.weights import Target, weigh
from csp_consult.fieldwork.cells import cell_of
from csp_consult.fieldwork.counting import CellCounts, Counted, count
from csp_consult.findings.reading import laid_out, measure_for
from csp_consult.questionnaire.model import Questionnaire
from csp_consult.questionnaire.parse import load
from csp_consult.resources import resource_folder

TITLE = "Ranking"
ABOUT = """
A ranking of the VRN survey's topics with raking, intervals and rank intervals, from the tally, warm. The 1,000
responses are drawn one by one. The larger tallies are those of 20,000 drawn responses with every count multiplied, as
in a wave in which each of them came in so many times: the cells are as full as 20,000 responses make them.
"""
DRAWN = 20_000
SIZES = (1_000, 100_000, 1_000_000, 10_000_000)
ROUNDS = 15
WARDS = [f"E0501{number:04d}" for number in range(1957, 1976)]
GOAL = 0.020


def measure() -> list[dict[str, Any]]:
    """CPU of a warm ranking at each size, and of folding, each against its yardstick."""
    questionnaire = load((resource_folder("surveys") / f"{SURVEY}.yaml").read_text())
    return _rankings(questionnaire, drawn_answers(questionnaire))


def drawn_answers(questionnaire: Questionnaire) -> list[dict[str, Any]]:
    """The same made-up responses at every run."""
    rng = random.Random(7)
    return [answers(questionnaire, rng) for _ in range(DRAWN)]


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
        counts = count(questionnaire, counted_of(questionnaire, sample))
        calls[f"{size:,}"] = _ranking(questionnaire, laid_out(questionnaire, _times(counts, size // len(sample))))
    found = interleaved(calls, rounds=ROUNDS)
    least = found[f"{SIZES[0]:,}"]
    return [
        timed(
            f"ranking from the tally of {name} responses",
            timing,
            f"the same from {SIZES[0]:,}",
            least,
            goal=f"{GOAL * 1000:g} ms, and at most 1.2 times",
            met=timing.cpu <= GOAL and timing.cpu <= 1.2 * least.cpu,
            why="the arrays are the same size, so a difference is noise of the machine: measure again on a quiet one.",
        )
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


def counted_of(questionnaire: Questionnaire, drawn: Iterable[dict[str, Any]]) -> list[Counted]:
    return [Counted(cell_of(questionnaire, one).key, 1.0, one) for one in drawn]
