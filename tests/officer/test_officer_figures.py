"""The product holds the figures that it shows and gives out itself to the rules it holds others' figures to."""

from typing import Any

import pytest
from walker import Walker, downloaded, table

from csp_consult.analysis.integrity import check
from csp_consult.analysis.printed_figures import figures_from

WAVE = "/officer/waves/residents-test/2022"
CROSSTAB = "row=asb_change&column=disabled"


def ranking_page(olive: Walker) -> list[dict[str, Any]]:
    olive.get(f"{WAVE}/ranking")
    rows = table(olive, "ranking-residents-test-2022")
    return [
        figure
        for row in rows
        for figure in (
            {"id": f"{row[0]} weighted", "value": row[3].split()[0], "unit": "%", "n": row[7], "weighted": "yes"},
            {"id": f"{row[0]} unweighted", "value": row[5], "unit": "%", "n": row[7]},
        )
    ]


def ranking_file(olive: Walker, query: str) -> list[dict[str, Any]]:
    rows = downloaded(olive, f"{WAVE}/ranking.csv{query}")
    return [
        {
            "id": f"{row['subset']} {row['topic']}",
            "value": f"{100 * float(row['unweighted_estimate']):.6f}",
            "unit": "%",
            "n": row["base"],
        }
        for row in rows
        if row["unweighted_estimate"]
    ]


def fieldwork_page(olive: Walker) -> list[dict[str, Any]]:
    olive.get(f"{WAVE}/fieldwork")
    figures = []
    for name in ("fieldwork-age", "fieldwork-sex", "fieldwork-area"):
        rows = [row for row in table(olive, name) if row[1].isdecimal()]
        total = str(sum(int(row[1]) for row in rows))
        shares = {row[0]: row[2] for row in rows}
        figures.append({"id": name, "value": total, "unit": "responses", "mix_pct": shares, "complete": "yes"})
    return figures


def crosstab_file(olive: Walker) -> list[dict[str, Any]]:
    rows = downloaded(olive, f"{WAVE}/crosstab.csv?{CROSSTAB}")
    return [
        {
            "id": f"among {column}",
            "n": next(row["base"] for row in rows if row["column"] == column),
            "weighted": "yes",
            "mix_pct": {
                row["row"]: f"{100 * float(row['estimate']):.4f}"
                for row in rows
                if row["column"] == column and row["estimate"]
            },
        }
        for column in sorted({row["column"] for row in rows})
    ]


@pytest.mark.parametrize("query", ["", "?by=sex", "?by=disabled", "?area=W1"])
def test_every_unweighted_share_given_out_is_a_count_of_its_base(olive: Walker, query: str) -> None:
    figures = figures_from({"figures": ranking_file(olive, query)})

    assert figures
    assert check(figures) == []


@pytest.mark.parametrize("source", [ranking_page, fieldwork_page, crosstab_file])
def test_what_pages_and_files_print_breaks_no_rule(olive: Walker, source: Any) -> None:
    figures = figures_from({"figures": source(olive)})

    assert figures
    assert check(figures) == []


def test_the_same_check_finds_a_share_that_no_count_gives(olive: Walker) -> None:
    first, *rest = ranking_file(olive, "")
    wrong = {**first, "value": f"{float(first['value']) + 0.1:.6f}"}

    faults = check(figures_from({"figures": [wrong, *rest]}))

    assert [fault.rule for fault in faults] == ["impossible percentage"]
