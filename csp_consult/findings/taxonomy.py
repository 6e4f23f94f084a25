"""Topics by name and by theme, read once for a finding."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from csp_consult.topics.models import Topic


@dataclass(frozen=True)
class Taxonomy:
    """Themes and their topics."""

    titles: Mapping[str, str]
    """Slug to title, of topics and themes alike."""
    themes: Mapping[str, str]
    """Topic to theme; a theme is its own."""

    def title(self, slug: str) -> str:
        """The title of a topic or theme; the slug itself where it is not known."""
        return self.titles.get(slug, slug)


def taxonomy(session: Session) -> Taxonomy:
    """Every theme and topic there is."""
    rows = session.execute(select(Topic.slug, Topic.title, Topic.theme_slug).order_by(Topic.position, Topic.slug)).all()
    return Taxonomy({row.slug: row.title for row in rows}, {row.slug: row.theme_slug or row.slug for row in rows})
