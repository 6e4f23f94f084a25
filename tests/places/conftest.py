import pytest
from sqlalchemy.orm import Session

from csp_consult.demo.facts_loading import load_facts


@pytest.fixture
def harborough(session: Session) -> Session:
    """A session on a database that knows Harborough's places."""
    load_facts(session)
    return session
