"""Submitting: once, by the draft that was checked, in numbered versions; and what findings then read."""

from collections.abc import Mapping
from datetime import date

import pytest
from parish_world import World
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from csp_consult.parishes.access import ParishError, parish_of, parishes_of
from csp_consult.parishes.drafts import ContestedError, Editor, begin_amendment, find_draft, save_page
from csp_consult.parishes.mandates import Mandate
from csp_consult.parishes.models import ParishResponse
from csp_consult.parishes.standing import Stage, standings
from csp_consult.parishes.submission import ChangedSinceCheckedError, gaps, submit
from csp_consult.parishes.versions import current_responses, versions
from csp_consult.places.models import Electorate

TODAY = date(2026, 11, 22)
COMPLETE = {"ratings": {"speeding": "5", "burglary": "1"}, "met_police": "not_met", "meeting_note": "Nobody came."}


def save(session: Session, world: World, page: Mapping[str, object], editor: Editor) -> int:
    draft = find_draft(session, world.wave, world.glen.code)
    revision = draft.revision if draft else 0
    draft = save_page(session, world.wave, world.glen.code, page, seen_revision=revision, editor=editor, today=TODAY)
    session.commit()
    return draft.revision


def send(
    session: Session, world: World, mandate: Mandate, revision: int, key: str = "one", today: date = TODAY
) -> ParishResponse:
    response = submit(
        session,
        world.wave,
        world.questionnaire,
        world.glen.code,
        mandate,
        checked_revision=revision,
        submission=key,
        user_id=world.glen_clerk.id,
        today=today,
    )
    session.commit()
    return response


def count(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(ParishResponse)) or 0


def test_the_response_holds_the_answers_on_the_path_and_the_mandate(
    session: Session, world: World, gill: Editor, mandate: Mandate
) -> None:
    response = send(session, world, mandate, save(session, world, COMPLETE, gill))

    # The note belongs to a page that is only asked of councils that met the police.
    assert response.answers == {"ratings": COMPLETE["ratings"], "met_police": "not_met"}
    assert (response.version, response.mandate, response.meeting_on, response.minute_reference, response.reason) == (
        1,
        "full council",
        date(2026, 11, 3),
        "2026/87",
        None,
    )
    assert find_draft(session, world.wave, world.glen.code) is None


def test_sending_the_same_submission_again_gives_the_same_reference(
    session: Session, world: World, gill: Editor, mandate: Mandate
) -> None:
    revision = save(session, world, COMPLETE, gill)

    references = {send(session, world, mandate, revision).reference for _ in range(3)}

    assert len(references) == 1
    assert count(session) == 1


def test_a_second_submission_under_another_key_is_refused_with_the_reference(
    session: Session, world: World, gill: Editor, mandate: Mandate
) -> None:
    revision = save(session, world, COMPLETE, gill)
    reference = send(session, world, mandate, revision).reference

    with pytest.raises(ParishError, match=f"already submitted, as {reference}"):
        send(session, world, mandate, revision, key="two")

    assert count(session) == 1


def test_answers_changed_after_they_were_checked_must_be_checked_again(
    session: Session, world: World, gill: Editor, councillor: Editor, mandate: Mandate
) -> None:
    checked = save(session, world, COMPLETE, gill)
    save(session, world, {"met_police": "met"}, councillor)

    with pytest.raises(ChangedSinceCheckedError, match="Check them again"):
        send(session, world, mandate, checked)

    assert count(session) == 0


@pytest.mark.parametrize("ratings", [None, {"speeding": "5"}])
def test_a_question_that_must_be_answered_in_full_holds_the_submission_back(
    session: Session, world: World, gill: Editor, mandate: Mandate, ratings: dict[str, str] | None
) -> None:
    revision = save(session, world, {"met_police": "not_met", "ratings": ratings}, gill)

    with pytest.raises(ParishError, match="must be answered"):
        send(session, world, mandate, revision)

    draft = find_draft(session, world.wave, world.glen.code)
    assert draft is not None
    assert [(gap.page_id, gap.question.id) for gap in gaps(world.questionnaire, draft.answers)] == [
        ("worries", "ratings")
    ]


def test_a_draft_that_was_ready_in_time_is_refused_after_the_close(
    session: Session, world: World, gill: Editor, mandate: Mandate
) -> None:
    revision = save(session, world, COMPLETE, gill)

    with pytest.raises(ParishError, match="closed on 11 December 2026"):
        send(session, world, mandate, revision, today=date(2026, 12, 12))


def test_an_amendment_is_the_next_version_with_its_reason_and_the_first_stays_readable(
    session: Session, world: World, gill: Editor, mandate: Mandate
) -> None:
    first = send(session, world, mandate, save(session, world, COMPLETE, gill))
    draft = begin_amendment(session, world.wave, world.glen.code, editor=gill, today=TODAY)
    assert draft.answers == first.answers
    revision = save(session, world, {"met_police": "met"}, gill)

    amended = Mandate("committee", date(2026, 11, 20), "2026/91", reason="The council met the police on Thursday.")
    send(session, world, amended, revision, key="two")

    newest, oldest = versions(session, world.wave, world.glen.code)
    assert (newest.version, newest.reason) == (2, "The council met the police on Thursday.")
    assert (oldest.version, oldest.answers["met_police"]) == (1, "not_met")
    assert newest.reference != oldest.reference


def test_a_page_left_open_since_before_the_submission_overwrites_no_amendment(
    session: Session, world: World, gill: Editor, councillor: Editor, mandate: Mandate
) -> None:
    shown = save(session, world, {**COMPLETE, "met_police": "met"}, gill)
    send(session, world, mandate, save(session, world, COMPLETE, gill))
    begin_amendment(session, world.wave, world.glen.code, editor=gill, today=TODAY)
    revision = save(session, world, {"ratings": {"speeding": "4", "burglary": "1"}}, gill)

    for stale in ({"met_police": "met"}, {"ratings": COMPLETE["ratings"]}):
        with pytest.raises(ContestedError, match="Gill Glen"):
            save_page(session, world.wave, world.glen.code, stale, seen_revision=shown, editor=councillor, today=TODAY)
        session.rollback()

    assert find_draft(session, world.wave, world.glen.code).revision == revision  # type: ignore[union-attr]


def test_an_amendment_without_a_reason_is_refused(
    session: Session, world: World, gill: Editor, mandate: Mandate
) -> None:
    send(session, world, mandate, save(session, world, COMPLETE, gill))
    begin_amendment(session, world.wave, world.glen.code, editor=gill, today=TODAY)
    revision = save(session, world, {"met_police": "met"}, gill)

    with pytest.raises(ParishError, match="why the response is amended"):
        send(session, world, mandate, revision, key="two")


def test_after_submission_a_page_left_open_cannot_begin_a_draft_unasked(
    session: Session, world: World, gill: Editor, councillor: Editor, mandate: Mandate
) -> None:
    reference = send(session, world, mandate, save(session, world, COMPLETE, gill)).reference

    with pytest.raises(ParishError, match=f"as {reference}. To change it, make an amendment"):
        save(session, world, {"met_police": "met"}, councillor)


def test_findings_read_the_newest_version_of_each_council_and_its_electorate(
    session: Session, world: World, gill: Editor, mandate: Mandate
) -> None:
    for as_at, electors in ((date(2025, 12, 1), 2900), (date(2026, 12, 1), 3000), (date(2027, 12, 1), 3100)):
        session.add(Electorate(area_code=world.glen.code, as_at=as_at, electors=electors, source="test"))
    send(session, world, mandate, save(session, world, COMPLETE, gill))
    begin_amendment(session, world.wave, world.glen.code, editor=gill, today=TODAY)
    revision = save(session, world, {"met_police": "met"}, gill)
    send(session, world, Mandate("committee", TODAY, "1", reason="Wrong."), revision, key="two")

    (response,) = current_responses(session, world.wave)

    assert (response.parish_code, response.parish_name, response.version) == (world.glen.code, "Great Glen", 2)
    assert response.answers["met_police"] == "met"
    assert response.electors == 3000, "the newest electorate known when the wave closed"


def test_a_council_without_an_electorate_is_read_too(
    session: Session, world: World, gill: Editor, mandate: Mandate
) -> None:
    send(session, world, mandate, save(session, world, COMPLETE, gill))

    (response,) = current_responses(session, world.wave)

    assert response.electors is None


def test_each_parish_stands_where_it_is(session: Session, world: World, gill: Editor, mandate: Mandate) -> None:
    parishes = [world.glen, world.kibworth]

    def stages() -> list[Stage]:
        return [standing.stage for standing in standings(session, [world.wave], parishes)]

    assert stages() == [Stage.NOT_STARTED, Stage.NOT_STARTED]
    revision = save(session, world, COMPLETE, gill)
    assert stages() == [Stage.DRAFT, Stage.NOT_STARTED]
    send(session, world, mandate, revision)
    assert stages() == [Stage.SUBMITTED, Stage.NOT_STARTED]
    begin_amendment(session, world.wave, world.glen.code, editor=gill, today=TODAY)
    assert stages() == [Stage.AMENDING, Stage.NOT_STARTED]


def test_standing_takes_as_many_queries_for_three_parishes_as_for_one(session: Session, world: World) -> None:
    parishes = [world.glen, world.kibworth, world.tur_langton]
    statements: list[str] = []
    waves = [world.wave]
    event.listen(
        session.get_bind(), "before_cursor_execute", lambda _c, _cur, statement, *_rest: statements.append(statement)
    )

    standings(session, waves, parishes[:1])
    for_one = len(statements)
    standings(session, waves, parishes)

    assert len(statements) == 2 * for_one


def test_a_clerk_acts_for_the_parishes_linked_and_for_no_other(session: Session, world: World) -> None:
    assert [area.name for area in parishes_of(session, world.kibworth_clerk.id)] == ["Kibworth", "Tur Langton"]
    assert parish_of(session, world.kibworth_clerk.id, world.glen.code) is None
    assert parish_of(session, world.glen_clerk.id, world.glen.code) is world.glen
