"""Keeping questionnaire versions: stored once as their author wrote them, never changed."""

import hashlib
from datetime import date
from functools import lru_cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from csp_consult.questionnaire.faults import Fault, QuestionnaireError
from csp_consult.questionnaire.model import Questionnaire
from csp_consult.questionnaire.models import QuestionnaireVersion
from csp_consult.questionnaire.parse import compiled, load


def store(session: Session, source: str, *, today: date) -> QuestionnaireVersion:
    """Keep a questionnaire version; the same text again gives the version already kept.

    Raises QuestionnaireError when the file has faults, or says something else under a version already kept.
    """
    questionnaire = load(source)
    digest = hashlib.sha256(source.encode()).hexdigest()
    kept = session.scalar(
        select(QuestionnaireVersion).where(
            QuestionnaireVersion.slug == questionnaire.slug,
            QuestionnaireVersion.version == questionnaire.version,
        )
    )
    if kept is None:
        kept = QuestionnaireVersion(
            slug=questionnaire.slug,
            version=questionnaire.version,
            sha256=digest,
            source=source,
            loaded_on=today,
        )
        session.add(kept)
        session.flush()
    elif kept.sha256 != digest:
        message = (
            f"Version {kept.version} of {kept.slug} was loaded on {kept.loaded_on:%d %B %Y} with other words. "
            "A version never changes: give this one a new 'version'."
        )
        raise QuestionnaireError([Fault(1, message)])
    return kept


def questionnaire_of(version: QuestionnaireVersion) -> Questionnaire:
    """The questionnaire of a stored version, read once in a process."""
    return _compiled(version.source)


@lru_cache(maxsize=64)
def _compiled(source: str) -> Questionnaire:
    return compiled(source)
