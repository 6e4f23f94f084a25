"""Questionnaire files in the making: begun, changed one part at a time, and kept as a version."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from csp_consult.questionnaire.editing import data_at, replaced
from csp_consult.questionnaire.entry import compose
from csp_consult.questionnaire.faults import QuestionnaireError
from csp_consult.questionnaire.models import QuestionnaireDraft, QuestionnaireVersion
from csp_consult.questionnaire.store import store


class StaleError(ValueError):
    """Somebody else changed the draft meanwhile; the message says so."""


def begun(
    session: Session,
    source: str,
    *,
    by: str,
    today: date,
    based_on: QuestionnaireVersion | None = None,
    notes: Sequence[str] = (),
) -> QuestionnaireDraft:
    """A new draft. Raises QuestionnaireError when the text is no questionnaire file at all."""
    compose(source)
    draft = QuestionnaireDraft(
        source=source,
        revision=1,
        based_on=based_on.id if based_on else None,
        notes="\n".join(notes),
        changed_on=today,
        changed_by=by,
    )
    session.add(draft)
    session.flush()
    return draft


def cloned(session: Session, version: QuestionnaireVersion, *, by: str, today: date) -> QuestionnaireDraft:
    """A draft that starts from a version kept before, under the next free version number of its year."""
    taken = set(session.scalars(select(QuestionnaireVersion.version).where(QuestionnaireVersion.slug == version.slug)))
    number = next(f"{today.year}.{n}" for n in range(1, len(taken) + 2) if f"{today.year}.{n}" not in taken)
    source = replaced(version.source, ("version",), number)
    return begun(session, source, by=by, today=today, based_on=version)


def change(session: Session, draft: QuestionnaireDraft, source: str, *, revision: int, by: str, today: date) -> None:
    """Write the draft anew. Raises StaleError when it is no longer at that revision, and QuestionnaireError when the
    text is no questionnaire file at all.
    """
    compose(source)
    if draft.revision != revision:
        raise StaleError(f"{draft.changed_by} changed this draft while you were at it.")
    draft.source, draft.revision, draft.changed_by, draft.changed_on = source, revision + 1, by, today
    session.flush()


def kept(session: Session, draft: QuestionnaireDraft, *, today: date) -> QuestionnaireVersion:
    """The draft as a version, which never changes; the draft is gone. Raises QuestionnaireError with its faults."""
    version = store(session, draft.source, today=today)
    session.delete(draft)
    session.flush()
    return version


def listed(session: Session) -> Sequence[QuestionnaireDraft]:
    """Every draft, the one changed last at the top."""
    return session.scalars(
        select(QuestionnaireDraft).order_by(QuestionnaireDraft.changed_on.desc(), QuestionnaireDraft.id.desc())
    ).all()


def title_of(source: str) -> str:
    """What a file is called: its title in English, else its slug."""
    try:
        top: Any = data_at(source)
    except QuestionnaireError:
        return "A file that cannot be read"
    title = top.get("title") or top.get("questionnaire") or "Without a title"
    return str(title.get("en") or next(iter(title.values()))) if isinstance(title, dict) else str(title)
