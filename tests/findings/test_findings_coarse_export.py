"""What leaves for analysis elsewhere says too little of a person to tell who it was."""

from findings_world import LSOAS, RESIDENTS, TODAY, World

from csp_consult.fieldwork.coding import code_text
from csp_consult.fieldwork.exports import WITHHELD, coarse_rows
from csp_consult.findings.reading import questionnaire_for
from csp_consult.questionnaire.parse import load


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
