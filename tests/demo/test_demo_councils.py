"""The board on the demo: 91 parishes, at every state, in the same number of queries however many there are."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from csp_consult.db import db
from csp_consult.fieldwork.models import Wave
from csp_consult.fieldwork.waves import open_waves
from csp_consult.mail.models import Message
from csp_consult.parishes.board import board, remind
from csp_consult.parishes.standing import Stage
from csp_consult.places.models import Area

pytestmark = pytest.mark.usefixtures("database")


def wave_of(session: Session) -> Wave:
    return open_waves(session, "parishes", date.today())[0]


def test_every_parish_is_on_the_board_and_every_state_but_an_amendment_is_there(app: Flask) -> None:
    with app.app_context():
        session = db.session()
        found = board(session, wave_of(session), date.today())

    assert sum(len(line.speaks_for) for line in found.lines) == 91
    assert {Stage.NOT_STARTED, Stage.DRAFT, Stage.OFFICER_DRAFT, Stage.SUBMITTED} == set(found.stages)
    assert found.electors is not None
    assert {area.name for area in found.unparished} == {
        "Market Harborough-Little Bowden",
        "Market Harborough-Logan",
        "Market Harborough-Welland",
    }
    for what in ("meeting", "bounced", "asks_for_time", "late", "counted"):
        assert any(getattr(line, what) for line in found.lines), what
    assert any(not line.clerks for line in found.lines)
    assert any(line.standing.window.until for line in found.lines)


def test_the_number_of_queries_does_not_grow_with_parishes(app: Flask) -> None:
    with app.app_context():
        session = db.session()
        wave = wave_of(session)
        board(session, wave, date.today())  # what is loaded once is loaded
        few = _queries(session, wave)
        session.add_all(
            Area(code=f"E04099{n:03}", kind="parish", name=f"New parish {n}", source="test") for n in range(200)
        )
        session.flush()

        assert len(board(session, wave, date.today()).lines) == 290
        assert _queries(session, wave) == few


def _queries(session: Session, wave: Wave) -> int:
    statements: list[str] = []

    def count(_c: object, _cur: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    session.expire_all()
    wave.survey.slug  # noqa: B018 - reloaded before counting
    event.listen(session.get_bind(), "before_cursor_execute", count)
    board(session, wave, date.today())
    event.remove(session.get_bind(), "before_cursor_execute", count)
    return len(statements)


def test_late_councils_are_reminded_once_a_day_and_never_where_mail_came_back(app: Flask) -> None:
    with app.app_context():
        session, today = db.session(), date.today()
        wave = wave_of(session)
        late = board(session, wave, today).late

        count = remind(session, wave, late, user_id=1, today=today)

        mailed = session.scalars(select(Message).where(Message.kind == "council reminder")).all()
        assert count == sum(line.can_be_reminded for line in late) > 30
        assert not {mail.recipient for mail in mailed} & {address for line in late for address in line.bounced}
        assert "/clerk/" in mailed[0].body
        assert remind(session, wave, board(session, wave, today).late, user_id=1, today=today) == 0
