"""What was signed off and what is public of it: read by everybody, and so without a word of statistics."""

from collections.abc import Collection, Sequence

from sqlalchemy import exists, func, select, tuple_
from sqlalchemy.orm import Session

from csp_consult.papers.contents import Paper, of_data
from csp_consult.papers.models import Publication
from csp_consult.papers.open_data import BEFORE_OPENING


def versions(session: Session, kind: str, about: str) -> Sequence[Publication]:
    """Everything signed off of a paper, newest first."""
    wanted = select(Publication).where(Publication.kind == kind, Publication.about == about)
    return session.scalars(wanted.order_by(Publication.version.desc())).all()


def was_checked(session: Session, wave: str) -> bool:
    """Whether the checks before opening of a wave of that key were ever signed off."""
    signed = exists().where(Publication.kind == BEFORE_OPENING, Publication.about == wave)
    return session.scalar(select(signed)) is True


def latest(session: Session, kinds: Collection[str]) -> Sequence[Publication]:
    """The newest version of every paper of these kinds, the newest paper first."""
    newest = select(Publication.kind, Publication.about, func.max(Publication.version)).group_by(
        Publication.kind, Publication.about
    )
    found = select(Publication).where(
        Publication.kind.in_(kinds), tuple_(Publication.kind, Publication.about, Publication.version).in_(newest)
    )
    return session.scalars(found.order_by(Publication.published_on.desc(), Publication.about.desc())).all()


def every_version(session: Session, kinds: Collection[str]) -> Sequence[Publication]:
    """Every version of every paper of these kinds, the newest first."""
    found = select(Publication).where(Publication.kind.in_(kinds))
    return session.scalars(found.order_by(Publication.published_on.desc(), Publication.id.desc())).all()


def paper_of(publication: Publication) -> Paper:
    """The paper as it was signed off."""
    return of_data(publication.paper)
