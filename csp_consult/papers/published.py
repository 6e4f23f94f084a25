"""What is public: read by everybody, and so without a word of statistics."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from csp_consult.fieldwork.models import Wave
from csp_consult.papers.contents import Paper, of_data
from csp_consult.papers.models import Publication


def versions(session: Session, wave: Wave) -> Sequence[Publication]:
    """Everything published of a wave, newest first."""
    return session.scalars(
        select(Publication).where(Publication.wave_id == wave.id).order_by(Publication.version.desc())
    ).all()


def latest(session: Session) -> list[tuple[Wave, Publication]]:
    """The newest version of everything that is public, newest wave first."""
    newest = select(Publication.wave_id, func.max(Publication.version).label("version")).group_by(Publication.wave_id)
    last = newest.subquery()
    found = session.execute(
        select(Wave, Publication)
        .join(Publication, Publication.wave_id == Wave.id)
        .join(last, (last.c.wave_id == Publication.wave_id) & (last.c.version == Publication.version))
        .order_by(Wave.closes_on.desc(), Wave.id)
    )
    return [(wave, publication) for wave, publication in found]


def paper_of(publication: Publication) -> Paper:
    """The paper as it was published."""
    return of_data(publication.paper)
