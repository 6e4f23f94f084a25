"""Survey files of others as sources: what they say of concern is kept, the answers of their respondents are not."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from csp_consult.analysis.concern import Concern
from csp_consult.analysis.microdata import Plan
from csp_consult.analysis.microdata import concern as concern_of_file
from csp_consult.sources.models import RegisteredSource
from csp_consult.sources.survey_file import SurveyFile
from csp_consult.topics.models import Topic

_SLUG: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")


class RegistrationError(ValueError):
    """A file that cannot be registered as asked; the message says why in one plain sentence."""


@dataclass(frozen=True)
class About:
    """What a reader must know of a registered survey."""

    slug: str
    title: str
    audience: str
    recruitment: str | None
    period: str
    citation: str
    synthetic: bool = False


def register(
    session: Session,
    about: About,
    survey: SurveyFile,
    columns: Mapping[str, str],
    *,
    counts: Collection[str],
    plan: Plan,
    kind: str,
    today: date,
) -> RegisteredSource:
    """Keep the concern measure of a survey file, in place of one of the same name; the caller commits.

    ``columns`` is topic to column. Raises RegistrationError for unknown topics or a faulty name; MicrodataError,
    WeightingError or DesignError where the figures cannot be made.
    """
    if not _SLUG.fullmatch(about.slug):
        raise RegistrationError(f"{about.slug!r} cannot name a source: use small letters, digits and hyphens.")
    known = set(session.scalars(select(Topic.slug)))
    if unknown := [topic for topic in columns if topic not in known]:
        raise RegistrationError(f"There is no topic {unknown[0]!r}; there are {', '.join(sorted(known))}.")
    if len(columns) < 2:
        raise RegistrationError("It takes two topics or more to rank: give --question TOPIC=COLUMN for each.")
    measure = concern_of_file(survey.frame, columns, counts, plan, kind=kind)
    return session.merge(
        RegisteredSource(
            slug=about.slug,
            title=about.title,
            audience=about.audience,
            recruitment=about.recruitment,
            period=about.period,
            citation=about.citation,
            synthetic=about.synthetic,
            registered_on=today,
            concern=document(measure),
        )
    )


def registered(session: Session) -> list[RegisteredSource]:
    """Every registered source, by name."""
    return list(session.scalars(select(RegisteredSource).order_by(RegisteredSource.slug)))


def document(concern: Concern) -> dict[str, Any]:
    """A concern measure as it is kept."""
    return {
        "measure": concern.measure,
        "topics": list(concern.topics),
        "values": concern.values.tolist(),
        "covariance": None if concern.covariance is None else concern.covariance.tolist(),
        "bases": concern.bases.tolist(),
        "effective_bases": concern.effective_bases.tolist(),
        "base": concern.base,
        "effective_base": concern.effective_base,
        "degrees": concern.degrees,
        "se_method": concern.se_method,
        "exhausted": concern.exhausted,
    }


def concern_of(source: RegisteredSource) -> Concern:
    """The concern measure that ``document`` made."""
    kept = source.concern
    return Concern(
        measure=kept["measure"],
        topics=tuple(kept["topics"]),
        values=np.array(kept["values"], float),
        covariance=None if kept["covariance"] is None else np.array(kept["covariance"], float),
        bases=np.array(kept["bases"], float),
        effective_bases=np.array(kept["effective_bases"], float),
        base=kept["base"],
        effective_base=kept["effective_base"],
        degrees=kept["degrees"],
        se_method=kept["se_method"],
        exhausted=kept["exhausted"],
    )
