"""What the figures of a wave are made from: responses, questionnaire, weighting run; counted and named, not judged."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from csp_consult.fieldwork.models import Response, Wave
from csp_consult.findings.models import WeightingRun
from csp_consult.findings.reading import of_parishes, read_tally
from csp_consult.parishes.models import ParishResponse
from csp_consult.questionnaire.models import QuestionnaireVersion


@dataclass(frozen=True)
class MadeFrom:
    """Everything of a wave that stands behind each of its figures."""

    submitted: int
    """Responses of residents, or answers of councils that stand on a mandate."""
    by_mode: tuple[tuple[str, int], ...]
    """(mode, responses); of councils none."""
    outside: int
    """Of people who live outside the district: in no resident figure."""
    questionnaire_id: int
    questionnaire: str
    """Slug and version."""
    digest: str
    """SHA-256 of the questionnaire as it is asked."""
    tally_version: int
    """How often the counts behind the figures have changed."""
    run: tuple[int, date] | None
    """Number and day of the stored weighting of these very counts."""
    erased_on: date | None
    """When the single responses were let go; the counts stay."""


def made_from(session: Session, wave: Wave) -> MadeFrom:
    """What the figures of a wave are made from, as it stands."""
    version = session.get_one(QuestionnaireVersion, wave.questionnaire_id)
    if of_parishes(wave):
        councils = select(func.count(ParishResponse.parish_code.distinct())).where(
            ParishResponse.wave_id == wave.id, ParishResponse.mandate.is_not(None)
        )
        by_mode: dict[str, int] = {}
        submitted, outside, counted = session.scalar(councils) or 0, 0, wave.tally_version
    else:
        tally = read_tally(session, wave)
        modes = select(Response.mode, func.count()).where(Response.wave_id == wave.id).group_by(Response.mode)
        by_mode = dict(session.execute(modes.order_by(Response.mode)).all())
        outside, counted = tally.outside, tally.version
        submitted = sum(tally.cells.values())
    run = session.scalar(
        select(WeightingRun)
        .where(WeightingRun.wave_id == wave.id, WeightingRun.tally_version == counted)
        .order_by(WeightingRun.id.desc())
        .limit(1)
    )
    return MadeFrom(
        submitted=submitted,
        by_mode=tuple(by_mode.items()),
        outside=outside,
        questionnaire_id=version.id,
        questionnaire=f"{version.slug} {version.version}",
        digest=version.sha256,
        tally_version=counted,
        run=(run.id, run.run_on) if run else None,
        erased_on=wave.erased_on,
    )
