"""Making results public: only on an officer's word, in versions, with the reason of each correction."""

from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from csp_consult.fieldwork.models import Wave
from csp_consult.findings import releases
from csp_consult.findings.base_rules import BaseRules
from csp_consult.papers.contents import as_data
from csp_consult.papers.models import OwnWords, Publication
from csp_consult.papers.results import KIND, released, results

LONGEST = 5000
"""Letters an officer may write under one section."""


class PublishingError(ValueError):
    """A paper cannot be published or written in; the message says what to do."""


def own_words(session: Session, kind: str, wave: Wave | None) -> dict[str, str]:
    """What officers wrote under the sections of a paper."""
    found = session.scalars(select(OwnWords).where(OwnWords.kind == kind, OwnWords.about == _about(wave)))
    return {one.section: one.text for one in found if one.text}


def write(session: Session, kind: str, wave: Wave | None, section: str, text: str, *, by: str, today: date) -> None:
    """Keep an officer's words for a section; the caller commits. Raises PublishingError when they are too long."""
    text = text.strip()
    if len(text) > LONGEST:
        raise PublishingError(
            f"Shorten your words by {len(text) - LONGEST:,} characters: {LONGEST:,} fit in a section."
        )
    found = session.scalar(
        select(OwnWords).where(OwnWords.kind == kind, OwnWords.about == _about(wave), OwnWords.section == section)
    )
    if found is None:
        found = OwnWords(kind=kind, about=_about(wave), section=section)
        session.add(found)
    found.text, found.written_by, found.written_on = text, by, today


def publish(
    session: Session,
    wave: Wave,
    *,
    by: str,
    signed_off_by: str,
    reason: str = "",
    organisation: str,
    rules: BaseRules,
    today: date,
) -> Publication:
    """Make the results of a wave public as they stand, with what officers wrote; the caller commits.

    Raises PublishingError where the role or, for a correction, the reason is missing; NotYetError while it is open.
    """
    version = 1 + (session.scalar(select(func.max(Publication.version)).where(Publication.wave_id == wave.id)) or 0)
    if not signed_off_by.strip():
        raise PublishingError("Say which role signed the results off, for example: Chair of the partnership.")
    if version > 1 and not reason.strip():
        raise PublishingError("Say what was corrected: readers of the former version want to know.")
    paper = results(session, wave, today, organisation=organisation, rules=rules)
    paper = paper.with_own_words(own_words(session, KIND, wave))
    counts = released(session, wave, today)
    if counts:
        releases.keep(session, wave, counts, today)
    publication = Publication(
        wave_id=wave.id,
        version=version,
        published_on=today,
        published_by=by,
        signed_off_by=signed_off_by.strip(),
        reason=reason.strip(),
        paper=as_data(paper),
    )
    session.add(publication)
    session.flush()
    return publication


def _about(wave: Wave | None) -> str:
    return wave.key if wave else ""
