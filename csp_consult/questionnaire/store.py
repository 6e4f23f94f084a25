"""Keeping questionnaire versions: stored once as their author wrote them, never changed."""

import hashlib
from collections.abc import Mapping
from datetime import date
from functools import lru_cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from csp_consult.questionnaire.faults import Fault, QuestionnaireError
from csp_consult.questionnaire.model import Questionnaire, Translation
from csp_consult.questionnaire.models import QuestionnaireVersion
from csp_consult.questionnaire.parse import compiled, load
from csp_consult.questionnaire.translations import body, with_blocks


def store(session: Session, source: str, *, today: date) -> QuestionnaireVersion:
    """Keep a questionnaire version; the same text again gives the version already kept.

    Its translations are no part of what makes a version: those that a file brings take the place of those kept,
    unless only the ones kept were found right by a native reader.

    Raises QuestionnaireError when the file has faults, or says something else under a version already kept.
    """
    questionnaire = load(source)
    digest = hashlib.sha256(body(source).encode()).hexdigest()
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
    elif questionnaire.translations:
        keep_translations(kept, questionnaire.translations)
    return kept


def keep_translations(kept: QuestionnaireVersion, given: Mapping[str, Translation]) -> None:
    """Let a version be read in these words too; nothing else of it changes."""
    before = questionnaire_of(kept).translations
    checked = {name: one for name, one in before.items() if one.checked_by and not _checked(given.get(name))}
    kept.source = with_blocks(kept.source, {**before, **given, **checked})


def _checked(translation: Translation | None) -> bool:
    return translation is not None and bool(translation.checked_by)


def questionnaire_of(version: QuestionnaireVersion) -> Questionnaire:
    """The questionnaire of a stored version, read once in a process."""
    return _compiled(version.source)


@lru_cache(maxsize=64)
def _compiled(source: str) -> Questionnaire:
    return compiled(source)
