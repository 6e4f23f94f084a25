"""Answers for people who do not exist, dealt so that a sample shows the shares it was asked to show.

Everything here follows from a seed; nothing is drawn from any real respondent.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Shares = Mapping[str, float]
"""Option code to the share of people who choose it; shares of one question sum to 1."""


@dataclass(frozen=True)
class Person:
    """One synthetic resident: who they are, as far as weighting is concerned."""

    age: str
    sex: str
    ward: str


def people(
    n: int, residents: Mapping[Person, float], willingness: Mapping[str, float], rng: random.Random
) -> list[Person]:
    """Draw ``n`` respondents from a population, some age bands answering more readily than others.

    ``residents`` gives persons by cell, ``willingness`` a relative rate of answering by age band.
    """
    cells = list(residents)
    rates = [residents[cell] * willingness[cell.age] for cell in cells]
    # Every band is there at least once, since a weight cannot speak for a band that nobody answered from.
    first = [rng.choice([cell for cell in cells if cell.age == age]) for age in willingness]
    return first + rng.choices(cells, rates, k=n - len(first))


def deal(group: Sequence[Person], shares: Shares, tilt: Mapping[str, Shares], rng: random.Random) -> list[str]:
    """One option for each person, so that any run of the group shows the shares to within one person.

    ``tilt`` multiplies the share of an option for people of an age band or ward; the rest give way in proportion.
    """
    owed = dict.fromkeys(shares, 0.0)
    dealt: list[str] = [""] * len(group)
    order = sorted(range(len(group)), key=lambda i: (group[i].ward, group[i].age, group[i].sex, rng.random()))
    for i in order:
        for option, share in _tilted(shares, group[i], tilt).items():
            owed[option] += share
        # A little noise breaks the pattern that strict turn-taking would leave in every ward.
        option = max(owed, key=lambda code: owed[code] + rng.uniform(0, 0.9))
        owed[option] -= 1
        dealt[i] = option
    return dealt


def _tilted(shares: Shares, person: Person, tilt: Mapping[str, Shares]) -> Shares:
    factors = dict.fromkeys(shares, 1.0)
    for trait in (person.age, person.ward):
        for option, factor in tilt.get(trait, {}).items():
            factors[option] *= factor
    raised = {option: share * factors[option] for option, share in shares.items()}
    total = sum(raised.values())
    return {option: share / total for option, share in raised.items()}


def deal_several(group: Sequence[Person], shares: Shares, rng: random.Random) -> list[list[str]]:
    """For each person the options they tick, each option ticked by its own share of the group."""
    ticked = {option: deal(group, {"yes": share, "no": 1 - share}, {}, rng) for option, share in shares.items()}
    return [[option for option in shares if ticked[option][i] == "yes"] for i in range(len(group))]


def deal_ranking(n: int, worths: Shares, places: int, rng: random.Random) -> list[list[str]]:
    """For each of ``n`` an order of ``places`` options: each place goes to an option by its worth (Plackett-Luce)."""
    rankings = []
    for _ in range(n):
        left = dict(worths)
        order: list[str] = []
        for _place in range(places):
            option = rng.choices(list(left), list(left.values()))[0]
            order.append(option)
            del left[option]
        rankings.append(order)
    return rankings


def answers_for(
    group: Sequence[Person], plan: Mapping[str, Mapping[str, Any]], rng: random.Random
) -> list[dict[str, Any]]:
    """Answers of a whole group by a plan: question to ``shares``, ``several``, ``rows`` or ``worths``.

    ``shares`` may come with a ``tilt``; ``several`` with what ``otherwise`` is ticked alone; ``rows`` gives shares
    for each row of a grid; ``worths`` comes with ``places``.
    """
    dealt = {question: _deal_question(group, how, rng) for question, how in plan.items()}
    return [{question: column[i] for question, column in dealt.items()} for i in range(len(group))]


def _deal_question(group: Sequence[Person], how: Mapping[str, Any], rng: random.Random) -> Sequence[Any]:
    if "rows" in how:
        rows = {row: deal(group, shares, how.get("tilt", {}), rng) for row, shares in how["rows"].items()}
        return [{row: rows[row][i] for row in rows} for i in range(len(group))]
    if "several" in how:
        return [ticked or [how["otherwise"]] for ticked in deal_several(group, how["several"], rng)]
    if "worths" in how:
        return deal_ranking(len(group), how["worths"], how["places"], rng)
    return deal(group, how["shares"], how.get("tilt", {}), rng)
