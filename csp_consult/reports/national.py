"""Counts of many partnerships: written as Parquet by each, and one question asked over all of them.

The question is one Ibis expression. DuckDB answers it within this process; a Spark cluster answers the same one where
a nation's files outgrow a machine. Both come with the optional extra ``scale`` and are imported only when asked for.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from importlib import import_module
from math import sqrt
from pathlib import Path
from typing import Any, Final

from csp_consult.analysis.estimates import share_interval
from csp_consult.analysis.figures import Estimate
from csp_consult.findings.national_counts import COLUMNS

EXTRA: Final = "This needs the optional extra: pip install 'csp-consult[scale]'."
METHOD: Final = "linearised, weights taken as fixed; partnerships are strata"
_NONE_TOLD: Final = Estimate(None, None, None, None, 0, 0.0, METHOD, reason="Every partnership withholds this count.")
_SPARK: Final = {
    # A worker looks for the driver by the machine's name unless told; and 200 shuffled parts, Spark's default, are
    # 200 tasks for a few thousand rows.
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.sql.shuffle.partitions": "4",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
}


class ScaleError(ValueError):
    """Files of counts cannot be written or read; the message says what to do."""


@dataclass(frozen=True)
class NationalShare:
    """An option's share over all partnerships that published the question."""

    category: str
    option: str
    share: Estimate
    partnerships: int
    """Those whose counts it rests on."""
    withheld: int
    """Those that asked and whose count is withheld, since it or another is small: the share leaves all of them out."""
    synthetic: bool


def write_counts(folder: Path, rows: Sequence[Mapping[str, Any]]) -> Path:
    """Write the rows of one wave into the folder, in place of an earlier file of it; gives the file.

    Raises ScaleError where the extra is not installed.
    """
    arrow, parquet = _needed("pyarrow"), _needed("pyarrow.parquet")
    types = {
        str: arrow.string(),
        date: arrow.date32(),
        bool: arrow.bool_(),
        int: arrow.int64(),
        float: arrow.float64(),
    }
    schema = arrow.schema([(name, types[kind]) for name, kind in COLUMNS.items()])
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "{partnership}--{survey}--{wave}.parquet".format(**rows[0])
    made = file.with_suffix(".part")
    parquet.write_table(arrow.Table.from_pylist([dict(row) for row in rows], schema=schema), made)
    made.replace(file)
    return file


def shares(counts: Any, question: str, part: str = "") -> Any:
    """The Ibis expression of a question's shares over the partnerships in a table of ``COLUMNS``.

    A row for each category and option: the share, its variance by linearisation with partnerships as strata, and what
    it rests on. A partnership whose count of an option is withheld is in neither part of that option's share: with its
    people in the base alone the share would be too small by all who chose it there.
    """
    asked = counts.filter((counts.question == question) & (counts.part == part))
    told = asked.n.notnull()
    summed = asked.group_by("category", "option").agg(
        n=asked.n.sum(),
        base=asked.base.sum(where=told),
        weighted=asked.weighted.sum(),
        base_weighted=asked.base_weighted.sum(where=told),
        base_squares=asked.base_squares.sum(where=told),
        variance=asked.variance.sum(),
        covariance=asked.covariance.sum(),
        base_variance=asked.base_variance.sum(where=told),
        partnerships=asked.partnership.nunique(where=told),
        withheld=asked.partnership.nunique(where=~told),
        synthetic=asked.synthetic.any(),
    )
    share = summed.weighted / summed.base_weighted
    spread = summed.variance - 2 * share * summed.covariance + share * share * summed.base_variance
    return summed.select(
        "category",
        "option",
        "n",
        "base",
        "partnerships",
        "withheld",
        "synthetic",
        share=share,
        variance=spread / (summed.base_weighted * summed.base_weighted),
        effective_base=summed.base_weighted * summed.base_weighted / summed.base_squares,
    ).order_by("category", "option")


def ask(folder: Path, question: str, part: str = "", *, spark: str | None = None) -> list[NationalShare]:
    """A question's shares over all files in the folder, by DuckDB or by the Spark cluster of that address.

    Raises ScaleError where the extra is not installed or no file has the question.
    """
    if not any(folder.glob("*.parquet")):
        raise ScaleError(f"There is no file of counts in {folder}: write some with csp-consult nation publish.")
    with _on_spark(folder, spark) if spark else _on_duckdb(folder) as counts:
        rows = shares(counts, question, part).to_pyarrow().to_pylist()
    if not rows:
        raise ScaleError(f"No file in {folder} has counts of {question!r}{f' by {part}' if part else ''}.")
    return [_found(row) for row in rows]


def _found(row: Mapping[str, Any]) -> NationalShare:
    return NationalShare(
        category=row["category"],
        option=row["option"],
        share=_share(row) if row["partnerships"] else _NONE_TOLD,
        partnerships=row["partnerships"],
        withheld=row["withheld"],
        synthetic=row["synthetic"],
    )


def _share(row: Mapping[str, Any]) -> Estimate:
    p, base, effective = min(max(row["share"], 0.0), 1.0), round(row["base"]), row["effective_base"]
    se, degrees = sqrt(max(row["variance"], 0.0)), base - row["partnerships"]
    lower, upper = share_interval(p, se, effective, base, degrees)
    return Estimate(p, se, lower, upper, base, effective, METHOD, degrees=degrees)


@contextmanager
def _on_duckdb(folder: Path) -> Iterator[Any]:
    connection = _needed("ibis").duckdb.connect()
    try:
        yield connection.read_parquet(str(folder / "*.parquet"))
    finally:
        connection.disconnect()


@contextmanager
def _on_spark(folder: Path, master: str) -> Iterator[Any]:
    ibis, sql = _needed("ibis"), _needed("pyspark.sql")
    if "local" in master:
        # Java tells the workers the machine's first address, which a container may not let them reach.
        os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    builder = sql.SparkSession.builder.master(master).appName("csp-consult")
    for name, value in _SPARK.items() if "local" in master else ():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    try:
        yield ibis.pyspark.connect(session).read_parquet(str(folder))
    finally:
        session.stop()


def _needed(module: str) -> Any:
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        raise ScaleError(EXTRA) from error
