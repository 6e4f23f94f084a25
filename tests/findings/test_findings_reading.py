"""What is read is up to date, whoever reads, and is computed once while nothing changes."""

from collections.abc import Iterator

import pytest
from findings_world import World, printed_change

from csp_consult.analysis.figures import FloatArray
from csp_consult.db import mark_reading, writing
from csp_consult.fieldwork import responses
from csp_consult.findings import weighting
from csp_consult.findings.blending import blend
from csp_consult.findings.contract import RankingFinding
from csp_consult.findings.fieldwork_progress import progress
from csp_consult.findings.gap_contract import GapFinding
from csp_consult.findings.gaps import gap
from csp_consult.findings.ranking import ranking
from csp_consult.findings.reading import read_tally
from csp_consult.findings.weighting import Weighed, effective_base_if, weighed


@pytest.fixture
def reading(crowd: World) -> Iterator[World]:
    """The crowd, committed, and read as by a page."""
    crowd.add(printed_change())
    for parish in ("P1", "P2", "P3"):
        crowd.council(parish, {"road-safety": "4", "acquisitive-crime": "3", "asb": "2"})
    crowd.session.commit()
    mark_reading(True)
    # Known before anybody writes: a load in the midst of another's transaction would wait for it.
    for wave in (crowd.residents, crowd.councils):
        crowd.session.refresh(wave)
    yield crowd
    mark_reading(False)


def test_a_page_counts_a_response_that_was_submitted_after_it_began_to_read(reading: World) -> None:
    before = read_tally(reading.session, reading.residents).responses

    with writing() as other:
        world = World(other, reading.residents, reading.councils)
        world.answer(age="16-24", sex="male", ward="W1")

    assert read_tally(reading.session, reading.residents).responses == before + 1


def test_a_withdrawn_response_is_gone_from_the_next_reading(reading: World) -> None:
    with writing() as other:
        response = World(other, reading.residents, reading.councils).answer(age="16-24", sex="male", ward="W1")
        reference = response.reference
    counted = read_tally(reading.session, reading.residents).responses
    reading.session.rollback()

    with writing() as other:
        responses.withdraw(other, reference)

    assert read_tally(reading.session, reading.residents).responses == counted - 1


def test_weights_are_made_once_while_nothing_changes(reading: World, monkeypatch: pytest.MonkeyPatch) -> None:
    first = weighed(reading.session, reading.residents)

    monkeypatch.setattr(weighting, "rake_cells", _not_again)

    assert weighed(reading.session, reading.residents) is first


def test_nothing_is_kept_of_what_may_be_rolled_back(crowd: World) -> None:
    crowd.session.commit()
    crowd.answer(age="16-24", sex="male", ward="W1", problem={"speeding": "big"})
    ranking(crowd.session, crowd.residents)
    crowd.session.rollback()
    crowd.answer(age="16-24", sex="male", ward="W1", problem={"drugs": "big"})
    crowd.session.commit()

    mark_reading(True)
    try:
        found = ranking(crowd.session, crowd.residents)
    finally:
        mark_reading(False)

    bases = {topic.topic: topic.concern.base for topic in found.ranking.topics}
    assert (bases["speeding"], bases["drugs"]) == (240, 241)


def test_one_changed_answer_changes_what_rests_on_it_and_nothing_else(reading: World) -> None:
    before = _figures(reading)

    with writing() as other:
        World(other, reading.residents, reading.councils).answer(
            age="16-24", sex="male", ward="W1", problem={"drugs": "big"}, asb_change="more"
        )
    reading.session.rollback()
    after = _figures(reading)

    assert _changed(before, after) == {"residents", "gap", "blend"}


def test_one_changed_council_changes_what_rests_on_it_and_nothing_else(reading: World) -> None:
    before = _figures(reading)

    with writing() as other:
        World(other, reading.residents, reading.councils).council(
            "P4", {"road-safety": "1", "acquisitive-crime": "5", "asb": "5"}
        )
    reading.session.rollback()
    after = _figures(reading)

    assert _changed(before, after) == {"councils", "blend"}


def test_one_changed_record_changes_what_rests_on_it_and_nothing_else(reading: World) -> None:
    before = _figures(reading)

    with writing() as other:
        other.merge(printed_change(-30))
    reading.session.rollback()
    after = _figures(reading)

    assert _changed(before, after) == {"gap"}


def _figures(world: World) -> dict[str, object]:
    residents, councils = ranking(world.session, world.residents), ranking(world.session, world.councils)
    return {
        "residents": _topics(residents),
        "councils": _topics(councils),
        "gap": _sides(gap(world.session, world.residents, "asb")),
        "blend": blend(world.session).topics,
    }


def _topics(found: RankingFinding) -> object:
    return found.ranking.topics


def _sides(found: GapFinding) -> object:
    return found.perceived_up, found.perceived_down, found.recorded, found.gap_points


def _changed(before: dict[str, object], after: dict[str, object]) -> set[str]:
    return {name for name in before if before[name] != after[name]}


def _not_again(*args: object, **kwargs: object) -> None:
    raise AssertionError("The weights were made a second time.")


def test_what_ten_more_answers_would_bring_is_worked_out_once_until_somebody_answers(
    reading: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = progress(reading.session, reading.residents)
    weighed_anew: list[object] = []

    def counting(made: Weighed, times: FloatArray) -> float:
        weighed_anew.append(times)
        return effective_base_if(made, times)

    monkeypatch.setattr("csp_consult.findings.fieldwork_progress.effective_base_if", counting)
    assert progress(reading.session, reading.residents) == before
    assert weighed_anew == []

    with writing() as other:
        World(other, reading.residents, reading.councils).answer(age="16-24", sex="male", ward="W1")

    after = progress(reading.session, reading.residents)
    assert weighed_anew
    [then, now] = [[one.responses for one in each.groups if one.category == "W1"] for each in (before, after)]
    assert now == [(then[0] or 0) + 1]
