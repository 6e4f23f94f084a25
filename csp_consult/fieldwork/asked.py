"""What every page of a survey needs to know of its wave and of the caller's draft, read in one statement.

Nothing here is kept in step with its row, which is what makes it cheap: it is read, shown and thrown away.
"""

from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from csp_consult.db import Base
from csp_consult.fieldwork import drafts
from csp_consult.fieldwork.drafts import DraftKey, StoredDraft
from csp_consult.fieldwork.models import Draft, Survey, Wave
from csp_consult.questionnaire.model import Questionnaire
from csp_consult.questionnaire.models import QuestionnaireVersion
from csp_consult.questionnaire.store import questionnaire_known_as, questionnaire_of


@dataclass(frozen=True)
class AskedSurvey:
    """The survey of a wave, as its pages name it."""

    slug: str
    organisation: str


@dataclass(frozen=True)
class AskedWave:
    """A wave as its pages need it; names are those of ``Wave``."""

    id: int
    slug: str
    opens_on: date
    closes_on: date
    cleared_on: date | None
    ended: bool
    synthetic: bool
    by_link: bool
    source_sha256: str
    """What its questionnaire is known by."""
    survey: AskedSurvey


AnyWave: TypeAlias = Wave | AskedWave
"""A wave for those who only look at it."""


@dataclass(frozen=True)
class Asked:
    """A wave at its address, with what the caller has answered so far."""

    wave: AskedWave
    draft: StoredDraft


_WAVES, _SURVEYS, _VERSIONS, _DRAFTS = (
    Base.metadata.tables[table.__tablename__] for table in (Wave, Survey, QuestionnaireVersion, Draft)
)
# Made once: building a statement costs as much as running it, and every page of a resident runs this one.
_ASKED = (
    select(
        _WAVES.c.id,
        _WAVES.c.slug,
        _WAVES.c.opens_on,
        _WAVES.c.closes_on,
        _WAVES.c.cleared_on,
        _WAVES.c.ended,
        _WAVES.c.synthetic,
        _WAVES.c.by_link,
        _VERSIONS.c.source_sha256,
        _SURVEYS.c.slug,
        _SURVEYS.c.organisation,
        _DRAFTS.c.sealed,
        _DRAFTS.c.saved_on,
    )
    .join_from(_WAVES, _SURVEYS, _SURVEYS.c.id == _WAVES.c.survey_id)
    .join(_VERSIONS, _VERSIONS.c.id == _WAVES.c.questionnaire_id)
    .outerjoin(_DRAFTS, _DRAFTS.c.id == bindparam("draft_id"))
    .where(
        _SURVEYS.c.slug == bindparam("survey_slug"),
        _SURVEYS.c.audience == "residents",
        _WAVES.c.slug == bindparam("wave_slug"),
    )
)


def find(session: Session, survey: str, wave: str, key: DraftKey | None) -> Asked | None:
    """The wave for residents at an address, if there is one, with the draft of that key."""
    if "\x00" in survey + wave:
        return None
    names = {"survey_slug": survey, "wave_slug": wave, "draft_id": key.draft_id if key else ""}
    row = session.execute(_ASKED, names).one_or_none()
    if row is None:
        return None
    found = AskedWave(*row[:9], survey=AskedSurvey(*row[9:11]))
    return Asked(found, drafts.opened(key, found.id, row.sealed, row.saved_on) if key else StoredDraft())


def questionnaire_for(session: Session, wave: AnyWave) -> Questionnaire:
    """What a wave asks."""
    if isinstance(wave, AskedWave):
        return questionnaire_known_as(session, wave.source_sha256)
    return questionnaire_of(session.get_one(QuestionnaireVersion, wave.questionnaire_id))
