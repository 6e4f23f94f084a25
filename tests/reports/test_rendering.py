"""A chart is drawn once, kept, and named for those who cannot see it; without it the page still stands."""

from pathlib import Path

import pytest
from made_findings import made_ranking_finding

from csp_consult import jobs
from csp_consult.jobs import JobError
from csp_consult.reports.chart_data import Chart, ranking_chart
from csp_consult.reports.rendering import drawn


class Draughtsman:
    """Stands in for the helper process: counts what it is asked to draw, and can be made to fail."""

    def __init__(self, *, fails: bool = False) -> None:
        self.calls = 0
        self.fails = fails

    def call(self, function: str, kind: str, data: object) -> dict[str, str]:
        self.calls += 1
        if self.fails:
            raise JobError("no pencil")
        return {"narrow": "<svg width='1'></svg>", "wide": "<svg width='2'></svg>"}


@pytest.fixture
def draughtsman(monkeypatch: pytest.MonkeyPatch) -> Draughtsman:
    draughtsman = Draughtsman()
    monkeypatch.setattr("csp_consult.reports.rendering.helper", draughtsman)
    return draughtsman


@pytest.fixture
def chart() -> Chart:
    return ranking_chart(made_ranking_finding())


def test_the_same_chart_is_drawn_once(chart: Chart, tmp_path: Path, draughtsman: Draughtsman) -> None:
    assert drawn(chart, tmp_path) == drawn(chart, tmp_path)
    assert draughtsman.calls == 1


def test_a_changed_figure_is_drawn_anew(chart: Chart, tmp_path: Path, draughtsman: Draughtsman) -> None:
    drawn(chart, tmp_path)
    chart.data["rows"][0]["value"] += 0.001
    drawn(chart, tmp_path)
    assert draughtsman.calls == 2


def test_a_drawing_cut_off_on_disk_is_drawn_anew(chart: Chart, tmp_path: Path, draughtsman: Draughtsman) -> None:
    drawn(chart, tmp_path)
    for kept in tmp_path.glob("*.json"):
        kept.write_text(kept.read_text()[:10])
    assert drawn(chart, tmp_path) is not None
    assert draughtsman.calls == 2


def test_a_folder_that_cannot_be_written_costs_speed_only(
    chart: Chart, tmp_path: Path, draughtsman: Draughtsman
) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("not a folder")
    assert drawn(chart, in_the_way) is not None


def test_a_chart_that_cannot_be_drawn_is_none(chart: Chart, tmp_path: Path, draughtsman: Draughtsman) -> None:
    draughtsman.fails = True
    assert drawn(chart, tmp_path) is None


def test_the_folder_of_drawings_does_not_grow_without_bound(
    chart: Chart, tmp_path: Path, draughtsman: Draughtsman, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("csp_consult.reports.rendering.KEPT", 4)
    for i in range(20):
        chart.data["title"] = f"Title {i}"
        drawn(chart, tmp_path)
    assert len(list(tmp_path.iterdir())) <= 5


def test_a_drawing_is_one_image_with_the_charts_name(tmp_path: Path) -> None:
    chart = Chart("ranking", ranking_chart(made_ranking_finding()).data, 'Concerns "in order" <here>')

    pictures = drawn(chart, tmp_path)

    assert pictures is not None
    for svg in (pictures.narrow, pictures.wide):
        assert svg.startswith('<svg role="img" aria-label="Concerns &#34;in order&#34; &lt;here&gt;"')
        assert svg.count("role=") == 1
    jobs.helper.stop()
