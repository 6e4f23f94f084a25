"""What charts of several panels are drawn from."""

from made_findings import made_estimate

from csp_consult.analysis.figures import Estimate
from csp_consult.findings.contract import TrendFinding, TrendShare
from csp_consult.reports.panel_data import trend_chart

HIDDEN = made_estimate(None)


def point(wave: str, share: Estimate, change: float | None) -> TrendShare:
    return TrendShare(
        option="safe",
        option_title="Safe",
        wave=f"survey/{wave}",
        wave_title=wave,
        period=wave,
        share=share,
        change=change,
        change_lower=None,
        change_upper=None,
        p=None,
        significant=None,
        smallest_significant=None,
        detectable=None,
        breaks=(),
        reason=None,
    )


def test_a_share_that_is_hidden_is_no_break_and_is_said_to_be_hidden() -> None:
    told = made_estimate(0.5)
    points = (
        point("2019", told, None),
        point("2020", HIDDEN, None),
        point("2021", told, None),
        point("2022", told, None),
    )
    found = TrendFinding("survey", "A survey", "safe", "How safe?", points, {}, "", synthetic=False)

    chart = trend_chart(found)

    assert chart is not None
    [answer] = chart.data["answers"]
    assert [row["broken"] for row in answer["points"]] == [False, False, False, True]
    assert len({row["segment"] for row in answer["points"]}) == 4, "no line is drawn across it"
    assert "Not shown: hidden, because few answered." in chart.data["subtitle"]
