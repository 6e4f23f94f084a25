"""A finding in words says what its figures say, and no more."""

import csv
import io
from dataclasses import replace

import pytest
from made_findings import made_estimate, made_gap, made_ranking, made_ranking_finding, made_topic

from csp_consult.analysis.figures import ConcernRanking, RankedTopic
from csp_consult.findings.contract import RankingFinding
from csp_consult.findings.phrasing import in_sentence
from csp_consult.reports.finding_tables import groups_table, ranking_table
from csp_consult.reports.gap_tables import gap_table
from csp_consult.reports.provenance import gap_rests_on, gaps_rest_on, ranking_rests_on
from csp_consult.reports.readings import ranking_reading, typology_reading


def finding_of(*topics: RankedTopic, reason: str | None = None) -> RankingFinding:
    ranking: ConcernRanking = replace(made_ranking(), topics=topics, reason=reason)
    return replace(made_ranking_finding(), ranking=ranking)


def test_the_first_topic_is_said_with_its_interval_and_what_it_ties_with() -> None:
    assert ranking_reading(made_ranking_finding()) == (
        "Speeding comes first: 60% (54% to 66%) say it is a problem. "
        "The answers allow it any place from 1st to 2nd; Awareness of cyclists and horse riders could be first too."
    )


def test_a_rating_is_said_out_of_a_hundred() -> None:
    assert "60 (54 to 66) out of 100" in ranking_reading(made_ranking_finding(measure="mean rating"))


def test_a_topic_that_nothing_else_can_overtake_is_said_to_be_alone() -> None:
    topics = (made_topic("speeding", 0.6, 1, 1, 1, ()), made_topic("burglary", 0.2, 2, 2, 2, ()))
    assert ranking_reading(finding_of(*topics)).endswith("No other topic could be first.")


def test_a_tie_with_everything_is_said_as_such() -> None:
    topics = (
        made_topic("speeding", 0.3, 1, 1, 2, ("burglary",)),
        made_topic("burglary", 0.29, 2, 1, 2, ("speeding",)),
    )
    assert "allow any of the topics to be first" in ranking_reading(finding_of(*topics))


def test_a_ranking_that_was_refused_says_why() -> None:
    refused = finding_of(reason="Nobody has answered yet.")
    assert ranking_reading(refused) == "Nobody has answered yet."


def test_a_group_that_is_too_small_shows_its_reason_in_place_of_topics() -> None:
    small = replace(finding_of(reason="Not shown: the effective base is under 30."), subset="Glen ward")

    rows = groups_table([made_ranking_finding(), small], "By ward").texts

    assert rows[0][3:] == ["Speeding, 60%", "Awareness of cyclists and horse riders, 55%", "House burglary, 30%"]
    assert rows[1][0] == "Glen ward"
    assert rows[1][3:] == ["Not shown: the effective base is under 30.", "–", "–"]


def test_a_hidden_figure_is_hidden_in_the_table_and_in_its_download() -> None:
    table = ranking_table(made_ranking_finding())
    names = [column.name for column in table.columns]

    hidden = table.rows[3]

    assert "not shown" in table.texts[3]
    for name in ("estimate", "lower", "upper", "index", "unweighted_estimate"):
        assert hidden[names.index(name)].value is None, name


def test_every_row_of_a_download_says_what_self_selection_means() -> None:
    ranking = replace(made_ranking_finding(), caveat="Whoever wished answered.")
    gap = replace(made_gap(), caveat="Whoever wished answered.")

    for table in (ranking_table(ranking), gap_table([gap])):
        rows = list(csv.DictReader(io.StringIO(table.to_csv())))
        assert {row["caveat"] for row in rows} == {"Whoever wished answered."}


def test_an_indicative_figure_is_marked() -> None:
    topic = replace(made_topic("speeding", 0.6, 1, 1, 1, ()), concern=made_estimate(0.6, indicative=True))
    assert "60% (indicative)" in ranking_table(finding_of(topic)).texts[0]
    assert groups_table([finding_of(topic)], "By ward").texts[0][3].endswith(", 60% (indicative)")


@pytest.mark.parametrize("synthetic", [True, False])
def test_synthetic_responses_are_named_among_what_a_ranking_rests_on(synthetic: bool) -> None:
    rows = ranking_rests_on(made_ranking_finding(synthetic=synthetic))
    assert any(row["key"] == "Data" for row in rows) == synthetic


def test_a_ranking_of_several_groups_claims_no_single_base() -> None:
    keys = [row["key"] for row in ranking_rests_on(made_ranking_finding(), groups=True)]
    assert "Base" not in keys
    assert "Weighting" in keys


def test_a_gap_names_both_sources_and_how_the_record_is_made() -> None:
    told = {row["key"]: row["value"] for row in gap_rests_on(made_gap())}
    assert told["Record covers"] == "April to December 2022 against April to December 2021"
    assert told["On recording"] == "A fall in the record may be a change in recording."


def test_several_gaps_in_one_picture_tell_their_bases_from_least_to_most_and_each_source_once() -> None:
    asked, weighting = "1 October to 30 November 2022", "Raked to age, sex and ward."
    whole = replace(made_gap(), asked=asked, weighting=weighting)
    few = replace(whole, perceived_up=made_estimate(0.4, base=31, effective_base=24.0))
    many = replace(whole, perceived_up=made_estimate(0.4, base=1200, effective_base=905.0))
    refused = replace(whole, perceived_up=None, recorded=None, wave_title="Another survey")

    told = {row["key"]: row["value"] for row in gaps_rest_on([many, few, refused])}

    assert told["Perception from"] == [whole.wave_title, "Another survey"]
    assert told["Asked"] == asked
    assert told["Base"] == "31 to 1,200 answered; effective base 24 to 905"
    assert told["Weighting"] == weighting
    assert told["Record from"] == "Leicestershire Police"
    assert told["Record covers"] == "April to December 2022 against April to December 2021"
    assert "Base" not in {row["key"] for row in gaps_rest_on([refused])}


def test_sides_that_cannot_be_compared_are_not_tabled_side_by_side() -> None:
    refused = replace(made_gap(), grade="D", classification="")
    assert gap_table([refused]).texts[0][5:] == ["–", "Not compared", "D"]


def test_a_gap_is_never_tabled_without_its_two_figures() -> None:
    row = gap_table([made_gap()]).texts[0]
    assert row[3:6] == ["38%", "12%", "down 33.4%"]


def test_all_gaps_are_said_by_what_they_call_for() -> None:
    gap = made_gap()
    unclear = replace(gap, classification="unclear")

    said = typology_reading([gap, replace(gap, topic_title="Crime", classification="")], [unclear, gap, gap])

    assert said == (
        f"What each topic calls for in the district: {in_sentence(gap.topic_title)}, {gap.classification}; "
        f"crime, not compared. By ward, for {in_sentence(gap.topic_title)}: {gap.classification} in 2 and unclear in 1."
    )


def test_a_wider_areas_record_is_told_in_words_and_never_as_the_areas_own() -> None:
    gap = made_gap()
    assert gap.recorded is not None
    ward = replace(gap, grade="C", recorded=replace(gap.recorded, wider="Harborough"))

    [own], [wider] = (list(csv.DictReader(io.StringIO(gap_table([one]).to_csv()))) for one in (gap, ward))

    assert (own["recorded_change_pct"], own["recorded_reason"]) == ("-33.4", "")
    assert wider["recorded_change_pct"] == ""
    assert wider["recorded_reason"].startswith("No record of this area alone fits as well. ")
    assert "Harborough as a whole: down 33.4%" in gap_table([ward]).texts[0]
