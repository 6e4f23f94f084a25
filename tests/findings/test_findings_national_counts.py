"""What leaves a partnership for the nation: weighted counts of a closed wave, and nothing that points at a person."""

from datetime import date

import pytest
from findings_world import DISTRICT, World

from csp_consult.findings.errors import FindingError
from csp_consult.findings.national_counts import COLUMNS, counts_of
from csp_consult.findings.weighting import weighed

AFTER = date(2022, 12, 1)


def test_everybodys_row_says_what_the_partnership_itself_says(crowd: World) -> None:
    rows = counts_of(crowd.session, crowd.residents, DISTRICT, today=AFTER)
    made = weighed(crowd.session, crowd.residents)

    assert all(list(row) == list(COLUMNS) for row in rows)
    more = next(row for row in rows if (row["part"], row["question"], row["option"]) == ("", "asb_change", "more"))
    keys = made.tally.keys
    everybody = made.tally.totals(made.finding.factors)
    assert more["n"] == everybody.counts[keys["asb_change", "more"]]
    assert more["base"] == 240, "don't know is an answer"
    assert more["weighted"] == pytest.approx(everybody.totals[keys["asb_change", "more"]])
    assert more["base_weighted"] == pytest.approx(everybody.totals[0]), "for as many adults as live there"


@pytest.mark.parametrize("part", ["age", "sex"])
def test_the_rows_of_a_part_add_up_to_those_of_everybody(crowd: World, part: str) -> None:
    rows = counts_of(crowd.session, crowd.residents, DISTRICT, today=AFTER)

    def total(of: str, column: str) -> float:
        # An answer that so many gave that it is withheld nowhere.
        at = (of, "disabled", "no")
        return float(sum(row[column] for row in rows if (row["part"], row["question"], row["option"]) == at))

    for column in ("n", "base", "weighted", "base_weighted", "base_squares"):
        assert total(part, column) == pytest.approx(total("", column)) != 0, column


def test_counts_that_point_at_a_person_and_places_stay_at_home(crowd: World) -> None:
    for _ in range(4):
        crowd.answer(news="letters")
    for _ in range(6):
        crowd.answer(news="radio")
    rows = counts_of(crowd.session, crowd.residents, DISTRICT, today=AFTER)

    news = {row["option"]: row for row in rows if (row["part"], row["question"]) == ("", "news")}
    assert [news["letters"][name] for name in ("n", "weighted", "variance", "covariance")] == [None] * 4
    assert (news["letters"]["base"], news["radio"]["n"], news["dk"]["n"]) == (10, 6, 0)
    assert not any(row["n"] in range(1, 5) or row["base"] in range(1, 5) for row in rows)
    assert not any(row["question"] == "ward" for row in rows)
    assert not any("W1" in map(str, row.values()) for row in rows)


def test_a_wave_that_is_still_open_is_not_published(crowd: World) -> None:
    with pytest.raises(FindingError, match=r"residents-test/2022 has not closed: .* Publish it afterwards"):
        counts_of(crowd.session, crowd.residents, DISTRICT, today=date(2022, 11, 30))
