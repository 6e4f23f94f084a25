"""The audit trail: only added to, and it shows when somebody has tampered with it."""

import json

import pytest
from flask import Flask
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from csp_consult.commands.user import user as user_commands
from csp_consult.people import audit
from csp_consult.people.accounts import add_account, change_password
from csp_consult.people.models import AuditEntry


@pytest.fixture
def trail(session: Session) -> list[str]:
    """Three entries; gives their digests."""
    digests = [audit.record(session, f"act {n}", subject="x", detail={"n": n}).digest for n in range(3)]
    session.commit()
    return digests


def let_changes_through(session: Session) -> None:
    """What somebody with all rights on the database can do."""
    if session.get_bind().dialect.name == "sqlite":
        session.execute(text("DROP TRIGGER audit_entry_no_update"))
        session.execute(text("DROP TRIGGER audit_entry_no_delete"))
    else:
        session.execute(text("DROP TRIGGER audit_entry_only_added_to ON audit_entry"))


@pytest.mark.parametrize(
    "change", [update(AuditEntry).values(actor="somebody else"), delete(AuditEntry)], ids=["change", "delete"]
)
def test_the_database_refuses_to_change_or_delete_an_entry(session: Session, trail: list[str], change: object) -> None:
    with pytest.raises(DBAPIError, match="only added to"):
        session.execute(change)  # type: ignore[call-overload] # an update or a delete

    session.rollback()
    assert session.scalars(select(AuditEntry.digest).order_by(AuditEntry.id)).all() == trail


def test_a_whole_trail_holds(session: Session, trail: list[str]) -> None:
    assert audit.verify(session) == audit.Verdict(3, trail[-1])
    assert audit.verify(session, known_head=trail[0]).holds


@pytest.mark.parametrize("field", [{"actor": "x"}, {"action": "x"}, {"subject": "y"}, {"detail": {"n": 9}}])
def test_whatever_is_changed_in_an_entry_gives_itself_away(
    session: Session, trail: list[str], field: dict[str, object]
) -> None:
    let_changes_through(session)

    session.execute(update(AuditEntry).where(AuditEntry.digest == trail[1]).values(**field))

    session.expire_all()
    verdict = audit.verify(session)
    assert not verdict.holds
    assert (verdict.entries, verdict.head) == (1, trail[0])


def test_an_entry_taken_out_gives_itself_away(session: Session, trail: list[str]) -> None:
    let_changes_through(session)

    session.execute(delete(AuditEntry).where(AuditEntry.digest == trail[1]))

    assert audit.verify(session).head == trail[0]
    assert not audit.verify(session).holds


def test_newest_entries_taken_away_are_missed_by_who_noted_the_digest(session: Session, trail: list[str]) -> None:
    let_changes_through(session)

    session.execute(delete(AuditEntry).where(AuditEntry.digest == trail[2]))

    assert audit.verify(session).holds, "the chain alone cannot know"
    assert not audit.verify(session, known_head=trail[2]).holds


def test_what_is_rolled_back_leaves_no_entry(session: Session, trail: list[str]) -> None:
    audit.record(session, "never happened")
    session.rollback()

    assert audit.verify(session).entries == len(trail)


def test_making_and_changing_an_account_is_recorded_without_its_password(session: Session) -> None:
    account = add_account(session, "jo@example.org", password="otter-lantern-quarry", role="clerk")
    change_password(session, account, "copper-lantern-river-9")

    found = list(audit.entries(session))

    assert [(one.actor, one.action, one.subject) for one in found] == [
        ("system", "account added", "jo@example.org"),
        ("system", "password changed", "jo@example.org"),
    ]
    assert "lantern" not in str([one.detail for one in found])


def test_the_command_exports_the_trail_and_checks_it(app: Flask, session: Session, trail: list[str]) -> None:
    runner = app.test_cli_runner()

    exported = runner.invoke(user_commands, ["audit", "--format", "json"])
    checked = runner.invoke(user_commands, ["audit", "--verify"])
    missed = runner.invoke(user_commands, ["audit", "--head", "0" * 63 + "1"])

    assert [one["digest"] for one in json.loads(exported.output)["entries"]] == trail
    assert checked.output.startswith("The audit trail holds: 4 entries."), "taking it along is itself an entry"
    assert missed.exit_code != 0
    assert "tampered with" in missed.output
