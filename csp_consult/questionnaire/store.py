"""Keeping questionnaire versions: stored once as their author wrote them, never changed."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from csp_consult.questionnaire.faults import Fault, QuestionnaireError
from csp_consult.questionnaire.model import Questionnaire, Translation
from csp_consult.questionnaire.models import QuestionnaireVersion, digest_of
from csp_consult.questionnaire.parse import compiled, load
from csp_consult.questionnaire.translations import body, with_blocks


def store(session: Session, source: str, *, today: date) -> QuestionnaireVersion:
    """Keep a questionnaire version; the same text again gives the version already kept.

    Its translations are no part of what makes a version: those that a file brings take the place of those kept,
    unless only the ones kept were found right by a native reader.

    Raises QuestionnaireError when the file has faults, or says something else under a version already kept.
    """
    questionnaire = load(source)
    digest = digest_of(body(source))
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
    return _KNOWN.get(version.source_sha256) or _keep(version.source_sha256, version.source)


def questionnaire_known_as(session: Session, source_sha256: str) -> Questionnaire:
    """The questionnaire whose text has this SHA-256: what every page of a survey asks for, mostly without a query.

    Raises NoResultFound where no version kept has it.
    """
    known = _KNOWN.get(source_sha256)
    if known is not None:
        return known
    source = select(QuestionnaireVersion.source).where(QuestionnaireVersion.source_sha256 == source_sha256)
    return _keep(source_sha256, session.scalars(source.limit(1)).one())


_MOST_KNOWN = 64
_KNOWN: dict[str, Questionnaire] = {}


def _keep(source_sha256: str, source: str) -> Questionnaire:
    if len(_KNOWN) >= _MOST_KNOWN:
        _KNOWN.clear()
    return _KNOWN.setdefault(source_sha256, compiled(source))
