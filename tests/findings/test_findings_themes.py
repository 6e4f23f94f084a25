"""What people wrote is sorted by officers and weighted like any other answer."""

import pytest
from findings_world import TODAY, World

from csp_consult.fieldwork.coding import (
    CodingError,
    add_code,
    change_code,
    code_text,
    codeframe,
    own_words,
    remove_code,
)
from csp_consult.fieldwork.models import Response
from csp_consult.fieldwork.responses import withdraw
from csp_consult.findings.answers import read_totals
from csp_consult.findings.base_rules import NO_RULES
from csp_consult.findings.errors import FindingError
from csp_consult.findings.small_counts import WHY
from csp_consult.findings.themes import themes

WORDS = "comment"


@pytest.fixture
def writers(world: World) -> list[Response]:
    """Sixty residents who wrote something, thirty who did not."""
    responses = []
    for i in range(90):
        answers = {WORDS: f"Words {i}"} if i < 60 else {}
        age, sex = ("25-34", "45-54", "65-74")[i % 3], ("male", "female")[i % 2]
        responses.append(world.answer(answers, age=age, sex=sex, ward="W1"))
    world.session.flush()
    return responses


def code(world: World, response: Response, *codes: int, shareable: bool = False) -> None:
    code_text(
        world.session,
        world.residents,
        WORDS,
        response.id,
        codes,
        shareable=shareable,
        by="olive@example.org",
        today=TODAY,
    )


def test_a_theme_s_share_is_of_the_coded_answers(world: World, writers: list[Response]) -> None:
    speed = add_code(world.session, world.residents.survey, WORDS, name="Speeding", description="Cars too fast")
    dark = add_code(world.session, world.residents.survey, WORDS, name="Dark streets", description="Lamps")
    for i, response in enumerate(writers[:40]):
        code(world, response, *([speed.id] if i < 30 else []), *([dark.id] if i < 3 else []))
    world.session.flush()

    found = themes(world.session, world.residents, WORDS, rules=NO_RULES)

    assert (found.answered, found.coded) == (60, 40)
    assert [theme.name for theme in found.themes] == ["Speeding", "Dark streets"]
    assert found.themes[0].share.base == 40
    assert found.themes[0].share.lower is not None
    assert (found.themes[1].share.estimate, found.themes[1].share.reason) == (None, WHY)


def test_when_everything_is_coded_a_theme_is_the_weighted_share(world: World, writers: list[Response]) -> None:
    men = add_code(world.session, world.residents.survey, WORDS, name="Men", description="Written by a man")
    for i, response in enumerate(writers[:60]):
        code(world, response, *([men.id] if i % 2 == 0 else []))
    world.session.flush()

    found = themes(world.session, world.residents, WORDS, rules=NO_RULES).themes[0].share

    totals = read_totals(world.session, world.residents, "sex")
    assert found.estimate == pytest.approx(0.5, abs=0.1)
    assert found.base == 60
    assert totals.weighting


def test_coding_again_takes_the_place_of_what_was_found_before(world: World, writers: list[Response]) -> None:
    speed = add_code(world.session, world.residents.survey, WORDS, name="Speeding", description="Cars too fast")

    code(world, writers[0], speed.id)
    code(world, writers[0])
    world.session.flush()

    coded = [one.coded for one in own_words(world.session, world.residents, WORDS) if one.coded]
    assert [one.codes for one in coded] == [[]]


def test_a_withdrawn_response_takes_its_coding_with_it(world: World, writers: list[Response]) -> None:
    speed = add_code(world.session, world.residents.survey, WORDS, name="Speeding", description="Cars too fast")
    code(world, writers[0], speed.id)
    world.session.flush()
    reference = writers[0].reference
    world.session.expunge_all()

    withdraw(world.session, reference)

    assert not [one for one in own_words(world.session, world.residents, WORDS) if one.coded]


@pytest.mark.parametrize(
    ("name", "description", "field"),
    [("", "x", "name"), ("x", "", "description"), ("x" * 81, "x", "name"), ("SPEEDING", "x", "name")],
)
def test_a_code_that_will_not_do_is_refused_at_its_field(world: World, name: str, description: str, field: str) -> None:
    survey = world.residents.survey
    add_code(world.session, survey, WORDS, name="Speeding", description="Cars too fast")

    with pytest.raises(CodingError) as refused:
        add_code(world.session, survey, WORDS, name=name, description=description)

    assert refused.value.field_id == field
    assert len(codeframe(world.session, survey, WORDS)) == 1


def test_codes_of_another_question_are_refused(world: World, writers: list[Response]) -> None:
    with pytest.raises(CodingError, match="codes of this question only"):
        code(world, writers[0], 999)


def test_a_question_without_own_words_has_no_themes(world: World, writers: list[Response]) -> None:
    with pytest.raises(FindingError, match="no question 'age' in own words; it has comment"):
        themes(world.session, world.residents, "age")


def test_a_code_can_be_renamed_and_what_was_coded_by_it_stays(world: World, writers: list[Response]) -> None:
    session, survey = world.session, world.residents.survey
    speed = add_code(session, survey, WORDS, name="Speding", description="Cars too fast")
    code(world, writers[0], speed.id)

    change_code(session, survey, WORDS, speed.id, name="Speeding", description="Vehicles too fast")

    assert [one.name for one in codeframe(session, survey, WORDS)] == ["Speeding"]
    assert coded(world, writers[0]) == [speed.id]
    with pytest.raises(CodingError, match="Enter a name"):
        change_code(session, survey, WORDS, speed.id, name=" ", description="x")


def test_two_codes_can_be_joined_and_no_answer_counts_twice(world: World, writers: list[Response]) -> None:
    session, survey = world.session, world.residents.survey
    speed = add_code(session, survey, WORDS, name="Speeding", description="Cars too fast")
    race = add_code(session, survey, WORDS, name="Racing", description="Cars racing")
    code(world, writers[0], race.id)
    code(world, writers[1], race.id, speed.id)

    remove_code(session, survey, WORDS, race.id, speed.id)

    assert codeframe(session, survey, WORDS) == [speed]
    assert coded(world, writers[0]) == coded(world, writers[1]) == [speed.id]


def test_answers_left_without_a_code_wait_to_be_coded_again(world: World, writers: list[Response]) -> None:
    session, survey = world.session, world.residents.survey
    speed = add_code(session, survey, WORDS, name="Speeding", description="Cars too fast")
    dark = add_code(session, survey, WORDS, name="Dark streets", description="Lamps")
    code(world, writers[0], dark.id)
    code(world, writers[1], dark.id, speed.id)
    code(world, writers[2])

    remove_code(session, survey, WORDS, dark.id, None)

    assert coded(world, writers[0]) is None
    assert coded(world, writers[1]) == [speed.id]
    assert coded(world, writers[2]) == []
    with pytest.raises(CodingError, match="another code"):
        remove_code(session, survey, WORDS, speed.id, speed.id)
    with pytest.raises(CodingError, match="not there any more"):
        remove_code(session, survey, WORDS, dark.id, None)


def coded(world: World, response: Response) -> list[int] | None:
    world.session.flush()
    found = next(one for one in own_words(world.session, world.residents, WORDS) if one.response_id == response.id)
    return list(found.coded.codes) if found.coded else None
