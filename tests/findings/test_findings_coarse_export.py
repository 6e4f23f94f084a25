"""What leaves for analysis elsewhere says too little of a person to tell who it was."""

import pytest
from findings_world import DISTRICT, LSOAS, RESIDENTS, TODAY, WARDS, World

from csp_consult.fieldwork.asked import questionnaire_for
from csp_consult.fieldwork.coding import code_text
from csp_consult.fieldwork.exports import WITHHELD, coarse_columns, coarse_rows
from csp_consult.questionnaire.parse import load
from csp_consult.reports.codebook import variables


def exported(world: World) -> list[dict[str, object]]:
    return list(coarse_rows(world.session, world.residents, questionnaire_for(world.session, world.residents)))


def test_wards_become_beats_ages_groups_and_days_months(world: World) -> None:
    world.answer(age="16-24", sex="male", ward="W1")
    world.answer(age="75+", sex="female", ward="W4")
    world.answer(age="pns", ward="pns")
    world.session.flush()

    rows = exported(world)

    assert {(row["age"], row["sex"], row["ward"]) for row in rows} == {
        ("16-34", "male", "B1"),
        ("65+", "female", "B2"),
        ("pns", None, "pns"),
    }
    assert {row["submitted_on"] for row in rows} == {"2022-10"}


def test_a_place_of_some_hundred_homes_is_withheld(world: World) -> None:
    world.answer(ward=LSOAS[0])
    world.session.flush()

    rows = coarse_rows(world.session, world.residents, load(RESIDENTS.replace("of: ward", "of: lsoa21")))

    assert [row["ward"] for row in rows] == [WITHHELD]


@pytest.mark.parametrize(
    ("kind", "code"), [("ward", WARDS[0]), ("beat", "B1"), ("district", DISTRICT), ("lsoa21", LSOAS[0])]
)
def test_every_place_has_its_words_for_programs_that_keep_numbers_and_words(world: World, kind: str, code: str) -> None:
    # SPSS and Triple-S would lose a code that has none.
    questionnaire = load(RESIDENTS.replace("of: ward", f"of: {kind}"))
    world.answer(ward=code)
    world.session.flush()

    (row,) = coarse_rows(world.session, world.residents, questionnaire)
    columns = coarse_columns(world.session, world.residents, questionnaire)

    ward = next(variable for variable in variables(columns) if variable.name == "ward")
    assert ward.number_of(row["ward"]) is not None


def test_words_leave_only_when_an_officer_found_that_they_point_at_nobody(world: World) -> None:
    answers = [world.answer(comment=f"Words {i}") for i in range(3)]
    world.answer()
    world.session.flush()
    for response, shareable in zip(answers, (True, False), strict=False):
        code_text(
            world.session,
            world.residents,
            "comment",
            response.id,
            [],
            shareable=shareable,
            by="olive@example.org",
            today=TODAY,
        )
    world.session.flush()

    assert sorted(str(row["comment"]) for row in exported(world)) == ["None", "Words 0", WITHHELD, WITHHELD]
