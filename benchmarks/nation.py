"""A nation's question over the counts that its partnerships published: on DuckDB, and on a Spark cluster."""

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from datetime import date
from importlib.util import find_spec
from math import isclose
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.measure import Timing, milliseconds, once, row
from csp_consult.places.bands import ADULT_BANDS, SEXES
from csp_consult.reports import national

TITLE = "A nation's question"
ABOUT = """
Made-up counts of closed waves of 320 partnerships, as `csp-consult nation publish` writes them: 24 questions of five
options, of everybody, of seven age bands and of two sexes, one Parquet file each. A question's shares by age, with
standard errors, are one Ibis expression. DuckDB answers it within the process, and a Spark cluster of two workers
on this machine (`local-cluster[2,1,1024]`) answers the same one, to twelve digits the same. Spark's wall time
includes starting the cluster; the CPU of its Java processes is not counted.
"""
PARTNERSHIPS, QUESTIONS, OPTIONS = 320, 24, 5
CLUSTER = "local-cluster[2,1,1024]"
CATEGORIES = [("", ""), *(("age", band) for band in ADULT_BANDS), *(("sex", sex) for sex in SEXES)]


def measure() -> list[dict[str, Any]]:
    """Writing, size on disk, and the question on each engine; nothing where the extra or Java is missing."""
    if find_spec("ibis") is None or find_spec("pyspark") is None or shutil.which("java") is None:
        print("Not measured: it needs the packages of requirements-scale.lock, and Java (openjdk-17-jre-headless).")
        return []
    drawn = Random(7)
    waves = [list(_wave(drawn, f"E{number:08}")) for number in range(PARTNERSHIPS)]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        written = once(lambda: [national.write_counts(folder, rows) for rows in waves])
        size = sum(file.stat().st_size for file in folder.iterdir())
        # The first question also imports the engine.
        national.ask(folder, "q1", "age")
        by_duckdb, here = _asked(folder)
        by_spark, there = _asked(folder, spark=CLUSTER)
    _hold_alike(by_duckdb, by_spark)
    return [
        row(
            f"writing {PARTNERSHIPS} waves of {len(waves[0]):,} rows",
            milliseconds(written.cpu),
            wall=milliseconds(written.wall),
        ),
        row("size of a wave's file", f"{size / PARTNERSHIPS / 1000:.0f} KB"),
        row(
            "a question by age over all of them, on DuckDB",
            milliseconds(here.cpu),
            wall=milliseconds(here.wall),
            goal="measured",
        ),
        row(
            "the same on a Spark cluster, its start included",
            f"{there.wall:.0f} s wall",
            against="DuckDB, wall",
            against_figure=milliseconds(here.wall),
            ratio=there.wall / here.wall,
            goal="equal results",
            met=True,
        ),
    ]


def _asked(folder: Path, **engine: str) -> tuple[Sequence[national.NationalShare], Timing]:
    found: list[national.NationalShare] = []
    took = once(lambda: found.extend(national.ask(folder, "q7", "age", **engine)))
    return found, took


def _hold_alike(one: Sequence[national.NationalShare], other: Sequence[national.NationalShare]) -> None:
    for mine, theirs in zip(one, other, strict=True):
        if (mine.category, mine.option, mine.withheld) != (theirs.category, theirs.option, theirs.withheld):
            raise RuntimeError(f"The engines differ: {mine} and {theirs}")
        for name in ("estimate", "se", "lower", "upper", "effective_base"):
            if not isclose(getattr(mine.share, name), getattr(theirs.share, name), rel_tol=1e-12):
                raise RuntimeError(f"The engines differ in {name}: {mine} and {theirs}")


def _wave(drawn: Random, partnership: str) -> Iterator[dict[str, Any]]:
    for part, category in CATEGORIES:
        for question in range(QUESTIONS):
            counts = [drawn.randrange(60) for _ in range(OPTIONS)]
            base, each = sum(counts), drawn.uniform(50, 400)
            for option, n in enumerate(counts):
                few = 0 < n < 5
                variance = None if few else each**2 * n * (1 - n / base)
                yield {
                    "partnership": partnership,
                    "survey": "community-safety",
                    "wave": "2026",
                    "closed_on": date(2026, 3, 31),
                    "synthetic": True,
                    "questionnaire": "community-safety",
                    "part": part,
                    "category": category,
                    "question": f"q{question}",
                    "option": f"o{option}",
                    "n": None if few else n,
                    "base": base,
                    "weighted": None if few else each * n,
                    "base_weighted": each * base,
                    "base_squares": each**2 * base,
                    "variance": variance,
                    "covariance": None if few else 0.0,
                    "base_variance": 0.0,
                }
