"""A draft that several people write: what one saved, another never loses."""

from collections.abc import Mapping
from datetime import date

import pytest
from parish_world import World
from sqlalchemy.orm import Session

from csp_consult.parishes.access import ParishError
from csp_consult.parishes.drafts import Contested, ContestedError, Editor, find_draft, save_page

TODAY = date(2026, 11, 22)


def save(
    session: Session, world: World, page: Mapping[str, object], editor: Editor, seen: int, today: date = TODAY
) -> int:
    draft = save_page(session, world.wave, world.glen.code, page, seen_revision=seen, editor=editor, today=today)
    session.commit()
    return draft.revision


def stored(session: Session, world: World) -> Mapping[str, object]:
    draft = find_draft(session, world.wave, world.glen.code)
    assert draft is not None
    return draft.answers


def test_a_page_is_kept_and_an_answer_taken_away_is_gone(session: Session, world: World, gill: Editor) -> None:
    first = save(session, world, {"met_police": "met", "top": ["patrols"]}, gill, 0)

    save(session, world, {"met_police": None, "top": ["patrols"]}, gill, first)

    assert stored(session, world) == {"top": ["patrols"]}


def test_saving_what_is_there_already_changes_nothing(session: Session, world: World, gill: Editor) -> None:
    first = save(session, world, {"met_police": "met"}, gill, 0)

    assert save(session, world, {"met_police": "met"}, gill, first) == first


def test_people_on_different_pages_never_meet(session: Session, world: World, gill: Editor, councillor: Editor) -> None:
    save(session, world, {"met_police": "met"}, gill, 0)

    save(session, world, {"ratings": {"speeding": "5"}}, councillor, 0)

    assert stored(session, world) == {"met_police": "met", "ratings": {"speeding": "5"}}


def test_a_different_answer_to_the_same_question_is_told_and_nothing_is_overwritten(
    session: Session, world: World, gill: Editor, councillor: Editor
) -> None:
    save(session, world, {"met_police": "met", "top": ["patrols"]}, gill, 0)

    with pytest.raises(ContestedError, match="Gill Glen saved a different answer") as caught:
        save_page(
            session,
            world.wave,
            world.glen.code,
            {"met_police": "not_met", "top": ["patrols"]},
            seen_revision=0,
            editor=councillor,
            today=TODAY,
        )
    session.rollback()

    assert caught.value.contested == (Contested("met_police", "met", "Gill Glen"),)
    assert stored(session, world) == {"met_police": "met", "top": ["patrols"]}


def test_deciding_with_the_newer_revision_stores_the_decision(
    session: Session, world: World, gill: Editor, councillor: Editor
) -> None:
    now = save(session, world, {"met_police": "met"}, gill, 0)

    save(session, world, {"met_police": "not_met"}, councillor, now)

    assert stored(session, world) == {"met_police": "not_met"}


def test_going_back_in_ones_own_browser_contests_nothing(session: Session, world: World, gill: Editor) -> None:
    save(session, world, {"met_police": "met"}, gill, 0)

    save(session, world, {"met_police": "not_met"}, gill, 0)

    assert stored(session, world) == {"met_police": "not_met"}


def test_an_answer_somebody_took_away_is_contested_too(
    session: Session, world: World, gill: Editor, councillor: Editor
) -> None:
    first = save(session, world, {"met_police": "met"}, gill, 0)
    save(session, world, {"met_police": None}, councillor, first)

    with pytest.raises(ContestedError) as caught:
        save(session, world, {"met_police": "not_met"}, gill, first)
    session.rollback()

    assert caught.value.contested[0].theirs is None


@pytest.mark.parametrize(
    ("today", "sentence"),
    [
        (date(2026, 9, 30), "First test consultation opens on 1 October 2026"),
        (date(2026, 12, 12), "First test consultation closed on 11 December 2026"),
    ],
)
def test_a_wave_that_is_not_open_refuses_with_its_date(
    session: Session, world: World, gill: Editor, today: date, sentence: str
) -> None:
    with pytest.raises(ParishError, match=sentence):
        save(session, world, {"met_police": "met"}, gill, 0, today)


def test_the_first_and_the_last_day_both_count(session: Session, world: World, gill: Editor) -> None:
    first = save(session, world, {"met_police": "met"}, gill, 0, world.wave.opens_on)

    assert save(session, world, {"met_police": "not_met"}, gill, first, world.wave.closes_on) == first + 1
