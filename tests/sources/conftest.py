import pytest
from sqlalchemy.orm import Session

from csp_consult.demo.facts_loading import load_facts, load_published
from csp_consult.resources import resource_folder
from csp_consult.topics.taxonomy import load_taxonomy


@pytest.fixture
def printed(session: Session) -> Session:
    """A session on a database that holds everything the plan printed."""
    load_taxonomy(session, (resource_folder("surveys") / "topics.yaml").read_text(encoding="utf-8"))
    load_facts(session)
    load_published(session)
    return session
