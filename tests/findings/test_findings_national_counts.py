"""What leaves a partnership for the nation: weighted counts of a closed wave, and nothing that points at a person."""

from datetime import date

import pytest
from findings_world import DISTRICT, WARDS, World

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
        at = (of, "problem.speeding", "big")
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
    assert (news["letters"]["base"], news["radio"]["n"], news["dk"]["n"]) == (10, None, 0)
    assert not any(row["n"] in range(1, 5) or row["base"] in range(1, 5) for row in rows)
    assert not any(row["question"] == "ward" for row in rows)
    assert not any("W1" in map(str, row.values()) for row in rows)


def test_no_subtraction_gives_a_withheld_count_or_the_weight_of_a_few(crowd: World) -> None:
    for age, news, n in (("16-24", "letters", 1), ("16-24", "radio", 30), ("16-24", "dk", 30), ("75+", "letters", 40)):
        for _ in range(n):
            crowd.answer(news=news, age=age, sex="male", ward="W1")
    rows = counts_of(crowd.session, crowd.residents, DISTRICT, today=AFTER)

    told = {(row["part"], row["category"], row["option"]): row for row in rows if row["question"] == "news"}
    assert told["age", "16-24", "letters"]["n"] is None
    for group in (("", ""), ("age", "16-24"), ("age", "75+"), ("sex", "male")):
        options = [told[*group, option] for option in ("letters", "radio", "dk")]
        missing = options[0]["base"] - sum(row["n"] or 0 for row in options)
        assert missing == 0 or missing >= 5, "the base less the other options"
    ages = [told["", "", "letters"], *(row for at, row in told.items() if at[0] == "age" and at[2] == "letters")]
    assert sum(row["n"] is None for row in ages) > 1, "everybody less the other ages"
    assert not any(row["question"] in {"age", "sex"} for row in rows), "age by sex, and sex by age"


def test_an_age_of_few_people_stays_at_home_with_another_whatever_was_asked(world: World) -> None:
    for age, n in (("16-24", 3), ("25-34", 20), ("35-44", 30), ("45-54", 40)):
        for number in range(n):
            sex, ward = ("male", "female")[number % 2], WARDS[number % 4]
            world.answer(news="radio", disabled="no", age=age, sex=sex, ward=ward)
    rows = counts_of(world.session, world.residents, DISTRICT, today=AFTER)

    assert {row["category"] for row in rows if row["part"] == "age"} == {"35-44", "45-54"}
    assert {row["category"] for row in rows if row["part"] == "sex"} == {"female", "male"}


def test_so_few_answers_that_none_could_be_given_are_said_to_be_few(world: World) -> None:
    for _ in range(3):
        world.answer(news="letters", age="16-24", sex="male", ward="W1")

    with pytest.raises(FindingError, match=r"So few people answered residents-test/2022 that every count"):
        counts_of(world.session, world.residents, DISTRICT, today=AFTER)


def test_a_wave_that_is_still_open_is_not_published(crowd: World) -> None:
    with pytest.raises(FindingError, match=r"residents-test/2022 has not closed: .* Publish it afterwards"):
        counts_of(crowd.session, crowd.residents, DISTRICT, today=date(2022, 11, 30))
