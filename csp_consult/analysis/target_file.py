"""Targets as people write them: a variable to {category: population}, several variables joined by ``*``."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import yaml

from csp_consult.analysis.merging import WeightingError
from csp_consult.analysis.weights import Target

ABOUT = ("source", "as_at")
"""Entries that say where the figures come from; the rest are targets."""


@dataclass(frozen=True)
class TargetFile:
    """The targets of a file, and where it says they come from."""

    targets: tuple[Target, ...]
    source: str | None
    as_at: date | None


def read_targets(text: str) -> TargetFile:
    """The targets that a YAML text holds, as in ``sex: {male: 100, female: 110}``.

    A joint target is written ``age*sex: {"16-24,male": 7700, ...}``. Raises WeightingError, in words.
    """
    try:
        document = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError) as error:  # ValueError: a day that no calendar has
        raise WeightingError(f"The targets cannot be read as YAML: {error}") from error
    if not isinstance(document, Mapping):
        raise WeightingError("Targets are lines of 'variable: {category: population}'.")
    targets = tuple(_target(str(name), rows) for name, rows in document.items() if name not in ABOUT)
    if not targets:
        raise WeightingError("The targets name no variable to weight by.")
    source, as_at = document.get("source"), document.get("as_at")
    if as_at is not None and not isinstance(as_at, date):
        raise WeightingError(f"'as_at' of the targets must be a date such as 2020-06-30, not {as_at!r}.")
    return TargetFile(targets, None if source is None else str(source), as_at)


def _target(name: str, rows: Any) -> Target:
    variables = tuple(part.strip() for part in name.split("*"))
    if not isinstance(rows, Mapping) or not rows:
        raise WeightingError(f"The target '{name}' must be {{category: population}}.")
    return Target(variables, {_category(name, variables, key): _people(name, key, n) for key, n in rows.items()})


def _category(name: str, variables: tuple[str, ...], key: Any) -> tuple[str, ...]:
    if len(variables) == 1:
        return (str(key),)
    values = tuple(part.strip() for part in str(key).split(","))
    if len(values) != len(variables):
        raise WeightingError(f"'{key}' under the target '{name}' needs {len(variables)} values with commas between.")
    return values


def _people(name: str, key: Any, people: Any) -> float:
    if isinstance(people, bool) or not isinstance(people, int | float) or not 0 <= people < float("inf"):
        raise WeightingError(f"'{key}' under the target '{name}' needs a population, not {people!r}.")
    return float(people)
