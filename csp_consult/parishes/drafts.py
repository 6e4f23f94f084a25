"""A parish's draft: saved page by page, by more than one person, and nobody's answer overwritten unseen.

Every saving page says which revision of the draft it showed. A question counts as contested when somebody
else changed it after that revision to something other than what is being saved now. Nothing of a contested
page is stored: the person is shown both answers and decides. People on different pages never meet, and
going back in one's own browser contests nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from csp_consult.db import upsert_into
from csp_consult.fieldwork.models import Wave
from csp_consult.parishes.access import ParishError
from csp_consult.parishes.models import ParishDraft
from csp_consult.parishes.versions import current_version
from csp_consult.parishes.windows import refuse_unless_open

REVISIONS_OF_A_VERSION = 100_000
"""Revisions go on from version to version, so that a page opened before the council submitted is known to be old."""


@dataclass(frozen=True)
class Editor:
    """Who is writing. Two people may share one account, so the browser counts as well."""

    user_id: int
    name: str
    browser: str
    """A random key of the browser's session."""


@dataclass(frozen=True)
class Contested:
    """One question that somebody else answered differently in the meantime."""

    question: str
    theirs: Any
    """The stored answer; None where they took the answer away."""
    by: str


class ContestedError(ParishError):
    """Somebody else changed the same questions meanwhile; nothing was stored."""

    def __init__(self, contested: tuple[Contested, ...], revision: int) -> None:
        names = " and ".join(sorted({one.by for one in contested}))
        super().__init__(f"While you were writing, {names} saved a different answer on this page.")
        self.contested = contested
        self.revision = revision
        """The draft's revision now: saving with it decides the matter."""


def find_draft(session: Session, wave: Wave, parish_code: str) -> ParishDraft | None:
    """The draft of a parish in a wave, if one was begun and not yet submitted."""
    return session.get(ParishDraft, (wave.id, parish_code))


def save_page(
    session: Session,
    wave: Wave,
    parish_code: str,
    page: Mapping[str, Any],
    *,
    seen_revision: int,
    editor: Editor,
    today: date,
) -> ParishDraft:
    """Store the answers of one page: question id to answer, None where there is none. The caller commits.

    ``seen_revision`` is the draft's revision when the page was shown (0 for none). Raises ContestedError when
    another person changed one of these questions since, ParishError when the wave takes no answers or the
    council's response has been submitted.
    """
    refuse_unless_open(session, wave, parish_code, today)
    draft = locked_draft(session, wave, parish_code)
    if draft is None:
        _refuse_if_submitted(session, wave, parish_code)
        draft = _begin(session, wave, parish_code, {}, editor=editor, today=today)
    contested = _contested(draft, page, seen_revision, editor)
    if contested:
        raise ContestedError(contested, draft.revision)
    changed = {key: answer for key, answer in page.items() if draft.answers.get(key) != answer}
    if changed:
        draft.revision += 1
        draft.answers = {key: answer for key, answer in {**draft.answers, **changed}.items() if answer is not None}
        draft.edits = {**draft.edits, **{key: [draft.revision, _key(editor), editor.name] for key in changed}}
        draft.saved_by = editor.user_id
        draft.saved_on = today
        session.flush()
    return draft


def begin_amendment(session: Session, wave: Wave, parish_code: str, *, editor: Editor, today: date) -> ParishDraft:
    """The draft of the next version, begun from the current one; an amendment already begun is continued.

    Raises ParishError when the wave takes no answers or there is nothing to amend.
    """
    refuse_unless_open(session, wave, parish_code, today)
    current = current_version(session, wave, parish_code)
    if current is None:
        raise ParishError("There is no submitted response to amend yet.")
    draft = locked_draft(session, wave, parish_code)
    return draft or _begin(
        session,
        wave,
        parish_code,
        current.answers,
        editor=editor,
        today=today,
        revision=current.version * REVISIONS_OF_A_VERSION,
    )


def discard_draft(session: Session, wave: Wave, parish_code: str) -> None:
    """Forget a draft: it was submitted."""
    session.execute(delete(ParishDraft).where(ParishDraft.wave_id == wave.id, ParishDraft.parish_code == parish_code))


def locked_draft(session: Session, wave: Wave, parish_code: str) -> ParishDraft | None:
    """The draft as it is now, and nobody else's to change until this transaction ends."""
    query = (
        select(ParishDraft)
        .where(ParishDraft.wave_id == wave.id, ParishDraft.parish_code == parish_code)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return session.scalar(query)


def _begin(
    session: Session,
    wave: Wave,
    parish_code: str,
    answers: Mapping[str, Any],
    *,
    editor: Editor,
    today: date,
    revision: int = 0,
) -> ParishDraft:
    # Two people may begin at the same moment; one row is made and both go on with it.
    begin = upsert_into(session, ParishDraft).values(
        wave_id=wave.id,
        parish_code=parish_code,
        answers=dict(answers),
        # Of no browser, so that an old page is contested whoever left it open.
        edits={question: [revision, "", editor.name] for question in answers},
        revision=revision,
        saved_by=editor.user_id,
        saved_on=today,
    )
    session.execute(begin.on_conflict_do_nothing())
    draft = locked_draft(session, wave, parish_code)
    if draft is None:
        raise ParishError("The council's response was submitted at this very moment. Look at the receipt.")
    return draft


def _refuse_if_submitted(session: Session, wave: Wave, parish_code: str) -> None:
    current = current_version(session, wave, parish_code)
    if current is not None:
        raise ParishError(
            f"The council's response was submitted on {current.submitted_on:%-d %B %Y} as {current.reference}. "
            "To change it, make an amendment."
        )


def _contested(draft: ParishDraft, page: Mapping[str, Any], seen: int, editor: Editor) -> tuple[Contested, ...]:
    found = []
    for key, answer in page.items():
        revision, by_whom, name = draft.edits.get(key, (0, "", ""))
        stored = draft.answers.get(key)
        if revision > seen and by_whom != _key(editor) and stored != answer:
            found.append(Contested(key, stored, name))
    return tuple(found)


def _key(editor: Editor) -> str:
    return f"{editor.user_id}:{editor.browser}"
