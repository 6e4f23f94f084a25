"""A closed wave's counts as they leave its partnership, for questions that are asked over many partnerships at once.

A row for each question and option, of everybody, of each age band and of each sex: how many chose it, for how many
adults they stand, and what the standard error of a share over several partnerships is made from. No area smaller than
the district stands in it, no answer to a question about one, no count from 1 to 4, and nothing from which such a count,
or the weight of a few people, could be worked out by subtraction within a question or a part.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final, TypeAlias

import numpy as np
from sqlalchemy.orm import Session

from csp_consult.analysis.disclosure import Fact, Figure, same_people
from csp_consult.analysis.suppression import protect
from csp_consult.analysis.thresholds import INSIDE_THRESHOLD
from csp_consult.analysis.totals import ANSWERED, Key, Totals
from csp_consult.fieldwork.asked import questionnaire_for
from csp_consult.fieldwork.cells import Cell
from csp_consult.fieldwork.models import Wave
from csp_consult.fieldwork.waves import WaveState, state
from csp_consult.findings.errors import FindingError
from csp_consult.findings.question_keys import AskedFor, all_asked, context_of
from csp_consult.findings.small_counts import hidden_inside
from csp_consult.findings.weighting import Weighed, weighed

COLUMNS: Final = {
    "partnership": str,
    "survey": str,
    "wave": str,
    "closed_on": date,
    "synthetic": bool,
    "questionnaire": str,
    "part": str,
    "category": str,
    "question": str,
    "option": str,
    "n": int,
    "base": int,
    "weighted": float,
    "base_weighted": float,
    "base_squares": float,
    "variance": float,
    "covariance": float,
    "base_variance": float,
}
"""The columns in order. ``part`` is empty for everybody, else ``age`` or ``sex``, of which ``category`` is the value.

``n`` chose the option of the ``base`` that had the question to answer; they stand for ``weighted`` and
``base_weighted`` adults. ``base_squares`` is the sum of squared weights in the base. The last three are the variance of
``weighted``, its covariance with ``base_weighted``, and the variance of that, with weights taken as fixed. Where ``n``
is withheld, so are ``weighted``, ``variance`` and ``covariance``.
"""
PARTS: Final = ("", "age", "sex")
Group: TypeAlias = tuple[str, str]
"""A part and its category; both are empty for everybody."""
_EVERYBODY: Final[Group] = ("", "")


def counts_of(session: Session, wave: Wave, partnership: str, *, today: date) -> list[dict[str, Any]]:
    """The rows of a residents' wave.

    Raises FindingError where it is still open, cannot be weighted, or so few answered that no row is left.
    """
    if state(wave, today) is not WaveState.CLOSED:
        raise FindingError(f"{wave.key} has not closed: its counts still change. Publish it afterwards.")
    made, questionnaire, context = weighed(session, wave), questionnaire_for(session, wave), context_of(session, wave)
    # Age and sex are parts: as questions too, age by sex would be there twice, and one tell what the other withholds.
    apart = {questionnaire.cell.age, questionnaire.cell.sex}
    apart |= {key for one in questionnaire.questions.values() if one.area_kind() for key in one.domain()}
    asked = [one for one in all_asked(questionnaire, context) if one.key not in apart]
    groups = {(part, category): totals for part in PARTS for category, totals in _categories(made, part)}
    few = {group for part in PARTS for group in _too_small(groups, part)}
    given = [group for group in groups if (group[1] or not group[0]) and group not in few]
    withheld = {one.key: _withheld(groups, given, one) for one in asked}
    about = {
        "partnership": partnership,
        "survey": wave.survey.slug,
        "wave": wave.slug,
        "closed_on": wave.closes_on,
        "synthetic": wave.synthetic,
        "questionnaire": questionnaire.slug,
    }
    rows = [
        {**about, "part": group[0], "category": group[1], "question": one.key, "option": option, **figures}
        for group in given
        for one in asked
        for option, figures in _options(group, groups[group], one, withheld[one.key])
    ]
    if not rows:
        raise FindingError(f"So few people answered {wave.key} that every count would be withheld.")
    return rows


def _categories(made: Weighed, part: str) -> Iterator[tuple[str, Totals]]:
    """Each category of a part of the cell with its totals, those who did not say under ""; everybody for no part."""
    cells = {cell: getattr(Cell.parse(cell), part) if part else "" for cell in made.tally.cells}
    for category in sorted({*cells.values()}):
        yield (
            category,
            made.tally.totals(
                made.finding.factors, domain={cell for cell, found in cells.items() if found == category}
            ),
        )


def _too_small(groups: Mapping[Group, Totals], part: str) -> set[Group]:
    """The categories of a part that stay at home whole: those of few people, with others so that they are not few.

    The same for all questions, since each question's bases would tell what the others' withhold.
    """
    people = {
        group: round(float(totals.counts[0]))
        for group, totals in groups.items()
        if part and group[0] == part and group[1]
    }
    small = {group for group, n in people.items() if hidden_inside(n)}
    for group in sorted(people.keys() - small, key=lambda group: people[group]):
        if not hidden_inside(sum(people[one] for one in small)):
            break
        small.add(group)
    return small


def _withheld(groups: Mapping[Group, Totals], given: Sequence[Group], asked: AskedFor) -> set[str]:
    """The counts of a question that stay at home, by name: small ones, and those that would tell a small one.

    Who is in no group that is given, as those who did not say their age, counts as unknown.
    """
    of_part = {part: [group for group in groups if group[0] == part] for part in PARTS}
    keys = dict.fromkeys([*((asked.key, option) for option in asked.shared), *asked.base])
    counts = {
        _name(group, key): round(float(totals.vector({key: 1.0}) @ totals.counts))
        for group, totals in groups.items()
        for key in keys
    }
    # Everybody is all ages together, so that their counts tell of those of each.
    within = {group: [group] if group[0] else of_part["age"] for group in given}
    cells = [
        Figure(_name(group, key), frozenset(_name(one, key) for one in parts))
        for group, parts in within.items()
        for key in [(asked.key, option) for option in asked.shared]
    ]
    bases = [
        Figure(_name(group), frozenset(_name(one, key) for one in parts for key in asked.base))
        for group, parts in within.items()
    ]
    # Without its base no option of a group can be given: one is withheld only where a base is small itself.
    sizes = {base.name: sum(counts[atom] for atom in base.atoms) for base in bases}
    hiding = any(hidden_inside(size) for size in sizes.values())
    out = [
        base for base in bases if not hiding or (base.name == _name(_EVERYBODY) and not hidden_inside(sizes[base.name]))
    ]
    facts = [
        same_people((_name(one, key) for one in of_part["age"]), (_name(one, key) for one in of_part["sex"]))
        for key in keys
    ]
    if (asked.key, ANSWERED) in asked.base:
        facts += [
            Fact({_name(group, key): 1.0, _name(group, (asked.key, ANSWERED)): -1.0}, -np.inf, 0.0)
            for group in groups
            if group[0]
            for key in keys
            if key[1] != ANSWERED
        ]
    figures = [*cells, *(base for base in bases if base not in out)]
    return set(protect(figures, counts, former=out, facts=facts, threshold=INSIDE_THRESHOLD).hidden)


def _name(group: Group, key: Key | None = None) -> str:
    """What a count is called; without a key that of the base."""
    return "|".join([*group, "base" if key is None else f"option {key[1]}"])


def _options(
    group: Group, totals: Totals, asked: AskedFor, withheld: Collection[str]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """The options of a question with their figures; none where its base is withheld, or nobody had it to answer."""
    below = totals.vector(asked.base)
    base = round(float(below @ totals.counts))
    if base == 0 or _name(group) in withheld:
        return
    for option in asked.shared:
        key: Key = (asked.key, option)
        chosen = totals.vector({key: 1.0})
        figures: dict[str, Any] = {
            "n": round(float(chosen @ totals.counts)),
            "base": base,
            "weighted": float(chosen @ totals.totals),
            "base_weighted": float(below @ totals.totals),
            "base_squares": float(np.einsum("j,jl,l->", below, totals.squares, below)),
            "variance": float(chosen @ totals.covariance @ chosen),
            "covariance": float(chosen @ totals.covariance @ below),
            "base_variance": float(below @ totals.covariance @ below),
        }
        if _name(group, key) in withheld:
            figures |= dict.fromkeys(("n", "weighted", "variance", "covariance"))
        yield option, figures
