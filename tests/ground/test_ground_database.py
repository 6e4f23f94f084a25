from datetime import date

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from csp_consult.db import mark_reading, writing
from csp_consult.places.models import Area, AreaLink
from csp_consult.questionnaire.models import QuestionnaireVersion


def version(number: str) -> QuestionnaireVersion:
    return QuestionnaireVersion(slug="s", version=number, sha256="0" * 64, source="", loaded_on=date(2026, 1, 1))


def test_a_writing_block_commits_also_from_a_reading_view(session: Session) -> None:
    mark_reading(True)

    with writing() as own:
        own.add(version("1"))

    mark_reading(False)
    assert session.scalar(select(func.count()).select_from(QuestionnaireVersion)) == 1


def test_a_writing_block_that_fails_leaves_nothing(session: Session) -> None:
    with pytest.raises(RuntimeError), writing() as own:
        own.add(version("1"))
        own.flush()
        raise RuntimeError

    assert session.scalar(select(func.count()).select_from(QuestionnaireVersion)) == 0


def test_a_rollback_also_undoes_a_delete_that_returns_rows(session: Session) -> None:
    session.add(version("1"))
    session.commit()

    session.execute(text("DELETE FROM questionnaire_version RETURNING id"))
    session.rollback()

    assert session.scalar(select(func.count()).select_from(QuestionnaireVersion)) == 1


def test_a_row_cannot_point_to_nothing(session: Session) -> None:
    session.add(Area(code="W1", kind="ward", name="One", source="test"))
    session.flush()

    session.add(AreaLink(inner_code="W1", outer_code="nowhere", method="official", source="test"))

    with pytest.raises(IntegrityError):
        session.flush()
