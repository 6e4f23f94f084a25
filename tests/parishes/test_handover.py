"""Handing a parish over: the work stays, the old clerk's access does not."""

from datetime import date

import pytest
from flask import Flask
from parish_world import World
from sqlalchemy import select
from sqlalchemy.orm import Session

from csp_consult.commands.user import user as user_commands
from csp_consult.parishes.access import ParishError, hand_over, parish_of, parishes_of
from csp_consult.parishes.drafts import Editor, find_draft, save_page
from csp_consult.people import audit
from csp_consult.people.models import AuditEntry

TODAY = date(2026, 11, 22)


def test_the_new_clerk_acts_for_the_parish_and_the_old_one_no_longer_does(session: Session, world: World) -> None:
    hand_over(session, world.glen.code, old=world.glen_clerk, new=world.kibworth_clerk)

    assert parish_of(session, world.glen_clerk.id, world.glen.code) is None
    assert [area.name for area in parishes_of(session, world.kibworth_clerk.id)] == [
        "Great Glen",
        "Kibworth",
        "Tur Langton",
    ]


def test_a_draft_is_gone_on_with_and_still_says_who_wrote_what(session: Session, world: World, gill: Editor) -> None:
    save_page(session, world.wave, world.glen.code, {"met_police": "met"}, seen_revision=0, editor=gill, today=TODAY)

    hand_over(session, world.glen.code, old=world.glen_clerk, new=world.kibworth_clerk)

    draft = find_draft(session, world.wave, world.glen.code)
    assert draft is not None
    assert draft.answers == {"met_police": "met"}
    assert draft.saved_by == world.glen_clerk.id


def test_it_is_recorded_with_both_names(session: Session, world: World) -> None:
    hand_over(session, world.glen.code, old=world.glen_clerk, new=world.kibworth_clerk)

    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "parish handed over")).one()
    assert entry.subject == "E04000001 Great Glen"
    assert entry.detail == {"from": "glen@example.org", "to": "kibworth@example.org"}
    assert audit.verify(session).holds


def test_nobody_hands_over_what_is_not_theirs(session: Session, world: World) -> None:
    with pytest.raises(ParishError, match=r"glen@example\.org does not act for the parish E04000002"):
        hand_over(session, world.kibworth.code, old=world.glen_clerk, new=world.kibworth_clerk)


def test_a_closed_account_takes_nothing_over(session: Session, world: World) -> None:
    world.kibworth_clerk.active = False

    with pytest.raises(ParishError, match="not an open account of a clerk"):
        hand_over(session, world.glen.code, old=world.glen_clerk, new=world.kibworth_clerk)

    assert parish_of(session, world.glen_clerk.id, world.glen.code) is not None


def test_the_command_says_who_acts_now(app: Flask, session: Session, world: World) -> None:
    result = app.test_cli_runner().invoke(
        user_commands,
        ["hand-over", world.glen.code, "--from", "glen@example.org", "--to", "kibworth@example.org"],
    )

    assert result.output == (
        "kibworth@example.org acts for Great Glen (E04000001) now; glen@example.org no longer does.\n"
    )
    session.expire_all()
    assert parish_of(session, world.glen_clerk.id, world.glen.code) is None
