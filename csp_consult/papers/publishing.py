"""Signing papers off: only on an officer's word, in versions, with the reason of each correction.

Where its kind says so, a paper is public from then on.
"""

from datetime import date

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from csp_consult.fieldwork import waves
from csp_consult.findings import releases
from csp_consult.findings.errors import FindingError
from csp_consult.papers.contents import Paper, as_data
from csp_consult.papers.kinds import KINDS, Making
from csp_consult.papers.models import OwnWords, Publication
from csp_consult.papers.open_data import BEFORE_OPENING, RESULTS
from csp_consult.papers.results import released

LONGEST = 5000
"""Letters an officer may write under one section."""


class PublishingError(ValueError):
    """A paper cannot be signed off or written in; the message says what to do."""


def made(session: Session, kind: str, about: str, making: Making) -> Paper:
    """A paper as it would be today, with officers' words. Raises FindingError where it cannot be made."""
    return KINDS[kind].made(session, about, making).with_own_words(own_words(session, kind, about))


def own_words(session: Session, kind: str, about: str) -> dict[str, str]:
    """What officers wrote under the sections of a paper."""
    kept = KINDS[kind].words_of(about)
    found = session.scalars(select(OwnWords).where(OwnWords.kind == kind, OwnWords.about == kept))
    return {one.section: one.text for one in found if one.text}


def write(session: Session, kind: str, about: str, section: str, text: str, *, by: str, today: date) -> None:
    """Keep an officer's words for a section; the caller commits. Raises PublishingError when they are too long."""
    text = text.strip()
    if len(text) > LONGEST:
        raise PublishingError(
            f"Shorten your words by {len(text) - LONGEST:,} characters: {LONGEST:,} fit in a section."
        )
    kept = KINDS[kind].words_of(about)
    found = session.scalar(
        select(OwnWords).where(OwnWords.kind == kind, OwnWords.about == kept, OwnWords.section == section)
    )
    if found is None:
        found = OwnWords(kind=kind, about=kept, section=section)
        session.add(found)
    found.text, found.written_by, found.written_on = text, by, today


def forget_words(session: Session, wave: str) -> None:
    """Take away what officers wrote about the checks of a wave that is cancelled, so that no later one of its name
    passes for checked. What was signed off stays. The caller commits."""
    kept = KINDS[BEFORE_OPENING].words_of(wave)
    session.execute(delete(OwnWords).where(OwnWords.kind == BEFORE_OPENING, OwnWords.about == kept))


def publish(
    session: Session,
    kind: str,
    about: str,
    making: Making,
    *,
    by: str,
    signed_off_by: str,
    reason: str = "",
) -> Publication:
    """Sign a paper off as it stands, with what officers wrote; the caller commits.

    The checks before opening, signed off, let their wave open. Raises PublishingError where the role, words that only
    an officer can write or, for a correction, the reason is missing; FindingError where it cannot be made.
    """
    last = select(func.max(Publication.version)).where(Publication.kind == kind, Publication.about == about)
    version = 1 + (session.scalar(last) or 0)
    if not signed_off_by.strip():
        raise PublishingError("Say which role signed it off, for example: Chair of the partnership.")
    if version > 1 and not reason.strip():
        raise PublishingError("Say what was corrected: readers of the former version want to know.")
    paper = made(session, kind, about, making)
    _check_words(kind, paper)
    if kind == BEFORE_OPENING:
        _let_open(session, about, making.today)
    if kind == RESULTS:
        _keep_release(session, about, making.today)
    publication = Publication(
        kind=kind,
        about=about,
        version=version,
        published_on=making.today,
        published_by=by,
        signed_off_by=signed_off_by.strip()[:200],
        reason=reason.strip()[:500],
        paper=as_data(paper),
    )
    session.add(publication)
    session.flush()
    return publication


def _let_open(session: Session, key: str, today: date) -> None:
    try:
        waves.clear(waves.find(session, key), today)
    except waves.WaveError as error:
        raise PublishingError(str(error)) from error


def _check_words(kind: str, paper: Paper) -> None:
    missing = [one.title for one in paper.sections if one.id in KINDS[kind].needs_words and not one.own_words]
    if missing:
        sections = ", ".join(f"“{title}”" for title in missing)
        raise PublishingError(f"Write your own words under {sections} first: nobody but the partnership can say it.")


def _keep_release(session: Session, key: str, today: date) -> None:
    """What is public now protects what is released later; a paper that may give out no count releases none."""
    wave = waves.find(session, key)
    try:
        counts = released(session, wave, today)
    except FindingError:
        # As after a withdrawal: the paper says why its counts are not shown, and a correction can still be published.
        return
    if counts:
        releases.keep(session, wave, counts, today)
