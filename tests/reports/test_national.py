"""Questions over many partnerships, on DuckDB and on a Spark cluster. Needs the optional extra ``scale``."""

import json
import shutil
from collections.abc import Callable
from datetime import date
from importlib.util import find_spec
from math import sqrt
from pathlib import Path
from random import Random
from typing import Any

import pytest
from click.testing import CliRunner

from csp_consult.commands.nation import nation
from csp_consult.reports import national

needs_extra = pytest.mark.skipif(
    find_spec("ibis") is None or find_spec("pyspark") is None,
    reason="the optional extra is not installed: pip install --require-hashes -r requirements-scale.lock",
)
Row = dict[str, Any]


def rows_of(partnership: str, counted: dict[str, float | None], **more: Any) -> list[Row]:
    """A wave in which each respondent stands for 10 adults, so that the figures can be worked out by hand."""
    base = sum(n or 3 for n in counted.values())
    variance = 100 * base / (base - 1)
    return [
        {
            "partnership": partnership,
            "survey": "s",
            "wave": "2026",
            "closed_on": date(2026, 3, 31),
            "synthetic": True,
            "questionnaire": "q",
            "part": "",
            "category": "",
            "question": "worry",
            "option": option,
            "n": n,
            "base": base,
            "weighted": None if n is None else 10 * n,
            "base_weighted": 10.0 * base,
            "base_squares": 100.0 * base,
            "variance": None if n is None else variance * n * (1 - n / base),
            "covariance": None if n is None else 0.0,
            "base_variance": 0.0,
        }
        | more
        for option, n in counted.items()
    ]


@needs_extra
def test_partnerships_count_by_the_adults_they_stand_for(tmp_path: Path) -> None:
    national.write_counts(tmp_path, rows_of("A", {"yes": 10, "no": 30}))
    national.write_counts(tmp_path, rows_of("B", {"yes": 60, "no": 60}))

    no, yes = national.ask(tmp_path, "worry")

    assert (no.option, yes.option, yes.partnerships, yes.withheld, yes.synthetic) == ("no", "yes", 2, 0, True)
    assert yes.share.estimate == pytest.approx(70 / 160)
    # Both strata's variances, by hand.
    by_hand = sqrt(40 / 39 * 10 * 0.75 + 120 / 119 * 60 * 0.5) / 160
    assert yes.share.se == pytest.approx(by_hand)
    assert yes.share.base == 160
    assert yes.share.effective_base == pytest.approx(160)
    assert yes.share.lower is not None
    assert yes.share.lower < 70 / 160


@needs_extra
def test_a_partnership_that_withholds_a_count_is_left_out_of_that_share_and_said_to_be(tmp_path: Path) -> None:
    national.write_counts(tmp_path, rows_of("A", {"yes": None, "no": 37}))
    national.write_counts(tmp_path, rows_of("B", {"yes": 60, "no": 60}))

    no, yes = national.ask(tmp_path, "worry")

    assert yes.share.estimate == pytest.approx(60 / 120)
    assert (yes.withheld, yes.partnerships, yes.share.base) == (1, 1, 120)
    assert (no.withheld, no.partnerships, no.share.base) == (0, 2, 160)


@needs_extra
def test_a_count_that_all_withhold_has_no_share(tmp_path: Path) -> None:
    national.write_counts(tmp_path, rows_of("A", {"yes": None, "no": 37}))

    _, yes = national.ask(tmp_path, "worry")

    assert (yes.share.estimate, yes.share.base, yes.partnerships, yes.withheld) == (None, 0, 0, 1)
    assert yes.share.reason == "Every partnership withholds this count."


@needs_extra
def test_a_wave_published_again_replaces_its_file(tmp_path: Path) -> None:
    for yes in (20, 30):
        national.write_counts(tmp_path, rows_of("A", {"yes": yes, "no": 40 - yes}))

    assert [one.share.estimate for one in national.ask(tmp_path, "worry")] == [0.25, 0.75]


@needs_extra
def test_the_command_prints_shares_with_what_they_rest_on(tmp_path: Path) -> None:
    national.write_counts(tmp_path, rows_of("A", {"yes": 10, "no": 30}, part="sex", category="female"))

    run = CliRunner().invoke(nation, ["shares", str(tmp_path), "worry", "--by", "sex", "--format", "json"])

    told = json.loads(run.stdout)
    assert (told["question"], told["by"], told["synthetic"]) == ("worry", "sex", True)
    assert {"sex", "option", "estimate", "se", "lower", "upper", "base", "withheld"} <= set(told["estimates"][0])


@pytest.mark.parametrize(
    ("question", "said"),
    [
        pytest.param("nothing", "No file in .* has counts of 'nothing'", marks=needs_extra),
        pytest.param(None, "There is no file of counts in .*csp-consult nation publish"),
    ],
)
def test_what_cannot_be_asked_is_said_in_a_sentence(tmp_path: Path, question: str | None, said: str) -> None:
    if question:
        national.write_counts(tmp_path, rows_of("A", {"yes": 10, "no": 30}))

    with pytest.raises(national.ScaleError, match=said):
        national.ask(tmp_path, question or "worry")


def test_without_the_extra_a_sentence_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> Callable[..., Any]:
        raise ModuleNotFoundError(name)

    monkeypatch.setattr(national, "import_module", missing)

    with pytest.raises(national.ScaleError, match=r"pip install 'csp-consult\[scale\]'"):
        national.write_counts(tmp_path, rows_of("A", {"yes": 10, "no": 30}))


@pytest.mark.long
@needs_extra
# Of Spark's own Python, against the newest pandas.
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")
@pytest.mark.skipif(shutil.which("java") is None, reason="Spark needs Java: apt-get install openjdk-17-jre-headless")
def test_a_spark_cluster_gives_what_duckdb_gives(tmp_path: Path) -> None:
    drawn = Random(9)
    for place in range(12):
        counted = {option: drawn.choice([None, *range(5, 90)]) for option in ("yes", "no", "dk")}
        national.write_counts(tmp_path, rows_of(f"P{place}", counted))

    here = national.ask(tmp_path, "worry")
    on_cluster = national.ask(tmp_path, "worry", spark="local-cluster[2,1,1024]")

    assert [one.option for one in here] == ["dk", "no", "yes"]
    for one, other in zip(here, on_cluster, strict=True):
        assert (one.option, one.partnerships, one.withheld) == (other.option, other.partnerships, other.withheld)
        for name in ("estimate", "se", "lower", "upper", "base", "effective_base"):
            assert getattr(one.share, name) == pytest.approx(getattr(other.share, name), rel=1e-12), name
