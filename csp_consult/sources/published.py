"""Surveys run by others, known by what they published: kept as printed, no base or share ever inferred."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from csp_consult.sources.models import PublishedResult, PublishedSurvey


def store(session: Session, surveys: Iterable[PublishedSurvey]) -> None:
    """Put surveys with their results on record; those already there take the new values."""
    for survey in surveys:
        session.merge(survey)
    session.flush()


def surveys(session: Session) -> list[PublishedSurvey]:
    """Every published survey with its results, by title."""
    query = select(PublishedSurvey).options(selectinload(PublishedSurvey.results))
    return list(session.scalars(query.order_by(PublishedSurvey.title, PublishedSurvey.slug)))


def survey(session: Session, slug: str) -> PublishedSurvey | None:
    """One published survey; None when none has the name."""
    return session.get(PublishedSurvey, slug)


def results(session: Session, *, topic: str | None = None, question: str | None = None) -> list[PublishedResult]:
    """Published results of one topic or of one of our questions, or all, in the order they were printed."""
    query = select(PublishedResult).order_by(PublishedResult.survey_slug, PublishedResult.position)
    if topic is not None:
        query = query.where(PublishedResult.topic_slug == topic)
    if question is not None:
        query = query.where(PublishedResult.question == question)
    return list(session.scalars(query))
