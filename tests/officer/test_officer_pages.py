"""An officer reads what came in: the same figures as chart, table and sentence, and everything they rest on."""

import pytest
from findings_world import World
from flask import Flask
from parish_world import PASSWORD
from walker import Walker, downloaded, table

from csp_consult.db import db
from csp_consult.fieldwork.waves import find
from csp_consult.findings.fieldwork_progress import progress
from csp_consult.reports.chart_data import Chart
from csp_consult.web.officer import FORMS_ONLY, VIEWS
from csp_consult.words import number

RANKING = "/officer/waves/residents-test/2022/ranking"
GAP = "/officer/gap?wave=residents-test/2022&topic=asb"


def test_the_first_page_lists_every_wave_with_its_state_and_answers(olive: Walker) -> None:
    olive.get("/officer/")

    assert "residents-test, 2022" in olive.text
    assert "Closed" in olive.text
    assert "240 responses" in olive.text
    assert "3 councils have answered" in olive.text


def test_the_ranking_says_in_words_what_the_first_row_of_its_table_says(olive: Walker) -> None:
    olive.get(RANKING)

    first = table(olive, "ranking-residents-test-2022")[0]

    assert first[1] == "1st"
    assert f"{first[0]} comes first: {first[3].split()[0]} ({first[4]})" in olive.text


def test_a_ranking_says_what_it_rests_on(olive: Walker) -> None:
    olive.get(RANKING)

    for said in ("How much of a problem is each of these here?", "made-up census", "effective base", "Design effect"):
        assert said in olive.text


def test_the_unweighted_figure_stands_beside_the_weighted_one(olive: Walker) -> None:
    olive.get(RANKING)
    shown = table(olive, "ranking-residents-test-2022")
    olive.get(f"{RANKING}?weights=equal")
    unweighted = {row[0]: row[3].split()[0] for row in table(olive, "ranking-residents-test-2022")}

    assert {row[0]: row[5] for row in shown} == unweighted


def test_synthetic_responses_are_called_so_on_the_page_and_in_every_row_of_its_download(olive: Walker) -> None:
    page = olive.get(RANKING)
    link = page.select_one("a[download][href*='.csv']")

    assert page.select_one(".csp-synthetic") is not None
    assert link is not None
    assert {row["synthetic"] for row in downloaded(olive, str(link["href"]))} == {"yes"}


def test_a_download_keeps_the_choice_of_its_page_and_its_order(olive: Walker) -> None:
    page = olive.get(f"{RANKING}?area=W1")
    link = page.select_one("a[download][href*='.csv']")
    assert link is not None

    rows = downloaded(olive, str(link["href"]))

    assert [row["topic_title"] for row in rows] == [row[0] for row in table(olive, "ranking-residents-test-2022")]
    assert {row["subset"] for row in rows} == {"Ward W1 ward"}


def test_a_breakdown_shows_every_group_and_hides_what_rests_on_too_few(olive: Walker) -> None:
    olive.get(f"{RANKING}?by=age")

    groups = table(olive, "groups")

    assert len(groups) == 7
    assert {int(row[2]) < 30 for row in groups} == {True, False}
    assert all(row[3].startswith("Not shown") == (int(row[2]) < 30) for row in groups)


def test_one_more_answer_changes_the_ranking_and_no_council_figure(olive: Walker, site: Flask) -> None:
    councils = "/officer/waves/councils-test/2022/ranking.csv"
    before, other = downloaded(olive, f"{RANKING}.csv"), downloaded(olive, councils)

    with site.app_context():
        session = db.session()
        world = World(session, find(session, "residents-test/2022"), find(session, "councils-test/2022"))
        world.answer(age="16-24", sex="male", ward="W4", problem={"drugs": "big"})
        session.commit()

    assert downloaded(olive, f"{RANKING}.csv") != before
    assert downloaded(olive, councils) == other


@pytest.mark.parametrize(
    "address",
    [
        f"{RANKING}?weights=guessed",
        f"{RANKING}?by=shoe-size",
        f"{RANKING}?area=P1",
        "/officer/blend?weight=many",
        "/officer/blend?weight=101",
        "/officer/gap?wave=residents-test/2022&topic=burglary",
    ],
)
def test_what_cannot_be_shown_is_refused_in_words(olive: Walker, address: str) -> None:
    olive.get(address)
    assert (olive.status, olive.heading) == (400, "This cannot be shown")


@pytest.mark.parametrize(
    "address",
    [
        "/officer/waves/nobody/2022/ranking",
        "/officer/waves/residents-test/2022/nothing",
        "/officer/gaps?wave=nobody",
        "/officer/gap?topic=asb",
        "/officer/plan/99",
        "/officer/record/imports/99",
        "/officer/record.csv?topic=nothing",
        "/officer/blend?wave=nobody/2022",
    ],
)
def test_an_address_that_names_nothing_leads_to_the_page_not_found(olive: Walker, address: str) -> None:
    olive.get(address)
    assert (olive.status, olive.heading) == (404, "Page not found")


def test_the_blend_shows_each_source_with_its_weight_and_its_own_order(olive: Walker) -> None:
    olive.get("/officer/blend")

    assert "residents-test, 2022: 75% of the blend" in olive.text
    assert "councils-test, 2022: 25% of the blend" in olive.text
    places = {row[0]: row[1:] for row in table(olive, "blend-places")}
    assert places["Road safety"][1] == "1st"


def test_the_weight_of_the_institutions_is_chosen_in_the_address(olive: Walker) -> None:
    olive.get("/officer/blend?weight=100")
    assert "councils-test, 2022: 100% of the blend" in olive.text


def test_a_gap_puts_both_figures_side_by_side_with_its_grade(olive: Walker) -> None:
    olive.get(GAP)

    assert olive.status == 200
    assert "fell by 33.4%" in olive.text
    assert "say it rose" in olive.text
    assert "How well the two can be compared: Grade" in olive.text
    assert "Published as a change without counts" in olive.text


def test_fieldwork_stands_against_the_population(olive: Walker) -> None:
    olive.get("/officer/waves/residents-test/2022/fieldwork")

    wards = {row[0]: row for row in table(olive, "fieldwork-area")}

    assert sum(int(row[1]) for row in wards.values()) == 240
    assert wards["Ward W1"][3] == "18,200"


def test_fieldwork_of_councils_says_where_each_stands(olive: Walker) -> None:
    olive.get("/officer/waves/councils-test/2022/fieldwork")
    assert "3 of 4 councils have answered" in olive.text
    assert "Not started: 1" in olive.text
    assert "Parish P4" in olive.text


def test_published_figures_are_shown_as_printed_with_all_that_was_printed(olive: Walker) -> None:
    olive.get("/officer/published")

    row = table(olive, "published-record")[0]

    assert "down 33.4%" in row
    assert "mix: noise 91.5%; top beats: Beat B1, Beat B2" in row
    assert "not printed" not in row


def test_every_page_offers_its_charts_data_as_a_table_when_nothing_can_be_drawn(olive: Walker) -> None:
    olive.get(RANKING)
    assert "The chart could not be drawn just now" in olive.text
    assert table(olive, "ranking-residents-test-2022")


def test_the_chart_and_the_table_hold_the_same_figures(
    site: Flask, olive: Walker, monkeypatch: pytest.MonkeyPatch
) -> None:
    charts: list[Chart] = []
    monkeypatch.setattr("csp_consult.web.officer.door.drawn", lambda chart, folder: charts.append(chart))

    rows = downloaded(olive, f"{RANKING}.csv")
    olive.get(RANKING)

    assert [(row["label"], row["value"]) for row in charts[0].data["rows"]] == [
        (row["topic_title"], pytest.approx(float(row["estimate"]), abs=1e-6)) for row in rows
    ]


def test_a_clerk_is_kept_out_of_every_officers_page(site: Flask) -> None:
    clerk = Walker(site.test_client())
    clerk.get("/sign-in")
    clerk.submit({"email": "clerk@example.org", "password": PASSWORD})

    statuses = {
        clerk.client.get(f"/officer{address}").status_code
        for views in VIEWS.values()
        for name, address in views.items()
        if "<" not in address and name not in FORMS_ONLY
    }

    assert statuses == {403}


def test_fieldwork_names_the_three_groups_where_ten_more_would_help_the_most(site: Flask, olive: Walker) -> None:
    with site.app_context():
        so_far = progress(db.session(), find(db.session(), "residents-test/2022"))
    worth = sorted((group.effective_base_with_ten_more or 0 for group in so_far.groups), reverse=True)

    olive.get("/officer/waves/residents-test/2022/fieldwork")

    assert "Where ten more responses would help the most" in olive.text
    helped = [one.text for one in olive.page.select("main ol.govuk-list--number li")]
    assert [text.rsplit(" to ", 1)[1] for text in helped] == [number(n) for n in worth[:3]]
    assert worth[0] > (so_far.effective_base or 0)
