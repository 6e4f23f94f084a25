from datetime import date

import pytest
from small_survey import TODAY
from sqlalchemy import select
from sqlalchemy.orm import Session

from csp_consult.fieldwork import drafts
from csp_consult.fieldwork.drafts import DraftContent, DraftKey, StoredDraft
from csp_consult.fieldwork.models import Draft, Wave

CONTENT = DraftContent({"victim": "yes"}, frozenset({"crime", "victim"}), {"you": {"age": ["x"]}})


def saved(session: Session, key: DraftKey, wave: Wave, content: DraftContent = CONTENT) -> None:
    drafts.change(session, key, wave.id, lambda _before: content, today=TODAY)


def test_a_draft_comes_back_as_it_was_saved(session: Session, wave: Wave) -> None:
    key = DraftKey.new()

    saved(session, key, wave)

    assert drafts.load(session, key, wave.id).content == CONTENT


def test_the_table_holds_nothing_that_can_be_read_or_that_finds_the_key(session: Session, wave: Wave) -> None:
    key = DraftKey.new()

    saved(session, key, wave)

    row = session.scalars(select(Draft)).one()
    assert b"victim" not in row.sealed
    assert key.secret not in row.sealed
    assert key.secret.hex() not in row.id
    assert key.cookie not in repr(key)


def test_another_key_opens_nothing(session: Session, wave: Wave) -> None:
    saved(session, DraftKey.new(), wave)

    assert drafts.load(session, DraftKey.new(), wave.id) == StoredDraft()


def test_a_draft_cannot_be_opened_as_one_of_another_wave(session: Session, wave: Wave) -> None:
    key = DraftKey.new()
    saved(session, key, wave)

    assert drafts.load(session, key, wave.id + 1).content == DraftContent()


def test_a_spoilt_draft_is_empty_and_can_be_saved_over(session: Session, wave: Wave) -> None:
    key = DraftKey.new()
    saved(session, key, wave)
    session.scalars(select(Draft)).one().sealed = b"spoilt"
    session.flush()

    assert drafts.load(session, key, wave.id).content == DraftContent()
    saved(session, key, wave)
    assert drafts.load(session, key, wave.id).content == CONTENT


def test_a_save_made_from_an_old_copy_does_not_overwrite_what_came_between(session: Session, wave: Wave) -> None:
    key = DraftKey.new()
    old = drafts.load(session, key, wave.id)
    saved(session, key, wave, DraftContent({"first_tab": 1}))

    def add(before: DraftContent) -> DraftContent:
        return DraftContent({**before.answers, "second_tab": 2})

    drafts.change(session, key, wave.id, add, today=TODAY, found=old)

    assert drafts.load(session, key, wave.id).content.answers == {"first_tab": 1, "second_tab": 2}


def test_a_saved_draft_is_dated_to_the_day(session: Session, wave: Wave) -> None:
    key = DraftKey.new()
    saved(session, key, wave)

    drafts.change(session, key, wave.id, lambda before: before, today=date(2027, 3, 12))

    assert session.scalars(select(Draft.saved_on)).one() == date(2027, 3, 12)


@pytest.mark.parametrize("cookie", [None, "", "short", "not base64 at all!", "A" * 44 + "extra", "é" * 44])
def test_what_is_not_a_key_is_no_key(cookie: str | None) -> None:
    assert DraftKey.from_cookie(cookie) is None


def test_a_key_survives_its_cookie_and_owns_only_its_own_forms() -> None:
    key = DraftKey.new()

    again = DraftKey.from_cookie(key.cookie)

    assert again == key
    assert key.owns(key.form_token)
    assert not key.owns(DraftKey.new().form_token)
    assert not key.owns(None)
    assert not key.owns("é")


def test_everything_derived_from_a_key_differs() -> None:
    key = DraftKey.new()

    submissions = {key.submission(wave, mark) for wave in (1, 2) for mark in ("a", "b")}
    assert len({key.draft_id, key.form_token, key.secret.hex(), *submissions}) == 7
